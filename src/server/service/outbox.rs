//! The outbox: what waits, what was sent, and, where no mail server is set up, what the mails say.

use super::{
    App, Result, Subject, audit,
    desks::OutboxDesk,
    digests::{self, Written},
    mail::{self, Mail},
    reminders,
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        ids::{AccountId, DigestId, InvitationId, PasswordResetId, PersonId},
        locale::Locale,
        mail::MailKind,
        roles::Permission,
    },
    server::{
        store::{
            Page, Tx, accounts,
            outbox::{self, MailListRow, MailRow},
            people::{self, Scope},
        },
        zones,
    },
};
use serde_json::json;
use time::{Date, Duration};
use uuid::Uuid;

/// Mails on one page.
pub const PAGE: i64 = 30;
/// How long a sender keeps a mail to itself before another may try.
const LEASE: Duration = Duration::minutes(2);

/// A mail in the list, with its text where it has not left yet.
#[derive(Clone, Debug)]
pub struct Listed {
    /// A private address is masked for whoever may not see those.
    pub row: MailListRow,
    /// Shown only while nothing sends mail, as long as its link can be opened, and never with a link for a new password.
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
        let sees_contact = self.actor.may(Permission::ReadContact);
        let listed = |mut row: MailListRow| {
            if row.private && !sees_contact {
                row.recipient = masked(&row.recipient);
            }
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

/// What is known of a mail, wherever it is read.
struct Known<'a> {
    kind: MailKind,
    invitation: Option<Uuid>,
    reset: Option<Uuid>,
    recipient: &'a str,
    name: &'a str,
    /// Of whoever a personal link is for.
    start: Option<Date>,
    manager: Option<&'a str>,
    at: Instant,
    note: &'a str,
    locale: Locale,
}

/// What a mail says; none where the link is missing that it would bring.
fn text(app: &App, known: &Known<'_>) -> Option<Mail> {
    let (to, name, at, locale) = (known.recipient, known.name, known.at, known.locale);
    Some(match known.kind {
        MailKind::Invitation => {
            let start = mail::Start {
                day: known.start?,
                is_over: zones::is_over(&app.settings().time_zone, known.start?, at),
            };
            mail::invitation(app, InvitationId(known.invitation?), to, name, start, locale)
        }
        MailKind::PasswordReset => mail::password_reset(app, PasswordResetId(known.reset?), to, name, locale),
        MailKind::PasswordChanged => mail::password_changed(app, at, known.note, to, name, locale),
        MailKind::AddressChanged => mail::address_changed(app, at, to, name, locale),
        MailKind::AccountAdded => mail::account_added(app, to, name, locale),
        MailKind::AccountRaised => mail::account_raised(app, to, name, locale),
        MailKind::RoleRequested => mail::role_requested(app, to, name, locale),
        MailKind::AccountLeftOpen => mail::account_left_open(app, known.note, to, name, locale),
        MailKind::Nudge => mail::nudge(app, to, name, known.manager, locale),
        MailKind::Factor(notice) => mail::factor_notice(app, notice, at, to, name, locale),
        // Written when it leaves, from what is open then.
        MailKind::Digest => return None,
    })
}

/// Enough of an address to see whether it is another one: its first letter, and where it is.
pub(super) fn masked(address: &str) -> String {
    let first = address.chars().next().unwrap_or_default();
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    format!("{first}…@{domain}")
}

fn render(app: &App, row: &MailListRow) -> Option<Mail> {
    let kind = MailKind::from_stored(&row.kind).filter(|kind| kind.may_be_passed_on())?;
    let known = Known {
        kind,
        invitation: row.invitation_id,
        reset: None,
        recipient: &row.recipient,
        name: row.name.as_deref()?,
        start: row.start_date,
        manager: None,
        at: row.created_at,
        note: &row.note,
        locale: Locale::from_tag(&row.language).unwrap_or_default(),
    };
    text(app, &known)
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
    let mut dropped = 0;
    for row in rows {
        let Some(digest) = row.digest_id.map(DigestId) else {
            let mail = write(&mut tx, app, &row).await?;
            mails.extend(mail.map(|mail| (row, mail)));
            continue;
        };
        match digests::write(&mut tx, app, now, &row, digest).await? {
            Written::Mail(mail) => mails.push((row, mail)),
            Written::Later(at) => outbox::postpone(&mut tx, row.id, at).await?,
            Written::Moot => {
                digests::discard(&mut tx, now, &row, digest).await?;
                dropped += 1;
            }
        }
    }
    if dropped > 0 {
        tx.commit().await?;
    } else {
        tx.commit_housekeeping().await?;
    }
    Ok(mails)
}

/// What a mail says; none when nobody is there any more whom it could reach.
async fn write(tx: &mut Tx, app: &App, row: &MailRow) -> Result<Option<Mail>> {
    let Some(kind) = MailKind::from_stored(&row.kind) else { return Ok(None) };
    let reader = match (kind, row.person_id, row.account_id) {
        (MailKind::Invitation | MailKind::Nudge, Some(person), _) => {
            let person = people::find(tx, Scope::All, PersonId(person)).await?;
            person.map(|person| (person.details.name.into_string(), Some(person.details.start_date), person.manager_id))
        }
        (_, _, Some(account)) => accounts::find_owner(tx, AccountId(account)).await?.map(|owner| (owner.name, None, None)),
        _ => None,
    };
    let Some((name, start, manager)) = reader else { return Ok(None) };
    let manager = match manager {
        Some(manager) => people::find(tx, Scope::All, manager).await?.map(|manager| manager.details.name.into_string()),
        None => None,
    };
    Ok({
        let known = Known {
            kind,
            invitation: row.invitation_id,
            reset: row.password_reset_id,
            recipient: &row.recipient,
            name: &name,
            start,
            manager: manager.as_deref(),
            at: row.created_at,
            note: &row.note,
            locale: Locale::from_tag(&row.language).unwrap_or_default(),
        };
        text(app, &known)
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
    let mut detail = match row.digest_id {
        Some(digest) => reminders::justify(&mut tx, DigestId(digest)).await?,
        None => json!({}),
    };
    detail["kind"] = json!(row.kind);
    audit(&mut tx, now, None, Action::MailSent, subject, detail);
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
