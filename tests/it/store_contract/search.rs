//! Finding by words.

use super::{email, id, person};
use crate::fixture::{TestApp, stories};
use antritt::{
    domain::{
        ids::{CourseId, DocumentId, PersonId},
        person::Line,
        search::Query,
    },
    server::store::{
        courses, documents,
        people::Scope,
        search::{self, Findable},
    },
};

fn query(typed: &str) -> Query {
    Query::parse(typed).unwrap()
}

async fn people(app: &TestApp, scope: Scope, typed: &str, limit: i64) -> Vec<u128> {
    let mut db = app.read().await;
    let private = db.vault().seal_address(typed);
    let rows = search::list_people(&mut db, scope, &query(typed), Some(&private), limit).await.unwrap();
    rows.into_iter().map(|row| row.id.as_u128()).collect()
}

async fn nearly(app: &TestApp, scope: Scope, typed: &str) -> Vec<u128> {
    let pieces = query(typed).pieces().unwrap();
    let rows = search::list_people_nearly(&mut app.read().await, scope, &pieces, 9).await.unwrap();
    rows.into_iter().map(|row| row.id.as_u128()).collect()
}

async fn things(app: &TestApp, findable: Findable, typed: &str) -> Vec<(String, String)> {
    let mut db = app.read().await;
    let address = db.vault().seal_address(typed);
    let rows = search::list_things(&mut db, findable, &query(typed), Some(&address), 99).await.unwrap();
    rows.into_iter().map(|row| (row.what, row.name_en)).collect()
}

stories! {
    async fn every_word_has_to_be_there_and_the_best_comes_first(app) {
        for (n, name) in [(1, "Maria Anna"), (2, "Annabel Zorn"), (3, "Anna Zorn"), (4, "Johanna Zorn"), (5, "Ben")] {
            app.insert_person(&person(n, name)).await.unwrap();
        }
        assert_eq!(people(app, Scope::All, "anna", 9).await, [3, 2, 1, 4]);
        assert_eq!(people(app, Scope::All, "anna", 2).await, [3, 2]);
        assert_eq!(people(app, Scope::All, "zorn anna", 9).await, [3, 2, 4], "as all three names begin otherwise, by name");
        assert_eq!(people(app, Scope::All, "anna engineering zorn engineer nonsense", 9).await, [3, 2, 4], "the fifth word adds nothing");
        assert_eq!(people(app, Scope::All, "%", 9).await, Vec::<u128>::new());
        assert_eq!(people(app, Scope::All, "person5@home.example", 9).await, [5]);
        assert_eq!(people(app, Scope::Own(PersonId(id(3))), "anna", 9).await, [3]);
    }

    async fn pieces_find_candidates_within_the_scope(app) {
        let boss = person(9, "Boss");
        app.insert_person(&boss).await.unwrap();
        let mut report = person(1, "Eva Schmidt");
        report.manager_id = Some(boss.id);
        app.insert_person(&report).await.unwrap();
        app.insert_person(&person(2, "Uwe Schmidt")).await.unwrap();
        assert_eq!(nearly(app, Scope::All, "shcmidt").await, [1, 2]);
        assert_eq!(nearly(app, Scope::ReportsOf(boss.id), "shcmidt").await, [1]);
        assert_eq!(nearly(app, Scope::All, "xxxxyyyy").await, Vec::<u128>::new());
    }

    async fn accounts_and_titles_are_found_by_who_may(app) {
        let mut anna = person(1, "Anna Müller");
        anna.details.work_email = Some(email("anna@firma.example"));
        anna.details.department = Line::parse("Vertrieb").unwrap();
        app.insert_person(&anna).await.unwrap();
        app.insert_account(10, Some(anna.id), "anna@home.example").await.unwrap();
        app.insert_account(11, None, "kim@firma.example").await.unwrap();
        let mut tx = app.begin().await;
        documents::insert(&mut tx, DocumentId(id(20)), "policy", "clean-desk").await.unwrap();
        courses::insert(&mut tx, CourseId(id(21)), "fire-drill").await.unwrap();
        tx.commit_housekeeping().await.unwrap();
        let accounts = Findable { accounts: true, ..Findable::default() };
        let account = ("account".to_owned(), "Kim Konto".to_owned());
        // Both accounts of this test bear the same name; Anna's is found as she is.
        assert_eq!(things(app, accounts, "mueller vertrieb").await, std::slice::from_ref(&account));
        assert_eq!(things(app, accounts, "kim@firma.example").await[0], account, "by the whole address; others share a piece of it");
        assert_eq!(things(app, accounts, "anna@home.example").await, [], "a private address is not an administrator's to search by");
        assert_eq!(things(app, Findable::default(), "kim").await, []);
        let whats = async |findable| things(app, findable, "anything").await.into_iter().map(|(what, _)| what).collect::<std::collections::BTreeSet<_>>();
        let of = |what: &str| std::collections::BTreeSet::from([what.to_owned()]);
        assert_eq!(whats(Findable { policies: true, ..Findable::default() }).await, of("policy"));
        assert_eq!(whats(Findable { ndas: true, ..Findable::default() }).await, of("nda"));
        assert_eq!(whats(Findable { courses: true, ..Findable::default() }).await, of("course"));
        let policies = things(app, Findable { policies: true, ..Findable::default() }, "clean").await;
        assert!(policies.contains(&("policy".to_owned(), "clean-desk".to_owned())), "without a version, by its slug: {policies:?}");
    }
}
