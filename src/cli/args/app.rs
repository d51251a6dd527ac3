//! What can be typed about applications.

use clap::{Args, Subcommand, ValueEnum};

use crate::kernel::claim::{Claim, ClaimRule};

/// What to do with applications.
#[derive(Clone, Debug, Subcommand)]
pub enum AppCommand {
    /// Connect an application and print what it needs to know
    Add(AppAdd),
    /// Print the applications that are connected
    List,
    /// Print everything registered about an application
    Show {
        /// Its client id or its name
        app: String,
    },
    /// Change an application; only what you name changes
    Change(AppChange),
    /// Add a second secret, or revoke one
    Secret {
        /// What to do with secrets.
        #[command(subcommand)]
        command: AppSecretCommand,
    },
    /// Disable an application; its codes and tokens are revoked immediately
    Disable {
        /// Its client id or its name
        app: String,
        /// Message for people who try to sign in
        #[arg(long)]
        text: String,
        /// Why; kept in the audit log
        #[arg(long)]
        reason: String,
    },
    /// Enable an application
    Enable {
        /// Its client id or its name
        app: String,
        /// Why; kept in the audit log
        #[arg(long)]
        reason: String,
    },
    /// Allow requests without PKCE again; PKCE is required once it is used again
    ReleasePkce {
        /// Its client id or its name
        app: String,
        /// Why; kept in the audit log
        #[arg(long)]
        reason: String,
    },
    /// Delete an application, with its secrets, grants and consents
    Delete {
        /// Its client id or its name
        app: String,
        /// Why; kept in the audit log
        #[arg(long)]
        reason: String,
    },
}

/// What to do with the secrets of an application.
#[derive(Clone, Debug, Subcommand)]
pub enum AppSecretCommand {
    /// Add a second secret and print it; both work until you revoke one
    Add {
        /// The application's client id or name
        app: String,
    },
    /// Revoke a secret; the last one cannot be revoked
    Revoke {
        /// The application's client id or name
        app: String,
        /// The secret, as `app show` prints it
        secret: String,
    },
}

/// What changes about an application.
#[derive(Args, Clone, Debug)]
pub struct AppChange {
    /// Its client id or its name
    pub app: String,
    /// A new name, as people will see it
    #[arg(long)]
    pub name: Option<String>,
    /// Use the name even if another application has it
    #[arg(long)]
    pub same_name: bool,
    /// Who runs it
    #[arg(long, value_name = "NAME")]
    pub run_by: Option<String>,
    /// Redirect URI; repeatable. Replaces all redirect URIs
    #[arg(long, value_name = "ADDRESS")]
    pub redirect_uri: Vec<String>,
    /// Post-logout redirect URI; repeatable. Replaces all of them
    #[arg(long, value_name = "ADDRESS")]
    pub post_logout_redirect_uri: Vec<String>,
    /// Allow http redirect URIs on a private network, for this reason; an empty reason disallows them
    #[arg(long, value_name = "REASON")]
    pub private_http: Option<String>,
    /// Allow redirect URIs with a scheme without a dot, for this reason; an empty reason disallows them
    #[arg(long, value_name = "REASON")]
    pub undotted_scheme: Option<String>,
    /// Who may use it: everyone, or the name of a group; repeatable for groups
    #[arg(long, value_name = "everyone|GROUP")]
    pub access: Vec<String>,
    /// Client authentication method; if you name one, the other is refused
    #[arg(long, value_enum)]
    pub authentication: Option<AuthenticationName>,
    /// ID token signing algorithm
    #[arg(long, value_enum)]
    pub algorithm: Option<AlgorithmName>,
    /// Where it reads the claims it is given
    #[arg(long, value_enum)]
    pub claim_delivery: Option<ClaimDeliveryName>,
    /// Who decides about a claim (name, username, email): needed, choice or never; repeatable
    #[arg(long, value_name = "CLAIM=RULE", value_parser = claim_rule)]
    pub claim: Vec<(Claim, ClaimRule)>,
    /// It is run by this organisation, for this reason: people are told what it gets, and not asked
    #[arg(long, value_name = "REASON")]
    pub own: Option<String>,
    /// It is run by others: people decide what it gets
    #[arg(long, conflicts_with = "own")]
    pub not_own: bool,
    /// Whether it must always use PKCE
    #[arg(long, value_enum)]
    pub hardened: Option<YesNo>,
}

impl AppChange {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        let names = self.name.is_some() || self.run_by.is_some();
        let lists = !self.redirect_uri.is_empty() || !self.post_logout_redirect_uri.is_empty() || !self.access.is_empty();
        let exempt = self.private_http.is_some() || self.undotted_scheme.is_some();
        let protocol = self.algorithm.is_some() || self.authentication.is_some() || self.hardened.is_some();
        let claims = self.claim_delivery.is_some() || !self.claim.is_empty() || self.own.is_some() || self.not_own;
        !(names || lists || exempt || protocol || claims)
    }
}

/// Whether a setting is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum YesNo {
    /// It is
    Yes,
    /// It is not
    No,
}

/// An application to connect.
#[derive(Args, Clone, Debug)]
pub struct AppAdd {
    /// Its name, as people will see it
    #[arg(long)]
    pub name: String,
    /// Who runs it, as people will see it, such as "Acme IT"
    #[arg(long, value_name = "NAME")]
    pub run_by: Option<String>,
    /// Use the name even if another application has it; people cannot tell the two apart
    #[arg(long)]
    pub same_name: bool,
    /// Redirect URI, exactly as the application sends it; repeatable
    #[arg(long, value_name = "ADDRESS", required = true)]
    pub redirect_uri: Vec<String>,
    /// Post-logout redirect URI; repeatable
    #[arg(long, value_name = "ADDRESS")]
    pub post_logout_redirect_uri: Vec<String>,
    /// Allow http redirect URIs on a private network, for this reason
    #[arg(long, value_name = "REASON")]
    pub private_http: Option<String>,
    /// Allow redirect URIs with a scheme without a dot, for this reason
    #[arg(long, value_name = "REASON")]
    pub undotted_scheme: Option<String>,
    /// Who may use it: everyone, or the name of a group; repeatable for groups
    #[arg(long, value_name = "everyone|GROUP", required = true)]
    pub access: Vec<String>,
    /// It runs in the browser and cannot keep a secret
    #[arg(long)]
    pub public: bool,
    /// It is installed on people's devices: no secret, and any port on loopback redirect URIs
    #[arg(long)]
    pub native: bool,
    /// Client authentication method; only for an application with a secret
    #[arg(long, value_enum, default_value_t = AuthenticationName::Either, conflicts_with_all = ["public", "native"])]
    pub authentication: AuthenticationName,
    /// ID token signing algorithm; prefer ES256 if the application supports it
    #[arg(long, value_enum, default_value_t = AlgorithmName::Rs256)]
    pub algorithm: AlgorithmName,
    /// Where it reads the claims it is given
    #[arg(long, value_enum, default_value_t = ClaimDeliveryName::IdTokenAndUserinfo)]
    pub claim_delivery: ClaimDeliveryName,
    /// Who decides about a claim (name, username, email): needed, choice or never; repeatable
    #[arg(long, value_name = "CLAIM=RULE", value_parser = claim_rule)]
    pub claim: Vec<(Claim, ClaimRule)>,
    /// It is run by this organisation, for this reason: people are told what it gets, and not asked; the email is required
    #[arg(long, value_name = "REASON")]
    pub own: Option<String>,
    /// Always require PKCE; without this an application with a secret may send a nonce instead until it first uses PKCE
    #[arg(long, conflicts_with_all = ["public", "native"])]
    pub hardened: bool,
}

/// How a secret is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AuthenticationName {
    /// In the header or the body
    #[value(name = "either")]
    Either,
    /// In the Authorization header, by HTTP Basic
    #[value(name = "client_secret_basic")]
    SecretBasic,
    /// In the body of the request
    #[value(name = "client_secret_post")]
    SecretPost,
}

impl AuthenticationName {
    /// The name as discovery says it.
    pub fn as_str(self) -> &'static str {
        match self {
            AuthenticationName::Either => "either",
            AuthenticationName::SecretBasic => "client_secret_basic",
            AuthenticationName::SecretPost => "client_secret_post",
        }
    }
}

/// How ID tokens are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AlgorithmName {
    /// RSA, 3072 bits: every library can check it
    #[value(name = "RS256", alias = "rs256")]
    Rs256,
    /// P-256
    #[value(name = "ES256", alias = "es256")]
    Es256,
    /// Ed25519
    #[value(name = "EdDSA", alias = "eddsa")]
    EdDsa,
}

impl AlgorithmName {
    /// The name as tokens carry it.
    pub fn as_str(self) -> &'static str {
        match self {
            AlgorithmName::Rs256 => "RS256",
            AlgorithmName::Es256 => "ES256",
            AlgorithmName::EdDsa => "EdDSA",
        }
    }
}

/// Reads a claim and who decides about it, such as `email=needed`.
fn claim_rule(text: &str) -> Result<(Claim, ClaimRule), String> {
    let parsed = text.split_once('=').and_then(|(claim, rule)| Claim::parse(claim).zip(ClaimRule::parse(rule)));
    parsed.ok_or_else(|| "write name, username or email, then = and needed, choice or never".to_owned())
}

/// Where an application reads claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ClaimDeliveryName {
    /// In the ID token and at the userinfo endpoint: most programs read only the ID token
    #[value(name = "id_token_and_userinfo")]
    IdTokenAndUserinfo,
    /// At the userinfo endpoint only
    #[value(name = "userinfo")]
    Userinfo,
}

impl ClaimDeliveryName {
    /// The word of the registration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IdTokenAndUserinfo => "id_token_and_userinfo",
            Self::Userinfo => "userinfo",
        }
    }
}

/// Who may use an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessChoice {
    /// Everyone with an account.
    Everyone,
    /// Members of these groups.
    Groups(Vec<String>),
}

/// Who may use an application. `None` when `everyone` is mixed with groups, which means nothing.
pub fn access_of(typed: &[String]) -> Option<AccessChoice> {
    let everyone = typed.iter().any(|name| name == "everyone");
    match (everyone, typed.len()) {
        (true, 1) => Some(AccessChoice::Everyone),
        (true, _) => None,
        (false, _) => Some(AccessChoice::Groups(typed.to_vec())),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::args::{Arguments, Command};

    fn parse(line: &str) -> Arguments {
        Arguments::try_parse_from(line.split(' ')).unwrap()
    }

    #[test]
    fn who_decides_about_a_claim_is_said_for_each() {
        let add = "vouchsafe app add --name Wiki --redirect-uri https://a/cb --access everyone";
        let Some(Command::App { command: AppCommand::Add(app) }) = parse(&format!("{add} --claim email=needed --claim name=never")).command
        else {
            panic!("not app add")
        };
        assert_eq!(app.claim, [(Claim::Email, ClaimRule::Needed), (Claim::Name, ClaimRule::Never)]);
        for wrong in ["email", "email=perhaps", "phone=needed", "=needed"] {
            assert!(Arguments::try_parse_from(format!("{add} --claim {wrong}").split(' ')).is_err(), "{wrong}");
        }
        assert!(Arguments::try_parse_from("vouchsafe app change Wiki --own ours --not-own".split(' ')).is_err());
    }

    #[test]
    fn an_application_says_where_and_for_whom() {
        let Some(Command::App { command: AppCommand::Add(app) }) =
            parse("vouchsafe app add --name Wiki --redirect-uri https://a/cb --redirect-uri https://b/cb --access everyone --algorithm ES256 --hardened").command
        else {
            panic!("not app add")
        };
        assert_eq!((app.redirect_uri.len(), app.algorithm.as_str(), app.hardened), (2, "ES256", true));
        assert_eq!(access_of(&app.access), Some(AccessChoice::Everyone));
        let groups = AppAdd { access: vec!["staff".into(), "board".into()], ..app.clone() };
        assert_eq!(access_of(&groups.access), Some(AccessChoice::Groups(vec!["staff".into(), "board".into()])));
        assert_eq!(access_of(&["staff".into(), "everyone".into()]), None);
        for incomplete in [
            "vouchsafe app add --name Wiki --redirect-uri https://a/cb",
            "vouchsafe app add --name Wiki --access everyone",
            "vouchsafe app add --name Wiki --redirect-uri https://a/cb --access everyone --public --hardened",
            "vouchsafe app add --name Wiki --redirect-uri https://a/cb --access everyone --public --authentication client_secret_post",
            "vouchsafe app add --name Wiki --redirect-uri https://a/cb --access everyone --authentication none",
            "vouchsafe app add --name Wiki --redirect-uri http://127.0.0.1/cb --access everyone --native --hardened",
        ] {
            assert!(Arguments::try_parse_from(incomplete.split(' ')).is_err(), "{incomplete}");
        }
    }
}
