//! Writing the bank of questions of a course.

use super::{
    Error, Result,
    courses::{mark, tidy, unchanged},
    desks::CourseDesk,
    found,
};
use crate::domain::{
    Instant,
    course::{AnswerOption, Course, Question, QuestionForm},
    ids::CourseId,
    locale::Bilingual,
    problem::Problem,
    slug::slug,
};
use serde_json::json;
use std::collections::HashMap;

/// The options of a form in their order: German and English by number.
fn options([de, en]: [&HashMap<String, String>; 2]) -> Vec<Bilingual> {
    let text = |texts: &HashMap<String, String>, number: usize| texts.get(&number.to_string()).cloned().unwrap_or_default();
    (0..*Course::OPTIONS.end()).map(|number| tidy(&text(de, number), &text(en, number))).collect()
}

impl CourseDesk<'_> {
    /// Adds a question (without an id) or changes one. The options are German and English by their number from 0; those without
    /// either are left out. Says whether anything changed.
    ///
    /// # Errors
    /// `Invalid` without any text; `NotFound` for an unknown id; `Conflict` when somebody else changed it meanwhile.
    pub async fn save_question(
        &self,
        now: Instant,
        id: CourseId,
        question: Option<&str>,
        seen: &str,
        form: &QuestionForm,
        typed: [&HashMap<String, String>; 2],
    ) -> Result<bool> {
        let text = tidy(&form.text_de, &form.text_en);
        if text.de.is_empty() && text.en.is_empty() {
            return Err(Error::field("text_de", Problem::Required));
        }
        let right: Option<usize> = form.right.parse().ok();
        let options = options(typed).into_iter().enumerate();
        let options = options.filter(|(_, text)| !(text.de.is_empty() && text.en.is_empty()));
        let options = options.map(|(index, text)| AnswerOption {
            text,
            correct: right == Some(index),
        });
        let (options, explanation) = (options.collect(), tidy(&form.explanation_de, &form.explanation_en));
        self.change(now, id, json!({ "question": question }), |course| {
            let Some(old) = question else {
                let question = Question {
                    id: free_question(course, &form.lesson),
                    lesson: form.lesson.clone(),
                    text,
                    options,
                    explanation,
                };
                course.questions.push(question);
                return Ok(());
            };
            let question = found(course.questions.iter_mut().find(|question| question.id == old))?;
            unchanged(&mark(question), seen)?;
            *question = Question {
                id: old.to_owned(),
                lesson: form.lesson.clone(),
                text,
                options,
                explanation,
            };
            Ok(())
        })
        .await
        .map(|((), changed)| changed)
    }

    /// Removes a question.
    ///
    /// # Errors
    /// `NotFound` without the question; `Conflict` when somebody else changed it meanwhile.
    pub async fn remove_question(&self, now: Instant, id: CourseId, question: &str, seen: &str) -> Result<()> {
        self.change(now, id, json!({ "question": question, "removed": true }), |course| {
            let index = found(course.questions.iter().position(|other| other.id == question))?;
            unchanged(&mark(&course.questions[index]), seen)?;
            course.questions.remove(index);
            Ok(())
        })
        .await
        .map(drop)
    }
}

/// The next name of a question of a lesson, such as `phishing-6`.
fn free_question(course: &Course, lesson: &str) -> String {
    let lesson = slug(lesson, "lesson");
    let mut names = (1_u32..).map(|n| format!("{lesson}-{n}"));
    names.find(|name| course.question(name).is_none()).unwrap_or_default()
}
