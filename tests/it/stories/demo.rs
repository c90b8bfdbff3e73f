//! The demo: what it has to show is there, made by the use cases that everybody uses.

use crate::fixture::{MONDAY, TestApp, stories};
use antritt::server::{
    demo,
    service::{App, Settings},
    store::{members, reconciliation},
};
use time::{Date, Duration};

/// The smallest demo shows everything; the seed is the tests' own.
const PEOPLE: u32 = 15;

fn today() -> Date {
    MONDAY.date() + Duration::days(370)
}

/// What stands in the register, by status, and the like: rows of a question past all layers.
async fn count(app: &TestApp, rows: &str) -> i64 {
    app.number(&format!("select count(*) from {rows}")).await
}

stories! {
    async fn a_demo_shows_every_state(app) {
        let settings = Settings { demo: true, ..app.app.settings().clone() };
        let demo = App::new(app.store.clone(), app.clock.clone(), settings);
        demo::fill(&demo, &app.clock, today(), PEOPLE, 7).await.unwrap();
        for (rows, expected) in [
            ("person", 15),
            ("nda_template", 2),
            // Drawn, on paper with a scan, withdrawn.
            ("evidence where kind = 'nda_scan'", 1),
            ("audit_entry where action = 'nda.withdrawn'", 1),
            ("assignment where cause = 'withdrawn' and state = 'done'", 1),
            // The register: waiting, in force, over, and a start without NDA.
            ("exemption where decided_at is null", 1),
            ("exemption where kind = 'exemption' and approved and ended_at is null", 1),
            ("exemption where kind = 'exemption' and approved and ended_at is not null", 1),
            ("exemption where kind = 'start_without_nda' and ended_at is null", 1),
            // Two administrators, of whom one waits for the other, and an auditor whose time is limited.
            ("role_grant where role = 'admin'", 2),
            ("role_grant where role = 'auditor' and ends_at is not null", 1),
            ("role_request where decided_at is null", 1),
            // A policy in its second version, and a draft.
            ("document_version where number = 2", 1),
            ("document_draft", 1),
        ] {
            assert_eq!(count(app, rows).await, expected, "{rows}");
        }
        for rows in [
            "evidence where kind = 'nda_signature' and body like '%\"drawing\"%'",
            "assignment where cause = 'new_version' and state = 'open'",
            "assignment where cause = 'new_version' and state = 'done'",
            "assignment where cause = 'yearly' and state = 'open'",
            "assignment where cause = 'left_list' and state = 'open'",
            // Reminders that were sent, and what was passed on.
            "outbox where kind = 'digest' and sent_at is not null",
            "reminder where rule = 'overdue'",
            "reminder_told",
        ] {
            assert!(count(app, rows).await > 0, "{rows}");
        }
        let mut db = app.read().await;
        let list = members::find_newest_applied(&mut db).await.unwrap().unwrap();
        for (bucket, people) in reconciliation::count_by_bucket(&mut db, list.id, app.now()).await.unwrap() {
            assert!(people > 0, "nobody is {bucket:?}");
        }
    }
}
