//! The library that is in this program, and what is installed beside it.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::report::Report;

pub(super) fn look(report: &mut Report) {
    let library = whop_license::VERSION;
    let prefix = std::env::current_exe().ok().and_then(|program| Some(program.parent()?.parent()?.to_owned()));
    let header = prefix.as_deref().map(|prefix| prefix.join("include/whop_license.h"));
    match header.and_then(|path| Some((header_version(&path)?, path))) {
        None => report.ok("library", format!("{library}; no header is installed beside this program")),
        Some((version, _)) if version == library => {
            report.ok("library", format!("{library}, and the header is {version}"))
        }
        Some((version, path)) => report.warn(
            "library",
            format!("{library}, but {} is {version}", path.display()),
            "install library, header and programs of one version",
        ),
    }
    let libraries = prefix.map(|prefix| libraries(&prefix)).unwrap_or_default();
    if !libraries.is_empty() {
        report.note("installed", libraries.join(", "));
    }
}

fn header_version(path: &Path) -> Option<String> {
    let mut text = String::new();
    fs::File::open(path).ok()?.take(LONGEST).read_to_string(&mut text).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("#define WHOP_LICENSE_VERSION \""))?;
    line.strip_suffix('"').map(str::to_owned)
}

/// The names of the shared libraries below a prefix.
fn libraries(prefix: &Path) -> Vec<String> {
    let folders = ["lib", "lib64", "bin"].map(|name| prefix.join(name));
    let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| is_library(path)).collect();
    found.sort();
    found.iter().map(|path| path.strip_prefix(prefix).unwrap_or(path).display().to_string()).collect()
}

fn is_library(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending = name.strip_prefix("lib").unwrap_or(&name).strip_prefix("whop_license.").unwrap_or_default();
    ["so", "dylib", "dll", "0"].iter().any(|kind| ending == *kind || ending.starts_with(&format!("{kind}.")))
}

const LONGEST: u64 = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_of_the_header_is_read() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../include/whop_license.h");
        assert_eq!(header_version(&path).as_deref(), Some(whop_license::VERSION));
    }

    #[test]
    fn libraries_are_told_by_their_names() {
        for name in ["libwhop_license.so", "libwhop_license.so.0.1", "libwhop_license.dylib", "whop_license.dll"] {
            assert!(is_library(Path::new(name)), "{name}");
        }
        for name in ["libwhop_license.a", "whop-license", "whop_license.pc"] {
            assert!(!is_library(Path::new(name)), "{name}");
        }
    }
}
