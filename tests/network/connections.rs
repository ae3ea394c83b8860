//! Which requests share a connection, and what becomes of those whose connection is gone.

use std::thread;
use std::time::{Duration, Instant};

use crate::support::authority::Authority;
use crate::support::workshop::Workshop;
use crate::support::{Act, BOTH, DEVICE, Peer, entitled, plan};

#[test]
fn none_of_5000_validations_is_lost_on_a_server_that_closes_after_each_answer() {
    for api in BOTH {
        let peer = Peer::start([Act::SendAndClose(entitled(api, "K"))]);
        let client = peer.client_of(api).build().unwrap();
        let validate =
            || (0..1250).filter(|_| !client.validate_license("K", DEVICE).is_ok_and(|it| it.is_allowed())).count();
        let lost: usize = thread::scope(|threads| {
            let callers = [(); 4].map(|()| threads.spawn(validate));
            callers.into_iter().map(|caller| caller.join().unwrap()).sum()
        });
        println!("{api:?}: {lost} lost of 5000, on {} connections", peer.connections());
        assert_eq!(lost, 0);
    }
}

#[test]
fn validations_share_a_connection_that_the_server_keeps() {
    for api in BOTH {
        let peer = Peer::start([Act::Send(entitled(api, "K"))]);
        let client = peer.client_of(api).build().unwrap();
        for _ in 0..500 {
            assert!(client.validate_license("K", DEVICE).unwrap().is_allowed());
        }
        assert_eq!((peer.seen().len(), peer.connections()), (500, 1), "{api:?}");
    }
}

#[test]
fn without_retries_no_connection_is_kept() {
    for api in BOTH {
        let peer = Peer::start([Act::Send(entitled(api, "K"))]);
        let client = peer.client_of(api).max_retries(0).build().unwrap();
        for _ in 0..3 {
            assert!(client.validate_license("K", DEVICE).unwrap().is_allowed());
        }
        assert_eq!(peer.connections(), 3, "{api:?}");
    }
}

#[test]
fn repeat_goes_out_on_a_new_connection_although_another_is_kept() {
    for api in BOTH {
        let slow = Act::Drip(entitled(api, "K"), Duration::from_millis(5));
        let good = Act::Send(entitled(api, "K"));
        let peer = Peer::start([slow.clone(), slow, Act::SendAndClose(String::new()), good]);
        let client = peer.client_of(api).build().unwrap();
        let validate = || assert!(client.validate_license("K", DEVICE).unwrap().is_allowed());
        thread::scope(|threads| [(); 2].map(|()| _ = threads.spawn(validate)));
        assert_eq!(peer.connections(), 2);
        validate();
        assert_eq!(peer.connections(), 3);
    }
}

#[test]
fn creation_has_a_connection_of_its_own() {
    // One that is kept may be gone, and then the creation looks as if it may have arrived.
    for api in BOTH {
        let peer = Peer::start([Act::Send(entitled(api, "K"))]);
        let client = peer.client_of(api).build().unwrap();
        for _ in 0..10 {
            assert!(client.validate_license("K", DEVICE).unwrap().is_allowed());
            assert!(client.create_plan(plan()).is_ok());
        }
        let requests = peer.received();
        let is_creation = |bytes: &[u8]| {
            [&b"POST /api/v1/variants "[..], b"POST /api/v2/plans "].iter().any(|line| bytes.starts_with(line))
        };
        for (place, request) in requests.iter().enumerate().filter(|(_, request)| is_creation(&request.bytes)) {
            let shared =
                requests.iter().enumerate().any(|(other, it)| other != place && it.connection == request.connection);
            assert!(!shared, "{api:?}: connection {} carried more than a creation", request.connection);
        }
        assert_eq!((requests.len(), peer.connections()), (20, 11), "{api:?}");
    }
}

#[test]
fn kept_connection_that_is_gone_is_replaced_without_a_pause() {
    for api in BOTH {
        let (good, lost) = (Act::Send(entitled(api, "K")), Act::SendAndClose(String::new()));
        let peer = Peer::start(vec![[good.clone(), lost, good]; 40].concat());
        let client = peer.client_of(api).build().unwrap();
        let began = Instant::now();
        for _ in 0..80 {
            assert!(client.validate_license("K", DEVICE).unwrap().is_allowed());
        }
        assert_eq!(peer.seen().len(), 120);
        // With pauses of 125 ms on the average, it would take 5 s.
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    }
}

#[test]
fn kept_connection_that_is_silent_leaves_time_for_a_new_one() {
    thread::scope(|threads| {
        for api in BOTH {
            threads.spawn(move || {
                let good = Act::Send(entitled(api, "K"));
                let peer = Peer::start([good.clone(), Act::StayMute, good]);
                let client = peer.client_of(api).timeout(Duration::from_secs(3)).build().unwrap();
                for _ in 0..2 {
                    assert!(client.validate_license("K", DEVICE).unwrap().is_allowed());
                }
                assert_eq!((peer.seen().len(), peer.connections()), (3, 2));
            });
        }
    });
}

#[test]
fn connection_that_was_opened_ahead_is_that_of_the_next_call() {
    let (authority, workshop) = (Authority::new(), Workshop::new());
    let ca_file = workshop.write("ca.pem", authority.pem()).display().to_string();
    for api in BOTH {
        let good = [Act::Send(entitled(api, "K"))];
        let plain = Peer::start(good.clone());
        let tls = Peer::start_tls(good, authority.server(&["localhost"]));
        for (peer, url) in
            [(&plain, format!("http://{}/api", plain.host())), (&tls, format!("https://localhost:{}/api", tls.port()))]
        {
            let client = peer.client_of(api).base_url(&url).ca_file(&ca_file).proxy("").build().unwrap();
            for _ in 0..2 {
                client.connect().unwrap();
            }
            assert!(peer.seen().is_empty(), "{url}");
            assert!(client.validate_license("K", DEVICE).unwrap().is_allowed());
            client.connect().unwrap();
            assert!(client.validate_license("K", DEVICE).unwrap().is_allowed());
            assert_eq!((peer.seen().len(), peer.connections()), (2, 1), "{url}");
        }
    }
}
