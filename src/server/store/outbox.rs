//! Mails that wait to be sent, written in the transaction of the change that causes them.
//!
//! A row holds what the mail is about, never a usable link: the link is made from the key when the mail is rendered.

use super::{Db, Page, Result, Tx, dialect, exactly_one, on_db};
use crate::domain::{
    Instant,
    ids::{AccountId, DigestId, InvitationId, PasswordResetId, PersonId},
    locale::Locale,
    mail::MailKind,
};
use sqlx::FromRow;
use uuid::Uuid;

/// A mail in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct MailRow {
    pub id: Uuid,
    pub kind: String,
    pub person_id: Option<Uuid>,
    pub invitation_id: Option<Uuid>,
    pub account_id: Option<Uuid>,
    pub password_reset_id: Option<Uuid>,
    pub digest_id: Option<Uuid>,
    pub recipient: String,
    pub language: String,
    pub created_at: Instant,
    pub next_attempt_at: Instant,
    pub attempts: i64,
    pub sent_at: Option<Instant>,
    pub last_error: Option<String>,
    pub note: String,
}

/// Queues the mail with a personal link.
///
/// # Errors
/// When the database refuses.
pub async fn insert_invitation(tx: &mut Tx, now: Instant, person: PersonId, invitation: InvitationId, recipient: &str, language: Locale) -> Result<()> {
    let recipient = tx.vault().seal_address(recipient);
    on_db!(tx, |c| sqlx::query(
        "insert into outbox (id, kind, person_id, invitation_id, recipient, language, created_at, next_attempt_at, attempts)
         values ($1, 'invitation', $2, $3, $4, $5, $6, $6, 0)"
    )
    .bind(crate::server::ids::fresh())
    .bind(person.0)
    .bind(invitation.0)
    .bind(recipient)
    .bind(language.tag())
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// A mail to an account's owner.
pub struct AccountMail<'a> {
    pub kind: MailKind,
    pub account: AccountId,
    pub person: Option<PersonId>,
    /// The link it brings, if any.
    pub reset: Option<PasswordResetId>,
    pub recipient: &'a str,
    pub language: Locale,
    /// What it tells besides, in that language.
    pub note: &'a str,
}

/// Queues a mail to an account's owner.
///
/// # Errors
/// When the database refuses.
pub async fn insert_for_account(tx: &mut Tx, now: Instant, mail: &AccountMail<'_>) -> Result<()> {
    let recipient = tx.vault().seal_address(mail.recipient);
    on_db!(tx, |c| sqlx::query(
        "insert into outbox (id, kind, account_id, person_id, password_reset_id, recipient, language, note, created_at, next_attempt_at, attempts)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 0)"
    )
    .bind(crate::server::ids::fresh())
    .bind(mail.kind.as_str())
    .bind(mail.account.0)
    .bind(mail.person.map(|id| id.0))
    .bind(mail.reset.map(|id| id.0))
    .bind(recipient)
    .bind(mail.language.tag())
    .bind(mail.note)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// A mail of reminders.
pub struct DigestMail<'a> {
    pub kind: MailKind,
    pub digest: DigestId,
    pub person: Option<PersonId>,
    pub account: Option<AccountId>,
    pub recipient: &'a str,
    pub language: Locale,
}

/// Queues a mail of reminders.
///
/// # Errors
/// When the database refuses.
pub async fn insert_digest(tx: &mut Tx, now: Instant, mail: &DigestMail<'_>) -> Result<()> {
    let recipient = tx.vault().seal_address(mail.recipient);
    on_db!(tx, |c| sqlx::query(
        "insert into outbox (id, kind, digest_id, person_id, account_id, recipient, language, created_at, next_attempt_at, attempts)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8, 0)"
    )
    .bind(crate::server::ids::fresh())
    .bind(mail.kind.as_str())
    .bind(mail.digest.0)
    .bind(mail.person.map(|id| id.0))
    .bind(mail.account.map(|id| id.0))
    .bind(recipient)
    .bind(mail.language.tag())
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// A mail to a person that brings no link of its own.
pub struct PersonMail<'a> {
    pub kind: MailKind,
    pub person: PersonId,
    pub recipient: &'a str,
    pub language: Locale,
}

/// Queues a mail to a person.
///
/// # Errors
/// When the database refuses.
pub async fn insert_for_person(tx: &mut Tx, now: Instant, mail: &PersonMail<'_>) -> Result<()> {
    let recipient = tx.vault().seal_address(mail.recipient);
    on_db!(tx, |c| sqlx::query(
        "insert into outbox (id, kind, person_id, recipient, language, created_at, next_attempt_at, attempts) values ($1, $2, $3, $4, $5, $6, $6, 0)"
    )
    .bind(crate::server::ids::fresh())
    .bind(mail.kind.as_str())
    .bind(mail.person.0)
    .bind(recipient)
    .bind(mail.language.tag())
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Gives a leased mail back until it may leave; that was no try.
///
/// # Errors
/// `Stale` when it was sent meanwhile.
pub async fn postpone(tx: &mut Tx, id: Uuid, until: Instant) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update outbox set leased_until = null, next_attempt_at = $2, attempts = attempts - 1 where id = $1 and sent_at is null"
    )
    .bind(id)
    .bind(until)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Takes a mail out that has nothing to say any more.
///
/// # Errors
/// `Stale` when it was sent meanwhile.
pub async fn discard(tx: &mut Tx, id: Uuid) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query("delete from outbox where id = $1 and sent_at is null")
        .bind(id)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// Takes up to `limit` due mails for this sender alone until `lease_until`.
///
/// # Errors
/// When the database refuses.
pub async fn lease(tx: &mut Tx, now: Instant, lease_until: Instant, limit: i64) -> Result<Vec<MailRow>> {
    let sql = dialect::lease_sql(tx);
    let mut rows: Vec<MailRow> = on_db!(tx, |c| sqlx::query_as(sql).bind(now).bind(lease_until).bind(limit).fetch_all(c).await?);
    for row in &mut rows {
        row.recipient = tx.open_address(&row.recipient)?;
    }
    Ok(rows)
}

/// Puts mails whose link was renewed back into the outbox. Returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn send_again(tx: &mut Tx, now: Instant) -> Result<u64> {
    Ok(on_db!(tx, |c| sqlx::query(
        "update outbox set sent_at = null, leased_until = null, last_error = null, attempts = 0, next_attempt_at = $1
         where sent_at is not null
             and exists (select 1 from invitation i where i.id = outbox.invitation_id and i.used_at is null and i.revoked_at is null and i.expires_at > $1)"
    )
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Notes that a mail was handed over.
///
/// # Errors
/// `Stale` when it was noted before.
pub async fn mark_sent(tx: &mut Tx, now: Instant, id: Uuid) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update outbox set sent_at = $2, leased_until = null, last_error = null where id = $1 and sent_at is null"
    )
    .bind(id)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Notes that a mail could not be handed over, and when to try again.
///
/// # Errors
/// `Stale` when it was sent meanwhile.
pub async fn mark_failed(tx: &mut Tx, id: Uuid, next_attempt_at: Instant, error: &str) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update outbox set leased_until = null, next_attempt_at = $2, last_error = $3 where id = $1 and sent_at is null"
    )
    .bind(id)
    .bind(next_attempt_at)
    .bind(error)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// A mail with the name of the person it goes to and the state of its link.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct MailListRow {
    pub id: Uuid,
    pub kind: String,
    pub recipient: String,
    /// The recipient is not the work address of a person.
    pub private: bool,
    pub language: String,
    pub created_at: Instant,
    pub sent_at: Option<Instant>,
    pub attempts: i64,
    pub last_error: Option<String>,
    pub name: Option<String>,
    pub invitation_id: Option<Uuid>,
    pub start_date: Option<time::Date>,
    pub note: String,
    /// The link was opened and used up.
    pub used: bool,
    /// The link can still be opened, or there is none.
    pub live: bool,
}

/// A page of mails, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &mut Db, now: Instant, before: Option<(Instant, Uuid)>, limit: i64) -> Result<Page<MailListRow>> {
    let (at, id) = before.map_or((None, None), |(at, id)| (Some(at), Some(id)));
    let mut rows: Vec<MailListRow> = on_db!(db, |c| {
        sqlx::query_as(
        "select o.id, o.kind, o.recipient, o.language, o.created_at, o.sent_at, o.attempts, o.last_error, coalesce(p.name, a.name) as name,
             o.invitation_id, p.start_date, o.note,
             exists (select 1 from person w where w.id = coalesce(o.person_id, a.person_id) and (w.work_email is null or w.work_email <> o.recipient)) as private,
             i.used_at is not null or r.used_at is not null as used,
             case when o.invitation_id is not null then i.used_at is null and i.revoked_at is null and i.expires_at > $1
                  when o.password_reset_id is not null then r.used_at is null and r.revoked_at is null and r.expires_at > $1
                  else true end as live
         from outbox o left join person p on p.id = o.person_id left join account a on a.id = o.account_id
         left join invitation i on i.id = o.invitation_id left join password_reset r on r.id = o.password_reset_id
         where ($2 is null or o.created_at < $2 or (o.created_at = $2 and o.id < $3))
         order by o.created_at desc, o.id desc limit $4"
    )
    .bind(now)
    .bind(at)
    .bind(id)
    .bind(limit + 1)
    .fetch_all(c)
    .await?
    });
    for row in &mut rows {
        row.recipient = db.open_address(&row.recipient)?;
    }
    Ok(Page::cut(rows, limit))
}
