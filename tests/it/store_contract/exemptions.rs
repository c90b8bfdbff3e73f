//! The register of exceptions.

use super::{id, is_stale, is_taken, person};
use crate::fixture::{TestApp, stories};
use antritt::{
    domain::{
        assignment::State,
        exemption::{ExemptionKind, Status},
        ids::{AccountId, AssignmentId, ExemptionId},
        requirement::RequirementKind as Kind,
    },
    server::store::{
        Result, assignments,
        exemptions::{self, Exemption, NewExemption},
        people::Scope,
    },
};
use time::{Duration, macros::date};

async fn insert(app: &TestApp, n: u128, assignment: AssignmentId, kind: ExemptionKind, by: AccountId, decided_by: Option<AccountId>) -> Result<()> {
    let new = NewExemption {
        id: ExemptionId(id(n)),
        assignment,
        kind,
        reason: "Werkstudent",
        compensating_step: "Einweisung",
        ends_on: date!(2026 - 12 - 31),
        requested_by: by,
    };
    app.write(async |tx| exemptions::insert(tx, app.now(), &new, decided_by).await).await
}

async fn find(app: &TestApp, n: u128) -> Exemption {
    exemptions::find(&mut app.read().await, ExemptionId(id(n))).await.unwrap().unwrap()
}

stories! {
    async fn an_entry_is_requested_decided_and_ended_once_each(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let item = app.insert_item(&anna, Kind::Training, State::Open, false).await;
        let (asks, decides) = (app.insert_account(10, None, "a@firma.example").await.unwrap(), app.insert_account(11, None, "b@firma.example").await.unwrap());
        insert(app, 1, item, ExemptionKind::Exemption, asks, None).await.unwrap();
        assert!(is_taken(insert(app, 2, item, ExemptionKind::Exemption, asks, None).await));
        let flagged = async || assignments::find(&mut app.read().await, Scope::All, item).await.unwrap().unwrap().exemption_requested;
        assert!(flagged().await);
        let end = async |n: u128| app.write(async |tx| exemptions::end(tx, app.now(), ExemptionId(id(n))).await).await;
        let decide = async |n: u128, approved| app.write(async |tx| exemptions::decide(tx, app.now(), ExemptionId(id(n)), decides, approved).await).await;
        assert!(is_stale(end(1).await), "what nobody approved cannot end");
        decide(1, true).await.unwrap();
        assert!(is_stale(decide(1, false).await));
        let entry = find(app, 1).await;
        assert_eq!((entry.status, entry.requested_by, entry.item, entry.person), (Status::InForce, asks, Kind::Training, anna.id));
        assert!(!flagged().await);
        end(1).await.unwrap();
        assert!(is_stale(end(1).await));
        assert_eq!(find(app, 1).await.status, Status::Over);
        assert!(app.tamper("delete from exemption").await.is_err(), "the register forgets nothing");
    }

    async fn a_start_without_nda_shows_on_the_item_while_it_is_in_force(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let item = app.insert_item(&anna, Kind::Nda, State::Open, false).await;
        let by = app.insert_account(10, None, "a@firma.example").await.unwrap();
        insert(app, 1, item, ExemptionKind::StartWithoutNda, by, Some(by)).await.unwrap();
        let starts = async || assignments::find(&mut app.read().await, Scope::All, item).await.unwrap().unwrap().starts_without;
        assert!(starts().await);
        let of_item = exemptions::list_of_assignment(&mut app.read().await, item).await.unwrap();
        assert_eq!(of_item.iter().map(|entry| (entry.kind, entry.status)).collect::<Vec<_>>(), [(ExemptionKind::StartWithoutNda, Status::InForce)]);
        app.write(async |tx| exemptions::end(tx, app.now(), ExemptionId(id(1))).await).await.unwrap();
        assert!(!starts().await);
    }

    async fn the_register_is_paged_newest_first_and_by_status(app) {
        let by = app.insert_account(10, None, "a@firma.example").await.unwrap();
        for n in 1..=5 {
            let somebody = person(n, &format!("Person {n}"));
            app.insert_person(&somebody).await.unwrap();
            let item = app.insert_item(&somebody, Kind::Nda, State::Open, false).await;
            let approved = (n % 2 == 0).then_some(by);
            insert(app, n, item, ExemptionKind::Exemption, by, approved).await.unwrap();
            if n > 2 {
                app.clock.advance(Duration::minutes(1));
            }
        }
        let list = async |status, after, limit| exemptions::list(&mut app.read().await, status, after, limit).await.unwrap();
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = list(None, after, 2).await;
            seen.extend(page.rows.iter().map(|entry| entry.id.0.as_u128()));
            after = page.rows.last().map(|last| (last.requested_at, last.id));
            if !page.more {
                break;
            }
        }
        assert_eq!(seen, [5, 4, 3, 2, 1]);
        let of = async |status| list(Some(status), None, 10).await.rows.len();
        assert_eq!((of(Status::Requested).await, of(Status::InForce).await, of(Status::Refused).await), (3, 2, 0));
        let ending = async |today| exemptions::list_ending(&mut app.read().await, today, 10).await.unwrap().len();
        assert_eq!((ending(date!(2026 - 12 - 31)).await, ending(date!(2027 - 01 - 01)).await), (0, 2));
    }
}
