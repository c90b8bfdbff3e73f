//! Calendar addresses, and the days of HR's calendar.

use super::{id, is_stale, is_taken, person};
use crate::fixture::stories;
use antritt::{
    domain::{assignment::State, calendar::FeedKind, ids::AccountId, locale::Locale, requirement::RequirementKind as Kind, roles::Role},
    server::store::{
        calendar_feeds::{self, Opened},
        roles::{self, NewGrant},
    },
};
use time::{Duration, macros::date};

fn grant(account: AccountId, ends_at: Option<antritt::domain::Instant>) -> NewGrant<'static> {
    NewGrant {
        account,
        role: Role::Hr,
        reason: "x",
        ends_at,
        by: None,
        approved_by: None,
    }
}

stories! {
    async fn an_address_is_found_with_what_decides_whether_it_opens(app) {
        let mut anna = person(1, "Anna");
        anna.end_date = Some(date!(2027 - 01 - 31));
        app.insert_person(&anna).await.unwrap();
        let account = app.insert_account(10, Some(anna.id), "anna@home.example").await.unwrap();
        app.write(async |tx| roles::grant(tx, app.now(), &grant(account, Some(app.now() + Duration::days(1)))).await).await.unwrap();
        app.write(async |tx| calendar_feeds::insert(tx, app.now(), account, FeedKind::Own, b"own").await).await.unwrap();
        let find = async |now, hash: &'static [u8]| calendar_feeds::find(&mut app.read().await, now, hash).await.unwrap();
        let found = find(app.now(), b"own").await.unwrap();
        let expected = Opened {
            id: found.id, account, kind: FeedKind::Own, is_live: true, fetched_at: None, language: Locale::En, is_disabled: false, has_factor: false,
            roles: vec![Role::Hr], person: Some(anna.id), end_date: anna.end_date, time_zone: Some("Europe/Berlin".into()),
        };
        assert_eq!(found, expected);
        assert_eq!(find(app.now() + Duration::days(1), b"own").await.unwrap().roles, []);
        assert_eq!(find(app.now(), b"other").await, None);
    }

    async fn one_of_a_kind_is_live_and_what_has_ended_is_still_known(app) {
        let account = app.insert_account(10, None, "hr@firma.example").await.unwrap();
        let insert = async |kind, hash: &'static [u8]| app.write(async |tx| calendar_feeds::insert(tx, app.now(), account, kind, hash).await).await;
        let end = async |kind| app.write(async |tx| calendar_feeds::end(tx, app.now(), account, kind).await).await;
        assert!(is_stale(end(FeedKind::Hr).await));
        insert(FeedKind::Hr, b"one").await.unwrap();
        assert!(is_taken(insert(FeedKind::Hr, b"two").await));
        insert(FeedKind::Own, b"own").await.unwrap();
        end(FeedKind::Hr).await.unwrap();
        assert!(is_stale(end(FeedKind::Hr).await));
        assert!(is_taken(insert(FeedKind::Hr, b"one").await), "no token comes twice");
        insert(FeedKind::Hr, b"two").await.unwrap();
        let live = async |hash: &'static [u8]| calendar_feeds::find(&mut app.read().await, app.now(), hash).await.unwrap().unwrap().is_live;
        assert_eq!((live(b"one").await, live(b"two").await), (false, true));
        let feeds = calendar_feeds::list_of_account(&mut app.read().await, account).await.unwrap();
        assert_eq!(feeds.iter().map(|feed| (feed.kind, feed.fetched_at)).collect::<Vec<_>>(), [(FeedKind::Own, None), (FeedKind::Hr, None)]);
    }

    async fn reading_is_noted_and_an_account_or_person_ends_all(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let accounts = [app.insert_account(10, Some(anna.id), "a@home.example").await.unwrap(), app.insert_account(11, None, "b@home.example").await.unwrap()];
        for (account, hash) in accounts.into_iter().zip([b"a", b"b"]) {
            app.write(async |tx| calendar_feeds::insert(tx, app.now(), account, FeedKind::Own, hash).await).await.unwrap();
        }
        let list = async |account| calendar_feeds::list_of_account(&mut app.read().await, account).await.unwrap();
        let feed = calendar_feeds::find(&mut app.read().await, app.now(), b"a").await.unwrap().unwrap().id;
        app.write(async |tx| calendar_feeds::mark_fetched(tx, app.now(), feed).await).await.unwrap();
        assert_eq!(list(accounts[0]).await[0].fetched_at, Some(app.now()));
        app.write(async |tx| calendar_feeds::end_of_person(tx, app.now(), anna.id).await).await.unwrap();
        assert_eq!((list(accounts[0]).await.len(), list(accounts[1]).await.len()), (0, 1));
        app.write(async |tx| calendar_feeds::end_of_account(tx, app.now(), accounts[1]).await).await.unwrap();
        assert_eq!(list(accounts[1]).await, []);
    }

    async fn days_are_those_of_starts_and_of_what_is_left_once_a_person_and_day(app) {
        let (anna, ben) = (person(1, "Anna"), person(2, "Ben"));
        let mut gone = person(3, "Gerd");
        gone.end_date = Some(date!(2026 - 11 - 22));
        for one in [&anna, &ben, &gone] {
            app.insert_person(one).await.unwrap();
        }
        let at = app.now();
        // Due on 30 November, on 1 December (check), on 31 December (training).
        app.insert_item(&anna, Kind::Nda, State::Open, false).await;
        app.insert_item(&anna, Kind::BackgroundCheck, State::Waiting { since: at }, false).await;
        app.insert_item(&anna, Kind::Training, State::Open, false).await;
        app.insert_item(&ben, Kind::Nda, State::Waiting { since: at }, false).await;
        app.insert_item(&ben, Kind::Training, State::Done { submitted: None, at }, false).await;
        app.insert_item(&gone, Kind::Training, State::Open, false).await;
        let days = async |until, limit| {
            let rows = calendar_feeds::list_days(&mut app.read().await, date!(2026 - 11 - 01), until, date!(2026 - 11 - 23), limit).await.unwrap();
            rows.into_iter().map(|row| (row.day, row.starts, row.person_id, row.name)).collect::<Vec<_>>()
        };
        let row = |day, starts, n, name: &str| (day, starts, id(n), name.to_owned());
        let all = [
            row(date!(2026 - 11 - 30), false, 1, "Anna"),
            row(date!(2026 - 12 - 01), true, 1, "Anna"),
            row(date!(2026 - 12 - 01), true, 2, "Ben"),
            row(date!(2026 - 12 - 01), false, 1, "Anna"),
            row(date!(2026 - 12 - 31), false, 1, "Anna"),
        ];
        assert_eq!(days(date!(2026 - 12 - 31), 99).await, all);
        assert_eq!(days(date!(2026 - 12 - 30), 99).await, all[..4]);
        assert_eq!(days(date!(2026 - 12 - 31), 2).await, all[..2]);
    }
}
