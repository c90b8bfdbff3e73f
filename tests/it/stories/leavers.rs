//! Leavers: access ends with the last day, what is unfinished ends, and evidence stays.

use crate::fixture::{people::NewPerson, stories};
use antritt::{
    api::{
        account::{SetPassword, SignIn, SignOut},
        done::Said,
        error::ApiError,
        invitations::{AcceptInvitation, RenewInvitation, SendInvitation},
        nda::ConfirmNda,
        people::RecordLastDay,
        roles::ApproveRole,
    },
    domain::{
        assignment::{EndReason, State},
        problem::{Conflict, FieldProblem, Problem},
        requirement::RequirementKind,
        roles::Role,
    },
    server::{service::leavers, store::accounts},
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use time::{Duration, macros::datetime};

const PASSWORD: &str = "vier zufällige gute Wörter";

stories! {
    async fn access_ends_with_the_last_day_and_evidence_stays(app) {
        let anna = app.person("Anna Muster", "2026-11-20", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.sign_nda(&client, anna).await.said();
        let hr = app.hr().await;
        let fields = [("id", &*anna.to_string()), ("end_date", "24.11.2026")];
        let answer = hr.post_form(RecordLastDay::PATH, &fields).await;
        assert_eq!((answer.said(), answer.location()), (Said::LastDayRecorded, &*format!("/people/{anna}")));
        assert_eq!(leavers::end_due(&app.app, app.now()).await.unwrap(), 0, "the last day is a working day");
        assert_eq!(client.get("/checklist").await.status, StatusCode::OK);

        app.clock.set(datetime!(2026-11-24 22:59:59 UTC));
        assert_eq!(leavers::end_due(&app.app, app.now()).await.unwrap(), 0);
        app.clock.advance(Duration::seconds(1));
        let client = app.signed_in_as(antritt::domain::ids::AccountId(client_account(app, anna).await)).await;
        assert_eq!(leavers::end_due(&app.app, app.now()).await.unwrap(), 1);
        assert_eq!(client.post_json(SignOut::PATH, &[]).await.error(), ApiError::SignedOut);
        for item in app.items(anna).await {
            assert_eq!(item.state, State::Ended { at: app.now(), reason: EndReason::Left }, "{item:?}");
        }
        assert_eq!(app.evidence(app.nda(anna).await.id).await.len(), 1);
        let id = app.nda(anna).await.id.to_string();
        assert_eq!(app.hr().await.post_form(ConfirmNda::PATH, &[("id", &id)]).await.refusal(), ApiError::Conflict(Conflict::Ended));
        assert_eq!(leavers::end_due(&app.app, app.now()).await.unwrap(), 0, "once is enough");
    }

    async fn a_leaver_who_had_done_everything_loses_access_too(app) {
        let anna = app.person("Anna Muster", "2026-11-20", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.do_everything(&client, anna).await;
        let fields = [("id", &*anna.to_string()), ("end_date", "2026-11-24")];
        app.hr().await.post_form(RecordLastDay::PATH, &fields).await.said();
        app.clock.set(datetime!(2026-11-24 23:00 UTC));
        let client = app.signed_in_as(antritt::domain::ids::AccountId(client_account(app, anna).await)).await;
        leavers::end_due(&app.app, app.now()).await.unwrap();
        assert_eq!(client.post_json(SignOut::PATH, &[]).await.error(), ApiError::SignedOut);
        assert!(app.items(anna).await.iter().all(|item| matches!(item.state, State::Done { .. })), "what is done stays done");
        assert_eq!(leavers::end_due(&app.app, app.now()).await.unwrap(), 0, "once is enough");
    }

    async fn a_last_day_in_the_past_ends_everything_at_once(app) {
        let anna = app.person("Anna Muster", "2026-11-02", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let fields = [("id", &*anna.to_string()), ("end_date", "2026-11-22")];
        app.hr().await.post_form(RecordLastDay::PATH, &fields).await.said();
        assert_eq!(client.post_json(SignOut::PATH, &[]).await.error(), ApiError::SignedOut);
        assert!(matches!(app.item(anna, RequirementKind::Training).await.state, State::Ended { .. }));
        let again = app.hr().await.post_form(RecordLastDay::PATH, &fields).await;
        assert_eq!(again.refusal(), ApiError::Conflict(Conflict::Ended));
    }

    async fn links_of_a_leaver_open_nothing_and_cannot_be_renewed(app) {
        let anna = app.person("Anna Muster", "2026-11-02", "Europe/Berlin").await;
        let token = app.token_of(anna).await;
        app.hr().await.post_form(RecordLastDay::PATH, &[("id", &*anna.to_string()), ("end_date", "2026-11-22")]).await.said();
        app.clock.advance(Duration::hours(1));
        for path in [AcceptInvitation::PATH, RenewInvitation::PATH] {
            assert_eq!(app.visitor().post_form(path, &[("token", &token)]).await.refusal(), ApiError::Conflict(Conflict::Ended));
        }
        let sent = app.hr().await.post_form(SendInvitation::PATH, &[("person", &anna.to_string())]).await;
        assert_eq!(sent.refusal(), ApiError::Conflict(Conflict::Ended));
        assert_eq!(app.visitor().get(&format!("/invitation/{token}")).await.status, StatusCode::OK);
    }

    async fn access_ends_at_the_very_instant_and_not_when_the_house_is_kept(app) {
        let anna = app.person("Anna Muster", "2026-11-20", "America/Los_Angeles").await;
        let own = app.sign_in_by_link(anna).await;
        let account = antritt::domain::ids::AccountId(client_account(app, anna).await);
        own.post_form(SetPassword::PATH, &[("password", PASSWORD), ("repeated", PASSWORD)]).await.said();
        app.hr().await.post_form(RecordLastDay::PATH, &[("id", &*anna.to_string()), ("end_date", "2026-11-24")]).await.said();
        let sign_in = async || app.visitor().post_form(SignIn::PATH, &[("email", "anna.muster@home.example"), ("password", PASSWORD)]).await;
        app.clock.set(datetime!(2026-11-25 07:59:59 UTC));
        let client = app.signed_in_as(account).await;
        assert_eq!(client.get("/checklist").await.status, StatusCode::OK, "her last day counts in full where she works");
        assert_eq!(sign_in().await.location(), "/");
        app.clock.advance(Duration::seconds(1));
        assert_eq!(client.get("/checklist").await.location(), "/sign-in?next=%2Fchecklist");
        assert_eq!(client.post_json(SignOut::PATH, &[]).await.error(), ApiError::SignedOut);
        assert_eq!(sign_in().await.refusal(), ApiError::WrongCredentials);
        assert_eq!(app.number("select count(*) from account where disabled_at is not null").await, 0, "nobody kept the house yet");
    }

    async fn a_leavers_roles_end_and_what_was_asked_lapses(app) {
        let anna = app.person("Anna Muster", "2026-11-02", "Europe/Berlin").await;
        app.sign_in_by_link(anna).await;
        let account = antritt::domain::ids::AccountId(client_account(app, anna).await);
        app.account("anna.muster@home.example", Some(Role::Admin), None).await;
        app.write(async |tx| accounts::set_password_hash(tx, account, "no hash").await).await.unwrap();
        let (_, second) = app.administrator("second").await;
        app.administrator("third").await;
        let target = app.plain_account("target").await;
        let own = app.signed_in_as(account).await;
        crate::stories::roles::grant(&own, target, "hr", "").await.said();
        let by_anna = app.role_request().await;
        crate::stories::roles::grant(&second, account, "security", "").await.said();
        app.hr().await.post_form(RecordLastDay::PATH, &[("id", &*anna.to_string()), ("end_date", "2026-11-23")]).await.said();
        app.clock.set(datetime!(2026-11-23 23:00 UTC));
        let (_, third) = app.administrator("third").await;
        let approval = third.post_form(ApproveRole::PATH, &[("id", &by_anna.to_string())]).await;
        assert_eq!(approval.refusal(), ApiError::Conflict(Conflict::RequestLapsed), "from the instant on");
        assert_eq!(leavers::end_due(&app.app, app.now()).await.unwrap(), 1);
        assert!(!app.holds(account, Role::Admin).await);
        assert_eq!(app.number("select count(*) from role_request where outcome = 'lapsed'").await, 2, "for her and by her");
        assert_eq!(app.number("select count(*) from audit_entry where action in ('role.ended', 'role.request_lapsed')").await, 3);
        let timeline = app.hr().await.get(&format!("/people/{anna}")).await.body;
        assert!(timeline.contains("Role ended"), "{timeline}");
    }

    async fn whom_a_leaver_managed_and_what_they_proved_stays(app) {
        let boss = app.add(&NewPerson { work_email: "boss@firma.example", start_date: "2026-11-02", ..NewPerson::named("Berta Boss") }).await;
        let anna = app.add(&NewPerson { manager_email: "boss@firma.example", ..NewPerson::named("Anna Muster") }).await;
        let client = app.sign_in_by_link(boss).await;
        app.sign_nda(&client, boss).await.said();
        let hr = app.hr().await;
        hr.post_form(RecordLastDay::PATH, &[("id", &*boss.to_string()), ("end_date", "2026-11-22")]).await.said();
        assert_eq!(app.record(anna).await.manager_id, Some(boss));
        assert_eq!(client.get(&format!("/people/{anna}")).await.location().split('?').next(), Some("/sign-in"), "and sees nobody any more");
        let nda = app.nda(boss).await.id;
        assert_eq!(hr.get(&format!("/signed/{nda}")).await.status, StatusCode::OK);
        assert_eq!(hr.get(&format!("/signed/{nda}/copy.pdf")).await.status, StatusCode::OK);
    }

    async fn a_last_day_before_the_start_is_refused(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        for (date, problem) in [("30.02.2027", Problem::NotADate), ("", Problem::Required)] {
            let answer = app.hr().await.post_form(RecordLastDay::PATH, &[("id", &*anna.to_string()), ("end_date", date)]).await;
            assert_eq!(answer.refusal(), ApiError::Invalid(vec![FieldProblem::new("end_date", problem)]));
        }
        assert_eq!(app.record(anna).await.end_date, None);
    }
}

async fn client_account(app: &crate::fixture::TestApp, person: antritt::domain::ids::PersonId) -> uuid::Uuid {
    antritt::server::store::accounts::find_of_person(&mut app.read().await, person)
        .await
        .unwrap()
        .unwrap()
        .0
}
