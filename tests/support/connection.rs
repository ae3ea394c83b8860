//! One connection of the peer, plain or TLS.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use socket2::SockRef;

use super::act::{Reads, Script, Then};

trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

pub struct Connection {
    tcp: TcpStream,
    stream: BufReader<Box<dyn Stream>>,
}

impl Connection {
    /// Waits for the first byte; none when none comes.
    pub fn open(tcp: TcpStream) -> Option<Self> {
        tcp.set_nodelay(true).ok()?;
        tcp.peek(&mut [0]).is_ok_and(|length| length > 0).then_some(())?;
        let stream: Box<dyn Stream> = Box::new(tcp.try_clone().ok()?);
        Some(Self { tcp, stream: BufReader::new(stream) })
    }

    /// None when the other side turned away during the handshake.
    pub fn with_tls(self, config: Arc<ServerConfig>) -> Option<Self> {
        let mut inner = self.tcp.try_clone().ok()?;
        let mut session = ServerConnection::new(config).ok()?;
        session.complete_io(&mut inner).ok()?;
        let stream: Box<dyn Stream> = Box::new(StreamOwned::new(session, inner));
        Some(Self { stream: BufReader::new(stream), ..self })
    }

    /// Waits for the next request; false when none comes.
    pub fn awaits_request(&mut self) -> bool {
        self.stream.fill_buf().is_ok_and(|bytes| !bytes.is_empty())
    }

    /// Reads on until that much of the request is there, or no more comes.
    pub fn read(&mut self, reads: Reads, request: &mut Vec<u8>) {
        if reads == Reads::Nothing {
            return;
        }
        while body_start(request).is_none() && self.stream.read_until(b'\n', request).is_ok_and(|read| read > 0) {}
        if let (Reads::All, Some(start)) = (reads, body_start(request)) {
            let missing = (start + content_length(request)).saturating_sub(request.len());
            self.stream.by_ref().take(missing as u64).read_to_end(request).ok();
        }
    }

    /// Reads whatever still comes, until the other side gives up.
    pub fn drain(&mut self, request: &mut Vec<u8>) {
        self.stream.read_to_end(request).ok();
    }

    /// Sends what the script says; false when the other side is gone.
    pub fn send(&mut self, script: &Script) -> bool {
        let step = if script.pace == Duration::ZERO { script.sends.len().max(1) } else { 1 };
        let stream = self.stream.get_mut();
        script.sends.chunks(step).all(|bytes| {
            thread::sleep(script.pace);
            stream.write_all(bytes).and_then(|()| stream.flush()).is_ok()
        })
    }

    /// Ends the connection as told.
    pub fn end(self, then: Then) {
        match then {
            Then::Reset => SockRef::from(&self.tcp).set_linger(Some(Duration::ZERO)).unwrap(),
            _ => _ = self.tcp.shutdown(Shutdown::Both),
        }
    }
}

fn body_start(request: &[u8]) -> Option<usize> {
    Some(request.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4)
}

fn content_length(request: &[u8]) -> usize {
    let head = String::from_utf8_lossy(request).to_ascii_lowercase();
    head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0)
}
