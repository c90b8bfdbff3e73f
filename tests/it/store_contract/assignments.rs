//! Assignments, their evidence and tries at the quiz.

use super::{id, is_stale, is_taken, person, start_at};
use crate::fixture::stories;
use antritt::{
    domain::{
        assignment::{Cause, EndReason, State},
        course::{Answer, Grade},
        deadlines::Deadline,
        evidence::{Evidence, Origin, Proof},
        group::Group,
        ids::{AssignmentId, AttemptId, PersonId, RequirementId},
        requirement::{DueRule, Material, Recurrence, Requirement, RequirementKind as Kind},
    },
    server::store::{
        assignments, courses, evidence,
        people::{self, Scope},
        quiz, requirements,
        rollout::{self, Group as Sharing},
    },
};
use time::{
    Duration,
    macros::{date, datetime},
};

stories! {
    async fn each_state_is_read_back_as_it_was_written(app) {
        let (early, at) = (app.now() - Duration::days(1), app.now());
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let steps = [
            (Kind::Nda, State::Open, State::Open),
            (Kind::BackgroundCheck, State::Waiting { since: early }, State::Waiting { since: early }),
            (Kind::Policy, State::Done { submitted: Some(early), at }, State::Done { submitted: Some(early), at }),
            (Kind::Training, State::Failed { at }, State::Failed { at }),
            (Kind::PasswordManager, State::Ended { at, reason: EndReason::Left }, State::Ended { at, reason: EndReason::Left }),
        ];
        for (kind, to, expected) in steps {
            let item = app.insert_item(&anna, kind, to, false).await;
            let read = assignments::find(&mut app.read().await, Scope::All, item).await.unwrap().unwrap();
            assert_eq!((read.state, read.kind, read.late), (expected, kind, false));
        }
        let all = assignments::list_of_person(&mut app.read().await, anna.id).await.unwrap();
        assert_eq!(all.iter().map(|item| item.kind).collect::<Vec<_>>(), Kind::ALL[..5], "in the order of the checklist");
        assert!(all[0].title.is_some() && all[1].title.is_none() && all[3].minutes > 1);
    }

    async fn a_move_from_another_state_than_the_stored_one_is_stale(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let item = app.insert_item(&anna, Kind::Nda, State::Open, false).await;
        let waiting = State::Waiting { since: app.now() };
        let sign = async || app.write(async |tx| assignments::update_state(tx, item, State::Open, waiting, true).await).await;
        sign().await.unwrap();
        assert!(is_stale(sign().await));
        let done = State::Done { submitted: Some(app.now()), at: app.now() };
        app.write(async |tx| assignments::update_state(tx, item, waiting, done, false).await).await.unwrap();
        let read = assignments::find(&mut app.read().await, Scope::All, item).await.unwrap().unwrap();
        assert!(read.late, "late only ever becomes true");
        assert!(is_stale(app.write(async |tx| assignments::update_state(tx, AssignmentId(id(9)), State::Open, done, false).await).await));
    }

    async fn nobody_has_the_same_item_twice(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let nda = app.requirement(Kind::Nda).await;
        let deadline = Deadline { due_on: date!(2026 - 11 - 30), due_at: datetime!(2026-11-30 23:00 UTC) };
        let insert = async |person: PersonId| app.write(async |tx| assignments::insert(tx, person, nda.id, Cause::First, app.now().date(), deadline).await).await;
        insert(anna.id).await.unwrap();
        assert!(is_taken(insert(anna.id).await));
        assert!(insert(PersonId(id(99))).await.is_err(), "and nobody unknown has one");
    }

    async fn what_lies_outside_a_scope_is_not_found(app) {
        let (anna, mut ben) = (person(1, "Anna"), person(2, "Ben"));
        ben.manager_id = Some(anna.id);
        app.insert_person(&anna).await.unwrap();
        app.insert_person(&ben).await.unwrap();
        let item = app.insert_item(&ben, Kind::Nda, State::Open, false).await;
        for (scope, visible) in [
            (Scope::All, true),
            (Scope::Own(ben.id), true),
            (Scope::ReportsOf(anna.id), true),
            (Scope::Own(anna.id), false),
            (Scope::ReportsOf(ben.id), false),
        ] {
            assert_eq!(assignments::find(&mut app.read().await, scope, item).await.unwrap().is_some(), visible, "{scope:?}");
        }
    }

    async fn a_moved_deadline_keeps_the_first_one(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let id = app.insert_item(&anna, Kind::Nda, State::Open, false).await;
        let find = async || assignments::find(&mut app.read().await, Scope::All, id).await.unwrap().unwrap();
        let first = find().await.deadline;
        for (day, late) in [(5, false), (9, true), (7, false)] {
            let item = find().await;
            let moved = Deadline { due_on: first.due_on + Duration::days(day), due_at: first.due_at + Duration::days(day) };
            app.clock.advance(Duration::hours(1));
            app.write(async |tx| assignments::update_deadline(tx, app.now(), &item, moved, late, "Umzug").await).await.unwrap();
        }
        let item = find().await;
        assert_eq!((item.first_due_on, item.deadline.due_on), (Some(first.due_on), first.due_on + Duration::days(7)));
        assert!(item.late);
        let missing = antritt::server::store::assignments::Assignment { id: AssignmentId(super::id(9)), ..item };
        assert!(is_stale(app.write(async |tx| assignments::update_deadline(tx, app.now(), &missing, first, false, "").await).await));
    }

    async fn requirements_come_in_the_order_of_the_checklist(app) {
        let extra = Requirement {
            id: RequirementId(id(7)),
            kind: Kind::PasswordManager,
            material: Material::None,
            due: DueRule::DaysBeforeStart(3),
            recurrence: Recurrence::Yearly,
            position: -1,
            audience: Group::default(),
            instruction: None,
        };
        let insert = async || app.write(async |tx| requirements::insert(tx, app.now(), &extra).await).await;
        insert().await.unwrap();
        assert_eq!(requirements::list(&mut app.read().await).await.unwrap()[0], extra);
        assert!(is_taken(insert().await));
    }

    async fn evidence_is_read_back_oldest_first(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let item = app.insert_item(&anna, Kind::Nda, State::Open, false).await;
        let paper = Evidence { at: app.now() - Duration::days(9), recorded_at: app.now() + Duration::hours(1), recorded_by: None, proof: Proof::NdaOnPaper { signed_on: date!(2026 - 11 - 14), note: "Ordner 7".into() } };
        let declared = Evidence { at: app.now(), recorded_at: app.now(), recorded_by: None, proof: Proof::PasswordManagerDeclaration { origin: Origin::default() } };
        for one in [&paper, &declared] {
            app.write(async |tx| evidence::insert(tx, item, one).await).await.unwrap();
        }
        assert_eq!(evidence::list(&mut app.read().await, item).await.unwrap(), [declared, paper]);
        assert!(evidence::list(&mut app.read().await, AssignmentId(id(9))).await.unwrap().is_empty());
        let of_person = evidence::list_of_person(&mut app.read().await, anna.id).await.unwrap();
        assert!(of_person.len() >= 2 && of_person.iter().filter(|(owner, _)| *owner == item).count() == 2);
        assert!(evidence::list_of_person(&mut app.read().await, PersonId(id(99))).await.unwrap().is_empty());
    }

    async fn of_two_answers_to_a_question_the_first_is_kept(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let item = app.insert_item(&anna, Kind::Training, State::Open, false).await;
        let Material::Course(course) = app.requirement(Kind::Training).await.material else { panic!() };
        let version = courses::find_newest(&mut app.read().await, course).await.unwrap().unwrap().id;
        let tries = async || quiz::find_tries(&mut app.read().await, item).await.unwrap();
        let newest = async || tries().await.newest;
        assert_eq!(tries().await, quiz::Tries::default());
        let attempt = AttemptId(id(5));
        app.write(async |tx| quiz::insert_attempt(tx, app.now(), attempt, item, version).await).await.unwrap();
        assert!(newest().await.unwrap().answers.is_empty());
        for (option, kept) in [(2, true), (0, false)] {
            let answer = Answer { question: "q1".into(), option };
            assert_eq!(app.write(async |tx| quiz::insert_answer(tx, app.now(), attempt, &answer).await).await.unwrap(), kept);
        }
        let grade = Grade { correct: 1, asked: 2, passed: true, lessons_to_repeat: Vec::new() };
        let finish = async || app.write(async |tx| quiz::finish(tx, app.now(), attempt, &grade).await).await;
        finish().await.unwrap();
        assert!(is_stale(finish().await));
        let read = newest().await.unwrap();
        assert_eq!((read.finished, read.passed, read.answers), (true, true, vec![Answer { question: "q1".into(), option: 2 }]));
        assert_eq!((read.score, tries().await.handed_in), (Some((1, 2)), vec![app.now()]));
        app.clock.advance(Duration::minutes(1));
        app.write(async |tx| quiz::insert_attempt(tx, app.now(), AttemptId(id(6)), item, version).await).await.unwrap();
        let later = newest().await.unwrap();
        assert_eq!((later.id, later.answers, later.score), (AttemptId(id(6)), vec![], None));
        assert_eq!(tries().await.handed_in, [app.now() - Duration::minutes(1)], "only what was handed in counts");
    }

    async fn everybody_who_passed_a_course_is_asked_again_in_one_go(app) {
        let Material::Course(course) = app.requirement(Kind::Training).await.material else { panic!() };
        let today = app.now().date();
        let done = State::Done { submitted: None, at: app.now() };
        let mut items = Vec::new();
        for (n, state, zone, end_date) in [
            (1, done, "Europe/Berlin", None),
            (2, done, "Asia/Tokyo", None),
            (3, State::Open, "Europe/Berlin", None),
            (4, done, "Europe/Berlin", today.previous_day()),
        ] {
            let mut somebody = person(n, "Jemand");
            somebody.details.time_zone = zone.into();
            somebody.end_date = end_date;
            app.insert_person(&somebody).await.unwrap();
            app.write(async |tx| people::update(tx, &somebody, start_at(&somebody)).await).await.unwrap();
            items.push((somebody.id, app.insert_item(&somebody, Kind::Training, state, false).await));
        }
        let reach = rollout::reach(&mut app.read().await, course, today).await.unwrap();
        assert_eq!((reach.accepted, reach.open, reach.left_company, reach.everybody), (2, 1, 1, 3));
        let deadline = Deadline { due_on: date!(2026 - 12 - 23), due_at: datetime!(2026-12-23 23:00 UTC) };
        let ask = async |zone: &str| {
            let group = Sharing { time_zone: zone.into(), start_date: None, country: None };
            app.write(async |tx| rollout::ask_again(tx, course, today, date!(2099 - 01 - 01), &group, deadline).await).await.unwrap()
        };
        assert_eq!((ask("Europe/Berlin").await, ask("Europe/Berlin").await, ask("Asia/Tokyo").await), (1, 0, 1));
        let [newest] = assignments::list_of_person(&mut app.read().await, items[0].0).await.unwrap().try_into().unwrap();
        assert_eq!((newest.cycle, newest.cause, newest.state, newest.deadline), (2, Cause::NewVersion, State::Open, deadline));
        let before = assignments::find(&mut app.read().await, Scope::All, items[0].1).await.unwrap().unwrap();
        assert_eq!(before.state, done, "what was passed stays");
        assert_eq!(assignments::list_of_person(&mut app.read().await, items[3].0).await.unwrap()[0].id, items[3].1, "who left is not asked");
    }

    async fn a_new_cycle_takes_the_place_of_the_last_and_nothing_is_lost(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let at = app.now();
        let id = app.insert_item(&anna, Kind::Policy, State::Done { submitted: None, at }, false).await;
        let first = assignments::find(&mut app.read().await, Scope::All, id).await.unwrap().unwrap();
        let renew = async |done_by, today| assignments::list_to_renew(&mut app.read().await, done_by, today, 10).await.unwrap().len();
        let today = at.date();
        assert_eq!((renew(at, today).await, renew(at - Duration::seconds(1), today).await), (1, 0));
        let deadline = Deadline { due_on: date!(2027 - 11 - 23), due_at: datetime!(2027-11-23 23:00 UTC) };
        let open = async |late| app.write(async |tx| assignments::insert_cycle(tx, &first, today, deadline, Cause::Yearly, late).await).await;
        let second = open(true).await.unwrap();
        assert!(is_taken(open(false).await), "two instances ask once");
        assert_eq!(renew(at, today).await, 0);
        let newest = assignments::list_of_person(&mut app.read().await, anna.id).await.unwrap();
        assert_eq!(newest.iter().map(|item| (item.id, item.cycle, item.cause, item.late)).collect::<Vec<_>>(), [(second, 2, Cause::Yearly, true)]);
        let earlier = assignments::list_earlier_cycles(&mut app.read().await, anna.id).await.unwrap();
        assert_eq!(earlier, [first]);
    }
}
