//! Opening the installation that the settings describe, with a sentence for everything that can be wrong about it.

use super::Fault;
use crate::server::{
    clock::Clock,
    config::{Config, Key, ServeOptions},
    service::{
        App, Settings,
        opening::{self, Durability, OpenError},
    },
};
use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// How to make a key, as every message about one says it.
const MAKE_A_KEY: &str = "make one by: head -c 32 /dev/urandom | base64 > antritt.key, and set ANTRITT_KEY_FILE=antritt.key";

/// `antritt migrate`
///
/// # Errors
/// One sentence that names what is wrong and how to mend it.
pub async fn migrate(options: ServeOptions) -> Result<ExitCode, Fault> {
    let app = open_up_to_date(&options.resolve()?).await?;
    opening::close(&app).await;
    println!("The database is up to date.");
    Ok(ExitCode::SUCCESS)
}

/// Opens the installation and brings its database up to date.
///
/// # Errors
/// One sentence that names what is wrong and how to mend it.
pub async fn open_up_to_date(config: &Config) -> Result<App, Fault> {
    let app = open(config).await?;
    opening::bring_up_to_date(&app).await.map_err(|error| match error {
        OpenError::OtherKey => other_key(),
        error => Fault::failure(format!("The database could not be brought up to date ({error}).")),
    })?;
    Ok(app)
}

/// Opens the installation as it is.
///
/// # Errors
/// One sentence that names what is wrong and how to mend it.
pub async fn open(config: &Config) -> Result<App, Fault> {
    let file = sqlite_file(&config.database_url);
    if let Some(file) = &file {
        check_file(file)?;
    }
    let settings = Settings {
        trusted_proxies: config.trusted_proxies.clone(),
        retention_months: config.retention_months,
        sessions: config.sessions,
        company: config.company.clone(),
        base_url: config.base().to_owned(),
        time_zone: config.time_zone.clone(),
        key: require_key(config)?,
        sends_mail: config.smtp_url.is_some(),
        demo: false,
        second_factor_required: true,
    };
    opening::open(&config.database_url, Durability::Full, Clock::System, settings)
        .await
        .map_err(|error| unopened(file.as_deref(), &error))
}

/// Addresses are sealed with the key, and so are links in mails and what people sign: nothing works without one.
fn require_key(config: &Config) -> Result<Key, Fault> {
    let missing = || Fault::setting(format!("ANTRITT_KEY is missing; {MAKE_A_KEY}"));
    config.key.clone().ok_or_else(missing)
}

/// The sentence for a key that is not the database's.
pub fn other_key() -> Fault {
    Fault::setting(
        "ANTRITT_KEY (or ANTRITT_KEY_FILE) is not the key that this database is sealed with; set the key it was last started with, or the one that \
         antritt keys rotate changed it to.",
    )
}

/// The sentence for a database that this program cannot work with.
pub fn unopened(file: Option<&Path>, error: &OpenError) -> Fault {
    match (error, file) {
        (OpenError::OtherKey, _) => other_key(),
        (OpenError::SqliteTooOld(version), _) => Fault::setting(format!(
            "This program was built with SQLite {version}, which can corrupt databases; build it with SQLite 3.51.3 or later."
        )),
        (OpenError::Refused(reason), Some(file)) => Fault::setting(format!(
            "The database {file:?} cannot be opened ({reason}); name a SQLite file in a directory that this user may write to."
        )),
        (OpenError::Refused(reason), None) => Fault::setting(format!(
            "The database that ANTRITT_DATABASE_URL names cannot be used ({reason}); check its host, name, user and password."
        )),
    }
}

/// The file of a `SQLite` address; none of a database in memory or on a server.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split('?').next().unwrap_or_default();
    (path != ":memory:").then(|| PathBuf::from(path))
}

fn check_file(file: &Path) -> Result<(), Fault> {
    if file.is_dir() {
        return Err(Fault::setting(format!(
            "ANTRITT_DATABASE_URL names {file:?}, which is a directory; name a file in it, for example {:?}.",
            file.join("antritt.sqlite")
        )));
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(Fault::setting(format!(
            "ANTRITT_DATABASE_URL names a file in {folder:?}, which is no directory; create it first."
        )));
    }
    let existed = file.exists();
    let opened = OpenOptions::new().append(true).create(true).open(file);
    if !existed && opened.is_ok() {
        // Only a try: SQLite makes the file with what belongs into it.
        let _ = fs::remove_file(file);
    }
    opened.map(drop).map_err(|error| {
        Fault::setting(format!(
            "ANTRITT_DATABASE_URL names {file:?}, which cannot be written ({error}); let this user write to it, or name another file."
        ))
    })
}
