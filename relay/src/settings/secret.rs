//! Where a secret is read from: a file that nobody else can read, or a variable.

use std::fmt;
use std::path::PathBuf;

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
            Self::File(path) => whop_secret_file::read(path),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        assert_eq!(format!("{:?}", Source::Text("secret".into())), "Text(…)");
    }
}
