//! Child processes that end with the test, with what they print collected line by line.

use std::io::Read;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::HANGS;

/// A running program.
pub struct Process {
    name: String,
    child: Child,
    printed: Arc<Printed>,
}

/// The two outputs of a program, and what was read from them.
struct Printed {
    outputs: [OwnedFd; 2],
    read: Mutex<Contents>,
    more: Condvar,
}

#[derive(Default)]
struct Contents {
    lines: Vec<String>,
    /// What of it came by standard error.
    errors: String,
    ended: usize,
}

impl Process {
    /// Starts a program and collects what it prints.
    pub fn start(name: &str, command: &mut Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{name} does not start: {error} ({command:?})"));
        let (output, errors) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let outputs = [output.as_fd(), errors.as_fd()].map(|output| output.try_clone_to_owned().unwrap());
        let printed = Arc::new(Printed { outputs, read: Mutex::default(), more: Condvar::new() });
        printed.collect(output, false);
        printed.collect(errors, true);
        Self { name: name.to_owned(), child, printed }
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The first printed line that `find` makes something of. Fails when the program ends before, or hangs.
    pub fn wait_for<T>(&mut self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let deadline = Instant::now() + HANGS;
        let mut read = self.printed.read.lock().unwrap();
        loop {
            if let Some(found) = read.lines.iter().find_map(|line| find(line)) {
                return found;
            }
            // Both outputs closed: nothing more will come.
            let left = deadline.saturating_duration_since(Instant::now());
            if read.ended == 2 || left.is_zero() {
                let all = read.lines.join("\n");
                // Let go of it first: what cleans up afterwards reads it too.
                drop(read);
                panic!("{} did not print {what}. It printed:\n{all}", self.name);
            }
            read = self.printed.more.wait_timeout(read, left).unwrap().0;
        }
    }

    /// All it has printed before this call, by both outputs.
    pub fn printed(&self) -> String {
        self.printed.all().lines.join("\n")
    }

    /// Whether it has not ended.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
    /// What of it came by standard error.
    pub fn errors(&self) -> String {
        self.printed.all().errors.clone()
    }

    /// Asks it to end (SIGTERM) and waits until it has.
    pub fn stop(mut self) -> (ExitStatus, String) {
        signal("TERM", self.id());
        let deadline = Instant::now() + HANGS;
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
    /// Reads an output line by line. What leaves the pipe is in `read` before its lock opens again, so an empty pipe means
    /// that everything was read.
    fn collect(self: &Arc<Self>, mut output: impl Read + AsFd + Send + 'static, error: bool) {
        let printed = self.clone();
        thread::spawn(move || {
            let (mut begun, mut buffer) = (Vec::new(), [0; 4096]);
            loop {
                ready(&output, None);
                let mut read = printed.read.lock().unwrap();
                let length = output.read(&mut buffer).unwrap_or(0);
                begun.extend_from_slice(&buffer[..length]);
                if length == 0 && !begun.is_empty() {
                    begun.push(b'\n');
                }
                while let Some(end) = begun.iter().position(|byte| *byte == b'\n') {
                    let line = String::from_utf8_lossy(&begun[..end]).into_owned();
                    begun.drain(..=end);
                    if error {
                        read.errors += &format!("{line}\n");
                    }
                    read.lines.push(line);
                }
                read.ended += usize::from(length == 0);
                printed.more.notify_all();
                if length == 0 {
                    return;
                }
            }
        });
    }

    /// All that was printed before this call.
    fn all(&self) -> MutexGuard<'_, Contents> {
        let deadline = Instant::now() + HANGS;
        let mut read = self.read.lock().unwrap();
        while read.ended < 2 && self.outputs.iter().any(|output| ready(output, Some(&Timespec::default()))) {
            assert!(Instant::now() < deadline, "it prints without end");
            read = self.more.wait_timeout(read, Duration::from_millis(20)).unwrap().0;
        }
        read
    }
}

/// Waits until there is something to read, or the end.
fn ready(output: &impl AsFd, most: Option<&Timespec>) -> bool {
    poll(&mut [PollFd::new(output, PollFlags::IN)], most).is_ok_and(|ready| ready > 0)
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
