//! What stands between people and a server on the public network, brought onto one machine: certificates of an authority
//! of the test's own, TLS, a name service, nginx, and applications of other people's making. Each is a private process
//! or task on free ports, with its files in the test's folder; nothing of the system is used or changed.

mod apache;
mod authlib;
mod certificates;
mod names;
mod nginx;
mod site;
mod tunnel;

use std::net::SocketAddr;
use std::path::Path;

pub use apache::Apache;
pub use authlib::Notes;
pub use certificates::Certificates;
pub use names::Names;
pub use nginx::{Nginx, wait_for};
pub use site::{NAMES, PUBLIC, Site};
pub use tunnel::Tunnel;

/// A port of this machine.
fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// The part of README.md between these fences that contains `part`: what people copy is what is tested.
pub fn from_readme(language: &str, part: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(file).unwrap();
    let fence = format!("```{language}\n");
    let blocks = text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap());
    let found: Vec<&str> = blocks.filter(|block| block.contains(part)).collect();
    assert_eq!(found.len(), 1, "blocks of {language} with {part} in README.md");
    found[0].to_owned()
}

/// Replaces what a reader would replace; each must be there.
pub fn filled_in(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "README.md does not say {from} here any more:\n{text}");
        text.replace(from, to)
    })
}
