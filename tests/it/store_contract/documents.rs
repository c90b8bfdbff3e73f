//! Texts and courses, and their immutable versions.

use super::{id, is_stale, is_taken};
use crate::fixture::stories;
use antritt::{
    domain::{
        course::Course,
        ids::{CourseId, CourseVersionId, DocumentId, DocumentVersionId},
        locale::{Bilingual, Locale},
    },
    server::store::{
        courses::{self, CourseVersion, ImageRow, VersionRow},
        documents::{self, DocumentVersion},
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
        let content = Course { title: both("Course"), pass_mark: 0, draw: Some(3), attempts_per_day: 2, lessons: Vec::new(), questions: Vec::new() };
        let version = CourseVersion { id: CourseVersionId(id(2)), course: CourseId(id(1)), number: 1, minutes: 9, content: content.clone() };
        let stored = serde_json::to_string(&content).unwrap();
        let insert = async |version: &CourseVersion| app.write(async |tx| courses::insert_version(tx, app.now(), version, &stored, [7; 32], false).await).await;
        app.write(async |tx| courses::insert(tx, version.course, "first-aid").await).await.unwrap();
        insert(&version).await.unwrap();
        assert_eq!(courses::find_newest(&mut app.read().await, version.course).await.unwrap(), Some(version.clone()));
        assert_eq!(courses::find_newest(&mut app.read().await, CourseId(id(9))).await.unwrap(), None);
        assert_eq!(courses::find_version(&mut app.read().await, version.id).await.unwrap(), Some(version.clone()));
        assert_eq!(courses::find_version(&mut app.read().await, CourseVersionId(id(9))).await.unwrap(), None);
        let twin = CourseVersion { id: CourseVersionId(id(3)), ..version.clone() };
        assert!(is_taken(insert(&twin).await), "a number is taken once");
        assert!(is_taken(app.write(async |tx| courses::insert(tx, CourseId(id(4)), "first-aid").await).await));
        let versions = courses::list_versions(&mut app.read().await, version.course).await.unwrap();
        assert_eq!(versions, [VersionRow { number: 1, published_at: app.now(), material: false, sha256: vec![7; 32] }]);
        assert!(app.tamper("update course_version set material = true").await.is_err());
        assert!(app.write(async |tx| courses::delete(tx, version.course).await).await.is_err(), "a published course stays");
    }

    async fn a_draft_is_written_over_only_by_whom_saw_it(app) {
        let by = app.insert_account(1, None, "kim@firma.example").await.unwrap();
        let course = CourseId(id(1));
        app.write(async |tx| courses::insert(tx, course, "first-aid").await).await.unwrap();
        let content = |title: &str| Course { title: both(title), pass_mark: 1, draw: None, attempts_per_day: 5, lessons: Vec::new(), questions: Vec::new() };
        let save = async |title: &str, seen| {
            let stored = serde_json::to_string(&content(title)).unwrap();
            app.write(async |tx| courses::save_draft(tx, app.now(), course, &stored, seen, by).await).await
        };
        let find = async || courses::find(&mut app.read().await, course).await.unwrap().unwrap();
        assert_eq!((find().await.content(), find().await.revision()), (None, None));
        save("one", None).await.unwrap();
        assert!(is_stale(save("two", None).await));
        save("two", Some(1)).await.unwrap();
        assert!(is_stale(save("three", Some(1)).await));
        let row = find().await;
        assert_eq!((row.content(), row.revision()), (Some(&content("two")), Some(2)));
        let draft = row.draft.clone().unwrap();
        assert_eq!((draft.updated_at, &*draft.updated_by), (app.now(), "Kim Konto"));
        let listed = courses::list(&mut app.read().await).await.unwrap();
        assert!(listed.len() == 2 && listed.contains(&row), "beside the shipped one");
        let drop = async |seen| app.write(async |tx| courses::delete_draft(tx, course, seen).await).await;
        assert!(is_stale(drop(1).await));
        drop(2).await.unwrap();
        app.write(async |tx| courses::delete(tx, course).await).await.unwrap();
        assert_eq!(courses::find(&mut app.read().await, course).await.unwrap(), None);
    }

    async fn an_image_is_kept_once_and_for_ever(app) {
        let by = app.insert_account(1, None, "kim@firma.example").await.unwrap();
        let image = ImageRow { media_type: "image/png".into(), content: vec![1, 2, 3] };
        let insert = async |sha256: &[u8; 32], image: &ImageRow| app.write(async |tx| courses::insert_image(tx, app.now(), sha256, image, by).await).await;
        assert!(insert(&[5; 32], &image).await.unwrap());
        assert!(!insert(&[5; 32], &image).await.unwrap());
        assert_eq!(courses::find_image(&mut app.read().await, &[5; 32]).await.unwrap(), Some(image.clone()));
        assert_eq!(courses::find_image(&mut app.read().await, &[6; 32]).await.unwrap(), None);
        assert_eq!(courses::list_images(&mut app.read().await).await.unwrap(), [[5; 32]]);
        assert!(insert(&[6; 32], &ImageRow { media_type: "image/svg+xml".into(), ..image }).await.is_err());
        for change in ["delete from course_image", "update course_image set media_type = 'image/jpeg'"] {
            assert!(app.tamper(change).await.is_err(), "{change}");
        }
    }
}
