//! Copies of what was signed.

use super::{id, is_taken, person};
use crate::fixture::stories;
use antritt::{
    domain::{assignment::State, ids::AssignmentId, locale::Locale, requirement::RequirementKind as Kind},
    server::store::copies::{self, StoredCopy},
};

stories! {
    async fn a_copy_is_kept_once_and_for_ever(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let item = app.insert_item(&anna, Kind::Nda, State::Waiting { since: app.now() }, false).await;
        let copy = StoredCopy {
            language: Locale::De,
            title: "Vereinbarung".into(),
            body: "Text".into(),
            sha256: [1; 32],
            pdf: b"%PDF-".to_vec(),
            pdf_sha256: [2; 32],
            created_at: app.now(),
        };
        assert_eq!(copies::find(&mut app.read().await, item).await.unwrap(), None);
        let insert = async || app.write(async |tx| copies::insert(tx, item, &copy).await).await;
        insert().await.unwrap();
        assert!(is_taken(insert().await));
        assert_eq!(copies::find(&mut app.read().await, item).await.unwrap(), Some(copy.clone()));
        assert_eq!(copies::find(&mut app.read().await, AssignmentId(id(9))).await.unwrap(), None);
        for change in ["update signed_copy set title = 'x'", "delete from signed_copy"] {
            assert!(app.tamper(change).await.is_err(), "{change}");
        }
    }
}
