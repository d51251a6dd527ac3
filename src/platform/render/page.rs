//! The promise every page makes.

use serde::Serialize;

/// A page: a typed context and the template that shows it. Tests render its samples, which prove that the two fit.
pub trait Page: Serialize {
    /// The template's path under `templates`, such as `pages/login.html`.
    const TEMPLATE: &'static str;
}
