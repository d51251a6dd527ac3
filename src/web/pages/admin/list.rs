//! What the lists of administrators share: filters with their counts, and pages both ways.

use serde::Serialize;

use crate::flows::people::ListRange;

/// A narrower list that is one press away.
#[derive(Clone, Debug, Serialize)]
pub struct ListFilter {
    /// The word for it, the end of a key of the texts.
    pub word: &'static str,
    /// How many it lets through.
    pub count: i64,
    /// Its address.
    pub address: String,
    /// Whether it is the list that is shown.
    pub current: bool,
}

/// Where a page stands in its list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Paging {
    /// The place of the first; 0 where the places are not known.
    pub first: i64,
    /// The place of the last.
    pub last: i64,
    /// How many there are.
    pub total: i64,
    /// The address of the page before.
    pub previous: Option<String>,
    /// The address of the page after.
    pub next: Option<String>,
}

impl Paging {
    /// Of a range that may not be known, and the addresses of the pages around.
    pub fn new(range: Option<ListRange>, previous: Option<String>, next: Option<String>) -> Self {
        let (first, last, total) = range.map_or((0, 0, 0), |range| (range.first, range.last, range.total));
        Self { first, last, total, previous, next }
    }
}

/// An address with those of some parameters that have a value.
pub(in crate::web::pages) fn address(path: &str, parameters: &[(&str, &str)]) -> String {
    let given: Vec<_> = parameters.iter().copied().filter(|(_, value)| !value.is_empty()).collect();
    if given.is_empty() {
        return path.to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
    format!("{path}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_the_parameters_that_have_a_value() {
        assert_eq!(address("/people", &[("q", ""), ("show", "")]), "/people");
        assert_eq!(address("/people", &[("q", "José & co"), ("show", "active")]), "/people?q=Jos%C3%A9+%26+co&show=active");
    }
}
