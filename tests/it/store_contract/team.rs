//! A manager's reports and their items.

use super::{id, person};
use crate::fixture::{TestApp, stories};
use antritt::{
    domain::{
        assignment::{Cause, State},
        ids::PersonId,
        locale::Locale,
        mail::MailKind,
        requirement::RequirementKind as Kind,
    },
    server::{
        store::{
            assignments,
            outbox::{self, PersonMail},
            people::{PersonKey, Scope},
            reminders,
            team::{self, Member},
        },
        zones,
    },
};
use time::{Duration, macros::date};

async fn members(app: &TestApp, manager: PersonId, after: Option<&PersonKey>, limit: i64) -> Vec<Member> {
    team::list(&mut app.read().await, manager, date!(2026 - 11 - 23), after, limit)
        .await
        .unwrap()
        .rows
}

async fn nudge(app: &TestApp, person: PersonId, kind: MailKind) {
    let mail = PersonMail {
        kind,
        person,
        recipient: "anna@home.example",
        language: Locale::De,
    };
    app.write(async |tx| outbox::insert_for_person(tx, app.now(), &mail).await).await.unwrap();
}

stories! {
    async fn reports_are_listed_by_name_and_page_without_leavers_and_strangers(app) {
        let boss = person(9, "Boss");
        app.insert_person(&boss).await.unwrap();
        for (n, name, end) in [(1, "Zoë", None), (2, "Anna", Some(date!(2026 - 11 - 23))), (3, "Gerd", Some(date!(2026 - 11 - 22))), (4, "Ärger", None)] {
            let mut report = person(n, name);
            report.manager_id = Some(boss.id);
            report.end_date = end;
            app.insert_person(&report).await.unwrap();
        }
        app.insert_person(&person(5, "Otto")).await.unwrap();
        let ids = |rows: &[Member]| rows.iter().map(|row| row.id.as_u128()).collect::<Vec<_>>();
        assert_eq!(ids(&members(app, boss.id, None, 9).await), [2, 4, 1]);
        let first = members(app, boss.id, None, 2).await;
        assert_eq!(ids(&first), [2, 4]);
        let key = (first[1].sort_name.clone(), PersonId(first[1].id));
        assert_eq!(ids(&members(app, boss.id, Some(&key), 2).await), [1]);
        assert_eq!(members(app, PersonId(id(1)), None, 9).await, []);
    }

    async fn items_are_those_of_the_page_each_with_what_stands_now(app) {
        let boss = person(9, "Boss");
        app.insert_person(&boss).await.unwrap();
        let mut team_of_three = [person(1, "Anna"), person(2, "Ben"), person(3, "Cem")];
        for report in &mut team_of_three {
            report.manager_id = Some(boss.id);
            app.insert_person(report).await.unwrap();
            app.insert_item(report, Kind::Training, State::Open, false).await;
        }
        let at = app.now();
        let policy = app.insert_item(&team_of_three[0], Kind::Policy, State::Done { submitted: None, at }, true).await;
        let before = assignments::find(&mut app.read().await, Scope::All, policy).await.unwrap().unwrap();
        let renewal = zones::deadline_on("Europe/Berlin", date!(2027 - 11 - 23));
        app.write(async |tx| assignments::insert_cycle(tx, &before, at.date(), renewal, Cause::Yearly, false).await).await.unwrap();
        let rows = members(app, boss.id, None, 9).await;
        let items = async |now, first: usize, last: usize| team::list_items(&mut app.read().await, boss.id, now, &rows[first], &rows[last]).await.unwrap();
        let of = async |now, first, last| items(now, first, last).await.into_iter().map(|item| (item.person.0.as_u128(), item.kind, item.cause)).collect::<Vec<_>>();
        assert_eq!(of(at, 1, 2).await, [(2, Kind::Training, Cause::First), (3, Kind::Training, Cause::First)]);
        let anna = items(at, 0, 0).await;
        assert_eq!(anna.len(), 3, "what was done stands beside its renewal: {anna:?}");
        assert!(anna.iter().any(|item| item.kind == Kind::Policy && item.late && item.title.is_some() && item.state == State::Done { submitted: None, at }));
        let later = of(renewal.due_at, 0, 0).await;
        assert_eq!(later.iter().filter(|(_, kind, _)| *kind == Kind::Policy).collect::<Vec<_>>(), [&(1, Kind::Policy, Cause::Yearly)], "a renewal that is due takes its place");
    }

    async fn the_last_nudge_is_the_last_mail_of_that_kind(app) {
        let boss = person(9, "Boss");
        let mut anna = person(1, "Anna");
        anna.manager_id = Some(boss.id);
        app.insert_person(&boss).await.unwrap();
        app.insert_person(&anna).await.unwrap();
        let last = async || team::last_nudge(&mut app.read().await, anna.id).await.unwrap();
        assert_eq!(last().await, None);
        nudge(app, anna.id, MailKind::Nudge).await;
        let first = app.now();
        app.clock.advance(Duration::days(1));
        nudge(app, anna.id, MailKind::Digest).await;
        assert_eq!(last().await, Some(first));
        assert_eq!(members(app, boss.id, None, 9).await[0].nudged_at, Some(first));
        assert_eq!(members(app, boss.id, None, 9).await[0].paused_until, None);
        app.write(async |tx| reminders::set_pause(tx, anna.id, Some(date!(2026 - 12 - 06))).await).await.unwrap();
        assert_eq!(members(app, boss.id, None, 9).await[0].paused_until, Some(date!(2026 - 12 - 06)));
        nudge(app, anna.id, MailKind::Nudge).await;
        assert_eq!(last().await, Some(app.now()));
        let rows = app.write(async |tx| outbox::lease(tx, app.now(), app.now() + Duration::minutes(2), 9).await).await.unwrap();
        assert!(rows.iter().all(|row| row.person_id == Some(anna.id.0) && row.recipient == "anna@home.example") && rows.len() == 3);
    }
}
