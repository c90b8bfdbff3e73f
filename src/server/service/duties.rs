//! What changes about a person do to their items: rules give and take them, and deadlines move with what they are counted from. What
//! was due before stays in the history.

use super::{Result, Subject, audit, people::today, start_at};
use crate::{
    domain::{
        Instant,
        assignment::{Cause, EndReason, State},
        audit::Action,
        deadlines::{Deadline, due_on, is_late, is_overdue},
        duty::{Step, step},
        group::Facts,
        ids::AccountId,
        person::Person,
        requirement::{Basis, DueRule, Requirement},
        weekend::Weekend,
    },
    server::{
        store::{
            Tx,
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

/// Brings the items of somebody who was changed to what the rules ask of them now.
pub(super) async fn follow(tx: &mut Tx, now: Instant, by: Option<AccountId>, before: &Person, after: &Person, reason: &str) -> Result<()> {
    let (old, new) = (&before.details, &after.details);
    if old.start_date != new.start_date || old.time_zone != new.time_zone || old.country != new.country {
        move_deadlines(tx, now, before, after, reason).await?;
    }
    if Facts::of(old) != Facts::of(new) && !super::people::has_left(after, now) {
        regroup(tx, now, by, after).await?;
    }
    Ok(())
}

/// Recomputes the deadlines of what is not done. What is done, or ended unfinished, keeps its deadline, unless by the move it came too
/// late, and has the new one then. Nothing late ever becomes punctual, also not by a start that is moved there and back, or by another
/// time zone: a place is no reason for more time.
async fn move_deadlines(tx: &mut Tx, now: Instant, before: &Person, after: &Person, reason: &str) -> Result<()> {
    let mut items = assignments::list_of_person(tx, after.id).await?;
    items.extend(assignments::list_earlier_cycles(tx, after.id).await?);
    for item in items {
        let (old, new) = moved(&item, before, after);
        let too_late = |deadline, person| decided_at(&item).is_some_and(|at| is_late(item.kind, item.cause, at, deadline, start_at(person)));
        // Held against the old date by the same rule: one that became stricter meanwhile makes nothing late that is done.
        let by_the_move = too_late(new, after) && !too_late(old, before);
        let is_overdue = before.details.start_date == after.details.start_date && is_overdue_at(before, &item, now);
        let becomes_late = !item.late && (by_the_move || is_overdue);
        let deadline = match item.state {
            State::Open | State::Waiting { .. } | State::Failed { .. } => new,
            State::Done { .. } | State::Ended { .. } if becomes_late => new,
            State::Done { .. } | State::Ended { .. } => item.deadline,
        };
        if deadline != item.deadline || becomes_late {
            assignments::update_deadline(tx, now, &item, deadline, becomes_late, reason).await?;
        }
    }
    Ok(())
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
fn moved(item: &Assignment, before: &Person, after: &Person) -> (Deadline, Deadline) {
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

/// Gives and takes what the rules say for somebody whose group may have changed.
async fn regroup(tx: &mut Tx, now: Instant, by: Option<AccountId>, person: &Person) -> Result<()> {
    let today = today(person, now);
    let items = assignments::list_of_person(tx, person.id).await?;
    let (mut given, mut taken) = (0, 0);
    for rule in requirements::list(tx).await? {
        let held = items.iter().find(|item| item.requirement == rule.id);
        let due = deadline(person, rule.due, Cause::Rule, today);
        match (step(is_for(&rule, person), held.map(stands)), held) {
            (Step::Give, _) => {
                assignments::insert(tx, person.id, rule.id, Cause::Rule, today, due).await?;
                given += 1;
            }
            (Step::GiveAgain, Some(held)) => {
                assignments::insert_cycle(tx, held, today, due, Cause::Rule, held.late).await?;
                given += 1;
            }
            (Step::TakeUp, Some(held)) => {
                assignments::set_outside(tx, held.id, None).await?;
                given += 1;
            }
            (Step::End | Step::SetAside, Some(held)) => {
                take(tx, now, person, held).await?;
                taken += 1;
            }
            _ => {}
        }
    }
    if given + taken > 0 {
        let detail = json!({ "given": given, "taken": taken });
        audit(tx, now, by, Action::ItemsFollowedRules, Subject::of_person(person.id), detail);
    }
    Ok(())
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
