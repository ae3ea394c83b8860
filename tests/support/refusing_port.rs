//! A port that refuses connections, and that nobody else can be given: it is this end of a connection.

use std::net::{Ipv4Addr, TcpListener, TcpStream};

pub struct RefusingPort {
    stream: TcpStream,
    _other_end: TcpListener,
}

impl RefusingPort {
    pub fn new() -> Self {
        let other_end = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let stream = TcpStream::connect(other_end.local_addr().unwrap()).unwrap();
        Self { stream, _other_end: other_end }
    }

    pub fn number(&self) -> u16 {
        self.stream.local_addr().unwrap().port()
    }
}
