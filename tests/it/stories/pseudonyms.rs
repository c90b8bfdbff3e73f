//! Pseudonyms: long after somebody left, nothing in the database tells who they were, and the proofs still verify.

use crate::fixture::{Db, TestApp, client::Client, people::NewPerson, stories};
use antritt::{
    api::{
        exemptions::{EndExemption, RequestExemption},
        members::{ApplyMembers, AssignMember},
        nda::{SignNda, WithdrawNda},
        people::{ChangePerson, MoveStart, RecordLastDay},
    },
    domain::{evidence::Proof, ids::PersonId, locale::Locale, pseudonym::Pseudonym, requirement::RequirementKind as Kind},
    server::{
        service::{leavers, pseudonyms},
        store::{Store, accounts, audit, people::list_start_date_changes},
    },
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Row};
use time::{Duration, macros::datetime};

const NAME: &str = "Wilhelmine Quastenberg";
/// Occurs in everything that tells who she is.
const TRACE: &str = "uastenberg";
/// Her last day, and the day after the retention period in Berlin.
const LAST_DAY: &str = "2027-01-31";
const OVER: time::OffsetDateTime = datetime!(2031-01-31 23:00 UTC);

/// The columns of every table in which a word stands, in letters or in hexadecimal.
pub async fn mentions(app: &TestApp, word: &str) -> Vec<String> {
    let pattern = format!("%{word}%");
    let hex = format!("%{}%", hex::encode(word));
    let mut found = Vec::new();
    match &app.store {
        Store::Sqlite { readers, .. } => {
            let columns = sqlx::query("select m.name, c.name from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table'").fetch_all(readers);
            for row in columns.await.unwrap() {
                let (table, column): (String, String) = (row.get(0), row.get(1));
                let sql = format!("select count(*) from {table} where lower(cast({column} as text)) like $1 or lower(hex({column})) like $2");
                let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
                    .bind(&pattern)
                    .bind(&hex)
                    .fetch_one(readers)
                    .await
                    .unwrap();
                found.extend((count > 0).then(|| format!("{table}.{column}")));
            }
        }
        Store::Postgres { pool, .. } => {
            let columns = "select table_name::text, column_name::text from information_schema.columns where table_schema = 'public'";
            for row in sqlx::query(columns).fetch_all(pool).await.unwrap() {
                let (table, column): (String, String) = (row.get(0), row.get(1));
                let sql = format!("select count(*) from {table} where lower({column}::text) like $1 or lower({column}::text) like $2");
                let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).bind(&pattern).bind(&hex).fetch_one(pool).await.unwrap();
                found.extend((count > 0).then(|| format!("{table}.{column}")));
            }
        }
    }
    found
}

/// Where an address stands as it is stored.
async fn sealed_in(app: &TestApp, sealed: &str) -> Vec<String> {
    let mut columns = mentions(app, &sealed.to_lowercase()).await;
    columns.sort();
    columns
}

/// Somebody about whom there is something in every table that can hold it.
async fn with_a_past(app: &TestApp) -> (PersonId, Client) {
    let hr = app.hr().await;
    let person = app
        .add(&NewPerson {
            work_email: "w.quastenberg@firma.example",
            ..NewPerson::named(NAME)
        })
        .await;
    let id = person.to_string();
    let moved = [("id", &*id), ("start_date", "2026-12-02"), ("reason", "Frau Quastenberg zieht um")];
    hr.post_seen(MoveStart::PATH, &moved).await.said();
    let client = app.sign_in_by_link(person).await;
    sign(app, &client, person).await;
    let withdrawn = [("id", &*app.nda(person).await.id.to_string()), ("reason", "Frau Quastenberg hat geheiratet")];
    hr.post_form(WithdrawNda::PATH, &withdrawn).await.said();
    let paper = format!("/people/{person}/nda/{}", app.nda(person).await.id);
    let fields = [("signed_on", "2026-11-22"), ("note", "Ordner Quastenberg")];
    let scan = crate::stories::nda_uploads::pdf_with(b"1 0 obj<</Type/Catalog/Title(Quastenberg)>>endobj");
    hr.post_paper(&paper, &fields, Some(("quastenberg.pdf", "application/pdf", &scan))).await.said();
    let asked = [
        ("id", &*app.item(person, Kind::PasswordManager).await.id.to_string()),
        ("reason", "Quastenberg hat kein Gerät"),
        ("compensating_step", "Quastenberg nutzt Papier"),
        ("ends_on", "2027-10-31"),
    ];
    hr.post_form(RequestExemption::PATH, &asked).await.said();
    app.hand_in(&client, person, 8).await.said();
    let security = app.security().await;
    let list = "Email,Name,Status\nw.quastenberg@firma.example,Wilhelmine Quastenberg,Active\nquastenberg@alt.example,W,Active\n";
    let list = crate::stories::members::upload(&security, list).await;
    security.post_form(ApplyMembers::PATH, &[("id", &list)]).await.said();
    security
        .post_form(AssignMember::PATH, &[("email", "quastenberg@alt.example"), ("person", &id)])
        .await
        .said();
    hr.post_form(RecordLastDay::PATH, &[("id", &id), ("end_date", LAST_DAY)]).await.said();
    (person, client)
}

async fn sign(app: &TestApp, client: &Client, person: PersonId) {
    let item = app.nda(person).await;
    let (id, opened) = (item.id.to_string(), app.opened(&item, Locale::De).await);
    let fields = [
        ("id", &*id),
        ("opened", &opened),
        ("typed_name", NAME),
        ("consents", "on"),
        ("drawing", "10,20 30,40"),
    ];
    client.post_form(SignNda::PATH, &fields).await.said();
}

async fn replace(app: &TestApp) -> usize {
    leavers::end_due(&app.app, app.now()).await.unwrap();
    pseudonyms::replace_due(&app.app, app.now()).await.unwrap()
}

stories! {
    async fn nothing_tells_who_somebody_was_once_their_time_is_over(app) {
        let (person, _) = with_a_past(app).await;
        let account = accounts::find_of_person(&mut app.read().await, person).await.unwrap().unwrap();
        let (_, admin) = app.administrator("first").await;
        app.administrator("second").await;
        crate::stories::roles::grant(&admin, account, "hr", "").await.said();
        let told = mentions(app, TRACE).await;
        for column in ["person.name", "person.search_text", "evidence.body", "signed_copy.body", "stored_file.content", "stored_file.file_name",
            "start_date_change.reason", "deadline_change.reason", "exemption.reason", "exemption.compensating_step"] {
            assert!(told.iter().any(|told| told == column), "{column} was to tell: {told:?}");
        }
        let addresses = ["wilhelmine.quastenberg@home.example", "w.quastenberg@firma.example", "quastenberg@alt.example"];
        let sealed = addresses.map(|address| app.store.vault().seal_address(address));
        let known = [sealed_in(app, &sealed[0]).await, sealed_in(app, &sealed[1]).await, sealed_in(app, &sealed[2]).await];
        assert_eq!(known[0], ["account.email", "outbox.recipient", "person.private_email"]);
        assert_eq!(known[1], ["member.email", "person.work_email", "role_request.address"]);
        assert_eq!(known[2], ["member.email", "member_match.email"]);
        let details = "select count(*) from audit_entry e join audit_detail d on d.seq = e.seq where e.person_id is not null and e.action <> 'person.pseudonymised'";
        assert!(app.number(details).await > 0);
        app.clock.set(OVER - Duration::seconds(1));
        assert_eq!(replace(app).await, 0, "the day is not over where she worked");
        assert_eq!(mentions(app, TRACE).await, told);
        app.clock.set(OVER);
        assert_eq!(replace(app).await, 1);
        assert_eq!(replace(app).await, 0, "once is enough");
        assert_eq!(mentions(app, TRACE).await, Vec::<String>::new());
        for sealed in sealed {
            assert_eq!(sealed_in(app, &sealed).await, Vec::<String>::new());
        }
        assert_eq!(app.number(details).await, 0);
        assert_eq!(app.record(person).await.details.name.as_str(), Pseudonym::of(person).name);
        if app.db == Db::Sqlite {
            app.tamper("pragma wal_checkpoint(truncate)").await.unwrap();
            let file = app.word("select file from pragma_database_list where name = 'main'").await;
            let content = std::fs::read(file).unwrap();
            assert!(!content.windows(TRACE.len()).any(|part| part.eq_ignore_ascii_case(TRACE.as_bytes())), "not in free pages either");
        }
    }

    async fn the_proofs_still_verify(app) {
        let (person, client) = with_a_past(app).await;
        let nda = app.number("select count(*) from signed_copy").await;
        let signed = antritt::domain::ids::AssignmentId(first_nda(app, person).await);
        let copy = client.get(&format!("/signed/{signed}/copy.pdf")).await.bytes;
        let before = app.evidence(signed).await;
        let history = list_start_date_changes(&mut app.read().await, person).await.unwrap();
        app.clock.set(OVER);
        leavers::end_due(&app.app, app.now()).await.unwrap();
        let items = app.items(person).await;
        replace(app).await;
        assert_eq!(audit::verify(&mut app.read().await).await.unwrap(), app.audit_entries().await);
        let after = app.evidence(signed).await;
        let digests = |proof: &Proof| match proof {
            Proof::NdaSignature { shown, pdf_sha256, .. } => (shown.clone(), *pdf_sha256),
            other => panic!("no signature: {other:?}"),
        };
        assert_eq!((before[0].at, digests(&before[0].proof)), (after[0].at, digests(&after[0].proof)));
        assert_eq!(digests(&after[0].proof).1, Some(Sha256::digest(&copy).into()), "her own copy is the one on record");
        let page = app.hr().await.get(&format!("/signed/{signed}")).await.body;
        assert!(page.contains(&hex::encode(Sha256::digest(&copy))) && page.contains("removed after the retention period"), "{page}");
        assert_eq!(app.hr().await.get(&format!("/signed/{signed}/copy.pdf")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(app.number("select count(*) from signed_copy").await, nda);
        let kept = |items: &[antritt::server::store::assignments::Assignment]| items.iter().map(|item| (item.id, item.deadline, item.late, item.cycle)).collect::<Vec<_>>();
        assert_eq!(kept(&app.items(person).await), kept(&items));
        let moved = list_start_date_changes(&mut app.read().await, person).await.unwrap();
        assert_eq!((moved[0].old_date, moved[0].new_date, &*moved[0].reason), (history[0].old_date, history[0].new_date, ""));
    }

    async fn nothing_about_a_pseudonym_can_be_changed_and_every_page_still_opens(app) {
        let (person, client) = with_a_past(app).await;
        let exemption = app.word(if app.db == Db::Sqlite { "select lower(hex(id)) from exemption" } else { "select id::text from exemption" }).await;
        let signed = first_nda(app, person).await;
        app.clock.set(OVER);
        replace(app).await;
        let hr = app.hr().await;
        let id = person.to_string();
        let form = NewPerson::named("Wieder Da");
        let changed = form.fields().into_iter().chain([("id", &*id)]).collect::<Vec<_>>();
        for (path, fields) in [
            (ChangePerson::PATH, changed),
            (MoveStart::PATH, vec![("id", &*id), ("start_date", "2031-02-01"), ("reason", "x")]),
            (RecordLastDay::PATH, vec![("id", &*id), ("end_date", "2031-02-01")]),
            (EndExemption::PATH, vec![("id", &*exemption)]),
        ] {
            assert_eq!(hr.post_form(path, &fields).await.refusal(), antritt::api::error::ApiError::NotFound, "{path}");
        }
        for page in ["edit", "start-date"] {
            assert_eq!(hr.get(&format!("/people/{person}/{page}")).await.status, StatusCode::NOT_FOUND);
        }
        let name = Pseudonym::of(person).name;
        for (reader, path) in [
            (app.hr().await, format!("/people/{person}")),
            (app.auditor().await, format!("/people/{person}")),
            (app.auditor().await, format!("/signed/{signed}")),
            (app.hr().await, format!("/signed/{}", app.nda(person).await.id)),
            (app.auditor().await, "/exceptions".to_owned()),
            (app.auditor().await, "/people".to_owned()),
        ] {
            let page = reader.get(&path).await;
            assert!(page.status == StatusCode::OK && page.body.contains(&name), "{path}: {}", page.status);
            assert!(!page.body.contains("/edit\"") && !page.body.contains("pseudonym.invalid"), "{path}");
        }
        assert_eq!(client.get("/record").await.location(), "/sign-in?next=%2Frecord");
        let back = app.add(&NewPerson { work_email: "w.quastenberg@firma.example", ..NewPerson::named(NAME) }).await;
        assert_ne!(back, person, "whoever comes back is somebody new");
    }

    async fn who_is_still_here_keeps_their_name(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        app.clock.set(OVER);
        assert_eq!(replace(app).await, 0);
        assert_eq!(app.record(anna).await.details.name.as_str(), "Anna Muster");
    }
}

/// The NDA that she signed on the screen, which was withdrawn.
async fn first_nda(app: &TestApp, person: PersonId) -> uuid::Uuid {
    let sql = "select assignment_id from signed_copy";
    let id: uuid::Uuid = match &app.store {
        Store::Sqlite { readers, .. } => sqlx::query_scalar(sql).fetch_one(readers).await.unwrap(),
        Store::Postgres { pool, .. } => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
    };
    assert!(app.items(person).await.iter().all(|item| item.id.0 != id), "a newer one is due");
    id
}

#[tokio::test]
async fn the_signed_pdfs_hash_equals_the_recorded_one_after_backup_and_restore() {
    let app = TestApp::new(Db::Sqlite).await;
    let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
    let client = app.sign_in_by_link(anna).await;
    sign(&app, &client, anna).await;
    let path = format!("/signed/{}/copy.pdf", app.nda(anna).await.id);
    let copy = client.get(&path).await.bytes;
    let restored = app.restored().await;
    app.finish().await;
    let again = restored.signed_in_person(anna).await.get(&path).await.bytes;
    assert_eq!(again, copy);
    let [signature] = restored.evidence(restored.nda(anna).await.id).await.try_into().unwrap();
    let Proof::NdaSignature { pdf_sha256, .. } = signature.proof else {
        panic!("no signature")
    };
    assert_eq!(pdf_sha256, Some(Sha256::digest(&again).into()));
    assert_eq!(audit::verify(&mut restored.read().await).await.unwrap(), restored.audit_entries().await);
    restored.finish().await;
}
