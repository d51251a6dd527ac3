//! Settles every setting: takes the strongest layer, checks all of them, and lists all mistakes together.

use super::given::{Found, GivenValue};
use super::kind::{SettingKind, Value};
use super::problem::{SettingPlace, SettingProblem};
use super::setting::{Preset, Setting};
use super::sources::Sources;
use super::table;
use super::values::{Settled, Values};
use crate::platform::secret_file::{self, FileTrust};

/// What is asked of files with secrets.
const FILES: &str = "keys.files";
/// More than any secret needs; a file of this size was named by mistake.
const LARGEST_SECRET_FILE: u64 = 64 * 1024;

/// Values for all settings, with defaults in place of what was refused, and everything that is wrong.
pub(super) fn settle(sources: Sources) -> (Values, Vec<SettingProblem>) {
    let mut problems = Vec::new();
    let layers = sources.layers(&mut problems);
    let mut values = Values::default();
    let mut refused = Vec::new();
    let mut exposed = Vec::new();
    for setting in table::settings() {
        let before = problems.len();
        let settled = strongest(setting, &layers, &mut problems, &mut exposed).unwrap_or_else(|| preset(setting, &values, &mut problems));
        if problems.len() > before {
            refused.push(setting.key);
        }
        values.put(setting.key, settled);
    }
    together(&values, &refused, &mut problems);
    if values.get::<FileTrust>(FILES) == FileTrust::Mounted {
        values.warnings = exposed;
    } else {
        problems.extend(exposed);
    }
    (values, problems)
}

/// The value of the strongest layer. The weaker ones are checked too: a mistake is one also while it is hidden.
fn strongest(
    setting: &Setting,
    layers: &[Vec<GivenValue>],
    problems: &mut Vec<SettingProblem>,
    exposed: &mut Vec<SettingProblem>,
) -> Option<Settled> {
    let file_key = setting.file_key();
    let mut strongest: Option<&GivenValue> = None;
    let mut settled = None;
    for layer in layers {
        let mut here = layer.iter().filter(|entry| entry.key == setting.key || Some(&entry.key) == file_key.as_ref());
        let Some(entry) = here.next() else { continue };
        for other in here {
            let what = match other.key == entry.key {
                true => format!("{} is given twice", setting.key),
                false => format!("{} is given both as a value and as a file ({}); only one of them can count", setting.key, entry.place),
            };
            problems.push(SettingProblem::new(other.place.clone(), what));
        }
        strongest = Some(entry);
        if entry.key == setting.key {
            settled = Some(checked(setting, &setting.kind, &entry.key, &entry.found, &entry.place, problems));
        }
    }
    let entry = strongest?;
    if entry.key == setting.key { settled? } else { from_secret_file(setting, entry, problems, exposed) }
}

fn checked(
    setting: &Setting,
    kind: &SettingKind,
    key: &str,
    found: &Found,
    place: &SettingPlace,
    problems: &mut Vec<SettingProblem>,
) -> Option<Settled> {
    match kind.read(found) {
        Ok(value) => Some(Settled { value: Some(value), place: place.clone() }),
        Err(why) => {
            let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
            let (shown, allowed) = (setting.kind.show_found(found), kind.allowed());
            problems.push(SettingProblem::new(place.clone(), format!("{key} is {shown}{why}; allowed: {allowed}")));
            None
        }
    }
}

fn from_secret_file(
    setting: &Setting,
    entry: &GivenValue,
    problems: &mut Vec<SettingProblem>,
    exposed: &mut Vec<SettingProblem>,
) -> Option<Settled> {
    // The path is no secret, but the secret itself may stand here by mistake: it is hidden all the same.
    let Some(Settled { value: Some(Value::Path(path)), .. }) =
        checked(setting, &SettingKind::Path, &entry.key, &entry.found, &entry.place, problems)
    else {
        return None;
    };
    let secret = match secret_file::read(&path, LARGEST_SECRET_FILE) {
        Ok(secret) => secret,
        Err(error) => {
            problems.push(SettingProblem::new(entry.place.clone(), format!("{} names a file that cannot be read: {error}", entry.key)));
            return None;
        }
    };
    if let Some(how) = secret.exposed {
        let what = format!(
            "{} names a file that {how}: make it readable by its owner only (chmod 600), or set {FILES} to mounted where a platform mounts it so",
            entry.key
        );
        exposed.push(SettingProblem::new(entry.place.clone(), what));
    }
    let text = Found::Text(secret.text.trim_end_matches(['\r', '\n']).to_owned());
    checked(setting, &setting.kind, &format!("the text in the file of {}", entry.key), &text, &entry.place, problems)
}

fn preset(setting: &Setting, values: &Values, problems: &mut Vec<SettingProblem>) -> Settled {
    let value = match setting.preset {
        Preset::Unset(_) => None,
        Preset::Is(text) => checked(setting, &setting.kind, setting.key, &Found::Text(text.to_owned()), &SettingPlace::Default, problems),
        Preset::Made(_, make) => checked(setting, &setting.kind, setting.key, &Found::Text(make(values)), &SettingPlace::Default, problems),
    };
    Settled { value: value.and_then(|settled| settled.value), place: SettingPlace::Default }
}

/// Pairs of which the first must not be more than the second.
const ORDERED: &[(&str, &str)] = &[
    ("password.minimum", "password.minimum_alone"),
    ("sign_in.ceremony", "sign_in.attempt"),
    ("sign_in.free_failures", "sign_in.disable_after"),
    ("session.idle", "session.lifetime"),
    ("session.admin_idle", "session.lifetime"),
    ("session.reauthentication", "session.lifetime"),
];

/// What must fit together. Passed over where one of the values was refused by itself.
fn together(values: &Values, refused: &[&str], problems: &mut Vec<SettingProblem>) {
    let both = |first: &str, second: &str| {
        let fine = !refused.contains(&first) && !refused.contains(&second);
        values.settled(first).zip(values.settled(second)).filter(|_| fine)
    };
    for (small, large) in ORDERED {
        let Some((less, more)) = both(small, large) else { continue };
        if measure(less) <= measure(more) {
            continue;
        }
        let show = |settled: &Settled| settled.value.as_ref().map(Value::show).unwrap_or_default();
        let what = format!("{small} is {} and must not be more than {large}, which is {} ({})", show(less), show(more), more.place);
        problems.push(SettingProblem::new(less.place.clone().max(more.place.clone()), what));
    }
    if let Some((enabled, public)) = both("demo.enabled", "server.public_url")
        && let (Some(Value::Switch(true)), Some(Value::Origin(origin))) = (&enabled.value, &public.value)
        && origin.is_https()
    {
        let what = "demo.enabled is true, but the demo application is for this machine only and ends with a public address; allowed: false, or no server.public_url";
        problems.push(SettingProblem::new(enabled.place.clone(), what));
    }
}

fn measure(settled: &Settled) -> u64 {
    match &settled.value {
        Some(Value::Span(time)) => time.as_secs(),
        Some(Value::Whole(number)) => *number,
        _ => 0,
    }
}
