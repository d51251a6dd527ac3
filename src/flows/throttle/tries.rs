//! Failures in a row, and the pause after each.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::kernel::{Fault, Timestamp};
use crate::platform::ephemeral::{Key, Versioned};

/// Tries in a row and when the next is looked at.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Tries {
    version: u64,
    until: Timestamp,
}

impl Versioned for Tries {
    fn version(&self) -> u64 {
        self.version
    }
}

impl Tries {
    /// As it was before the last of them.
    pub(super) fn one_less(&self, now: Timestamp) -> Self {
        Self { version: self.version.saturating_sub(1), until: now }
    }
}

/// Counts one more try in a row; says until when there is a pause instead, if there is one.
pub(super) async fn count(app: &App, key: &Key<Tries>, free: u64) -> Result<Option<Timestamp>, Fault> {
    let (now, longest) = (app.now(), app.settings.sign_in.longest_pause);
    loop {
        let Some(tries) = app.ephemeral.get(key).await? else {
            let first = Tries { version: 1, until: now.plus(delay(1, free, longest)) };
            if app.ephemeral.put_new(key, &first).await? {
                return Ok(None);
            }
            continue;
        };
        // One that is further off than any pause was dated while the clock was ahead.
        if tries.until > now && tries.until <= now.plus(longest) {
            return Ok(Some(tries.until));
        }
        let count = tries.version + 1;
        let next = Tries { version: count, until: now.plus(delay(count, free, longest)) };
        if app.ephemeral.swap(key, tries.version, &next).await? {
            return Ok(None);
        }
    }
}

/// The pause after the `count`th failure in a row.
fn delay(count: u64, free: u64, longest: Duration) -> Duration {
    match count.checked_sub(free) {
        None | Some(0) => Duration::ZERO,
        Some(over) => Duration::from_secs(1 << over.min(20)).min(longest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        // TH-01, TH-06
        let longest = Duration::from_secs(900);
        let seconds: Vec<u64> = (1..=17).map(|count| delay(count, 5, longest).as_secs()).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
        assert_eq!(delay(1, 0, longest).as_secs(), 2);
        assert_eq!(delay(u64::MAX, 5, longest), longest);
    }
}
