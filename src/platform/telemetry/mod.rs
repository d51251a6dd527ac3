//! The log: how it is set up, the number that ties its lines to one request, and how foreign text gets into it safely.

mod limit;
mod sink;

use std::io::IsTerminal;
use std::sync::OnceLock;

use limit::Limit;
pub use limit::tell_omitted;
use sink::Sink;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::config::{Format, Level, Log};
use crate::kernel::Entropy;

/// Mails of a request's number: no I, L, O or U, so that it can be read out over the phone.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// The most characters of foreign text one log field takes.
const LONGEST: usize = 200;

/// The one log of the process.
static SINK: OnceLock<Sink> = OnceLock::new();

/// Starts the log on standard error. Where one is already running, as in tests, that one stays.
pub fn init(log: &Log) {
    let Ok(sink) = Sink::start(std::io::stderr()) else { return };
    // The library would report a line it cannot write on standard error, and panic when that fails too.
    let builder = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).log_internal_errors(false).with_writer(sink.clone());
    let started = match log.format {
        Format::Json => builder.json().flatten_event(true).finish().with(Limit::of_process()).with(filter(log.level)).try_init(),
        Format::Text => {
            let ansi = std::io::stderr().is_terminal();
            builder.with_target(false).with_ansi(ansi).finish().with(Limit::of_process()).with(filter(log.level)).try_init()
        }
    };
    // A second start is refused by the library; the first keeps running, which is all that is needed.
    if started.is_ok() {
        let _ = SINK.set(sink);
    }
}

/// Waits up to a second until what was logged is written: the last act of the process.
pub fn flush() {
    if let Some(sink) = SINK.get() {
        sink.flush();
    }
}

/// Ours at the level that is set; what we stand on is quieter, and never so talkative that it prints
/// what passes through it: libraries write whole requests and keys at their finest levels (LG-06).
fn filter(level: Level) -> Targets {
    let (ours, others) = match level {
        Level::Error => (LevelFilter::ERROR, LevelFilter::ERROR),
        Level::Warn => (LevelFilter::WARN, LevelFilter::WARN),
        Level::Info => (LevelFilter::INFO, LevelFilter::WARN),
        Level::Debug => (LevelFilter::DEBUG, LevelFilter::INFO),
        Level::Trace => (LevelFilter::TRACE, LevelFilter::INFO),
    };
    Targets::new().with_default(others).with_target("vouchsafe", ours)
}

/// A number for one request: in its log lines, and on the page that says something failed (LG-09). 50 random bits, such as `7KQ29-VXM4T`.
pub fn request_id(entropy: &dyn Entropy) -> String {
    let mut id: String =
        entropy.bytes::<10>().iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32))).map(|mail| char::from(*mail)).collect();
    id.insert(5, '-');
    id
}

/// Text from outside as it may stand in the log: one line, without characters that move the cursor, change direction,
/// cannot be seen, or end a quoted field; at most 200 characters (LG-07).
pub fn safe(text: &str) -> String {
    let mut safe = String::new();
    for (position, c) in text.chars().enumerate() {
        if position == LONGEST {
            safe.push('…');
            break;
        }
        if c == '"' || c == '\\' {
            safe.push('\\');
            safe.push(c);
        } else if is_deceptive(c) {
            safe.extend(c.escape_unicode());
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Controls (also the C1 ones that terminals obey), separators, bidi controls, invisible and tag characters.
fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_forge_a_line() {
        // LG-07
        let safe = safe("Ana\r\n2026-01-01 INFO signed in \u{1b}[2K\u{9b}31m \u{202e}nimda \u{200b}\" level=\"error\\");
        assert_eq!(safe, "Ana\\u{d}\\u{a}2026-01-01 INFO signed in \\u{1b}[2K\\u{9b}31m \\u{202e}nimda \\u{200b}\\\" level=\\\"error\\\\");
    }

    #[test]
    fn ordinary_names_stay_readable_and_long_ones_are_cut() {
        assert_eq!(safe("Zoë O'Hara देवी 山田"), "Zoë O'Hara देवी 山田");
        assert_eq!(safe(&"x".repeat(5_000)).chars().count(), 201);
    }

    #[test]
    fn a_request_has_a_number_that_can_be_read_out() {
        struct Counting;
        impl Entropy for Counting {
            fn fill(&self, bytes: &mut [u8]) {
                bytes.iter_mut().zip(0_u8..).for_each(|(byte, count)| *byte = count.wrapping_mul(31));
            }
        }
        assert_eq!(request_id(&Counting), "0ZYXW-VTSRQ");
    }

    #[test]
    fn libraries_never_talk_at_their_finest_level() {
        // LG-06
        for level in [Level::Error, Level::Warn, Level::Info, Level::Debug, Level::Trace] {
            let filter = filter(level);
            assert!(filter.would_enable("vouchsafe::web", &tracing::Level::ERROR));
            assert!(!filter.would_enable("hyper", &tracing::Level::DEBUG), "{filter}");
        }
    }

    #[test]
    fn a_second_start_is_no_error() {
        let log = crate::platform::config::Settings::defaults().log;
        init(&log);
        init(&log);
    }
}
