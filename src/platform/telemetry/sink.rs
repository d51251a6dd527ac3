//! The way of log lines to standard error: through a bounded queue to a thread of their own. Logging neither waits for the
//! reader of the log nor fails with it: lines that cannot be written are counted, and the count is logged.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

/// Lines that wait for a slow reader.
const QUEUE: usize = 4_096;
/// How long the end of the process waits for the last lines.
const LAST_WAIT: Duration = Duration::from_secs(1);

enum LogItem {
    Line(Vec<u8>),
    /// Answered when everything before it is written.
    Flush(SyncSender<()>),
}

/// The queue. Cheap to clone.
#[derive(Clone)]
pub(super) struct Sink {
    queue: SyncSender<LogItem>,
    lost: Arc<AtomicU64>,
}

impl Sink {
    /// Starts the thread that writes to `out`.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub(super) fn start(out: impl Write + Send + 'static) -> io::Result<Self> {
        Self::with_room(QUEUE, out)
    }

    fn with_room(room: usize, out: impl Write + Send + 'static) -> io::Result<Self> {
        let (queue, entries) = sync_channel(room);
        let lost = Arc::new(AtomicU64::new(0));
        let counted = lost.clone();
        std::thread::Builder::new().name("log".to_owned()).spawn(move || write_all(&entries, out, &counted))?;
        Ok(Self { queue, lost })
    }

    /// Waits a moment for what was logged to be written.
    pub(super) fn flush(&self) {
        let (done, written) = sync_channel(1);
        if self.queue.try_send(LogItem::Flush(done)).is_ok() {
            let _ = written.recv_timeout(LAST_WAIT);
        }
    }
}

fn write_all(entries: &Receiver<LogItem>, mut out: impl Write, lost: &AtomicU64) {
    while let Ok(entry) = entries.recv() {
        match entry {
            // A reader that has gone, a full disk: counted, and tried again with the next line.
            LogItem::Line(line) if out.write_all(&line).and_then(|()| out.flush()).is_err() => {
                lost.fetch_add(1, Ordering::Relaxed);
            }
            LogItem::Line(_) => match lost.swap(0, Ordering::Relaxed) {
                0 => {}
                lines => tracing::warn!(lines, "lines of the log were lost: they could not be written"),
            },
            LogItem::Flush(done) => {
                let _ = done.try_send(());
            }
        }
    }
}

impl<'a> MakeWriter<'a> for Sink {
    type Writer = &'a Sink;

    fn make_writer(&'a self) -> &'a Sink {
        self
    }
}

/// One call is one line: the formatter writes each event as a whole.
impl Write for &Sink {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.queue.try_send(LogItem::Line(line.to_vec())).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc;

    use super::*;

    /// Writes to a shared text, or fails while told to.
    #[derive(Clone, Default)]
    struct Page {
        text: Arc<Mutex<String>>,
        closed: Arc<Mutex<bool>>,
    }

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if *self.closed.lock().unwrap() {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            self.text.lock().unwrap().push_str(std::str::from_utf8(bytes).unwrap());
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_has_gone_is_no_error() {
        let page = Page::default();
        let sink = Sink::start(page.clone()).unwrap();
        *page.closed.lock().unwrap() = true;
        for line in ["one\n", "two\n"] {
            (&sink).write_all(line.as_bytes()).unwrap();
        }
        sink.flush();
        assert_eq!(sink.lost.load(Ordering::Relaxed), 2);
        *page.closed.lock().unwrap() = false;
        (&sink).write_all(b"three\n").unwrap();
        sink.flush();
        assert_eq!(*page.text.lock().unwrap(), "three\n");
        assert_eq!(sink.lost.load(Ordering::Relaxed), 0, "told of");
    }

    #[test]
    fn a_reader_that_does_not_read_holds_nobody_up() {
        struct Stuck(mpsc::Receiver<()>);
        impl Write for Stuck {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                let _ = self.0.recv();
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (go_on, stuck) = mpsc::channel();
        let sink = Sink::with_room(4, Stuck(stuck)).unwrap();
        for _ in 0..100 {
            (&sink).write_all(b"line\n").unwrap();
        }
        assert!(sink.lost.load(Ordering::Relaxed) >= 95);
        drop(go_on);
        sink.flush();
    }
}
