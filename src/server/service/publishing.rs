//! Publishing a course: the draft becomes a version that never changes. Whether everyone has to pass again is said, and counted,
//! before it is done; what was passed before stays on record.

use super::{
    Error, Result, Subject, audit,
    courses::gaps,
    desks::CourseDesk,
    found,
    releases::{ask_again, ask_everybody},
    setup::insert_course_version,
    when_stale,
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        document::Weight,
        gaps::Gap,
        ids::CourseId,
        problem::Conflict,
        requirement::{DueRule, RequirementKind},
    },
    server::{
        store::{
            courses::{self, CourseRow},
            dialect,
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
            reach: rollout::reach(&mut db, id, today).await?,
            due_on: today + TIME_TO_PASS,
            row,
        })
    }

    /// Publishes the draft. The first version of a course is asked of everybody. Says how many are asked.
    ///
    /// # Errors
    /// `Conflict` when the draft has gaps, says nothing new, or was changed since revision `seen`; `Invalid` without a weight.
    pub async fn publish(&self, now: Instant, id: CourseId, seen: i64, weight: &str) -> Result<u64> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        dialect::begin_publishing(&mut tx).await?;
        let row = found(courses::find(&mut tx, id).await?)?;
        let draft = row.draft.ok_or(Conflict::NothingNew)?;
        if draft.revision != seen {
            return Err(Conflict::DraftChanged.into());
        }
        if !gaps(&draft.content, &courses::list_images(&mut tx).await?).is_empty() {
            return Err(Conflict::CourseIncomplete.into());
        }
        let before = row.published.map(|(number, _, content)| (number, content));
        if before.as_ref().is_some_and(|(_, content)| *content == draft.content) {
            return Err(Conflict::NothingNew.into());
        }
        let number = before.map(|(number, _)| number);
        let weight = if number.is_some() { Weight::parse(weight) } else { Ok(Weight::Material) };
        let weight = weight.map_err(|problem| Error::field("weight", problem))?;
        courses::delete_draft(&mut tx, id, seen).await.map_err(when_stale(Conflict::DraftChanged))?;
        let (next, today) = (number.unwrap_or_default() + 1, self.today(now));
        let due_on = today + TIME_TO_PASS;
        insert_course_version(&mut tx, now, id, next, draft.content, weight == Weight::Material).await?;
        let asked = match (number, weight) {
            (None, _) => ask_everybody(&mut tx, now, today, (RequirementKind::Training, id.into(), DUE), due_on).await?,
            (Some(_), Weight::Material) => ask_again(&mut tx, now, today, (id.into(), DUE), due_on).await?,
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
}
