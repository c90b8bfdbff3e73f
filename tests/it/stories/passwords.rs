//! Passwords: which may be set, changing one, forgetting one, and many at once.

use crate::fixture::{
    TestApp,
    client::{Answer, Client},
    factors::ceremony,
    people::NewPerson,
    stories,
};
use antritt::{
    api::{
        account::{ChangePassword, ResetPassword, SetPassword, SignIn},
        done::Said,
        error::ApiError,
        factors::{AskForPasskey, MakeCodes, ProveByCode, ProveByPasskey},
        invitations::RequestLink,
    },
    domain::{
        ids::AccountId,
        locale::Locale,
        problem::{Conflict, FieldProblem, Problem},
        roles::Role,
    },
    server::auth::{password, turns::Unfinished},
    ui::texts::{account as t, problems},
};
use axum::http::StatusCode;
use futures::future::join_all;
use leptos::server_fn::ServerFn;
use std::time::Instant;
use time::Duration;

const HR: &str = "hr@company.example";
const ANNA: &str = "anna.muster@home.example";
const OLD: &str = "vier zufällige Wörter";
const NEW: &str = "wolke treppe kanne laterne";
const JUDGE: &str = "/account/password/strength";

async fn change(client: &Client, old: &str, new: &str, repeated: &str) -> Answer {
    let fields = [("old_password", old), ("password", new), ("repeated", repeated)];
    client.post_form_from("/account/password", ChangePassword::PATH, &fields).await
}

async fn ask(app: &TestApp, email: &str) -> Answer {
    app.visitor().post_form_from("/sign-in", RequestLink::PATH, &[("email", email)]).await
}

async fn reset(client: &Client, token: &str, new: &str) -> Answer {
    let fields = [("token", token), ("password", new), ("repeated", new)];
    client.post_form_from(&format!("/reset-password/{token}"), ResetPassword::PATH, &fields).await
}

async fn signs_in(app: &TestApp, email: &str, password: &str) -> bool {
    // From anywhere: here nobody is held up by who failed before.
    let answer = app
        .visitor()
        .at(&format!("2001:db8:{:x}::1", rand::random::<u16>()))
        .post_json(SignIn::PATH, &[("email", email), ("password", password)])
        .await;
    answer.status == StatusCode::OK
}

async fn hr_with_password(app: &TestApp) -> AccountId {
    app.account(HR, Some(Role::Hr), Some(OLD)).await
}

fn only(field: &str, problem: Problem) -> ApiError {
    ApiError::Invalid(vec![FieldProblem::new(field, problem)])
}

/// The most memory this process ever held, in KiB.
pub fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim_end_matches("kB").trim().parse().unwrap()
}

stories! {
    async fn a_first_password_is_held_against_length_lists_and_names(app) {
        let anna = app.add(&NewPerson { work_email: "a.muster@firma.example", department: "Reklamationen", ..NewPerson::named("Annegret Muster") }).await;
        let client = app.sign_in_by_link(anna).await;
        for (password, problem) in [
            ("", Problem::Required),
            ("vierzehn hier!", Problem::TooShort(15)),
            (&"wolke treppe kanne mond ".repeat(6), Problem::TooLong(128)),
            ("Willkommen2026!!", Problem::PasswordCommon),
            ("wolke-treppe-kanne-mond", Problem::PasswordCommon),
            ("Annegret-Muster-2026", Problem::PasswordNamesOwner),
            ("Reklamationen 2026!", Problem::PasswordNamesOwner),
            ("Beispiel GmbH 2026!", Problem::PasswordNamesOwner),
            ("a.muster@firma.example", Problem::PasswordNamesOwner),
            ("qwertzuiopasdfghjkl", Problem::PasswordGuessable),
        ] {
            assert_eq!(app.set_password(&client, password).await.refusal(), only("password", problem), "{password}");
        }
        assert_eq!(app.set_password(&client, "ringelblume kaktus").await.said(), Said::PasswordSet, "no classes of characters");
        assert!(signs_in(app, "annegret.muster@home.example", "ringelblume kaktus").await);
    }

    async fn long_passwords_and_any_script_sign_in(app) {
        let hundred_twenty_eight: String = "wolke treppe kanne mond ".chars().chain("zug ähre opal ".chars().cycle()).take(128).collect();
        for (number, password) in ["ἀνδρῶν ἐπιφανῶν πᾶσα γῆ", "🦊🌧️🎻🧵🪴🧊🛶🪁🧭🪐🫖🧶🪵🧲🛎️", &hundred_twenty_eight[..64], &hundred_twenty_eight].into_iter().enumerate() {
            let email = format!("account{number}@company.example");
            app.account(&email, None, Some(password)).await;
            assert!(signs_in(app, &email, password).await, "{password}");
            assert!(!signs_in(app, &email, &format!("{password}x")).await);
        }
    }

    async fn changing_a_password_needs_the_old_one_and_says_all_that_is_wrong(app) {
        let client = app.signed_in_as(hr_with_password(app).await).await;
        let wrong = change(&client, "das falsche Wort", "kurz", "anders").await;
        assert_eq!(wrong.location(), "/account/password");
        assert_eq!(wrong.refusal(), ApiError::Invalid(vec![
            FieldProblem::new("old_password", Problem::WrongPassword),
            FieldProblem::new("password", Problem::TooShort(15)),
            FieldProblem::new("repeated", Problem::PasswordsDiffer),
        ]));
        let flash = format!("{:?}", wrong.flash());
        assert!(!flash.contains("falsche") && !flash.contains("kurz") && !flash.contains("anders"), "passwords never travel back: {flash}");
        let page = client.get("/account/password").await;
        assert!(page.body.contains(problems::wrong_password(Locale::En)), "{}", page.body);
        assert!(page.body.contains("<title>Error: Change password") && page.body.contains(" autofocus"), "{}", page.body);
        let calm = client.get("/account/password").await;
        assert!(calm.body.contains("<title>Change password") && !calm.body.contains(" autofocus"), "{}", calm.body);
        assert_eq!(change(&client, OLD, "company.example hr", "company.example hr").await.refusal(), only("password", Problem::PasswordNamesOwner));
        assert!(signs_in(app, HR, OLD).await, "nothing has changed");
    }

    async fn a_change_ends_every_other_session_and_renews_this_one(app) {
        let account = hr_with_password(app).await;
        let (client, elsewhere) = (app.signed_in_as(account).await, app.signed_in_as(account).await);
        let stranger = app.security().await;
        let before = client.cookie("antritt").unwrap();
        let changed = change(&client, OLD, NEW, NEW).await;
        assert_eq!((changed.said(), changed.location()), (Said::PasswordChanged, "/account"));
        assert_ne!(client.cookie("antritt").unwrap(), before);
        assert_eq!(client.get("/hr").await.status, StatusCode::OK);
        let thief = app.visitor();
        thief.set_cookie("antritt", &before);
        for out in [&thief, &elsewhere] {
            assert!(out.get("/hr").await.location().starts_with("/sign-in"));
        }
        assert_eq!(stranger.get("/security").await.status, StatusCode::OK);
        assert!(signs_in(app, HR, NEW).await && !signs_in(app, HR, OLD).await);
        assert_eq!(app.number("select count(*) from audit_entry where action = 'account.password_changed'").await, 1);
    }

    /// Else a password alone would do in place of the factor wherever a proof is wanted.
    async fn beside_a_second_factor_a_change_wants_that_first(app) {
        let client = app.signed_in_as(hr_with_password(app).await).await;
        let secret = app.add_app(&client).await;
        app.clock.advance(Duration::minutes(10));
        let to_prove = "/account/prove?next=/account/password";
        assert_eq!(client.get("/account/password").await.location(), to_prove);
        let refused = change(&client, OLD, NEW, NEW).await;
        assert_eq!((refused.location(), client.cookie("waiting")), (to_prove, None));
        assert_eq!(app.number("select count(*) from kept_form").await, 0, "no password waits for a proof");
        assert_eq!(client.post_json(MakeCodes::PATH, &[]).await.error(), ApiError::ProveAgain);
        assert_eq!(client.get("/exceptions.csv").await.status, StatusCode::SEE_OTHER);
        assert_eq!(app.number("select count(*) from outbox where kind = 'password_changed'").await, 0);

        let proof = [("code", &*secret.code_at(app.now())), ("next", "/account/password")];
        let proved = client.post_form(ProveByCode::PATH, &proof).await;
        assert_eq!((proved.location(), proved.said()), ("/account/password", Said::Proved));
        assert_eq!(client.get("/account/password").await.status, StatusCode::OK);
        assert_eq!(change(&client, OLD, NEW, NEW).await.said(), Said::PasswordChanged);
    }

    async fn beside_a_passkey_a_first_password_wants_that_first(app) {
        let client = app.signed_in_as(app.account(HR, Some(Role::Hr), None).await).await;
        let mut device = app.add_passkey(&client).await;
        app.clock.advance(Duration::minutes(10));
        for page in ["/account/password", "/welcome"] {
            assert_eq!(client.get(page).await.location(), format!("/account/prove?next={page}"));
        }
        let fields = [("password", NEW), ("repeated", NEW)];
        assert_eq!(client.post_json(SetPassword::PATH, &fields).await.error(), ApiError::ProveAgain);
        assert_eq!(app.number("select count(*) from account where password_hash is not null").await, 0);

        let begun = ceremony(&client.post_json(AskForPasskey::PATH, &[]).await);
        let (id, answer) = (begun.0.to_string(), device.get(&begun.1));
        client.post_form(ProveByPasskey::PATH, &[("id", &*id), ("credential", &*answer), ("next", "/welcome")]).await.said();
        assert_eq!(app.set_password(&client, NEW).await.said(), Said::PasswordSet);
    }

    async fn without_a_second_factor_the_old_password_is_proof_enough(app) {
        let client = app.signed_in_as(hr_with_password(app).await).await;
        app.clock.advance(Duration::minutes(10));
        assert_eq!(client.get("/account/password").await.status, StatusCode::OK);
        assert_eq!(change(&client, OLD, NEW, NEW).await.said(), Said::PasswordChanged);
        let newcomer = app.signed_in_as(app.account("new@company.example", None, None).await).await;
        app.clock.advance(Duration::minutes(10));
        assert_eq!(app.set_password(&newcomer, NEW).await.said(), Said::PasswordSet);
    }

    async fn of_two_changes_at_once_one_happens(app) {
        let account = hr_with_password(app).await;
        let (one, other) = (app.signed_in_as(account).await, app.signed_in_as(account).await);
        let (one, other) = tokio::join!(change(&one, OLD, NEW, NEW), change(&other, OLD, "ringelblume kaktus", "ringelblume kaktus"));
        let changed = [one, other].iter().filter(|answer| answer.flash() == Some(antritt::api::flash::Flash::Said(Said::PasswordChanged))).count();
        assert_eq!(changed, 1);
        assert_eq!(app.number("select count(*) from audit_entry where action = 'account.password_changed'").await, 1);
        assert_eq!(app.number("select count(*) from outbox where kind = 'password_changed'").await, 1);
    }

    async fn the_owner_hears_of_a_change_with_time_and_device_and_no_link(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.set_password(&client, OLD).await.said();
        let agent = [
            ("accept", "text/html"), ("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded"),
            ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
        ];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs([("old_password", OLD), ("password", NEW), ("repeated", NEW)]).finish();
        client.send(axum::http::Method::POST, ChangePassword::PATH, &agent, body.into()).await.said();
        let mail = app.mails().await.pop().unwrap();
        assert_eq!((mail.person, &*mail.mail.recipient, mail.mail.link), (Some(anna), "anna.muster@home.example", None));
        assert_eq!(mail.mail.subject, "Ihr Passwort wurde geändert");
        assert!(mail.mail.text.contains("23.11.2026 um 10:00 Uhr (Europe/Berlin)") && mail.mail.text.contains("Firefox auf Linux"), "{}", mail.mail.text);
        assert!(!mail.mail.text.contains("/reset-password") && !mail.mail.text.contains("/invitation"));
        assert_eq!(app.number("select count(*) from audit_entry where action = 'mail.sent' and person_id is not null").await, 2);
    }

    async fn a_forgotten_password_is_set_by_a_link_that_works_once(app) {
        let account = hr_with_password(app).await;
        let elsewhere = app.signed_in_as(account).await;
        assert_eq!(ask(app, " HR@company.example").await.said(), Said::LinkRequested);
        let token = app.reset_tokens_of(HR).await.remove(0);
        let path = format!("/reset-password/{token}");
        for _ in 0..3 {
            let page = app.visitor().get(&path).await;
            assert!(page.status == StatusCode::OK && page.body.contains(ResetPassword::PATH), "looking uses nothing up");
            assert!(page.headers.get("set-cookie").is_none());
        }
        let visitor = app.visitor();
        assert_eq!(reset(&visitor, &token, "Willkommen2026!!").await.refusal(), only("password", Problem::PasswordCommon));
        let done = reset(&visitor, &token, NEW).await;
        assert_eq!((done.said(), done.location()), (Said::PasswordReset, "/sign-in"));
        assert_eq!(visitor.cookie("antritt"), None, "it signs nobody in");
        assert!(elsewhere.get("/hr").await.location().starts_with("/sign-in"), "every session has ended");
        assert!(signs_in(app, HR, NEW).await && !signs_in(app, HR, OLD).await);
        let mail = app.mails().await.pop().unwrap().mail;
        assert_eq!((&*mail.subject, mail.link), ("Your password was changed", None));
        assert_eq!(reset(&app.visitor(), &token, "ringelblume kaktus").await.refusal(), ApiError::Conflict(Conflict::LinkUsed));
        assert!(signs_in(app, HR, NEW).await);
        for action in ["account.password_reset_requested", "account.password_reset"] {
            assert_eq!(app.number(&format!("select count(*) from audit_entry where action = '{action}'")).await, 1, "{action}");
        }
    }

    async fn whoever_has_no_rights_sets_a_forgotten_password_anew_too(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.set_password(&client, OLD).await.said();
        let visitor = app.elsewhere(|settings| settings.sends_mail = true);
        visitor.post_form_from("/sign-in", RequestLink::PATH, &[("email", ANNA)]).await.said();
        let token = app.reset_tokens_of(ANNA).await.remove(0);
        assert_eq!(reset(&visitor, &token, NEW).await.said(), Said::PasswordReset);
        assert!(signs_in(app, ANNA, NEW).await && !signs_in(app, ANNA, OLD).await);
    }

    async fn where_nothing_sends_mail_a_personal_link_leads_past_a_forgotten_password(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.set_password(&client, OLD).await.said();
        app.clock.advance(Duration::hours(1));
        ask(app, ANNA).await.said();
        assert!(app.admin().await.get("/admin/outbox").await.body.contains("/invitation/"));
        let back = app.sign_in_by_link(anna).await;
        let welcome = back.get("/welcome").await;
        assert_eq!((welcome.status.is_redirection(), welcome.location()), (true, "/"), "there is no first password to set");
        assert_eq!(back.get("/checklist").await.status, StatusCode::OK);
    }

    async fn links_that_do_not_work_look_alike(app) {
        hr_with_password(app).await;
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let of_anna = app.token_of(anna).await;
        let mut tokens = Vec::new();
        for _ in 0..4 {
            ask(app, HR).await;
            app.clock.advance(Duration::minutes(6));
        }
        tokens.extend(app.reset_tokens_of(HR).await);
        assert_eq!(tokens.len(), 1, "mails whose link a newer one revoked are not even sent");
        let newest = tokens[0].clone();
        app.clock.advance(Duration::minutes(24));
        let over = reset(&app.visitor(), &newest, NEW).await;
        assert_eq!(over.refusal(), ApiError::Conflict(Conflict::LinkExpired));
        for foreign in [&*of_anna, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "x"] {
            assert_eq!(reset(&app.visitor(), foreign, NEW).await.refusal(), ApiError::NotFound, "{foreign}");
        }
        let page = async |token: &str| {
            let answer = app.visitor().get(&format!("/reset-password/{token}")).await;
            (answer.status, answer.body.contains(t::reset_over_title(Locale::De)), answer.body.contains(ResetPassword::PATH), answer.body.contains("Kim Konto"))
        };
        for token in [&*newest, &*of_anna, "invented"] {
            assert_eq!(page(token).await, (StatusCode::NOT_FOUND, true, false, false), "{token}");
        }
        assert!(signs_in(app, HR, OLD).await);
    }

    async fn a_newer_link_a_change_and_a_disabled_account_end_a_link(app) {
        let account = hr_with_password(app).await;
        ask(app, HR).await;
        let first = app.reset_tokens_of(HR).await.remove(0);
        app.clock.advance(Duration::minutes(5));
        ask(app, HR).await;
        let second = app.reset_tokens_of(HR).await.remove(1);
        assert_ne!(first, second);
        assert_eq!(reset(&app.visitor(), &first, NEW).await.refusal(), ApiError::Conflict(Conflict::LinkExpired));
        change(&app.signed_in_as(account).await, OLD, NEW, NEW).await.said();
        assert_eq!(reset(&app.visitor(), &second, OLD).await.refusal(), ApiError::Conflict(Conflict::LinkExpired));
        app.clock.advance(Duration::minutes(5));
        ask(app, HR).await;
        let third = app.reset_tokens_of(HR).await.remove(2);
        let disabled = if app.db == crate::fixture::Db::Sqlite { "'2026-11-23T09:00:00Z'" } else { "'2026-11-23 09:00:00Z'" };
        app.tamper(&format!("update account set disabled_at = {disabled}")).await.unwrap();
        assert_eq!(reset(&app.visitor(), &third, OLD).await.refusal(), ApiError::NotFound);
    }

    async fn two_that_use_a_link_at_once_set_one_password(app) {
        hr_with_password(app).await;
        ask(app, HR).await;
        let token = app.reset_tokens_of(HR).await.remove(0);
        let (one, other) = (app.visitor(), app.visitor());
        let (one, other) = tokio::join!(reset(&one, &token, NEW), reset(&other, &token, "ringelblume kaktus"));
        let set = [one, other].iter().filter(|answer| answer.flash() == Some(antritt::api::flash::Flash::Said(Said::PasswordReset))).count();
        assert_eq!((set, app.number("select count(*) from audit_entry where action = 'account.password_reset'").await), (1, 1));
    }

    async fn whoever_asks_learns_nothing_by_answer_or_time(app) {
        hr_with_password(app).await;
        app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        app.mails().await;
        app.clock.advance(Duration::hours(1));
        let mut answers = Vec::new();
        for email in [HR, "anna.muster@home.example", "nobody@home.example", "no address", HR] {
            let started = Instant::now();
            let answer = ask(app, email).await;
            let took = started.elapsed().as_secs_f64();
            answers.push((answer.status, answer.location().to_owned(), answer.flash(), answer.body));
            assert!(took >= 0.4, "{email}: {took} s");
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(app.reset_tokens_of(HR).await.len(), 1, "the second came too soon");
        assert_eq!(app.mails().await.len(), 3, "Anna's second personal link beside the first, and one for HR");
    }

    /// Whoever may change an address must not get a way into an account with rights by it.
    async fn a_link_goes_to_the_address_on_record_of_the_account(app) {
        let anna = app.add(&NewPerson { work_email: "anna@firma.example", ..NewPerson::named("Anna Muster") }).await;
        app.sign_in_by_link(anna).await;
        app.account("anna.muster@home.example", Some(Role::Admin), Some(OLD)).await;
        ask(app, "anna@firma.example").await;
        assert_eq!(app.reset_tokens_of("anna.muster@home.example").await.len(), 1);
        assert!(app.reset_tokens_of("anna@firma.example").await.is_empty());
    }

    async fn the_outbox_shows_no_link_for_a_new_password_to_anybody(app) {
        hr_with_password(app).await;
        ask(app, HR).await;
        let page = app.admin().await.get("/admin/outbox").await;
        assert!(page.body.contains(HR) && !page.body.contains("/reset-password/"), "{}", page.body);
        let token = app.reset_tokens_of(HR).await.remove(0);
        assert_eq!(app.number(&format!("select count(*) from audit_detail where body like '%{token}%'")).await, 0);
        assert_eq!(app.number(&format!("select count(*) from outbox where note like '%{token}%' or recipient like '%{token}%'")).await, 0);
    }

    async fn the_command_line_sets_a_password_and_ends_what_the_old_one_opened(app) {
        let account = hr_with_password(app).await;
        let client = app.signed_in_as(account).await;
        app.account(HR, Some(Role::Hr), Some(NEW)).await;
        assert!(client.get("/hr").await.location().starts_with("/sign-in"));
        assert!(signs_in(app, HR, NEW).await);
        let mail = app.mails().await.pop().unwrap().mail;
        assert!(mail.text.contains("the server’s command line"), "{}", mail.text);
    }

    async fn a_password_is_judged_while_it_is_typed_in_the_readers_language(app) {
        let anna = app.person("Annegret Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let judge = async |password: &str| -> String {
            let answer = client.post_json(JUDGE, &[("password", password)]).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
            serde_json::from_str(&answer.body).unwrap()
        };
        assert_eq!(judge("").await, "");
        let weak = judge("Annegret Muster 1").await;
        assert!(weak.contains("<meter") && weak.contains(problems::password_names_owner(Locale::De)) && !weak.contains("value=\"4\""), "{weak}");
        let good = judge(NEW).await;
        assert!(good.contains("value=\"4\"") && good.contains(t::strong(Locale::De)), "{good}");
        assert!(!judge("<script>alert(1)</script>").await.contains("alert"), "what is typed never comes back");
        let huge = client.post_json(JUDGE, &[("password", &"x".repeat(40_000))]).await;
        assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(app.visitor().post_json(JUDGE, &[("password", NEW)]).await.error(), ApiError::SignedOut);
        let as_form = client.post_form(JUDGE, &[("password", "ein geheimes Passwort")]).await;
        assert!(as_form.headers.get("set-cookie").is_none() && !as_form.body.contains("geheimes"));
        assert_eq!(app.number("select count(*) from kept_form").await, 0);
    }

    async fn one_s_own_account_has_a_page_in_the_menu(app) {
        let hr = app.hr().await;
        let page = hr.get("/account").await;
        assert!(page.body.contains("href=\"/account/password\"") && page.body.contains("href=\"/account\""));
        let first = hr.get("/account/password").await;
        assert!(first.body.contains("/api/account/set-password") && !first.body.contains("old_password"), "no password yet");
        assert_eq!(app.set_password(&hr, NEW).await.location(), "/account");
        let other = hr.get("/account/password").await;
        assert!(other.body.contains(ChangePassword::PATH) && other.body.contains("old_password"));
        let (_, form) = other.body.split_once("<main").unwrap();
        assert!(!form.contains("maxlength"), "a browser would cut what is pasted without a word");
    }

    /// 130 hashes at once would take 2.4 GiB; two take 38 MiB.
    async fn two_hundred_hashes_take_the_memory_of_two(app) {
        app.visitor().get("/sign-in").await;
        let hash = async |password: &str| password::verify(password.to_owned(), None).await;
        assert!(matches!(hash("warm").await, Ok(false)));
        let before = peak_memory();
        let all = join_all((0..200).map(|_| hash("ein falsches Passwort"))).await;
        let done = all.iter().filter(|done| matches!(done, Ok(false))).count();
        assert_eq!((done, all.iter().filter(|done| matches!(done, Err(Unfinished::Busy))).count()), (130, 70));
        let grown = peak_memory() - before;
        assert!(grown < 64 * 1024, "{grown} KiB");
    }

    async fn of_a_storm_of_sign_ins_those_beyond_the_queue_are_told_to_come_back(app) {
        hr_with_password(app).await;
        let visitors: Vec<_> = (0..200).map(|n| app.visitor().at(&format!("198.51.100.{n}"))).collect();
        // Each for another account, as one account's tries are limited before.
        let storm = visitors.iter().enumerate().map(async |(n, visitor)| {
            let fields = [("email", &*format!("nobody{n}@company.example")), ("password", "ein falsches Passwort")];
            visitor.post_json(SignIn::PATH, &fields).await
        });
        let answers = join_all(storm).await;
        let count = |status: StatusCode| answers.iter().filter(|answer| answer.status == status).count();
        let (refused, busy) = (count(StatusCode::UNAUTHORIZED), count(StatusCode::SERVICE_UNAVAILABLE));
        assert_eq!((refused + busy, busy > 0, refused >= 100), (200, true, true), "{refused} refused, {busy} told to come back");
        // On a busy machine the database may be the first to say so.
        assert!(answers.iter().any(|answer| answer.status == StatusCode::SERVICE_UNAVAILABLE && answer.error() == ApiError::Busy));
        assert!(signs_in(app, HR, OLD).await, "afterwards there is room again");
    }
}
