//! Opening and closing an installation: its database, as this program needs it.

use super::{App, Settings};
use crate::server::{
    clock::Clock,
    store::{Store, StoreError, dialect},
    vault::Vault,
};

pub use crate::server::store::Durability;

/// Older ones can corrupt a database in WAL mode when two connections write at once (sqlite.org/wal.html, "the WAL-reset bug").
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// Why an installation could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// In the driver's words, which name neither the address nor the password.
    #[error("{0}")]
    Refused(String),
    #[error("SQLite {0} is too old")]
    SqliteTooOld(String),
    #[error("it is sealed with another key")]
    OtherKey,
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::OtherKey) {
            return Self::OtherKey;
        }
        Self::Refused(match error {
            StoreError::Database(sqlx::Error::PoolTimedOut) => "it does not answer".to_owned(),
            StoreError::Database(sqlx::Error::Configuration(_)) => "its address cannot be read".to_owned(),
            StoreError::Database(sqlx::Error::Database(error)) => error.message().to_owned(),
            other => other.to_string(),
        })
    }
}

/// Connects to the database. Nothing is changed in it yet.
///
/// # Errors
/// When it cannot be reached, or this program was built with a `SQLite` that is too old.
pub async fn open(url: &str, durability: Durability, clock: Clock, settings: Settings) -> Result<App, OpenError> {
    let store = Store::connect(url, durability, Vault::new(&settings.key)).await?;
    if let Some(version) = dialect::sqlite_version(&mut store.read().await?).await?
        && is_too_old(&version)
    {
        return Err(OpenError::SqliteTooOld(version));
    }
    Ok(App::new(store, clock, settings))
}

fn is_too_old(version: &str) -> bool {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut part = || parts.next().unwrap_or(0);
    (part(), part(), part()) < OLDEST_SQLITE
}

/// Brings the schema up to date, makes sure of the key, and makes the default requirements on the first start.
///
/// # Errors
/// When a migration fails, the key is not the database's, or the database refuses.
pub async fn bring_up_to_date(app: &App) -> Result<(), OpenError> {
    app.store().migrate().await?;
    super::keys::settle(app, app.now()).await?;
    super::setup::prepare(app, app.now())
        .await
        .map_err(|error| OpenError::Refused(error.to_string()))
}

/// Closes the database in an orderly way.
pub async fn close(app: &App) {
    app.store().close().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert!(is_too_old("3.51.2") && is_too_old("3.9.99") && is_too_old("nonsense"));
        assert!(!is_too_old("3.51.3") && !is_too_old("3.100.0") && !is_too_old("4.0"));
    }
}
