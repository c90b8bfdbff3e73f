//! Secrets at rest: nowhere that is stored, backed up or logged can anybody read them, and whoever may still does; also after the key
//! was changed.

use super::{import, members, pseudonyms::mentions};
use crate::fixture::{Db, TestApp, log, people::NewPerson, stories};
use antritt::{
    api::{
        account::SignIn,
        checks::RequestCheck,
        done::Said,
        error::ApiError,
        members::ApplyMembers,
        people::{AddPerson, ChangePerson},
    },
    domain::{
        ids::{AccountId, ImportId, PersonId},
        person::Email,
        problem::{FieldProblem, Problem},
        requirement::RequirementKind::{BackgroundCheck, PasswordManager},
    },
    server::{
        config::Key,
        service::{Error, kept_forms, keys, outbox},
        store::{accounts, audit, imports, people},
    },
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use std::path::Path;

/// Occurs in everything that is secret here, and in nothing else.
const CANARY: &str = "kanarie";
const ADDRESS: &str = "kanarienvogel@nest.example";
const REFERENCE: &str = "KANARIE-4711";

/// Somebody with a private address, a check, an enrolment that a list proves under that address; a list of people and one of members
/// that wait, a form that was refused, and mails.
struct Told {
    person: PersonId,
    upload: ImportId,
}

async fn told(app: &TestApp) -> Told {
    let hr = app.hr().await;
    let person = app
        .add(&NewPerson {
            private_email: ADDRESS.into(),
            start_date: "2026-11-20",
            ..NewPerson::named("Anna Muster")
        })
        .await;
    app.sign_in_by_link(person).await;
    let id = app.item(person, BackgroundCheck).await.id.to_string();
    let request = [
        ("id", &*id),
        ("choice", "provider"),
        ("provider", "Kanarienhaus"),
        ("reference", REFERENCE),
        ("requested_on", "2026-11-23"),
        ("note", "Der Kanarienvogel wartet"),
    ];
    hr.post_form(RequestCheck::PATH, &request).await.said();
    let security = app.security().await;
    let header = "Email,Name,Status,Role,Two-step Login,Account Recovery";
    let list = format!("{header}\n{ADDRESS},{ADDRESS},Confirmed,User,Enabled,Enrolled\nkanarie2@nest.example,,Confirmed,User,Enabled,Enrolled\n");
    let list = members::upload(&security, &list).await;
    security.post_form(ApplyMembers::PATH, &[("id", &list)]).await.said();
    members::upload(&security, "Wer;Wie\nkanarie3@nest.example;ja\n").await;
    let row = "Ben Muster;kanarie4@nest.example;;angestellt;DE;Entwicklung;Leiter;;01.12.2026;Europe/Berlin";
    let upload = import::upload(&hr, import::file(&[row]).as_bytes()).await.parse().unwrap();
    Told { person, upload }
}

fn sings(bytes: &[u8]) -> bool {
    bytes.windows(CANARY.len()).any(|part| part.eq_ignore_ascii_case(CANARY.as_bytes()))
}

/// No file beside the database's has it in it: not the database, its write-ahead log, or the index of that.
fn assert_silent(folder: &Path) {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        assert!(!sings(&std::fs::read(&path).unwrap()), "{path:?}");
        files += 1;
    }
    assert!(files > 0);
}

stories! {
    async fn nowhere_that_is_stored_or_logged_can_a_secret_be_read(app) {
        let (told, log) = log::listen(async {
            let told = told(app).await;
            let hr = app.hr().await;
            // What is refused, what cannot be sent, who cannot sign in, and what breaks.
            let twin = NewPerson { private_email: ADDRESS.into(), ..NewPerson::named("Anna Zwei") };
            hr.post_form(AddPerson::PATH, &twin.fields()).await.refusal();
            let account = accounts::find_of_person(&mut app.read().await, told.person).await.unwrap().unwrap();
            kept_forms::keep(&app.app, app.now(), account, &format!("private_email={ADDRESS}")).await.unwrap();
            app.add(&NewPerson { private_email: "kanarie5@nest.example".into(), ..NewPerson::named("Cem Muster") }).await;
            for (row, mail) in outbox::take_due(&app.app, app.now(), 9).await.unwrap() {
                assert!(mail.recipient.ends_with("@nest.example"));
                outbox::note_failed(&app.app, app.now(), &row, "answer 550").await.unwrap();
            }
            app.visitor().post_form(SignIn::PATH, &[("email", ADDRESS), ("password", "wrong")]).await;
            app.tamper("update background_check set note = 'v1.AAAA'").await.unwrap();
            let check = format!("/people/{}/check/{}", told.person, app.item(told.person, BackgroundCheck).await.id);
            assert_eq!(hr.get(&check).await.status, StatusCode::INTERNAL_SERVER_ERROR);
            app.tamper("update background_check set note = ''").await.unwrap();
            told
        }).await;
        assert!(log.len() > 10_000 && String::from_utf8_lossy(&log).contains("internal error"));
        assert!(!sings(&log), "a secret was logged");
        assert_eq!(mentions(app, CANARY).await, Vec::<String>::new());
        if app.db == Db::Sqlite {
            let file = app.word("select file from pragma_database_list where name = 'main'").await;
            assert_silent(Path::new(&file).parent().unwrap());
            let restored = app.restored().await;
            let copy = restored.word("select file from pragma_database_list where name = 'main'").await;
            assert_silent(Path::new(&copy).parent().unwrap());
            assert_eq!(restored.record(told.person).await.details.private_email.as_str(), ADDRESS, "with its key, a backup is whole");
            restored.finish().await;
        }
    }

    async fn who_may_read_a_secret_reads_it_and_nobody_else_does(app) {
        let Told { person, upload } = told(app).await;
        let hr = app.hr().await;
        let check = format!("/people/{person}/check/{}", app.item(person, BackgroundCheck).await.id);
        assert!(hr.get(&format!("/people/{person}")).await.body.contains(ADDRESS));
        let page = hr.get(&check).await.body;
        assert!(page.contains(REFERENCE) && page.contains("Kanarienhaus"));
        assert!(hr.get(&format!("/people/import/{upload}")).await.body.contains("kanarie4@nest.example"));
        for list in ["/people", "/hr"] {
            assert!(hr.get(&format!("{list}?q={ADDRESS}")).await.body.contains("Anna Muster"));
            assert!(!hr.get(&format!("{list}?q=kanarienvogel")).await.body.contains("Anna Muster"), "it is found as a whole only");
        }
        let other = app.person("Dora Muster", "2026-12-01", "Europe/Berlin").await;
        let other = app.sign_in_by_link(other).await;
        for (who, reader) in [("auditor", app.auditor().await), ("admin", app.admin().await), ("colleague", other), ("security", app.security().await)] {
            for path in ["/", "/people", &*format!("/people/{person}"), &check, "/checklist", "/record", "/hr", "/security", "/security/items", "/exceptions"] {
                assert!(!sings(&reader.get(path).await.bytes), "{who}: {path}");
            }
        }
        let found = app.auditor().await.get(&format!("/people?q={ADDRESS}")).await.body;
        assert!(!found.contains("Anna Muster"), "who may not read an address must not guess it");
    }

    async fn after_a_rotation_everything_opens_with_the_new_key_and_nothing_with_the_old(app) {
        let Told { person, upload, .. } = told(app).await;
        let invited = app.person("Cem Muster", "2026-12-01", "Europe/Berlin").await;
        let old_link = app.token_of(invited).await;
        let before = (app.record(person).await, app.evidence(app.item(person, PasswordManager).await.id).await);
        let sealed = app.word("select private_email from person where name = 'Anna Muster'").await;
        let stranger = app.with_key(Key::from_secret(b"a stranger's"));
        assert!(matches!(keys::rotate(&stranger.app, app.now(), &Key::from_secret(b"any")).await, Err(Error::Unavailable(_))));
        assert_eq!(app.word("select private_email from person where name = 'Anna Muster'").await, sealed);

        let new = Key::from_secret(b"the new key");
        let rotated = keys::rotate(&app.app, app.now(), &new).await.unwrap();
        assert!(rotated.values > 30, "{rotated:?}");
        assert_eq!((rotated.links, rotated.mails), (1, 1), "the unopened one");
        assert_eq!(app.visitor().get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE, "an instance with the old key says so");
        let people_before = app.number("select count(*) from person").await;
        let late = app.signed_in_as(hr_account(&app.with_key(new.clone())).await).await;
        let refused = late.post_form(AddPerson::PATH, &NewPerson::named("Emil Muster").fields()).await.refusal();
        assert!(matches!(refused, ApiError::Unavailable), "{refused:?}");
        assert_eq!(app.number("select count(*) from person").await, people_before);

        let app_again = app.with_key(new);
        assert_ne!(app.word("select private_email from person where name = 'Anna Muster'").await, sealed);
        assert_eq!(app_again.visitor().get("/readyz").await.status, StatusCode::OK);
        assert_eq!((app_again.record(person).await, app_again.evidence(app_again.item(person, PasswordManager).await.id).await), before);
        let hr = app_again.hr().await;
        let page = hr.get(&format!("/people/{person}/check/{}", app_again.item(person, BackgroundCheck).await.id)).await;
        assert!(page.body.contains(REFERENCE));
        assert!(hr.get(&format!("/people/import/{upload}")).await.body.contains("kanarie4@nest.example"));
        let address = Email::parse(ADDRESS).unwrap();
        assert!(accounts::find_for_sign_in(&mut app_again.read().await, &address).await.unwrap().is_some());
        assert!(accounts::find_for_sign_in(&mut app.read().await, &address).await.unwrap().is_none());
        assert!(people::find(&mut app.read().await, people::Scope::All, person).await.is_err());
        assert_eq!(app_again.visitor().get(&format!("/invitation/{old_link}")).await.status, StatusCode::NOT_FOUND);
        app_again.sign_in_by_link(invited).await;
        assert_eq!(audit::verify(&mut app_again.read().await).await.unwrap(), app.audit_entries().await);
        assert_eq!(app.number("select count(*) from audit_entry where action = 'key.rotated'").await, 1);
        assert_eq!(mentions(app, CANARY).await, Vec::<String>::new());
        keys::rotate(&app_again.app, app.now(), &app.key).await.unwrap();
    }

    async fn a_list_that_was_taken_over_or_emptied_survives_a_rotation(app) {
        let Told { upload, .. } = told(app).await;
        let hr = app.hr().await;
        hr.post_form(antritt::api::imports::ApplyImport::PATH, &[("id", &*upload.to_string())]).await.said();
        let new = Key::from_secret(b"the new key");
        keys::rotate(&app.app, app.now(), &new).await.unwrap();
        let again = app.with_key(new);
        let account = hr_account(&again).await;
        let row = imports::find(&mut again.read().await, upload, account).await.unwrap().unwrap();
        assert!(row.applied_at.is_some() && row.content.is_empty());
        let security = again.security().await;
        let unknown = security.get("/security/password-manager?show=unknown").await;
        assert!(unknown.body.contains("kanarie2@nest.example"));
        keys::rotate(&again.app, app.now(), &app.key).await.unwrap();
    }

    async fn an_address_is_still_one_persons_alone(app) {
        let Told { person, .. } = told(app).await;
        let hr = app.hr().await;
        let twin = NewPerson { private_email: "KanarienVogel@nest.example".into(), ..NewPerson::named("Anna Zwei") };
        let refused = hr.post_form(AddPerson::PATH, &twin.fields()).await.refusal();
        assert_eq!(refused, ApiError::Invalid(vec![FieldProblem::new("private_email", Problem::EmailTaken)]));
        let id = person.to_string();
        let moved = NewPerson { private_email: "umgezogen@nest.example".into(), start_date: "2026-11-20", ..NewPerson::named("Anna Muster") };
        let fields: Vec<_> = [("id", &*id)].into_iter().chain(moved.fields()).collect();
        assert!(hr.post_seen(ChangePerson::PATH, &fields).await.said() == Said::PersonChanged);
        hr.post_form(AddPerson::PATH, &twin.fields()).await.said();
    }
}

async fn hr_account(app: &TestApp) -> AccountId {
    let row = accounts::find_for_sign_in(&mut app.read().await, &Email::parse("hr@company.example").unwrap())
        .await
        .unwrap();
    AccountId(row.unwrap().id)
}

/// Ten thousand people with addresses, accounts and three entries of the trail each.
async fn ten_thousand_people(db: Db) {
    let app = TestApp::new(db).await;
    let mut tx = app.begin().await;
    for n in 0..10_000 {
        let mut one = crate::store_contract::person(n, "Somebody");
        one.details.work_email = Some(Email::parse(&format!("person{n}@firma.example")).unwrap());
        people::insert(&mut tx, app.now(), &one, app.now()).await.unwrap();
        let account = accounts::NewAccount {
            id: AccountId(one.id.0),
            person: Some(one.id),
            email: &one.details.private_email,
            name: "Somebody",
            language: one.details.language,
        };
        accounts::insert(&mut tx, app.now(), &account).await.unwrap();
        for field in ["name", "department", "job_title"] {
            let change = audit::Change {
                actor: None,
                action: antritt::domain::audit::Action::PersonChanged,
                subject: one.id.0,
                person: Some(one.id),
                detail: serde_json::json!({ "fields": [field] }),
            };
            tx.note(app.now(), change);
        }
    }
    tx.commit().await.unwrap();
    let begun = std::time::Instant::now();
    let (new, address) = (Key::from_secret(b"the new key"), Email::parse("person7@firma.example").unwrap());
    let rotated = keys::rotate(&app.app, app.now(), &new).await.unwrap();
    let taken = begun.elapsed();
    let again = app.with_key(new);
    let begun = std::time::Instant::now();
    for _ in 0..1_000 {
        accounts::find_for_sign_in(&mut again.read().await, &address).await.unwrap().unwrap();
    }
    let found = begun.elapsed() / 1_000;
    let begun = std::time::Instant::now();
    for _ in 0..1_000 {
        again.store.vault().seal_address(address.as_str());
    }
    let sealed = begun.elapsed() / 1_000;
    println!("{db:?}: {rotated:?} in {taken:?}; an address is sealed in {sealed:?} and found in {found:?}");
    assert!(rotated.values > 60_000 && taken.as_secs() < 60);
    app.discard().await;
}

/// `.config/with-postgres cargo nextest run --run-ignored only -E 'test(rotation_of_ten_thousand)' --no-capture` prints the figures.
#[tokio::test]
#[ignore = "measures, and takes its time"]
async fn a_rotation_of_ten_thousand_people_takes_seconds_sqlite() {
    ten_thousand_people(Db::Sqlite).await;
}

#[tokio::test]
#[ignore = "measures, and takes its time"]
async fn a_rotation_of_ten_thousand_people_takes_seconds_postgres() {
    ten_thousand_people(Db::Postgres).await;
}
