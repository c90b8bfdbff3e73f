//! Addresses of people who have an account. Personal links and links for a new password go there, so whoever changes one could lead such
//! a link into a mailbox of their own and change the address back. Hence a change wants a fresh proof, ends what is open, is a security
//! event, and its owner hears of it at every address from before.

use super::{Result, Subject, audit};
use crate::{
    domain::{
        Instant,
        audit::Action,
        ids::AccountId,
        mail::MailKind,
        person::{Email, Person, PersonDetails},
    },
    server::store::{
        Tx,
        accounts::{self, Owner},
        calendar_feeds, invitations,
        outbox::{self, AccountMail},
        password_resets, sessions,
    },
};
use serde_json::json;
use std::collections::BTreeSet;

/// The form names of the two addresses of a person.
const FIELDS: [&str; 2] = ["private_email", "work_email"];

/// Both addresses, in the order of [`FIELDS`].
const fn both(details: &PersonDetails) -> [Option<&Email>; 2] {
    [Some(&details.private_email), details.work_email.as_ref()]
}

/// Whether an address differs.
pub(super) fn differ(before: &PersonDetails, after: &PersonDetails) -> bool {
    both(before) != both(after)
}

/// Whether a field is one of a person's addresses.
pub(super) fn is_address(field: &str) -> bool {
    FIELDS.contains(&field)
}

/// What follows from a change of addresses, before the account follows its person. Says whether that is an entry of its own. Personal
/// links go to the private address, so they end with it: they may lie in a stranger's mailbox. They outlive a work address, which most
/// people get while their invitation waits for them. Whoever has no account loses nothing else.
pub(super) async fn after_change(tx: &mut Tx, now: Instant, by: Option<AccountId>, before: &Person, after: &Person) -> Result<bool> {
    if !differ(&before.details, &after.details) {
        return Ok(false);
    }
    if before.details.private_email != after.details.private_email {
        invitations::revoke_of_person(tx, now, after.id).await?;
    }
    let Some(account) = accounts::find_of_person(tx, after.id).await? else {
        return Ok(false);
    };
    // None when the account is disabled: its owner gets no mail at all.
    if let Some(owner) = accounts::find_owner(tx, account).await? {
        tell(tx, now, before, &owner).await?;
    }
    sessions::delete_of_account(tx, account, None).await?;
    password_resets::revoke_of_account(tx, now, account).await?;
    // Whoever got in by the old address may have made one.
    calendar_feeds::end_of_account(tx, now, account).await?;
    let mut detail = json!({});
    let mut fields = Vec::new();
    for ((field, from), to) in FIELDS.into_iter().zip(both(&before.details)).zip(both(&after.details)) {
        if from != to {
            fields.push(field);
            detail[field] = json!({ "from": from.map(Email::as_str), "to": to.map(Email::as_str) });
        }
    }
    detail["fields"] = json!(fields);
    audit(tx, now, by, Action::AddressChanged, Subject::about(account.0, after.id), detail);
    Ok(true)
}

/// Writes to every address from before, among them that of an account with rights, which does not follow its person.
async fn tell(tx: &mut Tx, now: Instant, before: &Person, owner: &Owner) -> Result<()> {
    let known: BTreeSet<&str> = both(&before.details)
        .into_iter()
        .flatten()
        .map(Email::as_str)
        .chain([owner.email.as_str()])
        .collect();
    for recipient in known {
        let mail = AccountMail {
            recipient,
            ..owner.mail(MailKind::AddressChanged, None, "")
        };
        outbox::insert_for_account(tx, now, &mail).await?;
    }
    Ok(())
}
