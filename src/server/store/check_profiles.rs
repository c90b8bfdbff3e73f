//! Country profiles of background checks.

use super::{Db, Result, StoreError, Tx, exactly_one, on_db};
use crate::domain::{
    Instant,
    check_profile::{GENERIC, Profile},
    locale::Bilingual,
    person::Country,
};
use sqlx::FromRow;

/// A profile as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileVersion {
    pub profile: Profile,
    /// From 1; one more with each change.
    pub version: i64,
}

#[derive(FromRow)]
pub(super) struct ProfileRow {
    country: String,
    sentence_de: String,
    sentence_en: String,
    needs_consent: bool,
    patience_days: i64,
    purge_after_days: i64,
    choices: String,
    version: i64,
}

impl ProfileRow {
    pub(super) fn into_profile(self) -> Result<ProfileVersion> {
        let corrupt = || StoreError::Corrupt("check profile");
        let days = |days: i64| u16::try_from(days).map_err(|_| corrupt());
        let country = match self.country.as_str() {
            GENERIC => None,
            code => Some(Country::parse(code).map_err(|_| corrupt())?),
        };
        Ok(ProfileVersion {
            profile: Profile {
                country,
                sentence: Bilingual {
                    de: self.sentence_de,
                    en: self.sentence_en,
                },
                needs_consent: self.needs_consent,
                patience_days: days(self.patience_days)?,
                purge_after_days: days(self.purge_after_days)?,
                choices: serde_json::from_str(&self.choices).map_err(|_| corrupt())?,
            },
            version: self.version,
        })
    }
}

fn choices_of(profile: &Profile) -> Result<String> {
    serde_json::to_string(&profile.choices).map_err(|_| StoreError::Corrupt("check profile"))
}

/// Adds a profile. Says whether it did: a country that has one keeps it.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, now: Instant, profile: &Profile) -> Result<bool> {
    let choices = choices_of(profile)?;
    let rows = on_db!(tx, |c| sqlx::query(
        "insert into check_profile (country, sentence_de, sentence_en, needs_consent, patience_days, purge_after_days, choices, version, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, 1, $8) on conflict (country) do nothing"
    )
    .bind(profile.key())
    .bind(profile.sentence.de.as_str())
    .bind(profile.sentence.en.as_str())
    .bind(profile.needs_consent)
    .bind(i64::from(profile.patience_days))
    .bind(i64::from(profile.purge_after_days))
    .bind(choices)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?);
    Ok(rows == 1)
}

/// Changes the profile that stands in `from`.
///
/// # Errors
/// `Stale` when somebody changed it meanwhile.
pub async fn update(tx: &mut Tx, now: Instant, profile: &Profile, from: i64) -> Result<()> {
    let choices = choices_of(profile)?;
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update check_profile set sentence_de = $3, sentence_en = $4, needs_consent = $5, patience_days = $6, purge_after_days = $7, choices = $8,
             version = version + 1, changed_at = $9
         where country = $1 and version = $2"
    )
    .bind(profile.key())
    .bind(from)
    .bind(profile.sentence.de.as_str())
    .bind(profile.sentence.en.as_str())
    .bind(profile.needs_consent)
    .bind(i64::from(profile.patience_days))
    .bind(i64::from(profile.purge_after_days))
    .bind(choices)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// The profile with a key.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, key: &str) -> Result<Option<ProfileVersion>> {
    let row: Option<ProfileRow> = on_db!(db, |c| sqlx::query_as(
        "select country, sentence_de, sentence_en, needs_consent, patience_days, purge_after_days, choices, version from check_profile where country = $1"
    )
    .bind(key)
    .fetch_optional(c)
    .await?);
    row.map(ProfileRow::into_profile).transpose()
}

/// All profiles by country, the one for all others last. There are never more than countries.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &mut Db) -> Result<Vec<ProfileVersion>> {
    let rows: Vec<ProfileRow> = on_db!(db, |c| sqlx::query_as(
        "select country, sentence_de, sentence_en, needs_consent, patience_days, purge_after_days, choices, version from check_profile
         order by case when country = 'generic' then 1 else 0 end, country"
    )
    .fetch_all(c)
    .await?);
    rows.into_iter().map(ProfileRow::into_profile).collect()
}
