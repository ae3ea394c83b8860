//! The peer: one thread a connection, each of which plays its part.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use rustls::ServerConfig;
use whop_license::{Api, Client, ClientBuilder};

use super::act::{Act, Reads, Script, Then};
use super::connection::Connection;
use super::signer::Signer;

pub struct Peer {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

/// What the peer was sent for one request, decrypted.
#[derive(Clone, Debug)]
pub struct Received {
    /// Which connection it came on, counted from 0.
    pub connection: usize,
    pub bytes: Vec<u8>,
}

struct Shared {
    acts: Vec<Act>,
    tls: Option<Arc<ServerConfig>>,
    log: Mutex<Log>,
    stopped: AtomicBool,
}

#[derive(Default)]
struct Log {
    connections: usize,
    requests: Vec<Received>,
}

impl Peer {
    /// Does the first act with the first request, and so on; the last act with all that follow.
    pub fn start(acts: impl Into<Vec<Act>>) -> Self {
        Self::listen(acts.into(), None)
    }

    /// The same behind TLS; an act that reads nothing comes before the handshake.
    pub fn start_tls(acts: impl Into<Vec<Act>>, tls: Arc<ServerConfig>) -> Self {
        Self::listen(acts.into(), Some(tls))
    }

    fn listen(acts: Vec<Act>, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared { acts, tls, log: Mutex::default(), stopped: AtomicBool::new(false) });
        let all = shared.clone();
        let listening = thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if all.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let number = all.log.lock().unwrap().count();
                let all = all.clone();
                thread::spawn(move || all.serve(stream, number));
            }
        });
        Self { address, shared, listening: Some(listening) }
    }

    pub fn host(&self) -> String {
        self.address.to_string()
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The settings of a client of this peer that speaks this API.
    pub fn client_of(&self, api: Api) -> ClientBuilder {
        let mut builder = Client::builder("apik_secret");
        builder.base_url(&format!("http://{}/api", self.host())).api(api);
        builder
    }

    /// The settings of a client that takes this peer for a relay, and licenses of `prod_1`.
    pub fn relay_client(&self, signer: &Signer) -> ClientBuilder {
        let mut builder = Client::relay(&format!("http://{}", self.host()), &signer.public_key());
        builder.product_id("prod_1");
        builder
    }

    /// Every request so far, as it came.
    pub fn seen(&self) -> Vec<String> {
        self.received().iter().map(|request| String::from_utf8_lossy(&request.bytes).into_owned()).collect()
    }

    /// Every request so far, with the connection it came on.
    pub fn received(&self) -> Vec<Received> {
        self.shared.log.lock().unwrap().requests.clone()
    }

    /// How many connections were opened so far.
    pub fn connections(&self) -> usize {
        self.shared.log.lock().unwrap().connections
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        let _wake = TcpStream::connect(self.address);
        let _ = self.listening.take().map(JoinHandle::join);
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream, number: usize) {
        let Some(mut connection) = self.open(stream) else { return };
        let mut then = Then::Keep;
        while then == Then::Keep && connection.awaits_request() {
            then = self.play(&mut connection, number);
        }
        connection.end(then);
    }

    /// An act that reads nothing comes before TLS.
    fn open(&self, stream: TcpStream) -> Option<Connection> {
        let connection = Connection::open(stream)?;
        match &self.tls {
            Some(tls) if self.act(self.log.lock().unwrap().requests.len())?.script().reads != Reads::Nothing => {
                connection.with_tls(tls.clone())
            }
            _ => Some(connection),
        }
    }

    fn act(&self, place: usize) -> Option<Act> {
        self.acts.get(place).or(self.acts.last()).cloned()
    }

    fn play(&self, connection: &mut Connection, number: usize) -> Then {
        // One at a time, so that the order of the acts is that of the requests.
        let mut log = self.log.lock().unwrap();
        let place = log.requests.len();
        let Some(mut act) = self.act(place) else { return Then::Close };
        log.requests.push(Received { connection: number, bytes: Vec::new() });
        drop(log);

        let mut request = Vec::new();
        if let Act::Ask(ask) = act {
            connection.read(Reads::All, &mut request);
            self.note(place, &request);
            act = ask.of(&String::from_utf8_lossy(&request));
        }
        let script = act.script();
        connection.read(script.reads, &mut request);
        self.note(place, &request);
        let script = fitting(script, &request);
        if !connection.send(&script) {
            return Then::Close;
        }
        match script.then {
            Then::Keep => connection.read(Reads::All, &mut request),
            Then::StayMute => connection.drain(&mut request),
            Then::Close | Then::Reset => {}
        }
        self.note(place, &request);
        script.then
    }

    fn note(&self, place: usize, bytes: &[u8]) {
        if let Some(request) = self.log.lock().unwrap().requests.get_mut(place) {
            request.bytes = bytes.to_vec();
        }
    }
}

/// The membership of an answer, for a creation a plan of the same length.
fn fitting(script: Script, request: &[u8]) -> Script {
    const MEMBERSHIP: &[u8] = b"mem_12";
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let is_creation = [&b"/v2/plans"[..], b"/v1/variants", b"/v1/plans"]
        .iter()
        .any(|path| line.strip_suffix(b" HTTP/1.1").is_some_and(|line| line.ends_with(path)));
    let place = script.sends.windows(MEMBERSHIP.len()).position(|bytes| bytes == MEMBERSHIP).filter(|_| is_creation);
    let mut sends = script.sends;
    if let Some(place) = place {
        sends[place..place + MEMBERSHIP.len()].copy_from_slice(b"plan_1");
    }
    Script { sends, ..script }
}

impl Log {
    fn count(&mut self) -> usize {
        self.connections += 1;
        self.connections - 1
    }
}
