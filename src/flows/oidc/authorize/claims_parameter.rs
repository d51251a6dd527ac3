//! The `claims` parameter (OpenID Connect Core section 5.5): names are kept, an essential `acr` must be met, and a person
//! with another `sub` than the one named gets no answer (section 3.1.2.2).

use serde_json::Value;

use crate::domain::grant::ClaimsWanted;

/// What the parameter asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub(super) wanted: ClaimsWanted,
    /// The values of `acr` of which one must be met.
    pub(super) essential_acr: Option<Vec<String>>,
    /// The values of `acr` it would like, voluntarily.
    pub(super) voluntary_acr: Vec<String>,
    /// The only person it accepts.
    pub(super) subject: Option<String>,
}

/// Reads it; `Err` when it is not what section 5.5 describes.
pub(super) fn read(text: Option<&str>) -> Result<Wanted, ()> {
    let mut wanted = Wanted::default();
    let Some(text) = text else { return Ok(wanted) };
    let Ok(Value::Object(json)) = serde_json::from_str(text) else { return Err(()) };
    let mut essential = Vec::new();
    for (place, list) in [("id_token", &mut wanted.wanted.id_token), ("userinfo", &mut wanted.wanted.userinfo)] {
        let members = match json.get(place) {
            None | Some(Value::Null) => continue,
            Some(Value::Object(members)) => members,
            Some(_) => return Err(()),
        };
        for (name, how) in members {
            match how {
                Value::Null | Value::Object(_) => list.push(name.clone()),
                _ => return Err(()),
            }
            if how.get("essential") == Some(&Value::Bool(true)) {
                essential.push(name.clone());
            }
            if name == "acr" && place == "id_token" {
                let values = values_of(how)?;
                if how.get("essential") == Some(&Value::Bool(true)) {
                    wanted.essential_acr = (!values.is_empty()).then_some(values);
                } else {
                    wanted.voluntary_acr = values;
                }
            } else if name == "sub" {
                // Several different values name several people, and nobody is several people.
                for value in values_of(how)? {
                    if wanted.subject.replace(value.clone()).is_some_and(|before| before != value) {
                        return Err(());
                    }
                }
            }
        }
    }
    wanted.wanted.essential = essential;
    Ok(wanted)
}

/// The values a claim may have: of `value` and of `values`, all of them text.
fn values_of(how: &Value) -> Result<Vec<String>, ()> {
    let many = match how.get("values") {
        None | Some(Value::Null) => [].as_slice(),
        Some(Value::Array(many)) => many.as_slice(),
        Some(_) => return Err(()),
    };
    let one = how.get("value").filter(|value| !value.is_null());
    one.into_iter().chain(many).map(|value| value.as_str().map(str::to_owned).ok_or(())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claims_parameter_is_read_whole_or_refused() {
        // OA-68, OA-71
        let read = |text| read(Some(text));
        let full = read(r#"{"id_token":{"email":null,"acr":{"essential":true,"values":["phr"]}},"userinfo":{"name":{"essential":true}}}"#)
            .unwrap();
        assert_eq!(full.wanted.id_token, ["acr", "email"]);
        assert_eq!(full.wanted.userinfo, ["name"]);
        assert_eq!(full.wanted.essential, ["acr", "name"]);
        assert_eq!(full.essential_acr, Some(vec!["phr".to_owned()]));
        let voluntary = read(r#"{"id_token":{"acr":{"values":["phr"]}}}"#).unwrap();
        assert_eq!((voluntary.essential_acr, voluntary.voluntary_acr), (None, vec!["phr".to_owned()]));
        for (text, subject) in [
            (r#"{"id_token":{"sub":{"value":"a"}}}"#, Some("a")),
            (r#"{"userinfo":{"sub":{"value":"a"}}}"#, Some("a")),
            (r#"{"id_token":{"sub":{"values":["a"]}},"userinfo":{"sub":{"value":"a"}}}"#, Some("a")),
            (r#"{"id_token":{"sub":null},"userinfo":{"sub":{"essential":true}}}"#, None),
        ] {
            assert_eq!(read(text).unwrap().subject.as_deref(), subject, "{text}");
        }
        for bad in [
            r#"{"id_token":{"sub":{"value":"a"}},"userinfo":{"sub":{"value":"b"}}}"#,
            r#"{"id_token":{"sub":{"values":["a","b"]}}}"#,
            r#"{"id_token":{"sub":{"value":1}}}"#,
            r#"{"id_token":{"acr":{"essential":true,"values":"phr"}}}"#,
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        for bad in ["", "x", "[]", r#"{"id_token":[]}"#, r#"{"id_token":{"email":3}}"#] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
