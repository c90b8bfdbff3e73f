//! Signing in and out.

use crate::fixture::{TestApp, client::IP, stories};
use antritt::{
    api::{
        account::{ChangePassword, ChooseLanguage, SignIn, SignOut},
        done::Said,
        error::ApiError,
        nda::ConfirmNda,
        nda_templates::RetireNdaTemplate,
        roles::GrantRole,
        sessions::{EndOtherSessions, EndSession, Prove},
    },
    domain::{
        evidence::Origin,
        locale::Locale,
        problem::{FieldProblem, Problem},
        roles::Role,
    },
    server::{
        auth::{
            actor::Recognised,
            session::{self, Proof, Sessions},
        },
        service::{accounts, throttle::Caller},
        store::sessions,
    },
};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use leptos::server_fn::ServerFn;
use std::sync::Arc;
use time::Duration;
use tower_sessions::Session;

const PASSWORD: &str = "vier zufällige Wörter";

/// What a session that is on its way makes of it when it begins at last.
async fn begins(app: &TestApp, who: Recognised) -> bool {
    let session = Session::new(None, Arc::new(Sessions::new(app.app.clone())), None);
    match session::start(&session, who, Proof::Password, Origin::default()).await {
        Ok(()) => true,
        Err(error) => {
            assert!(session::is_over(&error), "{error}");
            false
        }
    }
}

stories! {
    async fn a_sign_in_on_its_way_begins_no_session_once_the_accounts_sessions_were_ended(app) {
        let account = app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
        let sign_in = async || accounts::sign_in(&app.app, app.now(), &Caller::default(), "hr@company.example", PASSWORD.to_owned()).await.unwrap();
        assert!(begins(app, sign_in().await).await);
        let client = app.signed_in_as(account).await;
        let on_its_way = sign_in().await;
        client.post_form(EndOtherSessions::PATH, &[]).await.said();
        assert!(!begins(app, on_its_way).await, "by its owner, elsewhere");
        let on_its_way = sign_in().await;
        app.signed_in_as(account).await.post_form(SignOut::PATH, &[]).await;
        assert!(!begins(app, on_its_way).await, "by signing out");
        let on_its_way = sign_in().await;
        let fields = [("old_password", PASSWORD), ("password", "sieben Schubladen voller Wolle"), ("repeated", "sieben Schubladen voller Wolle")];
        client.post_form(ChangePassword::PATH, &fields).await.said();
        assert!(!begins(app, on_its_way).await, "by a new password");
        assert_eq!(client.get("/account").await.status, StatusCode::OK, "where it was changed, it goes on");
        let on_its_way = app.recognised(account).await;
        app.admin().await.post_form("/api/accounts/end-sessions", &[("id", &account.to_string())]).await.said();
        assert!(!begins(app, on_its_way).await, "by an administrator");
        let on_its_way = app.recognised(account).await;
        app.write(async |tx| antritt::server::store::accounts::disable(tx, app.now(), account, account, "Weg").await).await.unwrap();
        assert!(!begins(app, on_its_way).await, "by disabling");
    }

    async fn a_proof_on_its_way_brings_no_ended_session_back(app) {
        let account = app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
        let (one, other) = (app.signed_in_as(account).await, app.signed_in_as(account).await);
        let store = Arc::new(Sessions::new(app.app.clone()));
        let id = one.cookie("antritt").unwrap().parse().unwrap();
        let on_its_way = Session::new(Some(id), store, None);
        let actor = session::actor(&on_its_way).await.unwrap().unwrap();
        other.post_form(EndOtherSessions::PATH, &[]).await.said();
        let renewed = session::renew(&on_its_way, &actor, actor.recognised(), Origin::default()).await;
        assert!(session::is_over(&renewed.unwrap_err()));
        assert_eq!(one.get("/account").await.status, StatusCode::SEE_OTHER);
        assert_eq!(other.get("/account").await.status, StatusCode::OK);
    }

    async fn address_and_password_sign_in_and_lead_where_one_wanted_to_go(app) {
        app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
        let client = app.visitor();
        let fields = [("email", " HR@company.example "), ("password", PASSWORD), ("next", "/people?q=anna")];
        let answer = client.post_form_from("/sign-in", SignIn::PATH, &fields).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/account/factors?next=/people%3Fq%3Danna"));
        assert_eq!(client.get(answer.location()).await.status, StatusCode::OK, "whose rights sleep until there is a second factor");
        app.account("plain@company.example", None, Some(PASSWORD)).await;
        let client = app.visitor();
        let fields = [("email", " Plain@company.example "), ("password", PASSWORD), ("next", "/account?q=anna")];
        let answer = client.post_form_from("/sign-in", SignIn::PATH, &fields).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/account?q=anna"));
        let elsewhere = [("email", "plain@company.example"), ("password", PASSWORD), ("next", "https://evil.example/")];
        assert_eq!(client.post_form(SignIn::PATH, &elsewhere).await.location(), "/");
    }

    async fn signing_in_never_leads_to_another_site(app) {
        app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
        app.account("plain@company.example", None, Some(PASSWORD)).await;
        for next in ["//evil.example/", "/\\evil.example/", "/\t/evil.example/", "javascript:alert(1)"] {
            for (email, leads) in [("plain@company.example", "/"), ("hr@company.example", "/account/factors?next=/")] {
                let fields = [("email", email), ("password", PASSWORD), ("next", next)];
                let answer = app.visitor().post_form(SignIn::PATH, &fields).await;
                assert_eq!(answer.location(), leads, "{next}");
            }
        }
    }

    async fn wrong_password_unknown_address_and_no_password_answer_alike(app) {
        app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
        app.account("new@company.example", Some(Role::Hr), None).await;
        for (n, (email, password)) in [
            ("hr@company.example", "vier zufällige Worte"),
            ("nobody@company.example", PASSWORD),
            ("new@company.example", ""),
            ("no address", PASSWORD),
            ("", ""),
        ]
        .into_iter()
        .enumerate()
        {
            let answer = app.visitor().at(&format!("198.51.100.{n}")).post_form_from("/sign-in", SignIn::PATH, &[("email", email), ("password", password)]).await;
            assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/sign-in"));
            assert_eq!(answer.refusal(), ApiError::WrongCredentials, "{email}");
            assert!(answer.headers.get_all("set-cookie").iter().all(|cookie| !cookie.to_str().unwrap().starts_with("antritt=")));
        }
        assert_eq!(app.number("select count(*) from session").await, 0);
    }

    async fn a_program_learns_from_the_status_what_was_wrong(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        let id = app.nda(anna).await.id.to_string();
        let nobody = uuid::Uuid::nil().to_string();
        for (client, path, fields, status) in [
            (app.visitor(), SignIn::PATH, vec![("email", "nobody@home.example"), ("password", PASSWORD)], 401),
            (app.visitor(), ConfirmNda::PATH, vec![("id", &*id)], 401),
            (app.auditor().await, ConfirmNda::PATH, vec![("id", &*id)], 404),
            (app.hr().await, ConfirmNda::PATH, vec![("id", &*nobody)], 404),
            (app.hr().await, ConfirmNda::PATH, vec![("id", &*id)], 409),
            (app.hr().await, ConfirmNda::PATH, vec![("id", "x")], 400),
            (hr, antritt::api::people::MoveStart::PATH, vec![("id", &*anna.to_string()), ("start_date", "31.02.2027"), ("reason", "")], 422),
        ] {
            let answer = client.post_json(path, &fields).await;
            assert_eq!((answer.status.as_u16(), answer.error().status()), (status, status), "{path} {fields:?}: {}", answer.body);
        }
    }

    async fn signing_in_gives_a_fresh_session_and_forgets_the_old_one(app) {
        app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
        let client = app.hr().await;
        let before = client.cookie("antritt").unwrap();
        let fields = [("email", "hr@company.example"), ("password", PASSWORD)];
        client.post_form(SignIn::PATH, &fields).await;
        assert_ne!(client.cookie("antritt").unwrap(), before);
        let thief = app.visitor();
        thief.set_cookie("antritt", &before);
        assert_ne!(thief.get("/hr").await.status, StatusCode::OK);
    }

    async fn signing_out_ends_the_session_for_whoever_kept_the_cookie(app) {
        let client = app.hr().await;
        let cookie = client.cookie("antritt").unwrap();
        let answer = client.post_form(SignOut::PATH, &[]).await;
        assert_eq!((answer.said(), answer.location()), (Said::SignedOut, "/sign-in"));
        assert_eq!(client.cookie("antritt"), None);
        let thief = app.visitor();
        thief.set_cookie("antritt", &cookie);
        assert_eq!(thief.post_json(SignOut::PATH, &[]).await.error(), ApiError::SignedOut);
        assert_eq!(app.number("select count(*) from session").await, 0);
    }

    async fn a_removed_role_counts_at_the_next_request(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        assert_eq!(hr.get("/hr").await.status, StatusCode::OK);
        app.tamper("delete from role_grant where role = 'hr'").await.unwrap();
        assert_eq!(hr.get("/hr").await.status, StatusCode::NOT_FOUND);
        let id = app.nda(anna).await.id.to_string();
        assert_eq!(hr.post_json(ConfirmNda::PATH, &[("id", &id)]).await.error(), ApiError::NotFound);
    }

    async fn a_role_that_has_ended_counts_no_more(app) {
        let auditor = app.auditor().await;
        assert_eq!(auditor.get("/security").await.status, StatusCode::OK);
        let ends = if app.db == crate::fixture::Db::Sqlite { "'2026-11-23T09:00:00Z'" } else { "'2026-11-23 09:00:00Z'" };
        app.tamper(&format!("update role_grant set ends_at = {ends}")).await.unwrap();
        app.clock.advance(Duration::seconds(1));
        assert_eq!(auditor.get("/security").await.status, StatusCode::NOT_FOUND);
    }

    async fn a_session_ends_after_eight_hours_whatever_one_does(app) {
        let hr = app.hr().await;
        for _ in 0..23 {
            app.clock.advance(Duration::minutes(20));
            assert_eq!(hr.get("/hr").await.status, StatusCode::OK);
        }
        app.clock.advance(Duration::minutes(19));
        assert_eq!(hr.get("/hr").await.status, StatusCode::OK);
        app.clock.advance(Duration::minutes(1));
        assert_eq!(hr.post_json(SignOut::PATH, &[]).await.error(), ApiError::SignedOut);
        let mut tx = app.begin().await;
        assert_eq!(sessions::delete_expired(&mut tx, app.now()).await.unwrap(), 1);
        tx.commit_housekeeping().await.unwrap();
    }

    async fn a_session_with_rights_ends_after_half_an_hour_without_use(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let (hr, own) = (app.hr().await, app.sign_in_by_link(anna).await);
        for minutes in [29, 29] {
            app.clock.advance(Duration::minutes(minutes));
            assert_eq!(hr.get("/hr").await.status, StatusCode::OK, "use counts");
        }
        app.clock.advance(Duration::minutes(30));
        assert_eq!(hr.post_json(SignOut::PATH, &[]).await.error(), ApiError::SignedOut);
        assert_eq!(own.get("/checklist").await.status, StatusCode::OK, "who only has a list of their own is not hurried");
    }

    async fn a_form_of_an_ended_session_leads_back_to_its_page_and_leaves_nothing_in_the_browser(app) {
        let hr = app.hr().await;
        app.clock.advance(Duration::minutes(30));
        let nobody = uuid::Uuid::nil().to_string();
        let fields = [("id", &*nobody), ("start_date", "2027-01-04"), ("reason", "Umzug")];
        let ended = hr.post_form_from("/people?q=anna", antritt::api::people::MoveStart::PATH, &fields).await;
        assert_eq!((ended.location(), ended.refusal()), ("/sign-in?next=%2Fpeople%3Fq%3Danna", ApiError::SignedOut));
        assert!(!format!("{:?}", ended.flash()).contains("Umzug"));
        assert!(hr.get(ended.location()).await.body.contains("value=\"/people?q=anna\""));
        let visitor = app.visitor();
        assert_eq!(visitor.post_form_from("/sign-in/second-step?next=/record", SignOut::PATH, &[]).await.location(), "/sign-in");
    }

    /// Else whoever has a stolen session could use it and leave no trace.
    async fn looking_ahead_is_use_as_well_and_spares_the_message_alone(app) {
        let hr = app.hr().await;
        let seen = async |agent: &str| app.number(&format!("select count(*) from session where user_agent = '{agent}'")).await;
        let ahead = |agent| [("accept", "text/html"), ("sec-purpose", "prefetch"), ("user-agent", agent)];
        app.clock.advance(Duration::minutes(29));
        assert_eq!(hr.send(Method::GET, "/hr", &ahead("reader"), Body::empty()).await.status, StatusCode::OK);
        app.clock.advance(Duration::minutes(1));
        assert_eq!((seen("reader").await, hr.get("/hr").await.status), (1, StatusCode::OK));

        app.clock.advance(Duration::minutes(1));
        let form = [("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html"), ("sec-purpose", "prefetch"), ("user-agent", "writer")];
        let changed = hr.send(Method::POST, EndOtherSessions::PATH, &form, Body::empty()).await;
        assert_eq!((changed.said(), seen("writer").await), (Said::OwnSessionsEnded { count: 0 }, 1), "a change is a change");
        let message = hr.cookie("flash").unwrap();
        hr.send(Method::GET, "/account", &ahead("reader"), Body::empty()).await;
        assert_eq!(hr.cookie("flash"), Some(message), "the message waits for the page that is looked at");
        hr.get("/account").await;
        assert_eq!(hr.cookie("flash"), None);
    }

    async fn reading_notes_the_use_of_a_session_once_a_minute(app) {
        let hr = app.hr().await;
        let seen = async || app.number("select count(*) from session where seen_at > created_at").await;
        app.clock.advance(Duration::seconds(59));
        hr.get("/hr").await;
        assert_eq!(seen().await, 0);
        app.clock.advance(Duration::seconds(1));
        hr.get("/hr").await;
        assert_eq!(seen().await, 1);
    }

    async fn the_language_is_remembered_with_the_account_and_before_sign_in(app) {
        let visitor = app.visitor();
        let switched = visitor.post_form_from("/sign-in", ChooseLanguage::PATH, &[("language", "en")]).await;
        assert_eq!(switched.location(), "/sign-in");
        assert!(visitor.get("/sign-in").await.body.contains("lang=\"en\""));
        visitor.post_form_from("/sign-in", ChooseLanguage::PATH, &[("language", "de")]).await;
        assert!(visitor.get("/sign-in").await.body.contains("lang=\"de\""));

        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        client.post_form(ChooseLanguage::PATH, &[("language", "en")]).await;
        assert_eq!(app.number("select count(*) from account where person_id is not null and language = 'en'").await, 1);
        assert_eq!(app.record(anna).await.details.language, Locale::De, "the person's record is HR's");
    }

    async fn the_database_holds_no_session_id(app) {
        let hr = app.hr().await;
        let cookie = hr.cookie("antritt").unwrap();
        let hex = if app.db == crate::fixture::Db::Sqlite { "lower(hex(id_hash))" } else { "encode(id_hash, 'hex')" };
        assert_eq!(app.number(&format!("select count(*) from session where length({hex}) = 64 and {hex} <> '{cookie}'")).await, 1);
    }

    async fn somebody_sees_where_they_are_signed_in_and_ends_it_there(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let own = app.sign_in_by_link(anna).await;
        let other = app.another_session_of(anna).await.to_string();
        app.clock.advance(Duration::minutes(2));
        let page = own.get("/account/sessions").await.body;
        assert!(page.contains(IP) && page.matches("<tr>").count() == 3 && page.contains("Diese Sitzung"), "{page}");
        let ben = app.person("Ben Beispiel", "2026-12-01", "Europe/Berlin").await;
        let stranger = app.sign_in_by_link(ben).await;
        assert_eq!(stranger.post_form(EndSession::PATH, &[("id", &other)]).await.refusal(), ApiError::NotFound);
        assert_eq!(own.post_form(EndSession::PATH, &[("id", &other)]).await.said(), Said::OwnSessionsEnded { count: 1 });
        assert_eq!(own.post_form(EndSession::PATH, &[("id", &other)]).await.refusal(), ApiError::NotFound);
        assert!(own.get("/account/sessions").await.body.contains("nur hier"));
        assert_eq!(stranger.get("/checklist").await.status, StatusCode::OK);
    }

    async fn all_other_sessions_end_and_this_one_stays(app) {
        let hr = app.hr().await;
        let elsewhere = [app.hr().await, app.hr().await];
        assert_eq!(hr.post_form(EndOtherSessions::PATH, &[]).await.said(), Said::OwnSessionsEnded { count: 2 });
        for client in elsewhere {
            assert_eq!(client.post_json(SignOut::PATH, &[]).await.error(), ApiError::SignedOut);
        }
        assert_eq!(hr.get("/hr").await.status, StatusCode::OK);
    }

    async fn what_reaches_far_wants_a_proof_of_the_last_ten_minutes_and_keeps_what_was_typed(app) {
        app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
        let hr = app.hr().await;
        let template = app.nda_template("Freie", "contractor", "", "").await.to_string();
        app.clock.advance(Duration::seconds(599));
        assert_eq!(hr.get("/exceptions.csv").await.status, StatusCode::OK);
        app.clock.advance(Duration::seconds(1));
        let led = hr.send(Method::GET, "/exceptions.csv", &[("accept", "text/html"), ("referer", "http://127.0.0.1:3000/exceptions")], Body::empty()).await;
        assert_eq!((led.status, led.location()), (StatusCode::SEE_OTHER, "/account/prove?next=/exceptions"));
        assert_eq!(hr.post_json(RetireNdaTemplate::PATH, &[("id", &template)]).await.error(), ApiError::ProveAgain);
        let refused = hr.post_form_from("/content/nda-templates", RetireNdaTemplate::PATH, &[("id", &template)]).await;
        assert_eq!(refused.location(), "/account/prove?next=/content/nda-templates");

        let cookie = hr.cookie("antritt").unwrap();
        let wrong = hr.post_form_from(refused.location(), Prove::PATH, &[("password", "falsch"), ("next", "/content/nda-templates")]).await;
        assert_eq!(wrong.refusal(), ApiError::Invalid(vec![FieldProblem::new("password", Problem::WrongPassword)]));
        assert_eq!(hr.get("/exceptions.csv").await.status, StatusCode::SEE_OTHER, "a wrong password proves nothing");
        let proved = hr.post_form(Prove::PATH, &[("password", PASSWORD), ("next", "/content/nda-templates")]).await;
        assert_eq!((proved.location(), proved.refusal()), ("/content/nda-templates", ApiError::ProveAgain));
        assert!(hr.get("/content/nda-templates").await.body.contains("What you entered is still here"));
        assert_ne!(hr.cookie("antritt").unwrap(), cookie, "a proof gives the session a fresh id");
        hr.post_form(RetireNdaTemplate::PATH, &[("id", &template)]).await.said();
        let thief = app.visitor();
        thief.set_cookie("antritt", &cookie);
        assert_eq!(thief.post_json(SignOut::PATH, &[]).await.error(), ApiError::SignedOut);
    }

    async fn what_was_typed_leaves_with_whoever_typed_it(app) {
        app.account("admin@company.example", Some(Role::Admin), Some(PASSWORD)).await;
        app.account("other@company.example", None, Some(PASSWORD)).await;
        let person = app.account("auditor@company.example", None, None).await.to_string();
        let client = app.admin().await;
        app.clock.advance(Duration::minutes(10));
        let typed = [("id", &*person), ("role", "auditor"), ("reason", "Übernahme von Foo"), ("ends_on", "2027-01-01")];
        let asked = client.post_form_from("/account", GrantRole::PATH, &typed).await;
        assert_eq!(asked.location(), "/account/prove?next=/account");
        let waiting = client.cookie("waiting").unwrap();
        assert!(waiting.parse::<uuid::Uuid>().is_ok(), "the browser keeps nothing of it: {waiting}");

        assert_eq!(client.post_form(SignOut::PATH, &[]).await.said(), Said::SignedOut);
        assert_eq!(client.cookie("waiting"), None);
        for name in ["waiting", "flash"] {
            client.set_cookie(name, &waiting);
        }
        let in_again = client.post_form_from("/sign-in", SignIn::PATH, &[("email", "other@company.example"), ("password", PASSWORD)]).await;
        assert_eq!((in_again.location(), client.cookie("waiting"), client.cookie("flash")), ("/", None, None));
        client.set_cookie("waiting", &waiting);
        let proof = [("password", PASSWORD), ("next", "/account")];
        assert_eq!(client.post_form_from("/account/prove", Prove::PATH, &proof).await.said(), Said::Proved, "what waits is another's");
        client.set_cookie("flash", &format!(".{waiting}"));
        assert!(!client.get("/account").await.body.contains("What you entered is still here"));

        let own = app.admin().await;
        own.set_cookie("waiting", &waiting);
        let proved = own.post_form_from("/account/prove", Prove::PATH, &proof).await;
        assert!(format!("{:?}", proved.flash()).contains("Übernahme von Foo"), "{:?}", proved.flash());
    }

    async fn a_proof_prolongs_no_session(app) {
        app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
        let hr = app.hr().await;
        for _ in 0..23 {
            app.clock.advance(Duration::minutes(20));
            assert_eq!(hr.get("/hr").await.status, StatusCode::OK);
        }
        hr.post_form(Prove::PATH, &[("password", PASSWORD), ("next", "/hr")]).await.said();
        app.clock.advance(Duration::minutes(20));
        assert_eq!(hr.post_json(SignOut::PATH, &[]).await.error(), ApiError::SignedOut);
    }

    async fn a_proof_leads_to_no_other_site(app) {
        app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
        let hr = app.hr().await;
        assert!(!hr.get("/account/prove?next=//evil.example/").await.body.contains("href=\"//evil.example"));
        assert_eq!(hr.post_form(Prove::PATH, &[("password", PASSWORD), ("next", "//evil.example/")]).await.location(), "/");
    }

    async fn ones_own_copies_want_no_proof_and_those_of_others_do(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let own = app.sign_in_by_link(anna).await;
        app.sign_nda(&own, anna).await.said();
        let copy = format!("/signed/{}/copy.pdf", app.nda(anna).await.id);
        let hr = app.hr().await;
        assert_eq!(hr.get(&copy).await.status, StatusCode::OK);
        app.clock.advance(Duration::minutes(10));
        assert_eq!((hr.get(&copy).await.status, own.get(&copy).await.status), (StatusCode::SEE_OTHER, StatusCode::OK));
        assert_eq!(app.visitor().get(&copy).await.status, StatusCode::NOT_FOUND);
    }
}
