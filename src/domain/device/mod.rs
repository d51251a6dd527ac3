//! Known devices: browsers that have signed a person in. Each has a budget of wrong tries of its own, so that
//! strangers' guesses never stop the person on their own machine (TH-06). It replaces no factor (AA-08).

mod store;

use std::time::Duration;

use crate::kernel::Fault;
use crate::kernel::ids::{DeviceId, PersonId};
use crate::kernel::proof::Method;
use crate::platform::crypto::token::{DeviceCookie, TokenHash};
use crate::platform::db::Work;
pub use store::{clear, clear_all, count_try, sweep, uncount_try};

/// A browser that has signed this person in before, within its lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its row.
    pub id: DeviceId,
}

/// Finds the row for a person and a device cookie.
pub fn find(w: &mut Work<'_>, person: PersonId, cookie: &TokenHash<DeviceCookie>) -> Result<Option<Device>, Fault> {
    store::find(w, person, cookie.as_bytes())
}

/// Whose known device carries this cookie; of several people's, the one who used it last.
pub fn owner(w: &mut Work<'_>, cookie: &TokenHash<DeviceCookie>) -> Result<Option<PersonId>, Fault> {
    store::owner(w, cookie.as_bytes())
}

/// How long the cookie before the newest still counts: its answer may not have arrived, or two tabs may have signed in at the
/// same moment.
const OVERLAP: Duration = Duration::from_secs(600);

/// Makes a browser a known one of a person under a new cookie. What is known of the browser under the cookie it brought, of
/// this person and of others who use it, goes on under the new one, with its counts. A cookie that nothing is known of, for
/// one that someone else put there, makes nothing known (TH-06).
pub fn renew(
    w: &mut Work<'_>,
    person: PersonId,
    old: Option<&TokenHash<DeviceCookie>>,
    new: &TokenHash<DeviceCookie>,
    lifetime: Duration,
) -> Result<(), Fault> {
    if let Some(old) = old {
        store::replace_cookie(w, old.as_bytes(), new.as_bytes(), w.now.plus(OVERLAP))?;
    }
    let id = DeviceId::make(w.now, w.entropy);
    store::upsert(w, id, person, new.as_bytes(), w.now.plus(lifetime))
}

/// Whether this device has used up its tries in a row.
pub fn is_used_up(w: &mut Work<'_>, device: DeviceId, method: Method, disable_after: i32) -> Result<bool, Fault> {
    Ok(store::failures(w, device, method)? >= disable_after)
}

/// Forgets the devices of a person, but for one if named.
pub fn forget_all(w: &mut Work<'_>, person: PersonId, except: Option<DeviceId>) -> Result<(), Fault> {
    store::delete_all(w, person, except)
}
