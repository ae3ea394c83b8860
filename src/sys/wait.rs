//! Waits for a socket. std can only have the socket itself wait, which no other thread can end everywhere.

use std::io;
use std::net::TcpStream;
use std::time::Instant;

/// What a socket is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// The connection is open, or failed.
    Connected,
    /// Something can be read, or the other side has closed.
    Read,
    /// Something can be written.
    Write,
}

/// Waits until a socket is ready or has failed. False: not by then.
pub(crate) fn wait(socket: &TcpStream, readiness: Readiness, until: Instant) -> io::Result<bool> {
    loop {
        let left = until.saturating_duration_since(Instant::now());
        // Rounded up: the last part of a millisecond would be spent in a busy loop.
        let milliseconds = left.as_micros().div_ceil(1000).try_into().unwrap_or(i32::MAX);
        match poll(socket, readiness, milliseconds) {
            Ok(false) if !left.is_zero() => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            outcome => return outcome,
        }
    }
}

/// Whether a wait ends when another thread shuts the socket down. Where not, it is to be done in parts.
pub(crate) const fn shutdown_ends_wait(readiness: Readiness) -> bool {
    cfg!(any(target_os = "linux", target_os = "android")) || cfg!(unix) && !matches!(readiness, Readiness::Connected)
}

/// Whether this error of connect() says that the connection is being made, which is then waited for.
pub(crate) fn is_being_made(error: &io::Error) -> bool {
    #[cfg(unix)]
    return error.raw_os_error() == Some(libc::EINPROGRESS);
    #[cfg(not(unix))]
    return error.kind() == io::ErrorKind::WouldBlock;
}

#[cfg(unix)]
fn poll(socket: &TcpStream, readiness: Readiness, milliseconds: i32) -> io::Result<bool> {
    use std::os::fd::AsRawFd;

    let events = if readiness == Readiness::Read { libc::POLLIN } else { libc::POLLOUT };
    let mut watched = libc::pollfd { fd: socket.as_raw_fd(), events, revents: 0 };
    // SAFETY: it is one entry, and the descriptor is open as long as `socket`.
    match unsafe { libc::poll(&raw mut watched, 1, milliseconds) } {
        -1 => Err(io::Error::last_os_error()),
        ready => Ok(ready > 0),
    }
}

/// WSAPoll() would do for all, but before Windows 10 version 2004 it does not tell that a connection failed.
#[cfg(windows)]
fn poll(socket: &TcpStream, readiness: Readiness, milliseconds: i32) -> io::Result<bool> {
    use std::os::windows::io::AsRawSocket;

    use windows_sys::Win32::Networking::WinSock::{FD_SET, TIMEVAL, WSAGetLastError, select};

    let watched = || {
        let mut set = FD_SET { fd_count: 1, fd_array: [0; 64] };
        set.fd_array[0] = socket.as_raw_socket() as usize;
        set
    };
    let (mut reads, mut writes, mut failures) = (watched(), watched(), watched());
    if readiness == Readiness::Read {
        writes.fd_count = 0;
    } else {
        reads.fd_count = 0;
    }
    let timeout = TIMEVAL { tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000 };
    // SAFETY: each set says how many sockets are in it, and they are open as long as `socket`.
    match unsafe { select(0, &raw mut reads, &raw mut writes, &raw mut failures, &raw const timeout) } {
        // SAFETY: it reads this thread's last error.
        -1 => Err(io::Error::from_raw_os_error(unsafe { WSAGetLastError() })),
        ready => Ok(ready > 0),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Shutdown, TcpListener};
    use std::time::Duration;

    use super::*;

    #[test]
    fn shutdown_by_another_thread_ends_a_wait_where_it_is_said_to() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let socket = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let soon = Instant::now() + Duration::from_millis(20);
        assert!(!wait(&socket, Readiness::Read, soon).unwrap());
        assert!(wait(&socket, Readiness::Write, soon).unwrap());
        let late = Instant::now() + Duration::from_secs(30);
        std::thread::scope(|scope| {
            let waiter = scope.spawn(|| wait(&socket, Readiness::Read, late).unwrap());
            if shutdown_ends_wait(Readiness::Read) {
                socket.shutdown(Shutdown::Both).unwrap();
            } else {
                listener.accept().map(drop).unwrap();
            }
            assert!(waiter.join().unwrap());
        });
        assert!(Instant::now() < late);
    }
}
