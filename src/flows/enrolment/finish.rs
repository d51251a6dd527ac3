//! The last step: one write that makes everything, or nothing.

use secrecy::SecretString;

use super::attempt::{Ending, Enrolment};
use super::enrollee::{AccountHolder, Enrollee, LinkHolder, LinkPurpose, Newcomer, Taken};
use super::setup::name_taken;
use super::unfinished::{may_add, newest};
use crate::app::App;
use crate::domain::access::{self, Role};
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::identity::{self, Created, NewPerson, PersonState};
use crate::domain::outbox::{self, MailKind};
use crate::domain::passkey::{self, Inserted, NewPasskey};
use crate::domain::totp::{self, Added, Seed};
use crate::domain::{password, policy, recovery, ticket};
use crate::flows::factors::{self, Binding, OwnerNotice};
use crate::flows::sign_in::EntryPurpose;
use crate::flows::sign_in::enter::{self, Entered, Entrance};
use crate::flows::{Caller, notifications, sessions};
use crate::kernel::ids::PersonId;
use crate::kernel::proof::{AuthEvent, Method};
use crate::kernel::text::{DeviceName, DisplayName, EmailAddress, Username};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// The factors that were made.
pub(super) enum NewFactors {
    Passkey { label: DeviceName, new: NewPasskey },
    Codes { password: Option<SecretString>, label: DeviceName, seed: Seed, step: i64 },
}

/// The cookies of someone who is signed in now.
pub struct EnrolledSession {
    /// The cookies.
    pub entered: Entered,
    /// Where to go on.
    pub next: String,
}

/// The result of the last step.
pub enum Ended {
    /// Signed in.
    Signed(EnrolledSession),
    /// Someone else used the link, or it has ended; nothing was made.
    LinkDead(String),
    /// The name is someone else's by now; nothing was made and nothing is lost.
    NameTaken(String),
    /// This passkey is on an account already; nothing was made.
    PasskeyTaken,
}

enum FinishWrite {
    Done(Entered),
    LinkDead,
    NameTaken(Taken),
    PasskeyTaken,
}

/// What one write needs beside the enrolment.
struct FinishContext {
    entrance: Entrance,
    caller: Caller,
    /// From when on a proof counts for binding something new.
    since: Timestamp,
}

impl FinishContext {
    fn binding(&self, person: PersonId, notice: OwnerNotice) -> Binding<'_> {
        Binding { person, caller: &self.caller, notice }
    }
    /// As messages say it.
    fn browser(&self) -> notifications::EventContext {
        notifications::EventContext::of(&self.caller)
    }
}

/// A value and its name in a message.
type NamedValue = (&'static str, String);

pub(super) async fn finish(app: &App, caller: &Caller, mut enrolment: Enrolment, factor: NewFactors) -> Result<Ended, Fault> {
    let context = FinishContext { entrance: Entrance::prepare(app, caller), caller: caller.clone(), since: newest(app) };
    let done = factor.told();
    let standing = enrolment.standing.clone();
    let written = app
        .write(move |w| match standing {
            Enrollee::New(newcomer) => newcomer_in(w, &newcomer, &factor, &context),
            Enrollee::LinkHolder(guest) => guest_in(w, &guest, &factor, &context),
            Enrollee::AccountHolder(known) => known_in(w, &known, &factor, &context),
        })
        .await?;
    // Whatever was typed and made on the way is no longer needed.
    let forget = |enrolment: &mut Enrolment, ending| {
        enrolment.password = None;
        enrolment.seed = None;
        enrolment.ending = Some(ending);
    };
    let id = enrolment.id;
    match written {
        FinishWrite::Done(entered) => {
            if matches!(enrolment.standing, Enrollee::New(_))
                && let Err(error) = app.settings.data.forget_setup_link()
            {
                tracing::warn!(%error, "the file with the used set-up link could not be removed");
            }
            forget(&mut enrolment, done);
            enrolment.store_end(app).await;
            Ok(Ended::Signed(EnrolledSession { entered, next: format!("/enrolment/{id}/recovery") }))
        }
        FinishWrite::LinkDead => {
            // The same browser may have finished in another tab; then that page tells it.
            if let Some(other) = app.ephemeral.get(&super::attempt::key(id)).await?
                && other.ending.is_some()
            {
                return Ok(Ended::LinkDead(other.address()));
            }
            forget(&mut enrolment, Ending::LinkDead { at: app.now() });
            enrolment.advance(app).await?;
            Ok(Ended::LinkDead(format!("/enrolment/{id}/done")))
        }
        FinishWrite::NameTaken(taken) => {
            if let Enrollee::New(newcomer) = &mut enrolment.standing {
                newcomer.taken = Some(taken);
            }
            let address = enrolment.address();
            enrolment.advance(app).await?;
            Ok(Ended::NameTaken(address))
        }
        FinishWrite::PasskeyTaken => Ok(Ended::PasskeyTaken),
    }
}

/// Makes the first administrator. Everything that can be refused is looked at before the first change, so that a
/// refusal commits nothing. Parallel ends wait for the link, so each looks at what the one before it left behind, and
/// the link's claim decides between them (PW-16).
fn newcomer_in(w: &mut Work<'_>, newcomer: &Newcomer, factor: &NewFactors, context: &FinishContext) -> Result<FinishWrite, Fault> {
    let email = (!newcomer.email.is_empty()).then_some(newcomer.email.as_str());
    if !ticket::hold(w, newcomer.ticket)? || access::any_owner(w)? {
        return Ok(FinishWrite::LinkDead);
    }
    if let Some(taken) = name_taken(w, &newcomer.username, email)? {
        return Ok(FinishWrite::NameTaken(taken));
    }
    if factor.is_taken(w)? {
        return Ok(FinishWrite::PasskeyTaken);
    }
    if !ticket::claim(w, newcomer.ticket)? {
        return Ok(FinishWrite::LinkDead);
    }
    let unreadable = |_| Fault::internal("a name in an enrolment cannot be read again");
    let new = NewPerson {
        handle: newcomer.handle,
        name: DisplayName::parse(&newcomer.name).map_err(unreadable)?,
        username: Some(Username::parse(&newcomer.username).map_err(unreadable)?),
        email: email.map(EmailAddress::parse).transpose().map_err(unreadable)?,
        state: PersonState::Active,
    };
    let Created::Made(person) = identity::create(w, &new)? else {
        // Between the look and here: everything rolls back, and trying again finds the name taken.
        return Err(Fault::new(crate::kernel::fault::FaultKind::Busy, "a name was taken at the same moment"));
    };
    let actor = Actor::Person(person.id);
    audit::append(w, &Entry::new(Kind::PersonCreated, actor).about(person.id).fact("by", "set_up"))?;
    access::grant_role(w, person.id, Role::Owner, None, None)?;
    audit::append(w, &Entry::new(Kind::RoleGranted, Actor::System).about(person.id).fact("role", "owner"))?;
    let events = factor.bind(w, context.binding(person.id, OwnerNotice::Elsewhere))?;
    audit::append(w, &Entry::new(Kind::SetUpCompleted, actor).about(person.id).personal(Some(person.id), context.caller.audit_origin()))?;
    enter(w, person.id, &events, context, &EntryPurpose::Enrolment)
}

/// Gives the account of a link its sign-in methods. As above, all that can be refused comes before the first change,
/// and the link's claim decides between parallel ends (EN-03).
fn guest_in(w: &mut Work<'_>, guest: &LinkHolder, factor: &NewFactors, context: &FinishContext) -> Result<FinishWrite, Fault> {
    let person = guest.person;
    // Withdrawn or switched off while someone was on the way: nothing is made.
    if !identity::hold(w, person)?.is_some_and(|state| guest.purpose.fits(state)) {
        return Ok(FinishWrite::LinkDead);
    }
    if factor.is_taken_by_another(w, person)? {
        return Ok(FinishWrite::PasskeyTaken);
    }
    if !ticket::claim(w, guest.ticket)? {
        return Ok(FinishWrite::LinkDead);
    }
    let kind = match guest.purpose {
        LinkPurpose::Join => Kind::InvitationAccepted,
        LinkPurpose::Reset => Kind::ResetLinkUsed,
    };
    let mut entry = Entry::new(kind, Actor::Person(person)).about(person).personal(Some(person), context.caller.audit_origin());
    match guest.purpose {
        LinkPurpose::Join => {
            identity::set_state(w, person, PersonState::Active)?;
            // Anyone who has the link that only a message told reads what is sent there.
            let made_at = ticket::made_at(w, guest.ticket)?;
            if outbox::was_sent(w, person, MailKind::Invitation, made_at)? {
                identity::confirm_email(w, person)?;
            }
        }
        // Anyone who has what was lost must not get in by it (RC-07). Who has just joined needs no message about it; anyone who
        // starts again may be someone else.
        LinkPurpose::Reset => {
            let facts = [factor.facts(), ways_of(w, person)?].concat();
            notifications::tell(w, person, MailKind::ResetCompleted, &facts, &context.browser())?;
            entry = clear_ways(w, person, entry)?;
        }
    }
    audit::append(w, &entry)?;
    let events = factor.bind(w, context.binding(person, OwnerNotice::Elsewhere))?;
    enter(w, person, &events, context, &EntryPurpose::Enrolment)
}

/// The sign-in methods a person has, as the mail names what is gone (E-07).
fn ways_of(w: &mut Work<'_>, person: PersonId) -> Result<Vec<NamedValue>, Fault> {
    let all = |names: Vec<String>| names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
    let passkeys = passkey::list(w, person)?.into_iter().map(|passkey| passkey.name).collect();
    let authenticators = totp::list(w, person)?.into_iter().map(|totp| totp.name).collect();
    let mut ways = vec![("gone_passkeys", all(passkeys)), ("gone_authenticators", all(authenticators))];
    if password::exists(w, person)? {
        ways.push(("gone_password", "yes".to_owned()));
    }
    if recovery::status(w, person)?.is_some() {
        ways.push(("gone_codes", "yes".to_owned()));
    }
    Ok(ways)
}

/// Removes every sign-in method, and ends what was opened by them; the entry says how much it was.
fn clear_ways(w: &mut Work<'_>, person: PersonId, entry: Entry) -> Result<Entry, Fault> {
    let passkeys = passkey::remove_all(w, person)?;
    let authenticators = totp::remove_all(w, person)?;
    let password = password::remove(w, person)?;
    recovery::remove(w, person)?;
    let ended = sessions::end_all(w, person)?;
    let entry = entry.fact("passkeys_removed", passkeys).fact("authenticators_removed", authenticators);
    Ok(entry.fact("password_removed", password).fact("sessions_ended", ended))
}

/// Gives an account its second factor and ends its sign-in.
fn known_in(w: &mut Work<'_>, known: &AccountHolder, factor: &NewFactors, context: &FinishContext) -> Result<FinishWrite, Fault> {
    // Looked at again behind the lock: since this began, another way may have been added, or the account disabled.
    let active = identity::hold(w, known.person)? == Some(PersonState::Active);
    if !active || !may_add(w, known.person, &known.events, context.since)? {
        return Ok(FinishWrite::LinkDead);
    }
    if factor.is_taken(w)? {
        return Ok(FinishWrite::PasskeyTaken);
    }
    let mut events = known.events.clone();
    events.extend(factor.bind(w, context.binding(known.person, OwnerNotice::Own))?);
    if !policy::for_sign_in().met_by(&events) {
        return Err(Fault::internal("an enrolment ended with too few proofs"));
    }
    enter(w, known.person, &events, context, &EntryPurpose::SignIn { to: None })
}

/// Opens the session of an account that is active by now.
fn enter(
    w: &mut Work<'_>,
    person: PersonId,
    events: &[AuthEvent],
    context: &FinishContext,
    purpose: &EntryPurpose,
) -> Result<FinishWrite, Fault> {
    let entered = enter::enter(w, &context.entrance, person, events, purpose)?;
    entered.map(FinishWrite::Done).ok_or_else(|| Fault::internal("an account was enrolled and cannot sign in"))
}

impl NewFactors {
    /// What the last page says.
    fn told(&self) -> Ending {
        match self {
            Self::Passkey { label, .. } => Ending::Done { passkey: Some(label.as_str().to_owned()), password: false, authenticator: None },
            Self::Codes { password, label, .. } => {
                Ending::Done { passkey: None, password: password.is_some(), authenticator: Some(label.as_str().to_owned()) }
            }
        }
    }

    fn is_taken(&self, w: &mut Work<'_>) -> Result<bool, Fault> {
        match self {
            Self::Passkey { new, .. } => Ok(passkey::find_by_credential(w, &new.credential_id)?.is_some()),
            Self::Codes { .. } => Ok(false),
        }
    }

    /// The same for an account whose own passkeys are about to go: one of them may be made again.
    fn is_taken_by_another(&self, w: &mut Work<'_>, person: PersonId) -> Result<bool, Fault> {
        match self {
            Self::Passkey { new, .. } => Ok(passkey::find_by_credential(w, &new.credential_id)?.is_some_and(|(owner, _)| owner != person)),
            Self::Codes { .. } => Ok(false),
        }
    }

    /// What is there now, as a message names it.
    fn facts(&self) -> Vec<NamedValue> {
        match self {
            Self::Passkey { label, .. } => vec![("new_passkey", format!("“{}”", label.as_str()))],
            Self::Codes { label, .. } => vec![("new_authenticator", format!("“{}”", label.as_str()))],
        }
    }

    /// Binds what was made, and says what it proved.
    fn bind(&self, w: &mut Work<'_>, binding: Binding<'_>) -> Result<Vec<AuthEvent>, Fault> {
        let at = w.now;
        let event = |method, user_verified, synced| AuthEvent { method, at, user_verified, synced };
        match self {
            Self::Passkey { label, new } => {
                let Inserted::Made(_) = factors::passkey::bind(w, binding, label, new)? else {
                    return Err(Fault::new(crate::kernel::fault::FaultKind::Busy, "a passkey was added at the same moment"));
                };
                Ok(vec![event(Method::Passkey, true, new.backup_eligible)])
            }
            Self::Codes { password, label, seed, step } => {
                let mut events = Vec::new();
                if let Some(hash) = password {
                    factors::password::bind(w, binding, hash, None)?;
                    events.push(event(Method::Password, false, false));
                }
                let Added::Made(_) = factors::totp::bind(w, binding, label, seed, *step)? else {
                    return Err(Fault::internal("a new account has too many authenticators"));
                };
                events.push(event(Method::Totp, false, false));
                Ok(events)
            }
        }
    }
}
