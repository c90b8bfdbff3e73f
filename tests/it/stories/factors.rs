//! Second factors: adding, naming and removing them, signing in by them, and what is refused.

use crate::fixture::{
    TestApp,
    client::{Answer, Client},
    factors::{between, ceremony},
    passkey::Device,
    stories,
};
use antritt::{
    api::{
        account::{SignIn, SignOut},
        accounts::ResetFactors,
        done::{PROVE, Said},
        error::ApiError,
        factors::{
            APP, AddPasskey, AskForPasskey, BeginApp, BeginPasskey, CODES, ConfirmApp, FACTORS, GiveCode, GivePasskey, KeepCodes, MakeCodes, ProveByCode,
            ProveByPasskey, RemoveFactor, RenameFactor,
        },
        invitations::AcceptInvitation,
    },
    domain::{
        ids::AccountId,
        problem::{Conflict, FieldProblem, Problem},
        roles::Role,
    },
    server::{
        auth::{session::Proof, totp::Secret},
        http,
        service::{App, factors},
        store::accounts,
    },
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use time::Duration;

const PASSWORD: &str = "vier zufällige Wörter";

fn wrong_code() -> ApiError {
    ApiError::Invalid(vec![FieldProblem::new("code", Problem::WrongCode)])
}

/// Somebody in the team, with an account and a full session.
async fn anna(app: &TestApp) -> (AccountId, Client) {
    let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
    app.sign_in_by_link(anna).await;
    let account = accounts::find_of_person(&mut app.read().await, anna).await.unwrap().unwrap();
    (account, app.signed_in_as(account).await)
}

/// Who gave their password or opened their link, and nothing else yet.
async fn half(app: &TestApp, account: AccountId) -> Client {
    app.session_by(account, Proof::Password).await
}

/// The ids of the factors on somebody's page.
async fn ids(client: &Client) -> Vec<String> {
    let page = client.get(FACTORS).await.body;
    let form = format!("action=\"{}\"", RenameFactor::PATH);
    let forms = page.split(&form).skip(1);
    forms.map(|form| between(form, "name=\"id\" value=\"", "\"").to_owned()).collect()
}

/// Adds an app as somebody on their way to `next`, who mistypes the first code.
async fn enrol_by_app(app: &TestApp, client: &Client, next: &str) -> Answer {
    client.post_form(BeginApp::PATH, &[("next", next)]).await;
    let page = client.get(APP).await.body;
    let id = between(&page, "name=\"id\" value=\"", "\"").to_owned();
    let secret = Secret::from_base32(&between(&page, "class=\"secret\">", "<").replace(' ', "")).unwrap();
    let confirm = async |code: &str| {
        let fields = [("id", &*id), ("name", "Diensthandy"), ("code", code), ("next", next)];
        client.post_form_from(APP, ConfirmApp::PATH, &fields).await
    };
    assert_eq!(confirm("000000").await.refusal(), wrong_code());
    let again = client.get(APP).await.body;
    assert!(again.contains(&format!("name=\"next\" value=\"{next}\"")), "{again}");
    confirm(&secret.code_at(app.now())).await
}

/// Adds a passkey as somebody on their way to `next`.
async fn enrol_by_passkey(client: &Client, next: &str) -> Answer {
    let begun = ceremony(&client.post_json(BeginPasskey::PATH, &[]).await);
    let answer = Device::new().create(&begun.1);
    let fields = [
        ("id", &*begun.0.to_string()),
        ("passkey_name", "Laptop"),
        ("credential", &answer),
        ("next", next),
    ];
    client.post_form_from(FACTORS, AddPasskey::PATH, &fields).await
}

async fn fresh_codes(client: &Client) -> Vec<String> {
    let page = client.get(CODES).await.body;
    let list = between(&page, "class=\"recovery-codes\">", "</ul>");
    list.split("<code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

stories! {
    async fn an_app_counts_from_its_first_code_and_its_codes_sign_in(app) {
        let (account, client) = anna(app).await;
        assert!(client.get(FACTORS).await.body.contains("noch keinen zweiten Faktor"));
        let (id, secret) = app.begin_app(&client).await;
        let page = client.get(APP).await.body;
        assert!(page.contains("<svg viewBox=") && page.contains("otpauth://totp/Beispiel%20GmbH:anna.muster%40home.example?secret="));
        assert!(half(app, account).await.get("/record").await.status.is_success(), "not confirmed yet");
        let refused = app.confirm_app(&client, &id, "000000").await;
        assert_eq!(refused.refusal(), wrong_code());
        assert!(!format!("{:?}", refused.flash()).contains("000000"), "codes never travel back");
        assert!(client.get(APP).await.body.contains(&secret.to_type()), "a wrong code leaves the secret as it was");
        let added = app.confirm_app(&client, &id, &secret.code_at(app.now())).await;
        assert_eq!((added.said(), added.location()), (Said::FactorAdded, CODES));
        assert_eq!(client.get(APP).await.location(), FACTORS);
        assert!(client.get(FACTORS).await.body.contains("Diensthandy"));

        app.clock.advance(Duration::minutes(1));
        let visitor = half(app, account).await;
        let done = app.give_code(&visitor, &secret.code_at(app.now())).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/record"));
        assert_eq!(visitor.get("/record").await.status, StatusCode::OK);
        let mails = app.mails_of(account).await;
        assert!(mails.last().unwrap().text.contains("Ein zweiter Faktor wurde hinzugefügt."));
    }

    async fn a_password_or_a_link_leads_to_the_second_step(app) {
        let hr = app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
        let secret = app.add_app(&app.signed_in_as(hr).await).await;
        let visitor = app.visitor();
        let fields = [("email", "hr@company.example"), ("password", PASSWORD), ("next", "/people?q=x")];
        let first = visitor.post_form_from("/sign-in", SignIn::PATH, &fields).await;
        assert_eq!(first.location(), "/sign-in/second-step?next=%2Fpeople%3Fq%3Dx");
        let page = visitor.get(first.location()).await;
        assert!(page.status.is_success() && page.body.contains("value=\"/people?q=x\""), "{}", page.body);
        let before = visitor.cookie("antritt").unwrap();
        app.give_code(&visitor, &secret.code_at(app.now())).await;
        assert_ne!(visitor.cookie("antritt").unwrap(), before);
        assert_eq!(visitor.get("/hr").await.status, StatusCode::OK);
        let stale = app.visitor();
        stale.set_cookie("antritt", &before);
        assert_eq!(stale.get("/hr").await.location(), "/sign-in?next=%2Fhr");

        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        app.sign_in_by_link(anna).await;
        let account = accounts::find_of_person(&mut app.read().await, anna).await.unwrap().unwrap();
        app.add_app(&app.signed_in_as(account).await).await;
        let token = app.new_token_of(anna).await;
        let opened = app.visitor().post_form(AcceptInvitation::PATH, &[("token", &token)]).await;
        assert_eq!(opened.location(), "/sign-in/second-step?next=%2Fwelcome");
    }

    /// The other App is what another instance, or the same one after a restart, is.
    async fn a_code_counts_once_in_every_instance(app) {
        let (account, client) = anna(app).await;
        let secret = app.add_app(&client).await;
        let code = secret.code_at(app.now());
        let other = Client::new(http::router(App::new(app.store.clone(), app.clock.clone(), app.app.settings().clone())));
        let (one, two, three) = (half(app, account).await, half(app, account).await, half(app, account).await);
        other.set_cookie("antritt", &two.cookie("antritt").unwrap());
        assert_eq!(app.give_code(&one, &code).await.location(), "/record");
        assert_eq!(app.give_code(&other, &code).await.refusal(), wrong_code());
        assert_eq!(app.give_code(&three, &code).await.refusal(), wrong_code());
        app.clock.advance(Duration::seconds(30));
        assert_eq!(app.give_code(&three, &code).await.refusal(), wrong_code(), "nor as the code of the step before");
        let next = secret.code_at(app.now());
        let (left, right) = tokio::join!(app.give_code(&other, &next), app.give_code(&three, &next));
        let went = [&left, &right].into_iter().filter(|answer| answer.location() == "/record").count();
        assert_eq!(went, 1, "of two at once, one: {left:?} {right:?}");
    }

    async fn a_clock_may_be_off_by_one_step(app) {
        let (account, client) = anna(app).await;
        let secret = app.add_app(&client).await;
        let visitor = half(app, account).await;
        for (seconds, goes) in [(-60, false), (90, false), (30, true)] {
            let code = secret.code_at(app.now() + Duration::seconds(seconds));
            let answer = app.give_code(&visitor, &code).await;
            assert_eq!(answer.location() == "/record", goes, "{seconds}");
        }
        let visitor = half(app, account).await;
        let answer = app.give_code(&visitor, &secret.code_at(app.now())).await;
        assert_eq!(answer.refusal(), wrong_code(), "an earlier step than the one that was accepted");
    }

    async fn a_recovery_code_counts_once_however_it_is_typed(app) {
        let (account, client) = anna(app).await;
        let (id, secret) = app.begin_app(&client).await;
        app.confirm_app(&client, &id, &secret.code_at(app.now())).await.said();
        let codes = fresh_codes(&client).await;
        assert_eq!((codes.len(), codes[0].len()), (10, 34));
        assert_eq!(fresh_codes(&client).await, codes, "looking changes nothing");
        let (visitor, again) = (half(app, account).await, half(app, account).await);
        let used = app.give_code(&visitor, &codes[3].to_uppercase().replace('-', " ")).await;
        assert_eq!((used.said(), used.location()), (Said::RecoveryCodeUsed { left: 9 }, "/record"));
        assert_eq!(app.give_code(&again, &codes[3]).await.refusal(), wrong_code());
        assert!(app.mails_of(account).await.last().unwrap().text.contains("Wiederherstellungscode"));
        let other = app.account("other@company.example", None, None).await;
        app.add_app(&app.signed_in_as(other).await).await;
        assert_eq!(app.give_code(&half(app, other).await, &codes[4]).await.refusal(), wrong_code(), "somebody else's");

        assert_eq!(client.post_form(KeepCodes::PATH, &[]).await.said(), Said::RecoveryCodesKept);
        assert_eq!(client.get(CODES).await.location(), FACTORS);
        assert_eq!(client.post_form(MakeCodes::PATH, &[]).await.location(), CODES);
        assert_eq!(app.give_code(&again, &codes[5]).await.refusal(), wrong_code(), "new codes end the old ones");
        app.clock.advance(Duration::minutes(10));
        assert_eq!(client.get(CODES).await.location(), FACTORS, "shown for ten minutes at most");
    }

    async fn secrets_and_codes_are_not_in_the_database(app) {
        let (_, client) = anna(app).await;
        let (id, secret) = app.begin_app(&client).await;
        app.confirm_app(&client, &id, &secret.code_at(app.now())).await.said();
        app.begin_app(&client).await;
        let codes = fresh_codes(&client).await;
        for word in [secret.to_base32(), codes[0].clone(), codes[0].replace('-', "")] {
            assert_eq!(app.number(&format!("select count(*) from ceremony where state like '%{word}%'")).await, 0);
            assert_eq!(app.number(&format!("select count(*) from totp_factor where secret like '%{word}%'")).await, 0);
            assert_eq!(app.number(&format!("select count(*) from audit_detail where body like '%{word}%'")).await, 0);
        }
        assert_eq!(app.number("select count(*) from totp_factor where secret like 'v1.%'").await, 1);
    }

    async fn half_a_session_lasts_ten_minutes_and_can_be_left(app) {
        let (account, client) = anna(app).await;
        let secret = app.add_app(&client).await;
        let visitor = half(app, account).await;
        assert_eq!(visitor.get("/").await.location(), "/sign-in/second-step");
        assert_eq!(visitor.get("/checklist").await.location(), "/sign-in/second-step?next=%2Fchecklist");
        let left = visitor.post_form(SignOut::PATH, &[]).await;
        assert_eq!((left.said(), left.location()), (Said::SignedOut, "/sign-in"));
        assert_eq!(visitor.get("/sign-in/second-step").await.location(), "/sign-in");
        let visitor = half(app, account).await;
        app.clock.advance(Duration::minutes(10));
        assert_eq!(app.give_code(&visitor, &secret.code_at(app.now())).await.refusal(), ApiError::SignedOut);
    }

    async fn sessions_elsewhere_owe_the_first_factor_too(app) {
        let (account, client) = anna(app).await;
        let elsewhere = app.session_by(account, Proof::Password).await;
        assert_eq!(elsewhere.get("/record").await.status, StatusCode::OK);
        app.add_app(&client).await;
        assert_eq!(client.get("/record").await.status, StatusCode::OK);
        assert_eq!(elsewhere.get("/record").await.location(), "/sign-in/second-step?next=%2Frecord");
    }

    async fn rights_sleep_until_there_is_a_second_factor(app) {
        app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
        let client = app.visitor();
        let fields = [("email", "hr@company.example"), ("password", PASSWORD), ("next", "")];
        assert_eq!(client.post_form(SignIn::PATH, &fields).await.location(), "/account/factors?next=/");
        assert_eq!(client.get("/").await.location(), FACTORS);
        let sleeps = client.get("/hr").await;
        assert_eq!(sleeps.status, StatusCode::NOT_FOUND);
        assert!(sleeps.body.contains("<h1>A second factor first, then this page<") && sleeps.body.contains("/account/factors?next=/hr"), "{}", sleeps.body);
        let nothing = client.get("/nowhere").await.body;
        assert!(nothing.contains("<h1>This page does not exist<") && !nothing.contains("A second factor first"), "{nothing}");
        assert!(client.get(FACTORS).await.body.contains("HR"));
        let before = client.cookie("antritt").unwrap();
        let (id, secret) = app.begin_app(&client).await;
        let added = app.confirm_app(&client, &id, &secret.code_at(app.now())).await;
        assert_eq!(added.location(), "/account/factors/codes?next=/");
        assert_ne!(client.cookie("antritt").unwrap(), before, "the session goes on under a fresh id");
        let kept = client.post_form(KeepCodes::PATH, &[("next", "/")]).await;
        assert_eq!(client.get(kept.location()).await.location(), "/hr");
        assert_eq!(client.get("/hr").await.status, StatusCode::OK);
    }

    /// As a link in a mail leads: to the page it names, by way of the enrolment, whichever factor it is and however often it is refused.
    async fn the_way_to_a_page_leads_through_the_first_factor(app) {
        for (email, by_app) in [("app@company.example", true), ("passkey@company.example", false)] {
            app.account(email, Some(Role::Hr), Some(PASSWORD)).await;
            let client = app.visitor();
            let fields = [("email", email), ("password", PASSWORD), ("next", "/people?q=anna")];
            let first = client.post_form_from("/sign-in?next=%2Fpeople", SignIn::PATH, &fields).await;
            assert_eq!(first.location(), "/account/factors?next=/people%3Fq%3Danna");
            let page = client.get(first.location()).await.body;
            assert_eq!(page.matches("name=\"next\" value=\"/people?q=anna\"").count(), 2, "{page}");
            let codes = if by_app { enrol_by_app(app, &client, "/people?q=anna").await } else { enrol_by_passkey(&client, "/people?q=anna").await };
            assert_eq!(codes.location(), "/account/factors/codes?next=/people%3Fq%3Danna");
            let page = client.get(codes.location()).await.body;
            assert!(page.contains("name=\"next\" value=\"/people?q=anna\""), "{page}");
            let kept = client.post_form(KeepCodes::PATH, &[("next", "/people?q=anna")]).await;
            assert_eq!(kept.location(), "/people?q=anna");
            assert_eq!(client.get(kept.location()).await.status, StatusCode::OK);
        }
    }

    async fn no_factor_leads_to_another_site(app) {
        let (_, client) = anna(app).await;
        assert_eq!(client.post_form(BeginApp::PATH, &[("next", "//evil.example/")]).await.location(), "/account/factors/app?next=/");
        assert_eq!(enrol_by_app(app, &client, "//evil.example/").await.location(), "/account/factors/codes?next=/");
    }

    async fn the_last_factor_stays_where_rights_ask_for_one(app) {
        let hr = app.account("hr@company.example", Some(Role::Hr), None).await;
        let client = app.signed_in_as(hr).await;
        app.add_app(&client).await;
        let first = ids(&client).await;
        let remove = async |id: &str| client.post_form(RemoveFactor::PATH, &[("id", id)]).await;
        assert_eq!(remove(&first[0]).await.refusal(), ApiError::Conflict(Conflict::LastFactor));
        assert!(!client.get(FACTORS).await.body.contains(RemoveFactor::PATH), "and the page says why");
        app.add_passkey(&client).await;
        let page = client.get(FACTORS).await.body;
        assert_eq!(page.matches("<button class=\"button danger\">Remove<").count(), 2, "{page}");
        assert_eq!(remove(&first[0]).await.said(), Said::FactorRemoved);
        let left = ids(&client).await;
        assert_eq!(remove(&left[0]).await.refusal(), ApiError::Conflict(Conflict::LastFactor));

        let (account, client) = anna(app).await;
        app.add_app(&client).await;
        let only = ids(&client).await;
        assert_eq!(client.post_form(RemoveFactor::PATH, &[("id", &only[0])]).await.said(), Said::FactorRemoved);
        assert_eq!(app.number("select count(*) from recovery_code where used_at is null").await, 10, "HR's; Anna's went with her factor");
        assert_eq!(half(app, account).await.get("/record").await.status, StatusCode::OK);
    }

    async fn two_tabs_cannot_each_remove_the_others_last_factor(app) {
        let hr = app.account("hr@company.example", Some(Role::Hr), None).await;
        let client = app.signed_in_as(hr).await;
        app.add_app(&client).await;
        app.add_passkey(&client).await;
        let both = ids(&client).await;
        let remove = async |id: &str| client.post_json(RemoveFactor::PATH, &[("id", id)]).await.status;
        tokio::join!(remove(&both[0]), remove(&both[1]));
        assert_eq!(ids(&client).await.len(), 1);
    }

    async fn somebody_elses_factor_is_like_none(app) {
        let (_, client) = anna(app).await;
        app.add_app(&client).await;
        let theirs = ids(&client).await;
        let other = app.admin().await;
        for id in [&theirs[0], &*uuid::Uuid::nil().to_string()] {
            assert_eq!(other.post_json(RemoveFactor::PATH, &[("id", id)]).await.error(), ApiError::NotFound);
            assert_eq!(other.post_json(RenameFactor::PATH, &[("id", id), ("name", "Meins")]).await.error(), ApiError::NotFound);
        }
        let nameless = client.post_form(RenameFactor::PATH, &[("id", &theirs[0]), ("name", " ")]).await;
        assert_eq!(nameless.refusal(), ApiError::Invalid(vec![FieldProblem::new("name", Problem::Required)]));
        assert_eq!(client.post_form(RenameFactor::PATH, &[("id", &theirs[0]), ("name", "<Handy>")]).await.said(), Said::FactorRenamed);
        assert!(client.get(FACTORS).await.body.contains("&lt;Handy"));
        let (id, secret) = app.begin_app(&client).await;
        let confirmed = app.confirm_app(&other, &id, &secret.code_at(app.now())).await;
        assert_eq!(confirmed.refusal(), ApiError::Conflict(Conflict::CeremonyOver), "what somebody else began");
    }

    async fn two_tabs_that_add_an_app_share_its_secret(app) {
        let (_, client) = anna(app).await;
        let (one, two) = (app.begin_app(&client).await, app.begin_app(&client).await);
        assert_eq!((one.0.clone(), one.1.to_base32()), (two.0.clone(), two.1.to_base32()));
        let code = one.1.code_at(app.now());
        assert_eq!(app.confirm_app(&client, &one.0, &code).await.said(), Said::FactorAdded);
        assert_eq!(app.confirm_app(&client, &two.0, &code).await.refusal(), ApiError::Conflict(Conflict::CeremonyOver));
        assert_eq!(ids(&client).await.len(), 1);
    }

    async fn no_code_at_all_is_no_wrong_one_and_counts_as_no_try(app) {
        let (account, client) = anna(app).await;
        let (id, secret) = app.begin_app(&client).await;
        let missing = ApiError::Invalid(vec![FieldProblem::new("code", Problem::CodeMissing)]);
        assert_eq!(app.confirm_app(&client, &id, " ").await.refusal(), missing);
        app.confirm_app(&client, &id, &secret.code_at(app.now())).await.said();
        let visitor = half(app, account).await;
        for _ in 0..20 {
            assert_eq!(app.give_code(&visitor, "").await.refusal(), missing);
        }
        assert!(visitor.get("/sign-in/second-step").await.body.contains("Geben Sie den Code ein."));
        assert_eq!(app.number("select count(*) from security_event where kind = 'second_factor.failed'").await, 0);
    }

    async fn codes_that_wait_to_be_kept_are_found_again(app) {
        let (_, client) = anna(app).await;
        let (id, secret) = app.begin_app(&client).await;
        assert_eq!(app.confirm_app(&client, &id, &secret.code_at(app.now())).await.location(), CODES);
        let link = format!("href=\"{CODES}\"");
        assert!(client.get(FACTORS).await.body.contains(&link));
        client.post_form(KeepCodes::PATH, &[]).await.said();
        assert!(!client.get(FACTORS).await.body.contains(&link));
    }

    async fn a_message_survives_the_way_over_the_start_page_and_is_said_once(app) {
        let (_, client) = anna(app).await;
        assert_eq!(client.post_form(KeepCodes::PATH, &[("next", "/")]).await.location(), "/");
        let kept = "Die Codes werden nicht mehr gezeigt";
        assert!(client.follow("/").await.body.contains(kept));
        assert!(!client.follow("/").await.body.contains(kept));
    }

    async fn changing_factors_needs_a_fresh_proof(app) {
        let (account, client) = anna(app).await;
        let secret = app.add_app(&client).await;
        let mut device = app.add_passkey(&client).await;
        let both = ids(&client).await;
        app.clock.advance(Duration::minutes(10));
        for (path, id) in [(BeginApp::PATH, ""), (BeginPasskey::PATH, ""), (MakeCodes::PATH, ""), (RemoveFactor::PATH, &*both[0])] {
            let refused = client.post_json(path, &[("id", id)]).await;
            assert_eq!(refused.error(), ApiError::ProveAgain, "{path}");
        }
        assert_eq!(client.post_form(ProveByCode::PATH, &[("code", "000000")]).await.refusal(), wrong_code());
        let proved = client.post_form(ProveByCode::PATH, &[("code", &secret.code_at(app.now())), ("next", FACTORS)]).await;
        assert_eq!(proved.location(), FACTORS);
        assert_eq!(client.post_form(BeginApp::PATH, &[]).await.location(), APP);
        app.clock.advance(Duration::minutes(10));
        let begun = ceremony(&client.post_json(AskForPasskey::PATH, &[]).await);
        let answer = device.get(&begun.1);
        let fields = [("id", &*begun.0.to_string()), ("credential", &answer), ("next", "//evil.example")];
        assert_eq!(client.post_form(ProveByPasskey::PATH, &fields).await.location(), "/");
        assert_eq!(client.post_form(RemoveFactor::PATH, &[("id", &both[0])]).await.said(), Said::FactorRemoved);
        assert_eq!(app.number("select count(*) from audit_entry where action = 'session.identity_proved'").await, 2);
        assert_eq!(half(app, account).await.post_json(ProveByCode::PATH, &[("code", "000000")]).await.error(), ApiError::SignedOut);
    }

    async fn a_passkey_alone_signs_in(app) {
        let (_, client) = anna(app).await;
        let mut device = app.add_passkey(&client).await;
        let visitor = app.visitor();
        assert!(visitor.get("/sign-in").await.body.contains("Mit Passkey anmelden"));
        let begun = ceremony(&visitor.post_json(AskForPasskey::PATH, &[]).await);
        let answer = device.get(&begun.1);
        assert_eq!(app.answer_with(&visitor, &begun, &answer).await.location(), "/record");
        assert_eq!(visitor.get("/record").await.status, StatusCode::OK);
        let thief = app.visitor();
        assert_eq!(app.answer_with(&thief, &begun, &answer).await.refusal(), ApiError::Conflict(Conflict::CeremonyOver), "an answer counts once");
        assert!(client.get(FACTORS).await.body.contains("Laptop"));
        let admin = app.account("admin@company.example", Some(Role::Admin), None).await;
        let mut device = app.add_passkey(&app.signed_in_as(admin).await).await;
        let visitor = app.visitor();
        app.give_passkey(&visitor, &mut device).await;
        assert_eq!(visitor.get("/admin/outbox").await.status, StatusCode::OK, "a passkey is two factors in one");
    }

    async fn a_passkey_signs_in_the_browser_that_was_asked_and_no_other(app) {
        let (_, client) = anna(app).await;
        let mut device = app.add_passkey(&client).await;
        let over = ApiError::Conflict(Conflict::CeremonyOver);
        let (own, thief) = (app.visitor(), app.visitor());
        let begun = ceremony(&own.post_json(AskForPasskey::PATH, &[]).await);
        let answer = device.get(&begun.1);
        assert_eq!(app.answer_with(&thief, &begun, &answer).await.refusal(), over, "asked nothing");
        thief.post_json(AskForPasskey::PATH, &[]).await;
        assert_eq!(app.answer_with(&thief, &begun, &answer).await.refusal(), over, "asked something else");
        assert_eq!(app.number("select cast(sum(times) as bigint) from security_event where kind = 'second_factor.failed'").await, 2);
        assert_eq!(app.answer_with(&own, &begun, &answer).await.location(), "/record", "which others cannot spoil");
    }

    async fn a_passkey_is_a_second_step_of_its_own_account_only(app) {
        let (account, client) = anna(app).await;
        let mut device = app.add_passkey(&client).await;
        let other = app.account("other@company.example", None, None).await;
        let mut theirs = app.add_passkey(&app.signed_in_as(other).await).await;
        let visitor = half(app, account).await;
        let begun = ceremony(&visitor.post_json(AskForPasskey::PATH, &[]).await);
        assert!(begun.1.contains("allowCredentials\":[{"));
        let answer = theirs.forge(&begun.1);
        assert_eq!(app.answer_with(&visitor, &begun, &answer).await.refusal(), ApiError::Conflict(Conflict::PasskeyRefused));
        assert_eq!(app.give_passkey(&visitor, &mut device).await.location(), "/record");
        let begun = ceremony(&half(app, account).await.post_json(AskForPasskey::PATH, &[]).await);
        let answer = device.get(&begun.1);
        let elsewhere = app.visitor();
        assert_eq!(app.answer_with(&elsewhere, &begun, &answer).await.refusal(), ApiError::Conflict(Conflict::CeremonyOver), "begun in another session");
    }

    async fn what_no_passkey_signed_signs_nobody_in(app) {
        let (_, client) = anna(app).await;
        let mut device = app.add_passkey(&client).await;
        let refused = ApiError::Conflict(Conflict::PasskeyRefused);
        let visitor = app.visitor();
        let mut stranger = Device::new();
        assert_eq!(app.give_passkey(&visitor, &mut stranger).await.refusal(), refused, "unknown");
        "https://evil.example".clone_into(&mut device.origin);
        assert_eq!(app.give_passkey(&visitor, &mut device).await.refusal(), refused, "made for another site");
        crate::fixture::BASE.clone_into(&mut device.origin);
        device.flags = 0x01;
        assert_eq!(app.give_passkey(&visitor, &mut device).await.refusal(), refused, "without finger, face or PIN");
        device.flags = 0x05;
        let old = ceremony(&visitor.post_json(AskForPasskey::PATH, &[]).await);
        let new = ceremony(&visitor.post_json(AskForPasskey::PATH, &[]).await);
        let answer = device.get(&old.1);
        assert_eq!(app.answer_with(&visitor, &new, &answer).await.refusal(), refused, "an answer to another question");
        for nonsense in ["", "{}", "[]", "{\"id\":1}"] {
            assert_eq!(app.answer_with(&visitor, &new, nonsense).await.refusal(), refused, "{nonsense}");
        }
        app.clock.advance(Duration::minutes(5));
        let answer = device.get(&new.1);
        assert_eq!(app.answer_with(&visitor, &new, &answer).await.refusal(), ApiError::Conflict(Conflict::CeremonyOver), "too late");
        assert!(app.number("select cast(sum(times) as bigint) from security_event where kind = 'second_factor.failed'").await >= 8, "each of them is noted");
        assert_eq!(app.give_passkey(&visitor, &mut device).await.location(), "/record");
    }

    async fn a_copied_passkey_is_refused_and_its_owner_hears_of_it(app) {
        let (account, client) = anna(app).await;
        let mut device = app.add_passkey(&client).await;
        device.counter = 40;
        assert_eq!(app.give_passkey(&app.visitor(), &mut device).await.location(), "/record");
        device.counter = 12;
        assert_eq!(app.give_passkey(&app.visitor(), &mut device).await.refusal(), ApiError::Conflict(Conflict::PasskeyRefused));
        assert_eq!(app.number("select count(*) from audit_entry where action = 'factor.passkey_refused'").await, 1);
        assert!(app.mails_of(account).await.last().unwrap().text.contains("Kopie"));
    }

    async fn a_passkey_of_a_disabled_account_signs_nobody_in(app) {
        let (account, client) = anna(app).await;
        let mut device = app.add_passkey(&client).await;
        let halfway = half(app, account).await;
        let disabled = if app.db == crate::fixture::Db::Sqlite { "'2026-11-23T09:00:00Z'" } else { "'2026-11-23 09:00:00Z'" };
        app.tamper(&format!("update account set disabled_at = {disabled} where person_id is not null")).await.unwrap();
        assert_eq!(app.give_passkey(&app.visitor(), &mut device).await.refusal(), ApiError::Conflict(Conflict::PasskeyRefused));
        assert_eq!(halfway.get("/record").await.location(), "/sign-in?next=%2Frecord");
    }

    async fn a_passkey_is_registered_once(app) {
        let (_, client) = anna(app).await;
        let mut device = Device::new();
        let begun = ceremony(&client.post_json(BeginPasskey::PATH, &[]).await);
        let answer = device.create(&begun.1);
        let add = async |id: &str, name: &str, answer: &str| client.post_form(AddPasskey::PATH, &[("id", id), ("passkey_name", name), ("credential", answer)]).await;
        let id = begun.0.to_string();
        assert_eq!(add(&id, "", &answer).await.refusal(), ApiError::Invalid(vec![FieldProblem::new("passkey_name", Problem::Required)]));
        assert_eq!(add(&id, "Laptop", "{}").await.refusal(), ApiError::Conflict(Conflict::PasskeyRefused));
        assert_eq!(add(&id, "Laptop", &answer).await.location(), CODES);
        assert_eq!(add(&id, "Laptop", &answer).await.refusal(), ApiError::Conflict(Conflict::CeremonyOver));
        let again = ceremony(&client.post_json(BeginPasskey::PATH, &[]).await);
        assert!(again.1.contains("excludeCredentials\":[{"), "{}", again.1);
        let answer = device.create(&again.1);
        assert!(matches!(add(&again.0.to_string(), "Laptop", &answer).await.refusal(), ApiError::Conflict(_)));
        assert_eq!(ids(&client).await.len(), 1);
    }

    async fn an_account_holds_ten_factors_at_most(app) {
        let (_, client) = anna(app).await;
        for _ in 0..10 {
            app.add_passkey(&client).await;
        }
        assert_eq!(client.post_form(BeginApp::PATH, &[]).await.refusal(), ApiError::Conflict(Conflict::TooManyFactors));
        assert_eq!(client.post_json(BeginPasskey::PATH, &[]).await.error(), ApiError::Conflict(Conflict::TooManyFactors));
    }

    async fn an_administrator_resets_the_factors_of_others_on_a_page_of_their_own(app) {
        let (own, admin) = app.administrator("admin").await;
        let hr = app.account("hr@company.example", Some(Role::Hr), None).await;
        let address = |id: AccountId| format!("/admin/accounts/{id}/factors");
        let page = admin.get(&address(hr)).await.body;
        assert!(page.contains("This account has no second factor") && !page.contains(ResetFactors::PATH), "{page}");
        app.add_app(&app.signed_in_as(hr).await).await;
        let account = format!("/admin/accounts/{hr}");
        assert!(admin.get(&account).await.body.contains(&address(hr)));
        assert!(admin.get(&address(hr)).await.body.contains(ResetFactors::PATH));
        let reset = admin.post_form(ResetFactors::PATH, &[("id", &*hr.to_string()), ("reason", "Telefon verloren")]).await;
        assert_eq!((reset.said(), reset.location()), (Said::FactorsReset, &*account));
        assert!(!admin.get(&account).await.body.contains(&address(hr)));
        assert!(admin.get(&address(own)).await.body.contains("Nobody resets their own account"));
    }

    async fn the_second_step_asks_for_what_there_is(app) {
        for (by_app, by_passkey) in [(true, false), (false, true), (true, true)] {
            let account = app.account(&format!("{by_app}-{by_passkey}@company.example"), Some(Role::Hr), None).await;
            let client = app.signed_in_as(account).await;
            if by_app {
                app.add_app(&client).await;
            }
            if by_passkey {
                app.add_passkey(&client).await;
            }
            for (client, path, code, passkey) in [
                (half(app, account).await, "/sign-in/second-step", GiveCode::PATH, GivePasskey::PATH),
                (client, PROVE, ProveByCode::PATH, ProveByPasskey::PATH),
            ] {
                let page = client.get(path).await.body;
                let place = |function: &str| page.find(&format!("action=\"{function}\""));
                assert_eq!(place(passkey).is_some(), by_passkey, "{path}: {page}");
                assert!(place(passkey) < place(code), "what is simplest stands first, at {path}: {page}");
                let field = between(&page, "<label for=\"code\">", "</form>");
                assert_eq!(field.starts_with("Recovery code<"), !by_app, "{path}: {field}");
                assert_eq!(field.contains(" autofocus"), by_app, "{path}: {field}");
            }
        }
    }

    async fn a_wrong_code_is_said_once_where_it_is_typed_anew(app) {
        let (account, client) = anna(app).await;
        app.add_passkey(&client).await;
        let visitor = half(app, account).await;
        app.give_code(&visitor, "000000").await.refusal();
        let page = visitor.get("/sign-in/second-step").await.body;
        assert_eq!(page.matches("Dieser Code stimmt nicht").count(), 1, "{page}");
        assert!(between(&page, "<label for=\"code\">", "</form>").contains(" autofocus") && !page.contains("error-summary"), "{page}");
    }

    /// Only whoever has no script is told so by the page itself; the rest is the script's to say.
    async fn a_page_with_passkeys_waits_for_its_script(app) {
        let page = app.visitor().get("/sign-in").await.body;
        assert!(page.contains("data-step=\"asleep\"") && between(&page, "<noscript>", "</noscript>").contains("Für Passkeys braucht es"), "{page}");
        assert!(between(&page, "<label for=\"email\">", "</form>").contains(" autofocus"), "{page}");
    }

    async fn a_new_passkey_is_named_after_the_device(app) {
        let (_, client) = anna(app).await;
        assert!(client.get(FACTORS).await.body.contains("value=\"unbekanntes Gerät\""), "this client says nothing of itself");
        app.add_app(&client).await;
        let page = client.get(FACTORS).await.body;
        assert!(page.contains("<p class=\"meta\">Authenticator-App, hinzugefügt am"), "a name of its own stands before its kind: {page}");
    }

    async fn resetting_takes_everything_and_ends_the_sessions(app) {
        let hr = app.account("hr@company.example", Some(Role::Hr), None).await;
        let client = app.signed_in_as(hr).await;
        app.add_app(&client).await;
        let mut device = app.add_passkey(&client).await;
        let admin = app.account("admin@company.example", Some(Role::Admin), None).await;
        let reset = async |by, account, reason| factors::reset(&app.app, app.now(), by, account, reason).await.map_err(ApiError::from);
        assert_eq!(reset(Some(hr), hr, "x").await, Err(ApiError::Conflict(Conflict::NeedsSecondPerson)));
        assert_eq!(reset(Some(admin), hr, " ").await, Err(ApiError::Invalid(vec![FieldProblem::new("reason", Problem::Required)])));
        assert_eq!(reset(Some(admin), AccountId(uuid::Uuid::nil()), "x").await, Err(ApiError::NotFound));
        assert_eq!(reset(Some(admin), hr, "Telefon verloren").await, Ok(()));
        assert_eq!(reset(Some(admin), hr, "noch einmal").await, Err(ApiError::Conflict(Conflict::NoFactor)));
        assert_eq!(client.get("/hr").await.location(), "/sign-in?next=%2Fhr");
        assert!(app.give_passkey(&app.visitor(), &mut device).await.location() != "/record");
        assert_eq!(app.number("select count(*) from recovery_code").await, 0);
        assert!(app.mails_of(hr).await.last().unwrap().text.contains("reset"));
        assert_eq!(half(app, hr).await.get("/").await.location(), FACTORS, "and sets up a new one");
    }
}
