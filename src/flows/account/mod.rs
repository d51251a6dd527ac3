//! One's own account, as its person reads and changes it.

use crate::app::App;
use crate::domain::identity;
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;

/// What somebody who did something for this account is called, if they are still there.
pub async fn name_of(app: &App, person: PersonId) -> Result<Option<String>, Fault> {
    app.read(move |w| identity::name_of(w, person)).await
}
