//! `doctor --scan`: archives, and archives in them.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use crate::scan::{KEY, scan, write};
use crate::support::Said;

fn zip_of(name: &str, content: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, SimpleFileOptions::default()).unwrap();
    writer.write_all(content).unwrap();
    writer.finish().unwrap().into_inner()
}

fn gzip_of(content: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(content).unwrap();
    writer.finish().unwrap()
}

/// A text with a key that is compressed, so that the key is not in the archive itself.
fn text() -> Vec<u8> {
    let text = ["x".repeat(5000), KEY.to_owned(), "x".repeat(5000)].concat().replace('x', "the same again ");
    text.into_bytes()
}

/// An entry that is named like no archive, in so many ZIP files.
fn nested(depth: usize) -> Vec<u8> {
    (0..depth).fold(text(), |content, _| zip_of("entry", &content))
}

/// What a scan of one file says.
fn scan_of(content: &[u8]) -> Said {
    assert!(!content.windows(KEY.len()).any(|part| part == KEY.as_bytes()), "it must be compressed");
    let build = tempfile::tempdir().unwrap();
    write(&build.path().join("file"), &[content]);
    scan(build.path(), &["--json"])
}

#[track_caller]
fn assert_found_inside(content: &[u8], inside: &str) {
    let said = scan_of(content);
    let found = said.json()["found"].as_array().unwrap().clone();
    assert_eq!((said.status, found.len()), (1, 1), "{said:?}");
    assert_eq!(found[0]["inside"], inside);
}

#[test]
fn archives_are_opened_by_their_bytes_also_one_in_another() {
    assert_found_inside(&zip_of("Config.class", &text()), "Config.class");
    assert_found_inside(&gzip_of(&text()), "unpacked");
    for name in ["libs/game.jar", "app.ipa", "base.apk", "data.bin", "no-ending"] {
        assert_found_inside(&zip_of(name, &zip_of("Config.class", &text())), &format!("{name}!Config.class"));
        assert_found_inside(&zip_of(name, &gzip_of(&text())), &format!("{name}!unpacked"));
    }
    assert_found_inside(&gzip_of(&zip_of("Config.class", &text())), "unpacked!Config.class");
    assert_found_inside(&gzip_of(&gzip_of(&text())), "unpacked!unpacked");
    assert_found_inside(&nested(5), "entry!entry!entry!entry!entry");
    assert_found_inside(&zip_of("folder/", &text()), "folder/");
}

#[test]
fn archive_behind_a_program_is_opened_also_with_a_signature_behind_it() {
    for signature in [0, 20_000] {
        let program = [b"MZ\x90\0 unpacks itself", &zip_of("Config.class", &text())[..], &vec![7; signature]].concat();
        assert_found_inside(&program, "Config.class");
        assert_found_inside(&zip_of("setup.exe", &program), "setup.exe!Config.class");
    }
}

#[track_caller]
fn assert_unread(content: &[u8], why: &str) {
    let said = scan_of(content);
    let unread = said.json()["unread"].as_array().unwrap().clone();
    assert_eq!((said.status, unread.len()), (2, 1), "{said:?}");
    assert!(unread[0]["why"].as_str().unwrap().contains(why), "{said:?}");
}

#[test]
fn what_is_not_opened_is_not_clean() {
    assert_unread(&nested(9), "an archive in 8 others is not opened");
    assert_unread(b"PK\x03\x04 and no more", "");
    assert_unread(&zip_of("broken", b"PK\x03\x04 and no more"), "");
    assert_unread(&gzip_of(b"\x1f\x8b\x08\0 and no more"), "");
    let behind_another = [zip_of("first", &text()), zip_of("last", b"")].concat();
    assert_unread(&behind_another, "one archive behind another");
}

#[test]
fn program_with_the_mark_of_an_archive_is_none() {
    for content in [&b"MZ PK\x05\x06 as a program that reads archives holds it, and more than a record"[..], b"PK"] {
        let said = scan_of(content);
        assert_eq!(said.status, 0, "{said:?}");
    }
}

#[test]
fn key_before_the_damage_in_an_archive_is_found_and_the_rest_is_unread() {
    // What cannot be packed well, so that the damage is far behind the key.
    let mut state = 1_u32;
    let noise: Vec<u8> = (0..200_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect();
    let content = [&text()[..], &noise].concat();
    for mut archive in [gzip_of(&content), zip_of("entry", &content)] {
        let middle = archive.len() / 2;
        let cut = archive[..middle].to_vec();
        archive[middle..middle + 100].fill(0xff);
        let is_gzip = archive.starts_with(b"\x1f\x8b");
        // A ZIP that is cut has lost its directory.
        for damaged in [Some(archive), is_gzip.then_some(cut)].into_iter().flatten() {
            let said = scan_of(&damaged);
            let told = said.json();
            let count = |name: &str| told[name].as_array().unwrap().len();
            assert_eq!((said.status, count("found"), count("unread")), (1, 1, 1), "{said:?}");
        }
    }
}
