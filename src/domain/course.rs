//! A course: lessons, and a quiz that says which lessons to read again.

use super::locale::Bilingual;
use serde::{Deserialize, Serialize};

/// Words that an attentive reader takes in per minute.
const WORDS_PER_MINUTE: usize = 180;

/// Honest minutes to read a text, at least one.
#[must_use]
pub fn reading_minutes(text: &str) -> i64 {
    let minutes = text.split_whitespace().count().div_ceil(WORDS_PER_MINUTE).max(1);
    i64::try_from(minutes).unwrap_or(i64::MAX)
}

/// The content of one course version, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    pub title: Bilingual,
    /// Correct answers needed, out of all questions.
    pub pass_mark: usize,
    pub lessons: Vec<Lesson>,
    pub questions: Vec<Question>,
}

/// One lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// Stable and readable; part of the lesson's address.
    pub slug: String,
    pub title: Bilingual,
    /// Markdown without the title.
    pub body: Bilingual,
}

/// One question with exactly one right option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub id: String,
    /// The slug of the lesson that teaches the answer.
    pub lesson: String,
    pub text: Bilingual,
    pub options: Vec<AnswerOption>,
    pub explanation: Bilingual,
}

/// One option of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerOption {
    pub text: Bilingual,
    pub correct: bool,
}

/// An answer as it was given: the question's id and the option's index from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub question: String,
    pub option: usize,
}

/// The result of a try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    pub correct: usize,
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
    #[must_use]
    pub fn lesson(&self, slug: &str) -> Option<&Lesson> {
        self.lessons.iter().find(|lesson| lesson.slug == slug)
    }

    #[must_use]
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// Grades a try. A question without an answer counts as wrong.
    #[must_use]
    pub fn grade(&self, answers: &[Answer]) -> Grade {
        let right = |question: &Question| {
            answers
                .iter()
                .find(|answer| answer.question == question.id)
                .is_some_and(|answer| question.is_right(answer.option))
        };
        let wrong: Vec<&Question> = self.questions.iter().filter(|question| !right(question)).collect();
        let correct = self.questions.len() - wrong.len();
        Grade {
            correct,
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
}
