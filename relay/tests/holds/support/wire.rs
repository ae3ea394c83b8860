//! A program that asks a relay, as the wire says, and believes nothing that is not signed.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpSocket;
use whop_license::lease::{Lease, Reason};

use super::{Customer, Keys};

/// What a relay said, as far as it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Allowed,
    /// Known, and not valid.
    Inactive,
    Denied(Reason),
    /// 429 or 503, and the wait in seconds.
    Later(u16, Option<u64>),
    /// Another status without a signature.
    Unsigned(u16),
}

/// An answer, before anything is verified.
pub struct Answer {
    status: u16,
    wait: Option<u64>,
    nonce: String,
    body: Bytes,
}

#[derive(Deserialize)]
struct Body {
    lease: Option<String>,
}

impl Answer {
    /// What it says to this customer. An answer that is signed wrongly fails the test.
    pub fn said(&self, keys: &Keys, customer: &Customer) -> Said {
        // What is no JSON is the proxy's.
        let Ok(body) = serde_json::from_slice::<Body>(&self.body) else { return Said::Unsigned(self.status) };
        let Some(token) = body.lease else {
            return match self.status {
                429 | 503 => Said::Later(self.status, self.wait),
                status => Said::Unsigned(status),
            };
        };
        let lease = Lease::verify(&token, &keys.trusted).unwrap();
        let claims = lease.claims();
        let of = |nonce: &str, (key, device): (&str, &str)| (nonce.to_owned(), key.to_owned(), device.to_owned());
        let (key, device) = customer.hashes();
        let signed = of(&claims.nonce, (&claims.key_sha256, &claims.device_sha256));
        assert!(signed == of(&self.nonce, (&key, &device)), "signed for another call, license or device");
        let said = match (claims.valid, claims.reason) {
            (Some(true), None) => Said::Allowed,
            (Some(false), None) => Said::Inactive,
            (None, Some(reason)) => Said::Denied(reason),
            _ => unreachable!("verified"),
        };
        let status = match said {
            Said::Allowed | Said::Inactive => 201,
            Said::Denied(Reason::DeviceMismatch) => 400,
            _ => 404,
        };
        assert_eq!(self.status, status, "another status than what is signed: {said:?}");
        said
    }

    pub fn status(&self) -> u16 {
        self.status
    }

    /// The lease as it came, for the next call.
    pub fn lease(&self) -> Option<String> {
        serde_json::from_slice::<Body>(&self.body).ok()?.lease
    }
}

/// A connection to a relay or the proxy before it.
pub struct Connection(SendRequest<Full<Bytes>>);

impl Connection {
    /// Connects from an address of its own.
    pub async fn open(to: SocketAddr, from: Ipv4Addr) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((from, 0).into())?;
        let stream = socket.connect(to).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
        // Its end shows where it is used.
        tokio::spawn(async move { drop(connection.await) });
        Ok(Self(sender))
    }

    /// Asks whether this customer's license is good on his device.
    pub async fn ask(&mut self, keys: &Keys, customer: &Customer) -> io::Result<Answer> {
        let mut bytes = [0; 16];
        bytes.fill_with(|| fastrand::u8(..));
        let nonce = BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let mut request = Request::post(format!("/v2/memberships/{}/validate_license", customer.license_key))
            .header("host", "relay")
            .header("content-type", "application/json")
            .header("whop-license-nonce", &nonce)
            .header("whop-license-keys", &keys.ids);
        if let Some(lease) = &customer.lease {
            request = request.header("whop-license-lease", lease);
        }
        let body = format!(r#"{{"metadata":{{"hwid":"{}"}}}}"#, customer.device);
        let request = request.body(Full::new(body.into())).map_err(io::Error::other)?;
        self.0.ready().await.map_err(io::Error::other)?;
        let answer = self.0.send_request(request).await.map_err(io::Error::other)?;
        let (head, body) = answer.into_parts();
        let wait = head.headers.get("retry-after").and_then(|wait| wait.to_str().ok()?.parse().ok());
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        Ok(Answer { status: head.status.as_u16(), wait, nonce, body })
    }
}

/// Asks once over a connection of its own, for 10 seconds at most, as the library does.
pub async fn ask(to: SocketAddr, keys: &Keys, customer: &Customer) -> io::Result<Said> {
    let asked = async {
        let answer = Connection::open(to, customer.address).await?.ask(keys, customer).await?;
        Ok(answer.said(keys, customer))
    };
    tokio::time::timeout(Duration::from_secs(10), asked).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Asks until something is said, and comes back when the relay says so. Gives that and how often it was asked.
///
/// None when nothing was said for so long.
pub async fn ask_patiently(to: SocketAddr, keys: &Keys, customer: &Customer, longest: Duration) -> (Option<Said>, u32) {
    let began = Instant::now();
    for count in 1.. {
        let said = ask(to, keys, customer).await;
        if std::env::var_os("SHOW_ANSWERS").is_some() {
            eprintln!("{} {} after {:?}: {said:?}", customer.license_key, customer.device, began.elapsed());
        }
        let wait = match said {
            Ok(Said::Later(_, wait)) => {
                let wait = wait.unwrap_or_else(|| panic!("429 and 503 without Retry-After"));
                // Not all at the same moment.
                Duration::from_secs(wait) + Duration::from_millis(fastrand::u64(0..1000))
            }
            // Of the proxy.
            Ok(Said::Unsigned(502..=504)) | Err(_) => Duration::from_millis(fastrand::u64(200..1200)),
            Ok(said) => return (Some(said), count),
        };
        if began.elapsed() + wait > longest {
            return (None, count);
        }
        tokio::time::sleep(wait).await;
    }
    (None, 0)
}
