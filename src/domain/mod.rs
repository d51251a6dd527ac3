//! Floor 2: rooms. Each owns its tables and its words; rooms do not know each other (all may write to the audit).

pub mod access;
pub mod audit;
pub mod client;
pub mod consent;
pub mod device;
pub mod grant;
pub mod group;
pub mod identity;
pub mod ledger;
pub mod outbox;
pub mod passkey;
pub mod password;
pub mod policy;
pub mod recovery;
pub mod session;
pub mod setting;
pub mod signing;
pub mod ticket;
pub mod totp;
