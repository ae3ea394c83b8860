//! A proxy that lets requests through to one peer, whatever their host, and remembers all that it was sent.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

pub struct Proxy {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<u8>>>,
}

impl Proxy {
    /// Its one thread ends with the test, as nothing waits for it.
    pub fn to(peer_port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = seen.clone();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let log = log.clone();
                thread::spawn(move || relay(&client, peer_port, &log));
            }
        });
        Self { address, seen }
    }

    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// All that came from clients, the encrypted part included.
    pub fn seen(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap()).into_owned()
    }
}

/// What it would take to be let through is not asked here: a `Peer` plays the proxies that refuse.
fn relay(client: &TcpStream, peer_port: u16, log: &Mutex<Vec<u8>>) -> Option<()> {
    let mut reader = BufReader::new(client);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        (reader.read_until(b'\n', &mut head).ok()? > 0).then_some(())?;
    }
    log.lock().unwrap().extend(head);
    let peer = TcpStream::connect(("127.0.0.1", peer_port)).ok()?;
    (&*client).write_all(b"HTTP/1.1 200 Connected\r\n\r\n").ok()?;
    thread::scope(|threads| {
        threads.spawn(|| {
            _ = std::io::copy(&mut &peer, &mut &*client);
            _ = client.shutdown(Shutdown::Both);
        });
        let mut bytes = [0; 4096];
        while let Ok(length @ 1..) = reader.read(&mut bytes) {
            log.lock().unwrap().extend(&bytes[..length]);
            if (&peer).write_all(&bytes[..length]).is_err() {
                break;
            }
        }
        _ = peer.shutdown(Shutdown::Both);
    });
    Some(())
}
