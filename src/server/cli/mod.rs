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
use tracing_subscriber::EnvFilter;

/// What is logged when nothing else is set.
const DEFAULT_LOG: &str = "info,sqlx=warn,tower_sessions_core=error";

/// Tracks who joins and proves it: NDA, background check, policies, training, password manager.
#[derive(Parser)]
#[command(name = "antritt", version, about, max_term_width = 120)]
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
    let filter = EnvFilter::try_new(wanted.as_deref().unwrap_or(DEFAULT_LOG))
        .map_err(|error| Fault::setting(format!("ANTRITT_LOG is not a filter such as {DEFAULT_LOG} ({error}).")))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    Ok(())
}
