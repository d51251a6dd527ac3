//! Using a passkey: the answer to `navigator.credentials.get`.

use serde_json::{Value as Json, json};

use super::{ClientData, Credential, DataEdit, Edit, Key, base64url, client_data_lies, flag, sha256};

/// An answer in the making.
pub struct Assertion<'a> {
    credential: &'a Credential,
    client_data: ClientData,
    rp_id_hash: [u8; 32],
    flags: u8,
    counter: u32,
    id: Vec<u8>,
    user_handle: Option<Vec<u8>>,
    extensions: Option<Vec<u8>>,
    trailing: Vec<u8>,
    signer: Option<&'a Key>,
    signature: Option<Vec<u8>>,
    data_edits: Vec<DataEdit>,
    edits: Vec<Edit>,
}

impl<'a> Assertion<'a> {
    pub(super) fn new(credential: &'a Credential, options: &Json, origin: &str) -> Self {
        let rp_id = options.get("rpId").and_then(Json::as_str).unwrap_or(&credential.rp_id);
        Self {
            client_data: ClientData::new("webauthn.get", options, origin),
            rp_id_hash: sha256(rp_id.as_bytes()),
            flags: flag::UP | flag::UV | credential.backup,
            counter: credential.counter,
            id: credential.id.clone(),
            user_handle: Some(credential.user_handle.clone()),
            extensions: None,
            trailing: vec![],
            signer: None,
            signature: None,
            data_edits: vec![],
            edits: vec![],
            credential,
        }
    }

    client_data_lies!();

    /// Another account's handle, or none.
    pub fn user_handle(mut self, handle: Option<&[u8]>) -> Self {
        self.user_handle = handle.map(<[u8]>::to_vec);
        self
    }
    /// Signed with another key.
    pub fn signed_by(mut self, key: &'a Key) -> Self {
        self.signer = Some(key);
        self
    }
    /// Another signature.
    pub fn signature(mut self, signature: &[u8]) -> Self {
        self.signature = Some(signature.to_vec());
        self
    }

    /// The authenticator data (WebAuthn, section 6.1).
    pub fn authenticator_data(&self) -> Vec<u8> {
        let mut data = self.rp_id_hash.to_vec();
        data.push(self.flags | if self.extensions.is_some() { flag::ED } else { 0 });
        data.extend(self.counter.to_be_bytes());
        data.extend(self.extensions.iter().flatten());
        data.extend(&self.trailing);
        self.data_edits.iter().for_each(|edit| edit(&mut data));
        data
    }

    /// What the page would send.
    pub fn finish(self) -> Json {
        let client_data = self.client_data.bytes();
        let data = self.authenticator_data();
        let signed = [&data[..], &sha256(&client_data)].concat();
        let signature = self.signature.unwrap_or_else(|| self.signer.unwrap_or(&self.credential.key).sign(&signed));
        let mut answer = json!({
            "id": base64url(&self.id),
            "rawId": base64url(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(&client_data),
                "authenticatorData": base64url(&data),
                "signature": base64url(&signature),
            },
        });
        if let Some(handle) = &self.user_handle {
            answer["response"]["userHandle"] = base64url(handle).into();
        }
        for edit in self.edits {
            edit(&mut answer);
        }
        answer
    }
}
