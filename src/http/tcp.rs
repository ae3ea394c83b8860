//! TCP that keeps to a deadline, also with an address that swallows everything, with a write that gets through piece by
//! piece or is interrupted by signals, and when no time is left. Every wait ends when the call is canceled.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, Socket, Type};
use ureq::Error;

use super::deadline::Deadline;
use super::resolver::{forget, look_up};
use super::stream::Stream;
use super::token;
use crate::sys::{Readiness, is_being_made};

/// A socket that never blocks. A call that is canceled shuts it down from another thread.
#[derive(Debug)]
pub(super) struct Tcp(Arc<TcpStream>);

/// Connects to whichever address of the host answers first.
pub(super) fn connect(host: &str, port: u16, deadline: Deadline) -> Result<Tcp, Error> {
    let tcp = to_any(&look_up(host, port, deadline)?, deadline).inspect_err(|_| forget(host))?;
    tcp.0.set_nodelay(true)?;
    Ok(tcp)
}

/// Tries every address briefly before it has patience with one. Else one that swallows everything, such as IPv6 in a network
/// that only claims to have it, would cost most of the deadline.
fn to_any(addresses: &[SocketAddr], deadline: Deadline) -> Result<Tcp, Error> {
    let count = addresses.len() as u32;
    if count > 1 {
        let brief = BRIEF.min(deadline.left()? / (2 * count));
        for address in addresses {
            if let Ok(tcp) = to(*address, Instant::now() + brief) {
                return Ok(tcp);
            }
        }
    }
    let mut outcome = Err(Error::HostNotFound);
    for (address, addresses_left) in addresses.iter().zip((1..=count).rev()) {
        let patience = deadline.left()? / addresses_left;
        outcome = to(*address, Instant::now() + patience).map_err(|error| match error.kind() {
            ErrorKind::TimedOut => deadline.passed(),
            _ => error.into(),
        });
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

fn to(address: SocketAddr, until: Instant) -> io::Result<Tcp> {
    token::check()?;
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    let begun = socket.connect(&address.into());
    let stream = Arc::new(TcpStream::from(socket));
    match begun {
        Err(error) if is_being_made(&error) => {}
        outcome => return outcome.map(|()| Tcp(stream)),
    }
    let is_ready = token::wait(&stream, Readiness::Connected, until)?;
    match stream.take_error()? {
        Some(error) => Err(error),
        None if is_ready => Ok(Tcp(stream)),
        None => Err(ErrorKind::TimedOut.into()),
    }
}

impl Tcp {
    fn wait(&self, readiness: Readiness, deadline: Deadline) -> Result<(), Error> {
        deadline.left()?;
        match token::wait(&self.0, readiness, deadline.instant())? {
            true => Ok(()),
            false => Err(deadline.passed()),
        }
    }
}

impl Stream for Tcp {
    fn write(&mut self, mut bytes: &[u8], deadline: Deadline) -> Result<(), Error> {
        deadline.left()?;
        while !bytes.is_empty() {
            match (&*self.0).write(bytes) {
                Ok(0) => return Err(io::Error::from(ErrorKind::WriteZero).into()),
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.wait(Readiness::Write, deadline)?,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn read(&mut self, into: &mut [u8], deadline: Option<Deadline>) -> Result<usize, Error> {
        loop {
            // First: an answer is never there already.
            if let Some(deadline) = deadline {
                self.wait(Readiness::Read, deadline)?;
            }
            match (&*self.0).read(into) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock && deadline.is_some() => {}
                outcome => return Ok(outcome?),
            }
        }
    }

    fn holds_part(&self) -> bool {
        false
    }

    fn is_idle(&mut self) -> bool {
        self.0.peek(&mut [0]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }
}

/// Longer than a healthy connection takes, and three such waits are less than a second.
const BRIEF: Duration = Duration::from_millis(250);

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::thread;

    use socket2::SockRef;
    use ureq::unversioned::transport::NextTimeout;

    use super::*;

    /// A connection of small buffers, with its other end.
    fn pair() -> (Tcp, Socket) {
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        listener.set_recv_buffer_size(1).unwrap();
        listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
        listener.listen(1).unwrap();
        let address = listener.local_addr().unwrap().as_socket().unwrap();
        let tcp = to(address, Instant::now() + Duration::from_secs(10)).unwrap();
        SockRef::from(&*tcp.0).set_send_buffer_size(1).unwrap();
        (tcp, listener.accept().unwrap().0)
    }

    /// How much has come, for which it waits.
    fn peeked(tcp: &Tcp) -> usize {
        tcp.wait(Readiness::Read, within(Duration::from_secs(10))).unwrap();
        tcp.0.peek(&mut [0]).unwrap()
    }

    fn within(timeout: Duration) -> Deadline {
        Deadline::of(NextTimeout { after: timeout.into(), ..NextTimeout::default() })
    }

    #[test]
    fn write_that_gets_through_piece_by_piece_ends_by_the_deadline() {
        let (mut tcp, mut other_end) = pair();
        thread::spawn(move || {
            while other_end.read(&mut [0; 500]).is_ok_and(|length| length > 0) {
                thread::sleep(Duration::from_millis(50));
            }
        });
        let began = Instant::now();
        let outcome = Stream::write(&mut tcp, &[0; 128 * 1024], within(Duration::from_millis(500)));
        assert!(matches!(outcome, Err(Error::Timeout(_))));
        // To take all of it in, the other end needs 13 s.
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    }

    #[test]
    fn without_time_left_nothing_waits() {
        let none = within(Duration::ZERO);
        let (mut tcp, _other_end) = pair();
        assert!(matches!(Stream::write(&mut tcp, &[0], none), Err(Error::Timeout(_))));
        assert!(matches!(Stream::read(&mut tcp, &mut [0], Some(none)), Err(Error::Timeout(_))));
        let address = tcp.0.peer_addr().unwrap();
        for count in [1, 16] {
            assert!(matches!(to_any(&[address; 16][..count], none), Err(Error::Timeout(_))));
        }
    }

    #[test]
    fn connection_on_which_something_came_unasked_or_that_is_closed_is_not_idle() {
        let (mut tcp, mut other_end) = pair();
        assert!(tcp.is_idle());
        other_end.write_all(b"H").unwrap();
        assert_eq!(peeked(&tcp), 1);
        assert!(!tcp.is_idle());
        let (mut tcp, other_end) = pair();
        drop(other_end);
        assert_eq!(peeked(&tcp), 0);
        assert!(!tcp.is_idle());
    }
}
