//! A relay that is not on this machine: a peer behind TLS that only a proxy finds, since its name does not exist. It
//! has what it says from the sandbox.

use whop_license::ClientBuilder;
use whop_sandbox::Sandbox;

use crate::support::authority::Authority;
use crate::support::workshop::Workshop;
use crate::support::{Act, Peer, Proxy, RefusingPort, answer, status_of};
use crate::table::{DEVICE, LICENSE_KEY, client_of, lease_file, relay_url, sandbox};

struct Relay {
    peer: Peer,
    proxy: Proxy,
    workshop: Workshop,
    /// As which the relay is known.
    name: &'static str,
}

impl Relay {
    fn new(name: &'static str, sandbox: &Sandbox) -> Self {
        let (authority, workshop) = (Authority::new(), Workshop::new());
        authority.write_to(&workshop.path("ca.pem"));
        let origin = sandbox.origin();
        let peer = Peer::start_tls([Act::ask(move |request| hand_on(&origin, request))], authority.server(&[name]));
        Self { proxy: Proxy::to(peer.port()), peer, workshop, name }
    }

    fn client_of(&self, case: &str) -> ClientBuilder {
        let mut settings = client_of(&format!("https://{}:{}/false-relay/{case}", self.name, self.peer.port()));
        settings.ca_file(self.workshop.path("ca.pem").to_str().unwrap());
        // This machine is found without one, and would be another to a proxy.
        let proxy = if self.name == "localhost" { String::new() } else { format!("http://{}", self.proxy.host()) };
        settings.proxy(&proxy);
        settings
    }
}

/// The same request to the sandbox, and its answer.
fn hand_on(origin: &str, request: &str) -> Act {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let path = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
    let nonce =
        lines.filter_map(|line| line.split_once(": ")).find(|(name, _)| name.to_lowercase() == "whop-license-nonce");
    let sent = ureq::post(format!("{origin}{path}"))
        .config()
        .proxy(None)
        .http_status_as_error(false)
        .build()
        .header("whop-license-nonce", nonce.unwrap().1)
        .content_type("application/json")
        .send(body);
    let mut sent = sent.unwrap();
    Act::Send(answer(sent.status().as_u16(), &sent.body_mut().read_to_string().unwrap()))
}

fn status(settings: &ClientBuilder) -> i32 {
    status_of(&settings.build().unwrap().validate_license(LICENSE_KEY, DEVICE))
}

#[test]
fn lease_of_a_sandbox_counts_from_this_machine_alone() {
    let sandbox = sandbox();
    for (name, is_here) in [("relay.invalid", false), ("localhost.invalid", false), ("localhost", true)] {
        let relay = Relay::new(name, &sandbox);
        for (case, online) in [("good", 0), ("sandbox-false", 0), ("sandbox-text", 306), ("denied-device", 102)] {
            assert_eq!(status(&relay.client_of(case)), online, "{case} from {name}");
        }
        assert_eq!(status(&relay.client_of("sandbox-true")), if is_here { 0 } else { 306 }, "{name}");
        assert_eq!(
            status(relay.client_of("sandbox-true").allow_sandbox(true)),
            if is_here { 0 } else { 306 },
            "{name}"
        );
        assert!(relay.peer.seen().len() >= 6, "somebody else has answered");
    }
}

#[test]
fn lease_of_a_sandbox_can_be_refused_from_this_machine_too() {
    let sandbox = sandbox();
    for (case, allowed) in [("sandbox-true", 306), ("good", 0)] {
        assert_eq!(status(client_of(&relay_url(&sandbox, case)).allow_sandbox(false)), allowed, "{case}");
    }
}

/// What was kept while the program was tried out on one machine opens it nowhere else.
#[test]
fn stored_lease_of_a_sandbox_does_not_help_where_a_public_relay_is_away() {
    let (sandbox, workshop, nobody) = (sandbox(), Workshop::new(), RefusingPort::new());
    for (case, expected) in [("sandbox-true", 300), ("good", 0)] {
        let file = workshop.write("leases.json", &lease_file(&sandbox, case));
        let mut settings = client_of("https://relay.invalid");
        settings.proxy(&format!("http://127.0.0.1:{}", nobody.number())).lease_file(file.to_str().unwrap());
        assert_eq!(status(&settings), expected, "{case}");
    }
}
