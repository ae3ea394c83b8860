//! TLS over any stream. ureq's own cannot tell whether something is left in its buffers.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection};
use ureq::Error;

use super::deadline::Deadline;
use super::provider::provider;
use super::roots::Roots;
use super::stream::Stream;
use crate::sys::PerProcess;

/// What all connections of the process share that trust the same: also the sessions that may be resumed.
pub(super) fn config(roots: &Roots) -> Result<Arc<ClientConfig>, Error> {
    let mut known = CONFIGS.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, config)) = known.iter().find(|(trusted, _)| trusted == roots) {
        return Ok(config.clone());
    }
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(fault)?
        .with_root_certificates(roots.store())
        .with_no_client_auth();
    let config = Arc::new(config);
    known.truncate(MOST_CONFIGS - 1);
    known.insert(0, (roots.clone(), config.clone()));
    Ok(config)
}

type Configs = Mutex<Vec<(Roots, Arc<ClientConfig>)>>;
/// The newest first.
static CONFIGS: PerProcess<Configs> = PerProcess::new();
/// A program trusts one or two sets of authorities.
const MOST_CONFIGS: usize = 8;

#[derive(Debug)]
pub(super) struct Tls {
    inner: Box<dyn Stream>,
    session: ClientConnection,
    /// What came and is not taken in yet: rustls is given whole records, so that a part of one is seen here.
    received: Vec<u8>,
}

impl Tls {
    /// Makes sure that the other side is `host`.
    pub fn over(
        inner: Box<dyn Stream>,
        config: Arc<ClientConfig>,
        host: &str,
        deadline: Deadline,
    ) -> Result<Self, Error> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| Error::BadUri(host.to_owned()))?;
        let session = ClientConnection::new(config, name).map_err(fault)?;
        let mut tls = Self { inner, session, received: Vec::new() };
        while tls.session.is_handshaking() {
            tls.flush(deadline)?;
            if let Err(error) = tls.next_record(Some(deadline)) {
                // The server is told why, if it still listens.
                tls.flush(deadline).ok();
                return Err(error);
            }
        }
        tls.flush(deadline)?;
        Ok(tls)
    }

    /// Sends what is ready to go.
    fn flush(&mut self, deadline: Deadline) -> Result<(), Error> {
        let mut bytes = Vec::new();
        while self.session.wants_write() {
            self.session.write_tls(&mut bytes)?;
        }
        self.inner.write(&bytes, deadline)
    }

    /// Takes in one record, for which it waits.
    fn next_record(&mut self, deadline: Option<Deadline>) -> Result<(), Error> {
        loop {
            match record(&self.received) {
                Some(length) => return self.take_in(length),
                None => self.receive(deadline)?,
            }
        }
    }

    fn receive(&mut self, deadline: Option<Deadline>) -> Result<(), Error> {
        let before = self.received.len();
        self.received.resize(before + CHUNK, 0);
        let outcome = self.inner.read(self.received.get_mut(before..).unwrap_or_default(), deadline);
        self.received.truncate(before + outcome.as_ref().map_or(0, |length| *length));
        match outcome? {
            0 => Err(io::Error::new(ErrorKind::UnexpectedEof, "the server closed the connection").into()),
            _ => Ok(()),
        }
    }

    fn has_nothing_unread(&mut self) -> bool {
        let state = self.session.process_new_packets();
        state.is_ok_and(|state| state.plaintext_bytes_to_read() == 0 && !state.peer_has_closed()) && !self.holds_part()
    }

    fn take_in(&mut self, length: usize) -> Result<(), Error> {
        let mut bytes = self.received.get(..length).unwrap_or_default();
        // After the end that the server has announced, nothing is read any more.
        while !bytes.is_empty() && self.session.read_tls(&mut bytes)? > 0 {
            self.session.process_new_packets().map_err(fault)?;
        }
        self.received.drain(..length);
        Ok(())
    }
}

impl Stream for Tls {
    fn write(&mut self, mut bytes: &[u8], deadline: Deadline) -> Result<(), Error> {
        while !bytes.is_empty() {
            let taken = self.session.writer().write(bytes)?;
            self.flush(deadline)?;
            bytes = bytes.get(taken..).unwrap_or_default();
        }
        Ok(())
    }

    fn read(&mut self, into: &mut [u8], deadline: Option<Deadline>) -> Result<usize, Error> {
        loop {
            match self.session.reader().read(into) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.next_record(deadline)?,
                outcome => return Ok(outcome?),
            }
        }
    }

    fn holds_part(&self) -> bool {
        !self.received.is_empty() || self.inner.holds_part()
    }

    fn is_idle(&mut self) -> bool {
        // Session tickets and key updates come unasked, and are taken in.
        for _ in 0..2 {
            while let Some(length) = record(&self.received) {
                if self.take_in(length).is_err() {
                    return false;
                }
            }
            match self.receive(None) {
                Ok(()) => {}
                Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => return self.has_nothing_unread(),
                Err(_) => return false,
            }
        }
        // Still more than a few tickets.
        false
    }
}

/// How long the first record is, if all of it is here. What is no TLS is taken as one record, which rustls will refuse.
fn record(bytes: &[u8]) -> Option<usize> {
    let is_tls = CONTENT_TYPES.contains(bytes.first()?);
    let length = HEADER + usize::from(u16::from_be_bytes([*bytes.get(3)?, *bytes.get(4)?]));
    if !is_tls || length > LONGEST_RECORD {
        return Some(bytes.len());
    }
    (bytes.len() >= length).then_some(length)
}

fn fault(error: rustls::Error) -> Error {
    io::Error::new(ErrorKind::InvalidData, error).into()
}

/// Of change_cipher_spec, alert, handshake and application_data (RFC 8446, 5.1).
const CONTENT_TYPES: std::ops::RangeInclusive<u8> = 20..=23;
/// Type, version and length of a record.
const HEADER: usize = 5;
/// With all that encryption may add to it (RFC 5246, 6.2.3).
const LONGEST_RECORD: usize = HEADER + (1 << 14) + 2048;
const CHUNK: usize = 16 * 1024;
