//! An application for tests that need one and no database.

use super::{Access, AddressReasons, ClaimDelivery, Client, ClientAuth, ClientKind};
use crate::kernel::Timestamp;
use crate::kernel::claim::ClaimRules;
use crate::kernel::ids::ClientId;
use crate::platform::crypto::OsEntropy;
use crate::platform::crypto::jws::Algorithm;

/// A confidential one with everything by default and no address.
pub fn client() -> Client {
    Client {
        id: ClientId::make(Timestamp::from_seconds(1), &OsEntropy),
        client_id: "app".into(),
        name: "App".into(),
        run_by: String::new(),
        kind: ClientKind::Confidential,
        auth: ClientAuth::SecretBasic,
        native: false,
        algorithm: Algorithm::Rs256,
        claim_delivery: ClaimDelivery::IdTokenAndUserinfo,
        claim_rules: ClaimRules::OF_OTHERS,
        own: None,
        sector: "app".into(),
        access: Access::Everyone,
        scopes: vec!["openid".into(), "profile".into()],
        hardened: false,
        pkce_used_at: None,
        demo: false,
        disabled: false,
        disabled_text: None,
        created_at: Timestamp::from_seconds(1),
        redirect_uris: vec![],
        address_reasons: AddressReasons::default(),
        post_logout_redirect_uris: vec![],
    }
}
