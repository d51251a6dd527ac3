//! What is true about a request, a session and a person at one moment: what the verdict rests on.

use std::time::Duration;

use super::received::{Asked, Request};
use super::rejection::NotTold;
use crate::domain::client::Access;
use crate::domain::consent::{self, Consent};
use crate::domain::session::Session;
use crate::domain::{client, group, identity};
use crate::flows::oidc::claims::{self, Claim};
use crate::flows::oidc::consent::Showing;
use crate::kernel::ids::PersonId;
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// Everything a verdict rests on.
#[derive(Clone, Debug)]
pub(in crate::flows::oidc) struct Standing {
    /// The request, or why the application that sent it cannot be told anything.
    pub(super) asked: Result<Asked, NotTold>,
    /// What is known of the person of the session.
    pub(super) person: Option<PersonStanding>,
    /// What the person has just answered.
    pub(super) answer: Option<ConsentAnswer>,
    pub(super) now: Timestamp,
    /// How long a proof counts as recent.
    pub(super) recent: Duration,
}

/// The person of the session, as far as this application is concerned.
#[derive(Clone, Debug, Default)]
pub(in crate::flows::oidc) struct PersonStanding {
    /// They may use the application.
    pub(super) allowed: bool,
    /// What the application needs and their account has no value for.
    pub(super) lacks: Vec<Claim>,
    /// The subject it knows them by; looked up only where the request names one.
    pub(super) subject: Option<String>,
    /// What they decided before.
    pub(super) consent: Option<Consent>,
}

/// The person's answer, with the proof of what the page that asked showed, and to whom.
#[derive(Clone, Debug)]
pub struct ConsentAnswer {
    /// What they decided.
    pub decision: Decision,
    /// From the form; see `Showing`.
    pub shown: String,
}

/// What the person decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes, with these of what may be declined.
    Allow(Vec<Claim>),
    /// No.
    Decline,
}

impl Standing {
    /// The answer of the person.
    pub(super) fn decision(&self) -> Option<&Decision> {
        self.answer.as_ref().map(|answer| &answer.decision)
    }
    /// Forgets an answer to a page that showed something else, or to another person (OA-110).
    pub(super) fn keep_answer_to_its_page(&mut self, session: Option<&Session>, form_key: &[u8; 32]) {
        let Some(answer) = self.answer.take() else { return };
        let fits = self.showing(session).is_some_and(|showing| showing.fits(form_key, &answer.shown));
        self.answer = fits.then_some(answer);
    }
    /// What a page about this request shows to the person of the session.
    pub(super) fn showing(&self, session: Option<&Session>) -> Option<Showing> {
        let asked = self.asked.as_ref().ok()?;
        let request = &asked.request.as_ref().ok()?.request;
        Some(Showing { person: session?.person, request: request.id, shown: asked.shown(request) })
    }
}

/// Looks the person of a session up. Four statements at most, none of which writes.
pub(super) fn person(w: &mut Work<'_>, session: &Session, asked: &Asked) -> Result<PersonStanding, Fault> {
    let (person, application) = (session.person, &asked.client);
    let allowed = match &application.access {
        Access::Everyone => true,
        groups @ Access::Groups(_) => {
            let of_person: Vec<_> = group::list_of(w, person)?.into_iter().map(|(id, _)| id).collect();
            groups.allows(&of_person)
        }
    };
    let names_person = asked.request.as_ref().is_ok_and(|Request { expected_subject, .. }| expected_subject.is_some());
    Ok(PersonStanding {
        allowed,
        lacks: lacks(w, person, asked)?,
        subject: if names_person { client::find_subject(w, person, application)? } else { None },
        consent: consent::find(w, person, application.id)?,
    })
}

/// Which claims that the application needs have no value. Everybody has a name.
fn lacks(w: &mut Work<'_>, person: PersonId, asked: &Asked) -> Result<Vec<Claim>, Fault> {
    let Ok(request) = &asked.request else { return Ok(vec![]) };
    let mut needed = claims::needed(&request.request, &asked.client);
    needed.retain(|claim| *claim != Claim::Name);
    if !needed.is_empty() {
        let given = identity::attributes(w, person)?;
        needed.retain(|claim| !given.contains(&claims::attribute(*claim)));
    }
    Ok(needed)
}
