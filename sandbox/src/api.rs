//! Whop's two APIs, and which path belongs to which.

/// One of Whop's two APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Api {
    /// The current one, under `/api/v1`.
    Current,
    /// The one that Whop has retired, under `/api/v2`.
    V2,
}

impl Api {
    /// Its name in code and on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::V2 => "v2",
        }
    }

    pub(crate) fn of(path: &str) -> Option<Self> {
        let under = |root| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        match (under("/api/v1"), under("/api/v2")) {
            (true, _) => Some(Self::Current),
            (_, true) => Some(Self::V2),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_in_the_path_decides() {
        for (path, api) in [
            ("/api/v1", Some(Api::Current)),
            ("/api/v1/plans", Some(Api::Current)),
            ("/api/v2/", Some(Api::V2)),
            ("/api/v10/plans", None),
            ("/v1/plans", None),
            ("/", None),
        ] {
            assert_eq!(Api::of(path), api, "{path}");
        }
    }
}
