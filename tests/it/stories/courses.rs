//! Courses: written as drafts that nobody learns from, published as versions that never change.

use super::course_files::{add_image, png, upload};
use crate::fixture::{
    TestApp,
    client::{Answer, Client},
    people::quiz_fields,
    stories,
};
use antritt::{
    api::{
        courses::{
            AddCourse, AddLesson, DiscardCourseDraft, MoveLesson, PublishCourse, RemoveLesson, RemoveQuestion, SaveCourse, SaveLesson, SaveQuestion,
            TakeOverCourse,
        },
        done::Said,
        error::ApiError,
        training::{AnswerQuestion, HandInQuiz},
    },
    domain::{
        assignment::{Cause, State},
        course::Course,
        ids::CourseId,
        problem::{Conflict, FieldProblem, Problem},
        requirement::RequirementKind,
    },
    server::{
        service::{
            courses::{mark, mark_of_settings},
            lessons::mark_of_lessons,
        },
        store::courses::{self, CourseRow},
    },
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use time::Duration;

pub async fn shipped(app: &TestApp) -> CourseId {
    app.shipped_course().await.parse().unwrap()
}

pub async fn row(app: &TestApp, id: CourseId) -> CourseRow {
    courses::find(&mut app.read().await, id).await.unwrap().unwrap()
}

/// What its authors see.
pub async fn draft(app: &TestApp, id: CourseId) -> Course {
    row(app, id).await.content().unwrap().clone()
}

async fn save_lesson(app: &TestApp, author: &Client, id: CourseId, slug: &str, body: [&str; 2]) -> Answer {
    let course = draft(app, id).await;
    let lesson = course.lesson(slug).unwrap();
    let fields = [
        ("id", &*id.to_string()),
        ("slug", slug),
        ("seen", &mark(lesson)),
        ("title_de", &lesson.title.de),
        ("title_en", &lesson.title.en),
        ("body_de", body[0]),
        ("body_en", body[1]),
    ];
    author.post_form(SaveLesson::PATH, &fields).await
}

/// Changes the course a little and publishes it.
async fn publish_change(app: &TestApp, author: &Client, id: CourseId, weight: &str) -> Answer {
    let version = row(app, id).await.published.map_or(0, |(number, ..)| number);
    save_lesson(app, author, id, "phishing", [&format!("Neu {version}"), &format!("New {version}")])
        .await
        .said();
    publish(app, author, id, weight).await
}

pub async fn publish(app: &TestApp, author: &Client, id: CourseId, weight: &str) -> Answer {
    let seen = row(app, id).await.revision().unwrap_or_default().to_string();
    author
        .post_form(PublishCourse::PATH, &[("id", &*id.to_string()), ("seen", &seen), ("weight", weight)])
        .await
}

/// A new course with one lesson and one question, not published.
async fn small_course(app: &TestApp, author: &Client) -> CourseId {
    let added = author
        .post_form(AddCourse::PATH, &[("title_de", "Erste Hilfe"), ("title_en", "First aid")])
        .await;
    let id: CourseId = added.location().rsplit('/').next().unwrap().parse().unwrap();
    let own = id.to_string();
    author
        .post_form(AddLesson::PATH, &[("id", &*own), ("lesson_de", "Brände"), ("lesson_en", "Fires")])
        .await
        .said();
    save_lesson(app, author, id, "fires", ["Raus hier", "Get out"]).await.said();
    let question = [
        ("id", &*own),
        ("lesson", "fires"),
        ("text_de", "Es brennt. Was tun Sie?"),
        ("text_en", "There is a fire. What do you do?"),
        ("option_de[0]", "Löschen"),
        ("option_en[0]", "Fight it"),
        ("option_de[3]", "Hinausgehen"),
        ("option_en[3]", "Leave"),
        ("right", "3"),
        ("explanation_de", "Erst Sie."),
        ("explanation_en", "You first."),
    ];
    author.post_form(SaveQuestion::PATH, &question).await.said();
    id
}

stories! {
    async fn a_quiz_that_was_opened_before_a_new_version_is_not_counted_under_it(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let item = app.item(anna, RequirementKind::Training).await;
        let (course, attempt) = app.quiz(&item).await;
        let mut fields = crate::fixture::people::quiz_fields(&item, &course, attempt, 10);
        fields.push(("version".into(), "1".into()));
        let page = client.get(&format!("/checklist/training/{}/quiz", item.id)).await.body;
        assert!(page.contains("name=\"version\" value=\"1\""), "{page}");
        let antritt::domain::requirement::Material::Course(id) = item.material else { panic!("no course") };
        publish_change(app, &app.security().await, id, "minor").await.said();
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let refused = client.post_form(antritt::api::training::HandInQuiz::PATH, &fields).await.refusal();
        assert_eq!(refused, ApiError::Conflict(Conflict::NewerVersion));
        assert_eq!(app.number("select count(*) from quiz_attempt").await, 0, "nothing was counted");
    }

    async fn a_draft_is_invisible_until_it_is_published(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        let author = app.security().await;
        let id = shipped(app).await;
        let item = app.item(anna, RequirementKind::Training).await;
        save_lesson(app, &author, id, "phishing", ["Ganz **neu**", "Entirely **new**"]).await.said();
        let path = format!("/checklist/training/{}/lesson/phishing", item.id);
        assert!(!reader.get(&path).await.body.contains("Ganz <strong>neu"));
        let preview = author.get(&format!("/content/courses/{id}/lessons/phishing")).await;
        assert!(preview.body.contains("Ganz <strong>neu</strong>") && preview.body.contains("Entirely <strong>new</strong>"), "{}", preview.body);
        assert_eq!(publish(app, &author, id, "minor").await.said(), Said::CoursePublished { asked: 0 });
        assert!(reader.get(&path).await.body.contains("Ganz <strong>neu"));
        assert_eq!(row(app, id).await.draft, None);
        let sha256 = app.number("select count(*) from course_version where material").await;
        assert_eq!(sha256, 1, "the second version asks nobody again");
    }

    async fn a_material_version_asks_those_who_passed_and_nobody_else(app) {
        let author = app.security().await;
        let id = shipped(app).await;
        let anna = app.person("Anna Muster", "2026-11-02", "Asia/Tokyo").await;
        let ben = app.person("Ben Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        app.hand_in(&reader, anna, 10).await.said();
        let first = app.item(anna, RequirementKind::Training).await;
        assert_eq!(publish_change(app, &author, id, "minor").await.said(), Said::CoursePublished { asked: 0 });
        assert_eq!(app.item(anna, RequirementKind::Training).await.id, first.id);

        save_lesson(app, &author, id, "phishing", ["Neu", "New"]).await.said();
        let page = author.get(&format!("/content/courses/{id}/publish")).await;
        assert!(page.body.contains("1\u{A0}person has the course once more"), "{}", page.body);
        assert!(page.body.contains("1\u{A0}person has not passed yet"), "{}", page.body);
        assert_eq!(publish(app, &author, id, "material").await.said(), Said::CoursePublished { asked: 1 });
        let again = app.item(anna, RequirementKind::Training).await;
        assert_eq!((again.cycle, again.cause, again.state), (2, Cause::NewVersion, State::Open));
        assert_eq!(again.deadline.due_on, app.now().date() + Duration::days(30));
        assert_eq!(app.item(ben, RequirementKind::Training).await.cycle, 1);
        let before = antritt::server::store::assignments::find(&mut app.read().await, antritt::server::store::people::Scope::All, first.id).await.unwrap().unwrap();
        assert!(matches!(before.state, State::Done { .. }) && app.evidence(first.id).await.len() == 1, "what was passed stays on record");
        assert_eq!(app.hand_in(&reader, anna, 10).await.said(), Said::QuizPassed);
        assert_eq!(app.number("select count(*) from course_version").await, 3);
        assert!(app.tamper("update course_version set content = '{}'").await.is_err());
    }

    async fn an_attempt_begun_before_a_new_version_begins_anew(app) {
        let author = app.security().await;
        let id = shipped(app).await;
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        let item = app.item(anna, RequirementKind::Training).await;
        let course = app.course(&item).await;
        let question = course.drawn(item.id, 0)[0].question;
        let right = question.right().unwrap().to_string();
        reader.post_json(AnswerQuestion::PATH, &[("id", &*item.id.to_string()), ("question", &question.id), ("option", &right)]).await;
        publish_change(app, &author, id, "minor").await.said();
        let page = reader.get(&format!("/checklist/training/{}/quiz", item.id)).await;
        assert!(!page.body.contains(&question.explanation.de), "answers to the old version are not shown as given");
        let fields = quiz_fields(&item, &app.course(&item).await, 0, 10);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(reader.post_form(HandInQuiz::PATH, &fields).await.said(), Said::QuizPassed);
        assert_eq!(app.number("select count(*) from quiz_attempt").await, 2);
    }

    async fn a_course_with_gaps_is_not_published_and_each_gap_is_named(app) {
        let author = app.security().await;
        let id = shipped(app).await;
        let own = id.to_string();
        save_lesson(app, &author, id, "phishing", ["", "New"]).await.said();
        author.post_form(AddLesson::PATH, &[("id", &*own), ("lesson_de", "Leer"), ("lesson_en", "Empty")]).await.said();
        let settings = [("id", &*own), ("seen", &mark_of_settings(&draft(app, id).await)), ("title_de", "Kurs"), ("title_en", ""), ("pass_mark", "11"), ("draw", "10"), ("attempts_per_day", "5")];
        author.post_form(SaveCourse::PATH, &settings).await.said();
        let refused = publish(app, &author, id, "minor").await;
        assert_eq!(refused.refusal(), ApiError::Conflict(Conflict::CourseIncomplete));
        let page = author.get(&format!("/content/courses/{id}/publish")).await;
        for named in ["The title in English is missing.", "at most 10 right answers", "The text in German is missing.", "Lesson 9 “Empty”", "6 places", "The text in English is missing."] {
            let named = named.replace("6 places", "5\u{A0}places");
            assert!(page.body.contains(&named), "{named}: {}", page.body);
        }
        assert!(!page.body.contains(PublishCourse::PATH), "there is no button");
        assert_eq!(app.number("select count(*) from course_version").await, 1);
    }

    async fn what_is_no_number_is_refused_and_kept_in_the_form(app) {
        let author = app.security().await;
        let id = shipped(app).await;
        let seen = mark_of_settings(&draft(app, id).await);
        let fields = [("id", &*id.to_string()), ("seen", &seen), ("title_de", "A"), ("title_en", "B"), ("pass_mark", "acht"), ("draw", "-1"), ("attempts_per_day", "")];
        let refused = author.post_form_from(&format!("/content/courses/{id}"), SaveCourse::PATH, &fields).await;
        let expected = vec![
            FieldProblem::new("pass_mark", Problem::NotANumber),
            FieldProblem::new("draw", Problem::NotANumber),
            FieldProblem::new("attempts_per_day", Problem::Required),
        ];
        assert_eq!(refused.refusal(), ApiError::Invalid(expected));
        assert!(author.get(refused.location()).await.body.contains("value=\"acht\""));
        let nothing = author.post_form(AddCourse::PATH, &[]).await.refusal();
        assert_eq!(nothing, ApiError::Invalid(vec![FieldProblem::new("title_de", Problem::Required), FieldProblem::new("title_en", Problem::Required)]));
    }

    async fn two_authors_do_not_overwrite_each_other(app) {
        let (author, other) = (app.security().await, app.admin().await);
        let id = shipped(app).await;
        let own = id.to_string();
        let course = draft(app, id).await;
        let lesson = |slug: &str, body: &'static str| {
            let lesson = course.lesson(slug).unwrap();
            [("id", own.clone()), ("slug", slug.to_owned()), ("seen", mark(lesson)), ("title_de", lesson.title.de.clone()), ("title_en", lesson.title.en.clone()), ("body_de", body.to_owned()), ("body_en", body.to_owned())]
        };
        let save = async |client: &Client, fields: [(&str, String); 7]| {
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            client.post_form_from(&format!("/content/courses/{own}/lessons/x"), SaveLesson::PATH, &fields).await
        };
        save(&author, lesson("phishing", "mine")).await.said();
        save(&other, lesson("passwords", "yours")).await.said();
        let refused = save(&other, lesson("phishing", "yours")).await;
        assert_eq!(refused.refusal(), ApiError::Conflict(Conflict::ChangedMeanwhile));
        assert!(format!("{:?}", refused.flash()).contains("yours"), "what was typed comes back");
        let now = draft(app, id).await;
        assert_eq!((&*now.lesson("phishing").unwrap().body.de, &*now.lesson("passwords").unwrap().body.de), ("mine", "yours"));
        // What was typed comes back whole, however long it is, and only to whoever typed it.
        let long = "Ein Satz mit Umläuten äöü. ".repeat(700);
        let mut fields = lesson("phishing", "");
        (fields[5].1, fields[6].1) = (long.clone(), format!("{long}end"));
        let refused = save(&other, fields).await;
        let cookie = other.cookie("flash").unwrap();
        assert!(cookie.contains('.') && cookie.len() < 4_000 && refused.location().contains("/lessons/"), "{cookie}");
        let path = format!("/content/courses/{own}/lessons/phishing");
        author.set_cookie("flash", &cookie);
        assert!(!author.get(&path).await.body.contains(&long));
        let page = other.get(&path).await;
        assert!(page.body.contains(&format!("{long}end")) && page.body.contains("mine"), "beside what somebody else saved");
        // The same button pressed twice moves once.
        let fields = [("id", &*own), ("slug", "passwords"), ("seen", &mark_of_lessons(&now)), ("direction", "up")];
        author.post_form(MoveLesson::PATH, &fields).await.said();
        assert_eq!(author.post_form(MoveLesson::PATH, &fields).await.refusal(), ApiError::Conflict(Conflict::ChangedMeanwhile));
        assert_eq!(draft(app, id).await.lessons[0].slug, "passwords");
        // Publishing what somebody changed since is refused, and so is discarding it.
        let stale = [("id", &*own), ("seen", "1"), ("weight", "minor")];
        assert_eq!(author.post_form(PublishCourse::PATH, &stale).await.refusal(), ApiError::Conflict(Conflict::DraftChanged));
        assert_eq!(author.post_form(DiscardCourseDraft::PATH, &stale[..2]).await.refusal(), ApiError::Conflict(Conflict::DraftChanged));
    }

    async fn lessons_and_questions_are_removed_and_what_is_orphaned_is_named(app) {
        let author = app.security().await;
        let id = shipped(app).await;
        let own = id.to_string();
        let course = draft(app, id).await;
        let seen = mark(course.lesson("reporting").unwrap());
        author.post_form(RemoveLesson::PATH, &[("id", &*own), ("slug", "reporting"), ("seen", &seen)]).await.said();
        assert_eq!(draft(app, id).await.gaps().len(), 5, "its five questions want another lesson");
        for question in course.questions.iter().filter(|question| question.lesson == "reporting") {
            author.post_form(RemoveQuestion::PATH, &[("id", &*own), ("question", &question.id), ("seen", &mark(question))]).await.said();
        }
        let now = draft(app, id).await;
        assert_eq!((now.gaps().len(), now.lessons.len(), now.questions.len()), (0, 7, 35));
        assert_eq!(author.get(&format!("/content/courses/{id}/lessons/reporting")).await.status, StatusCode::NOT_FOUND);
        let revision = row(app, id).await.revision().unwrap().to_string();
        author.post_form(DiscardCourseDraft::PATH, &[("id", &*own), ("seen", &revision)]).await.said();
        assert_eq!(draft(app, id).await, course, "what is published stays");
    }

    async fn a_new_course_becomes_everybodys_when_it_is_published(app) {
        let author = app.admin().await;
        let anna = app.person("Anna Muster", "2026-11-02", "Europe/Berlin").await;
        let id = small_course(app, &author).await;
        let course = draft(app, id).await;
        assert_eq!(course.gaps(), []);
        assert_eq!((course.questions[0].id.as_str(), course.questions[0].options.len(), course.questions[0].right()), ("fires-1", 2, Some(1)));
        assert_eq!(app.items(anna).await.len(), 7);
        let page = author.get(&format!("/content/courses/{id}/publish")).await;
        assert!(page.body.contains("1\u{A0}person now"), "{}", page.body);
        assert_eq!(publish(app, &author, id, "").await.said(), Said::CoursePublished { asked: 1 });
        let items = app.items(anna).await;
        let item = items.iter().rfind(|item| item.kind == RequirementKind::Training).unwrap();
        assert_eq!((items.len(), item.title.as_ref().unwrap().en.as_str()), (8, "First aid"));
        assert_eq!(item.deadline.due_on, app.now().date() + Duration::days(30), "nobody is overdue from the first day on");
        let ben = app.person("Ben Muster", "2027-02-01", "Europe/Berlin").await;
        assert_eq!(app.items(ben).await.len(), 8, "newcomers have it too");
        let reader = app.sign_in_by_link(anna).await;
        assert!(reader.get("/checklist").await.body.contains("Erste Hilfe"));
        let fields = quiz_fields(item, &course, 0, 1);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(reader.post_form(HandInQuiz::PATH, &fields).await.said(), Said::QuizPassed);
        assert_eq!(publish(app, &author, id, "minor").await.refusal(), ApiError::Conflict(Conflict::NothingNew));
    }

    async fn a_course_that_was_never_published_disappears_with_its_draft(app) {
        let author = app.security().await;
        let id = small_course(app, &author).await;
        let revision = row(app, id).await.revision().unwrap().to_string();
        let gone = author.post_form(DiscardCourseDraft::PATH, &[("id", &*id.to_string()), ("seen", &revision)]).await;
        assert_eq!((gone.said(), gone.location()), (Said::CourseDraftDiscarded, "/content/courses"));
        assert_eq!(author.get(&format!("/content/courses/{id}")).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_version_without_a_weight_is_asked_for_one(app) {
        let author = app.security().await;
        let id = shipped(app).await;
        let refused = publish_change(app, &author, id, "enormous").await.refusal();
        assert_eq!(refused, ApiError::Invalid(vec![FieldProblem::new("weight", Problem::NotChosen)]));
    }

    async fn hostile_text_stays_text(app) {
        let author = app.security().await;
        let id = shipped(app).await;
        let hostile = "</textarea><script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) ![y](https://evil.example/z.png)";
        save_lesson(app, &author, id, "phishing", [hostile, hostile]).await.said();
        let page = author.get(&format!("/content/courses/{id}/lessons/phishing")).await;
        assert!(page.body.contains("&lt;/textarea&gt;&lt;script&gt;"), "{}", page.body);
        for live in ["<script>alert", "<img src=x", "<img src=\"https://evil", "href=\"javascript:"] {
            assert!(!page.body.contains(live), "{live}");
        }
    }

    async fn the_quiz_can_be_tried_without_leaving_a_trace(app) {
        let author = app.security().await;
        let id = shipped(app).await;
        let course = draft(app, id).await;
        let entries = app.audit_entries().await;
        let drawn = course.drawn(antritt::domain::ids::AssignmentId(id.0), 3);
        let answers: Vec<_> = drawn.iter().map(|drawn| format!("&{}={}", drawn.question.id, drawn.question.right().unwrap())).collect();
        let page = author.get(&format!("/content/courses/{id}/quiz?attempt=3{}", answers.concat())).await;
        assert!(page.body.contains("Passed: 10 of 10 right."), "{}", page.body);
        let page = author.get(&format!("/content/courses/{id}/quiz?attempt=3{}", answers[0])).await;
        assert!(page.body.contains("Not passed: 1 of 10 right."));
        assert_eq!((app.audit_entries().await, app.number("select count(*) from quiz_attempt").await), (entries, 0));
    }

    async fn every_change_leaves_one_entry_and_no_change_none(app) {
        let author = app.security().await;
        let id = small_course(app, &author).await;
        let own = id.to_string();
        let actions = async || app.number("select count(*) from audit_entry where action like 'course.%'").await;
        assert_eq!(actions().await, 4, "added, a lesson, its text, a question");
        let course = draft(app, id).await;
        let lesson = course.lesson("fires").unwrap().clone();
        let same = save_lesson(app, &author, id, "fires", [&lesson.body.de, &lesson.body.en]).await;
        assert_eq!((same.said(), actions().await), (Said::NothingToDo, 4));
        add_image(&author, &format!("/content/courses/{id}/lessons/fires"), &png(), ["a", "b"]).await.said();
        publish(app, &author, id, "").await.said();
        let file = author.get(&format!("/content/courses/{id}/course.antritt-course")).await;
        let upload = upload(&author, file.body.as_bytes()).await;
        author.post_form(TakeOverCourse::PATH, &[("id", &*upload), ("into", &own)]).await.said();
        author.post_form(DiscardCourseDraft::PATH, &[("id", &*own), ("seen", "1")]).await.said();
        assert_eq!(actions().await, 9);
        assert_eq!(app.number("select count(*) from audit_entry where action = 'course.published'").await, 1);
    }
}
