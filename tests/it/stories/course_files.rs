//! Courses carried from house to house as files, and the images in their lessons.

use super::courses::{draft, publish, row, shipped};
use crate::fixture::{
    client::{Answer, Client},
    stories,
};
use antritt::{
    api::{courses::TakeOverCourse, done::Said, error::ApiError},
    domain::{
        ids::CourseId,
        problem::{Conflict, FieldProblem, Problem},
    },
    server::{service::course_file, store::courses},
};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use leptos::server_fn::ServerFn;
use sha2::{Digest, Sha256};

/// The smallest sound PNG: one pixel.
pub fn png() -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xDE".to_vec();
    file.extend(b"\0\0\0\x0CIDATx\x9cc\xF8\xCF\xC0\0\0\x03\x01\x01\0\xC9\xFE\x92\xEF\0\0\0\0IEND\xAEB\x60\x82");
    file
}

async fn multipart(client: &Client, path: &str, parts: &[(&str, Option<&str>, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body.extend(format!("--frontier\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n").into_bytes());
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--frontier--\r\n");
    let headers = [
        ("accept", "text/html"),
        ("sec-fetch-site", "same-origin"),
        ("content-type", "multipart/form-data; boundary=frontier"),
    ];
    client.send(Method::POST, path, &headers, Body::from(body)).await
}

pub async fn try_upload(client: &Client, content: &[u8]) -> Answer {
    multipart(client, "/content/courses/import", &[("file", Some("kurs.antritt-course"), content)]).await
}

/// Uploads a course file and returns its id.
pub async fn upload(client: &Client, content: &[u8]) -> String {
    let answer = try_upload(client, content).await;
    let id = answer.location().strip_prefix("/content/courses/import/").map(str::to_owned);
    id.unwrap_or_else(|| panic!("not taken: {} {:?}", answer.status, answer.flash()))
}

/// Uploads an image to a lesson, with its descriptions.
pub async fn add_image(client: &Client, lesson: &str, image: &[u8], [de, en]: [&str; 2]) -> Answer {
    let parts = [
        ("image", Some("bild.png"), image),
        ("text_de", None, de.as_bytes()),
        ("text_en", None, en.as_bytes()),
    ];
    multipart(client, &format!("{lesson}/images"), &parts).await
}

stories! {
    async fn an_image_goes_into_both_texts_and_is_shown_to_whoever_is_signed_in(app) {
        let author = app.security().await;
        let id = shipped(app).await;
        let lesson = format!("/content/courses/{id}/lessons/phishing");
        let added = add_image(&author, &lesson, &png(), ["Eine [falsche] Anmeldeseite", "A fake sign-in page"]).await;
        assert_eq!((added.said(), added.location()), (Said::CourseImageAdded, &*lesson));
        let sha256 = hex::encode(Sha256::digest(png()));
        let body = draft(app, id).await.lesson("phishing").unwrap().body.clone();
        assert!(body.de.ends_with(&format!("![Eine falsche Anmeldeseite](image:{sha256})")), "{}", body.de);
        let image = format!("/course-images/{sha256}");
        let page = author.get(&lesson).await;
        assert!(page.body.contains(&format!("<img src=\"{image}\" alt=\"A fake sign-in page\">")), "{}", page.body);
        assert_eq!(publish(app, &author, id, "minor").await.said(), Said::CoursePublished { asked: 0 });

        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        let shown = reader.get(&image).await;
        let header = |name: &str| shown.headers.get(name).map_or("", |value| value.to_str().unwrap());
        assert_eq!((shown.status, header("content-type"), header("x-content-type-options")), (StatusCode::OK, "image/png", "nosniff"));
        assert_eq!(header("cache-control"), "private, max-age=31536000, immutable");
        assert!(header("content-security-policy").contains("default-src 'none'"));
        assert_eq!(app.visitor().get(&image).await.status, StatusCode::NOT_FOUND);
        for none in ["ab".repeat(32), "x".to_owned(), format!("{sha256}00")] {
            assert_eq!(reader.get(&format!("/course-images/{none}")).await.status, StatusCode::NOT_FOUND);
        }
    }

    async fn what_is_no_image_is_refused_and_not_kept(app) {
        let author = app.security().await;
        let id = shipped(app).await;
        let lesson = format!("/content/courses/{id}/lessons/phishing");
        let too_large = vec![0; 2 * 1024 * 1024 + 1];
        let polyglot = [&png()[..], b"<script>alert(1)</script>"].concat();
        // A picture, an archive with markup behind its end, and another end; and a picture with markup in a note.
        let picture = b"\xff\xd8\xff\xc0\0\x0b\x08\0\x14\0\x1e\x01\x01\x11\0\xff\xda\0\x08\x01\x01\0\0\x3f\0\x12\x34\xff\xd9";
        let two_ends = [&picture[..], b"PK\x03\x04<script>alert(1)</script>%PDF-1.7PK\x05\x06\xff\xd9"].concat();
        let note = [&png()[..33], b"\0\0\0\x0atEXta\0<script>\0\0\0\0", &png()[33..]].concat();
        for (content, problem) in [
            (&b""[..], Problem::Required),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", Problem::NotAnImage),
            (b"GIF89a", Problem::NotAnImage),
            (&png()[..30], Problem::NotAnImage),
            (&polyglot, Problem::NotAnImage),
            (&two_ends, Problem::NotAnImage),
            (&note, Problem::NotAnImage),
            (&crate::stories::nda_uploads::pdf_with(b"1 0 obj<</Type/Catalog>>endobj"), Problem::NotAnImage),
            (&too_large, Problem::ImageTooLarge(2)),
        ] {
            let refused = add_image(&author, &lesson, content, ["a", "b"]).await;
            assert_eq!((refused.refusal(), refused.location()), (ApiError::Invalid(vec![FieldProblem::new("image", problem)]), &*lesson));
        }
        let unnamed = add_image(&author, &lesson, &png(), [" ", ""]).await.refusal();
        assert_eq!(unnamed, ApiError::Invalid(vec![FieldProblem::new("text_de", Problem::Required), FieldProblem::new("text_en", Problem::Required)]));
        let (once, again) = (("text_de", None, &b"a"[..]), ("text_de", None, &b"b"[..]));
        let content = png();
        let (image, en) = (("image", Some("bild.png"), &content[..]), ("text_en", None, &b"c"[..]));
        let countless = vec![once; 6_000];
        for twice in [&[image, once, en, again][..], &[image, once, en, image], &countless[..]] {
            let began = std::time::Instant::now();
            let refused = multipart(&author, &format!("{lesson}/images"), twice).await;
            assert_eq!((refused.refusal(), refused.location()), (ApiError::Unreadable, &*lesson));
            assert!(began.elapsed() < std::time::Duration::from_secs(1), "{:?}", began.elapsed());
        }
        let nowhere = add_image(&author, &format!("/content/courses/{id}/lessons/nowhere"), &png(), ["a", "b"]).await;
        assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
        assert_eq!(app.number("select count(*) from course_image").await, 0);
        assert_eq!(row(app, id).await.draft, None);
    }

    async fn a_course_goes_out_as_a_file_and_comes_back_the_same(app) {
        let (author, other) = (app.security().await, app.admin().await);
        let id = shipped(app).await;
        add_image(&author, &format!("/content/courses/{id}/lessons/phishing"), &png(), ["Bild", "Image"]).await.said();
        publish(app, &author, id, "minor").await.said();
        let file = author.get(&format!("/content/courses/{id}/course.antritt-course")).await;
        let header = |name: &str| file.headers.get(name).map_or("", |value| value.to_str().unwrap());
        assert_eq!((header("content-disposition"), header("cache-control")), ("attachment; filename=\"security-at-work.antritt-course\"", "no-store"));

        let upload = upload(&other, file.body.as_bytes()).await;
        let preview = other.get(&format!("/content/courses/import/{upload}")).await;
        assert!(preview.body.contains("8\u{A0}lessons, 40\u{A0}questions, 1 images"), "{}", preview.body);
        let taken = other.post_form(TakeOverCourse::PATH, &[("id", &*upload)]).await;
        assert_eq!(taken.said(), Said::CourseImported);
        let copy: CourseId = taken.location().rsplit('/').next().unwrap().parse().unwrap();
        assert_ne!(copy, id);
        assert_eq!(other.post_form(TakeOverCourse::PATH, &[("id", &*upload)]).await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
        publish(app, &other, copy, "").await.said();
        let newest = async |course| courses::list_versions(&mut app.read().await, course).await.unwrap().remove(0).sha256;
        assert_eq!(newest(copy).await, newest(id).await, "to the last byte");
        let again = author.get(&format!("/content/courses/{copy}/course.antritt-course")).await;
        assert_eq!(again.body, file.body);
    }

    async fn a_file_can_become_the_draft_of_a_course_that_is_there(app) {
        let author = app.security().await;
        let id = shipped(app).await;
        let file = author.get(&format!("/content/courses/{id}/course.antritt-course")).await;
        let changed = file.body.replace("\"pass_mark\": 8", "\"pass_mark\": 9");
        let upload = upload(&author, changed.as_bytes()).await;
        let into = [("id", &*upload), ("into", &*id.to_string())];
        assert_eq!(author.post_form(TakeOverCourse::PATH, &into).await.location(), format!("/content/courses/{id}"));
        assert_eq!((draft(app, id).await.pass_mark, row(app, id).await.published.unwrap().2.pass_mark), (9, 8));
        assert_eq!(author.post_form(TakeOverCourse::PATH, &[("id", &*upload), ("into", "x")]).await.refusal(), ApiError::NotFound);
    }

    async fn a_file_with_flaws_is_shown_with_each_and_never_taken_over(app) {
        let author = app.security().await;
        let id = shipped(app).await;
        let file = author.get(&format!("/content/courses/{id}/course.antritt-course")).await;
        let mut broken: serde_json::Value = serde_json::from_str(&file.body).unwrap();
        broken["course"]["pass_mark"] = 11.into();
        broken["course"]["lessons"][2]["body"]["en"] = "".into();
        broken["course"]["questions"][7]["lesson"] = "nowhere".into();
        let broken = serde_json::to_vec(&broken).unwrap();
        let long = "x".repeat(100_000);
        let unknown = format!("{{\"format\":\"antritt-course\",\"version\":1,\"{long}\":1}}");
        let wrong_type = file.body.replace("\"pass_mark\": 8", "\"pass_mark\": \"8\"");
        for (content, named) in [
            (&broken[..], &["course.pass_mark", "course.lessons[2].body.en", "course.questions[7].lesson", "3\u{A0}problems"][..]),
            (wrong_type.as_bytes(), &["course.pass_mark", "invalid type"]),
            (unknown.as_bytes(), &["unknown field"]),
            (b"PK\x03\x04", &["no readable course file"]),
            (b"{\"format\":\"antritt-course\",\"version\":9}", &["format 9"]),
        ] {
            let upload = upload(&author, content).await;
            let page = author.get(&format!("/content/courses/import/{upload}")).await;
            assert_eq!(page.status, StatusCode::OK);
            for named in named {
                assert!(page.body.contains(named), "{named}: {}", page.body);
            }
            assert!(!page.body.contains(TakeOverCourse::PATH), "there is no button");
            assert!(!page.body.contains(&long[..201]), "nobody reads more of a mistake");
            assert_eq!(author.post_form(TakeOverCourse::PATH, &[("id", &*upload)]).await.refusal(), ApiError::Conflict(Conflict::CourseIncomplete));
        }
        assert_eq!(app.number("select count(*) from course_draft").await, 0);
    }

    async fn a_file_that_is_too_large_or_none_gets_its_sentence(app) {
        let author = app.security().await;
        for (content, problem) in [(vec![b' '; course_file::MAX_BYTES + 1], Problem::CourseTooLarge(10)), (Vec::new(), Problem::Required)] {
            let refused = try_upload(&author, &content).await;
            assert_eq!((refused.refusal(), refused.location()), (ApiError::Invalid(vec![FieldProblem::new("file", problem)]), "/content/courses/import"));
        }
        assert_eq!(app.number("select count(*) from import_upload").await, 0);
        let mine = upload(&author, b"{}").await;
        let other = app.admin().await;
        assert_eq!(other.get(&format!("/content/courses/import/{mine}")).await.status, StatusCode::NOT_FOUND, "somebody else's upload");
        assert_eq!(other.post_form(TakeOverCourse::PATH, &[("id", &*mine)]).await.refusal(), ApiError::NotFound);
    }
}
