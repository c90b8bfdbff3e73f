//! People: adding, changing, moving their start date, and looking at them.

use super::{
    App, Error, Result, Subject, addresses, audit,
    desks::{PeopleDesk, PeopleEditingDesk},
    duties::{Plan, give_first, plan},
    found, invitations, parse_person, roles, start_at,
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        duty::Fate,
        ids::{AccountId, PersonId, RequirementId},
        person::{Line, MAX_NOTE, Person, PersonDetails, PersonForm, iso_date, parse_date},
        problem::{Conflict, Problem},
        requirement::{Requirement, RequirementKind},
        roles::Permission,
    },
    server::{
        auth::actor::Actor,
        ids::fresh,
        store::{
            Db, Page, Tx, accounts,
            assignments::{self, Assignment},
            audit::{TimelineRow, timeline},
            dialect,
            people::{self, Correspondence, PersonKey, PersonSummary, Scope, Search, StartDateChange},
            requirements::{self, Rule},
        },
        zones,
    },
};
use serde_json::json;
use sha2::{Digest, Sha256};
use time::Date;

/// People on one page of a list.
pub const PAGE: i64 = 25;
/// Entries of a timeline that are shown at once.
const TIMELINE: i64 = 40;

/// A person's page.
#[derive(Clone, Debug)]
pub struct PersonPage {
    pub person: Person,
    /// Whether the reader may see private addresses.
    pub shows_contact: bool,
    pub items: Vec<Assignment>,
    pub timeline: Page<TimelineRow>,
    pub correspondence: Correspondence,
}

/// What a change does to somebody's items, and the seal that says that exactly this was seen of exactly this change.
#[derive(Clone, Debug)]
pub struct Preview {
    pub fates: Vec<(RequirementId, Fate)>,
    /// All rules, for what their items are called.
    pub rules: Vec<Rule>,
    pub seal: String,
}

impl PeopleDesk<'_> {
    /// A page of people within the reader's scope.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(&self, now: Instant, search: &str, after: Option<&PersonKey>) -> Result<Page<PersonSummary>> {
        let mut db = self.app.store().read().await?;
        let search = Search {
            words: search,
            private: self.actor.may(Permission::ReadContact),
        };
        Ok(people::list(&mut db, self.scope, &search, now, after, PAGE).await?)
    }

    /// One person with items and timeline.
    ///
    /// # Errors
    /// `NotFound` outside the reader's scope.
    pub async fn get(&self, id: PersonId, before: Option<i64>) -> Result<PersonPage> {
        let mut db = self.app.store().read().await?;
        let (person, correspondence) = found(people::find_with_correspondence(&mut db, self.scope, id).await?)?;
        let items = assignments::list_of_person(&mut db, id).await?;
        // A manager sees passed and date; what happened around it is not theirs to read.
        let timeline = match self.scope {
            Scope::ReportsOf(_) => Page { rows: Vec::new(), more: false },
            Scope::All | Scope::Own(_) => timeline(&mut db, id, &self.hidden_about(id), before, TIMELINE).await?,
        };
        let shows_contact = self.actor.may(Permission::ReadContact) || self.actor.person() == Some(id);
        Ok(PersonPage {
            person,
            shows_contact,
            items,
            timeline,
            correspondence,
        })
    }

    /// What somebody's timeline keeps from this reader.
    fn hidden_about(&self, id: PersonId) -> Vec<Action> {
        if self.actor.person() == Some(id) {
            return Vec::new();
        }
        let reads_checks = self.actor.may(Permission::ReadCheck);
        let is_hidden = |action: &Action| action.is_private() || (action.is_about_consent() && !reads_checks);
        Action::ALL.iter().copied().filter(is_hidden).collect()
    }
}

impl PeopleEditingDesk<'_> {
    /// A person's details as they stand in the form.
    ///
    /// # Errors
    /// `NotFound` when there is no such person.
    pub async fn form(&self, id: PersonId) -> Result<(Person, PersonForm)> {
        let person = found(changeable(people::find(&mut self.app.store().read().await?, Scope::All, id).await?))?;
        let form = form_of(&person.details);
        Ok((person, form))
    }

    /// A person and the earlier moves of their start date, oldest first.
    ///
    /// # Errors
    /// `NotFound` when there is no such person.
    pub async fn start_history(&self, id: PersonId) -> Result<(Person, Vec<StartDateChange>)> {
        let mut db = self.app.store().read().await?;
        let person = found(changeable(people::find(&mut db, Scope::All, id).await?))?;
        let changes = people::list_start_date_changes(&mut db, id).await?;
        Ok((person, changes))
    }

    /// Adds a person with all items, and sends the personal link if wished.
    ///
    /// # Errors
    /// `Invalid` with every problem found.
    pub async fn add(&self, now: Instant, form: &PersonForm, invite: bool) -> Result<PersonId> {
        let details = parse_person(form)?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        dialect::hold_publishing(&mut tx).await?;
        let manager_id = resolve(&mut tx, None, &details).await?;
        let person = Person {
            id: PersonId(fresh()),
            details,
            manager_id,
            end_date: None,
            pseudonymised_at: None,
        };
        let requirements = requirements::list(&mut tx).await?;
        insert(&mut tx, now, Some(self.actor.account()), &person, &requirements).await?;
        if invite {
            invitations::send(&mut tx, self.app, now, Some(self.actor.account()), &person).await?;
        }
        tx.commit().await?;
        Ok(person.id)
    }

    /// What a change of somebody's details does to their items; none where it does nothing to them.
    ///
    /// # Errors
    /// As [`PeopleEditingDesk::change`].
    pub async fn preview_change(&self, now: Instant, id: PersonId, form: &PersonForm) -> Result<Option<Preview>> {
        let mut db = self.app.store().read().await?;
        let before = found(changeable(people::find(&mut db, Scope::All, id).await?))?;
        let after = changed(&mut db, now, &before, form).await?;
        preview(&mut db, now, &before, &after).await
    }

    /// Changes a person's details, except the start date, whose moves have a history of their own. Says whether
    /// anything changed. `seen`: the seal of what was shown that it does to their items, where it does anything.
    ///
    /// # Errors
    /// `Invalid` with every problem found; `Conflict` when what it does was not shown yet or is something else by now, and for the time zone of somebody who left: elsewhere their last day might go on;
    /// `ProofTooOld` when an address changes by which somebody gets into their account.
    pub async fn change(&self, now: Instant, id: PersonId, form: &PersonForm, seen: &str) -> Result<bool> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let before = found(people::find_for_change(&mut tx, id).await?)?;
        let after = changed(&mut tx, now, &before, form).await?;
        if after == before {
            return Ok(false);
        }
        if addresses::differ(&before.details, &after.details) && accounts::find_of_person(&mut tx, id).await?.is_some() {
            self.actor.freshly_proved(now)?;
        }
        update(&mut tx, now, Some(self.actor), &before, &after, "", Some(seen)).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// What a move of the start date does to somebody's items; none where it does nothing to them.
    ///
    /// # Errors
    /// `NotFound` when there is no such person; `Invalid` with an impossible date.
    pub async fn preview_move(&self, now: Instant, id: PersonId, new_date: &str) -> Result<Option<Preview>> {
        let date = parse_date(new_date).map_err(|problem| Error::field("start_date", problem))?;
        let mut db = self.app.store().read().await?;
        let before = found(changeable(people::find(&mut db, Scope::All, id).await?))?;
        let after = starting(&before, date);
        preview(&mut db, now, &before, &after).await
    }

    /// Moves the start date; open deadlines follow, and the old dates stay in the history. Says whether it moved. `seen`: as for
    /// [`PeopleEditingDesk::change`].
    ///
    /// # Errors
    /// `Invalid` without a reason or with an impossible date; `Conflict` when what it does was not shown yet or is something else by now, for somebody who left, and for one's own where somebody else could.
    pub async fn move_start(&self, now: Instant, id: PersonId, new_date: &str, reason: &str, seen: &str) -> Result<bool> {
        let mut problems = crate::domain::problem::Problems::default();
        let date = problems.take("start_date", parse_date(new_date));
        let reason = problems.take("reason", Line::parse_up_to(reason, MAX_NOTE));
        let (Some(date), Some(reason)) = (date, reason) else {
            return Err(problems.into());
        };
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let before = found(people::find_for_change(&mut tx, id).await?)?;
        if has_left(&before, now) {
            return Err(Conflict::Ended.into());
        }
        if date == before.details.start_date {
            return Ok(false);
        }
        let after = starting(&before, date);
        update(&mut tx, now, Some(self.actor), &before, &after, reason.as_str(), Some(seen)).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Somebody as a form wants them, the start date aside.
async fn changed(db: &mut Db, now: Instant, before: &Person, form: &PersonForm) -> Result<Person> {
    let details = parse_person(&PersonForm {
        start_date: iso_date(before.details.start_date),
        ..form.clone()
    })?;
    if has_left(before, now) {
        // Nobody hears of an address that is changed while their account is closed, so whoever has one comes back first.
        let moves = addresses::differ(&before.details, &details) && accounts::find_of_person(db, before.id).await?.is_some();
        if moves || details.time_zone != before.details.time_zone {
            return Err(Conflict::Ended.into());
        }
    }
    let manager_id = resolve(db, Some(before.id), &details).await?;
    Ok(Person {
        details,
        manager_id,
        ..before.clone()
    })
}

/// Somebody as they are with another first day.
fn starting(before: &Person, start_date: Date) -> Person {
    Person {
        details: PersonDetails {
            start_date,
            ..before.details.clone()
        },
        ..before.clone()
    }
}

/// What is shown before somebody is changed.
async fn preview(db: &mut Db, now: Instant, before: &Person, after: &Person) -> Result<Option<Preview>> {
    let plan = plan(db, now, before, after).await?;
    if plan.is_empty() {
        return Ok(None);
    }
    Ok(Some(Preview {
        fates: plan.fates(),
        rules: requirements::list_rules(db, today(after, now)).await?,
        seal: seal(after, &plan),
    }))
}

/// Stands for everything that somebody was shown of a change.
fn seal(after: &Person, plan: &Plan) -> String {
    hex::encode(Sha256::digest(json!([after.id, form_of(&after.details), plan.fates()]).to_string()))
}

/// The form with what is on record.
pub fn form_of(details: &PersonDetails) -> PersonForm {
    let email = |email: &Option<crate::domain::person::Email>| email.as_ref().map_or(String::new(), |email| email.as_str().to_owned());
    PersonForm {
        name: details.name.as_str().to_owned(),
        private_email: details.private_email.as_str().to_owned(),
        work_email: email(&details.work_email),
        kind: details.kind.as_str().to_owned(),
        country: details.country.as_str().to_owned(),
        department: details.department.as_str().to_owned(),
        job_title: details.job_title.as_str().to_owned(),
        manager_email: email(&details.manager_email),
        start_date: iso_date(details.start_date),
        time_zone: details.time_zone.clone(),
        language: details.language.tag().to_owned(),
        tags: details.tags.joined(),
    }
}

/// Checks that addresses are free and finds the manager.
async fn resolve(db: &mut Db, own: Option<PersonId>, details: &PersonDetails) -> Result<Option<PersonId>> {
    let mut problems = crate::domain::problem::Problems::default();
    for (field, email) in [("private_email", Some(&details.private_email)), ("work_email", details.work_email.as_ref())] {
        if let Some(email) = email
            && let Some(other) = people::find_by_email(db, email).await?
            && Some(other.id) != own
        {
            problems.add(field, Problem::EmailTaken);
        }
    }
    let manager = match &details.manager_email {
        None => None,
        Some(email) => match people::find_by_email(db, email).await? {
            Some(manager) if Some(manager.id) == own => {
                problems.add("manager_email", Problem::OwnManager);
                None
            }
            Some(manager) => Some(manager.id),
            None => {
                problems.add("manager_email", Problem::UnknownManager);
                None
            }
        },
    };
    if problems.is_empty() { Ok(manager) } else { Err(problems.into()) }
}

/// Inserts a person with one assignment per requirement that is for them.
pub(super) async fn insert(tx: &mut Tx, now: Instant, by: Option<AccountId>, person: &Person, requirements: &[Requirement]) -> Result<()> {
    let details = &person.details;
    people::insert(tx, now, person, start_at(person)).await?;
    accounts::adopt(tx, person.id, &details.private_email, details.work_email.as_ref()).await?;
    let items = give_first(tx, now, person, requirements).await?;
    let detail = json!({ "start_date": iso_date(details.start_date), "kind": details.kind, "items": items });
    audit(tx, now, by, Action::PersonAdded, Subject::of_person(person.id), detail);
    Ok(())
}

/// Writes what changed; items and their deadlines follow. Where somebody else could, nobody moves their own start, time zone or
/// country, which decide whether their NDA was in time, nor what rids them of items, nor the addresses that tell who they are. Without an actor, whoever can start the program on the server is trusted. `seen`: the seal of
/// what was shown; none for a list, which has a preview of its own.
pub(super) async fn update(tx: &mut Tx, now: Instant, actor: Option<&Actor>, before: &Person, after: &Person, reason: &str, seen: Option<&str>) -> Result<()> {
    let (old, new) = (&before.details, &after.details);
    let moves = old.start_date != new.start_date || old.time_zone != new.time_zone || old.country != new.country;
    let plan = plan(tx, now, before, after).await?;
    // Asked before the addresses change by which an account is known.
    let alone = match actor {
        Some(actor) if moves || !plan.is_empty() || addresses::differ(old, new) => roles::attest(tx, now, actor, after.id, Permission::EditPeople).await?,
        _ => false,
    };
    if seen.is_some_and(|seen| !plan.is_empty() && seen != seal(after, &plan)) {
        return Err(Conflict::EffectUnseen.into());
    }
    let by = actor.map(Actor::account);
    people::update(tx, after, start_at(after)).await?;
    let told = addresses::after_change(tx, now, by, before, after).await?;
    accounts::follow_person(tx, after.id, &new.private_email, new.name.as_str()).await?;
    let subject = Subject::of_person(after.id);
    if old.start_date != new.start_date {
        people::insert_start_date_change(tx, now, by, after.id, old.start_date, new.start_date, reason).await?;
        let detail = json!({ "from": iso_date(old.start_date), "to": iso_date(new.start_date), "reason": reason, "alone": alone });
        audit(tx, now, by, Action::StartDateChanged, subject, detail);
    }
    let mut fields = changed_fields(before, after);
    fields.retain(|field| !(told && addresses::is_address(field)));
    if !fields.is_empty() {
        let mut detail = json!({ "fields": fields });
        if alone {
            detail["alone"] = json!(true);
        }
        if old.time_zone != new.time_zone {
            // Deadlines moved with it, so what it was is part of what was true when.
            detail["time_zone"] = json!({ "from": old.time_zone, "to": new.time_zone });
        }
        audit(tx, now, by, Action::PersonChanged, subject, detail);
    }
    plan.carry_out(tx, now, by, after, reason).await
}

/// The form names of the fields that differ, the start date aside.
pub(super) fn changed_fields(before: &Person, after: &Person) -> Vec<&'static str> {
    let (old, new) = (&before.details, &after.details);
    [
        ("name", old.name != new.name),
        ("private_email", old.private_email != new.private_email),
        ("work_email", old.work_email != new.work_email),
        ("kind", old.kind != new.kind),
        ("country", old.country != new.country),
        ("department", old.department != new.department),
        ("job_title", old.job_title != new.job_title),
        ("manager_email", before.manager_id != after.manager_id),
        ("time_zone", old.time_zone != new.time_zone),
        ("language", old.language != new.language),
        ("tags", old.tags != new.tags),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect()
}

/// Somebody about whom something can still be changed.
fn changeable(person: Option<Person>) -> Option<Person> {
    person.filter(|person| person.pseudonymised_at.is_none())
}

/// Whether somebody's last day is over.
pub fn has_left(person: &Person, now: Instant) -> bool {
    person.end_date.is_some_and(|last_day| zones::is_over(&person.details.time_zone, last_day, now))
}

/// Today where a person works.
pub fn today(person: &Person, now: Instant) -> Date {
    zones::local_date(&person.details.time_zone, now)
}

/// Whether anybody is on record yet.
///
/// # Errors
/// When the database refuses.
pub async fn nobody_yet(app: &App) -> Result<bool> {
    Ok(people::count(&mut app.store().read().await?).await? == 0)
}

/// Loads a person and an assignment of any kind for a change, both or `NotFound`.
pub(super) async fn any_assignment_for_change(tx: &mut Tx, scope: Scope, id: crate::domain::ids::AssignmentId) -> Result<(Person, Assignment)> {
    let owner = found(assignments::find(tx, scope, id).await?)?.person;
    let person = found(people::find_for_change(tx, owner).await?)?;
    // Read again under the lock: what is decided on must be what is written on.
    let assignment = found(assignments::find(tx, scope, id).await?)?;
    Ok((person, assignment))
}

/// As [`any_assignment_for_change`], for an item of one kind.
pub(super) async fn assignment_for_change(
    tx: &mut Tx,
    scope: Scope,
    id: crate::domain::ids::AssignmentId,
    kind: RequirementKind,
) -> Result<(Person, Assignment)> {
    let (person, assignment) = any_assignment_for_change(tx, scope, id).await?;
    found((assignment.kind == kind).then_some((person, assignment)))
}
