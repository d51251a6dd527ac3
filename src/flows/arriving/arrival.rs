//! What is known of somebody on the way in, and which step is next.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::guest::Guest;
use crate::app::App;
use crate::domain::identity::{self, NameKind, PersonState};
use crate::domain::policy::Need;
use crate::domain::{passkey, password, policy, recovery, totp};
use crate::flows::{After, Caller};
use crate::kernel::ids::{FlowId, PersonId, TicketId};
use crate::kernel::proof::{Acr, AuthEvent, Method};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::token::{FlowCookie, TokenHash};
use crate::platform::db::Work;
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

/// Somebody who has no account yet.
#[derive(Clone, Serialize, Deserialize)]
pub struct Newcomer {
    /// The link they came by.
    pub ticket: TicketId,
    /// Its code, for the way back to the first page.
    code: Phc,
    /// The name by which their passkeys will know the account.
    pub handle: [u8; 16],
    /// Their name, as parsed.
    pub name: String,
    /// Their user name, as parsed.
    pub username: String,
    /// Their address, as parsed; empty for none.
    pub email: String,
    /// A name that turned out to be somebody else's.
    pub taken: Option<Taken>,
}

/// Which name was taken; `NameKind` as it is stored here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Taken {
    /// The user name.
    Username,
    /// The address.
    Email,
}

impl From<NameKind> for Taken {
    fn from(kind: NameKind) -> Self {
        match kind {
            NameKind::Username => Self::Username,
            NameKind::Email => Self::Email,
        }
    }
}

impl Newcomer {
    pub(super) fn new(ticket: TicketId, code: &str, handle: [u8; 16]) -> Self {
        let code = Phc(code.to_owned().into());
        Self { ticket, code, handle, name: String::new(), username: String::new(), email: String::new(), taken: None }
    }
    /// The first page's address.
    pub fn first_page(&self) -> String {
        format!("/setup/{}", self.code.0.expose_secret())
    }
}

/// Somebody who has an account and too few ways to sign in.
#[derive(Clone, Serialize, Deserialize)]
pub struct Known {
    /// Who.
    pub person: PersonId,
    /// The handle of the account.
    pub handle: [u8; 16],
    /// Their name.
    pub name: String,
    /// What they type to sign in.
    pub login: String,
    /// What they proved in the sign-in that led here.
    pub events: Vec<AuthEvent>,
    /// An authenticator would do, too; otherwise only a passkey reaches what is asked for.
    pub code_would_do: bool,
}

/// Who arrives.
#[derive(Clone, Serialize, Deserialize)]
pub enum Standing {
    /// The first administrator, by a set-up link.
    New(Newcomer),
    /// Somebody whom an administrator sent a link.
    Guest(Guest),
    /// Somebody with an account.
    Known(Known),
}

/// Which way was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Chosen {
    /// A passkey.
    Passkey,
    /// A password, then an authenticator.
    Password,
    /// An authenticator beside the password that is there.
    Totp,
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
    /// Somebody else used the link, or it ended, or there is an administrator by now.
    LinkDead {
        /// When that was found.
        at: Timestamp,
    },
}

/// Somebody on the way in.
#[derive(Clone, Serialize, Deserialize)]
pub struct Arrival {
    version: u64,
    /// Its id in addresses.
    pub id: FlowId,
    binding: TokenHash<FlowCookie>,
    /// Who arrives.
    pub standing: Standing,
    /// Where they go afterwards.
    pub after: After,
    /// Which way was chosen.
    pub chosen: Option<Chosen>,
    pub(super) password: Option<Phc>,
    /// The authenticator that is not confirmed yet.
    pub seed: Option<totp::Seed>,
    /// How it ended.
    pub ending: Option<Ending>,
}

impl Versioned for Arrival {
    fn version(&self) -> u64 {
        self.version
    }
}

/// The next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Back to the name: it is somebody else's.
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
pub enum Found {
    /// This browser's arrival.
    Here(Box<Arrival>),
    /// Nothing, or another browser's: which of the two is not told (SE-18).
    Nothing,
}

impl Arrival {
    pub(super) fn new(app: &App, caller: &Caller, standing: Standing, after: After) -> Self {
        let id = FlowId::make(app.now(), &*app.entropy);
        Self { version: 1, id, binding: caller.binding, standing, after, chosen: None, password: None, seed: None, ending: None }
    }

    /// The number of this state; a form carries it back.
    pub fn step_number(&self) -> u64 {
        self.version
    }

    /// The next step: a pure function of what is there.
    pub fn next(&self) -> Step {
        if self.ending.is_some() {
            return Step::Done;
        }
        if let Standing::New(Newcomer { taken: Some(_), .. }) = &self.standing {
            return Step::Name;
        }
        match self.chosen {
            None => Step::Method,
            Some(Chosen::Passkey) => Step::Passkey,
            Some(Chosen::Password) if self.password.is_none() => Step::Password,
            Some(Chosen::Password | Chosen::Totp) => Step::Totp,
        }
    }

    /// The address of the next step.
    pub fn address(&self) -> String {
        let page = match self.next() {
            Step::Name => {
                return match &self.standing {
                    Standing::New(newcomer) => newcomer.first_page(),
                    Standing::Guest(guest) => guest.first_page(),
                    Standing::Known(_) => format!("/f/{}/enrol/method", self.id),
                };
            }
            Step::Method => "method",
            Step::Passkey => "passkey",
            Step::Password => "password",
            Step::Totp => "totp",
            Step::Done => "done",
        };
        format!("/f/{}/enrol/{page}", self.id)
    }

    /// Whether a page may be looked at now: the next one, and those before it.
    pub fn allows(&self, page: Step) -> bool {
        match self.next() {
            Step::Done => page == Step::Done,
            Step::Totp => matches!(page, Step::Totp | Step::Method) || (page == Step::Password && self.chosen == Some(Chosen::Password)),
            Step::Passkey if !self.has_choice() => page == Step::Passkey,
            next => page == next || page == Step::Method && next != Step::Name,
        }
    }

    fn has_choice(&self) -> bool {
        match &self.standing {
            Standing::New(_) | Standing::Guest(_) => true,
            Standing::Known(known) => known.code_would_do,
        }
    }

    /// The person's name.
    pub fn name(&self) -> &str {
        match &self.standing {
            Standing::New(newcomer) => &newcomer.name,
            Standing::Guest(guest) => &guest.name,
            Standing::Known(known) => &known.name,
        }
    }

    /// What the person types to sign in.
    pub fn login(&self) -> &str {
        match &self.standing {
            Standing::New(newcomer) => &newcomer.username,
            Standing::Guest(guest) => &guest.login,
            Standing::Known(known) => &known.login,
        }
    }

    pub(super) fn handle(&self) -> [u8; 16] {
        match &self.standing {
            Standing::New(newcomer) => newcomer.handle,
            Standing::Guest(guest) => guest.handle,
            Standing::Known(known) => known.handle,
        }
    }

    /// The number of the last step, counted from the name.
    pub fn last_step(&self) -> u8 {
        if self.chosen == Some(Chosen::Password) { 5 } else { 4 }
    }

    /// Whether this makes the first administrator.
    pub fn is_first(&self) -> bool {
        matches!(self.standing, Standing::New(_))
    }

    /// Whether the account begins anew: it came by a link and makes all its ways to sign in.
    pub fn is_new(&self) -> bool {
        !matches!(self.standing, Standing::Known(_))
    }

    pub(super) async fn store(&self, app: &App) -> Result<(), Fault> {
        app.ephemeral.put_versioned(&key(self.id), self, app.settings.sign_in.attempt).await
    }

    /// Stores the good end over whatever another tab, which lost, may have stored meanwhile. The account is there by
    /// now, so not being able to say so is no reason to fail.
    pub(super) async fn store_end(mut self, app: &App) {
        self.version += 2;
        if let Err(fault) = self.store(app).await {
            tracing::warn!(%fault, "the end of an arrival could not be kept");
        }
    }

    /// Moves on over the state that was seen. False when another tab was faster.
    pub(super) async fn advance(mut self, app: &App) -> Result<Option<Self>, Fault> {
        let seen = self.version;
        self.version += 1;
        Ok(app.ephemeral.swap(&key(self.id), seen, &self).await?.then_some(self))
    }
}

pub(super) fn key(id: FlowId) -> Key<Arrival> {
    Key::new("arrival", &id.to_string())
}

/// Opens the arrival of an id, in the browser it belongs to.
pub async fn open(app: &App, caller: &Caller, id: FlowId) -> Result<Found, Fault> {
    let found = app.ephemeral.get(&key(id)).await?;
    let ours = found.filter(|arrival| arrival.binding == caller.binding);
    Ok(ours.map_or(Found::Nothing, |arrival| Found::Here(Box::new(arrival))))
}

/// A sign-in that nothing the account has can complete.
#[derive(Clone, Debug)]
pub struct Unfinished {
    /// Its id, which becomes the arrival's.
    pub id: FlowId,
    /// Who it is, by the proofs so far.
    pub person: PersonId,
    /// The proofs so far.
    pub events: Vec<AuthEvent>,
    /// What it must reach.
    pub need: Need,
    /// Where it leads.
    pub after: After,
}

/// Goes on with a sign-in that something must be added for. `None` when the account has a way it must use instead:
/// nothing is added on the strength of less than the account's own factors (WA-71, CVE-01).
///
/// # Errors
/// When something we need is away.
pub async fn known_person(app: &App, caller: &Caller, from: Unfinished) -> Result<Option<Arrival>, Fault> {
    let (person, proved) = (from.person, from.events.clone());
    let found = app
        .read(move |w| {
            let Some(account) = identity::find(w, person)?.filter(|account| account.state == PersonState::Active) else { return Ok(None) };
            if !may_add(w, person, &proved)? {
                return Ok(None);
            }
            Ok(Some((account, identity::profile(w, person)?)))
        })
        .await?;
    let Some((account, profile)) = found else { return Ok(None) };
    let login = profile.login().to_owned();
    let code_would_do = from.need.acr <= Acr::Two;
    let known = Known { person, handle: account.handle, name: profile.name, login, events: from.events, code_would_do };
    let mut arrival = Arrival::new(app, caller, Standing::Known(known), from.after);
    arrival.id = from.id;
    if !code_would_do {
        arrival.chosen = Some(Chosen::Passkey);
    }
    arrival.store(app).await?;
    Ok(Some(arrival))
}

/// Whether these proofs are all the account can give: both its factors, or its password when that is its only way.
pub(super) fn may_add(w: &mut Work<'_>, person: PersonId, proved: &[AuthEvent]) -> Result<bool, Fault> {
    let has_passkey = !passkey::list(w, person)?.is_empty();
    if policy::for_sign_in(Some(person), &[], None).met_by(proved) {
        return Ok(!has_passkey);
    }
    // A password that was changed since is another one (SE-10).
    let by_password = proved.iter().filter(|event| event.method == Method::Password).map(|event| event.at).max();
    let holds = password::find(w, person)?.is_some_and(|stored| by_password.is_some_and(|proved_at| stored.changed_at <= proved_at));
    let has_recovery = recovery::status(w, person)?.is_some_and(|status| status.left > 0);
    Ok(holds && !has_passkey && !has_recovery && totp::list(w, person)?.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::ids::UuidId;

    fn arrival(standing: Standing) -> Arrival {
        Arrival {
            version: 1,
            id: FlowId::from_uuid(uuid::Uuid::from_u128(1)),
            binding: TokenHash::none(),
            standing,
            after: After::Account,
            chosen: None,
            password: None,
            seed: None,
            ending: None,
        }
    }

    fn new() -> Arrival {
        arrival(Standing::New(Newcomer::new(TicketId::from_uuid(uuid::Uuid::from_u128(2)), "CODE", [7; 16])))
    }

    #[test]
    fn each_state_has_one_next_step_and_nothing_can_be_skipped() {
        // EN-16, CVE-11
        let with = |change: fn(&mut Arrival)| {
            let mut arrival = new();
            change(&mut arrival);
            arrival
        };
        let rows: [(Arrival, Step, &[Step]); 6] = [
            (new(), Step::Method, &[Step::Method]),
            (with(|a| a.chosen = Some(Chosen::Passkey)), Step::Passkey, &[Step::Method, Step::Passkey]),
            (with(|a| a.chosen = Some(Chosen::Password)), Step::Password, &[Step::Method, Step::Password]),
            (
                with(|a| {
                    a.chosen = Some(Chosen::Password);
                    a.password = Some(Phc("x".to_owned().into()));
                }),
                Step::Totp,
                &[Step::Method, Step::Password, Step::Totp],
            ),
            (
                with(|a| {
                    if let Standing::New(newcomer) = &mut a.standing {
                        newcomer.taken = Some(Taken::Username);
                    }
                }),
                Step::Name,
                &[],
            ),
            (with(|a| a.ending = Some(Ending::Done { passkey: None, password: true, authenticator: None })), Step::Done, &[Step::Done]),
        ];
        for (arrival, next, allowed) in rows {
            assert_eq!(arrival.next(), next);
            for page in [Step::Method, Step::Passkey, Step::Password, Step::Totp, Step::Done] {
                assert_eq!(arrival.allows(page), allowed.contains(&page), "{next:?} {page:?}");
            }
        }
    }

    #[test]
    fn the_way_back_leads_to_the_link() {
        let mut arrival = new();
        if let Standing::New(newcomer) = &mut arrival.standing {
            newcomer.taken = Some(Taken::Email);
        }
        assert_eq!(arrival.address(), "/setup/CODE");
    }
}
