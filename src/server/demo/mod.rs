//! `antritt demo`: the whole program on a fresh database of invented people, to try out and to test against.

mod cast;
mod content;
mod dice;
mod folder;
mod office;
mod pen;
mod play;
mod steps;
mod stories;
mod strict;

use crate::server::{
    auth::{session::Lifetimes, strength::PUBLISHED},
    cli::{
        Fault,
        installation::unopened,
        serve::{bind, until_stopped},
    },
    clock::Clock,
    config::{Key, RETENTION_MONTHS},
    service::{
        App, Error, Settings,
        opening::{self, Durability},
    },
    zones,
};
use ::time::Date;
use clap::Args;
use folder::Folder;
use serde::Serialize;
use std::{
    io::{self, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
    time,
};
use tracing::{instrument::WithSubscriber, subscriber::NoSubscriber};

/// The password of everybody who signs in to a demo; no secret, as it is printed.
const PASSWORD: &str = PUBLISHED;
const ZONE: &str = "Europe/Berlin";

#[derive(Args)]
pub struct Options {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", env = "ANTRITT_LISTEN", default_value = "127.0.0.1:3000")]
    listen: String,
    /// Directory for the database, made anew each time [default: antritt-demo in the system's directory for temporary files]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// How many people to invent, from 15 to 20000
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(i64::from(stories::FEWEST)..=20_000))]
    people: u32,
    /// The same number gives the same people
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Ask whoever holds a role for a second factor, as an installation does
    #[arg(long)]
    strict: bool,
    /// Say address and sign-ins as one line of JSON
    #[arg(long)]
    json: bool,
}

/// What scripts read from standard output. Keep it stable.
#[derive(Serialize)]
struct Announcement {
    url: String,
    accounts: [SignIn; 5],
}

#[derive(Serialize)]
struct SignIn {
    role: &'static str,
    email: &'static str,
    password: &'static str,
    /// The secret of their authenticator app, in base32; there in a strict demo.
    #[serde(skip_serializing_if = "Option::is_none")]
    totp: Option<String>,
}

const SIGN_INS: [(&str, &str); 5] = [
    ("employee", stories::EMPLOYEE_EMAIL),
    ("hr", stories::HR_EMAIL),
    ("security", "security@demo.example"),
    ("auditor", "auditor@demo.example"),
    ("admin", "admin@demo.example"),
];

///
/// # Errors
/// One sentence that names what is wrong and how to mend it.
pub async fn run(options: Options) -> Result<ExitCode, Fault> {
    let address: SocketAddr = options.listen.trim().parse().map_err(|_| {
        Fault::setting(format!(
            "ANTRITT_LISTEN is {:?}, which is not an address and port such as 127.0.0.1:3000 or [::]:3000.",
            options.listen
        ))
    })?;
    let folder = Folder::fresh(options.data.clone())?;
    let listener = bind(address).await?;
    let address = listener.local_addr().unwrap_or(address);
    let settings = settings(address, options.strict);
    let secrets = invent(&folder, &settings, options.people, options.seed).await?;
    let app = open(&folder, Durability::Full, Clock::System, settings.clone()).await?;
    announce(&settings.base_url, &folder, &options, secrets);
    until_stopped(app, listener, None).await;
    Ok(ExitCode::SUCCESS)
}

fn settings(address: SocketAddr, strict: bool) -> Settings {
    // By its name, as passkeys belong to names only.
    let host = if address.ip().is_unspecified() || address.ip().is_loopback() {
        "localhost".to_owned()
    } else {
        SocketAddr::new(address.ip(), 0).to_string().trim_end_matches(":0").to_owned()
    };
    Settings {
        trusted_proxies: Vec::new(),
        retention_months: RETENTION_MONTHS,
        sessions: Lifetimes::default(),
        company: "Beispielwerk GmbH".to_owned(),
        base_url: format!("http://{host}:{}", address.port()),
        time_zone: ZONE.to_owned(),
        key: Key::from_secret(&rand::random::<[u8; 32]>()),
        sends_mail: false,
        demo: true,
        second_factor_required: strict,
    }
}

async fn open(folder: &Folder, durability: Durability, clock: Clock, settings: Settings) -> Result<App, Fault> {
    opening::open(&folder.database_url(), durability, clock, settings)
        .await
        .map_err(|error| unopened(Some(&folder.database()), &error))
}

/// Fills a fresh installation with a year of the company's life, up to `today`. Moves the clock to where the year ends.
///
/// # Errors
/// When a use case refuses what a story tells; then the stories are wrong.
pub async fn fill(app: &App, clock: &Clock, today: Date, people: u32, seed: u64) -> Result<(), Error> {
    let stories = stories::tell(usize::try_from(people).unwrap_or(usize::MAX), seed);
    play::play(app, clock, today, ZONE, &stories).await
}

/// Tells it by a clock of its own. Returns the secrets of the announced accounts' apps where the demo is strict.
async fn invent(folder: &Folder, settings: &Settings, people: u32, seed: u64) -> Result<Option<[String; SIGN_INS.len()]>, Fault> {
    let started = time::Instant::now();
    tracing::info!(people, "inventing people");
    let now = Clock::System.now();
    let today = zones::local_date(ZONE, now);
    let clock = Clock::stepped(zones::start_of_day(ZONE, today + ::time::Duration::days(stories::BEGINNING)));
    let app = open(folder, Durability::Off, clock.clone(), settings.clone()).await?;
    let failed = |error: &dyn std::fmt::Display| Fault::failure(format!("The demo could not be made ({error})."));
    opening::bring_up_to_date(&app).await.map_err(|error| failed(&error))?;
    // Nobody watches over a year that never was.
    let filled = fill(&app, &clock, today, people, seed).with_subscriber(NoSubscriber::default()).await;
    // Before now, so that the next code of each app is a new one.
    clock.set(now - ::time::Duration::hours(1));
    let secrets = match filled {
        Ok(()) if settings.second_factor_required => strict::enrol(&app, clock.now(), SIGN_INS.map(|(_, email)| email)).await.map(Some),
        other => other.map(|()| None),
    };
    opening::close(&app).await;
    let secrets = secrets.map_err(|error| failed(&error))?;
    tracing::info!(seconds = started.elapsed().as_secs_f32(), "the people are there");
    Ok(secrets)
}

/// Says where it is and how to get in. Nobody may be listening to what is said, so a closed pipe is no failure.
fn announce(url: &str, folder: &Folder, options: &Options, secrets: Option<[String; SIGN_INS.len()]>) {
    let mut secrets = secrets.into_iter().flatten();
    let accounts = SIGN_INS.map(|(role, email)| SignIn {
        role,
        email,
        password: PASSWORD,
        totp: secrets.next(),
    });
    let mut out = io::stdout().lock();
    if options.json {
        let announcement = Announcement { url: url.to_owned(), accounts };
        let _ = writeln!(out, "{}", serde_json::to_string(&announcement).unwrap_or_default());
    } else {
        let _ = writeln!(out, "\n  Antritt runs at {url}");
        let _ = writeln!(out, "  with {} invented people in {}\n", options.people, folder.path().display());
        let _ = writeln!(
            out,
            "  {:<10} {:<24} password{}",
            "role",
            "e-mail",
            if options.strict {
                "                secret of the authenticator app"
            } else {
                ""
            }
        );
        for SignIn { role, email, password, totp } in &accounts {
            let _ = writeln!(out, "  {role:<10} {email:<24} {password}   {}", totp.as_deref().unwrap_or_default());
        }
        let _ = writeln!(out, "\n  ctrl-c ends it.");
    }
    let _ = out.flush();
}
