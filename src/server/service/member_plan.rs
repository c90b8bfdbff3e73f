//! What a password manager's list of members changes about the items on record, decided on what the store says now, and carried out.

use super::{Result, Subject, audit, found, prove, roles};
use crate::{
    domain::{
        Instant,
        assignment::{Cause, State},
        audit::Action,
        evidence::Proof,
        ids::{MemberListId, PersonId},
        member::Listing,
        person::iso_date,
        requirement::RequirementKind,
        roles::Permission,
    },
    server::{
        auth::actor::Actor,
        store::{
            Db, Tx, accounts,
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
    /// Whom whoever carries it out is.
    own: Vec<PersonId>,
    /// What it says about them is left to somebody else.
    own_stays: bool,
}

/// Changes that a page shows; nobody reads more.
const MAX_SHOWN: usize = 500;

/// What of a [`Plan`] a page shows.
#[derive(Clone, Debug)]
pub struct Outlook {
    pub tally: Tally,
    /// The losses first, then in the order of names.
    pub moves: Vec<(Assignment, Move)>,
    /// How many more there are.
    pub hidden: usize,
    pub unknown: usize,
    pub unchanged: usize,
    pub silent: usize,
}

/// How many items a list changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub enrolled: usize,
    pub proven: usize,
    pub reopened: usize,
    /// The item of whoever took the list over is left to somebody else.
    pub own_stays: bool,
}

impl Plan {
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally {
            own_stays: self.own_stays,
            ..Tally::default()
        };
        for (_, change) in &self.moves {
            match change {
                Move::Enrol(_) => tally.enrolled += 1,
                Move::Prove(_) => tally.proven += 1,
                Move::Reopen(_) => tally.reopened += 1,
            }
        }
        tally
    }

    pub(super) fn for_a_page(self) -> Outlook {
        let tally = self.tally();
        let mut moves = self.moves;
        moves.sort_by_key(|(_, change)| !matches!(change, Move::Reopen(_)));
        let hidden = moves.len().saturating_sub(MAX_SHOWN);
        moves.truncate(MAX_SHOWN);
        moves.shrink_to_fit();
        Outlook {
            tally,
            moves,
            hidden,
            unknown: self.unknown.len(),
            unchanged: self.unchanged,
            silent: self.silent,
        }
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

/// As [`plan`], for whoever carries it out: anybody can write a list, so nobody is proven by their own unless nobody else could compare.
pub(super) async fn plan_for(tx: &mut Tx, now: Instant, actor: &Actor, list: MemberListId, person: Option<PersonId>) -> Result<Plan> {
    let mut plan = plan(tx, now, list, person).await?;
    plan.own = accounts::list_persons(tx, actor.account()).await?;
    let Plan { moves, own, .. } = &mut plan;
    let is_own = |item: &Assignment| own.contains(&item.person);
    if moves.iter().any(|(item, _)| is_own(item)) && roles::others_may(tx, now, actor, Permission::ConfirmPasswordManager).await? {
        moves.retain(|(item, _)| !is_own(item));
        plan.own_stays = true;
    }
    Ok(plan)
}

/// What a person's line in the list, or its absence, changes about their item.
fn decide(item: &Assignment, line: Option<&Match>) -> Option<Move> {
    let proof = line.filter(|line| line.listing.is_enrolled());
    match (item.state, proof) {
        (State::Open | State::Waiting { .. }, Some(line)) => Some(Move::Enrol(line.clone())),
        (State::Done { .. }, Some(line)) if !item.on_vendor_list => Some(Move::Prove(line.clone())),
        (State::Done { .. }, None) if item.outside_since.is_none() && item.on_vendor_list && line.is_none_or(|line| line.listing.is_lost()) => {
            Some(Move::Reopen(line.map(|line| line.listing)))
        }
        _ => None,
    }
}

/// Writes what a list changes. Returns how much that was.
pub(super) async fn carry_out(tx: &mut Tx, now: Instant, actor: &Actor, list: &MemberList, plan: Plan) -> Result<Tally> {
    let tally = plan.tally();
    for (item, change) in plan.moves {
        let alone = plan.own.contains(&item.person);
        write(tx, now, actor, list, &item, change, alone).await?;
    }
    Ok(tally)
}

/// Writes what a list changes about one item. The enrolment counts from the upload, which is when it was first known, or from
/// what the person declared before that. `alone`: it is one's own.
async fn write(tx: &mut Tx, now: Instant, actor: &Actor, list: &MemberList, item: &Assignment, change: Move, alone: bool) -> Result<()> {
    let subject = Subject::about(item.id.0, item.person);
    let by = actor.account();
    match change {
        Move::Enrol(line) => {
            let at = match item.state {
                State::Waiting { since } => list.uploaded_at.max(since),
                _ => list.uploaded_at,
            };
            let late = matches!(item.state, State::Open) && at >= item.deadline.due_at;
            assignments::update_state(tx, item.id, item.state, item.state.complete(at)?, late).await?;
            prove(tx, now, Some(by), item.id, at, proof(list, line)).await?;
            audit(
                tx,
                now,
                Some(by),
                Action::PasswordManagerListed,
                subject,
                json!({ "late": late, "alone": alone }),
            );
        }
        Move::Prove(line) => {
            prove(tx, now, Some(by), item.id, list.uploaded_at, proof(list, line)).await?;
            audit(tx, now, Some(by), Action::PasswordManagerListed, subject, json!({ "alone": alone }));
        }
        Move::Reopen(listing) => {
            let today = zones::local_date(&item.time_zone, now);
            let due_on = today + DAYS_TO_RETURN;
            assignments::insert_cycle(tx, item, today, zones::deadline_on(&item.time_zone, due_on), Cause::LeftList, item.late).await?;
            let detail = json!({ "listing": listing, "due_on": iso_date(due_on), "alone": alone });
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
pub(super) async fn settle(tx: &mut Tx, now: Instant, actor: &Actor, list: &MemberList, before: &Match) -> Result<()> {
    let after = found(reconciliation::find_match(tx, list.id, &before.email).await?)?.person;
    let concerned = before.person.into_iter().chain(after.filter(|person| before.person != Some(*person)));
    for person in concerned {
        let plan = plan_for(tx, now, actor, list.id, Some(person)).await?;
        carry_out(tx, now, actor, list, plan).await?;
    }
    Ok(())
}
