//! Reads a file that holds a secret, which nobody else may read.

use std::fs;
use std::path::Path;

use secrecy::SecretString;

/// Reads the secret. On Windows it is not looked at who else may read the file.
///
/// # Errors
///
/// Why the file cannot be read, or may not be because others can, with its name.
pub fn read(path: &Path) -> Result<SecretString, String> {
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

    use secrecy::ExposeSecret;

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
            match read(&path) {
                Ok(text) => assert!(is_read && text.expose_secret() == "secret\n", "{mode:o}"),
                Err(told) => assert!(!is_read && told.contains(&format!("chmod 600 {}", path.display())), "{told}"),
            }
        }
    }

    #[test]
    fn what_is_no_file_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path()).is_err_and(|told| told.ends_with("not a file")));
        assert!(read(&folder.path().join("none")).is_err_and(|told| told.contains("No such file")));
        let path = folder.path().join("large");
        fs::write(&path, vec![b'x'; 70_000]).unwrap();
        assert!(read(&path).is_err_and(|told| told.contains("longer than")));
    }
}
