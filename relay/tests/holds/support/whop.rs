//! Whop: the sandbox, behind a gate that counts what reaches it.

use whop_sandbox::{Options, Sandbox};

use super::Gate;

pub const PRODUCT: &str = "prod_sandbox";

pub struct Whop {
    pub sandbox: Sandbox,
    pub gate: Gate,
}

impl Whop {
    /// With Whop's own limit: 600 a minute of each operation.
    pub async fn start() -> Self {
        Self::with(Options::default()).await
    }

    /// Without a limit, for what needs many licenses soon.
    pub async fn without_limit() -> Self {
        Self::with(Options { rate_limit: None, ..Options::default() }).await
    }

    async fn with(options: Options) -> Self {
        let sandbox = Sandbox::start(options).unwrap();
        let gate = Gate::before(sandbox.port()).await;
        Self { sandbox, gate }
    }
}
