//! A manager's team: what is seen of it and what is not, and the nudge.

use crate::fixture::{TestApp, client::Client, people::NewPerson, stories};
use antritt::{
    api::{done::Said, error::ApiError, people::RecordLastDay, reminders::PauseReminders, team::Nudge},
    domain::{assignment::State, ids::PersonId, problem::Conflict, requirement::RequirementKind as Kind},
    server::store::{assignments, people},
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use time::{Duration, macros::datetime};

/// A manager with one report.
struct Cast {
    boss: PersonId,
    anna: PersonId,
    /// The browsers of both.
    at_boss: Client,
    at_anna: Client,
}

async fn cast(app: &TestApp) -> Cast {
    let boss = app
        .add(&NewPerson {
            work_email: "boss@firma.example",
            start_date: "2026-11-02",
            ..NewPerson::named("Berta Boss")
        })
        .await;
    let anna = app
        .add(&NewPerson {
            manager_email: "boss@firma.example",
            work_email: "anna@firma.example",
            ..NewPerson::named("Anna Muster")
        })
        .await;
    Cast {
        boss,
        anna,
        at_boss: app.sign_in_by_link(boss).await,
        at_anna: app.sign_in_by_link(anna).await,
    }
}

async fn nudge(client: &Client, person: PersonId) -> crate::fixture::client::Answer {
    client.post_form(Nudge::PATH, &[("person", &person.to_string())]).await
}

async fn nudges(app: &TestApp) -> Vec<antritt::server::service::mail::Mail> {
    let mails = app.mails().await.into_iter().map(|delivered| delivered.mail);
    mails.filter(|mail| mail.text.contains("freundlich an Ihre Checkliste")).collect()
}

stories! {
    async fn a_manager_sees_what_is_passed_and_when_and_what_is_left_and_by_when(app) {
        let Cast { boss: manager, anna, at_boss: boss, at_anna: own } = cast(app).await;
        app.sign_nda(&own, anna).await.said();
        app.hr().await.post_form("/api/nda/confirm", &[("id", &app.nda(anna).await.id.to_string())]).await.said();
        let page = boss.get("/team").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(&format!("/people/{anna}")) && page.body.contains("Anna Muster"));
        assert!(page.body.contains("23.11.2026"), "when the NDA was signed: {}", page.body);
        assert!(page.body.contains("1 von"), "{}", page.body);
        app.clock.advance(Duration::days(60));
        let page = app.signed_in_person(manager).await.get("/team").await.body;
        assert!(page.contains("überfällig"), "{page}");
    }

    async fn nothing_tells_a_manager_how_a_check_stands(app) {
        let Cast { anna, at_boss: boss, .. } = cast(app).await;
        let check = app.item(anna, Kind::BackgroundCheck).await.id;
        let shown = async || boss.get("/team").await.body.split("class=\"team\"").nth(1).unwrap().split("</main>").next().unwrap().to_owned();
        let before = shown().await;
        let at = app.now();
        let steps = [State::Open, State::Waiting { since: at }, State::Failed { at }];
        for step in steps.windows(2) {
            app.write(async |tx| assignments::update_state(tx, check, step[0], step[1], false).await).await.unwrap();
            assert_eq!(shown().await, before, "{:?}", step[1]);
        }
        let after = boss.get("/team").await.body;
        for secret in ["anna.muster@home.example", "anna@firma.example"] {
            assert!(!after.contains(secret), "{secret}");
        }
    }

    async fn only_ones_own_reports_who_are_still_here_are_seen(app) {
        let Cast { anna, at_boss: boss, at_anna: own, .. } = cast(app).await;
        let below = app.add(&NewPerson { manager_email: "anna@firma.example", ..NewPerson::named("Ben Unten") }).await;
        let stranger = app.person("Otto Anders", "2026-12-01", "Europe/Berlin").await;
        let page = boss.get("/team").await.body;
        assert!(!page.contains("Ben Unten") && !page.contains("Otto Anders"));
        assert!(own.get("/team").await.body.contains("Ben Unten"), "Anna has a report by now");
        assert_eq!(app.sign_in_by_link(stranger).await.get("/team").await.status, StatusCode::NOT_FOUND);
        assert_eq!(app.hr().await.get("/team").await.status, StatusCode::NOT_FOUND, "HR has no team by its role");
        for (client, person) in [(&boss, below), (&boss, stranger), (&own, anna)] {
            assert_eq!(nudge(client, person).await.refusal(), ApiError::NotFound);
        }
        app.hr().await.post_form(RecordLastDay::PATH, &[("id", &*anna.to_string()), ("end_date", "2026-11-20")]).await.said();
        assert!(!boss.get("/team").await.body.contains("Anna Muster"));
        assert_eq!(nudge(&boss, anna).await.refusal(), ApiError::Conflict(Conflict::Ended));
    }

    async fn a_nudge_is_one_polite_mail_and_stands_on_the_timeline(app) {
        let Cast { anna, at_boss: boss, .. } = cast(app).await;
        let answer = nudge(&boss, anna).await;
        assert_eq!((answer.said(), answer.location()), (Said::Nudged { name: "Anna Muster".into() }, "/team"));
        let mails = nudges(app).await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].recipient, "anna.muster@home.example", "she has not started, so at home");
        assert!(mails[0].text.contains("Berta Boss") && mails[0].text.contains("/checklist") && !mails[0].text.contains('!'), "{}", mails[0].text);
        let timeline = app.hr().await.get(&format!("/people/{anna}")).await.body;
        assert!(timeline.contains("Reminded of the checklist by the manager") && timeline.contains("Berta Boss"), "{timeline}");
        assert!(boss.get("/team").await.body.contains("Am 23.11.2026 erinnert"));
    }

    async fn nobody_is_nudged_twice_within_three_days_whoever_asks(app) {
        let Cast { boss: manager, anna, at_boss: boss, .. } = cast(app).await;
        let (one, other) = tokio::join!(nudge(&boss, anna), nudge(&boss, anna));
        let said = [one, other].into_iter().filter(|answer| matches!(answer.flash(), Some(antritt::api::flash::Flash::Said(_)))).count();
        assert_eq!(said, 1, "of a double press, one counts");
        app.clock.advance(Duration::days(3) - Duration::seconds(1));
        let boss = app.signed_in_person(manager).await;
        assert_eq!(nudge(&boss, anna).await.refusal(), ApiError::Conflict(Conflict::NudgedLately));
        app.clock.advance(Duration::seconds(1));
        nudge(&boss, anna).await.said();
        assert_eq!(nudges(app).await.len(), 2);
    }

    async fn nobody_is_nudged_while_hr_pauses_reminders(app) {
        let Cast { boss: manager, anna, at_boss: boss, .. } = cast(app).await;
        assert!(boss.get("/team").await.body.contains(Nudge::PATH));
        let pause = [("id", &*anna.to_string()), ("until", "2026-11-26"), ("reason", "Trauerfall")];
        app.hr().await.post_form(PauseReminders::PATH, &pause).await.said();
        let page = boss.get("/team").await.body;
        assert!(!page.contains(Nudge::PATH) && !page.contains("Trauerfall"), "{page}");
        assert_eq!(nudge(&boss, anna).await.refusal(), ApiError::Conflict(Conflict::RemindersPaused));
        app.clock.set(datetime!(2026-11-26 22:59:59 UTC));
        let boss = app.signed_in_person(manager).await;
        assert_eq!(nudge(&boss, anna).await.refusal(), ApiError::Conflict(Conflict::RemindersPaused), "its last day is where she works");
        assert_eq!(nudges(app).await, []);
        app.clock.advance(Duration::seconds(1));
        assert!(boss.get("/team").await.body.contains(Nudge::PATH));
        nudge(&boss, anna).await.said();
        assert_eq!(nudges(app).await.len(), 1);
    }

    async fn whoever_has_nothing_to_do_is_not_nudged(app) {
        let Cast { anna, at_boss: boss, at_anna: own, .. } = cast(app).await;
        app.sign_nda(&own, anna).await.said();
        for policy in app.items(anna).await.iter().filter(|item| item.kind == Kind::Policy) {
            app.accept_policy(&own, policy).await.said();
        }
        app.hand_in(&own, anna, 8).await.said();
        let manager = app.item(anna, Kind::PasswordManager).await.id.to_string();
        own.post_form("/api/password-manager/declare", &[("id", &manager)]).await.said();
        assert_eq!(nudge(&boss, anna).await.refusal(), ApiError::Conflict(Conflict::NothingToDo), "what is left waits for HR");
        assert!(!boss.get("/team").await.body.contains(Nudge::PATH));
        assert_eq!(nudges(app).await, []);
    }

    async fn a_nudge_reaches_people_at_work_once_they_are_there_and_a_former_manager_nobody(app) {
        let Cast { boss: manager, anna, .. } = cast(app).await;
        app.clock.advance(Duration::days(10));
        let boss = app.signed_in_person(manager).await;
        nudge(&boss, anna).await.said();
        assert_eq!(nudges(app).await[0].recipient, "anna@firma.example");
        app.clock.advance(Duration::days(3));
        let other = app.person("Otto Anders", "2026-12-01", "Europe/Berlin").await;
        app.add(&NewPerson { manager_email: "boss@firma.example", ..NewPerson::named("Ben Bote") }).await;
        app.write(async |tx| people::set_manager(tx, anna, Some(other)).await).await.unwrap();
        let boss = app.signed_in_person(manager).await;
        assert_eq!(nudge(&boss, anna).await.refusal(), ApiError::NotFound);
    }
}
