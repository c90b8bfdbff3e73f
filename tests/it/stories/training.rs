//! Training: each attempt draws its own questions, the first answer counts, a failed quiz can be taken again, and scores stay the
//! person's own business.

use crate::fixture::{
    TestApp,
    client::{Answer, Client},
    people::quiz_fields,
    stories,
};
use antritt::{
    api::{
        done::Said,
        error::ApiError,
        training::{AnswerFeedback, AnswerQuestion, HandInQuiz},
    },
    domain::{
        assignment::State,
        evidence::Proof,
        ids::PersonId,
        locale::Locale,
        problem::{Conflict, FieldProblem, Problem},
        requirement::RequirementKind,
    },
    server::store::quiz,
    ui::texts::{checklist, problems},
};
use leptos::server_fn::ServerFn;
use std::collections::BTreeSet;
use time::Duration;

async fn reader(app: &TestApp) -> (PersonId, Client) {
    let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
    (anna, app.sign_in_by_link(anna).await)
}

async fn training(app: &TestApp, person: PersonId) -> antritt::server::store::assignments::Assignment {
    app.item(person, RequirementKind::Training).await
}

/// The ids of the questions on a page.
fn questions_on(page: &Answer) -> BTreeSet<String> {
    let named = page.body.split("name=\"answers[").skip(1);
    named.map(|rest| rest.split(']').next().unwrap().to_owned()).collect()
}

stories! {
    async fn a_failed_quiz_can_be_taken_again_and_the_pass_is_dated(app) {
        let (anna, reader) = reader(app).await;
        let item = training(app, anna).await;
        let failed = app.hand_in(&reader, anna, 2).await;
        assert_eq!((failed.said(), failed.location()), (Said::QuizFailed, &*format!("/checklist/training/{}/quiz", item.id)));
        assert_eq!(training(app, anna).await.state, State::Open);
        assert!(app.evidence(item.id).await.is_empty());

        let mark = app.course(&item).await.pass_mark;
        let passed = app.hand_in(&reader, anna, mark).await;
        assert_eq!((passed.said(), passed.location()), (Said::QuizPassed, "/checklist"));
        assert_eq!(training(app, anna).await.state, State::Done { submitted: None, at: app.now() });
        let [pass] = app.evidence(item.id).await.try_into().unwrap();
        assert!(matches!(pass.proof, Proof::QuizPass { .. }));
        assert_eq!(app.hand_in(&reader, anna, 10).await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
    }

    async fn one_below_the_mark_is_not_enough(app) {
        let (anna, reader) = reader(app).await;
        let mark = app.course(&training(app, anna).await).await.pass_mark;
        assert_eq!(app.hand_in(&reader, anna, mark - 1).await.said(), Said::QuizFailed);
    }

    async fn each_attempt_is_asked_its_own_ten_questions_and_looking_writes_nothing(app) {
        let (anna, reader) = reader(app).await;
        let item = training(app, anna).await;
        let path = format!("/checklist/training/{}/quiz", item.id);
        let entries = app.audit_entries().await;
        let first = questions_on(&reader.get(&path).await);
        assert_eq!((first.len(), &questions_on(&reader.get(&path).await)), (10, &first), "a second look shows the same");
        assert_eq!((app.audit_entries().await, app.number("select count(*) from quiz_attempt").await), (entries, 0));
        let course = app.course(&item).await;
        let lessons: BTreeSet<_> = first.iter().map(|id| course.question(id).unwrap().lesson.clone()).collect();
        assert_eq!(lessons.len(), 8, "one from every lesson at least");

        app.hand_in(&reader, anna, 3).await.said();
        let second = questions_on(&reader.get(&path).await);
        assert!(second.len() == 10 && second.is_disjoint(&first), "who tries again is asked what they have not been asked");
        let ben = app.person("Ben Muster", "2026-12-01", "Europe/Berlin").await;
        let other = app.sign_in_by_link(ben).await;
        let other_path = format!("/checklist/training/{}/quiz", training(app, ben).await.id);
        assert_ne!(questions_on(&other.get(&other_path).await), first);
    }

    async fn a_question_that_was_not_drawn_takes_no_answer(app) {
        let (anna, reader) = reader(app).await;
        let item = training(app, anna).await;
        let (course, _) = app.quiz(&item).await;
        let drawn: BTreeSet<_> = course.drawn(item.id, 0).iter().map(|drawn| drawn.question.id.clone()).collect();
        let other = course.questions.iter().find(|question| !drawn.contains(&question.id)).unwrap();
        let (id, entries) = (item.id.to_string(), app.audit_entries().await);
        let answer = reader.post_json(AnswerQuestion::PATH, &[("id", &*id), ("question", &other.id), ("option", "0")]).await;
        assert_eq!(answer.error(), ApiError::NotFound);
        assert_eq!(app.audit_entries().await, entries);
        // A form with answers to forty questions is graded by the ten.
        let mut fields = quiz_fields(&item, &course, 0, 7);
        for question in course.questions.iter().filter(|question| !drawn.contains(&question.id)) {
            fields.push((format!("answers[{}]", question.id), question.right().unwrap().to_string()));
        }
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(reader.post_form(HandInQuiz::PATH, &fields).await.said(), Said::QuizFailed);
        assert_eq!(app.number("select count(*) from quiz_answer").await, 10);
    }

    async fn after_five_attempts_in_a_day_the_quiz_pauses_and_says_until_when(app) {
        let (anna, reader) = reader(app).await;
        let item = training(app, anna).await;
        let path = format!("/checklist/training/{}/quiz", item.id);
        for _ in 0..5 {
            assert_eq!(app.hand_in(&reader, anna, 0).await.said(), Said::QuizFailed);
            app.clock.advance(Duration::minutes(4));
        }
        let entries = app.audit_entries().await;
        let sixth = app.hand_in(&reader, anna, 10).await;
        assert_eq!(sixth.refusal(), ApiError::Conflict(Conflict::QuizPaused));
        let (course, attempt) = app.quiz(&item).await;
        let question = course.drawn(item.id, attempt)[0].question.id.clone();
        let answer = reader.post_json(AnswerQuestion::PATH, &[("id", &*item.id.to_string()), ("question", &question), ("option", "0")]).await;
        assert_eq!(answer.error(), ApiError::Conflict(Conflict::QuizPaused));
        assert_eq!(app.audit_entries().await, entries);
        let page = reader.get(&path).await;
        let sentence = checklist::try_tomorrow(Locale::De, 5, "24.\u{A0}November 2026, 10:00");
        assert!(page.body.contains(&sentence) && questions_on(&page).is_empty(), "{}", page.body);
        assert!(page.body.contains(problems::quiz_paused(Locale::De)));

        app.clock.advance(Duration::DAY - Duration::minutes(20));
        app.hr().await.post_form("/api/invitations/send", &[("person", &anna.to_string())]).await.said();
        let reader = app.sign_in_by_link(anna).await;
        assert_eq!(questions_on(&reader.get(&path).await).len(), 10);
        assert_eq!(app.hand_in(&reader, anna, 10).await.said(), Said::QuizPassed);
    }

    async fn the_first_answer_to_a_question_counts(app) {
        let (anna, reader) = reader(app).await;
        let item = training(app, anna).await;
        let course = app.course(&item).await;
        let drawn = course.drawn(item.id, 0);
        let question = drawn[0].question;
        let right = question.right().unwrap();
        let wrong = (0..question.options.len()).find(|option| *option != right).unwrap();
        let id = item.id.to_string();
        let answer = async |option: usize| {
            let option = option.to_string();
            let answer = reader.post_json(AnswerQuestion::PATH, &[("id", &*id), ("question", &question.id), ("option", &option)]).await;
            serde_json::from_str::<AnswerFeedback>(&answer.body).unwrap()
        };
        let first = answer(wrong).await;
        assert_eq!((first.counted, first.right, &*first.explanation), (wrong, right, &*question.explanation.de));
        let entries = app.audit_entries().await;
        assert_eq!(answer(right).await.counted, wrong);
        assert_eq!(app.audit_entries().await, entries, "an answer that does not count writes nothing");

        // Handing in with the right answer does not overrule it either.
        app.hand_in(&reader, anna, 10).await.said();
        let attempt = quiz::find_tries(&mut app.read().await, item.id).await.unwrap().newest.unwrap();
        assert!(attempt.finished && attempt.passed);
        assert_eq!((course.grade(&drawn, &attempt.answers).correct, attempt.score), (9, Some((9, 10))));
    }

    async fn nobody_but_the_person_sees_the_score(app) {
        let (anna, reader) = reader(app).await;
        let item = training(app, anna).await;
        app.hand_in(&reader, anna, 9).await.said();
        let page = reader.get(&format!("/checklist/training/{}", item.id)).await;
        let score = checklist::your_score(Locale::De, 9, 10);
        assert!(page.body.contains(&score), "{}", page.body);
        for other in [app.hr().await, app.security().await, app.auditor().await] {
            let page = other.get(&format!("/people/{anna}")).await;
            assert!(page.body.contains("Security at work"), "the item is there");
            for told in ["9 von 10", "9 of 10", "9/10"] {
                assert!(!page.body.contains(told), "{told}");
            }
        }
        assert_eq!(app.number("select count(*) from audit_detail where body like '%correct%'").await, 0);
    }

    async fn questions_without_an_answer_are_named(app) {
        let (anna, reader) = reader(app).await;
        let item = training(app, anna).await;
        let course = app.course(&item).await;
        let mut fields = quiz_fields(&item, &course, 0, 10);
        let left_out = [fields.remove(3), fields.remove(5)];
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let ApiError::Invalid(problems) = reader.post_form(HandInQuiz::PATH, &fields).await.refusal() else { panic!("not refused") };
        let expected: Vec<_> = left_out
            .iter()
            .map(|(name, _)| FieldProblem::new(name.trim_start_matches("answers[").trim_end_matches(']'), Problem::Unanswered))
            .collect();
        assert_eq!(problems, expected);
        assert_eq!(training(app, anna).await.state, State::Open);
        // Handing in nothing at all names all ten.
        let ApiError::Invalid(problems) = reader.post_form(HandInQuiz::PATH, &[("id", &item.id.to_string())]).await.refusal() else { panic!("not refused") };
        assert_eq!(problems.len(), 10);
    }

    async fn answers_to_questions_and_options_that_do_not_exist_are_not_found(app) {
        let (anna, reader) = reader(app).await;
        let item = training(app, anna).await;
        let question = app.course(&item).await.drawn(item.id, 0)[0].question.id.clone();
        let (id, entries) = (item.id.to_string(), app.audit_entries().await);
        for (question, option) in [("no-such-question", "0"), (&*question, "17"), (&*question, "18446744073709551615")] {
            let answer = reader.post_json(AnswerQuestion::PATH, &[("id", &*id), ("question", question), ("option", option)]).await;
            assert_eq!(answer.error(), ApiError::NotFound, "{question} {option}");
        }
        let unreadable = reader.post_json(AnswerQuestion::PATH, &[("id", &*id), ("question", &question), ("option", "-1")]).await;
        assert_eq!(unreadable.error(), ApiError::Unreadable);
        assert_eq!(app.audit_entries().await, entries);
    }
}
