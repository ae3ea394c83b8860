//! What a client of a relay does not do: it says so, and sends nothing.

use whop_license::{Api, Client, ClientBuilder, Error, Membership};

use crate::support::{DEVICE, Peer, Signer, plan};

const DOES_NOTHING_ELSE: &str = "client: asks a relay, which checks licenses and does nothing else";

fn said<T>(outcome: Result<T, Error>) -> String {
    let Err(error @ Error::InvalidArgument { .. }) = outcome else { panic!("it was taken") };
    error.to_string()
}

#[test]
fn calls_that_are_whops_alone() {
    let signer = Signer::new(1);
    let peer = Peer::start([signer.yes()]);
    let client = peer.relay_client(&signer).build().unwrap();
    for said in [
        said(client.reset_license("KEY")),
        said(client.create_plan(plan())),
        said(client.membership("KEY")),
        said(client.bind("KEY", DEVICE)),
        said(client.release("KEY", DEVICE)),
        said(client.memberships(1)),
        said(client.judge(Membership::default(), DEVICE)),
    ] {
        assert_eq!(said, DOES_NOTHING_ELSE);
    }
    assert_eq!(peer.connections(), 0);
}

#[test]
fn settings_that_are_whops_alone_and_a_lease_file_that_is_a_relays() {
    let signer = Signer::new(1);
    let peer = Peer::start([signer.yes()]);
    let set = |set: fn(&mut ClientBuilder) -> &mut ClientBuilder| said(set(&mut peer.relay_client(&signer)).build());
    assert_eq!(set(|client| client.api(Api::V2)), "api: not for a client that asks a relay");
    assert_eq!(set(|client| client.api(Api::Current)), "api: not for a client that asks a relay");
    assert_eq!(set(|client| client.expand("product")), "expand: not for a client that asks a relay");
    assert_eq!(set(|client| client.base_url("http://127.0.0.1:1")), "base_url: not for a client that asks a relay");
    let mut direct = Client::builder("apik_secret");
    assert_eq!(
        said(direct.lease_file("leases").build()),
        "lease_file: for a client that asks a relay: no other answer is a lease"
    );
    // Every other setter works.
    let mut client = peer.relay_client(&signer);
    client.api_version_date("2026-09-23").allow_past_due(true).device_id("this-device").metadata_key("hwid");
    client.max_retries(1).allow_sandbox(true).proxy("").allow_unknown_plan_fields(true);
    assert!(client.build().unwrap().validate_license("KEY", None).unwrap().is_allowed());
    assert_eq!(peer.seen().len(), 1);
    assert!(peer.seen()[0].ends_with(r#"{"metadata":{"hwid":"this-device"}}"#));
}

#[test]
fn setting_that_a_relay_cannot_take_is_named() {
    let signer = Signer::new(1);
    let peer = Peer::start([signer.yes()]);
    let told = |set: &dyn Fn(&mut ClientBuilder)| {
        let mut client = peer.relay_client(&signer);
        set(client.device_id("this-device"));
        said(client.build().unwrap().validate_license("KEY", None))
    };
    let value = "a relay takes 1 to 256 printable ASCII characters";
    let name = "a relay takes printable ASCII characters without `=`";
    assert_eq!(told(&|client| _ = client.device_id("thïs")), format!("device_id: {value}"));
    assert_eq!(told(&|client| _ = client.device_id(&"x".repeat(257))), format!("device_id: {value}"));
    assert_eq!(told(&|client| _ = client.metadata_key("hw=id")), format!("metadata_key: {name}"));
    assert_eq!(told(&|client| _ = client.metadata_key("hẅid")), format!("metadata_key: {name}"));
    // And the metadata where that is what was given.
    let of = |metadata: &str| said(peer.relay_client(&signer).build().unwrap().validate_license("KEY", metadata));
    assert_eq!(of(r#"{"hwid":"thïs"}"#), format!("metadata_json: hwid: {value}"));
    assert_eq!(of(r#"{"hw=id":"this"}"#), format!("metadata_json: hw=id: {name}"));
    assert_eq!(peer.connections(), 0);
}

#[test]
fn relay_url_is_https_or_this_machine() {
    let key = Signer::new(1).public_key();
    for url in ["http://relay.example", "http://10.0.0.1", "relay.example", "", "https://u:p@relay.example", "ftp://x"]
    {
        assert!(said(Client::relay(url, &key).build()).starts_with("relay_url: "), "{url}");
    }
    for url in ["https://relay.example/path/", "http://127.0.0.1:1", "http://[::1]:1", "http://localhost"] {
        assert!(Client::relay(url, &key).build().is_ok(), "{url}");
    }
}
