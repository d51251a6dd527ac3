//! The two ceremonies of WebAuthn (sections 7.1 and 7.2) over webauthn-rs. What lies between start and finish is kept
//! on the server by the caller and taken once (WA-02).

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey as LibraryPasskey, PasskeyRegistration, Url, Webauthn, WebauthnBuilder, WebauthnError,
};
use webauthn_rs_core::proto::{
    AttestationFormat, PublicKeyCredential, RegisterPublicKeyCredential, RegisteredExtensions, UserVerificationPolicy,
};
use webauthn_rs_core::proto::{COSEKey, Credential, ParsedAttestation};

use super::shape::{self, CeremonyRefusal};
use super::{NewPasskey, Passkey, Proof};
use crate::kernel::Fault;
use crate::kernel::address::Origin;
use crate::platform::crypto::sha256;

/// Our side of the ceremonies: name, RP ID and origin, all from the public address.
pub struct RelyingParty {
    library: Webauthn,
    origin: String,
    rp_id_hash: [u8; 32],
}

/// A registration that was started.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Registration {
    challenge: String,
    state: PasskeyRegistration,
    exclude: Vec<Vec<u8>>,
}

/// An assertion that was started.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Assertion {
    challenge: String,
    state: DiscoverableAuthentication,
    /// The credentials asked for; empty when any may answer.
    allowed: Vec<Vec<u8>>,
}

impl Registration {
    /// The challenge that was sent.
    pub fn challenge(&self) -> &str {
        &self.challenge
    }
}

impl Assertion {
    /// The challenge that was sent.
    pub fn challenge(&self) -> &str {
        &self.challenge
    }
}

/// How the browser is to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mediation {
    /// Quietly, among the suggestions of the name field.
    Autofill,
    /// With its dialog, after a button.
    Dialog,
}

impl RelyingParty {
    /// The ceremonies of a server at `origin`.
    ///
    /// # Errors
    /// When the host cannot be an RP ID (WA-76).
    pub fn new(origin: &Origin, name: &str, lifetime: Duration) -> Result<Self, Fault> {
        let url = Url::parse(origin.as_str()).map_err(Fault::internal)?;
        let builder = WebauthnBuilder::new(origin.host(), &url).map_err(failed)?;
        let library = builder.rp_name(name).timeout(lifetime).build().map_err(failed)?;
        Ok(Self { library, origin: origin.as_str().to_owned(), rp_id_hash: sha256(origin.host().as_bytes()) })
    }

    /// Starts adding a passkey to the account with this handle. `existing` are not to be made again on the same
    /// authenticator (WA-06).
    pub fn start_registration(
        &self,
        handle: &[u8; 16],
        login: &str,
        name: &str,
        existing: &[Passkey],
    ) -> Result<(Value, Registration), Fault> {
        let exclude: Vec<Vec<u8>> = existing.iter().map(|passkey| passkey.credential_id.clone()).collect();
        let listed = (!exclude.is_empty()).then(|| exclude.clone());
        let (options, state) = self.library.start_passkey_registration(Uuid::from_bytes(*handle), login, name, listed).map_err(failed)?;
        let challenge = BASE64URL_NOPAD.encode(options.public_key.challenge.as_ref());
        let mut options = serde_json::to_value(&options.public_key).map_err(Fault::internal)?;
        // The library asks for keys that take no place on the device; signing in without typing a name needs them.
        if let Some(selection) = options.get_mut("authenticatorSelection").and_then(Value::as_object_mut) {
            selection.insert("residentKey".into(), "preferred".into());
            selection.insert("requireResidentKey".into(), false.into());
        }
        if let Some(listed) = options.get_mut("excludeCredentials").and_then(Value::as_array_mut) {
            for (entry, passkey) in listed.iter_mut().zip(existing) {
                with_transports(entry, passkey);
            }
        }
        Ok((options, Registration { challenge, state, exclude }))
    }

    /// Finishes adding a passkey.
    ///
    /// # Errors
    /// The check that failed; nothing is stored.
    pub fn finish_registration(&self, started: &Registration, body: &[u8]) -> Result<NewPasskey, CeremonyRefusal> {
        let answer = shape::answer(body)?;
        let client_data = shape::member(&answer.response, "clientDataJSON", "client_data")?;
        shape::client_data(&client_data, "webauthn.create", &started.challenge, &self.origin)?;
        let object = shape::member(&answer.response, "attestationObject", "attestation_object")?;
        let data = shape::authenticator_data(&shape::attestation_object(&object)?)?;
        self.check_site(&data)?;
        let credential = data.credential.ok_or(CeremonyRefusal("no_credential"))?;
        if credential.id != answer.id {
            return Err(CeremonyRefusal("credential_id"));
        }
        if started.exclude.contains(&credential.id) {
            return Err(CeremonyRefusal("excluded"));
        }
        let mut response: RegisterPublicKeyCredential =
            serde_json::from_slice(body).map_err(|_| CeremonyRefusal("body_not_registration"))?;
        // Nothing signs the client data of a registration without attestation, which is all we ask for.
        response.response.client_data_json = shape::unmarked(&client_data).to_vec();
        let accepted = self.library.finish_passkey_registration(&response, &started.state).map_err(|error| refused(&error))?;
        let accepted: Credential = accepted.into();
        if accepted.cred_id != credential.id || !accepted.user_verified {
            return Err(CeremonyRefusal("library_disagrees"));
        }
        Ok(NewPasskey {
            credential_id: credential.id,
            public_key: credential.public_key,
            algorithm: credential.algorithm,
            aaguid: Uuid::from_bytes(credential.aaguid),
            counter: data.counter,
            backup_eligible: data.backup_eligible,
            backup_state: data.backup_state,
            transports: shape::transports(&answer.response),
        })
    }

    /// Starts a sign-in. With `allowed`, only those may answer; without, any passkey of ours, which then names its
    /// account by itself (WA-08).
    pub fn start_assertion(&self, allowed: &[Passkey], mediation: Mediation) -> Result<(Value, Assertion), Fault> {
        let (options, state) = self.library.start_discoverable_authentication().map_err(failed)?;
        let challenge = BASE64URL_NOPAD.encode(options.public_key.challenge.as_ref());
        let mut public_key = serde_json::to_value(&options.public_key).map_err(Fault::internal)?;
        if let Some(members) = public_key.as_object_mut() {
            let list = allowed.iter().map(|passkey| {
                let mut entry = json!({ "type": "public-key", "id": BASE64URL_NOPAD.encode(&passkey.credential_id) });
                with_transports(&mut entry, passkey);
                entry
            });
            members.insert("allowCredentials".into(), list.collect());
            members.insert("userVerification".into(), "required".into());
        }
        let allowed = allowed.iter().map(|passkey| passkey.credential_id.clone()).collect();
        let answer = match mediation {
            Mediation::Autofill => json!({ "publicKey": public_key, "mediation": "conditional" }),
            Mediation::Dialog => json!({ "publicKey": public_key }),
        };
        Ok((answer, Assertion { challenge, state, allowed }))
    }

    /// Finishes a sign-in with the stored passkey the answer names and the handle of its account.
    ///
    /// # Errors
    /// The check that failed; nothing is stored.
    pub fn finish_assertion(&self, started: &Assertion, body: &[u8], passkey: &Passkey, handle: &[u8]) -> Result<Proof, CeremonyRefusal> {
        let answer = shape::answer(body)?;
        let named = shape::named(body)?;
        if answer.id != passkey.credential_id {
            return Err(CeremonyRefusal("credential_id"));
        }
        if !started.allowed.is_empty() && !started.allowed.contains(&answer.id) {
            return Err(CeremonyRefusal("not_allowed"));
        }
        match named.user_handle {
            Some(presented) if presented != handle => return Err(CeremonyRefusal("user_handle")),
            None if started.allowed.is_empty() => return Err(CeremonyRefusal("user_handle_missing")),
            _ => {}
        }
        let client_data = shape::member(&answer.response, "clientDataJSON", "client_data")?;
        shape::client_data(&client_data, "webauthn.get", &started.challenge, &self.origin)?;
        let signature = shape::member(&answer.response, "signature", "signature")?;
        let raw = shape::member(&answer.response, "authenticatorData", "authenticator_data")?;
        let data = shape::authenticator_data(&raw)?;
        self.check_site(&data)?;
        if data.credential.is_some() {
            return Err(CeremonyRefusal("unexpected_credential"));
        }
        if data.backup_eligible != passkey.backup_eligible {
            return Err(CeremonyRefusal("backup_eligible_changed"));
        }
        // A count that does not grow may mean a copy of the key (WA-35).
        if (data.counter > 0 || passkey.counter > 0) && data.counter <= passkey.counter {
            return Err(CeremonyRefusal("counter"));
        }
        let proof = Proof { counter: data.counter, backup_state: data.backup_state };
        if shape::unmarked(&client_data) != client_data {
            // The library does not read past a byte order mark (WA-18), and without it the signature is another. All
            // that it would check has been checked above, but for the signature.
            let signed = [raw.as_slice(), &sha256(&client_data)].concat();
            let right = library_key(passkey)?.verify_signature(&signature, &signed).map_err(|error| refused(&error))?;
            return if right { Ok(proof) } else { Err(CeremonyRefusal("signature")) };
        }
        let response: PublicKeyCredential = serde_json::from_slice(body).map_err(|_| CeremonyRefusal("body_not_assertion"))?;
        let stored = library_passkey(passkey)?;
        let result = self
            .library
            .finish_discoverable_authentication_v2(&response, started.state.clone(), &stored)
            .map_err(|error| refused(&error))?;
        if !result.user_verified() {
            return Err(CeremonyRefusal("user_not_verified"));
        }
        Ok(proof)
    }

    /// Whether an authenticator answered for our site and no other (WA-26).
    fn check_site(&self, data: &shape::AuthenticatorData) -> Result<(), CeremonyRefusal> {
        if data.rp_id_hash == self.rp_id_hash { Ok(()) } else { Err(CeremonyRefusal("rp_id_hash")) }
    }
}

/// The library's type, rebuilt from our columns.
fn library_passkey(passkey: &Passkey) -> Result<LibraryPasskey, CeremonyRefusal> {
    let cred = library_key(passkey)?;
    Ok(LibraryPasskey::from(Credential {
        cred_id: passkey.credential_id.clone(),
        cred,
        counter: passkey.counter,
        transports: None,
        user_verified: true,
        backup_eligible: passkey.backup_eligible,
        backup_state: passkey.backup_state,
        registration_policy: UserVerificationPolicy::Required,
        extensions: RegisteredExtensions::none(),
        attestation: ParsedAttestation::default(),
        attestation_format: AttestationFormat::None,
    }))
}

fn library_key(passkey: &Passkey) -> Result<COSEKey, CeremonyRefusal> {
    let key = shape::cbor_whole(&passkey.public_key)?;
    COSEKey::try_from(&key).map_err(|_| CeremonyRefusal("stored_key"))
}

fn with_transports(entry: &mut Value, passkey: &Passkey) {
    if let (Some(members), false) = (entry.as_object_mut(), passkey.transports.is_empty()) {
        members.insert("transports".into(), json!(passkey.transports));
    }
}

fn failed(error: WebauthnError) -> Fault {
    Fault::internal(format!("a passkey ceremony could not start: {error}"))
}

/// The library's reason as a word; its text may hold what the browser sent.
fn refused(error: &WebauthnError) -> CeremonyRefusal {
    CeremonyRefusal(match error {
        WebauthnError::InvalidRPIDHash => "rp_id_hash",
        WebauthnError::MismatchedChallenge => "challenge",
        WebauthnError::InvalidRPOrigin => "origin",
        WebauthnError::InvalidClientDataType => "client_data_type",
        WebauthnError::CredentialCrossOrigin => "cross_origin",
        WebauthnError::UserNotPresent => "user_not_present",
        WebauthnError::UserNotVerified => "user_not_verified",
        WebauthnError::AuthenticationFailure | WebauthnError::SignatureInvalid => "signature",
        WebauthnError::CredentialPossibleCompromise => "counter",
        WebauthnError::AttestationNotSupported => "attestation_format",
        WebauthnError::CredentialBackupEligibilityInconsistent => "backup_eligible_changed",
        _ => "ceremony",
    })
}
