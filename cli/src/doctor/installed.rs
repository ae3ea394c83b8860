//! This program, and the header and the libraries that are installed with it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use memchr::memmem;
use regex::bytes::Regex;

use super::report::Report;

pub(super) fn look(report: &mut Report) {
    let prefix = std::env::current_exe().ok().and_then(|program| Some(program.parent()?.parent()?.to_owned()));
    let header = prefix.as_deref().and_then(|prefix| header_version(&prefix.join("include/whop_license.h")));
    match header {
        None => report.ok("program", format!("{PROGRAM}; no header is installed beside it")),
        Some(header) if header == PROGRAM => report.ok("program", format!("{PROGRAM}, and the header is {header}")),
        Some(header) => report.warn("program", format!("{PROGRAM}, but the header is {header}"), ONE_VERSION),
    }
    for path in prefix.iter().flat_map(|prefix| libraries(prefix)) {
        library(&path, report);
    }
}

fn library(path: &Path, report: &mut Report) {
    let name = path.display();
    match library_version(path) {
        Ok(Some(version)) if version == PROGRAM => report.ok("library", format!("{name} is {version}")),
        Ok(Some(version)) => report.warn("library", format!("{name} is {version}, not {PROGRAM}"), ONE_VERSION),
        Ok(None) => report.note("library", format!("{name}: its version cannot be told")),
        Err(error) => report.note("library", format!("{name}: its version cannot be told: {error}")),
    }
}

fn header_version(path: &Path) -> Option<String> {
    let mut text = String::new();
    File::open(path).ok()?.take(LONGEST_HEADER).read_to_string(&mut text).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("#define WHOP_LICENSE_VERSION \""))?;
    line.strip_suffix('"').map(str::to_owned)
}

/// The version in the file of a library, which is not loaded: what it tells servers, `whop-license/VERSION`. That text
/// has no end of its own: it is the longest that is in another place with a zero behind it, where `whop_version` has it.
fn library_version(path: &Path) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    if File::open(path)?.take(LONGEST_LIBRARY + 1).read_to_end(&mut bytes)? as u64 > LONGEST_LIBRARY {
        return Err(io::Error::other("too large to be read"));
    }
    let Some(sent) = Regex::new(SENT).map_err(io::Error::other)?.captures(&bytes) else { return Ok(None) };
    let (Some(whole), Some(least)) = (sent.name("whole"), sent.name("least")) else { return Ok(None) };
    let sent = String::from_utf8_lossy(whole.as_bytes());
    let is_given = |version: &&str| {
        memmem::find_iter(&bytes, format!("{version}\0").as_bytes()).any(|place| place != whole.start())
    };
    Ok((least.len()..=sent.len()).rev().filter_map(|end| sent.get(..end)).find(is_given).map(str::to_owned))
}

/// The shared libraries below a prefix, each once, whatever links there are to it.
fn libraries(prefix: &Path) -> Vec<PathBuf> {
    let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut folders = ["lib", "lib64", "bin"].map(|name| prefix.join(name)).to_vec();
    // As /usr/lib/x86_64-linux-gnu.
    folders.extend(
        entries(&prefix.join("lib"))
            .filter(|path| path.file_name().unwrap_or_default().to_string_lossy().contains("-linux-")),
    );
    let found = folders.iter().flat_map(|folder| entries(folder)).filter(|path| is_library(path));
    let mut found: Vec<PathBuf> = found.map(|path| path.canonicalize().unwrap_or(path)).collect();
    found.sort();
    found.dedup();
    found
}

fn is_library(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending = name.strip_prefix("lib").unwrap_or(&name).strip_prefix("whop_license.").unwrap_or_default();
    ["so", "dylib", "dll", "0"].iter().any(|kind| ending == *kind || ending.starts_with(&format!("{kind}.")))
        && !ending.ends_with(".a")
}

const PROGRAM: &str = env!("CARGO_PKG_VERSION");
const ONE_VERSION: &str = "install library, header and programs of one version";
const SENT: &str = r"(?-u)whop-license/(?<whole>(?<least>[0-9]+\.[0-9]+\.[0-9])[0-9A-Za-z.+-]{0,60})";
const LONGEST_HEADER: u64 = 1 << 20;
const LONGEST_LIBRARY: u64 = 256 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_of_the_header_is_read() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../include/whop_license.h");
        assert_eq!(header_version(&path).as_deref(), Some(whop_license::VERSION));
    }

    #[test]
    fn version_of_a_library_is_read_whatever_follows_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("libwhop_license.so");
        for (bytes, version) in [
            (&b"0.1.0\0..whop-license/0.1.0CONNECT"[..], Some("0.1.0")),
            (b"whop-license/0.12.34567..0.1\0..0.12.3\0", Some("0.12.3")),
            (b"whop-license/1.0.0-rc.1text..1.0.0\0..1.0.0-rc.1\0", Some("1.0.0-rc.1")),
            (b"whop-license/0.1.0text..0\0..0.1\0", None),
            (b"0.1.0\0", None),
        ] {
            fs::write(&path, bytes).unwrap();
            assert_eq!(library_version(&path).unwrap().as_deref(), version);
        }
    }

    #[test]
    fn libraries_are_told_by_their_names_and_each_once() {
        let prefix = tempfile::tempdir().unwrap();
        let root = prefix.path().canonicalize().unwrap();
        let names = ["lib64/libwhop_license.so.0.1", "lib/x86_64-linux-gnu/libwhop_license.so", "bin/whop_license.dll"];
        for name in [&names[..], &["lib/libwhop_license.a", "lib/libwhop_license.dll.a", "bin/whop-license"]].concat() {
            fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            fs::write(root.join(name), "").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(root.join(names[0]), root.join("lib/libwhop_license.so")).unwrap();
        let mut expected = names.map(|name| root.join(name));
        expected.sort();
        assert_eq!(libraries(&root), expected);
    }
}
