//! How our commands are written so that they can be typed where we were started.

use std::ffi::OsString;
use std::path::Path;

use super::args::Options;

/// Writes commands as they can be typed: in the way this process was started, with the flags it was given.
#[derive(Clone, Debug)]
pub struct Words {
    start: String,
    flags: String,
}

impl Words {
    /// Looks at how this process was started.
    pub fn from_machine(options: &Options) -> Self {
        let program = std::env::current_exe().unwrap_or_default();
        Self::new(std::env::var_os("CARGO").is_some(), &program, std::env::args_os().next(), options)
    }

    fn new(by_cargo: bool, program: &Path, typed: Option<OsString>, options: &Options) -> Self {
        let folder = |up: usize| program.ancestors().nth(up).and_then(Path::file_name).and_then(|name| name.to_str());
        let built_here = folder(2) == Some("target");
        let typed = typed.map(|typed| typed.to_string_lossy().into_owned()).filter(|typed| typed.contains('/'));
        let start = match (by_cargo || built_here, folder(1), typed) {
            (true, Some("debug"), _) => "cargo run --".to_owned(),
            (true, ..) => "cargo run --release --".to_owned(),
            (false, _, Some(typed)) => quoted(&typed),
            (false, _, None) => "vouchsafe".to_owned(),
        };
        // Only what finds the same database and key again. The database address stays out: it can hold a password.
        let config = options.config.as_ref().map(|config| config.display().to_string());
        let flags = [("--config", config), ("--data", options.data.clone())]
            .into_iter()
            .filter_map(|(flag, value)| value.map(|value| format!(" {flag} {}", quoted(&value))))
            .collect();
        Self { start, flags }
    }

    /// A command with its flags, such as `cargo run --release -- setup-link --data there`.
    pub fn command(&self, command: &str) -> String {
        format!("{} {command}{}", self.start, self.flags)
    }
}

/// As a shell takes it: in single quotes where there is anything a shell would read.
fn quoted(text: &str) -> String {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_./:@%+=,".contains(c));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(by_cargo: bool, program: &str, typed: &str, options: &Options) -> String {
        Words::new(by_cargo, Path::new(program), Some(typed.into()), options).command("setup-link")
    }

    #[test]
    fn commands_are_written_as_the_server_was_started() {
        let none = Options::default();
        for (by_cargo, program, typed, written) in [
            (true, "/src/target/release/vouchsafe", "target/release/vouchsafe", "cargo run --release -- setup-link"),
            (true, "/elsewhere/debug/vouchsafe", "vouchsafe", "cargo run -- setup-link"),
            (true, "/elsewhere/vouchsafe", "vouchsafe", "cargo run --release -- setup-link"),
            (false, "/src/target/release/vouchsafe", "./target/release/vouchsafe", "cargo run --release -- setup-link"),
            (false, "/src/target/debug/vouchsafe", "./target/debug/vouchsafe", "cargo run -- setup-link"),
            (false, "/usr/bin/vouchsafe", "vouchsafe", "vouchsafe setup-link"),
            (false, "/opt/my apps/vouchsafe", "/opt/my apps/vouchsafe", "'/opt/my apps/vouchsafe' setup-link"),
        ] {
            assert_eq!(words(by_cargo, program, typed, &none), written);
        }
    }

    #[test]
    fn the_flags_that_find_the_data_are_repeated_and_secrets_are_not() {
        // LG-06
        let options = Options {
            data: Some("it's here".into()),
            config: Some("/etc/v.toml".into()),
            listen: Some("localhost:1".into()),
            database_url: Some("postgres://ana:hunter2@db/v".into()),
            ..Options::default()
        };
        assert_eq!(
            words(false, "/usr/bin/vouchsafe", "vouchsafe", &options),
            r"vouchsafe setup-link --config /etc/v.toml --data 'it'\''s here'"
        );
    }
}
