use serde_json::json;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use whop_sandbox::{Options, Sandbox};

fn call(sandbox: &Sandbox, ca_pem: &str, url: &str) -> Result<u16, ureq::Error> {
    let ca = Certificate::from_pem(ca_pem.as_bytes()).unwrap();
    let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[ca])).build();
    let agent: ureq::Agent = ureq::config::Config::builder().tls_config(tls).build().into();
    let request = agent.post(url).header("authorization", format!("Bearer {}", sandbox.api_key("validate")));
    request.send_json(json!({ "metadata": { "hwid": "a" } })).map(|response| response.status().as_u16())
}

fn start() -> Sandbox {
    Sandbox::start(Options { tls: true, ..Options::default() }).unwrap()
}

#[test]
fn its_own_authority_is_enough_to_trust_it_by_name_and_by_address() {
    let sandbox = start();
    let ca = sandbox.ca_pem().unwrap();
    assert_eq!(sandbox.base_url(), format!("https://localhost:{}/api", sandbox.port()));

    for host in ["localhost", "127.0.0.1"] {
        let url = format!("https://{host}:{}/api/v2/memberships/SANDBOX-ACTIVE/validate_license", sandbox.port());
        assert_eq!(call(&sandbox, ca, &url).unwrap(), 201, "{host}");
    }
}

#[test]
fn the_authority_of_another_sandbox_is_not() {
    let (sandbox, other) = (start(), start());
    let url = format!("{}/v2/memberships/SANDBOX-ACTIVE/validate_license", sandbox.base_url());

    call(&sandbox, other.ca_pem().unwrap(), &url).unwrap_err();
    assert!(sandbox.requests().is_empty());
}

#[test]
fn the_dropped_connection_is_dropped_here_too() {
    let sandbox = start();
    let url = format!("{}/v2/memberships/SANDBOX-DROP/validate_license", sandbox.base_url());

    call(&sandbox, sandbox.ca_pem().unwrap(), &url).unwrap_err();
    assert_eq!(call(&sandbox, sandbox.ca_pem().unwrap(), &url).unwrap(), 201);
}

#[test]
fn there_is_no_authority_without_tls() {
    assert_eq!(Sandbox::start(Options::default()).unwrap().ca_pem(), None);
}
