//! What is known of someone on the way in, and which step is next.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::enrollee::{Enrollee, FIRST_PAGE, Newcomer};
use crate::app::App;
use crate::domain::totp;
use crate::flows::spaces::ENROLMENT;
use crate::flows::{After, Caller};
use crate::kernel::ids::AttemptId;
use crate::kernel::proof::Method;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::token::{AttemptCookie, TokenHash};
use crate::platform::ephemeral::{Key, Versioned};

/// A password's hash on its way to the database. Prints nothing.
#[derive(Clone, Debug)]
pub struct Phc(pub SecretString);

impl Serialize for Phc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose_secret())
    }
}
impl<'de> Deserialize<'de> for Phc {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(text.into()))
    }
}

/// How it ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Ending {
    /// Well: what the account has now.
    Done {
        /// The passkey's name.
        passkey: Option<String>,
        /// Whether a password was set.
        password: bool,
        /// The authenticator's name.
        authenticator: Option<String>,
    },
    /// Someone else used the link, or it ended, or there is an administrator by now.
    LinkDead {
        /// When that was found.
        at: Timestamp,
    },
}

/// Someone on the way in.
#[derive(Clone, Serialize, Deserialize)]
pub struct Enrolment {
    version: u64,
    /// Its id in addresses.
    pub id: AttemptId,
    binding: TokenHash<AttemptCookie>,
    /// Who arrives.
    pub standing: Enrollee,
    /// Where they go afterwards.
    pub after: After,
    /// The method that was chosen: a passkey, a password with an authenticator, or an authenticator beside the password.
    pub chosen: Option<Method>,
    pub(super) password: Option<Phc>,
    /// The authenticator that is not confirmed yet.
    pub seed: Option<totp::Seed>,
    /// How it ended.
    pub ending: Option<Ending>,
}

impl Versioned for Enrolment {
    fn version(&self) -> u64 {
        self.version
    }
}

/// The next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnrolmentStep {
    /// Back to the name: it is someone else's.
    Name,
    /// Choose a way.
    Method,
    /// Make a passkey.
    Passkey,
    /// Choose a password.
    Password,
    /// Add an authenticator.
    Totp,
    /// Over.
    Done,
}

/// What an id in an address stands for.
pub enum FoundAttempt {
    /// This browser's enrolment.
    Here(Box<Enrolment>),
    /// Nothing, or another browser's: which of the two is not told (SE-18).
    Nothing,
}

impl Enrolment {
    pub(super) fn new(app: &App, caller: &Caller, standing: Enrollee, after: After) -> Self {
        let id = AttemptId::make(app.now(), &*app.entropy);
        Self { version: 1, id, binding: caller.binding, standing, after, chosen: None, password: None, seed: None, ending: None }
    }

    /// The number of this state; a form carries it back.
    pub fn step_number(&self) -> u64 {
        self.version
    }

    /// The next step: a pure function of what is there.
    pub fn next(&self) -> EnrolmentStep {
        if self.ending.is_some() {
            return EnrolmentStep::Done;
        }
        if let Enrollee::New(Newcomer { taken: Some(_), .. }) = &self.standing {
            return EnrolmentStep::Name;
        }
        match self.chosen {
            None => EnrolmentStep::Method,
            Some(Method::Passkey) => EnrolmentStep::Passkey,
            Some(Method::Password) if self.password.is_none() => EnrolmentStep::Password,
            Some(_) => EnrolmentStep::Totp,
        }
    }

    /// The address of the next step.
    pub fn address(&self) -> String {
        let page = match self.next() {
            EnrolmentStep::Name => {
                return match &self.standing {
                    Enrollee::New(_) => FIRST_PAGE.to_owned(),
                    Enrollee::LinkHolder(guest) => format!("/{}", guest.purpose.page()),
                    Enrollee::AccountHolder(_) => format!("/enrolment/{}/method", self.id),
                };
            }
            EnrolmentStep::Method => "method",
            EnrolmentStep::Passkey => "passkey",
            EnrolmentStep::Password => "password",
            EnrolmentStep::Totp => "totp",
            EnrolmentStep::Done => "done",
        };
        format!("/enrolment/{}/{page}", self.id)
    }

    /// Whether a page may be looked at now: the next one, and those before it.
    pub fn allows(&self, page: EnrolmentStep) -> bool {
        match self.next() {
            EnrolmentStep::Done => page == EnrolmentStep::Done,
            EnrolmentStep::Totp => {
                matches!(page, EnrolmentStep::Totp | EnrolmentStep::Method)
                    || (page == EnrolmentStep::Password && self.chosen == Some(Method::Password))
            }
            EnrolmentStep::Passkey if !self.has_choice() => page == EnrolmentStep::Passkey,
            next => page == next || page == EnrolmentStep::Method && next != EnrolmentStep::Name,
        }
    }

    fn has_choice(&self) -> bool {
        match &self.standing {
            Enrollee::New(_) | Enrollee::LinkHolder(_) => true,
            Enrollee::AccountHolder(known) => known.code_would_do,
        }
    }

    /// The person's name.
    pub fn name(&self) -> &str {
        match &self.standing {
            Enrollee::New(newcomer) => &newcomer.name,
            Enrollee::LinkHolder(guest) => &guest.name,
            Enrollee::AccountHolder(known) => &known.name,
        }
    }

    /// What the person types to sign in.
    pub fn login(&self) -> &str {
        match &self.standing {
            Enrollee::New(newcomer) => &newcomer.username,
            Enrollee::LinkHolder(guest) => &guest.login,
            Enrollee::AccountHolder(known) => &known.login,
        }
    }

    pub(super) fn handle(&self) -> [u8; 16] {
        match &self.standing {
            Enrollee::New(newcomer) => newcomer.handle,
            Enrollee::LinkHolder(guest) => guest.handle,
            Enrollee::AccountHolder(known) => known.handle,
        }
    }

    /// How far a page is, and how many there are once a way was chosen. An account that only needs one more way is not
    /// counted through; of someone with a link the name is known, so their way begins at the choice.
    pub fn place_of(&self, page: EnrolmentStep) -> Option<(u8, Option<u8>)> {
        let name = match self.standing {
            Enrollee::New(_) => 1,
            Enrollee::LinkHolder(_) => 0,
            Enrollee::AccountHolder(_) => return None,
        };
        // Recovery codes, the last step, come after a password only.
        let (at, of) = match (page, self.chosen) {
            (EnrolmentStep::Name | EnrolmentStep::Method, None) => (1, None),
            (EnrolmentStep::Name | EnrolmentStep::Method, Some(Method::Passkey)) => (1, Some(2)),
            (EnrolmentStep::Name | EnrolmentStep::Method, Some(_)) => (1, Some(4)),
            (EnrolmentStep::Passkey, _) => (2, Some(2)),
            (EnrolmentStep::Password, _) => (2, Some(4)),
            (EnrolmentStep::Totp, _) => (3, Some(4)),
            (EnrolmentStep::Done, _) => (4, Some(4)),
        };
        Some((at + name, of.map(|of| of + name)))
    }

    /// Whether this makes the first administrator.
    pub fn is_first(&self) -> bool {
        matches!(self.standing, Enrollee::New(_))
    }

    /// Whether the account begins anew: it came by a link and makes all its sign-in methods.
    pub fn is_new(&self) -> bool {
        !matches!(self.standing, Enrollee::AccountHolder(_))
    }

    pub(super) async fn store(&self, app: &App) -> Result<(), Fault> {
        app.ephemeral.put(&key(self.id).made_by(self.standing.maker()), self).await
    }

    /// Stores the good end over whatever another tab, which lost, may have stored meanwhile. The account is there by
    /// now, so not being able to say so is no reason to fail.
    pub(super) async fn store_end(mut self, app: &App) {
        self.version += 2;
        if let Err(fault) = self.store(app).await {
            tracing::warn!(%fault, "the end of an enrolment could not be kept");
        }
    }

    /// Moves on over the state that was seen. False when another tab was faster.
    pub(super) async fn advance(mut self, app: &App) -> Result<Option<Self>, Fault> {
        let seen = self.version;
        self.version += 1;
        Ok(app.ephemeral.swap(&key(self.id), seen, &self).await?.then_some(self))
    }
}

pub(super) fn key(id: AttemptId) -> Key<Enrolment> {
    ENROLMENT.key(id)
}

/// Opens the enrolment of an id, in the browser it belongs to.
pub async fn open(app: &App, caller: &Caller, id: AttemptId) -> Result<FoundAttempt, Fault> {
    let found = app.ephemeral.get(&key(id)).await?;
    let ours = found.filter(|enrolment| enrolment.binding == caller.binding);
    Ok(ours.map_or(FoundAttempt::Nothing, |enrolment| FoundAttempt::Here(Box::new(enrolment))))
}

#[cfg(test)]
mod tests {
    use super::super::enrollee::Taken;
    use super::*;
    use crate::kernel::ids::{TicketId, UuidId};

    fn enrolment(standing: Enrollee) -> Enrolment {
        Enrolment {
            version: 1,
            id: AttemptId::from_uuid(uuid::Uuid::from_u128(1)),
            binding: TokenHash::none(),
            standing,
            after: After::Account,
            chosen: None,
            password: None,
            seed: None,
            ending: None,
        }
    }

    fn new() -> Enrolment {
        enrolment(Enrollee::New(Newcomer::new(TicketId::from_uuid(uuid::Uuid::from_u128(2)), [7; 16])))
    }

    #[test]
    fn each_state_has_one_next_step_and_nothing_can_be_skipped() {
        // EN-16, CVE-11
        let with = |change: fn(&mut Enrolment)| {
            let mut enrolment = new();
            change(&mut enrolment);
            enrolment
        };
        let rows: [(Enrolment, EnrolmentStep, &[EnrolmentStep]); 6] = [
            (new(), EnrolmentStep::Method, &[EnrolmentStep::Method]),
            (with(|a| a.chosen = Some(Method::Passkey)), EnrolmentStep::Passkey, &[EnrolmentStep::Method, EnrolmentStep::Passkey]),
            (with(|a| a.chosen = Some(Method::Password)), EnrolmentStep::Password, &[EnrolmentStep::Method, EnrolmentStep::Password]),
            (
                with(|a| {
                    a.chosen = Some(Method::Password);
                    a.password = Some(Phc("x".to_owned().into()));
                }),
                EnrolmentStep::Totp,
                &[EnrolmentStep::Method, EnrolmentStep::Password, EnrolmentStep::Totp],
            ),
            (
                with(|a| {
                    if let Enrollee::New(newcomer) = &mut a.standing {
                        newcomer.taken = Some(Taken::Username);
                    }
                }),
                EnrolmentStep::Name,
                &[],
            ),
            (
                with(|a| a.ending = Some(Ending::Done { passkey: None, password: true, authenticator: None })),
                EnrolmentStep::Done,
                &[EnrolmentStep::Done],
            ),
        ];
        for (enrolment, next, allowed) in rows {
            assert_eq!(enrolment.next(), next);
            for page in [EnrolmentStep::Method, EnrolmentStep::Passkey, EnrolmentStep::Password, EnrolmentStep::Totp, EnrolmentStep::Done] {
                assert_eq!(enrolment.allows(page), allowed.contains(&page), "{next:?} {page:?}");
            }
        }
    }

    #[test]
    fn the_way_back_leads_to_the_link() {
        let mut enrolment = new();
        if let Enrollee::New(newcomer) = &mut enrolment.standing {
            newcomer.taken = Some(Taken::Email);
        }
        assert_eq!(enrolment.address(), "/setup");
    }
}
