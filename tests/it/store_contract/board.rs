//! The day-1 gate in SQL is the gate of the domain, state by state and second by second.

use super::{id, person, start_at};
use crate::fixture::stories;
use antritt::{
    domain::{
        Instant,
        assignment::State,
        compliance::{BoardFilter, Light, gate, is_stuck},
        ids::{InvitationId, PersonId},
        requirement::RequirementKind as Kind,
    },
    server::store::{board, checks, invitations},
};
use std::collections::{HashMap, HashSet};
use time::{Duration, macros::date};

fn states(at: Instant) -> [Option<State>; 5] {
    [
        None,
        Some(State::Open),
        Some(State::Waiting { since: at }),
        Some(State::Done { submitted: None, at }),
        Some(State::Failed { at }),
    ]
}

stories! {
    async fn sql_and_domain_give_the_same_light(app) {
        let early = app.now() - Duration::days(1);
        let (mut n, mut people) = (0, Vec::new());
        for nda in states(early) {
            for check in states(early) {
                n += 1;
                let somebody = person(n, &format!("Person {n}"));
                app.insert_person(&somebody).await.unwrap();
                for (kind, state) in [(Kind::Nda, nda), (Kind::BackgroundCheck, check)] {
                    if let Some(state) = state {
                        app.insert_item(&somebody, kind, state, false).await;
                    }
                }
                people.push((somebody.id, nda, check, start_at(&somebody)));
            }
        }
        let start = people[0].3;
        let moments = [-30, -4, -3, -2, 0, 1, 90].map(|days| start + Duration::days(days));
        let edges = [-3, 0].into_iter().flat_map(|days| [-1, 1].map(|second| start + Duration::days(days) + Duration::seconds(second)));
        for now in moments.into_iter().chain(edges) {
            let mut seen: HashMap<PersonId, Light> = HashMap::new();
            for light in Light::ALL {
                let page = board::list(&mut app.read().await, now, "", Some(BoardFilter::Light(light)), None, 100).await.unwrap();
                seen.extend(page.rows.into_iter().map(|starter| (starter.id, light)));
            }
            for (id, nda, check, start) in &people {
                let expected = gate(*nda, false, *check, *start, now).light();
                match seen.get(id) {
                    Some(light) => assert_eq!(*light, expected, "{nda:?} {check:?} at {now}"),
                    None => assert!(now >= *start && expected == Light::Green, "{nda:?} {check:?} is missing at {now}"),
                }
            }
            let all = board::list(&mut app.read().await, now, "", None, None, 100).await.unwrap();
            assert_eq!(all.rows.len(), seen.len());
            for starter in all.rows {
                let state = |item: Option<(_, State)>| item.map(|(_, state)| state);
                assert_eq!(gate(state(starter.nda), false, state(starter.check), starter.start_at, now).light(), seen[&starter.id]);
            }
            let counts = board::count_by_light(&mut app.read().await, now, "").await.unwrap();
            for (light, count) in counts.lights {
                assert_eq!(count, i64::try_from(seen.values().filter(|seen| **seen == light).count()).unwrap(), "{light:?} at {now}");
            }
        }
    }

    async fn sql_and_domain_call_the_same_checks_stuck(app) {
        let early = app.now() - Duration::days(20);
        let patience = app.now();
        let mut people = Vec::new();
        for (n, (nda, check)) in (1..).zip(states(early).into_iter().flat_map(|nda| states(early).map(|check| (nda, check)))) {
            let somebody = person(n, &format!("Person {n}"));
            app.insert_person(&somebody).await.unwrap();
            let mut item = None;
            for (kind, state) in [(Kind::Nda, nda), (Kind::BackgroundCheck, check)] {
                if let Some(state) = state {
                    item = Some(app.insert_item(&somebody, kind, state, false).await);
                }
            }
            // Every second check knows when patience ends, whatever its state.
            let stuck_at = (n % 2 == 0).then_some(patience);
            if let (Some(item), Some(_), Some(stuck_at)) = (item, check, stuck_at) {
                let request = crate::store_contract::checks::request(app, stuck_at);
                app.write(async |tx| checks::upsert_request(tx, item, &request).await).await.unwrap();
            }
            people.push((somebody.id, check, stuck_at));
        }
        for second in [-1, 0, 1] {
            let now = patience + Duration::seconds(second);
            let stuck = board::list(&mut app.read().await, now, "", Some(BoardFilter::StuckCheck), None, 100).await.unwrap();
            let stuck: HashSet<_> = stuck.rows.into_iter().map(|starter| starter.id).collect();
            let expected: HashSet<_> = people.iter().filter(|(_, check, stuck_at)| is_stuck(*check, *stuck_at, now)).map(|(id, ..)| *id).collect();
            assert_eq!(stuck, expected, "at {second}");
            assert_eq!(expected.is_empty(), second < 0);
            let counts = board::count_by_light(&mut app.read().await, now, "").await.unwrap();
            assert_eq!(counts.stuck, i64::try_from(expected.len()).unwrap());
        }
    }

    async fn starters_are_paged_by_start_and_id(app) {
        for n in 1..=7 {
            let mut somebody = person(n, "Anna");
            somebody.details.start_date = date!(2026 - 12 - 01) + Duration::days(i64::try_from(n / 3).unwrap());
            app.insert_person(&somebody).await.unwrap();
        }
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let page = board::list(&mut app.read().await, app.now(), "", None, after, 2).await.unwrap();
            seen.extend(page.rows.iter().map(|starter| starter.id.0.as_u128()));
            let last = page.rows.last().unwrap();
            after = Some((last.start_at, last.id));
            if !page.more {
                break;
            }
        }
        assert_eq!(seen, [1, 2, 3, 4, 5, 6, 7]);
    }

    async fn leavers_are_gone_the_day_after_their_last(app) {
        let mut anna = person(1, "Anna");
        anna.end_date = Some(date!(2026 - 12 - 10));
        app.insert_person(&anna).await.unwrap();
        app.insert_item(&anna, Kind::Nda, State::Open, false).await;
        let count = async |now: Instant| board::list(&mut app.read().await, now, "", None, None, 9).await.unwrap().rows.len();
        assert_eq!(count(time::macros::datetime!(2026-12-10 12:00 UTC)).await, 1);
        assert_eq!(count(time::macros::datetime!(2026-12-11 12:00 UTC)).await, 0);
    }

    async fn the_board_knows_when_a_link_was_sent_and_opened(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let starter = async || board::list(&mut app.read().await, app.now(), "ann", None, None, 9).await.unwrap().rows.remove(0);
        assert_eq!((starter().await.invited_at, starter().await.link_opened), (None, false));
        let link = InvitationId(id(5));
        let end = app.now() + Duration::days(14);
        app.write(async |tx| invitations::insert(tx, app.now(), link, anna.id, b"hash", None, end).await).await.unwrap();
        assert_eq!((starter().await.invited_at, starter().await.link_opened), (Some(app.now()), false));
        app.write(async |tx| invitations::mark_used(tx, app.now(), link).await).await.unwrap();
        assert!(starter().await.link_opened);
    }
}
