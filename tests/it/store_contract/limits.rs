//! Leaky buckets and security events.

use super::id;
use crate::fixture::stories;
use antritt::{
    domain::{Instant, audit::Action, ids::AccountId, security_event::Kind},
    server::store::{
        events::{self, Event},
        throttle,
    },
};
use serde_json::json;
use time::Duration;

fn event(n: u128, at: Instant, kind: Kind, account: Option<AccountId>) -> Event {
    Event {
        id: id(n),
        at,
        kind,
        account,
        subject: None,
        fingerprint: Some("0a1b2c3d".into()),
        times: 1,
    }
}

stories! {
    async fn a_bucket_takes_what_fits_leaks_and_gives_back(app) {
        let charge = async |now: i64| app.write(async |tx| throttle::charge(tx, b"one", now, 5, 15).await).await.unwrap();
        let find = async || throttle::find(&mut app.read().await, b"one").await.unwrap();
        assert_eq!(find().await, None);
        assert_eq!([charge(100).await, charge(100).await, charge(100).await, charge(100).await], [true, true, true, false]);
        assert_eq!(find().await, Some(115), "what did not fit was not counted");
        assert_eq!([charge(104).await, charge(105).await, charge(105).await], [false, true, false]);
        app.write(async |tx| throttle::refund(tx, b"one", 5).await).await.unwrap();
        assert_eq!([charge(105).await, charge(105).await], [true, false]);
        assert!(charge(1_000).await);
        assert_eq!(find().await, Some(1_005), "time that passed is not saved up");
        app.write(async |tx| throttle::charge(tx, b"two", 2_000, 5, 15).await).await.unwrap();
        let forget = async |now: i64| app.write(async |tx| throttle::delete_empty(tx, now).await).await.unwrap();
        assert_eq!([forget(1_004).await, forget(1_005).await, forget(2_004).await], [0, 1, 0]);
        assert!(charge(1_500).await && charge(1_500).await && charge(1_500).await);
        assert_eq!([charge(1_499).await, charge(1_000).await], [false, false], "whose clock is behind gets nothing for it");
        assert!(charge(5_000).await && charge(100).await, "the clock was put back");
        assert_eq!(find().await, Some(105));
    }

    async fn of_many_that_charge_at_once_only_as_many_succeed_as_fit(app) {
        let charge = async || app.write(async |tx| throttle::charge(tx, b"one", 100, 5, 15).await).await.unwrap();
        let all = futures::future::join_all((0..12).map(|_| charge())).await;
        assert_eq!(all.into_iter().filter(|charged| *charged).count(), 3);
    }

    async fn events_count_up_and_are_listed_newest_first(app) {
        let (now, later) = (app.now(), app.now() + Duration::seconds(1));
        let kim = app.insert_account(10, None, "kim@firma.example").await.unwrap();
        let write = async |event: Event| app.write(async |tx| events::upsert(tx, &event).await).await;
        write(event(1, now, Kind::SignInFailed, Some(kim))).await.unwrap();
        write(event(2, now, Kind::AccessDenied, None)).await.unwrap();
        write(event(3, later, Kind::SignInFailed, None)).await.unwrap();
        write(Event { times: 2, ..event(1, now, Kind::SignInFailed, Some(kim)) }).await.unwrap();
        assert!(write(event(4, now, Kind::SignInFailed, Some(AccountId(id(99))))).await.is_err());
        let list = async |kind, before, limit| {
            let rows = events::list(&mut app.read().await, kind, before, limit).await.unwrap();
            rows.into_iter().map(|row| (row.id.as_u128(), row.times, row.account_name)).collect::<Vec<_>>()
        };
        let name = Some("Kim Konto".to_owned());
        assert_eq!(list(None, None, 9).await, [(3, 1, None), (2, 1, None), (1, 3, name.clone())]);
        assert_eq!(list(None, Some((now, id(2))), 9).await, [(1, 3, name.clone())]);
        assert_eq!(list(Some(Kind::SignInFailed), None, 1).await, [(3, 1, None)]);
        assert_eq!(list(Some(Kind::SignInFailed), Some((later, id(3))), 9).await, [(1, 3, name)]);
        for change in ["kind = 'x'", "fingerprint = null", "times = times - 1", "account_id = null"] {
            assert!(app.tamper(&format!("update security_event set {change}")).await.is_err(), "{change}");
        }
        let forget = async |before| app.write(async |tx| events::delete_older_than(tx, before).await).await.unwrap();
        assert_eq!([forget(now).await, forget(later).await, forget(later).await], [0, 2, 0]);
    }

    async fn entries_of_the_trail_are_found_by_their_actions(app) {
        app.account("kim@firma.example", Some(antritt::domain::roles::Role::Hr), None).await;
        let list = async |actions: &[Action], before, limit| {
            let words: Vec<_> = actions.iter().map(|action| action.as_str()).collect();
            events::list_entries(&mut app.read().await, &json!(words).to_string(), before, limit).await.unwrap()
        };
        let both = list(&[Action::AccountCreated, Action::RoleGranted], None, 9).await;
        let actions: Vec<_> = both.iter().map(|row| (&*row.action, row.actor_name.as_deref(), row.account_name.as_deref())).collect();
        assert_eq!(actions, [("role.granted", None, Some("Kim Konto")), ("account.created", None, Some("Kim Konto"))]);
        assert_eq!(list(&[Action::RoleGranted], None, 9).await, both[..1]);
        assert_eq!(list(&[Action::AccountCreated, Action::RoleGranted], Some(both[0].seq), 9).await, both[1..]);
        assert_eq!(list(&[Action::AccountCreated, Action::RoleGranted], None, 1).await, both[..1]);
        assert_eq!(list(&[], None, 9).await, []);
    }
}
