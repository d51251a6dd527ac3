//! Signed tokens (RFC 7515, RFC 7519): written by hand over keys parsed once, checked by a library.

use std::sync::Arc;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::io::Positive;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::sha256;
use crate::kernel::Fault;

/// What a token is signed with. The list is fixed; `none` is not in it (TK-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// RSA PKCS#1 v1.5 with SHA-256, 3072 bits.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// All of them, best known first.
    pub const ALL: [Self; 3] = [Self::Rs256, Self::Es256, Self::EdDsa];

    /// The value of `alg` (RFC 7518, RFC 8037).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
    /// From the exact value of `alg`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == text)
    }
}

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// A key pair, parsed once. Cheap to clone; `Debug` shows the algorithm only.
#[derive(Clone)]
pub struct SigningPair(Arc<Pair>);

impl std::fmt::Debug for SigningPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningPair({})", self.algorithm().as_str())
    }
}

impl SigningPair {
    /// Makes a pair and its PKCS#8 form, to be sealed. An RSA pair takes a second or more.
    pub fn generate(algorithm: Algorithm) -> Result<(Self, Zeroizing<Vec<u8>>), Fault> {
        let failed = |_| Fault::crypto(format!("no {} key could be made", algorithm.as_str()));
        let rng = SystemRandom::new();
        let pkcs8 = match algorithm {
            Algorithm::Rs256 => RsaKeyPair::generate(KeySize::Rsa3072).and_then(|pair| pair.as_der()).map_err(failed)?.as_ref().to_vec(),
            Algorithm::Es256 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng).map_err(failed)?.as_ref().to_vec(),
            Algorithm::EdDsa => Ed25519KeyPair::generate_pkcs8v1(&rng).map_err(failed)?.as_ref().to_vec(),
        };
        let pkcs8 = Zeroizing::new(pkcs8);
        Ok((Self::from_pkcs8(algorithm, &pkcs8)?, pkcs8))
    }

    /// Reads a stored pair.
    pub fn from_pkcs8(algorithm: Algorithm, pkcs8: &[u8]) -> Result<Self, Fault> {
        let failed = |_| Fault::crypto(format!("a stored {} key cannot be read", algorithm.as_str()));
        let pair = match algorithm {
            Algorithm::Rs256 => Pair::Rsa(RsaKeyPair::from_pkcs8(pkcs8).map_err(failed)?),
            Algorithm::Es256 => Pair::P256(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map_err(failed)?),
            Algorithm::EdDsa => Pair::Ed25519(Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8).map_err(failed)?),
        };
        Ok(Self(Arc::new(pair)))
    }

    /// What it signs with.
    pub fn algorithm(&self) -> Algorithm {
        match *self.0 {
            Pair::Rsa(_) => Algorithm::Rs256,
            Pair::P256(_) => Algorithm::Es256,
            Pair::Ed25519(_) => Algorithm::EdDsa,
        }
    }

    /// The members of the public key that RFC 7638 hashes, in its order.
    fn public_members(&self) -> Vec<(&'static str, String)> {
        let text = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        let number = |number: Positive<'_>| text(number.big_endian_without_leading_zero());
        match &*self.0 {
            Pair::Rsa(pair) => {
                let public = pair.public_key();
                vec![("e", number(public.exponent())), ("kty", "RSA".into()), ("n", number(public.modulus()))]
            }
            Pair::P256(pair) => {
                // An uncompressed point: 04, x, y.
                let point = pair.public_key().as_ref();
                let (x, y) = point.get(1..).unwrap_or_default().split_at_checked(32).unwrap_or_default();
                vec![("crv", "P-256".into()), ("kty", "EC".into()), ("x", text(x)), ("y", text(y))]
            }
            Pair::Ed25519(pair) => {
                vec![("crv", "Ed25519".into()), ("kty", "OKP".into()), ("x", text(pair.public_key().as_ref()))]
            }
        }
    }

    /// The thumbprint of the public key (RFC 7638), used as `kid`.
    pub fn thumbprint(&self) -> String {
        let members: Vec<String> = self.public_members().iter().map(|(name, value)| format!("\"{name}\":\"{value}\"")).collect();
        BASE64URL_NOPAD.encode(&sha256(format!("{{{}}}", members.join(",")).as_bytes()))
    }

    /// The public key as published: no private member (OA-61).
    pub fn public_jwk(&self, kid: &str) -> Value {
        let mut jwk = json!({ "use": "sig", "alg": self.algorithm().as_str(), "kid": kid });
        if let Some(jwk) = jwk.as_object_mut() {
            jwk.extend(self.public_members().into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))));
        }
        jwk
    }

    /// A compact JWS over `claims`.
    pub fn sign_jwt(&self, kid: &str, typ: &str, claims: &Value) -> Result<String, Fault> {
        let header = json!({ "alg": self.algorithm().as_str(), "typ": typ, "kid": kid });
        let mut token = format!("{}.{}", part(&header), part(claims));
        let signature = self.sign(token.as_bytes())?;
        token.push('.');
        token.push_str(&BASE64URL_NOPAD.encode(&signature));
        Ok(token)
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Fault> {
        let failed = |_| Fault::crypto("a token could not be signed");
        let rng = SystemRandom::new();
        match &*self.0 {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &rng, message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
            Pair::P256(pair) => Ok(pair.sign(&rng, message).map_err(failed)?.as_ref().to_vec()),
            Pair::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }
}

fn part(value: &Value) -> String {
    BASE64URL_NOPAD.encode(value.to_string().as_bytes())
}

/// The longest token we look at (TK-06).
const LONGEST: usize = 8192;

/// The claims of a token of ours, if one of our published `keys` signed it as `typ`. The key is chosen by `kid`
/// among ours only, its algorithm is the key's and not the token's word, and keys or addresses in the header are
/// never looked at (TK-01, TK-02). Times are not checked: that is the caller's, by our clock (TK-03).
pub fn verify_own(token: &str, keys: &[Value], typ: &str) -> Option<Value> {
    if token.len() > LONGEST {
        return None;
    }
    let (head, _) = token.split_once('.')?;
    let header: Value = serde_json::from_slice(&BASE64URL_NOPAD.decode(head.as_bytes()).ok()?).ok()?;
    // Ours have `alg`, `typ` and `kid`, nothing else: no `crit`, no `zip`, no key.
    if header.as_object()?.len() != 3 || header.get("typ")?.as_str()? != typ {
        return None;
    }
    let kid = header.get("kid")?.as_str()?;
    let key = keys.iter().find(|key| key.get("kid").and_then(Value::as_str) == Some(kid))?;
    let algorithm = Algorithm::parse(key.get("alg")?.as_str()?)?;
    let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_value(key.clone()).ok()?;
    let mut validation = jsonwebtoken::Validation::new(match algorithm {
        Algorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
        Algorithm::Es256 => jsonwebtoken::Algorithm::ES256,
        Algorithm::EdDsa => jsonwebtoken::Algorithm::EdDSA,
    });
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let key = jsonwebtoken::DecodingKey::from_jwk(&jwk).ok()?;
    jsonwebtoken::decode::<Value>(token, &key, &validation).ok().map(|data| data.claims)
}

#[cfg(test)]
#[path = "jws_tests.rs"]
mod tests;
