//! Accounts: creating them, signing in, the language somebody reads.

use super::{
    App, Error, Result, Subject, audit, known_browsers, passwords,
    people::has_left,
    roles, second_step,
    throttle::{self, Caller, Purpose, Whom},
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        ids::AccountId,
        locale::Locale,
        person::{Email, Line},
        problem::Problem,
        roles::Role,
    },
    server::{
        auth::{
            actor::{Actor, Recognised},
            password,
        },
        ids::fresh,
        store::{
            StoreError, Tx,
            accounts::{self, NewAccount, SignIn},
            dialect, people, sessions,
        },
        zones,
    },
};
use serde_json::json;

/// Creates an account with a role, or grants the role to the account that has this address. For the command line: whoever
/// can start the program on the server is trusted as an administrator. A `name` renames an account that is no person's; one that is
/// bears the name of its person.
///
/// # Errors
/// `Invalid` when the password is not fit, or a new account would have no name.
pub async fn create(
    app: &App,
    now: Instant,
    email: &Email,
    name: Option<&Line>,
    language: Locale,
    role: Option<Role>,
    password: Option<&str>,
) -> Result<AccountId> {
    let hash = match password {
        Some(password) => {
            let about = [name.map_or("", Line::as_str), email.as_str()];
            Some(passwords::parse_for(app, about, password).await?.hash().await?)
        }
        None => None,
    };
    let mut tx = app.store().begin().await?;
    dialect::lock_roles(&mut tx).await?;
    // By work address too: somebody's account must not be made twice.
    let existing = accounts::find_for_sign_in(&mut tx, email).await?.map(|known| AccountId(known.id));
    let person = people::find_by_email(&mut tx, email).await?.map(|person| person.id);
    let id = existing.unwrap_or_else(|| AccountId(fresh()));
    let mut is_changed = existing.is_none() || hash.is_some();
    if existing.is_some() {
        is_changed |= rename(&mut tx, now, id, name).await?;
    } else {
        let name = name.ok_or_else(|| Error::field("name", Problem::Required))?;
        let new = NewAccount {
            id,
            person,
            email,
            name: name.as_str(),
            language,
        };
        accounts::insert(&mut tx, now, &new).await?;
        audit(&mut tx, now, None, Action::AccountCreated, Subject::thing(id.0), json!({}));
    }
    // Before the password: what was set up without rights does not carry over to them.
    if let Some(role) = role {
        is_changed |= roles::give(&mut tx, app, now, id, role, email).await?;
    }
    if let Some(hash) = hash {
        passwords::set_from_command_line(&mut tx, now, id, &hash).await?;
    }
    if is_changed {
        tx.commit().await?;
    }
    Ok(id)
}

/// Gives an account another name, unless a person stands behind it. Says whether it did.
async fn rename(tx: &mut Tx, now: Instant, id: AccountId, name: Option<&Line>) -> Result<bool> {
    let Some(name) = name else { return Ok(false) };
    let is_new = accounts::rename(tx, id, name.as_str()).await?;
    if is_new {
        audit(tx, now, None, Action::AccountRenamed, Subject::thing(id.0), json!({ "name": name.as_str() }));
    }
    Ok(is_new)
}

/// Checks an address and a password. Unknown, without a password and wrong take equally long and answer alike.
///
/// # Errors
/// `NotFound` when they do not fit, `TooMany` after too many that did not, `Busy` when too many sign in at once.
pub async fn sign_in(app: &App, now: Instant, caller: &Caller, email: &str, password: String) -> Result<Recognised> {
    let known = match Email::known(email) {
        Ok(email) => accounts::find_for_sign_in(&mut app.store().read().await?, &email).await?,
        Err(_) => None,
    };
    let whom = known.as_ref().and_then(|known| {
        let secrets = known_browsers::secrets(known.password_hash.as_deref(), known.has_factor);
        known_browsers::known_to(app, now, caller, AccountId(known.id), &secrets)
    });
    let whom = whom.unwrap_or(Whom::Address(email, known.as_ref().map(|known| AccountId(known.id))));
    let attempt = throttle::admit(app, Purpose::SignIn, caller, whom).await?;
    let known = known.filter(|known| !zones::has_ended(known.end_date, known.time_zone.as_deref(), now));
    let recognised = |known: SignIn| Recognised {
        account: AccountId(known.id),
        epoch: known.epoch,
    };
    let stored = known.as_ref().and_then(|known| known.password_hash.clone());
    let fits = password::verify(password, stored).await?;
    let Some(who) = known.map(recognised).filter(|_| fits) else {
        attempt.failed().await;
        return Err(Error::NotFound);
    };
    attempt.succeeded().await?;
    let is_half = second_step::is_needed(app, who.account).await?;
    note_session(app, now, who.account, if is_half { Action::FirstStepTaken } else { Action::SignedIn }).await?;
    Ok(who)
}

/// An account as somebody who just proved to be its owner, for whoever lets the invented people of the demo in.
///
/// # Errors
/// When the database refuses.
pub async fn recognised(app: &App, account: AccountId) -> Result<Recognised> {
    Ok(Recognised::now(&mut app.store().read().await?, account).await?)
}

/// Ends the session of somebody who signs out, and whatever was about to take its place.
///
/// # Errors
/// When the database refuses.
pub async fn sign_out(app: &App, now: Instant, actor: &Actor) -> Result<()> {
    let mut tx = app.store().begin().await?;
    match sessions::delete_one(&mut tx, actor.account(), actor.session()).await {
        Ok(()) | Err(StoreError::Stale) => {}
        Err(other) => return Err(other.into()),
    }
    let id = actor.account();
    audit(&mut tx, now, Some(id), Action::SignedOut, Subject::thing(id.0), json!({}));
    Ok(tx.commit().await?)
}

async fn note_session(app: &App, now: Instant, id: AccountId, action: Action) -> Result<()> {
    let mut tx = app.store().begin().await?;
    audit(&mut tx, now, Some(id), action, Subject::thing(id.0), json!({}));
    Ok(tx.commit().await?)
}

impl Actor {
    /// Whether somebody is on record under the address of one's account, whom nobody has taken: an administrator whom HR added as a
    /// member of the team. HR cannot give them the account, for then HR could take it away.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn finds_own_record(&self, app: &App) -> Result<bool> {
        if self.person().is_some() {
            return Ok(false);
        }
        Ok(accounts::find_person_to_take(&mut app.store().read().await?, self.account()).await?.is_some())
    }

    /// Becomes the person on record under the address of one's account.
    ///
    /// # Errors
    /// `ProofTooOld`; `NotFound` where there is none.
    pub async fn take_own_record(&self, app: &App, now: Instant) -> Result<()> {
        self.freshly_proved(now)?;
        let mut tx = app.store().begin_by(self.author()).await?;
        let id = self.account();
        let person = accounts::find_person_to_take(&mut tx, id).await?.ok_or(Error::NotFound)?;
        let known = people::find_for_change(&mut tx, person).await?.ok_or(Error::NotFound)?;
        if has_left(&known, now) {
            return Err(Error::NotFound);
        }
        accounts::take_person(&mut tx, id, person).await?;
        audit(&mut tx, now, Some(id), Action::PersonTaken, Subject::about(id.0, person), json!({}));
        Ok(tx.commit().await?)
    }

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
        let subject = Subject::of_actor(self);
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

/// Takes the account of whoever acts for this transaction, so that nobody acts whose sessions were ended since the request was let in.
///
/// # Errors
/// `Forbidden` when they were, or the account was disabled.
pub(super) async fn hold_signed_in(tx: &mut Tx, actor: &Actor) -> Result<()> {
    match accounts::hold_at(tx, actor.account(), actor.recognised().epoch).await {
        Err(StoreError::Stale) => Err(Error::Forbidden),
        held => Ok(held?),
    }
}
