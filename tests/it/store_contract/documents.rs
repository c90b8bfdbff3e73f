//! Texts and courses, and their immutable versions.

use super::{id, is_stale, is_taken};
use crate::fixture::{Db, TestApp, stories};
use antritt::{
    domain::{
        assignment::Cause,
        course::Course,
        document::{DocumentKind, Texts},
        ids::{CourseId, CourseVersionId, DocumentId, DocumentVersionId, RequirementId},
        locale::{Bilingual, Locale},
        requirement::{Material, Requirement, RequirementKind},
    },
    server::{
        store::{
            assignments,
            courses::{self, CourseVersion, ImageRow, VersionRow},
            dialect,
            documents::{self, DocumentVersion, Release},
            drafts, requirements,
            rollout::{self, Group, Reach},
        },
        zones,
    },
};
use time::macros::date;

/// The first two policies of the checklist.
async fn policies(app: &TestApp) -> [DocumentId; 2] {
    let listed = requirements::list(&mut app.read().await).await.unwrap();
    let documents: Vec<_> = listed
        .into_iter()
        .filter(|requirement| requirement.kind == RequirementKind::Policy)
        .take(2)
        .collect();
    let [Material::Document(first), Material::Document(second)] = [documents[0].material, documents[1].material] else {
        panic!("no text")
    };
    [first, second]
}

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

    async fn versions_are_listed_the_newest_first_and_only_what_was_never_published_goes(app) {
        let (today, [policy, _]) = (app.now().date(), policies(app).await);
        let first = documents::find_newest(&mut app.read().await, policy).await.unwrap().unwrap();
        let second = DocumentVersion {
            id: DocumentVersionId(id(2)),
            number: 2,
            release: Release { by: Some(app.insert_account(7, None, "x@company.example").await.unwrap()), effective_on: Some(date!(2027 - 01 - 01)), change: both("Change") },
            ..first.clone()
        };
        app.write(async |tx| documents::insert_version(tx, &second).await).await.unwrap();
        assert_eq!(documents::list_versions(&mut app.read().await, policy).await.unwrap(), [second.clone(), first]);
        let listed = documents::list(&mut app.read().await, app.now(), today).await.unwrap();
        let summary = listed.iter().find(|document| document.id == policy).unwrap();
        assert_eq!((summary.published, summary.has_draft, summary.asked, &summary.title), (Some((2, second.published_at)), false, 0, &second.title));
        assert_eq!(listed[0].kind, DocumentKind::Nda);

        assert!(app.write(async |tx| documents::delete(tx, policy).await).await.is_err(), "it has versions");
        app.write(async |tx| documents::insert(tx, DocumentId(id(1)), "policy", "new").await).await.unwrap();
        app.write(async |tx| documents::delete(tx, DocumentId(id(1))).await).await.unwrap();
        assert!(is_stale(app.write(async |tx| documents::delete(tx, DocumentId(id(1))).await).await));
    }

    async fn the_last_acceptance_is_found_with_its_version(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let item = app.item(anna, RequirementKind::Policy).await;
        assert_eq!(documents::find_last_accepted(&mut app.read().await, anna, item.requirement).await.unwrap(), None);
        let reader = app.sign_in_by_link(anna).await;
        app.accept_policy(&reader, &item).await.said();
        let (version, at) = documents::find_last_accepted(&mut app.read().await, anna, item.requirement).await.unwrap().unwrap();
        assert_eq!((version.number, at), (1, app.now()));
        let listed = documents::list(&mut app.read().await, app.now(), app.now().date()).await.unwrap();
        let counts: Vec<_> = listed.iter().filter(|document| document.kind == DocumentKind::Policy).map(|document| (document.accepted, document.asked)).collect();
        assert_eq!(counts, [(1, 1), (0, 1), (0, 1)]);
    }

    async fn a_draft_is_saved_over_the_revision_that_was_seen_only(app) {
        let [policy, _] = policies(app).await;
        let (kim, lou) = (app.insert_account(7, None, "kim@company.example").await.unwrap(), app.insert_account(8, None, "lou@company.example").await.unwrap());
        let texts = |text: &str| Texts { title: both("Title"), body: both(text) };
        let save = async |by, text: &str, seen| { let texts = texts(text); app.write(async |tx| drafts::save(tx, app.now(), by, policy, &texts, seen).await).await };
        assert!(is_stale(save(kim, "early", 3).await), "there is no third revision");
        save(kim, "one", 0).await.unwrap();
        assert!(is_stale(save(lou, "other", 0).await));
        save(lou, "two", 1).await.unwrap();
        let edited = drafts::find(&mut app.read().await, policy).await.unwrap().unwrap();
        assert_eq!(edited.kind, DocumentKind::Policy);
        let draft = edited.draft.unwrap();
        assert_eq!((draft.revision, draft.texts, &*draft.updated_by), (2, texts("two"), "Kim Konto"));
        assert!(is_stale(app.write(async |tx| drafts::delete(tx, policy, 1).await).await));
        app.write(async |tx| drafts::delete(tx, policy, 2).await).await.unwrap();
        assert_eq!(drafts::find(&mut app.read().await, policy).await.unwrap().unwrap().draft, None);
        assert_eq!(drafts::find(&mut app.read().await, DocumentId(id(9))).await.unwrap(), None);
    }

    async fn who_accepted_is_asked_again_in_groups_and_once(app) {
        let [policy, _] = policies(app).await;
        let today = app.now().date();
        let newcomers_after = date!(2026 - 11 - 25);
        let people = [("2026-01-05", "Europe/Berlin"), ("2026-12-01", "Europe/Berlin"), ("2026-02-02", "Asia/Tokyo")];
        for (n, (start, zone)) in people.into_iter().enumerate() {
            let person = app.person(&format!("Person {n}"), start, zone).await;
            let item = app.item(person, RequirementKind::Policy).await;
            let reader = app.sign_in_by_link(person).await;
            if zone == "Europe/Berlin" {
                app.accept_policy(&reader, &item).await.said();
            }
        }
        let reach = rollout::reach(&mut app.read().await, policy, today).await.unwrap();
        assert_eq!(reach, Reach { accepted: 2, open: 1, lifted: 0, left_company: 0, everybody: 3 });
        let groups = rollout::list_groups(&mut app.read().await, today, newcomers_after).await.unwrap();
        let group = |zone: &str, start_date: Option<time::Date>| Group { time_zone: zone.to_owned(), start_date, country: start_date.map(|_| "DE".to_owned()) };
        let mut expected = vec![group("Asia/Tokyo", None), group("Europe/Berlin", None), group("Europe/Berlin", Some(date!(2026 - 12 - 01)))];
        let mut sorted = groups.clone();
        sorted.sort_by_key(|group| (group.time_zone.clone(), group.start_date));
        expected.sort_by_key(|group| (group.time_zone.clone(), group.start_date));
        assert_eq!(sorted, expected);
        for (group, asked) in expected.iter().zip([0, 1, 1]) {
            let deadline = zones::deadline_on(&group.time_zone, date!(2027 - 01 - 01));
            let ask = async || app.write(async |tx| rollout::ask_again(tx, policy, today, newcomers_after, group, deadline).await).await.unwrap();
            assert_eq!((ask().await, ask().await), (asked, 0), "{group:?}");
        }
        let requirement = app.requirement(RequirementKind::Nda).await;
        let new = Requirement { id: RequirementId(id(5)), position: 9, ..requirement };
        app.write(async |tx| requirements::insert(tx, app.now(), &new).await).await.unwrap();
        app.write(async |tx| requirements::make_room(tx, 8).await).await.unwrap();
        assert_eq!(requirements::list(&mut app.read().await).await.unwrap().last().unwrap().position, 10);
        let deadline = zones::deadline_on("Europe/Berlin", date!(2027 - 01 - 01));
        let given = app.write(async |tx| rollout::ask_everybody(tx, new.id, today, newcomers_after, &expected[1], deadline).await).await.unwrap();
        assert_eq!(given, 1);
    }

    async fn open_renewals_are_brought_forward_and_their_old_day_is_kept(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        let item = app.item(anna, RequirementKind::Policy).await;
        let Material::Document(policy) = item.material else { panic!("no text") };
        app.accept_policy(&reader, &item).await.said();
        let deadline = |day| zones::deadline_on("Europe/Berlin", day);
        app.write(async |tx| assignments::insert_cycle(tx, &item, app.now().date(), deadline(date!(2027 - 11 - 23)), Cause::Yearly, false).await).await.unwrap();
        let bring = async |zone: &'static str| {
            app.write(async |tx| rollout::bring_renewals_forward(tx, app.now(), policy, zone, deadline(date!(2027 - 11 - 10)), "new version").await).await.unwrap()
        };
        assert_eq!((bring("Asia/Tokyo").await, bring("Europe/Berlin").await, bring("Europe/Berlin").await), (0, 1, 0));
        let renewal = app.items(anna).await.into_iter().find(|other| other.requirement == item.requirement).unwrap();
        assert_eq!((renewal.deadline, renewal.first_due_on), (deadline(date!(2027 - 11 - 10)), Some(date!(2027 - 11 - 23))));
    }

    async fn publishing_waits_for_whoever_holds_it_back(app) {
        let mut holder = app.begin().await;
        dialect::hold_publishing(&mut holder).await.unwrap();
        drop(holder);
        let mut publisher = app.begin().await;
        dialect::begin_publishing(&mut publisher).await.unwrap();
        if app.db == Db::Postgres {
            let mut holder = app.begin().await;
            let waits = tokio::time::timeout(std::time::Duration::from_millis(200), dialect::hold_publishing(&mut holder)).await;
            assert!(waits.is_err(), "nobody accepts while a version is being published");
        }
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
