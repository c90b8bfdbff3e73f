//! Calendar addresses: what they show, to whom, and everything that ends them.

use crate::fixture::{TestApp, client::Client, people::NewPerson, stories};
use antritt::{
    api::{
        accounts::{DisableAccount, EnableAccount},
        calendar::{EndCalendar, MakeCalendar},
        done::Said,
        error::ApiError,
        people::RecordLastDay,
        roles::RemoveRole,
    },
    domain::{ids::AccountId, roles::Role},
    server::{auth::session::Proof, service::leavers, store::accounts},
};
use axum::http::{Method, StatusCode};
use leptos::server_fn::ServerFn;
use time::Duration;

/// Makes an address; gives its path.
pub async fn make(client: &Client, kind: &str) -> String {
    match client.post_form(MakeCalendar::PATH, &[("kind", kind)]).await.said() {
        Said::CalendarMade { address, .. } => address.strip_prefix(crate::fixture::BASE).unwrap().to_owned(),
        other => panic!("{other:?}"),
    }
}

/// What a calendar program reads, lines unfolded; none where nothing opens.
async fn read(app: &TestApp, path: &str) -> Option<String> {
    let answer = app.visitor().get(path).await;
    if answer.status == StatusCode::NOT_FOUND {
        return None;
    }
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    Some(answer.body.replace("\r\n ", ""))
}

/// HR with a second factor, and their account.
async fn hr_with_factor(app: &TestApp) -> (AccountId, Client) {
    let account = app.account("hr@company.example", Some(Role::Hr), None).await;
    let client = app.signed_in_as(account).await;
    app.add_passkey(&client).await;
    (account, app.signed_in_as(account).await)
}

stories! {
    async fn a_person_reads_their_start_and_what_they_have_to_do_by_when(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let own = app.sign_in_by_link(anna).await;
        let path = make(&own, "own").await;
        let answer = app.visitor().get(&path).await;
        let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
        assert_eq!((header("content-type"), header("x-content-type-options")), ("text/calendar; charset=utf-8".into(), "nosniff".into()));
        assert!(header("cache-control").starts_with("private"), "{}", header("cache-control"));
        let calendar = read(app, &path).await.unwrap();
        assert!(calendar.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && calendar.ends_with("END:VCALENDAR\r\n"));
        assert!(calendar.contains(&format!("UID:start-{anna}@localhost\r\nDTSTAMP:20261123T090000Z\r\nDTSTART;VALUE=DATE:20261201\r\n")), "{calendar}");
        assert!(calendar.contains("SUMMARY:Fällig: Vertraulichkeitsvereinbarung\r\n") && calendar.contains("DTSTART;VALUE=DATE:20261130\r\n"));
        assert!(!calendar.contains("Hintergrund"), "a check is HR's to do");
        let nda = format!("UID:due-{}@localhost", app.nda(anna).await.id);
        assert!(calendar.contains(&nda));
        app.sign_nda(&own, anna).await.said();
        app.clock.advance(Duration::hours(1));
        let later = read(app, &path).await.unwrap();
        assert!(!later.contains(&nda), "what is done is due no more");
        let uids = |text: &str| text.split("UID:").skip(1).map(|rest| rest.split("\r\n").next().unwrap().to_owned()).collect::<Vec<_>>();
        assert!(uids(&later).iter().all(|uid| uids(&calendar).contains(uid)), "names of events stay");
    }

    async fn hr_reads_names_and_days_and_nothing_else(app) {
        let anna = app.add(&NewPerson { work_email: "anna@firma.example", private_email: "anna@home.example".into(), ..NewPerson::named("Anna Muster; Ärztin, \\o/") }).await;
        let (_, hr) = hr_with_factor(app).await;
        let calendar = read(app, &make(&hr, "hr").await).await.unwrap();
        assert!(calendar.contains("SUMMARY:Start: Anna Muster\\; Ärztin\\, \\\\o/\r\n"), "{calendar}");
        assert!(calendar.contains(&format!("UID:due-{anna}-2026-11-30@localhost\r\n")) && calendar.contains("SUMMARY:Due: Anna Muster"));
        for secret in ["firma.example", "home.example", "Engineer", "NDA ", "NDA\r", "confidentiality", "check"] {
            assert!(!calendar.contains(secret), "{secret}: {calendar}");
        }
    }

    async fn an_address_is_said_once_and_the_new_one_ends_the_old(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let own = app.sign_in_by_link(anna).await;
        let first = make(&own, "own").await;
        let token = first.split('/').nth(2).unwrap().to_owned();
        assert_eq!(token.len(), 43, "256 bits");
        let page = own.get("/account/calendar").await.body;
        assert!(page.contains(&first), "{page}");
        assert!(!own.get("/account/calendar").await.body.contains(&token), "and only once");
        assert_eq!(app.number(&format!("select count(*) from calendar_feed where cast(token_hash as text) like '%{token}%'")).await, 0);
        let second = make(&own, "own").await;
        assert_ne!(first, second);
        assert!(read(app, &first).await.is_none() && read(app, &second).await.is_some());
        own.post_form(EndCalendar::PATH, &[("kind", "own")]).await.said();
        assert!(read(app, &second).await.is_none());
        assert_eq!(own.post_form(EndCalendar::PATH, &[("kind", "own")]).await.refusal(), ApiError::NotFound);
        assert_eq!(app.number("select count(*) from audit_entry where action like 'calendar.%'").await, 3);
    }

    async fn wrong_ended_and_foreign_addresses_answer_alike_and_guessing_is_slowed(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let invitation = app.token_of(anna).await;
        let own = app.sign_in_by_link(anna).await;
        let ended = make(&own, "own").await;
        make(&own, "own").await;
        let of = |token: &str| format!("/calendar/{token}/antritt.ics");
        let bare = |answer: &crate::fixture::client::Answer| (answer.status, answer.body.clone(), answer.headers.get("content-type").cloned());
        let missing = app.visitor().get(&of("invented")).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
        for path in [ended.clone(), of(&invitation), of(&"A".repeat(43))] {
            assert_eq!(bare(&app.visitor().get(&path).await), bare(&missing), "{path}");
        }
        assert_eq!(app.visitor().send(Method::POST, &ended, &[("sec-fetch-site", "same-origin")], axum::body::Body::empty()).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        app.clock.advance(Duration::minutes(5));
        let events = async || app.number("select cast(coalesce(sum(times), 0) as bigint) from security_event where kind = 'link.failed'").await;
        let before = events().await;
        for _ in 0..30 {
            assert_eq!(app.visitor().get(&ended).await.status, StatusCode::NOT_FOUND, "a program that asks on is nobody who guesses");
        }
        assert_eq!(events().await, before);
        let mut refused = 0;
        for n in 0..30 {
            let answer = app.visitor().get(&of(&format!("guess{n}"))).await;
            refused += u32::from(answer.status == StatusCode::TOO_MANY_REQUESTS && answer.headers.contains_key("retry-after"));
        }
        assert!(refused >= 15, "{refused}");
    }

    async fn only_hr_with_a_fresh_proof_makes_the_calendar_of_everyone(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let own = app.sign_in_by_link(anna).await;
        for client in [&own, &app.security().await, &app.auditor().await, &app.admin().await] {
            assert_eq!(client.post_form(MakeCalendar::PATH, &[("kind", "hr")]).await.refusal(), ApiError::NotFound);
        }
        let (account, hr) = hr_with_factor(app).await;
        assert_eq!(hr.post_form(MakeCalendar::PATH, &[("kind", "own")]).await.refusal(), ApiError::NotFound, "an account that is no person's");
        app.clock.advance(Duration::minutes(10));
        assert_eq!(hr.post_json(MakeCalendar::PATH, &[("kind", "hr")]).await.error(), ApiError::ProveAgain);
        let half = app.session_by(account, Proof::Password).await;
        assert_eq!(half.post_json(MakeCalendar::PATH, &[("kind", "hr")]).await.error(), ApiError::SignedOut, "the right sleeps without the factor");
        make(&app.signed_in_as(account).await, "hr").await;
    }

    async fn hrs_calendar_ends_with_the_role_and_does_not_wake_with_a_new_one(app) {
        let (account, hr) = hr_with_factor(app).await;
        let path = make(&hr, "hr").await;
        assert!(read(app, &path).await.is_some());
        let (_, admin) = app.administrator("first").await;
        let fields = [("id", &*account.to_string()), ("role", "hr"), ("reason", "x")];
        admin.post_form(RemoveRole::PATH, &fields).await.said();
        assert!(read(app, &path).await.is_none());
        app.account("hr@company.example", Some(Role::Hr), None).await;
        assert!(read(app, &path).await.is_none());
    }

    async fn hrs_calendar_sleeps_without_a_second_factor(app) {
        let account = app.account("hr@company.example", Some(Role::Hr), None).await;
        let client = app.signed_in_as(account).await;
        let path = make(&client, "hr").await;
        assert!(read(app, &path).await.is_none(), "no factor, no right");
        let lenient = app.elsewhere(|settings| settings.second_factor_required = false);
        assert_eq!(lenient.get(&path).await.status, StatusCode::OK);
        app.add_passkey(&client).await;
        assert!(read(app, &path).await.is_some());
        let (_, admin) = app.administrator("first").await;
        admin.post_form("/api/accounts/reset-factors", &[("id", &*account.to_string()), ("reason", "verloren")]).await.said();
        assert!(read(app, &path).await.is_none());
        app.add_passkey(&app.signed_in_as(account).await).await;
        assert!(read(app, &path).await.is_none(), "the reset ended it for good");
    }

    async fn an_address_ends_with_the_account_and_with_a_new_password(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let own = app.sign_in_by_link(anna).await;
        let path = make(&own, "own").await;
        let account = accounts::find_of_person(&mut app.read().await, anna).await.unwrap().unwrap();
        let (_, admin) = app.administrator("first").await;
        let fields = [("id", &*account.to_string()), ("reason", "x")];
        admin.post_form(DisableAccount::PATH, &fields).await.said();
        assert!(read(app, &path).await.is_none());
        admin.post_form(EnableAccount::PATH, &fields).await.said();
        assert!(read(app, &path).await.is_none(), "for good");
        let own = app.signed_in_as(account).await;
        app.set_password(&own, "vier zufällige gute Wörter").await.said();
        let path = make(&own, "own").await;
        let fields = [("old_password", "vier zufällige gute Wörter"), ("password", "fünf andere gute Wörter hier"), ("repeated", "fünf andere gute Wörter hier")];
        own.post_form("/api/account/change-password", &fields).await.said();
        assert!(read(app, &path).await.is_none(), "whoever knew the old password is out");
    }

    async fn an_address_ends_with_the_last_day_at_the_very_instant(app) {
        let anna = app.person("Anna Muster", "2026-11-02", "Europe/Berlin").await;
        let own = app.sign_in_by_link(anna).await;
        let path = make(&own, "own").await;
        app.hr().await.post_form(RecordLastDay::PATH, &[("id", &*anna.to_string()), ("end_date", "2026-11-24")]).await.said();
        app.clock.set(time::macros::datetime!(2026-11-24 22:59:59 UTC));
        assert!(read(app, &path).await.is_some(), "her last day counts in full");
        app.clock.advance(Duration::seconds(1));
        assert!(read(app, &path).await.is_none(), "before anybody kept the house");
        leavers::end_due(&app.app, app.now()).await.unwrap();
        assert_eq!(app.number("select count(*) from calendar_feed where ended_at is null").await, 0);
    }

    async fn its_owner_sees_whether_an_address_is_read(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let own = app.sign_in_by_link(anna).await;
        assert!(own.get("/account/calendar").await.body.contains("Noch keine Adresse."));
        let path = make(&own, "own").await;
        assert!(own.get("/account/calendar").await.body.contains("noch nie abgerufen"));
        read(app, &path).await.unwrap();
        assert!(own.get("/account/calendar").await.body.contains("zuletzt abgerufen 23."));
        app.clock.advance(Duration::minutes(30));
        let (answer, questions) = app.visitor().get_counting(&path).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(questions <= 12, "{questions}: limits, the address, its person and items");
    }
}
