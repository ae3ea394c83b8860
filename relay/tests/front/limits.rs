//! Clients that are slow, many or greedy: they get little, and others are served.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::{Setup, connect, get, read_all};

const HEAD: &str =
    "POST /v2/memberships/SANDBOX-ACTIVE/validate_license HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

/// Kilobytes that this process holds.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0");
    line.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn slow_heads_and_bodies_end_and_others_are_served_meanwhile() {
    let setup = Setup::new();
    let began = Instant::now();
    let beginnings = ["", "POST /v2/memb", HEAD, &format!("{HEAD}content-length: 29\r\n\r\n{{\"meta")];
    let slow: Vec<_> = beginnings
        .into_iter()
        .cycle()
        .take(40)
        .map(|beginning| {
            let mut stream = connect(setup.relay.url());
            stream.write_all(beginning.as_bytes()).unwrap();
            stream
        })
        .collect();
    assert_eq!(get(&format!("{}/healthz", setup.relay.url())).status, 200);
    assert!(began.elapsed() < Duration::from_secs(5));
    for (stream, beginning) in slow.into_iter().zip(beginnings.into_iter().cycle()) {
        let answered = read_all(stream);
        let expected = if beginning.ends_with("meta") { "HTTP/1.1 408 " } else { "" };
        assert!(answered.starts_with(expected) && !answered.contains("201"), "{beginning}: {answered}");
    }
    assert!(began.elapsed() < Duration::from_secs(25), "{:?}", began.elapsed());
}

#[test]
fn dripping_a_head_gains_no_time() {
    let setup = Setup::new();
    let mut stream = connect(setup.relay.url());
    stream.write_all(HEAD.as_bytes()).unwrap();
    let began = Instant::now();
    while stream.write_all(b"x: y\r\n").is_ok() {
        assert!(began.elapsed() < Duration::from_secs(25), "it is still served");
        std::thread::sleep(Duration::from_millis(500));
    }
}

#[test]
fn body_of_100_megabytes_costs_no_memory() {
    let setup = Setup::new();
    let before = memory();
    for head in
        [format!("{HEAD}content-length: 104857600\r\n\r\n"), format!("{HEAD}transfer-encoding: chunked\r\n\r\n")]
    {
        let mut stream = connect(setup.relay.url());
        stream.write_all(head.as_bytes()).unwrap();
        let chunk = [b"10000\r\n".as_slice(), &[b'x'; 65_536], b"\r\n"].concat();
        // It is cut off long before the end.
        let sent = (0..1600).take_while(|_| stream.write_all(&chunk).is_ok()).count();
        assert!(sent < 1600, "all was taken");
        let mut answered = vec![0; 12];
        if stream.read_exact(&mut answered).is_ok() {
            assert_eq!(answered, b"HTTP/1.1 413");
        }
    }
    assert!(memory() < before + 20_000, "{before} KB before, {} KB after", memory());
    assert!(setup.whop.requests().is_empty());
}

#[test]
fn who_does_nothing_gives_way_when_all_places_are_taken() {
    let setup = Setup::with(|settings| settings.max_connections = 50);
    let idle: Vec<_> = (0..200).map(|_| connect(setup.relay.url())).collect();
    for _ in 0..20 {
        assert_eq!(get(&format!("{}/healthz", setup.relay.url())).status, 200);
    }
    drop(idle);
}

#[test]
fn client_that_takes_no_answers_is_let_go() {
    let setup = Setup::new();
    let mut stream = connect(setup.relay.url());
    stream.set_write_timeout(Some(Duration::from_secs(1))).unwrap();
    let request = "GET /nothing HTTP/1.1\r\nhost: x\r\n\r\n".repeat(1000);
    let before = memory();
    let began = Instant::now();
    loop {
        match stream.write_all(request.as_bytes()) {
            Ok(()) => {}
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
        assert!(began.elapsed() < Duration::from_secs(30), "it is still held");
    }
    assert!(memory() < before + 30_000, "{before} KB before, {} KB after", memory());
}

#[cfg(target_os = "linux")]
#[test]
fn thousand_idle_connections_cost_little() {
    let setup = Setup::new();
    let before = memory();
    let idle: Vec<TcpStream> = (0..1000)
        .map(|_| {
            let mut stream = connect(setup.relay.url());
            stream.write_all(b"GET /healthz HTTP/1.1\r\n").unwrap();
            stream
        })
        .collect();
    assert_eq!(get(&format!("{}/healthz", setup.relay.url())).status, 200);
    let each = (memory() - before) / 1000;
    assert!(each <= 40, "{each} KB for each");
    drop(idle);
}
