//! Signs what was learned, and knows its own signatures again.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use whop_license::lease::{Claims, Lease, PublicKeys, device_sha256, license_key_sha256, sign};

use crate::question::{Facts, Outcome};
use crate::request::Request;
use crate::signing_key::SigningKey;

/// The private keys, and what leases are to look like.
pub(crate) struct Signer {
    keys: Vec<SigningKey>,
    public_keys: PublicKeys,
    terms: Terms,
}

/// What holds for every lease.
#[derive(Clone)]
pub(crate) struct Terms {
    pub length: Duration,
    /// The name of the one pair of metadata.
    pub device_key: String,
    /// Whether something else than Whop is asked.
    pub is_sandbox: bool,
}

/// Why an answer goes out without a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsigned {
    /// Nothing was learned.
    NothingToSay,
    /// The program did not ask for one.
    NoNonce,
    /// The program trusts none of our keys.
    NoCommonKey,
}

impl Signer {
    /// With one to four keys, the first of which signs for a program that trusts several.
    pub fn new(keys: Vec<SigningKey>, terms: Terms) -> Result<Self, String> {
        let public_keys: Vec<_> = keys.iter().map(SigningKey::public_key).collect();
        let public_keys = PublicKeys::parse(&public_keys.join(",")).map_err(|error| match keys.len() {
            0 => "none is set".to_owned(),
            5.. => "more than 4, which is as many as a program can trust".to_owned(),
            _ => error.to_string().replace("public_keys: ", ""),
        })?;
        Ok(Self { keys, public_keys, terms })
    }

    /// Whether the request came with a grant of ours for the same license and device, not older than 90 days. A denial is
    /// no such thing: everybody gets one for a guess.
    pub fn holds_lease(&self, request: &Request, now: SystemTime) -> bool {
        let Some(Ok(lease)) = request.lease.as_deref().map(|token| Lease::verify(token, &self.public_keys)) else {
            return false;
        };
        let claims = lease.claims();
        let now = unix_seconds(now);
        claims.valid == Some(true)
            && claims.sandbox == self.terms.is_sandbox
            && license_key_sha256(&request.license_key).is_ok_and(|digest| digest == claims.key_sha256)
            && device_sha256(&self.terms.device_key, &request.device) == claims.device_sha256
            && (now - OLDEST..=now + CLOCKS_DIFFER).contains(&claims.iat)
    }

    /// The lease for a request that was answered so.
    pub fn lease(&self, request: &Request, outcome: &Outcome, now: SystemTime) -> Result<String, Unsigned> {
        let mut claims = match outcome {
            Outcome::Known(facts) => known(facts),
            Outcome::Denied(reason) => Claims { reason: Some(*reason), ..Claims::default() },
            Outcome::Later(..) => return Err(Unsigned::NothingToSay),
        };
        let nonce = request.nonce.clone().ok_or(Unsigned::NoNonce)?;
        let key = self.keys.iter().find(|key| request.key_ids.iter().any(|id| id == key.id()));
        let key = key.ok_or(Unsigned::NoCommonKey)?;
        claims.key_sha256 = license_key_sha256(&request.license_key).map_err(|_| Unsigned::NothingToSay)?;
        claims.device_sha256 = device_sha256(&self.terms.device_key, &request.device);
        claims.nonce = nonce;
        claims.sandbox = self.terms.is_sandbox;
        claims.iat = unix_seconds(now);
        claims.exp = self.end(claims.iat, ends_at(outcome));
        Ok(sign(&claims, key.pair()))
    }

    /// A lease until a time that the seller chose, signed with the first key.
    pub fn lease_until(&self, request: &Request, facts: &Facts, now: SystemTime, until: i64) -> Result<Lease, String> {
        let key = self.keys.first().ok_or("no signing key")?;
        let claims = Claims {
            key_sha256: license_key_sha256(&request.license_key).map_err(|error| error.to_string())?,
            device_sha256: device_sha256(&self.terms.device_key, &request.device),
            nonce: request.nonce.clone().unwrap_or_default(),
            sandbox: self.terms.is_sandbox,
            iat: unix_seconds(now),
            exp: until,
            ..known(facts)
        };
        Lease::verify(&sign(&claims, key.pair()), &self.public_keys)
    }

    /// The public keys, the first of which signs unless a program trusts others.
    pub fn keys(&self) -> &[SigningKey] {
        &self.keys
    }

    /// When a lease ends: a day after the license itself at the latest, which leaves time to renew, and never at once.
    fn end(&self, iat: i64, ends_at: Option<i64>) -> i64 {
        let length = self.terms.length.as_secs().try_into().unwrap_or(HOUR);
        let latest = ends_at.map_or(i64::MAX, |end| end.saturating_add(DAY));
        iat.saturating_add(length).min(latest).max(iat.saturating_add(HOUR))
    }
}

fn known(facts: &Facts) -> Claims {
    Claims {
        id: Some(facts.id.clone()),
        valid: Some(facts.valid),
        status: Some(facts.status.clone()),
        product: Some(facts.product.clone()),
        plan: facts.plan.clone(),
        expires_at: facts.expires_at,
        cancel_at_period_end: Some(facts.cancel_at_period_end),
        ..Claims::default()
    }
}

fn ends_at(outcome: &Outcome) -> Option<i64> {
    if let Outcome::Known(facts) = outcome { facts.ends_at } else { None }
}

fn unix_seconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().try_into().unwrap_or(i64::MAX)
}

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;
/// How old a lease may be that still tells a customer from a stranger.
const OLDEST: i64 = 90 * DAY;
/// How far the clocks of several relays may be apart.
const CLOCKS_DIFFER: i64 = 5 * 60;

#[cfg(test)]
mod tests {
    use whop_license::lease::Reason;

    use super::*;

    const NOW: i64 = 1_790_000_000;
    const NONCE: &str = "AAAAAAAAAAAAAAAAAAAAAA";

    fn at(seconds: i64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds.try_into().unwrap())
    }

    fn signer(keys: usize, terms: impl FnOnce(&mut Terms)) -> Signer {
        let keys = (0..keys).map(|_| SigningKey::generate().unwrap().0).collect();
        let mut all = Terms { length: Duration::from_secs(72 * 3600), device_key: "hwid".into(), is_sandbox: false };
        terms(&mut all);
        Signer::new(keys, all).unwrap()
    }

    fn request(trusts: &[&SigningKey]) -> Request {
        Request {
            license_key: "KEY-1".into(),
            device: "pc".into(),
            nonce: Some(NONCE.into()),
            key_ids: trusts.iter().map(|key| key.id().to_owned()).collect(),
            lease: None,
        }
    }

    fn known(ends_at: Option<i64>) -> Outcome {
        Outcome::Known(Facts {
            id: "mem_1".into(),
            valid: true,
            status: "active".into(),
            product: "prod_1".into(),
            plan: Some("plan_1".into()),
            expires_at: None,
            cancel_at_period_end: false,
            ends_at,
        })
    }

    fn claims(signer: &Signer, request: &Request, outcome: &Outcome) -> Claims {
        let token = signer.lease(request, outcome, at(NOW)).unwrap();
        Lease::verify(&token, &signer.public_keys).unwrap().claims().clone()
    }

    #[test]
    fn lease_ends_with_the_license_and_neither_later_nor_at_once() {
        let signer = signer(1, |_| {});
        let request = request(&[&signer.keys[0]]);
        let (hour, day) = (3600, 86_400);
        for (ends_at, length) in [
            (None, 3 * day),
            (Some(NOW + 30 * day), 3 * day),
            (Some(NOW + 2 * day + 1), 3 * day),
            (Some(NOW + 2 * day), 3 * day),
            (Some(NOW + 2 * day - 1), 3 * day - 1),
            (Some(NOW), day),
            (Some(NOW - day + hour), hour),
            (Some(NOW - 9 * day), hour),
            (Some(i64::MAX), 3 * day),
            (Some(i64::MIN), hour),
        ] {
            let claims = claims(&signer, &request, &known(ends_at));
            assert_eq!((claims.iat, claims.exp - claims.iat), (NOW, length), "{ends_at:?}");
        }
        let denied = claims(&signer, &request, &Outcome::Denied(Reason::DeviceMismatch));
        assert_eq!((denied.exp - denied.iat, denied.reason), (3 * day, Some(Reason::DeviceMismatch)));
        assert_eq!((denied.id, denied.valid, denied.cancel_at_period_end), (None, None, None));
    }

    #[test]
    fn first_of_our_keys_that_the_program_trusts_signs() {
        let (signer, other) = (signer(3, |_| {}), SigningKey::generate().unwrap().0);
        let [first, second, third] = &*signer.keys else { unreachable!() };
        for (trusts, signs) in [
            (vec![third, second], Some(second)),
            (vec![&other, third], Some(third)),
            (vec![second, first], Some(first)),
            (vec![&other], None),
            (vec![], None),
        ] {
            let token = signer.lease(&request(&trusts), &known(None), at(NOW));
            let Some(signs) = signs else {
                assert_eq!(token, Err(Unsigned::NoCommonKey));
                continue;
            };
            let only = PublicKeys::parse(&signs.public_key()).unwrap();
            assert!(Lease::verify(&token.unwrap(), &only).is_ok());
        }
    }

    #[test]
    fn nothing_is_signed_unasked() {
        let signer = signer(1, |_| {});
        let mut request = request(&[&signer.keys[0]]);
        let later = Outcome::Later(crate::question::Later::NotProved, Duration::ZERO);
        assert_eq!(signer.lease(&request, &later, at(NOW)), Err(Unsigned::NothingToSay));
        request.nonce = None;
        assert_eq!(signer.lease(&request, &known(None), at(NOW)), Err(Unsigned::NoNonce));
    }

    #[test]
    fn sandbox_is_told() {
        let signer = signer(1, |terms| terms.is_sandbox = true);
        assert!(claims(&signer, &request(&[&signer.keys[0]]), &known(None)).sandbox);
    }

    #[test]
    fn own_grant_for_the_same_license_and_device_is_known_again() {
        let signer = signer(2, |_| {});
        let mut good = request(&[&signer.keys[1]]);
        good.lease = Some(signer.lease(&good, &known(None), at(NOW)).unwrap());
        assert!(signer.holds_lease(&good, at(NOW)));
        assert!(signer.holds_lease(&good, at(NOW - CLOCKS_DIFFER)));
        assert!(signer.holds_lease(&good, at(NOW + OLDEST)));
        assert!(!signer.holds_lease(&good, at(NOW + OLDEST + 1)));
        assert!(!signer.holds_lease(&good, at(NOW - CLOCKS_DIFFER - 1)));

        let with = |change: fn(&mut Request)| {
            let mut request = Request { nonce: None, key_ids: vec![], ..request(&[]) };
            request.lease = good.lease.clone();
            change(&mut request);
            signer.holds_lease(&request, at(NOW))
        };
        assert!(with(|_| {}));
        assert!(!with(|request| request.license_key = "KEY-2".into()));
        assert!(!with(|request| request.device = "pc2".into()));
        assert!(!with(|request| request.lease = None));
        assert!(!with(|request| request.lease.as_mut().unwrap().push('A')));

        let of = |outcome: &Outcome| {
            let lease = signer.lease(&good, outcome, at(NOW)).unwrap();
            signer.holds_lease(&Request { lease: Some(lease), ..request(&[]) }, at(NOW))
        };
        assert!(!of(&Outcome::Denied(Reason::LicenseNotFound)), "a denial is got for a guess");
        let Outcome::Known(mut facts) = known(None) else { unreachable!() };
        facts.valid = false;
        assert!(!of(&Outcome::Known(facts)));

        let other = self::signer(1, |_| {});
        assert!(!other.holds_lease(&good, at(NOW)));
    }

    #[test]
    fn one_to_four_different_keys() {
        let terms = || Terms { length: Duration::ZERO, device_key: "hwid".into(), is_sandbox: false };
        let keys = |count| (0..count).map(|_| SigningKey::generate().unwrap().0).collect::<Vec<_>>();
        assert!(Signer::new(keys(4), terms()).is_ok());
        assert!(Signer::new(keys(5), terms()).is_err_and(|told| told.contains("more than 4")));
        assert!(Signer::new(keys(0), terms()).is_err_and(|told| told.contains("none")));
        use secrecy::ExposeSecret;
        let (_, text) = SigningKey::generate().unwrap();
        let twice = [(); 2].map(|()| SigningKey::read(text.expose_secret()).unwrap()).into();
        assert!(Signer::new(twice, terms()).is_err_and(|told| told == "one is given twice"));
    }
}
