//! The outbox: each mail belongs to one sender at a time.

use super::{id, is_stale, person};
use crate::fixture::{Db, TestApp, stories};
use antritt::{
    domain::{
        ids::{InvitationId, PasswordResetId},
        locale::Locale,
        mail::MailKind,
    },
    server::store::{
        invitations,
        outbox::{self, AccountMail},
        password_resets,
    },
};
use std::collections::HashSet;
use time::Duration;
use uuid::Uuid;

/// Queues mails to one person, one per second.
/// Mails to as many people: a newer link of the same person would revoke the older ones.
async fn queue_each(app: &TestApp, count: u128) {
    for n in 0..count {
        let someone = person(n + 1, "Anna");
        app.insert_person(&someone).await.unwrap();
        let link = InvitationId(id(100 + n));
        app.write(async |tx| {
            invitations::insert(
                tx,
                app.now(),
                link,
                someone.id,
                &[u8::try_from(n).unwrap()],
                None,
                app.now() + Duration::days(14),
            )
            .await?;
            outbox::insert_invitation(tx, app.now(), someone.id, link, "someone@home.example", Locale::De).await
        })
        .await
        .unwrap();
        app.clock.advance(Duration::seconds(1));
    }
}

async fn queue(app: &TestApp, count: u128) {
    let anna = person(1, "Anna");
    app.insert_person(&anna).await.unwrap();
    for n in 0..count {
        let link = InvitationId(id(100 + n));
        app.write(async |tx| {
            invitations::insert(tx, app.now(), link, anna.id, &[u8::try_from(n).unwrap()], None, app.now() + Duration::days(14)).await?;
            outbox::insert_invitation(tx, app.now(), anna.id, link, "person1@home.example", Locale::De).await
        })
        .await
        .unwrap();
        app.clock.advance(Duration::seconds(1));
    }
}

async fn lease(app: &TestApp, limit: i64) -> Vec<Uuid> {
    let until = app.now() + Duration::minutes(2);
    let rows = app.write(async |tx| outbox::lease(tx, app.now(), until, limit).await).await.unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

stories! {
    async fn a_mail_whose_link_is_dead_is_not_sent_any_more(app) {
        queue(app, 3).await;
        assert_eq!(lease(app, 9).await.len(), 1, "only the newest link works");
        app.clock.advance(Duration::days(14));
        assert!(lease(app, 9).await.is_empty());
    }

    async fn mail_to_an_account_needs_no_link_and_a_dead_one_is_not_sent(app) {
        let account = app.insert_account(10, None, "a@firma.example").await.unwrap();
        let end = app.now() + Duration::minutes(30);
        let queue = async |kind, reset| {
            let mail = AccountMail { kind, account, person: None, reset, recipient: "a@firma.example", language: Locale::En, note: "Firefox on Linux" };
            app.write(async |tx| outbox::insert_for_account(tx, app.now(), &mail).await).await.unwrap();
        };
        for n in [1, 2] {
            let reset = PasswordResetId(id(n));
            app.write(async |tx| password_resets::insert(tx, app.now(), reset, account, &[u8::try_from(n).unwrap()], end).await).await.unwrap();
            queue(MailKind::PasswordReset, Some(reset)).await;
        }
        queue(MailKind::PasswordChanged, None).await;
        let rows = app.write(async |tx| outbox::lease(tx, app.now(), app.now(), 9).await).await.unwrap();
        let mut sent: Vec<_> = rows.iter().map(|row| (&*row.kind, row.account_id, row.password_reset_id, &*row.note)).collect();
        sent.sort_unstable();
        assert_eq!(sent, [("password_changed", Some(account.0), None, "Firefox on Linux"), ("password_reset", Some(account.0), Some(id(2)), "Firefox on Linux")]);
        let listed = outbox::list(&mut app.read().await, app.now(), None, 9).await.unwrap().rows;
        assert_eq!(listed.iter().filter(|row| row.live && row.name.as_deref() == Some("Kim Konto")).count(), 2);
        assert!(listed.iter().all(|row| !row.private), "it is nobody's private address");
        app.clock.set(end);
        assert_eq!(lease(app, 9).await.len(), 1, "the link is over, the word is not");
    }

    async fn a_leased_mail_is_passed_over_until_its_lease_expires(app) {
        queue_each(app, 3).await;
        let (first, second) = (lease(app, 2).await, lease(app, 2).await);
        assert_eq!((first.len(), second.len(), lease(app, 2).await.len()), (2, 1, 0));
        assert!(first.iter().all(|id| !second.contains(id)));
        app.clock.advance(Duration::minutes(2) - Duration::seconds(1));
        assert!(lease(app, 9).await.is_empty());
        app.clock.advance(Duration::seconds(1));
        assert_eq!(lease(app, 9).await.len(), 3, "a sender that died gives its mails back");
        assert_eq!(app.number("select max(attempts) from outbox").await, 2);
    }

    async fn a_sent_mail_is_never_leased_again(app) {
        queue(app, 1).await;
        let mail = lease(app, 1).await[0];
        let sent = async || app.write(async |tx| outbox::mark_sent(tx, app.now(), mail).await).await;
        sent().await.unwrap();
        assert!(is_stale(sent().await));
        assert!(is_stale(app.write(async |tx| outbox::mark_failed(tx, mail, app.now(), "too late").await).await));
        app.clock.advance(Duration::days(1));
        assert!(lease(app, 9).await.is_empty());
    }

    async fn a_failed_mail_waits_for_its_next_try(app) {
        queue(app, 1).await;
        let mail = lease(app, 1).await[0];
        let next = app.now() + Duration::hours(1);
        app.write(async |tx| outbox::mark_failed(tx, mail, next, "550 no such mailbox").await).await.unwrap();
        assert!(lease(app, 1).await.is_empty());
        app.clock.set(next);
        assert_eq!(lease(app, 1).await, [mail]);
        let listed = outbox::list(&mut app.read().await, app.now(), None, 9).await.unwrap();
        assert_eq!((listed.rows[0].last_error.as_deref(), listed.rows[0].attempts), (Some("550 no such mailbox"), 2));
    }

    async fn the_list_is_paged_newest_first_and_knows_live_links(app) {
        queue(app, 5).await;
        let (mut before, mut seen) = (None, Vec::new());
        loop {
            let page = outbox::list(&mut app.read().await, app.now(), before, 2).await.unwrap();
            seen.extend(page.rows.iter().map(|row| (row.invitation_id.unwrap().as_u128(), row.live)));
            let last = page.rows.last().unwrap();
            before = Some((last.created_at, last.id));
            if !page.more {
                break;
            }
        }
        let private = async || outbox::list(&mut app.read().await, app.now(), None, 1).await.unwrap().rows[0].private;
        assert!(private().await);
        app.tamper("update person set work_email = private_email").await.unwrap();
        assert!(!private().await, "a work address is not private");
        assert_eq!(seen, [(104, true), (103, false), (102, false), (101, false), (100, false)], "a newer link revokes the older ones");
    }
}

/// Two senders in transactions at once; `SQLite` has one writer and no such moment.
#[tokio::test]
async fn two_senders_at_once_get_different_mails() {
    let app = TestApp::new(Db::Postgres).await;
    queue_each(&app, 6).await;
    let (mut one, mut other) = (app.begin().await, app.begin().await);
    let until = app.now() + Duration::minutes(2);
    let first = outbox::lease(&mut one, app.now(), until, 3).await.unwrap();
    let second = outbox::lease(&mut other, app.now(), until, 9).await.unwrap();
    one.commit_housekeeping().await.unwrap();
    other.commit_housekeeping().await.unwrap();
    let all: HashSet<_> = first.iter().chain(&second).map(|row| row.id).collect();
    assert_eq!((first.len(), second.len(), all.len()), (3, 3, 6));
    app.finish().await;
}
