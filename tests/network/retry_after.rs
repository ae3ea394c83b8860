//! The wait that a server asks for.

use std::time::{Duration, SystemTime};

use crate::support::{Act, BOTH, Peer};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn wait(retry_after: &str) -> Duration {
    let answer = format!("HTTP/1.1 429 Slow Down\r\nRetry-After: {retry_after}\r\nContent-Length: 2\r\n\r\n{{}}");
    let [current, v2] = BOTH.map(|api| {
        let peer = Peer::start([Act::Send(answer.clone())]);
        let refused = peer.client_of(api).build().unwrap().validate_license("K", "{}").unwrap_err();
        assert_eq!(peer.seen().len(), 1, "{retry_after}");
        refused.retry_after().unwrap()
    });
    // A date is as far away as the clock says at that moment.
    assert!(current.abs_diff(v2) <= Duration::from_secs(1), "{current:?} {v2:?}");
    v2
}

#[test]
fn is_read_as_seconds_and_as_date() {
    assert_eq!(wait("0"), Duration::ZERO);
    assert_eq!(wait("7"), Duration::from_secs(7));
    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(90));
    assert!((80..=90).contains(&wait(&date).as_secs()));
    assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), Duration::ZERO);
}

#[test]
fn is_a_day_at_the_most() {
    for absurd in ["86401", "99999999999", "99999999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        assert_eq!(wait(absurd), DAY, "{absurd}");
    }
}

#[test]
fn is_whops_minute_when_it_makes_no_sense() {
    for nonsense in ["soon", "", "-5", "1e9", "7 minutes", "Fri, 31 Dec"] {
        assert_eq!(wait(nonsense), Duration::from_secs(60), "{nonsense}");
    }
}
