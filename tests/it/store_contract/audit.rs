//! The audit trail and the transaction that insists on it.

use super::{id, person};
use crate::fixture::{Db, TestApp, stories};
use antritt::{
    domain::{audit::Action, ids::PersonId},
    server::store::{
        StoreError,
        audit::{self, Change},
        people,
    },
};
use serde_json::json;
use time::Duration;

const APPEND_ONLY: [&str; 6] = [
    "audit_entry",
    "document_version",
    "course_version",
    "evidence",
    "start_date_change",
    "deadline_change",
];

async fn append(app: &TestApp, n: u128, person: Option<PersonId>) {
    let mut tx = app.begin().await;
    let change = Change {
        actor: None,
        action: Action::PersonChanged,
        subject: id(n),
        person,
        detail: json!({ "n": n.to_string() }),
    };
    tx.note(app.now(), change);
    tx.commit().await.unwrap();
}

stories! {
    async fn a_commit_without_an_entry_is_refused_and_leaves_nothing(app) {
        let anna = person(1, "Anna");
        let mut tx = app.begin().await;
        people::insert(&mut tx, app.now(), &anna, app.now()).await.unwrap();
        assert!(matches!(tx.commit().await, Err(StoreError::Unaudited)));
        assert_eq!(people::count(&mut app.read().await).await.unwrap(), 0);
    }

    async fn a_dropped_transaction_leaves_neither_change_nor_entry(app) {
        let entries = app.audit_entries().await;
        let mut tx = app.begin().await;
        let change = Change { actor: None, action: Action::PersonChanged, subject: id(1), person: None, detail: json!({}) };
        tx.note(app.now(), change);
        drop(tx);
        append(app, 2, None).await;
        assert_eq!(app.audit_entries().await, entries + 1);
    }

    async fn entries_written_at_once_form_one_chain(app) {
        let before = app.audit_entries().await;
        let writers = (0..8).map(|n| append(app, n, None));
        futures::future::join_all(writers).await;
        assert_eq!(audit::verify(&mut app.read().await).await.unwrap(), before + 8);
    }

    async fn an_entry_is_found_with_what_it_says_and_the_hash_before_it(app) {
        for n in 0..2 {
            append(app, n, None).await;
        }
        let last = app.audit_entries().await;
        let find = async |seq| audit::find(&mut app.read().await, seq).await.unwrap();
        let (entry, before) = (find(last).await.unwrap(), find(last - 1).await.unwrap());
        assert_eq!((entry.seq, entry.at, &*entry.action, entry.detail.as_deref()), (last, app.now(), "person.changed", Some(r#"{"n":"1"}"#)));
        assert_eq!((entry.previous_hash, entry.actor_name, entry.account_name), (before.hash, None, None));
        assert_eq!(find(last + 1).await, None);
        app.tamper("delete from audit_detail").await.unwrap();
        assert_eq!(find(last).await.unwrap().detail, None);
    }

    async fn a_timeline_is_paged_newest_first(app) {
        let (anna, ben) = (PersonId(id(1)), PersonId(id(2)));
        for n in 0..5 {
            append(app, n, Some(anna)).await;
        }
        append(app, 9, Some(ben)).await;
        let first = audit::timeline(&mut app.read().await, anna, &[], None, 3).await.unwrap();
        assert!(first.more && first.rows.is_sorted_by(|a, b| a.seq > b.seq));
        let rest = audit::timeline(&mut app.read().await, anna, &[], Some(first.rows[2].seq), 3).await.unwrap();
        assert_eq!((rest.rows.len(), rest.more), (2, false));
        assert_eq!(rest.rows[1].detail.as_deref(), Some(r#"{"n":"0"}"#));
    }

    async fn the_trail_says_when_something_last_happened_to_what_it_is_about(app) {
        let last = async |n: u128, action| audit::last_at(&mut app.read().await, id(n), action).await.unwrap();
        assert_eq!(last(1, Action::PersonChanged).await, None);
        append(app, 1, None).await;
        app.clock.advance(Duration::hours(1));
        append(app, 1, None).await;
        let at = app.now();
        app.clock.advance(Duration::hours(1));
        append(app, 2, None).await;
        assert_eq!((last(1, Action::PersonChanged).await, last(1, Action::CheckRequested).await), (Some(at), None));
    }

    async fn what_is_hidden_leaves_no_gap_in_a_timeline(app) {
        let anna = PersonId(id(1));
        let mut tx = app.begin().await;
        for n in 0..9 {
            let action = [Action::PersonChanged, Action::QuizAnswered, Action::QuizFailed][n % 3];
            tx.note(app.now(), Change { actor: None, action, subject: id(1), person: Some(anna), detail: json!({}) });
        }
        tx.commit().await.unwrap();
        let told = async |hidden: &[Action], limit| {
            let page = audit::timeline(&mut app.read().await, anna, hidden, None, limit).await.unwrap();
            (page.rows.len(), page.more)
        };
        let quiz = [Action::QuizAnswered, Action::QuizFailed];
        assert_eq!((told(&quiz, 2).await, told(&quiz, 3).await), ((2, true), (3, false)));
        assert_eq!((told(&quiz[..1], 9).await, told(&[], 9).await), ((6, false), (9, false)));
    }

    async fn what_proves_something_refuses_to_be_changed_or_removed(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.sign_nda(&client, anna).await.said();
        let move_start = [("id", &*anna.to_string()), ("start_date", "2026-12-07"), ("reason", "Umzug")];
        app.hr().await.post_seen("/api/people/move-start", &move_start).await.said();
        for table in APPEND_ONLY {
            let column = match table {
                "audit_entry" => "seq",
                _ => "id",
            };
            assert!(app.number(&format!("select count(*) from {table}")).await > 0, "{table} has rows to protect");
            let mut attempts = vec![format!("update {table} set {column} = {column}"), format!("delete from {table}")];
            if app.db == Db::Postgres {
                attempts.push(format!("truncate {table} cascade"));
            } else {
                attempts.push(format!("insert or replace into {table} select * from {table}"));
            }
            for attempt in attempts {
                let refused = app.tamper(&attempt).await.expect_err(&attempt).to_string();
                assert!(refused.contains("append-only"), "{attempt}: {refused}");
            }
        }
    }
}

/// Each of these breaks the chain, or the trust in a detail, in its own way.
#[tokio::test]
async fn tampering_past_the_triggers_is_found() {
    for sql in [
        "update audit_entry set action = 'person.added' where seq = 3",
        "update audit_entry set at = '2020-01-01T00:00:00Z' where seq = 2",
        "update audit_entry set person_id = null where seq = 4",
        "update audit_entry set action = 'no.such.action' where seq = 3",
        "delete from audit_entry where seq = 3",
        "delete from audit_entry where seq = (select max(seq) from audit_entry)",
        "update audit_detail set body = '{}' where seq = 3",
        "update audit_head set seq = seq + 1",
        "update audit_head set hash = zeroblob(32)",
    ] {
        let app = TestApp::new(Db::Sqlite).await;
        for n in 1..5 {
            append(&app, n, Some(PersonId(id(n)))).await;
        }
        assert!(audit::verify(&mut app.read().await).await.is_ok());
        for what in ["update", "delete"] {
            app.tamper(&format!("drop trigger audit_entry_refuses_{what}")).await.unwrap();
        }
        app.tamper("pragma foreign_keys = off").await.unwrap();
        assert_eq!(app.tamper(sql).await.unwrap(), 1, "{sql}");
        assert!(matches!(audit::verify(&mut app.read().await).await, Err(StoreError::Corrupt(_))), "{sql}");
        app.discard().await;
    }
}
