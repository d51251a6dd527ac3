//! Child processes that end with the test, with what they print collected line by line.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A running program.
pub struct Process {
    name: String,
    child: Child,
    printed: Arc<Printed>,
}

#[derive(Default)]
struct Printed {
    lines: Mutex<(Vec<String>, usize)>,
    /// What of it came by standard error.
    errors: Mutex<String>,
    more: Condvar,
}

impl Process {
    /// Starts a program and collects what it prints.
    pub fn start(name: &str, command: &mut Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{name} does not start: {error} ({command:?})"));
        let printed = Arc::new(Printed::default());
        printed.collect(child.stdout.take().unwrap(), false);
        printed.collect(child.stderr.take().unwrap(), true);
        Self { name: name.to_owned(), child, printed }
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The first printed line that `find` makes something of. Fails when the program ends or thirty seconds pass before.
    pub fn wait_for<T>(&mut self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let deadline = Instant::now() + Duration::from_secs(30);
        let mut lines = self.printed.lines.lock().unwrap();
        loop {
            if let Some(found) = lines.0.iter().find_map(|line| find(line)) {
                return found;
            }
            // Both outputs closed: nothing more will come.
            let ended = lines.1 == 2;
            let left = deadline.saturating_duration_since(Instant::now());
            if ended || left.is_zero() {
                let all = lines.0.join("\n");
                // Let go of them first: whatever cleans up afterwards reads them too.
                drop(lines);
                panic!("{} did not print {what}. It printed:\n{all}", self.name);
            }
            lines = self.printed.more.wait_timeout(lines, left).unwrap().0;
        }
    }

    /// All it has printed up to now.
    pub fn printed(&self) -> String {
        self.printed.lines.lock().unwrap().0.join("\n")
    }

    /// Whether it has not ended.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
    /// What of it came by standard error.
    pub fn errors(&self) -> String {
        self.printed.errors.lock().unwrap().clone()
    }

    /// Asks it to end (SIGTERM) and waits until it has.
    pub fn stop(mut self) -> (ExitStatus, String) {
        signal("TERM", self.id());
        let deadline = Instant::now() + Duration::from_secs(15);
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status, self.printed());
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("{} did not end after SIGTERM. It printed:\n{}", self.name, self.printed());
    }
}

impl Printed {
    fn collect(self: &Arc<Self>, output: impl Read + Send + 'static, error: bool) {
        let printed = self.clone();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if error {
                    *printed.errors.lock().unwrap() += &format!("{line}\n");
                }
                printed.lines.lock().unwrap().0.push(line);
                printed.more.notify_all();
            }
            printed.lines.lock().unwrap().1 += 1;
            printed.more.notify_all();
        });
    }
}

/// Sends a signal to a process this test started.
pub fn signal(name: &str, process: u32) {
    let _ = Command::new("kill").arg(format!("-{name}")).arg(process.to_string()).stderr(Stdio::null()).status();
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            // Beside the failure, what the program said; cargo shows it for failed tests only.
            eprintln!("---- {} printed ----\n{}\n----", self.name, self.printed());
        }
    }
}
