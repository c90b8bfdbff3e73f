//! Reminders: finds out whose morning it is and what they have to be told, and puts it into the outbox, one mail a day for each reader.
//! When who is told what is decided by `domain::reminders`; what the mail says is written when it leaves, in `digests`.

use super::{
    App, Result, Subject, audit, invitations,
    people::{has_left, today},
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        ids::{DigestId, PersonId},
        locale::{Bilingual, Locale},
        mail::MailKind,
        person::Person,
        reminders::{AHEAD, Facts, NDA_AT_RISK, Plan, Rule, WEEK},
        requirement::RequirementKind,
    },
    server::{
        store::{
            Tx, accounts, assignments, dialect,
            digests::{self, Reader},
            outbox::{self, DigestMail},
            people::{self, Scope},
            reminders::{self, Morning, Reminded},
        },
        zones,
    },
};
use serde_json::{Value, json};
use time::Duration;

/// Mails that are planned in one go.
pub const AT_ONCE: usize = 200;
/// People that are looked at with one question.
const PAGE: i64 = 200;
/// What one mail tells about others at most; the rest is told on the next day.
const MOST_TOLD: i64 = 200;

/// Plans what is due. Returns how many mails went into the outbox; run by the clock until they are fewer than [`AT_ONCE`].
///
/// # Errors
/// When the database refuses. What was planned before stays planned.
pub async fn plan_due(app: &App, now: Instant) -> Result<usize> {
    escalate_due(app, now).await?;
    let mut planned = 0;
    let readers = digests::list_readers(&mut app.store().read().await?, now).await?;
    for reader in readers {
        if planned < AT_ONCE {
            planned += usize::from(write_to(app, now, reader).await?);
        }
    }
    let zones = reminders::list_zones(&mut app.store().read().await?).await?;
    for zone in zones.iter().filter(|zone| zones::may_remind(zone, now)) {
        planned += remind_zone(app, now, zone, AT_ONCE.saturating_sub(planned)).await?;
    }
    Ok(planned)
}

/// Notes what others have to know, at any hour; they read it in their own morning.
async fn escalate_due(app: &App, now: Instant) -> Result<()> {
    // A day begins first on Kiritimati, 14 hours before UTC; each person's own zone decides below.
    let furthest = (now + Duration::hours(14)).date();
    let mut after = None;
    loop {
        let mut db = app.store().read().await?;
        let page = reminders::list_to_escalate(&mut db, furthest - WEEK, furthest + NDA_AT_RISK, after, PAGE).await?;
        drop(db);
        for person in &page {
            escalate(app, now, *person).await?;
        }
        if page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX) {
            return Ok(());
        }
        after = page.last().copied();
    }
}

async fn escalate(app: &App, now: Instant, id: PersonId) -> Result<()> {
    let mut tx = app.store().begin().await?;
    let Some(person) = people::find_for_change(&mut tx, id).await?.filter(|person| !has_left(person, now)) else {
        return Ok(());
    };
    let Some(reminded) = reminders::find_of_person(&mut tx, id).await? else {
        return Ok(());
    };
    let (facts, mut noted) = (facts(&person, &reminded, now), 0);
    for (item, rule) in facts.plan().escalations {
        let Some(item) = facts.items.iter().find(|known| known.id == item) else {
            continue;
        };
        if !reminders::insert(&mut tx, item, rule, facts.today, None).await? {
            continue;
        }
        noted += 1;
        let title = assignments::find(&mut tx, Scope::All, item.id).await?.and_then(|item| item.title);
        let detail = json!({ "reminders": [justification(item.kind, title.as_ref(), rule)] });
        audit(&mut tx, now, None, Action::ReminderEscalated, Subject::about(item.id.0, id), detail);
    }
    if noted > 0 {
        tx.commit().await?;
    }
    Ok(())
}

/// Reminds people whose morning it is, up to `most`. Returns how many.
async fn remind_zone(app: &App, now: Instant, zone: &str, most: usize) -> Result<usize> {
    let today = zones::local_date(zone, now);
    let morning = Morning {
        zone,
        today,
        due_by: today + AHEAD,
        week_ago: today - WEEK,
    };
    let (mut after, mut planned) = (None, 0);
    while planned < most {
        let page = reminders::list_due(&mut app.store().read().await?, &morning, after, PAGE).await?;
        for person in page.iter().filter(|person| !facts_in(zone, person, now).plan().reminders.is_empty()) {
            planned += usize::from(write_to(app, now, Reader::Person(person.person)).await?);
        }
        after = page.last().map(|person| person.person);
        if page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX) {
            break;
        }
    }
    Ok(planned)
}

fn facts(person: &Person, reminded: &Reminded, now: Instant) -> Facts {
    facts_in(&person.details.time_zone, reminded, now)
}

fn facts_in(zone: &str, reminded: &Reminded, now: Instant) -> Facts {
    Facts {
        today: zones::local_date(zone, now),
        start_date: reminded.start_date,
        told_on: reminded.told_at.map(|at| zones::local_date(zone, at)),
        is_invited: reminded.told_at.is_some() || reminded.has_account,
        paused_until: reminded.paused_until,
        items: reminded.items.clone(),
    }
}

/// Whose mail it is, and where it goes.
pub(super) struct Addressee {
    pub reader: Reader,
    pub name: String,
    pub zone: String,
    pub recipient: String,
    pub language: Locale,
    pub person: Option<Person>,
    pub has_password: bool,
}

/// The addressee as they are now; none for whoever is no longer here.
pub(super) async fn addressee(tx: &mut Tx, app: &App, now: Instant, reader: Reader) -> Result<Option<Addressee>> {
    match reader {
        Reader::Account(id) => Ok(accounts::find_owner(tx, id).await?.map(|owner| Addressee {
            reader,
            zone: app.settings().time_zone.clone(),
            language: owner.locale(),
            recipient: owner.email,
            name: owner.name,
            person: None,
            has_password: true,
        })),
        Reader::Person(id) => {
            let person = people::find(tx, Scope::All, id).await?;
            let Some(person) = person.filter(|person| person.pseudonymised_at.is_none() && !has_left(person, now)) else {
                return Ok(None);
            };
            let (has_password, language) = sign_in_of(tx, now, id).await?;
            let details = &person.details;
            // Whoever cannot sign in yet gets a personal link, which goes where the first one went.
            let has_started = today(&person, now) >= details.start_date;
            let address = details
                .work_email
                .as_ref()
                .filter(|_| has_password && has_started)
                .unwrap_or(&details.private_email);
            Ok(Some(Addressee {
                reader,
                zone: details.time_zone.clone(),
                recipient: address.as_str().to_owned(),
                name: details.name.as_str().to_owned(),
                language: language.unwrap_or(details.language),
                has_password,
                person: Some(person),
            }))
        }
    }
}

/// Whether a person signs in with a password, as whoever holds a role must, and the language they chose.
async fn sign_in_of(tx: &mut Tx, now: Instant, person: PersonId) -> Result<(bool, Option<Locale>)> {
    let Some(account) = accounts::find_of_person(tx, person).await? else {
        return Ok((false, None));
    };
    let owner = accounts::find_owner(tx, account).await?;
    let holds_role = accounts::holds_role(tx, now, account).await?;
    let has_password = owner.as_ref().is_some_and(|owner| owner.password_hash.is_some());
    Ok((has_password || holds_role, owner.map(|owner| owner.locale())))
}

/// Puts the mail of the day into the outbox, or adds to the one that still waits there. Says whether there was anything to tell.
async fn write_to(app: &App, now: Instant, reader: Reader) -> Result<bool> {
    let mut tx = app.store().begin().await?;
    if let Reader::Person(id) = reader {
        dialect::lock_person(&mut tx, id).await?;
    }
    let Some(to) = addressee(&mut tx, app, now, reader).await? else {
        return Ok(false);
    };
    if !zones::may_remind(&to.zone, now) {
        return Ok(false);
    }
    let facts = match &to.person {
        Some(person) => reminders::find_of_person(&mut tx, person.id)
            .await?
            .map(|reminded| facts(person, &reminded, now)),
        None => None,
    };
    let plan = facts.as_ref().map_or_else(Plan::default, Facts::plan);
    let untold = digests::list_untold(&mut tx, now, reader, MOST_TOLD).await?;
    if plan.reminders.is_empty() && untold.is_empty() {
        return Ok(false);
    }
    let Some(digest) = begin(&mut tx, now, &to).await? else {
        return Ok(false);
    };
    for (id, rule) in plan.reminders {
        if let Some((facts, item)) = facts.as_ref().and_then(|facts| Some((facts, facts.items.iter().find(|item| item.id == id)?))) {
            reminders::insert(&mut tx, item, rule, facts.today, Some(digest)).await?;
        }
    }
    for reminder in &untold {
        digests::insert_told(&mut tx, *reminder, reader, digest).await?;
    }
    if let Some(person) = to.person.as_ref().filter(|_| !to.has_password) {
        invitations::keep_alive(&mut tx, app, now, person).await?;
    }
    let detail = justify(&mut tx, digest).await?;
    let subject = Subject {
        id: digest.0,
        person: to.person.map(|person| person.id),
    };
    audit(&mut tx, now, None, Action::ReminderPlanned, subject, detail);
    tx.commit().await?;
    Ok(true)
}

/// The mail that still waits, else a new one; none when today's has left, or another instance is at it.
async fn begin(tx: &mut Tx, now: Instant, to: &Addressee) -> Result<Option<DigestId>> {
    if let Some(waiting) = digests::find_waiting(tx, to.reader).await? {
        return Ok(Some(waiting));
    }
    let Some(digest) = digests::insert(tx, now, to.reader, zones::local_date(&to.zone, now)).await? else {
        return Ok(None);
    };
    let (person, account) = match to.reader {
        Reader::Person(id) => (Some(id), None),
        Reader::Account(id) => (None, Some(id)),
    };
    let mail = DigestMail {
        kind: MailKind::Digest,
        digest,
        person,
        account,
        recipient: &to.recipient,
        language: to.language,
    };
    outbox::insert_digest(tx, now, &mail).await?;
    Ok(Some(digest))
}

fn justification(kind: RequirementKind, title: Option<&Bilingual>, rule: Rule) -> Value {
    let mut entry = json!(rule);
    entry["kind"] = json!(kind);
    entry["title"] = json!(title);
    entry
}

/// By which rules a mail is sent, and about how many others. It names nobody else.
pub(super) async fn justify(tx: &mut Tx, digest: DigestId) -> Result<Value> {
    let own = reminders::list_of_digest(tx, digest).await?;
    let told = digests::list_told(tx, digest).await?;
    let own: Vec<_> = own.iter().map(|sent| justification(sent.kind, sent.title.as_ref(), sent.rule)).collect();
    Ok(json!({ "reminders": own, "others": told.len() }))
}
