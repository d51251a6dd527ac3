//! Whether a client has what it asks for already (RFC 9110 section 13.1.2).

use actix_web::HttpRequest;
use actix_web::http::header::IF_NONE_MATCH;

/// Whether `If-None-Match` names this entity tag: `*`, or a list of tags of which one is the same by weak comparison, as
/// proxies that compress an answer make its tag weak.
pub fn is_known(request: &HttpRequest, etag: &str) -> bool {
    request.headers().get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok()).any(|list| names(list, etag))
}

fn names(list: &str, etag: &str) -> bool {
    if list.trim() == "*" {
        return true;
    }
    let opaque = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    let ours = opaque(etag);
    tags(list).any(|tag| opaque(tag) == ours)
}

/// The tags of a list. A comma may stand inside the quotes of one.
fn tags(list: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let split = move |c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    };
    list.split(split).map(str::trim).filter(|tag| !tag.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_weak_in_a_list_and_by_the_star() {
        for list in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "W/\"x,\" ,W/\"abc\",", "*", " * "] {
            assert!(names(list, "\"abc\""), "{list}");
        }
        assert!(names("\"abc\"", "W/\"abc\""));
        for list in ["", "abc", "\"ab\"", "\"abc", "\"x, \"abc\"\"", "w/\"abc\"", "\"*\"", "\"ABC\""] {
            assert!(!names(list, "\"abc\""), "{list}");
        }
    }
}
