//! `antritt admin create`: whoever can start the program on the server makes the first accounts.

use super::{Fault, installation::open_up_to_date};
use crate::{
    domain::{
        locale::Locale,
        person::{Email, Line},
        problem::Problem,
        roles::Role,
    },
    server::{
        auth::strength::{MAX_LENGTH, MIN_LENGTH, Rules},
        config::ServeOptions,
        http::listener::stop_signal,
        service::{Error, accounts, factors, opening},
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use std::{
    fs,
    io::{self, BufRead, IsTerminal, Write},
    path::PathBuf,
    process::{Command as Program, ExitCode, Stdio},
};
use tokio::task::spawn_blocking;

#[derive(Subcommand)]
pub enum Command {
    /// Creates an account with a role, or gives the role to the account that has this address
    Create(Box<Options>),
    /// Takes every second factor from an account whose owner lost them, where no other administrator can
    ResetFactors(Box<ResetOptions>),
}

#[derive(Args)]
pub struct ResetOptions {
    /// Address the account signs in with
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// Why; it stands in the audit trail
    #[arg(long, value_name = "WORDS")]
    reason: String,
    #[command(flatten)]
    server: ServeOptions,
}

#[derive(Args)]
pub struct Options {
    /// Address to sign in with
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// What the account may do
    #[arg(long, value_parser = roles())]
    role: Role,
    /// Name as others see it; a new account needs one, and is asked for it at a terminal. An account that exists is renamed, unless a person stands behind it
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Language of the pages
    #[arg(long, default_value = "de", value_parser = languages())]
    language: Locale,
    /// File that contains the password (or set `ANTRITT_PASSWORD`); otherwise it is asked for at a terminal, and without one a new password is made and shown once
    #[arg(long, value_name = "FILE", env = "ANTRITT_PASSWORD_FILE")]
    password_file: Option<PathBuf>,
    #[command(flatten)]
    server: ServeOptions,
}

fn roles() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::as_str)).try_map(|word| Role::from_stored(&word).ok_or("not a role"))
}

fn languages() -> impl TypedValueParser<Value = Locale> {
    PossibleValuesParser::new(["de", "en"]).try_map(|word| Locale::from_tag(&word).ok_or("not a language"))
}

/// Where a password comes from.
enum Password {
    Given(String),
    /// Made here, and therefore shown once.
    Made(String),
}

pub async fn create(options: Box<Options>) -> Result<ExitCode, Fault> {
    let config = options.server.resolve()?;
    let email = Email::parse(&options.email).map_err(|_| Fault::setting(format!("--email is {:?}, which is not an e-mail address.", options.email)))?;
    let name = match options.name {
        Some(name) => Some(name),
        None => typed_name().await?,
    };
    let parsed = name.as_deref().map(Line::parse).transpose();
    let name = parsed.map_err(|_| Fault::setting("--name is not a name: write one line of at most 200 characters."))?;
    let password = password(options.password_file).await?;
    let (Password::Given(text) | Password::Made(text)) = &password;
    // Before anything is opened.
    let about = [name.as_ref().map_or("", Line::as_str), email.as_str(), &config.company];
    if let Some(problem) = Rules::new(MIN_LENGTH, about).judge(text).problem {
        return Err(unfit(&problem));
    }
    let app = open_up_to_date(&config).await?;
    let created = accounts::create(&app, app.now(), &email, name.as_ref(), options.language, Some(options.role), Some(text)).await;
    opening::close(&app).await;
    created.map_err(|error| match error {
        Error::Invalid(problems) if problems.iter().any(|problem| problem.field == "name") => Fault::setting(format!(
            "No account signs in as {} yet, and a new one needs a name: say with --name whose it is.",
            email.as_str()
        )),
        Error::Unavailable(_) => Fault::failure("The account was not created: the database is busy or cannot be reached; try again in a moment."),
        other => Fault::failure(format!("The account was not created: {other}.")),
    })?;
    println!("{} can sign in at {}/sign-in as {}.", email.as_str(), config.base(), options.role.as_str());
    if let Password::Made(text) = &password {
        println!("The password, shown this once: {text}");
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn reset_factors(options: Box<ResetOptions>) -> Result<ExitCode, Fault> {
    let config = options.server.resolve()?;
    let email = Email::known(&options.email).map_err(|_| Fault::setting(format!("--email is {:?}, which is not an e-mail address.", options.email)))?;
    let app = open_up_to_date(&config).await?;
    let reset = factors::reset_by_address(&app, app.now(), &email, &options.reason).await;
    opening::close(&app).await;
    reset.map_err(|error| match error {
        Error::NotFound => Fault::setting(format!("No account signs in as {}.", email.as_str())),
        Error::Conflict(_) => Fault::setting(format!("{} has no second factor.", email.as_str())),
        Error::Invalid(_) => Fault::setting("--reason is empty or longer than 200 characters; say in one line why."),
        other => Fault::failure(format!("Nothing was changed: {other}.")),
    })?;
    println!("{} has no second factor any more and sets up a new one at the next sign-in.", email.as_str());
    Ok(ExitCode::SUCCESS)
}

fn unfit(problem: &Problem) -> Fault {
    let wrong = match problem {
        Problem::TooLong(_) => return Fault::setting(format!("The password is too long; it has at most {MAX_LENGTH} characters.")),
        Problem::TooShort(_) => "too short",
        Problem::PasswordCommon => "a common one with trimmings",
        Problem::PasswordNamesOwner => "little more than names and addresses",
        _ => "too easy to guess",
    };
    Fault::setting(format!(
        "The password is {wrong}; it has at least {MIN_LENGTH} characters, and four or five random words do well."
    ))
}

/// From the environment, a file, whoever sits at the terminal; and if all of them say nothing, a fresh one.
async fn password(file: Option<PathBuf>) -> Result<Password, Fault> {
    let given = std::env::var("ANTRITT_PASSWORD").ok().filter(|given| !given.is_empty());
    let file = file.filter(|file| !file.as_os_str().is_empty());
    match (given, file) {
        (Some(_), Some(_)) => Err(Fault::setting("ANTRITT_PASSWORD and ANTRITT_PASSWORD_FILE are both set; set one of them.")),
        (Some(given), None) => Ok(Password::Given(given)),
        (None, Some(file)) => {
            let text = fs::read_to_string(&file).map_err(|error| Fault::setting(format!("The password file {file:?} cannot be read ({error}).")))?;
            match text.trim_end_matches(['\r', '\n']) {
                "" => Err(Fault::setting(format!("The password file {file:?} is empty; write the password into it."))),
                text => Ok(Password::Given(text.to_owned())),
            }
        }
        (None, None) => Ok(typed().await?.map_or_else(|| Password::Made(fresh()), Password::Given)),
    }
}

/// 144 random bits in 24 characters.
fn fresh() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 18]>())
}

/// The name as it is typed at the terminal; none without a terminal, or when nothing is typed.
async fn typed_name() -> Result<Option<String>, Fault> {
    if !io::stdin().is_terminal() {
        return Ok(None);
    }
    answer("Name as others see it (nothing, to leave an account's name as it is): ").await
}

/// The password as it is typed at the terminal, unseen; none without a terminal, or when nothing is typed.
async fn typed() -> Result<Option<String>, Fault> {
    if !io::stdin().is_terminal() {
        return Ok(None);
    }
    let Some(_unseen) = Unseen::begin() else { return Ok(None) };
    let typed = answer(&format!("Password ({MIN_LENGTH} characters or more; nothing for a fresh one): ")).await?;
    // The end of the line was not shown either.
    eprintln!();
    Ok(typed)
}

/// What somebody answers; none for an empty line.
async fn answer(question: &str) -> Result<Option<String>, Fault> {
    eprint!("{question}");
    let _ = io::stderr().flush();
    let line = spawn_blocking(|| {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map(|_| line)
    });
    tokio::select! {
        line = line => {
            let line = line.ok().and_then(Result::ok).unwrap_or_default();
            Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()).filter(|line| !line.is_empty()))
        }
        () = stop_signal() => {
            eprintln!();
            Err(Fault::failure("No account was created."))
        }
    }
}

/// While it lives, the terminal does not show what is typed.
struct Unseen;

impl Unseen {
    /// None where the terminal cannot be told; then nobody should type a password.
    fn begin() -> Option<Self> {
        echo("-echo").then_some(Self)
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        echo("echo");
    }
}

/// The system's own tool, as the standard library has no call for it and unsafe code is forbidden here.
fn echo(mode: &str) -> bool {
    Program::new("stty")
        .arg(mode)
        .stdin(Stdio::inherit())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
