//! Texts and courses, and their immutable versions.

use super::{id, is_taken};
use crate::fixture::stories;
use antritt::{
    domain::{
        course::Course,
        ids::{CourseId, CourseVersionId, DocumentId, DocumentVersionId},
        locale::{Bilingual, Locale},
    },
    server::store::{
        courses::{self, CourseVersion},
        documents::{self, DocumentVersion, Release},
    },
};

fn both(text: &str) -> Bilingual {
    Bilingual {
        de: format!("{text} ä"),
        en: text.to_owned(),
    }
}

stories! {
    async fn the_newest_version_of_a_document_is_the_one_with_the_highest_number(app) {
        let document = DocumentId(id(1));
        let version = |number: i64| DocumentVersion {
            id: DocumentVersionId(id(100 + u128::try_from(number).unwrap())),
            document,
            number,
            published_at: app.now(),
            material: number == 2,
            minutes: 3,
            title: both("Title"),
            body: both(&format!("Body {number}")),
            sha256_de: [1; 32],
            sha256_en: [2; 32],
            release: Release::shipped(),
        };
        app.write(async |tx| documents::insert(tx, document, "policy", "remote-work").await).await.unwrap();
        assert_eq!(documents::find_newest(&mut app.read().await, document).await.unwrap(), None);
        for number in [2, 3, 1] {
            app.write(async |tx| documents::insert_version(tx, &version(number)).await).await.unwrap();
        }
        assert_eq!(documents::find_newest(&mut app.read().await, document).await.unwrap(), Some(version(3)));
        assert_eq!(documents::find_version(&mut app.read().await, version(2).id).await.unwrap(), Some(version(2)));
        assert_eq!(documents::find_version(&mut app.read().await, DocumentVersionId(id(9))).await.unwrap(), None);
        assert_eq!(version(1).sha256(Locale::De), [1; 32]);
        let twin = DocumentVersion { id: DocumentVersionId(id(900)), ..version(3) };
        assert!(is_taken(app.write(async |tx| documents::insert_version(tx, &twin).await).await));
        assert!(is_taken(app.write(async |tx| documents::insert(tx, DocumentId(id(2)), "policy", "remote-work").await).await));
        assert!(app.write(async |tx| documents::insert(tx, DocumentId(id(3)), "poem", "ode").await).await.is_err(), "no such kind");
    }

    async fn a_course_is_read_back_as_it_was_written(app) {
        let content = Course { title: both("Course"), pass_mark: 0, lessons: Vec::new(), questions: Vec::new() };
        let version = CourseVersion { id: CourseVersionId(id(2)), course: CourseId(id(1)), number: 1, minutes: 9, content: content.clone() };
        let stored = serde_json::to_string(&content).unwrap();
        let insert = async |slug: &str, version: &CourseVersion| app.write(async |tx| courses::insert(tx, app.now(), slug, version, &stored, [0; 32]).await).await;
        insert("first-aid", &version).await.unwrap();
        assert_eq!(courses::find_newest(&mut app.read().await, version.course).await.unwrap(), Some(version.clone()));
        assert_eq!(courses::find_newest(&mut app.read().await, CourseId(id(9))).await.unwrap(), None);
        let other = CourseVersion { id: CourseVersionId(id(3)), course: CourseId(id(4)), ..version };
        assert!(is_taken(insert("first-aid", &other).await));
    }
}
