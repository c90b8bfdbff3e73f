//! A person's assignments as the items they see: one per kind, so that the policies together are one of the five.

use crate::{
    domain::{
        Instant,
        assignment::State,
        check_profile::Consent,
        compliance::Standing,
        ids::AssignmentId,
        requirement::{DueRule, RequirementKind},
    },
    server::service::{checklist::Checklist, rows::Assignment},
    ui::components::status::standing_of,
};

/// Where an item stands on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    BeforeStart,
    AfterStart,
    /// Somebody else has the next step.
    Others,
    Done,
    Ended,
}

/// One of the five items. `parts` is never empty.
#[derive(Clone)]
pub struct Item {
    pub kind: RequirementKind,
    pub parts: Vec<Assignment>,
}

/// All items, in the order of the checklist.
pub fn items(assignments: &[Assignment]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for assignment in assignments {
        // What a company asks besides has nothing in common but that.
        let same = |item: &&mut Item| item.kind == assignment.kind && item.kind != RequirementKind::Instruction;
        match items.iter_mut().find(same) {
            Some(item) => item.parts.push(assignment.clone()),
            None => items.push(Item {
                kind: assignment.kind,
                parts: vec![assignment.clone()],
            }),
        }
    }
    items
}

impl Item {
    pub fn place(&self) -> Place {
        let any = |test: fn(&State) -> bool| self.parts.iter().any(|part| test(&part.state));
        if self.parts.iter().any(is_own_step) {
            let is_due_first = |part: &Assignment| is_own_step(part) && matches!(part.due, DueRule::DaysBeforeStart(_) | DueRule::ByStart);
            return if self.parts.iter().any(is_due_first) {
                Place::BeforeStart
            } else {
                Place::AfterStart
            };
        }
        if any(|state| matches!(state, State::Ended { .. })) {
            Place::Ended
        } else if self.done() == self.parts.len() {
            Place::Done
        } else {
            Place::Others
        }
    }

    /// How many parts are done.
    pub fn done(&self) -> usize {
        self.parts.iter().filter(|part| matches!(part.state, State::Done { .. })).count()
    }

    /// The standing of the part that needs most care.
    pub fn standing(&self, now: Instant) -> Standing {
        const CARE: [Standing; 8] = [
            Standing::Overdue,
            Standing::Open,
            Standing::Failed,
            Standing::Waiting,
            Standing::Exempt,
            Standing::Ended,
            Standing::DoneLate,
            Standing::Done,
        ];
        let standings: Vec<_> = self.parts.iter().map(|part| standing_of(part, now)).collect();
        CARE.into_iter().find(|standing| standings.contains(standing)).unwrap_or(Standing::Done)
    }
}

/// Whether the person has the next step. Nobody can do their own background check; agreeing to it is theirs alone.
pub fn is_own_step(part: &Assignment) -> bool {
    matches!(part.state, State::Open) && (part.kind != RequirementKind::BackgroundCheck || part.consent == Consent::Missing)
}

/// What to do next: the earliest deadline first. The password manager waits for the first day, as its invitation does.
pub fn next(list: &Checklist) -> Option<&Assignment> {
    let started = list.today >= list.person.details.start_date;
    list.items
        .iter()
        .filter(|part| is_own_step(part) && (started || part.kind != RequirementKind::PasswordManager))
        .min_by_key(|part| part.deadline.due_at)
}

/// Where one does, reads again or sees the copy of an item.
pub fn link(part: &Assignment) -> Option<String> {
    use RequirementKind as K;
    match (part.kind, part.state) {
        (_, State::Ended { .. } | State::Failed { .. }) | (K::PasswordManager, State::Waiting { .. } | State::Done { .. }) => None,
        (K::Nda | K::Policy, State::Waiting { .. } | State::Done { .. }) => Some(copy_path(part.id)),
        (K::Nda, State::Open) => Some(format!("/checklist/nda/{}", part.id)),
        (K::Policy, State::Open) => Some(format!("/checklist/policy/{}", part.id)),
        (K::BackgroundCheck, _) => Some(format!("/checklist/check/{}", part.id)),
        (K::Training, _) => Some(course_path(part.id)),
        (K::PasswordManager, State::Open) => Some(format!("/checklist/password-manager/{}", part.id)),
        (K::Instruction, _) => Some(format!("/checklist/instruction/{}", part.id)),
    }
}

/// The copy of what was signed or accepted.
pub fn copy_path(id: AssignmentId) -> String {
    format!("/signed/{id}")
}

/// The overview of one's own course.
pub fn course_path(id: AssignmentId) -> String {
    format!("/checklist/training/{id}")
}

/// What a person is called in a greeting.
pub fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}
