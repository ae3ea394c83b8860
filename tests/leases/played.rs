//! Each case of the table, online and offline.

use crate::support::workshop::Workshop;
use crate::support::{RefusingPort, status_of};
use crate::table::{Case, DEVICE, LICENSE_KEY, cases, client_of, lease_file, relay_url, sandbox};

/// All that differ from the table, at once.
fn assert_none(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_answer_comes_to_its_status() {
    let sandbox = sandbox();
    let mut wrong = Vec::new();
    for Case { name, online, .. } in cases() {
        let outcome = client_of(&relay_url(&sandbox, &name)).build().unwrap().validate_license(LICENSE_KEY, DEVICE);
        if status_of(&outcome) != online || outcome.as_ref().is_ok_and(|verdict| verdict.is_offline()) {
            wrong.push(format!("{name}: {online} expected, {} came: {outcome:?}", status_of(&outcome)));
        }
        if let Err(error) = &outcome {
            let message = error.to_string();
            let is_bare = ["this-device", LICENSE_KEY].iter().all(|secret| !message.contains(secret));
            // So that no program reads a yes out of what nobody signed.
            assert!(error.answer().is_none_or(|answer| answer.json().is_none()), "{name}");
            assert!(is_bare && message.len() < 500 && !message.contains(char::is_control), "{name}: {message}");
        }
    }
    assert_none(wrong);
}

#[test]
fn each_stored_lease_helps_or_does_not() {
    let (sandbox, nobody, workshop) = (sandbox(), RefusingPort::new(), Workshop::new());
    let mut wrong = Vec::new();
    for Case { name, offline, .. } in cases() {
        let Some(helps) = offline else { continue };
        let file = workshop.write("leases.json", &lease_file(&sandbox, &name));
        let mut settings = client_of(&format!("http://127.0.0.1:{}", nobody.number()));
        let client = settings.lease_file(file.to_str().unwrap()).build().unwrap();
        let outcome = client.validate_license(LICENSE_KEY, DEVICE);
        let came = (status_of(&outcome), outcome.as_ref().is_ok_and(|verdict| verdict.is_offline()));
        if came != if helps { (0, true) } else { (300, false) } {
            wrong.push(format!("{name}: {came:?}: {outcome:?}"));
        }
    }
    assert_none(wrong);
}

/// Whoever stands between the program and its relay can cut the line; a forged answer must not do more than that.
#[test]
fn no_forged_answer_does_more_than_silence() {
    let (sandbox, workshop) = (sandbox(), Workshop::new());
    let stored = lease_file(&sandbox, "good");
    let held: serde_json::Value = serde_json::from_str(&stored).unwrap();
    for Case { name, online, .. } in cases() {
        let file = workshop.write("leases.json", &stored);
        let mut settings = client_of(&relay_url(&sandbox, &name));
        let client = settings.lease_file(file.to_str().unwrap()).build().unwrap();
        let outcome = client.validate_license(LICENSE_KEY, DEVICE);
        let is_signed = online < 200;
        let came = (status_of(&outcome), outcome.as_ref().is_ok_and(|verdict| verdict.is_offline()));
        assert_eq!(came, if is_signed { (online, false) } else { (0, true) }, "{name}: {outcome:?}");

        let kept: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        assert_eq!(kept["leases"] == held["leases"], !is_signed, "{name}");
    }
}
