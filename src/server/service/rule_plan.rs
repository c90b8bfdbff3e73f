//! What a rule would do to everybody, worked out from what is on record, and carried out as it was worked out.

use super::Result;
use crate::{
    domain::{
        Instant,
        assignment::{Cause, EndReason, State},
        deadlines::{due_on, due_on_after_change, is_overdue},
        duty::{Step, step},
        ids::AssignmentId,
        problem::Conflict,
        requirement::{Basis, DueRule, Requirement, RequirementKind},
        rule::Effect,
        weekend::Weekend,
    },
    server::{
        store::{
            Tx,
            rules::{self, Candidate, Ended, Given, HeldItem, Moved},
        },
        zones,
    },
};
use time::Date;

/// Written beside deadlines that a change of their rule moves.
const RULE_CHANGED: &str = "rule changed";

/// What a rule does to whom.
#[derive(Debug, Default)]
pub(super) struct Plan {
    given: Vec<Given>,
    ended: Vec<Ended>,
    set_aside: Vec<AssignmentId>,
    taken_up: Vec<AssignmentId>,
    moved: Vec<Moved>,
    kept: usize,
}

/// The rule as it will be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted<'a> {
    /// In force; with the deadline that it set so far, if it was in force before.
    InForce(&'a Requirement, Option<DueRule>),
    /// In force no more; of which kind it was.
    Ended(RequirementKind),
}

/// What a rule does to these people.
pub(super) fn plan(wanted: Wanted<'_>, people: &[Candidate], now: Instant) -> Plan {
    let mut plan = Plan::default();
    for one in people.iter().filter(|one| !zones::has_ended(one.end_date, Some(one.time_zone.as_str()), now)) {
        let (asked, kind) = match wanted {
            Wanted::InForce(rule, _) => (rule.audience.matches(one.facts()), rule.kind),
            Wanted::Ended(kind) => (false, kind),
        };
        let held = one.held.as_ref();
        match (step(asked, held.map(|held| (held.state, held.outside))), held, wanted) {
            (Step::Give | Step::GiveAgain, held, Wanted::InForce(rule, _)) => plan.given.push(given(rule, one, held, now)),
            (Step::End, Some(held), _) => plan.ended.push(ended(kind, one, held, now)),
            (Step::SetAside, Some(held), _) => plan.set_aside.push(held.id),
            (Step::TakeUp, Some(held), _) => {
                plan.taken_up.push(held.id);
                plan.kept += 1;
            }
            (Step::Nothing, Some(held), Wanted::InForce(rule, before)) if asked => {
                plan.kept += 1;
                plan.moved.extend(moved(rule, before, one, held, now));
            }
            _ => {}
        }
    }
    plan
}

fn basis(one: &Candidate, assigned_on: Date) -> Basis {
    Basis {
        start: one.start_date,
        assigned_on,
        weekend: Weekend::of_country(one.country.as_str()),
    }
}

fn given(rule: &Requirement, one: &Candidate, held: Option<&HeldItem>, now: Instant) -> Given {
    let today = zones::local_date(&one.time_zone, now);
    let basis = basis(one, today);
    let due_on = due_on(rule.due, Cause::Rule, basis).unwrap_or_else(|| rule.due.due_on(basis));
    Given {
        person: one.person,
        cycle: held.map_or(1, |held| held.cycle + 1),
        cause: Cause::Rule,
        assigned_on: today,
        deadline: zones::deadline_on(&one.time_zone, due_on),
        late: held.is_some_and(|held| held.late),
    }
}

/// An item that ends unfinished; late for ever if it was overdue, also where the rule asks for it again one day.
fn ended(kind: RequirementKind, one: &Candidate, held: &HeldItem, now: Instant) -> Ended {
    let deadline = zones::deadline_on(&one.time_zone, held.due_on);
    let start_at = zones::start_of_day(&one.time_zone, one.start_date);
    Ended {
        item: held.id,
        late: is_overdue(kind, held.cause, held.state, now, deadline, start_at),
    }
}

/// Where the deadline of an unfinished item moves to when its rule changes; none where it stays. What is overdue stays so: else a rule
/// changed there and back would make everybody punctual.
fn moved(rule: &Requirement, before: Option<DueRule>, one: &Candidate, held: &HeldItem, now: Instant) -> Option<Moved> {
    let is_open = matches!(held.state, State::Open | State::Waiting { .. } | State::Failed { .. });
    if !is_open || before.is_none_or(|before| before == rule.due) || ended(rule.kind, one, held, now).late {
        return None;
    }
    // Where only the due date is known, a rule cannot be counted from the day on which the item was asked.
    let assigned_on = match held.assigned_on {
        None if rule.due.counts_from_assignment() => return None,
        known => known.unwrap_or(one.start_date),
    };
    let by_rule = due_on(rule.due, held.cause, basis(one, assigned_on))?;
    let due_on = due_on_after_change(by_rule, held.due_on, zones::local_date(&one.time_zone, now));
    (due_on != held.due_on).then(|| Moved {
        item: held.id,
        deadline: zones::deadline_on(&one.time_zone, due_on),
    })
}

impl Plan {
    /// In people.
    pub(super) fn effect(&self) -> Effect {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        Effect {
            get: count(self.given.len()),
            lose: count(self.ended.len()),
            keep_evidence: count(self.set_aside.len()),
            keep: count(self.kept),
            moved: count(self.moved.len()),
        }
    }

    /// Does it. `reason`: why unfinished items end.
    ///
    /// # Errors
    /// `Conflict` when somebody was faster and it is no longer what was worked out.
    pub(super) async fn carry_out(&self, tx: &mut Tx, now: Instant, rule: &Requirement, reason: EndReason) -> Result<()> {
        let written = [
            (rules::give(tx, rule.id, &self.given).await?, self.given.len()),
            (rules::end(tx, now, &self.ended, reason).await?, self.ended.len()),
            (rules::set_outside(tx, &self.set_aside, Some(now)).await?, self.set_aside.len()),
            (rules::set_outside(tx, &self.taken_up, None).await?, self.taken_up.len()),
            (rules::move_deadlines(tx, now, &self.moved, RULE_CHANGED).await?, self.moved.len()),
        ];
        if written.iter().all(|(rows, planned)| usize::try_from(*rows) == Ok(*planned)) {
            Ok(())
        } else {
            Err(Conflict::EffectUnseen.into())
        }
    }
}
