//! What a password manager's list of members changes about the items on record, decided on what the store says now, and carried out.

use super::{Result, Subject, audit, found, prove};
use crate::{
    domain::{
        Instant,
        assignment::{Cause, State},
        audit::Action,
        evidence::Proof,
        ids::{AccountId, MemberListId, PersonId},
        member::Listing,
        person::iso_date,
        requirement::RequirementKind,
    },
    server::{
        store::{
            Db, Tx,
            assignments::{self, Assignment},
            members::MemberList,
            reconciliation::{self, Match},
        },
        zones,
    },
};
use serde_json::json;
use std::collections::HashMap;
use time::Duration;

/// How long somebody who is no longer in the list has to enrol again.
const DAYS_TO_RETURN: Duration = Duration::days(7);

/// What a list changes about one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// The list proves the enrolment.
    Enrol(Match),
    /// It was confirmed by hand before; now the list proves it too.
    Prove(Match),
    /// An earlier list proved it, and this one does not: no longer in it, or no longer so.
    Reopen(Option<Listing>),
}

/// What applying a list does.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// In the order of names.
    pub moves: Vec<(Assignment, Move)>,
    /// The lines that are nobody's.
    pub unknown: Vec<Match>,
    /// How many lines are ours and stay without effect.
    pub unchanged: usize,
    /// Of how many of ours the list does not say whether two-step login is on.
    pub silent: usize,
}

/// How many items a list changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub enrolled: usize,
    pub proven: usize,
    pub reopened: usize,
}

impl Plan {
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for (_, change) in &self.moves {
            match change {
                Move::Enrol(_) => tally.enrolled += 1,
                Move::Prove(_) => tally.proven += 1,
                Move::Reopen(_) => tally.reopened += 1,
            }
        }
        tally
    }
}

/// What a list changes, for everyone or for one person. It is decided on what the store says now.
pub(super) async fn plan(db: &mut Db, now: Instant, list: MemberListId, person: Option<PersonId>) -> Result<Plan> {
    let items = assignments::list_of_kind(db, RequirementKind::PasswordManager, person, now.date()).await?;
    let mut plan = Plan::default();
    let mut best: HashMap<PersonId, Match> = HashMap::new();
    for line in reconciliation::list_matches(db, list, person).await? {
        match line.person {
            None if !line.is_said => plan.unknown.push(line),
            None => {}
            Some(person) => {
                let known = best.entry(person).or_insert_with(|| line.clone());
                if (line.listing, line.line) < (known.listing, known.line) {
                    *known = line;
                }
            }
        }
    }
    plan.silent = best.values().filter(|line| line.listing.is_silent()).count();
    plan.unchanged = best.len();
    for item in items {
        let line = best.get(&item.person);
        if let Some(change) = decide(&item, line) {
            plan.unchanged -= usize::from(line.is_some());
            plan.moves.push((item, change));
        }
    }
    Ok(plan)
}

/// What a person's line in the list, or its absence, changes about their item.
fn decide(item: &Assignment, line: Option<&Match>) -> Option<Move> {
    let proof = line.filter(|line| line.listing.is_enrolled());
    match (item.state, proof) {
        (State::Open | State::Waiting { .. }, Some(line)) => Some(Move::Enrol(line.clone())),
        (State::Done { .. }, Some(line)) if !item.on_vendor_list => Some(Move::Prove(line.clone())),
        (State::Done { .. }, None) if item.on_vendor_list && line.is_none_or(|line| line.listing.is_lost()) => {
            Some(Move::Reopen(line.map(|line| line.listing)))
        }
        _ => None,
    }
}

/// Writes what a list changes about one item. The enrolment counts from the upload, which is when it was first known, or from
/// what the person declared before that.
pub(super) async fn carry_out(tx: &mut Tx, now: Instant, by: AccountId, list: &MemberList, item: &Assignment, change: Move) -> Result<()> {
    let subject = Subject::about(item.id.0, item.person);
    match change {
        Move::Enrol(line) => {
            let at = match item.state {
                State::Waiting { since } => list.uploaded_at.max(since),
                _ => list.uploaded_at,
            };
            let late = matches!(item.state, State::Open) && at >= item.deadline.due_at;
            assignments::update_state(tx, item.id, item.state, item.state.complete(at)?, late).await?;
            prove(tx, now, Some(by), item.id, at, proof(list, line)).await?;
            audit(tx, now, Some(by), Action::PasswordManagerListed, subject, json!({ "late": late }));
        }
        Move::Prove(line) => {
            prove(tx, now, Some(by), item.id, list.uploaded_at, proof(list, line)).await?;
            audit(tx, now, Some(by), Action::PasswordManagerListed, subject, json!({}));
        }
        Move::Reopen(listing) => {
            let due_on = zones::local_date(&item.time_zone, now) + DAYS_TO_RETURN;
            assignments::insert_cycle(tx, item, zones::deadline_on(&item.time_zone, due_on), Cause::LeftList, item.late).await?;
            let detail = json!({ "listing": listing, "due_on": iso_date(due_on) });
            audit(tx, now, Some(by), Action::PasswordManagerUnlisted, subject, detail);
        }
    }
    Ok(())
}

fn proof(list: &MemberList, line: Match) -> Proof {
    Proof::PasswordManagerMember {
        list: list.id,
        vendor: list.vendor,
        email: line.email,
        listing: line.listing,
    }
}

/// Brings whoever a line belonged to, and whoever it belongs to now, to what the list says about them.
pub(super) async fn settle(tx: &mut Tx, now: Instant, by: AccountId, list: &MemberList, before: &Match) -> Result<()> {
    let after = found(reconciliation::find_match(tx, list.id, &before.email).await?)?.person;
    let concerned = before.person.into_iter().chain(after.filter(|person| before.person != Some(*person)));
    for person in concerned {
        for (item, change) in plan(tx, now, list.id, Some(person)).await?.moves {
            carry_out(tx, now, by, list, &item, change).await?;
        }
    }
    Ok(())
}
