//! Figures, and exactly the people behind each.

use super::{person, start_at};
use crate::fixture::{TestApp, stories};
use antritt::{
    domain::{
        Instant,
        assignment::{EndReason, State},
        person::Line,
        requirement::RequirementKind as Kind,
    },
    server::store::{
        assignments,
        rates::{self, Filter, Show},
    },
};
use time::Duration;

/// Eight people in two departments, each with an NDA and a training in another state.
async fn company(app: &TestApp) -> (Instant, Instant) {
    let early = app.now() - Duration::days(1);
    let done = State::Done { submitted: None, at: early };
    let states = [
        (State::Open, false),
        (State::Waiting { since: early }, false),
        (done, false),
        (done, true),
        (State::Failed { at: early }, false),
        (
            State::Ended {
                at: early,
                reason: EndReason::Left,
            },
            false,
        ),
        (State::Open, false),
        (done, false),
    ];
    for (n, (state, late)) in (1..).zip(states) {
        let mut somebody = person(n, &format!("Person {n}"));
        somebody.details.department = Line::parse(if n % 2 == 0 { "Sales" } else { "Engineering" }).unwrap();
        if n == 7 {
            somebody.details.start_date += Duration::days(60);
        }
        app.insert_person(&somebody).await.unwrap();
        app.insert_item(&somebody, Kind::Nda, state, late).await;
        app.insert_item(&somebody, Kind::Training, State::Open, false).await;
    }
    // The NDA of everybody but the seventh is due with the end of 30 November.
    (start_at(&person(1, "x")) - Duration::days(5), start_at(&person(1, "x")) + Duration::days(2))
}

stories! {
    async fn every_figure_opens_exactly_the_items_it_counts(app) {
        let (before, after) = company(app).await;
        for now in [before, after] {
            let horizon = now + Duration::days(7);
            let list = async |requirement, department: Option<&str>, show| {
                let filter = Filter { requirement, department: department.map(str::to_owned), show };
                let page = rates::list_items(&mut app.read().await, now, horizon, &filter, None, 500).await.unwrap();
                i64::try_from(page.rows.len()).unwrap()
            };
            for row in rates::by_requirement(&mut app.read().await, now, horizon).await.unwrap() {
                let (id, counts) = (Some(row.id), row.counts);
                for (show, figure) in [
                    (Show::All, counts.total),
                    (Show::Done, counts.done),
                    (Show::Late, counts.done - counts.on_time),
                    (Show::Overdue, counts.overdue),
                    (Show::DueSoon, counts.due_soon),
                    (Show::Missing, counts.total - counts.done),
                ] {
                    assert_eq!(list(id, None, show).await, figure, "{:?} {show:?} at {now}", row.kind);
                }
            }
            for row in rates::by_department(&mut app.read().await, now, horizon).await.unwrap() {
                assert_eq!(list(None, Some(&row.department), Show::All).await, row.counts.total);
                assert_eq!(list(None, Some(&row.department), Show::Overdue).await, row.counts.overdue);
            }
        }
    }

    async fn the_figures_are_right(app) {
        let (before, after) = company(app).await;
        let nda = async |now: Instant| {
            let rows = rates::by_requirement(&mut app.read().await, now, now + Duration::days(7)).await.unwrap();
            rows.into_iter().find(|row| row.kind == Kind::Nda).unwrap().counts
        };
        let counts = nda(before).await;
        assert_eq!((counts.total, counts.done, counts.on_time, counts.overdue, counts.due_soon), (7, 3, 2, 0, 2));
        let counts = nda(after).await;
        assert_eq!((counts.total, counts.done, counts.on_time, counts.overdue, counts.due_soon), (7, 3, 2, 2, 0));
        let departments = rates::by_department(&mut app.read().await, before, before + Duration::days(7)).await.unwrap();
        assert_eq!(departments.iter().map(|row| (&*row.department, row.counts.total)).collect::<Vec<_>>(), [("Engineering", 8), ("Sales", 7)]);
    }

    async fn what_is_late_before_it_is_done_is_judged_and_once(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let again = app.insert_item(&anna, Kind::Training, State::Open, false).await;
        app.write(async |tx| assignments::update_state(tx, again, State::Open, State::Open, true).await).await.unwrap();
        for kind in [Kind::BackgroundCheck, Kind::PasswordManager] {
            app.insert_item(&anna, kind, State::Waiting { since: app.now() }, true).await;
        }
        for (now, overdue) in [(app.now(), 0), (app.now() + Duration::days(365), 2)] {
            let rows = rates::by_requirement(&mut app.read().await, now, now).await.unwrap();
            assert_eq!(rows.iter().map(|row| (row.counts.judged(), row.counts.on_time)).collect::<Vec<_>>(), [(1, 0); 3]);
            assert_eq!(rows.iter().map(|row| row.counts.overdue).sum::<i64>(), overdue);
        }
    }

    async fn the_figures_of_the_departments_add_up_to_those_of_all(app) {
        let (now, _) = company(app).await;
        let nda = async |department: Option<&str>| {
            let rows = rates::by_requirement_in(&mut app.read().await, now, now + Duration::days(7), department).await.unwrap();
            rows.into_iter().find(|row| row.kind == Kind::Nda).map_or(0, |row| row.counts.total)
        };
        assert_eq!(nda(Some("Sales")).await + nda(Some("Engineering")).await, nda(None).await);
        assert_eq!((nda(Some("Engineering")).await, nda(Some("Nowhere")).await), (4, 0));
    }

    async fn whoever_breaches_first_is_named_first(app) {
        let (before, _) = company(app).await;
        let rows = rates::breaching_soon(&mut app.read().await, before, before + Duration::days(7), 8).await.unwrap();
        assert_eq!(rows.iter().map(|row| (row.person().0.as_u128(), row.items)).collect::<Vec<_>>(), [(1, 1), (5, 1)]);
        let rows = rates::breaching_soon(&mut app.read().await, before, before + Duration::days(60), 3).await.unwrap();
        assert_eq!(rows.len(), 3, "no more than were asked for");
        assert!(rows.is_sorted_by_key(|row| row.due_on));
        assert_eq!(rows[0].items, 2);
    }

    async fn items_are_paged_by_deadline(app) {
        let (now, _) = company(app).await;
        let filter = Filter { requirement: None, department: None, show: Show::All };
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let page = rates::list_items(&mut app.read().await, now, now, &filter, after, 4).await.unwrap();
            seen.extend(page.rows.iter().map(|row| (row.due_at, row.assignment_id)));
            after = seen.last().copied();
            if !page.more {
                break;
            }
        }
        assert_eq!(seen.len(), 15);
        assert!(seen.is_sorted_by(|a, b| a < b));
    }
}
