//! The password manager: a person's word is weak evidence; HR or security confirms it.

use crate::fixture::stories;
use antritt::{
    api::{
        done::Said,
        error::ApiError,
        password_manager::{ConfirmEnrolment, DeclareEnrolment},
    },
    domain::{assignment::State, evidence::Proof, problem::Conflict, requirement::RequirementKind},
};
use leptos::server_fn::ServerFn;
use time::{Duration, macros::datetime};

stories! {
    async fn declared_by_the_person_and_confirmed_by_security(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        let item = app.item(anna, RequirementKind::PasswordManager).await;
        let fields = [("id", &*item.id.to_string())];
        let declared_at = app.now();
        assert_eq!(reader.post_form(DeclareEnrolment::PATH, &fields).await.said(), Said::EnrolmentDeclared);
        assert_eq!(reader.post_form(DeclareEnrolment::PATH, &fields).await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
        app.clock.advance(Duration::hours(1));
        let security = app.security().await;
        assert_eq!(security.post_form(ConfirmEnrolment::PATH, &fields).await.said(), Said::EnrolmentConfirmed);
        let state = app.item(anna, RequirementKind::PasswordManager).await.state;
        assert_eq!(state, State::Done { submitted: Some(declared_at), at: app.now() });
        let [declaration, confirmation] = app.evidence(item.id).await.try_into().unwrap();
        assert!(matches!(declaration.proof, Proof::PasswordManagerDeclaration { .. }));
        assert_eq!(confirmation.proof, Proof::PasswordManagerConfirmation);
        assert_eq!(security.post_form(ConfirmEnrolment::PATH, &fields).await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
    }

    async fn a_slow_confirmation_makes_nobody_late(app) {
        let anna = app.person("Anna Muster", "2026-11-24", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        let item = app.item(anna, RequirementKind::PasswordManager).await;
        let fields = [("id", &*item.id.to_string())];
        reader.post_form(DeclareEnrolment::PATH, &fields).await.said();
        app.clock.set(datetime!(2027-01-15 09:00 UTC));
        app.hr().await.post_form(ConfirmEnrolment::PATH, &fields).await.said();
        assert!(!app.item(anna, RequirementKind::PasswordManager).await.late);
    }

    async fn hr_can_confirm_what_nobody_declared(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let id = app.item(anna, RequirementKind::PasswordManager).await.id.to_string();
        assert_eq!(app.hr().await.post_form(ConfirmEnrolment::PATH, &[("id", &id)]).await.said(), Said::EnrolmentConfirmed);
    }
}
