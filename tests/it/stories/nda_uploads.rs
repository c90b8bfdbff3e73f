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
use std::{
    io::Write,
    time::{Duration, Instant},
};

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

pub fn jpeg_of(width: u16, height: u16) -> Vec<u8> {
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

/// What stands in a PDF that does something, leads elsewhere or is no PDF alone.
const BODIES: &[&[u8]] = &[
    b"<</S/JavaScript/JS(app.alert(1))>>",
    b"<</S/J#61vaScript>>",
    b"<</S/Launch/F(cmd.exe)>>",
    b"<</Type/EmbeddedFile>>",
    b"<</Subtype/RichMedia>>",
    b"<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
    b"<</OpenAction<</S/GoToR/F(\\\\10.0.0.9\\share\\x.pdf)/D[0/Fit]>>>>",
    b"<</OpenAction<</S/URI/URI(http://evil.example/track)>>>>",
    b"<</Open#41ction % a comment\n<</S/URI/URI(http://evil.example/track)>>>>",
    b"<</OpenAction 4 0 R>>",
    b"<</OpenAction<</S/Rendition/OP 0/JS(app.alert(1))>>>>",
    b"<</AcroForm<</XFA 4 0 R/Fields[]>>>>",
    b"<</AcroForm<</XFA[(template)4 0 R]/Fields[]>>>>",
    b"<</AF[<</Type/Filespec/F(a.exe)>>]>>",
    b"<</AF[<</F(a.exe)/EF<</F 4 0 R>>>>]>>",
    b"<</AF[<</F(a.exe)/E#46 4 0 R>>]>>",
    b"<</AA<</WC<</S/Movie>>>>>>",
    b"<</AA<</O<</S/URI/URI(http://evil.example/track)>>>>>>",
    b"<</#41A %\n 7 %\n 0 R>>",
    b"<</S/Sound/Sound 4 0 R>>",
    b"<</Subtype/FileAttachment>>",
    b"<</Encrypt<</Filter/Standard>>>>",
    b"4 0 obj<</Length 0/F(http://evil.example/x)>>\nstream\n\nendstream",
    b"4 0 obj<</Length 0/F<</FS/URL/F(http://evil.example/x)>>>>\nstream\n\nendstream",
    b"4 0 obj<</Length 0/X(stream)/F 7 0 R>>\nstream\n\nendstream",
    b"4 0 obj<</Length 40>>\nstream\n5 0 obj<</AA<</O 6 0 R>>>>endobj\nendstream",
    b"<script>alert(1)</script>",
    b"<SCRIPT SRC=//evil.example>",
    b"<iframe src=x>",
    b"<!DOCTYPE html>",
    b"<html>",
    b"<svg onload=alert(1)>",
    b"<?php echo 1; ?>",
];

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
    for body in BODIES {
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
    let far = [" ".repeat(300), format!("%{}\n", "x".repeat(300))];
    hostile.extend(far.map(|gap| pdf_with(format!("<</AA{gap}<</O 6 0 R>>>>").as_bytes())));
    hostile.extend(
        [
            "<</OpenAction 4 0 R>>",
            "<</AA 4 0 R>>",
            "<</AcroForm<</XFA 4 0 R>>>>",
            "<</EF 4 0 R>>",
            "<</S/GoToR>>",
        ]
        .map(|act| pdf_with_stream(PACKED, &deflated(format!("2 0 {act}").as_bytes()))),
    );
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
    hostile.extend(streams_under_other_names(script));
    hostile.extend(streams_without_a_first());
    hostile
}

/// Object streams that do not say where their first object begins: some readers take it for the stream's own beginning.
fn streams_without_a_first() -> Vec<Vec<u8>> {
    let script = "<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>";
    let packed = deflated(format!("1 4 {script}").as_bytes());
    let hex: String = packed.iter().map(|byte| format!("{byte:02x}")).chain([">".to_owned()]).collect();
    let ends = b"\nendstream\nendobj";
    let mut hostile: Vec<Vec<u8>> = [
        "/N 1",
        "/N 1/First/x",
        "/N 1/First null",
        "/#4e 5 0 R",
        "/N %\n+1",
        "/N 1/X(stream)",
        "/X(stream)/N 1/Y(endstream)",
    ]
    .map(|keys| format!("4 0 obj<<{keys}/Filter/FlateDecode>>\nstream\n"))
    .into_iter()
    .chain([
        "3 0 obj<</Length 0>>stream\n4 0 obj<</N 1/X(endstream)/Filter/FlateDecode>>\nstream\n".to_owned(),
        "4 0 obj<</N 1/X(endobj 5 0 obj<<>>\nstream\n)/Filter/FlateDecode>>\nstream\n".to_owned(),
    ])
    .map(|head| pdf_with(&[head.as_bytes(), &packed, ends].concat()))
    .collect();
    for beginning in ["%x\n1 6 ".to_owned(), format!("{}1 4 ", " ".repeat(300)), "+1 4 ".to_owned()] {
        let packed = deflated(format!("{beginning}{script}").as_bytes());
        hostile.push(pdf_with(&[&b"4 0 obj<</N 1/Filter/FlateDecode>>\nstream\n"[..], &packed, ends].concat()));
    }
    for keys in ["/Alternate/DeviceRGB/Filter[/ASCIIHexDecode/FlateDecode]", "/Filter[/AHx/Fl]"] {
        let head = format!("4 0 obj<</N 1{keys}>>\nstream\n");
        hostile.push(pdf_with(&[head.as_bytes(), hex.as_bytes(), ends].concat()));
    }
    hostile
}

/// Object streams that do not say so: readers go by the cross-reference.
fn streams_under_other_names(script: &[u8]) -> Vec<Vec<u8>> {
    let packed = deflated(script);
    let mut hostile: Vec<Vec<u8>> = [
        "/Type 5 0 R/Filter/FlateDecode",
        "/Filter/FlateDecode",
        "/Type/XObject/Filter/FlateDecode",
        "/Filter/FlateDecode/#46irst % a comment\n",
        "/X(/FlateDecode)/Filter/AHx",
        "/X(/FlateDecode)/Filter 5 0 R",
    ]
    .map(|dictionary| pdf_with_stream(dictionary, &packed))
    .into();
    let bookmarks = "9 0 obj<</First 8 0 R/Last 8 0 R>>endobj\n";
    for dictionary in [
        "/First 5 0 R",
        "/First +5 0. R",
        "/First 5 0 R/X(>>endobj 4 0 obj<<)",
        "/First 5 0 R%>>endobj 4 0 obj<<\n",
        "/First 5 0 R/X<<>>endobj 4 0 obj<<>>",
    ] {
        let head = format!("{bookmarks}4 0 obj<</Filter/FlateDecode/N 1{dictionary}>>\nstream\n");
        hostile.push(pdf_with(&[head.as_bytes(), &packed, b"\nendstream endobj 5 0 obj 4 endobj"].concat()));
    }
    let left_open = b"3 0 obj<</Length 0>>stream\n4 0 obj<</First 4/X(endstream)/N 1/Filter/FlateDecode>>\nstream\n";
    hostile.push(pdf_with(&[&left_open[..], &packed, b"\nendstream endobj"].concat()));
    hostile
}

/// Data that hold nothing and take their time: empty blocks, each of which is unpacked for itself.
fn nothing(blocks: usize) -> Vec<u8> {
    [&b"\x78\x9c"[..], &b"\x02\x08\x20\x80\x00".repeat(blocks), b"\x03\x00\x00\x00\x00\x01"].concat()
}

/// PDFs that would keep a reader busy for long: one stream, several that are small each, countless ones, and countless beginnings in one.
fn costly() -> Vec<Vec<u8>> {
    let head = b"4 0 obj<</Type/ObjStm/N 0/First 0/Filter/FlateDecode>>\nstream\n";
    let one = |data: &[u8]| [&head[..], data, b"\nendstream endobj\n"].concat();
    let most = MAX_BYTES / 4;
    let again = [&b"stream"[..], &nothing(0)].concat();
    vec![
        pdf_with(&one(&nothing(most / 5))),
        pdf_with(&one(&nothing(8_000)).repeat(20)),
        pdf_with(&one(&nothing(0)).repeat(most / one(&nothing(0)).len())),
        pdf_with(&one(&[&nothing(0)[..], &again.repeat(most / again.len())].concat())),
    ]
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
pub async fn on_paper(app: &TestApp, hr: &Client) -> (PersonId, String) {
    let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
    let path = format!("/people/{anna}/nda/{}", app.nda(anna).await.id);
    hr.post_paper(&path, &[("signed_on", "2026-11-20"), ("note", "")], None).await.said();
    (anna, format!("{path}/scan"))
}

pub async fn newest_file(app: &TestApp, person: PersonId) -> FileId {
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

    /// The limit is generous, for a machine that builds something else besides.
    async fn files_that_cost_time_are_soon_refused_and_nobody_waits_for_them(app) {
        let (hr, other) = (app.hr().await, app.admin().await);
        let (_, path) = on_paper(app, &hr).await;
        for (number, content) in costly().iter().enumerate() {
            let began = Instant::now();
            let sent = hr.post_paper(&path, &[], Some(("nda.pdf", "application/pdf", content)));
            let (answer, page) = tokio::join!(sent, other.get("/account"));
            assert_eq!(answer.refusal(), ApiError::Invalid(vec![FieldProblem::new("scan", Problem::Damaged)]), "{number}");
            assert_eq!(page.status, StatusCode::OK, "{number}");
            assert!(began.elapsed() < Duration::from_secs(5), "{number}: {:?}", began.elapsed());
        }
        assert_eq!(app.number("select count(*) from stored_file").await, 0);
    }

    async fn a_field_of_a_form_on_paper_that_comes_twice_is_refused(app) {
        let hr = app.hr().await;
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let path = format!("/people/{anna}/nda/{}", app.nda(anna).await.id);
        let twice = [("signed_on", "2026-11-20"), ("note", "first"), ("note", "second")];
        assert_eq!(hr.post_paper(&path, &twice, None).await.refusal(), ApiError::Unreadable);
        assert_eq!(hr.post_paper(&path, &[("scan", "x")], Some(("nda.pdf", "application/pdf", &sample(MediaType::Pdf)))).await.refusal(), ApiError::Unreadable);
        assert_eq!(app.number("select count(*) from stored_file").await, 0);
        hr.post_paper(&path, &twice[..2], None).await.said();
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

    /// Longer documents: many object streams, bookmarks outside them, a colour profile, and large data that hold the format's words by chance.
    async fn a_document_of_many_streams_is_kept(app) {
        let hr = app.hr().await;
        let (_, path) = on_paper(app, &hr).await;
        let stream = |dictionary: &str, data: &[u8]| {
            let head = format!("4 0 obj\n<<{dictionary}/Length {}>>\nstream\n", data.len());
            [head.as_bytes(), data, b"\nendstream\nendobj\n"].concat()
        };
        let objects = (0..100).map(|number| format!("{number} {} ", number * 17)).collect::<Vec<_>>().concat();
        let objects = objects + &"<</P 3 0 R/K 7>>\n".repeat(100);
        let content = deflated(b"q 1 0 0 1 0 0 cm /Im0 Do Q");
        let bookmarks = b"9 0 obj<</Type/Outlines/First 8 0 R/Last 8 0 R/Count 1>>endobj\n8 0 obj<</Title(100 %)/Parent 9 0 R>>\nendobj\n7 0 obj\n27\nendobj\n";
        let picture = [&b"\xff\xd8 stream"[..], &vec![0x5a; 3_000_000], b"stream /First Do /N 3"].concat();
        for body in [
            stream(&format!("{PACKED}/N 100/First 690"), &deflated(objects.as_bytes())).repeat(150),
            [&bookmarks[..], &stream("/Filter/FlateDecode", &content), bookmarks, &stream("/Subtype/Image/Filter/DCTDecode", &picture)].concat(),
            [stream("/N 3/Alternate/DeviceRGB/Filter/FlateDecode", &deflated(&[7; 3_000])), stream(PACKED, &deflated(objects.as_bytes()))].concat(),
            // Colour profiles as they begin, one of them not packed, in a file that is made for reading while it comes.
            [
                &b"1 0 obj<</Linearized 1/L 9/O 3/N 1>>endobj\n"[..],
                &stream("/Type/XRef/ID[<4142><4344>]/Filter/FlateDecode/DecodeParms<</Columns 4/Predictor 12>>", &content),
                &stream("/N 3", b"\0\0\x0cHlcms\x02\x10\0\0mntrRGB XYZ "),
                &stream("/N 4/Filter/FlateDecode", &deflated(b"\0\0\x311ADBE\x02\x10\0\0prtrCMYKLab ")),
            ].concat(),
        ] {
            hr.post_paper(&path, &[], Some(("nda.pdf", "application/pdf", &pdf_with(&body)))).await.said();
        }
        assert_eq!(app.number("select count(*) from stored_file").await, 4);
    }

    /// What office programs, scanners and apps of phones write; the picture holds short words by chance.
    async fn a_scan_with_a_first_page_and_a_link_is_kept(app) {
        let hr = app.hr().await;
        let (_, path) = on_paper(app, &hr).await;
        for body in [
            &b"1 0 obj<</Type/Catalog/OpenAction[3 0 R/XYZ null null 0]/PageMode/UseNone>>endobj"[..],
            b"1 0 obj<</Type/Catalog/OpenAction [ 3 0 R /Fit ]/AcroForm<</Fields[]/SigFlags 3>>>>endobj",
            b"4 0 obj<</Type/Annot/Subtype/Link/F 4/A<</S/URI/URI(https://scanner.example)>>>>endobj 5 0 obj<</Length 3>>\nstream\nabc\nendstream\nendobj",
            b"5 0 obj<</Subtype/Image/Filter/DCTDecode/Length 30>>\nstream\n/AA x/EF(/XFA /F(/AA\xff/JS(/F /AA[\nendstream\nendobj",
        ] {
            hr.post_paper(&path, &[], Some(("nda.pdf", "application/pdf", &pdf_with(body)))).await.said();
        }
        assert_eq!(app.number("select count(*) from stored_file").await, 4);
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
