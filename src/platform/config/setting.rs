//! A setting, and the macro that declares a section of them: parsing, checking, the reference, the names of environment
//! variables and the sections themselves all come from one line for each setting.

use super::kind::SettingKind;
use super::values::Values;

/// What a setting is when nobody sets it.
#[derive(Clone, Copy)]
pub enum Preset {
    /// This text, read like any other value.
    Is(&'static str),
    /// Worked out from the machine or from other settings; the words say how.
    Made(&'static str, fn(&Values) -> String),
    /// Nothing; the words say what happens then.
    Unset(&'static str),
}

/// One line of the table.
#[derive(Clone, Copy)]
pub struct Setting {
    /// Section and name: `server.public_url`.
    pub key: &'static str,
    /// What it may be.
    pub kind: SettingKind,
    /// What it is when nobody sets it.
    pub preset: Preset,
    /// One sentence for people.
    pub text: &'static str,
}

impl Setting {
    /// The name within the section: `public_url`.
    pub fn name(&self) -> &'static str {
        self.key.split_once('.').map_or(self.key, |(_, name)| name)
    }
    /// The environment variable that sets it: `VOUCHSAFE_SERVER__PUBLIC_URL`.
    pub fn variable(&self) -> String {
        variable_of(self.key)
    }
    /// The command-line flag that sets it, if there is one: `--public-url`.
    pub fn flag(&self) -> Option<String> {
        FLAGS.iter().find(|(key, _)| *key == self.key).map(|(_, flag)| format!("--{flag}"))
    }
    /// For a secret, the key that names a file holding it: `database.url_file`.
    pub fn file_key(&self) -> Option<String> {
        self.kind.is_secret().then(|| format!("{}_file", self.key))
    }
}

/// Settings that can be given on the command line, with the name of their flag.
pub const FLAGS: &[(&str, &str)] =
    &[("server.public_url", "public-url"), ("server.listen", "listen"), ("data.folder", "data"), ("database.url", "database-url")];

/// The environment variable of a key.
pub fn variable_of(key: &str) -> String {
    format!("VOUCHSAFE_{}", key.replace('.', "__").to_uppercase())
}

/// How a flag of `key` is written, also for keys that have one only under some command.
pub fn flag_of(key: &str) -> String {
    let listed = FLAGS.iter().find(|(listed, _)| *listed == key).map(|(_, flag)| (*flag).to_owned());
    let name = listed.unwrap_or_else(|| key.rsplit('.').next().unwrap_or(key).replace('_', "-"));
    format!("--{name}")
}

/// Declares a section: the struct others read, and its part of the table, from one list.
macro_rules! section {
    ($(#[$doc:meta])* $name:ident = $section:literal { $( $field:ident : $type:ty = $kind:expr, $preset:expr, $text:literal; )+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            $( #[doc = $text] pub $field: $type, )+
        }
        impl $name {
            pub(super) const TABLE: (&'static str, &'static [$crate::platform::config::setting::Setting]) = ($section, &[
                $( $crate::platform::config::setting::Setting {
                    key: concat!($section, ".", stringify!($field)), kind: $kind, preset: $preset, text: $text,
                }, )+
            ]);
            pub(super) fn read(values: &$crate::platform::config::values::Values) -> Self {
                Self { $( $field: values.get(concat!($section, ".", stringify!($field))), )+ }
            }
        }
    };
}
pub(super) use section;
