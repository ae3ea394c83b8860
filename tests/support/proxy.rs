//! A proxy that lets requests through to one peer, whatever their host, and remembers all that it was sent.

use std::io::{Read, Result, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::{ServerConfig, ServerConnection};

pub struct Proxy {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<u8>>>,
}

impl Proxy {
    /// Speaks HTTP.
    pub fn to(peer_port: u16) -> Self {
        Self::answering("HTTP/1.1 200 Connected\r\n\r\n".into(), peer_port)
    }

    /// Speaks HTTP in these words.
    pub fn answering(answer: String, peer_port: u16) -> Self {
        Self::greeting(move |client| http(client, &answer), peer_port)
    }

    /// Speaks HTTP behind TLS.
    pub fn https_to(peer_port: u16, tls: Arc<ServerConfig>) -> Self {
        let Self { address, seen } = Self::to(peer_port);
        let front = move |client: TcpStream| take_tls_off(&client, &TcpStream::connect(address)?, tls.clone());
        Self { address: listen(front), seen }
    }

    /// Speaks SOCKS5.
    pub fn socks5_to(peer_port: u16) -> Self {
        Self::greeting(socks5, peer_port)
    }

    fn greeting(greet: impl Fn(&Client) -> Result<()> + Clone + Send + 'static, peer_port: u16) -> Self {
        let seen = Arc::new(Mutex::default());
        let log = seen.clone();
        let relay = move |stream| {
            let client = Client { stream, seen: log.clone() };
            greet(&client)?;
            relay(&client, peer_port)
        };
        Self { address: listen(relay), seen }
    }

    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// All that came from clients, the encrypted part included.
    pub fn seen(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap()).into_owned()
    }
}

/// The threads end with the test, as nothing waits for them.
fn listen(serve: impl Fn(TcpStream) -> Result<()> + Clone + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let serve = serve.clone();
            thread::spawn(move || serve(client));
        }
    });
    address
}

struct Client {
    stream: TcpStream,
    seen: Arc<Mutex<Vec<u8>>>,
}

impl Client {
    fn next(&self, length: u8) -> Result<Vec<u8>> {
        let mut bytes = vec![0; length.into()];
        (&self.stream).read_exact(&mut bytes)?;
        self.note(&bytes);
        Ok(bytes)
    }

    fn answer(&self, bytes: &[u8]) -> Result<()> {
        (&self.stream).write_all(bytes)
    }

    fn note(&self, bytes: &[u8]) {
        self.seen.lock().unwrap().extend(bytes);
    }
}

/// What it would take to be let through is not asked here: a `Peer` plays the proxies that refuse.
fn http(client: &Client, answer: &str) -> Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.extend(client.next(1)?);
    }
    client.answer(answer.as_bytes())
}

/// RFC 1928 and, if the client has a user name, RFC 1929.
fn socks5(client: &Client) -> Result<()> {
    let methods = client.next(2)?[1];
    if client.next(methods)?.contains(&2) {
        client.answer(&[5, 2])?;
        let user = client.next(2)?[1];
        let password = client.next(user + 1)?[usize::from(user)];
        client.next(password)?;
        client.answer(&[1, 0])?;
    } else {
        client.answer(&[5, 0])?;
    }
    let address = match client.next(4)?[3] {
        1 => 4,
        4 => 16,
        _ => client.next(1)?[0],
    };
    client.next(address + 2)?;
    client.answer(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
}

fn relay(client: &Client, peer_port: u16) -> Result<()> {
    let peer = TcpStream::connect(("127.0.0.1", peer_port))?;
    thread::scope(|threads| {
        threads.spawn(|| hand_on(&peer, &client.stream, |bytes| client.answer(bytes)));
        hand_on(&client.stream, &peer, |bytes| {
            client.note(bytes);
            (&peer).write_all(bytes)
        });
    });
    Ok(())
}

fn take_tls_off(client: &TcpStream, proxy: &TcpStream, tls: Arc<ServerConfig>) -> Result<()> {
    let session = Mutex::new(ServerConnection::new(tls).unwrap());
    let flush = |session: &mut ServerConnection| {
        while session.wants_write() {
            session.write_tls(&mut &*client)?;
        }
        Ok(())
    };
    thread::scope(|threads| {
        threads.spawn(|| {
            hand_on(proxy, client, |bytes| {
                let mut session = session.lock().unwrap();
                session.writer().write_all(bytes)?;
                flush(&mut session)
            });
        });
        hand_on(client, proxy, |mut bytes| {
            let mut session = session.lock().unwrap();
            while !bytes.is_empty() {
                session.read_tls(&mut bytes)?;
                let state = session.process_new_packets().map_err(std::io::Error::other)?;
                let mut text = vec![0; state.plaintext_bytes_to_read()];
                session.reader().read_exact(&mut text)?;
                (&*proxy).write_all(&text)?;
            }
            flush(&mut session)
        });
    });
    Ok(())
}

/// Until one of the two has enough.
fn hand_on(from: &TcpStream, to: &TcpStream, mut send: impl FnMut(&[u8]) -> Result<()>) {
    let mut bytes = [0; 4096];
    while let Ok(length @ 1..) = (&*from).read(&mut bytes) {
        if send(&bytes[..length]).is_err() {
            break;
        }
    }
    _ = from.shutdown(Shutdown::Both);
    _ = to.shutdown(Shutdown::Both);
}
