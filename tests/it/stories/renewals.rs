//! What is yearly comes back in time, also unchanged, and what was done before stays done.

use crate::fixture::stories;
use antritt::{
    domain::{
        assignment::{Cause, State},
        requirement::RequirementKind as Kind,
    },
    server::{service::renewals::open_due, store::assignments::list_earlier_cycles},
};
use time::{
    Duration,
    macros::{date, datetime},
};

stories! {
    async fn policies_and_training_come_back_a_month_before_their_year_is_over(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.do_everything(&client, anna).await;
        app.clock.set(datetime!(2027-10-23 09:00 UTC));
        assert_eq!(open_due(&app.app, app.now()).await.unwrap(), 0);
        app.clock.set(datetime!(2027-10-25 09:00 UTC));
        assert_eq!(open_due(&app.app, app.now()).await.unwrap(), 4, "three policies and the training");
        assert_eq!(open_due(&app.app, app.now()).await.unwrap(), 0, "once");
        let policy = app.item(anna, Kind::Policy).await;
        assert_eq!((policy.state, policy.cycle, policy.cause), (State::Open, 2, Cause::Yearly));
        assert_eq!(policy.deadline.due_on, date!(2027 - 11 - 23));
        assert_eq!(list_earlier_cycles(&mut app.read().await, anna).await.unwrap().len(), 4);
        assert!(matches!(app.nda(anna).await.state, State::Done { .. }), "an NDA is signed once");
    }

    async fn a_renewal_counts_against_nobody_before_it_is_due(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.do_everything(&client, anna).await;
        app.clock.set(datetime!(2027-10-30 09:00 UTC));
        open_due(&app.app, app.now()).await.unwrap();
        let rates = async || antritt::server::store::rates::by_requirement(&mut app.read().await, app.now(), app.now() + Duration::days(7)).await.unwrap();
        for row in rates().await {
            assert_eq!((row.counts.total, row.counts.done, row.counts.overdue, row.counts.due_soon), (1, 1, 0, 0), "{row:?}");
        }
        app.clock.set(datetime!(2027-11-20 09:00 UTC));
        for row in rates().await.into_iter().filter(|row| matches!(row.kind, Kind::Policy | Kind::Training)) {
            assert_eq!((row.counts.total, row.counts.done, row.counts.overdue, row.counts.due_soon), (1, 1, 0, 1), "{row:?}");
        }
        app.clock.set(datetime!(2027-11-24 09:00 UTC));
        for row in rates().await.into_iter().filter(|row| matches!(row.kind, Kind::Policy | Kind::Training)) {
            assert_eq!((row.counts.total, row.counts.done, row.counts.overdue, row.counts.due_soon), (1, 0, 1, 0), "{row:?}");
        }
    }

    async fn a_renewal_done_late_is_late_and_the_first_time_stays_punctual(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let policy = app.item(anna, Kind::Policy).await;
        app.accept_policy(&client, &policy).await.said();
        app.clock.set(datetime!(2027-11-24 09:00 UTC));
        open_due(&app.app, app.now()).await.unwrap();
        let again = app.items(anna).await.into_iter().find(|item| item.requirement == policy.requirement).unwrap();
        app.clock.advance(Duration::days(1));
        let client = app.signed_in_person(anna).await;
        app.accept_policy(&client, &again).await.said();
        let items = app.items(anna).await;
        let renewed = items.iter().find(|item| item.requirement == policy.requirement).unwrap();
        assert!(renewed.late && matches!(renewed.state, State::Done { .. }));
        let [first] = list_earlier_cycles(&mut app.read().await, anna).await.unwrap().try_into().unwrap();
        assert!(!first.late && matches!(first.state, State::Done { .. }));
        assert_eq!(app.evidence(first.id).await.len(), 1);
    }

    async fn a_move_of_the_start_leaves_a_renewals_date_alone(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.do_everything(&client, anna).await;
        app.clock.set(datetime!(2027-10-30 09:00 UTC));
        open_due(&app.app, app.now()).await.unwrap();
        let fields = [("id", &*anna.to_string()), ("start_date", "2026-12-07"), ("reason", "Tippfehler")];
        app.hr().await.post_seen("/api/people/move-start", &fields).await.said();
        assert_eq!(app.item(anna, Kind::Policy).await.deadline.due_on, date!(2027 - 11 - 23));
    }

    async fn a_year_that_is_over_becomes_late_as_well_when_the_start_is_moved_back(app) {
        let anna = app.person("Anna Muster", "2026-10-10", "Europe/Berlin").await;
        let move_start = async |day: &str| {
            let fields = [("id", &*anna.to_string()), ("start_date", day), ("reason", "Umzug")];
            app.hr().await.post_seen("/api/people/move-start", &fields).await.said();
        };
        move_start("2027-05-01").await;
        let client = app.sign_in_by_link(anna).await;
        app.accept_policy(&client, &app.item(anna, Kind::Policy).await).await.said();
        app.clock.set(datetime!(2027-10-30 09:00 UTC));
        assert_eq!(open_due(&app.app, app.now()).await.unwrap(), 1);
        let earlier = async || {
            let [first] = list_earlier_cycles(&mut app.read().await, anna).await.unwrap().try_into().unwrap();
            first
        };
        assert!(!earlier().await.late);
        move_start("2026-10-10").await;
        let first = earlier().await;
        assert!(first.late && matches!(first.state, State::Done { .. }));
        let renewal = app.items(anna).await.into_iter().find(|item| item.requirement == first.requirement).unwrap();
        assert_eq!((renewal.late, renewal.deadline.due_on), (false, date!(2027 - 11 - 23)));
    }

    async fn nobody_who_left_is_asked_again(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.do_everything(&client, anna).await;
        let hr = app.hr().await;
        hr.post_form("/api/people/record-last-day", &[("id", &anna.to_string()), ("end_date", "2027-06-30")]).await.said();
        app.clock.set(datetime!(2027-10-30 09:00 UTC));
        assert_eq!(open_due(&app.app, app.now()).await.unwrap(), 0);
    }
}
