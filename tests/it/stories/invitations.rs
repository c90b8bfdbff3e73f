//! Personal links: each opens once, and never without somebody pressing its button.

use crate::fixture::{
    TestApp,
    client::{Answer, Client},
    stories,
};
use antritt::{
    api::{
        account::SetPassword,
        done::Said,
        error::ApiError,
        invitations::{AcceptInvitation, RenewInvitation, RequestLink, SendInvitation},
        people::ChangePerson,
    },
    domain::{
        ids::PersonId,
        problem::{Conflict, FieldProblem, Problem},
        roles::Role,
    },
};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use leptos::server_fn::ServerFn;
use time::Duration;

async fn open(app: &TestApp, token: &str) -> Answer {
    app.visitor().post_form(AcceptInvitation::PATH, &[("token", token)]).await
}

async fn send_again(app: &TestApp, hr: &Client, person: PersonId) -> String {
    hr.post_form(SendInvitation::PATH, &[("person", &person.to_string()), ("name", "Anna Muster")])
        .await
        .said();
    app.token_of(person).await
}

stories! {
    async fn a_link_signs_in_once(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let token = app.token_of(anna).await;
        assert_eq!(open(app, &token).await.location(), "/welcome");
        app.clock.advance(Duration::seconds(11));
        assert_eq!(open(app, &token).await.refusal(), ApiError::Conflict(Conflict::LinkUsed));
        assert_eq!(app.number("select count(*) from account where person_id is not null").await, 1);
    }

    /// A browser cancels the first answer of a double click, and the session's cookie with it.
    async fn a_double_click_gets_in_and_uses_the_link_once(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let token = app.token_of(anna).await;
        let (one, other) = tokio::join!(open(app, &token), open(app, &token));
        assert_eq!((one.location(), other.location()), ("/welcome", "/welcome"), "{:?} {:?}", one.flash(), other.flash());
        assert_eq!(app.number("select count(*) from account where person_id is not null").await, 1);
        assert_eq!(app.number("select count(*) from audit_entry where action = 'invitation.accepted'").await, 1);
    }

    /// Else whoever may change an address could sign in as an administrator.
    async fn an_account_with_rights_cannot_be_entered_by_a_link(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        app.sign_in_by_link(anna).await;
        let address = app.record(anna).await.details.private_email;
        app.account(address.as_str(), Some(Role::Admin), Some("vier gute zufällige Wörter")).await;
        let hr = app.hr().await;
        let token = send_again(app, &hr, anna).await;
        assert_eq!(open(app, &token).await.refusal(), ApiError::Conflict(Conflict::PasswordOnly));
    }

    async fn a_corrected_address_ends_the_link_that_went_to_the_wrong_one(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let token = app.token_of(anna).await;
        let mut form = antritt::server::service::people::form_of(&app.record(anna).await.details);
        form.private_email = "anna.richtig@post.example".into();
        let id = anna.to_string();
        let fields = [
            ("id", id.as_str()), ("name", &form.name), ("private_email", &form.private_email), ("kind", &form.kind), ("country", &form.country),
            ("department", &form.department), ("job_title", &form.job_title), ("time_zone", &form.time_zone),
        ];
        assert_eq!(app.hr().await.post_form(ChangePerson::PATH, &fields).await.said(), Said::PersonChanged);
        assert_eq!(open(app, &token).await.refusal(), ApiError::Conflict(Conflict::LinkExpired));
    }

    async fn looking_at_a_link_does_not_use_it_up(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let token = app.token_of(anna).await;
        let path = format!("/invitation/{token}");
        let entries = app.audit_entries().await;
        for method in [Method::GET, Method::HEAD, Method::GET] {
            let scanner = app.visitor().send(method, &path, &[], Body::empty()).await;
            assert_eq!(scanner.status, StatusCode::OK);
            assert!(scanner.headers.get("set-cookie").is_none());
        }
        assert_eq!(app.audit_entries().await, entries);
        let page = app.visitor().get(&path).await;
        assert!(page.body.contains("Anna Muster") && page.body.contains(AcceptInvitation::PATH));
        assert_eq!(open(app, &token).await.location(), "/welcome");
        let used = app.visitor().get(&path).await;
        assert!(used.body.contains(RenewInvitation::PATH) && !used.body.contains(AcceptInvitation::PATH));
    }

    async fn a_link_expires_after_fourteen_days_and_can_be_renewed(app) {
        let anna = app.person("Anna Muster", "2026-12-24", "Europe/Berlin").await;
        let token = app.token_of(anna).await;
        app.clock.advance(Duration::days(14));
        assert_eq!(open(app, &token).await.refusal(), ApiError::Conflict(Conflict::LinkExpired));
        let renewed = app.visitor().post_form_from(&format!("/invitation/{token}"), RenewInvitation::PATH, &[("token", &token)]).await;
        assert_eq!((renewed.said(), renewed.location()), (Said::LinkRequested, &*format!("/invitation/{token}")));
        let newer = app.token_of(anna).await;
        assert_ne!(newer, token);
        let impatient = app.visitor().post_form(RenewInvitation::PATH, &[("token", &token)]).await;
        assert_eq!(impatient.refusal(), ApiError::Conflict(Conflict::TooSoon));
        assert_eq!(open(app, &newer).await.location(), "/welcome");
    }

    async fn a_newer_link_revokes_the_older_one(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let first = app.token_of(anna).await;
        app.clock.advance(Duration::hours(1));
        let second = send_again(app, &app.hr().await, anna).await;
        assert_eq!(open(app, &first).await.refusal(), ApiError::Conflict(Conflict::LinkExpired));
        assert_eq!(open(app, &second).await.location(), "/welcome");
    }

    async fn an_invented_link_is_not_found(app) {
        for token in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "../../etc/passwd"] {
            assert_eq!(open(app, token).await.refusal(), ApiError::NotFound);
        }
        assert_eq!(app.visitor().get("/invitation/AAAAAAAAAAAAAAAAAAAA").await.status, StatusCode::NOT_FOUND);
    }

    async fn neither_database_nor_outbox_holds_a_usable_link(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let token = app.token_of(anna).await;
        let found = format!("select count(*) from outbox where recipient like '%{token}%' or coalesce(last_error, '') like '%{token}%'");
        assert_eq!(app.number(&found).await, 0);
        assert_eq!(app.number(&format!("select count(*) from audit_detail where body like '%{token}%'")).await, 0);
    }

    async fn asking_for_a_link_answers_alike_whether_the_address_is_known_or_not(app) {
        app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        app.mails().await;
        app.clock.advance(Duration::hours(1));
        let mut answers = Vec::new();
        for email in ["anna.muster@home.example", "nobody@home.example", "no address"] {
            let answer = app.visitor().post_form(RequestLink::PATH, &[("email", email)]).await;
            answers.push((answer.status, answer.location().to_owned(), answer.flash(), answer.body));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(app.mails().await.len(), 2, "only the known address got a second mail");
    }

    async fn the_first_password_is_checked_and_set_once(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let short = app.set_password(&client, "kurz").await;
        assert_eq!(short.refusal(), ApiError::Invalid(vec![FieldProblem::new("password", Problem::TooShort(15))]));
        let fields = [("password", "vier zufällige Wörter"), ("repeated", "drei zufällige Wörter")];
        let differing = client.post_form(SetPassword::PATH, &fields).await;
        assert_eq!(differing.refusal(), ApiError::Invalid(vec![FieldProblem::new("repeated", Problem::PasswordsDiffer)]));
        assert!(!format!("{:?}", differing.flash()).contains("zufällige"), "passwords never travel back");
        assert_eq!(app.set_password(&client, "vier zufällige Wörter").await.said(), Said::PasswordSet);
        assert_eq!(app.set_password(&client, "fünf zufällige Wörter").await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
    }
}
