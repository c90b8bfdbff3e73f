//! What is taken away as a file, by everyone: every plain handler of a GET that is neither a page nor an asset.

use super::{EVERYONE, anonymised, cast::Cast, compare, rows, verdict_of_page};
use crate::{
    fixture::{TestApp, stories},
    stories::{calendar, course_files, duties, instructions, nda_uploads},
};
use antritt::{
    domain::{requirement::RequirementKind as Kind, roles::Role},
    server::{auth::session::Proof, store::stored_files},
};
use axum::http::StatusCode;
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, fs, path::Path};
use uuid::Uuid;

/// As the table of pages, but nobody is led to the door: whoever is not signed in hears what is said of nothing.
const DOWNLOADS: &str = "
                                               anonymous self      other     manager   hr        security  auditor   admin     disabled
/people/import/template.csv                    -         -         -         -         yes       -         -         -         -
/content/courses/{id}/course.antritt-course    -         -         -         -         -         yes       -         yes       -
/course-images/{sha256}                        -         yes       yes       yes       yes       yes       yes       yes       -
/exceptions.csv                                -         -         -         -         yes       yes       yes       -         -
/security/access.csv                           -         -         -         -         -         yes       yes       -         -
/files/{id}                                    -         yes       -         -         yes       -         -         -         -
/instruction-files/{id}                        -         -         -         -         yes       -         -         -         -
/signed/{id}/copy.pdf                          -         yes       -         -         yes       yes       yes       -         -
/certificates/{id}/certificate.pdf             -         yes       -         -         yes       yes       yes       -         -
/record/archive.zip                            -         yes       yes       yes       -         -         -         -         -
/calendar/{token}/antritt.ics                  yes       yes       yes       yes       yes       yes       yes       yes       yes
";

/// What there is of Anna's to take away.
struct Downloads {
    scan: String,
    instruction: String,
    signed: String,
    certificate: String,
    course: String,
    image: String,
    calendar: String,
}

impl Downloads {
    async fn of(app: &TestApp, cast: &Cast) -> Self {
        let anna = cast.anna;
        let (hr, security, own) = (app.hr().await, app.security().await, app.signed_in_person(anna).await);
        let pdf = nda_uploads::pdf_with(b"1 0 obj<</Type/Catalog>>endobj");
        let file = Some(("nachweis.pdf", "application/pdf", &*pdf));
        let nda = app.nda(anna).await.id;
        let paper = [("signed_on", "2026-11-20"), ("note", "")];
        hr.post_paper(&format!("/people/{anna}/nda/{nda}"), &paper, file).await.said();
        let scans = stored_files::list(&mut app.read().await, nda).await.unwrap();
        let rule = duties::make(app, &duties::task("Nachweis", &[("needs_file", "on"), ("confirmed_by", "hr")])).await;
        let instruction = app.items(anna).await.into_iter().find(|item| item.requirement == rule).unwrap();
        instructions::hand_in(&own, &instruction, file, true).await.said();
        app.hand_in(&own, anna, 8).await.said();
        let lesson = format!("/content/courses/{}/lessons/phishing", cast.course);
        let image = course_files::png();
        course_files::add_image(&security, &lesson, &image, ["a", "b"]).await.said();
        Self {
            scan: scans[0].id.to_string(),
            instruction: instruction.id.to_string(),
            signed: app.item(anna, Kind::Policy).await.id.to_string(),
            certificate: app.item(anna, Kind::Training).await.id.to_string(),
            course: cast.course.clone(),
            image: hex::encode(Sha256::digest(image)),
            calendar: calendar::make(&own, "own").await,
        }
    }

    /// The address of a download, or of one that there is not. A calendar has no other id than its secret, and guessing at that is slowed:
    /// `wrong_ended_and_foreign_addresses_answer_alike_and_guessing_is_slowed`.
    fn address(&self, route: &str, missing: Option<Uuid>) -> String {
        let id = match route {
            "/calendar/{token}/antritt.ics" => return self.calendar.clone(),
            "/files/{id}" => &self.scan,
            "/instruction-files/{id}" => &self.instruction,
            "/signed/{id}/copy.pdf" => &self.signed,
            "/certificates/{id}/certificate.pdf" => &self.certificate,
            _ => &self.course,
        };
        let id = missing.map_or_else(|| id.clone(), |missing| missing.to_string());
        let image = missing.map_or_else(|| self.image.clone(), |missing| missing.simple().to_string().repeat(2));
        route.replace("{id}", &id).replace("{sha256}", &image)
    }
}

stories! {
    async fn every_download_by_everyone(app) {
        let cast = Cast::of(app).await;
        let downloads = Downloads::of(app, &cast).await;
        let mut actual = Vec::new();
        for (route, _) in rows(DOWNLOADS) {
            let mut verdicts = Vec::new();
            for (who, client) in cast.everyone(app) {
                let (path, nowhere) = (downloads.address(route, None), downloads.address(route, Some(Uuid::from_u128(rand::random()))));
                let answer = client.get(&path).await;
                let verdict = verdict_of_page(&answer);
                if path != nowhere {
                    let for_nothing = client.get(&nowhere).await;
                    assert_eq!(for_nothing.status, StatusCode::NOT_FOUND, "{route} by {who}");
                    let ids: Vec<_> = path.split('/').zip(nowhere.split('/')).filter(|(one, other)| one != other).flat_map(|(one, other)| [one, other]).collect();
                    let is_alike = anonymised(&answer, &ids) == anonymised(&for_nothing, &ids);
                    assert_eq!(is_alike, verdict == "-", "{route} by {who} tells what exists");
                }
                verdicts.push(verdict);
            }
            actual.push((route.to_owned(), verdicts));
        }
        compare(DOWNLOADS, &actual);
    }

    async fn half_a_session_takes_nothing_away(app) {
        let cast = Cast::of(app).await;
        let downloads = Downloads::of(app, &cast).await;
        let account = app.account("half@company.example", Some(Role::Hr), None).await;
        app.add_passkey(&app.signed_in_as(account).await).await;
        let half = app.session_by(account, Proof::Password).await;
        for (route, expected) in rows(DOWNLOADS) {
            assert_eq!(verdict_of_page(&half.get(&downloads.address(route, None)).await), expected[0], "{route}");
        }
    }
}

#[test]
fn the_table_of_downloads_holds_every_plain_handler() {
    let router = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server/http/mod.rs")).unwrap();
    let handlers: BTreeSet<_> = router
        .split(".route(")
        .skip(1)
        .filter(|route| {
            let handler = route.split_once("get(").map(|(_, handler)| handler);
            handler.is_some_and(|handler| !handler.starts_with("pages::") && !handler.starts_with("health::"))
        })
        .map(|route| route.split('"').nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(handlers, rows(DOWNLOADS).into_iter().map(|(route, _)| route.to_owned()).collect());
    for (route, verdicts) in rows(DOWNLOADS) {
        assert_eq!(verdicts.len(), EVERYONE.len(), "{route}");
    }
}
