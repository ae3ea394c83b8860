//! What may say which device this is, within the limits of the current API: what is beyond them is refused by name, and
//! nothing is sent.

use serde_json::{Map, Value, json};
use whop_license::{Api, Client, ClientBuilder};

use crate::support::{Act, Peer, Stored};

fn refusal(metadata: &str) -> String {
    let peer = Peer::start([Act::StayMute]);
    let client = peer.client_of(Api::Current).build().unwrap();
    let told = client.validate_license("K", metadata).unwrap_err().to_string();
    assert_eq!(client.bind("K", metadata).unwrap_err().to_string(), told);
    assert!(peer.seen().is_empty());
    told
}

/// Whether it is bound as it is.
fn is_bound(metadata: &Value) -> bool {
    let stored = Stored::new("K", json!({}));
    let peer = Peer::start([stored.act()]);
    let client = peer.client_of(Api::Current).build().unwrap();
    client.validate_license("K", &*metadata.to_string()).unwrap().is_allowed() && stored.metadata() == *metadata
}

fn pairs(count: usize) -> Value {
    (0..count).map(|number| (format!("name {number}"), json!("x"))).collect::<Map<_, _>>().into()
}

#[test]
fn limits_are_whops() {
    assert!(is_bound(&pairs(50)));
    assert_eq!(refusal(&pairs(51).to_string()), "metadata_json: more than 50 pairs");
    // Characters, of which each may be four bytes.
    let (name, value) = ("\u{1f511}".repeat(100), "\u{1f511}".repeat(500));
    assert!(is_bound(&json!({ &*name: value })));
    let told = refusal(&json!({ &*format!("{name}x"): value }).to_string());
    assert_eq!(told, "metadata_json: a name is longer than the 100 characters that Whop stores");
    let told = refusal(&json!({"hwid": format!("{value}x")}).to_string());
    assert_eq!(told, "metadata_json: hwid: longer than the 500 characters that Whop stores");
}

#[test]
fn values_are_texts() {
    for (metadata, fault) in [
        (r#"{"hwid":7}"#, "hwid: expected a string"),
        (r#"{"hwid":true}"#, "hwid: expected a string"),
        (r#"{"hwid":null}"#, "hwid: expected a string"),
        (r#"{"hwid":["x"]}"#, "hwid: expected a string"),
        (r#"{"hwid":{"a":"x"}}"#, "hwid: expected a string"),
        (r#"{"a":"x","hwid":1.5}"#, "hwid: expected a string"),
        (r#"{"hwid":""}"#, "hwid: empty"),
        (r#"{"":"x"}"#, "a name is empty"),
        (r#"{"hwid":" "}"#, "hwid: empty"),
        (r#"{"hwid":"x\n"}"#, "hwid: holds a control character"),
        (
            r#"{"hwid":"released:1789516800"}"#,
            "hwid: begins with released:, which stands for a device that was released",
        ),
        (r#"{"hwid":"released:"}"#, "hwid: begins with released:, which stands for a device that was released"),
        (r#"{"hwid":"\u0072eleased:x"}"#, "hwid: begins with released:, which stands for a device that was released"),
        (r#"{"hwid":"x","hwid":"x"}"#, "a name is given twice"),
        (r#"{"hwid":"x","\u0068wid":"y"}"#, "a name is given twice"),
    ] {
        assert_eq!(refusal(metadata), format!("metadata_json: {fault}"), "{metadata}");
    }
    for good in [r#"{"hwid":" x "}"#, r#"{"hwid":"Released:1"}"#, r#"{"released:":"x"}"#, r#"{" ":"a\"b\\c"}"#] {
        assert!(is_bound(&serde_json::from_str(good).unwrap()), "{good}");
    }
}

#[test]
fn v2_takes_what_the_current_api_does_not() {
    for metadata in [r#"{"hwid":7}"#, r#"{"hwid":""}"#, r#"{"hwid":"released:1"}"#, r#"{"a":{"b":[1]}}"#] {
        let peer = Peer::start([crate::support::yes("any")]);
        let client = peer.client_of(Api::V2).build().unwrap();
        assert!(client.validate_license("K", metadata).unwrap().is_allowed(), "{metadata}");
        assert!(peer.seen()[0].ends_with(&format!(r#"{{"metadata":{metadata}}}"#)));
    }
}

#[test]
fn device_id_and_its_name_keep_to_the_limits_at_the_call_or_before() {
    let told = |settings: &mut ClientBuilder| {
        let outcome = settings.build().and_then(|client| client.validate_license("K", None));
        outcome.unwrap_err().to_string()
    };
    let mut settings = Client::builder("apik_secret");
    assert_eq!(
        told(settings.device_id("released:1")),
        "device_id: begins with released:, which stands for a device that was released"
    );
    let mut settings = Client::builder("apik_secret");
    let long = told(settings.device_id(&"x".repeat(501)));
    assert_eq!(long, "device_id: longer than the 500 characters that Whop stores");
    let mut settings = Client::builder("apik_secret");
    let long = told(settings.device_id("x").metadata_key(&"k".repeat(101)));
    assert_eq!(long, "metadata_key: longer than the 100 characters that Whop stores");
}
