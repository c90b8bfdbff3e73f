//! Background checks: requested, completed, outcome only.

use crate::fixture::{
    TestApp,
    client::{Answer, Client},
    stories,
};
use antritt::{
    api::{
        checks::{CompleteCheck, RequestCheck},
        done::Said,
        error::ApiError,
    },
    domain::{
        assignment::State,
        evidence::{CheckOutcome, Proof},
        ids::PersonId,
        problem::{Conflict, FieldProblem, Problem},
        requirement::RequirementKind,
    },
    server::store::checks,
};
use leptos::server_fn::ServerFn;
use time::{
    Duration,
    macros::{date, datetime},
};

async fn request(app: &TestApp, hr: &Client, person: PersonId, date: &str) -> Answer {
    let id = app.item(person, RequirementKind::BackgroundCheck).await.id.to_string();
    let fields = [
        ("id", &*id),
        ("check_type", "Führungszeugnis"),
        ("provider", "Bundesamt"),
        ("reference", "A-17"),
        ("requested_on", date),
    ];
    hr.post_form(RequestCheck::PATH, &fields).await
}

async fn complete(app: &TestApp, hr: &Client, person: PersonId, outcome: &str, date: &str) -> Answer {
    let id = app.item(person, RequirementKind::BackgroundCheck).await.id.to_string();
    let fields = [("id", &*id), ("outcome", outcome), ("completed_on", date), ("legal_basis", "BDSG § 26")];
    hr.post_form(CompleteCheck::PATH, &fields).await
}

stories! {
    async fn a_check_is_requested_and_cleared_and_only_the_outcome_is_kept(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        let answer = request(app, &hr, anna, "20.11.2026").await;
        assert_eq!((answer.said(), answer.location()), (Said::CheckRequested, &*format!("/people/{anna}")));
        let item = app.item(anna, RequirementKind::BackgroundCheck).await;
        assert_eq!(item.state, State::Waiting { since: datetime!(2026-11-19 23:00 UTC) });
        assert_eq!(request(app, &hr, anna, "2026-11-20").await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));

        assert_eq!(complete(app, &hr, anna, "cleared", "2026-11-22").await.said(), Said::CheckCompleted);
        let item = app.item(anna, RequirementKind::BackgroundCheck).await;
        assert!(matches!(item.state, State::Done { .. }) && !item.late, "{item:?}");
        let check = checks::find(&mut app.read().await, item.id).await.unwrap().unwrap();
        assert_eq!((check.outcome.as_deref(), check.completed_on), (Some("cleared"), Some(date!(2026 - 11 - 22))));
        assert_eq!(check.purge_on, Some(date!(2026 - 11 - 22) + Duration::days(180)));
        let [proof] = app.evidence(item.id).await.try_into().unwrap();
        assert_eq!(proof.proof, Proof::CheckResult { outcome: CheckOutcome::Cleared, completed_on: date!(2026 - 11 - 22) });
        assert_eq!(complete(app, &hr, anna, "not_cleared", "2026-11-23").await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
    }

    async fn a_check_that_was_not_cleared_can_be_requested_again(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        request(app, &hr, anna, "2026-11-20").await.said();
        complete(app, &hr, anna, "not_cleared", "2026-11-22").await.said();
        assert!(matches!(app.item(anna, RequirementKind::BackgroundCheck).await.state, State::Failed { .. }));
        request(app, &hr, anna, "2026-11-23").await.said();
        let item = app.item(anna, RequirementKind::BackgroundCheck).await;
        assert!(matches!(item.state, State::Waiting { .. }));
        let check = checks::find(&mut app.read().await, item.id).await.unwrap().unwrap();
        assert_eq!((check.outcome, check.completed_on, check.purge_on), (None, None, None));
        complete(app, &hr, anna, "alternative_done", "2026-11-23").await.said();
        assert_eq!(app.evidence(item.id).await.len(), 2, "the first outcome stays on record");
    }

    async fn a_check_that_is_not_required_needs_no_request(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        assert_eq!(complete(app, &hr, anna, "not_required", "2026-11-23").await.said(), Said::CheckCompleted);
        assert!(matches!(app.item(anna, RequirementKind::BackgroundCheck).await.state, State::Done { submitted: None, .. }));
    }

    async fn nothing_is_cleared_that_nobody_requested(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        let entries = app.audit_entries().await;
        for outcome in ["cleared", "not_cleared"] {
            assert_eq!(complete(app, &hr, anna, outcome, "2026-11-23").await.refusal(), ApiError::Conflict(Conflict::NotYet));
        }
        assert_eq!(app.item(anna, RequirementKind::BackgroundCheck).await.state, State::Open);
        assert_eq!(app.audit_entries().await, entries);
    }

    async fn an_outcome_after_the_start_date_is_late(app) {
        let anna = app.person("Anna Muster", "2026-11-20", "Europe/Berlin").await;
        let hr = app.hr().await;
        request(app, &hr, anna, "2026-11-19").await.said();
        complete(app, &hr, anna, "cleared", "2026-11-21").await.said();
        assert!(app.item(anna, RequirementKind::BackgroundCheck).await.late);
    }

    async fn every_wrong_field_is_named_and_nothing_is_written(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        let entries = app.audit_entries().await;
        let id = app.item(anna, RequirementKind::BackgroundCheck).await.id.to_string();
        let nothing = hr.post_form(RequestCheck::PATH, &[("id", &id)]).await;
        let required = |field| FieldProblem::new(field, Problem::Required);
        assert_eq!(nothing.refusal(), ApiError::Invalid(vec![required("check_type"), required("provider"), required("requested_on")]));
        let nothing = hr.post_form(CompleteCheck::PATH, &[("id", &id)]).await;
        assert_eq!(nothing.refusal(), ApiError::Invalid(vec![required("outcome"), required("completed_on"), required("legal_basis")]));
        let future = request(app, &hr, anna, "2026-11-24").await;
        assert_eq!(future.refusal(), ApiError::Invalid(vec![FieldProblem::new("requested_on", Problem::InTheFuture)]));
        assert_eq!(app.audit_entries().await, entries);

        request(app, &hr, anna, "2026-11-20").await.said();
        let before_request = complete(app, &hr, anna, "cleared", "2026-11-19").await;
        assert_eq!(before_request.refusal(), ApiError::Invalid(vec![FieldProblem::new("completed_on", Problem::TooEarly)]));
        let unknown = complete(app, &hr, anna, "guilty", "2026-11-21").await;
        assert_eq!(unknown.refusal(), ApiError::Invalid(vec![FieldProblem::new("outcome", Problem::NotAnOutcome)]));
        assert!(matches!(app.item(anna, RequirementKind::BackgroundCheck).await.state, State::Waiting { .. }));
    }
}
