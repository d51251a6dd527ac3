//! The commands and flags that can be typed.

mod app;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use app::{AccessChoice, AppAdd, AppChange, AppCommand, AppSecretCommand, YesNo, access_of};

/// Signs people in, by a passkey or by a password and a code; applications get what their users allow.
#[derive(Clone, Debug, Parser)]
#[command(name = "vouchsafe", version, propagate_version = true)]
pub struct Arguments {
    /// Flags that every command takes.
    #[command(flatten)]
    pub options: Options,
    /// What to do; `serve` when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Flags that every command takes, before or after its name.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// The address people type, such as `https://auth.example.org`
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub public_url: Option<String>,
    /// Where to listen: `localhost:8080`, `0.0.0.0:8080`, `[::]:8080`; port 0 takes a free one
    #[arg(long, global = true, value_name = "HOST:PORT")]
    pub listen: Option<String>,
    /// The folder for database and key
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data: Option<String>,
    /// The configuration file; vouchsafe.toml in this folder if there is one
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// sqlite://FILE or postgres://USER@HOST/DATABASE; others on this machine can read flags, so give a password by variable or file
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub database_url: Option<String>,
}

/// What to do.
#[derive(Clone, Debug, Default, Subcommand)]
pub enum Command {
    /// Start the server (also when no command is given)
    #[default]
    Serve,
    /// Print a new set-up link for the first administrator
    SetupLink,
    /// Bring the tables of the database up to date, and stop
    Migrate,
    /// Connect applications and look after them
    App {
        /// What to do with applications.
        #[command(subcommand)]
        command: AppCommand,
    },
    /// Manage groups and their members
    Group {
        /// What to do with groups.
        #[command(subcommand)]
        command: GroupCommand,
    },
    /// Invite someone and print their link
    Invite(InviteArguments),
    /// Vouch for a person’s email address
    Person {
        /// What to say.
        #[command(subcommand)]
        command: PersonCommand,
    },
    /// Help someone who is locked out, whether or not they are an administrator
    Admin {
        /// What to do.
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Check that email works
    Mail {
        /// What to do with mail.
        #[command(subcommand)]
        command: MailCommand,
    },
    /// Start only the demo application
    Demo,
    /// Print every setting with its meaning, as a configuration file
    Settings(SettingsArguments),
}

/// Who is invited.
#[derive(Args, Clone, Debug)]
pub struct InviteArguments {
    /// Their name, as others will see it
    #[arg(long)]
    pub name: String,
    /// What they will type to sign in
    #[arg(long)]
    pub username: String,
    /// Their email address; they can sign in with it too. No email is sent: the link is printed here
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// A group to add them to; repeatable. A group that does not exist is created
    #[arg(long, value_name = "GROUP")]
    pub group: Vec<String>,
    /// What they may do as an administrator
    #[arg(long, value_name = "owner|people|applications")]
    pub role: Option<String>,
    /// Why; shown to the person and kept in the audit log
    #[arg(long)]
    pub reason: String,
    /// Create a new link for a pending invitation with this username; nothing else changes
    #[arg(long)]
    pub again: bool,
}

/// What can be done on the host for people who are locked out.
#[derive(Clone, Debug, Subcommand)]
pub enum AdminCommand {
    /// Print a reset link for someone who is locked out
    #[command(alias = "recover")]
    Reset(AdminReset),
}

/// Who is locked out.
#[derive(Args, Clone, Debug)]
pub struct AdminReset {
    /// Their username or email address
    pub name: String,
    /// Why; shown to the person and kept in the audit log
    #[arg(long)]
    pub reason: String,
}

/// What can be vouched for on the host.
#[derive(Clone, Debug, Subcommand)]
pub enum PersonCommand {
    /// Vouch for someone's email address: applications are then told that it is confirmed
    Vouch(PersonReason),
    /// Stop vouching for the address: it is then unconfirmed
    WithdrawVouch(PersonReason),
    /// Change a person's name, username or email; what is not given stays
    Edit(PersonEdit),
}

/// Who, what they are called from now on, and why.
#[derive(Args, Clone, Debug)]
pub struct PersonEdit {
    /// Their username or email now
    #[arg(value_name = "WHO")]
    pub person: String,
    /// Their name
    #[arg(long)]
    pub name: Option<String>,
    /// What they will type to sign in
    #[arg(long)]
    pub username: Option<String>,
    /// Their email; a new one has to be confirmed again
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// They have no email any longer
    #[arg(long, conflicts_with = "email")]
    pub remove_email: bool,
    /// Why; they read it, and it is kept in the audit log
    #[arg(long)]
    pub reason: String,
}

/// Who, and why.
#[derive(Args, Clone, Debug)]
pub struct PersonReason {
    /// Their username or email address
    pub name: String,
    /// Why; shown to the person and kept in the audit log
    #[arg(long)]
    pub reason: String,
}

/// What to do with mail.
#[derive(Clone, Debug, Subcommand)]
pub enum MailCommand {
    /// Send a test email and print the mail server's answer
    Test(MailTest),
}

/// Where the test email goes.
#[derive(Args, Clone, Debug)]
pub struct MailTest {
    /// The email address
    #[arg(long, value_name = "ADDRESS")]
    pub to: String,
}

/// What to do with groups.
#[derive(Clone, Debug, Subcommand)]
pub enum GroupCommand {
    /// List groups with their number of people and the applications they give access to
    List,
    /// Create a group
    Create {
        /// Its name
        name: String,
    },
    /// Add someone to a group
    Add(GroupMember),
    /// Remove someone from a group; they lose its access immediately
    Remove(GroupMember),
}

/// Who, and which group.
#[derive(Args, Clone, Debug)]
pub struct GroupMember {
    /// The group's name
    pub group: String,
    /// Their username or email address
    pub person: String,
    /// Why; kept in the audit log
    #[arg(long)]
    pub reason: String,
}

/// How to print the settings.
#[derive(Args, Clone, Copy, Debug)]
pub struct SettingsArguments {
    /// Print the values in force and where each comes from, secrets hidden
    #[arg(long)]
    pub effective: bool,
    /// Print tables for a document
    #[arg(long, conflicts_with = "effective")]
    pub markdown: bool,
}

impl Arguments {
    /// The flags as settings, `(key, value)`. Under `demo`, `--listen` is the demonstration's own.
    pub fn settings(&self) -> Vec<(String, String)> {
        let listen = if matches!(self.command, Some(Command::Demo)) { "demo.listen" } else { "server.listen" };
        [
            ("server.public_url", &self.options.public_url),
            (listen, &self.options.listen),
            ("data.folder", &self.options.data),
            ("database.url", &self.options.database_url),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value.clone()?)))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::platform::config;

    fn parse(line: &str) -> Arguments {
        Arguments::try_parse_from(line.split(' ')).unwrap()
    }

    #[test]
    fn the_definitions_hold_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn flags_stand_before_or_after_the_command() {
        for line in ["vouchsafe --data x setup-link", "vouchsafe setup-link --data x"] {
            let arguments = parse(line);
            assert!(matches!(arguments.command, Some(Command::SetupLink)), "{line}");
            assert_eq!(arguments.settings(), [("data.folder".to_owned(), "x".to_owned())]);
        }
        assert!(parse("vouchsafe").command.is_none());
        let demo = parse("vouchsafe demo --listen 127.0.0.1:9");
        assert_eq!(demo.settings(), [("demo.listen".to_owned(), "127.0.0.1:9".to_owned())]);
    }

    #[test]
    fn each_flag_of_the_settings_table_can_be_typed() {
        for (key, flag) in config::FLAGS {
            let arguments = parse(&format!("vouchsafe --{flag} value"));
            assert_eq!(arguments.settings(), [((*key).to_owned(), "value".to_owned())]);
        }
    }
}
