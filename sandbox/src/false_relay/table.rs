//! The table of leases, which says what a program must make of each: its keys and the names of its cases.

const TABLE: &str = include_str!("../../../tests/leases.txt");

/// A key of the table's head, in base64url.
#[derive(Debug)]
pub struct ToldKey {
    pub name: &'static str,
    pub seed: &'static str,
    #[cfg_attr(not(test), expect(dead_code, reason = "for those who read the table"))]
    pub public: &'static str,
}

pub fn keys() -> impl Iterator<Item = ToldKey> {
    rows().filter_map(|row| match row[..] {
        ["key", name, seed, public] => Some(ToldKey { name, seed, public }),
        _ => None,
    })
}

fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split_whitespace().collect())
}

#[cfg(test)]
pub fn names() -> impl Iterator<Item = &'static str> {
    rows().filter(|row| row.first() != Some(&"key")).filter_map(|row| row.first().copied())
}
