//! The static files: style sheet, scripts, pictures. Each has an address with a part of its SHA-256 in it, so
//! that browsers may keep it for ever and a changed file is a new address. Each is compressed once, when a browser first
//! asks for it in that coding.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{LazyLock, OnceLock};

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::Embed;

/// The folder `static`, inside the binary in a release build.
#[derive(Embed)]
#[folder = "static"]
struct StaticFiles;

/// How a file is sent (RFC 9110 section 8.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// As it is.
    Identity,
    /// Compressed as in RFC 1952.
    Gzip,
    /// Compressed as in RFC 7932.
    Brotli,
}

impl Coding {
    /// The smallest coding that an `Accept-Encoding` allows (RFC 9110 section 12.5.3). Only what is named counts: a browser
    /// that says nothing gets the file as it is.
    pub fn accepted(header: &str) -> Self {
        let allows = |coding: &str| {
            header.split(',').any(|entry| {
                let (name, weight) = entry.split_once(';').unwrap_or((entry, "q=1"));
                let weight = weight.trim().trim_start_matches(['q', 'Q', '=', ' ']).parse::<f32>();
                name.trim().eq_ignore_ascii_case(coding) && weight.is_ok_and(|weight| weight > 0.0)
            })
        };
        if allows("br") {
            Self::Brotli
        } else if allows("gzip") {
            Self::Gzip
        } else {
            Self::Identity
        }
    }
    /// The value of `Content-Encoding`; `None` where that header is left out.
    pub const fn header(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }
}

/// One static file.
pub struct Asset {
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    content: Cow<'static, [u8]>,
    hash: String,
    gzip: OnceLock<Vec<u8>>,
    brotli: OnceLock<Vec<u8>>,
}

impl Asset {
    /// The content in a coding.
    pub fn bytes(&self, coding: Coding) -> &[u8] {
        match coding {
            Coding::Identity => &self.content,
            Coding::Gzip => self.gzip.get_or_init(|| gzip(&self.content)),
            Coding::Brotli => self.brotli.get_or_init(|| brotli(&self.content)),
        }
    }
    /// The value of `ETag`, with its quotes. Each coding has its own: they differ in bytes (RFC 9110 section 8.8.3.3).
    pub fn etag(&self, coding: Coding) -> String {
        match coding.header() {
            None => format!("\"{}\"", self.hash),
            Some(coding) => format!("\"{}-{coding}\"", self.hash),
        }
    }
}

/// Compressed with gzip.
pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::with_capacity(content.len() / 2), Compression::best());
    // Writing to memory does not fail.
    let _ = out.write_all(content);
    out.finish().unwrap_or_default()
}

/// Level 9: the last two levels take ten times as long and save a tenth.
fn brotli(content: &[u8]) -> Vec<u8> {
    let params = BrotliEncoderParams { quality: 9, lgwin: 16, size_hint: content.len(), ..BrotliEncoderParams::default() };
    let mut out = Vec::with_capacity(content.len() / 2);
    let _ = brotli::BrotliCompress(&mut &*content, &mut out, &params);
    out
}

struct Table {
    urls: BTreeMap<String, String>,
    by_path: BTreeMap<String, Asset>,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::read);

/// The file at `path`, the request's path such as `/static/css/vouchsafe.1a2b3c4d.css`.
pub fn find(path: &str) -> Option<&'static Asset> {
    TABLE.by_path.get(path)
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
        for name in StaticFiles::iter() {
            let (Some(file), Some(content_type)) = (StaticFiles::get(&name), content_type(&name)) else { continue };
            let hash: String = file.metadata.sha256_hash().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            let Some((stem, suffix)) = name.rsplit_once('.') else { continue };
            let path = format!("/static/{stem}.{hash}.{suffix}");
            table.urls.insert(name.to_string(), path.clone());
            let asset = Asset { content_type, content: file.data, hash, gzip: OnceLock::new(), brotli: OnceLock::new() };
            table.by_path.insert(path, asset);
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

    #[test]
    fn every_coding_of_a_file_unpacks_to_it_and_has_its_own_tag() {
        use std::io::Read;
        let asset = find(&url("css/vouchsafe.css")).expect("the style sheet is there");
        let plain = asset.bytes(Coding::Identity);
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(asset.bytes(Coding::Gzip)).read_to_end(&mut unpacked).unwrap();
        assert!(unpacked == plain);
        unpacked.clear();
        brotli::BrotliDecompress(&mut asset.bytes(Coding::Brotli), &mut unpacked).unwrap();
        assert!(unpacked == plain);
        assert!(asset.bytes(Coding::Brotli).len() < asset.bytes(Coding::Gzip).len() && asset.bytes(Coding::Gzip).len() < plain.len() / 3);
        let tags: std::collections::HashSet<String> =
            [Coding::Identity, Coding::Gzip, Coding::Brotli].into_iter().map(|coding| asset.etag(coding)).collect();
        assert_eq!(tags.len(), 3);
    }

    #[test]
    fn the_smallest_coding_a_browser_allows_is_chosen() {
        for (header, coding) in [
            ("", Coding::Identity),
            ("identity, deflate", Coding::Identity),
            ("gzip", Coding::Gzip),
            ("gzip, deflate, br, zstd", Coding::Brotli),
            ("br;q=0, gzip;q=0.5", Coding::Gzip),
            ("BR; q=0.1,gzip", Coding::Brotli),
            ("br;q=0.000, gzip;q=0", Coding::Identity),
            ("brotli, xgzip", Coding::Identity),
            ("br;q=x", Coding::Identity),
        ] {
            assert_eq!(Coding::accepted(header), coding, "{header}");
        }
    }
}
