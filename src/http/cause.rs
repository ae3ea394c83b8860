//! What went wrong on the way, in words that a person can act on.

use std::io;

use rustls::AlertDescription::{HandshakeFailure, ProtocolVersion};
use rustls::CertificateError::{
    BadSignature, Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet, NotValidYetContext,
    Other, UnknownIssuer,
};
use rustls::Error as TlsError;
use ureq::Error;

/// An error in words of its own.
pub(super) fn in_words(why: impl Into<String>) -> Error {
    io::Error::other(why.into()).into()
}

pub(super) fn cause(error: &Error) -> String {
    match error {
        Error::Io(io) => match io.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(error) => tls(error),
            None => io.to_string(),
        },
        Error::Protocol(fault) => {
            format!("broken HTTP ({fault}): a wrong port, or a proxy in between")
        }
        Error::BadUri(_) => "the address is not a URL".into(),
        other => other.to_string(),
    }
}

fn tls(error: &TlsError) -> String {
    match error {
        TlsError::InvalidCertificate(Expired | ExpiredContext { .. }) => {
            "the server's certificate has expired, or this machine's clock is wrong".into()
        }
        TlsError::InvalidCertificate(NotValidYet | NotValidYetContext { .. }) => {
            "the server's certificate is not valid yet, or this machine's clock is wrong".into()
        }
        TlsError::InvalidCertificate(NotValidForName | NotValidForNameContext { .. }) => {
            "the server's certificate is for another name: a login page or a wrong address".into()
        }
        TlsError::InvalidCertificate(UnknownIssuer | BadSignature) => {
            "the server's certificate is from an authority that is not trusted: a proxy or an antivirus program may \
             stand in between"
                .into()
        }
        TlsError::InvalidCertificate(Other(fault)) => format!("the server's certificate cannot be accepted: {fault}"),
        TlsError::InvalidCertificate(fault) => format!("the server's certificate cannot be accepted: {fault}"),
        TlsError::InvalidMessage(_) => "the server does not speak TLS: a login page, a proxy or a wrong port".into(),
        TlsError::PeerIncompatible(_) | TlsError::AlertReceived(ProtocolVersion | HandshakeFailure) => {
            "the server speaks neither TLS 1.2 nor TLS 1.3".into()
        }
        other => other.to_string(),
    }
}
