//! Rules: what they do to everybody at once, and how they are read, changed and ended.

use super::{id, is_stale, is_taken, person};
use crate::fixture::stories;
use antritt::{
    domain::{
        assignment::{Cause, EndReason, State},
        deadlines::Deadline,
        group::{AlternativeForm, Group},
        ids::{AssignmentId, PersonId, RequirementId},
        locale::Bilingual,
        requirement::{Confirmer, DueRule, Instruction, Material, Recurrence, Requirement, RequirementKind as Kind},
    },
    server::store::{
        accounts, assignments, dialect, requirements,
        rules::{self, Ended, Given, Moved},
    },
};
use time::{
    Duration,
    macros::{date, datetime},
};

fn instruction(n: u128) -> Requirement {
    let text = |text: &str| Bilingual {
        de: format!("{text} de"),
        en: format!("{text} en"),
    };
    let row = AlternativeForm {
        countries: "DE".to_owned(),
        tags: "nacht; ruf".to_owned(),
        ..AlternativeForm::default()
    };
    Requirement {
        id: RequirementId(id(n)),
        kind: Kind::Instruction,
        material: Material::None,
        audience: Group::parse(&[row]).unwrap(),
        due: DueRule::WorkingDaysAfterAssignment(5),
        recurrence: Recurrence::Yearly,
        position: 40,
        instruction: Some(Instruction {
            title: text("Titel"),
            body: text("Text"),
            needs_file: true,
            confirmed_by: Some(Confirmer::Manager),
        }),
    }
}

fn deadline() -> Deadline {
    Deadline {
        due_on: date!(2026 - 12 - 04),
        due_at: datetime!(2026-12-04 23:00 UTC),
    }
}

stories! {
    async fn a_rule_is_read_back_changed_and_ended_once(app) {
        let rule = instruction(70);
        app.write(async |tx| requirements::insert(tx, app.now(), &rule).await).await.unwrap();
        assert_eq!(requirements::list(&mut app.read().await).await.unwrap().last(), Some(&rule));
        assert_eq!(requirements::find_instruction(&mut app.read().await, rule.id).await.unwrap(), rule.instruction);
        let changed = Requirement { due: DueRule::DaysBeforeStart(2), audience: Group::default(), ..rule.clone() };
        let update = async |seen| app.write(async |tx| requirements::update(tx, &changed, seen).await).await;
        update(1).await.unwrap();
        assert!(is_stale(update(1).await), "somebody else was faster");
        let listed = async || requirements::list_rules(&mut app.read().await, app.now().date()).await.unwrap().into_iter().find(|one| one.requirement.id == rule.id).unwrap();
        let read = listed().await;
        assert_eq!((&read.requirement, read.revision, read.ended_at, read.people), (&changed, 2, None, 0));
        assert_eq!(read.title, rule.instruction.as_ref().map(|one| one.title.clone()));
        let end = async |seen| app.write(async |tx| requirements::end(tx, app.now(), rule.id, seen).await).await;
        assert!(is_stale(end(1).await));
        end(2).await.unwrap();
        assert!(is_stale(end(3).await), "it has ended");
        assert_eq!(listed().await.ended_at, Some(app.now()));
        assert!(requirements::find_instruction(&mut app.read().await, rule.id).await.unwrap().is_none());
        assert!(!requirements::list(&mut app.read().await).await.unwrap().contains(&changed));
        update(3).await.unwrap();
        assert_eq!(listed().await.ended_at, None, "taken up again");
    }

    async fn texts_are_offered_that_no_rule_in_force_asks_for_and_the_order_can_change(app) {
        let offers = async || requirements::list_offers(&mut app.read().await).await.unwrap();
        assert_eq!(offers().await, []);
        let all = requirements::list(&mut app.read().await).await.unwrap();
        for rule in &all {
            app.write(async |tx| requirements::end(tx, app.now(), rule.id, 1).await).await.unwrap();
        }
        assert!(requirements::were_made(&mut app.read().await).await.unwrap());
        antritt::server::service::setup::prepare(&app.app, app.now()).await.unwrap();
        assert_eq!(requirements::list(&mut app.read().await).await.unwrap(), [], "what was ended stays ended at the next start");
        let mut kinds: Vec<_> = offers().await.into_iter().map(|offer| offer.kind).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, [Kind::Nda, Kind::Policy, Kind::Policy, Kind::Policy, Kind::Training]);
        for rule in &all {
            app.write(async |tx| requirements::update(tx, rule, 2).await).await.unwrap();
        }
        let backwards: Vec<_> = all.iter().rev().map(|rule| rule.id).collect();
        app.write(async |tx| requirements::reorder(tx, &backwards).await).await.unwrap();
        let listed = requirements::list(&mut app.read().await).await.unwrap();
        assert_eq!(listed.into_iter().map(|rule| rule.id).collect::<Vec<_>>(), backwards);
    }

    async fn everybody_gets_loses_and_keeps_in_a_few_statements(app) {
        let rule = instruction(70);
        app.write(async |tx| requirements::insert(tx, app.now(), &rule).await).await.unwrap();
        let mut people: Vec<_> = (1..=4).map(|n| person(n, &format!("Person {n}"))).collect();
        people[3].end_date = Some(date!(2026 - 11 - 20));
        for one in &people {
            app.insert_person(one).await.unwrap();
        }
        let candidates = async |last_day| {
            let mut found = rules::list_candidates(&mut app.read().await, Some(rule.id), last_day).await.unwrap();
            found.sort_by_key(|one| one.person);
            found
        };
        assert_eq!(candidates(date!(2026 - 11 - 20)).await.len(), 4);
        let found = candidates(date!(2026 - 11 - 21)).await;
        assert_eq!(found.iter().map(|one| (one.person, one.held.is_some())).collect::<Vec<_>>(), [1, 2, 3].map(|n| (PersonId(id(n)), false)));
        assert!(!rule.audience.matches(found[0].facts()), "nobody has a tag");
        let given: Vec<_> = (1..=3)
            .map(|n| Given { person: PersonId(id(n)), cycle: 1, cause: Cause::Rule, assigned_on: date!(2026 - 11 - 27), deadline: deadline(), late: n == 2 })
            .collect();
        let give = async || app.write(async |tx| rules::give(tx, rule.id, &given).await).await;
        assert!(!requirements::was_asked(&mut app.read().await, rule.id).await.unwrap());
        assert_eq!(give().await.unwrap(), 3);
        assert!(is_taken(give().await), "nobody gets it twice");
        let held = candidates(date!(2026 - 11 - 21)).await.into_iter().map(|one| one.held.unwrap()).collect::<Vec<_>>();
        assert_eq!(held.iter().map(|one| (one.cycle, one.cause, one.state, one.late)).collect::<Vec<_>>(), [1, 2, 3].map(|n| (1, Cause::Rule, State::Open, n == 2)));
        assert_eq!((held[0].due_on, held[0].assigned_on, held[0].outside), (date!(2026 - 12 - 04), Some(date!(2026 - 11 - 27)), false));
        let read = assignments::list_of_person(&mut app.read().await, PersonId(id(1))).await.unwrap().remove(0);
        assert_eq!((read.deadline, read.assigned_on, read.confirmed_by, read.has_file), (deadline(), Some(date!(2026 - 11 - 27)), Some(Confirmer::Manager), false));

        let later = Deadline { due_on: date!(2026 - 12 - 09), due_at: datetime!(2026-12-09 23:00 UTC) };
        let moved = [Moved { item: held[0].id, deadline: later }];
        assert_eq!(app.write(async |tx| rules::move_deadlines(tx, app.now(), &moved, "rule changed").await).await.unwrap(), 1);
        let read = assignments::list_of_person(&mut app.read().await, PersonId(id(1))).await.unwrap().remove(0);
        assert_eq!((read.deadline, read.first_due_on), (later, Some(date!(2026 - 12 - 04))));

        let done = State::Done { submitted: None, at: app.now() };
        app.write(async |tx| assignments::update_state(tx, held[1].id, State::Open, done, false).await).await.unwrap();
        let all: Vec<_> = held.iter().map(|one| one.id).collect();
        // The second was late when it was given, and the third is overdue.
        let ending: Vec<_> = held.iter().zip([false, false, true]).map(|(one, late)| Ended { item: one.id, late }).collect();
        let end = async || app.write(async |tx| rules::end(tx, app.now(), &ending, EndReason::OutOfGroup).await).await.unwrap();
        assert_eq!((end().await, end().await), (2, 0), "what is done stays done");
        let aside = async |since| app.write(async |tx| rules::set_outside(tx, &all[1..2], since).await).await.unwrap();
        assert_eq!(aside(Some(app.now())).await, 1);
        assert!(requirements::was_asked(&mut app.read().await, rule.id).await.unwrap(), "whatever became of it");
        let found = candidates(date!(2026 - 11 - 21)).await;
        let states: Vec<_> = found.iter().map(|one| one.held.as_ref().unwrap()).map(|held| (held.state, held.outside)).collect();
        let ended = State::Ended { at: app.now(), reason: EndReason::OutOfGroup };
        assert_eq!(states, [(ended, false), (done, true), (ended, false)]);
        assert_eq!(found.iter().map(|one| one.held.as_ref().unwrap().late).collect::<Vec<_>>(), [false, true, true], "late is never taken back");
        aside(None).await;
        assert!(!candidates(date!(2026 - 11 - 21)).await[1].held.as_ref().unwrap().outside);
        assert_eq!(rules::list_candidates(&mut app.read().await, None, date!(2026 - 11 - 21)).await.unwrap().iter().filter(|one| one.held.is_some()).count(), 0);
    }

    async fn what_was_done_is_set_aside_and_carried_over_one_by_one(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let item = app.insert_item(&anna, Kind::Nda, State::Done { submitted: None, at: app.now() }, false).await;
        let later = app.now() + Duration::days(1);
        app.write(async |tx| assignments::set_outside(tx, item, Some(app.now())).await).await.unwrap();
        app.write(async |tx| assignments::carry_over(tx, later, item).await).await.unwrap();
        let read = assignments::list_of_person(&mut app.read().await, anna.id).await.unwrap().remove(0);
        assert_eq!((read.outside_since, read.carried_over_at), (Some(app.now()), Some(later)));
        let nobody = AssignmentId(id(99));
        assert!(is_stale(app.write(async |tx| assignments::set_outside(tx, nobody, None).await).await));
        assert!(is_stale(app.write(async |tx| assignments::carry_over(tx, later, nobody).await).await));
    }

    async fn an_account_comes_back_with_its_person_unless_somebody_closed_it(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let account = app.insert_account(5, Some(anna.id), "anna@home.example").await.unwrap();
        let by = app.insert_account(6, None, "admin@company.example").await.unwrap();
        let is_open = async || app.number("select count(*) from account where person_id is not null and disabled_at is null").await == 1;
        app.write(async |tx| accounts::disable_of_person(tx, app.now(), anna.id).await).await.unwrap();
        assert!(!is_open().await);
        app.write(async |tx| accounts::enable_of_person(tx, anna.id).await).await.unwrap();
        assert!(is_open().await);
        app.write(async |tx| accounts::disable(tx, app.now(), account, by, "Verdacht").await).await.unwrap();
        app.write(async |tx| accounts::enable_of_person(tx, anna.id).await).await.unwrap();
        assert!(!is_open().await);
    }

    async fn a_rule_waits_for_whoever_changes_somebody(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let mut tx = app.begin().await;
        dialect::lock_everybody(&mut tx).await.unwrap();
        if app.db == crate::fixture::Db::Postgres {
            let mut other = app.begin().await;
            let waits = tokio::time::timeout(std::time::Duration::from_millis(200), dialect::lock_person(&mut other, anna.id)).await;
            assert!(waits.is_err(), "nobody is changed while a rule is held against everybody");
        }
    }
}
