//! Changing an application after it was connected.

use serde_json::{Value, json};

use super::parse::parse;
use super::register::{SameName, Unfit};
use super::shape::Shape;
use super::typed::{TypedApp, typed_from};
use super::{AppOutcome, entry, held};
use crate::app::App;
use crate::domain::access::Right;
use crate::domain::audit::{self, Kind};
use crate::domain::client::{self, Access, Client, NewClient};
use crate::domain::group;
use crate::flows::{ActingAdmin, revalidate};
use crate::kernel::Fault;
use crate::kernel::address::RedirectUri;
use crate::kernel::ids::{ClientId, GroupId};
use crate::kernel::text::Reason;

/// The result of changing an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeOutcome {
    /// It is as was typed.
    Saved,
    /// It was typed over something that no longer exists: someone else changed the application meanwhile.
    Outdated,
    /// What was typed cannot be registered.
    Unfit(Unfit),
}

/// Changes an application to what `edit` makes of it as it is at that moment. Where it runs stays as it was, whatever is
/// typed. One write with the record of each old and new value; what it says counts from then on, also for requests and
/// codes that are on their way.
///
/// `edit` is given what is registered while nobody else can change it, so that nobody puts back what another administrator
/// took away meanwhile: it changes only what was named, or gives `None` when it was made for something else.
///
/// # Errors
/// When something we need is away.
pub async fn change_typed(
    app: &App,
    admin: &ActingAdmin,
    id: ClientId,
    edit: impl FnOnce(TypedApp) -> Option<TypedApp> + Send + 'static,
    same: SameName,
) -> Result<AppOutcome<ChangeOutcome>, Fault> {
    let by = admin.clone();
    revalidate::act(app, &admin.actor, Right::Applications, None, move |w| {
        group::hold_all(w)?;
        let known = held!(w, id);
        let groups = group::list(w)?;
        let Some(typed) = edit(typed_from(&known, known.access.names(&groups).as_deref())) else {
            return Ok(AppOutcome::Done(ChangeOutcome::Outdated));
        };
        let typed = TypedApp { shape: Some(Shape::of(&known)), ..typed };
        let new = match parse(&typed, &groups) {
            Ok(new) => new,
            Err(wrong) => return Ok(AppOutcome::Done(ChangeOutcome::Unfit(Unfit::Wrong(wrong)))),
        };
        let renamed = new.name.as_str() != known.name;
        if renamed && same == SameName::Refused && client::has_name(w, &new.name, Some(id))? {
            return Ok(AppOutcome::Done(ChangeOutcome::Unfit(Unfit::SameName)));
        }
        let changed = changes(&known, &new, &groups);
        // Someone pressed the button without changing anything: there is nothing to record.
        if changed.is_empty() {
            return Ok(AppOutcome::Done(ChangeOutcome::Saved));
        }
        client::change(w, &known, &new, by.person())?;
        if changed.iter().any(|(name, ..)| ["name", "run_by", "redirect_uris"].contains(name)) {
            client::note_shown_change(w, id)?;
        }
        let record = entry(Kind::ClientChanged, &by, id);
        let record = changed.into_iter().fold(record, |record, (name, old, new)| record.fact(name, json!({ "old": old, "new": new })));
        audit::append(w, &record)?;
        Ok(AppOutcome::Done(ChangeOutcome::Saved))
    })
    .await
}

/// What differs: its name, the old and the new value.
fn changes(known: &Client, new: &NewClient, groups: &[(GroupId, String)]) -> Vec<(&'static str, Value, Value)> {
    [
        ("name", json!(known.name), json!(new.name.as_str())),
        ("run_by", json!(known.run_by), json!(new.run_by)),
        ("redirect_uris", addresses(&known.redirect_uris), addresses(&new.redirect_uris)),
        ("post_logout_redirect_uris", addresses(&known.post_logout_redirect_uris), addresses(&new.post_logout_redirect_uris)),
        ("private_http", json!(known.address_reasons.private_http), json!(new.address_reasons.private_http)),
        ("undotted_scheme", json!(known.address_reasons.undotted_scheme), json!(new.address_reasons.undotted_scheme)),
        ("access", access(&known.access, groups), access(&new.access, groups)),
        ("authentication", json!(known.auth.as_str()), json!(new.auth.as_str())),
        ("algorithm", json!(known.algorithm.as_str()), json!(new.algorithm.as_str())),
        ("claim_delivery", json!(known.claim_delivery.as_str()), json!(new.claim_delivery.as_str())),
        ("claims", json!(known.claim_rules), json!(new.claim_rules)),
        ("own", json!(known.own.as_ref().map(|own| own.reason.as_str())), json!(new.own.as_ref().map(Reason::as_str))),
        ("hardened", json!(known.hardened), json!(new.hardened)),
    ]
    .into_iter()
    .filter(|(_, old, new)| old != new)
    .collect()
}

/// In one order, so that the same addresses in another order are no change.
fn addresses(uris: &[RedirectUri]) -> Value {
    let mut texts: Vec<&str> = uris.iter().map(RedirectUri::as_str).collect();
    texts.sort_unstable();
    texts.dedup();
    json!(texts)
}

fn access(access: &Access, groups: &[(GroupId, String)]) -> Value {
    access.names(groups).map_or_else(|| json!("everyone"), |names| json!(names))
}
