//! Passkeys: as the only step, found by themselves, and as the second step or a confirmation.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::attempt::{Attempt, Begin, Signed, State};
use super::enter::{self, Entrance, EntryPurpose};
use super::{RefusalRecord, SignInStep, enrolled, need, next_step, refused};
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::identity::{self, Person, PersonState};
use crate::domain::passkey::{self, Assertion, CeremonyRefusal, Mediation, Passkey, Proof};
use crate::domain::policy::Need;
use crate::flows::spaces::{PASSKEY_OF_ATTEMPT, PASSKEY_OF_SESSION, PASSKEY_SIGN_IN, PASSKEY_SIGN_IN_OF_DEVICE};
use crate::flows::throttle::{Asker, ByAsker};
use crate::flows::{After, Caller, revalidate, throttle};
use crate::kernel::Fault;
use crate::kernel::ids::{AttemptId, PersonId};
use crate::kernel::proof::{AuthEvent, Method};
use crate::platform::crypto::token::{AttemptCookie, TokenHash};
use crate::platform::db::Work;

/// What is kept between start and finish, found by its challenge, taken once (WA-02).
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct KeptCeremony {
    assertion: Assertion,
    binding: TokenHash<AttemptCookie>,
    whose: Whose,
    asked: Need,
    after: After,
}

#[derive(Debug, Serialize, Deserialize)]
enum Whose {
    /// Anyone's passkey answers, and the page that was asked for before.
    Anybody { to: Option<String> },
    /// The person of an attempt (WA-58, WA-65).
    Attempt(AttemptId),
    /// The person of an open session.
    Session { person: PersonId, purpose: EntryPurpose },
}

/// At which page an answer arrives; each takes the ceremonies it started and no others (WA-03, WA-65).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CeremonyPage {
    /// The first page, without a name.
    Login,
    /// The second step of an attempt.
    Attempt(AttemptId),
    /// Confirming again, for the session of this person.
    Reauthentication(PersonId),
}

/// The result of an answer.
#[derive(Debug)]
pub enum PasskeyOutcome {
    /// Signed in or confirmed.
    Signed(Box<Signed>),
    /// Accepted, but more is needed.
    Advanced(AttemptId, SignInStep),
    /// Refused; the browser is told no reason.
    Refused,
    /// The proof is right and whole, and the account is disabled: its owner is told.
    AccountDisabled,
    /// We know nothing of this ceremony: too old, used, or another browser's.
    TooOld,
}

/// Starts a sign-in without a name; `to` is the page that was asked for before.
pub async fn start_username_less(app: &App, caller: &Caller, after: After, to: Option<String>, asked: Need) -> Result<Value, Fault> {
    // Autofill and button are ceremonies of their own, each with its challenge (WA-68); the script sets the mediation.
    let (options, ceremony) = start(app, caller, &[], Whose::Anybody { to }, asked, after)?;
    let asker = Asker::of(app, caller, None).await?;
    let spaces = ByAsker { session: &PASSKEY_SIGN_IN_OF_DEVICE, device: &PASSKEY_SIGN_IN_OF_DEVICE, stranger: &PASSKEY_SIGN_IN };
    app.ephemeral.put(&asker.key(ceremony.assertion.challenge(), &spaces), &ceremony).await?;
    Ok(options)
}

/// Starts the passkey step of an attempt. `None` when the account has no passkey.
pub async fn start_for_attempt(app: &App, caller: &Caller, attempt: &Attempt) -> Result<Option<Value>, Fault> {
    let allowed = passkeys(app, attempt.person).await?;
    if allowed.is_empty() || attempt.state != State::Open {
        return Ok(None);
    }
    let (options, ceremony) = start(app, caller, &allowed, Whose::Attempt(attempt.id), attempt.need, attempt.after)?;
    app.ephemeral.put(&PASSKEY_OF_ATTEMPT.key(ceremony.assertion.challenge()).made_by(attempt.person), &ceremony).await?;
    Ok(Some(options))
}

/// Starts confirming a signed-in person. `None` when the account has no passkey.
pub async fn start_for_confirmation(app: &App, caller: &Caller, person: PersonId, purpose: EntryPurpose) -> Result<Option<Value>, Fault> {
    let allowed = passkeys(app, person).await?;
    if allowed.is_empty() {
        return Ok(None);
    }
    let asked = crate::domain::policy::for_sign_in();
    let (options, ceremony) = start(app, caller, &allowed, Whose::Session { person, purpose }, asked, After::Account)?;
    app.ephemeral.put(&PASSKEY_OF_SESSION.key(ceremony.assertion.challenge()).made_by(person), &ceremony).await?;
    Ok(Some(options))
}

async fn passkeys(app: &App, person: PersonId) -> Result<Vec<Passkey>, Fault> {
    app.read(move |w| passkey::list(w, person)).await
}

fn start(app: &App, caller: &Caller, allowed: &[Passkey], whose: Whose, asked: Need, after: After) -> Result<(Value, KeptCeremony), Fault> {
    let (options, assertion) = app.relying_party.start_assertion(allowed, Mediation::Dialog)?;
    Ok((options, KeptCeremony { assertion, binding: caller.binding, whose, asked, after }))
}

/// The answer is right, and nobody signs in to the account.
const DISABLED: CeremonyRefusal = CeremonyRefusal("account_disabled");

/// Why an answer is not accepted, and about whom, if that is known.
struct No(CeremonyRefusal, Option<PersonId>);

/// Finishes a ceremony of this browser.
pub async fn finish(app: &App, caller: &Caller, body: Vec<u8>, place: CeremonyPage) -> Result<PasskeyOutcome, Fault> {
    let challenge = match passkey::challenge_of(&body) {
        Ok(challenge) => challenge,
        Err(refusal) => return say_no(app, caller, No(refusal, None)).await,
    };
    // Taken whatever comes next: a challenge is answered once.
    // What belongs to an attempt or a session is kept with it, out of the strangers' share.
    let space = match place {
        CeremonyPage::Login => &PASSKEY_SIGN_IN,
        CeremonyPage::Attempt(_) => &PASSKEY_OF_ATTEMPT,
        CeremonyPage::Reauthentication(_) => &PASSKEY_OF_SESSION,
    };
    let Some(ceremony) = app.ephemeral.take(&space.key(&challenge)).await? else { return Ok(PasskeyOutcome::TooOld) };
    if ceremony.binding != caller.binding {
        return say_no(app, caller, No(CeremonyRefusal("foreign_browser"), None)).await;
    }
    let attempt = match (&ceremony.whose, place) {
        (Whose::Attempt(id), CeremonyPage::Attempt(flow)) if *id == flow => match super::load(app, caller, flow).await? {
            super::Loaded::Here(attempt) if attempt.state == State::Open => Some(attempt),
            _ => return Ok(PasskeyOutcome::TooOld),
        },
        (Whose::Anybody { .. }, CeremonyPage::Login) => None,
        (Whose::Session { person, .. }, CeremonyPage::Reauthentication(signed_in)) if *person == signed_in => None,
        _ => return say_no(app, caller, No(CeremonyRefusal("foreign_ceremony"), None)).await,
    };
    match accept(app, caller, &ceremony, attempt, body).await? {
        Ok(answered) => Ok(answered),
        Err(no) => say_no(app, caller, no).await,
    }
}

/// An answer that is right, and whose it is.
struct Proved {
    person: Person,
    stored: Passkey,
    proof: Proof,
}

/// Checks an answer, without spending anything. `expected` is the person who must have given it, where that is known.
async fn check(app: &App, assertion: &Assertion, expected: Option<PersonId>, body: &[u8]) -> Result<Result<Proved, No>, Fault> {
    let named = match passkey::named(body) {
        Ok(named) => named,
        Err(refusal) => return Ok(Err(No(refusal, None))),
    };
    let found = app
        .read(move |w| {
            let Some((person, stored)) = passkey::find_by_credential(w, &named.credential_id)? else { return Ok(None) };
            Ok(identity::find(w, person)?.map(|person| (person, stored)))
        })
        .await?;
    let Some((person, stored)) = found else { return Ok(Err(No(CeremonyRefusal("unknown_credential"), None))) };
    if expected.is_some_and(|expected| expected != person.id) {
        return Ok(Err(No(CeremonyRefusal("other_account"), expected)));
    }
    if !matches!(person.state, PersonState::Active | PersonState::Disabled) {
        return Ok(Err(No(CeremonyRefusal("account_not_active"), Some(person.id))));
    }
    Ok(match app.relying_party.finish_assertion(assertion, body, &stored, &person.handle) {
        Ok(_) if person.state == PersonState::Disabled => Err(No(DISABLED, Some(person.id))),
        Ok(proof) => Ok(Proved { person, stored, proof }),
        Err(refusal) => Err(No(refusal, Some(person.id))),
    })
}

impl KeptCeremony {
    /// The person who must answer, where that is known.
    fn expected(&self, attempt: Option<&Attempt>) -> Option<PersonId> {
        match &self.whose {
            Whose::Anybody { .. } => None,
            Whose::Attempt(_) => attempt.map(|attempt| attempt.person),
            Whose::Session { person, .. } => Some(*person),
        }
    }
    /// What a right answer is for, where it leads, and what was proved before it.
    fn leads_to(&self, attempt: Option<&Attempt>) -> (EntryPurpose, After, Vec<AuthEvent>) {
        match (&self.whose, attempt) {
            (Whose::Session { purpose, .. }, _) => (purpose.clone(), self.after, Vec::new()),
            (_, Some(attempt)) => (attempt.purpose.clone(), attempt.after, attempt.events.clone()),
            (Whose::Anybody { to }, None) => (EntryPurpose::SignIn { to: to.clone() }, self.after, Vec::new()),
            (Whose::Attempt(_), None) => (EntryPurpose::SignIn { to: None }, self.after, Vec::new()),
        }
    }
}

/// Claims the one use of an answer, and records when its passkey is no longer backed up, or is now. False when it was used
/// meanwhile.
fn spend(w: &mut Work<'_>, Proved { person, stored, proof }: &Proved, origin: Value) -> Result<bool, Fault> {
    if !passkey::claim_use(w, stored, proof)? {
        return Ok(false);
    }
    if stored.backup_state != proof.backup_state {
        let entry = Entry::new(Kind::PasskeyBackupChanged, Actor::Person(person.id)).about(person.id);
        let entry = entry.fact("backed_up", proof.backup_state).fact("passkey", stored.id.to_string());
        audit::append(w, &entry.personal(Some(person.id), origin))?;
    }
    Ok(true)
}

async fn accept(
    app: &App,
    caller: &Caller,
    ceremony: &KeptCeremony,
    attempt: Option<Box<Attempt>>,
    body: Vec<u8>,
) -> Result<Result<PasskeyOutcome, No>, Fault> {
    let expected = ceremony.expected(attempt.as_deref());
    let proved = match check(app, &ceremony.assertion, expected, &body).await? {
        Ok(proved) => proved,
        Err(no) => return Ok(Err(no)),
    };
    let event = AuthEvent { method: Method::Passkey, at: app.now(), user_verified: true, synced: proved.stored.backup_eligible };
    let (purpose, after, mut events) = ceremony.leads_to(attempt.as_deref());
    events.push(event.clone());
    let (entrance, entering) = (Entrance::prepare(app, caller), purpose.clone());
    let (asked, id, trace) = (ceremony.asked, proved.person.id, caller.audit_origin());
    // The use of the passkey, the session and their record are one write (WA-36, WA-37).
    let (lost, opened, next) = app
        .write(move |w| {
            identity::hold(w, id)?;
            if !spend(w, &proved, trace)? {
                return Ok((Some("used_meanwhile"), None, SignInStep::Passkey));
            }
            if !revalidate::still_hold(w, id, &events)? {
                return Ok((Some("password_changed"), None, SignInStep::Passkey));
            }
            let whole = need(w, id, asked)?;
            let next = next_step(&events, enrolled(w, id)?, &whole);
            let opened = if next == SignInStep::Done { enter::enter(w, &entrance, id, &events, &entering)? } else { None };
            Ok((None, opened, next))
        })
        .await?;
    if let Some(why) = lost {
        return Ok(Err(No(CeremonyRefusal(why), Some(id))));
    }
    if next == SignInStep::Done {
        if let Some(mut attempt) = attempt {
            attempt.end(app).await;
        }
        return Ok(match opened {
            Some(entered) => Ok(PasskeyOutcome::Signed(Box::new(Signed::of(&purpose, after, entered)))),
            None => Err(No(CeremonyRefusal("session_ended_meanwhile"), Some(id))),
        });
    }
    let flow = match attempt {
        Some(mut attempt) => {
            attempt.events.push(event);
            attempt.save(app).await?;
            attempt.id
        }
        None => Attempt::begin(app, caller, Begin { purpose, after, need: asked }, id, event).await?.id,
    };
    Ok(Ok(PasskeyOutcome::Advanced(flow, next)))
}

async fn say_no(app: &App, caller: &Caller, No(refusal, person): No) -> Result<PasskeyOutcome, Fault> {
    let told = if refusal == DISABLED { PasskeyOutcome::AccountDisabled } else { PasskeyOutcome::Refused };
    throttle::passkey_refused(app, caller).await?;
    // Written down as long as one network does not send it in heaps; then once for each account and reason.
    let whose = person.map(|person| person.to_string()).unwrap_or_default();
    if !throttle::is_first_in_window(app, caller, &format!("{}:{whose}", refusal.0)).await? {
        return Ok(told);
    }
    let caller = caller.clone();
    app.write(move |w| refused(w, &caller, person, RefusalRecord { method: Method::Passkey, reason: refusal.0, page: None })).await?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::testing::{browser, on_each};
    use crate::flows::throttle::{Admission, Subject};

    #[test]
    fn one_sender_of_nonsense_slows_nobody_else_down() {
        // TH-06, TH-07, WA-67
        on_each(async |stage| {
            let app = &stage.app;
            for _ in 0..200 {
                let answered = finish(app, &browser(), b"nonsense".to_vec(), CeremonyPage::Login).await.unwrap();
                assert!(matches!(answered, PasskeyOutcome::Refused));
            }
            let elsewhere = Caller { address: "192.0.2.1".parse().unwrap(), ..browser() };
            let subject = Subject { account: "ana".into(), known: true, typed: None, method: Method::Password, device: None };
            for _ in 0..5 {
                assert_eq!(throttle::admit(app, &subject, &elsewhere).await.unwrap(), Admission::Go);
            }
            assert!(matches!(throttle::admit(app, &subject, &browser()).await.unwrap(), Admission::Wait(_)));
        });
    }
}
