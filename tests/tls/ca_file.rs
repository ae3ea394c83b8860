//! The file of trusted authorities.

use whop_license::{Client, Error};

use crate::support::authority::Authority;
use crate::support::workshop::{Workshop, alone, run};
use crate::support::{Peer, yes};

fn refusal(content: impl AsRef<[u8]>) -> String {
    let workshop = Workshop::new();
    let path = workshop.path("ca.pem");
    std::fs::write(&path, content).unwrap();
    refusal_of(path.to_str().unwrap())
}

fn refusal_of(path: &str) -> String {
    match Client::builder("apik_secret").ca_file(path).build() {
        Err(error @ Error::InvalidArgument { argument: "ca_file", .. }) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

/// PEM around bytes that are no certificate.
fn broken() -> String {
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", "QUJD".repeat(12))
}

#[test]
fn file_without_a_usable_certificate_is_refused() {
    let none = "ca_file: holds no certificate that can be used";
    assert!(refusal_of("/nowhere/ca.pem").starts_with("ca_file: cannot be read: No such file"));
    assert!(refusal_of("/").starts_with("ca_file: cannot be read: "));
    assert!(refusal_of("/nul\0/ca.pem").starts_with("ca_file: cannot be read: "));
    assert!(refusal("").starts_with(none));
    assert!(refusal("no PEM at all").starts_with(none));
    assert!(refusal([0, 159, 146, 150]).starts_with(none));
    assert!(refusal(rcgen::KeyPair::generate().unwrap().serialize_pem()).starts_with(none));
    assert!(refusal(broken()).starts_with(none));
    assert!(refusal(&Authority::new().pem()[..200]).starts_with("ca_file: "));
    assert!(refusal(vec![b'x'; 5 << 20]).starts_with("ca_file: longer than 1 MiB"));
}

/// Who opens a pipe waits for its other end.
#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_and_not_opened() {
    use std::os::unix::fs::symlink;

    let no_file = "ca_file: cannot be read: it is not a regular file";
    let workshop = Workshop::new();
    let [pipe, link, file] = ["pipe", "link", "ca.pem"].map(|name| workshop.path(name));
    run(alone("mkfifo").arg(&pipe));
    symlink(&pipe, &link).unwrap();
    for path in [&*pipe, &*link, "/dev/zero".as_ref(), "/".as_ref()] {
        assert_eq!(refusal_of(path.to_str().unwrap()), no_file);
    }
    // A link to a file is as good as the file.
    std::fs::write(&file, Authority::new().pem()).unwrap();
    std::fs::remove_file(&link).unwrap();
    symlink(&file, &link).unwrap();
    assert!(Client::builder("apik_secret").ca_file(link.to_str().unwrap()).build().is_ok());
}

#[test]
fn good_certificate_is_found_among_others() {
    let (authority, other, workshop) = (Authority::new(), Authority::new(), Workshop::new());
    let path = workshop.path("ca.pem");
    let notes = "an authority of ours\n".repeat(1000);
    std::fs::write(&path, [&notes, other.pem(), &broken(), authority.pem()].concat()).unwrap();
    let peer = Peer::start_tls([yes("any")], authority.server(&["localhost"]));
    let mut settings = Client::builder("apik_secret");
    settings.base_url(&format!("https://localhost:{}/api", peer.port())).ca_file(path.to_str().unwrap());
    assert!(settings.proxy("").build().unwrap().validate_license("K", "{}").unwrap().is_allowed());
}
