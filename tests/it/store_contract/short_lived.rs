//! What is not kept: links and uploads, and the connection itself.

use super::{id, is_stale, is_taken, person};
use crate::fixture::{Db, TestApp, stories};
use antritt::{
    domain::ids::{ImportId, InvitationId, PasswordResetId},
    server::{
        config::Key,
        store::{Durability, Store, dialect, imports, invitations, kept_forms, password_resets},
        vault::Vault,
    },
};
use time::Duration;

stories! {
    async fn a_link_can_be_used_once_before_it_expires_or_is_revoked(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let end = app.now() + Duration::days(14);
        let insert = async |n: u128, hash: &'static [u8]| app.write(async |tx| invitations::insert(tx, app.now(), InvitationId(id(n)), anna.id, hash, None, end).await).await;
        let mark = async |n: u128, now| app.write(async |tx| invitations::mark_used(tx, now, InvitationId(id(n))).await).await;
        let find = async |hash: &'static [u8]| invitations::find(&mut app.read().await, hash).await.unwrap();
        assert_eq!(invitations::newest(&mut app.read().await, anna.id).await.unwrap(), None);
        insert(1, b"one").await.unwrap();
        assert!(is_taken(insert(2, b"one").await));
        assert!(is_stale(mark(1, end).await), "the end is exclusive");
        mark(1, end - Duration::seconds(1)).await.unwrap();
        assert!(is_stale(mark(1, app.now()).await));
        app.clock.advance(Duration::minutes(1));
        insert(3, b"three").await.unwrap();
        assert_eq!(find(b"one").await.unwrap().revoked_at, None, "a used link stays used");
        app.clock.advance(Duration::minutes(1));
        insert(4, b"four").await.unwrap();
        assert!(find(b"three").await.unwrap().revoked_at.is_some() && is_stale(mark(3, app.now()).await));
        assert_eq!(invitations::newest(&mut app.read().await, anna.id).await.unwrap(), find(b"four").await);
        app.write(async |tx| invitations::revoke_of_person(tx, app.now(), anna.id).await).await.unwrap();
        assert!(is_stale(mark(4, app.now()).await));
        assert_eq!(find(b"five").await, None);
    }

    async fn a_link_for_a_new_password_works_once_until_it_expires_or_a_newer_one_comes(app) {
        let (account, other) = (app.insert_account(10, None, "a@firma.example").await.unwrap(), app.insert_account(11, None, "b@firma.example").await.unwrap());
        let end = app.now() + Duration::minutes(30);
        let insert = async |n: u128, account, hash: &'static [u8]| app.write(async |tx| password_resets::insert(tx, app.now(), PasswordResetId(id(n)), account, hash, end).await).await;
        let mark = async |n: u128, now| app.write(async |tx| password_resets::mark_used(tx, now, PasswordResetId(id(n))).await).await;
        let find = async |hash: &'static [u8]| password_resets::find(&mut app.read().await, hash).await.unwrap();
        let newest = async |account| password_resets::find_newest_at(&mut app.read().await, account).await.unwrap();
        assert_eq!(newest(account).await, None);
        insert(1, account, b"one").await.unwrap();
        insert(2, other, b"other").await.unwrap();
        assert!(is_taken(insert(3, account, b"one").await));
        assert!(is_stale(mark(1, end).await), "the end is exclusive");
        mark(1, end - Duration::seconds(1)).await.unwrap();
        assert!(is_stale(mark(1, app.now()).await));
        app.clock.advance(Duration::minutes(1));
        insert(4, account, b"four").await.unwrap();
        assert_eq!((newest(account).await, newest(other).await), (Some(app.now()), Some(app.now() - Duration::minutes(1))));
        assert_eq!(find(b"one").await.unwrap().revoked_at, None, "a used link stays used");
        assert_eq!(find(b"other").await.unwrap().revoked_at, None);
        app.write(async |tx| password_resets::revoke_of_account(tx, app.now(), account).await).await.unwrap();
        assert!(find(b"four").await.unwrap().revoked_at.is_some() && is_stale(mark(4, app.now()).await));
        let row = find(b"other").await.unwrap();
        assert_eq!((row.id, row.account_id, row.expires_at, row.used_at), (id(2), other.0, end, None));
        let disabled = if app.db == Db::Sqlite { "'2026-11-23T09:00:00Z'" } else { "'2026-11-23 09:00:00Z'" };
        app.tamper(&format!("update account set disabled_at = {disabled}")).await.unwrap();
        assert_eq!(find(b"other").await, None);
    }

    async fn an_upload_belongs_to_its_account_replaces_the_last_and_is_applied_once(app) {
        let (hr, other) = (app.insert_account(10, None, "hr@firma.example").await.unwrap(), app.insert_account(11, None, "hr2@firma.example").await.unwrap());
        let upload = async |n: u128| app.write(async |tx| imports::insert(tx, app.now(), ImportId(id(n)), hr, "liste.csv", b"a;b").await).await.unwrap();
        let find = async |n: u128, account| imports::find(&mut app.read().await, ImportId(id(n)), account).await.unwrap();
        upload(1).await;
        upload(2).await;
        assert_eq!(find(1, hr).await, None, "only the last upload is kept");
        assert_eq!(find(2, hr).await.unwrap().content, b"a;b");
        assert_eq!(find(2, other).await, None);
        let apply = async || app.write(async |tx| imports::mark_applied(tx, app.now(), ImportId(id(2))).await).await;
        apply().await.unwrap();
        assert!(is_stale(apply().await));
        let applied = find(2, hr).await.unwrap();
        assert_eq!((applied.applied_at, applied.content.len()), (Some(app.now()), 0));
        let forget = async |before| app.write(async |tx| imports::delete_older_than(tx, before).await).await.unwrap();
        assert_eq!((forget(app.now()).await, forget(app.now() + Duration::seconds(1)).await), (0, 1));
    }

    async fn what_was_typed_is_kept_once_per_account(app) {
        let (anna, ben) = (app.insert_account(1, None, "anna@firma.example").await.unwrap(), app.insert_account(2, None, "ben@firma.example").await.unwrap());
        let keep = async |account, n, content: &str| app.write(async |tx| kept_forms::upsert(tx, app.now(), account, id(n), content).await).await.unwrap();
        let find = async |account, n| kept_forms::find(&mut app.read().await, account, id(n)).await.unwrap();
        keep(anna, 5, "one").await;
        keep(anna, 6, "two").await;
        keep(ben, 7, "three").await;
        assert_eq!((find(anna, 5).await, find(anna, 6).await.as_deref(), find(ben, 6).await), (None, Some("two"), None));
        let forget = async |before| app.write(async |tx| kept_forms::delete_older_than(tx, before).await).await.unwrap();
        assert_eq!((forget(app.now()).await, forget(app.now() + Duration::seconds(1)).await), (0, 2));
    }

    async fn migrating_twice_is_migrating_once(app) {
        assert!(app.store.is_migrated().await.unwrap());
        let newest = dialect::newest_migration(&mut app.read().await).await.unwrap();
        app.store.migrate().await.unwrap();
        assert_eq!(dialect::newest_migration(&mut app.read().await).await.unwrap(), newest);
        assert_eq!(dialect::sqlite_version(&mut app.read().await).await.unwrap().is_some(), app.db == Db::Sqlite);
        let forget = format!("delete from _sqlx_migrations where version = {}", newest.unwrap());
        app.tamper(&forget).await.unwrap();
        assert!(!app.store.is_migrated().await.unwrap());
    }
}

#[tokio::test]
async fn an_empty_database_has_no_migration() {
    let store = Store::connect("sqlite::memory:", Durability::Off, Vault::new(&Key::from_secret(b"any"))).await;
    if let Ok(store) = store {
        assert!(store.begin().await.is_ok());
        store.close().await;
    }
}

#[tokio::test]
async fn readers_of_sqlite_cannot_write() {
    let app = TestApp::new(Db::Sqlite).await;
    let Store::Sqlite { readers, .. } = &app.store else { panic!() };
    assert!(sqlx::query("delete from session").execute(readers).await.is_err());
    app.finish().await;
}
