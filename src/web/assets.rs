//! The static files as the web floor serves them: `/static/<name>.<hash>.<suffix>`. Pages name them too, so
//! the table itself lives with the renderer.

pub use crate::platform::render::assets::{Asset, find, url};
