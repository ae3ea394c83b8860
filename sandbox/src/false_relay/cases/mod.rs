//! The cases: each changes a good lease, or what it comes in, into what its name says. What is wrong with it in words,
//! and what a program must make of it, stands in the table.

mod about;
mod claims;
mod envelope;
mod fields;
mod header;
mod signature;
mod token;

use super::draft::Draft;

pub type Case = (&'static str, fn(&mut Draft));

const GROUPS: [&[Case]; 7] =
    [claims::CASES, about::CASES, fields::CASES, header::CASES, signature::CASES, token::CASES, envelope::CASES];

/// Changes the draft as the case of that name says: one of the list, or `truncated-N` (bytes) or `flipped-N` (the bit).
/// None where there is no such case.
pub fn apply(name: &str, draft: &mut Draft) -> Option<()> {
    if let Some((_, change)) = GROUPS.into_iter().flatten().find(|(known, _)| *known == name) {
        change(draft);
        return Some(());
    }
    let (kind, number) = name.split_once('-')?;
    let number = number.parse().ok()?;
    draft.token = match kind {
        "truncated" => Box::new(move |token| token::truncated(&token, number)),
        "flipped" => Box::new(move |token| token::flipped(&token, number)),
        _ => return None,
    };
    Some(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::false_relay::question::Question;
    use crate::false_relay::table;

    fn draft() -> Draft {
        let device = ("hwid".to_owned(), "this-device".to_owned());
        let (license_key, product) = ("SANDBOX-ACTIVE".to_owned(), "prod_sandbox".to_owned());
        Draft::new(Question { license_key, device, product, nonce: "A1-_".repeat(5) + "BB", now: 1_790_000_000 })
    }

    #[test]
    fn table_and_cases_name_each_other_once() {
        let told: Vec<_> = table::names().filter(|name| !is_numbered(name)).collect();
        let played: Vec<_> = GROUPS.into_iter().flatten().map(|(name, _)| *name).collect();
        for names in [&told, &played] {
            let mut twice = names.clone();
            twice.sort_unstable();
            assert!(twice.windows(2).all(|pair| pair[0] != pair[1]), "{twice:?}");
            assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')));
        }
        let [told, played] = [told, played].map(BTreeSet::from_iter);
        assert_eq!(told, played);
        for name in table::names() {
            assert!(apply(name, &mut draft()).is_some(), "{name}");
        }
        assert!(apply("truncated-", &mut draft()).is_none() && apply("other-1", &mut draft()).is_none());
    }

    /// But for the controls, each differs from a good answer, and no two are the same by mistake.
    #[test]
    fn each_case_is_an_answer_of_its_own() {
        let mut seen = BTreeSet::new();
        for name in table::names() {
            let mut draft = draft();
            apply(name, &mut draft);
            let told = format!("{:?}", draft.answer());
            // Signed anew each time.
            assert!(name == "replayed" || seen.insert(told), "{name} is the same as another");
        }
    }

    fn is_numbered(name: &str) -> bool {
        name.split_once('-')
            .is_some_and(|(kind, number)| matches!(kind, "truncated" | "flipped") && number.parse::<usize>().is_ok())
    }
}
