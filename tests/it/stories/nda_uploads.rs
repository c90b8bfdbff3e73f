//! Scans of paper: what is kept, who gets it back, and two hundred files and requests that mean no good.

use crate::fixture::{
    TestApp,
    client::{Answer, Client},
    stories,
};
use antritt::{
    api::{done::Said, error::ApiError, flash::Flash},
    domain::{
        assignment::State,
        evidence::Proof,
        ids::{FileId, PersonId},
        problem::{Conflict, FieldProblem, Problem},
        scan::{MAX_BYTES, MediaType},
    },
    server::store::stored_files,
};
use axum::http::StatusCode;
use flate2::{Compression, write::ZlibEncoder};
use std::io::Write;

const TYPES: [MediaType; 3] = MediaType::ALL;

pub fn pdf_with(body: &[u8]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    pdf.extend_from_slice(body);
    let table = pdf.len();
    pdf.extend_from_slice(format!("\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 1>>\nstartxref\n{table}\n%%EOF\n").as_bytes());
    pdf
}

fn deflated(text: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// A PDF whose catalog stands in an object stream, as PDF 1.5 and later allow.
fn pdf_with_stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("1 0 obj\n<<{dictionary}/N 1/First 4/Length {}>>\nstream\n", data.len());
    pdf_with(&[head.as_bytes(), data, b"\nendstream\nendobj"].concat())
}

const PACKED: &str = "/Type/ObjStm/Filter/FlateDecode";

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length, &kind[..], data, &[0; 4]].concat()
}

fn png_of(width: u32, height: u32) -> Vec<u8> {
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(*b"IHDR", &head),
        chunk(*b"IDAT", &[1, 2, 3]),
        chunk(*b"IEND", &[]),
    ]
    .concat()
}

fn jpeg_of(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\x00\x0b\x08".to_vec();
    jpeg.extend_from_slice(&height.to_be_bytes());
    jpeg.extend_from_slice(&width.to_be_bytes());
    jpeg.extend_from_slice(b"\x01\x01\x11\0\xff\xda\x00\x08\x01\x01\0\0\x3f\0\x12\x34\x56\xff\xd9");
    jpeg
}

fn sample(media_type: MediaType) -> Vec<u8> {
    match media_type {
        MediaType::Pdf => pdf_with(b"1 0 obj<</Type/Catalog>>endobj"),
        MediaType::Png => png_of(600, 800),
        MediaType::Jpeg => jpeg_of(600, 800),
    }
}

/// Names that a browser, a proxy or somebody with a script could send along.
fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "nda.pdf",
        "../../etc/passwd",
        "..\\..\\windows\\system32\\x.dll",
        "/etc/shadow",
        "C:\\nda.pdf",
        "nda.pdf.exe",
        "nda.php",
        "nda.html",
        "nda.svg",
        "nda.pdf%00.html",
        "nda\u{202E}fdp.exe",
        "nda\u{200B}.pdf",
        "\u{FEFF}nda.pdf",
        "-rf",
        "~root",
        ".htaccess",
        "CON",
        "NUL.pdf",
        "a;b.pdf",
        "a|b.pdf",
        "$(reboot).pdf",
        "`id`.pdf",
        "<script>alert(1)</script>.pdf",
        "' or 1=1 --.pdf",
        "%0d%0aSet-Cookie:x=1.pdf",
        "Müller 日本語 👩‍🚀.pdf",
        "...",
        " ",
        "nda.pdf ",
        "nda.",
        "=cmd|' /C calc'!A0.pdf",
        "{{company}}.pdf",
        "a/b/c/../../d.pdf",
        "file:///etc/passwd",
        "https://evil.example/x.pdf",
        "x\" onload=\"y.pdf",
        "\"; filename=\"evil.html",
        "nda\r\nX-Evil: 1.pdf",
        "nda\nX.pdf",
        "nda\0.pdf",
    ]
    .map(str::to_owned)
    .into();
    names.push("a".repeat(5_000));
    names.push("ä".repeat(300) + ".pdf");
    names
}

/// Contents that must not be kept.
fn contents() -> Vec<Vec<u8>> {
    let (pdf, png, jpeg) = (sample(MediaType::Pdf), sample(MediaType::Png), sample(MediaType::Jpeg));
    let mut hostile: Vec<Vec<u8>> = [
        "",
        " ",
        "x",
        "<html><script>alert(1)</script></html>",
        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "<?xml version='1.0'?><svg/>",
        "<?php system($_GET[0]); ?>",
        "GIF89a\x01\0\x01\0",
        "GIF87a",
        "RIFF\0\0\0\0WEBPVP8 ",
        "BM\0\0",
        "II*\0",
        "MM\0*",
        "PK\x03\x04",
        "MZ\u{90}\0",
        "\x7fELF",
        "#!/bin/sh\nreboot",
        "%!PS-Adobe-3.0",
        "{\\rtf1}",
        "\0\0\0\x18ftypheic",
        "\0\0\0\x1cftypavif",
        "%PDF",
        "%PDF-",
        "%PDF-1.7",
        "%PDF-1.7\n%%EOF",
        "%PDF-9.9\nstartxref\n0\n%%EOF",
        "%PDF-1.7\nstartxref\n99999999999999999999\n%%EOF",
        "%PDF-1.7\nstartxref\n-1\n%%EOF",
        "%PDF-1.7\nstartxref\n5\n%%EOF",
        "name;private email\nAnna;a@b.example",
        "\u{FEFF}%PDF-1.7",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    for body in [
        &b"<</S/JavaScript/JS(app.alert(1))>>"[..],
        b"<</S/J#61vaScript>>",
        b"<</S/Launch/F(cmd.exe)>>",
        b"<</Type/EmbeddedFile>>",
        b"<</Subtype/RichMedia>>",
        b"<script>alert(1)</script>",
        b"<SCRIPT SRC=//evil.example>",
        b"<iframe src=x>",
        b"<!DOCTYPE html>",
        b"<html>",
        b"<svg onload=alert(1)>",
        b"<?php echo 1; ?>",
    ] {
        hostile.push(pdf_with(body));
        let comment = [
            &[0xff, 0xd8, 0xff, 0xfe],
            &u16::try_from(body.len() + 2).unwrap().to_be_bytes()[..],
            body,
            &jpeg[2..],
        ]
        .concat();
        if body.first() == Some(&b'<') && body.get(1) != Some(&b'<') {
            hostile.push(comment);
            hostile.push([&png[..33], &chunk(*b"tEXt", body), &png[33..]].concat());
        }
    }
    hostile.extend(object_streams());
    for whole in [&pdf, &png, &jpeg] {
        for tail in [
            &b"PK\x03\x04archive"[..],
            b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            b"<html>",
            b"#!/bin/sh",
            b"MZ",
        ] {
            hostile.push([whole, tail].concat());
            hostile.push([tail, whole].concat());
        }
        for share in 1..18 {
            hostile.push(whole[..whole.len() * share / 18].to_vec());
        }
        hostile.push([whole.as_slice(), &vec![0; MAX_BYTES]].concat());
    }
    for (width, height) in [
        (100_000, 100_000),
        (0, 1),
        (1, 0),
        (u32::MAX, 1),
        (1, u32::MAX),
        (20_000, 20_000),
        (1 << 31, 1 << 31),
    ] {
        hostile.push(png_of(width, height));
    }
    for (width, height) in [(0, 1), (1, 0), (65_535, 65_535), (20_001, 1)] {
        hostile.push(jpeg_of(width, height));
    }
    hostile
}

/// PDFs that hide in object streams what they do, or that cannot be looked into.
fn object_streams() -> Vec<Vec<u8>> {
    let script = b"2 0 <</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>";
    let plain = b"2 0 <</Type/Catalog>>";
    let mut hostile: Vec<Vec<u8>> = [
        "JavaScript",
        "J#61vaScript",
        "Launch",
        "SubmitForm",
        "ImportData",
        "GoToE",
        "RichMedia",
        "EmbeddedFile",
    ]
    .map(|act| pdf_with_stream(PACKED, &deflated(format!("2 0 <</S/{act}>>").as_bytes())))
    .into();
    hostile.extend(["SubmitForm", "ImportData", "GoToE"].map(|act| pdf_with(format!("<</S/{act}>>").as_bytes())));
    hostile.extend([
        pdf_with_stream("/Type/Obj#53tm/Filter[/FlateDecode]", &deflated(script)),
        pdf_with_stream("/Type/ObjStm/Filter[/FlateDecode/FlateDecode]", &deflated(&deflated(script))),
        pdf_with_stream("/Type/ObjStm/X(stream)/Filter/FlateDecode", &deflated(script)),
        pdf_with_stream("/Type/ObjStm/Filter/FlateDecode/X(endstream)", &deflated(script)),
        pdf_with_stream("/Type/ObjStm", plain),
        pdf_with_stream("/Type/ObjStm/Filter 5 0 R", &deflated(plain)),
        pdf_with_stream("/Type/ObjStm/Filter/ASCIIHexDecode", b"32203020>"),
        pdf_with_stream("/Type/ObjStm/Filter/FlateDecode/DecodeParms<</Predictor 12>>", &deflated(plain)),
        pdf_with_stream(PACKED, b"not deflated"),
        pdf_with_stream(PACKED, &deflated(&deflated(script))),
        pdf_with_stream(PACKED, &deflated(&[&b"2 0 "[..], &vec![b' '; 8 * 1024 * 1024]].concat())),
    ]);
    hostile
}

/// Bodies that are no form at all, with what they claim to be.
fn requests() -> Vec<(&'static str, Vec<u8>)> {
    let part = |head: &str| format!("--b\r\n{head}\r\n\r\nx\r\n--b--\r\n").into_bytes();
    vec![
        ("multipart/form-data", part("content-disposition: form-data; name=\"scan\"; filename=\"a.pdf\"")),
        ("multipart/form-data; boundary=", part("content-disposition: form-data; name=\"scan\"")),
        ("multipart/form-data; boundary=other", part("content-disposition: form-data; name=\"scan\"")),
        ("multipart/form-data; boundary=b", Vec::new()),
        ("multipart/form-data; boundary=b", b"--b".to_vec()),
        ("multipart/form-data; boundary=b", b"--b\r\n".to_vec()),
        (
            "multipart/form-data; boundary=b",
            b"--b\r\ncontent-disposition: form-data; name=\"scan\"; filename=\"a.pdf\"\r\n\r\n%PDF-".to_vec(),
        ),
        ("multipart/form-data; boundary=b", part("content-disposition: attachment")),
        ("multipart/form-data; boundary=b", part("x: y")),
        (
            "multipart/form-data; boundary=b",
            part(&format!("content-disposition: form-data; name=\"{}\"", "n".repeat(9000))),
        ),
        (
            "multipart/form-data; boundary=b",
            part("content-disposition: form-data; name=\"scan\"; filename*=UTF-8''%ff%fe.pdf"),
        ),
        ("application/x-www-form-urlencoded", b"scan=x".to_vec()),
        ("application/json", b"{\"scan\":\"x\"}".to_vec()),
        ("application/pdf", sample(MediaType::Pdf)),
        ("text/plain", b"x".to_vec()),
    ]
}

/// Somebody whose NDA is on record from paper, and where scans of it go.
async fn on_paper(app: &TestApp, hr: &Client) -> (PersonId, String) {
    let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
    let path = format!("/people/{anna}/nda/{}", app.nda(anna).await.id);
    hr.post_paper(&path, &[("signed_on", "2026-11-20"), ("note", "")], None).await.said();
    (anna, format!("{path}/scan"))
}

async fn newest_file(app: &TestApp, person: PersonId) -> FileId {
    let item = app.nda(person).await.id;
    let mut files: Vec<_> = app
        .evidence(item)
        .await
        .into_iter()
        .filter_map(|evidence| match evidence.proof {
            Proof::NdaScan { file, .. } => Some(file),
            _ => None,
        })
        .collect();
    files.pop().expect("a scan is on record")
}

fn assert_harmless(answer: &Answer, media_type: MediaType) {
    assert_eq!(answer.status, StatusCode::OK);
    let header = |name: &str| answer.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), media_type.as_str());
    assert_eq!((&*header("x-content-type-options"), &*header("cache-control")), ("nosniff", "no-store"));
    assert!(header("content-security-policy").starts_with("sandbox;"));
    let disposition = header("content-disposition");
    let plain = disposition
        .strip_prefix("attachment; filename=\"")
        .and_then(|rest| rest.split_once("\"; filename*=UTF-8''"))
        .expect(&disposition);
    for name in [plain.0, plain.1] {
        assert!(
            !name.contains(['/', '\\', '"', '<', '\r', '\n', ';']) && !name.starts_with('.'),
            "{disposition}"
        );
        let ending = name.rsplit('.').next().unwrap();
        assert_eq!(
            ending,
            match media_type {
                MediaType::Pdf => "pdf",
                MediaType::Png => "png",
                MediaType::Jpeg => "jpg",
            },
            "{disposition}"
        );
    }
}

stories! {
    async fn a_paper_nda_brings_its_scan_and_keeps_what_was_typed_when_refused(app) {
        let hr = app.hr().await;
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let path = format!("/people/{anna}/nda/{}", app.nda(anna).await.id);
        let fields = [("signed_on", "2026-11-24"), ("note", "Ordner 7")];
        let refused = hr.post_paper(&path, &fields, Some(("nda.pdf", "application/pdf", b"GIF89a"))).await;
        let expected = vec![FieldProblem::new("signed_on", Problem::InTheFuture), FieldProblem::new("scan", Problem::NotAScan)];
        assert_eq!((refused.refusal(), refused.location()), (ApiError::Invalid(expected), &*path));
        let page = hr.get(&path).await.body;
        assert!(page.contains("value=\"Ordner 7\"") && page.contains("neither PDF nor PNG nor JPEG"), "{page}");
        assert_eq!((app.nda(anna).await.state, app.number("select count(*) from stored_file").await), (State::Open, 0));
        let content = sample(MediaType::Jpeg);
        let fields = [("signed_on", "2026-11-20"), ("note", "Ordner 7")];
        let answer = hr.post_paper(&path, &fields, Some(("Foto.JPEG", "text/html", &content))).await;
        assert_eq!((answer.said(), answer.location()), (Said::NdaRecorded, &*format!("/people/{anna}")));
        let files = stored_files::list(&mut app.read().await, app.nda(anna).await.id).await.unwrap();
        assert_eq!(files.iter().map(|file| (file.name.as_deref(), file.media_type, &*file.uploaded_by)).collect::<Vec<_>>(), [(Some("Foto.jpg"), MediaType::Jpeg, "Kim Konto")]);
        let page = hr.get(&format!("/signed/{}", app.nda(anna).await.id)).await.body;
        assert!(page.contains(&format!("/files/{}", files[0].id)) && page.contains("added by Kim Konto"));
    }

    async fn a_scan_is_for_hr_and_the_signer_only(app) {
        let hr = app.hr().await;
        let (anna, path) = on_paper(app, &hr).await;
        let answer = hr.post_paper(&path, &[], Some(("nda.pdf", "application/pdf", &sample(MediaType::Pdf)))).await;
        assert_eq!(answer.said(), Said::NdaScanAdded);
        let file = format!("/files/{}", newest_file(app, anna).await);
        let other = app.person("Otto Anders", "2026-12-01", "Europe/Berlin").await;
        let (own, other) = (app.sign_in_by_link(anna).await, app.sign_in_by_link(other).await);
        for reader in [&hr, &own] {
            assert_harmless(&reader.get(&file).await, MediaType::Pdf);
        }
        let missing = hr.get(&format!("/files/{}", FileId(uuid::Uuid::from_u128(7)))).await;
        for nobody in [&other, &app.security().await, &app.auditor().await, &app.admin().await, &app.visitor()] {
            let answer = nobody.get(&file).await;
            assert_eq!((answer.status, &answer.body), (StatusCode::NOT_FOUND, &missing.body));
        }
        assert!(app.tamper("delete from stored_file").await.is_err() && app.tamper("update stored_file set file_name = 'x'").await.is_err());
    }

    async fn a_scan_needs_a_paper_and_the_right_person(app) {
        let hr = app.hr().await;
        let (_, path) = on_paper(app, &hr).await;
        let content = sample(MediaType::Pdf);
        let scan = Some(("nda.pdf", "application/pdf", &*content));
        let missing = hr.post_paper(&path, &[], None).await;
        assert_eq!(missing.refusal(), ApiError::Invalid(vec![FieldProblem::new("scan", Problem::Required)]));
        let ben = app.person("Ben Muster", "2026-12-01", "Europe/Berlin").await;
        let unsigned = format!("/people/{ben}/nda/{}/scan", app.nda(ben).await.id);
        assert_eq!(hr.post_paper(&unsigned, &[], scan).await.refusal(), ApiError::Conflict(Conflict::NotYet));
        let id = path.split('/').nth(4).unwrap();
        let foreign = format!("/people/{ben}/nda/{id}/scan");
        assert_eq!(hr.post_paper(&foreign, &[], scan).await.status, StatusCode::NOT_FOUND);
        assert_eq!(app.number("select count(*) from stored_file").await, 0);
    }

    async fn hostile_names_become_harmless_and_good_files_are_kept(app) {
        let hr = app.hr().await;
        let (anna, path) = on_paper(app, &hr).await;
        for (number, name) in names().iter().enumerate() {
            let media_type = TYPES[number % 3];
            let before = app.number("select count(*) from stored_file").await;
            let answer = hr.post_paper(&path, &[], Some((name, "application/x-msdownload", &sample(media_type)))).await;
            let kept = app.number("select count(*) from stored_file").await - before;
            let breaks_the_form = name.contains(['\r', '\n', '\0', '"']);
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name:?}");
            assert!(kept == 1 || (breaks_the_form && kept == 0), "{name:?}: {:?}", answer.flash());
            if kept == 1 {
                assert_harmless(&hr.get(&format!("/files/{}", newest_file(app, anna).await)).await, media_type);
            }
        }
    }

    async fn hostile_files_are_refused_each_with_a_sentence(app) {
        let hr = app.hr().await;
        let (_, path) = on_paper(app, &hr).await;
        let (contents, requests) = (contents(), requests());
        assert!(contents.len() + requests.len() + names().len() >= 200, "{}", contents.len() + requests.len() + names().len());
        for (number, content) in contents.iter().enumerate() {
            let scan = Some(("nda.pdf", TYPES[number % 3].as_str(), &**content));
            let answer = hr.post_paper(&path, &[], scan).await;
            let head = String::from_utf8_lossy(&content[..content.len().min(60)]);
            let Some(Flash::Failed { error: ApiError::Invalid(problems), .. }) = answer.flash() else { panic!("{number} {head}: {answer:?}") };
            assert!(problems.len() == 1 && problems[0].field == "scan", "{number} {head}: {problems:?}");
        }
        for (number, (content_type, body)) in requests.into_iter().enumerate() {
            let answer = hr.post_raw(&path, content_type, body).await;
            if content_type.starts_with("multipart/form-data") {
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{number} {content_type}");
                assert!(matches!(answer.flash(), Some(Flash::Failed { .. })), "{number} {content_type}");
            } else {
                assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{number} {content_type}");
            }
        }
        assert_eq!(app.number("select count(*) from stored_file").await, 0, "nothing of it is kept");
    }

    async fn a_scan_with_harmless_object_streams_is_kept(app) {
        let hr = app.hr().await;
        let (_, path) = on_paper(app, &hr).await;
        let packed = deflated(b"2 0 <</Type/Catalog/Pages 3 0 R>>");
        for dictionary in [PACKED, "/Filter [ /FlateDecode ] /Type /ObjStm"] {
            let content = pdf_with_stream(dictionary, &packed);
            hr.post_paper(&path, &[], Some(("nda.pdf", "application/pdf", &content))).await.said();
        }
        assert_eq!(app.number("select count(*) from stored_file").await, 2);
    }

    async fn what_acts_in_an_object_stream_is_named_as_more_than_a_scan(app) {
        let hr = app.hr().await;
        let (_, path) = on_paper(app, &hr).await;
        for action in ["JavaScript", "Launch", "SubmitForm"] {
            let content = pdf_with_stream(PACKED, &deflated(format!("2 0 <</OpenAction<</S/{action}>>>>").as_bytes()));
            let refused = hr.post_paper(&path, &[], Some(("nda.pdf", "application/pdf", &content))).await;
            assert_eq!(refused.refusal(), ApiError::Invalid(vec![FieldProblem::new("scan", Problem::MoreThanAScan)]), "{action}");
        }
    }

    async fn ten_mebibytes_are_kept_and_a_byte_more_is_not(app) {
        let hr = app.hr().await;
        let (_, path) = on_paper(app, &hr).await;
        let frame = pdf_with(b"").len() + (MAX_BYTES.to_string().len() - 1);
        let largest = pdf_with(&vec![b' '; MAX_BYTES - frame]);
        let over = [&*largest, &vec![b'\n'; MAX_BYTES + 1 - largest.len()]].concat();
        let refused = hr.post_paper(&path, &[], Some(("nda.pdf", "application/pdf", &over))).await;
        assert_eq!(refused.refusal(), ApiError::Invalid(vec![FieldProblem::new("scan", Problem::TooManyBytes(MAX_BYTES))]));
        hr.post_paper(&path, &[], Some(("nda.pdf", "application/pdf", &largest))).await.said();
        assert_eq!(app.number("select size from stored_file").await, i64::try_from(largest.len()).unwrap());
    }
}
