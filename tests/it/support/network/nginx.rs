//! nginx, set up as README.md says: only ports, paths and names are filled in.

use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use super::{Certificates, filled_in, from_readme, local};
use crate::support::ports::free_port;
use crate::support::process::Process;
use crate::support::{Folder, HANGS, required};

/// A running nginx.
pub struct Nginx {
    /// The port of `https://auth.example.org`.
    pub https: u16,
    /// The port of `http://auth.example.org`.
    pub http: u16,
    _process: Process,
    folder: Folder,
}

impl Nginx {
    /// Starts one before the server at `upstream`, such as `127.0.0.1:40123`.
    pub fn before(upstream: &str, certificates: &Certificates) -> Self {
        Self::changed(upstream, certificates, &[])
    }

    /// The same with parts of the README's configuration replaced.
    pub fn changed(upstream: &str, certificates: &Certificates, changes: &[(&str, &str)]) -> Self {
        let (folder, https, http) = (Folder::new(), free_port(), free_port());
        let block = filled_in(
            &filled_in(&from_readme("nginx", "proxy_pass"), changes),
            &[
                ("listen 80;", &format!("listen 127.0.0.1:{http};")),
                ("listen 443 ssl;", &format!("listen 127.0.0.1:{https} ssl;")),
                ("127.0.0.1:8080", upstream),
                ("/var/log/nginx/access.log", "access.log"),
                ("/etc/ssl/auth.example.org.pem", &certificates.certificate().display().to_string()),
                ("/etc/ssl/auth.example.org.key", &certificates.key().display().to_string()),
            ],
        );
        let temporary: String =
            ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].iter().map(|kind| format!("{kind}_temp_path {kind};\n")).collect();
        // One process, so that it ends with the test however that ends.
        let rest = format!(
            "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{block}}}\n"
        );
        std::fs::write(folder.path().join("nginx.conf"), rest).unwrap();
        let prefix = folder.path().display().to_string();
        let mut command = Command::new(required("TEST_NGINX"));
        let mut process = Process::start("nginx", command.args(["-p", &prefix, "-c", "nginx.conf", "-e", "stderr"]));
        wait_for(&mut process, https);
        Self { https, http, _process: process, folder }
    }
}

impl Nginx {
    /// What it logged of requests.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("access.log")).unwrap_or_default()
    }
}

/// Waits until a program listens on a port.
pub fn wait_for(process: &mut Process, port: u16) {
    let deadline = Instant::now() + HANGS;
    while TcpStream::connect(local(port)).is_err() {
        assert!(process.runs() && Instant::now() < deadline, "nothing listens on port {port}; it printed:\n{}", process.printed());
        std::thread::sleep(Duration::from_millis(20));
    }
}
