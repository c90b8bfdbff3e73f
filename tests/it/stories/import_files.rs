//! What files look like that people really have: encodings, separators, notations, and what is no list at all.

use crate::fixture::stories;
use crate::stories::import::{HEADER, apply, file};
use antritt::{
    api::{done::Said, error::ApiError},
    domain::problem::{FieldProblem, Problem},
    server::{
        service::import,
        service::people_file::{FileProblem, MAX_BYTES},
        store::people::list_all,
    },
};
use axum::http::StatusCode;

const JUERGEN: &str = "Jürgen Groß;juergen@home.example;;angestellt;DE;Geschäftsführung;Leiter;;01.12.2026;Europe/Berlin";

async fn names(app: &crate::fixture::TestApp) -> Vec<String> {
    list_all(&mut app.read().await)
        .await
        .unwrap()
        .into_iter()
        .map(|person| person.details.name.into_string())
        .collect()
}

stories! {
    async fn windows_1252_as_excel_writes_it(app) {
        let content = file(&[JUERGEN]).replace('\n', "\r\n");
        let (bytes, _, lossy) = encoding_rs::WINDOWS_1252.encode(&content);
        assert!(!lossy && std::str::from_utf8(&bytes).is_err());
        apply(&app.hr().await, &bytes).await.said();
        assert_eq!(names(app).await, ["Jürgen Groß"]);
    }

    async fn utf_8_with_a_byte_order_mark(app) {
        apply(&app.hr().await, format!("\u{FEFF}{}", file(&[JUERGEN])).as_bytes()).await.said();
        assert_eq!(names(app).await, ["Jürgen Groß"]);
    }

    async fn commas_english_words_and_iso_dates(app) {
        let content = "Name,Private e-mail,Kind,Country,Department,Job title,Start date,Time zone,Comment\n\
            \"Miller, Ann\",ann@home.example,employee,IE,\"Research, Design\",\"Lead \"\"of\"\" all\",2026-12-01,Europe/Dublin,x\n";
        apply(&app.hr().await, content.as_bytes()).await.said();
        assert_eq!(names(app).await, ["Miller, Ann"]);
        assert_eq!(app.number("select count(*) from person where job_title = 'Lead \"of\" all'").await, 1);
    }

    async fn both_notations_of_dates_in_one_file(app) {
        let iso = JUERGEN.replace("juergen@", "other@").replace("01.12.2026", "2026-12-01");
        apply(&app.hr().await, file(&[JUERGEN, &iso]).as_bytes()).await.said();
        assert_eq!(app.number("select count(distinct start_date) from person").await, 1);
        assert_eq!(names(app).await.len(), 2);
    }

    async fn emoji_and_right_to_left_names(app) {
        let rows = [JUERGEN.replace("Jürgen Groß", "Zoë 👩‍🚀"), JUERGEN.replace("Jürgen Groß", "ياسمين الحسن").replace("juergen@", "yasmin@")];
        apply(&app.hr().await, file(&[&rows[0], &rows[1]]).as_bytes()).await.said();
        assert_eq!(app.number("select count(*) from person where name in ('Zoë 👩‍🚀', 'ياسمين الحسن')").await, 2);
    }

    async fn files_that_are_no_list_say_what_is_wrong_with_them(app) {
        let cases: [(&[u8], FileProblem); 5] = [
            (b"", FileProblem::Empty),
            (b"  \r\n", FileProblem::Empty),
            (HEADER.as_bytes(), FileProblem::NoRows),
            (b"PK\x03\x04 a workbook", FileProblem::NotAList),
            (b"%PDF-1.7", FileProblem::NotAList),
        ];
        for (content, expected) in cases {
            let preview = import::dry_run(&app.app, app.now(), content).await.unwrap();
            assert_eq!(preview.problem, Some(expected));
            assert!(!preview.is_applicable());
        }
        let uneven = format!("{}Ben;ben@home.example\n", file(&[JUERGEN]));
        let preview = import::dry_run(&app.app, app.now(), uneven.as_bytes()).await.unwrap();
        assert_eq!(preview.problem, Some(FileProblem::UnevenRow { line: 3, expected: 10, found: 2 }));
        let open = format!("{}\"Ben;ben@home.example\n", file(&[JUERGEN]));
        let preview = import::dry_run(&app.app, app.now(), open.as_bytes()).await.unwrap();
        assert_eq!(preview.problem, Some(FileProblem::Unreadable { line: 3 }));
    }

    async fn an_unreadable_file_still_gets_a_preview_page_and_cannot_be_applied(app) {
        let hr = app.hr().await;
        for content in [&b""[..], b"PK\x03\x04"] {
            let answer = hr.upload("liste.xlsx", content).await;
            assert_eq!(hr.follow(answer.location()).await.status, StatusCode::OK);
            assert!(apply(&hr, content).await.flash().is_some_and(|flash| !matches!(flash, antritt::api::flash::Flash::Said(_))));
        }
        assert_eq!(app.number("select count(*) from person").await, 0);
    }

    async fn no_file_at_all_is_asked_for(app) {
        let answer = app.hr().await.upload("", b"").await;
        assert_eq!(answer.location(), "/people/import");
        assert_eq!(answer.refusal(), ApiError::Invalid(vec![FieldProblem::new("file", Problem::Required)]));
    }

    async fn a_file_over_twenty_mebibytes_is_refused_and_not_kept(app) {
        let hr = app.hr().await;
        for size in [MAX_BYTES + 1, MAX_BYTES + 200 * 1024, 50 * 1024 * 1024] {
            let answer = hr.upload("liste.csv", &vec![b'x'; size]).await;
            assert_eq!(answer.refusal(), ApiError::Invalid(vec![FieldProblem::new("file", Problem::TooLong(MAX_BYTES))]), "{size}");
        }
        assert_eq!(app.number("select count(*) from import_upload").await, 0);
    }

    async fn two_hundred_people_are_one_import(app) {
        let rows: Vec<_> = (0..2000).map(|n| JUERGEN.replace("juergen@", &format!("person{n}@"))).collect();
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        let said = apply(&app.hr().await, file(&rows[..200]).as_bytes()).await.said();
        assert_eq!(said, Said::Imported { new: 200, changed: 0, unchanged: 0, invited: true });
        let preview = import::dry_run(&app.app, app.now(), file(&rows).as_bytes()).await.unwrap();
        assert_eq!((preview.tally().new, preview.tally().unchanged), (1800, 200));
    }
}
