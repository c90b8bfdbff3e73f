//! What every answer tells a browser, whatever it answers; and what the tokens in cookies and links are good for.

use crate::fixture::{Db, TestApp, client::Answer, stories};
use antritt::{
    api::{
        account::{ChooseLanguage, SignIn},
        error::ApiError,
        invitations::AcceptInvitation,
        nda::SignNda,
    },
    domain::roles::Role,
    server::http::assets,
};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use leptos::server_fn::ServerFn;

const PASSWORD: &str = "vier zufällige Wörter";
const HTTPS: &str = "https://antritt.example.com";

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

/// One answer of each kind: its name, whether it may be kept, and itself.
async fn answers(app: &TestApp, https: bool) -> Vec<(&'static str, bool, Answer)> {
    let visitor = || {
        app.elsewhere(|settings| {
            if https {
                settings.base_url = HTTPS.into();
            }
        })
    };
    let session = app.hr().await.cookie("antritt").unwrap();
    let hr = visitor();
    hr.set_cookie(if https { "__Host-antritt" } else { "antritt" }, &session);
    let anna = app
        .person(if https { "Anna Muster" } else { "Ben Beispiel" }, "2026-12-01", "Europe/Berlin")
        .await;
    let link = format!("/invitation/{}", app.token_of(anna).await);
    vec![
        ("page", false, visitor().get("/sign-in").await),
        ("personal page", false, hr.get("/hr").await),
        ("personal link", false, visitor().get(&link).await),
        ("redirect", false, visitor().get("/hr").await),
        (
            "answer to a form",
            false,
            visitor().post_form(SignIn::PATH, &[("email", "a@b.example"), ("password", "x")]).await,
        ),
        ("crooked path", false, visitor().get("/x/%2e%2e/sign-in").await),
        ("not found", false, visitor().get("/no-such-page").await),
        ("json", false, visitor().post_json(ChooseLanguage::PATH, &[("language", "en")]).await),
        ("error as json", false, visitor().post_json(SignNda::PATH, &[]).await),
        ("another site", false, visitor().post_as_other_site(SignIn::PATH, &[]).await),
        ("another type", false, hr.post_raw("/api/nda/sign", "text/plain", Vec::new()).await),
        (
            "another method",
            false,
            visitor()
                .send(Method::DELETE, "/api/nda/sign", &[("sec-fetch-site", "same-origin")], Body::empty())
                .await,
        ),
        ("download", false, hr.get("/exceptions.csv").await),
        ("stylesheet", true, visitor().get(assets::STYLE).await),
        ("icon", true, visitor().get("/favicon.svg").await),
        ("missing asset", false, visitor().get("/assets/none.css").await),
        ("health", false, visitor().get("/healthz").await),
        ("readiness", false, visitor().get("/readyz").await),
    ]
}

stories! {
    async fn every_answer_carries_every_header(app) {
        for https in [false, true] {
            app.clock.advance(time::Duration::days(1));
            app.tamper("delete from throttle").await.unwrap();
            for (what, kept, answer) in answers(app, https).await {
                for (name, value) in [
                    ("x-content-type-options", "nosniff"),
                    ("x-frame-options", "DENY"),
                    ("referrer-policy", "same-origin"),
                    ("cross-origin-opener-policy", "same-origin"),
                    ("cross-origin-resource-policy", "same-origin"),
                    ("strict-transport-security", if https { "max-age=63072000; includeSubDomains" } else { "" }),
                ] {
                    assert_eq!(header(&answer, name), value, "{what}: {name}");
                    assert!(answer.headers.get_all(name).iter().count() <= 1, "{what}: {name}");
                }
                let permissions = header(&answer, "permissions-policy");
                for part in ["camera=()", "geolocation=()", "publickey-credentials-get=(self)", "publickey-credentials-create=(self)"] {
                    assert!(permissions.contains(part), "{what}: {permissions}");
                }
                let content = header(&answer, "content-security-policy");
                for part in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action"] {
                    assert!(content.contains(part), "{what}: {content}");
                }
                for part in ["unsafe-inline", "'unsafe-eval'", "*", "http:", "https:", "data:"] {
                    assert!(!content.contains(part), "{what}: {content}");
                }
                assert_eq!(header(&answer, "cache-control").contains("public"), kept, "{what}");
                assert!(kept || header(&answer, "cache-control") == "no-store", "{what}: {}", header(&answer, "cache-control"));
            }
        }
    }

    async fn cookies_are_out_of_reach_for_scripts_other_sites_and_plain_http(app) {
        app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
        for (base, prefix) in [("http://127.0.0.1:3000", ""), (HTTPS, "__Host-")] {
            let answer = app.elsewhere(|settings| settings.base_url = base.into()).post_form(SignIn::PATH, &[("email", "hr@company.example"), ("password", PASSWORD)]).await;
            let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
            for name in ["antritt", "device"] {
                let cookie = cookies.iter().find(|cookie| cookie.starts_with(&format!("{prefix}{name}="))).unwrap_or_else(|| panic!("{name}: {cookies:?}"));
                assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=") && cookie.contains("Path=/"), "{cookie}");
                assert!(!cookie.contains("Domain") && !cookie.contains("SameSite=None"), "{cookie}");
                assert_eq!(cookie.contains("Secure"), !prefix.is_empty(), "{cookie}");
            }
        }
    }

    async fn a_token_of_one_purpose_is_good_for_no_other(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let token = app.token_of(anna).await;
        let own = app.sign_in_by_link(anna).await;
        let nda = app.nda(anna).await;
        let opened = app.opened(&nda, antritt::domain::locale::Locale::De).await;
        let (session, device) = (own.cookie("antritt").unwrap(), own.cookie("device").unwrap());
        for stolen in [&token, &opened, &device] {
            let thief = app.visitor();
            thief.set_cookie("antritt", stolen);
            assert_eq!(thief.get("/checklist").await.status, StatusCode::SEE_OTHER, "no session");
        }
        for stolen in [&session, &opened, &device] {
            assert_eq!(app.visitor().post_json(AcceptInvitation::PATH, &[("token", stolen)]).await.error(), ApiError::NotFound, "no link");
        }
        for stolen in [&session, &token, &device] {
            let id = nda.id.to_string();
            let fields = [("id", &*id), ("opened", &**stolen), ("typed_name", "Anna Muster"), ("consent", "on")];
            assert!(own.post_json(SignNda::PATH, &fields).await.status.is_client_error(), "no reading of a text");
        }
    }
}

#[tokio::test]
async fn nothing_in_the_database_opens_anything() {
    let app = TestApp::new(Db::Sqlite).await;
    let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
    let token = app.token_of(anna).await;
    let own = app.sign_in_by_link(anna).await;
    let (session, device) = (own.cookie("antritt").unwrap(), own.cookie("device").unwrap());
    for (what, secret) in [("link", &token), ("session", &session), ("device", &device)] {
        assert!(secret.len() >= 22, "{what}: 22 letters of 6 bits are more than 128 bits");
        let mut looked_at = 0;
        for entry in std::fs::read_dir(app.folder()).unwrap() {
            let content = std::fs::read(entry.unwrap().path()).unwrap();
            looked_at += content.len();
            assert!(!content.windows(secret.len()).any(|part| part == secret.as_bytes()), "{what}");
        }
        assert!(looked_at > 100_000);
    }
    let other = app.person("Ben Beispiel", "2026-12-01", "Europe/Berlin").await;
    assert_ne!(app.token_of(other).await[..8], token[..8]);
    app.finish().await;
}
