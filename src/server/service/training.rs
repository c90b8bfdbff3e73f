//! Training: lessons, and a quiz whose first answer to each question counts. Scores are the person's own business: what
//! others can see of it is passed and date.

use super::{Error, Result, Subject, audit, desks::OwnDesk, found, people::assignment_for_change, prove, start_at};
use crate::{
    domain::{
        Instant,
        assignment::State,
        audit::Action,
        course::{Answer, Course, Grade},
        deadlines::is_late,
        evidence::Proof,
        ids::{AssignmentId, AttemptId},
        problem::{Conflict, FieldProblem, Problem},
        requirement::{Material, RequirementKind},
    },
    server::{
        ids::fresh,
        store::{
            Db, Tx,
            assignments::{self, Assignment},
            courses::{self, CourseVersion},
            people::Scope,
            quiz::{self, Attempt},
        },
    },
};
use serde_json::json;

/// A course as its reader sees it.
#[derive(Clone, Debug)]
pub struct CoursePage {
    pub assignment: Assignment,
    pub version: CourseVersion,
    /// The newest try, finished or not.
    pub attempt: Option<Attempt>,
}

impl CoursePage {
    /// The answers given in a try that is not finished.
    pub fn answers_so_far(&self) -> &[Answer] {
        self.attempt
            .as_ref()
            .filter(|attempt| !attempt.finished)
            .map_or(&[], |attempt| &attempt.answers)
    }

    /// How the newest finished try went.
    pub fn last_grade(&self) -> Option<Grade> {
        self.attempt
            .as_ref()
            .filter(|attempt| attempt.finished)
            .map(|attempt| self.version.content.grade(&attempt.answers))
    }
}

/// What the quiz says to an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// The answer that counts: the first one given.
    pub counted: Answer,
    pub right: bool,
}

impl OwnDesk<'_> {
    /// One's own course.
    ///
    /// # Errors
    /// `NotFound` when the item is not one's own or is no course.
    pub async fn course(&self, id: AssignmentId) -> Result<CoursePage> {
        let mut db = self.app.store().read().await?;
        let assignment = found(
            assignments::find(&mut db, Scope::Own(self.person), id)
                .await?
                .filter(|assignment| assignment.kind == RequirementKind::Training),
        )?;
        let version = newest_version(&mut db, &assignment).await?;
        let attempt = quiz::newest_attempt(&mut db, id).await?;
        Ok(CoursePage { assignment, version, attempt })
    }

    /// Answers one question, for immediate feedback. The first answer counts; a later one only shows what counted.
    ///
    /// # Errors
    /// `NotFound` for an unknown question or option.
    pub async fn answer(&self, now: Instant, id: AssignmentId, answer: Answer) -> Result<(Feedback, Course)> {
        let mut tx = self.app.store().begin().await?;
        let (_, assignment) = assignment_for_change(&mut tx, Scope::Own(self.person), id, RequirementKind::Training).await?;
        refuse_when_over(&assignment)?;
        let version = newest_version(&mut tx, &assignment).await?;
        let question = found(version.content.question(&answer.question))?.clone();
        if answer.option >= question.options.len() {
            return Err(Error::NotFound);
        }
        let attempt = open_attempt(&mut tx, now, &assignment, &version).await?;
        let kept = quiz::insert_answer(&mut tx, now, attempt.id, &answer).await?;
        let earlier = attempt.answers.iter().find(|earlier| earlier.question == answer.question).filter(|_| !kept);
        let counted = earlier.cloned().unwrap_or(answer);
        if kept {
            let subject = Subject::about(attempt.id.0, assignment.person);
            audit(&mut tx, now, Some(self.actor.account()), Action::QuizAnswered, subject, json!({}));
            tx.commit().await?;
        }
        Ok((
            Feedback {
                right: question.is_right(counted.option),
                counted,
            },
            version.content,
        ))
    }

    /// Hands the quiz in. Answers given before keep counting.
    ///
    /// # Errors
    /// `Invalid` naming every question without an answer.
    pub async fn hand_in(&self, now: Instant, id: AssignmentId, answers: &[Answer]) -> Result<Grade> {
        let mut tx = self.app.store().begin().await?;
        let (person, assignment) = assignment_for_change(&mut tx, Scope::Own(self.person), id, RequirementKind::Training).await?;
        refuse_when_over(&assignment)?;
        let version = newest_version(&mut tx, &assignment).await?;
        let attempt = open_attempt(&mut tx, now, &assignment, &version).await?;
        let mut counted = attempt.answers.clone();
        for answer in answers {
            let fits = version
                .content
                .question(&answer.question)
                .is_some_and(|question| answer.option < question.options.len());
            if fits && quiz::insert_answer(&mut tx, now, attempt.id, answer).await? {
                counted.push(answer.clone());
            }
        }
        let missing = missing_answers(&version.content, &counted);
        if !missing.is_empty() {
            return Err(Error::Invalid(missing));
        }
        let grade = version.content.grade(&counted);
        quiz::finish(&mut tx, now, attempt.id, grade.passed).await?;
        let account = Some(self.actor.account());
        let subject = Subject::about(id.0, person.id);
        if grade.passed {
            let next = assignment.state.complete(now)?;
            let late = is_late(assignment.kind, assignment.cause, now, assignment.deadline, start_at(&person));
            assignments::update_state(&mut tx, id, assignment.state, next, late).await?;
            let proof = Proof::QuizPass {
                course: version.id,
                attempt: attempt.id,
            };
            prove(&mut tx, now, account, id, now, proof).await?;
            audit(&mut tx, now, account, Action::QuizPassed, subject, json!({ "late": late }));
        } else {
            audit(&mut tx, now, account, Action::QuizFailed, subject, json!({}));
        }
        tx.commit().await?;
        Ok(grade)
    }
}

fn refuse_when_over(assignment: &Assignment) -> Result<()> {
    match assignment.state {
        State::Done { .. } => Err(Conflict::AlreadyDone.into()),
        State::Ended { .. } => Err(Conflict::Ended.into()),
        State::Open | State::Waiting { .. } | State::Failed { .. } => Ok(()),
    }
}

fn missing_answers(course: &Course, answers: &[Answer]) -> Vec<FieldProblem> {
    course
        .questions
        .iter()
        .filter(|question| !answers.iter().any(|answer| answer.question == question.id))
        .map(|question| FieldProblem::new(&question.id, Problem::Unanswered))
        .collect()
}

async fn newest_version(db: &mut Db, assignment: &Assignment) -> Result<CourseVersion> {
    match assignment.material {
        Material::Course(course) => found(courses::find_newest(db, course).await?),
        Material::None | Material::Document(_) => Err(Error::NotFound),
    }
}

/// The try under way on this version, or a new one.
async fn open_attempt(tx: &mut Tx, now: Instant, assignment: &Assignment, version: &CourseVersion) -> Result<Attempt> {
    if let Some(attempt) = quiz::newest_attempt(tx, assignment.id).await?
        && !attempt.finished
        && attempt.version == version.id
    {
        return Ok(attempt);
    }
    quiz::insert_attempt(tx, now, AttemptId(fresh()), assignment.id, version.id).await?;
    found(quiz::newest_attempt(tx, assignment.id).await?)
}
