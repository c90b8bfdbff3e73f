//! Importing a list in the browser: previewed, then taken over all or nothing.

use crate::fixture::{
    Db, TestApp,
    client::{Answer, Client},
    stories,
};
use antritt::{
    api::{done::Said, error::ApiError, imports::ApplyImport},
    domain::{
        ids::PersonId,
        locale::Locale,
        person::Email,
        problem::{Conflict, FieldProblem, Problem},
    },
    server::{
        service::import::{self, RowPlan, Tally},
        store::people::{find_by_email, find_for_change, list_all, list_start_date_changes, set_last_day},
    },
    ui::texts::hr as t,
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use std::time::Duration;
use time::{Date, macros::date};
use tokio::time::{sleep, timeout};

pub const HEADER: &str = "Name;Private E-Mail;Dienstliche E-Mail;Art;Land;Abteilung;Position;E-Mail der Führungskraft;Startdatum;Zeitzone";

pub fn file(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

pub async fn upload(client: &Client, content: &[u8]) -> String {
    let answer = client.upload("starter.csv", content).await;
    let id = answer.location().strip_prefix("/people/import/").map(str::to_owned);
    id.unwrap_or_else(|| panic!("not taken: {} {:?}", answer.status, answer.flash()))
}

pub async fn apply(client: &Client, content: &[u8]) -> Answer {
    let id = upload(client, content).await;
    client.post_form(ApplyImport::PATH, &[("id", &*id), ("invite", "on")]).await
}

async fn find(app: &TestApp, email: &str) -> antritt::domain::person::Person {
    find_by_email(&mut app.read().await, &Email::parse(email).unwrap()).await.unwrap().unwrap()
}

/// Takes a list over while a colleague is just recording somebody's last day and finishes when the list waits for that.
async fn apply_beside_a_last_day(app: &TestApp, client: &Client, content: &[u8], person: PersonId, last_day: Date) -> Answer {
    let id = upload(client, content).await;
    let mut colleague = app.begin().await;
    find_for_change(&mut colleague, person).await.unwrap();
    set_last_day(&mut colleague, person, Some(last_day)).await.unwrap();
    let finish = async {
        // `SQLite` has one writer, for whom the list waits before it writes anything.
        if app.db == Db::Postgres {
            let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
            let list_waits = async {
                while app.number(waiting).await == 0 {
                    sleep(Duration::from_millis(10)).await;
                }
            };
            timeout(Duration::from_secs(10), list_waits).await.expect("the list waits for the colleague");
        }
        colleague.commit_housekeeping().await.unwrap();
    };
    let fields = [("id", &*id)];
    let (answer, ()) = tokio::join!(client.post_form(ApplyImport::PATH, &fields), finish);
    answer
}

const ANNA: &str = "Anna Müller;anna@home.example;anna@firma.example;angestellt;DE;Entwicklung;Leiterin;;01.12.2026;Europe/Berlin";
const LUCA: &str = "Luca Weiß;luca@home.example;;Freelancer;AT;Entwicklung;Entwickler;anna@firma.example;2027-01-07;Europe/Vienna";

stories! {
    async fn newcomers_are_previewed_then_added_with_items_and_links(app) {
        let hr = app.hr().await;
        let content = file(&[ANNA, LUCA]);
        let id = upload(&hr, content.as_bytes()).await;
        assert_eq!(app.number("select count(*) from person").await, 0, "a preview writes nobody");
        assert_eq!(hr.get(&format!("/people/import/{id}")).await.status, StatusCode::OK);
        let answer = hr.post_form(ApplyImport::PATH, &[("id", &*id), ("invite", "on")]).await;
        assert_eq!((answer.said(), answer.location()), (Said::Imported { new: 2, changed: 0, unchanged: 0, invited: true }, "/hr"));
        let luca = find(app, "luca@home.example").await;
        assert_eq!(luca.manager_id, Some(find(app, "anna@firma.example").await.id));
        assert_eq!((luca.details.start_date, app.items(luca.id).await.len()), (date!(2027 - 01 - 07), 7));
        assert_eq!(app.mails().await.len(), 2);
        let again = hr.post_form(ApplyImport::PATH, &[("id", &*id)]).await;
        assert_eq!(again.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
        assert_eq!(app.number("select count(*) from import_upload where length(content) > 0").await, 0, "the list is not kept");
    }

    async fn the_same_file_twice_changes_nothing(app) {
        let hr = app.hr().await;
        let content = file(&[ANNA, LUCA]);
        apply(&hr, content.as_bytes()).await.said();
        let before = list_all(&mut app.read().await).await.unwrap();
        let mails = app.mails().await.len();
        let preview = import::dry_run(&app.app, app.now(), content.as_bytes()).await.unwrap();
        assert!(!preview.is_applicable());
        assert_eq!(preview.tally(), Tally { unchanged: 2, ..Tally::default() });
        assert_eq!(apply(&hr, content.as_bytes()).await.said(), Said::Imported { new: 0, changed: 0, unchanged: 2, invited: true });
        assert_eq!(list_all(&mut app.read().await).await.unwrap(), before);
        assert_eq!(app.mails().await.len(), mails);
        assert_eq!(app.number("select count(*) from deadline_change").await + app.number("select count(*) from start_date_change").await, 0);
    }

    async fn one_bad_row_refuses_the_whole_list_and_says_where_and_why(app) {
        let hr = app.hr().await;
        let bad = "Ben Bote;ben@home.example;;angestellt;DE;Vertrieb;Bote;;30.02.2027;Europe/Berlin";
        let content = file(&[ANNA, bad, LUCA]);
        let preview = import::dry_run(&app.app, app.now(), content.as_bytes()).await.unwrap();
        let refused: Vec<_> = preview.rows.iter().filter_map(|row| if let RowPlan::Refused(problems) = &row.plan { Some((row.file.line, problems.clone())) } else { None }).collect();
        assert_eq!(refused, [(3, vec![FieldProblem::new("start_date", Problem::NotADate)])]);
        let entries = app.audit_entries().await;
        let answer = apply(&hr, content.as_bytes()).await;
        assert_eq!(answer.refusal(), ApiError::Invalid(vec![FieldProblem::new("start_date", Problem::NotADate)]));
        assert_eq!(app.number("select count(*) from person").await, 0);
        assert_eq!(app.audit_entries().await, entries + 1, "only the upload is noted");
    }

    async fn every_bad_row_is_named_with_its_own_reason(app) {
        let long = "x".repeat(300);
        let row = |name: &str, email: &str, rest: &str| format!("{name};{email};;angestellt;{rest}");
        let rows = [
            row(&long, "a@home.example", "DE;Vertrieb;Bote;;2026-12-01;Europe/Berlin"),
            row("B", "b", "DE;Vertrieb;Bote;;2026-12-01;Europe/Berlin"),
            row("C", "c@home.example", "XX;Vertrieb;Bote;;2026-12-01;Europe/Berlin"),
            row("D", "d@home.example", "DE;;Bote;;2026-12-01;Europe/Berlin"),
            row("E", "e@home.example", "DE;Vertrieb;Bote;;12/01/2026;Europe/Berlin"),
            row("F", "f@home.example", "DE;Vertrieb;Bote;;2026-12-01;Mars/Base"),
            row("G", "g@home.example", "DE;Vertrieb;Bote;nobody@firma.example;2026-12-01;Europe/Berlin"),
            row("H", "h@home.example", "DE;Vertrieb;Bote;h@home.example;2026-12-01;Europe/Berlin"),
            row("I", "i@home.example", "DE;Vertrieb;Bote;;2026-12-01;Europe/Berlin"),
            row("J", "I@Home.example", "DE;Vertrieb;Bote;;2026-12-01;Europe/Berlin"),
        ];
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        let preview = import::dry_run(&app.app, app.now(), file(&rows).as_bytes()).await.unwrap();
        let refused: Vec<_> = preview.rows.iter().filter_map(|row| match &row.plan {
            RowPlan::Refused(problems) => Some((row.file.line, problems[0].field.clone(), problems[0].problem.clone())),
            _ => None,
        }).collect();
        let expected = [
            (2, "name", Problem::TooLong(200)),
            (3, "private_email", Problem::NotAnEmail),
            (4, "country", Problem::NotACountry),
            (5, "department", Problem::Required),
            (6, "start_date", Problem::NotADate),
            (7, "time_zone", Problem::NotATimeZone),
            (8, "manager_email", Problem::UnknownManager),
            (9, "manager_email", Problem::OwnManager),
            (11, "private_email", Problem::EmailRepeated(10)),
        ];
        assert_eq!(refused, expected.map(|(line, field, problem)| (line, field.to_owned(), problem)));
    }

    async fn a_preview_holds_no_more_of_a_long_list_than_it_shows(app) {
        let hr = app.hr().await;
        let long = "x".repeat(100_000);
        let row = |name: &str, email: &str| format!("{name};{email};;angestellt;DE;Vertrieb;Bote;;2026-12-01;Europe/Berlin");
        let mut rows: Vec<_> = (0..250).map(|n| row("Ben Bote", &format!("ben{n}@home.example"))).collect();
        rows.push(row("Anna", &long));
        rows.extend((0..599).map(|n| row("Carla", &format!("nobody{n}"))));
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        let id = upload(&hr, file(&rows).as_bytes()).await;
        let page = hr.get(&format!("/people/import/{id}")).await.body;
        let count = |n: usize| t::rows(Locale::En, n);
        assert_eq!(page.matches("class=\"line-no\"").count(), 500 + 200);
        for said in [t::refused_hidden(Locale::En, &count(100)), t::rows_hidden(Locale::En, &count(50)), count(850), format!("{}…", &long[..200])] {
            assert!(page.contains(&said), "{said}: {page}");
        }
        assert!(!page.contains(&long[..201]), "nobody reads more of a field");
    }

    async fn a_manager_may_stand_further_down_in_the_same_file(app) {
        apply(&app.hr().await, file(&[LUCA, ANNA]).as_bytes()).await.said();
        let anna = find(app, "anna@home.example").await;
        assert_eq!(find(app, "luca@home.example").await.manager_id, Some(anna.id));
    }

    async fn two_may_swap_who_manages_whom(app) {
        let hr = app.hr().await;
        apply(&hr, file(&[ANNA, LUCA]).as_bytes()).await.said();
        let anna = ANNA.replace(";Leiterin;;", ";Leiterin;luca@home.example;");
        let luca = LUCA.replace("anna@firma.example", "");
        assert_eq!(apply(&hr, file(&[&anna, &luca]).as_bytes()).await.said(), Said::Imported { new: 0, changed: 2, unchanged: 0, invited: true });
        assert_eq!(find(app, "anna@home.example").await.manager_id, Some(find(app, "luca@home.example").await.id));
        assert_eq!(find(app, "luca@home.example").await.manager_id, None);
    }

    async fn two_may_swap_their_addresses(app) {
        let hr = app.hr().await;
        let ben = "Ben Bote;ben@home.example;ben@firma.example;angestellt;DE;Vertrieb;Bote;;01.12.2026;Europe/Berlin";
        apply(&hr, file(&[ANNA, ben]).as_bytes()).await.said();
        let swapped = [ANNA.replace("anna@firma.example", "ben@firma.example"), ben.replace("ben@firma.example", "anna@firma.example")];
        let answer = apply(&hr, file(&[&swapped[0], &swapped[1]]).as_bytes()).await;
        assert!(matches!(answer.refusal(), ApiError::Invalid(_)), "each address still belongs to the other: {:?}", answer.flash());
    }

    async fn a_changed_start_date_goes_through_the_history_with_its_reason(app) {
        let hr = app.hr().await;
        apply(&hr, file(&[ANNA, LUCA]).as_bytes()).await.said();
        let (moved, titled) = (ANNA.replace("01.12.2026", "15.12.2026"), LUCA.replace("Entwickler", "Architekt"));
        let id = upload(&hr, file(&[&moved, &titled]).as_bytes()).await;
        let path = format!("/people/import/{id}");
        assert!(hr.get(&path).await.body.contains("name=\"reason\""));
        let entries = app.audit_entries().await;
        let long = "x".repeat(501);
        for (reason, problem) in [("", Problem::Required), (" ", Problem::Required), (&*long, Problem::TooLong(500))] {
            let answer = hr.post_form_from(&path, ApplyImport::PATH, &[("id", &*id), ("reason", reason)]).await;
            assert_eq!(answer.refusal(), ApiError::Invalid(vec![FieldProblem::new("reason", problem)]));
            assert_eq!(answer.location(), path);
            let page = hr.get(&path).await.body;
            assert!(page.contains("error-summary") && page.contains("href=\"#reason\"") && page.contains(&format!("value=\"{reason}\"")), "{page}");
        }
        assert_eq!(app.audit_entries().await, entries);
        let answer = hr.post_form(ApplyImport::PATH, &[("id", &*id), ("reason", " Kündigungsfrist ")]).await;
        assert_eq!(answer.said(), Said::Imported { new: 0, changed: 2, unchanged: 0, invited: false });
        let anna = find(app, "anna@home.example").await;
        let [change] = list_start_date_changes(&mut app.read().await, anna.id).await.unwrap().try_into().unwrap();
        assert_eq!((change.new_date, &*change.reason), (date!(2026 - 12 - 15), "Kündigungsfrist"));
        assert_eq!(app.nda(anna.id).await.deadline.due_on, date!(2026 - 12 - 14));
        let reasoned = app.number("select count(*) from deadline_change where reason = 'Kündigungsfrist'").await;
        assert!(reasoned > 0 && reasoned == app.number("select count(*) from deadline_change").await);
    }

    async fn a_list_that_moves_nobodys_start_asks_for_no_reason(app) {
        let hr = app.hr().await;
        apply(&hr, file(&[ANNA]).as_bytes()).await.said();
        let zoned = ANNA.replace("Europe/Berlin", "Europe/Lisbon");
        let id = upload(&hr, file(&[&zoned, LUCA]).as_bytes()).await;
        assert!(!hr.get(&format!("/people/import/{id}")).await.body.contains("name=\"reason\""));
        let answer = hr.post_form(ApplyImport::PATH, &[("id", &*id)]).await;
        assert_eq!(answer.said(), Said::Imported { new: 1, changed: 1, unchanged: 0, invited: false });
    }

    async fn a_last_day_recorded_while_a_list_is_taken_over_stays(app) {
        let hr = app.hr().await;
        apply(&hr, file(&[ANNA]).as_bytes()).await.said();
        let anna = find(app, "anna@home.example").await.id;
        let list = file(&[&ANNA.replace("Leiterin", "Direktorin")]);
        let answer = apply_beside_a_last_day(app, &hr, list.as_bytes(), anna, date!(2027 - 01 - 31)).await;
        assert_eq!(answer.said(), Said::Imported { new: 0, changed: 1, unchanged: 0, invited: false });
        let record = app.record(anna).await;
        assert_eq!((record.end_date, record.details.job_title.as_str()), (Some(date!(2027 - 01 - 31)), "Direktorin"));
    }

    async fn of_somebody_who_leaves_while_a_list_is_taken_over_nothing_changes(app) {
        let hr = app.hr().await;
        apply(&hr, file(&[ANNA, LUCA]).as_bytes()).await.said();
        let anna = find(app, "anna@home.example").await.id;
        let list = file(&[&ANNA.replace("Leiterin", "Direktorin"), &LUCA.replace("Entwickler", "Architekt")]);
        let answer = apply_beside_a_last_day(app, &hr, list.as_bytes(), anna, date!(2026 - 11 - 20)).await;
        assert_eq!(answer.refusal(), ApiError::Invalid(vec![FieldProblem::new("private_email", Problem::HasLeft)]));
        let record = app.record(anna).await;
        assert_eq!((record.end_date, record.details.job_title.as_str()), (Some(date!(2026 - 11 - 20)), "Leiterin"));
        assert_eq!(find(app, "luca@home.example").await.details.job_title.as_str(), "Entwickler", "all or nothing");
    }

    async fn a_chosen_language_survives_the_next_import(app) {
        let hr = app.hr().await;
        apply(&hr, file(&[ANNA]).as_bytes()).await.said();
        app.tamper("update person set language = 'en'").await.unwrap();
        let titled = ANNA.replace("Leiterin", "Direktorin");
        apply(&hr, file(&[&titled]).as_bytes()).await.said();
        assert_eq!(find(app, "anna@home.example").await.details.language, antritt::domain::locale::Locale::En);
    }

    async fn somebody_elses_upload_is_not_found(app) {
        let id = upload(&app.hr().await, file(&[ANNA]).as_bytes()).await;
        let other = app.account("hr2@company.example", Some(antritt::domain::roles::Role::Hr), None).await;
        let other = app.signed_in_as(other).await;
        assert_eq!(other.post_form(ApplyImport::PATH, &[("id", &id)]).await.refusal(), ApiError::NotFound);
        assert_eq!(other.get(&format!("/people/import/{id}")).await.status, StatusCode::NOT_FOUND);
    }
}
