//! Registrations of the built-in demo: made by themselves, brought up to date at each start, removed when a public
//! address is set. The demo beside the server has one, and each that is started by itself has its own, so that
//! neither takes the other's answers.

use secrecy::SecretString;

use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::client::{self, Access, AddressPurpose, AddressReasons, ClaimDelivery, ClientAuth, ClientKind, NewClient};
use crate::kernel::Fault;
use crate::kernel::address::RedirectUri;
use crate::kernel::claim::ClaimRules;
use crate::kernel::text::ClientName;
use crate::platform::crypto::jws::Algorithm;
use crate::platform::db::Work;

/// What the demo needs to know.
pub struct DemoRegistration {
    /// Its name in the protocol.
    pub client_id: String,
    /// Its secret: a new one at each start.
    pub secret: SecretString,
}

/// Which demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demo {
    /// The one beside the server.
    Beside,
    /// One started by itself. Its port, which nobody else can have meanwhile, tells it from others.
    Alone {
        /// Where it listens.
        port: u16,
    },
}

impl Demo {
    fn client_id(self) -> String {
        match self {
            Self::Beside => "vouchsafe-demo".to_owned(),
            Self::Alone { port } => format!("vouchsafe-demo-{port}"),
        }
    }
    fn name(self) -> String {
        match self {
            Self::Beside => "Demo app".to_owned(),
            Self::Alone { port } => format!("Demo app on port {port}"),
        }
    }
}

/// Registers a demo at `url`, or brings its registration up to date: the old address goes, the secret is new.
pub async fn register(app: &App, demo: Demo, url: &str) -> Result<DemoRegistration, Fault> {
    let (url, run_by) = (url.to_owned(), app.settings.server.organisation.clone());
    app.write(move |w| register_in(w, demo, &url, &run_by)).await
}

fn register_in(w: &mut Work<'_>, demo: Demo, url: &str, run_by: &str) -> Result<DemoRegistration, Fault> {
    let uri = |path: &str| RedirectUri::parse(&format!("{url}{path}")).map_err(|_| Fault::internal("the demo has no usable address"));
    let (callback, home) = (uri("/callback")?, uri("/")?);
    if let Some(known) = client::find(w, &demo.client_id())? {
        client::set_addresses(w, known.id, AddressPurpose::Redirect, std::slice::from_ref(&callback))?;
        client::set_addresses(w, known.id, AddressPurpose::PostLogout, std::slice::from_ref(&home))?;
        let secret = client::renew_secret(w, known.id)?;
        let old: Vec<&str> = known.redirect_uris.iter().map(RedirectUri::as_str).filter(|old| *old != callback.as_str()).collect();
        let entry = Entry::new(Kind::ClientChanged, Actor::System)
            .with(known.id)
            .fact("redirect_uris", vec![callback.as_str()])
            .fact("redirect_uris_removed", old)
            .fact("secret", "renewed");
        audit::append(w, &entry)?;
        return Ok(DemoRegistration { client_id: known.client_id, secret: secret.expose().into() });
    }
    let new = NewClient {
        client_id: Some(demo.client_id()),
        name: ClientName::parse(&demo.name()).map_err(|_| Fault::internal("the demo has no usable name"))?,
        run_by: run_by.to_owned(),
        kind: ClientKind::Confidential,
        auth: ClientAuth::SecretBasic,
        native: false,
        algorithm: Algorithm::Es256,
        claim_delivery: ClaimDelivery::IdTokenAndUserinfo,
        claim_rules: ClaimRules::OF_OTHERS,
        own: None,
        redirect_uris: vec![callback],
        post_logout_redirect_uris: vec![home],
        address_reasons: AddressReasons::default(),
        access: Access::Everyone,
        scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
        hardened: true,
        demo: true,
    };
    let registered = crate::flows::apps::register_in(w, &new, Actor::System)?
        .map_err(|refused| Fault::internal(format!("the demo could not be registered: {refused:?}")))?;
    let secret = registered.secret.ok_or_else(|| Fault::internal("the demo got no secret"))?;
    Ok(DemoRegistration { client_id: registered.client.client_id, secret: secret.expose().into() })
}

/// Removes all registrations of demos.
pub async fn remove(app: &App) -> Result<(), Fault> {
    app.write(remove_in).await
}

fn remove_in(w: &mut Work<'_>) -> Result<(), Fault> {
    for known in client::list_demos(w)? {
        client::delete(w, known.id)?;
        audit::append(w, &Entry::new(Kind::ClientRemoved, Actor::System).with(known.id))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::platform::crypto::token::{ClientSecret, Token};
    use crate::platform::db::testing::each_backend;

    #[test]
    fn each_start_replaces_the_address_and_the_secret_and_removal_takes_all() {
        each_backend(|w| {
            let first = register_in(w, Demo::Beside, "http://127.0.0.1:8081", "Acme").unwrap();
            let second = register_in(w, Demo::Beside, "http://127.0.0.1:8082", "Acme").unwrap();
            assert_eq!(first.client_id, second.client_id);
            let alone = register_in(w, Demo::Alone { port: 8083 }, "http://127.0.0.1:8083", "Acme").unwrap();
            assert_ne!(alone.client_id, second.client_id);
            let again = register_in(w, Demo::Alone { port: 8083 }, "http://127.0.0.1:8083", "Acme").unwrap();
            assert_eq!(alone.client_id, again.client_id);
            let demo = client::find(w, &second.client_id).unwrap().unwrap();
            assert!(demo.redirects_to("http://127.0.0.1:8082/callback") && !demo.redirects_to("http://127.0.0.1:8081/callback"));
            assert_eq!(demo.post_logout_redirect_uris.len(), 1);
            assert!(demo.hardened && demo.algorithm == Algorithm::Es256);
            let mut opens = |secret: &SecretString| {
                let hash = Token::<ClientSecret>::parse(secret.expose_secret()).unwrap().hash();
                client::secret_matches(w, demo.id, &hash).unwrap()
            };
            assert!(opens(&second.secret) && !opens(&first.secret));
            remove_in(w).unwrap();
            remove_in(w).unwrap();
            assert!(client::list_demos(w).unwrap().is_empty());
        });
    }
}
