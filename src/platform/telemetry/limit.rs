//! What strangers can have written to the log is bounded: each kind of line so many times in a minute, and then one line
//! that says how many more there were (LG-03, CVE-151).
//!
//! A kind is a place in the code. Lines about the server itself (jobs, stores, the start) are not bounded.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tracing::callsite::Identifier;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

const WINDOW: Duration = Duration::from_secs(60);
/// Lines of one kind in a minute where a person was told a reference to find it by.
const MOST_WITH_REFERENCE: u32 = 20;

/// The layer that leaves lines out.
pub(super) struct Limit(&'static Counters);

impl Limit {
    /// For the log of this process.
    pub(super) fn of_process() -> Self {
        Self(&KINDS)
    }
}

impl<S: Subscriber> Layer<S> for Limit {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let mut library = Library(None);
        event.record(&mut library);
        is_written(self.0, event.metadata(), library.0, Instant::now())
    }
}

/// The part of a library that wrote a line by the `log` crate, which has one place in the code for all of them.
struct Library(Option<String>);

impl Visit for Library {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "log.target" {
            self.0 = Some(value.to_owned());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

struct SeenLines {
    since: Instant,
    lines: u32,
    omitted: u64,
    place: String,
}

type Kinds = HashMap<(Identifier, Option<String>), SeenLines>;

/// What was seen of each kind.
type Counters = LazyLock<Mutex<Kinds>>;

static KINDS: Counters = LazyLock::new(Mutex::default);

fn held(kinds: &Counters) -> MutexGuard<'_, Kinds> {
    kinds.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The most lines of a kind in a minute; `None` for those that no stranger causes.
fn most(metadata: &Metadata<'_>) -> Option<u32> {
    let target = metadata.target();
    if *metadata.level() > Level::INFO {
        return None;
    }
    if target != "vouchsafe" && !target.starts_with("vouchsafe::") {
        return Some(1);
    }
    let by_request = target.starts_with("vouchsafe::web") || target.starts_with("vouchsafe::flows::oidc");
    let is_found_by_reference = metadata.fields().field("reference").is_some();
    by_request.then_some(if *metadata.level() == Level::WARN && !is_found_by_reference { 1 } else { MOST_WITH_REFERENCE })
}

fn is_written(kinds: &Counters, metadata: &Metadata<'_>, library: Option<String>, now: Instant) -> bool {
    let Some(most) = most(metadata) else { return true };
    let place = library.clone().unwrap_or_else(|| metadata.target().to_owned());
    let mut kinds = held(kinds);
    let fresh = || SeenLines { since: now, lines: 0, omitted: 0, place };
    let seen = kinds.entry((metadata.callsite(), library)).or_insert_with(fresh);
    if now.duration_since(seen.since) >= WINDOW {
        (seen.since, seen.lines) = (now, 0);
    }
    let written = seen.lines < most;
    if written {
        seen.lines += 1;
    } else {
        seen.omitted += 1;
    }
    written
}

/// Says how many lines were left out since the last time, one line for each kind; to be called every minute.
pub fn tell_omitted() {
    tell_omitted_of(&KINDS);
}

fn tell_omitted_of(kinds: &Counters) {
    let omitted: Vec<(String, u64)> = held(kinds)
        .values_mut()
        .filter(|seen| seen.omitted > 0)
        .map(|seen| (seen.place.clone(), std::mem::take(&mut seen.omitted)))
        .collect();
    for (place, lines) in omitted {
        tracing::warn!(lines, place, "more lines of one kind were left out of the log");
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::Arc;

    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_kind_of_line_is_written_once_a_minute_and_then_counted() {
        // LG-03, CVE-151: what strangers cause; what the server says of itself is written each time
        static SEEN: Counters = LazyLock::new(Mutex::default);
        let out = Written::default();
        let writer = out.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish().with(Limit(&SEEN));
        tracing::subscriber::with_default(subscriber, || {
            for number in 0..50 {
                tracing::error!(target: "some_library::parser", number, "a header of a stranger");
                tracing::warn!(target: "vouchsafe::web::failure", number, "refused to a stranger");
                tracing::warn!(target: "vouchsafe::flows::jobs::mail", number, "a mail did not go");
                tracing::warn!(target: "vouchsafe::web::respond", reference = number, "a form from elsewhere");
            }
            tell_omitted_of(&SEEN);
            tell_omitted_of(&SEEN);
        });
        let text = String::from_utf8(out.0.lock().unwrap().clone()).unwrap();
        let lines = |part: &str| text.lines().filter(|line| line.contains(part)).count();
        assert_eq!((lines("a header of a stranger"), lines("refused to a stranger"), lines("a mail did not go")), (1, 1, 50));
        assert_eq!(lines("a form from elsewhere"), 20, "a page names each by its reference");
        let told: Vec<&str> = text.lines().filter(|line| line.contains("left out")).collect();
        for place in ["some_library::parser", "vouchsafe::web::failure"] {
            assert_eq!(told.iter().filter(|line| line.contains(place) && line.contains("lines=49")).count(), 1, "{text}");
        }
        assert_eq!(told.iter().filter(|line| line.contains("lines=30")).count(), 1, "{text}");
    }
}
