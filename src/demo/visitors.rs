//! Who visits the demo: a bounded store in this process, keyed by a cookie, that forgets.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use openidconnect::{CsrfToken, Nonce, PkceCodeVerifier};

use super::view::DemoResultPage;
use crate::kernel::time::Timestamp;

/// The most visitors remembered; the one not seen for longest makes room.
const MOST_VISITORS: usize = 500;

/// The most sign-ins one visitor may have begun, for several tabs.
const MOST_BEGUN: usize = 8;

/// How long a visitor who does not come back is remembered, and how long a sign-in may take.
const REMEMBERED: Duration = Duration::from_secs(3600);

/// A sign-in that was begun and not yet answered. Prints no secret.
#[derive(Debug)]
pub(super) struct BegunSignIn {
    /// Ties the answer to this browser.
    pub(super) state: CsrfToken,
    /// Ties the ID token to this sign-in.
    pub(super) nonce: Nonce,
    /// Proves that the code was asked for here (PKCE).
    pub(super) verifier: PkceCodeVerifier,
    /// When.
    pub(super) at: Timestamp,
}

/// What was received, kept for showing and for signing out.
#[derive(Clone, Debug)]
pub(super) struct Received {
    /// The page that shows it.
    pub(super) page: DemoResultPage,
    /// The ID token, which names the session to be ended.
    pub(super) id_token: String,
}

#[derive(Debug)]
struct Visitor {
    seen: Timestamp,
    begun: Vec<BegunSignIn>,
    received: Option<Received>,
    signed_out: bool,
}

/// The visitors by their cookie.
#[derive(Default)]
pub(super) struct Visitors(Mutex<HashMap<String, Visitor>>);

impl Visitors {
    fn lock(&self, now: Timestamp) -> MutexGuard<'_, HashMap<String, Visitor>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, visitor| now.since(visitor.seen) < REMEMBERED);
        all
    }

    /// Remembers a sign-in; answers the cookie the browser is to keep, a new one for someone unknown.
    pub(super) fn begin(&self, cookie: Option<&str>, begun: BegunSignIn) -> String {
        let now = begun.at;
        let mut all = self.lock(now);
        let cookie = match cookie {
            Some(known) if all.contains_key(known) => known.to_owned(),
            _ => new_cookie(),
        };
        make_room(&mut all, &cookie);
        let visitor =
            all.entry(cookie.clone()).or_insert_with(|| Visitor { seen: now, begun: Vec::new(), received: None, signed_out: false });
        visitor.seen = now;
        visitor.begun.retain(|earlier| now.since(earlier.at) < REMEMBERED);
        if visitor.begun.len() >= MOST_BEGUN {
            visitor.begun.remove(0);
        }
        visitor.begun.push(begun);
        cookie
    }

    /// Takes the sign-in that `state` belongs to, once, and only in the browser that began it.
    pub(super) fn take(&self, cookie: Option<&str>, state: &str, now: Timestamp) -> Option<BegunSignIn> {
        let mut all = self.lock(now);
        let visitor = all.get_mut(cookie?)?;
        let place = visitor.begun.iter().position(|begun| begun.state.secret() == state)?;
        let begun = visitor.begun.remove(place);
        (now.since(begun.at) < REMEMBERED).then_some(begun)
    }

    /// Keeps what was received; answers a new cookie, so that one someone planted earlier is worth nothing.
    pub(super) fn keep(&self, cookie: Option<&str>, received: Received, now: Timestamp) -> String {
        let mut all = self.lock(now);
        let begun = cookie.and_then(|cookie| all.remove(cookie)).map(|visitor| visitor.begun).unwrap_or_default();
        let cookie = new_cookie();
        make_room(&mut all, &cookie);
        all.insert(cookie.clone(), Visitor { seen: now, begun, received: Some(received), signed_out: false });
        cookie
    }

    /// What was received for this visitor.
    pub(super) fn received(&self, cookie: Option<&str>, now: Timestamp) -> Option<Received> {
        let mut all = self.lock(now);
        let visitor = all.get_mut(cookie?)?;
        visitor.seen = now;
        visitor.received.clone()
    }

    /// Forgets what was received, and remembers to say so once.
    pub(super) fn sign_out(&self, cookie: Option<&str>, now: Timestamp) -> Option<Received> {
        let mut all = self.lock(now);
        let visitor = all.get_mut(cookie?)?;
        visitor.signed_out = visitor.received.is_some();
        visitor.received.take()
    }

    /// Whether this visitor signed out and was not told yet.
    pub(super) fn was_signed_out(&self, cookie: Option<&str>, now: Timestamp) -> bool {
        let mut all = self.lock(now);
        cookie.and_then(|cookie| all.get_mut(cookie)).is_some_and(|visitor| std::mem::take(&mut visitor.signed_out))
    }
}

/// A name nobody guesses: 256 random bits.
fn new_cookie() -> String {
    CsrfToken::new_random_len(32).into_secret()
}

fn make_room(all: &mut HashMap<String, Visitor>, coming: &str) {
    if all.len() < MOST_VISITORS || all.contains_key(coming) {
        return;
    }
    let oldest = all.iter().min_by_key(|(_, visitor)| visitor.seen).map(|(cookie, _)| cookie.clone());
    if let Some(oldest) = oldest {
        all.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::render::testing::Samples;

    fn begun(at: Timestamp) -> BegunSignIn {
        let (_, verifier) = openidconnect::PkceCodeChallenge::new_random_sha256();
        BegunSignIn { state: CsrfToken::new_random(), nonce: Nonce::new_random(), verifier, at }
    }

    fn received() -> Received {
        Received { page: DemoResultPage::samples().remove(0).1, id_token: "a.b.c".into() }
    }

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    #[test]
    fn an_answer_counts_once_and_only_in_its_own_browser() {
        let visitors = Visitors::default();
        let mine = begun(NOW);
        let state = mine.state.secret().clone();
        let cookie = visitors.begin(None, mine);
        let other = visitors.begin(None, begun(NOW));
        assert_ne!(cookie, other);
        assert!(visitors.take(None, &state, NOW).is_none());
        assert!(visitors.take(Some(&other), &state, NOW).is_none());
        assert!(visitors.take(Some(&cookie), "other", NOW).is_none());
        assert!(visitors.take(Some(&cookie), &state, NOW).is_some());
        assert!(visitors.take(Some(&cookie), &state, NOW).is_none());
    }

    #[test]
    fn two_tabs_can_both_be_answered_and_late_answers_cannot() {
        let visitors = Visitors::default();
        let (one, two) = (begun(NOW), begun(NOW));
        let (first, second) = (one.state.secret().clone(), two.state.secret().clone());
        let cookie = visitors.begin(None, one);
        assert_eq!(visitors.begin(Some(&cookie), two), cookie);
        assert!(visitors.take(Some(&cookie), &second, NOW).is_some());
        assert!(visitors.take(Some(&cookie), &first, NOW.plus(REMEMBERED)).is_none());
    }

    #[test]
    fn a_cookie_the_demo_did_not_make_is_not_used_and_a_sign_in_changes_it() {
        let visitors = Visitors::default();
        let cookie = visitors.begin(Some("planted"), begun(NOW));
        assert_ne!(cookie, "planted");
        let after = visitors.keep(Some(&cookie), received(), NOW);
        assert_ne!(after, cookie);
        assert!(visitors.received(Some(&cookie), NOW).is_none());
        assert!(visitors.received(Some(&after), NOW).is_some());
        assert_eq!(visitors.sign_out(Some(&after), NOW).unwrap().id_token, "a.b.c");
        assert!(visitors.received(Some(&after), NOW).is_none());
        assert!(visitors.was_signed_out(Some(&after), NOW) && !visitors.was_signed_out(Some(&after), NOW));
    }

    #[test]
    fn the_store_is_bounded_and_forgets() {
        let visitors = Visitors::default();
        let first = visitors.keep(None, received(), NOW);
        for second in 1..=MOST_VISITORS as u64 {
            visitors.begin(None, begun(NOW.plus(Duration::from_secs(second))));
        }
        let later = NOW.plus(Duration::from_secs(600));
        assert!(visitors.received(Some(&first), later).is_none());
        assert_eq!(visitors.lock(later).len(), MOST_VISITORS);
        assert!(visitors.lock(later.plus(REMEMBERED)).is_empty());
    }
}
