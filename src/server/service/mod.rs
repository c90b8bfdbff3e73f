//! Use cases by noun. Each begins and commits its own transaction and writes its audit entry in it.
//!
//! What somebody may do hangs on a desk that the actor must be granted (`desks`). Absent on purpose: HTTP, HTML, SQL.

pub mod accounts;
mod addresses;
pub mod board;
pub mod calendar;
pub mod check_consent;
pub mod check_profiles;
pub mod checklist;
pub mod checks;
pub mod copies;
pub mod course_file;
pub mod courses;
mod csv;
pub mod desks;
pub mod difference;
mod digests;
pub mod documents;
pub mod drafts;
mod duties;
pub mod events;
pub mod exemptions;
pub mod factors;
pub mod housekeeping;
pub mod ics;
pub mod images;
pub mod import;
pub mod instructions;
pub mod invitations;
pub mod kept_forms;
pub mod keys;
pub mod known_browsers;
pub mod leavers;
pub mod lessons;
pub mod mail;
pub mod mail_html;
pub mod managed_accounts;
pub mod markdown;
pub mod member_list;
pub mod member_mapping;
pub mod member_plan;
pub mod members;
pub mod nda;
pub mod nda_templates;
pub mod opening;
pub mod outbox;
mod owners;
pub mod password_manager;
pub mod passwords;
pub mod people;
pub mod people_file;
pub mod policies;
pub mod proof;
pub mod pseudonyms;
pub mod publishing;
pub mod questions;
pub mod rates;
mod reading;
pub mod record;
pub mod register_file;
pub mod rehires;
pub mod releases;
mod reminder_mail;
pub mod reminder_pauses;
pub mod reminders;
pub mod renewals;
pub mod role_requests;
pub mod roles;
mod rule_plan;
pub mod rules;
pub mod search;
pub mod second_step;
pub mod sessions;
pub mod setup;
pub mod team;
pub mod throttle;
pub mod training;

/// What use cases hand out: rows that the store read, without the means to read them.
pub mod rows {
    pub use crate::server::store::{
        Page,
        accounts::{Account, AccountKey, AccountSummary},
        assignments::Assignment,
        audit::{OpenedEntry, TimelineRow},
        board::{BoardCounts, Starter, StarterKey},
        calendar_feeds::Feed,
        check_profiles::ProfileVersion,
        checks::{CheckFile, CheckRow},
        courses::{CourseDraft, CourseRow, VersionRow},
        documents::{DocumentSummary, DocumentVersion},
        drafts::{Draft, Edited},
        exemptions::Exemption,
        members::MemberList,
        nda_templates::TemplateRow,
        outbox::{MailListRow, MailRow},
        people::{Correspondence, PersonKey, PersonSummary, Scope, StartDateChange},
        quiz::Attempt,
        rates::{BreachRow, Counts, DepartmentCounts, Filter, ItemRow, RequirementCounts, Show},
        reconciliation::{BucketKey, BucketRow, Match},
        reminders::Sent as SentReminder,
        requirements::{Offer, Rule},
        roles::{Holder, HolderKey, Outcome, Request as RoleRequest, Standing as RoleStanding},
        rollout::Reach,
        search::{FoundPerson, FoundThing},
        sessions::OwnSession,
        stored_files::{FileContent, FileRow},
        team::TeamItem,
    };
}

use crate::{
    domain::{
        Instant,
        audit::Action,
        evidence::{Evidence, Proof},
        ids::{AccountId, AssignmentId, PersonId},
        person::{Person, PersonForm},
        problem::{Conflict, FieldProblem, Problem, Problems},
    },
    server::{
        auth::turns::Unfinished,
        auth::{actor::Actor, session::Lifetimes},
        clock::Clock,
        config::Key,
        store::{self, Store, StoreError, Tx},
        zones,
    },
};
use std::{net::IpAddr, sync::Arc};
use uuid::Uuid;

/// Everything a use case needs besides its actor and the time. The store is visible to this layer only.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    settings: Settings,
    tally: events::Tally,
    local: throttle::Local,
}

/// What the operator set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Shown in the frame and named in mails.
    pub company: String,
    /// Where people reach this installation, without a trailing slash.
    pub base_url: String,
    /// The IANA zone of people whose place of work says nothing else.
    pub time_zone: String,
    pub key: Key,
    pub sessions: Lifetimes,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// For so many months after somebody's last day their name stays beside the evidence.
    pub retention_months: u16,
    /// Whether mails leave by themselves; otherwise the administrator reads them in the outbox.
    pub sends_mail: bool,
    /// Whether everyone in here is invented.
    pub demo: bool,
    /// Whether roles count only in sessions that began with a second factor.
    pub second_factor_required: bool,
}

impl App {
    pub fn new(store: Store, clock: Clock, settings: Settings) -> Self {
        Self(Arc::new(Inner {
            store,
            clock,
            settings,
            tally: events::Tally::default(),
            local: throttle::Local::default(),
        }))
    }

    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The present; read once per request or job.
    pub fn now(&self) -> Instant {
        self.0.clock.now()
    }

    pub(in crate::server) fn store(&self) -> &Store {
        &self.0.store
    }

    fn tally(&self) -> &events::Tally {
        &self.0.tally
    }

    fn local(&self) -> &throttle::Local {
        &self.0.local
    }

    /// Whether the database answers and has every migration.
    /// Whether the database answers, has every migration and is sealed with our key.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn is_ready(&self) -> Result<bool> {
        Ok(self.store().is_migrated().await? && keys::fit(self).await? == keys::Fit::Ours)
    }
}

/// Why a use case did not happen. Nothing was written then.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("some fields cannot be accepted")]
    Invalid(Vec<FieldProblem>),
    #[error("there is no such thing")]
    NotFound,
    /// To the outside this answers exactly like [`Error::NotFound`].
    #[error("the actor may not do this")]
    Forbidden,
    /// Tried or asked for too often; there is room again in so many seconds.
    #[error("too many tries, room again in {seconds} s")]
    TooMany { seconds: u32 },
    /// What was asked for wants its actor to prove anew who they are ([`proof::FRESH`]).
    #[error("the actor's proof is too old")]
    ProofTooOld,
    #[error("it could not be done now: {0:?}")]
    Conflict(Conflict),
    /// The database is away or busy; trying again may help.
    #[error("the database cannot be reached")]
    Unavailable(#[source] StoreError),
    /// Too many ask at once for what takes a while.
    #[error("too many ask at once")]
    Busy,
    #[error("something is wrong here")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// One problem with one field.
    pub fn field(field: &str, problem: Problem) -> Self {
        Self::Invalid(vec![FieldProblem::new(field, problem)])
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match &error {
            // Somebody else was faster; what they did is what this reader wanted to do or makes it moot.
            StoreError::Stale => Self::Conflict(Conflict::AlreadyDone),
            StoreError::SignedOut => Self::Forbidden,
            // The key was rotated: this instance is of use again when it is started with the new one.
            StoreError::OtherKey | StoreError::Database(sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::Tls(_)) => {
                Self::Unavailable(error)
            }
            StoreError::Database(sqlx::Error::Database(database)) if database.code().is_some_and(|code| is_passing(&code)) => Self::Unavailable(error),
            StoreError::Database(sqlx::Error::Database(database)) if database.is_unique_violation() => Self::Conflict(Conflict::AlreadyDone),
            _ => Self::Internal(Box::new(error)),
        }
    }
}

/// Codes by which a database says "not now": `PostgreSQL` shutting down, starting up or out of connections; `SQLite` busy, locked or
/// out of disk. Or two changes that crossed, of which one may simply be tried again.
fn is_passing(code: &str) -> bool {
    code.starts_with("57P") || matches!(code, "53300" | "53100" | "40001" | "40P01") || matches!(code, "5" | "6" | "13" | "261" | "517" | "773")
}

impl From<Unfinished> for Error {
    fn from(error: Unfinished) -> Self {
        match error {
            Unfinished::Busy => Self::Busy,
            Unfinished::Failed(cause) => Self::Internal(cause),
        }
    }
}

impl From<Conflict> for Error {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Self {
        Self::Invalid(problems.into_vec())
    }
}

/// Why a change is refused that was made to what somebody else changed meanwhile.
fn when_stale(conflict: Conflict) -> impl FnOnce(StoreError) -> Error {
    move |error| match error {
        StoreError::Stale => conflict.into(),
        other => other.into(),
    }
}

/// Finds, or says that there is no such thing.
fn found<T>(value: Option<T>) -> Result<T> {
    value.ok_or(Error::NotFound)
}

/// What an audit entry is about.
#[derive(Clone, Copy)]
struct Subject {
    id: Uuid,
    person: Option<PersonId>,
}

impl Subject {
    const fn of_person(person: PersonId) -> Self {
        Self {
            id: person.0,
            person: Some(person),
        }
    }

    const fn about(id: Uuid, person: PersonId) -> Self {
        Self { id, person: Some(person) }
    }

    /// The account of whoever acts, and the person behind it.
    const fn of_actor(actor: &Actor) -> Self {
        Self {
            id: actor.account().0,
            person: actor.person(),
        }
    }

    const fn thing(id: Uuid) -> Self {
        Self { id, person: None }
    }
}

/// Notes a change for the audit trail; the entry is appended at the commit.
fn audit(tx: &mut Tx, now: Instant, actor: Option<AccountId>, action: Action, subject: Subject, detail: serde_json::Value) {
    let change = store::audit::Change {
        actor,
        action,
        subject: subject.id,
        person: subject.person,
        detail,
    };
    tx.note(now, change);
}

/// Writes down what proves that something happened at `at`.
async fn prove(tx: &mut Tx, now: Instant, by: Option<AccountId>, item: AssignmentId, at: Instant, proof: Proof) -> Result<()> {
    let evidence = Evidence {
        at,
        recorded_at: now,
        recorded_by: by,
        proof,
    };
    Ok(store::evidence::insert(tx, item, &evidence).await?)
}

/// The instant before which a person's NDA must be signed.
fn start_at(person: &Person) -> Instant {
    zones::start_of_day(&person.details.time_zone, person.details.start_date)
}

/// Reads a form into details, or reports every problem.
fn parse_person(form: &PersonForm) -> Result<crate::domain::person::PersonDetails> {
    Ok(form.parse(zones::is_known)?)
}
