//! The quiz: one answer at a time with feedback, and handing it in.

use super::{
    done::{Done, Said, quiz_path},
    error::ApiError,
};
use crate::domain::{course::Answer, ids::AssignmentId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What the quiz says to an answer, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerFeedback {
    /// The option that counts: the first one given, from 0.
    pub counted: usize,
    /// The option that is right, from 0.
    pub right: usize,
    pub explanation: String,
}

/// Answers one question; the first answer counts.
#[server(endpoint = "training/answer")]
pub async fn answer_question(id: AssignmentId, question: String, option: usize) -> Result<AnswerFeedback, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let (feedback, course) = cx
        .own_desk()?
        .answer(
            cx.now,
            id,
            Answer {
                question: question.clone(),
                option,
            },
        )
        .await?;
    let question = course.question(&question).ok_or(ApiError::NotFound)?;
    Ok(AnswerFeedback {
        counted: feedback.counted.option,
        right: question.right().unwrap_or_default(),
        explanation: question.explanation.get(cx.locale).to_owned(),
    })
}

/// Hands the quiz in. `answers[question]` holds the index of the chosen option, `version` the course's version that was shown.
#[server(endpoint = "training/hand-in")]
pub async fn hand_in_quiz(
    id: AssignmentId,
    #[server(default)] version: Option<i64>,
    #[server(default)] answers: HashMap<String, usize>,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let answers: Vec<Answer> = answers.into_iter().map(|(question, option)| Answer { question, option }).collect();
    let grade = cx.own_desk()?.hand_in(cx.now, id, version, &answers).await?;
    Ok(if grade.passed {
        Done::go("/checklist", Said::QuizPassed)
    } else {
        Done::go(quiz_path(id), Said::QuizFailed)
    })
}
