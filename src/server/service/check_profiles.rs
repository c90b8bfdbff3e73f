//! Country profiles of background checks: six come with the program, administrators change them and add others. What a
//! change does not reach is what was decided before: a check keeps the words and the legal basis it was decided by.

use super::{App, Error, Result, Subject, audit, desks::CheckProfileDesk, found, when_stale};
use crate::{
    domain::{
        Instant,
        audit::Action,
        check_profile::{ChoiceForm, GENERIC, Profile, ProfileForm},
        person::Country,
        problem::{Conflict, Problem},
    },
    server::{
        ids::fresh,
        store::check_profiles::{self, ProfileVersion},
    },
};
use serde_json::json;
use uuid::Uuid;

/// The profiles that come with the program.
const DEFAULTS: &str = include_str!("../seed/checks/profiles.json");

fn defaults() -> serde_json::Result<Vec<Profile>> {
    serde_json::from_str(DEFAULTS)
}

/// Brings the default profiles that are not there yet: all on the first start, new ones after an upgrade.
///
/// # Errors
/// When the database refuses.
pub async fn prepare(app: &App, now: Instant) -> Result<()> {
    let mut tx = app.store().begin().await?;
    let mut added = Vec::new();
    for profile in defaults().map_err(|error| Error::Internal(Box::new(error)))? {
        if check_profiles::insert(&mut tx, now, &profile).await? {
            added.push(profile.key().to_owned());
        }
    }
    if added.is_empty() {
        return Ok(());
    }
    audit(
        &mut tx,
        now,
        None,
        Action::CheckProfilesPrepared,
        subject(GENERIC),
        json!({ "countries": added }),
    );
    Ok(tx.commit().await?)
}

/// A profile has no id but its country: the bytes of its key stand for it in the audit trail.
fn subject(key: &str) -> Subject {
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(key.bytes()) {
        *to = from;
    }
    Subject::thing(Uuid::from_bytes(bytes))
}

impl CheckProfileDesk<'_> {
    /// All profiles, the one for all other countries last.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(&self) -> Result<Vec<ProfileVersion>> {
        Ok(check_profiles::list(&mut self.app.store().read().await?).await?)
    }

    /// One profile by its key.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub async fn get(&self, key: &str) -> Result<ProfileVersion> {
        found(check_profiles::find(&mut self.app.store().read().await?, key).await?)
    }

    /// Gives a country a profile of its own, to begin with a copy of the one for all others. Returns its key.
    ///
    /// # Errors
    /// `Invalid` for what is no country, or has a profile.
    pub async fn add(&self, now: Instant, country: &str) -> Result<String> {
        let country = Country::parse(country).map_err(|problem| Error::field("country", problem))?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let profile = Profile {
            country: Some(country),
            ..found(check_profiles::find(&mut tx, GENERIC).await?)?.profile
        };
        if !check_profiles::insert(&mut tx, now, &profile).await? {
            return Err(Error::field("country", Problem::CountryTaken));
        }
        let (by, key) = (Some(self.actor.account()), profile.key().to_owned());
        let detail = json!({ "version": 1, "profile": profile });
        audit(&mut tx, now, by, Action::CheckProfileAdded, subject(&key), detail);
        tx.commit().await?;
        Ok(key)
    }

    /// Changes the profile that the form showed in `version`. Says whether anything changed.
    ///
    /// # Errors
    /// `Invalid` with every problem found; `Conflict` when somebody else changed it meanwhile.
    pub async fn change(&self, now: Instant, key: &str, version: i64, form: &ProfileForm, rows: &[ChoiceForm]) -> Result<bool> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let before = found(check_profiles::find(&mut tx, key).await?)?.profile;
        let after = form.parse(rows, &before, || fresh().simple().to_string())?;
        if after == before {
            return Ok(false);
        }
        check_profiles::update(&mut tx, now, &after, version)
            .await
            .map_err(when_stale(Conflict::ChangedMeanwhile))?;
        let detail = json!({ "version": version + 1, "profile": after });
        audit(&mut tx, now, Some(self.actor.account()), Action::CheckProfileChanged, subject(key), detail);
        tx.commit().await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check_profile::{MAX_CHOICES, MAX_SENTENCE, Way};
    use std::collections::HashSet;

    #[test]
    fn six_profiles_ship_complete_and_in_both_languages() {
        let profiles = defaults().unwrap();
        let keys: Vec<_> = profiles.iter().map(Profile::key).collect();
        assert_eq!(keys, ["DE", "AT", "CH", "US", "GB", GENERIC]);
        for profile in &profiles {
            let key = profile.key();
            assert!(profile.country.as_ref().is_none_or(|country| Country::parse(country.as_str()).is_ok()));
            for text in [&profile.sentence.de, &profile.sentence.en] {
                assert!(!text.is_empty() && text.chars().count() <= MAX_SENTENCE, "{key}");
            }
            assert!(
                profile.sentence.de.ends_with("keine Rechtsberatung.") && profile.sentence.en.ends_with("no legal advice."),
                "{key}"
            );
            assert!(profile.choices.len() <= MAX_CHOICES);
            let unique: HashSet<_> = profile.choices.iter().map(|choice| &choice.key).collect();
            assert_eq!(unique.len(), profile.choices.len(), "{key}");
            for choice in &profile.choices {
                let said = [&choice.label.de, &choice.label.en, &choice.legal_basis]
                    .into_iter()
                    .all(|text| !text.is_empty());
                assert!(said && !matches!(choice.key.as_str(), "cleared" | "not_cleared"), "{key}: {}", choice.key);
            }
            for way in Way::ALL {
                assert!(profile.choices.iter().any(|choice| choice.way == way), "{key} offers {way:?}");
            }
        }
    }
}
