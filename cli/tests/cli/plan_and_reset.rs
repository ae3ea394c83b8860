//! `plan create` and `reset`.

use std::fs;
#[cfg(unix)]
use std::process::Command;

use crate::support::{run, run_with, sandbox, with_key};

const PLAN: &str = r#"{"product_id":"prod_sandbox","initial_price":19.99,"currency":"eur"}"#;

#[test]
fn plan_comes_from_a_file_or_standard_input() {
    let whop = sandbox();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.json");
    fs::write(&path, PLAN).unwrap();
    let said = run(&mut with_key(&whop, "full", &["plan", "create", path.to_str().unwrap()]));
    assert!(said.status == 0 && said.stdout.starts_with("plan_"), "{said:?}");
    let said = run_with(&mut with_key(&whop, "full", &["plan", "create", "-", "--json"]), PLAN);
    assert_eq!((said.status, said.json()["id"].as_str().unwrap().starts_with("plan_")), (0, true));
}

#[test]
fn plan_that_is_refused_is_not_there() {
    let whop = sandbox();
    for (key, plan, told) in [
        ("full", r#"{"product_id":"prod_sandbox","base_currency":"eur"}"#, "base_currency"),
        ("full", "{", "plan_json"),
        ("read", PLAN, "plan:create"),
        ("unknown", PLAN, "401"),
    ] {
        let said = run_with(&mut with_key(&whop, key, &["plan", "create", "-"]), plan);
        assert_eq!((said.status, &*said.stdout), (1, ""), "{said:?}");
        assert!(said.stderr.contains(told) && said.stderr.contains("no plan was created"), "{told}: {said:?}");
    }
    let said = run(&mut with_key(&whop, "full", &["plan", "create", "/nowhere/plan.json"]));
    assert!(said.status == 2 && said.stderr.contains("/nowhere/plan.json: "), "{said:?}");
}

#[test]
fn plan_is_read_from_a_regular_file_of_a_plans_size() {
    let whop = sandbox();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("large"), format!("{PLAN}{}", " ".repeat(256 << 10))).unwrap();
    #[cfg_attr(not(unix), expect(unused_mut, reason = "there are no pipes with names"))]
    let mut refused = vec![(path("large"), "longer than 256 KiB"), (path(""), "not a file")];
    #[cfg(unix)]
    {
        assert!(Command::new("mkfifo").arg(path("fifo")).status().unwrap().success());
        refused.extend([(path("fifo"), "not a file"), ("/dev/zero".into(), "not a file")]);
    }
    for (path, fault) in refused {
        let said = run(&mut with_key(&whop, "full", &["plan", "create", &path]));
        assert!(said.status == 2 && said.stderr.contains(fault), "{said:?}");
    }
}

#[test]
fn plan_of_which_nothing_is_heard_may_exist() {
    let whop = sandbox();
    let plan = r#"{"product_id":"prod_slow","initial_price":19.99,"currency":"eur"}"#;
    let said = run_with(&mut with_key(&whop, "full", &["plan", "create", "-", "--timeout", "1s"]), plan);
    assert!(said.status == 2 && said.stderr.contains("may exist"), "{said:?}");
}

#[test]
fn reset_frees_the_device() {
    let whop = sandbox();
    let check = ["check", "SANDBOX-OTHER-DEVICE", "--product", "prod_sandbox", "--device-id", "pc"];
    assert_eq!(run(&mut with_key(&whop, "full", &check)).status, 1);
    let said = run_with(&mut with_key(&whop, "full", &["reset", "-"]), "SANDBOX-OTHER-DEVICE\n");
    assert_eq!((said.status, &*said.stderr), (0, ""), "{said:?}");
    assert_eq!(run(&mut with_key(&whop, "full", &check)).status, 0);

    for (key, license_key, status) in [("full", "NO-SUCH-KEY", 1), ("read", "SANDBOX-OTHER-DEVICE", 2)] {
        assert_eq!(run(&mut with_key(&whop, key, &["reset", license_key])).status, status);
    }
}
