//! A database of the version before anything was sealed: at its first start with this one, what was readable is sealed, once.

use super::pseudonyms::mentions;
use crate::fixture::{Db, TestApp};
use antritt::{
    domain::{
        audit::{Action, Entry},
        ids::{AccountId, AssignmentId, ImportId, MemberListId, PersonId},
        person::Email,
    },
    server::{
        service::opening,
        store::{accounts, audit, checks, evidence, imports, members, outbox, people, reconciliation},
    },
};
use sha2::{Digest, Sha256};
use std::path::Path;
use time::macros::datetime;
use uuid::Uuid;

/// The last version without this.
const BEFORE: i64 = 9;
const ADDRESS: &str = "kanarienvogel@nest.example";
const AT: &str = "'2026-11-20T09:00:00+00:00'";

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// How a database writes bytes and ids.
struct Literals(Db);

impl Literals {
    fn id(&self, n: u128) -> String {
        match self.0 {
            Db::Sqlite => format!("x'{}'", id(n).simple()),
            Db::Postgres => format!("'{}'::uuid", id(n)),
        }
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        match self.0 {
            Db::Sqlite => format!("x'{}'", hex::encode(bytes)),
            Db::Postgres => format!("'\\x{}'::bytea", hex::encode(bytes)),
        }
    }
}

/// An entry about Anna, with its detail, as the first of the trail.
fn trail(l: &Literals) -> Vec<String> {
    let (salt, body) = ([7; 16], format!(r#"{{"private_email":"{ADDRESS}"}}"#));
    let entry = Entry {
        seq: 1,
        at: datetime!(2026-11-20 09:00 UTC),
        actor: None,
        action: Action::PersonAdded,
        subject: id(1),
        person: Some(PersonId(id(1))),
        detail_hash: Sha256::new().chain_update(salt).chain_update(&body).finalize().into(),
        previous_hash: [0; 32],
    };
    let hash = l.bytes(&Sha256::digest(entry.canonical_bytes()));
    let (anna, vouched, zero) = (l.id(1), l.bytes(&entry.detail_hash), l.bytes(&[0; 32]));
    vec![
        format!(
            "insert into audit_entry (seq, at, action, subject_id, person_id, detail_hash, previous_hash, hash) values (1, {AT}, 'person.added', {anna}, {anna}, {vouched}, {zero}, {hash})"
        ),
        format!("insert into audit_detail (seq, salt, body) values (1, {}, '{body}')", l.bytes(&salt)),
        format!("update audit_head set seq = 1, hash = {hash}"),
    ]
}

/// Plain text in every column that is sealed today, and in two that no longer hold a copy.
fn rows(db: Db) -> Vec<String> {
    let l = Literals(db);
    let (anna, account, item, list, waiting, other) = (l.id(1), l.id(2), l.id(3), l.id(4), l.id(5), l.id(6));
    let sum = l.bytes(&[9; 32]);
    let proof = format!(
        r#"{{"kind":"password_manager_member","list":"{}","vendor":"bitwarden","email":"{ADDRESS}","listing":{{"status":"active","two_step":"on"}}}}"#,
        id(4)
    );
    let mut rows = vec![
        format!(
            "insert into person (id, name, private_email, work_email, kind, country, department, job_title, start_date, start_at, time_zone, language, search_text, sort_name, created_at)
             values ({anna}, 'Anna Muster', '{ADDRESS}', 'kanarie@firma.example', 'employee', 'DE', 'IT', 'Leiterin', '2026-12-01', '2026-11-30T23:00:00+00:00', 'Europe/Berlin', 'de',
                 'anna muster {ADDRESS} it leiterin', 'anna muster', {AT})"
        ),
        format!(
            "insert into person (id, name, private_email, kind, country, department, job_title, start_date, start_at, time_zone, language, search_text, sort_name, created_at, pseudonymised_at)
             values ({other}, 'Person 00000006', '{:032x}@pseudonym.invalid', 'employee', 'DE', 'IT', '–', '2020-12-01', '2020-11-30T23:00:00+00:00', 'Europe/Berlin', 'de', 'person', 'person', {AT}, {AT})",
            6
        ),
        format!("insert into account (id, person_id, email, name, language, created_at) values ({account}, {anna}, '{ADDRESS}', 'Anna Muster', 'de', {AT})"),
        format!("insert into requirement (id, kind, due_offset_days, recurrence, position, created_at) values ({}, 'background_check', 0, 'never', 0, {AT})", l.id(8)),
        format!(
            "insert into assignment (id, person_id, requirement_id, cycle, due_on, due_at, state, late) values ({item}, {anna}, {}, 1, '2026-12-01', {AT}, 'open', false)",
            l.id(8)
        ),
        format!("insert into evidence (id, assignment_id, kind, at, recorded_at, body) values ({}, {item}, 'password_manager_member', {AT}, {AT}, '{proof}')", l.id(9)),
        format!(
            "insert into background_check (assignment_id, check_type, provider, reference, requested_on, note) values ({item}, 'Auszug', 'Kanarienhaus', 'KANARIE-1', '2026-11-20', 'kanarie')"
        ),
        format!("insert into outbox (id, kind, person_id, recipient, language, created_at, next_attempt_at, attempts) values ({}, 'invitation', {anna}, '{ADDRESS}', 'de', {AT}, {AT}, 0)", l.id(10)),
        format!("insert into import_upload (id, account_id, created_at, file_name, content) values ({}, {account}, {AT}, 'a.csv', {})", l.id(11), l.bytes(ADDRESS.as_bytes())),
        format!("insert into kept_form (account_id, id, content, created_at) values ({account}, {}, '{ADDRESS}', {AT})", l.id(12)),
        format!("insert into member_list (id, vendor, file_name, sha256, members, uploaded_at, uploaded_by, content) values ({list}, 'bitwarden', 'a.csv', {sum}, 2, {AT}, {account}, {})", l.bytes(b"")),
        format!("insert into member (list_id, line, email, name, status, two_step) values ({list}, 2, '{ADDRESS}', '{ADDRESS}', 'active', 'on')"),
        format!("insert into member (list_id, line, email, name, status, two_step) values ({list}, 3, '3.{:032x}@pseudonym.invalid', '', 'active', 'on')", 6),
        format!("update member_list set applied_at = {AT}, applied_by = {account}"),
        format!("insert into member_list (id, vendor, file_name, sha256, members, uploaded_at, uploaded_by, content) values ({waiting}, 'other', 'b.csv', {sum}, 0, {AT}, {account}, {})", l.bytes(ADDRESS.as_bytes())),
        format!("insert into member_match (email, person_id, remembered_at, remembered_by) values ('{ADDRESS}', {anna}, {AT}, {account})"),
    ];
    rows.extend(trail(&l));
    rows
}

async fn a_database_of_before_is_sealed_at_its_first_start(db: Db) {
    let app = TestApp::upgraded(db, BEFORE, &rows(db)).await;
    assert_eq!(
        mentions(&app, "kanarie").await,
        ["person.search_text"],
        "the work address is searched by its parts"
    );
    app.tamper("update person set search_text = ''")
        .await
        .expect_err("a pseudonym is never changed");
    assert!(
        app.word("select search_text from person where name = 'Anna Muster'")
            .await
            .starts_with("anna muster kanarie@firma.example")
    );
    assert_eq!(mentions(&app, "kanarienvogel").await, Vec::<String>::new());
    if db == Db::Sqlite {
        let file = app.word("select file from pragma_database_list where name = 'main'").await;
        for entry in std::fs::read_dir(Path::new(&file).parent().unwrap()).unwrap() {
            let path = entry.unwrap().path();
            let content = std::fs::read(&path).unwrap();
            assert!(
                !content.windows(13).any(|part| part.eq_ignore_ascii_case(b"kanarienvogel")),
                "neither in free pages nor in the log: {path:?}"
            );
            assert!(!content.windows(9).any(|part| part == b"KANARIE-1"), "{path:?}");
        }
    }
    let mut reading = app.read().await;
    let db = &mut reading;
    let address = Email::parse(ADDRESS).unwrap();
    let anna = people::find_by_email(db, &address).await.unwrap().unwrap();
    assert_eq!((anna.id, anna.details.work_email.unwrap().as_str()), (PersonId(id(1)), "kanarie@firma.example"));
    assert!(
        people::find(db, people::Scope::All, PersonId(id(6)))
            .await
            .unwrap()
            .unwrap()
            .pseudonymised_at
            .is_some()
    );
    assert_eq!(accounts::find_for_sign_in(db, &address).await.unwrap().unwrap().id, id(2));
    let check = checks::find(db, AssignmentId(id(3))).await.unwrap().unwrap().check.unwrap();
    assert_eq!((&*check.provider, &*check.reference, &*check.note), ("Kanarienhaus", "KANARIE-1", "kanarie"));
    let [proven] = evidence::list(db, AssignmentId(id(3))).await.unwrap().try_into().unwrap();
    assert_eq!(proven.proof.clone().address_mut().unwrap(), ADDRESS);
    assert_eq!(outbox::list(db, app.now(), None, 9).await.unwrap().rows[0].recipient, ADDRESS);
    assert_eq!(
        imports::find(db, ImportId(id(11)), AccountId(id(2))).await.unwrap().unwrap().content,
        ADDRESS.as_bytes()
    );
    assert_eq!(
        antritt::server::store::kept_forms::find(db, AccountId(id(2)), id(12)).await.unwrap().unwrap(),
        ADDRESS
    );
    assert_eq!(members::find_list(db, MemberListId(id(5))).await.unwrap().unwrap().content, ADDRESS.as_bytes());
    let line = reconciliation::find_match(db, MemberListId(id(4)), ADDRESS).await.unwrap().unwrap();
    assert_eq!((line.person, line.is_said, &*line.name), (Some(PersonId(id(1))), true, ""));
    assert_eq!(reconciliation::list_matches(db, MemberListId(id(4)), None).await.unwrap().len(), 2);
    let told = audit::timeline(db, PersonId(id(1)), &[], None, 9).await.unwrap().rows;
    assert!(told.last().unwrap().detail.as_ref().unwrap().contains(ADDRESS));
    for change in [
        "update evidence set body = '{}'",
        "update member set email = 'x'",
        "update member set name = 'x'",
        "delete from member",
    ] {
        assert!(app.tamper(change).await.is_err(), "{change}");
    }
    // The pool waits for it at the end.
    drop(reading);
    let entries = app.audit_entries().await;
    assert_eq!(app.number("select count(*) from audit_entry where action = 'key.secrets_sealed'").await, 1);
    opening::bring_up_to_date(&app.app).await.unwrap();
    assert_eq!(app.audit_entries().await, entries, "once");
    app.finish().await;
}

#[tokio::test]
async fn a_database_of_before_is_sealed_at_its_first_start_sqlite() {
    a_database_of_before_is_sealed_at_its_first_start(Db::Sqlite).await;
}

#[tokio::test]
async fn a_database_of_before_is_sealed_at_its_first_start_postgres() {
    a_database_of_before_is_sealed_at_its_first_start(Db::Postgres).await;
}
