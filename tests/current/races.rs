//! Two first uses at the same moment: at least one is allowed, and exactly one at its next check.

use std::collections::VecDeque;
use std::sync::{Arc, Barrier, Condvar, Mutex};
use std::thread;

use serde_json::{Value, json};
use whop_license::{Api, Client, Verdict};
use whop_sandbox::{Options, Sandbox};

use crate::support::{Act, Peer, Stored, Then, answer};

const DEVICES: [&str; 2] = [r#"{"hwid":"left"}"#, r#"{"hwid":"right"}"#];

/// What was allowed at first, and at the next check.
fn judge(first: [Verdict; 2], next: [Verdict; 2], name: &str) -> usize {
    for verdict in first.iter().chain(&next) {
        assert!(matches!(verdict, Verdict::Allowed(_) | Verdict::DeviceMismatch(_)), "{name}: {verdict:?}");
    }
    let allowed = |verdicts: &[Verdict; 2]| verdicts.iter().filter(|verdict| verdict.is_allowed()).count();
    assert!(allowed(&first) >= 1, "{name}: both were refused");
    assert_eq!(allowed(&next), 1, "{name}: at the next check");
    let is_thrown_out = |place: usize| next[place].is_allowed() && !first[place].is_allowed();
    assert!(!is_thrown_out(0) && !is_thrown_out(1), "{name}: a device is bound that was refused");
    allowed(&first)
}

/// Buys the sandbox's plan: a license that is bound to no device.
fn purchase(sandbox: &Sandbox) -> String {
    let answer = ureq::post(format!("{}/sandbox/purchases", sandbox.origin()))
        .config()
        .proxy(None)
        .build()
        .header("Authorization", format!("Bearer {}", sandbox.api_key("full")))
        .content_type("application/json")
        .send(r#"{"plan":"plan_sandbox"}"#);
    let bought: Value = serde_json::from_str(&answer.unwrap().into_body().read_to_string().unwrap()).unwrap();
    bought["license_key"].as_str().unwrap().to_owned()
}

#[test]
fn in_a_thousand_tries() {
    let options = Options { current_rate_limit: u32::MAX, rate_limit: None, ..Options::default() };
    let sandbox = Sandbox::start(options).unwrap();
    let clients = [(); 2].map(|()| Client::builder(&sandbox.api_key("full")).build().unwrap());
    let mut both = 0;
    for number in 0..1000 {
        let license_key = purchase(&sandbox);
        let start = Barrier::new(2);
        let check = |place: usize| {
            start.wait();
            clients[place].validate_license(&license_key, DEVICES[place]).unwrap()
        };
        let at_once = || {
            thread::scope(|threads| {
                let callers = [0, 1].map(|place| threads.spawn(move || check(place)));
                callers.map(|caller| caller.join().unwrap())
            })
        };
        both += usize::from(judge(at_once(), at_once(), &format!("try {number}")) == 2);
    }
    println!("of 1000 tries, both devices were let in at first in {both}");
}

/// A server that takes the requests of two clients in this order, as long as there are such.
fn in_order(license: &Stored, order: Vec<usize>) -> Peer {
    let turns = Arc::new((Mutex::new(VecDeque::from(order)), Condvar::new()));
    let license = license.clone();
    Peer::start([Act::ask(move |request| {
        let (turns, changed) = &*turns;
        if request.starts_with("DONE ") {
            let who = usize::from(request.starts_with("DONE /1"));
            turns.lock().unwrap().retain(|turn| *turn != who);
            changed.notify_all();
            return Act::Play(crate::support::Script {
                sends: answer(200, "").into(),
                then: Then::Close,
                ..Default::default()
            });
        }
        let who = usize::from(request.contains("Bearer client_1"));
        let is_turn = |turns: &mut VecDeque<usize>| turns.front().is_some_and(|turn| *turn != who);
        let mut turns = changed.wait_while(turns.lock().unwrap(), is_turn).unwrap();
        let said = license.answer(request);
        turns.pop_front();
        changed.notify_all();
        Act::Send(said)
    })])
}

/// Every order of so many requests of either.
fn orders(left: usize, right: usize) -> Vec<Vec<usize>> {
    if left == 0 || right == 0 {
        return vec![[vec![0; left], vec![1; right]].concat()];
    }
    let with = |first: usize, rest: Vec<Vec<usize>>| rest.into_iter().map(move |rest| [vec![first], rest].concat());
    with(0, orders(left - 1, right)).chain(with(1, orders(left, right - 1))).collect()
}

#[test]
fn in_every_order_of_the_requests() {
    let orders = orders(3, 3);
    assert_eq!(orders.len(), 20);
    let mut both = 0;
    for order in orders {
        let license = Stored::new("K", json!({}));
        let peer = in_order(&license, order.clone());
        let check = |place: usize| {
            let mut settings = Client::builder(&format!("client_{place}"));
            let client = settings.base_url(&format!("http://{}/api", peer.host())).build().unwrap();
            let verdict = client.validate_license("K", DEVICES[place]).unwrap();
            done(&peer, place);
            verdict
        };
        let first = thread::scope(|threads| {
            let callers = [0, 1].map(|place| threads.spawn(move || check(place)));
            callers.map(|caller| caller.join().unwrap())
        });
        both += usize::from(judge(first, [check(0), check(1)], &format!("{order:?}")) == 2);
    }
    // A device that has read itself back is overwritten by one that has looked up before.
    println!("of 20 orders, both devices are let in at first in {both}");
    assert!(both > 0, "the race that this is about");
}

/// Tells the server not to wait for more of this client.
fn done(peer: &Peer, place: usize) {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(peer.host()).unwrap();
    stream.write_all(format!("DONE /{place} HTTP/1.1\r\n\r\n").as_bytes()).unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
}

#[test]
fn steps_without_a_lock_let_the_later_one_stay() {
    let license = Stored::new("K", json!({}));
    let peer = Peer::start([license.act()]);
    let client = peer.client_of(Api::Current).build().unwrap();
    assert!(client.bind("K", DEVICES[0]).is_ok() && client.bind("K", DEVICES[1]).is_ok());
    assert_eq!(license.metadata(), json!({"hwid": "right"}));
}
