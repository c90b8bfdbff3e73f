//! One's own record, its PDFs, and who may have them.

use crate::fixture::{TestApp, client::Answer, stories};
use antritt::domain::{ids::AssignmentId, requirement::RequirementKind as Kind};
use std::io::{Cursor, Read};

/// What a PDF says, as somebody would copy it out of a reader.
fn text(pdf: &[u8]) -> String {
    let document = lopdf::Document::load_mem(pdf).expect("a readable PDF");
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    document.extract_text(&pages).unwrap()
}

fn copy_of(id: AssignmentId) -> String {
    format!("/signed/{id}/copy.pdf")
}

fn is_pdf(answer: &Answer) -> bool {
    answer.status == 200 && answer.headers["content-type"] == "application/pdf" && answer.bytes.starts_with(b"%PDF-")
}

/// The archive's files by name.
fn unpack(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(archive.to_vec())).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut file = zip.by_index(index).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().to_owned(), content)
        })
        .collect()
}

async fn signed_everything(app: &TestApp) -> (antritt::domain::ids::PersonId, crate::fixture::client::Client) {
    let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
    let client = app.sign_in_by_link(anna).await;
    app.do_everything(&client, anna).await;
    (anna, client)
}

stories! {
    async fn the_signer_and_hr_get_the_nda_as_pdf_and_always_the_same_bytes(app) {
        let (anna, client) = signed_everything(app).await;
        let id = app.nda(anna).await.id;
        let first = client.get(&copy_of(id)).await;
        assert!(is_pdf(&first), "{}", first.status);
        assert!(first.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\""));
        assert_eq!(first.headers["cache-control"], "no-store");
        app.clock.advance(time::Duration::days(400));
        let hr = app.hr().await.get(&copy_of(id)).await;
        assert_eq!(hr.bytes, first.bytes);
        let text = text(&first.bytes);
        let page = app.hr().await.get(&format!("/signed/{id}")).await.body;
        let hash = page.split("<code class=\"hash\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        for expected in ["Anna Muster", "Unterschrift", crate::fixture::client::IP, &hash[..32]] {
            assert!(text.replace('\n', "").contains(expected), "{expected} is missing in {text}");
        }
    }

    async fn who_may_not_see_from_where_it_was_signed_gets_a_copy_without_it(app) {
        let (anna, client) = signed_everything(app).await;
        let policy = app.item(anna, Kind::Policy).await.id;
        let own = client.get(&copy_of(policy)).await;
        let auditor = app.auditor().await.get(&copy_of(policy)).await;
        assert!(is_pdf(&own) && is_pdf(&auditor));
        assert!(text(&own.bytes).contains(crate::fixture::client::IP));
        assert!(!text(&auditor.bytes).contains(crate::fixture::client::IP));
        for stranger in [app.visitor(), app.admin().await] {
            assert_eq!(stranger.get(&copy_of(policy)).await.status, 404);
        }
        let other = app.person("Otto Anders", "2026-12-01", "Europe/Berlin").await;
        let other = app.sign_in_by_link(other).await;
        assert_eq!(other.get(&copy_of(policy)).await.status, 404);
        assert_eq!(other.get(&copy_of(app.item(anna, Kind::Training).await.id)).await.status, 404);
        assert_eq!(client.get("/signed/nonsense/copy.pdf").await.status, 404);
    }

    async fn a_certificate_names_the_day_and_the_end_and_no_score(app) {
        let (anna, client) = signed_everything(app).await;
        let path = format!("/certificates/{}/certificate.pdf", app.item(anna, Kind::Training).await.id);
        let own = client.get(&path).await;
        assert!(is_pdf(&own));
        let text = text(&own.bytes);
        assert!(text.contains("Anna Muster") && text.contains("2027"), "{text}");
        assert!(text.split_whitespace().all(|word| !["8", "10", "100", "%", "8/10", "10/10", "100%"].contains(&word)), "{text}");
        assert!(is_pdf(&app.hr().await.get(&path).await));
        let other = app.person("Otto Anders", "2026-12-01", "Europe/Berlin").await;
        let other_path = format!("/certificates/{}/certificate.pdf", app.item(other, Kind::Training).await.id);
        let other = app.sign_in_by_link(other).await;
        assert_eq!((other.get(&path).await.status, other.get(&other_path).await.status), (404.try_into().unwrap(), 404.try_into().unwrap()));
    }

    async fn the_archive_tells_days_as_days_marks_what_was_withdrawn_and_brings_the_scan(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.sign_nda(&client, anna).await.said();
        let hr = app.hr().await;
        let withdrawn = [("id", &*app.nda(anna).await.id.to_string()), ("reason", "Falscher Text")];
        hr.post_form(<antritt::api::nda::WithdrawNda as leptos::server_fn::ServerFn>::PATH, &withdrawn).await.said();
        let scan = crate::stories::nda_uploads::pdf_with(b"1 0 obj<</Type/Catalog>>endobj");
        let path = format!("/people/{anna}/nda/{}", app.nda(anna).await.id);
        hr.post_paper(&path, &[("signed_on", "2026-11-20"), ("note", "")], Some(("nda.pdf", "application/pdf", &scan))).await.said();
        let files = unpack(&client.get("/record/archive.zip").await.bytes);
        assert!(files.iter().any(|(name, content)| name.ends_with("nda.pdf") && *content == scan), "the scan is hers");
        let text = files.iter().find(|(name, _)| name == "Meine Nachweise.txt").map(|(_, content)| String::from_utf8_lossy(content).into_owned()).unwrap();
        assert!(text.contains("unterschrieben: 2026-11-20\n") && text.contains("zurückgezogen, gilt nicht mehr: 2026-11-23 09:00:00 UTC"), "{text}");
    }

    async fn ones_own_record_is_a_page_and_an_archive_and_nobody_elses(app) {
        let (anna, client) = signed_everything(app).await;
        let page = client.get("/record").await;
        for id in [app.nda(anna).await.id, app.item(anna, Kind::Policy).await.id] {
            assert!(page.body.contains(&copy_of(id)));
        }
        let archive = client.get("/record/archive.zip").await;
        assert_eq!(archive.headers["content-type"], "application/zip");
        let files = unpack(&archive.bytes);
        assert_eq!(files.iter().filter(|(_, content)| content.starts_with(b"%PDF-")).count(), 5, "the NDA, three policies, a certificate");
        let (_, record) = files.iter().find(|(name, _)| name == "record.json").unwrap();
        let record: serde_json::Value = serde_json::from_slice(record).unwrap();
        let items = record["items"].as_array().unwrap();
        assert_eq!(items.len(), 7);
        for item in items.iter().filter(|item| !item["file"].is_null()) {
            let (_, content) = files.iter().find(|(name, _)| *name == item["file"]["name"]).unwrap();
            let digest = <sha2::Sha256 as sha2::Digest>::digest(content);
            assert_eq!(item["file"]["sha256"], hex::encode(digest));
        }
        let again = client.get("/record/archive.zip").await;
        assert_eq!(again.bytes, archive.bytes, "the same record gives the same archive");
        let other = app.person("Otto Anders", "2026-12-01", "Europe/Berlin").await;
        let other = app.sign_in_by_link(other).await;
        let theirs = other.get("/record/archive.zip").await;
        assert!(unpack(&theirs.bytes).iter().all(|(_, content)| !String::from_utf8_lossy(content).contains("Anna")));
        assert!(other.get("/record").await.body.contains("Noch keine Nachweise"));
        for nobody in [app.visitor(), app.hr().await] {
            assert_eq!(nobody.get("/record/archive.zip").await.status, 404);
        }
    }

    async fn a_record_says_nothing_of_a_check_but_status_and_dates(app) {
        let (_, client) = signed_everything(app).await;
        let files = unpack(&client.get("/record/archive.zip").await.bytes);
        let whole: String = files.iter().map(|(_, content)| String::from_utf8_lossy(content).into_owned()).collect();
        assert!(whole.contains("background_check") && !whole.contains("BDSG") && !whole.contains("not_required"));
        assert!(!client.get("/record").await.body.contains("BDSG"));
    }
}
