//! Publishing a course: the draft becomes a version that never changes. Whether everyone has to pass again is said, and counted,
//! before it is done; what was passed before stays on record.

use super::{
    Error, Result, Subject, audit,
    courses::{draft_changed, gaps},
    desks::CourseDesk,
    found,
    setup::insert_course_version,
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        gaps::Gap,
        ids::{CourseId, RequirementId},
        problem::{Conflict, Problem},
        requirement::{DueRule, Material, Recurrence, Requirement, RequirementKind},
    },
    server::{
        ids::fresh,
        store::{
            Tx, assignments,
            courses::{self, CourseRow},
            people, requirements,
            rollout::{self, Reach},
        },
        zones,
    },
};
use serde_json::json;
use time::{Date, Duration};

/// How long somebody has who is asked to pass again.
const TIME_TO_PASS: Duration = Duration::days(30);
/// By when newcomers have to pass a course that is new.
const DUE: DueRule = DueRule::DaysAfterStart(30);

/// What publishing would do.
#[derive(Clone, Debug)]
pub struct Publishing {
    pub row: CourseRow,
    /// While there are any, nothing is published.
    pub gaps: Vec<Gap>,
    pub reach: Reach,
    /// By when those who are asked again have to have passed.
    pub due_on: Date,
}

/// What a version means for those who have passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Everyone passes again.
    Material,
    /// Nobody does.
    Minor,
}

impl Weight {
    pub const ALL: [Self; 2] = [Self::Minor, Self::Material];

    /// As a form sends it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Material => "material",
            Self::Minor => "minor",
        }
    }

    fn parse(raw: &str) -> Result<Self> {
        let weight = Self::ALL.into_iter().find(|weight| weight.as_str() == raw);
        weight.ok_or_else(|| Error::field("weight", Problem::Required))
    }
}

impl CourseDesk<'_> {
    /// What publishing would do now.
    ///
    /// # Errors
    /// `NotFound` when there is no draft.
    pub async fn publishing(&self, now: Instant, id: CourseId) -> Result<Publishing> {
        let mut db = self.app.store().read().await?;
        let row = found(courses::find(&mut db, id).await?)?;
        let draft = found(row.draft.as_ref())?;
        let known = courses::list_images(&mut db).await?;
        let today = self.today(now);
        Ok(Publishing {
            gaps: gaps(&draft.content, &known),
            reach: rollout::reach_of_course(&mut db, id, today).await?,
            due_on: today + TIME_TO_PASS,
            row,
        })
    }

    /// Publishes the draft. The first version of a course is asked of everybody. Says how many are asked.
    ///
    /// # Errors
    /// `Conflict` when the draft has gaps, says nothing new, or was changed since revision `seen`; `Invalid` without a weight.
    pub async fn publish(&self, now: Instant, id: CourseId, seen: i64, weight: &str) -> Result<u64> {
        let mut tx = self.app.store().begin().await?;
        let row = found(courses::find(&mut tx, id).await?)?;
        let draft = row.draft.ok_or(Conflict::NothingNew)?;
        if draft.revision != seen {
            return Err(Conflict::ChangedMeanwhile.into());
        }
        if !gaps(&draft.content, &courses::list_images(&mut tx).await?).is_empty() {
            return Err(Conflict::CourseIncomplete.into());
        }
        let before = row.published.map(|(number, _, content)| (number, content));
        if before.as_ref().is_some_and(|(_, content)| *content == draft.content) {
            return Err(Conflict::NothingNew.into());
        }
        let number = before.map(|(number, _)| number);
        let weight = if number.is_some() { Weight::parse(weight)? } else { Weight::Material };
        courses::delete_draft(&mut tx, id, seen).await.map_err(draft_changed)?;
        let next = number.unwrap_or_default() + 1;
        insert_course_version(&mut tx, now, id, next, draft.content, weight == Weight::Material).await?;
        let asked = match (number, weight) {
            (None, _) => self.ask_everybody(&mut tx, now, id).await?,
            (Some(_), Weight::Material) => self.ask_again(&mut tx, now, id).await?,
            (Some(_), Weight::Minor) => 0,
        };
        let detail = json!({ "slug": row.slug, "number": next, "weight": weight.as_str(), "asked": asked });
        audit(&mut tx, now, Some(self.actor.account()), Action::CoursePublished, Subject::thing(id.0), detail);
        tx.commit().await?;
        Ok(asked)
    }

    fn today(&self, now: Instant) -> Date {
        zones::local_date(&self.app.settings().time_zone, now)
    }

    async fn ask_again(&self, tx: &mut Tx, now: Instant, id: CourseId) -> Result<u64> {
        let today = self.today(now);
        let mut asked = 0;
        for zone in rollout::list_zones(tx, today).await? {
            let deadline = zones::deadline_on(&zone, today + TIME_TO_PASS);
            asked += rollout::ask_again(tx, id, today, &zone, deadline).await?;
        }
        Ok(asked)
    }

    /// A course that nobody had to pass before becomes one more item of everybody who is here, and of everybody who comes.
    async fn ask_everybody(&self, tx: &mut Tx, now: Instant, id: CourseId) -> Result<u64> {
        let today = self.today(now);
        let listed = requirements::list(tx).await?;
        let beside = listed
            .iter()
            .filter(|other| other.kind == RequirementKind::Training)
            .map(|other| other.position)
            .max();
        let requirement = Requirement {
            id: RequirementId(fresh()),
            kind: RequirementKind::Training,
            material: Material::Course(id),
            due: DUE,
            recurrence: Recurrence::Yearly,
            position: beside.unwrap_or_default(),
        };
        requirements::insert(tx, now, &requirement).await?;
        let mut asked = 0;
        for person in people::list_all(tx).await? {
            if person.end_date.is_some_and(|last_day| last_day < today) {
                continue;
            }
            let due_on = DUE.due_on(person.details.start_date).max(today + TIME_TO_PASS);
            assignments::insert(tx, person.id, requirement.id, zones::deadline_on(&person.details.time_zone, due_on)).await?;
            asked += 1;
        }
        Ok(asked)
    }
}
