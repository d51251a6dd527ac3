//! The words of all pages: Fluent files in `templates/text/<language>/`, looked up by key. A text that is
//! missing in a language falls back to English; one that is missing in English is a fault.

use std::collections::BTreeMap;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::Embed;
use unic_langid::LanguageIdentifier;

use super::{Arg, Text, render_fault};
use crate::kernel::Fault;

/// The language every text exists in.
const ENGLISH: &str = "en";

/// The Fluent files, inside the binary in a release build.
#[derive(Embed)]
#[folder = "templates/text"]
struct FluentFiles;

/// All texts, by language.
pub struct Texts {
    bundles: BTreeMap<String, FluentBundle<FluentResource>>,
}

impl Texts {
    /// Reads every file; a text that is written twice or cannot be read stops the start.
    pub fn load() -> Result<Self, Fault> {
        let mut bundles = BTreeMap::new();
        for path in FluentFiles::iter().filter(|path| path.ends_with(".ftl")) {
            let Some((lang, _)) = path.split_once('/') else { continue };
            let file = FluentFiles::get(&path).ok_or_else(|| render_fault(format!("text {path} is missing")))?;
            let source = String::from_utf8(file.data.into_owned()).map_err(|_| render_fault(format!("text {path} is not UTF-8")))?;
            let resource = FluentResource::try_new(source).map_err(|(_, errors)| render_fault(format!("text {path}: {errors:?}")))?;
            let bundle = match bundles.entry(lang.to_owned()) {
                std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
                std::collections::btree_map::Entry::Vacant(entry) => entry.insert(empty_bundle(lang)?),
            };
            bundle.add_resource(resource).map_err(|errors| render_fault(format!("text {path}: {errors:?}")))?;
        }
        if !bundles.contains_key(ENGLISH) {
            return Err(render_fault("there are no English texts"));
        }
        Ok(Self { bundles })
    }

    /// The languages there are texts in.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.bundles.keys().map(String::as_str)
    }

    /// Whether English has this text.
    pub fn has(&self, key: &str) -> bool {
        self.bundles.get(ENGLISH).is_some_and(|bundle| bundle.has_message(key))
    }

    /// One text as plain words.
    pub fn plain(&self, lang: &str, text: &Text) -> Result<String, Fault> {
        let mut args = FluentArgs::new();
        for (name, value) in &text.args {
            match value {
                Arg::Word(word) => args.set(*name, word.clone()),
                Arg::Number(number) => args.set(*name, *number),
            }
        }
        self.format(lang, text.key, &args)
    }

    /// Looks `key` up and fills in `args`. A value the text names but does not get is a fault, not a gap.
    pub(super) fn format(&self, lang: &str, key: &str, args: &FluentArgs<'_>) -> Result<String, Fault> {
        for bundle in [lang, ENGLISH].into_iter().filter_map(|lang| self.bundles.get(lang)) {
            let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else { continue };
            let mut errors = Vec::new();
            let formatted = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
            return match errors.first() {
                Some(error) => Err(render_fault(format!("text {key:?}: {error}"))),
                None => Ok(formatted),
            };
        }
        Err(render_fault(format!("there is no text {key:?}")))
    }
}

fn empty_bundle(lang: &str) -> Result<FluentBundle<FluentResource>, Fault> {
    let id: LanguageIdentifier = lang.parse().map_err(|_| render_fault(format!("{lang:?} is not a language")))?;
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Values from people stand in <bdi>, which isolates them; invisible marks in titles and
    // attributes would only get in the way of anyone who copies or tests them.
    bundle.set_use_isolating(false);
    Ok(bundle)
}

/// A number as Fluent wants it.
pub(super) fn number(value: i128) -> FluentValue<'static> {
    FluentValue::from(i64::try_from(value).unwrap_or(i64::MAX))
}
