//! Where settings come from: the file, the environment and the flags of one start, gathered before anything is judged,
//! so that tests need no process state.

use std::path::Path;

use super::file;
use super::given::{Found, GivenValue};
use super::nearest::nearest_key;
use super::problem::{SettingPlace, SettingProblem};
use super::{setting, table};

/// The configuration file that is read when none is named.
const USUAL_FILE: &str = "vouchsafe.toml";
/// Names the configuration file where no flag can be given.
const FILE_VARIABLE: &str = "VOUCHSAFE_CONFIG";

/// Everything that was said about settings, in the order in which later beats earlier.
#[derive(Default)]
pub struct Sources {
    /// The configuration file: its name as given, and its text.
    pub file: Option<(String, String)>,
    /// Environment variables; names that do not start with `VOUCHSAFE_` are ignored.
    pub environment: Vec<(String, String)>,
    /// Flags as `(key, value)`.
    pub flags: Vec<(String, String)>,
    /// What went wrong while gathering, such as a named file that is not there.
    pub problems: Vec<SettingProblem>,
}

impl Sources {
    /// Reads file and environment of this process. A named file must exist; `vouchsafe.toml` may be absent.
    pub fn from_machine(named: Option<&Path>, flags: Vec<(String, String)>) -> Self {
        let mut sources = Self { flags, ..Self::default() };
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else { continue };
            if !name.starts_with("VOUCHSAFE_") {
                continue;
            }
            match value.into_string() {
                Ok(value) => sources.environment.push((name, value)),
                Err(_) => sources.problems.push(SettingProblem::new(SettingPlace::Variable(name), "the value is not UTF-8 text")),
            }
        }
        sources.environment.sort();
        let by_variable = sources
            .environment
            .iter()
            .find(|(name, value)| name == FILE_VARIABLE && !value.is_empty())
            .map(|(_, value)| Path::new(value).to_owned());
        sources.read_file(named.or(by_variable.as_deref()));
        sources
    }

    fn read_file(&mut self, named: Option<&Path>) {
        let path = named.unwrap_or(Path::new(USUAL_FILE));
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => self.file = Some((name, text)),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => self
                .problems
                .push(SettingProblem::new(SettingPlace::File { name, line: 0 }, format!("the configuration file cannot be read: {error}"))),
        }
    }

    /// The layers above the defaults, weakest first. What names nothing that exists becomes a problem.
    pub(super) fn layers(self, problems: &mut Vec<SettingProblem>) -> [Vec<GivenValue>; 3] {
        problems.extend(self.problems);
        let mut from_file = self.file.map(|(name, text)| file::entries(&name, &text, problems)).unwrap_or_default();
        from_file.retain(|entry| {
            let known = is_key(&entry.key);
            if !known {
                problems.push(SettingProblem::unknown(entry.place.clone(), "key", &entry.key, nearest_key(&entry.key)));
            }
            known
        });
        let from_environment = self.environment.into_iter().filter_map(|(name, value)| from_variable(name, value, problems)).collect();
        let from_flags = self.flags.into_iter().filter_map(|(key, value)| {
            let place = SettingPlace::Flag(setting::flag_of(&key));
            if is_key(&key) {
                return Some(GivenValue { key, found: Found::Text(value), place });
            }
            problems.push(SettingProblem::unknown(place, "key", &key, nearest_key(&key)));
            None
        });
        [from_file, from_environment, from_flags.collect()]
    }
}

fn is_key(key: &str) -> bool {
    table::settings().any(|setting| setting.key == key || setting.file_key().as_deref() == Some(key))
}

fn from_variable(name: String, value: String, problems: &mut Vec<SettingProblem>) -> Option<GivenValue> {
    let written = name.strip_prefix("VOUCHSAFE_")?;
    if name == FILE_VARIABLE || made_by_kubernetes(written, &value) {
        return None;
    }
    let key = written.replace("__", ".").to_lowercase();
    if is_key(&key) && setting::variable_of(&key) == name {
        // Compose files write `NAME=` for what is not set.
        if value.is_empty() {
            return None;
        }
        return Some(GivenValue { key, found: Found::Text(value), place: SettingPlace::Variable(name) });
    }
    let nearest = nearest_key(&key).map(|key| setting::variable_of(&key));
    problems.push(SettingProblem::unknown(SettingPlace::Variable(name.clone()), "variable", &name, nearest));
    None
}

/// Kubernetes gives every container variables about each service, and a service will be called `vouchsafe`:
/// `VOUCHSAFE_SERVICE_HOST`, `VOUCHSAFE_PORT=tcp://..`, `VOUCHSAFE_PORT_8080_TCP_ADDR`. None of ours look like them.
fn made_by_kubernetes(written: &str, value: &str) -> bool {
    let about_a_port = written == "PORT" || written.ends_with("_PORT") || written.starts_with("PORT_") || written.contains("_PORT_");
    let ends = ["_ADDR", "_PORT", "_PROTO"].iter().any(|end| written.ends_with(end));
    !written.contains("__")
        && (format!("_{written}").ends_with("_SERVICE_HOST")
            || format!("_{written}").contains("_SERVICE_PORT")
            || about_a_port
                && (value.starts_with("tcp://")
                    || value.starts_with("udp://")
                    || ends && written.contains("_TCP_")
                    || ends && written.contains("_UDP_")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_of_a_cluster_are_not_ours() {
        for (name, value) in [
            ("SERVICE_HOST", "10.0.0.1"),
            ("SERVICE_PORT", "80"),
            ("SERVICE_PORT_HTTP", "80"),
            ("PORT", "tcp://10.0.0.1:80"),
            ("PORT_80_TCP", "tcp://10.0.0.1:80"),
            ("PORT_80_TCP_PROTO", "tcp"),
            ("PORT_80_TCP_PORT", "80"),
            ("PORT_80_TCP_ADDR", "10.0.0.1"),
            ("WEB_PORT_80_TCP_ADDR", "10.0.0.1"),
            ("WEB_SERVICE_HOST", "10.0.0.1"),
        ] {
            assert!(made_by_kubernetes(name, value), "{name}");
        }
        for (name, value) in [("SERVER__LISTEN", "tcp://x"), ("PORT", "8080"), ("SERVER_PORT", "8080"), ("LISTEN", "localhost:80")] {
            assert!(!made_by_kubernetes(name, value), "{name}");
        }
    }

    #[test]
    fn a_named_file_must_be_there() {
        let sources = Sources::from_machine(Some(Path::new("/no/such/vouchsafe.toml")), Vec::new());
        assert_eq!(sources.problems.len(), 1);
        assert!(sources.problems[0].to_string().starts_with("/no/such/vouchsafe.toml  the configuration file cannot be read"));
    }
}
