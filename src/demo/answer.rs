//! The answer a browser brings back from the service, read strictly and before anything is asked over the wire.

use super::view::Trouble;

/// What `/callback` was called with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Callback {
    /// Ties it to the sign-in that was begun.
    pub(super) state: String,
    /// Who says they answer (RFC 9207).
    pub(super) issuer: Option<String>,
    /// What they answer.
    pub(super) outcome: CallbackOutcome,
}

/// What the service answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CallbackOutcome {
    /// A code to be exchanged.
    Code(String),
    /// An error by its name in the protocol, such as `access_denied`.
    Error(String),
}

/// Why an answer is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CallbackProblem {
    /// In which of the ways a page can tell.
    pub(super) trouble: Trouble,
    /// What exactly, for developers.
    pub(super) detail: Option<String>,
}

impl CallbackProblem {
    pub(super) fn new(trouble: Trouble, detail: impl Into<String>) -> Self {
        Self { trouble, detail: Some(detail.into()) }
    }

    /// A check that failed.
    pub(super) fn check(detail: impl Into<String>) -> Self {
        Self::new(Trouble::CheckFailed, detail)
    }
}

impl Callback {
    /// Reads a query string. A parameter that comes twice, a code beside an error, or neither: not an answer.
    pub(super) fn parse(query: &str) -> Result<Self, CallbackProblem> {
        let (mut state, mut issuer, mut code, mut error) = (None, None, None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match name.as_ref() {
                "state" => &mut state,
                "iss" => &mut issuer,
                "code" => &mut code,
                "error" => &mut error,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(CallbackProblem::check(format!("The parameter {name} came twice.")));
            }
        }
        let outcome = match (code, error) {
            (Some(code), None) => CallbackOutcome::Code(code),
            (None, Some(error)) => CallbackOutcome::Error(error),
            (Some(_), Some(_)) => return Err(CallbackProblem::check("The answer has a code and an error.")),
            (None, None) => return Err(CallbackProblem { trouble: Trouble::NotBegunHere, detail: None }),
        };
        let state = state.ok_or(CallbackProblem { trouble: Trouble::NotBegunHere, detail: None })?;
        Ok(Self { state, issuer, outcome })
    }

    /// The code, once it is known that the service we asked is the one that answers.
    pub(super) fn code_from(self, expected_issuer: &str) -> Result<String, CallbackProblem> {
        match self.issuer.as_deref() {
            Some(issuer) if issuer == expected_issuer => {}
            Some(_) => return Err(CallbackProblem::check("The answer came from another issuer than was asked (iss).")),
            None => return Err(CallbackProblem::check("The answer does not say from whom it is (iss).")),
        }
        match self.outcome {
            CallbackOutcome::Code(code) => Ok(code),
            CallbackOutcome::Error(error) if error == "access_denied" => Err(CallbackProblem { trouble: Trouble::Declined, detail: None }),
            CallbackOutcome::Error(error) => Err(CallbackProblem::new(Trouble::Refused, name_only(&error))),
        }
    }
}

/// An error's name as the protocol spells them; anything else could be a sentence of someone else's on our page.
fn name_only(error: &str) -> String {
    let known = !error.is_empty() && error.len() <= 60 && error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if known { error.to_owned() } else { "an error without a proper name".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const US: &str = "http://localhost:8080";

    fn read(query: &str) -> Result<String, CallbackProblem> {
        Callback::parse(query).and_then(|answer| answer.code_from(US))
    }

    #[test]
    fn a_code_from_the_right_issuer_is_taken() {
        assert_eq!(read("code=c1&state=s1&iss=http%3A%2F%2Flocalhost%3A8080&more=1"), Ok("c1".to_owned()));
    }

    #[test]
    fn an_answer_of_somebody_else_is_not() {
        // OA-122, the other side of it: mix-up
        for query in ["code=c1&state=s1", "code=c1&state=s1&iss=http%3A%2F%2Flocalhost%3A8080%2F", "error=access_denied&state=s1"] {
            assert_eq!(read(query).unwrap_err().trouble, Trouble::CheckFailed, "{query}");
        }
    }

    #[test]
    fn declining_is_not_an_error() {
        let iss = "state=s1&iss=http://localhost:8080";
        assert_eq!(read(&format!("error=access_denied&{iss}")).unwrap_err().trouble, Trouble::Declined);
        let refused = read(&format!("error=invalid_scope&{iss}")).unwrap_err();
        assert_eq!(refused, CallbackProblem::new(Trouble::Refused, "invalid_scope"));
        let odd = read(&format!("error=Call+0800+now&{iss}")).unwrap_err();
        assert!(!odd.detail.unwrap().contains("0800"));
    }

    #[test]
    fn doubled_and_contradicting_parameters_are_refused() {
        for query in ["code=a&code=b&state=s", "code=a&state=s&state=t", "code=a&error=b&state=s", "iss=a&iss=b&code=a&state=s"] {
            assert_eq!(Callback::parse(query).unwrap_err().trouble, Trouble::CheckFailed, "{query}");
        }
        for query in ["", "code=a", "state=s", "error=access_denied"] {
            assert_eq!(Callback::parse(query).unwrap_err().trouble, Trouble::NotBegunHere, "{query}");
        }
    }
}
