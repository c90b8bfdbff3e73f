//! Guessing passwords and links, asking for mails, and asking for too much: at the figures of the goal table, and after restarts.

use crate::fixture::{
    TestApp,
    client::{Answer, Client},
    counter, stories,
};
use antritt::{
    api::{
        account::{ChooseLanguage, SignIn},
        done::Said,
        error::ApiError,
        invitations::{AcceptInvitation, RenewInvitation, RequestLink},
    },
    domain::{Instant, roles::Role},
    server::service::{
        Error, housekeeping,
        throttle::{self, Caller, Purpose, Whom},
    },
};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use leptos::server_fn::ServerFn;
use std::collections::BTreeMap;
use time::Duration;

const EMAIL: &str = "hr@company.example";
const PASSWORD: &str = "vier zufällige Wörter";

async fn sign_in(client: &Client, email: &str, password: &str) -> Answer {
    client.post_json(SignIn::PATH, &[("email", email), ("password", password)]).await
}

/// Whether a guess reached the verifier. It was none if it was turned away before.
fn reached(answer: &Answer) -> bool {
    match answer.error() {
        ApiError::WrongCredentials => true,
        ApiError::TooMany { .. } => false,
        other => panic!("{other:?}"),
    }
}

async fn guess(client: &Client, email: &str) -> bool {
    reached(&sign_in(client, email, "falsch geraten").await)
}

/// Guesses that say of themselves to come from somewhere else.
async fn guess_with_a_forged_address(client: &Client, n: usize) -> bool {
    let forged = format!("10.{}.{}.{}", n >> 16, (n >> 8) & 255, n & 255);
    let headers = [
        ("accept", "application/json"),
        ("sec-fetch-site", "same-origin"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-forwarded-for", &forged),
        ("forwarded", &format!("for={forged}")),
        ("x-real-ip", &forged),
    ];
    let body = Body::from(format!("email=hr%40company.example&password=guess-{n}"));
    reached(&client.send(Method::POST, SignIn::PATH, &headers, body).await)
}

/// The fewest seconds that a wrong sign-in took, of several, each from an address of its own.
async fn quickest(app: &TestApp, email: &str, round: usize) -> std::time::Duration {
    let mut quickest = std::time::Duration::MAX;
    for n in 0..12 {
        let client = app.visitor().at(&format!("198.51.{round}.{n}"));
        let started = std::time::Instant::now();
        assert!(guess(&client, email).await);
        quickest = quickest.min(started.elapsed());
    }
    quickest
}

stories! {
    async fn of_ten_thousand_guesses_at_most_a_hundred_a_day_are_looked_at(app) {
        app.account(EMAIL, Some(Role::Hr), Some(PASSWORD)).await;
        let mut guesser = app.visitor();
        let mut looked_at: Vec<Instant> = Vec::new();
        for n in 0..10_000 {
            if n % 60 == 0 {
                // A restart, or another instance: what is counted stands in the database.
                guesser = app.elsewhere(|_| {}).at(&format!("198.51.100.{}", n / 60));
                app.clock.advance(Duration::minutes(17));
            }
            if guess_with_a_forged_address(&guesser, n).await {
                looked_at.push(app.now());
            }
        }
        let most = looked_at.iter().map(|first| looked_at.iter().filter(|at| *at >= first && **at < *first + Duration::days(1)).count()).max().unwrap();
        assert!((40..=100).contains(&most), "{most} in a day, {} in all", looked_at.len());
        // What is turned away is not looked at, or the right one would be let in.
        while guess(&app.visitor().at(&format!("198.52.0.{}", app.now().unix_timestamp() % 250)), EMAIL).await {}
        assert!(matches!(sign_in(&app.visitor().at("198.53.0.1"), EMAIL, PASSWORD).await.error(), ApiError::TooMany { .. }));
        assert_eq!(app.number("select count(*) from session").await, 0);
    }

    async fn one_address_has_three_guesses_at_once_whatever_it_says_it_is_and_whomever_it_aims_at(app) {
        app.account(EMAIL, Some(Role::Hr), Some(PASSWORD)).await;
        let guesser = app.visitor().at("198.51.100.1");
        let mut at_once = 0;
        for n in 0..20 {
            at_once += usize::from(guess_with_a_forged_address(&guesser, n).await);
            at_once += usize::from(guess(&app.elsewhere(|_| {}).at("198.51.100.1"), &format!("someone{n}@company.example")).await);
        }
        assert_eq!(at_once, 3);
        assert!(guess(&app.visitor().at("198.51.100.2"), EMAIL).await, "others are not touched");
        app.clock.advance(Duration::seconds(4));
        assert!(!guess(&guesser, EMAIL).await);
        app.clock.advance(Duration::seconds(1));
        assert!(guess(&guesser, EMAIL).await && !guess(&guesser, EMAIL).await);
        let many = futures::future::join_all((0..12).map(async |n| guess(&app.visitor().at("198.51.100.3"), &format!("p{n}@company.example")).await)).await;
        assert_eq!(many.into_iter().filter(|looked_at| *looked_at).count(), 3, "also when they come together");
    }

    async fn the_pause_of_an_address_that_goes_on_guessing_grows(app) {
        let guesser = app.visitor().at("198.51.100.1");
        let mut by_hour: BTreeMap<i64, usize> = BTreeMap::new();
        for n in 0..1_440 {
            *by_hour.entry(n / 720).or_default() += usize::from(guess(&guesser, &format!("someone{}@company.example", n % 40)).await);
            app.clock.advance(Duration::seconds(5));
        }
        assert!(by_hour[&0] <= 56 && by_hour[&1] <= 6, "{by_hour:?}");
    }

    async fn addresses_of_one_ipv6_household_count_as_one(app) {
        let mut looked_at = 0;
        for n in 1..20 {
            looked_at += usize::from(guess(&app.visitor().at(&format!("2001:db8:1:2::{n:x}")), &format!("p{n}@company.example")).await);
        }
        assert_eq!(looked_at, 3);
        assert!(guess(&app.visitor().at("2001:db8:1:3::1"), EMAIL).await);
    }

    async fn only_a_configured_proxy_may_say_from_where_somebody_comes(app) {
        let proxied = |n: usize| app.elsewhere(|settings| settings.trusted_proxies = vec!["10.0.0.1".parse().unwrap()]).at(if n < 9 { "10.0.0.1" } else { "10.0.0.2" });
        let behind = async |n: usize, address: &str| {
            let headers = [("accept", "application/json"), ("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded"), ("x-forwarded-for", address)];
            reached(&proxied(n).send(Method::POST, SignIn::PATH, &headers, Body::from(format!("email=p{n}%40company.example&password=x"))).await)
        };
        for n in 0..6 {
            assert!(behind(n, &format!("203.0.113.{n}")).await, "each has a count of its own");
        }
        for n in 0..4 {
            assert_eq!(behind(n, "198.51.100.9, 203.0.113.100").await, n < 3, "what stands further left anybody could have written");
        }
    }

    async fn a_right_password_counts_for_nothing(app) {
        app.account(EMAIL, Some(Role::Hr), Some(PASSWORD)).await;
        for _ in 0..30 {
            assert_eq!(sign_in(&app.visitor(), EMAIL, PASSWORD).await.status, StatusCode::OK);
        }
        let together = futures::future::join_all((0..8).map(async |_| sign_in(&app.visitor(), EMAIL, PASSWORD).await.status)).await;
        assert!(together.iter().all(|status| *status == StatusCode::OK), "colleagues behind one address are no burst: {together:?}");
        assert!(guess(&app.visitor(), EMAIL).await && guess(&app.visitor(), EMAIL).await);
        assert_eq!(sign_in(&app.visitor(), EMAIL, PASSWORD).await.status, StatusCode::OK, "two wrong ones leave a third");
    }

    async fn a_stranger_cannot_keep_the_owner_out_of_a_browser_they_used_before(app) {
        app.account(EMAIL, Some(Role::Hr), Some(PASSWORD)).await;
        app.account("other@company.example", None, Some(PASSWORD)).await;
        let (own, other) = (app.visitor().at("203.0.113.50"), app.visitor().at("203.0.113.51"));
        sign_in(&own, EMAIL, PASSWORD).await;
        sign_in(&other, "other@company.example", PASSWORD).await;
        for n in 0..40 {
            guess(&app.visitor().at(&format!("198.51.100.{n}")), EMAIL).await;
        }
        assert!(!guess(&app.visitor().at("203.0.113.50"), EMAIL).await, "neither the address helps");
        assert!(!guess(&other, EMAIL).await, "nor a browser that is known to somebody else");
        let after_restart = app.elsewhere(|_| {}).at("203.0.113.99");
        after_restart.set_cookie("device", &own.cookie("device").unwrap());
        assert_eq!(sign_in(&after_restart, EMAIL, PASSWORD).await.status, StatusCode::OK);
        let mut looked_at = 0;
        for n in 0..60 {
            let thief = app.visitor().at(&format!("198.51.101.{n}"));
            thief.set_cookie("device", &own.cookie("device").unwrap());
            looked_at += usize::from(guess(&thief, EMAIL).await);
            app.clock.advance(Duration::seconds(5));
        }
        assert!((3..=12).contains(&looked_at), "{looked_at}: a stolen cookie is no way around the limit");
    }

    async fn known_and_unknown_addresses_are_treated_alike(app) {
        app.account(EMAIL, Some(Role::Hr), Some(PASSWORD)).await;
        let mut sequences = Vec::new();
        for email in [EMAIL, " HR@Company.example", "nobody@company.example", "no address"] {
            app.clock.advance(Duration::days(3));
            let mut answers = Vec::new();
            for n in 0..25 {
                let client = app.visitor().at(&format!("198.51.100.{n}"));
                let (answer, questions) = counter::count(sign_in(&client, email, "falsch geraten")).await;
                answers.push((answer.status, answer.body, answer.headers.get("retry-after").cloned(), questions));
            }
            sequences.push(answers);
        }
        assert_eq!(sequences[0].iter().filter(|(status, ..)| *status == StatusCode::TOO_MANY_REQUESTS).count(), 5);
        for (n, other) in sequences.iter().enumerate().skip(1) {
            for (try_, (known, unknown)) in sequences[0].iter().zip(other).enumerate() {
                assert_eq!((known.0, &known.1, &known.2), (unknown.0, &unknown.1, &unknown.2), "{n} {try_}");
                // The one address that cannot be one is not looked up; whoever typed it knows that.
                assert!(known.3.abs_diff(unknown.3) <= usize::from(n == 3), "{n} {try_}: {} and {} questions", known.3, unknown.3);
            }
        }
    }

    async fn known_and_unknown_addresses_take_equally_long(app) {
        app.account(EMAIL, Some(Role::Hr), Some(PASSWORD)).await;
        let mut ratios = Vec::new();
        for round in 0..12 {
            app.clock.advance(Duration::days(3));
            let known = quickest(app, EMAIL, 2 * round).await;
            let unknown = quickest(app, "nobody@company.example", 2 * round + 1).await;
            ratios.push(known.as_secs_f64() / unknown.as_secs_f64());
            // A machine that has other things to do may blur one round; a hash more or less would blur none.
            if (0.95..=1.05).contains(ratios.last().unwrap()) {
                return;
            }
        }
        panic!("{ratios:?}");
    }

    async fn too_many_tries_say_when_to_come_back(app) {
        let guesser = app.visitor().at("198.51.100.1");
        for _ in 0..3 {
            guess(&guesser, EMAIL).await;
        }
        let program = sign_in(&guesser, EMAIL, "x").await;
        assert_eq!((program.status, program.error()), (StatusCode::TOO_MANY_REQUESTS, ApiError::TooMany { seconds: 5 }));
        assert_eq!(program.headers["retry-after"], "5");
        let page = guesser.post_form_from("/sign-in", SignIn::PATH, &[("email", EMAIL), ("password", "x")]).await;
        assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/sign-in"));
        assert!(guesser.get("/sign-in").await.body.contains("in 5\u{A0}Sekunden"));
    }

    async fn links_that_nobody_sent_are_limited_and_right_ones_are_not(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let guesser = app.visitor().at("198.51.100.1");
        let mut looked_at = 0;
        for n in 0..40 {
            let answer = guesser.post_json(AcceptInvitation::PATH, &[("token", &format!("guess-{n}"))]).await;
            looked_at += usize::from(answer.error() == ApiError::NotFound);
        }
        assert_eq!(looked_at, 10);
        let token = app.token_of(anna).await;
        assert_eq!(app.visitor().post_json(AcceptInvitation::PATH, &[("token", &token)]).await.status, StatusCode::OK);
        for _ in 0..20 {
            let answer = app.visitor().post_json(AcceptInvitation::PATH, &[("token", &token)]).await;
            assert_eq!(answer.status, StatusCode::OK, "the same press, again and again");
        }
    }

    async fn nobody_is_bombed_with_mails_and_nothing_tells_who_is_known(app) {
        let anna = app.person("Anna Muster", "2026-12-24", "Europe/Berlin").await;
        let known = app.record(anna).await.details.private_email.as_str().to_owned();
        let token = app.token_of(anna).await;
        let before = app.number("select count(*) from outbox").await;
        let mut answers = [Vec::new(), Vec::new()];
        for n in 0..30 {
            for (answers, email) in answers.iter_mut().zip([&*known, "nobody@home.example"]) {
                let asking = app.visitor().at(&format!("198.51.100.{n}"));
                answers.push(asking.post_json(RequestLink::PATH, &[("email", email)]).await.body);
            }
            let renewing = app.visitor().at(&format!("198.51.101.{n}"));
            renewing.post_json(RenewInvitation::PATH, &[("token", &token)]).await;
            app.clock.advance(Duration::minutes(6));
        }
        let sent = app.number("select count(*) from outbox").await - before;
        assert!((3..=12).contains(&sent), "{sent} mails in three hours");
        assert!(answers[1].iter().any(|answer| answer.contains("TooMany")));
        let one = app.visitor().at("198.51.102.1");
        let mut sent = 0;
        for n in 0..30 {
            let answer = one.post_form(RequestLink::PATH, &[("email", &format!("p{n}@home.example"))]).await;
            sent += usize::from(matches!(answer.flash(), Some(antritt::api::flash::Flash::Said(Said::LinkRequested))));
        }
        assert_eq!(sent, 10, "one address asks for ten at once, to whomever");
    }

    async fn asking_for_a_link_answers_alike_for_known_and_unknown(app) {
        let anna = app.person("Anna Muster", "2026-12-24", "Europe/Berlin").await;
        let known = app.record(anna).await.details.private_email.as_str().to_owned();
        let mut sequences = Vec::new();
        for email in [&*known, "nobody@home.example"] {
            app.clock.advance(Duration::days(1));
            let mut answers = Vec::new();
            for n in 0..6 {
                answers.push(app.visitor().at(&format!("198.51.100.{n}")).post_json(RequestLink::PATH, &[("email", email)]).await.body);
            }
            sequences.push(answers);
        }
        assert_eq!(sequences[0], sequences[1]);
    }

    async fn whoever_is_signed_in_asks_for_six_hundred_changes_a_minute(app) {
        let hr = app.hr().await;
        let mut passed = 0;
        for _ in 0..640 {
            let answer = hr.post_json(ChooseLanguage::PATH, &[("language", "en")]).await;
            passed += usize::from(answer.status == StatusCode::OK);
        }
        assert_eq!(passed, 600);
        let answer = hr.post_json(ChooseLanguage::PATH, &[("language", "en")]).await;
        assert_eq!((answer.status, &*answer.headers["retry-after"].to_str().unwrap().to_owned()), (StatusCode::TOO_MANY_REQUESTS, "2"));
        assert_eq!(hr.get("/hr").await.status, StatusCode::OK, "reading goes on");
        assert_eq!(app.security().await.post_json(ChooseLanguage::PATH, &[("language", "en")]).await.status, StatusCode::OK);
        app.clock.advance(Duration::seconds(2));
        assert_eq!(hr.post_json(ChooseLanguage::PATH, &[("language", "en")]).await.status, StatusCode::OK);
    }

    async fn an_address_that_is_not_signed_in_is_paced_over_all_instances(app) {
        let mut passed = 0;
        for _ in 0..4 {
            let visitor = app.elsewhere(|_| {}).at("198.51.100.1");
            for _ in 0..800 {
                passed += usize::from(visitor.post_json(ChooseLanguage::PATH, &[("language", "en")]).await.status == StatusCode::OK);
            }
        }
        assert_eq!(passed, 3_000);
        assert_eq!(app.visitor().at("198.51.100.2").post_json(ChooseLanguage::PATH, &[("language", "en")]).await.status, StatusCode::OK);
    }

    async fn reading_costs_the_limits_no_write(app) {
        let hr = app.hr().await;
        let rows = app.number("select count(*) from throttle").await;
        for _ in 0..30 {
            hr.get("/hr").await;
            app.visitor().get("/sign-in").await;
        }
        assert_eq!(app.number("select count(*) from throttle").await, rows);
    }

    async fn what_is_forgiven_is_forgotten_and_no_address_is_kept(app) {
        guess(&app.visitor().at("198.51.100.1"), EMAIL).await;
        assert!(app.number("select count(*) from throttle").await >= 3);
        let plain = if app.db == crate::fixture::Db::Sqlite { "hex(key_hash)" } else { "encode(key_hash, 'hex')" };
        assert_eq!(app.number(&format!("select count(*) from throttle where length({plain}) = 64")).await, app.number("select count(*) from throttle").await);
        app.clock.advance(Duration::days(1));
        assert!(housekeeping::sweep(&app.app, app.now()).await.unwrap().limits >= 3);
        assert_eq!(app.number("select count(*) from throttle").await, 0);
    }

    async fn codes_and_old_passwords_are_limited_for_the_account_they_belong_to(app) {
        let account = app.account(EMAIL, Some(Role::Hr), None).await;
        let other = app.account("other@company.example", None, None).await;
        for purpose in [Purpose::SecondFactor, Purpose::OwnPassword] {
            let mut admitted = 0;
            for n in 0..200 {
                let caller = Caller::new(Some(format!("198.51.100.{}", n % 200).parse().unwrap()), String::new());
                match throttle::admit(&app.app, app.now(), purpose, &caller, Whom::Account(account)).await {
                    Ok(attempt) => {
                        attempt.failed().await;
                        admitted += 1;
                    }
                    Err(Error::TooMany { seconds }) => assert!(seconds > 0),
                    Err(other) => panic!("{other:?}"),
                }
                app.clock.advance(Duration::seconds(5));
            }
            assert_eq!(admitted, 10, "{purpose:?}");
            let attempt = throttle::admit(&app.app, app.now(), purpose, &Caller::default(), Whom::Account(other)).await.unwrap();
            attempt.succeeded().await.unwrap();
        }
    }
}
