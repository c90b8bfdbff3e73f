//! Security events: noted in the database and as a line of the log, without a name, an address or anything that was typed.
//!
//! A flood must fill neither. What repeats within a minute is counted in memory and written only when the count has doubled, and
//! beyond [`MOST_KEYS`] different ones a minute those of a kind are thrown together; the number on record is therefore the least it
//! can have been. Changes are not noted here: they stand in the audit trail, and the list shows both.

use super::{App, Error, Result, desks::EventsDesk, found, outbox::masked};
use crate::{
    domain::{Instant, audit::Action, ids::AccountId, roles::Permission, security_event::Kind},
    server::{
        ids::fresh,
        store::{
            Page,
            audit::{self, OpenedEntry},
            events::{self, EntryRow, EventRow},
        },
    },
};
use serde_json::Value;
use std::{
    cmp::Reverse,
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use time::Duration;
use uuid::Uuid;

/// Events on one page.
pub const PAGE: i64 = 30;
/// For so long they are kept.
pub(super) const KEPT: Duration = Duration::days(396);
/// Different events that are told apart within one minute.
const MOST_KEYS: usize = 500;

/// What happened, once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    pub kind: Kind,
    pub account: Option<AccountId>,
    /// The thing it is about.
    pub subject: Option<Uuid>,
    /// See `throttle::Caller::fingerprint`.
    pub fingerprint: Option<String>,
}

impl Event {
    /// One of which nothing more is known.
    const fn of(kind: Kind) -> Self {
        Self {
            kind,
            account: None,
            subject: None,
            fingerprint: None,
        }
    }
}

/// What happened within the present minute, as far as this instance saw it.
#[derive(Default)]
pub(super) struct Tally(Mutex<Minute>);

#[derive(Default)]
struct Minute {
    number: i64,
    /// Under which id it was written, and how often it happened.
    seen: HashMap<Event, (Uuid, i64)>,
}

impl Tally {
    /// Counts an event; what is to be written, if anything.
    fn count(&self, now: Instant, event: Event) -> Option<events::Event> {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = now.unix_timestamp().div_euclid(60);
        if minute.number != number {
            *minute = Minute { number, seen: HashMap::new() };
        }
        let known = minute.seen.len() < MOST_KEYS || minute.seen.contains_key(&event);
        let event = if known { event } else { Event::of(event.kind) };
        let (id, count) = minute.seen.entry(event.clone()).or_insert_with(|| (fresh(), 0));
        *count += 1;
        let doubled = count.unsigned_abs().is_power_of_two();
        doubled.then(|| events::Event {
            id: *id,
            at: now,
            kind: event.kind,
            account: event.account,
            subject: event.subject,
            fingerprint: event.fingerprint,
            times: *count - *count / 2,
        })
    }
}

/// Notes an event. What is noted has happened already, so a database that is away changes nothing about it but that the log says so.
pub async fn note(app: &App, now: Instant, event: Event) {
    let Some(event) = app.tally().count(now, event) else { return };
    tracing::info!(
        target: "security",
        {
            event.kind = event.kind.as_str(),
            event.outcome = event.kind.outcome(),
            event.times = event.times,
            account.id = event.account.map(tracing::field::display),
            subject.id = event.subject.map(tracing::field::display),
            address.fingerprint = event.fingerprint.as_deref(),
        },
        "security event"
    );
    if let Err(error) = write(app, &event).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "a security event could not be kept");
    }
}

async fn write(app: &App, event: &events::Event) -> Result<()> {
    let mut tx = app.store().begin().await?;
    events::upsert(&mut tx, event).await?;
    Ok(tx.commit_housekeeping().await?)
}

/// What a line of the list is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Change(Action),
    Event(Kind),
}

impl What {
    /// Everything that can stand in the list.
    pub fn all() -> impl Iterator<Item = Self> {
        let changes = Action::ALL.iter().copied().filter(|action| action.is_security_event()).map(Self::Change);
        Kind::ALL.iter().copied().map(Self::Event).chain(changes)
    }

    /// As in an address.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Change(action) => action.as_str(),
            Self::Event(kind) => kind.as_str(),
        }
    }

    /// Reads the word of an address.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::all().find(|what| what.as_str() == word)
    }
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in the audit trail, if it is a change.
    pub entry: Option<i64>,
    pub at: Instant,
    pub what: What,
    /// The account that acted.
    pub by: Option<String>,
    /// The account it is about, where that is another or nobody knows.
    pub about: Option<String>,
    pub fingerprint: Option<String>,
    /// At least so often.
    pub times: i64,
}

/// How far the list was read: an entry of the audit trail, and an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    pub entry: Option<i64>,
    pub event: Option<(Instant, Uuid)>,
}

impl EventsDesk<'_> {
    /// A page of events and changes, newest first, and where the next one begins.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(&self, only: Option<What>, before: Position) -> Result<(Vec<Line>, Option<Position>)> {
        let mut db = self.app.store().read().await?;
        let kind = match only {
            Some(What::Event(kind)) => Some(kind),
            _ => None,
        };
        let events = match only {
            Some(What::Change(_)) => Vec::new(),
            _ => events::list(&mut db, kind, before.event, PAGE + 1).await?,
        };
        let words: Vec<_> = What::all()
            .filter(|what| matches!(what, What::Change(_)) && only.is_none_or(|only| only == *what))
            .map(What::as_str)
            .collect();
        let entries = if words.is_empty() {
            Vec::new()
        } else {
            events::list_entries(&mut db, &serde_json::json!(words).to_string(), before.entry, PAGE + 1).await?
        };
        Ok(merge(before, events, entries))
    }

    /// An entry of the audit trail with what it says: reasons, and what was given. Other entries than those of the list are not for this
    /// desk, for they tell about people, and private addresses are masked for whoever may not see those.
    ///
    /// # Errors
    /// `NotFound`; `ProofTooOld` for whoever did not just prove who they are.
    pub async fn entry(&self, now: Instant, seq: i64) -> Result<(Action, OpenedEntry)> {
        let entry = found(audit::find(&mut self.app.store().read().await?, seq).await?)?;
        let action = found(Action::from_stored(&entry.action).filter(|action| action.is_security_event()))?;
        self.actor.freshly_proved(now)?;
        if action != Action::AddressChanged || self.actor.may(Permission::ReadContact) {
            return Ok((action, entry));
        }
        let detail = entry.detail.as_deref().map(without_private).transpose()?;
        Ok((action, OpenedEntry { detail, ..entry }))
    }
}

/// What is told of changed addresses to whoever may not see private ones: enough to know that it is another one.
fn without_private(detail: &str) -> Result<String> {
    let mut detail: Value = serde_json::from_str(detail).map_err(|error| Error::Internal(Box::new(error)))?;
    for side in ["from", "to"] {
        if let Some(address) = detail.pointer_mut(&format!("/private_email/{side}"))
            && let Some(masked) = address.as_str().map(masked)
        {
            *address = masked.into();
        }
    }
    Ok(detail.to_string())
}

/// Both lists in one order, cut to a page.
fn merge(before: Position, events: Vec<EventRow>, entries: Vec<EntryRow>) -> (Vec<Line>, Option<Position>) {
    let events = events.into_iter().filter_map(|row| {
        let here = Position {
            event: Some((row.at, row.id)),
            entry: None,
        };
        let kind = Kind::from_stored(&row.kind)?;
        let (by, about) = if kind.is_about_account() {
            (None, row.account_name)
        } else {
            (row.account_name, None)
        };
        let line = Line {
            entry: None,
            at: row.at,
            what: What::Event(kind),
            by,
            about,
            fingerprint: row.fingerprint,
            times: row.times,
        };
        Some((here, line))
    });
    let entries = entries.into_iter().filter_map(|row| {
        let here = Position {
            entry: Some(row.seq),
            event: None,
        };
        let line = Line {
            entry: Some(row.seq),
            at: row.at,
            what: What::Change(Action::from_stored(&row.action)?),
            about: row.account_name.filter(|name| row.actor_name.as_ref() != Some(name)),
            by: row.actor_name,
            fingerprint: None,
            times: 1,
        };
        Some((here, line))
    });
    let mut all: Vec<_> = events.chain(entries).collect();
    // Stable: within each list the order is its own.
    all.sort_by_key(|(_, line)| Reverse(line.at));
    let limit = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let Page { rows, more } = Page {
        more: all.len() > limit,
        rows: all.into_iter().take(limit).collect::<Vec<_>>(),
    };
    let reached = rows.iter().fold(before, |reached, (here, _)| Position {
        entry: here.entry.or(reached.entry),
        event: here.event.or(reached.event),
    });
    (rows.into_iter().map(|(_, line)| line).collect(), more.then_some(reached))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: Instant = datetime!(2026-11-23 09:00 UTC);

    fn from(fingerprint: usize) -> Event {
        Event {
            fingerprint: Some(format!("{fingerprint:08x}")),
            ..Event::of(Kind::SignInFailed)
        }
    }

    #[test]
    fn a_flood_of_one_event_is_written_a_few_times_and_counted() {
        let tally = Tally::default();
        let written: Vec<_> = (0..1_024).filter_map(|_| tally.count(NOW, from(1))).collect();
        assert_eq!(written.len(), 11);
        assert_eq!(written.iter().map(|event| event.times).sum::<i64>(), 1_024);
        assert!(written.iter().all(|event| event.id == written[0].id));
        let next = tally.count(NOW + Duration::minutes(1), from(1)).unwrap();
        assert_ne!(next.id, written[0].id);
        assert_eq!(next.times, 1);
    }

    #[test]
    fn a_flood_of_different_events_makes_no_more_rows_than_are_told_apart() {
        let tally = Tally::default();
        let ids: std::collections::HashSet<_> = (0..10_000).filter_map(|n| tally.count(NOW, from(n))).map(|event| event.id).collect();
        assert_eq!(ids.len(), MOST_KEYS + 1);
    }
}
