//! What is published about the keys in force, written once for each set of them.

use std::sync::{Arc, PoisonError, RwLock};

use data_encoding::HEXLOWER;
use serde_json::Value;

use super::KeySet;
use crate::platform::crypto::sha256;

/// A published document.
#[derive(Debug)]
pub struct Document {
    /// JSON.
    pub text: String,
    /// Changes with the text (RFC 9110 section 8.8.3).
    pub etag: String,
}

/// What is published while one set of keys is in force: all of it says the same of them.
#[derive(Debug)]
pub struct Documents {
    /// The metadata; the same at both well-known addresses.
    pub metadata: Document,
    /// The public keys (RFC 7517).
    pub keys: Document,
    /// Whether others may keep it: not before every key is made (OA-82).
    pub may_be_kept: bool,
}

/// The documents of the present set of keys.
#[derive(Default)]
pub struct Published(RwLock<Option<(Arc<KeySet>, Arc<Documents>)>>);

impl Published {
    /// The documents of a set of keys: kept ones, or else those that are made now.
    pub fn of(&self, keys: &Arc<KeySet>, make: impl FnOnce(&KeySet) -> Documents) -> Arc<Documents> {
        if let Some((of, documents)) = &*self.0.read().unwrap_or_else(PoisonError::into_inner)
            && Arc::ptr_eq(of, keys)
        {
            return documents.clone();
        }
        let documents = Arc::new(make(keys));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((keys.clone(), documents.clone()));
        documents
    }
}

impl Document {
    /// As JSON.
    pub fn of(value: &Value) -> Self {
        let text = value.to_string();
        let etag = format!("\"{}\"", HEXLOWER.encode(sha256(text.as_bytes()).get(..8).unwrap_or_default()));
        Self { text, etag }
    }
}
