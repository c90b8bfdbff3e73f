//! Guessing passwords and links, asking for mails, and asking for too much: at the figures of the goal table, and after restarts.

use crate::fixture::{
    TestApp,
    client::{Answer, Client},
    counter,
    people::NewPerson,
    stories,
};
use antritt::{
    api::{
        account::{ChangePassword, ChooseLanguage, ResetPassword, SignIn},
        done::Said,
        error::ApiError,
        factors::{GiveCode, ProveByCode},
        invitations::{AcceptInvitation, RenewInvitation, RequestLink},
        people::ChangePerson,
        sessions::Prove,
    },
    domain::{Instant, ids::SessionId, roles::Role},
    server::{
        auth::totp::Secret,
        service::{
            Error, housekeeping, people,
            throttle::{self, Caller, Purpose, Whom},
        },
    },
};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use leptos::server_fn::ServerFn;
use std::collections::BTreeMap;
use time::Duration;
use uuid::Uuid;

const EMAIL: &str = "hr@company.example";
const PASSWORD: &str = "vier zufällige Wörter";
const NEW: &str = "wolke treppe kanne laterne";
/// All the addresses that one account can be signed in to with.
const ADDRESSES: [&str; 3] = ["anna.muster@home.example", "anna@firma.example", "anna.neu@home.example"];

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
async fn guess_with_a_forged_address(client: &Client, email: &str, n: usize) -> bool {
    let forged = format!("10.{}.{}.{}", n >> 16, (n >> 8) & 255, n & 255);
    let headers = [
        ("accept", "application/json"),
        ("sec-fetch-site", "same-origin"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-forwarded-for", &forged),
        ("forwarded", &format!("for={forged}")),
        ("x-real-ip", &forged),
    ];
    let body = Body::from(format!("email={}&password=guess-{n}", email.replace('@', "%40")));
    reached(&client.send(Method::POST, SignIn::PATH, &headers, body).await)
}

/// Somebody with rights who signs in with any of [`ADDRESSES`].
async fn known_by_three_addresses(app: &TestApp) {
    let anna = app
        .add(&NewPerson {
            work_email: ADDRESSES[1],
            ..NewPerson::named("Anna Muster")
        })
        .await;
    app.sign_in_by_link(anna).await;
    app.account(ADDRESSES[0], Some(Role::Hr), Some(PASSWORD)).await;
    let form = people::form_of(&app.record(anna).await.details);
    let id = anna.to_string();
    let fields = [
        ("id", &*id),
        ("name", &form.name),
        ("private_email", ADDRESSES[2]),
        ("work_email", &form.work_email),
        ("kind", &form.kind),
        ("country", &form.country),
        ("department", &form.department),
        ("job_title", &form.job_title),
        ("time_zone", &form.time_zone),
    ];
    assert_eq!(app.hr().await.post_seen(ChangePerson::PATH, &fields).await.said(), Said::PersonChanged);
    for address in ADDRESSES {
        assert_eq!(sign_in(&app.visitor(), address, PASSWORD).await.status, StatusCode::OK, "{address}");
    }
}

/// Guesses at an address from many others, until no more is looked at.
async fn guess_until_refused(app: &TestApp, email: &str) {
    for n in 0..40 {
        guess(&app.visitor().at(&format!("198.51.100.{n}")), email).await;
    }
    assert!(!guess(&app.visitor().at("198.51.100.99"), email).await);
}

/// Gives a code that is none of those of now, from anywhere.
async fn give_wrong_code(client: &Client, path: &str, secret: &Secret, now: Instant) -> Answer {
    let near = [-30, 0, 30].map(|seconds| secret.code_at(now + Duration::seconds(seconds)));
    let wrong = ["000000", "111111", "222222", "333333"]
        .into_iter()
        .find(|code| near.iter().all(|near| near != code));
    client.post_json(path, &[("code", wrong.unwrap())]).await
}

/// Rounds of one measurement: in each, ten tries at either address are looked at.
const ROUNDS: usize = 12;

/// The middle of how many seconds wrong sign-ins took with each of two addresses. They take turns, so that whatever else the machine has
/// to do slows both alike.
async fn medians(app: &TestApp, emails: [&str; 2], measurement: usize) -> [f64; 2] {
    let mut taken = [Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        // Else the limits of the round before would still count.
        app.clock.advance(Duration::days(3));
        for n in 0..20_usize {
            // One, the other, the other, one: neither always follows the other.
            let which = n.div_ceil(2) % 2;
            let client = app.visitor().at(&format!("198.51.{}.{n}", measurement * ROUNDS + round));
            let started = std::time::Instant::now();
            assert!(guess(&client, emails[which]).await);
            taken[which].push(started.elapsed().as_secs_f64());
        }
    }
    taken.map(|mut seconds| {
        seconds.sort_by(f64::total_cmp);
        seconds[seconds.len() / 2]
    })
}

stories! {
    async fn of_ten_thousand_guesses_at_most_a_hundred_a_day_are_looked_at(app) {
        known_by_three_addresses(app).await;
        let sessions = app.number("select count(*) from session").await;
        let mut guesser = app.visitor();
        let mut looked_at: Vec<Instant> = Vec::new();
        for n in 0..10_000 {
            if n % 60 == 0 {
                // A restart, or another instance: what is counted stands in the database.
                guesser = app.elsewhere(|_| {}).at(&format!("198.51.100.{}", n / 60));
                app.clock.advance(Duration::minutes(17));
            }
            if guess_with_a_forged_address(&guesser, ADDRESSES[n % 3], n).await {
                looked_at.push(app.now());
            }
        }
        let most = looked_at.iter().map(|first| looked_at.iter().filter(|at| *at >= first && **at < *first + Duration::days(1)).count()).max().unwrap();
        assert!((40..=100).contains(&most), "{most} in a day, {} in all", looked_at.len());
        // What is turned away is not looked at, or the right one would be let in.
        for address in ADDRESSES {
            guess_until_refused(app, address).await;
            assert!(matches!(sign_in(&app.visitor().at("198.53.0.1"), address, PASSWORD).await.error(), ApiError::TooMany { .. }));
        }
        assert_eq!(app.number("select count(*) from session").await, sessions);
    }

    async fn one_address_has_three_guesses_at_once_whatever_it_says_it_is_and_whomever_it_aims_at(app) {
        app.account(EMAIL, Some(Role::Hr), Some(PASSWORD)).await;
        let guesser = app.visitor().at("198.51.100.1");
        let mut at_once = 0;
        for n in 0..20 {
            at_once += usize::from(guess_with_a_forged_address(&guesser, EMAIL, n).await);
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
        assert_eq!(looked_at, 8, "a stolen cookie is no way around the limit");
        assert_eq!(sign_in(&after_restart, EMAIL, PASSWORD).await.status, StatusCode::OK, "and fills no other's");
    }

    /// Whoever knows the password can try codes, and keep strangers from trying more.
    async fn a_stranger_with_the_password_cannot_keep_the_owner_out_of_a_known_browser_or_a_session(app) {
        let account = app.account(EMAIL, Some(Role::Hr), Some(PASSWORD)).await;
        let own = app.signed_in_as(account).await;
        let secret = app.add_app(&own).await;
        let known = app.visitor().at("203.0.113.50");
        sign_in(&known, EMAIL, PASSWORD).await;
        assert_eq!(known.cookie("device"), None, "half a sign-in makes no browser known");
        app.give_code(&known, &secret.code_at(app.now())).await;
        app.clock.advance(Duration::minutes(1));
        let mut looked_at = 0;
        for n in 0..20 {
            let thief = app.visitor().at(&format!("198.51.100.{n}"));
            assert_eq!(sign_in(&thief, EMAIL, PASSWORD).await.status, StatusCode::OK);
            for _ in 0..3 {
                looked_at += usize::from(give_wrong_code(&thief, GiveCode::PATH, &secret, app.now()).await.status == StatusCode::UNPROCESSABLE_ENTITY);
            }
        }
        assert_eq!(looked_at, 10);
        let proved = own.post_json(ProveByCode::PATH, &[("code", &secret.code_at(app.now()))]).await;
        assert_eq!(proved.status, StatusCode::OK, "{}", proved.body);
        app.clock.advance(Duration::minutes(1));
        assert_eq!(sign_in(&known, EMAIL, PASSWORD).await.status, StatusCode::OK);
        let given = known.post_json(GiveCode::PATH, &[("code", &secret.code_at(app.now()))]).await;
        assert_eq!(given.status, StatusCode::OK, "{}", given.body);
        let mut in_session = 0;
        for _ in 0..20 {
            in_session += usize::from(give_wrong_code(&own, ProveByCode::PATH, &secret, app.now()).await.status == StatusCode::UNPROCESSABLE_ENTITY);
            app.clock.advance(Duration::seconds(5));
        }
        assert_eq!(in_session, 5, "one that was stolen has its own limit");
    }

    async fn the_mark_of_a_browser_ends_with_the_password_it_was_made_with(app) {
        app.account(EMAIL, None, Some(PASSWORD)).await;
        let (thief, own) = (app.visitor().at("198.51.100.1"), app.visitor().at("203.0.113.50"));
        sign_in(&thief, EMAIL, PASSWORD).await;
        sign_in(&own, EMAIL, PASSWORD).await;
        let changed = own.post_json(ChangePassword::PATH, &[("old_password", PASSWORD), ("password", NEW), ("repeated", NEW)]).await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
        let mark = thief.cookie("device").unwrap();
        let mut looked_at = 0;
        for n in 0..60 {
            let again = app.visitor().at(&format!("198.51.101.{n}"));
            again.set_cookie("device", &mark);
            looked_at += usize::from(guess(&again, EMAIL).await);
        }
        assert_eq!(looked_at, 10, "it counts as any stranger's");
        assert_eq!(own.post_json(Prove::PATH, &[("password", NEW)]).await.status, StatusCode::OK);
        assert_eq!(sign_in(&own, EMAIL, NEW).await.status, StatusCode::OK, "where it was changed it is known");
    }

    async fn a_mark_that_was_had_by_a_password_alone_ends_with_the_first_factor(app) {
        let account = app.account(EMAIL, None, Some(PASSWORD)).await;
        let thief = app.visitor().at("198.51.100.1");
        sign_in(&thief, EMAIL, PASSWORD).await;
        let mark = thief.cookie("device").unwrap();
        let own = app.signed_in_as(account).await;
        let secret = app.add_app(&own).await;
        let mut looked_at = 0;
        for n in 0..20 {
            let again = app.visitor().at(&format!("198.51.101.{n}"));
            again.set_cookie("device", &mark);
            sign_in(&again, EMAIL, PASSWORD).await;
            looked_at += usize::from(give_wrong_code(&again, GiveCode::PATH, &secret, app.now()).await.status == StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(looked_at, 10);
        let known = app.visitor().at("203.0.113.50");
        known.set_cookie("device", &mark);
        sign_in(&known, EMAIL, PASSWORD).await;
        let given = known.post_json(GiveCode::PATH, &[("code", &secret.code_at(app.now()))]).await;
        assert!(matches!(given.error(), ApiError::TooMany { .. }), "{}", given.body);
    }

    async fn whoever_set_a_password_by_a_link_signs_in_there_while_others_guess(app) {
        app.account(EMAIL, Some(Role::Hr), Some(PASSWORD)).await;
        guess_until_refused(app, EMAIL).await;
        let own = app.visitor().at("203.0.113.50");
        own.post_form(RequestLink::PATH, &[("email", EMAIL)]).await.said();
        let token = app.reset_tokens_of(EMAIL).await.remove(0);
        let reset = own.post_json(ResetPassword::PATH, &[("token", &token), ("password", NEW), ("repeated", NEW)]).await;
        assert_eq!(reset.status, StatusCode::OK, "{}", reset.body);
        assert_eq!(sign_in(&own, EMAIL, NEW).await.status, StatusCode::OK);
        assert!(matches!(sign_in(&app.visitor().at("203.0.113.51"), EMAIL, NEW).await.error(), ApiError::TooMany { .. }));
    }

    /// Else whoever guesses at somebody's work address could try which private one is theirs.
    async fn no_address_tells_that_it_is_of_somebody_whose_other_one_was_guessed_at(app) {
        known_by_three_addresses(app).await;
        guess_until_refused(app, ADDRESSES[1]).await;
        let mut sequences = Vec::new();
        for (at, email) in [ADDRESSES[0], ADDRESSES[2], "anna.muster@elsewhere.example"].into_iter().enumerate() {
            let mut answers = Vec::new();
            for n in 0..15 {
                let (answer, questions) = counter::count(sign_in(&app.visitor().at(&format!("203.0.{at}.{n}")), email, "falsch geraten")).await;
                answers.push((answer.status, answer.body, answer.headers.get("retry-after").cloned(), questions));
            }
            sequences.push(answers);
        }
        assert_eq!(sequences[0].iter().filter(|(status, ..)| *status == StatusCode::UNAUTHORIZED).count(), 10);
        assert!(sequences.iter().all(|answers| *answers == sequences[2]), "{sequences:?}");
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
        assert_eq!(sequences[0].iter().filter(|(status, ..)| *status == StatusCode::TOO_MANY_REQUESTS).count(), 15);
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
        // Other tests run meanwhile and blur even the middle of so many now and then. A hash more or less would show in all three.
        for measurement in 0..3 {
            let [known, unknown] = medians(app, [EMAIL, "nobody@company.example"], measurement).await;
            ratios.push(known / unknown);
            if (0.95..=1.05).contains(&(known / unknown)) {
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
        for _ in 0..20 {
            let answer = app.visitor().post_json(AcceptInvitation::PATH, &[("token", &token), ("press", "of one page")]).await;
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
        let session = |n| SessionId(Uuid::from_u128(n));
        for (purpose, whom, other, most) in [
            (Purpose::SecondFactor, Whom::Account(account), Whom::Account(other), 10),
            (Purpose::OwnPassword, Whom::SignedIn(account, session(1)), Whom::SignedIn(other, session(4)), 5),
            (Purpose::OwnPassword, Whom::SignedIn(account, session(2)), Whom::SignedIn(other, session(4)), 3),
            (Purpose::OwnPassword, Whom::SignedIn(account, session(3)), Whom::SignedIn(other, session(4)), 0),
        ] {
            let mut admitted = 0;
            for n in 0..200 {
                let caller = Caller::new(Some(format!("198.51.100.{}", n % 200).parse().unwrap()), String::new());
                match throttle::admit(&app.app, purpose, &caller, whom).await {
                    Ok(attempt) => {
                        attempt.failed().await;
                        admitted += 1;
                    }
                    Err(Error::TooMany { seconds }) => assert!(seconds > 0),
                    Err(other) => panic!("{other:?}"),
                }
                app.clock.advance(Duration::seconds(5));
            }
            assert_eq!(admitted, most, "{whom:?}");
            let attempt = throttle::admit(&app.app, purpose, &Caller::default(), other).await.unwrap();
            attempt.succeeded().await.unwrap();
        }
    }
}
