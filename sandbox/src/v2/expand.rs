//! `expand`: which fields arrive as an object instead of an id, in each spelling that clients use.

use crate::v2::Error;

pub const OF_MEMBERSHIP: &[&str] = &["product", "user", "plan", "promo_code"];
pub const OF_PLAN: &[&str] = &["product"];

/// The fields to expand.
#[derive(Debug)]
pub struct Expand(Vec<String>);

impl Expand {
    /// Reads `expand=a,b`, `expand=a&expand=b` and `expand[]=a&expand[]=b`; `expand=False`, which a published client
    /// sends, expands nothing. A name that cannot be expanded is refused, so that a misspelled one is noticed here.
    pub fn parse(query: Option<&str>, allowed: &[&str]) -> Result<Self, Error> {
        let names: Vec<String> = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
            .filter(|(name, _)| name == "expand" || name == "expand[]")
            .filter(|(_, value)| !value.eq_ignore_ascii_case("false"))
            .flat_map(|(_, value)| value.split(',').map(str::to_owned).collect::<Vec<_>>())
            .collect();
        match names.iter().all(|name| allowed.contains(&name.as_str())) {
            true => Ok(Self(names)),
            false => Err(Error::invalid("expand")),
        }
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|asked| asked == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_spelling() {
        let spellings = [
            "expand=product,plan",
            "expand=product%2Cplan",
            "expand=product&expand=plan",
            "expand[]=product&expand[]=plan",
            "expand%5B%5D=product&x=1&expand%5B%5D=plan",
        ];
        for query in spellings {
            assert_eq!(Expand::parse(Some(query), OF_MEMBERSHIP).unwrap().0, ["product", "plan"], "{query}");
        }
    }

    #[test]
    fn refuses_names_that_cannot_be_expanded() {
        for query in ["expand=company", "expand=product,", "expand=", "expand=product&expand[]=x"] {
            assert!(Expand::parse(Some(query), OF_MEMBERSHIP).is_err(), "{query}");
        }
        assert!(Expand::parse(Some("expand=user"), OF_PLAN).is_err());
    }

    #[test]
    fn is_empty_when_not_asked() {
        for query in [None, Some(""), Some("x=product"), Some("expand=False"), Some("expand=false")] {
            assert!(Expand::parse(query, OF_MEMBERSHIP).unwrap().0.is_empty(), "{query:?}");
        }
    }
}
