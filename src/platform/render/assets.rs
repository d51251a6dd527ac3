//! The static files: style sheet, scripts, pictures. Each has an address with a part of its SHA-256 in it, so
//! that browsers may keep it for ever and a changed file is a new address.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use rust_embed::Embed;

/// The folder `static`, inside the binary in a release build.
#[derive(Embed)]
#[folder = "static"]
struct Files;

/// One static file, ready to be answered.
#[derive(Clone)]
pub struct Asset {
    /// The content.
    pub bytes: Cow<'static, [u8]>,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// The value of `ETag`, with its quotes.
    pub etag: String,
}

struct Table {
    urls: BTreeMap<String, String>,
    by_path: BTreeMap<String, Asset>,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::read);

/// The file at `path`, the request's path such as `/static/css/vouchsafe.1a2b3c4d.css`.
pub fn find(path: &str) -> Option<Asset> {
    TABLE.by_path.get(path).cloned()
}

/// The address of the file `name`, such as `css/vouchsafe.css`. An unknown name gives a path that answers 404.
pub fn url(name: &str) -> String {
    known(name).unwrap_or_else(|| format!("/static/{name}"))
}

/// The address of the file `name` if there is one.
pub(super) fn known(name: &str) -> Option<String> {
    TABLE.urls.get(name).cloned()
}

impl Table {
    fn read() -> Self {
        let mut table = Self { urls: BTreeMap::new(), by_path: BTreeMap::new() };
        for name in Files::iter() {
            let (Some(file), Some(content_type)) = (Files::get(&name), content_type(&name)) else { continue };
            let hash: String = file.metadata.sha256_hash().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            let Some((stem, suffix)) = name.rsplit_once('.') else { continue };
            let path = format!("/static/{stem}.{hash}.{suffix}");
            table.urls.insert(name.to_string(), path.clone());
            table.by_path.insert(path, Asset { bytes: file.data, content_type, etag: format!("\"{hash}\"") });
        }
        table
    }
}

fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "txt" => Some("text/plain; charset=utf-8"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_found_at_its_own_address() {
        let address = url("css/vouchsafe.css");
        let asset = find(&address).expect("the style sheet is there");
        assert_eq!(asset.content_type, "text/css; charset=utf-8");
        assert!(address.starts_with("/static/css/vouchsafe.") && address.ends_with(".css"));
        assert!(find("/static/css/vouchsafe.css").is_none(), "without its hash a file has no address");
        assert!(find("/static/../Cargo.toml").is_none());
    }
}
