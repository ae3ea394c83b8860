//! TCP that keeps to a deadline, also with an address that swallows everything, with a write that gets through piece by
//! piece or is interrupted by signals, and when no time is left.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use ureq::Error;

use super::deadline::Deadline;
use super::resolver::{forget, look_up};
use super::stream::Stream;

/// Connects to whichever address of the host answers first.
pub(super) fn connect(host: &str, port: u16, deadline: Deadline) -> Result<TcpStream, Error> {
    let stream = to_any(&look_up(host, port, deadline)?, deadline).inspect_err(|_| forget(host))?;
    stream.set_nodelay(true)?;
    Ok(stream)
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

impl Stream for TcpStream {
    fn write(&mut self, mut bytes: &[u8], deadline: Deadline) -> Result<(), Error> {
        while !bytes.is_empty() {
            limited(self.set_write_timeout(Some(part(deadline.left()?))))?;
            match Write::write(self, bytes) {
                Ok(0) => return Err(io::Error::from(ErrorKind::WriteZero).into()),
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(error) if may_go_on(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn read(&mut self, into: &mut [u8], deadline: Option<Deadline>) -> Result<usize, Error> {
        let Some(deadline) = deadline else { return Ok(without_waiting(self, |stream| Read::read(stream, into))?) };
        loop {
            limited(self.set_read_timeout(Some(part(deadline.left()?))))?;
            match Read::read(self, into) {
                Err(error) if may_go_on(&error) => {}
                outcome => return Ok(outcome?),
            }
        }
    }

    fn is_idle(&mut self) -> bool {
        let came = without_waiting(self, |stream| stream.peek(&mut [0]));
        came.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }
}

fn without_waiting(
    stream: &mut TcpStream,
    work: impl FnOnce(&mut TcpStream) -> io::Result<usize>,
) -> io::Result<usize> {
    stream.set_nonblocking(true)?;
    let outcome = work(stream);
    stream.set_nonblocking(false)?;
    outcome
}

/// macOS refuses a limit once the other side has closed, and then nothing waits.
fn limited(set: io::Result<()>) -> io::Result<()> {
    match set {
        Err(error) if cfg!(target_os = "macos") && error.kind() == ErrorKind::InvalidInput => Ok(()),
        set => set,
    }
}

/// The part of a wait that is over in time. Linux ends a socket's wait up to an eighth late: what is left is waited for anew.
/// On Windows, a socket may have lost something when its wait has ended, so it must be the last one.
fn part(left: Duration) -> Duration {
    if left > SHORT && !cfg!(windows) { left * 7 / 8 } else { left }
}

/// Whether a signal or a part of the wait has ended a read or write, and not its deadline.
fn may_go_on(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

fn fault(error: io::Error, deadline: Deadline) -> Error {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => deadline.passed(),
        _ => error.into(),
    }
}

/// An eighth of this is no delay.
const SHORT: Duration = Duration::from_millis(50);
/// Longer than a healthy connection takes, and three such waits are less than a second.
const BRIEF: Duration = Duration::from_millis(250);

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::thread;
    use std::time::Instant;

    use socket2::{Domain, SockRef, Socket, Type};
    use ureq::unversioned::transport::NextTimeout;

    use super::*;

    /// A connection of small buffers, with its other end.
    fn pair() -> (TcpStream, Socket) {
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        listener.set_recv_buffer_size(1).unwrap();
        listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
        listener.listen(1).unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap().as_socket().unwrap()).unwrap();
        SockRef::from(&stream).set_send_buffer_size(1).unwrap();
        (stream, listener.accept().unwrap().0)
    }

    fn within(timeout: Duration) -> Deadline {
        Deadline::of(NextTimeout { after: timeout.into(), ..NextTimeout::default() })
    }

    #[test]
    fn write_that_gets_through_piece_by_piece_ends_by_the_deadline() {
        let (mut stream, mut other_end) = pair();
        thread::spawn(move || {
            while other_end.read(&mut [0; 500]).is_ok_and(|length| length > 0) {
                thread::sleep(Duration::from_millis(50));
            }
        });
        let began = Instant::now();
        let outcome = Stream::write(&mut stream, &[0; 128 * 1024], within(Duration::from_millis(500)));
        assert!(matches!(outcome, Err(Error::Timeout(_))));
        // To take all of it in, the other end needs 13 s.
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    }

    #[test]
    #[cfg(not(windows))]
    fn part_of_a_wait_that_ends_an_eighth_late_is_over_in_time() {
        for ms in [1, 50, 51, 1000, 10_000, 600_000] {
            let left = Duration::from_millis(ms);
            let late = part(left) * 9 / 8;
            assert!(late <= left.max(SHORT * 9 / 8), "{ms}");
        }
    }

    #[test]
    fn without_time_left_nothing_waits() {
        let none = within(Duration::ZERO);
        let (mut stream, _other_end) = pair();
        assert!(matches!(Stream::write(&mut stream, &[0], none), Err(Error::Timeout(_))));
        assert!(matches!(Stream::read(&mut stream, &mut [0], Some(none)), Err(Error::Timeout(_))));
        let address = stream.peer_addr().unwrap();
        for count in [1, 16] {
            assert!(matches!(to_any(&[address; 16][..count], none), Err(Error::Timeout(_))));
        }
    }

    #[test]
    fn connection_on_which_something_came_unasked_or_that_is_closed_is_not_idle() {
        let (mut stream, mut other_end) = pair();
        assert!(stream.is_idle());
        other_end.write_all(b"H").unwrap();
        assert_eq!(stream.peek(&mut [0]).unwrap(), 1);
        assert!(!stream.is_idle());
        let (mut stream, other_end) = pair();
        drop(other_end);
        assert_eq!(stream.peek(&mut [0]).unwrap(), 0);
        assert!(!stream.is_idle());
    }
}
