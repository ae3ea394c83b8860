//! The identity of this machine, as its operating system keeps it: no subprocess, no root, no network.

#[cfg(target_os = "linux")]
use super::machine_id::kept;

/// In 32 lower-case hex digits, and where it is kept; none if this machine cannot be told from others.
pub(super) fn identity() -> Option<(String, &'static str)> {
    for (source, text) in kept() {
        // What cannot be read ends the search: who may read it must not get another identity than who may not.
        if let Some(id) = normalize(&text.ok()?) {
            return Some((id, source));
        }
    }
    None
}

/// `MachineGuid` of the registry, or `IOPlatformUUID`.
#[cfg(any(windows, target_os = "macos"))]
fn kept() -> impl Iterator<Item = (&'static str, std::io::Result<String>)> {
    let source = if cfg!(windows) { "MachineGuid in the registry" } else { "IOPlatformUUID" };
    machine_uid::get().into_iter().map(move |text| (source, Ok(text)))
}

#[cfg(not(any(target_os = "linux", windows, target_os = "macos")))]
fn kept() -> impl Iterator<Item = (&'static str, std::io::Result<String>)> {
    std::iter::empty()
}

/// One spelling of the 128 bits: Windows and macOS add hyphens, macOS writes capitals.
fn normalize(text: &str) -> Option<String> {
    let id = text.trim().replace('-', "").to_ascii_lowercase();
    let is_128_bits = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_filler = id.bytes().all(|byte| id.as_bytes().first() == Some(&byte));
    (is_128_bits && !is_filler && !SHARED.contains(&id.as_str())).then_some(id)
}

/// What many machines have been given alike. To add one here takes the device id away from those who have it.
const SHARED: [&str; 8] = [
    // Whonix and Kicksecure, for all their users on purpose.
    "b08dfa6083e7567a1921a715000001fb",
    // Images that were shipped with one: HypriotOS until 1.6, Debian 12.0.1 for the NanoPi R5.
    "9989a26f06984d6dbadc01770f018e3b",
    "512e938faf4449bdabef0c5f82325488",
    // Docker's debian:11.1 and debian:11.2.
    "85f94e57ab75f80918cab17d001eac85",
    "88544b92092430bc5d3fbbffc12a2f04",
    // Firmware whose vendor filled in no UUID, which macOS and virtual machines take over; in both orders of bytes.
    "03000200040005000006000700080009",
    "00020003000400050006000700080009",
    "123456781234567890abcddeefaabbcc",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_systems_spelling_is_one_identity() {
        for text in [
            "3f0c9a5e7b2d41c68e10a4f7d5b3c297\n",
            "3f0c9a5e-7b2d-41c6-8e10-a4f7d5b3c297",
            "3F0C9A5E-7B2D-41C6-8E10-A4F7D5B3C297",
        ] {
            assert_eq!(normalize(text).as_deref(), Some("3f0c9a5e7b2d41c68e10a4f7d5b3c297"), "{text}");
        }
    }

    #[test]
    fn what_tells_no_machine_from_another_is_no_identity() {
        for text in [
            "",
            "\n",
            "uninitialized\n",
            "localhost",
            "3f0c9a5e7b2d41c68e10a4f7d5b3c29",
            "3f0c9a5e7b2d41c68e10a4f7d5b3c2970",
            "3f0c9a5e7b2d41c68e10a4f7d5b3c29g",
            "3f0c9a5e 7b2d41c68e10a4f7d5b3c29",
            "00000000000000000000000000000000",
            "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
            "03000200-0400-0500-0006-000700080009",
        ] {
            assert_eq!(normalize(text), None, "{text}");
        }
        assert!(SHARED.iter().all(|id| normalize(id).is_none() && normalize(&id.replace('0', "1")).is_some()));
    }
}
