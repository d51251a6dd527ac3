//! The real binary in a process of its own, as a newcomer starts it: own data folder, free port, no setting inherited.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Output};
use std::sync::Arc;

use super::postgres::Database;
use super::process::Process;
use super::{Backend, Folder, required};

/// How a server is started.
pub struct Start {
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
}

impl Start {
    /// As a newcomer starts it, but on free ports.
    pub fn new() -> Self {
        Self {
            arguments: vec!["--listen".into(), "localhost:0".into()],
            variables: vec![("VOUCHSAFE_DEMO__LISTEN".into(), "127.0.0.1:0".into())],
        }
    }
    /// On an address of the test's choice.
    pub fn listen(mut self, address: &str) -> Self {
        self.arguments[1] = address.into();
        self
    }
    /// With one more setting, such as `VOUCHSAFE_SESSION__IDLE`.
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.into(), value.into()));
        self
    }
    /// With one more argument on the command line.
    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.into());
        self
    }
}

/// What lasts when a server stops: its folder and its database.
pub struct Home {
    folder: Folder,
    database: Option<Arc<Database>>,
    variables: Vec<(String, String)>,
}

impl Home {
    /// An empty one.
    pub fn new(backend: Backend) -> Self {
        let database = (backend == Backend::Postgres).then(|| Arc::new(Database::fresh()));
        Self { folder: Folder::new(), database, variables: vec![] }
    }
    /// With one more setting for everything that is started here.
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }
    /// Another folder on the same database, for another server.
    pub fn beside(&self) -> Self {
        Self { folder: Folder::new(), database: self.database.clone(), variables: self.variables.clone() }
    }
    /// The address of its database.
    pub fn database_url(&self) -> String {
        let file = || format!("sqlite://{}", self.data().join("vouchsafe.sqlite").display());
        self.database.as_ref().map_or_else(file, |database| database.url().to_owned())
    }
    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
    /// The binary, standing in an empty folder, with no variable of ours but the database.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vouchsafe"));
        command.current_dir(self.folder.path()).env_clear();
        for name in ["PATH", "HOME", "TMPDIR"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if let Some(database) = &self.database {
            command.env("VOUCHSAFE_DATABASE__URL", database.url());
            command.env("VOUCHSAFE_EPHEMERAL__URL", required("TEST_REDIS_URL"));
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
    /// Runs a command of ours to its end, such as `["setup-link"]`.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().unwrap()
    }
    /// The same with one more setting.
    pub fn run_with(&self, arguments: &[&str], name: &str, value: &str) -> Output {
        self.command().args(arguments).env(name, value).output().unwrap()
    }
    /// Starts the demo application by itself; returns it and its address.
    pub fn start_demo(&self) -> (Process, String) {
        let mut process = Process::start("vouchsafe demo", self.command().args(["demo", "--listen", "127.0.0.1:0"]));
        let address = process.wait_for("its address", |line| Some(line.strip_prefix("The demo application is at ")?.to_owned()));
        process.wait_for("the end of what it says", |line| line.contains("Ctrl-C").then_some(()));
        (process, address)
    }
    /// Starts a server here.
    pub fn start(self, start: &Start) -> Server {
        let mut command = self.command();
        command.args(&start.arguments).envs(start.variables.iter().map(|(name, value)| (name, value)));
        let mut process = Process::start("vouchsafe", &mut command);
        let address = process.wait_for("its address", |line| row(line, "address"));
        // The last line of the first screen: whatever it says about links and the demo stands before.
        process.wait_for("the end of its first screen", |line| line.contains("Ctrl-C").then_some(()));
        Server { process, home: self, address }
    }
}

/// The word after a label of the first screen.
fn row(line: &str, label: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    (words.next() == Some(label)).then(|| words.next().map(str::to_owned)).flatten()
}

/// A running server.
pub struct Server {
    process: Process,
    home: Home,
    /// Its address, such as `http://localhost:40123`.
    pub address: String,
}

impl Server {
    /// A first start.
    pub fn first(backend: Backend) -> Self {
        Home::new(backend).start(&Start::new())
    }
    /// The address of one of its pages.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
    /// Where it listens on this machine, while its address is a public one.
    pub fn local(&self) -> String {
        let printed = self.process.printed();
        let listens = printed.lines().find_map(|line| row(line, "listens"));
        format!("http://{}", listens.unwrap_or_else(|| panic!("nothing about where it listens in:\n{printed}")))
    }
    /// The same, to connect to.
    pub fn socket(&self) -> SocketAddr {
        let local = self.local();
        local.strip_prefix("http://").unwrap().replace("localhost", "127.0.0.1").parse().unwrap_or_else(|error| panic!("{local}: {error}"))
    }
    /// Where it listens on this machine, while its address is of this machine too.
    pub fn socket_of_address(&self) -> SocketAddr {
        let port = self.address.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        SocketAddr::from(([127, 0, 0, 1], port.unwrap_or_else(|| panic!("no port in {}", self.address))))
    }
    /// The set-up link it printed.
    pub fn setup_link(&self) -> String {
        let printed = self.process.printed();
        let link = printed.split_whitespace().find(|word| word.starts_with(&self.address) && word.contains("/setup/"));
        link.unwrap_or_else(|| panic!("no set-up link in:\n{printed}")).to_owned()
    }
    /// Where its demo application is.
    pub fn demo(&self) -> String {
        let printed = self.process.printed();
        printed.lines().find_map(|line| row(line, "demo")).unwrap_or_else(|| panic!("no demo application in:\n{printed}"))
    }
    /// All it has printed.
    pub fn printed(&self) -> String {
        self.process.printed()
    }
    /// The first line it prints, or has printed, that `find` makes something of.
    pub fn wait_for<T>(&mut self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        self.process.wait_for(what, find)
    }
    /// Its log: what it has printed besides its first screen, which shows the set-up link on purpose.
    pub fn log(&self) -> String {
        self.process.errors()
    }
    /// Its folder and database.
    pub fn home(&self) -> &Home {
        &self.home
    }
    /// Its process number.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
    /// Stops it as a system does; what lasts can be started again.
    pub fn stop(self) -> (Home, ExitStatus, String) {
        let (status, printed) = self.process.stop();
        (self.home, status, printed)
    }
}
