//! Mails of reminders as they leave: written from what is open then, by day only; what has nothing to say any more never leaves.

use super::{
    App, Result, Subject, audit, invitations,
    mail::Mail,
    reminder_mail::{self, Digest, Way},
    reminders::addressee,
};
use crate::{
    domain::{
        Instant,
        assignment::State,
        audit::Action,
        check_profile::Consent,
        ids::{AccountId, DigestId, PersonId},
        locale::Locale,
        person::Person,
        requirement::RequirementKind,
    },
    server::{
        store::{
            Tx,
            assignments::{self, Assignment},
            digests::{self, Reader},
            outbox::{self, MailRow},
            reminders,
        },
        zones,
    },
};
use serde_json::json;
use time::Date;

/// What is to be done with a mail of reminders that is due.
pub(super) enum Written {
    Mail(Mail),
    /// It is night where the reader is.
    Later(Instant),
    /// There is nothing to say any more, or nobody to say it to.
    Moot,
}

/// Writes the mail from what is open now, to where the reader is reached now: a mail that was refused goes to the address that was
/// corrected.
pub(super) async fn write(tx: &mut Tx, app: &App, now: Instant, row: &MailRow, digest: DigestId) -> Result<Written> {
    let reader = match (row.person_id, row.account_id) {
        (Some(person), _) => Reader::Person(PersonId(person)),
        (None, Some(account)) => Reader::Account(AccountId(account)),
        (None, None) => return Ok(Written::Moot),
    };
    let Some(to) = addressee(tx, app, now, reader).await? else {
        return Ok(Written::Moot);
    };
    if !zones::may_remind(&to.zone, now) {
        return Ok(Written::Later(zones::next_reminding(&to.zone, now)));
    }
    let today = zones::local_date(&to.zone, now);
    let own = match &to.person {
        Some(person) if !reminders::list_of_digest(tx, digest).await?.is_empty() => own_items(tx, person, today).await?,
        _ => Vec::new(),
    };
    let person = to.person.as_ref();
    let (team, others) = digests::list_told(tx, digest)
        .await?
        .into_iter()
        .partition::<Vec<_>, _>(|told| person.is_some_and(|person| told.manager == Some(person.id)));
    if own.is_empty() && team.is_empty() && others.is_empty() {
        return Ok(Written::Moot);
    }
    let way = match person {
        Some(person) if !to.has_password => invitations::find_live(tx, now, person.id).await?.map_or(Way::Request, Way::Link),
        _ => Way::Password,
    };
    let language = Locale::from_tag(&row.language).unwrap_or_default();
    let content = Digest {
        name: &to.name,
        today,
        own,
        way,
        team,
        others,
    };
    Ok(Written::Mail(reminder_mail::digest(app, &to.recipient, language, &content)))
}

/// What somebody has to do themself, the most urgent first; nothing in a pause.
async fn own_items(tx: &mut Tx, person: &Person, today: Date) -> Result<Vec<Assignment>> {
    if reminders::find_pause(tx, person.id).await?.is_some_and(|until| today <= until) {
        return Ok(Vec::new());
    }
    let is_own = |item: &Assignment| {
        let waits_for_start = item.kind == RequirementKind::PasswordManager && today < person.details.start_date;
        let waits_for_hr = item.kind == RequirementKind::BackgroundCheck && item.consent != Consent::Missing;
        item.state == State::Open && !waits_for_start && !waits_for_hr && !item.exemption_requested
    };
    let mut items = assignments::list_of_person(tx, person.id).await?;
    items.retain(is_own);
    items.sort_by_key(|item| item.deadline.due_on);
    Ok(items)
}

/// Takes a mail out of the outbox that has nothing to say any more.
pub(super) async fn discard(tx: &mut Tx, now: Instant, row: &MailRow, digest: DigestId) -> Result<()> {
    outbox::discard(tx, row.id).await?;
    digests::forget(tx, digest).await?;
    let subject = Subject {
        id: digest.0,
        person: row.person_id.map(PersonId),
    };
    audit(tx, now, None, Action::ReminderDropped, subject, json!({}));
    Ok(())
}
