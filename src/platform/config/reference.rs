//! The settings table printed: as a commented file, as tables for the README, and with the values in force.

use std::fmt::Write as _;

use super::kind::SettingKind;
use super::setting::{Preset, Setting};
use super::table;

/// A setting with the value in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// Section and name.
    pub key: &'static str,
    /// The value, secrets hidden.
    pub shown: String,
    /// Who said so: `default`, `vouchsafe.toml:3`, a variable or a flag.
    pub source: String,
}

/// A configuration file with every setting, its meaning and its default, all commented out.
pub fn as_file() -> String {
    let mut text = String::from(
        "# Every setting of Vouchsafe with its default. Strength, weakest first: these defaults, vouchsafe.toml in the working\n\
         # folder (or --config), environment variables, flags. A secret can stand in a file of its own, named by KEY_file.\n",
    );
    for (section, settings) in table::sections() {
        let _ = write!(text, "\n[{section}]\n");
        for setting in settings {
            let _ = write!(text, "\n# {}\n# Allowed: {}\n# Variable: {}", setting.text, setting.kind.allowed(), setting.variable());
            let _ = writeln!(text, "{}", setting.flag().map(|flag| format!(", flag: {flag}")).unwrap_or_default());
            let _ = match setting.preset {
                Preset::Is(value) => writeln!(text, "#{} = {}", setting.name(), as_toml(setting, value)),
                Preset::Made(words, _) | Preset::Unset(words) => writeln!(text, "# Default: {words}\n#{} =", setting.name()),
            };
        }
    }
    text
}

/// One Markdown table for each section.
pub fn as_markdown() -> String {
    let mut text = String::new();
    for (section, settings) in table::sections() {
        let _ = write!(text, "\n### `[{section}]`\n\n| Setting | Default | Allowed | What it does |\n|---|---|---|---|\n");
        for setting in settings {
            let file = setting.file_key().map(|key| format!(" (or `{key}`)")).unwrap_or_default();
            let default = match setting.preset {
                Preset::Is("") => "empty".to_owned(),
                Preset::Is(value) => format!("`{value}`"),
                Preset::Made(words, _) | Preset::Unset(words) => words.to_owned(),
            };
            let flag = setting.flag().map(|flag| format!(" Flag `{flag}`.")).unwrap_or_default();
            let _ = writeln!(text, "| `{}`{file} | {default} | {} | {}{flag} |", setting.key, setting.kind.allowed(), setting.text);
        }
    }
    text.trim_start().to_owned()
}

/// The values in force in aligned columns.
pub fn as_columns(effective: &[Effective]) -> String {
    let width = |of: fn(&Effective) -> &str| effective.iter().map(|line| of(line).chars().count()).max().unwrap_or(0);
    let (keys, values) = (width(|line| line.key), width(|line| &line.shown));
    effective.iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{:keys$}  {:values$}  {}", line.key, line.shown, line.source);
        text
    })
}

fn as_toml(setting: &Setting, value: &str) -> String {
    match setting.kind {
        SettingKind::Whole(..) | SettingKind::Switch => value.to_owned(),
        SettingKind::Networks if value.is_empty() => "[]".to_owned(),
        _ => format!("\"{value}\""),
    }
}
