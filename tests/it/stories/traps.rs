//! The traps of the libraries in use, tried from the outside. SECURITY.md lists them.

use crate::fixture::{
    client::{Answer, Client},
    people::NewPerson,
    stories,
};
use antritt::{
    api::{
        account::{ChooseLanguage, SignIn, SignOut},
        done::Said,
        error::ApiError,
        factors::AskForPasskey,
        flash::Flash,
        people::{AddPerson, ChangePerson},
    },
    domain::roles::Role,
    server::{
        http,
        service::{App, Settings},
    },
};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use leptos::server_fn::ServerFn;
use std::{collections::BTreeSet, time::Duration};
use tokio::{
    sync::oneshot::{Receiver, Sender, channel},
    time::{sleep, timeout},
};

const PASSWORD: &str = "vier zufällige Wörter";

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

stories! {
    async fn on_https_every_cookie_is_secure_and_bound_to_the_host(app) {
        app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
        let settings = Settings { base_url: "https://antritt.example".into(), ..app.app.settings().clone() };
        let router = http::router(App::new(app.store.clone(), app.clock.clone(), settings));
        let client = Client::new(router.clone());
        let mut names = BTreeSet::new();
        let sign_in = |password| [("email", "hr@company.example"), ("password", password)];
        for (function, fields) in [(SignIn::PATH, &sign_in("not this one")[..]), (ChooseLanguage::PATH, &[("language", "en")]), (AskForPasskey::PATH, &[]), (SignIn::PATH, &sign_in(PASSWORD)), (SignOut::PATH, &[])] {
            let answer = client.post_form(function, fields).await;
            for cookie in answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()) {
                let said = |attribute: &str| cookie.split("; ").any(|one| one.eq_ignore_ascii_case(attribute));
                let is_emptied = cookie.contains("=;");
                assert!(["Secure", "Path=/"].into_iter().all(said) && !cookie.to_lowercase().contains("domain"), "{cookie}");
                assert!(is_emptied || said("HttpOnly") && (said("SameSite=Lax") || said("SameSite=Strict")), "{cookie}");
                names.insert(cookie.split('=').next().unwrap().to_owned());
            }
            if function == SignIn::PATH && fields[1].1 == PASSWORD {
                let session = client.cookie("__Host-antritt").unwrap();
                let neighbour = Client::new(router.clone());
                neighbour.set_cookie("antritt", &session);
                assert!(neighbour.get("/account").await.location().starts_with("/sign-in"), "a cookie that another host could have set is nobody's");
                assert_eq!(client.get("/account").await.status, StatusCode::OK);
            }
        }
        assert_eq!(names, ["__Host-antritt", "__Host-asked", "__Host-device", "__Host-flash", "__Host-language", "__Host-waiting"].map(String::from).into());
        assert_eq!(client.cookie("__Host-antritt"), None);
    }

    async fn a_request_in_flight_never_brings_a_session_back(app) {
        let account = app.account("hr@company.example", Some(Role::Hr), None).await;
        // `make test-long` tries it ten thousand times.
        let times = if std::env::var_os("ANTRITT_LONG").is_some() { 10_000 } else { 100 };
        for _ in 0..times {
            let client = app.signed_in_as(account).await;
            let thief = app.visitor();
            thief.set_cookie("antritt", &client.cookie("antritt").unwrap());
            futures::join!(client.get("/hr"), client.post_form(SignOut::PATH, &[]), client.get("/people"));
            assert!(thief.get("/hr").await.status.is_redirection());
        }
        assert_eq!(app.number("select count(*) from session").await, 0);
    }

    async fn broken_uploads_are_refused_and_nothing_panics(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let nda = app.nda(anna).await.id;
        let course = app.shipped_course().await;
        let (hr, security) = (app.hr().await, app.security().await);
        let entries = app.audit_entries().await;
        let too_long = format!("multipart/form-data; boundary={}", "x".repeat(20_000));
        for (client, path) in [
            (&hr, "/people/import".to_owned()),
            (&hr, format!("/people/{anna}/nda/{nda}")),
            (&hr, format!("/people/{anna}/nda/{nda}/scan")),
            (&security, "/security/password-manager".to_owned()),
            (&security, "/content/courses/import".to_owned()),
            (&security, format!("/content/courses/{course}/lessons/phishing/images")),
        ] {
            for kind in ["multipart/form-data", "multipart/form-data; boundary", "text/plain", "application/x-www-form-urlencoded", "multipart/mixed; boundary=a"] {
                let answer = client.post_raw(&path, kind, b"--a\r\n\r\nx\r\n--a--".to_vec()).await;
                let refused = [StatusCode::BAD_REQUEST, StatusCode::UNSUPPORTED_MEDIA_TYPE].contains(&answer.status);
                assert!(refused || answer.refusal() == ApiError::Unreadable, "{path} as {kind}: {}", answer.status);
            }
            for kind in ["multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"", "multipart/form-data; boundary=\"ü\r", &too_long, "multipart/form-data; boundary=b"] {
                for body in [&b""[..], b"--a\r\n", b"--a\r\ncontent-disposition: form-data; name=\"file\"; filename=\"\xff\"\r\n\r\n", b"\r\n\r\n--\r\n", b"--b\r\n\xff: \xfe\r\n\r\n--b--"] {
                    let kind = kind.trim_end();
                    let answer = client.post_raw(&path, kind, body.to_vec()).await;
                    let refused = [StatusCode::BAD_REQUEST, StatusCode::UNSUPPORTED_MEDIA_TYPE].contains(&answer.status);
                    assert!(refused || matches!(answer.refusal(), ApiError::Unreadable | ApiError::Invalid(_)), "{path} as {kind}: {}", answer.status);
                }
            }
        }
        for function in [SignIn::PATH, AddPerson::PATH] {
            for kind in ["multipart/form-data", "multipart/form-data; boundary=", "application/json", "application/octet-stream"] {
                let answer = hr.post_raw(function, kind, b"--a\r\n\xff".to_vec()).await;
                assert!(!answer.status.is_server_error(), "{function} as {kind}: {}", answer.status);
            }
        }
        assert_eq!(app.audit_entries().await, entries);
    }

    async fn no_error_lands_in_an_address(app) {
        let hr = app.hr().await;
        let visitor = app.visitor();
        let functions: BTreeSet<_> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).filter(|path| *path != SignOut::PATH).collect();
        for function in functions {
            for (client, fields) in [(&visitor, &[][..]), (&hr, &[]), (&hr, &[("id", "none"), ("language", "xx"), ("start_date", "31.02.2027")])] {
                let answer = client.post_form_from("/some-page?of=us", function, fields).await;
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{function}: {}", answer.body);
                let address = answer.location();
                assert!(!["__err", "__path", "error", "%7B"].iter().any(|word| address.contains(word)), "{function}: {address}");
                assert_eq!(header(&answer, "serverfnredirect"), "", "{function}");
            }
        }
    }

    async fn what_a_form_does_not_ask_for_changes_nothing(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        let id = anna.to_string();
        let form = NewPerson { department: "Legal", ..NewPerson::named("Anna Muster") };
        let mut fields = form.fields();
        fields.extend([("id", &*id), ("end_date", "2026-11-01"), ("manager_id", &*id), ("role", "admin"), ("pseudonymised_at", "2026-11-01"), ("__proto__[admin]", "1")]);
        hr.post_seen(ChangePerson::PATH, &fields).await.said();
        let record = app.record(anna).await;
        assert_eq!((record.details.department.as_str(), record.end_date, record.manager_id), ("Legal", None, None));
        assert_eq!(app.number("select count(*) from role_grant where role = 'admin'").await, 0);
    }

    async fn a_path_that_means_another_leads_nowhere(app) {
        let admin = app.admin().await;
        assert!(admin.get("/admin/accounts").await.body.contains("/admin/accounts/new"));
        for path in ["/x/../admin/accounts", "/x/%2e%2e/admin/accounts", "/assets/%2E./admin/accounts", "/healthz/%2e%2e/admin/accounts", "/admin\\accounts", "/admin%5Caccounts", "/admin%2faccounts", "/./admin/accounts"] {
            let answer = admin.get(path).await;
            let sentence = "Diese Seite gibt es nicht.\nThere is no such page.\n";
            assert_eq!((answer.status, &*answer.body), (StatusCode::NOT_FOUND, sentence), "{path}");
        }
    }

    async fn whoever_uploads_slowly_leaves_places_to_others(app) {
        let (hr, security) = (app.hr().await, app.security().await);
        let slow = async |begun: Sender<()>, end: Receiver<()>| {
            let body = futures::stream::once(async move {
                let _ = begun.send(());
                let _ = end.await;
                Ok::<_, std::io::Error>("no more")
            });
            let headers = [("accept", "text/html"), ("sec-fetch-site", "same-origin"), ("content-type", "multipart/form-data; boundary=b")];
            hr.send(Method::POST, "/people/import", &headers, Body::from_stream(body)).await
        };
        let [(begun, has_begun), (begun_too, has_begun_too)] = [channel(), channel()];
        let [(end, ended), (end_too, ended_too)] = [channel(), channel()];
        let meanwhile = async {
            has_begun.await.unwrap();
            has_begun_too.await.unwrap();
            assert_eq!(hr.upload("liste.csv", b"x").await.refusal(), ApiError::Busy);
            crate::stories::members::upload(&security, "Email,Status\nanna@firma.example,Invited\n").await;
            drop((end, end_too));
        };
        let (one, other, ()) = futures::join!(slow(begun, ended), slow(begun_too, ended_too), meanwhile);
        assert_eq!((one.refusal(), other.refusal()), (ApiError::Unreadable, ApiError::Unreadable));
        let list = crate::stories::import::file(&["Ben;ben@home.example;;angestellt;DE;Vertrieb;Bote;;2026-12-01;Europe/Berlin"]);
        crate::stories::import::upload(&hr, list.as_bytes()).await;
    }

    async fn what_leads_nowhere_is_told_so_in_our_words(app) {
        let security = app.security().await;
        let course = app.shipped_course().await;
        for function in ["/api/nope", "/api/people/add/x"] {
            for answer in [security.post_form(function, &[]).await, security.post_json(function, &[]).await, security.get(function).await] {
                assert_eq!((answer.status, &*answer.body), (StatusCode::NOT_FOUND, "Diese Seite gibt es nicht.\nThere is no such page.\n"), "{function}");
            }
        }
        for slug in ["a%0d%0aSet-Cookie:%20x=y", "%00", "%C3%BC", "new", "%20"] {
            let answer = security.upload_to(&format!("/content/courses/{course}/lessons/{slug}/images"), "a.png", b"x").await;
            assert_eq!((answer.status, &*answer.body), (StatusCode::NOT_FOUND, ""), "{slug}");
        }
    }

    async fn a_field_that_comes_twice_is_refused(app) {
        app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
        let twice = [("email", "hr@company.example"), ("password", "x"), ("password", PASSWORD)];
        let answer = app.visitor().post_json(SignIn::PATH, &twice).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    }

    async fn a_form_of_countless_fields_costs_no_time(app) {
        let visitor = app.visitor();
        let form = "application/x-www-form-urlencoded";
        for field in ["a", "a=b&a[1][c"] {
            let began = std::time::Instant::now();
            let answer = visitor.post_raw(SignIn::PATH, form, vec![field; 20_000].join("&").into_bytes()).await;
            assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
            let Some(Flash::Failed { error: ApiError::Unreadable, typed, .. }) = answer.flash() else { panic!("{answer:?}") };
            assert_eq!((answer.status, typed), (StatusCode::SEE_OTHER, vec![]));
        }
        let fields: Vec<_> = (0..990).map(|n| (format!("f{n}"), "x".repeat(300))).collect();
        let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        fields.push(("short", "is kept"));
        let began = std::time::Instant::now();
        let answer = visitor.post_form(SignIn::PATH, &fields).await;
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        let Some(Flash::Failed { typed, .. }) = answer.flash() else { panic!("{answer:?}") };
        assert!(typed.len() < 20 && typed.contains(&("short".to_owned(), "is kept".to_owned())), "{typed:?}");
    }

    async fn a_client_that_leaves_half_way_leaves_nothing_half_done(app) {
        let hr = app.hr().await;
        let add = async |n: u32| {
            let person = NewPerson { private_email: format!("{n}@home.example"), ..NewPerson::named("Anna Muster") };
            hr.post_form(AddPerson::PATH, &person.fields()).await
        };
        for n in 0..40 {
            let _ = timeout(Duration::from_micros(u64::from(n) * 300), add(n)).await;
        }
        let people = async || app.number("select count(*) from person").await;
        for _ in 0..100 {
            if people().await == 40 {
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(people().await, 40, "what was begun is finished, though nobody waits");
        assert_eq!(app.number("select count(*) from audit_entry where action = 'person.added'").await, 40);
        for n in 40..60 {
            assert!(matches!(add(n).await.said(), Said::PersonAdded { .. }));
        }
        if app.db == crate::fixture::Db::Postgres {
            let stuck = "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'";
            assert_eq!(app.number(stuck).await, 0);
        }
    }

    async fn every_answer_says_what_it_is_and_no_method_echoes_a_request(app) {
        let hr = app.hr().await;
        for (path, kind) in [
            ("/hr", "text/html; charset=utf-8"),
            ("/no-such-page", "text/html; charset=utf-8"),
            ("/healthz", "text/plain; charset=utf-8"),
            ("/people/import/template.csv", "text/csv; charset=utf-8"),
            ("/favicon.svg", "image/svg+xml"),
        ] {
            let answer = hr.get(path).await;
            assert_eq!((header(&answer, "content-type"), header(&answer, "x-content-type-options")), (kind, "nosniff"), "{path}");
        }
        assert_eq!(header(&hr.post_json(SignIn::PATH, &[]).await, "content-type"), "application/json");
        assert_eq!(header(&hr.post_as_other_site(SignIn::PATH, &[]).await, "content-type"), "text/plain; charset=utf-8");
        for method in [Method::TRACE, Method::CONNECT, Method::PATCH] {
            let answer = hr.send(method.clone(), "/hr", &[("sec-fetch-site", "same-origin"), ("x-echo", "marker")], Body::empty()).await;
            assert!(answer.status.is_client_error() && !answer.body.contains("marker"), "{method}: {}", answer.status);
        }
    }
}
