//! A mail server for tests: it speaks SMTP on a port of its own, keeps what it takes, and refuses when it is told to.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A message as it arrived.
#[derive(Clone, Debug)]
pub struct Mail {
    /// To whom the envelope was.
    pub to: String,
    /// Headers and body, as sent.
    pub raw: String,
}

impl Mail {
    /// A header.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.raw.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        let start = format!("{}:", name.to_lowercase());
        head.lines().find(|line| line.to_lowercase().starts_with(&start)).map(|line| line[start.len()..].trim().to_owned())
    }

    /// The names of all headers, in small letters.
    pub fn headers(&self) -> Vec<String> {
        let head = self.raw.split("\r\n\r\n").next().unwrap();
        let lines = head.lines().filter(|line| !line.starts_with(char::is_whitespace));
        lines.map(|line| line.split(':').next().unwrap().to_lowercase()).collect()
    }

    /// The plain text, decoded.
    pub fn text(&self) -> String {
        self.part("text/plain")
    }

    /// The HTML, decoded.
    pub fn html(&self) -> String {
        self.part("text/html")
    }

    fn part(&self, kind: &str) -> String {
        let part = self.raw.split(&format!("Content-Type: {kind}")).nth(1).unwrap_or_else(|| panic!("no {kind}:\n{}", self.raw));
        let (head, body) = part.split_once("\r\n\r\n").unwrap();
        // The foot of a message begins with two hyphens too.
        let boundary = self.raw.lines().find(|line| line.starts_with("--") && line.len() > 10).unwrap();
        let body = body.split(&format!("\r\n{boundary}")).next().unwrap();
        match head {
            head if head.contains("quoted-printable") => quoted_printable(body),
            head if head.contains("base64") => {
                let packed: String = body.split_whitespace().collect();
                String::from_utf8(data_encoding::BASE64.decode(packed.as_bytes()).unwrap()).unwrap()
            }
            _ => body.to_owned(),
        }
    }
}

fn quoted_printable(body: &str) -> String {
    let (body, mut out) = (body.replace("=\r\n", ""), Vec::new());
    let mut bytes = body.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'=' {
            let pair = [bytes.next().unwrap(), bytes.next().unwrap()];
            out.push(u8::from_str_radix(std::str::from_utf8(&pair).unwrap(), 16).unwrap());
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).unwrap()
}

/// The server.
#[derive(Clone)]
pub struct Mailbox {
    mails: Arc<Mutex<Vec<Mail>>>,
    answer: Arc<Mutex<String>>,
    login: Arc<Mutex<String>>,
    /// Its address for `mail.server`.
    pub url: String,
}

impl Mailbox {
    /// Starts one.
    pub async fn open() -> Self {
        Self::open_at("127.0.0.1:0").await
    }

    /// Starts one on an address of this machine.
    pub async fn open_at(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let line = |text: &str| Arc::new(Mutex::new(text.to_owned()));
        let mailbox = Self { mails: Arc::default(), answer: line("250 taken"), login: line("235 welcome"), url };
        let own = mailbox.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move { drop(own.serve(stream).await) });
            }
        });
        mailbox
    }

    /// What it answers to every recipient from now on.
    pub fn answers(&self, line: &str) {
        *self.answer.lock().unwrap() = line.to_owned();
    }

    /// What it answers to a name and a password from now on.
    pub fn answers_login(&self, line: &str) {
        *self.login.lock().unwrap() = line.to_owned();
    }

    /// What has arrived since the last time someone looked.
    pub fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut self.mails.lock().unwrap())
    }

    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 test\r\n").await?;
        let mut to = String::new();
        while let Some(line) = lines.next_line().await? {
            let word = line.split(' ').next().unwrap_or_default().to_uppercase();
            let answer = match word.as_str() {
                "RCPT" => {
                    to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    self.answer.lock().unwrap().clone()
                }
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await?;
                    let mut raw = String::new();
                    while let Some(line) = lines.next_line().await? {
                        if line == "." {
                            break;
                        }
                        raw += line.strip_prefix('.').unwrap_or(&line);
                        raw += "\r\n";
                    }
                    self.mails.lock().unwrap().push(Mail { to: to.clone(), raw });
                    "250 taken".into()
                }
                "EHLO" => "250-test\r\n250 AUTH PLAIN".into(),
                "AUTH" => self.login.lock().unwrap().clone(),
                "QUIT" => {
                    write.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => "250 fine".into(),
            };
            write.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
        Ok(())
    }
}
