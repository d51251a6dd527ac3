//! What a browser that has never been here loads to show the sign-in page.

use std::io::Read;

use crate::wire::Wire;

/// Bytes of the page, and of the page with everything it names, as they are sent to a browser that can read Brotli.
pub fn cold_sign_in(host: &str) -> usize {
    let mut wire = Wire::connect(host);
    let accept = [("accept-encoding", "gzip, deflate, br")];
    let page = wire.get("/login", &accept).expect(200);
    let mut bytes = page.body.len();
    let html = match page.header("content-encoding") {
        None => String::from_utf8(page.body).unwrap(),
        Some("gzip") => {
            let mut text = String::new();
            flate2::read::GzDecoder::new(page.body.as_slice()).read_to_string(&mut text).unwrap();
            text
        }
        Some(other) => panic!("the page comes as {other}"),
    };
    for path in html.split('"').filter(|part| part.starts_with("/static/")) {
        bytes += wire.get(path, &accept).expect(200).body.len();
    }
    bytes
}
