//! Floor 1: the machine room. Settings, ciphers, databases, short-lived state, templates.
//! Knows no person and no client.

pub mod config;
pub mod render;
pub mod telemetry;
