//! What is handed out to those who do not take it.

use super::{
    course_files::add_image,
    courses::shipped,
    nda_uploads::{jpeg_of, newest_file, on_paper},
};
use crate::fixture::{client::Client, stories};
use axum::{body::to_bytes, http::StatusCode};
use futures::future::join_all;
use sha2::{Digest, Sha256};
use std::time::Duration;
use tokio::time::sleep;

/// A picture that is too large to go without a place.
fn picture() -> Vec<u8> {
    let mut picture = jpeg_of(600, 800);
    let end = picture.len() - 2;
    picture.splice(end..end, vec![0x12; 300_000]);
    picture
}

stories! {
    async fn who_reads_nothing_of_two_files_gets_no_third_and_keeps_nobody_waiting(app) {
        let hr = app.hr().await;
        let (anna, path) = on_paper(app, &hr).await;
        let scan = picture();
        hr.post_paper(&path, &[], Some(("nda.jpg", "image/jpeg", &scan))).await.said();
        let file = format!("/files/{}", newest_file(app, anna).await);
        let own = app.sign_in_by_link(anna).await;

        let [one, other] = [hr.begin(&file).await, hr.begin(&file).await];
        assert_eq!((one.status(), other.status()), (StatusCode::OK, StatusCode::OK));
        let third = hr.get(&file).await;
        let retry = third.headers.get("retry-after").map_or("", |value| value.to_str().unwrap());
        assert_eq!((third.status, retry), (StatusCode::SERVICE_UNAVAILABLE, "2"));
        assert!(third.body.contains("Too much is under way"), "{}", third.body);
        assert_eq!(own.get(&file).await.bytes, scan);

        let later = async {
            sleep(Duration::from_millis(100)).await;
            drop(one);
        };
        let (fourth, ()) = futures::join!(hr.get(&file), later);
        assert_eq!((fourth.status, fourth.bytes == scan), (StatusCode::OK, true), "it waits a little");
        assert_eq!(to_bytes(other.into_body(), usize::MAX).await.unwrap(), scan, "what was begun is whole");
        let both = [hr.begin(&file).await, hr.begin(&file).await];
        assert!(both.iter().all(|answer| answer.status() == StatusCode::OK), "what was read to its end has given its place back");
    }

    async fn every_file_that_is_handed_out_needs_a_place(app) {
        let (hr, security) = (app.hr().await, app.security().await);
        let (anna, path) = on_paper(app, &hr).await;
        hr.post_paper(&path, &[], Some(("nda.jpg", "image/jpeg", &picture()))).await.said();
        let file = format!("/files/{}", newest_file(app, anna).await);
        let nda = app.nda(anna).await.id;
        let course = format!("/content/courses/{}/course.antritt-course", shipped(app).await);
        let own = app.sign_in_by_link(anna).await;
        let copies = [format!("/signed/{nda}/copy.pdf"), format!("/certificates/{nda}/certificate.pdf"), format!("/instruction-files/{nda}")];
        let [copy, certificate, instruction] = &copies;
        let image = format!("/course-images/{}", "ab".repeat(32));
        let cases: [(&Client, &str, &[&str]); 3] = [
            (&own, &file, &[&file, copy, certificate, &image, "/record/archive.zip"]),
            (&hr, &file, &[&file, copy, certificate, instruction, &image, "/exceptions.csv"]),
            (&security, &course, &[&course, &image, "/exceptions.csv", "/security/access.csv"]),
        ];
        for (reader, large, others) in cases {
            let unread = [reader.begin(large).await, reader.begin(large).await];
            assert!(unread.iter().all(|answer| answer.status() == StatusCode::OK), "{large}");
            for (path, answer) in others.iter().zip(join_all(others.iter().map(|path| reader.get(path))).await) {
                assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
            }
            drop(unread);
            for path in others {
                assert_ne!(reader.get(path).await.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
            }
        }
    }

    async fn an_image_is_read_once_for_all_its_readers(app) {
        let author = app.security().await;
        let lesson = format!("/content/courses/{}/lessons/phishing", shipped(app).await);
        let picture = picture();
        add_image(&author, &lesson, &picture, ["Bild", "Image"]).await.said();
        let image = format!("/course-images/{}", hex::encode(Sha256::digest(&picture)));
        let (first, questions) = author.get_counting(&image).await;
        let (again, fewer) = author.get_counting(&image).await;
        assert!(first.bytes == picture && again.bytes == picture);
        assert!(fewer < questions, "the database is asked for it once: {questions}, {fewer}");
        let unread = join_all((0..20).map(|_| author.begin(&image))).await;
        assert!(unread.iter().all(|answer| answer.status() == StatusCode::OK), "and none of them needs a place");
        assert_eq!(app.visitor().get(&image).await.status, StatusCode::NOT_FOUND, "strangers are still told nothing");
    }
}
