//! Names of authenticator models, from a bundled list (`data/README.md` says where it comes from).

use std::collections::HashMap;
use std::sync::LazyLock;

use uuid::Uuid;

static NAMES: LazyLock<HashMap<Uuid, String>> =
    LazyLock::new(|| serde_json::from_str(include_str!("data/aaguids.json")).unwrap_or_default());

/// Who made or keeps a passkey of this model; `None` for a model that says nothing or is not in the list.
pub fn provider(aaguid: Uuid) -> Option<&'static str> {
    NAMES.get(&aaguid).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_providers_have_names() {
        assert_eq!(provider(Uuid::parse_str("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4").unwrap()), Some("Google Password Manager"));
        assert_eq!(provider(Uuid::nil()), None);
    }
}
