//! PKCE, and the nonce that a confidential application may send instead.

use vouchsafe::domain::client;
use vouchsafe::flows::{ActingAdmin, apps};
use vouchsafe::kernel::text::Reason;

use super::super::{allow, changed, public, ready};
use super::{is_error, with};
use crate::support::relying_party::Asked;
use crate::support::{Backend, both};

both!(without_pkce_a_nonce_is_enough_until_pkce_is_used);

/// A request without PKCE.
fn bare(asked: &Asked) -> Asked {
    let without = |asked: &Asked, name| Asked { url: changed(asked, name, None).parse().unwrap(), ..asked.clone() };
    without(&without(asked, "code_challenge"), "code_challenge_method")
}

/// OA-30, OA-33, CVE-71: a confidential application may send a nonce instead, and is bound all the same; what has used PKCE
/// goes on using it, until an administrator lets it do without.
async fn without_pkce_a_nonce_is_enough_until_pkce_is_used(backend: Backend) {
    let (server, ana, _) = ready(backend).await;
    let old = server.register("Old").await;
    let refused = async |asked: &Asked, missing: &str| {
        let answer = ana.http.get(asked.url.as_str()).await.expect(303);
        assert_eq!(answer.sent_back("error").as_deref(), Some("invalid_request"));
        let said = answer.sent_back("error_description").unwrap();
        assert!(said.contains(missing), "{said}");
    };
    let fields_of = async |asked: &Asked| {
        let back = allow(&ana.http, asked, &[]).await.location().unwrap();
        old.token_fields(asked, &old.code(asked, &back))
    };
    let without_verifier = async |asked: &Asked| with(&fields_of(asked).await, "code_verifier", None);
    let neither = bare(&old.ask("openid", &[]));
    refused(&Asked { url: changed(&neither, "nonce", None).parse().unwrap(), ..neither }, "code_challenge and nonce").await;
    // A verifier without a challenge is a downgrade.
    is_error(&old.token(&fields_of(&bare(&old.ask("openid", &[]))).await).await, 400, "invalid_grant");
    old.token(&without_verifier(&bare(&old.ask("openid", &[]))).await).await.expect(200);
    // A challenge in a request is not the application's doing until its code is redeemed: anyone can write a request.
    allow(&ana.http, &old.ask("openid", &[]), &[]).await;
    let on_its_way = without_verifier(&bare(&old.ask("openid", &[]))).await;
    old.token(&fields_of(&old.ask("openid", &[])).await).await.expect(200);
    refused(&bare(&old.ask("openid", &[])), "has used PKCE before").await;
    is_error(&old.token(&on_its_way).await, 400, "invalid_grant");

    let name = old.client_id.clone();
    let client = server.read(move |w| client::find(w, &name)).await.unwrap().unwrap();
    let why = Reason::parse("An older version is back").unwrap();
    let released = apps::release_pkce(&server, &ActingAdmin::at_the_host(), client.id, why).await.unwrap();
    assert!(matches!(released, apps::AppOutcome::Done(())));
    old.token(&without_verifier(&bare(&old.ask("openid", &[]))).await).await.expect(200);

    let edit = |now| Some(apps::TypedApp { hardened: true, ..now });
    let changed = apps::change_typed(&server, &ActingAdmin::at_the_host(), client.id, edit, apps::SameName::Refused).await;
    assert!(matches!(changed.unwrap(), apps::AppOutcome::Done(apps::ChangeOutcome::Saved)));
    refused(&bare(&old.ask("openid", &[])), "always use PKCE").await;
    let open = server.register_with("Notes", public).await;
    refused(&bare(&open.ask("openid", &[])), "a public application must use PKCE").await;
}
