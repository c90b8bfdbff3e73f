//! What the service layer relies on in `server::store`, on both databases: every function, and what each refuses.
//!
//! There is no compile-time check of the SQL, so [`every_function_of_the_store_is_under_contract`] fails when one is not called from here.

mod accounts;
mod assignments;
mod audit;
mod board;
mod calendar_feeds;
mod checks;
mod copies;
mod documents;
mod exemptions;
mod factors;
mod limits;
mod members;
mod nda;
mod outbox;
mod people;
mod pseudonyms;
mod rates;
mod reminders;
mod roles;
mod rules;
mod schema;
mod sealing;
mod search;
mod sessions;
mod short_lived;
mod team;

use crate::fixture::TestApp;
use antritt::{
    domain::{
        Instant,
        assignment::{Cause, State},
        ids::{AccountId, AssignmentId, PersonId},
        locale::Locale,
        person::{Country, Email, Line, Person, PersonDetails, PersonKind},
        requirement::{Basis, Requirement, RequirementKind},
        tags::Tags,
        weekend::Weekend,
    },
    server::{
        store::{self, Result, StoreError, Tx, assignments as assignment_store, people as people_store, requirements},
        zones,
    },
};
use std::{fs, path::Path};
use time::{Date, macros::date};
use uuid::Uuid;

pub const START: Date = date!(2026 - 12 - 01);

/// An id that sorts by its number.
pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub fn email(raw: &str) -> Email {
    Email::parse(raw).unwrap()
}

/// Somebody in Berlin.
pub fn person(n: u128, name: &str) -> Person {
    let line = |raw: &str| Line::parse(raw).unwrap();
    Person {
        id: PersonId(id(n)),
        details: PersonDetails {
            name: line(name),
            private_email: email(&format!("person{n}@home.example")),
            work_email: None,
            kind: PersonKind::Employee,
            country: Country::parse("DE").unwrap(),
            department: line("Engineering"),
            job_title: line("Engineer"),
            manager_email: None,
            start_date: START,
            time_zone: "Europe/Berlin".into(),
            language: Locale::De,
            tags: Tags::default(),
        },
        manager_id: None,
        end_date: None,
        pseudonymised_at: None,
    }
}

pub fn start_at(person: &Person) -> Instant {
    zones::start_of_day(&person.details.time_zone, person.details.start_date)
}

impl TestApp {
    /// Writes without an audit entry, as only tests do.
    pub async fn write<T>(&self, change: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let mut tx = self.begin().await;
        let value = change(&mut tx).await?;
        tx.commit_housekeeping().await?;
        Ok(value)
    }

    pub async fn insert_person(&self, person: &Person) -> Result<()> {
        self.write(async |tx| people_store::insert(tx, self.now(), person, start_at(person)).await)
            .await
    }

    pub async fn insert_account(&self, n: u128, person: Option<PersonId>, address: &str) -> Result<AccountId> {
        let account = AccountId(id(n));
        let new = store::accounts::NewAccount {
            id: account,
            person,
            email: &email(address),
            name: "Kim Konto",
            language: Locale::En,
        };
        self.write(async |tx| store::accounts::insert(tx, self.now(), &new).await).await?;
        Ok(account)
    }

    pub async fn requirement(&self, kind: RequirementKind) -> Requirement {
        requirements::list(&mut self.read().await)
            .await
            .unwrap()
            .into_iter()
            .find(|r| r.kind == kind)
            .unwrap()
    }

    /// Gives somebody one item and brings it into a state.
    pub async fn insert_item(&self, person: &Person, kind: RequirementKind, state: State, late: bool) -> AssignmentId {
        let requirement = self.requirement(kind).await;
        let basis = Basis {
            start: person.details.start_date,
            assigned_on: self.now().date(),
            weekend: Weekend::of_country(person.details.country.as_str()),
        };
        let deadline = zones::deadline_on(&person.details.time_zone, requirement.due.due_on(basis));
        self.write(async |tx| {
            let item = assignment_store::insert(tx, person.id, requirement.id, Cause::First, basis.assigned_on, deadline).await?;
            if state != State::Open {
                assignment_store::update_state(tx, item, State::Open, state, late).await?;
            }
            Ok(item)
        })
        .await
        .unwrap()
    }
}

pub fn is_stale<T>(result: Result<T>) -> bool {
    matches!(result, Err(StoreError::Stale))
}

pub fn is_taken<T>(result: Result<T>) -> bool {
    matches!(result, Err(StoreError::Database(sqlx::Error::Database(error))) if error.is_unique_violation())
}

#[test]
fn every_function_of_the_store_is_under_contract() {
    let read_all = |folder: &Path| -> Vec<(String, String)> {
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files
            .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(path).unwrap()))
            .collect()
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tests: String = read_all(&root.join("tests/it/store_contract")).into_iter().map(|(_, text)| text).collect();
    let mut missing = Vec::new();
    for (module, text) in read_all(&root.join("src/server/store")) {
        for line in text.lines() {
            let Some((_, rest)) = line.split_once("pub async fn ") else { continue };
            let name = rest.split(['(', '<']).next().unwrap();
            let called = if module == "mod" {
                tests.contains(&format!("{name}("))
            } else {
                tests.contains(&format!("{module}::{name}("))
            };
            if !called {
                missing.push(format!("{module}::{name}"));
            }
        }
    }
    assert!(missing.is_empty(), "no contract test calls: {missing:?}");
}
