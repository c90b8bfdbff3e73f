//! Security events: what is noted, who reads it, and that neither the list nor the log tells more than it should.

use crate::fixture::{log, people::NewPerson, stories};
use antritt::{
    api::{account::SignIn, invitations::AcceptInvitation, nda::ConfirmNda},
    domain::roles::Role,
    server::{service::housekeeping, store::audit},
};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use leptos::server_fn::ServerFn;
use time::Duration;

const PASSWORD: &str = "vier zufällige Wörter";

fn noted(kind: &str) -> String {
    format!("select cast(coalesce(sum(times), 0) as bigint) from security_event where kind = '{kind}'")
}

stories! {
    async fn a_failed_sign_in_is_noted_with_its_account_if_there_is_one(app) {
        app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
        for (n, email) in ["hr@company.example", "nobody@company.example"].into_iter().enumerate() {
            app.visitor().at(&format!("198.51.100.{n}")).post_form(SignIn::PATH, &[("email", email), ("password", "falsch")]).await;
        }
        assert_eq!(app.number("select count(*) from security_event where kind = 'sign_in.failed'").await, 2);
        assert_eq!(app.number("select count(account_id) from security_event").await, 1);
        assert_eq!(app.number("select count(distinct fingerprint) from security_event where length(fingerprint) = 8").await, 2);
    }

    async fn whose_account_was_tried_is_not_named_as_who_tried(app) {
        app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
        app.visitor().post_form(SignIn::PATH, &[("email", "hr@company.example"), ("password", "falsch")]).await;
        let page = app.admin().await.get("/admin/events?kind=sign_in.failed").await.body;
        assert!(page.contains("Nobody signed in") && page.contains("about Kim Konto"), "{page}");
    }

    async fn what_was_denied_is_noted_though_it_answers_like_what_does_not_exist(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let own = app.sign_in_by_link(anna).await;
        let denied = async || app.number("select cast(coalesce(sum(times), 0) as bigint) from security_event where kind = 'access.denied'").await;
        assert_eq!(own.get("/checklist").await.status, StatusCode::OK);
        assert_eq!(own.get("/no-such-page").await.status, StatusCode::NOT_FOUND);
        assert_eq!(denied().await, 0);
        for (n, answer) in [
            own.get("/hr").await,
            own.get("/admin/events").await,
            own.post_json(ConfirmNda::PATH, &[("id", &app.nda(anna).await.id.to_string())]).await,
            own.get("/exceptions.csv").await,
            own.get("/people/import/template.csv").await,
        ].into_iter().enumerate() {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{n}");
        }
        assert_eq!(app.number("select count(*) from security_event where kind = 'access.denied' and account_id is not null").await, 1, "counted within the minute");
        assert!(denied().await >= 4);
        app.clock.advance(Duration::minutes(1));
        own.get("/hr").await;
        assert_eq!(app.number("select count(*) from security_event where kind = 'access.denied'").await, 2);
    }

    async fn foreign_sites_dead_sessions_and_unknown_links_are_noted(app) {
        let hr = app.hr().await;
        hr.post_as_other_site(ConfirmNda::PATH, &[]).await;
        assert_eq!(app.number(&noted("request.cross_site")).await, 1);
        let thief = app.visitor();
        thief.set_cookie("antritt", "AAAAAAAAAAAAAAAAAAAAAA");
        thief.get("/hr").await;
        app.clock.advance(Duration::hours(8));
        hr.get("/hr").await;
        assert_eq!(app.number(&noted("session.refused")).await, 2);
        app.visitor().post_form(AcceptInvitation::PATH, &[("token", "none")]).await;
        assert_eq!(app.number(&noted("link.failed")).await, 1);
        assert_eq!(app.visitor().get("/hr").await.status, StatusCode::SEE_OTHER);
        assert_eq!(app.number(&noted("access.denied")).await, 0, "whoever is not signed in is led to the door");
    }

    async fn taking_evidence_of_others_away_is_noted_and_taking_ones_own_is_not(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let own = app.sign_in_by_link(anna).await;
        app.sign_nda(&own, anna).await;
        let copy = format!("/signed/{}/copy.pdf", app.nda(anna).await.id);
        assert_eq!(own.get(&copy).await.status, StatusCode::OK);
        assert_eq!(own.get("/record/archive.zip").await.status, StatusCode::OK);
        assert_eq!(app.number(&noted("evidence.exported")).await, 0);
        let hr = app.hr().await;
        assert_eq!(hr.get(&copy).await.status, StatusCode::OK);
        assert_eq!(hr.get("/exceptions.csv").await.status, StatusCode::OK);
        assert_eq!(app.number(&noted("evidence.exported")).await, 2);
        assert_eq!(app.number("select count(*) from security_event where subject_id is not null").await, 1);
    }

    async fn the_list_shows_events_and_changes_in_one_order_page_by_page(app) {
        app.admin().await;
        for n in 0..40 {
            app.clock.advance(Duration::minutes(1));
            if n % 2 == 0 {
                app.visitor().at(&format!("198.51.100.{n}")).post_form(AcceptInvitation::PATH, &[("token", "none")]).await;
            } else {
                app.account(&format!("k{n}@company.example"), Some(Role::Auditor), None).await;
            }
        }
        let reader = app.admin().await;
        let mut path = "/admin/events".to_owned();
        let (mut rows, mut pages, mut moments) = (0, 0, Vec::new());
        loop {
            let page = reader.get(&path).await;
            assert_eq!(page.status, StatusCode::OK);
            rows += page.body.matches("<th scope=\"row\"").count();
            pages += 1;
            let cells = page.body.split("data-label=\"When\"").skip(1).map(|rest| rest.split(['>', '<']).nth(1).unwrap().to_owned());
            moments.extend(cells);
            let Some(next) = page.body.split("rel=\"next\"").next().filter(|before| before.len() < page.body.len()) else { break };
            let _ = next;
            let link = page.body.split("<a ").find(|link| link.contains("rel=\"next\"")).unwrap();
            path = link.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
        }
        // The administrator's own account stands at the end, and their role.
        assert_eq!((rows, pages), (20 + 2 * 20 + 2, 3));
        let minutes: Vec<_> = moments.iter().map(|moment| moment.rsplit(' ').next().unwrap().to_owned()).collect();
        assert!(minutes.is_sorted_by(|one, next| one >= next), "{minutes:?}");
        let only = reader.get("/admin/events?kind=link.failed").await.body;
        assert_eq!(only.matches("<th scope=\"row\"").count(), 20);
        let only = reader.get("/admin/events?kind=role.granted").await.body;
        assert_eq!(only.matches("<th scope=\"row\"").count(), 21);
        assert!(only.contains("about Kim Konto") && only.contains("Antritt itself"));
        let none = reader.get("/admin/events?kind=evidence.exported").await.body;
        assert!(none.contains("Nothing of this kind"));
    }

    async fn what_an_entry_says_is_shown_after_a_proof_of_the_last_minutes_and_never_what_tells_about_people(app) {
        let (_, admin) = app.administrator("admin").await;
        let target = app.account("target@company.example", None, None).await;
        app.clock.advance(Duration::minutes(9));
        crate::stories::roles::grant(&admin, target, "auditor", "2026-12-31").await.said();
        let granted = app.number("select max(seq) from audit_entry where action = 'role.granted'").await;
        let list = admin.get("/admin/events?kind=role.granted").await.body;
        let path = format!("/admin/events/{granted}");
        assert!(list.contains(&format!("href=\"{path}\"")), "{list}");
        let page = admin.get(&path).await;
        assert_eq!(page.status, StatusCode::OK);
        for told in ["Role granted", "\"role\": \"auditor\"", "2026-12-31", "role.granted", "Kim Konto", &format!("Entry {granted}")] {
            assert!(page.body.contains(told), "{told}: {}", page.body);
        }
        for seq in [granted, granted - 1] {
            let entry = audit::find(&mut app.read().await, seq).await.unwrap().unwrap();
            assert!(page.body.contains(&hex::encode(entry.hash)), "{}", page.body);
        }
        app.clock.advance(Duration::minutes(1));
        let later = admin.get(&path).await;
        assert_eq!((later.status, later.location()), (StatusCode::SEE_OTHER, &*format!("/account/prove?next={path}")));
        app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let added = app.number("select max(seq) from audit_entry where action = 'person.added'").await;
        for nothing in [added.to_string(), i64::MAX.to_string(), "-1".to_owned(), "x".to_owned()] {
            assert_eq!(admin.get(&format!("/admin/events/{nothing}")).await.status, StatusCode::NOT_FOUND, "{nothing}");
        }
    }

    async fn an_installation_without_events_says_so(app) {
        let admin = app.admin().await;
        let page = admin.get("/admin/events?kind=sign_in.failed").await;
        assert!(page.body.contains("No events yet") && page.body.contains("Nothing of this kind"));
    }

    async fn a_flood_fills_neither_the_database_nor_the_log(app) {
        let hr = app.hr().await;
        let ((), log) = log::listen_at_info(async {
            for n in 0..2_000 {
                let client = app.visitor().at(&format!("198.51.{}.{}", n / 250, n % 250));
                client.post_as_other_site(ConfirmNda::PATH, &[]).await;
                hr.post_as_other_site(ConfirmNda::PATH, &[]).await;
            }
        })
        .await;
        let rows = app.number("select count(*) from security_event").await;
        assert!(rows <= 501, "{rows}");
        assert!(app.number(&noted("request.cross_site")).await >= 2_000);
        assert!(log.lines().count() < 600, "{}", log.lines().count());
    }

    async fn the_log_names_nobody_and_no_input_can_forge_a_line(app) {
        let (account, text) = log::listen_at_info(Box::pin(async {
            let account = app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
            let anna = app.add(&NewPerson { work_email: "anna@firma.example", ..NewPerson::named("Anna Muster") }).await;
            let forged = "x\u{1b}[2J\r\n2026-11-23T09:00:00Z  INFO security: security event event.kind=\"role.granted\"";
            let client = app.visitor().at("198.51.100.77");
            client.post_form(SignIn::PATH, &[("email", "hr@company.example"), ("password", "geheim-getippt")]).await;
            client.post_form(SignIn::PATH, &[("email", forged), ("password", forged)]).await;
            client.post_form(AcceptInvitation::PATH, &[("token", forged)]).await;
            client.post_form(SignIn::PATH, &[("email", "hr@company.example"), ("password", PASSWORD)]).await;
            let headers = [("sec-fetch-site", "cross-site"), ("user-agent", "Evil/1.0"), ("origin", "https://evil.example")];
            client.send(Method::POST, "/api/nda/sign", &headers, Body::empty()).await;
            let own = app.sign_in_by_link(anna).await;
            own.get("/hr").await;
            account
        }))
        .await;
        let lines: Vec<_> = text.lines().filter(|line| line.contains(" security: ")).collect();
        for kind in ["sign_in.failed", "link.failed", "request.cross_site", "access.denied", "session.started", "role.granted", "invitation.accepted"] {
            assert!(lines.iter().any(|line| line.contains(&format!("event.kind=\"{kind}\""))), "{kind}: {text}");
        }
        assert!(lines.iter().any(|line| line.contains(&format!("account.id={account}")) && line.contains("sign_in.failed") && line.contains("address.fingerprint=")));
        for told in ["198.51.100.77", "203.0.113.7", "hr@company.example", "anna", "Anna", "Muster", "Kim Konto", "geheim", "Evil", "evil", "\u{1b}", "\r"] {
            assert!(!text.contains(told), "{told:?} stands in the log: {text}");
        }
        assert_eq!(lines.iter().filter(|line| line.contains("role.granted")).count(), 1, "HR's grant: {text}");
    }

    async fn events_go_after_thirteen_months(app) {
        app.visitor().post_form(AcceptInvitation::PATH, &[("token", "none")]).await;
        app.clock.advance(Duration::days(395));
        assert_eq!(housekeeping::sweep(&app.app, app.now()).await.unwrap().events, 0);
        app.clock.advance(Duration::days(2));
        assert_eq!(housekeeping::sweep(&app.app, app.now()).await.unwrap().events, 1);
    }
}

#[test]
fn the_log_is_lines_for_people_or_objects_for_programs() {
    let folder = std::env::temp_dir().join(format!("antritt-log-{:x}", rand::random::<u64>()));
    let run = |format: &str| {
        std::fs::create_dir_all(&folder).unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_antritt"));
        command.arg("migrate").current_dir(&folder).env_clear();
        let settings = [
            ("ANTRITT_KEY", "00".repeat(32)),
            ("ANTRITT_DATABASE_URL", "sqlite://antritt.sqlite".to_owned()),
            ("ANTRITT_LOG", "debug".to_owned()),
            ("ANTRITT_LOG_FORMAT", format.to_owned()),
        ];
        let output = command.envs(settings).output().unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, lines) = run("json");
    assert_eq!(code, Some(0), "{lines}");
    assert!(lines.lines().count() > 0);
    for line in lines.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(["timestamp", "level", "target"].iter().all(|field| event[field].is_string()), "{line}");
    }
    assert!(run("text").1.lines().all(|line| line.contains("DEBUG") || line.contains("INFO")));
    let (code, said) = run("xml");
    assert_eq!((code, &*said), (Some(2), "ANTRITT_LOG_FORMAT is \"xml\", which is neither text nor json.\n"));
}
