//! A host with several addresses, of which the first swallows everything.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use crate::support::authority::Authority;
use crate::support::workshop::{Workshop, alone, run};
use crate::support::{Peer, yes};

/// A port at 127.0.0.2 that neither accepts nor refuses, since its queue is full.
struct BlackHole {
    _listener: Socket,
    _queue: Vec<TcpStream>,
}

impl BlackHole {
    fn on(port: u16) -> Self {
        let address = SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), port));
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        listener.bind(&address.into()).unwrap();
        listener.listen(0).unwrap();
        let connect = || TcpStream::connect_timeout(&address, Duration::from_millis(100)).ok();
        Self { _listener: listener, _queue: std::iter::from_fn(connect).collect() }
    }
}

#[test]
fn dead_first_address_costs_less_than_a_second() {
    let (authority, workshop) = (Authority::new(), Workshop::new());
    let ca_file = workshop.path("ca.pem");
    authority.write_to(&ca_file);
    let peer = Peer::start_tls([yes("fault")], authority.server(&["whop.test", "localhost"]));
    let _dead = BlackHole::on(peer.port());
    let preloaded = workshop.preloaded("tests/c/dead_address_first.c");
    let program = workshop.compile("tests/c/fault.c", &[]);

    let took = |host: &str| {
        let (began, url) = (Instant::now(), format!("https://{host}:{}/api", peer.port()));
        let mut call = alone(&program);
        run(call.arg(&ca_file).args(["10000", &url, "0", "0"]).env("LD_PRELOAD", &preloaded));
        began.elapsed()
    };
    let (healthy, dead_first) = (took("localhost"), took("whop.test"));
    println!("a validation and a creation: {healthy:?}, with a dead first address {dead_first:?}");
    assert!(dead_first < healthy + Duration::from_secs(2), "{dead_first:?}");
}
