//! A peer on this machine that does what it is told, and remembers every byte that it was sent.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use whop_license::{Client, ClientBuilder};

/// What the peer does with a request that it has read.
#[derive(Clone)]
pub enum Act {
    /// Sends these bytes, and keeps the connection.
    Send(String),
    /// Sends these bytes, and closes the connection.
    SendAndClose(String),
    /// Sends these bytes one at a time, with a pause before each.
    Drip(String, Duration),
    /// Says nothing until the other side gives up.
    StayMute,
}

/// An answer with the right length.
pub fn answer(status: u16, body: &str) -> String {
    format!("HTTP/1.1 {status} Status\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// The peer: one thread a connection.
pub struct Peer {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    stopped: Arc<AtomicBool>,
    listening: Option<JoinHandle<()>>,
}

impl Peer {
    /// Does the first act with the first request, and so on; the last act with all that follow.
    pub fn start(acts: impl Into<Vec<Act>>) -> Self {
        let acts = Arc::new(acts.into());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let stopped = Arc::new(AtomicBool::new(false));
        let (log, stop) = (seen.clone(), stopped.clone());
        let listening = thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let (acts, log) = (acts.clone(), log.clone());
                thread::spawn(move || while serve(&stream, &acts, &log).is_some() {});
            }
        });
        Self { address, seen, stopped, listening: Some(listening) }
    }

    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// The settings of a client of this peer.
    pub fn client(&self) -> ClientBuilder {
        let mut builder = Client::builder("apik_secret");
        builder.base_url(&format!("http://{}/api", self.host()));
        builder
    }

    /// Every request so far, as it came.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        let _wake = TcpStream::connect(self.address);
        let _ = self.listening.take().map(JoinHandle::join);
    }
}

/// Reads one request and acts on it; none when the connection is over.
fn serve(stream: &TcpStream, acts: &[Act], log: &Mutex<Vec<String>>) -> Option<()> {
    let request = read_request(stream)?;
    let act = {
        let mut log = log.lock().unwrap();
        log.push(request);
        acts.get(log.len() - 1).or(acts.last())?.clone()
    };
    let mut stream = stream;
    match act {
        Act::Send(bytes) => stream.write_all(bytes.as_bytes()).ok(),
        Act::SendAndClose(bytes) => {
            stream.write_all(bytes.as_bytes()).ok()?;
            stream.shutdown(std::net::Shutdown::Both).ok();
            None
        }
        Act::Drip(bytes, pause) => bytes.bytes().try_for_each(|byte| {
            thread::sleep(pause);
            stream.write_all(&[byte]).ok()
        }),
        Act::StayMute => {
            stream.read_to_end(&mut Vec::new()).ok();
            None
        }
    }
}

fn read_request(stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    while !request.ends_with("\r\n\r\n") {
        (reader.read_line(&mut request).ok()? > 0).then_some(())?;
    }
    let length =
        request.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    request.push_str(std::str::from_utf8(&body).ok()?);
    Some(request)
}
