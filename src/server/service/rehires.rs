//! Coming back: somebody who left gets a new start date. What they did stays on record, and counts again where it still does.

use super::{
    Result, Subject, audit,
    desks::PeopleEditingDesk,
    duties::{deadline, is_for, stands, take},
    found, invitations,
    leavers::end_if_over,
    people::{has_left, today},
    renewals::year_after,
    roles, start_at,
};
use crate::{
    domain::{
        Instant,
        assignment::{Cause, State},
        audit::Action,
        duty::{Step, step},
        ids::PersonId,
        person::{Line, MAX_NOTE, Person, PersonDetails, iso_date, parse_date},
        problem::{Conflict, Problem, Problems},
        requirement::{Recurrence, Requirement},
        roles::Permission,
    },
    server::{
        store::{
            Tx, accounts,
            assignments::{self, Assignment},
            dialect, people, requirements,
        },
        zones,
    },
};
use serde_json::json;
use time::Date;

/// The form as it was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RehireForm<'a> {
    pub start_date: &'a str,
    pub reason: &'a str,
    /// Whether the personal link goes out at once.
    pub invite: bool,
}

impl RehireForm<'_> {
    fn parse(&self, left_on: Option<Date>) -> Result<(Date, Line)> {
        let mut problems = Problems::default();
        let after_leaving = |date: Date| {
            if left_on.is_some_and(|left| date <= left) {
                Err(Problem::TooEarly)
            } else {
                Ok(date)
            }
        };
        let date = problems.take("start_date", parse_date(self.start_date).and_then(after_leaving));
        let reason = problems.take("reason", Line::parse_up_to(self.reason, MAX_NOTE));
        date.zip(reason).ok_or_else(|| problems.into())
    }
}

impl PeopleEditingDesk<'_> {
    /// Takes somebody back who left. Their account works again, unless it was closed for another reason; roles do not come back.
    ///
    /// # Errors
    /// `ProofTooOld`, as it opens an account again; `Invalid` without a reason or with a start that is not after the last day; `Conflict` for
    /// somebody who is here, and for oneself where somebody else could.
    pub async fn rehire(&self, now: Instant, id: PersonId, form: RehireForm<'_>) -> Result<()> {
        self.actor.freshly_proved(now)?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        dialect::hold_publishing(&mut tx).await?;
        let before = found(people::find_for_change(&mut tx, id).await?)?;
        if !has_left(&before, now) {
            return Err(Conflict::StillHere.into());
        }
        let (start_date, reason) = form.parse(before.end_date)?;
        let alone = roles::attest(&mut tx, now, self.actor, id, Permission::EditPeople).await?;
        // What the clock has not ended yet belongs to the employment that is over.
        end_if_over(&mut tx, now, &before).await?;
        let after = Person {
            details: PersonDetails {
                start_date,
                ..before.details.clone()
            },
            end_date: None,
            ..before.clone()
        };
        let by = Some(self.actor.account());
        people::update(&mut tx, &after, start_at(&after)).await?;
        people::set_last_day(&mut tx, id, None).await?;
        people::insert_start_date_change(&mut tx, now, by, id, before.details.start_date, start_date, reason.as_str()).await?;
        accounts::enable_of_person(&mut tx, id).await?;
        let asked = ask_again(&mut tx, now, &after).await?;
        let detail = json!({
            "from": iso_date(before.details.start_date),
            "to": iso_date(start_date),
            "reason": reason.as_str(),
            "given": asked,
            "alone": alone,
        });
        audit(&mut tx, now, by, Action::PersonRehired, Subject::of_person(id), detail);
        if form.invite {
            invitations::send(&mut tx, self.app, now, by, &after).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Asks somebody who came back for what the rules ask, unless what they did still counts. Says how many items that are. Each begins
/// punctual: it is owed to another first day, and what was late before it stands late in its own cycle.
async fn ask_again(tx: &mut Tx, now: Instant, person: &Person) -> Result<usize> {
    let today = today(person, now);
    let items = assignments::list_of_person(tx, person.id).await?;
    let mut asked = 0;
    let rules = requirements::list(tx).await?;
    for item in items.iter().filter(|item| !rules.iter().any(|rule| rule.id == item.requirement)) {
        // Its rule ended while they were away.
        if step(false, Some(stands(item))) != Step::Nothing {
            take(tx, now, person, item).await?;
        }
    }
    for rule in rules {
        let due = deadline(person, rule.due, Cause::Rehired, today);
        let held = items.iter().find(|item| item.requirement == rule.id);
        let is_asked = is_for(&rule, person);
        match held {
            Some(held) if is_asked && matches!(held.state, State::Done { .. }) => {
                assignments::set_outside(tx, held.id, None).await?;
                if still_counts(&rule, held, person, due.due_on) {
                    assignments::carry_over(tx, now, held.id).await?;
                    continue;
                }
                assignments::insert_cycle(tx, held, today, due, Cause::Rehired, false).await?;
                asked += 1;
            }
            Some(held) => match step(is_asked, Some(stands(held))) {
                Step::GiveAgain => {
                    assignments::insert_cycle(tx, held, today, due, Cause::Rehired, false).await?;
                    asked += 1;
                }
                Step::TakeUp => assignments::set_outside(tx, held.id, None).await?,
                Step::SetAside | Step::End => take(tx, now, person, held).await?,
                Step::Give | Step::Nothing => {}
            },
            None if is_asked => {
                assignments::insert(tx, person.id, rule.id, Cause::Rehired, today, due).await?;
                asked += 1;
            }
            None => {}
        }
    }
    Ok(asked)
}

/// Whether what was done still counts on the day by which it would have to be done again.
fn still_counts(rule: &Requirement, item: &Assignment, person: &Person, needed_on: Date) -> bool {
    let State::Done { at, .. } = item.state else { return false };
    rule.kind.outlasts_employment()
        && match rule.recurrence {
            Recurrence::Never => true,
            Recurrence::Yearly => year_after(zones::local_date(&person.details.time_zone, at)) >= needed_on,
        }
}
