//! The way through an HTTP proxy: CONNECT (RFC 9110, 9.3.6).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use httparse::{EMPTY_HEADER, Response, Status};
use ureq::Error;

use super::cause::in_words;
use super::deadline::Deadline;
use super::settings::USER_AGENT;
use super::stream::Stream;

/// Makes of a connection to the proxy one to `target`, which is HOST:PORT.
pub(super) fn open(
    stream: &mut dyn Stream,
    target: &str,
    proxy: &ureq::Proxy,
    deadline: Deadline,
) -> Result<(), Error> {
    let authorization = match (proxy.username(), proxy.password()) {
        (None, None) => String::new(),
        (user, password) => {
            let user = [user.unwrap_or_default(), ":", password.unwrap_or_default()].concat();
            format!("Proxy-Authorization: Basic {}\r\n", BASE64_STANDARD.encode(user))
        }
    };
    let request = format!(
        "CONNECT {target} HTTP/1.1\r\nHost: {target}\r\nUser-Agent: {USER_AGENT}\r\n\
         Proxy-Connection: Keep-Alive\r\n{authorization}\r\n"
    );
    stream.write(request.as_bytes(), deadline)?;
    match answer(stream, deadline)? {
        200..300 => Ok(()),
        407 => Err(in_words("the proxy wants a user name and a password, or others than these (407)")),
        code => Err(in_words(format!("the proxy does not let the request through ({code})"))),
    }
}

/// The status of the proxy's answer.
fn answer(stream: &mut dyn Stream, deadline: Deadline) -> Result<u16, Error> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 1024];
        let length = stream.read(&mut chunk, Some(deadline))?;
        bytes.extend_from_slice(chunk.get(..length).unwrap_or_default());
        let (code, head) = match parse(&bytes) {
            Ok(Some(answer)) => answer,
            Ok(None) if length > 0 && bytes.len() < MAX_HEAD => continue,
            Ok(None) if length == 0 => return Err(in_words("the proxy closed the connection")),
            Ok(None) => return Err(in_words("the proxy's answer is too long")),
            Err(fault) => return Err(in_words(format!("the proxy's answer is broken HTTP ({fault}): a wrong port?"))),
        };
        match code {
            100..200 => _ = bytes.drain(..head),
            // A server of TLS does not speak first: what follows would be the proxy's own words.
            200..300 if bytes.len() > head => return Err(in_words("the proxy sent more than its answer")),
            _ => return Ok(code),
        }
    }
}

/// The status and the length of the answer's head, if all of it is here.
fn parse(bytes: &[u8]) -> Result<Option<(u16, usize)>, httparse::Error> {
    let mut headers = [EMPTY_HEADER; MAX_HEADERS];
    let mut response = Response::new(&mut headers);
    Ok(match response.parse(bytes)? {
        Status::Complete(length) => response.code.map(|code| (code, length)),
        Status::Partial => None,
    })
}

const MAX_HEADERS: usize = 100;
const MAX_HEAD: usize = 64 * 1024;
