//! Who may do what: every server function, every page and every download, by everyone, with one's own, somebody else's and no id at all.
//!
//! The tables are the specification. A function or route that stands in none fails. What is refused answers byte for byte like
//! what does not exist.

mod cast;
mod cross_site;
mod downloads;

use self::cast::Cast;
use crate::fixture::{client::Answer, stories};
use antritt::{api::error::ApiError, domain::roles::Role, server::auth::session::Proof};
use axum::http::{Method, StatusCode};
use std::{collections::BTreeSet, fmt::Write, fs, path::Path};
use uuid::Uuid;

const EVERYONE: [&str; 9] = ["anonymous", "self", "other", "manager", "hr", "security", "auditor", "admin", "disabled"];

/// `yes`: got past who they are; `-`: like what does not exist; `out`: has to sign in first.
const FUNCTIONS: &str = "
                          anonymous self      other     manager   hr        security  auditor   admin     disabled
account/language          yes       yes       yes       yes       yes       yes       yes       yes       yes
account/change-password   out       yes       yes       yes       yes       yes       yes       yes       out
account/reset-password    yes       yes       yes       yes       yes       yes       yes       yes       yes
account/set-password      out       yes       yes       yes       yes       yes       yes       yes       out
account/sign-in           yes       yes       yes       yes       yes       yes       yes       yes       yes
account/take-record       out       -         -         -         -         -         -         -         out
account/sign-out          out       yes       yes       yes       yes       yes       yes       yes       out
accounts/add              out       -         -         -         -         -         -         yes       out
accounts/disable          out       -         -         -         -         -         -         yes       out
accounts/enable           out       -         -         -         -         -         -         yes       out
accounts/end-sessions     out       -         -         -         -         -         -         yes       out
accounts/reset-factors    out       -         -         -         -         -         -         yes       out
check-profiles/add        out       -         -         -         -         -         -         yes       out
check-profiles/change     out       -         -         -         -         -         -         yes       out
checks/complete           out       -         -         -         yes       -         -         -         out
checks/give-consent       out       yes       -         -         -         -         -         -         out
checks/refuse-consent     out       yes       -         -         -         -         -         -         out
checks/request            out       -         -         -         yes       -         -         -         out
courses/add               out       -         -         -         -         yes       -         yes       out
courses/add-lesson        out       -         -         -         -         yes       -         yes       out
courses/discard           out       -         -         -         -         yes       -         yes       out
courses/move-lesson       out       -         -         -         -         yes       -         yes       out
courses/publish           out       -         -         -         -         yes       -         yes       out
courses/remove-lesson     out       -         -         -         -         yes       -         yes       out
courses/remove-question   out       -         -         -         -         yes       -         yes       out
courses/save              out       -         -         -         -         yes       -         yes       out
courses/save-lesson       out       -         -         -         -         yes       -         yes       out
courses/save-question     out       -         -         -         -         yes       -         yes       out
courses/take-over         out       -         -         -         -         yes       -         -         out
checks/with-provider      out       -         -         -         yes       -         -         -         out
documents/add             out       -         -         -         -         yes       -         yes       out
documents/discard         out       -         -         -         -         yes       -         yes       out
documents/preview         out       -         -         -         yes       yes       -         yes       out
documents/publish         out       -         -         -         -         yes       -         yes       out
documents/save            out       -         -         -         -         yes       -         yes       out
exemptions/allow-start    out       -         -         -         yes       -         -         -         out
exemptions/decide         out       -         -         -         yes       yes       -         -         out
exemptions/end            out       -         -         -         yes       yes       -         -         out
exemptions/request        out       -         -         -         yes       yes       -         -         out
factors/add-passkey       out       yes       yes       yes       yes       yes       yes       yes       out
factors/ask-for-passkey   yes       yes       yes       yes       yes       yes       yes       yes       yes
factors/begin-app         out       yes       yes       yes       yes       yes       yes       yes       out
factors/begin-passkey     out       yes       yes       yes       yes       yes       yes       yes       out
factors/confirm-app       out       yes       yes       yes       yes       yes       yes       yes       out
factors/give-code         out       out       out       out       out       out       out       out       out
factors/give-passkey      yes       yes       yes       yes       yes       yes       yes       yes       yes
factors/keep-codes        out       yes       yes       yes       yes       yes       yes       yes       out
factors/make-codes        out       yes       yes       yes       yes       yes       yes       yes       out
factors/prove-by-code     out       yes       yes       yes       yes       yes       yes       yes       out
factors/prove-by-passkey  out       yes       yes       yes       yes       yes       yes       yes       out
factors/remove            out       -         -         -         -         -         -         -         out
factors/rename            out       -         -         -         -         -         -         -         out
imports/apply             out       -         -         -         yes       -         -         -         out
invitations/accept        yes       yes       yes       yes       yes       yes       yes       yes       yes
invitations/renew         yes       yes       yes       yes       yes       yes       yes       yes       yes
invitations/request       yes       yes       yes       yes       yes       yes       yes       yes       yes
invitations/send          out       -         -         -         yes       -         -         -         out
members/apply             out       -         -         -         yes       yes       -         -         out
members/assign            out       -         -         -         yes       yes       -         -         out
members/forget            out       -         -         -         yes       yes       -         -         out
members/map               out       -         -         -         yes       yes       -         -         out
members/set-aside         out       -         -         -         yes       yes       -         -         out
nda/confirm               out       -         -         -         yes       -         -         -         out
nda/sign                  out       yes       -         -         -         -         -         -         out
nda/withdraw              out       -         -         -         yes       -         -         -         out
nda-templates/change      out       -         -         -         yes       -         -         yes       out
nda-templates/create      out       -         -         -         yes       -         -         yes       out
nda-templates/retire      out       -         -         -         yes       -         -         yes       out
password-manager/confirm  out       -         -         -         yes       yes       -         -         out
password-manager/declare  out       yes       -         -         -         -         -         -         out
people/add                out       -         -         -         yes       -         -         -         out
people/change             out       -         -         -         yes       -         -         -         out
people/move-start         out       -         -         -         yes       -         -         -         out
people/record-last-day    out       -         -         -         yes       -         -         -         out
reminders/pause           out       -         -         -         yes       -         -         -         out
reminders/resume          out       -         -         -         yes       -         -         -         out
policies/accept           out       yes       -         -         -         -         -         -         out
sessions/end              out       yes       -         -         -         -         -         -         out
sessions/end-others       out       yes       yes       yes       yes       yes       yes       yes       out
sessions/prove            out       yes       yes       yes       yes       yes       yes       yes       out
roles/approve             out       -         -         -         -         -         -         yes       out
roles/grant               out       -         -         -         -         -         -         yes       out
roles/refuse              out       -         -         -         -         -         -         yes       out
roles/remove              out       -         -         -         -         -         -         yes       out
roles/withdraw            out       -         -         -         -         -         -         yes       out
rules/change              out       -         -         -         -         yes       -         yes       out
rules/end                 out       -         -         -         -         yes       -         yes       out
rules/make                out       -         -         -         -         yes       -         yes       out
instructions/confirm      out       -         -         -         yes       -         -         -         out
people/rehire             out       -         -         -         yes       -         -         -         out
training/answer           out       yes       -         -         -         -         -         -         out
training/hand-in          out       yes       -         -         -         -         -         -         out
calendar/make             out       yes       yes       yes       -         -         -         -         out
calendar/end              out       yes       yes       yes       -         -         -         -         out
team/nudge                out       -         -         yes       -         -         -         -         out
";

/// As above; `to`: is led on to another page.
const PAGES: &str = "
                                      anonymous self      other     manager   hr        security  auditor   admin     disabled
/                                     to        to        to        to        to        to        to        to        to
/admin/events                         out       -         -         -         -         yes       -         yes       out
/admin/events/:seq                    out       -         -         -         -         yes       -         yes       out
/account/prove                        out       yes       yes       yes       yes       yes       yes       yes       out
/account/sessions                     out       yes       yes       yes       yes       yes       yes       yes       out
/admin/accounts                       out       -         -         -         -         -         -         yes       out
/admin/accounts/:id                   out       -         -         -         -         -         -         yes       out
/admin/accounts/:id/grant             out       -         -         -         -         -         -         yes       out
/admin/accounts/:id/remove/:role      out       -         -         -         -         -         -         yes       out
/admin/accounts/:id/status            out       -         -         -         -         -         -         yes       out
/admin/accounts/:id/factors           out       -         -         -         -         -         -         yes       out
/admin/accounts/new                   out       -         -         -         -         -         -         yes       out
/admin/accounts/requests/:id              out       -         -         -         -         -         -         yes       out
/account                              out       yes       yes       yes       yes       yes       yes       yes       out
/account/password                     out       yes       yes       yes       yes       yes       yes       yes       out
/account/factors                      out       yes       yes       yes       yes       yes       yes       yes       out
/account/factors/app                  out       to        to        to        to        to        to        to        out
/account/factors/codes                out       to        to        to        to        to        to        to        out
/admin/outbox                         out       -         -         -         -         -         -         yes       out
/checklist                            out       yes       yes       yes       -         -         -         -         out
/checklist/check/:id                  out       yes       -         -         -         -         -         -         out
/checklist/nda/:id                    out       yes       -         -         -         -         -         -         out
/checklist/password-manager/:id       out       yes       -         -         -         -         -         -         out
/checklist/policy/:id                 out       yes       -         -         -         -         -         -         out
/checklist/training/:id               out       yes       -         -         -         -         -         -         out
/checklist/training/:id/lesson/:slug  out       yes       -         -         -         -         -         -         out
/checklist/training/:id/quiz          out       yes       -         -         -         -         -         -         out
/content                              out       -         -         -         yes       yes       -         yes       out
/content/courses                      out       -         -         -         -         yes       -         yes       out
/content/courses/:id                  out       -         -         -         -         yes       -         yes       out
/content/courses/:id/lessons/:slug    out       -         -         -         -         yes       -         yes       out
/content/courses/:id/publish          out       -         -         -         -         yes       -         yes       out
/content/courses/:id/questions        out       -         -         -         -         yes       -         yes       out
/content/courses/:id/questions/:question out    -         -         -         -         yes       -         yes       out
/content/courses/:id/quiz             out       -         -         -         -         yes       -         yes       out
/content/courses/import               out       -         -         -         -         yes       -         yes       out
/content/courses/import/:id           out       -         -         -         -         yes       -         -         out
/content/courses/new                  out       -         -         -         -         yes       -         yes       out
/content/check-profiles               out       -         -         -         -         -         -         yes       out
/content/check-profiles/:country      out       -         -         -         -         -         -         yes       out
/content/nda-templates                out       -         -         -         yes       -         -         yes       out
/content/nda-templates/:id            out       -         -         -         yes       -         -         yes       out
/content/nda-templates/new            out       -         -         -         yes       -         -         yes       out
/content/documents                    out       -         -         -         yes       yes       -         yes       out
/content/documents/:id                out       -         -         -         -         yes       -         yes       out
/content/documents/:id/publish        out       -         -         -         -         yes       -         yes       out
/content/documents/:id/versions/:number out       -         -         -         -         yes       -         yes       out
/content/documents/new                out       -         -         -         -         yes       -         yes       out
/content/rules                        out       -         -         -         -         yes       -         yes       out
/content/rules/:id                    out       -         -         -         -         yes       -         yes       out
/content/rules/:id/end                out       -         -         -         -         yes       -         yes       out
/content/rules/new                    out       -         -         -         -         yes       -         yes       out
/checklist/instruction/:id            out       yes       -         -         -         -         -         -         out
/people/:id/rehire                    out       -         -         -         yes       -         -         -         out
/exceptions                           out       -         -         -         yes       yes       yes       -         out
/hr                                   out       -         -         -         yes       -         -         -         out
/invitation/:token                    yes       yes       yes       yes       yes       yes       yes       yes       yes
/people                               out       -         -         yes       yes       yes       yes       -         out
/people/:id                           out       yes       -         yes       yes       yes       yes       -         out
/people/:id/edit                      out       -         -         -         yes       -         -         -         out
/people/:id/last-day                  out       -         -         -         yes       -         -         -         out
/people/:id/reminders                 out       -         -         -         yes       -         -         -         out
/people/:id/start-date                out       -         -         -         yes       -         -         -         out
/people/:person/check/:id             out       -         -         -         yes       -         -         -         out
/people/:person/exemption/:id         out       -         -         -         yes       yes       -         -         out
/people/:person/nda/:id               out       -         -         -         yes       -         -         -         out
/people/:person/start-without-nda/:id out       -         -         -         yes       -         -         -         out
/people/:person/withdraw-nda/:id      out       -         -         -         yes       -         -         -         out
/people/import                        out       -         -         -         yes       -         -         -         out
/people/import/:id                    out       -         -         -         yes       -         -         -         out
/people/new                           out       -         -         -         yes       -         -         -         out
/record                               out       yes       yes       yes       -         -         -         -         out
/reset-password/:token                yes       yes       yes       yes       yes       yes       yes       yes       yes
/security                             out       -         -         -         -         yes       yes       -         out
/security/access                      out       -         -         -         -         yes       yes       -         out
/security/items                       out       -         -         -         -         yes       yes       -         out
/security/password-manager            out       -         -         -         yes       yes       -         -         out
/security/password-manager/lists/:id  out       -         -         -         yes       yes       -         -         out
/security/password-manager/match      out       -         -         -         yes       yes       -         -         out
/sign-in                              yes       yes       yes       yes       yes       yes       yes       yes       yes
/sign-in/second-step                  to        to        to        to        to        to        to        to        to
/signed/:id                           out       yes       -         -         yes       yes       yes       -         out
/welcome                              out       yes       yes       yes       yes       yes       yes       yes       out
/account/calendar                     out       yes       yes       yes       yes       -         -         -         out
/search                               out       -         -         yes       yes       yes       yes       yes       out
/team                                 out       -         -         yes       -         -         -         -         out
";

/// Changes that come as uploads, in plain handlers.
const UPLOADS: [&str; 7] = [
    "/people/import",
    "/security/password-manager",
    "/people/:person/nda/:id",
    "/people/:person/nda/:id/scan",
    "/checklist/instruction/:id",
    "/content/courses/import",
    "/content/courses/:id/lessons/:slug/images",
];

fn rows(table: &str) -> Vec<(&str, Vec<&str>)> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with(' '));
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            (words.next().unwrap(), words.collect())
        })
        .collect()
}

/// A table as it is, to be compared with the one that stands here, row by row.
fn compare(expected: &str, actual: &[(String, Vec<&'static str>)]) {
    let mut wrong = String::new();
    for ((name, expected), (_, actual)) in rows(expected).iter().zip(actual) {
        for ((who, expected), actual) in EVERYONE.iter().zip(expected).zip(actual) {
            if expected != actual {
                writeln!(wrong, "{name} by {who}: expected {expected}, is {actual}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn verdict(answer: &Answer) -> &'static str {
    if answer.status == StatusCode::OK {
        return "yes";
    }
    match answer.error() {
        ApiError::NotFound => "-",
        ApiError::SignedOut => "out",
        ApiError::Invalid(_) | ApiError::Conflict(_) | ApiError::WrongCredentials | ApiError::TooMany { .. } => "yes",
        other => panic!("{other:?}"),
    }
}

fn verdict_of_page(answer: &Answer) -> &'static str {
    match answer.status {
        StatusCode::OK => "yes",
        StatusCode::NOT_FOUND => "-",
        status if status.is_redirection() && answer.location().starts_with("/sign-in?") => "out",
        status if status.is_redirection() => "to",
        status => panic!("{status}: {}", answer.body),
    }
}

/// An answer without what differs between any two answers: the nonce, and the id that was asked for.
fn anonymised(answer: &Answer, ids: &[&str]) -> (StatusCode, String, String) {
    let text = |raw: &str| {
        let mut text = String::new();
        let mut parts = raw.split("nonce=\"");
        text.push_str(parts.next().unwrap());
        for part in parts {
            text.push_str(part.split_once('"').map_or("", |(_, rest)| rest));
        }
        ids.iter().fold(text, |text, id| text.replace(id, "ID"))
    };
    (answer.status, text(answer.location()), text(&answer.body))
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

stories! {
    async fn every_function_by_everyone(app) {
        let cast = Cast::of(app).await;
        let mut actual = Vec::new();
        for (function, _) in rows(FUNCTIONS) {
            let mut verdicts = Vec::new();
            for (who, client) in cast.everyone(app) {
                // Signing out ends the very session that the next function needs.
                if function == "account/sign-out" {
                    verdicts.push(if matches!(who, "anonymous" | "disabled") { verdict(&client.post_json("/api/account/sign-out", &[]).await) } else { "yes" });
                    continue;
                }
                let (path, missing) = (format!("/api/{function}"), Uuid::from_u128(rand::random()));
                let fields = cast.fields(app, function, None).await;
                let answer = client.post_json(&path, &borrowed(&fields)).await;
                let verdict = verdict(&answer);
                let nothing = cast.fields(app, function, Some(missing)).await;
                let for_nothing = if nothing.iter().any(|(_, value)| *value == missing.to_string()) {
                    client.post_json(&path, &borrowed(&nothing)).await
                } else {
                    answer.clone()
                };
                if verdict == "yes" && nothing != fields {
                    assert_ne!(for_nothing.status, StatusCode::OK, "{function} by {who} does something to nothing");
                }
                if verdict == "-" {
                    let ids = [&*missing.to_string()];
                    assert_eq!(anonymised(&answer, &ids), anonymised(&for_nothing, &ids), "{function} by {who} tells what exists");
                }
                verdicts.push(verdict);
            }
            actual.push((function.to_owned(), verdicts));
        }
        compare(FUNCTIONS, &actual);
    }

    async fn every_page_by_everyone(app) {
        let cast = Cast::of(app).await;
        let mut actual = Vec::new();
        for (route, _) in rows(PAGES) {
            let mut verdicts = Vec::new();
            for (who, client) in cast.everyone(app) {
                let missing = Uuid::from_u128(rand::random());
                let (path, nowhere) = (cast.address(app, route, None).await, cast.address(app, route, Some(missing)).await);
                let answer = client.get(&path).await;
                let verdict = verdict_of_page(&answer);
                if verdict == "-" {
                    let for_nothing = client.get(&nowhere).await;
                    let ids: Vec<_> = path.split('/').zip(nowhere.split('/')).filter(|(one, other)| one != other).flat_map(|(one, other)| [one, other]).collect();
                    assert_eq!(anonymised(&answer, &ids), anonymised(&for_nothing, &ids), "{route} by {who} tells what exists");
                    let no_page = client.get("/no-such-page").await;
                    assert_eq!(answer.status, no_page.status);
                }
                verdicts.push(verdict);
            }
            actual.push((route.to_owned(), verdicts));
        }
        compare(PAGES, &actual);
    }

    /// Whoever gave a password and owes their second factor is nobody: only what completes or leaves signing in is there for them.
    async fn half_a_session_is_nobody(app) {
        let cast = Cast::of(app).await;
        let account = app.account("half@company.example", Some(Role::Admin), None).await;
        app.add_passkey(&app.signed_in_as(account).await).await;
        let half = app.session_by(account, Proof::Password).await;
        for (function, expected) in rows(FUNCTIONS) {
            if function == "account/sign-out" {
                continue;
            }
            let expected = if function == "factors/give-code" { "yes" } else { expected[0] };
            let fields = cast.fields(app, function, None).await;
            let answer = half.post_json(&format!("/api/{function}"), &borrowed(&fields)).await;
            // What lets somebody else in would end the half session.
            if answer.headers.get("set-cookie").is_none() {
                assert_eq!(verdict(&answer), expected, "{function}");
            }
        }
        let half = app.session_by(account, Proof::Password).await;
        for (route, expected) in rows(PAGES) {
            let answer = half.get(&cast.address(app, route, None).await).await;
            match expected[0] {
                "out" => assert!(answer.location().starts_with("/sign-in/second-step?next="), "{route}: {}", answer.status),
                "to" if route == "/sign-in/second-step" => assert_eq!(answer.status, StatusCode::OK),
                expected => assert_eq!(verdict_of_page(&answer), expected, "{route}"),
            }
        }
    }

    /// Without a second factor, whoever holds every role can do what somebody without any can.
    async fn rights_without_a_second_factor_are_none(app) {
        let cast = Cast::of(app).await;
        let plain = app.account("plain@company.example", None, None).await;
        let mighty = app.account("mighty@company.example", Some(Role::Admin), None).await;
        for role in [Role::Hr, Role::Security, Role::Auditor] {
            app.account("mighty@company.example", Some(role), None).await;
        }
        let (plain, mighty) = (app.session_by(plain, Proof::Password).await, app.session_by(mighty, Proof::Password).await);
        for (function, _) in rows(FUNCTIONS).into_iter().filter(|(function, _)| !matches!(*function, "account/sign-out" | "invitations/accept")) {
            let fields = cast.fields(app, function, None).await;
            let path = format!("/api/{function}");
            let (one, other) = (plain.post_json(&path, &borrowed(&fields)).await, mighty.post_json(&path, &borrowed(&fields)).await);
            assert_eq!(verdict(&one), verdict(&other), "{function}");
        }
        for (route, _) in rows(PAGES) {
            let address = cast.address(app, route, None).await;
            let (one, other) = (plain.get(&address).await, mighty.get(&address).await);
            assert_eq!(one.status, other.status, "{route}");
        }
    }

    async fn an_id_that_is_none_is_not_found(app) {
        let hr = app.hr().await;
        for path in ["/people/none", "/people/1/edit", "/signed/%00", "/people/import/x", "/people/../hr/x", "/invitation/%F0%9F%92%A9"] {
            assert_eq!(hr.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        for function in ["nda/confirm", "people/change", "imports/apply"] {
            let answer = hr.post_json(&format!("/api/{function}"), &[("id", "none")]).await;
            assert_eq!(answer.error(), ApiError::Unreadable, "{function}");
        }
        assert_eq!(hr.post_json("/api/no/such-function", &[]).await.status, StatusCode::NOT_FOUND);
    }

    async fn forms_on_other_sites_change_nothing(app) {
        let cast = Cast::of(app).await;
        let entries = app.audit_entries().await;
        for (function, _) in rows(FUNCTIONS) {
            for (who, client) in cast.everyone(app) {
                let fields = cast.fields(app, function, None).await;
                let answer = client.post_as_other_site(&format!("/api/{function}"), &borrowed(&fields)).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{function} by {who}");
                assert!(answer.headers.get("set-cookie").is_none());
            }
        }
        assert_eq!(app.audit_entries().await, entries);
    }

    async fn reading_a_functions_address_changes_nothing(app) {
        let cast = Cast::of(app).await;
        let entries = app.audit_entries().await;
        let hr = app.hr().await;
        let entries = entries + i64::from(app.audit_entries().await > entries);
        for (function, _) in rows(FUNCTIONS) {
            let fields = cast.fields(app, function, None).await;
            let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
            for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
                let answer = hr.send(method.clone(), &format!("/api/{function}?{query}"), &[("sec-fetch-site", "same-origin")], axum::body::Body::empty()).await;
                assert!(matches!(answer.status, StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_FOUND), "{method} {function}: {}", answer.status);
            }
        }
        assert_eq!(app.audit_entries().await, entries);
    }

    async fn passwords_are_judged_for_who_is_signed_in_or_holds_a_link(app) {
        let cast = Cast::of(app).await;
        for (who, client) in cast.everyone(app) {
            let judge = async |token: &str| client.post_json("/account/password/strength", &[("password", "vier gute Wörter"), ("token", token)]).await.status;
            let is_out = matches!(who, "anonymous" | "disabled");
            assert_eq!(judge("").await, if is_out { StatusCode::UNAUTHORIZED } else { StatusCode::OK }, "{who}");
            assert_eq!(judge(&cast.reset).await, StatusCode::OK, "{who}");
            assert_eq!(judge("invented").await, StatusCode::UNAUTHORIZED, "{who}");
            let foreign = client.post_as_other_site("/account/password/strength", &[("password", "vier gute Wörter"), ("token", &cast.reset)]).await;
            assert_eq!(foreign.status, StatusCode::FORBIDDEN, "{who}");
        }
    }

    async fn course_files_and_images_are_their_authors(app) {
        let cast = Cast::of(app).await;
        for (who, client) in cast.everyone(app) {
            let is_author = matches!(who, "security" | "admin");
            let or_nothing = |status: StatusCode| if is_author { status } else { StatusCode::NOT_FOUND };
            let file = format!("/content/courses/{}/course.antritt-course", cast.course);
            assert_eq!(client.get(&file).await.status, or_nothing(StatusCode::OK), "{who}");
            assert_eq!(client.get("/content/courses/none/course.antritt-course").await.status, StatusCode::NOT_FOUND, "{who}");
            let lesson = format!("/content/courses/{}/lessons/phishing", cast.course);
            let image = crate::stories::course_files::add_image(&client, &lesson, b"x", ["a", "b"]).await;
            assert_eq!(image.status, or_nothing(StatusCode::SEE_OTHER), "{who}");
        }
        for (who, client) in cast.everyone(app) {
            let uploaded = crate::stories::course_files::try_upload(&client, b"{}").await;
            assert_eq!(uploaded.status, if matches!(who, "security" | "admin") { StatusCode::SEE_OTHER } else { StatusCode::NOT_FOUND }, "{who}");
        }
    }

    async fn the_file_of_who_holds_which_role_is_for_who_reviews_access(app) {
        let cast = Cast::of(app).await;
        for (who, client) in cast.everyone(app) {
            let expected = if matches!(who, "security" | "auditor") { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(client.get("/security/access.csv").await.status, expected, "{who}");
        }
    }

    async fn an_administrators_own_account_is_not_theirs_to_change(app) {
        use antritt::domain::problem::Conflict;
        let (own, admin) = app.administrator("admin").await;
        app.administrator("second").await;
        assert_eq!(admin.get(&format!("/admin/accounts/{own}")).await.status, StatusCode::OK);
        let id = own.to_string();
        let fields = [("id", &*id), ("address", "admin@company.example"), ("role", "auditor"), ("reason", "x"), ("ends_on", "2026-12-31")];
        assert_eq!(admin.post_json("/api/accounts/disable", &fields).await.error(), ApiError::Conflict(Conflict::OwnAccount));
        assert_eq!(admin.post_json("/api/roles/grant", &fields).await.status, StatusCode::OK);
        assert!(!app.holds(own, antritt::domain::roles::Role::Auditor).await, "it is a request");
        let request = app.role_request().await.to_string();
        let answer = admin.post_json("/api/roles/approve", &[("id", &*request)]).await;
        assert_eq!(answer.error(), ApiError::Conflict(Conflict::NeedsSecondPerson));
    }

    async fn uploads_and_templates_are_for_who_may_use_them(app) {
        let cast = Cast::of(app).await;
        for (who, client) in cast.everyone(app) {
            let expected = if who == "hr" { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(client.get("/people/import/template.csv").await.status, expected, "{who}");
            let uploaded = client.upload("liste.csv", b"x").await;
            assert_eq!(uploaded.status, if who == "hr" { StatusCode::SEE_OTHER } else { StatusCode::NOT_FOUND }, "{who}");
            let expected = if matches!(who, "hr" | "security") { StatusCode::SEE_OTHER } else { StatusCode::NOT_FOUND };
            assert_eq!(client.upload_to("/security/password-manager", "liste.csv", b"x").await.status, expected, "{who}");
            for (page, missing) in ["", "/scan"].into_iter().flat_map(|page| [(page, false), (page, true)]) {
                let id = if missing { Uuid::from_u128(rand::random()) } else { app.nda(cast.anna).await.id.0 };
                let answer = client.post_paper(&format!("/people/{}/nda/{id}{page}", cast.anna), &[], None).await;
                let expected = if who == "hr" && !(missing) { StatusCode::SEE_OTHER } else { StatusCode::NOT_FOUND };
                assert_eq!(answer.status, expected, "{who}{page}");
            }
        }
    }
}

#[test]
fn the_tables_hold_every_function_and_every_route() {
    let functions: BTreeSet<_> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, method)| {
            assert_eq!(method, Method::POST, "{path} changes something by being read");
            path.trim_start_matches("/api/").to_owned()
        })
        .collect();
    assert_eq!(functions, rows(FUNCTIONS).into_iter().map(|(name, _)| name.to_owned()).collect());
    let app = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui/app.rs")).unwrap();
    let routes: BTreeSet<_> = app
        .split("path=path!(\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(routes, rows(PAGES).into_iter().map(|(route, _)| route.to_owned()).collect());
    for (name, verdicts) in rows(FUNCTIONS).into_iter().chain(rows(PAGES)) {
        assert_eq!(verdicts.len(), EVERYONE.len(), "{name}");
    }
}
