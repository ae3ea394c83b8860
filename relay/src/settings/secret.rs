//! Where a secret is read from: a file that nobody else can read, or a variable.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

/// Where a secret is read from.
#[derive(Clone)]
pub enum Source {
    /// A file, which is read again when it changes.
    File(PathBuf),
    /// The secret itself, from a variable.
    Text(SecretString),
}

impl Source {
    /// Reads the secret.
    ///
    /// # Errors
    ///
    /// For a file that cannot be read, or that others can read.
    pub fn read(&self) -> Result<SecretString, String> {
        match self {
            Self::Text(text) => Ok(text.expose_secret().to_owned().into()),
            Self::File(path) => read_file(path),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Text(_) => f.write_str("Text(…)"),
        }
    }
}

/// Reads a file that holds a secret.
pub(crate) fn read_file(path: &Path) -> Result<SecretString, String> {
    let name = path.display();
    let cannot = |error| format!("{name}: {error}");
    let metadata = fs::metadata(path).map_err(cannot)?;
    if !metadata.is_file() {
        return Err(format!("{name}: not a file"));
    }
    if metadata.len() > LONGEST {
        return Err(format!("{name}: longer than {LONGEST} bytes"));
    }
    is_private(path, &metadata)?;
    fs::read_to_string(path).map(SecretString::from).map_err(cannot)
}

#[cfg(unix)]
fn is_private(path: &Path, metadata: &fs::Metadata) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    // systemd lets one user in by an access list, which shows as a right of the group.
    let is_credential = std::env::var_os("CREDENTIALS_DIRECTORY").is_some_and(|folder| path.starts_with(folder));
    match metadata.permissions().mode() & 0o077 {
        0 => Ok(()),
        _ if is_credential => Ok(()),
        _ => Err(format!("{0}: other users can read or write it: chmod 600 {0}", path.display())),
    }
}

#[cfg(not(unix))]
fn is_private(_: &Path, _: &fs::Metadata) -> Result<(), String> {
    Ok(())
}

const LONGEST: u64 = 64 * 1024;

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn file_that_others_can_reach_is_refused_with_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, "secret\n").unwrap();
        for (mode, is_read) in
            [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o620, false), (0o644, false)]
        {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            match Source::File(path.clone()).read() {
                Ok(text) => assert!(is_read && text.expose_secret() == "secret\n", "{mode:o}"),
                Err(told) => assert!(!is_read && told.contains(&format!("chmod 600 {}", path.display())), "{told}"),
            }
        }
    }

    #[test]
    fn what_is_no_file_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read_file(folder.path()).is_err_and(|told| told.ends_with("not a file")));
        assert!(read_file(&folder.path().join("none")).is_err_and(|told| told.contains("No such file")));
        let path = folder.path().join("large");
        fs::write(&path, vec![b'x'; 70_000]).unwrap();
        assert!(read_file(&path).is_err_and(|told| told.contains("longer than")));
    }

    #[test]
    fn debug_shows_no_secret() {
        assert_eq!(format!("{:?}", Source::Text("secret".into())), "Text(…)");
    }
}
