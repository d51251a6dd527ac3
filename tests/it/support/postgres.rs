//! A fresh, empty Postgres database for one test; and a whole Postgres for tests that stop it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

use super::network::wait_for;
use super::ports::free_port;
use super::process::{Process, signal};
use super::{Folder, required, unique};

/// A database that is dropped with this value.
pub struct Database {
    name: String,
    url: String,
}

impl Database {
    /// Makes one.
    pub fn fresh() -> Self {
        Self::with("")
    }

    /// Makes one with further words of `CREATE DATABASE`.
    pub fn with(options: &str) -> Self {
        let name = unique("it");
        admin(&format!("CREATE DATABASE {name} TEMPLATE template0 {options}"));
        let server = required("TEST_POSTGRES_URL");
        let (base, _) = server.rsplit_once('/').unwrap();
        Self { url: format!("{base}/{name}"), name }
    }

    /// Its address, with name and password.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// PgBouncer in transaction mode before a database, with two connections for all.
pub struct Bouncer {
    url: String,
    _process: Process,
    _folder: Folder,
}

impl Bouncer {
    /// Starts one.
    pub fn before(database: &Database) -> Self {
        let (folder, port) = (Folder::new(), free_port());
        let url = url::Url::parse(database.url()).unwrap();
        let (user, password) = (url.username(), url.password().unwrap());
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={} user={user} password={password}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 2\n",
            url.port().unwrap()
        );
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, settings).unwrap();
        let mut process = Process::start("pgbouncer", as_server(Path::new(&required("TEST_PGBOUNCER"))).arg(&file));
        wait_for(&mut process, port);
        Self { url: format!("postgres://{user}@127.0.0.1:{port}{}", url.path()), _process: process, _folder: folder }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Ends every connection to a database but the one that says so.
pub fn end_connections(url: &str) {
    let ended =
        "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    PgConnection::establish(url).unwrap().batch_execute(ended).unwrap();
}

impl Drop for Database {
    fn drop(&mut self) {
        // FORCE: whatever the test left connected goes too.
        admin(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

fn admin(statement: &str) {
    let url = required("TEST_POSTGRES_URL");
    let mut conn = PgConnection::establish(&url).unwrap_or_else(|error| panic!("the Postgres of tests/run does not answer: {error}"));
    conn.batch_execute(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
}

/// A Postgres of the test's own, which it may stop, freeze and start again.
pub struct Cluster {
    folder: PathBuf,
    port: u16,
    url: String,
}

impl Cluster {
    /// Makes one and starts it.
    pub fn start() -> Self {
        let base = PathBuf::from(required("TEST_POSTGRES_FOLDER"));
        let folder = base.join(unique("cluster"));
        let mut init = program("initdb");
        init.arg("-D").arg(&folder).arg(format!("--pwfile={}", base.join("password").display()));
        init.args(["--username=vouchsafe", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        let made = init.output().unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port = free_port();
        let mut url = url::Url::parse(&required("TEST_POSTGRES_URL")).unwrap();
        url.set_port(Some(port)).unwrap();
        let cluster = Self { folder, port, url: url.into() };
        cluster.start_again();
        cluster
    }

    /// The address of its one database, with name and password.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Starts it after it was stopped, on the same port.
    pub fn start_again(&self) {
        let options = format!("-p {} -h 127.0.0.1 -k '{}' -c fsync=off -c full_page_writes=off", self.port, self.folder.display());
        let mut start = self.control();
        start.arg("-l").arg(self.folder.join("log")).args(["-w", "-t", "60", "-o", &options, "start"]);
        // It keeps what its starter gave it; a pipe would never close.
        let started = start.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(started.success(), "Postgres does not start: {}", std::fs::read_to_string(self.folder.join("log")).unwrap_or_default());
    }

    /// Ends it as a crash does: connections break, what was not committed is undone.
    pub fn stop_at_once(&self) {
        let _ = self.control().args(["-m", "immediate", "-w", "stop"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }

    /// Lets it hold its connections and say nothing.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn control(&self) -> Command {
        let mut control = program("pg_ctl");
        control.arg("-D").arg(&self.folder);
        control
    }

    /// Sends a signal to the server and to everything it started, the server first: it then starts no more.
    fn signal(&self, name: &str) {
        let file = std::fs::read_to_string(self.folder.join("postmaster.pid")).unwrap_or_default();
        let Some(server) = file.lines().next().and_then(|line| line.trim().parse::<u32>().ok()) else { return };
        signal(name, server);
        for process in std::fs::read_dir("/proc").unwrap().flatten() {
            let stat = std::fs::read_to_string(process.path().join("stat")).unwrap_or_default();
            // After the name, which may hold anything, come the state and the parent.
            let parent = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse::<u32>().ok());
            if let (Some(parent), Ok(number)) = (parent, process.file_name().to_string_lossy().parse())
                && parent == server
            {
                signal(name, number);
            }
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.thaw();
        self.stop_at_once();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A program of Postgres, as someone it is willing to run as.
fn program(name: &str) -> Command {
    as_server(&Path::new(&required("TEST_POSTGRES_BIN")).join(name))
}

/// A program, as a user it is willing to run as. It takes the place of `setpriv`, so that it ends when its process is killed.
fn as_server(path: &Path) -> Command {
    let mut command = match std::env::var("TEST_POSTGRES_USER") {
        Ok(user) if !user.is_empty() => {
            let mut command = Command::new("setpriv");
            command.args([&format!("--reuid={user}"), &format!("--regid={user}"), "--init-groups"]).arg(path);
            command
        }
        _ => Command::new(path),
    };
    command.current_dir("/");
    command
}

/// Everything in a database, as text.
pub fn dump(url: &str) -> String {
    let dumped = program("pg_dump").args(["--no-owner", url]).output().unwrap();
    assert!(dumped.status.success(), "pg_dump: {}", String::from_utf8_lossy(&dumped.stderr));
    String::from_utf8(dumped.stdout).unwrap()
}
