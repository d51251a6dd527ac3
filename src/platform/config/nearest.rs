//! Which name was meant by one that does not exist.

use super::setting::Setting;
use super::table;

/// The existing key nearest to an unknown one: a slip of the finger, or the right name in the wrong section.
pub(super) fn nearest_key(unknown: &str) -> Option<String> {
    let mut keys: Vec<String> = table::settings().map(|setting| setting.key.to_owned()).collect();
    keys.extend(table::settings().filter_map(Setting::file_key));
    let leaf = |key: &str| key.rsplit('.').next().unwrap_or(key).to_owned();
    let same_name = keys.iter().find(|key| leaf(key) == leaf(unknown)).cloned();
    nearest(unknown, keys.iter().map(String::as_str)).map(str::to_owned).or(same_name).or_else(|| {
        // `public_uri` at the top of the file: the section is missing and the name has a slip.
        let names: Vec<String> = keys.iter().map(|key| leaf(key)).collect();
        let name = nearest(&leaf(unknown), names.iter().map(String::as_str))?;
        keys.iter().find(|key| leaf(key) == name).cloned()
    })
}

/// The candidate with the fewest slips of the finger, if they are few.
pub(super) fn nearest<'a>(unknown: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let few = (unknown.chars().count() / 4).clamp(1, 3);
    candidates
        .map(|candidate| (strsim::osa_distance(unknown, candidate), candidate))
        .filter(|(slips, _)| *slips <= few)
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_spelling_is_found() {
        for (unknown, nearest) in [
            ("server.public_uri", Some("server.public_url")),
            ("server.publicurl", Some("server.public_url")),
            ("sever.listen", Some("server.listen")),
            ("server.lifetime", Some("session.lifetime")),
            ("public_url", Some("server.public_url")),
            ("public_uri", Some("server.public_url")),
            ("database.url_fiel", Some("database.url_file")),
            ("server_public_url", Some("server.public_url")),
            ("weather.forecast", None),
        ] {
            assert_eq!(nearest_key(unknown).as_deref(), nearest, "{unknown}");
        }
    }
}
