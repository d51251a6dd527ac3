//! The person who acts as an administrator.

use std::time::Duration;

use super::{Right, Role, store};
use crate::domain::audit::Actor;
use crate::kernel::ids::{PersonId, SessionId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// What is known of the session that wants to act.
#[derive(Clone, Copy, Debug)]
pub struct SessionStanding {
    /// The session.
    pub session: SessionId,
    /// Whose session it is.
    pub person: PersonId,
    /// Whether they proved within the last minutes that it is them (SE-13).
    pub fresh: bool,
    /// When the rights were last used in this session.
    pub last_used: Option<Timestamp>,
}

/// Whether someone may act as an administrator now.
#[derive(Clone, Debug)]
pub enum Elevation {
    /// Yes.
    Yes(Administrator),
    /// After they have proved again that it is them: the rights were not used for too long, or not elevated yet.
    ReauthenticateFirst,
    /// They have no role.
    NoRole,
}

/// Someone with a role whose rights are elevated: may look, and change nothing.
#[derive(Clone, Debug)]
pub struct Administrator {
    by: Actor,
    session: Option<SessionId>,
    roles: Vec<Role>,
    fresh: bool,
}

/// An administrator with a fresh proof: may use the rights they have. Every verb that changes something takes one.
#[derive(Clone, Debug)]
pub struct AdminActor(Administrator);

/// Looks whether someone has a role and whether their rights are elevated: used within `idle`, or proved just now.
pub fn elevated(w: &mut Work<'_>, standing: SessionStanding, idle: Duration) -> Result<Elevation, Fault> {
    // A role for one group gives nothing everywhere.
    let roles: Vec<Role> =
        store::list(w, standing.person)?.into_iter().filter(|(_, group)| group.is_none()).map(|(role, _)| role).collect();
    if roles.is_empty() {
        return Ok(Elevation::NoRole);
    }
    if !standing.fresh && standing.last_used.is_none_or(|used| used.plus(idle) <= w.now) {
        return Ok(Elevation::ReauthenticateFirst);
    }
    Ok(Elevation::Yes(Administrator { by: Actor::Person(standing.person), session: Some(standing.session), roles, fresh: standing.fresh }))
}

impl Administrator {
    /// Whether one of the roles gives a right.
    pub fn may(&self, right: Right) -> bool {
        self.roles.iter().any(|role| role.gives(right))
    }

    /// Stops a verb whose right is missing. Pages ask before; this is the second lock.
    ///
    /// # Errors
    /// When no role gives the right.
    pub fn demand(&self, right: Right) -> Result<(), Fault> {
        if self.may(right) { Ok(()) } else { Err(Fault::internal(format!("an administrator without the right {right:?}"))) }
    }

    /// With a fresh proof, anyone who may use the rights.
    pub fn act(self) -> Option<AdminActor> {
        self.fresh.then_some(AdminActor(self))
    }
}

impl AdminActor {
    /// Anyone who has the command line of the host has the database too: they act as the owner, and the record says so.
    pub fn at_the_host() -> Self {
        Self(Administrator { by: Actor::Host, session: None, roles: vec![Role::Owner], fresh: true })
    }

    /// Whether one of the roles gives a right.
    pub fn may(&self, right: Right) -> bool {
        self.0.may(right)
    }

    /// Stops a verb whose right is missing. Pages ask before; this is the second lock.
    ///
    /// # Errors
    /// When no role gives the right.
    pub fn demand(&self, right: Right) -> Result<(), Fault> {
        self.0.demand(right)
    }

    /// Anyone who may act may look.
    pub fn looks(&self) -> &Administrator {
        &self.0
    }

    /// Who the record says it was.
    pub fn actor(&self) -> Actor {
        self.0.by
    }

    /// Who acts and in which session; nobody at the host.
    pub fn in_session(&self) -> Option<(PersonId, SessionId)> {
        Some((self.person()?, self.0.session?))
    }

    /// The person who acts; nobody at the host.
    pub fn person(&self) -> Option<PersonId> {
        match self.0.by {
            Actor::Person(person) => Some(person),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::grant_role;
    use crate::domain::identity::testing::person;
    use crate::platform::db::testing::each_backend;

    const IDLE: Duration = Duration::from_secs(1800);

    #[test]
    fn rights_are_raised_by_a_fresh_proof_and_end_unused() {
        // SE-13
        each_backend(|w| {
            let ana = person(w, "Ana");
            let session = SessionId::make(w.now, w.entropy);
            let at = |fresh, last_used| SessionStanding { session, person: ana, fresh, last_used };
            assert!(matches!(elevated(w, at(true, None), IDLE).unwrap(), Elevation::NoRole));
            grant_role(w, ana, Role::People, None, None).unwrap();
            assert!(matches!(elevated(w, at(false, None), IDLE).unwrap(), Elevation::ReauthenticateFirst));
            let Elevation::Yes(fresh) = elevated(w, at(true, None), IDLE).unwrap() else { panic!("not elevated") };
            assert!(fresh.act().is_some());
            let used = Some(w.now);
            w.now = w.now.plus(IDLE).minus(Duration::from_secs(1));
            let Elevation::Yes(old) = elevated(w, at(false, used), IDLE).unwrap() else { panic!("not elevated") };
            assert!(old.act().is_none(), "looking is allowed, acting is not");
            w.now = w.now.plus(Duration::from_secs(1));
            assert!(matches!(elevated(w, at(false, used), IDLE).unwrap(), Elevation::ReauthenticateFirst));
        });
    }

    #[test]
    fn a_role_gives_its_rights_and_no_others() {
        // EN-15
        for (role, rights) in [
            (Role::Owner, &[Right::People, Right::Applications, Right::Administrators][..]),
            (Role::People, &[Right::People]),
            (Role::Applications, &[Right::Applications]),
        ] {
            let actor = AdminActor(Administrator { by: Actor::Host, session: None, roles: vec![role], fresh: true });
            for right in [Right::People, Right::Applications, Right::Administrators] {
                assert_eq!(actor.may(right), rights.contains(&right), "{role:?} {right:?}");
                assert_eq!(actor.demand(right).is_ok(), rights.contains(&right));
            }
        }
    }
}
