//! Bodies that are long on their way: what counts is who sends them, and when, at their end.

use crate::fixture::{
    TestApp,
    client::{Answer, Client},
    people::NewPerson,
    stories,
};
use antritt::{
    api::{
        account::{SetPassword, SignIn},
        error::ApiError,
        nda::SignNda,
        people::{AddPerson, MoveStart},
    },
    domain::{assignment::State, locale::Locale, roles::Role},
    server::store::{accounts, people, roles, sessions},
};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use futures::{FutureExt, StreamExt, future::LocalBoxFuture};
use leptos::server_fn::ServerFn;
use std::{convert::Infallible, future::Future};
use time::{
    Duration,
    macros::{date, datetime},
};
use tokio::{sync::oneshot::channel, time::sleep};

/// Sends a form of which the last part arrives only after `meanwhile`.
async fn send_slowly(client: &Client, path: &str, content_type: &str, body: Vec<u8>, meanwhile: impl Future<Output = ()>) -> Answer {
    let (begun, has_begun) = channel();
    let (end, ended) = channel::<()>();
    let rest = body[body.len() / 2..].to_vec();
    let last = async move {
        let _ = begun.send(());
        let _ = ended.await;
        rest
    };
    let first = futures::stream::iter([body[..body.len() / 2].to_vec()]);
    let pieces = first.chain(futures::stream::once(last)).map(Ok::<_, Infallible>);
    let headers = [("accept", "text/html"), ("sec-fetch-site", "same-origin"), ("content-type", content_type)];
    let sent = client.send(Method::POST, path, &headers, Body::from_stream(pieces));
    let other = async {
        has_begun.await.unwrap();
        meanwhile.await;
        drop(end);
    };
    futures::join!(Box::pin(sent), Box::pin(other)).0
}

async fn post_slowly(client: &Client, function: &str, fields: &[(&str, &str)], meanwhile: impl Future<Output = ()>) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    send_slowly(client, function, "application/x-www-form-urlencoded", body.into_bytes(), meanwhile).await
}

/// Begins so many tries a second apart, each before the others end, and ends the newest first. How many were looked at.
fn guess_within<'a>(app: &'a TestApp, guess: &'a [(&'a str, &'a str)], depth: usize) -> LocalBoxFuture<'a, usize> {
    async move {
        if depth == 0 {
            return 0;
        }
        let mut others = 0;
        let answer = post_slowly(&app.visitor(), SignIn::PATH, guess, async {
            app.clock.advance(Duration::seconds(1));
            others = guess_within(app, guess, depth - 1).await;
        })
        .await;
        others + usize::from(answer.refusal() == ApiError::WrongCredentials)
    }
    .boxed_local()
}

stories! {
    async fn who_was_disabled_meanwhile_changes_nothing(app) {
        let own = app.account("h@firma.example", Some(Role::Hr), None).await;
        let hr = app.signed_in_as(own).await;
        let anna = NewPerson::named("Anna Muster");
        let disabled = Box::pin(async { app.write(async |tx| accounts::disable(tx, app.now(), own, own, "Weg").await).await.unwrap() });
        let answer = post_slowly(&hr, AddPerson::PATH, &anna.fields(), disabled).await;
        assert_eq!(answer.refusal(), ApiError::SignedOut);
        assert_eq!(app.number("select count(*) from person").await, 0);
    }

    async fn who_lost_their_session_meanwhile_uploads_nothing(app) {
        let own = app.account("h@firma.example", Some(Role::Hr), None).await;
        let hr = app.signed_in_as(own).await;
        let list = crate::stories::import::file(&["Ben;ben@home.example;;angestellt;DE;Vertrieb;Bote;;2026-12-01;Europe/Berlin"]);
        let body = format!("--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{list}\r\n--b--\r\n");
        let ended = async { app.write(async |tx| sessions::delete_of_account(tx, own, None).await.map(|_| ())).await.unwrap() };
        let answer = send_slowly(&hr, "/people/import", "multipart/form-data; boundary=b", body.into_bytes(), ended).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(app.number("select count(*) from import_upload").await, 0);
    }

    async fn a_signature_counts_from_when_it_arrived(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        app.sign_in_by_link(anna).await;
        app.clock.set(datetime!(2026-11-30 22:59:50 UTC));
        let client = app.signed_in_person(anna).await;
        let item = app.nda(anna).await;
        let (id, opened) = (item.id.to_string(), app.opened(&item, Locale::De).await);
        let fields = [("id", &*id), ("opened", &opened), ("typed_name", "Anna Muster"), ("consents", "on")];
        let midnight = async { app.clock.advance(Duration::seconds(20)) };
        post_slowly(&client, SignNda::PATH, &fields, midnight).await.said();
        let signed = app.nda(anna).await;
        assert!(signed.late && matches!(signed.state, State::Waiting { .. } | State::Done { .. }), "{signed:?}");
        assert!(app.evidence(item.id).await.iter().all(|evidence| evidence.at >= datetime!(2026-12-01 00:00 +01:00)));
    }

    async fn guesses_that_wait_on_their_way_are_counted_like_the_others(app) {
        app.account("h@firma.example", Some(Role::Hr), Some("vier zufällige Wörter")).await;
        let guess = [("email", "h@firma.example"), ("password", "geraten")];
        assert_eq!(guess_within(app, &guess, 9).await, 3, "a burst of three, as without the wait");
    }

    /// As a long list ahead of one makes, or another change to the same person.
    async fn who_loses_a_right_while_their_change_waits_inside_changes_nothing(app) {
        for (removed, address, name) in [(None, "a@firma.example", "Anna Muster"), (Some(Role::Hr), "b@firma.example", "Ben Beispiel")] {
            let own = app.account(address, Some(Role::Hr), None).await;
            let hr = app.signed_in_as(own).await;
            let anna = app.person(name, "2026-12-01", "Europe/Berlin").await;
            let id = anna.to_string();
            let fields = [("id", &*id), ("start_date", "2027-01-01"), ("reason", "Umzug")];
            let seen = hr.seen(MoveStart::PATH, &fields).await;
            let fields = [&fields[..], &[("seen", &*seen)]].concat();
            let mut first = app.begin().await;
            people::find_for_change(&mut first, anna).await.unwrap().unwrap();
            match removed {
                Some(role) => roles::delete(&mut first, own, role).await.unwrap(),
                None => accounts::disable(&mut first, app.now(), own, own, "Weg").await.unwrap(),
            }
            let end = async {
                sleep(std::time::Duration::from_millis(500)).await;
                first.commit_housekeeping().await.unwrap();
            };
            let (answer, ()) = futures::join!(hr.post_form(MoveStart::PATH, &fields), end);
            assert_eq!(answer.refusal(), ApiError::NotFound, "{removed:?}");
            assert_eq!(app.record(anna).await.details.start_date, date!(2026 - 12 - 01));
        }
    }

    /// Whoever has a personal link's session must not hand its owner's coming rights a password.
    async fn a_password_is_set_by_nobody_whose_sessions_end_at_that_moment(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let account = accounts::find_of_person(&mut app.read().await, anna).await.unwrap().unwrap();
        let mut ending = app.begin().await;
        sessions::delete_of_account(&mut ending, account, None).await.unwrap();
        let fields = [("password", "sieben Schubladen voller Wolle"), ("repeated", "sieben Schubladen voller Wolle")];
        let end = async {
            sleep(std::time::Duration::from_millis(1_500)).await;
            ending.commit_housekeeping().await.unwrap();
        };
        let (answer, ()) = futures::join!(client.post_form(SetPassword::PATH, &fields), end);
        assert!(matches!(answer.refusal(), ApiError::NotFound | ApiError::SignedOut), "{:?}", answer.flash());
        assert_eq!(app.number("select count(*) from account where password_hash is not null").await, 0);
    }
}
