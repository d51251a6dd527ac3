//! Making a passkey: the answer to `navigator.credentials.create`.

use ciborium::Value as Cbor;
use serde_json::{Value as Json, json};

use super::{Authenticator, ClientData, Credential, DataEdit, Edit, Key, base64url, client_data_lies, flag, random, sha256, text, to_cbor};

/// How the authenticator vouches for itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Format {
    /// Not at all.
    None,
    /// With the new key itself.
    PackedSelf,
    /// Anything else: the name and the statement.
    Other(String, Cbor),
}

/// An answer in the making.
pub struct Creation {
    client_data: ClientData,
    rp_id: String,
    user_handle: Vec<u8>,
    rp_id_hash: [u8; 32],
    flags: u8,
    counter: u32,
    aaguid: [u8; 16],
    id: Vec<u8>,
    key: Key,
    cose: Option<Vec<u8>>,
    extensions: Option<Vec<u8>>,
    trailing: Vec<u8>,
    format: Format,
    signature: Option<Vec<u8>>,
    attestation_object: Option<Vec<u8>>,
    transports: Vec<String>,
    data_edits: Vec<DataEdit>,
    edits: Vec<Edit>,
}

impl Creation {
    pub(super) fn new(authenticator: &Authenticator, options: &Json, origin: &str) -> Self {
        let rp_id = text(options, "/rp/id");
        let handle = text(options, "/user/id");
        Self {
            client_data: ClientData::new("webauthn.create", options, origin),
            user_handle: data_encoding::BASE64URL_NOPAD.decode(handle.as_bytes()).unwrap(),
            rp_id_hash: sha256(rp_id.as_bytes()),
            rp_id,
            flags: flag::UP | flag::UV | flag::AT | authenticator.backup,
            counter: 0,
            aaguid: authenticator.aaguid,
            id: random::<32>().to_vec(),
            key: Key::make(authenticator.algorithm),
            cose: None,
            extensions: None,
            trailing: vec![],
            format: Format::None,
            signature: None,
            attestation_object: None,
            transports: vec!["internal".into()],
            data_edits: vec![],
            edits: vec![],
        }
    }

    client_data_lies!();

    /// Another way of vouching.
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }
    /// Another model.
    pub fn aaguid(mut self, aaguid: [u8; 16]) -> Self {
        self.aaguid = aaguid;
        self
    }
    /// Another public key, as CBOR bytes.
    pub fn cose(mut self, cbor: &[u8]) -> Self {
        self.cose = Some(cbor.to_vec());
        self
    }
    /// A wrong signature in the statement.
    pub fn signature(mut self, signature: &[u8]) -> Self {
        self.signature = Some(signature.to_vec());
        self
    }
    /// Another attestation object altogether.
    pub fn attestation_object(mut self, bytes: &[u8]) -> Self {
        self.attestation_object = Some(bytes.to_vec());
        self
    }
    /// Other transports.
    pub fn transports(mut self, transports: &[&str]) -> Self {
        self.transports = transports.iter().map(|&name| name.into()).collect();
        self
    }

    /// The authenticator data (WebAuthn, section 6.1).
    pub fn authenticator_data(&self) -> Vec<u8> {
        let mut data = self.rp_id_hash.to_vec();
        data.push(self.flags | if self.extensions.is_some() { flag::ED } else { 0 });
        data.extend(self.counter.to_be_bytes());
        if self.flags & flag::AT != 0 {
            data.extend(self.aaguid);
            data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
            data.extend(&self.id);
            data.extend(self.cose.clone().unwrap_or_else(|| to_cbor(&Cbor::Map(self.key.cose()))));
        }
        data.extend(self.extensions.iter().flatten());
        data.extend(&self.trailing);
        self.data_edits.iter().for_each(|edit| edit(&mut data));
        data
    }

    fn object(&self, data: &[u8], client_data: &[u8]) -> Vec<u8> {
        if let Some(instead) = &self.attestation_object {
            return instead.clone();
        }
        let word = |text: &str| Cbor::Text(text.into());
        let (name, statement) = match &self.format {
            Format::None => ("none", Cbor::Map(vec![])),
            Format::PackedSelf => {
                let signed = [data, &sha256(client_data)].concat();
                let signature = self.signature.clone().unwrap_or_else(|| self.key.sign(&signed));
                let algorithm = Cbor::Integer(self.key.algorithm().number().into());
                ("packed", Cbor::Map(vec![(word("alg"), algorithm), (word("sig"), Cbor::Bytes(signature))]))
            }
            Format::Other(name, statement) => (name.as_str(), statement.clone()),
        };
        to_cbor(&Cbor::Map(vec![(word("fmt"), word(name)), (word("attStmt"), statement), (word("authData"), Cbor::Bytes(data.to_vec()))]))
    }

    /// What the page would send, and the passkey the authenticator keeps.
    pub fn finish(self) -> (Json, Credential) {
        let client_data = self.client_data.bytes();
        let data = self.authenticator_data();
        let object = self.object(&data, &client_data);
        let mut answer = json!({
            "id": base64url(&self.id),
            "rawId": base64url(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": { "credProps": { "rk": true } },
            "response": {
                "clientDataJSON": base64url(&client_data),
                "attestationObject": base64url(&object),
                "authenticatorData": base64url(&data),
                "publicKeyAlgorithm": self.key.algorithm().number(),
                "transports": self.transports,
            },
        });
        for edit in self.edits {
            edit(&mut answer);
        }
        let backup = self.flags & (flag::BE | flag::BS);
        let credential =
            Credential { id: self.id, key: self.key, user_handle: self.user_handle, rp_id: self.rp_id, counter: self.counter, backup };
        (answer, credential)
    }
}
