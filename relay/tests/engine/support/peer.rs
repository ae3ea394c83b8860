//! Stands between engine and Whop, notes what is asked, and lets go wrong what is ordered.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use whop_relay::clock::MovedClock;

/// What becomes of a request.
#[derive(Clone)]
pub enum Act {
    Pass,
    /// The connection is closed, and nothing arrives.
    Refuse,
    /// Whop gets it, and its answer is lost.
    LoseAnswer,
    /// Whop gets it when the gate is opened.
    Hold(Gate),
    /// Whop gets it at once, and answers when the gate is opened.
    HoldAnswer(Gate),
    /// Whop gets it, and its answer has this in place of its time.
    PassDated(&'static str),
    /// This in place of Whop's.
    Answer(String),
}

/// Closed until it is opened.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<(bool, usize)>, Condvar)>);

type Rule = Box<dyn Fn(&str) -> Act + Send>;

pub struct Peer {
    port: u16,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    ends: AtomicBool,
    clock: Arc<MovedClock>,
    rule: Mutex<Rule>,
    seen: Mutex<Vec<(Instant, String)>>,
}

impl Peer {
    pub fn start(whop: u16, clock: Arc<MovedClock>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            ends: AtomicBool::new(false),
            clock,
            rule: Mutex::new(Box::new(|_| Act::Pass)),
            seen: Mutex::default(),
        });
        let thread = thread::spawn({
            let shared = shared.clone();
            move || {
                for connection in listener.incoming() {
                    if shared.ends.load(Ordering::SeqCst) {
                        return;
                    }
                    let shared = shared.clone();
                    thread::spawn(move || shared.serve(connection.unwrap(), whop));
                }
            }
        });
        Self { port, shared, thread: Some(thread) }
    }

    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}/api", self.port)
    }

    /// What becomes of each request from now on, by its line, as `GET KEY`.
    pub fn set(&self, rule: impl Fn(&str) -> Act + Send + 'static) {
        *self.shared.rule.lock().unwrap() = Box::new(rule);
    }

    /// What was asked, such as `GET KEY` and `LIST`.
    pub fn seen(&self) -> Vec<String> {
        self.shared.seen.lock().unwrap().iter().map(|(_, line)| line.clone()).collect()
    }

    /// When requests came that begin so.
    pub fn moments(&self, beginning: &str) -> Vec<Instant> {
        let seen = self.shared.seen.lock().unwrap();
        seen.iter().filter(|(_, line)| line.starts_with(beginning)).map(|(at, _)| *at).collect()
    }

    pub fn forget(&self) {
        self.shared.seen.lock().unwrap().clear();
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.shared.ends.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, self.port)));
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Shared {
    fn serve(&self, mut client: TcpStream, whop: u16) {
        let Some(request) = whole(&mut client) else { return };
        let line = line_of(&request);
        self.seen.lock().unwrap().push((Instant::now(), line.clone()));
        let act = (self.rule.lock().unwrap())(&line);
        let ask_dated = |date: &str| {
            let mut whop = TcpStream::connect((Ipv4Addr::LOCALHOST, whop)).unwrap();
            whop.write_all(&request).unwrap();
            dated(&whole(&mut whop).unwrap_or_default(), date)
        };
        let ask = || ask_dated(&httpdate::fmt_http_date(self.clock.true_wall()));
        let answer = match act {
            Act::Pass => ask(),
            Act::PassDated(date) => ask_dated(date),
            Act::Refuse => return,
            Act::LoseAnswer => {
                ask();
                return;
            }
            Act::Hold(gate) => {
                gate.pass();
                ask()
            }
            Act::HoldAnswer(gate) => {
                let answer = ask();
                gate.pass();
                answer
            }
            Act::Answer(answer) => answer.into_bytes(),
        };
        let _ = client.write_all(&answer);
    }
}

impl Gate {
    pub fn open(&self) {
        self.0.0.lock().unwrap().0 = true;
        self.0.1.notify_all();
    }

    /// Waits until somebody stands before it.
    pub async fn reached(&self) {
        let gate = self.clone();
        tokio::task::spawn_blocking(move || gate.wait()).await.unwrap();
    }

    fn wait(&self) {
        let (state, _) = self.0.1.wait_timeout_while(self.0.0.lock().unwrap(), LONG, |(_, there)| *there == 0).unwrap();
        assert!(state.1 > 0, "nobody came");
    }

    fn pass(&self) {
        let mut state = self.0.0.lock().unwrap();
        state.1 += 1;
        self.0.1.notify_all();
        let _ = self.0.1.wait_timeout_while(state, LONG, |(is_open, _)| !*is_open).unwrap();
    }
}

/// Head and body, by its length.
fn whole(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            if bytes.len() >= end + 4 + length.unwrap_or(0) {
                return Some(bytes);
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend(&buffer[..read]),
        }
    }
}

/// With another time in place of this machine's.
fn dated(answer: &[u8], time: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(answer);
    let date = text.lines().find_map(|line| line.strip_prefix("date: ")).unwrap_or_default();
    text.replacen(date, time, 1).into_bytes()
}

fn line_of(request: &[u8]) -> String {
    let text = String::from_utf8_lossy(request);
    let mut words = text.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    match path.strip_prefix("/api/v1/memberships/") {
        Some(key) => format!("{method} {key}"),
        None => "LIST".into(),
    }
}

const LONG: Duration = Duration::from_secs(30);
