//! What somebody typed about an application, on the page or at the command line, and everything that is wrong with it.

use std::collections::BTreeMap;

use crate::domain::client::{Access, AddressPurpose, AddressReasons, ClaimDelivery, Client, ClientAuth, ClientKind, NewClient};
use crate::kernel::address::{AddressExemption, AddressProblem, RedirectUri};
use crate::kernel::claim::{Claim, ClaimRule, ClaimRules};
use crate::kernel::ids::GroupId;
use crate::kernel::text::{ClientName, Reason, TextProblem};
use crate::platform::crypto::jws::Algorithm;
use crate::platform::crypto::sha256;

/// Where an application runs, which decides whether it can keep a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// On a server: it has a secret.
    Server,
    /// In the browser: no secret.
    Browser,
    /// On people's devices: no secret, and any port on the device itself (RFC 8252 section 7.3).
    Installed,
}

impl Shape {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Server, Self::Browser, Self::Installed];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Browser => "browser",
            Self::Installed => "installed",
        }
    }
    /// Where an application that is connected runs.
    pub fn of(client: &Client) -> Self {
        match (client.native, client.kind) {
            (true, _) => Self::Installed,
            (false, ClientKind::Public) => Self::Browser,
            (false, ClientKind::Confidential) => Self::Server,
        }
    }
    /// The one with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| shape.as_str() == word)
    }
}

/// The word for a claim about which nobody said anything.
pub const USUAL: &str = "usual";

/// Who may use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everyone with an account.
    Everyone,
    /// Members of the groups with these names.
    Groups(Vec<String>),
}

/// What somebody typed.
#[derive(Clone, Debug)]
pub struct TypedApp {
    /// Its name for people.
    pub name: String,
    /// Who runs it, if somebody said so.
    pub run_by: Option<String>,
    /// Where sign-ins are answered.
    pub redirect_uris: Vec<String>,
    /// Where people may be sent after signing out.
    pub post_logout_redirect_uris: Vec<String>,
    /// Why these addresses may be what others may not, if that was asked for.
    pub address_reasons: AddressReasons,
    /// Who may use it, once that was chosen.
    pub who: Option<Who>,
    /// Where it runs, once that was chosen.
    pub shape: Option<Shape>,
    /// How it presents its secret, if it has one (OA-39).
    pub authentication: String,
    /// What its ID tokens are signed with.
    pub algorithm: String,
    /// Where it reads claims.
    pub claim_delivery: String,
    /// Who decides about each claim, as far as somebody said so; for the rest as usual.
    pub claim_rules: BTreeMap<Claim, String>,
    /// Why the organisation's people are told and not asked, if the organisation runs it itself.
    pub own: Option<String>,
    /// Whether it must always use PKCE.
    pub hardened: bool,
}

impl TypedApp {
    /// A digest by which a form knows again what it was filled with. Addresses count without regard to their order.
    pub fn digest(&self) -> String {
        let sorted = |texts: &[String]| {
            let mut texts = texts.to_vec();
            texts.sort_unstable();
            texts
        };
        let who = match &self.who {
            None => serde_json::Value::Null,
            Some(Who::Everyone) => "everyone".into(),
            Some(Who::Groups(names)) => sorted(names).into(),
        };
        let all = serde_json::json!([
            self.name,
            self.run_by,
            sorted(&self.redirect_uris),
            sorted(&self.post_logout_redirect_uris),
            self.address_reasons.private_http,
            self.address_reasons.undotted_scheme,
            who,
            self.authentication,
            self.algorithm,
            self.claim_delivery,
            Claim::ALL.map(|claim| self.claim_rules.get(&claim)),
            self.own,
            self.hardened,
        ]);
        data_encoding::BASE64URL_NOPAD.encode(&sha256(all.to_string().as_bytes()))
    }
}

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

/// What somebody would have typed for an application as it is now. `groups` are the names of those that may use it, if not
/// everyone may.
pub fn typed_from(client: &Client, groups: Option<&[String]>) -> TypedApp {
    let texts = |uris: &[RedirectUri]| uris.iter().map(|uri| uri.as_str().to_owned()).collect();
    TypedApp {
        name: client.name.clone(),
        run_by: Some(client.run_by.clone()).filter(|name| !name.is_empty()),
        redirect_uris: texts(&client.redirect_uris),
        post_logout_redirect_uris: texts(&client.post_logout_redirect_uris),
        address_reasons: client.address_reasons.clone(),
        who: Some(groups.map_or(Who::Everyone, |names| Who::Groups(names.to_vec()))),
        shape: Some(Shape::of(client)),
        authentication: client.auth.as_str().to_owned(),
        algorithm: client.algorithm.as_str().to_owned(),
        claim_delivery: client.claim_delivery.as_str().to_owned(),
        claim_rules: Claim::ALL.map(|claim| (claim, client.claim_rules.of(claim).as_str().to_owned())).into(),
        own: client.own.as_ref().map(|own| own.reason.clone()),
        hardened: client.hardened,
    }
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
