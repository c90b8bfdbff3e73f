//! Training: the first answer counts, a failed quiz can be taken again, and scores stay the person's own business.

use crate::fixture::{people::quiz_fields, stories};
use antritt::{
    api::{
        done::Said,
        error::ApiError,
        training::{AnswerFeedback, AnswerQuestion, HandInQuiz},
    },
    domain::{
        assignment::State,
        evidence::Proof,
        problem::{Conflict, FieldProblem, Problem},
        requirement::RequirementKind,
    },
    server::store::quiz,
};
use leptos::server_fn::ServerFn;

stories! {
    async fn a_failed_quiz_can_be_taken_again_and_the_pass_is_dated(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        let item = app.item(anna, RequirementKind::Training).await;
        let failed = app.hand_in(&reader, anna, 2).await;
        assert_eq!((failed.said(), failed.location()), (Said::QuizFailed, &*format!("/checklist/training/{}/quiz", item.id)));
        assert_eq!(app.item(anna, RequirementKind::Training).await.state, State::Open);
        assert!(app.evidence(item.id).await.is_empty());

        let mark = app.course(&item).await.pass_mark;
        let passed = app.hand_in(&reader, anna, mark).await;
        assert_eq!((passed.said(), passed.location()), (Said::QuizPassed, "/checklist"));
        assert_eq!(app.item(anna, RequirementKind::Training).await.state, State::Done { submitted: None, at: app.now() });
        let [pass] = app.evidence(item.id).await.try_into().unwrap();
        assert!(matches!(pass.proof, Proof::QuizPass { .. }));
        assert_eq!(app.hand_in(&reader, anna, 8).await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
    }

    async fn one_below_the_mark_is_not_enough(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        let mark = app.course(&app.item(anna, RequirementKind::Training).await).await.pass_mark;
        assert_eq!(app.hand_in(&reader, anna, mark - 1).await.said(), Said::QuizFailed);
    }

    async fn the_first_answer_to_a_question_counts(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        let item = app.item(anna, RequirementKind::Training).await;
        let course = app.course(&item).await;
        let question = &course.questions[0];
        let right = question.options.iter().position(|option| option.correct).unwrap();
        let wrong = question.options.iter().position(|option| !option.correct).unwrap();
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
        app.hand_in(&reader, anna, 8).await;
        let attempt = quiz::newest_attempt(&mut app.read().await, item.id).await.unwrap().unwrap();
        assert!(attempt.finished && attempt.passed);
        assert_eq!(course.grade(&attempt.answers).correct, 7);
    }

    async fn questions_without_an_answer_are_named(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        let item = app.item(anna, RequirementKind::Training).await;
        let course = app.course(&item).await;
        let mut fields = quiz_fields(&item, &course, 8);
        let left_out = [fields.remove(3), fields.remove(5)];
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let ApiError::Invalid(problems) = reader.post_form(HandInQuiz::PATH, &fields).await.refusal() else { panic!("not refused") };
        let expected: Vec<_> = left_out
            .iter()
            .map(|(name, _)| FieldProblem::new(name.trim_start_matches("answers[").trim_end_matches(']'), Problem::Unanswered))
            .collect();
        assert_eq!(problems, expected);
        assert_eq!(app.item(anna, RequirementKind::Training).await.state, State::Open);
        // Handing in nothing at all names all eight.
        let ApiError::Invalid(problems) = reader.post_form(HandInQuiz::PATH, &[("id", &item.id.to_string())]).await.refusal() else { panic!("not refused") };
        assert_eq!(problems.len(), 8);
    }

    async fn answers_to_questions_and_options_that_do_not_exist_are_not_found(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        let item = app.item(anna, RequirementKind::Training).await;
        let question = app.course(&item).await.questions[0].id.clone();
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
