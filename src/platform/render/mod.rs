//! Pages: Tera templates and Fluent texts, both inside the binary. A page is a typed value (`Page`)
//! and what surrounds it is a `Frame`; this room knows the look of every page and the meaning of none.
//! No other file of the project names Tera or Fluent.

pub mod assets;
mod frame;
mod functions;
mod mail;
mod page;
#[cfg(test)]
pub mod testing;
mod text;
mod texts;

pub use frame::{Direction, Foot, Frame, Notice, Theme, Tone};
pub use mail::{Mail, WrittenMail};
pub use page::Page;
pub use text::{Arg, Text};
pub use texts::Texts;

use std::sync::Arc;

use rust_embed::Embed;
use tera::{Context, Tera};

use crate::kernel::Fault;
use crate::kernel::fault::FaultKind;

/// The folder `templates`, inside the binary in a release build.
#[derive(Embed)]
#[folder = "templates"]
struct Templates;

/// Turns pages into HTML. Made once at start; cheap to clone.
#[derive(Clone)]
pub struct Renderer {
    tera: Arc<Tera>,
    texts: Arc<Texts>,
}

impl Renderer {
    /// Loads every template and every text. Loading is also the check: an unknown function, filter or
    /// component and a broken text are found here, at start, not on someone's page.
    pub fn new() -> Result<Self, Fault> {
        let texts = Arc::new(Texts::load()?);
        let mut tera = Tera::default();
        functions::register(&mut tera, &texts);
        let mut sources = Vec::new();
        for name in Templates::iter().filter(|name| name.ends_with(".html")) {
            let file = Templates::get(&name).ok_or_else(|| render_fault(format!("template {name} is missing")))?;
            let source = std::str::from_utf8(&file.data).map_err(|_| render_fault(format!("template {name} is not UTF-8")))?;
            sources.push((name.to_string(), source.to_owned()));
        }
        tera.add_raw_templates(sources).map_err(render_fault)?;
        Ok(Self { tera: Arc::new(tera), texts })
    }

    /// The HTML of `page` inside `frame`.
    pub fn render<P: Page>(&self, page: &P, frame: &Frame) -> Result<String, Fault> {
        let mut context = Context::from_serialize(page).map_err(render_fault)?;
        context.insert("lang", &frame.lang);
        context.insert("frame", frame);
        self.tera.render(P::TEMPLATE, &context).map_err(|error| render_fault(chain(&error)))
    }

    /// One text as plain words, for answers that are not pages (JSON for scripts).
    pub fn say(&self, lang: &str, text: &Text) -> Result<String, Fault> {
        self.texts.plain(lang, text)
    }

    /// Whether there is a text of this key.
    pub fn has_text(&self, key: &str) -> bool {
        self.texts.has(key)
    }

    /// The names of all templates, for the tests that look at each of them.
    pub fn template_names(&self) -> Vec<String> {
        self.tera.get_template_names().map(str::to_owned).collect()
    }
}

/// The error and everything under it in one line: Tera keeps the reason in the source.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut under = error.source();
    while let Some(source) = under {
        text.push_str(": ");
        text.push_str(&source.to_string());
        under = source.source();
    }
    text
}

fn render_fault(what: impl std::fmt::Display) -> Fault {
    Fault::new(FaultKind::Render, what)
}

#[cfg(test)]
mod tests;
