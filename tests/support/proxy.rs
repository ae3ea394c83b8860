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
    /// A proxy of HTTP.
    pub fn to(peer_port: u16) -> Self {
        Self::start(peer_port, asked_by_http)
    }

    /// A SOCKS5 proxy that wants no password.
    pub fn socks_to(peer_port: u16) -> Self {
        Self::start(peer_port, asked_by_socks)
    }

    /// Its one thread ends with the test, as nothing waits for it.
    fn start(peer_port: u16, asked: Asked) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = seen.clone();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let log = log.clone();
                thread::spawn(move || relay(&client, peer_port, &log, asked));
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

/// Reads how the client asks for the way, and says what it is to be answered.
type Asked = fn(&mut BufReader<&TcpStream>, &mut Vec<u8>) -> Option<&'static [u8]>;

fn asked_by_http(client: &mut BufReader<&TcpStream>, head: &mut Vec<u8>) -> Option<&'static [u8]> {
    while !head.ends_with(b"\r\n\r\n") {
        (client.read_until(b'\n', head).ok()? > 0).then_some(())?;
    }
    Some(b"HTTP/1.1 200 Connected\r\n\r\n")
}

/// The way to a host that is given by its name.
fn asked_by_socks(client: &mut BufReader<&TcpStream>, head: &mut Vec<u8>) -> Option<&'static [u8]> {
    (read(client, head, 3)? == [5, 1, 0]).then_some(())?;
    client.get_mut().write_all(&[5, 0]).ok()?;
    let request = read(client, head, 5)?;
    (request[..4] == [5, 1, 0, 3]).then_some(())?;
    read(client, head, usize::from(request[4]) + 2)?;
    Some(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
}

fn read(client: &mut BufReader<&TcpStream>, head: &mut Vec<u8>, length: usize) -> Option<Vec<u8>> {
    let mut part = vec![0; length];
    client.read_exact(&mut part).ok()?;
    head.extend(&part);
    Some(part)
}

/// What it would take to be let through is not asked here: a `Peer` plays the proxies that refuse.
fn relay(client: &TcpStream, peer_port: u16, log: &Mutex<Vec<u8>>, asked: Asked) -> Option<()> {
    let mut reader = BufReader::new(client);
    let mut head = Vec::new();
    let answer = asked(&mut reader, &mut head)?;
    log.lock().unwrap().extend(head);
    let peer = TcpStream::connect(("127.0.0.1", peer_port)).ok()?;
    (&*client).write_all(answer).ok()?;
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
