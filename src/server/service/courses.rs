//! Writing a course. What is written goes into a draft that nobody learns from until it is published (`publishing`), so a draft
//! may have gaps; they are named all along.
//!
//! Two people may write at once: each form carries a mark of the piece it shows, and is refused only when that very piece changed
//! meanwhile.

use super::{Error, Result, Subject, audit, desks::CourseDesk, found, markdown, when_stale};
use crate::{
    domain::{
        Instant,
        audit::{Action, Digest},
        course::Course,
        gaps::{Flaw, Gap, Place, is_name},
        ids::CourseId,
        locale::{Bilingual, Locale},
        problem::{Conflict, Problem, Problems},
        slug::own_slug,
    },
    server::{
        ids::fresh,
        store::{
            Tx,
            courses::{self, CourseRow, VersionRow},
        },
    },
};
use serde::Serialize;
use serde_json::json;
use sha2::Digest as _;

/// A course as its authors see it.
#[derive(Clone, Debug)]
pub struct Editor {
    pub row: CourseRow,
    /// The draft, else what is published.
    pub course: Course,
    /// What keeps it from being published.
    pub gaps: Vec<Gap>,
    /// The newest first.
    pub versions: Vec<VersionRow>,
}

/// The title, and how the quiz is asked; as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsForm {
    pub title_de: String,
    pub title_en: String,
    pub pass_mark: String,
    /// Empty: all questions.
    pub draw: String,
    pub attempts_per_day: String,
}

/// The mark of a piece: what a form saw of it.
pub fn mark(piece: &impl Serialize) -> String {
    let json = serde_json::to_vec(piece).unwrap_or_default();
    hex::encode(&sha2::Sha256::digest(json)[..8])
}

/// The mark of the title and of how the quiz is asked.
pub fn mark_of_settings(course: &Course) -> String {
    mark(&(&course.title, course.pass_mark, course.draw, course.attempts_per_day))
}

impl CourseDesk<'_> {
    /// Every course.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(&self) -> Result<Vec<CourseRow>> {
        Ok(courses::list(&mut self.app.store().read().await?).await?)
    }

    /// One course with all that is written of it.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub async fn editor(&self, id: CourseId) -> Result<Editor> {
        let mut db = self.app.store().read().await?;
        let row = found(courses::find(&mut db, id).await?)?;
        let course = found(row.content().cloned())?;
        let known = courses::list_images(&mut db).await?;
        Ok(Editor {
            gaps: gaps(&course, &known),
            versions: courses::list_versions(&mut db, id).await?,
            course,
            row,
        })
    }

    /// Begins a course.
    ///
    /// # Errors
    /// `Invalid` without a title in both languages.
    pub async fn add(&self, now: Instant, title_de: &str, title_en: &str) -> Result<CourseId> {
        let title = both(["title_de", "title_en"], title_de, title_en)?;
        let course = Course {
            title,
            pass_mark: 1,
            draw: None,
            attempts_per_day: Course::USUAL_ATTEMPTS,
            lessons: Vec::new(),
            questions: Vec::new(),
        };
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let id = self.insert(&mut tx, now, &course).await?;
        audit(
            &mut tx,
            now,
            Some(self.actor.account()),
            Action::CourseAdded,
            Subject::thing(id.0),
            json!({ "title": course.title }),
        );
        tx.commit().await?;
        Ok(id)
    }

    /// A new course with a draft.
    pub(super) async fn insert(&self, tx: &mut Tx, now: Instant, course: &Course) -> Result<CourseId> {
        let id = CourseId(fresh());
        courses::insert(tx, id, &own_slug(&course.title.en, "course", id.0)).await?;
        courses::save_draft(tx, now, id, &stored(course)?, None, self.actor.account()).await?;
        Ok(id)
    }

    /// Changes the title and how the quiz is asked.
    ///
    /// # Errors
    /// `Invalid` for what is no number; `Conflict` when somebody else changed it meanwhile.
    pub async fn save_settings(&self, now: Instant, id: CourseId, seen: &str, form: &SettingsForm) -> Result<bool> {
        let mut problems = Problems::default();
        let pass_mark = problems.take("pass_mark", number(&form.pass_mark));
        let draw = problems.take(
            "draw",
            if form.draw.trim().is_empty() {
                Ok(None)
            } else {
                number(&form.draw).map(Some)
            },
        );
        let attempts = problems.take("attempts_per_day", number(&form.attempts_per_day));
        let (Some(pass_mark), Some(draw), Some(attempts_per_day)) = (pass_mark, draw, attempts) else {
            return Err(problems.into());
        };
        self.change(now, id, json!({ "part": "settings" }), |course| {
            unchanged(&mark_of_settings(course), seen)?;
            course.title = tidy(&form.title_de, &form.title_en);
            (course.pass_mark, course.draw, course.attempts_per_day) = (pass_mark, draw, attempts_per_day);
            Ok(())
        })
        .await
        .map(|((), changed)| changed)
    }

    /// Drops the draft; a course that was never published goes with it. Says whether the course is still there.
    ///
    /// # Errors
    /// `Conflict` when somebody else changed the draft meanwhile.
    pub async fn discard(&self, now: Instant, id: CourseId, seen: i64) -> Result<bool> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let row = found(courses::find(&mut tx, id).await?)?;
        found(row.draft)?;
        courses::delete_draft(&mut tx, id, seen).await.map_err(when_stale(Conflict::DraftChanged))?;
        let stays = row.published.is_some();
        if !stays {
            courses::delete(&mut tx, id).await?;
        }
        audit(
            &mut tx,
            now,
            Some(self.actor.account()),
            Action::CourseDraftDiscarded,
            Subject::thing(id.0),
            json!({ "slug": row.slug }),
        );
        tx.commit().await?;
        Ok(stays)
    }

    /// Changes the draft, or begins one from what is published. Says what came of it, and whether anything changed at all.
    pub(super) async fn change<T>(
        &self,
        now: Instant,
        id: CourseId,
        detail: serde_json::Value,
        change: impl FnOnce(&mut Course) -> Result<T>,
    ) -> Result<(T, bool)> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (row, mut course) = for_change(&mut tx, id).await?;
        let came_of_it = change(&mut course)?;
        if row.content() == Some(&course) {
            return Ok((came_of_it, false));
        }
        self.write(&mut tx, now, &row, &course).await?;
        audit(
            &mut tx,
            now,
            Some(self.actor.account()),
            Action::CourseDraftChanged,
            Subject::thing(id.0),
            detail,
        );
        tx.commit().await?;
        Ok((came_of_it, true))
    }

    /// Writes over the draft that `row` was read with.
    pub(super) async fn write(&self, tx: &mut Tx, now: Instant, row: &CourseRow, course: &Course) -> Result<()> {
        courses::save_draft(tx, now, row.id, &stored(course)?, row.revision(), self.actor.account())
            .await
            .map_err(when_stale(Conflict::DraftChanged))
    }
}

/// A course, and what is to be changed of it.
pub(super) async fn for_change(tx: &mut Tx, id: CourseId) -> Result<(CourseRow, Course)> {
    let row = found(courses::find(tx, id).await?)?;
    let course = found(row.content().cloned())?;
    Ok((row, course))
}

/// Whether a piece is still what the form saw.
pub(super) fn unchanged(is: &str, seen: &str) -> Result<()> {
    if is == seen { Ok(()) } else { Err(Conflict::ChangedMeanwhile.into()) }
}

/// The form in which content is stored, hashed and written into files.
pub(super) fn stored(course: &Course) -> Result<String> {
    serde_json::to_string(course).map_err(|error| Error::Internal(Box::new(error)))
}

/// Everything that keeps a course from being published; `known` are the images there are.
pub(super) fn gaps(course: &Course, known: &[Digest]) -> Vec<Gap> {
    let mut gaps = course.gaps();
    for (index, lesson) in course.lessons.iter().enumerate() {
        for language in [Locale::De, Locale::En] {
            for image in markdown::images(lesson.body.get(language)) {
                let place = Place::Lesson(index);
                if image.text.is_empty() {
                    gaps.push(Gap {
                        place,
                        flaw: Flaw::ImageWithoutText(language),
                    });
                }
                if image.sha256.is_none_or(|sha256| !known.contains(&sha256)) {
                    gaps.push(Gap {
                        place,
                        flaw: Flaw::UnknownImage(language),
                    });
                }
            }
        }
    }
    gaps
}

/// As it is kept: line feeds only, and nothing around it.
pub(super) fn tidy(de: &str, en: &str) -> Bilingual {
    let text = |raw: &str| raw.replace("\r\n", "\n").trim().to_owned();
    Bilingual { de: text(de), en: text(en) }
}

/// A title in both languages, or what is wrong with the two fields.
pub(super) fn both([field_de, field_en]: [&str; 2], title_de: &str, title_en: &str) -> Result<Bilingual> {
    let title = tidy(title_de, title_en);
    let mut problems = Problems::default();
    for (field, text) in [(field_de, &title.de), (field_en, &title.en)] {
        if text.is_empty() {
            problems.add(field, Problem::Required);
        } else if text.chars().count() > Course::MAX_LINE {
            problems.add(field, Problem::TooLong(Course::MAX_LINE));
        }
    }
    if problems.is_empty() { Ok(title) } else { Err(problems.into()) }
}

fn number(raw: &str) -> std::result::Result<usize, Problem> {
    match raw.trim() {
        "" => Err(Problem::Required),
        digits => digits.parse::<u16>().map(usize::from).map_err(|_| Problem::NotANumber),
    }
}

/// The name itself, or with the first number that makes it one's own.
pub(super) fn free_name(wanted: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2_u32..).map(|n| format!("{wanted}-{n}"));
    let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
    names.find(|name| is_name(name) && !taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::slug::slug;

    #[test]
    fn names_are_ones_own() {
        assert_eq!(free_name("phishing", |name| name == "phishing" || name == "phishing-2"), "phishing-3");
        assert_eq!(free_name("new", |_| false), "new-2");
        assert!(is_name(&free_name(&slug(&"long ".repeat(100), "lesson"), |name| name.len() < 52)));
    }
}
