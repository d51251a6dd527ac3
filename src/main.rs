//! The program: hands what was typed to `cli::run`.

use std::process::ExitCode;

fn main() -> ExitCode {
    vouchsafe::cli::run()
}
