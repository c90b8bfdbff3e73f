//! What changes about a person do to their items: rules give and take them, and deadlines move with what they are counted from. What
//! was due before stays in the history.

use super::{Result, Subject, audit, people::today, start_at};
use crate::{
    domain::{
        Instant,
        assignment::{Cause, EndReason, State},
        audit::Action,
        deadlines::{Deadline, due_on, is_late, is_overdue},
        duty::{Fate, Step, step},
        group::Facts,
        ids::{AccountId, RequirementId},
        person::Person,
        requirement::{Basis, DueRule, Requirement},
        weekend::Weekend,
    },
    server::{
        store::{
            Db, Tx,
            assignments::{self, Assignment},
            requirements,
        },
        zones,
    },
};
use serde_json::json;
use time::Date;

/// What somebody's deadlines are counted from, for an item that was asked on a day.
pub(super) fn basis(person: &Person, assigned_on: Date) -> Basis {
    Basis {
        start: person.details.start_date,
        assigned_on,
        weekend: Weekend::of_country(person.details.country.as_str()),
    }
}

/// The deadline of an item that somebody is asked for on a day by a rule.
pub(super) fn deadline(person: &Person, rule: DueRule, cause: Cause, assigned_on: Date) -> Deadline {
    let basis = basis(person, assigned_on);
    zones::deadline_on(&person.details.time_zone, due_on(rule, cause, basis).unwrap_or_else(|| rule.due_on(basis)))
}

/// Whether a rule is for somebody.
pub(super) fn is_for(rule: &Requirement, person: &Person) -> bool {
    rule.audience.matches(Facts::of(&person.details))
}

/// Gives a newcomer every item that a rule asks of them. Says how many.
pub(super) async fn give_first(tx: &mut Tx, now: Instant, person: &Person, rules: &[Requirement]) -> Result<usize> {
    let today = today(person, now);
    let mut given = 0;
    for rule in rules.iter().filter(|rule| is_for(rule, person)) {
        let deadline = deadline(person, rule.due, Cause::First, today);
        assignments::insert(tx, person.id, rule.id, Cause::First, today, deadline).await?;
        given += 1;
    }
    Ok(given)
}

/// What a change of somebody does to their items: worked out from what is on record, shown, and carried out as it was worked out.
#[derive(Debug, Default)]
pub(super) struct Plan {
    moved: Vec<Moved>,
    regrouped: Vec<Regrouped>,
    kept: Vec<RequirementId>,
}

/// An item as it stands, and its deadline after the change.
#[derive(Debug)]
struct Moved {
    item: Assignment,
    deadline: Deadline,
    becomes_late: bool,
}

/// What has to happen to the newest item of a rule. `held`: as it stands once deadlines have moved.
#[derive(Debug)]
struct Regrouped {
    rule: RequirementId,
    step: Step,
    held: Option<Assignment>,
    deadline: Deadline,
}

/// What becomes of somebody's items when they are changed.
pub(super) async fn plan(db: &mut Db, now: Instant, before: &Person, after: &Person) -> Result<Plan> {
    let (old, new) = (&before.details, &after.details);
    let moves = old.start_date != new.start_date || old.time_zone != new.time_zone || old.country != new.country;
    let regroups = Facts::of(old) != Facts::of(new) && !super::people::has_left(after, now);
    let mut plan = Plan::default();
    if !moves && !regroups {
        return Ok(plan);
    }
    let mut items = assignments::list_of_person(db, after.id).await?;
    if moves {
        let earlier = assignments::list_earlier_cycles(db, after.id).await?;
        plan.moved = items.iter().chain(&earlier).filter_map(|item| moved(item, before, after, now)).collect();
        for item in &mut items {
            plan.move_deadline_of(item);
        }
    }
    if regroups {
        plan.regrouped = regrouped(&requirements::list(db).await?, &items, after, now);
    }
    let is_kept = |item: &&Assignment| item.outside_since.is_none() && !matches!(item.state, State::Ended { .. }) && !plan.changes(item.requirement);
    plan.kept = items.iter().filter(is_kept).map(|item| item.requirement).collect();
    Ok(plan)
}

/// The new deadline of an item, if it has one. What is done, or ended unfinished, keeps its deadline, unless by the move it came too
/// late, and has the new one then. Nothing late ever becomes punctual, also not by a start that is moved there and back, or by another
/// time zone: a place is no reason for more time.
fn moved(item: &Assignment, before: &Person, after: &Person, now: Instant) -> Option<Moved> {
    let (old, new) = deadlines_around(item, before, after);
    let too_late = |deadline, person| decided_at(item).is_some_and(|at| is_late(item.kind, item.cause, at, deadline, start_at(person)));
    // Held against the old date by the same rule: one that became stricter meanwhile makes nothing late that is done.
    let by_the_move = too_late(new, after) && !too_late(old, before);
    let is_overdue = before.details.start_date == after.details.start_date && is_overdue_at(before, item, now);
    let becomes_late = !item.late && (by_the_move || is_overdue);
    let deadline = match item.state {
        State::Open | State::Waiting { .. } | State::Failed { .. } => new,
        State::Done { .. } | State::Ended { .. } if becomes_late => new,
        State::Done { .. } | State::Ended { .. } => item.deadline,
    };
    (deadline != item.deadline || becomes_late).then(|| Moved {
        item: item.clone(),
        deadline,
        becomes_late,
    })
}

/// What the rules give to and take from somebody whose group may have changed.
fn regrouped(rules: &[Requirement], items: &[Assignment], person: &Person, now: Instant) -> Vec<Regrouped> {
    let today = today(person, now);
    let of_rule = |rule: &Requirement| {
        let held = items.iter().find(|item| item.requirement == rule.id);
        Regrouped {
            rule: rule.id,
            step: step(is_for(rule, person), held.map(stands)),
            held: held.cloned(),
            deadline: deadline(person, rule.due, Cause::Rule, today),
        }
    };
    rules.iter().map(of_rule).filter(|one| one.step != Step::Nothing).collect()
}

impl Plan {
    /// Whether no item changes.
    pub(super) const fn is_empty(&self) -> bool {
        self.moved.is_empty() && self.regrouped.is_empty()
    }

    /// What becomes of the item of each rule: what changes first, then what stays.
    pub(super) fn fates(&self) -> Vec<(RequirementId, Fate)> {
        let is_regrouped = |rule: RequirementId| self.regrouped.iter().any(|one| one.rule == rule);
        let moved = self.moved.iter().filter(|one| !is_regrouped(one.item.requirement));
        let kept = self.kept.iter().map(|rule| (*rule, Fate::Keep));
        self.regrouped
            .iter()
            .map(|one| (one.rule, one.fate()))
            .chain(moved.map(|one| (one.item.requirement, one.fate())))
            .chain(kept)
            .collect()
    }

    /// Does it to somebody as they are after the change.
    pub(super) async fn carry_out(&self, tx: &mut Tx, now: Instant, by: Option<AccountId>, person: &Person, reason: &str) -> Result<()> {
        for one in &self.moved {
            assignments::update_deadline(tx, now, &one.item, one.deadline, one.becomes_late, reason).await?;
        }
        for one in &self.regrouped {
            one.carry_out(tx, now, person).await?;
        }
        if !self.regrouped.is_empty() {
            let taken = self.regrouped.iter().filter(|one| one.takes()).count();
            let detail = json!({ "given": self.regrouped.len() - taken, "taken": taken });
            audit(tx, now, by, Action::ItemsFollowedRules, Subject::of_person(person.id), detail);
        }
        Ok(())
    }

    fn changes(&self, rule: RequirementId) -> bool {
        self.moved.iter().any(|one| one.item.requirement == rule) || self.regrouped.iter().any(|one| one.rule == rule)
    }

    /// What ends is held against its new deadline.
    fn move_deadline_of(&self, item: &mut Assignment) {
        if let Some(moved) = self.moved.iter().find(|moved| moved.item.id == item.id) {
            item.deadline = moved.deadline;
            item.late |= moved.becomes_late;
        }
    }
}

impl Moved {
    const fn fate(&self) -> Fate {
        Fate::Move {
            from: self.item.deadline.due_on,
            to: self.deadline.due_on,
            late: self.becomes_late,
        }
    }
}

impl Regrouped {
    const fn takes(&self) -> bool {
        matches!(self.step, Step::End | Step::SetAside)
    }

    const fn fate(&self) -> Fate {
        match self.step {
            Step::Give | Step::GiveAgain => Fate::Get { due_on: self.deadline.due_on },
            Step::TakeUp => Fate::CountAgain,
            Step::End => Fate::End,
            Step::SetAside => Fate::SetAside,
            Step::Nothing => Fate::Keep,
        }
    }

    async fn carry_out(&self, tx: &mut Tx, now: Instant, person: &Person) -> Result<()> {
        let today = today(person, now);
        match (self.step, &self.held) {
            (Step::Give, _) => {
                assignments::insert(tx, person.id, self.rule, Cause::Rule, today, self.deadline).await?;
            }
            (Step::GiveAgain, Some(held)) => {
                assignments::insert_cycle(tx, held, today, self.deadline, Cause::Rule, held.late).await?;
            }
            (Step::TakeUp, Some(held)) => assignments::set_outside(tx, held.id, None).await?,
            (Step::End | Step::SetAside, Some(held)) => take(tx, now, person, held).await?,
            _ => {}
        }
        Ok(())
    }
}

/// When an item was fulfilled, as far as punctuality goes, or ended without; none when that is still to come.
fn decided_at(item: &Assignment) -> Option<Instant> {
    match item.state {
        State::Waiting { since: at } | State::Done { submitted: Some(at), .. } if item.kind.counts_from_submission() => Some(at),
        State::Done { at, .. } | State::Ended { at, .. } => Some(at),
        State::Open | State::Waiting { .. } | State::Failed { .. } => None,
    }
}

/// Whether an item is overdue at an instant. It is late for ever then, also when it ends unfinished and is asked again.
pub(super) fn is_overdue_at(person: &Person, item: &Assignment, at: Instant) -> bool {
    is_overdue(item.kind, item.cause, item.state, at, item.deadline, start_at(person))
}

/// The deadlines of an item before and after a change: of other days only where that changed from which they are counted.
fn deadlines_around(item: &Assignment, before: &Person, after: &Person) -> (Deadline, Deadline) {
    let start = after.details.start_date;
    let is_known = item.assigned_on.is_some() || !item.due.counts_from_assignment();
    let assigned_on = item.assigned_on.unwrap_or(start);
    let by_rule = |person: &Person| due_on(item.due, item.cause, basis(person, assigned_on)).filter(|_| is_known);
    let (old, new) = match (by_rule(before), by_rule(after)) {
        (Some(old), Some(new)) if old != new => (old, new),
        _ => (item.deadline.due_on, item.deadline.due_on),
    };
    let deadline = |person: &Person, day| zones::deadline_on(&person.details.time_zone, day);
    (deadline(before, old), deadline(after, new))
}

/// How an item stands, and whether it was set aside.
pub(super) const fn stands(item: &Assignment) -> (State, bool) {
    (item.state, item.outside_since.is_some())
}

/// Takes an item away from somebody whom its rule is not for any more: unfinished it ends, decided it stays and is set aside. What was
/// overdue is late when the rule asks for it again: nobody becomes punctual by leaving a group for a moment.
pub(super) async fn take(tx: &mut Tx, now: Instant, person: &Person, item: &Assignment) -> Result<()> {
    match item.state.end(now, EndReason::OutOfGroup) {
        Ok(ended) => assignments::update_state(tx, item.id, item.state, ended, is_overdue_at(person, item, now)).await?,
        Err(_) => assignments::set_outside(tx, item.id, Some(now)).await?,
    }
    Ok(())
}
