//! Floor 4: HTTP. The only floor that names actix.

pub mod assets;
pub mod pages;
