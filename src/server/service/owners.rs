//! Owners of accounts: how a change to their account is put on record, and the mails that reach them for being its owner.

use super::{Result, Subject};
use crate::{
    domain::{
        Instant,
        ids::{AccountId, PasswordResetId, PersonId},
        locale::Locale,
        mail::MailKind,
    },
    server::{
        store::{
            Tx,
            accounts::{self, Owner},
            outbox::{self, AccountMail},
            roles,
        },
        zones,
    },
};

impl Owner {
    /// The language in which they are written to.
    pub(super) fn locale(&self) -> Locale {
        Locale::from_tag(&self.language).unwrap_or_default()
    }

    /// The account, and the person behind it.
    pub(super) fn subject(&self) -> Subject {
        Subject {
            id: self.id,
            person: self.person_id.map(PersonId),
        }
    }

    /// A mail to them; `note` is in their language.
    pub(super) fn mail<'a>(&'a self, kind: MailKind, reset: Option<PasswordResetId>, note: &'a str) -> AccountMail<'a> {
        AccountMail {
            kind,
            account: AccountId(self.id),
            person: self.person_id.map(PersonId),
            reset,
            recipient: &self.email,
            language: self.locale(),
            note,
        }
    }
}

/// Queues a mail to an account's owner that brings nothing but its news.
pub(super) async fn tell(tx: &mut Tx, now: Instant, account: AccountId, kind: MailKind) -> Result<()> {
    tell_more(tx, now, account, kind, "").await
}

async fn tell_more(tx: &mut Tx, now: Instant, account: AccountId, kind: MailKind, note: &str) -> Result<()> {
    let Some(owner) = accounts::find_owner(tx, account).await? else {
        return Ok(());
    };
    Ok(outbox::insert_for_account(tx, now, &owner.mail(kind, None, note)).await?)
}

/// Queues a mail about an account to whoever else administers.
pub(super) async fn tell_administrators(tx: &mut Tx, now: Instant, kind: MailKind, about: AccountId) -> Result<()> {
    for one in roles::list_administrators(tx, now).await? {
        if one.account_id != about.0 && !zones::has_ended(one.end_date, one.time_zone.as_deref(), now) {
            tell_more(tx, now, AccountId(one.account_id), kind, &about.to_string()).await?;
        }
    }
    Ok(())
}
