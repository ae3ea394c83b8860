//! TCP that keeps to the deadline where ureq's outlasts it: with an address that swallows everything, with a write that gets
//! through piece by piece or is interrupted by signals, and when no time is left.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
};

use super::deadline::Deadline;

/// Connects to whichever address answers first, unless there is a connection already.
#[derive(Debug)]
pub(super) struct Tcp;

impl<In: Transport> Connector<In> for Tcp {
    type Out = Either<In, Connected>;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        if chained.is_some() {
            return Ok(chained.map(Either::A));
        }
        let stream = to_any(&details.addrs, Deadline::of(details.timeout))?;
        stream.set_nodelay(true)?;
        let config = details.config;
        let buffers = LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size());
        Ok(Some(Either::B(Connected { stream, buffers })))
    }
}

/// Tries every address briefly before it has patience with one. Else one that swallows everything, such as IPv6 in a network
/// that only claims to have it, would cost most of the deadline.
fn to_any(addresses: &[SocketAddr], deadline: Deadline) -> Result<TcpStream, Error> {
    let count = addresses.len() as u32;
    if count > 1 {
        let brief = BRIEF.min(deadline.left()? / (2 * count));
        for address in addresses {
            if let Ok(stream) = TcpStream::connect_timeout(address, brief) {
                return Ok(stream);
            }
        }
    }
    let mut outcome = Err(Error::HostNotFound);
    for (address, addresses_left) in addresses.iter().zip((1..=count).rev()) {
        let patience = deadline.left()? / addresses_left;
        outcome = TcpStream::connect_timeout(address, patience).map_err(|error| fault(error, deadline));
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

#[derive(Debug)]
pub(super) struct Connected {
    stream: TcpStream,
    buffers: LazyBuffers,
}

impl Transport for Connected {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let deadline = Deadline::of(timeout);
        let mut rest = self.buffers.output().get(..amount).unwrap_or_default();
        while !rest.is_empty() {
            limited(self.stream.set_write_timeout(Some(deadline.left()?)))?;
            match self.stream.write(rest) {
                Ok(0) => return Err(io::Error::from(ErrorKind::WriteZero).into()),
                Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(fault(error, deadline)),
            }
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let deadline = Deadline::of(timeout);
        loop {
            limited(self.stream.set_read_timeout(Some(deadline.left()?)))?;
            match self.stream.read(self.buffers.input_append_buf()) {
                Ok(length) => {
                    self.buffers.input_appended(length);
                    return Ok(length > 0);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(fault(error, deadline)),
            }
        }
    }

    fn is_open(&mut self) -> bool {
        // What comes unasked would be taken for the next answer.
        let unasked = self.stream.set_nonblocking(true).and_then(|()| self.stream.peek(&mut [0]));
        unasked.is_err_and(|error| error.kind() == ErrorKind::WouldBlock) && self.stream.set_nonblocking(false).is_ok()
    }
}

/// macOS refuses a limit once the other side has closed, and then nothing waits.
fn limited(set: io::Result<()>) -> io::Result<()> {
    match set {
        Err(error) if cfg!(target_os = "macos") && error.kind() == ErrorKind::InvalidInput => Ok(()),
        set => set,
    }
}

fn fault(error: io::Error, deadline: Deadline) -> Error {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => deadline.passed(),
        _ => error.into(),
    }
}

/// Longer than a healthy connection takes, and three such waits are less than a second.
const BRIEF: Duration = Duration::from_millis(250);

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::thread;
    use std::time::Instant;

    use socket2::{Domain, SockRef, Socket, Type};

    use super::*;

    /// A connection of small buffers, with its other end.
    fn pair() -> (Connected, Socket) {
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        listener.set_recv_buffer_size(1).unwrap();
        listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
        listener.listen(1).unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap().as_socket().unwrap()).unwrap();
        SockRef::from(&stream).set_send_buffer_size(1).unwrap();
        (Connected { stream, buffers: LazyBuffers::new(1024, 128 * 1024) }, listener.accept().unwrap().0)
    }

    #[test]
    fn write_that_gets_through_piece_by_piece_ends_by_the_deadline() {
        let (mut connection, mut other_end) = pair();
        thread::spawn(move || {
            while other_end.read(&mut [0; 500]).is_ok_and(|length| length > 0) {
                thread::sleep(Duration::from_millis(50));
            }
        });
        let timeout = NextTimeout { after: Duration::from_millis(500).into(), ..NextTimeout::default() };
        let began = Instant::now();
        assert!(matches!(connection.transmit_output(128 * 1024, timeout), Err(Error::Timeout(_))));
        // To take all of it in, the other end needs 13 s.
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    }

    #[test]
    fn without_time_left_nothing_waits() {
        let none = NextTimeout { after: Duration::ZERO.into(), ..NextTimeout::default() };
        let (mut connection, _other_end) = pair();
        assert!(matches!(connection.transmit_output(1, none), Err(Error::Timeout(_))));
        assert!(matches!(connection.await_input(none), Err(Error::Timeout(_))));
        let address = connection.stream.peer_addr().unwrap();
        for count in [1, 16] {
            assert!(matches!(to_any(&[address; 16][..count], Deadline::of(none)), Err(Error::Timeout(_))));
        }
    }

    #[test]
    fn connection_on_which_something_came_unasked_is_not_open() {
        let (mut connection, mut other_end) = pair();
        assert!(connection.is_open());
        other_end.write_all(b"H").unwrap();
        assert_eq!(connection.stream.peek(&mut [0]).unwrap(), 1);
        assert!(!connection.is_open());
    }
}
