//! Samples of pages, which prove that a context and its template fit. Only tests have them.

use super::{Frame, Page, Renderer};

/// A page with at least one example of each state it can be in, by a short name.
pub trait Samples: Page + Sized {
    /// The examples.
    fn samples() -> Vec<(&'static str, Self)>;
}

/// A rendered sample.
pub struct Shown {
    /// The template's path.
    pub template: &'static str,
    /// The sample's name.
    pub name: &'static str,
    /// The page.
    pub html: String,
}

/// Every sample that was added, rendered in one frame.
pub struct Gallery<'a> {
    renderer: &'a Renderer,
    frame: &'a Frame,
    /// The samples, in the order in which they were added.
    pub shown: Vec<Shown>,
}

impl<'a> Gallery<'a> {
    /// An empty one.
    pub fn new(renderer: &'a Renderer, frame: &'a Frame) -> Self {
        Self { renderer, frame, shown: Vec::new() }
    }

    /// Adds the samples of a page.
    pub fn add<P: Samples>(&mut self) -> &mut Self {
        for (name, page) in P::samples() {
            let html = self.renderer.render(&page, self.frame).unwrap_or_else(|fault| panic!("{} {name}: {fault}", P::TEMPLATE));
            self.shown.push(Shown { template: P::TEMPLATE, name, html });
        }
        self
    }
}
