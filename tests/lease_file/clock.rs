//! Leases by a clock that is moved, each time in a program of its own.

use std::fs;
use std::path::PathBuf;

use whop_license::lease::Reason;

use crate::child::{Program, moved_clock};
use crate::support::Peer;
use crate::support::signer::now;
use crate::{Home, KEY};

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

/// A machine that was online now, and whose clock is then set as one likes.
struct Machine {
    home: Home,
    clock: PathBuf,
    /// When its lease was signed.
    iat: i64,
}

impl Machine {
    fn new() -> Self {
        let home = Home::new();
        home.granted(KEY);
        let iat = home.stored()["latest"].as_i64().unwrap();
        Self { clock: moved_clock(home.folder()), home, iat }
    }

    /// What a program says of a relay when its clock stands there.
    fn told(&self, relay: &str, name: &str, time: i64) -> String {
        let Home { signer, file, .. } = &self.home;
        let told = Program { relay, signer, file, license_keys: KEY, times: 1 }.told(|command| {
            command.env("LD_PRELOAD", &self.clock).env(name, time.to_string());
        });
        told.concat()
    }

    /// Without network, so many seconds after the lease was signed.
    fn after(&self, seconds: i64) -> String {
        self.told(&self.home.nobody(), "CLOCK_AT", self.iat + seconds)
    }

    fn is_allowed(&self, seconds: i64) -> bool {
        let told = self.after(seconds);
        let until = self.words(72 * HOUR);
        let stands =
            format!("0 1 The license is valid here. It stands on the lease of the last answer, until {until}: ");
        assert!(told.starts_with(&stands) || told.starts_with("300 0 the relay could not be reached"), "{told}");
        told.starts_with("0 1")
    }

    /// Why the lease does not help.
    fn refused(&self, seconds: i64) -> String {
        let told = self.after(seconds);
        assert!(told.starts_with("300 0 the relay could not be reached, nothing was sent: 127.0.0.1:"), "{told}");
        told.split_once("; ").unwrap().1.to_owned()
    }

    fn latest(&self) -> i64 {
        self.home.stored()["latest"].as_i64().unwrap()
    }

    /// A time as messages give it.
    fn words(&self, seconds: i64) -> String {
        let text = humantime::format_rfc3339_seconds(
            std::time::UNIX_EPOCH + std::time::Duration::from_secs((self.iat + seconds) as u64),
        )
        .to_string();
        format!("{} {} UTC", &text[..10], &text[11..16])
    }

    fn set_right(&self, now: &str, latest: i64) -> String {
        format!(
            "the clock of this machine says {now}, but it was {} already: set it right, or go online once",
            self.words(latest)
        )
    }
}

#[test]
fn lease_stands_until_its_last_second() {
    let machine = Machine::new();
    for hours in [0, 1, 24, 71] {
        assert!(machine.is_allowed(hours * HOUR), "{hours}");
    }
    assert!(machine.is_allowed(72 * HOUR - 1));
    let ended = format!("the lease ended at {}", machine.words(72 * HOUR));
    for late in [0, 1, HOUR, DAY] {
        assert_eq!(machine.refused(72 * HOUR + late), ended);
    }
    // 2100, and the last time that a clock of 32 bits knows.
    for time in [4_102_444_800, 2_147_483_647] {
        assert_eq!(machine.refused(time - machine.iat), ended);
    }
}

#[test]
fn clock_that_is_set_back_by_hours_is_let_pass_and_by_a_day_is_not() {
    let machine = Machine::new();
    for back in [1, HOUR, 14 * HOUR] {
        assert!(machine.is_allowed(-back), "{back}");
        assert_eq!(machine.latest(), machine.iat, "the latest time stays");
    }
    for back in [14 * HOUR + 1, DAY, 365 * DAY] {
        assert_eq!(machine.refused(-back), machine.set_right(&machine.words(-back), 0));
    }
    assert_eq!(machine.refused(-machine.iat), machine.set_right("1970-01-01 00:00 UTC", 0));
    assert!(machine.is_allowed(0), "and once it is right again, all is well");
}

#[test]
fn clock_that_went_forward_cannot_go_back_unless_a_fresh_answer_comes() {
    let machine = Machine::new();
    assert!(machine.is_allowed(2 * DAY));
    assert_eq!(machine.latest(), machine.iat + 2 * DAY);
    assert!(machine.is_allowed(2 * DAY - 14 * HOUR));
    assert_eq!(machine.refused(0), machine.set_right(&machine.words(0), 2 * DAY));
    // Also a use that was refused counts: time goes on while a lease is over.
    assert!(machine.refused(30 * DAY).starts_with("the lease ended"));
    assert_eq!(machine.refused(2 * DAY), machine.set_right(&machine.words(2 * DAY), 30 * DAY));
    assert_eq!(
        machine.refused(4_102_444_800 - machine.iat),
        format!("the lease ended at {}", machine.words(72 * HOUR))
    );
    assert!(machine.refused(0).contains("but it was 2100-01-01 00:00 UTC already"));

    let peer = Peer::start([machine.home.signer.yes()]);
    let relay = format!("http://{}", peer.host());
    // Online the clock plays no part, and the latest time is the relay's again.
    let told = machine.told(&relay, "CLOCK_AT", 0);
    assert_eq!(told, "0 0 The license is valid here.");
    assert!((machine.iat..=now()).contains(&machine.latest()));
    let told = machine.told(&machine.home.nobody(), "CLOCK_BY", -HOUR);
    assert!(told.starts_with("0 1 "), "{told}");
}

#[test]
fn clock_that_is_set_between_calls_does_not_keep_the_newer_answer_out() {
    let machine = Machine::new();
    let answers = [machine.home.signer.denies(Reason::DeviceMismatch), machine.home.signer.yes()];
    for (step, seconds) in [-2 * HOUR, 2 * HOUR, 0, -1, -DAY, DAY, 0].into_iter().enumerate() {
        let peer = Peer::start([answers[step % 2].clone()]);
        machine.told(&format!("http://{}", peer.host()), "CLOCK_BY", seconds);
        assert_eq!(machine.home.is_allowed_offline(KEY), step % 2 == 1, "{step}");
    }
}

#[test]
fn clock_of_1970_and_of_2100_plays_no_part_online() {
    let machine = Machine::new();
    let peer = Peer::start([machine.home.signer.yes()]);
    let relay = format!("http://{}", peer.host());
    for time in [0, 1, 4_102_444_800, 253_402_300_800] {
        assert_eq!(machine.told(&relay, "CLOCK_AT", time), "0 0 The license is valid here.", "{time}");
        assert!(machine.latest() <= now());
    }
    // Before 1970.
    let told = machine.after(-machine.iat - DAY);
    assert!(told.contains("the clock of this machine says 1970-01-01 00:00 UTC, but it was"), "{told}");
}

#[test]
fn time_zone_and_daylight_saving_play_no_part() {
    let machine = Machine::new();
    let Home { signer, file, .. } = &machine.home;
    let relay = &machine.home.nobody();
    for zone in ["UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin", "<-13>13", "nonsense"] {
        let told =
            Program { relay, signer, file, license_keys: KEY, times: 1 }.told(|command| _ = command.env("TZ", zone));
        assert!(told[0].starts_with("0 1 "), "{zone}: {told:?}");
        assert!(told[0].contains(&machine.words(72 * HOUR)), "{zone}: {told:?}");
    }
    // A clock that keeps local time is set by an hour in spring and in autumn.
    for seconds in [HOUR, 0, HOUR, -HOUR] {
        assert!(machine.is_allowed(seconds));
    }
}

#[test]
fn time_in_the_file_that_no_clock_can_reach_costs_the_use_until_a_fresh_answer_comes() {
    let machine = Machine::new();
    let text = fs::read_to_string(&machine.home.file).unwrap();
    let latest = format!("\"latest\":{}", machine.iat);
    assert!(text.contains(&latest));
    for (time, is_allowed) in [(i64::MIN, true), (0, true), (i64::MAX, false)] {
        fs::write(&machine.home.file, text.replace(&latest, &format!("\"latest\":{time}"))).unwrap();
        assert_eq!(machine.is_allowed(HOUR), is_allowed, "{time}");
    }
    assert!(machine.refused(0).contains("but it was 9999-12-31 23:59 UTC already"));
    machine.home.granted(KEY);
    assert!(machine.home.is_allowed_offline(KEY));
}
