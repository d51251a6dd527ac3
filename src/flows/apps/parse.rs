//! Reads what someone typed about an application: what is to be registered, or everything that is wrong with it.

use super::shape::Shape;
use super::typed::{TypedApp, USUAL, Who};
use crate::domain::client::{Access, AddressPurpose, AddressReasons, ClaimDelivery, ClientAuth, ClientKind, NewClient};
use crate::kernel::address::{AddressExemption, AddressProblem, RedirectUri};
use crate::kernel::claim::{Claim, ClaimRule, ClaimRules};
use crate::kernel::ids::GroupId;
use crate::kernel::text::{ClientName, Reason, TextProblem};
use crate::platform::crypto::jws::Algorithm;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// No name, or one that cannot be used.
    Name(TextProblem),
    /// Who runs it cannot be shown.
    RunBy,
    /// No redirect address.
    NoRedirect,
    /// An address that cannot be used.
    Address(AddressPurpose, String, AddressProblem),
    /// An exemption for addresses without a usable reason.
    AddressReason(AddressExemption),
    /// Who may use it was not chosen.
    NobodyChosen,
    /// There is no group of this name.
    NoSuchGroup(String),
    /// Where it runs was not chosen.
    NoShape,
    /// This way of presenting a secret is not offered.
    Authentication,
    /// This way of signing is not offered.
    Algorithm,
    /// Claims are not delivered there.
    ClaimDelivery,
    /// Nobody can decide about a claim in this way.
    ClaimRule(Claim),
    /// The organisation runs it, and the reason is missing or unusable.
    OwnReason,
}

/// What is to be registered, or everything that is wrong, in the order of the form. `groups` are those there are.
///
/// # Errors
/// What is wrong.
pub fn parse(typed: &TypedApp, groups: &[(GroupId, String)]) -> Result<NewClient, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let name = ClientName::parse(&typed.name).map_err(|problem| wrong.push(Wrong::Name(problem))).ok();
    // Nobody said who runs it: then no page says so either.
    let run_by = typed.run_by.as_deref().and_then(|text| ClientName::parse(text).map_err(|_| wrong.push(Wrong::RunBy)).ok());
    let address_reasons = address_reasons(&typed.address_reasons, &mut wrong);
    let exempt = exempt(&typed.address_reasons);
    let redirect_uris = addresses(AddressPurpose::Redirect, &typed.redirect_uris, &exempt, &mut wrong);
    if typed.redirect_uris.is_empty() {
        wrong.push(Wrong::NoRedirect);
    }
    let post_logout_redirect_uris = addresses(AddressPurpose::PostLogout, &typed.post_logout_redirect_uris, &exempt, &mut wrong);
    let access = access(typed.who.as_ref(), groups, &mut wrong);
    if typed.shape.is_none() {
        wrong.push(Wrong::NoShape);
    }
    let auth = authentication(typed, &mut wrong);
    let algorithm = Algorithm::parse(&typed.algorithm);
    if algorithm.is_none() {
        wrong.push(Wrong::Algorithm);
    }
    let claim_delivery = ClaimDelivery::parse(&typed.claim_delivery);
    if claim_delivery.is_none() {
        wrong.push(Wrong::ClaimDelivery);
    }
    let own = typed.own.as_deref().and_then(|text| Reason::parse(text).map_err(|_| wrong.push(Wrong::OwnReason)).ok());
    let claim_rules = claim_rules(typed, &mut wrong);
    let (Some(name), Some(access), Some(shape), Some(auth), Some(algorithm), Some(claim_delivery), true) =
        (name, access, typed.shape, auth, algorithm, claim_delivery, wrong.is_empty())
    else {
        return Err(wrong);
    };
    Ok(NewClient {
        client_id: None,
        name,
        run_by: run_by.map(|name| name.as_str().to_owned()).unwrap_or_default(),
        kind: if auth == ClientAuth::None { ClientKind::Public } else { ClientKind::Confidential },
        auth,
        native: shape == Shape::Installed,
        algorithm,
        claim_delivery,
        claim_rules,
        own,
        redirect_uris,
        post_logout_redirect_uris,
        address_reasons,
        access,
        scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
        hardened: typed.hardened && shape == Shape::Server,
        demo: false,
    })
}

fn addresses(purpose: AddressPurpose, typed: &[String], exempt: &[AddressExemption], wrong: &mut Vec<Wrong>) -> Vec<RedirectUri> {
    let parse = |text: &String| RedirectUri::parse_exempt(text, exempt).map_err(|problem| Wrong::Address(purpose, text.clone(), problem));
    typed.iter().map(parse).filter_map(|address| address.map_err(|problem| wrong.push(problem)).ok()).collect()
}

/// What a reason was given for, good or not: an address beside a reason that is too long is not wrong twice.
fn exempt(reasons: &AddressReasons) -> Vec<AddressExemption> {
    let given = [
        (AddressExemption::PrivateHttp, reasons.private_http.is_some()),
        (AddressExemption::UndottedScheme, reasons.undotted_scheme.is_some()),
    ];
    given.into_iter().filter(|(_, given)| *given).map(|(exemption, _)| exemption).collect()
}

fn address_reasons(typed: &AddressReasons, wrong: &mut Vec<Wrong>) -> AddressReasons {
    let mut reason = |exemption, typed: &Option<String>| {
        let parsed = Reason::parse(typed.as_ref()?).map_err(|_| wrong.push(Wrong::AddressReason(exemption))).ok()?;
        Some(parsed.as_str().to_owned())
    };
    AddressReasons {
        private_http: reason(AddressExemption::PrivateHttp, &typed.private_http),
        undotted_scheme: reason(AddressExemption::UndottedScheme, &typed.undotted_scheme),
    }
}

/// How a secret is presented. What runs in people's hands gets none: no device of many can keep one (RFC 8252 section 8.5).
fn authentication(typed: &TypedApp, wrong: &mut Vec<Wrong>) -> Option<ClientAuth> {
    match typed.shape {
        Some(Shape::Browser | Shape::Installed) => Some(ClientAuth::None),
        Some(Shape::Server) => match ClientAuth::parse(&typed.authentication) {
            Some(auth @ (ClientAuth::SecretEither | ClientAuth::SecretBasic | ClientAuth::SecretPost)) => Some(auth),
            Some(ClientAuth::None) | None => {
                wrong.push(Wrong::Authentication);
                None
            }
        },
        None => None,
    }
}

/// What was not said is as usual: the organisation's own applications need the address.
fn claim_rules(typed: &TypedApp, wrong: &mut Vec<Wrong>) -> ClaimRules {
    let usual = if typed.own.is_some() { ClaimRules::OF_OWN } else { ClaimRules::OF_OTHERS };
    typed.claim_rules.iter().filter(|(_, word)| *word != USUAL).fold(usual, |rules, (claim, word)| match ClaimRule::parse(word) {
        Some(rule) => rules.with(*claim, rule),
        None => {
            wrong.push(Wrong::ClaimRule(*claim));
            rules
        }
    })
}

/// Must have been chosen: nothing is taken for granted.
fn access(who: Option<&Who>, groups: &[(GroupId, String)], wrong: &mut Vec<Wrong>) -> Option<Access> {
    match who {
        Some(Who::Everyone) => Some(Access::Everyone),
        Some(Who::Groups(names)) if !names.is_empty() => {
            let mut found = Vec::new();
            for name in names {
                match groups.iter().find(|(_, known)| known == name) {
                    Some((id, _)) if !found.contains(id) => found.push(*id),
                    Some(_) => {}
                    None => wrong.push(Wrong::NoSuchGroup(name.clone())),
                }
            }
            Some(Access::Groups(found))
        }
        Some(Who::Groups(_)) | None => {
            wrong.push(Wrong::NobodyChosen);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn typed() -> TypedApp {
        TypedApp {
            name: "Wiki".into(),
            run_by: None,
            redirect_uris: vec!["https://wiki.example/callback".into()],
            post_logout_redirect_uris: vec![],
            address_reasons: AddressReasons::default(),
            who: Some(Who::Everyone),
            shape: Some(Shape::Server),
            authentication: "client_secret_basic".into(),
            algorithm: "RS256".into(),
            claim_delivery: "id_token_and_userinfo".into(),
            claim_rules: BTreeMap::new(),
            own: None,
            hardened: false,
        }
    }

    #[test]
    fn only_what_has_a_secret_chooses_how_to_present_it() {
        // OA-39, OA-81
        let with = |shape, word: &str| parse(&TypedApp { shape: Some(shape), authentication: word.into(), ..typed() }, &[]);
        for (word, auth) in [
            ("either", ClientAuth::SecretEither),
            ("client_secret_basic", ClientAuth::SecretBasic),
            ("client_secret_post", ClientAuth::SecretPost),
        ] {
            assert_eq!(with(Shape::Server, word).unwrap().auth, auth);
            assert_eq!(with(Shape::Browser, word).unwrap().auth, ClientAuth::None);
            assert_eq!(with(Shape::Installed, word).unwrap().auth, ClientAuth::None);
        }
        for word in ["", "none", "private_key_jwt"] {
            assert_eq!(with(Shape::Server, word).unwrap_err(), [Wrong::Authentication], "{word}");
        }
    }

    #[test]
    fn what_is_not_said_about_a_claim_is_as_usual() {
        let rules = |own: Option<&str>, said: &[(Claim, &str)]| {
            let claim_rules = said.iter().map(|(claim, word)| (*claim, (*word).to_owned())).collect();
            parse(&TypedApp { own: own.map(str::to_owned), claim_rules, ..typed() }, &[]).map(|new| new.claim_rules)
        };
        assert_eq!(rules(None, &[]), Ok(ClaimRules::OF_OTHERS));
        assert_eq!(rules(None, &[(Claim::Email, USUAL)]).unwrap().of(Claim::Email), ClaimRule::Choice);
        assert_eq!(rules(Some("Our intranet"), &[]).unwrap().of(Claim::Email), ClaimRule::Needed);
        assert_eq!(rules(Some("Our intranet"), &[(Claim::Email, "never")]).unwrap().of(Claim::Email), ClaimRule::Never);
        assert_eq!(rules(None, &[(Claim::Name, "perhaps")]), Err(vec![Wrong::ClaimRule(Claim::Name)]));
        assert_eq!(rules(Some(" "), &[]), Err(vec![Wrong::OwnReason]));
    }

    #[test]
    fn an_address_on_a_private_network_needs_a_reason() {
        // OA-05
        let at = |reason: Option<&str>| TypedApp {
            redirect_uris: vec!["http://wiki.lan/callback".into()],
            address_reasons: AddressReasons { private_http: reason.map(str::to_owned), undotted_scheme: None },
            ..typed()
        };
        let wrong = parse(&at(None), &[]).unwrap_err();
        assert_eq!(wrong, [Wrong::Address(AddressPurpose::Redirect, "http://wiki.lan/callback".into(), AddressProblem::PrivateHttp)]);
        assert_eq!(parse(&at(Some(" ")), &[]).unwrap_err(), [Wrong::AddressReason(AddressExemption::PrivateHttp)]);
        assert_eq!(parse(&at(Some("No TLS at home")), &[]).unwrap().address_reasons.private_http.as_deref(), Some("No TLS at home"));
    }

    #[test]
    fn everything_wrong_is_said_at_once_and_nothing_is_chosen_for_anybody() {
        let bad = TypedApp {
            name: " ".into(),
            redirect_uris: vec!["https://*.example/".into()],
            who: None,
            shape: None,
            algorithm: "none".into(),
            claim_delivery: "front_channel".into(),
            ..typed()
        };
        let wrong = parse(&bad, &[]).unwrap_err();
        assert_eq!(wrong.len(), 6, "{wrong:?}");
        assert!(wrong.contains(&Wrong::NobodyChosen) && wrong.contains(&Wrong::NoShape) && wrong.contains(&Wrong::Algorithm));
        assert!(wrong.contains(&Wrong::ClaimDelivery));
        assert_eq!(parse(&TypedApp { redirect_uris: vec![], ..typed() }, &[]).unwrap_err(), [Wrong::NoRedirect]);
        let nobody = TypedApp { who: Some(Who::Groups(vec![])), ..typed() };
        assert_eq!(parse(&nobody, &[]).unwrap_err(), [Wrong::NobodyChosen]);
        let unknown = TypedApp { who: Some(Who::Groups(vec!["Board".into()])), ..typed() };
        assert_eq!(parse(&unknown, &[]).unwrap_err(), [Wrong::NoSuchGroup("Board".into())]);
    }

    #[test]
    fn only_what_has_a_secret_is_hardened() {
        // OA-30: the others must use PKCE anyway.
        for (shape, hardened) in [(Shape::Server, true), (Shape::Browser, false), (Shape::Installed, false)] {
            let typed = TypedApp { shape: Some(shape), hardened: true, ..typed() };
            assert_eq!(parse(&typed, &[]).unwrap().hardened, hardened);
        }
    }
}
