//! A course: lessons, and a bank of questions of which each attempt is asked some.
//!
//! Which ones is decided in [`super::draw`], what a course still lacks in [`super::gaps`].

use super::{Instant, draw::Drawn, locale::Bilingual};
use serde::{Deserialize, Serialize};
use time::Duration;

/// Words that an attentive reader takes in per minute.
const WORDS_PER_MINUTE: usize = 180;

/// Honest minutes to read a text, at least one.
#[must_use]
pub fn reading_minutes(text: &str) -> i64 {
    let minutes = text.split_whitespace().count().div_ceil(WORDS_PER_MINUTE).max(1);
    i64::try_from(minutes).unwrap_or(i64::MAX)
}

/// The content of one course version, in both languages. Also the shape of a course in a file, hence no unknown fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    pub title: Bilingual,
    /// Correct answers needed, out of those asked.
    pub pass_mark: usize,
    /// Questions per attempt; none: all of them, as in versions from before there was a bank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw: Option<usize>,
    /// Attempts that can be handed in within 24 hours.
    #[serde(default = "usual_attempts")]
    pub attempts_per_day: usize,
    pub lessons: Vec<Lesson>,
    pub questions: Vec<Question>,
}

const fn usual_attempts() -> usize {
    Course::USUAL_ATTEMPTS
}

/// One lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lesson {
    /// Stable and readable; part of the lesson's address.
    pub slug: String,
    pub title: Bilingual,
    /// Markdown without the title.
    pub body: Bilingual,
}

/// One question with exactly one right option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable and readable.
    pub id: String,
    /// The slug of the lesson that teaches the answer.
    pub lesson: String,
    pub text: Bilingual,
    pub options: Vec<AnswerOption>,
    pub explanation: Bilingual,
}

/// One option of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerOption {
    pub text: Bilingual,
    pub correct: bool,
}

/// A question as typed, its options aside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct QuestionForm {
    pub lesson: String,
    pub text_de: String,
    pub text_en: String,
    /// The number of the right option, from 0.
    pub right: String,
    pub explanation_de: String,
    pub explanation_en: String,
}

/// An answer as it was given: the question's id and the option's index from 0, in the order of the course.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub question: String,
    pub option: usize,
}

/// The result of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    pub correct: usize,
    pub asked: usize,
    pub passed: bool,
    /// Slugs of the lessons with a wrong answer, in the course's order.
    pub lessons_to_repeat: Vec<String>,
}

impl Lesson {
    /// Minutes to read it; the same in both languages.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        reading_minutes(&self.body.de)
    }
}

impl Course {
    /// Attempts per day where a course says nothing else.
    pub const USUAL_ATTEMPTS: usize = 5;

    #[must_use]
    pub fn lesson(&self, slug: &str) -> Option<&Lesson> {
        self.lessons.iter().find(|lesson| lesson.slug == slug)
    }

    #[must_use]
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// How many questions an attempt is asked.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.draw.unwrap_or(usize::MAX).min(self.questions.len())
    }

    /// Honest minutes for the lessons and the quiz.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        let quiz = i64::try_from(self.asked().div_ceil(2)).unwrap_or(i64::MAX);
        self.lessons.iter().map(Lesson::minutes).sum::<i64>().saturating_add(quiz)
    }

    /// Until when no further attempt can begin, if there were too many lately. `handed_in`: when the attempts were, the newest
    /// first.
    #[must_use]
    pub fn paused_until(&self, handed_in: &[Instant], now: Instant) -> Option<Instant> {
        let first_of_the_day = handed_in.get(self.attempts_per_day.checked_sub(1)?)?;
        Some(*first_of_the_day + Duration::DAY).filter(|until| *until > now)
    }

    /// Grades an attempt at the questions it was asked. A question without an answer counts as wrong.
    #[must_use]
    pub fn grade(&self, drawn: &[Drawn<'_>], answers: &[Answer]) -> Grade {
        let right = |question: &Question| {
            answers
                .iter()
                .find(|answer| answer.question == question.id)
                .is_some_and(|answer| question.is_right(answer.option))
        };
        let wrong: Vec<&Question> = drawn.iter().map(|drawn| drawn.question).filter(|question| !right(question)).collect();
        let correct = drawn.len() - wrong.len();
        Grade {
            correct,
            asked: drawn.len(),
            passed: correct >= self.pass_mark,
            lessons_to_repeat: self
                .lessons
                .iter()
                .filter(|lesson| wrong.iter().any(|question| question.lesson == lesson.slug))
                .map(|lesson| lesson.slug.clone())
                .collect(),
        }
    }
}

impl Question {
    /// Whether the option with this index is the right one; an index beyond the options is not.
    #[must_use]
    pub fn is_right(&self, option: usize) -> bool {
        self.options.get(option).is_some_and(|option| option.correct)
    }

    /// The index of the right option.
    #[must_use]
    pub fn right(&self) -> Option<usize> {
        self.options.iter().position(|option| option.correct)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn after_the_last_attempt_of_a_day_there_is_a_pause() {
        let text = r#"{"title":{"de":"","en":""},"pass_mark":1,"lessons":[],"questions":[]}"#;
        let course = Course {
            attempts_per_day: 2,
            ..serde_json::from_str(text).unwrap()
        };
        let (first, second) = (datetime!(2026-12-01 08:00 UTC), datetime!(2026-12-01 20:00 UTC));
        assert_eq!(course.paused_until(&[first], first), None);
        assert_eq!(course.paused_until(&[second, first], second), Some(first + Duration::DAY));
        assert_eq!(course.paused_until(&[second, first], first + Duration::DAY), None);
    }

    #[test]
    fn versions_from_before_the_bank_ask_everything() {
        let text = r#"{"title":{"de":"a","en":"b"},"pass_mark":6,"lessons":[],"questions":[]}"#;
        let course: Course = serde_json::from_str(text).unwrap();
        assert_eq!((course.draw, course.attempts_per_day), (None, Course::USUAL_ATTEMPTS));
        assert!(serde_json::from_str::<Course>(&text.replace("pass_mark", "passmark")).is_err());
    }
}
