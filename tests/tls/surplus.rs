//! A server that sends more than was asked: what is left on a connection is nobody's answer.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::Range;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::crypto::ring::default_provider;
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, ServerConnection, SupportedProtocolVersion};
use whop_license::{Api, Client, Verdict};

use crate::support::authority::Authority;
use crate::support::workshop::Workshop;
use crate::support::{answer, membership};

/// When the surplus is sent: with the answer, or after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Segment {
    Same,
    Next,
}

/// What follows the first answer on its connection.
#[derive(Clone, Debug)]
enum Extra {
    Nothing,
    /// So many bytes: a second answer that allows, or a part of it.
    Answer(usize),
    /// The same, with the last so many bytes of its ciphertext held back until the next request.
    Torn(usize, usize),
    /// New keys, which are TLS's own.
    KeyUpdate,
    /// TLS's announcement that nothing more comes, on a connection that stays open.
    CloseNotify,
}

/// One answer to the first request, with something after it; then each connection is told that this is another device.
/// For a client of either API.
struct Server {
    port: u16,
    extras: Sender<(Extra, Segment, usize)>,
    sent: Receiver<()>,
    connections: Arc<Mutex<usize>>,
}

impl Server {
    /// Behind an https proxy, which it then is as well: TLS in TLS.
    fn start(tls: Option<Arc<ServerConfig>>, proxy: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (extras, to_play) = mpsc::channel();
        let (tell, sent) = mpsc::channel();
        let (to_play, connections) = (Arc::new(Mutex::new(to_play)), Arc::<Mutex<usize>>::default());
        let count = connections.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                *count.lock().unwrap() += 1;
                let (to_play, tell, tls, proxy) = (to_play.clone(), tell.clone(), tls.clone(), proxy.clone());
                thread::spawn(move || serve(Line::new(stream, proxy, tls), &to_play, &tell));
            }
        });
        Self { port, extras, sent, connections }
    }
}

fn serve(mut line: Line, to_play: &Mutex<Receiver<(Extra, Segment, usize)>>, tell: &Sender<()>) {
    let mut held_back = Vec::new();
    while let Some(api) = line.request() {
        line.stream.write_all(&std::mem::take(&mut held_back)).ok();
        let Ok((extra, segment, length)) = to_play.lock().unwrap().try_recv() else {
            line.say(anothers(api).as_bytes());
            continue;
        };
        let mut bytes = line.encrypt(good(api, length).as_bytes());
        if segment == Segment::Next {
            line.stream.write_all(&std::mem::take(&mut bytes)).unwrap();
        }
        match extra {
            Extra::Nothing => {}
            Extra::Answer(size) => bytes.extend(line.encrypt(&surplus(api, size))),
            Extra::Torn(size, rest) => {
                let mut more = line.encrypt(&surplus(api, size));
                held_back = more.split_off(more.len().saturating_sub(rest));
                bytes.extend(more);
            }
            Extra::KeyUpdate => bytes.extend(line.new_keys()),
            Extra::CloseNotify => bytes.extend(line.close_notify()),
        }
        line.stream.write_all(&bytes).unwrap();
        tell.send(()).unwrap();
    }
}

/// A membership that allows the first device, as an answer of about that many bytes.
fn good(api: Api, length: usize) -> String {
    let body = |filler: usize| {
        let mut shown = membership(api, "KEY-1");
        shown["metadata"]["hwid"] = "this".into();
        shown["x"] = "x".repeat(filler).into();
        shown.to_string()
    };
    answer(201, &body(length.saturating_sub(answer(201, &body(0)).len())))
}

/// That it is bound to another device than the second.
fn anothers(api: Api) -> String {
    match api {
        Api::Current => good(api, 0),
        Api::V2 => answer(400, r#"{"error":{"message":"Please reset your key to use on a new machine"}}"#),
    }
}

/// An answer that would allow the second device.
fn surplus(api: Api, size: usize) -> Vec<u8> {
    let mut bytes = good(api, size).replace("\"this\"", "\"2nd_\"").into_bytes();
    bytes.truncate(size);
    bytes
}

/// A connection, plain or TLS, of which each segment is ours to choose.
struct Line {
    stream: TcpStream,
    /// That of the proxy.
    outer: Option<ServerConnection>,
    session: Option<ServerConnection>,
}

impl Line {
    fn new(mut stream: TcpStream, proxy: Option<Arc<ServerConfig>>, tls: Option<Arc<ServerConfig>>) -> Self {
        stream.set_nodelay(true).unwrap();
        let mut outer = proxy.map(|proxy| ServerConnection::new(proxy).unwrap());
        let session = match &mut outer {
            None => tls.map(|tls| accept(&mut stream, tls)),
            Some(outer) => {
                outer.set_buffer_limit(None);
                let mut tunnel = rustls::Stream::new(outer, &mut stream);
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    tunnel.read_exact(&mut byte).unwrap();
                    request.extend(byte);
                }
                tunnel.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").unwrap();
                tls.map(|tls| accept(&mut tunnel, tls))
            }
        };
        Self { stream, outer, session }
    }

    /// Reads to the end of a request, of which each ends alike; none when none comes.
    fn request(&mut self) -> Option<Api> {
        let mut request = Vec::new();
        let mut chunk = [0; 4096];
        let is_look_up = |request: &[u8]| request.starts_with(b"GET ");
        while !request.ends_with(if is_look_up(&request) { b"\r\n\r\n" } else { b"}}" }) {
            let read = match (&mut self.session, &mut self.outer) {
                (None, _) => self.stream.read(&mut chunk),
                (Some(session), None) => rustls::Stream::new(session, &mut self.stream).read(&mut chunk),
                (Some(session), Some(outer)) => {
                    rustls::Stream::new(session, &mut rustls::Stream::new(outer, &mut self.stream)).read(&mut chunk)
                }
            };
            match read {
                Ok(length @ 1..) => request.extend(&chunk[..length]),
                _ => return None,
            }
        }
        Some(if is_look_up(&request) { Api::Current } else { Api::V2 })
    }

    fn say(&mut self, text: &[u8]) {
        let bytes = self.encrypt(text);
        self.stream.write_all(&bytes).unwrap();
    }

    fn encrypt(&mut self, text: &[u8]) -> Vec<u8> {
        let Some(session) = &mut self.session else { return text.to_vec() };
        session.writer().write_all(text).unwrap();
        let bytes = drain(session);
        let Some(outer) = &mut self.outer else { return bytes };
        outer.writer().write_all(&bytes).unwrap();
        drain(outer)
    }

    fn new_keys(&mut self) -> Vec<u8> {
        let session = self.session.as_mut().unwrap();
        session.refresh_traffic_keys().unwrap();
        drain(session)
    }

    fn close_notify(&mut self) -> Vec<u8> {
        let session = self.session.as_mut().unwrap();
        session.send_close_notify();
        drain(session)
    }
}

fn accept(stream: &mut (impl Read + Write), tls: Arc<ServerConfig>) -> ServerConnection {
    let mut session = ServerConnection::new(tls).unwrap();
    session.complete_io(stream).unwrap();
    session.set_buffer_limit(None);
    session
}

fn drain(session: &mut ServerConnection) -> Vec<u8> {
    let mut bytes = Vec::new();
    while session.wants_write() {
        session.write_tls(&mut bytes).unwrap();
    }
    bytes
}

/// A server that speaks like this, with a client of it.
struct Pair {
    server: Server,
    client: Client,
    _workshop: Workshop,
}

impl Pair {
    fn new(api: Api, version: Option<&'static SupportedProtocolVersion>) -> Self {
        Self::through(false, api, version)
    }

    fn through(https_proxy: bool, api: Api, version: Option<&'static SupportedProtocolVersion>) -> Self {
        let (authority, workshop) = (Authority::new(), Workshop::new());
        let ca_file = workshop.path("ca.pem");
        authority.write_to(&ca_file);
        let tls = version.map(|version| {
            let offered = ServerConfig::builder_with_provider(Arc::new(default_provider()))
                .with_protocol_versions(&[version])
                .unwrap()
                .with_no_client_auth();
            let mut tls = authority.server_of(offered, &["127.0.0.1"]);
            tls.send_tls13_tickets = 4;
            Arc::new(tls)
        });
        let proxy = tls.clone().filter(|_| https_proxy);
        let server = Server::start(tls, proxy);
        let scheme = if version.is_some() { "https" } else { "http" };
        let mut settings = Client::builder("apik_secret");
        settings.base_url(&format!("{scheme}://127.0.0.1:{}/api", server.port)).product_id("prod_1").api(api);
        settings.proxy(&if https_proxy { format!("https://127.0.0.1:{}", server.port) } else { String::new() });
        if version.is_some() {
            settings.ca_file(ca_file.to_str().unwrap());
        }
        Self { client: settings.build().unwrap(), server, _workshop: workshop }
    }

    /// Checks one license on one device, then on another: how many connections that took.
    fn check(&self, extra: Extra, segment: Segment, length: usize) -> usize {
        let before = *self.server.connections.lock().unwrap();
        let validate = |device| self.client.validate_license("KEY-1", device).unwrap();
        self.server.extras.send((extra.clone(), segment, length)).unwrap();
        assert!(validate(r#"{"hwid":"this"}"#).is_allowed());
        self.server.sent.recv().unwrap();
        let verdict = validate(r#"{"hwid":"2nd_"}"#);
        assert!(matches!(verdict, Verdict::DeviceMismatch(_)), "{extra:?} {segment:?} after {length}: {verdict:?}");
        *self.server.connections.lock().unwrap() - before
    }
}

fn every_way() -> [(&'static str, Api, Option<&'static SupportedProtocolVersion>); 4] {
    [
        ("plain", Api::Current, None),
        ("plain", Api::V2, None),
        ("TLS 1.2", Api::V2, Some(&TLS12)),
        ("TLS 1.3", Api::Current, Some(&TLS13)),
    ]
}

/// All sizes up to three records with `SURPLUS=all`, else those around the limits and some between.
fn sizes() -> Vec<usize> {
    const RECORD: usize = 1 << 14;
    if std::env::var("SURPLUS").is_ok_and(|sizes| sizes == "all") {
        return (1..=3 * RECORD).collect();
    }
    let around = |size: usize| -> Range<usize> { size.saturating_sub(4).max(1)..size + 5 };
    let limits = [1, 16, 128, 512, 4096, RECORD, 2 * RECORD, 3 * RECORD - 4].into_iter().flat_map(around);
    limits.chain((0..200).map(|_| fastrand::usize(1..=3 * RECORD))).collect()
}

#[test]
fn surplus_of_any_size_is_nobodys_answer() {
    thread::scope(|threads| {
        for (name, api, version) in every_way() {
            threads.spawn(move || {
                let pair = Pair::new(api, version);
                for size in sizes() {
                    let length = fastrand::usize(100..40_000);
                    for segment in [Segment::Same, Segment::Next] {
                        let connections = pair.check(Extra::Answer(size), segment, length);
                        assert!(connections >= 1, "{name}: reused with {size} bytes left, {segment:?}");
                    }
                }
            });
        }
    });
}

#[test]
fn part_of_a_record_that_is_left_is_noticed() {
    for (api, version) in [(Api::Current, &TLS12), (Api::V2, &TLS13)] {
        let pair = Pair::new(api, Some(version));
        for (size, rest) in [(1, 1), (1, 17), (300, 1), (300, 200), (16_384, 5), (20_000, 200)] {
            for segment in [Segment::Same, Segment::Next] {
                assert!(pair.check(Extra::Torn(size, rest), segment, 3000) >= 1, "{size} {rest} {segment:?}");
            }
        }
    }
}

#[test]
fn part_of_a_record_of_an_https_proxy_is_noticed() {
    for (api, version) in [(Api::Current, &TLS12), (Api::V2, &TLS13)] {
        let pair = Pair::through(true, api, Some(version));
        for (size, rest) in [(16_384, 1), (300, 1), (300, 200), (300, 320), (16_384, 5), (20_000, 200)] {
            for segment in [Segment::Same, Segment::Next] {
                assert!(pair.check(Extra::Torn(size, rest), segment, 3000) >= 1, "{size} {rest} {segment:?}");
            }
        }
        assert_eq!(pair.check(Extra::Nothing, Segment::Next, 3000), 0, "it is kept all the same");
    }
}

#[test]
fn connection_whose_end_is_announced_is_not_used_again() {
    for (api, version) in [(Api::Current, &TLS12), (Api::V2, &TLS13)] {
        let pair = Pair::new(api, Some(version));
        for segment in [Segment::Same, Segment::Next].repeat(3) {
            assert!(pair.check(Extra::CloseNotify, segment, 3000) >= 1, "{segment:?}");
        }
    }
}

#[test]
fn connection_is_kept_when_nothing_is_left_and_when_tls_spoke_for_itself() {
    for (name, api, version) in every_way() {
        let pair = Pair::new(api, version);
        let first = pair.check(Extra::Nothing, Segment::Same, 3000);
        assert_eq!(first, 1, "{name}");
        for segment in [Segment::Same, Segment::Next].repeat(5) {
            let extra = if name == "TLS 1.3" { Extra::KeyUpdate } else { Extra::Nothing };
            assert_eq!(pair.check(extra, segment, 3000), 0, "{name} {segment:?}");
        }
    }
}
