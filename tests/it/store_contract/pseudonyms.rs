//! Pseudonyms: what the database lets go of, and nothing else.

use super::{START, id, person};
use crate::fixture::stories;
use antritt::{
    domain::{assignment::State, ids::FileId, person::Person, requirement::RequirementKind as Kind, scan::MediaType},
    server::store::{
        StoreError, people,
        pseudonyms::{self, Leaver},
        stored_files::{self, NewFile},
    },
};
use time::macros::date;

fn leaver(n: u128) -> Person {
    Person {
        end_date: Some(date!(2026 - 12 - 10)),
        ..person(n, "Leaver")
    }
}

stories! {
    async fn leavers_are_listed_until_they_have_a_pseudonym_and_nobody_gets_two(app) {
        for n in 1..=3 {
            app.insert_person(&leaver(n)).await.unwrap();
        }
        app.insert_person(&person(4, "Bleibt")).await.unwrap();
        let listed = async |until, limit| {
            let leavers = pseudonyms::list_leavers(&mut app.read().await, until, limit).await.unwrap();
            leavers.into_iter().map(|leaver| leaver.person.0.as_u128()).collect::<Vec<_>>()
        };
        assert_eq!(listed(date!(2026 - 12 - 10), 2).await, [1, 2]);
        assert!(listed(date!(2026 - 12 - 09), 9).await.is_empty());
        let replace = async |n| app.write(async |tx| pseudonyms::pseudonymise(tx, app.now(), &leaver(n)).await).await;
        replace(2).await.unwrap();
        assert!(replace(2).await.is_err());
        assert!(matches!(replace(9).await, Err(StoreError::Stale)));
        assert_eq!(listed(date!(2026 - 12 - 10), 9).await, [1, 3]);
        let first = pseudonyms::list_leavers(&mut app.read().await, date!(2026 - 12 - 10), 1).await.unwrap();
        assert_eq!(first, [Leaver { person: leaver(1).id, last_day: date!(2026 - 12 - 10), time_zone: "Europe/Berlin".into() }]);
        let mut tx = app.begin().await;
        assert!(people::find_for_change(&mut tx, leaver(1).id).await.unwrap().is_some());
        assert!(people::find_for_change(&mut tx, leaver(2).id).await.unwrap().is_none());
    }

    async fn the_triggers_let_go_of_texts_only_and_of_pseudonyms_only(app) {
        app.insert_person(&leaver(1)).await.unwrap();
        let item = app.insert_item(&leaver(1), Kind::Nda, State::Open, false).await;
        let by = app.insert_account(10, None, "hr@firma.example").await.unwrap();
        let file = NewFile { id: FileId(id(7)), assignment: item, name: "nda.pdf", media_type: MediaType::Pdf, sha256: [3; 32], content: b"%PDF-" };
        app.write(async |tx| stored_files::insert(tx, app.now(), by, file).await).await.unwrap();
        app.write(async |tx| people::insert_start_date_change(tx, app.now(), None, leaver(1).id, START, START, "Umzug").await).await.unwrap();
        let texts = ["update stored_file set content = null", "update start_date_change set reason = ''"];
        let facts = [
            "update stored_file set size = 6",
            "update stored_file set content = null, media_type = 'image/png'",
            "update start_date_change set old_date = '2026-01-01'",
            "update start_date_change set reason = '', new_date = '2026-01-01'",
            "delete from stored_file",
            "delete from start_date_change",
        ];
        for change in texts.iter().chain(&facts) {
            assert!(app.tamper(change).await.is_err(), "{change}");
        }
        app.write(async |tx| pseudonyms::pseudonymise(tx, app.now(), &leaver(1)).await).await.unwrap();
        for change in texts {
            assert!(app.tamper(change).await.is_ok(), "{change}");
        }
        for change in facts.into_iter().chain(["update person set name = 'Anna'", "update person set pseudonymised_at = null"]) {
            assert!(app.tamper(change).await.is_err(), "{change}");
        }
    }
}
