//! Known devices: browsers that have signed a person in. Each has a budget of wrong tries of its own, so that
//! strangers' guesses never stop the person on their own machine (TH-06). It replaces no factor (AA-08).

mod store;

use std::time::Duration;

use crate::kernel::ids::{DeviceId, PersonId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::token::{DeviceCookie, TokenHash};
use crate::platform::db::Work;

/// A browser that has signed this person in before, within its lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its row.
    pub id: DeviceId,
}

/// Which of a person's ways to sign in a wrong try was made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guessable {
    /// The password.
    Password,
    /// An authenticator code.
    Totp,
    /// A recovery code.
    Recovery,
}

/// Finds the row for a person and a device cookie.
pub fn find(w: &mut Work<'_>, person: PersonId, cookie: &TokenHash<DeviceCookie>) -> Result<Option<Device>, Fault> {
    store::find(w, person, cookie.as_bytes())
}

/// Whose known device carries this cookie; of several people's, the one who used it last.
pub fn owner(w: &mut Work<'_>, cookie: &TokenHash<DeviceCookie>) -> Result<Option<PersonId>, Fault> {
    store::owner(w, cookie.as_bytes())
}

/// Remembers a browser for a person, or makes an old row last again.
pub fn remember(w: &mut Work<'_>, person: PersonId, cookie: &TokenHash<DeviceCookie>, lifetime: Duration) -> Result<(), Fault> {
    let id = DeviceId::make(w.now, w.entropy);
    store::upsert(w, id, person, cookie.as_bytes(), w.now.plus(lifetime))
}

/// Counts a try before it is looked at. False when this device has used up its tries in a row (TH-01, TH-04).
pub fn count_try(w: &mut Work<'_>, device: DeviceId, way: Guessable, disable_after: i32) -> Result<bool, Fault> {
    store::count_try(w, device, way, disable_after)
}

/// Takes a counted try back that could not be looked at (PW-12).
pub fn uncount_try(w: &mut Work<'_>, device: DeviceId, way: Guessable) -> Result<(), Fault> {
    store::uncount_try(w, device, way)
}

/// Whether this device has used up its tries in a row.
pub fn is_used_up(w: &mut Work<'_>, device: DeviceId, way: Guessable, disable_after: i32) -> Result<bool, Fault> {
    Ok(store::failures(w, device, way)? >= disable_after)
}

/// Forgets the wrong tries after a right one.
pub fn clear(w: &mut Work<'_>, device: DeviceId, way: Guessable) -> Result<(), Fault> {
    store::clear(w, device, way)
}

/// Forgets the wrong tries on all devices of a person, because there is something new to try: a password set anew, an
/// authenticator added. What had been used up would otherwise stay so.
pub fn clear_all(w: &mut Work<'_>, person: PersonId, way: Guessable) -> Result<(), Fault> {
    store::clear_all(w, person, way)
}

/// Deletes at most `most` that ended before `before`; says how many.
pub fn sweep(w: &mut Work<'_>, before: Timestamp, most: i64) -> Result<usize, Fault> {
    store::sweep(w, before, most)
}

/// Forgets all devices of a person.
pub fn forget_all(w: &mut Work<'_>, person: PersonId) -> Result<(), Fault> {
    store::delete_all(w, person)
}
