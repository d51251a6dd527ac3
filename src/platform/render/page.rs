//! The promise every page makes.

use serde::Serialize;

/// A page: a typed context, the template that shows it, and samples that prove the two fit.
pub trait Page: Serialize {
    /// The template's path under `templates`, such as `pages/login.html`.
    const TEMPLATE: &'static str;

    /// At least one example of each state the page can be in, with a short name. A test renders them all.
    fn samples() -> Vec<(&'static str, Self)>
    where
        Self: Sized;
}
