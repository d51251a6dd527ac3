//! File descriptors, of which each connection takes one: the soft limit of the process, usually 1,024 for historical
//! reasons, is raised to what the hard limit allows.

use rustix::process::{Resource, getrlimit, setrlimit};

/// More are of no use: the connections of all workers together stay below.
const ENOUGH: u64 = 65_536;

/// The soft limit before and after it was raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raised {
    /// Before.
    pub before: u64,
    /// Now.
    pub now: u64,
}

/// Raises the soft limit. A system that refuses leaves it as it is.
pub fn raise() -> Raised {
    let mut limit = getrlimit(Resource::Nofile);
    let before = limit.current.unwrap_or(ENOUGH);
    let aim = limit.maximum.unwrap_or(ENOUGH).min(ENOUGH);
    if before < aim {
        limit.current = Some(aim);
        let _ = setrlimit(Resource::Nofile, limit);
    }
    Raised { before, now: soft_limit() }
}

/// The soft limit now.
pub fn soft_limit() -> u64 {
    getrlimit(Resource::Nofile).current.unwrap_or(ENOUGH)
}
