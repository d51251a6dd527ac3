//! Floor 1: the machine room. Settings, ciphers, databases, short-lived state, templates.
//! Knows no person and no client.

pub mod config;
pub mod crypto;
pub mod db;
pub mod descriptors;
pub mod ephemeral;
pub mod mail;
pub mod proxy_watch;
pub mod render;
pub mod secret_file;
pub(crate) mod secret_url;
pub mod supervise;
pub mod telemetry;
pub mod vault;
