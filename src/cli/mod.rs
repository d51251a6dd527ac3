//! Floor 5: the process. What can be typed, and how we answer in a terminal.

mod app_add;
mod apps;
pub mod args;
mod demo;
mod groups;
mod listen;
mod mail_test;
mod once;
mod only_one;
mod people;
mod screen;
mod serve;
pub mod words;

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;

use args::{AdminCommand, Arguments, Command, MailCommand};
use words::CommandWriter;

use crate::app::{App, OpenedApp, StartProblem};
use crate::flows::setup_link;
use crate::kernel::time::SystemClock;
use crate::platform::config::{self, Settings, Sources};
use crate::platform::crypto::OsEntropy;
use crate::platform::telemetry;

/// Why a command did not do what it should; the text is for the terminal.
struct CommandFailure(String);

impl<E: std::error::Error> From<E> for CommandFailure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// Runs the command that was typed.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = act(&arguments);
    telemetry::flush();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(CommandFailure(text)) => {
            let _ = writeln!(std::io::stderr(), "{}", text.trim_end());
            ExitCode::FAILURE
        }
    }
}

fn act(arguments: &Arguments) -> Result<(), CommandFailure> {
    if let Some(Command::Settings(how)) = &arguments.command
        && !how.effective
    {
        return say(&if how.markdown { config::as_markdown() } else { config::as_file() });
    }
    let sources = Sources::from_machine(arguments.options.config.as_deref(), arguments.settings());
    let settings = config::load(sources).map_err(|problems| CommandFailure(list(&problems)))?;
    telemetry::init(&settings.log);
    for warning in settings.warnings() {
        tracing::warn!("{warning}");
    }
    let words = CommandWriter::from_machine(&arguments.options);
    match arguments.command.clone().unwrap_or_default() {
        Command::Settings(_) => say(&config::as_columns(settings.effective())),
        Command::Serve => runtime()?.block_on(serve::run(settings, words)),
        Command::Demo => runtime()?.block_on(demo::alone(settings, &words)),
        Command::Migrate => runtime()?.block_on(async {
            open(settings, &words).await?;
            say("The database is up to date.\n")
        }),
        Command::SetupLink => runtime()?.block_on(setup_link(settings, words)),
        Command::Invite(typed) => runtime()?.block_on(async {
            let app = open_existing(settings, &words).await?;
            once::show(&app, people::invite(&app, &typed).await?).await
        }),
        Command::Admin { command: AdminCommand::Reset(typed) } => runtime()?.block_on(async {
            let app = open_existing(settings, &words).await?;
            say(&people::reset(&app, &typed).await?)
        }),
        Command::Person { command } => runtime()?.block_on(async {
            let app = open_existing(settings, &words).await?;
            say(&people::act_on(&app, &command).await?)
        }),
        Command::Mail { command: MailCommand::Test(typed) } => say(&runtime()?.block_on(mail_test::run(&settings, &typed))?),
        Command::App { command } => runtime()?.block_on(async {
            let app = open_existing(settings, &words).await?;
            once::show(&app, apps::run(&app, &command).await?).await
        }),
        Command::Group { command } => runtime()?.block_on(async {
            let app = open_existing(settings, &words).await?;
            say(&groups::run(&app, &command).await?)
        }),
    }
}

fn list(problems: &[config::SettingProblem]) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

fn runtime() -> Result<tokio::runtime::Runtime, CommandFailure> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?)
}

/// For `serve` and `migrate`, which alone may make what is not there.
async fn open(settings: Settings, words: &CommandWriter) -> Result<OpenedApp, StartProblem> {
    let for_pages = words.for_pages(&settings);
    App::open(settings, Arc::new(SystemClock), Arc::new(OsEntropy), for_pages).await
}

/// For every other command: a mistyped folder is said, not filled.
async fn open_existing(settings: Settings, words: &CommandWriter) -> Result<Arc<App>, CommandFailure> {
    let for_pages = words.for_pages(&settings);
    App::open_existing(settings, Arc::new(SystemClock), Arc::new(OsEntropy), for_pages).await.map_err(|problem| match problem {
        StartProblem::NothingThere { .. } => CommandFailure(format!(
            "{problem}\nIs it another folder? --data names it. To begin a new one there, start the server:\n\n    {}",
            words.serve()
        )),
        other => CommandFailure(other.to_string()),
    })
}

/// Prints a new set-up link and leaves it in the data folder; only while there is no administrator.
async fn setup_link(settings: Settings, words: CommandWriter) -> Result<(), CommandFailure> {
    let app = open_existing(settings, &words).await?;
    match setup_link::issue(&app, setup_link::SetupLinkFor::Host).await? {
        Some(link) => {
            app.settings.data.keep_setup_link(&link.address)?;
            let silent = listen::is_silent(app.settings.origin()).then(|| words.serve());
            say(&screen::setup_link(&link, app.settings.links.setup, silent.as_deref()))
        }
        None => Err(CommandFailure(format!(
            "This server already has an administrator. Set-up links are only for the first one.\n\
             To let in someone who is locked out, run:\n\n    {}",
            words.command(words::RESET)
        ))),
    }
}

fn say(text: &str) -> Result<(), CommandFailure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}
