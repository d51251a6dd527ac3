//! The application of README.md: Flask with Authlib, unchanged but for what a reader fills in.

use std::process::Command;

use super::{Certificates, Names, filled_in, from_readme};
use crate::support::process::Process;
use crate::support::{Folder, required};

/// The application, running.
pub struct Notes {
    _process: Process,
    _folder: Folder,
}

impl Notes {
    /// Starts it on a port, as the application with this id and secret at `https://auth.example.org`.
    pub fn start(port: u16, client_id: &str, secret: &str, certificates: &Certificates, names: &Names) -> Self {
        let folder = Folder::new();
        let program = filled_in(
            &from_readme("python", "authorize_redirect"),
            &[
                ("client_id=\"...\"", &format!("client_id=\"{client_id}\"")),
                ("client_secret=\"...\"", &format!("client_secret=\"{secret}\"")),
                ("http://localhost:8080/", "https://auth.example.org/"),
            ],
        );
        std::fs::write(folder.path().join("notes.py"), program).unwrap();
        let mut command = Command::new(required("TEST_PYTHON"));
        command.args(["-u", "-m", "flask", "--app", "notes", "run", "--host", "127.0.0.1", "--port", &port.to_string()]);
        command.current_dir(folder.path()).env("REQUESTS_CA_BUNDLE", certificates.authority());
        command.env("HTTPS_PROXY", format!("http://{}", names.address())).env_remove("NO_PROXY").env_remove("no_proxy");
        command.env("https_proxy", format!("http://{}", names.address()));
        let mut process = Process::start("flask", &mut command);
        process.wait_for("that it runs", |line| line.contains("Running on").then_some(()));
        Self { _process: process, _folder: folder }
    }
}
