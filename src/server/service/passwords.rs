//! Passwords: the first one, another one, a forgotten one, and what is said of one while it is typed.
//!
//! Whoever sets another password ends the account's sessions, and its owner gets a mail. A link for a new password goes to the address
//! on record of accounts that have a password, and of those that no personal link may open: with rights, or of nobody in particular.

use super::{
    App, Error, Result,
    accounts::hold_signed_in,
    audit, found, invitations,
    throttle::{self, Caller, Purpose, Whom},
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        device,
        evidence::Origin,
        ids::{AccountId, PasswordResetId},
        locale::Locale,
        mail::MailKind,
        person::Email,
        problem::{Conflict, Problem, Problems},
    },
    server::{
        auth::{
            actor::{Actor, Recognised},
            password::{self, NewPassword},
            seal::{password_reset_token, token_hash},
            strength::{MIN_LENGTH, MIN_LENGTH_BESIDE_A_FACTOR, Rules, Verdict},
        },
        ids::fresh,
        store::{
            Tx,
            accounts::{self, Owner},
            calendar_feeds, outbox,
            password_resets::{self, ResetRow},
            sessions,
        },
        zones,
    },
};
use serde_json::json;
use time::Duration;

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
    let rules = Rules::new(at_least(owner), about.into_iter().flatten().map(String::as_str));
    if app.settings().demo { rules.of_demo() } else { rules }
}

/// Reads a form, beside whatever else is wrong with it.
async fn parse(form: PasswordForm<'_>, rules: Rules, mut problems: Problems) -> Result<NewPassword> {
    let fit = problems.take("password", NewPassword::parse(form.password, rules).await?);
    if form.password != form.repeated {
        problems.add("repeated", Problem::PasswordsDiffer);
    }
    fit.filter(|_| problems.is_empty()).ok_or_else(|| problems.into())
}

/// A password from the command line, for an account that may be just being made. `about` are its owner's name and address.
pub(super) async fn parse_for(app: &App, about: [&str; 2], password: &str) -> Result<NewPassword> {
    let rules = Rules::new(MIN_LENGTH, about.into_iter().chain([&*app.settings().company]));
    let rules = if app.settings().demo { rules.of_demo() } else { rules };
    NewPassword::parse(password, rules).await?.map_err(|problem| Error::field("password", problem))
}

/// Stores a password that was set on the server's command line. Where it takes the place of another one, that is a change like any other.
pub(super) async fn set_from_command_line(tx: &mut Tx, now: Instant, account: AccountId, hash: &str) -> Result<()> {
    let owner = found(accounts::find_owner(tx, account).await?)?;
    accounts::set_password_hash(tx, account, hash).await?;
    if owner.password_hash.is_some() {
        let device = match owner.locale() {
            Locale::De => "Kommandozeile des Servers",
            Locale::En => "the server’s command line",
        };
        after_change(tx, now, device, &owner).await?;
    }
    audit(tx, now, None, Action::PasswordSet, owner.subject(), json!({}));
    Ok(())
}

impl Actor {
    /// How many characters one's own password needs.
    ///
    /// # Errors
    /// `ProofTooOld`: what is typed would be refused, so that is asked for first.
    pub async fn password_needs(&self, app: &App, now: Instant) -> Result<usize> {
        Ok(at_least(&self.owner_about_to_set(app, now).await?))
    }

    /// One's own account, before it gets another password. Where it has a second factor, that was just given: a change begins the session
    /// anew, as a proof does, so it must not be had for a password alone.
    async fn owner_about_to_set(&self, app: &App, now: Instant) -> Result<Owner> {
        let owner = found(accounts::find_owner(&mut app.store().read().await?, self.account()).await?)?;
        if owner.has_factor {
            self.freshly_proved(now)?;
        }
        Ok(owner)
    }

    /// Sets one's own first password; changing one needs the old one.
    ///
    /// # Errors
    /// `ProofTooOld` beside a second factor, `Invalid` when it is not fit or the two differ, `Conflict` when there is one.
    pub async fn set_first_password(&self, app: &App, now: Instant, form: PasswordForm<'_>) -> Result<()> {
        if self.has_password() {
            return Err(Conflict::AlreadyDone.into());
        }
        let owner = self.owner_about_to_set(app, now).await?;
        let hash = parse(form, rules(app, &owner), Problems::default()).await?.hash().await?;
        let mut tx = app.store().begin().await?;
        hold_signed_in(&mut tx, self).await?;
        accounts::set_first_password_hash(&mut tx, self.account(), &hash).await?;
        audit(&mut tx, now, Some(self.account()), Action::PasswordSet, owner.subject(), json!({}));
        Ok(tx.commit().await?)
    }

    /// Sets another password in place of `old`, ends every session of the account, and mails its owner. The caller begins a fresh one from what this returns.
    ///
    /// # Errors
    /// `ProofTooOld` beside a second factor; `Invalid` when the old one is wrong, or the new one is not fit or typed differently; `TooMany`
    /// after too many that were wrong; `Conflict` when it changed meanwhile.
    pub async fn change_password(
        &self,
        app: &App,
        now: Instant,
        (caller, origin): (&Caller, &Origin),
        old: String,
        form: PasswordForm<'_>,
    ) -> Result<Recognised> {
        let owner = self.owner_about_to_set(app, now).await?;
        let mut problems = Problems::default();
        let attempt = throttle::admit(app, Purpose::OwnPassword, caller, Whom::SignedIn(self.account(), self.session())).await?;
        if password::verify(old, owner.password_hash.clone()).await? {
            attempt.succeeded().await?;
        } else {
            attempt.failed().await;
            problems.add("old_password", Problem::WrongPassword);
        }
        let hash = parse(form, rules(app, &owner), problems).await?.hash().await?;
        let mut tx = app.store().begin().await?;
        hold_signed_in(&mut tx, self).await?;
        let old = owner.password_hash.as_deref().unwrap_or_default();
        accounts::replace_password_hash(&mut tx, self.account(), old, &hash)
            .await
            .map_err(super::when_stale(Conflict::ChangedMeanwhile))?;
        after_change(&mut tx, now, &device::describe(&origin.user_agent, owner.locale()), &owner).await?;
        audit(&mut tx, now, Some(self.account()), Action::PasswordChanged, owner.subject(), json!({}));
        let who = Recognised::now(&mut tx, self.account()).await?;
        tx.commit().await?;
        Ok(who)
    }
}

/// Whoever knew the old password is out, and the owner hears of it. `device` is in the owner's language.
async fn after_change(tx: &mut Tx, now: Instant, device: &str, owner: &Owner) -> Result<()> {
    let account = AccountId(owner.id);
    sessions::delete_of_account(tx, account, None).await?;
    calendar_feeds::end_of_account(tx, now, account).await?;
    password_resets::revoke_of_account(tx, now, account).await?;
    Ok(outbox::insert_for_account(tx, now, &owner.mail(MailKind::PasswordChanged, None, device)).await?)
}

/// Sends whoever cannot sign in a way in, to the address on record: a link for a new password where an account has a password or
/// rights, or belongs to nobody in particular, else a personal link. Where nothing sends mail, nobody but who runs the server can read a link
/// for a new password, so whoever may have a personal link gets that one, which an administrator passes on. The answer is the same, and takes as long, whether the address is known or not.
///
/// # Errors
/// `TooMany` when one address asked, or was asked for, too often.
pub async fn send_way_in(app: &App, now: Instant, caller: &Caller, email: &str) -> Result<()> {
    let (sent, ()) = tokio::join!(send_by_address(app, now, caller, email), tokio::time::sleep(FLOOR));
    sent
}

async fn send_by_address(app: &App, now: Instant, caller: &Caller, typed: &str) -> Result<()> {
    // Counts whatever becomes of it, so that nothing is told about who is known. A recipient counts by each of their addresses.
    let _counted = throttle::admit(app, Purpose::Mail, caller, Whom::Typed(typed)).await?;
    let Ok(email) = Email::known(typed) else {
        return Ok(());
    };
    let mut tx = app.store().begin().await?;
    let known = accounts::find_for_sign_in(&mut tx, &email).await?;
    if let Some(known) = known.filter(|known| !zones::has_ended(known.end_date, known.time_zone.as_deref(), now))
        && let Some(owner) = accounts::find_owner(&mut tx, AccountId(known.id)).await?
        && (owner.person_id.is_none()
            || (owner.password_hash.is_some() && app.settings().sends_mail)
            || accounts::holds_role(&mut tx, now, AccountId(known.id)).await?)
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
    outbox::insert_for_account(&mut tx, now, &owner.mail(MailKind::PasswordReset, Some(id), "")).await?;
    audit(&mut tx, now, None, Action::PasswordResetRequested, owner.subject(), json!({}));
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

/// Uses a link up: sets a new password and ends every session of the account. It signs nobody in; returns whose password it is.
///
/// # Errors
/// As [`look`], and `Invalid` when the password is not fit or the two differ; `TooMany` after too many links that nobody sent.
pub async fn reset(app: &App, now: Instant, (caller, origin): (&Caller, &Origin), token: &str, form: PasswordForm<'_>) -> Result<AccountId> {
    let attempt = throttle::admit(app, Purpose::Link, caller, Whom::Typed(token)).await?;
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
    after_change(&mut tx, now, &device::describe(&origin.user_agent, owner.locale()), &owner).await?;
    audit(&mut tx, now, Some(account), Action::PasswordReset, owner.subject(), json!({}));
    tx.commit().await?;
    Ok(account)
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
