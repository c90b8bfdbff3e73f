//! Sessions: whose they are, how they end, and what their holder sees of them.

use super::{id, is_stale, is_taken, person};
use crate::fixture::stories;
use antritt::{
    domain::{
        Instant,
        evidence::Origin,
        ids::{AccountId, SessionId},
        roles::Role,
    },
    server::store::{
        accounts,
        roles::{self, NewGrant},
        sessions::{self, Alive, NewSession},
    },
};
use std::sync::LazyLock;
use time::Duration;

static PHONE: LazyLock<Origin> = LazyLock::new(|| Origin {
    ip: "203.0.113.7".into(),
    user_agent: "phone".into(),
});

/// A session whose public id is made of its hash.
pub fn session(hash: &'static [u8], account: AccountId, expires_at: Instant) -> NewSession<'static> {
    NewSession {
        id: session_id(hash),
        id_hash: hash,
        account,
        expires_at,
        second_factor: false,
        origin: &PHONE,
    }
}

fn session_id(hash: &[u8]) -> SessionId {
    SessionId(id(hash.iter().fold(0, |sum, byte| sum * 256 + u128::from(*byte))))
}

pub async fn end_all(tx: &mut antritt::server::store::Tx, account: AccountId) -> antritt::server::store::Result<u64> {
    sessions::delete_of_account(tx, account, None).await
}

/// Half an hour without use ends a session with rights.
pub fn alive(now: Instant) -> Alive {
    Alive {
        now,
        idle_since: now - Duration::minutes(30),
    }
}

pub const fn plain(account: AccountId, role: Role) -> NewGrant<'static> {
    NewGrant {
        account,
        role,
        reason: "",
        ends_at: None,
        by: None,
        approved_by: None,
    }
}

stories! {
    async fn a_session_shows_every_role_the_account_holds_now(app) {
        let account = app.insert_account(10, None, "a@firma.example").await.unwrap();
        let end = app.now() + Duration::hours(8);
        app.write(async |tx| {
            roles::grant(tx, app.now(), &plain(account, Role::Hr)).await?;
            roles::grant(tx, app.now(), &plain(account, Role::Hr)).await?;
            roles::grant(tx, app.now(), &plain(account, Role::Auditor)).await?;
            sessions::insert(tx, app.now(), &session(b"hash", account, end)).await
        }).await.unwrap();
        let find = async |now| sessions::find(&mut app.read().await, Alive { now, idle_since: app.now() - Duration::HOUR }, b"hash").await.unwrap();
        let mut roles: Vec<_> = find(app.now()).await.into_iter().filter_map(|row| row.role).collect();
        roles.sort();
        assert_eq!(roles, ["auditor", "hr"]);
        assert!(find(end).await.is_empty(), "the end is exclusive");
        assert_eq!(find(end - Duration::seconds(1)).await.len(), 2);
        assert!(sessions::find(&mut app.read().await, alive(app.now()), b"other").await.unwrap().is_empty());
        assert!(is_taken(app.write(async |tx| sessions::insert(tx, app.now(), &session(b"hash", account, end)).await).await));
    }

    async fn sessions_end_by_sign_out_by_leaving_and_by_time(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let mut ben = person(2, "Ben");
        ben.manager_id = Some(anna.id);
        app.insert_person(&ben).await.unwrap();
        let account = app.insert_account(10, Some(anna.id), "anna@home.example").await.unwrap();
        let end = app.now() + Duration::hours(1);
        let insert = async |hash: &'static [u8]| app.write(async |tx| sessions::insert(tx, app.now(), &session(hash, account, end)).await).await.unwrap();
        let live = async |hash: &'static [u8]| sessions::find(&mut app.read().await, alive(app.now()), hash).await.unwrap();
        insert(b"one").await;
        insert(b"two").await;
        insert(b"three").await;
        let row = &live(b"one").await[0];
        assert_eq!((row.person_id, row.has_password, row.has_reports, &row.role), (Some(anna.id.0), false, true, &None));
        app.write(async |tx| sessions::delete(tx, b"one").await).await.unwrap();
        assert!(live(b"one").await.is_empty() && !live(b"two").await.is_empty());
        assert_eq!(app.write(async |tx| sessions::delete_expired(tx, end - Duration::seconds(1)).await).await.unwrap(), 0);
        app.write(async |tx| sessions::delete_of_person(tx, anna.id).await).await.unwrap();
        assert!(live(b"two").await.is_empty());
        insert(b"four").await;
        assert_eq!(app.write(async |tx| sessions::delete_expired(tx, end).await).await.unwrap(), 1);
    }

    async fn a_disabled_account_has_no_live_session(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let account = app.insert_account(10, Some(anna.id), "anna@home.example").await.unwrap();
        app.write(async |tx| sessions::insert(tx, app.now(), &session(b"one", account, app.now() + Duration::hours(1))).await).await.unwrap();
        app.write(async |tx| accounts::disable_of_person(tx, app.now(), anna.id).await).await.unwrap();
        assert!(sessions::find(&mut app.read().await, alive(app.now()), b"one").await.unwrap().is_empty());
    }

    async fn a_session_with_rights_ends_when_nobody_uses_it(app) {
        let (anna, hr) = (app.insert_account(10, None, "a@firma.example").await.unwrap(), app.insert_account(11, None, "hr@firma.example").await.unwrap());
        let end = app.now() + Duration::hours(8);
        app.write(async |tx| {
            roles::grant(tx, app.now(), &plain(hr, Role::Hr)).await?;
            sessions::insert(tx, app.now(), &session(b"plain", anna, end)).await?;
            sessions::insert(tx, app.now(), &session(b"hr", hr, end)).await
        }).await.unwrap();
        let at = async |minutes, hash: &'static [u8]| sessions::find(&mut app.read().await, alive(app.now() + Duration::minutes(minutes)), hash).await.unwrap().len();
        assert_eq!((at(29, b"hr").await, at(30, b"hr").await, at(30, b"plain").await), (1, 0, 1));
        let tablet = Origin { ip: "198.51.100.4".into(), user_agent: "tablet".into() };
        let seen = app.now() + Duration::minutes(20);
        app.write(async |tx| sessions::mark_seen(tx, seen, session_id(b"hr"), &tablet).await).await.unwrap();
        app.write(async |tx| sessions::mark_seen(tx, app.now(), session_id(b"hr"), &PHONE).await).await.unwrap();
        assert_eq!((at(49, b"hr").await, at(50, b"hr").await), (1, 0), "a request that is late does not turn the clock back");
        let list = async |minutes| sessions::list_of_account(&mut app.read().await, alive(app.now() + Duration::minutes(minutes)), hr).await.unwrap();
        let own = &list(49).await[0];
        assert_eq!((own.id, own.seen_at, &*own.ip, &*own.user_agent), (session_id(b"hr").0, seen, "198.51.100.4", "tablet"));
        assert!(list(50).await.is_empty());
        app.write(async |tx| sessions::mark_seen(tx, end, session_id(b"hr"), &PHONE).await).await.unwrap();
        assert!(list(480).await.is_empty(), "one that has ended stays ended");
    }

    async fn one_session_or_all_but_one_can_be_ended(app) {
        let (anna, ben) = (app.insert_account(10, None, "a@firma.example").await.unwrap(), app.insert_account(11, None, "b@firma.example").await.unwrap());
        let end = app.now() + Duration::hours(8);
        for (hash, account) in [(&b"one"[..], anna), (b"two", anna), (b"three", anna), (b"four", ben)] {
            app.write(async |tx| sessions::insert(tx, app.now(), &session(hash, account, end)).await).await.unwrap();
        }
        let end_one = async |account, hash: &'static [u8]| app.write(async |tx| sessions::delete_one(tx, account, session_id(hash)).await).await;
        assert!(is_stale(end_one(anna, b"four").await), "somebody else's");
        end_one(anna, b"one").await.unwrap();
        assert!(is_stale(end_one(anna, b"one").await));
        let end_all = async |except| app.write(async |tx| sessions::delete_of_account(tx, anna, except).await).await.unwrap();
        assert_eq!((end_all(Some(session_id(b"two"))).await, end_all(None).await, end_all(None).await), (1, 1, 0));
        assert_eq!(sessions::list_of_account(&mut app.read().await, alive(app.now()), ben).await.unwrap().len(), 1);
    }
}
