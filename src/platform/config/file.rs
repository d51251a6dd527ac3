//! Reads the configuration file into entries, each with its line. Knows TOML and nothing about what settings mean.

use std::borrow::Cow;
use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::given::{Found, GivenValue};
use super::nearest::nearest;
use super::problem::{SettingPlace, SettingProblem};
use super::table;

/// All `section.name = value` entries of the file, and what is wrong with its form.
pub(super) fn entries(name: &str, text: &str, problems: &mut Vec<SettingProblem>) -> Vec<GivenValue> {
    let place = |offset: usize| SettingPlace::File { name: name.to_owned(), line: line_of(text, offset) };
    let (document, mistakes) = DeTable::parse_recoverable(text);
    let mut broken_lines = BTreeSet::new();
    for mistake in mistakes {
        let at = place(mistake.span().map_or(0, |span| span.start));
        // One broken line can confuse the parser in several ways; the first is the one that helps.
        if broken_lines.insert(at.clone()) {
            problems.push(SettingProblem::new(at, format!("this is not TOML: {}", mistake.message().replace('\n', ", "))));
        }
    }
    let mut entries = Vec::new();
    for (section, inside) in document.get_ref() {
        let at = place(section.span().start);
        let section_name = section.get_ref().as_ref();
        match inside.get_ref() {
            _ if broken_lines.contains(&at) => {}
            DeValue::Table(_) if !table::sections().iter().any(|(known, _)| *known == section_name) => {
                let nearest = nearest(section_name, table::sections().into_iter().map(|(known, _)| known));
                problems.push(SettingProblem::unknown(
                    at,
                    "section",
                    &format!("[{section_name}]"),
                    nearest.map(|nearest| format!("[{nearest}]")),
                ));
            }
            DeValue::Table(inside) => {
                entries.extend(inside.iter().map(|(key, value)| GivenValue {
                    key: format!("{section_name}.{}", key.get_ref()),
                    found: found(value),
                    place: place(key.span().start),
                }));
            }
            _ => entries.push(GivenValue { key: section_name.to_owned(), found: found(inside), place: at }),
        }
    }
    // What stands below a section that cannot be read would be looked for in the section above it.
    let mut lost = false;
    for (line, written) in (1..).zip(text.lines()) {
        let at = SettingPlace::File { name: name.to_owned(), line };
        if written.trim_start().starts_with('[') {
            lost = broken_lines.contains(&at);
        }
        if lost {
            broken_lines.insert(at);
        }
    }
    entries.retain(|entry| !broken_lines.contains(&entry.place));
    entries
}

fn found(value: &Spanned<DeValue<'_>>) -> Found {
    match value.get_ref() {
        DeValue::String(text) => Found::Text(text.clone().into_owned()),
        DeValue::Integer(number) => Found::Bare(number.to_string()),
        DeValue::Float(number) => Found::Bare(number.to_string()),
        DeValue::Boolean(on) => Found::Bare(on.to_string()),
        DeValue::Datetime(_) => Found::Other("a date or time"),
        DeValue::Table(_) => Found::Other("a table"),
        DeValue::Array(items) => {
            let texts: Option<Vec<String>> =
                items.iter().map(|item| item.get_ref().as_str().map(|text| Cow::from(text).into_owned())).collect();
            texts.map_or(Found::Other("a list with something that is not text"), Found::List)
        }
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
