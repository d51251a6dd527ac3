//! A connection with deadlines. The HTTP library times the head of the first request and idle keep-alive; this bounds the
//! rest: a later head or a body that never ends, and a client that does not read its response.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// How long each part of an exchange may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadlines {
    /// From the first byte of a request to the first byte of its response, the work of the server included.
    pub(super) request: Duration,
    /// For the client to take any byte of a response that is waiting.
    pub(super) write: Duration,
    /// Between exchanges.
    pub(super) idle: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing is under way.
    Idle,
    /// Bytes of a request came, and none of its response went.
    Request,
    /// The client does not take what is to be written.
    Blocked,
}

/// A stream whose reads and writes fail with [`io::ErrorKind::TimedOut`] once a deadline has passed.
pub(super) struct BoundedStream<S> {
    stream: S,
    deadlines: Deadlines,
    phase: Phase,
    deadline: Instant,
    /// Moved lazily: it fires at an earlier deadline and is then set to the present one.
    alarm: Pin<Box<Sleep>>,
}

impl<S> BoundedStream<S> {
    pub(super) fn new(stream: S, deadlines: Deadlines) -> Self {
        let deadline = Instant::now() + deadlines.idle;
        Self { stream, deadlines, phase: Phase::Idle, deadline, alarm: Box::pin(sleep_until(deadline)) }
    }

    /// Begins a phase; one that is under way keeps its deadline, however many bytes pass.
    fn enter(&mut self, phase: Phase) {
        if self.phase != phase || phase == Phase::Idle {
            let time = match phase {
                Phase::Idle => self.deadlines.idle,
                Phase::Request => self.deadlines.request,
                Phase::Blocked => self.deadlines.write,
            };
            self.phase = phase;
            self.deadline = Instant::now() + time;
            if self.deadline < self.alarm.deadline() {
                self.alarm.as_mut().reset(self.deadline);
            }
        }
    }

    /// Fails when the deadline has passed; else the task is woken when it does.
    fn check(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        while self.alarm.as_mut().poll(cx).is_ready() {
            if Instant::now() >= self.deadline {
                return Err(io::ErrorKind::TimedOut.into());
            }
            self.alarm.as_mut().reset(self.deadline);
        }
        Ok(())
    }

    /// What follows a write: progress ends the request and the wait, none begins the wait.
    fn after_write<T>(&mut self, cx: &mut Context<'_>, poll: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match &poll {
            Poll::Ready(_) => self.enter(Phase::Idle),
            Poll::Pending => {
                self.enter(Phase::Blocked);
                self.check(cx)?;
            }
        }
        poll
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for BoundedStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let poll = Pin::new(&mut self.stream).poll_read(cx, buf);
        if poll.is_ready() && buf.filled().len() > before && self.phase == Phase::Idle {
            self.enter(Phase::Request);
        }
        // Also where bytes came: a client that drips them is held to the same deadline.
        self.check(cx)?;
        poll
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for BoundedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.after_write(cx, poll)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bufs: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.after_write(cx, poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::*;

    const SHORT: Duration = Duration::from_millis(40);
    const LONG: Duration = Duration::from_secs(60);

    fn pair(request: Duration, write: Duration, idle: Duration) -> (DuplexStream, BoundedStream<DuplexStream>) {
        let (client, server) = duplex(16);
        (client, BoundedStream::new(server, Deadlines { request, write, idle }))
    }

    fn timed_out<T: std::fmt::Debug>(result: io::Result<T>) -> bool {
        result.is_err_and(|error| error.kind() == io::ErrorKind::TimedOut)
    }

    #[tokio::test]
    async fn a_request_that_never_ends_ends_its_connection() {
        // TH-15
        let (mut client, mut server) = pair(SHORT, LONG, LONG);
        let drip = async {
            while client.write_all(b"x").await.is_ok() {
                tokio::time::sleep(SHORT / 4).await;
            }
        };
        let serve = async {
            while server.read_u8().await.is_ok() {}
            timed_out(server.read_u8().await)
        };
        tokio::select! { () = drip => panic!("the client ended"), over = serve => assert!(over) }
    }

    #[tokio::test]
    async fn a_client_that_does_not_read_ends_its_connection() {
        // TH-15
        let (client, mut server) = pair(LONG, SHORT, LONG);
        assert!(timed_out(server.write_all(&[0; 1_024]).await));
        drop(client);
    }

    #[tokio::test]
    async fn silence_ends_a_connection() {
        let (client, mut server) = pair(LONG, LONG, SHORT);
        assert!(timed_out(server.read_u8().await));
        drop(client);
    }

    #[tokio::test]
    async fn exchanges_in_time_go_on() {
        let (mut client, mut server) = pair(SHORT, SHORT, LONG);
        for _ in 0..6 {
            client.write_all(b"ask").await.unwrap();
            server.read_exact(&mut [0; 3]).await.unwrap();
            tokio::time::sleep(SHORT / 2).await;
            server.write_all(b"answer").await.unwrap();
            client.read_exact(&mut [0; 6]).await.unwrap();
        }
    }
}
