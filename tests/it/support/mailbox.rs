//! A mail server for tests: it speaks SMTP on a port of its own, keeps what it takes, and refuses when it is told to.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A letter as it arrived.
#[derive(Clone, Debug)]
pub struct Letter {
    /// To whom the envelope was.
    pub to: String,
    /// Headers and body, as sent.
    pub raw: String,
}

impl Letter {
    /// A header.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.raw.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        let start = format!("{}:", name.to_lowercase());
        head.lines().find(|line| line.to_lowercase().starts_with(&start)).map(|line| line[start.len()..].trim().to_owned())
    }

    /// The plain text, decoded.
    pub fn text(&self) -> String {
        let part = self.raw.split("Content-Type: text/plain").nth(1).expect("a plain part");
        let (head, body) = part.split_once("\r\n\r\n").unwrap();
        let body = body.split("\r\n--").next().unwrap();
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
    letters: Arc<Mutex<Vec<Letter>>>,
    answer: Arc<Mutex<String>>,
    /// Its address for `mail.server`.
    pub url: String,
}

impl Mailbox {
    /// Starts one.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let mailbox = Self { letters: Arc::default(), answer: Arc::new(Mutex::new("250 taken".into())), url };
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

    /// What has arrived since the last time somebody looked.
    pub fn take(&self) -> Vec<Letter> {
        std::mem::take(&mut self.letters.lock().unwrap())
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
                    self.letters.lock().unwrap().push(Letter { to: to.clone(), raw });
                    "250 taken".into()
                }
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
