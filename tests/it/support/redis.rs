//! A Redis of the test's own, which it may kill, freeze and start again.

use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::ports::free_port;
use super::process::signal;
use super::{Folder, HANGS, required};

/// A Redis that ends with this value.
pub struct Redis {
    folder: Folder,
    port: u16,
    lines: Vec<String>,
    url: String,
    child: Mutex<Child>,
}

impl Redis {
    /// Starts one.
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// Starts one with more lines in its configuration.
    pub fn with(lines: &[&str]) -> Self {
        let (port, password) = (free_port(), super::unique("secret"));
        let mut all = vec![format!("port {port}"), format!("requirepass {password}")];
        all.extend(["bind 127.0.0.1", "save \"\"", "appendonly no"].map(str::to_owned));
        all.extend(lines.iter().map(|line| (*line).to_owned()));
        Self::configured(port, all, format!("redis://:{password}@127.0.0.1:{port}"))
    }

    /// Starts one that speaks TLS only, as `localhost`, with a certificate and its key.
    pub fn with_tls(certificate: &str, key: &str) -> Self {
        let (port, password) = (free_port(), super::unique("secret"));
        let all = vec![
            "port 0".to_owned(),
            format!("tls-port {port}"),
            format!("tls-cert-file {certificate}"),
            format!("tls-key-file {key}"),
            "tls-auth-clients no".to_owned(),
            format!("requirepass {password}"),
            "bind 127.0.0.1".to_owned(),
            "save \"\"".to_owned(),
        ];
        Self::configured(port, all, format!("rediss://:{password}@localhost:{port}"))
    }

    fn configured(port: u16, mut lines: Vec<String>, url: String) -> Self {
        let folder = Folder::new();
        lines.push(format!("dir {}", folder.path().display()));
        let child = Mutex::new(run(&folder, port, &lines));
        Self { folder, port, lines, url, child }
    }

    /// Its address, with the password.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends it as a crash does: what it held is gone.
    pub fn kill(&self) {
        let mut child = self.child.lock().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Starts it again on the same port.
    pub fn start_again(&self) {
        *self.child.lock().unwrap() = run(&self.folder, self.port, &self.lines);
    }

    /// Lets it hold its connections and say nothing.
    pub fn freeze(&self) {
        signal("STOP", self.child.lock().unwrap().id());
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        signal("CONT", self.child.lock().unwrap().id());
    }

    /// A connection of the test's own.
    pub fn connect(&self) -> redis::Connection {
        redis::Client::open(self.url()).unwrap().get_connection().unwrap()
    }

    /// Changes a setting.
    pub fn set(&self, name: &str, value: &str) {
        redis::cmd("CONFIG").arg("SET").arg(name).arg(value).exec(&mut self.connect()).unwrap();
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.thaw();
        let mut child = self.child.lock().unwrap();
        let _ = child.kill();
        let _ = child.wait();
    }
}

fn run(folder: &Folder, port: u16, lines: &[String]) -> Child {
    let file = folder.path().join("redis.conf");
    std::fs::write(&file, lines.join("\n") + "\n").unwrap();
    let mut command = Command::new(required("TEST_REDIS"));
    let mut child = command.arg(&file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let deadline = Instant::now() + HANGS;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(child.try_wait().unwrap().is_none() && Instant::now() < deadline, "Redis does not start with {lines:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}
