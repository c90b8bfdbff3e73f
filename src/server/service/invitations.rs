//! Personal links: sending, opening, sending again.

use super::{
    App, Error, Result, Subject, audit,
    desks::PeopleEditingDesk,
    found, people,
    throttle::{self, Caller, Purpose, Whom},
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        ids::{AccountId, InvitationId, PersonId},
        person::{Email, Person},
        problem::Conflict,
    },
    server::{
        auth::{
            actor::Recognised,
            seal::{invitation_token, limit_key, token_hash},
        },
        ids::fresh,
        store::{
            Db, StoreError, Tx,
            accounts::{self, NewAccount},
            invitations, outbox,
            people::{self as people_store, Scope},
            throttle as throttle_store,
        },
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use time::Duration;

/// How long a link can be opened.
const LIFETIME: Duration = Duration::days(14);
/// A second press of the button of the same page within so many seconds is the same press: browsers cancel the first answer of a
/// double click, and what it brought.
const SAME_PRESS: i64 = 10;
/// A link that a reminder brings is open for so long at least.
const STAYS_OPEN: Duration = Duration::days(2);
/// How soon somebody may ask for another link, for themselves or for others.
const PAUSE: Duration = Duration::minutes(5);

/// What somebody sees who follows a link, before it is used.
#[derive(Clone, Debug)]
pub struct Landing {
    pub person: Person,
    /// None: it can be opened. Otherwise why not.
    pub obstacle: Option<Conflict>,
    /// What the button sends along, another one each time the page is made: who has the link alone cannot tell it.
    pub press: String,
}

impl PeopleEditingDesk<'_> {
    /// Sends a person a new link; earlier unused ones stop working.
    ///
    /// # Errors
    /// `NotFound` when there is no such person, `Conflict` when they left, and while one waits for them that was sent moments ago.
    pub async fn invite(&self, now: Instant, id: PersonId) -> Result<()> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let person = found(people_store::find_for_change(&mut tx, id).await?)?;
        if people::has_left(&person, now) {
            return Err(Conflict::Ended.into());
        }
        // One that was used, or ended with its address, is no reason to wait.
        let open = invitations::newest(&mut tx, id)
            .await?
            .filter(|link| link.used_at.is_none() && link.revoked_at.is_none());
        if open.is_some_and(|link| link.created_at + PAUSE > now) {
            return Err(Conflict::TooSoon.into());
        }
        send(&mut tx, self.app, now, Some(self.actor.account()), &person).await?;
        Ok(tx.commit().await?)
    }
}

/// Queues the mail with a fresh link in the transaction of whatever caused it.
pub(super) async fn send(tx: &mut Tx, app: &App, now: Instant, by: Option<AccountId>, person: &Person) -> Result<()> {
    let id = make(tx, app, now, by, person).await?;
    let details = &person.details;
    Ok(outbox::insert_invitation(tx, now, person.id, id, details.private_email.as_str(), details.language).await?)
}

/// Makes a fresh link, for a mail that is queued beside it.
async fn make(tx: &mut Tx, app: &App, now: Instant, by: Option<AccountId>, person: &Person) -> Result<InvitationId> {
    let id = InvitationId(fresh());
    let hash = token_hash(&invitation_token(&app.settings().key, id));
    invitations::insert(tx, now, id, person.id, &hash, by, now + LIFETIME).await?;
    audit(tx, now, by, Action::InvitationSent, Subject::about(id.0, person.id), json!({}));
    Ok(id)
}

/// Sees to it that a reminder has a link to bring that can still be opened on the day after tomorrow.
pub(super) async fn keep_alive(tx: &mut Tx, app: &App, now: Instant, person: &Person) -> Result<()> {
    if find_live(tx, now + STAYS_OPEN, person.id).await?.is_none() {
        make(tx, app, now, None, person).await?;
    }
    Ok(())
}

/// The link that a person can open at that moment.
pub(super) async fn find_live(db: &mut Db, at: Instant, person: PersonId) -> Result<Option<InvitationId>> {
    let newest = invitations::newest(db, person).await?;
    let live = newest.filter(|link| link.used_at.is_none() && link.revoked_at.is_none() && link.expires_at > at);
    Ok(live.map(|link| InvitationId(link.id)))
}

/// Looks at a link without using it up: mail scanners open links too.
///
/// # Errors
/// `NotFound` when nobody ever sent this link.
pub async fn look(app: &App, now: Instant, token: &str) -> Result<Landing> {
    let mut db = app.store().read().await?;
    let link = found(invitations::find(&mut db, &token_hash(token)).await?)?;
    let person = found(people_store::find(&mut db, Scope::All, PersonId(link.person_id)).await?)?;
    let obstacle = if people::has_left(&person, now) {
        Some(Conflict::Ended)
    } else if link.used_at.is_some() {
        Some(Conflict::LinkUsed)
    } else if link.revoked_at.is_some() || link.expires_at <= now {
        Some(Conflict::LinkExpired)
    } else {
        None
    };
    let press = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
    Ok(Landing { person, obstacle, press })
}

/// Uses a link up and returns the account to sign in, made now if there is none. `press`: see [`Landing`]; empty for a program.
///
/// # Errors
/// `NotFound` when nobody ever sent this link, `TooMany` after too many of those, `Conflict` when it was used or has expired, or when
/// the account's rights ask for its password.
pub async fn accept(app: &App, now: Instant, caller: &Caller, token: &str, press: &str) -> Result<Recognised> {
    let attempt = throttle::admit(app, Purpose::Link, caller, Whom::Typed(token)).await?;
    let accepted = use_up(app, now, token, press).await;
    match &accepted {
        Err(Error::NotFound) => attempt.failed().await,
        _ => attempt.succeeded().await?,
    }
    accepted
}

async fn use_up(app: &App, now: Instant, token: &str, press: &str) -> Result<Recognised> {
    let mut tx = app.store().begin().await?;
    let link = found(invitations::find(&mut tx, &token_hash(token)).await?)?;
    let person = found(people_store::find_for_change(&mut tx, PersonId(link.person_id)).await?)?;
    if people::has_left(&person, now) {
        return Err(Conflict::Ended.into());
    }
    // Read again: while this one waited for the person, another press may have used the link.
    let link = found(invitations::find(&mut tx, &token_hash(token)).await?)?;
    let known = accounts::find_of_person(&mut tx, person.id).await?;
    let has_rights = match known {
        Some(account) => accounts::holds_role(&mut tx, now, account).await?,
        // One with rights that is not connected yet: all others were given to their person.
        None => accounts::find_by_address(&mut tx, &person.details.private_email).await?.is_some(),
    };
    if has_rights {
        // Else whoever may change an address could sign in as an administrator.
        return Err(Conflict::PasswordOnly.into());
    }
    // Remembered as limits are: under a keyed hash, and forgotten by itself.
    let second = now.unix_timestamp();
    let press = (!press.is_empty()).then(|| limit_key(&app.settings().key, "press", &format!("{} {press}", link.id)));
    if let (Some(account), Some(press)) = (known, &press)
        && throttle_store::find(&mut tx, press).await?.is_some_and(|over_at| second < over_at)
    {
        return Ok(Recognised::now(&mut tx, account).await?);
    }
    invitations::mark_used(&mut tx, now, InvitationId(link.id)).await.map_err(|error| match error {
        StoreError::Stale if link.used_at.is_some() => Error::Conflict(Conflict::LinkUsed),
        StoreError::Stale => Error::Conflict(Conflict::LinkExpired),
        other => other.into(),
    })?;
    if let Some(press) = &press {
        throttle_store::charge(&mut tx, press, second, SAME_PRESS, SAME_PRESS).await?;
    }
    // Whoever is in needs no other link.
    invitations::revoke_of_person(&mut tx, now, person.id).await?;
    let account = match known {
        Some(account) => account,
        None => create_account(&mut tx, now, &person).await?,
    };
    audit(
        &mut tx,
        now,
        Some(account),
        Action::InvitationAccepted,
        Subject::about(link.id, person.id),
        json!({}),
    );
    let who = Recognised::now(&mut tx, account).await?;
    tx.commit().await?;
    Ok(who)
}

async fn create_account(tx: &mut Tx, now: Instant, person: &Person) -> Result<AccountId> {
    let details = &person.details;
    let id = AccountId(fresh());
    let account = NewAccount {
        id,
        person: Some(person.id),
        email: &details.private_email,
        name: details.name.as_str(),
        language: details.language,
    };
    accounts::insert(tx, now, &account).await?;
    Ok(id)
}

/// Sends another link to whoever holds a used or expired one, to the address it went to. Whoever found an old link gains
/// nothing by it.
///
/// # Errors
/// `NotFound` for a link nobody sent, `TooMany` when it was asked for too often, `Conflict` when one was sent moments ago or the
/// person left.
pub async fn renew(app: &App, now: Instant, caller: &Caller, token: &str) -> Result<()> {
    let link = invitations::find(&mut app.store().read().await?, &token_hash(token)).await?;
    let whom = link.as_ref().map_or(Whom::Typed(token), |link| Whom::Person(PersonId(link.person_id)));
    let attempt = throttle::admit(app, Purpose::Mail, caller, whom).await?;
    let Some(link) = link else {
        attempt.failed().await;
        return Err(Error::NotFound);
    };
    let mut tx = app.store().begin().await?;
    let person = found(people_store::find_for_change(&mut tx, PersonId(link.person_id)).await?)?;
    if people::has_left(&person, now) {
        return Err(Conflict::Ended.into());
    }
    let newest = invitations::newest(&mut tx, person.id).await?;
    if newest.is_some_and(|newest| newest.created_at + PAUSE > now) {
        return Err(Conflict::TooSoon.into());
    }
    send(&mut tx, app, now, None, &person).await?;
    Ok(tx.commit().await?)
}

/// Sends a link to whoever asks at sign-in, if the address belongs to somebody. The answer is the same either way.
pub(super) async fn send_to_address(mut tx: Tx, app: &App, now: Instant, email: &Email) -> Result<()> {
    let Some(person) = people_store::find_by_email(&mut tx, email).await? else {
        return Ok(());
    };
    let newest = invitations::newest(&mut tx, person.id).await?;
    if people::has_left(&person, now) || newest.is_some_and(|newest| newest.created_at + PAUSE > now) {
        return Ok(());
    }
    send(&mut tx, app, now, None, &person).await?;
    Ok(tx.commit().await?)
}
