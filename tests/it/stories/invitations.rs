//! Personal links: each opens once, and never without somebody pressing its button.

use crate::fixture::{
    TestApp,
    client::{Answer, Client},
    factors::between,
    stories,
};
use antritt::{
    api::{
        account::{ChooseLanguage, SetPassword},
        done::Said,
        error::ApiError,
        invitations::{AcceptInvitation, RenewInvitation, RequestLink, SendInvitation},
        people::ChangePerson,
    },
    domain::{
        ids::PersonId,
        person::PersonForm,
        problem::{Conflict, FieldProblem, Problem},
        roles::Role,
    },
    server::service::people::form_of,
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

/// What the button of a link's page sends, each time that the page is made.
async fn button(app: &TestApp, token: &str) -> String {
    let page = app.visitor().get(&format!("/invitation/{token}")).await.body;
    between(&page, "name=\"press\" value=\"", "\"").to_owned()
}

async fn press(app: &TestApp, token: &str, button: &str) -> Answer {
    app.visitor().post_form(AcceptInvitation::PATH, &[("token", token), ("press", button)]).await
}

async fn send_again(app: &TestApp, hr: &Client, person: PersonId) -> String {
    hr.post_form(SendInvitation::PATH, &[("person", &person.to_string()), ("name", "Anna Muster")])
        .await
        .said();
    app.token_of(person).await
}

async fn correct(app: &TestApp, person: PersonId, change: impl FnOnce(&mut PersonForm)) {
    let mut form = form_of(&app.record(person).await.details);
    change(&mut form);
    let id = person.to_string();
    let fields = [
        ("id", id.as_str()),
        ("name", &form.name),
        ("private_email", &form.private_email),
        ("work_email", &form.work_email),
        ("kind", &form.kind),
        ("country", &form.country),
        ("department", &form.department),
        ("job_title", &form.job_title),
        ("time_zone", &form.time_zone),
    ];
    let answer = app.hr().await.post_seen(ChangePerson::PATH, &fields).await;
    assert_eq!(answer.said(), Said::PersonChanged);
}

stories! {
    async fn a_link_signs_in_once(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let token = app.token_of(anna).await;
        let (own, elsewhere) = (button(app, &token).await, button(app, &token).await);
        assert!(own != elsewhere && own.len() == 22);
        assert_eq!(press(app, &token, &own).await.location(), "/welcome");
        for other in [&*elsewhere, ""] {
            assert_eq!(press(app, &token, other).await.refusal(), ApiError::Conflict(Conflict::LinkUsed), "in the same second");
        }
        app.clock.advance(Duration::seconds(10));
        assert_eq!(press(app, &token, &own).await.refusal(), ApiError::Conflict(Conflict::LinkUsed));
        assert_eq!(app.number("select count(*) from account where person_id is not null").await, 1);
        assert_eq!(app.number("select count(*) from session").await, 2, "of hr, and of the link's owner");
    }

    /// A browser cancels the first answer of a double click, and the session's cookie with it.
    async fn a_double_click_gets_in_and_uses_the_link_once(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let token = app.token_of(anna).await;
        let button = button(app, &token).await;
        let (one, other) = tokio::join!(press(app, &token, &button), press(app, &token, &button));
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
        correct(app, anna, |form| form.private_email = "anna.richtig@post.example".into()).await;
        assert_eq!(open(app, &token).await.refusal(), ApiError::Conflict(Conflict::LinkExpired));
    }

    /// Most people get their work address between the invitation and the first day.
    async fn a_work_address_leaves_the_link_that_waits_elsewhere(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let token = app.token_of(anna).await;
        for address in ["anna@firma.example", "a.muster@firma.example"] {
            correct(app, anna, |form| form.work_email = address.into()).await;
        }
        let button = button(app, &token).await;
        assert_eq!(press(app, &token, &button).await.location(), "/welcome");
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

    async fn only_whoever_is_about_to_start_is_welcomed(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let token = app.token_of(anna).await;
        assert!(app.mails().await[0].mail.text.contains("Ihr erster Arbeitstag ist der 1.12.2026"));
        assert!(app.visitor().get(&format!("/invitation/{token}")).await.body.contains("Ihr erster Arbeitstag"));
        app.clock.advance(Duration::days(60));
        let token = send_again(app, &app.hr().await, anna).await;
        let mail = app.mails().await.pop().unwrap().mail;
        assert_eq!(mail.subject, "Ihr persönlicher Link zu Ihrer Checkliste bei Beispiel GmbH");
        assert!(mail.text.contains(&token) && !mail.text.contains("willkommen") && !mail.text.contains("Arbeitstag"), "{}", mail.text);
        assert!(!app.visitor().get(&format!("/invitation/{token}")).await.body.contains("erster Arbeitstag"));
    }

    async fn a_link_is_looked_at_in_its_persons_language_unless_another_was_chosen(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let path = format!("/invitation/{}", app.token_of(anna).await);
        let visitor = app.visitor();
        let english = [("accept", "text/html"), ("accept-language", "en")];
        let page = visitor.send(Method::GET, &path, &english, Body::empty()).await.body;
        assert!(page.contains("Willkommen, Anna Muster") && page.contains("lang=\"de\""), "{page}");
        visitor.post_form_from(&path, ChooseLanguage::PATH, &[("language", "en")]).await;
        assert!(visitor.get(&path).await.body.contains("Your first working day"));
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

    async fn hr_sends_no_second_link_within_minutes_unless_the_first_is_of_no_use(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        let send = async || hr.post_form(SendInvitation::PATH, &[("person", &*anna.to_string()), ("name", "Anna Muster")]).await;
        assert_eq!(send().await.refusal(), ApiError::Conflict(Conflict::TooSoon), "she was invited just now");
        app.clock.advance(Duration::minutes(5) - Duration::seconds(1));
        assert_eq!(send().await.refusal(), ApiError::Conflict(Conflict::TooSoon));
        app.clock.advance(Duration::seconds(1));
        assert_eq!(send().await.said(), Said::InvitationSent { name: "Anna Muster".into() });
        correct(app, anna, |form| form.private_email = "anna.richtig@post.example".into()).await;
        app.clock.advance(Duration::seconds(1));
        send().await.said();
        app.sign_in_by_link(anna).await;
        app.clock.advance(Duration::seconds(1));
        send().await.said();
        assert_eq!(app.number("select count(*) from invitation").await, 4);
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

    async fn where_nothing_sends_mail_nobody_is_told_that_a_link_is_on_its_way(app) {
        let ask = async |client: &Client| {
            client.post_form_from("/sign-in", RequestLink::PATH, &[("email", "anna.muster@home.example")]).await.said();
            client.get("/sign-in").await.body
        };
        let silent = ask(&app.visitor()).await;
        assert!(silent.contains("die Administration gibt ihn Ihnen weiter") && !silent.contains("unterwegs"), "{silent}");
        let mailing = ask(&app.elsewhere(|settings| settings.sends_mail = true)).await;
        assert!(mailing.contains("unterwegs") && !mailing.contains("die Administration gibt ihn"), "{mailing}");
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
