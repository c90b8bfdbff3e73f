//! The outbox: what waits, what was sent, and, where no mail server is set up, the links themselves.

use super::{
    App, Result, Subject, audit,
    desks::OutboxDesk,
    mail::{self, Mail},
    passwords::{CHANGED_MAIL, RESET_MAIL},
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        factor::Notice,
        ids::{AccountId, InvitationId, PasswordResetId, PersonId},
        locale::Locale,
    },
    server::store::{
        Page, Tx, accounts,
        outbox::{self, MailListRow, MailRow},
        people::{self, Scope},
    },
};
use serde_json::json;
use time::Duration;
use uuid::Uuid;

/// Mails on one page.
pub const PAGE: i64 = 30;
/// How long a sender keeps a mail to itself before another may try.
const LEASE: Duration = Duration::minutes(2);

/// A mail in the list, with its text where it has not left yet.
#[derive(Clone, Debug)]
pub struct Listed {
    pub row: MailListRow,
    /// Shown only for personal links, while nothing sends mail and the link can still be opened: by a link for a new password whoever reads
    /// mails here could take over an account with more rights.
    pub mail: Option<Mail>,
}

impl OutboxDesk<'_> {
    /// A page of mails, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(&self, now: Instant, before: Option<(Instant, Uuid)>) -> Result<Page<Listed>> {
        let mut db = self.app.store().read().await?;
        let Page { rows, more } = outbox::list(&mut db, now, before, PAGE).await?;
        let listed = |row: MailListRow| {
            let readable = !self.app.settings().sends_mail && row.sent_at.is_none() && row.live;
            let mail = readable.then(|| render(self.app, &row)).flatten();
            Listed { row, mail }
        };
        Ok(Page {
            rows: rows.into_iter().map(listed).collect(),
            more,
        })
    }
}

fn render(app: &App, row: &MailListRow) -> Option<Mail> {
    let language = Locale::from_tag(&row.language).unwrap_or_default();
    Some(mail::invitation(
        app,
        InvitationId(row.invitation_id?),
        &row.recipient,
        row.name.as_deref()?,
        row.start_date?,
        language,
    ))
}

/// Why a mail could not be handed over. Stored by its words, which name nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The mail server refused with this code.
    #[error("answer {0}")]
    Answer(u16),
    #[error("timeout")]
    Timeout,
    #[error("tls")]
    Tls,
    #[error("unreachable")]
    Unreachable,
    /// The recipient's address cannot be written into a mail.
    #[error("address")]
    Address,
}

impl SendError {
    /// Reads the stored words.
    #[must_use]
    pub fn from_stored(words: &str) -> Option<Self> {
        match words {
            "timeout" => Some(Self::Timeout),
            "tls" => Some(Self::Tls),
            "unreachable" => Some(Self::Unreachable),
            "address" => Some(Self::Address),
            _ => words.strip_prefix("answer ")?.parse().ok().map(Self::Answer),
        }
    }
}

/// Takes due mails for this sender alone, ready to be handed over.
///
/// # Errors
/// When the database refuses.
pub async fn take_due(app: &App, now: Instant, limit: i64) -> Result<Vec<(MailRow, Mail)>> {
    let mut tx = app.store().begin().await?;
    let rows = outbox::lease(&mut tx, now, now + LEASE, limit).await?;
    let mut mails = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(mail) = write(&mut tx, app, &row).await? {
            mails.push((row, mail));
        }
    }
    tx.commit_housekeeping().await?;
    Ok(mails)
}

/// What a mail says; none when nobody is there any more whom it could reach.
async fn write(tx: &mut Tx, app: &App, row: &MailRow) -> Result<Option<Mail>> {
    let language = Locale::from_tag(&row.language).unwrap_or_default();
    if let (Some(person), Some(invitation)) = (row.person_id, row.invitation_id) {
        let person = people::find(tx, Scope::All, PersonId(person)).await?;
        return Ok(person.map(|person| {
            let details = person.details;
            let id = InvitationId(invitation);
            mail::invitation(app, id, &row.recipient, details.name.as_str(), details.start_date, language)
        }));
    }
    let Some(account) = row.account_id else { return Ok(None) };
    let Some(owner) = accounts::find_owner(tx, AccountId(account)).await? else {
        return Ok(None);
    };
    Ok(match (row.kind.as_str(), row.password_reset_id) {
        (RESET_MAIL, Some(id)) => Some(mail::password_reset(app, PasswordResetId(id), &row.recipient, &owner.name, language)),
        (CHANGED_MAIL, _) => Some(mail::password_changed(app, row.created_at, &row.note, &row.recipient, &owner.name, language)),
        (kind, _) => Notice::from_stored(kind).map(|notice| mail::factor_notice(app, notice, row.created_at, &row.recipient, &owner.name, language)),
    })
}

/// Notes that a mail was handed over.
///
/// # Errors
/// When the database refuses.
pub async fn note_sent(app: &App, now: Instant, row: &MailRow) -> Result<()> {
    let mut tx = app.store().begin().await?;
    outbox::mark_sent(&mut tx, now, row.id).await?;
    let subject = Subject {
        id: row.id,
        person: row.person_id.map(PersonId),
    };
    audit(&mut tx, now, None, Action::MailSent, subject, json!({ "kind": row.kind }));
    Ok(tx.commit().await?)
}

/// Notes a refusal and plans the next try: after 1, 2, 4 … minutes, at most 6 hours apart.
///
/// # Errors
/// When the database refuses.
pub async fn note_failed(app: &App, now: Instant, row: &MailRow, error: &str) -> Result<()> {
    let doublings = u32::try_from(row.attempts.clamp(1, 9) - 1).unwrap_or(0);
    let wait = (Duration::minutes(1) * 2_i32.pow(doublings)).min(Duration::hours(6));
    let mut tx = app.store().begin().await?;
    outbox::mark_failed(&mut tx, row.id, now + wait, error).await?;
    let subject = Subject {
        id: row.id,
        person: row.person_id.map(PersonId),
    };
    audit(
        &mut tx,
        now,
        None,
        Action::MailFailed,
        subject,
        json!({ "kind": row.kind, "attempt": row.attempts }),
    );
    Ok(tx.commit().await?)
}
