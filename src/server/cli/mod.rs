//! The subcommands. A wrong setting stops with one sentence on stderr and exit code 2; anything else that fails, with 1.

mod admin;
mod healthcheck;
mod import;
pub mod installation;
mod keys;
pub mod serve;

use crate::server::{config::ServeOptions, demo};
use clap::{Parser, Subcommand};
use std::{
    io::{self, IsTerminal},
    process::ExitCode,
    time::Duration,
};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

/// What is logged when nothing else is set.
const DEFAULT_LOG: &str = "info,sqlx=warn,tower_sessions_core=error";
/// The parts by which Antritt itself logs; other names are those of libraries.
const OWN_PARTS: [&str; 2] = ["antritt", "security"];

/// Tracks who joins and proves it: NDA, background check, policies, training, password manager.
#[derive(Parser)]
#[command(
    name = "antritt",
    version,
    about,
    max_term_width = 120,
    after_help = "Settings are flags and environment variables alike; ANTRITT_KEY, ANTRITT_LOG and ANTRITT_LOG_FORMAT are variables only."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Starts the server
    Serve(ServeOptions),
    /// Starts the server on a fresh database of invented people
    Demo(demo::Options),
    /// Brings the database up to date and ends
    Migrate(ServeOptions),
    /// Accounts with a role
    #[command(subcommand)]
    Admin(admin::Command),
    /// Imports lists
    #[command(subcommand)]
    Import(import::Command),
    /// The key that everything is sealed with
    #[command(subcommand)]
    Keys(keys::Command),
    /// Asks a running server whether it is alive; exit code 0 or 1
    Healthcheck(healthcheck::Options),
}

/// Why a command ends without having done its work: one sentence for whoever typed it.
#[derive(Debug)]
pub struct Fault {
    sentence: String,
    code: u8,
}

impl Fault {
    /// A setting, or the machine, is not as it has to be.
    pub fn setting(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            code: 2,
        }
    }

    /// The settings are fine, and still it did not work.
    pub fn failure(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            code: 1,
        }
    }
}

impl From<crate::server::config::ConfigError> for Fault {
    fn from(error: crate::server::config::ConfigError) -> Self {
        Self::setting(error.to_string())
    }
}

/// Runs the command that was typed.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match start(cli) {
        Ok(code) => code,
        Err(Fault { sentence, code }) => {
            eprintln!("{}", sentence.lines().collect::<Vec<_>>().join(" "));
            ExitCode::from(code)
        }
    }
}

fn start(cli: Cli) -> Result<ExitCode, Fault> {
    log_to_stderr()?;
    // Fails only when a provider was installed before, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Fault::failure(format!("The system refuses to start threads ({error}).")))?;
    let outcome = runtime.block_on(run(cli.command));
    // A thread that still waits for somebody to type must not hold up the end.
    runtime.shutdown_timeout(Duration::from_millis(300));
    outcome
}

async fn run(command: Command) -> Result<ExitCode, Fault> {
    match command {
        Command::Serve(options) => serve::run(options).await,
        Command::Demo(options) => demo::run(options).await,
        Command::Migrate(options) => installation::migrate(options).await,
        Command::Admin(admin::Command::Create(options)) => admin::create(options).await,
        Command::Admin(admin::Command::ResetFactors(options)) => admin::reset_factors(options).await,
        Command::Import(import::Command::People(options)) => import::people(options).await,
        Command::Keys(keys::Command::Rotate(options)) => keys::rotate(options).await,
        Command::Healthcheck(options) => healthcheck::run(options).await,
    }
}

/// Standard output belongs to what a command answers; everything told on the way goes to stderr.
fn log_to_stderr() -> Result<(), Fault> {
    let wanted = std::env::var("ANTRITT_LOG").ok().filter(|wanted| !wanted.trim().is_empty());
    let filter = log_filter(wanted.as_deref().unwrap_or(DEFAULT_LOG)).map_err(Fault::setting)?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    match std::env::var("ANTRITT_LOG_FORMAT").unwrap_or_default().trim() {
        "" | "text" => lines.with_ansi(io::stderr().is_terminal()).init(),
        "json" => lines.json().flatten_event(true).init(),
        other => return Err(Fault::setting(format!("ANTRITT_LOG_FORMAT is {other:?}, which is neither text nor json."))),
    }
    Ok(())
}

/// Reads which parts are logged from which level on. The filter itself takes any word for a part, and would then log nothing.
///
/// # Errors
/// One sentence that says what is wrong.
fn log_filter(wanted: &str) -> Result<EnvFilter, String> {
    let rules: Vec<&str> = wanted.split(',').map(str::trim).filter(|rule| !rule.is_empty()).collect();
    let is_in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':');
    let mut names_own = false;
    for rule in &rules {
        let (part, rest) = rule.find(['=', '[']).map_or((*rule, ""), |at| rule.split_at(at));
        if !part.chars().all(is_in_name) || rest.ends_with('=') {
            return Err(format!(
                "ANTRITT_LOG has {rule:?}, which is neither a level nor a part and its level, such as sqlx=warn."
            ));
        }
        // What begins like a part's name stands for it, and so nothing stands for all.
        let is_own = |own: &&str| own.starts_with(part) || part.strip_prefix(*own).is_some_and(|rest| rest.starts_with("::"));
        names_own |= part.parse::<LevelFilter>().is_ok() || OWN_PARTS.iter().any(is_own);
    }
    if !names_own {
        return Err(format!(
            "ANTRITT_LOG is {wanted:?}, by which nothing of Antritt would be logged; begin it with a level, as in {DEFAULT_LOG}."
        ));
    }
    EnvFilter::try_new(rules.join(",")).map_err(|error| format!("ANTRITT_LOG is not a filter such as {DEFAULT_LOG} ({error})."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_would_log_nothing_is_refused() {
        for good in [
            DEFAULT_LOG,
            "warn",
            "off",
            " info , sqlx=warn",
            "antritt=debug",
            "antritt::server::jobs=debug,error",
            "security=info",
        ] {
            assert!(log_filter(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("foo bar=", "\"foo bar=\""),
            ("antritt=", "\"antritt=\""),
            ("info,sqlx warn", "\"sqlx warn\""),
            ("anttrit=info", "nothing of Antritt"),
            ("sqlx", "nothing of Antritt"),
            (",", "nothing of Antritt"),
            ("info,sqlx=loud", "not a filter"),
        ] {
            let sentence = log_filter(bad).unwrap_err();
            assert!(sentence.contains(why) && sentence.contains("ANTRITT_LOG"), "{bad}: {sentence}");
        }
    }
}
