//! What an operator can set, by flags or by environment, and the checks that stop a start with one sentence.
//!
//! Every message names its setting by the environment's name. The database URL, the SMTP URL and the key are secrets: they are never printed, neither by an
//! error nor by `Debug`. Whether a database or a mail server answers is found out by whoever connects.

use std::{
    fmt, fs,
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use clap::Args;
use lettre::message::Mailbox;
use sha2::{Digest, Sha256};
use time::Duration;
use url::Url;

use crate::server::{auth::session::Lifetimes, zones};

const DATABASE: &str = "sqlite://antritt.sqlite";
const BASE: &str = "http://127.0.0.1:3000";
const LISTEN: &str = "127.0.0.1:3000";
const SENDER: &str = "Antritt <antritt@localhost>";
const COMPANY: &str = "Unser Unternehmen";
const ZONE: &str = "Europe/Berlin";
/// Claims lapse three years after the end of the year in which somebody left (sections 195 and 199 of the German Civil Code).
pub const RETENTION_MONTHS: u16 = 48;
/// Longer than anybody works.
const LONGEST_RETENTION: u16 = 1200;
/// Longer than any working day.
const LONGEST_SESSION: i64 = 24;
/// Less would end a session while its holder reads a page.
const SHORTEST_IDLE: i64 = 5;
const LONGEST_IDLE: i64 = 480;
/// Fewer bytes could be guessed.
const KEY_BYTES: usize = 32;
/// Longer names break the head of a page and the subject of a mail.
const COMPANY_LENGTH: usize = 100;

/// The flags and variables of every command that opens the database. An empty value counts as none, as in a compose file that names a variable.
#[derive(Args, Clone, Default)]
pub struct ServeOptions {
    #[arg(
        help = "Database: sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME [default: sqlite://antritt.sqlite]",
        long,
        value_name = "URL",
        env = "ANTRITT_DATABASE_URL",
        hide_env_values = true
    )]
    pub database_url: Option<String>,
    /// File that contains the database URL
    #[arg(long, value_name = "FILE", env = "ANTRITT_DATABASE_URL_FILE")]
    pub database_url_file: Option<PathBuf>,
    #[arg(
        help = "Address under which people reach Antritt; links in mails begin with it [default: http://127.0.0.1:3000]",
        long,
        value_name = "URL",
        env = "ANTRITT_BASE_URL"
    )]
    pub base_url: Option<String>,
    /// Address and port to listen on [default: 127.0.0.1:3000]
    #[arg(long, value_name = "ADDRESS:PORT", env = "ANTRITT_LISTEN")]
    pub listen: Option<String>,
    #[arg(
        help = "Mail server: smtps://USER:PASSWORD@HOST or smtp://HOST:PORT?tls=required; without it mails stay readable at /admin/outbox",
        long,
        value_name = "URL",
        env = "ANTRITT_SMTP_URL",
        hide_env_values = true
    )]
    pub smtp_url: Option<String>,
    /// File that contains the SMTP URL
    #[arg(long, value_name = "FILE", env = "ANTRITT_SMTP_URL_FILE")]
    pub smtp_url_file: Option<PathBuf>,
    /// Sender of mails [default: Antritt <antritt@localhost>]
    #[arg(long, value_name = "NAME <ADDRESS>", env = "ANTRITT_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Name of the company, as people know it [default: Unser Unternehmen]
    #[arg(long, value_name = "NAME", env = "ANTRITT_COMPANY")]
    pub company: Option<String>,
    /// Time zone of the company, for people without one of their own [default: Europe/Berlin]
    #[arg(long, value_name = "ZONE", env = "ANTRITT_TIME_ZONE")]
    pub time_zone: Option<String>,
    /// Proxies in front of Antritt, separated by commas: from these addresses alone X-Forwarded-For is believed [default: none]
    #[arg(long, value_name = "ADDRESSES", env = "ANTRITT_TRUSTED_PROXIES")]
    pub trusted_proxies: Option<String>,
    /// Months after the last day of work until a name gives way to a pseudonym; proofs stay [default: 48]
    #[arg(long, value_name = "MONTHS", env = "ANTRITT_RETENTION_MONTHS")]
    pub retention_months: Option<String>,
    /// Hours after which everybody signs in again, from 1 to 24 [default: 8]
    #[arg(long, value_name = "HOURS", env = "ANTRITT_SESSION_HOURS")]
    pub session_hours: Option<String>,
    /// Minutes without use after which whoever holds a role signs in again, from 5 to 480 [default: 30]
    #[arg(long, value_name = "MINUTES", env = "ANTRITT_IDLE_MINUTES")]
    pub idle_minutes: Option<String>,
    /// The key itself; only from the environment, because everybody on the machine can read a command line
    #[arg(long, hide = true, env = "ANTRITT_KEY", hide_env_values = true)]
    pub key: Option<String>,
    #[arg(
        help = "File that contains the key, at least 32 bytes in base64 or hex (or set ANTRITT_KEY); make one by: head -c 32 /dev/urandom | base64 > antritt.key",
        long,
        value_name = "FILE",
        env = "ANTRITT_KEY_FILE"
    )]
    pub key_file: Option<PathBuf>,
}

/// The checked settings of one process.
#[derive(Clone)]
pub struct Config {
    /// `sqlite:` or `postgres:`; may contain a password.
    pub database_url: String,
    /// `http` or `https`, a host, and `/` as its path.
    pub base_url: Url,
    pub listen: SocketAddr,
    /// `smtp:` or `smtps:`; may contain a password.
    pub smtp_url: Option<String>,
    /// A mailbox as in a mail's `From`.
    pub mail_from: String,
    pub company: String,
    /// An IANA name.
    pub time_zone: String,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// From 1 to 1,200, counted from somebody's last day of work.
    pub retention_months: u16,
    pub sessions: Lifetimes,
    pub key: Option<Key>,
}

impl Config {
    /// The base URL as links begin with it: without a trailing slash.
    pub fn base(&self) -> &str {
        self.base_url.as_str().trim_end_matches('/')
    }
}

/// The key behind everything that this instance seals. Its bytes are the SHA-256 of what the operator set.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// A key from random bytes of any length; at least 32 of them should be random.
    pub fn from_secret(secret: &[u8]) -> Self {
        Self(Sha256::digest(secret).into())
    }

    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key in a file, named by `setting` where it cannot be read.
    ///
    /// # Errors
    /// When there is no such file, or what it holds is no key.
    pub fn from_file(setting: &'static str, file: &Path) -> Result<Self, ConfigError> {
        Self::parse(setting, &contents(setting, file)?)
    }

    /// A key like no other seed's.
    #[cfg(test)]
    pub fn for_tests(seed: u8) -> Self {
        Self([seed; 32])
    }

    fn parse(setting: &'static str, text: &str) -> Result<Self, ConfigError> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let bytes = hex::decode(&text)
            .or_else(|_| BASE64_STANDARD.decode(&text))
            .map_err(|_| ConfigError::KeyUnreadable { setting })?;
        if bytes.len() < KEY_BYTES {
            return Err(ConfigError::KeyShort { setting, bytes: bytes.len() });
        }
        Ok(Self::from_secret(&bytes))
    }
}

/// A setting that stops the start. Each message is one sentence that names the setting and says what would be right.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{value} and {file} are both set; set one of them.")]
    Both { value: &'static str, file: &'static str },
    #[error("{setting} names the file {path:?}, which cannot be read ({reason}); name a text file that this user may read.")]
    Unreadable { setting: &'static str, path: PathBuf, reason: String },
    #[error("{setting} names the file {path:?}, which is empty; write the value into it.")]
    Empty { setting: &'static str, path: PathBuf },
    #[error("ANTRITT_DATABASE_URL is not a database address; it begins with sqlite:// or postgres://, for example sqlite://antritt.sqlite.")]
    DatabaseUrl,
    #[error("ANTRITT_BASE_URL is {0:?}, which is not an http or https address.")]
    BaseUrl(String),
    #[error("ANTRITT_BASE_URL is {0:?}, but Antritt lives at the root of a host; write it as scheme and host only, for example https://antritt.example.com.")]
    BaseUrlPath(String),
    #[error("ANTRITT_LISTEN is {0:?}, which is not an address and port such as 127.0.0.1:3000 or [::]:3000.")]
    Listen(String),
    #[error("ANTRITT_SMTP_URL is not a mail server's address; write smtps://USER:PASSWORD@HOST, smtp://USER:PASSWORD@HOST:587?tls=required, or smtp://HOST.")]
    SmtpUrl,
    #[error("ANTRITT_MAIL_FROM is {0:?}, which is not a sender such as Antritt <antritt@example.com>.")]
    MailFrom(String),
    #[error("ANTRITT_COMPANY has {0} characters or a control character; write the name in one line of at most {COMPANY_LENGTH} characters.")]
    Company(usize),
    #[error("ANTRITT_TIME_ZONE is {0:?}, which is not a time zone such as Europe/Berlin.")]
    TimeZone(String),
    #[error("ANTRITT_TRUSTED_PROXIES has {0:?}, which is not an address; write addresses such as 127.0.0.1, separated by commas.")]
    TrustedProxies(String),
    #[error("ANTRITT_RETENTION_MONTHS is {0:?}, which is not a number of months from 1 to {LONGEST_RETENTION}.")]
    Retention(String),
    #[error("ANTRITT_SESSION_HOURS is {0:?}, which is not a number of hours from 1 to {LONGEST_SESSION}.")]
    SessionHours(String),
    #[error("ANTRITT_IDLE_MINUTES is {0:?}, which is not a number of minutes from {SHORTEST_IDLE} to {LONGEST_IDLE}.")]
    IdleMinutes(String),
    #[error("{setting} is neither base64 nor hex; make a key by: head -c 32 /dev/urandom | base64 > antritt.key")]
    KeyUnreadable { setting: &'static str },
    #[error("{setting} has {bytes} bytes, and a key has at least {KEY_BYTES}; make one by: head -c 32 /dev/urandom | base64 > antritt.key")]
    KeyShort { setting: &'static str, bytes: usize },
}

impl ServeOptions {
    /// Reads the named files and checks every setting.
    ///
    /// # Errors
    /// The first setting that is wrong.
    pub fn resolve(self) -> Result<Config, ConfigError> {
        let database = Secret {
            name: "ANTRITT_DATABASE_URL",
            file_name: "ANTRITT_DATABASE_URL_FILE",
            value: self.database_url,
            file: self.database_url_file,
        };
        let smtp = Secret {
            name: "ANTRITT_SMTP_URL",
            file_name: "ANTRITT_SMTP_URL_FILE",
            value: self.smtp_url,
            file: self.smtp_url_file,
        };
        let key = Secret {
            name: "ANTRITT_KEY",
            file_name: "ANTRITT_KEY_FILE",
            value: self.key,
            file: self.key_file,
        };
        Ok(Config {
            database_url: database_url(database.read()?.map_or_else(|| DATABASE.to_owned(), |(_, url)| url))?,
            base_url: base_url(&or(self.base_url, BASE))?,
            listen: listen(or(self.listen, LISTEN))?,
            smtp_url: smtp.read()?.map(|(_, url)| smtp_url(url)).transpose()?,
            mail_from: mail_from(or(self.mail_from, SENDER))?,
            company: company(&or(self.company, COMPANY))?,
            time_zone: time_zone(or(self.time_zone, ZONE))?,
            trusted_proxies: addresses(&self.trusted_proxies.unwrap_or_default())?,
            retention_months: retention(&or(self.retention_months, &RETENTION_MONTHS.to_string()))?,
            sessions: lifetimes(self.session_hours, self.idle_minutes)?,
            key: key.read()?.map(|(setting, text)| Key::parse(setting, &text)).transpose()?,
        })
    }
}

/// A value that can be set by itself or by a file that contains it.
struct Secret {
    name: &'static str,
    file_name: &'static str,
    value: Option<String>,
    file: Option<PathBuf>,
}

impl Secret {
    /// The value, with the name of the setting it came from.
    fn read(self) -> Result<Option<(&'static str, String)>, ConfigError> {
        let value = self.value.filter(|value| !value.trim().is_empty());
        let file = self.file.filter(|file| !file.as_os_str().is_empty());
        match (value, file) {
            (Some(_), Some(_)) => Err(ConfigError::Both {
                value: self.name,
                file: self.file_name,
            }),
            (Some(value), None) => Ok(Some((self.name, value.trim().to_owned()))),
            (None, Some(file)) => Ok(Some((self.file_name, contents(self.file_name, &file)?))),
            (None, None) => Ok(None),
        }
    }
}

fn contents(setting: &'static str, path: &Path) -> Result<String, ConfigError> {
    let text = fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
        setting,
        path: path.to_owned(),
        reason: error.to_string(),
    })?;
    match text.trim() {
        "" => Err(ConfigError::Empty {
            setting,
            path: path.to_owned(),
        }),
        text => Ok(text.to_owned()),
    }
}

fn addresses(list: &str) -> Result<Vec<IpAddr>, ConfigError> {
    list.split(',')
        .map(str::trim)
        .filter(|address| !address.is_empty())
        .map(|address| address.parse().map_err(|_| ConfigError::TrustedProxies(address.to_owned())))
        .collect()
}

fn retention(months: &str) -> Result<u16, ConfigError> {
    months
        .parse()
        .ok()
        .filter(|months| (1..=LONGEST_RETENTION).contains(months))
        .ok_or_else(|| ConfigError::Retention(months.to_owned()))
}

fn lifetimes(hours: Option<String>, minutes: Option<String>) -> Result<Lifetimes, ConfigError> {
    let usual = Lifetimes::default();
    let read = |value: Option<String>, usual: i64, range: RangeInclusive<i64>| {
        let text = or(value, &usual.to_string());
        text.parse().ok().filter(|number| range.contains(number)).ok_or(text)
    };
    Ok(Lifetimes {
        absolute: read(hours, usual.absolute.whole_hours(), 1..=LONGEST_SESSION)
            .map(Duration::hours)
            .map_err(ConfigError::SessionHours)?,
        idle: read(minutes, usual.idle.whole_minutes(), SHORTEST_IDLE..=LONGEST_IDLE)
            .map(Duration::minutes)
            .map_err(ConfigError::IdleMinutes)?,
    })
}

fn or(value: Option<String>, default: &str) -> String {
    value
        .map(|value| value.trim().to_owned())
        .filter(|value| !value.is_empty())
        .unwrap_or_else(|| default.to_owned())
}

fn database_url(url: String) -> Result<String, ConfigError> {
    let right = match url.split_once(':') {
        Some(("sqlite", file)) => !file.trim_start_matches('/').is_empty(),
        Some(("postgres" | "postgresql", _)) => Url::parse(&url).is_ok(),
        _ => false,
    };
    if right { Ok(url) } else { Err(ConfigError::DatabaseUrl) }
}

fn base_url(text: &str) -> Result<Url, ConfigError> {
    let wrong = || ConfigError::BaseUrl(text.to_owned());
    let url = Url::parse(text).map_err(|_| wrong())?;
    // an address with a name or password in it is refused like a wrong one: it would stand in every mail
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !url.username().is_empty() || url.password().is_some() {
        return Err(wrong());
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(ConfigError::BaseUrlPath(text.to_owned()));
    }
    Ok(url)
}

fn listen(text: String) -> Result<SocketAddr, ConfigError> {
    text.parse().map_err(|_| ConfigError::Listen(text))
}

fn smtp_url(text: String) -> Result<String, ConfigError> {
    let url = Url::parse(&text).ok().filter(Url::has_host).ok_or(ConfigError::SmtpUrl)?;
    let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
    // what lettre knows; anything else would fail only with the first mail
    match (url.scheme(), tls.as_deref()) {
        ("smtp", None | Some("required" | "opportunistic")) | ("smtps", None) => Ok(text),
        _ => Err(ConfigError::SmtpUrl),
    }
}

fn mail_from(text: String) -> Result<String, ConfigError> {
    if text.parse::<Mailbox>().is_ok() {
        Ok(text)
    } else {
        Err(ConfigError::MailFrom(text))
    }
}

fn company(text: &str) -> Result<String, ConfigError> {
    let length = text.chars().count();
    if length > COMPANY_LENGTH || text.chars().any(char::is_control) {
        Err(ConfigError::Company(length))
    } else {
        Ok(text.to_owned())
    }
}

fn time_zone(text: String) -> Result<String, ConfigError> {
    if zones::is_known(&text) { Ok(text) } else { Err(ConfigError::TimeZone(text)) }
}

impl fmt::Debug for ServeOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServeOptions")
            .field("base_url", &self.base_url)
            .field("listen", &self.listen)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("base_url", &self.base_url.as_str())
            .field("listen", &self.listen)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests;
