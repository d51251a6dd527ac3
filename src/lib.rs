//! Vouchsafe: a multi-factor sign-in server that people can check.
//!
//! # The house
//!
//! Six floors; an import points down, never up, and on floors 2 and 3 never sideways. A test reads the imports.
//!
//! | Floor | What it is | What it must not know |
//! |---|---|---|
//! | 0 [`kernel`] | words: ids, time, names, addresses, proofs, faults | that a database or HTTP exists |
//! | 1 [`platform`] | the machine room: settings, ciphers, databases, short-lived state, templates | what a person or an application is |
//! | 2 [`domain`] | rooms: each owns its tables and its verbs over [`platform::db::Work`] | other rooms (but the audit), templates, the wall clock |
//! | 3 [`flows`], [`app`] | corridors: own the transactions; the only place rooms meet | actix, templates, SQL |
//! | 4 [`web`] | HTTP: guards, handlers, answers; `web::routes` is the table of all addresses | connections and transactions |
//! | 5 [`cli`] | the process: commands, the first screen | |
//! | beside | [`demo`]: a stranger, a relying party that shares the binary | everything of ours but the renderer |
//!
//! # What always holds
//!
//! - Time and randomness are arguments. Tests move the clock; nothing sleeps.
//! - What can be used once is one conditional write, or one `take` from the short-lived store. Never read, compare, save.
//! - A refusal is a value and commits (its audit entry, its spent code); a [`kernel::Fault`] is an error and rolls back.
//! - A guard is a handler's argument: anyone who lacks the proof cannot be called.
//! - What a request began with is looked at again in the write that acts on it ([`flows::revalidate`]): a body may come long
//!   after its head.
//! - Slow work (hashing, signing, the network) happens outside transactions.
//! - What is personal is sealed under its person's key, what is secret under a key too; nothing personal is in an
//!   address, a log line or the name of a key.
//! - An act and its record in the [`domain::audit`] are one transaction.
//!
//! # Two visits
//!
//! **A password and a code, for an application.** `GET /authorize`: `flows::oidc::authorize::begin` reads the request by an
//! ordered table, gathers what is true in one transaction, and asks the pure `verdict`. With a session that suffices and
//! consent that stands that is a code, answered immediately; here it says: sign in, so the request is kept. `POST /login`:
//! the form's guard checks where it comes from; `flows::sign_in` asks the throttle, counts the try, verifies on the hashing
//! pool (a decoy for unknown names) and begins an attempt; the pure `next_step` says: a code. `POST /login/<id>/totp`: the post
//! claims the attempt's version, and one write claims the code's step, opens the session and records it. Back at
//! `/authorize/continue/<id>` the verdict says: ask for consent. `POST /consent/<id>` goes through the same verdict with the
//! person's answer, and a code with its grant goes to the application.
//!
//! **A code for tokens.** `POST /token`: who asks (`client_auth`), is the signing key there, then one write: `claim_code` first,
//! so that any later refusal has spent it and a second presentation revokes what the first gave; bound to application, address,
//! PKCE and session; access token and ledger entry in the same write. Signing comes after the commit.

pub mod app;
pub mod cli;
pub mod demo;
pub mod domain;
pub mod flows;
pub mod kernel;
pub mod platform;
pub mod web;
