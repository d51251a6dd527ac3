//! What proxies in front of the server do in vain: forwarded addresses that are not believed or not understood. All visitors
//! then count as one, and one who guesses pauses the others. Each kind is logged once an hour, and the administrators' pages
//! tell the first of them for as long as it goes on.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::kernel::Timestamp;
use crate::platform::config::Settings;
use crate::platform::telemetry::safe;

/// How often one kind is logged, and how long the pages tell of it.
const WINDOW: Duration = Duration::from_secs(3_600);

/// Why a forwarded address does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProxyComplaint {
    /// The peer that sends it is not among `server.trusted_proxies`.
    Untrusted {
        /// The peer.
        peer: IpAddr,
    },
    /// A trusted proxy wrote no address there.
    Unreadable {
        /// The proxy.
        peer: IpAddr,
        /// What it wrote.
        text: String,
    },
    /// `X-Forwarded-For` and `Forwarded` of a trusted proxy name different clients.
    Contradiction {
        /// The proxy.
        peer: IpAddr,
    },
}

impl ProxyComplaint {
    fn kind(&self) -> usize {
        match self {
            Self::Untrusted { .. } => 0,
            Self::Unreadable { .. } => 1,
            Self::Contradiction { .. } => 2,
        }
    }

    fn log(&self) {
        match self {
            Self::Untrusted { peer } => tracing::warn!(
                %peer,
                "forwarded addresses come from a peer that is not trusted, so all visitors behind it count as one; if it is your proxy, add it to server.trusted_proxies, and if not, close this way past the proxy"
            ),
            Self::Unreadable { peer, text } => tracing::warn!(
                %peer,
                text = safe(text),
                "a proxy forwards something that is not an address; visitors it does not name count as one"
            ),
            Self::Contradiction { peer } => tracing::warn!(
                %peer,
                "X-Forwarded-For and Forwarded name different clients, so neither counts; let the proxy remove the header that it does not write itself"
            ),
        }
    }
}

/// The latest of each kind.
#[derive(Default)]
pub struct ProxyWatch(Mutex<[Option<SeenComplaint>; 3]>);

struct SeenComplaint {
    complaint: ProxyComplaint,
    logged_at: Timestamp,
    last_at: Timestamp,
}

impl ProxyWatch {
    /// Notes a complaint, and logs it unless its kind was logged within the hour.
    pub fn note(&self, complaint: ProxyComplaint, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(seen) = all.get_mut(complaint.kind()) else { return };
        let logged_at = seen.as_ref().map(|seen| seen.logged_at).filter(|at| at.until(now) < WINDOW);
        if logged_at.is_none() {
            complaint.log();
        }
        *seen = Some(SeenComplaint { complaint, logged_at: logged_at.unwrap_or(now), last_at: now });
    }

    /// What was noted within the hour, the gravest first.
    pub fn current(&self, now: Timestamp) -> Option<ProxyComplaint> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().flatten().find(|seen| seen.last_at.until(now) < WINDOW).map(|seen| seen.complaint.clone())
    }
}

/// Logs at start that a public address with https stands for a proxy, and that none is trusted.
pub fn warn_at_start(settings: &Settings) {
    if settings.origin().is_https() && settings.server.trusted_proxies.is_empty() {
        tracing::warn!(
            "server.public_url is https, so a proxy stands in front, and server.trusted_proxies names none: all visitors count as one, and wrong tries of one pause the others"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_kept_for_an_hour() {
        // TH-07
        let (watch, begin) = (ProxyWatch::default(), Timestamp::from_seconds(1_795_435_200));
        assert_eq!(watch.current(begin), None);
        let unreadable = ProxyComplaint::Unreadable { peer: IpAddr::from([10, 0, 0, 1]), text: "unknown".to_owned() };
        let untrusted = ProxyComplaint::Untrusted { peer: IpAddr::from([10, 0, 0, 2]) };
        watch.note(unreadable.clone(), begin);
        assert_eq!(watch.current(begin), Some(unreadable.clone()));
        let later = begin.plus(Duration::from_secs(600));
        watch.note(untrusted.clone(), later);
        assert_eq!(watch.current(later), Some(untrusted));
        watch.note(unreadable.clone(), later.plus(WINDOW));
        assert_eq!(watch.current(later.plus(WINDOW)), Some(unreadable));
        assert_eq!(watch.current(later.plus(WINDOW * 2)), None);
    }
}
