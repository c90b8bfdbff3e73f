//! Second factors: what is accepted once, and whose it is.

use super::{id, is_stale, is_taken};
use crate::fixture::stories;
use antritt::{
    domain::{
        factor::FactorKind,
        ids::{AccountId, CeremonyId, FactorId},
    },
    server::store::{
        ceremonies::{self, Purpose},
        factors::{self, NewFactor},
    },
};
use time::Duration;

const fn factor(n: u128, account: AccountId, name: &str) -> NewFactor<'_> {
    NewFactor {
        id: FactorId(uuid::Uuid::from_u128(n)),
        account,
        name,
    }
}

stories! {
    async fn a_step_is_accepted_once_and_never_an_earlier_one(app) {
        let account = app.insert_account(1, None, "anna@firma.example").await.unwrap();
        app.write(async |tx| factors::insert_app(tx, app.now(), &factor(5, account, "Handy"), "GEZDGNBV", 100).await).await.unwrap();
        let accept = async |step| app.write(async |tx| factors::accept_step(tx, app.now(), FactorId(id(5)), step).await).await;
        assert!(is_stale(accept(100).await) && is_stale(accept(99).await));
        accept(101).await.unwrap();
        assert!(is_stale(accept(101).await));
        let apps = factors::list_apps(&mut app.read().await, account).await.unwrap();
        assert_eq!((apps.len(), apps[0].id, &*apps[0].secret, apps[0].last_step), (1, id(5), "GEZDGNBV", 101));
        let list = factors::list(&mut app.read().await, account).await.unwrap();
        assert_eq!((list[0].kind, &*list[0].name, list[0].used_at), (FactorKind::App, "Handy", Some(app.now())));
    }

    async fn a_passkey_is_found_by_its_credential_and_used_from_the_state_it_was_in(app) {
        let (anna, ben) = (app.insert_account(1, None, "anna@firma.example").await.unwrap(), app.insert_account(2, None, "ben@firma.example").await.unwrap());
        let insert = async |n, account, credential: &'static [u8]| app.write(async |tx| factors::insert_passkey(tx, app.now(), &factor(n, account, "Laptop"), credential, "one").await).await;
        insert(5, anna, b"c").await.unwrap();
        assert!(is_taken(insert(6, ben, b"c").await), "a credential belongs to one account");
        let row = factors::find_passkey(&mut app.read().await, b"c").await.unwrap().unwrap();
        assert_eq!((row.account_id, &*row.credential), (anna.0, "one"));
        let mark = async || app.write(async |tx| factors::mark_passkey_used(tx, app.now(), &row, "two").await).await;
        mark().await.unwrap();
        assert!(is_stale(mark().await), "decided on an older counter");
        assert_eq!(factors::list_passkeys(&mut app.read().await, anna).await.unwrap()[0].credential, "two");
        assert!(factors::find_passkey(&mut app.read().await, b"d").await.unwrap().is_none());
    }

    async fn factors_are_changed_by_their_owner_only(app) {
        let (anna, ben) = (app.insert_account(1, None, "anna@firma.example").await.unwrap(), app.insert_account(2, None, "ben@firma.example").await.unwrap());
        app.write(async |tx| factors::insert_app(tx, app.now(), &factor(5, anna, "Handy"), "GEZDGNBV", 1).await).await.unwrap();
        app.write(async |tx| factors::insert_passkey(tx, app.now(), &factor(6, anna, "Laptop"), b"c", "one").await).await.unwrap();
        let rename = async |account, n| app.write(async |tx| factors::rename(tx, account, FactorId(id(n)), "Neu").await).await;
        let delete = async |account, n| app.write(async |tx| factors::delete(tx, account, FactorId(id(n))).await).await;
        assert!(is_stale(rename(ben, 5).await) && is_stale(delete(ben, 6).await) && is_stale(rename(anna, 7).await));
        rename(anna, 5).await.unwrap();
        delete(anna, 6).await.unwrap();
        let count = async |account| factors::count(&mut app.read().await, account).await.unwrap();
        assert_eq!((count(anna).await, count(ben).await), (1, 0));
        app.write(async |tx| factors::hold(tx, anna).await).await.unwrap();
        assert_eq!(app.write(async |tx| factors::delete_all(tx, anna).await).await.unwrap(), 1);
        assert_eq!(count(anna).await, 0);
    }

    async fn a_recovery_code_is_used_once(app) {
        let (anna, ben) = (app.insert_account(1, None, "anna@firma.example").await.unwrap(), app.insert_account(2, None, "ben@firma.example").await.unwrap());
        app.write(async |tx| factors::insert_recovery_code(tx, app.now(), anna, b"hash").await).await.unwrap();
        let give = async |account| app.write(async |tx| factors::use_recovery_code(tx, app.now(), account, b"hash").await).await;
        let left = async || factors::count_recovery_codes(&mut app.read().await, anna).await.unwrap();
        assert!(is_stale(give(ben).await));
        assert_eq!(left().await, 1);
        give(anna).await.unwrap();
        assert!(is_stale(give(anna).await));
        assert_eq!(left().await, 0);
        app.write(async |tx| factors::delete_recovery_codes(tx, anna).await).await.unwrap();
        app.write(async |tx| factors::insert_recovery_code(tx, app.now(), anna, b"hash").await).await.unwrap();
        assert_eq!(left().await, 1);
    }

    async fn what_was_begun_is_finished_once_in_time_and_for_its_purpose(app) {
        let anna = app.insert_account(1, None, "anna@firma.example").await.unwrap();
        let end = app.now() + Duration::minutes(5);
        let begin = async |n, purpose, account| app.write(async |tx| ceremonies::insert(tx, CeremonyId(id(n)), purpose, account, "state", end).await).await.unwrap();
        let take = async |n, now, purpose| app.write(async |tx| ceremonies::take(tx, now, CeremonyId(id(n)), purpose).await).await.unwrap();
        let newest = async |now, purpose| ceremonies::find_newest(&mut app.read().await, now, purpose, anna).await.unwrap().map(|row| row.id);
        begin(5, Purpose::AddApp, Some(anna)).await;
        begin(6, Purpose::UsePasskey, None).await;
        assert_eq!((newest(app.now(), Purpose::AddApp).await, newest(app.now(), Purpose::AddPasskey).await, newest(end, Purpose::AddApp).await), (Some(id(5)), None, None));
        assert!(take(5, app.now(), Purpose::AddPasskey).await.is_none());
        assert!(take(5, end, Purpose::AddApp).await.is_none(), "the end is exclusive");
        let taken = take(5, app.now(), Purpose::AddApp).await.unwrap();
        assert_eq!((taken.account_id, &*taken.state), (Some(anna.0), "state"));
        assert!(take(5, app.now(), Purpose::AddApp).await.is_none());
        begin(7, Purpose::ShowCodes, Some(anna)).await;
        assert_eq!(app.write(async |tx| ceremonies::delete_of_account(tx, Purpose::ShowCodes, anna).await).await.unwrap(), 1);
        let forget = async |now| app.write(async |tx| ceremonies::delete_expired(tx, now).await).await.unwrap();
        assert_eq!((forget(end - Duration::seconds(1)).await, forget(end).await), (0, 1));
    }
}
