//! The server inside the test's own process: the same `App` and the same routes on a free port, with a clock the test
//! moves and a source of randomness it can seed. For everything that takes time (sessions that end, codes that pass,
//! pauses) and for looking into the database behind the server's back. The shipped binary has no switch for this.
