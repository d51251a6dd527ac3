//! `/apps/<id>/connected`: what an application has to be told.

use serde::Serialize;

use crate::platform::render::Page;

/// The values to copy, each alone and all together.
#[derive(Clone, Debug, Serialize)]
pub struct AppConnectedPage {
    /// The application's row.
    pub id: String,
    /// The application's name.
    pub name: String,
    /// It was connected before, and the secret is a further one.
    pub further: bool,
    /// The page can be looked at again for ten minutes.
    pub again: bool,
    /// Our name in the protocol.
    pub issuer: String,
    /// Where it learns the rest.
    pub discovery: String,
    /// Its name in the protocol.
    pub client_id: String,
    /// Its secret; none for an application that proves itself by PKCE alone.
    pub secret: Option<String>,
    /// All of it, a name and a value on each line.
    pub settings: String,
}

impl Page for AppConnectedPage {
    const TEMPLATE: &'static str = "pages/admin/app_connected.html";
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::platform::render::testing::Samples;

    impl Samples for AppConnectedPage {
        fn samples() -> Vec<(&'static str, Self)> {
            let page = Self {
                id: "01a2".into(),
                name: "Grafana".into(),
                further: false,
                again: true,
                issuer: "https://auth.acme.example".into(),
                discovery: "https://auth.acme.example/.well-known/openid-configuration".into(),
                client_id: "01a2094e-84be-7374-8cb4-aa55cbd9c4c2".into(),
                secret: Some("vss_5dKq0vJ6yT3mWl8xQe1nRz7bUc4oPf2aHg9iSj0kLtM".into()),
                settings: "OIDC_ISSUER=https://auth.acme.example\nOIDC_SCOPES=openid profile email".into(),
            };
            vec![
                ("public", Self { secret: None, ..page.clone() }),
                ("further", Self { further: true, ..page.clone() }),
                ("now_only", Self { again: false, ..page.clone() }),
                ("server", page),
            ]
        }
    }
}
