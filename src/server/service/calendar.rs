//! Calendars that calendar programs read, which send no cookie: whoever has the secret address reads the calendar.
//!
//! An address is 256 random bits, said once and kept as a hash. There is one for everybody's own days, and one for HR with names and days
//! of everyone. It is made, replaced and ended by its owner. It ends with a new password, a reset of second factors, the account and the
//! last day, and HR's with the role.
//!
//! A right that an account holds sleeps in a session without a second factor. A calendar program can give none, so the factor is
//! asked for where the address is made: HR's is made only in a session in which the right is awake, after a fresh proof, and each time
//! it is read the account must still hold the right and still have a second factor, where those are required. What is handed over
//! by it is as little as does the job: names and days, no addresses, no items, no state.

use super::{
    App, Error, Result, Subject, audit,
    desks::CalendarDesk,
    ics::{self, Event},
    throttle::{self, Caller, Purpose, Whom},
};
use crate::{
    domain::{
        Instant,
        assignment::State,
        audit::Action,
        calendar::FeedKind,
        ids::{AccountId, PersonId},
        locale::Locale,
        requirement::RequirementKind,
        roles::{Permission, Role},
    },
    server::{
        auth::seal::token_hash,
        store::{
            StoreError, Tx, assignments,
            calendar_feeds::{self, Feed, Opened},
            people::{self, Scope},
        },
        zones,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use time::Duration;
use url::Url;

/// How far HR's calendar looks back and ahead.
const BACK: Duration = Duration::days(31);
const AHEAD: Duration = Duration::days(183);
/// More days than any program shows; the nearest ones are kept.
const MOST_DAYS: i64 = 10_000;
/// That an address is read is noted no more often than this.
const NOTED_EVERY: Duration = Duration::hours(1);

impl CalendarDesk<'_> {
    /// The calendars that there are for this reader.
    pub fn offers(&self) -> impl Iterator<Item = FeedKind> {
        FeedKind::ALL.into_iter().filter(|kind| match kind {
            FeedKind::Own => self.actor.person().is_some(),
            FeedKind::Hr => self.actor.may(Permission::ReadGate),
        })
    }

    /// The addresses that are live.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn feeds(&self) -> Result<Vec<Feed>> {
        Ok(calendar_feeds::list_of_account(&mut self.app.store().read().await?, self.actor.account()).await?)
    }

    /// Makes an address, in the place of the one there was. It is told this once.
    ///
    /// # Errors
    /// `NotFound` for a calendar that is not the reader's, `ProofTooOld` for HR's.
    pub async fn make(&self, now: Instant, kind: FeedKind) -> Result<String> {
        if !self.offers().any(|offered| offered == kind) {
            return Err(Error::NotFound);
        }
        if kind == FeedKind::Hr {
            self.actor.freshly_proved(now)?;
        }
        let token = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        let account = self.actor.account();
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        match calendar_feeds::end(&mut tx, now, account, kind).await {
            Ok(()) | Err(StoreError::Stale) => {}
            Err(error) => return Err(error.into()),
        }
        calendar_feeds::insert(&mut tx, now, account, kind, &hash(&token)).await?;
        audit(
            &mut tx,
            now,
            Some(account),
            Action::CalendarMade,
            Subject::of_actor(self.actor),
            json!({ "calendar": kind }),
        );
        tx.commit().await?;
        Ok(format!("{}/calendar/{token}/antritt.ics", self.app.settings().base_url))
    }

    /// Ends an address: whatever reads it finds nothing any more.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub async fn end(&self, now: Instant, kind: FeedKind) -> Result<()> {
        let account = self.actor.account();
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        calendar_feeds::end(&mut tx, now, account, kind).await.map_err(|error| match error {
            StoreError::Stale => Error::NotFound,
            other => other.into(),
        })?;
        audit(
            &mut tx,
            now,
            Some(account),
            Action::CalendarEnded,
            Subject::of_actor(self.actor),
            json!({ "calendar": kind }),
        );
        Ok(tx.commit().await?)
    }
}

/// Bound to its purpose: the hash of a token for anything else is another one.
fn hash(token: &str) -> [u8; 32] {
    token_hash(&format!("calendar/{token}"))
}

/// Ends the addresses that a role opens when it is taken away. The entry of the trail is that of the role.
pub(super) async fn end_with_role(tx: &mut Tx, now: Instant, account: AccountId, role: Role) -> Result<()> {
    if !role.may(Permission::ReadGate) {
        return Ok(());
    }
    match calendar_feeds::end(tx, now, account, FeedKind::Hr).await {
        Ok(()) | Err(StoreError::Stale) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// What stands behind an address.
///
/// # Errors
/// `NotFound` for an address that nobody made, that has ended, or whose owner may not read it now; `TooMany` after too many that nobody made.
pub async fn open(app: &App, now: Instant, caller: &Caller, token: &str) -> Result<Opened> {
    let attempt = throttle::admit(app, Purpose::Link, caller, Whom::Typed(token)).await?;
    let Some(feed) = calendar_feeds::find(&mut app.store().read().await?, now, &hash(token)).await? else {
        attempt.failed().await;
        return Err(Error::NotFound);
    };
    // One that has ended is a program that does not know yet, and nobody who guesses.
    attempt.succeeded().await?;
    if !opens(&feed, now, app.settings().second_factor_required) {
        return Err(Error::NotFound);
    }
    if feed.fetched_at.is_none_or(|last| last + NOTED_EVERY <= now) {
        let mut tx = app.store().begin().await?;
        calendar_feeds::mark_fetched(&mut tx, now, feed.id).await?;
        tx.commit_housekeeping().await?;
    }
    Ok(feed)
}

/// The calendar that an address opens.
///
/// # Errors
/// When the database refuses.
pub async fn write(app: &App, now: Instant, feed: &Opened) -> Result<String> {
    let events = match (feed.kind, feed.person) {
        (FeedKind::Hr, _) => days_of_everyone(app, now, feed.language).await?,
        (FeedKind::Own, Some(person)) => own_days(app, person, feed.language).await?,
        (FeedKind::Own, None) => return Err(Error::NotFound),
    };
    Ok(ics::write(&name(app, feed.kind, feed.language), now, &events))
}

fn opens(feed: &Opened, now: Instant, factor_required: bool) -> bool {
    let is_here = feed.is_live && !feed.is_disabled && !zones::has_ended(feed.end_date, feed.time_zone.as_deref(), now);
    is_here
        && match feed.kind {
            FeedKind::Own => feed.person.is_some(),
            FeedKind::Hr => feed.roles.iter().any(|role| role.may(Permission::ReadGate)) && (feed.has_factor || !factor_required),
        }
}

fn name(app: &App, kind: FeedKind, locale: Locale) -> String {
    let company = &app.settings().company;
    match (kind, locale) {
        (FeedKind::Own, Locale::De) => format!("Checkliste bei {company}"),
        (FeedKind::Own, Locale::En) => format!("Checklist at {company}"),
        (FeedKind::Hr, Locale::De) => format!("Antritt: Starts und Fristen bei {company}"),
        (FeedKind::Hr, Locale::En) => format!("Antritt: starts and due dates at {company}"),
    }
}

/// By which UIDs of this installation differ from those of others.
fn host(app: &App) -> String {
    let base = Url::parse(&app.settings().base_url).ok();
    base.as_ref().and_then(Url::host_str).unwrap_or("antritt").to_owned()
}

/// Somebody's start, and by when they have to do what they can do. A check is HR's to do.
async fn own_days(app: &App, id: PersonId, locale: Locale) -> Result<Vec<Event>> {
    let mut db = app.store().read().await?;
    let person = people::find(&mut db, Scope::Own(id), id).await?.ok_or(Error::NotFound)?;
    let items = assignments::list_of_person(&mut db, id).await?;
    let (host, checklist) = (host(app), format!("{}/checklist", app.settings().base_url));
    let first = Event {
        uid: format!("start-{id}@{host}"),
        day: person.details.start_date,
        summary: match locale {
            Locale::De => format!("Erster Arbeitstag bei {}", app.settings().company),
            Locale::En => format!("First working day at {}", app.settings().company),
        },
        url: checklist.clone(),
    };
    let left = items
        .iter()
        .filter(|item| item.state == State::Open && item.kind != RequirementKind::BackgroundCheck);
    let due = left.map(|item| {
        let title = item.title.as_ref().map(|title| title.get(locale));
        Event {
            uid: format!("due-{}@{host}", item.id),
            day: item.deadline.due_on,
            summary: due_summary(locale, item.kind, title),
            url: checklist.clone(),
        }
    });
    Ok(std::iter::once(first).chain(due).collect())
}

fn due_summary(locale: Locale, kind: RequirementKind, title: Option<&str>) -> String {
    let what = match (kind, locale) {
        (RequirementKind::Nda, Locale::De) => "Vertraulichkeitsvereinbarung",
        (RequirementKind::Nda, Locale::En) => "confidentiality agreement",
        (RequirementKind::PasswordManager, Locale::De) => "Passwort-Manager",
        (RequirementKind::PasswordManager, Locale::En) => "password manager",
        (_, Locale::De) => title.unwrap_or("Punkt Ihrer Checkliste"),
        (_, Locale::En) => title.unwrap_or("item of your checklist"),
    };
    match locale {
        Locale::De => format!("Fällig: {what}"),
        Locale::En => format!("Due: {what}"),
    }
}

/// Who starts when, and who has something due when. Names and days only.
async fn days_of_everyone(app: &App, now: Instant, locale: Locale) -> Result<Vec<Event>> {
    let today = zones::local_date(&app.settings().time_zone, now);
    let mut db = app.store().read().await?;
    let days = calendar_feeds::list_days(&mut db, today - BACK, today + AHEAD, today, MOST_DAYS).await?;
    let (host, base) = (host(app), &app.settings().base_url);
    let event = |row: calendar_feeds::DayRow| {
        let id = row.person_id;
        let (uid, word) = match (row.starts, locale) {
            (true, Locale::De | Locale::En) => (format!("start-{id}@{host}"), "Start"),
            (false, Locale::De) => (format!("due-{id}-{}@{host}", row.day), "Fällig"),
            (false, Locale::En) => (format!("due-{id}-{}@{host}", row.day), "Due"),
        };
        Event {
            uid,
            day: row.day,
            summary: format!("{word}: {}", row.name),
            url: format!("{base}/people/{id}"),
        }
    };
    Ok(days.into_iter().map(event).collect())
}
