//! Passwords: the first one, another one, a forgotten one, and what is said of one while it is typed.
//!
//! Whoever sets another password ends the account's sessions, and its owner gets a mail. A link for a new password goes to the address
//! on record of accounts that no personal link may open: those with rights, and those of nobody in particular.

use super::{
    App, Error, Result, Subject, audit, found, invitations, roles,
    throttle::{self, Caller, Purpose, Whom},
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        device,
        evidence::Origin,
        ids::{AccountId, PasswordResetId, PersonId},
        locale::Locale,
        person::Email,
        problem::{Conflict, Problem, Problems},
    },
    server::{
        auth::{
            actor::Actor,
            password::{self, NewPassword},
            seal::{password_reset_token, token_hash},
            strength::{MIN_LENGTH, MIN_LENGTH_BESIDE_A_FACTOR, Rules, Verdict},
        },
        ids::fresh,
        store::{
            Tx,
            accounts::{self, Owner},
            outbox::{self, AccountMail},
            password_resets::{self, ResetRow},
            sessions,
        },
    },
};
use serde_json::json;
use time::Duration;

/// The mail that brings a link for a new password, as stored.
pub(super) const RESET_MAIL: &str = "password_reset";
/// The mail that says that the password changed, as stored.
pub(super) const CHANGED_MAIL: &str = "password_changed";

/// How long a link for a new password can be used.
const LIFETIME: Duration = Duration::minutes(30);
/// How soon another one is sent.
const PAUSE: Duration = Duration::minutes(5);
/// Asking for a link takes at least so long, so that nobody can tell by the time whether one was sent.
const FLOOR: std::time::Duration = std::time::Duration::from_millis(400);

/// A new password as it was typed, twice.
#[derive(Clone, Copy)]
pub struct PasswordForm<'a> {
    pub password: &'a str,
    pub repeated: &'a str,
}

/// The fewest characters of the owner's password.
const fn at_least(owner: &Owner) -> usize {
    if owner.has_factor { MIN_LENGTH_BESIDE_A_FACTOR } else { MIN_LENGTH }
}

/// What the owner's password is held against.
fn rules(app: &App, owner: &Owner) -> Rules {
    let about = [
        Some(&app.settings().company),
        Some(&owner.name),
        Some(&owner.email),
        owner.private_email.as_ref(),
        owner.work_email.as_ref(),
        owner.department.as_ref(),
    ];
    Rules::new(at_least(owner), about.into_iter().flatten().map(String::as_str))
}

/// Reads a form, beside whatever else is wrong with it.
async fn parse(form: PasswordForm<'_>, rules: Rules, mut problems: Problems) -> Result<NewPassword> {
    let fit = problems.take("password", NewPassword::parse(form.password, rules).await?);
    if form.password != form.repeated {
        problems.add("repeated", Problem::PasswordsDiffer);
    }
    fit.filter(|_| problems.is_empty()).ok_or_else(|| problems.into())
}

/// The first password of an account that is just being made, from the command line.
pub(super) async fn parse_for(app: &App, name: &str, email: &str, password: &str) -> Result<NewPassword> {
    let rules = Rules::new(MIN_LENGTH, [name, email, &app.settings().company]);
    NewPassword::parse(password, rules).await?.map_err(|problem| Error::field("password", problem))
}

/// Stores a password that was set on the server's command line. Where it takes the place of another one, that is a change like any other.
pub(super) async fn set_from_command_line(tx: &mut Tx, now: Instant, account: AccountId, hash: &str) -> Result<()> {
    let owner = found(accounts::find_owner(tx, account).await?)?;
    accounts::set_password_hash(tx, account, hash).await?;
    if owner.password_hash.is_some() {
        let device = match language(&owner) {
            Locale::De => "Kommandozeile des Servers",
            Locale::En => "the server’s command line",
        };
        after_change(tx, now, device, &owner).await?;
    }
    audit(tx, now, None, Action::PasswordSet, subject(&owner), json!({}));
    Ok(())
}

impl Actor {
    /// How many characters one's own password needs.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn password_needs(&self, app: &App) -> Result<usize> {
        let owner = found(accounts::find_owner(&mut app.store().read().await?, self.account()).await?)?;
        Ok(at_least(&owner))
    }

    /// Sets one's own first password; changing one needs the old one.
    ///
    /// # Errors
    /// `Invalid` when it is not fit or the two differ, `Conflict` when there is one.
    pub async fn set_first_password(&self, app: &App, now: Instant, form: PasswordForm<'_>) -> Result<()> {
        if self.has_password() {
            return Err(Conflict::AlreadyDone.into());
        }
        let owner = found(accounts::find_owner(&mut app.store().read().await?, self.account()).await?)?;
        let hash = parse(form, rules(app, &owner), Problems::default()).await?.hash().await?;
        let mut tx = app.store().begin().await?;
        accounts::set_first_password_hash(&mut tx, self.account(), &hash).await?;
        audit(&mut tx, now, Some(self.account()), Action::PasswordSet, subject(&owner), json!({}));
        Ok(tx.commit().await?)
    }

    /// Sets another password in place of `old`, ends every session of the account, and mails its owner. The caller begins a fresh one.
    ///
    /// # Errors
    /// `Invalid` when the old one is wrong, or the new one is not fit or typed differently; `TooMany` after too many that were wrong; `Conflict` when it changed meanwhile.
    pub async fn change_password(&self, app: &App, now: Instant, (caller, origin): (&Caller, &Origin), old: String, form: PasswordForm<'_>) -> Result<()> {
        let owner = found(accounts::find_owner(&mut app.store().read().await?, self.account()).await?)?;
        let mut problems = Problems::default();
        let attempt = throttle::admit(app, now, Purpose::OwnPassword, caller, Whom::Account(self.account())).await?;
        if password::verify(old, owner.password_hash.clone()).await? {
            attempt.succeeded().await?;
        } else {
            attempt.failed().await;
            problems.add("old_password", Problem::WrongPassword);
        }
        let hash = parse(form, rules(app, &owner), problems).await?.hash().await?;
        let mut tx = app.store().begin().await?;
        let old = owner.password_hash.as_deref().unwrap_or_default();
        accounts::replace_password_hash(&mut tx, self.account(), old, &hash)
            .await
            .map_err(super::when_stale(Conflict::ChangedMeanwhile))?;
        after_change(&mut tx, now, &device::describe(&origin.user_agent, language(&owner)), &owner).await?;
        audit(&mut tx, now, Some(self.account()), Action::PasswordChanged, subject(&owner), json!({}));
        Ok(tx.commit().await?)
    }
}

/// Whoever knew the old password is out, and the owner hears of it. `device` is in the owner's language.
async fn after_change(tx: &mut Tx, now: Instant, device: &str, owner: &Owner) -> Result<()> {
    let account = AccountId(owner.id);
    sessions::delete_of_account(tx, account, None).await?;
    password_resets::revoke_of_account(tx, now, account).await?;
    Ok(outbox::insert_for_account(tx, now, &mail(owner, CHANGED_MAIL, None, device)).await?)
}

fn mail<'a>(owner: &'a Owner, kind: &'static str, reset: Option<PasswordResetId>, note: &'a str) -> AccountMail<'a> {
    AccountMail {
        kind,
        account: AccountId(owner.id),
        person: owner.person_id.map(PersonId),
        reset,
        recipient: &owner.email,
        language: language(owner),
        note,
    }
}

fn language(owner: &Owner) -> Locale {
    Locale::from_tag(&owner.language).unwrap_or_default()
}

fn subject(owner: &Owner) -> Subject {
    Subject {
        id: owner.id,
        person: owner.person_id.map(PersonId),
    }
}

/// Sends whoever cannot sign in a way in, to the address on record: a link for a new password where an account has rights or belongs to
/// nobody in particular, else a personal link. The answer is the same, and takes as long, whether the address is known or not.
///
/// # Errors
/// `TooMany` when one address asked, or was asked for, too often.
pub async fn send_way_in(app: &App, now: Instant, caller: &Caller, email: &str) -> Result<()> {
    let (sent, ()) = tokio::join!(send_by_address(app, now, caller, email), tokio::time::sleep(FLOOR));
    sent
}

async fn send_by_address(app: &App, now: Instant, caller: &Caller, typed: &str) -> Result<()> {
    // Counts whatever becomes of it, so that nothing is told about who is known. A recipient counts by each of their addresses.
    let _counted = throttle::admit(app, now, Purpose::Mail, caller, Whom::Typed(typed)).await?;
    let Ok(email) = Email::parse(typed) else {
        return Ok(());
    };
    let mut tx = app.store().begin().await?;
    let known = accounts::find_for_sign_in(&mut tx, &email).await?;
    if let Some(known) = known.filter(|known| !roles::is_over(known.end_date, known.time_zone.as_deref(), now))
        && let Some(owner) = accounts::find_owner(&mut tx, AccountId(known.id)).await?
        && (owner.person_id.is_none() || accounts::holds_role(&mut tx, now, AccountId(known.id)).await?)
    {
        return send_reset(tx, app, now, &owner).await;
    }
    invitations::send_to_address(tx, app, now, &email).await
}

async fn send_reset(mut tx: Tx, app: &App, now: Instant, owner: &Owner) -> Result<()> {
    let account = AccountId(owner.id);
    let newest = password_resets::find_newest_at(&mut tx, account).await?;
    if newest.is_some_and(|newest| newest + PAUSE > now) {
        return Ok(());
    }
    let id = PasswordResetId(fresh());
    let hash = token_hash(&password_reset_token(&app.settings().key, id));
    password_resets::insert(&mut tx, now, id, account, &hash, now + LIFETIME).await?;
    outbox::insert_for_account(&mut tx, now, &mail(owner, RESET_MAIL, Some(id), "")).await?;
    audit(&mut tx, now, None, Action::PasswordResetRequested, subject(owner), json!({}));
    Ok(tx.commit().await?)
}

/// A link for a new password, while it works.
async fn find_reset(app: &App, now: Instant, token: &str) -> Result<(ResetRow, Owner)> {
    let mut db = app.store().read().await?;
    let reset = found(password_resets::find(&mut db, &token_hash(token)).await?)?;
    if reset.used_at.is_some() {
        return Err(Conflict::LinkUsed.into());
    }
    if reset.revoked_at.is_some() || reset.expires_at <= now {
        return Err(Conflict::LinkExpired.into());
    }
    let owner = found(accounts::find_owner(&mut db, AccountId(reset.account_id)).await?)?;
    Ok((reset, owner))
}

/// Looks at a link for a new password without using it up: mail scanners open links too. Returns how many characters the password needs.
///
/// # Errors
/// `NotFound` for a link that nobody sent, `Conflict` for one that works no longer.
pub async fn look(app: &App, now: Instant, token: &str) -> Result<usize> {
    find_reset(app, now, token).await.map(|(_, owner)| at_least(&owner))
}

/// Uses a link up: sets a new password and ends every session of the account. It signs nobody in.
///
/// # Errors
/// As [`look`], and `Invalid` when the password is not fit or the two differ; `TooMany` after too many links that nobody sent.
pub async fn reset(app: &App, now: Instant, (caller, origin): (&Caller, &Origin), token: &str, form: PasswordForm<'_>) -> Result<()> {
    let attempt = throttle::admit(app, now, Purpose::Link, caller, Whom::Typed(token)).await?;
    let (reset, owner) = match find_reset(app, now, token).await {
        Err(Error::NotFound) => {
            attempt.failed().await;
            return Err(Error::NotFound);
        }
        known => {
            attempt.succeeded().await?;
            known?
        }
    };
    let hash = parse(form, rules(app, &owner), Problems::default()).await?.hash().await?;
    let account = AccountId(owner.id);
    let mut tx = app.store().begin().await?;
    password_resets::mark_used(&mut tx, now, PasswordResetId(reset.id))
        .await
        .map_err(super::when_stale(Conflict::LinkUsed))?;
    accounts::set_password_hash(&mut tx, account, &hash).await?;
    after_change(&mut tx, now, &device::describe(&origin.user_agent, language(&owner)), &owner).await?;
    audit(&mut tx, now, Some(account), Action::PasswordReset, subject(&owner), json!({}));
    Ok(tx.commit().await?)
}

/// Says how good a password is that somebody is typing: somebody signed in, or with a working link for a new password.
///
/// # Errors
/// `NotFound` or `Conflict` for anybody else.
pub async fn judge(app: &App, now: Instant, actor: Option<&Actor>, token: &str, typed: &str) -> Result<Verdict> {
    let owner = match actor.filter(|_| token.is_empty()) {
        Some(actor) => found(accounts::find_owner(&mut app.store().read().await?, actor.account()).await?)?,
        None => find_reset(app, now, token).await?.1,
    };
    Ok(password::judge(typed, rules(app, &owner)).await?)
}
