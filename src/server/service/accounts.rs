//! Accounts: creating them, signing in, the language somebody reads.

use super::{
    App, Error, Result, Subject, audit, passwords, roles, second_step,
    throttle::{self, Caller, Purpose, Whom},
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        ids::AccountId,
        locale::Locale,
        person::{Email, Line},
        roles::Role,
    },
    server::{
        auth::{actor::Actor, password},
        ids::fresh,
        store::{
            accounts::{self, NewAccount},
            dialect, people,
        },
    },
};
use serde_json::json;

/// Creates an account with a role, or grants the role to the account that has this address. For the command line: whoever
/// can start the program on the server is trusted as an administrator.
///
/// # Errors
/// `Invalid` when the password is not fit.
pub async fn create(app: &App, now: Instant, email: &Email, name: &Line, language: Locale, role: Option<Role>, password: Option<&str>) -> Result<AccountId> {
    let hash = match password {
        Some(password) => Some(passwords::parse_for(app, name.as_str(), email.as_str(), password).await?.hash().await?),
        None => None,
    };
    let mut tx = app.store().begin().await?;
    dialect::lock_roles(&mut tx).await?;
    // By work address too: somebody's account must not be made twice.
    let existing = accounts::find_for_sign_in(&mut tx, email).await?.map(|known| AccountId(known.id));
    let person = people::find_by_email(&mut tx, email).await?.map(|person| person.id);
    let id = existing.unwrap_or_else(|| AccountId(fresh()));
    if existing.is_none() {
        accounts::insert(
            &mut tx,
            now,
            &NewAccount {
                id,
                person,
                email,
                name: name.as_str(),
                language,
            },
        )
        .await?;
        audit(&mut tx, now, None, Action::AccountCreated, Subject::thing(id.0), json!({}));
    }
    if let Some(hash) = hash {
        passwords::set_from_command_line(&mut tx, now, id, &hash).await?;
    }
    if let Some(role) = role {
        roles::give(&mut tx, app, now, id, role).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// Checks an address and a password. Unknown, without a password and wrong take equally long and answer alike.
///
/// # Errors
/// `NotFound` when they do not fit, `TooMany` after too many that did not, `Busy` when too many sign in at once.
pub async fn sign_in(app: &App, now: Instant, caller: &Caller, email: &str, password: String) -> Result<AccountId> {
    let known = match Email::parse(email) {
        Ok(email) => accounts::find_for_sign_in(&mut app.store().read().await?, &email).await?,
        Err(_) => None,
    };
    let whom = known.as_ref().map_or(Whom::Typed(email), |known| Whom::Account(AccountId(known.id)));
    let attempt = throttle::admit(app, now, Purpose::SignIn, caller, whom).await?;
    let known = known.filter(|known| !roles::is_over(known.end_date, known.time_zone.as_deref(), now));
    let (id, stored) = known.map_or((None, None), |known| (Some(AccountId(known.id)), known.password_hash));
    let fits = password::verify(password, stored).await?;
    let Some(id) = id.filter(|_| fits) else {
        attempt.failed().await;
        return Err(Error::NotFound);
    };
    attempt.succeeded().await?;
    let is_half = second_step::is_needed(app, id).await?;
    note_session(app, now, id, if is_half { Action::FirstStepTaken } else { Action::SignedIn }).await?;
    Ok(id)
}

/// Notes that an account signed out.
///
/// # Errors
/// When the database refuses.
pub async fn sign_out(app: &App, now: Instant, actor: &Actor) -> Result<()> {
    note_session(app, now, actor.account(), Action::SignedOut).await
}

async fn note_session(app: &App, now: Instant, id: AccountId, action: Action) -> Result<()> {
    let mut tx = app.store().begin().await?;
    audit(&mut tx, now, Some(id), action, Subject::thing(id.0), json!({}));
    Ok(tx.commit().await?)
}

impl Actor {
    /// Remembers the language somebody chose.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn choose_language(&self, app: &App, now: Instant, language: Locale) -> Result<()> {
        if language == self.language() {
            return Ok(());
        }
        let mut tx = app.store().begin().await?;
        accounts::set_language(&mut tx, self.account(), language).await?;
        let subject = Subject {
            id: self.account().0,
            person: self.person(),
        };
        audit(
            &mut tx,
            now,
            Some(self.account()),
            Action::LanguageChosen,
            subject,
            json!({ "language": language }),
        );
        Ok(tx.commit().await?)
    }
}
