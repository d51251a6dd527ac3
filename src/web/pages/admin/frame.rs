//! What the administrators' pages share: the frame with their navigation.

use crate::app::App;
use crate::domain::access::Right;
use crate::flows::proxy_watch::ProxyComplaint;
use crate::kernel::ids::PersonId;
use crate::platform::ephemeral::StoreState;
use crate::platform::render::Text;
use crate::web::Failure;
use crate::web::pages::account::frame::profile;
use crate::web::pages::done::Done;
use crate::web::respond::PageOptions;

/// The parts of the navigation, in their order: the word that the layout knows, and the right it takes.
const PARTS: &[(&str, Right)] = &[("people", Right::People), ("groups", Right::People), ("apps", Right::Applications)];

/// The parts somebody may open.
pub(in crate::web::pages) fn parts(may: impl Fn(Right) -> bool) -> Vec<&'static str> {
    PARTS.iter().filter(|(_, right)| may(*right)).map(|(part, _)| *part).collect()
}

/// The frame of an administrators' page.
pub(in crate::web::pages) async fn options(
    app: &App,
    person: PersonId,
    may: impl Fn(Right) -> bool,
    done: Option<&str>,
) -> Result<PageOptions, Failure> {
    let name = profile(app, person).await?.name;
    let notice = done.and_then(Done::parse).map(Done::notice);
    Ok(PageOptions { person: Some(name), admin: parts(may), notice, care: care(app), ..PageOptions::default() })
}

/// What is not as it should be with the server itself. Whoever is told can put it right or knows who can.
fn care(app: &App) -> Option<Text> {
    match app.store_state() {
        // What it does not say is no cause for alarm; whoever started the server reads it there.
        StoreState::Fine | StoreState::Unknown => app.proxy_watch.current(app.now()).map(|complaint| proxy_care(&complaint)),
        StoreState::Evicts(policy) => Some(Text::new("care-store-evicts").with("policy", policy)),
        StoreState::Away => Some(Text::new("care-store-away")),
    }
}

fn proxy_care(complaint: &ProxyComplaint) -> Text {
    let (key, peer) = match complaint {
        ProxyComplaint::Untrusted { peer } => ("care-proxy-untrusted", peer),
        ProxyComplaint::Unreadable { peer, .. } => ("care-proxy-unreadable", peer),
        ProxyComplaint::Contradiction { peer } => ("care-proxy-contradiction", peer),
    };
    Text::new(key).with("peer", peer.to_string())
}
