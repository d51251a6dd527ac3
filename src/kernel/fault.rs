//! `Fault`: the one error that is nobody's refusal. A fault rolls its transaction back
//! and becomes a 500 or 503 page; what a person may do wrong is a value, never a `Fault`.

use std::fmt;
use std::time::Duration;

/// What broke, so that the web floor can choose between 500 and 503 and an operator can search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The database is away or gave up; trying again later can help (503).
    DatabaseAway,
    /// The database answers and takes no writes: a standby, a full disk, a read-only file (503).
    WritesRefused,
    /// A queue is full or a deadline passed; trying again later helps (503).
    Busy,
    /// The short-lived store (attempts, counters) is away (503).
    EphemeralAway,
    /// A statement failed in a way that is our mistake (500).
    Database,
    /// A sealed value did not open, or a key is missing (500).
    Crypto,
    /// A proof that was good when the request began no longer holds: nothing is done in its name.
    Lapsed,
    /// A stored row does not make sense (500).
    Corrupt,
    /// A template or text failed (500).
    Render,
    /// Anything else (500).
    Internal,
}

/// Something failed that is not the caller's mistake. `Display` is for logs, never for pages.
pub struct Fault {
    /// The class of failure.
    pub kind: FaultKind,
    what: String,
    after: Option<Duration>,
}

impl Fault {
    /// A fault of `kind` with a text for the log. The text holds no personal value and no secret.
    pub fn new(kind: FaultKind, what: impl fmt::Display) -> Self {
        Self { kind, what: what.to_string(), after: None }
    }

    /// A row of `table` with `id` that cannot be read as what it should be.
    pub fn corrupt(table: &str, column: &str, id: impl fmt::Display) -> Self {
        Self::new(FaultKind::Corrupt, format!("{table}.{column} of row {id} cannot be read"))
    }

    /// A cryptographic operation that failed.
    pub fn crypto(what: impl fmt::Display) -> Self {
        Self::new(FaultKind::Crypto, what)
    }

    /// A fault without a better name.
    pub fn internal(what: impl fmt::Display) -> Self {
        Self::new(FaultKind::Internal, what)
    }

    /// The same, when it is known how long it lasts.
    #[must_use]
    pub fn after(mut self, wait: Duration) -> Self {
        self.after = Some(wait);
        self
    }

    /// How long it lasts, if that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        self.after
    }

    /// What happened, without its class.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// True when trying again later can help: the answer is 503 with `Retry-After`.
    pub fn is_temporary(&self) -> bool {
        matches!(self.kind, FaultKind::DatabaseAway | FaultKind::WritesRefused | FaultKind::Busy | FaultKind::EphemeralAway)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.what)
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Fault {}
