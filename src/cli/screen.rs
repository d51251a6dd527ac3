//! What the first screen says.

use std::io::IsTerminal;
use std::time::Duration;

use crate::app::App;
use crate::flows::setup_link::SetupLink;
use crate::platform::ephemeral::StoreState;

/// What the first screen tells.
pub(super) struct Screen<'a> {
    pub(super) app: &'a App,
    pub(super) first_start: bool,
    pub(super) key_made: bool,
    pub(super) link: Option<&'a SetupLink>,
    pub(super) setup_command: String,
    pub(super) loopback_only: bool,
    pub(super) demo: Option<String>,
    /// How the Redis is, if there is one.
    pub(super) redis: Option<StoreState>,
}

impl Screen<'_> {
    /// The text; with colours only for a terminal.
    pub(super) fn text(&self) -> String {
        let bold = |text: &str| if std::io::stdout().is_terminal() { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() };
        let settings = &self.app.settings;
        let state = if self.first_start { "   first start" } else { "" };
        let mut lines = vec![format!("{}{state}", bold(concat!("vouchsafe ", env!("CARGO_PKG_VERSION")))), String::new()];
        let mut row = |name: &str, value: String, note: &str| lines.push(format!("  {name:<9} {value:<32}  {note}").trim_end().to_owned());
        let data = match self.app.db.file() {
            Some(file) => file.display().to_string(),
            None => self.app.db.kind().to_owned(),
        };
        row("data", data, if self.first_start { "created" } else { "" });
        match &self.redis {
            None => {}
            Some(StoreState::Fine) => row("redis", "answers".to_owned(), ""),
            Some(StoreState::Unknown) => {
                row("redis", "answers".to_owned(), "does not report its maxmemory-policy, which should be noeviction")
            }
            Some(StoreState::Evicts(policy)) => row(
                "redis",
                format!("may evict what is in use ({policy})"),
                "set its maxmemory-policy to noeviction, or sign-ins and pauses can be lost",
            ),
            Some(StoreState::Away) => row("redis", "does not answer".to_owned(), "no one can sign in until it does"),
        }
        let key = if settings.keys.master.is_some() {
            "from the settings".to_owned()
        } else {
            settings.data.master_key_file().display().to_string()
        };
        let note = if self.key_made { "created (0600): keep a copy elsewhere; without it the data cannot be read" } else { "" };
        row("key", key, note);
        let note = if self.loopback_only { "only this machine can connect" } else { "" };
        // Without a public address and on this machine alone, the address says it.
        if self.loopback_only && settings.server.public_url.is_none() {
            row("address", settings.origin().as_str().to_owned(), note);
        } else {
            row("address", settings.origin().as_str().to_owned(), "");
            let unreached = !self.loopback_only && settings.server.public_url.is_none();
            let note = if unreached { "other machines cannot use it yet: set server.public_url" } else { note };
            row("listens", settings.server.listen.to_string(), note);
        }
        if let Some(demo) = &self.demo {
            row("demo", demo.clone(), "an application to try a sign-in with");
        }
        match &self.app.mailer {
            None => row("sends", "nothing".to_owned(), "no mail server set; no phoning home"),
            Some(_) => row("sends", "email only".to_owned(), "to the server in the settings; no phoning home"),
        }
        lines.push(String::new());
        if let Some(link) = self.link {
            lines.push("  Create the first administrator:".to_owned());
            lines.push(String::new());
            lines.push(format!("      {}", bold(&link.address)));
            lines.push(String::new());
            lines.push(format!("  Works once, for {}. The first person to use it becomes the administrator.", span(settings.links.setup)));
            lines.push(format!("  Lost it?   {}", self.setup_command));
        }
        lines.push("  Stop with Ctrl-C.".to_owned());
        lines.push(String::new());
        lines.join("\n") + "\n"
    }
}

/// What `setup-link` prints. `start` starts the server, when nothing answers where the link leads.
pub(super) fn setup_link(link: &SetupLink, lifetime: Duration, start: Option<&str>) -> String {
    let mut text = format!(
        "{}\n\nWorks once, for {}. The first person to use it becomes the administrator.\nEarlier links no longer work.\n",
        link.address,
        span(lifetime)
    );
    if let Some(start) = start {
        text += &format!(
            "\nNothing is running there now. When the server starts, it prints a new link that replaces this one:\n\n    {start}\n"
        );
    }
    text
}

/// How long, in words.
pub(super) fn span(time: Duration) -> String {
    let minutes = time.as_secs().div_ceil(60);
    match (minutes / 60, minutes % 60) {
        (1, 0) => "one hour".to_owned(),
        (hours, 0) if hours > 0 => format!("{hours} hours"),
        _ => format!("{minutes} minutes"),
    }
}
