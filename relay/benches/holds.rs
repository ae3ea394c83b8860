//! What a relay holds, in figures: `make bench-relay`. Names choose: `cargo bench -p whop-relay --bench holds -- throughput`.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a measurement that cannot go on has failed"
)]

#[path = "../tests/holds/scenario/mod.rs"]
#[allow(dead_code, reason = "the tests run the rest")]
mod scenario;
#[path = "../tests/holds/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the tests use the rest")]
mod support;
mod throughput;

use scenario::{first_uses, guessing, hostile, memory, patch_day};

#[allow(clippy::type_complexity, reason = "a table")]
const ALL: [(&str, fn() -> std::pin::Pin<Box<dyn Future<Output = ()>>>); 6] = [
    ("throughput", || Box::pin(throughput::run())),
    ("memory", || Box::pin(memory::run(memory::Size::DEEP))),
    ("hostile", || Box::pin(hostile::run(hostile::Size::DEEP))),
    ("first_uses", || Box::pin(first_uses::run(first_uses::Size::QUICK))),
    ("patch_day", || Box::pin(patch_day::run(patch_day::Size::DEEP))),
    ("guessing", || Box::pin(guessing::run(guessing::Size::DEEP))),
];

fn main() {
    let chosen: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    println!("| what | goal | measured |\n|---|---|---|");
    for (name, run) in ALL {
        if chosen.is_empty() || chosen.iter().any(|chosen| chosen == name) {
            let runtime = match name {
                // Its load comes from one core, the other is the relay's.
                "throughput" => tokio::runtime::Builder::new_current_thread().enable_all().build(),
                _ => tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build(),
            };
            runtime.unwrap().block_on(run());
        }
    }
}
