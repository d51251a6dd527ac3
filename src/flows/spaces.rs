//! Every use of the short-lived store, as one table: what is kept, how long, who makes it, how much of the store it may
//! take and what happens when that is used up.
//!
//! The parts add up to no more than the store, so each is reserved as well: what one kind of maker fills, nobody else
//! misses. What strangers make is bounded per network at three widths, everything else per link, person or session.

use std::time::Duration;

use super::address_check::sent_code::SentCode;
use super::enrolment::Enrolment;
use super::oidc::authorize::KeptRequest;
use super::people::Card;
use super::sign_in::{Attempt, KeptCeremony};
use super::throttle::tries::Tries;
use super::{apps, factors};
use crate::domain::passkey::Registration;
use crate::kernel::ids::AttemptId;
use crate::platform::ephemeral::Lifetime::{Attempt as AnAttempt, Ceremony as ACeremony, Fixed, NetworkWindow};
use crate::platform::ephemeral::MadeBy::{KnownDevice, Link, Proven, Server, Session, Stranger};
use crate::platform::ephemeral::WhenFull::{FirstToEndGoes, Refused};
use crate::platform::ephemeral::{Counter, Share, Space};

const TEN_MINUTES: Duration = Duration::from_secs(600);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

macro_rules! spaces {
    ($(#[doc = $doc:literal] $id:ident: $kind:ty = $new:ident($name:literal, $kept:expr, $by:ident, $part:literal, $each:expr, $full:ident);)*) => {
        $(#[doc = $doc] pub(crate) const $id: Space<$kind> =
            Space::$new(Share { name: $name, kept: $kept, made_by: $by, part: $part, each: $each, when_full: $full });)*
        /// The table: what each space holds, and what it is allowed.
        const TABLE: &[(&str, Share)] = &[$(($doc, $id.share),)*];
    };
}

// name, how long, made by, thousandths of the store, KiB of one maker, when the part is used up.
spaces! {
    /// Authorization requests of applications
    REQUEST: KeptRequest = new("request", AnAttempt, Stranger, 140, Some(4_096), FirstToEndGoes);
    /// Authorization requests of applications
    REQUEST_OF_DEVICE: KeptRequest = new("request", AnAttempt, KnownDevice, 70, Some(256), FirstToEndGoes);
    /// Authorization requests of applications
    REQUEST_OF_SESSION: KeptRequest = new("request", AnAttempt, Session, 70, Some(256), FirstToEndGoes);
    /// Sign-in attempts after the first factor
    ATTEMPT: Attempt = versioned("attempt", AnAttempt, Proven, 100, Some(64), FirstToEndGoes);
    /// Passkey sign-ins without a username
    PASSKEY_SIGN_IN: KeptCeremony = new("passkey-sign-in", ACeremony, Stranger, 50, Some(1_024), FirstToEndGoes);
    /// Passkey sign-ins without a username
    PASSKEY_SIGN_IN_OF_DEVICE: KeptCeremony = new("passkey-sign-in", ACeremony, KnownDevice, 30, Some(32), FirstToEndGoes);
    /// Passkeys as the second factor
    PASSKEY_OF_ATTEMPT: KeptCeremony = new("passkey-of-attempt", ACeremony, Proven, 30, Some(32), FirstToEndGoes);
    /// Passkeys for confirming a session
    PASSKEY_OF_SESSION: KeptCeremony = new("passkey-of-session", ACeremony, Session, 30, Some(32), FirstToEndGoes);
    /// Enrolments by invitation or reset link
    ENROLMENT: Enrolment = versioned("enrolment", AnAttempt, Link, 50, Some(64), FirstToEndGoes);
    /// Browsers that started an enrolment
    ENROLMENT_OF_BROWSER: AttemptId = new("enrolment-of-browser", AnAttempt, Link, 15, Some(16), FirstToEndGoes);
    /// New passkeys in enrolments
    ENROLMENT_PASSKEY: Registration = new("enrolment-passkey", ACeremony, Link, 20, Some(32), FirstToEndGoes);
    /// New passkeys of accounts
    NEW_PASSKEY: factors::passkey::Started = new("new-passkey", ACeremony, Session, 20, None, FirstToEndGoes);
    /// New authenticator apps of accounts
    NEW_TOTP: factors::totp::PendingTotp = new("new-totp", AnAttempt, Session, 15, None, FirstToEndGoes);
    /// New recovery codes until they are saved
    RECOVERY_CODES: factors::recovery_codes::CodesToShow = new("recovery-codes", Fixed(factors::recovery_codes::SHOWN_FOR), Session, 20, None, FirstToEndGoes);
    /// Whether recovery codes were downloaded
    RECOVERY_CODES_DOWNLOADED: () = new("recovery-codes-downloaded", Fixed(factors::recovery_codes::SHOWN_FOR), Session, 10, Some(8), FirstToEndGoes);
    /// Codes sent to an address
    ADDRESS_CHECK: SentCode = new("address-check", Fixed(DAY), Session, 15, None, FirstToEndGoes);
    /// Secrets of applications, shown once
    CLIENT_SECRET: apps::Connected = new("client-secret", Fixed(TEN_MINUTES), Session, 10, Some(32), FirstToEndGoes);
    /// Links for people, shown once
    LINK_CARD: Card = new("link-card", Fixed(TEN_MINUTES), Session, 10, Some(32), FirstToEndGoes);
    /// Failures at an account, by unknown devices
    TRIES: Tries = versioned("tries", Fixed(DAY), Stranger, 80, None, Refused);
    /// Failures at an account, by a known device
    TRIES_OF_DEVICE: Tries = versioned("tries-of-device", Fixed(DAY), KnownDevice, 30, None, FirstToEndGoes);
    /// Failures at a typed username or email
    TRIES_OF_NAME: Tries = versioned("tries-of-name", Fixed(DAY), Stranger, 20, None, FirstToEndGoes);
    /// Failures at an unknown username or email
    TRIES_OF_NOBODY: Tries = versioned("tries-of-nobody", Fixed(DAY), Stranger, 20, None, FirstToEndGoes);
    /// Failures of a network (IPv4 /32, IPv6 /64)
    NETWORK_FAILURES: Counter = new("network-failures", NetworkWindow, Stranger, 20, None, FirstToEndGoes);
    /// Failures of a wider network (IPv6 /56)
    NETWORK_FAILURES_WIDER: Counter = new("network-failures-wider", NetworkWindow, Stranger, 10, None, FirstToEndGoes);
    /// Failures of a widest network (IPv4 /24, IPv6 /48)
    NETWORK_FAILURES_WIDEST: Counter = new("network-failures-widest", NetworkWindow, Stranger, 10, None, FirstToEndGoes);
    /// Failed authentications of an application at the token endpoint
    CLIENT_FAILURES: Counter = new("client-failures", Fixed(TEN_MINUTES), Stranger, 10, None, FirstToEndGoes);
    /// Refusals of a network counted for the audit log
    NETWORK_REFUSALS: Counter = new("network-refusals", NetworkWindow, Stranger, 10, None, FirstToEndGoes);
    /// Refusals of a network already in the audit log
    NOTED: () = new("noted", NetworkWindow, Stranger, 10, None, FirstToEndGoes);
    /// Codes tried in an enrolment
    ENROLMENT_CODES: Counter = new("enrolment-codes", Fixed(TEN_MINUTES), Link, 10, None, Refused);
    /// Passwords hashed for a link
    ENROLMENT_PASSWORDS: Counter = new("enrolment-passwords", Fixed(TEN_MINUTES), Link, 10, None, Refused);
    /// Codes tried for a new authenticator app
    TOTP_CODES: Counter = new("totp-codes", Fixed(TEN_MINUTES), Session, 10, None, Refused);
    /// Sets of recovery codes created by a person
    RECOVERY_SETS: Counter = new("recovery-sets", Fixed(HOUR), Session, 10, None, FirstToEndGoes);
    /// Emails with a code to an address
    ADDRESS_MAILS: Counter = new("address-mails", Fixed(DAY), Session, 10, None, FirstToEndGoes);
    /// Codes tried to confirm an address
    ADDRESS_CODES: Counter = new("address-codes", Fixed(DAY), Session, 10, None, FirstToEndGoes);
    /// All failures of the last minute and hour
    FAILURES: Counter = new("failures", Fixed(Duration::from_secs(7_200)), Server, 1, None, FirstToEndGoes);
}

const fn total() -> u64 {
    let (mut sum, mut rest) = (0, TABLE);
    while let [(_, share), tail @ ..] = rest {
        sum += share.part;
        rest = tail;
    }
    sum
}

const _: () = assert!(total() <= 1_000, "the parts add up to more than the store");

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;
    use crate::platform::config::Settings;
    use crate::platform::ephemeral::{Lifetime, StoreLimits, WhenFull};

    /// The table as README shows it, with the default size of the store.
    fn as_markdown() -> String {
        let limits = StoreLimits::of(&Settings::defaults());
        let mut text =
            "| What | Created by | Kept for | Maximum, and reserved | Per creator | When full |\n|---|---|---|---|---|---|\n".to_owned();
        for (what, share) in TABLE {
            let kept = match share.kept {
                Lifetime::Fixed(time) => format!("{} min", time.as_secs() / 60),
                Lifetime::Attempt => "`sign_in.attempt`".to_owned(),
                Lifetime::Ceremony => "`sign_in.ceremony`".to_owned(),
                Lifetime::NetworkWindow => "`sign_in.network_window`".to_owned(),
            };
            let each = share.each.map_or_else(|| "one".to_owned(), |kib| format!("{kib} KiB"));
            let full = match share.when_full {
                WhenFull::FirstToEndGoes => "the first to expire is dropped",
                WhenFull::Refused => "refused",
            };
            let (made_by, most) = (share.made_by.as_str(), limits.most(share) / 1024);
            let _ = writeln!(text, "|{what} | {made_by} | {kept} | {most} KiB | {each} | {full} |");
        }
        text
    }

    #[test]
    fn the_readme_shows_this_table() {
        // TH-15
        let (begin, end) = ("<!-- spaces:begin -->", "<!-- spaces:end -->");
        let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
        let block = readme.split_once(begin).and_then(|(_, rest)| rest.split_once(end)).map(|(block, _)| block.trim());
        let table = as_markdown();
        assert!(block == Some(table.trim()), "README.md has another table; this is the one:\n{table}");
    }

    #[test]
    fn a_name_has_one_space_for_each_kind_of_maker() {
        for (number, (_, share)) in TABLE.iter().enumerate() {
            let same = |(_, other): &&(&str, Share)| other.name == share.name && other.made_by == share.made_by;
            assert!(!TABLE[number + 1..].iter().any(|other| same(&other)), "{}", share.name);
        }
    }
}
