//! People: finding, paging, scopes, and the history of their start dates.

use super::{START, email, id, is_stale, is_taken, person, sessions::plain, start_at};
use crate::fixture::{Db, TestApp, stories};
use antritt::{
    domain::{
        assignment::State,
        audit::Action,
        ids::PersonId,
        person::{Email, Line},
        requirement::RequirementKind as Kind,
        roles::Role,
    },
    server::store::{
        accounts,
        audit::Change,
        dialect,
        people::{self, PersonKey, Scope, Search},
        roles,
    },
};
use serde_json::json;
use time::{Duration, macros::date};

async fn found(app: &TestApp, search: &str) -> Vec<u128> {
    let page = people::list(&mut app.read().await, Scope::All, &words(search), app.now(), None, 50)
        .await
        .unwrap();
    page.rows.into_iter().map(|row| row.id.as_u128()).collect()
}

fn words(words: &str) -> Search<'_> {
    Search { words, private: true }
}

/// Two who change one person wait for each other; `SQLite` has one writer anyway.
#[tokio::test]
async fn changes_about_one_person_wait_for_each_other() {
    let app = TestApp::new(Db::Postgres).await;
    let anna = person(1, "Anna");
    app.insert_person(&anna).await.unwrap();
    let mut first = app.begin().await;
    assert_eq!(people::find_for_change(&mut first, anna.id).await.unwrap(), Some(anna.clone()));
    let mut second = app.begin().await;
    let waiting = tokio::spawn(async move {
        dialect::lock_person(&mut second, anna.id).await.unwrap();
        second.commit_housekeeping().await.unwrap();
    });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!waiting.is_finished(), "the second went on while the first held the person");
    first.commit_housekeeping().await.unwrap();
    waiting.await.unwrap();
    app.finish().await;
}

stories! {
    async fn private_addresses_are_found_only_by_those_who_may_read_them(app) {
        let mut anna = person(1, "Anna");
        anna.details.private_email = Email::parse("geheim@post.example").unwrap();
        let mut tx = app.begin().await;
        people::insert(&mut tx, app.now(), &anna, app.now()).await.unwrap();
        tx.commit_housekeeping().await.unwrap();
        for (words, private, expected) in [(" Geheim@post.example", true, 1), ("geheim@post.example", false, 0), ("geheim@", true, 0)] {
            let search = Search { words, private };
            let page = people::list(&mut app.read().await, Scope::All, &search, app.now(), None, 9).await.unwrap();
            assert_eq!(page.rows.len(), expected);
        }
    }

    async fn whoever_is_on_record_from_laxer_days_is_read_and_found(app) {
        let mut anna = person(1, "Anna");
        anna.details.name = Line::known("An\u{200B}na").unwrap();
        anna.details.department = Line::known("Ent\u{AD}wicklung").unwrap();
        anna.details.private_email = Email::known("Jörg@müller.example").unwrap();
        app.insert_person(&anna).await.unwrap();
        let db = &mut app.read().await;
        assert_eq!(people::find_by_email(db, &anna.details.private_email).await.unwrap(), Some(anna.clone()));
        let search = Search { words: "jörg@müller.example", private: true };
        assert_eq!(people::list(db, Scope::All, &search, app.now(), None, 9).await.unwrap().rows.len(), 1);
    }

    async fn a_person_is_read_back_as_written(app) {
        let anna = person(1, "Anna Müller 👩‍🚀");
        app.insert_person(&anna).await.unwrap();
        let mut ben = person(2, "ياسمين");
        ben.details.work_email = Some(email("ben@firma.example"));
        ben.manager_id = Some(anna.id);
        ben.end_date = Some(date!(2027 - 01 - 31));
        app.insert_person(&ben).await.unwrap();
        ben.details.manager_email = Some(anna.details.private_email.clone());
        let db = &mut app.read().await;
        assert_eq!(people::find(db, Scope::All, anna.id).await.unwrap(), Some(anna.clone()));
        assert_eq!(people::find_by_email(db, &email("BEN@firma.example")).await.unwrap(), Some(ben.clone()));
        assert_eq!(people::find_by_email(db, &email("person2@home.example")).await.unwrap(), Some(ben.clone()));
        assert_eq!(people::find_by_email(db, &email("nobody@home.example")).await.unwrap(), None);
        assert_eq!(people::list_all(db).await.unwrap(), [anna, ben]);
        assert_eq!(people::count(db).await.unwrap(), 2);
    }

    async fn an_address_belongs_to_one_person_only(app) {
        let mut anna = person(1, "Anna");
        anna.details.work_email = Some(email("anna@firma.example"));
        app.insert_person(&anna).await.unwrap();
        assert!(is_taken(app.insert_person(&super::person(1, "Same id")).await));
        let mut twin = person(2, "Twin");
        twin.details.private_email = anna.details.private_email.clone();
        assert!(is_taken(app.insert_person(&twin).await));
        let mut colleague = person(3, "Colleague");
        colleague.details.work_email = anna.details.work_email.clone();
        assert!(is_taken(app.insert_person(&colleague).await));
        let ben = person(4, "Ben");
        app.insert_person(&ben).await.unwrap();
        let grabs = antritt::domain::person::Person { id: ben.id, ..twin };
        assert!(is_taken(app.write(async |tx| people::update(tx, &grabs, start_at(&grabs)).await).await));
    }

    async fn changes_to_nobody_are_stale(app) {
        let anna = person(1, "Anna");
        assert!(is_stale(app.write(async |tx| people::update(tx, &anna, start_at(&anna)).await).await));
        assert!(is_stale(app.write(async |tx| people::set_manager(tx, anna.id, None).await).await));
        assert!(is_stale(app.write(async |tx| people::set_last_day(tx, anna.id, Some(START)).await).await));
    }

    async fn details_from_before_a_last_day_was_set_leave_it_alone(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let last_day = date!(2026 - 12 - 10);
        app.write(async |tx| people::set_last_day(tx, anna.id, Some(last_day)).await).await.unwrap();
        app.write(async |tx| people::update(tx, &anna, start_at(&anna)).await).await.unwrap();
        let read = people::find(&mut app.read().await, Scope::All, anna.id).await.unwrap().unwrap();
        assert_eq!(read.end_date, Some(last_day));
    }

    async fn whoever_a_list_changes_is_locked_and_nobody_else(app) {
        for n in 1..=3 {
            app.insert_person(&person(n, "Anna")).await.unwrap();
        }
        let mut list = app.begin().await;
        dialect::lock_people(&mut list, &[PersonId(id(1)), PersonId(id(2)), PersonId(id(99))]).await.unwrap();
        // `SQLite` has one writer, which would be waited for.
        if app.db == Db::Postgres {
            for (n, is_locked) in [(1, true), (2, true), (3, false)] {
                let at_once = format!("select id from person where id = '{}' for update nowait", id(n));
                assert_eq!(app.tamper(&at_once).await.is_err(), is_locked, "{n}");
            }
        }
        list.commit_housekeeping().await.unwrap();
    }

    async fn an_update_changes_what_is_found_and_a_manager_can_be_set_and_unset(app) {
        let (mut anna, ben) = (person(1, "Anna"), person(2, "Ben"));
        app.insert_person(&anna).await.unwrap();
        app.insert_person(&ben).await.unwrap();
        anna.details.name = Line::parse("Zoë Groß").unwrap();
        app.write(async |tx| people::update(tx, &anna, start_at(&anna)).await).await.unwrap();
        assert_eq!((found(app, "zoe gross").await, found(app, "anna").await), (vec![1], vec![]));
        app.write(async |tx| people::set_manager(tx, anna.id, Some(ben.id)).await).await.unwrap();
        let read = people::find(&mut app.read().await, Scope::ReportsOf(ben.id), anna.id).await.unwrap().unwrap();
        assert_eq!((read.manager_id, read.details.manager_email), (Some(ben.id), Some(ben.details.private_email.clone())));
        app.write(async |tx| people::set_manager(tx, anna.id, None).await).await.unwrap();
        assert_eq!(people::find(&mut app.read().await, Scope::ReportsOf(ben.id), anna.id).await.unwrap(), None);
        assert!(app.write(async |tx| people::set_manager(tx, anna.id, Some(PersonId(id(99)))).await).await.is_err());
    }

    async fn the_list_is_paged_by_name_and_id_without_gap_or_repetition(app) {
        for (n, name) in [(1, "Berta"), (2, "anna"), (3, "Ärger"), (4, "Anna"), (5, "Zoë"), (6, "Anna"), (7, "Özil")] {
            app.insert_person(&person(n, name)).await.unwrap();
        }
        for size in [1, 2, 3, 7, 50] {
            let (mut after, mut seen): (Option<PersonKey>, Vec<u128>) = (None, Vec::new());
            loop {
                let page = people::list(&mut app.read().await, Scope::All, &words(""), app.now(), after.as_ref(), size).await.unwrap();
                assert!(page.rows.len() <= usize::try_from(size).unwrap());
                seen.extend(page.rows.iter().map(|row| row.id.as_u128()));
                let last = page.rows.last().unwrap();
                after = Some((last.sort_name.clone(), PersonId(last.id)));
                if !page.more {
                    break;
                }
            }
            assert_eq!(seen, [2, 4, 6, 3, 1, 7, 5], "pages of {size}");
            let beyond = people::list(&mut app.read().await, Scope::All, &words(""), app.now(), after.as_ref(), size).await.unwrap();
            assert!(beyond.rows.is_empty() && !beyond.more);
        }
    }

    async fn search_takes_wildcards_literally(app) {
        for (n, name) in [(1, "100% Anna"), (2, "under_score"), (3, "bang!"), (4, "back\\slash"), (5, "O'Brien; --")] {
            app.insert_person(&person(n, name)).await.unwrap();
        }
        for (search, expected) in [("%", vec![1]), ("_", vec![2]), ("!", vec![3]), ("\\", vec![4]), ("o'b", vec![5]), ("0% an", vec![1]), ("%%", vec![]), ("", vec![1, 4, 3, 5, 2])] {
            assert_eq!(found(app, search).await, expected, "{search}");
        }
        assert_eq!(found(app, "person3@HOME.example").await, [3]);
    }

    async fn counts_beside_a_name_are_those_of_the_moment(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let at = app.now();
        app.insert_item(&anna, Kind::Nda, State::Done { submitted: Some(at), at }, true).await;
        app.insert_item(&anna, Kind::BackgroundCheck, State::Open, false).await;
        app.insert_item(&anna, Kind::Training, State::Ended { at, reason: antritt::domain::assignment::EndReason::Left }, false).await;
        let row = async |now| people::list(&mut app.read().await, Scope::All, &words(""), now, None, 9).await.unwrap().rows.remove(0);
        let today = row(at).await;
        assert_eq!((today.done, today.total, today.overdue, today.late), (1, 2, 0, 1));
        let later = row(at + Duration::days(30)).await;
        assert_eq!((later.done, later.total, later.overdue, later.late), (1, 2, 1, 1));
    }

    async fn scopes_narrow_the_list(app) {
        let anna = person(1, "Anna");
        let mut ben = person(2, "Ben");
        ben.manager_id = Some(anna.id);
        for one in [&anna, &ben, &person(3, "Cem")] {
            app.insert_person(one).await.unwrap();
        }
        for (scope, expected) in [(Scope::All, 3), (Scope::ReportsOf(anna.id), 1), (Scope::Own(anna.id), 1), (Scope::ReportsOf(ben.id), 0)] {
            let page = people::list(&mut app.read().await, scope, &words(""), app.now(), None, 9).await.unwrap();
            assert_eq!(page.rows.len(), expected, "{scope:?}");
        }
    }

    async fn moves_of_the_start_date_are_listed_oldest_first(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        for days in [7, 3] {
            app.clock.advance(Duration::hours(1));
            let to = START + Duration::days(days);
            app.write(async |tx| people::insert_start_date_change(tx, app.now(), None, anna.id, START, to, "Umzug").await).await.unwrap();
        }
        let moves = people::list_start_date_changes(&mut app.read().await, anna.id).await.unwrap();
        assert_eq!(moves.iter().map(|change| change.new_date).collect::<Vec<_>>(), [START + Duration::days(7), START + Duration::days(3)]);
    }

    async fn leavers_are_listed_while_something_of_theirs_is_open(app) {
        let last_day = date!(2026 - 12 - 10);
        let leaver = |n| antritt::domain::person::Person { end_date: Some(last_day), ..person(n, "Leaver") };
        for n in 1..=4 {
            app.insert_person(&leaver(n)).await.unwrap();
        }
        let at = app.now();
        app.insert_item(&leaver(1), Kind::Nda, State::Open, false).await;
        app.insert_item(&leaver(2), Kind::Nda, State::Done { submitted: None, at }, false).await;
        app.insert_account(10, Some(leaver(3).id), "person3@home.example").await.unwrap();
        app.insert_account(11, Some(leaver(4).id), "person4@home.example").await.unwrap();
        app.write(async |tx| antritt::server::store::accounts::disable_of_person(tx, at, leaver(4).id).await).await.unwrap();
        let listed = async |today| {
            let mut ids: Vec<_> = people::list_leavers_to_close(&mut app.read().await, today).await.unwrap().into_iter().map(|p| p.id.0.as_u128()).collect();
            ids.sort_unstable();
            ids
        };
        assert_eq!(listed(last_day).await, [1, 3]);
        assert!(listed(date!(2026 - 12 - 09)).await.is_empty());
    }

    async fn an_account_of_nobody_under_a_leavers_address_is_listed_until_somebody_was_told(app) {
        let mut anna = person(1, "Anna");
        anna.details.work_email = Some(email("anna@firma.example"));
        anna.end_date = Some(START);
        app.insert_person(&anna).await.unwrap();
        let private = app.insert_account(10, None, "person1@home.example").await.unwrap();
        let work = app.insert_account(11, None, "anna@firma.example").await.unwrap();
        let other = app.insert_account(12, None, "b@firma.example").await.unwrap();
        let open = async || people::list_accounts_left_open(&mut app.read().await, anna.id).await.unwrap();
        let listed = async || people::list_leavers_to_close(&mut app.read().await, START).await.unwrap().len();
        assert_eq!((open().await, listed().await), (vec![private, work], 1));
        app.write(async |tx| accounts::disable(tx, app.now(), private, other, "Weg").await).await.unwrap();
        assert_eq!((open().await, listed().await), (vec![work], 1));
        let mut tx = app.begin().await;
        tx.note(app.now(), Change { actor: None, action: Action::AccountLeftOpen, subject: anna.id.0, person: Some(anna.id), detail: json!({}) });
        tx.commit().await.unwrap();
        assert_eq!((open().await, listed().await), (vec![], 0));
        for (account, last_day) in [(work, Some(START)), (other, None)] {
            let found = accounts::find(&mut app.read().await, app.now(), account).await.unwrap().unwrap();
            assert_eq!((found.end_date, found.recorded_end_date, found.recorded_time_zone.is_some()), (None, last_day, last_day.is_some()));
            app.write(async |tx| roles::grant(tx, app.now(), &plain(account, Role::Hr)).await).await.unwrap();
        }
        let holders = roles::list_holders(&mut app.read().await, app.now(), None, 9).await.unwrap().rows;
        assert_eq!(holders.iter().map(|row| row.last_day).collect::<Vec<_>>(), [Some(START), None]);
    }
}
