//! Writing the lessons of a course, and the images in them.

use super::{
    Result, Subject, audit,
    courses::{both, for_change, free_name, mark, tidy, unchanged},
    desks::CourseDesk,
    found, images,
    markdown::image_reference,
};
use crate::{
    domain::{
        Instant,
        audit::{Action, Digest},
        course::{Course, Lesson},
        ids::CourseId,
        problem::{Problem, Problems},
        slug::slug,
    },
    server::store::courses::{self, ImageRow},
};
use serde_json::json;
use sha2::Digest as _;

/// A lesson as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LessonForm {
    pub title_de: String,
    pub title_en: String,
    pub body_de: String,
    pub body_en: String,
}

/// Where a lesson is moved to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}

impl Direction {
    /// As a button sends it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }

    fn from_word(word: &str) -> Result<Self> {
        found([Self::Up, Self::Down].into_iter().find(|direction| direction.as_str() == word))
    }
}

/// The mark of the lessons' order.
pub fn mark_of_lessons(course: &Course) -> String {
    mark(&course.lessons.iter().map(|lesson| &lesson.slug).collect::<Vec<_>>())
}

impl CourseDesk<'_> {
    /// Adds a lesson at the end, and says what it is called in addresses.
    ///
    /// # Errors
    /// `Invalid` without a title in both languages.
    pub async fn add_lesson(&self, now: Instant, id: CourseId, title_de: &str, title_en: &str) -> Result<String> {
        let title = both(["lesson_de", "lesson_en"], title_de, title_en)?;
        let (slug, _) = self
            .change(now, id, json!({ "part": "lessons" }), |course| {
                let slug = free_name(&slug(&title.en, "lesson"), |name| course.lesson(name).is_some());
                course.lessons.push(Lesson {
                    slug: slug.clone(),
                    title,
                    body: tidy("", ""),
                });
                Ok(slug)
            })
            .await?;
        Ok(slug)
    }

    /// Changes a lesson.
    ///
    /// # Errors
    /// `NotFound` without the lesson; `Conflict` when somebody else changed it meanwhile.
    pub async fn save_lesson(&self, now: Instant, id: CourseId, slug: &str, seen: &str, form: &LessonForm) -> Result<bool> {
        self.change(now, id, json!({ "lesson": slug }), |course| {
            let lesson = found(course.lessons.iter_mut().find(|lesson| lesson.slug == slug))?;
            unchanged(&mark(lesson), seen)?;
            lesson.title = tidy(&form.title_de, &form.title_en);
            lesson.body = tidy(&form.body_de, &form.body_en);
            Ok(())
        })
        .await
        .map(|((), changed)| changed)
    }

    /// Moves a lesson `up` or `down`; beyond an end nothing changes.
    ///
    /// # Errors
    /// `NotFound` without the lesson; `Conflict` when somebody else changed the order meanwhile.
    pub async fn move_lesson(&self, now: Instant, id: CourseId, slug: &str, seen: &str, direction: &str) -> Result<bool> {
        let direction = Direction::from_word(direction)?;
        self.change(now, id, json!({ "lesson": slug, "moved": direction.as_str() }), |course| {
            let index = found(course.lessons.iter().position(|lesson| lesson.slug == slug))?;
            unchanged(&mark_of_lessons(course), seen)?;
            match direction {
                Direction::Up if index > 0 => course.lessons.swap(index, index - 1),
                Direction::Down if index + 1 < course.lessons.len() => course.lessons.swap(index, index + 1),
                Direction::Up | Direction::Down => {}
            }
            Ok(())
        })
        .await
        .map(|((), changed)| changed)
    }

    /// Removes a lesson. Its questions stay, and want another lesson.
    ///
    /// # Errors
    /// `NotFound` without the lesson; `Conflict` when somebody else changed it meanwhile.
    pub async fn remove_lesson(&self, now: Instant, id: CourseId, slug: &str, seen: &str) -> Result<()> {
        self.change(now, id, json!({ "lesson": slug, "removed": true }), |course| {
            let index = found(course.lessons.iter().position(|lesson| lesson.slug == slug))?;
            unchanged(&mark(&course.lessons[index]), seen)?;
            course.lessons.remove(index);
            Ok(())
        })
        .await
        .map(drop)
    }

    /// Puts an image at the end of both texts of a lesson.
    ///
    /// # Errors
    /// `Invalid` for what is no image, or without descriptions; `NotFound` without the lesson.
    pub async fn add_image(&self, now: Instant, id: CourseId, slug: &str, content: &[u8], text_de: &str, text_en: &str) -> Result<()> {
        let mut problems = Problems::default();
        let kind = problems.take("image", images::accepted(content));
        for (field, text) in [("text_de", text_de), ("text_en", text_en)] {
            if text.trim().is_empty() {
                problems.add(field, Problem::Required);
            } else if text.chars().count() > Course::MAX_LINE {
                problems.add(field, Problem::TooLong(Course::MAX_LINE));
            }
        }
        let Some(kind) = kind.filter(|_| problems.is_empty()) else {
            return Err(problems.into());
        };
        let sha256: Digest = sha2::Sha256::digest(content).into();
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let image = ImageRow {
            media_type: kind.as_str().to_owned(),
            content: content.to_vec(),
        };
        courses::insert_image(&mut tx, now, &sha256, &image, self.actor.account()).await?;
        let (row, mut course) = for_change(&mut tx, id).await?;
        let lesson = found(course.lessons.iter_mut().find(|lesson| lesson.slug == slug))?;
        for (body, text) in [(&mut lesson.body.de, text_de), (&mut lesson.body.en, text_en)] {
            let separator = if body.is_empty() { "" } else { "\n\n" };
            body.push_str(separator);
            body.push_str(&image_reference(text, &sha256));
        }
        self.write(&mut tx, now, &row, &course).await?;
        let detail = json!({ "lesson": slug, "sha256": hex::encode(sha256) });
        audit(&mut tx, now, Some(self.actor.account()), Action::CourseImageAdded, Subject::thing(id.0), detail);
        Ok(tx.commit().await?)
    }
}
