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
        draw::Drawn,
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
            dialect,
            people::Scope,
            quiz::{self, Attempt, Tries},
        },
    },
};
use serde_json::json;

/// A course as its reader sees it.
#[derive(Clone, Debug)]
pub struct CoursePage {
    pub assignment: Assignment,
    pub version: CourseVersion,
    tries: Tries,
    /// Until when no further try can begin.
    pub paused_until: Option<Instant>,
}

impl CoursePage {
    /// The questions of the try that is under way or comes next.
    pub fn drawn(&self) -> Vec<Drawn<'_>> {
        self.version.content.drawn(self.assignment.id, self.tries.handed_in.len())
    }

    /// The newest try, if it is at this version.
    fn attempt(&self) -> Option<&Attempt> {
        self.tries.newest.as_ref().filter(|attempt| attempt.version == self.version.id)
    }

    /// The answers given in a try that is not finished.
    pub fn answers_so_far(&self) -> &[Answer] {
        self.attempt().filter(|attempt| !attempt.finished).map_or(&[], |attempt| &attempt.answers)
    }

    /// How the newest try went, if it is finished and the course is still what it was.
    pub fn last_grade(&self) -> Option<Grade> {
        let attempt = self.attempt().filter(|attempt| attempt.finished)?;
        let course = &self.version.content;
        let drawn = course.drawn(self.assignment.id, self.tries.handed_in.len().checked_sub(1)?);
        Some(course.grade(&drawn, &attempt.answers))
    }

    /// Right answers and questions of the try that was passed. Nobody but the person gets to see them.
    pub fn score(&self) -> Option<(i64, i64)> {
        self.tries.newest.as_ref().filter(|attempt| attempt.passed)?.score
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
    pub async fn course(&self, now: Instant, id: AssignmentId) -> Result<CoursePage> {
        let mut db = self.app.store().read().await?;
        let assignment = found(
            assignments::find(&mut db, Scope::Own(self.person), id)
                .await?
                .filter(|assignment| assignment.kind == RequirementKind::Training),
        )?;
        let version = newest_version(&mut db, &assignment).await?;
        let tries = quiz::find_tries(&mut db, id).await?;
        Ok(CoursePage {
            paused_until: version.content.paused_until(&tries.handed_in, now),
            assignment,
            version,
            tries,
        })
    }

    /// Answers one question, for immediate feedback. The first answer counts; a later one only shows what counted.
    ///
    /// # Errors
    /// `NotFound` for an option that does not exist and a question that was not asked; `Conflict` during a pause.
    pub async fn answer(&self, now: Instant, id: AssignmentId, answer: Answer) -> Result<(Feedback, Course)> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (_, assignment) = assignment_for_change(&mut tx, Scope::Own(self.person), id, RequirementKind::Training).await?;
        refuse_when_over(&assignment)?;
        let version = newest_version(&mut tx, &assignment).await?;
        let tries = quiz::find_tries(&mut tx, id).await?;
        let drawn = version.content.drawn(id, tries.handed_in.len());
        let question = found(drawn.iter().map(|drawn| drawn.question).find(|question| question.id == answer.question))?.clone();
        if answer.option >= question.options.len() {
            return Err(Error::NotFound);
        }
        let attempt = open_attempt(&mut tx, now, &assignment, &version, tries).await?;
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

    /// Hands the quiz in. Answers given before keep counting. `shown`: the number of the version on the page, where it is known.
    ///
    /// # Errors
    /// `Invalid` naming every question without an answer; `Conflict` during a pause, and when a newer version was published since.
    pub async fn hand_in(&self, now: Instant, id: AssignmentId, shown: Option<i64>, answers: &[Answer]) -> Result<Grade> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        dialect::hold_publishing(&mut tx).await?;
        let (person, assignment) = assignment_for_change(&mut tx, Scope::Own(self.person), id, RequirementKind::Training).await?;
        refuse_when_over(&assignment)?;
        let version = newest_version(&mut tx, &assignment).await?;
        if shown.is_some_and(|shown| shown != version.number) {
            return Err(Conflict::NewerVersion.into());
        }
        let tries = quiz::find_tries(&mut tx, id).await?;
        let drawn = version.content.drawn(id, tries.handed_in.len());
        let attempt = open_attempt(&mut tx, now, &assignment, &version, tries).await?;
        let mut counted = attempt.answers;
        for answer in answers {
            let fits = drawn
                .iter()
                .any(|drawn| drawn.question.id == answer.question && answer.option < drawn.question.options.len());
            if fits && quiz::insert_answer(&mut tx, now, attempt.id, answer).await? {
                counted.push(answer.clone());
            }
        }
        let missing = missing_answers(&drawn, &counted);
        if !missing.is_empty() {
            return Err(Error::Invalid(missing));
        }
        let grade = version.content.grade(&drawn, &counted);
        quiz::finish(&mut tx, now, attempt.id, &grade).await?;
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

fn missing_answers(drawn: &[Drawn<'_>], answers: &[Answer]) -> Vec<FieldProblem> {
    drawn
        .iter()
        .filter(|drawn| !answers.iter().any(|answer| answer.question == drawn.question.id))
        .map(|drawn| FieldProblem::new(&drawn.question.id, Problem::Unanswered))
        .collect()
}

async fn newest_version(db: &mut Db, assignment: &Assignment) -> Result<CourseVersion> {
    match assignment.material {
        Material::Course(course) => found(courses::find_newest(db, course).await?),
        Material::None | Material::Document(_) => Err(Error::NotFound),
    }
}

/// The try under way on this version, or a new one.
async fn open_attempt(tx: &mut Tx, now: Instant, assignment: &Assignment, version: &CourseVersion, tries: Tries) -> Result<Attempt> {
    if version.content.paused_until(&tries.handed_in, now).is_some() {
        return Err(Conflict::QuizPaused.into());
    }
    if let Some(attempt) = tries.newest.filter(|attempt| !attempt.finished && attempt.version == version.id) {
        return Ok(attempt);
    }
    quiz::insert_attempt(tx, now, AttemptId(fresh()), assignment.id, version.id).await?;
    found(quiz::find_tries(tx, assignment.id).await?.newest)
}
