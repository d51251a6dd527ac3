//! Floor 1: the machine room. Settings, ciphers, databases, short-lived state, templates.
//! Knows no person and no client.

pub mod config;
pub mod crypto;
pub mod db;
pub mod ephemeral;
mod log_limit;
pub mod mail;
pub mod render;
pub mod telemetry;
pub mod vault;
