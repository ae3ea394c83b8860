//! Whose certificate a server shows.

use x509_parser::prelude::{FromDer, X509Certificate, X509Name};

/// Whose the first certificate is, who issued it, and when it ends.
pub(super) fn of(shown: &[Vec<u8>]) -> Option<String> {
    let der = shown.first()?;
    let Ok((_, certificate)) = X509Certificate::from_der(der) else {
        return Some("a certificate that cannot be read".into());
    };
    let validity = certificate.validity();
    Some(format!(
        "certificate of \"{}\", issued by \"{}\", from {} to {}",
        name(certificate.subject()),
        name(certificate.issuer()),
        day(validity.not_before.timestamp()),
        day(validity.not_after.timestamp()),
    ))
}

/// The common name, or else the organization, or else all of it.
fn name(name: &X509Name<'_>) -> String {
    let first = name.iter_common_name().chain(name.iter_organization()).find_map(|part| part.as_str().ok());
    let text = first.map_or_else(|| name.to_string(), str::to_owned);
    text.chars().take(LONGEST).collect()
}

fn day(unix_seconds: i64) -> String {
    let time = super::time::in_words(unix_seconds);
    time.split('T').next().unwrap_or_default().to_owned()
}

const LONGEST: usize = 80;
