//! Pseudonyms: the one place where what is otherwise never changed lets go of what tells who somebody was.

use super::{Db, Result, StoreError, Tx, exactly_one, on_db};
use crate::domain::{
    Instant,
    evidence::Proof,
    ids::PersonId,
    person::{Person, fold, searchable},
    pseudonym::Pseudonym,
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// Somebody who left, and where their days begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaver {
    pub person: PersonId,
    pub last_day: Date,
    /// An IANA name.
    pub time_zone: String,
}

/// Those with a last day up to `last_day` and no pseudonym yet, the earliest first.
///
/// # Errors
/// When the database refuses.
pub async fn list_leavers(db: &mut Db, last_day: Date, limit: i64) -> Result<Vec<Leaver>> {
    let rows: Vec<(Uuid, Date, String)> = on_db!(db, |c| sqlx::query_as(
        "select id, end_date, time_zone from person where end_date <= $1 and pseudonymised_at is null order by end_date, id limit $2"
    )
    .bind(last_day)
    .bind(limit)
    .fetch_all(c)
    .await?);
    let leaver = |(id, last_day, time_zone)| Leaver {
        person: PersonId(id),
        last_day,
        time_zone,
    };
    Ok(rows.into_iter().map(leaver).collect())
}

/// Replaces everything that tells who `person` is. Dates, versions, checksums and outcomes stay, and the chain of the audit trail
/// with them; what its entries told in words goes.
///
/// # Errors
/// `Stale` when there is no such person or they have a pseudonym already; else when the database refuses.
pub async fn pseudonymise(tx: &mut Tx, now: Instant, person: &Person) -> Result<()> {
    let pseudonym = Pseudonym::of(person.id);
    let addresses = addresses_of(tx, person).await?;
    rename_person(tx, now, person, &pseudonym).await?;
    rename_account(tx, now, person.id, &pseudonym).await?;
    rename_members(tx, person.id, &addresses, &pseudonym).await?;
    rewrite_evidence(tx, person.id, &pseudonym).await?;
    blank_texts(tx, now, person.id).await
}

/// Country, department and kind stay: they say which rules held.
async fn rename_person(tx: &mut Tx, now: Instant, person: &Person, pseudonym: &Pseudonym) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update person set name = $2, private_email = $3, work_email = null, job_title = '–', tags = '[]', manager_id = null, search_text = $4, sort_name = $5,
             pseudonymised_at = $6
         where id = $1 and pseudonymised_at is null"
    )
    .bind(person.id.0)
    .bind(&pseudonym.name)
    .bind(&pseudonym.email)
    .bind(searchable(&format!("{} {}", pseudonym.name, person.details.department.as_str())))
    .bind(fold(&pseudonym.name))
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Under which addresses a vendor's list may name the person, as they are stored.
async fn addresses_of(tx: &mut Tx, person: &Person) -> Result<Vec<String>> {
    let mut addresses: Vec<String> = on_db!(tx, |c| sqlx::query_scalar("select email from member_match where person_id = $1")
        .bind(person.id.0)
        .fetch_all(c)
        .await?);
    let known = std::iter::once(&person.details.private_email).chain(&person.details.work_email);
    addresses.extend(known.map(|email| tx.vault().seal_address(email.as_str())));
    Ok(addresses)
}

async fn rename_account(tx: &mut Tx, now: Instant, person: PersonId, pseudonym: &Pseudonym) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "update account set email = $2, name = $3, password_hash = null, disabled_at = coalesce(disabled_at, $4), disabled_reason = null,
             sort_name = $5
         where person_id = $1"
    )
    .bind(person.0)
    .bind(&pseudonym.email)
    .bind(&pseudonym.name)
    .bind(now)
    .bind(fold(&pseudonym.name))
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Two addresses of one person in the same list stay two rows, each with its line.
async fn rename_members(tx: &mut Tx, person: PersonId, addresses: &[String], pseudonym: &Pseudonym) -> Result<()> {
    for address in addresses {
        on_db!(tx, |c| sqlx::query("update member set email = line || '.' || $2, name = '' where email = $1")
            .bind(address)
            .bind(&pseudonym.email)
            .execute(c)
            .await
            .map(|_| ())?);
    }
    on_db!(tx, |c| sqlx::query("delete from member_match where person_id = $1")
        .bind(person.0)
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(())
}

#[derive(FromRow)]
struct ProofRow {
    id: Uuid,
    body: String,
}

async fn rewrite_evidence(tx: &mut Tx, person: PersonId, pseudonym: &Pseudonym) -> Result<()> {
    let corrupt = |_| StoreError::Corrupt("evidence");
    let rows: Vec<ProofRow> = on_db!(tx, |c| sqlx::query_as(
        "select e.id, e.body from evidence e join assignment a on a.id = e.assignment_id where a.person_id = $1"
    )
    .bind(person.0)
    .fetch_all(c)
    .await?);
    for row in rows {
        let proof: Proof = serde_json::from_str(&row.body).map_err(corrupt)?;
        let body = serde_json::to_string(&proof.pseudonymised(pseudonym)).map_err(corrupt)?;
        on_db!(tx, |c| sqlx::query("update evidence set body = $2 where id = $1")
            .bind(row.id)
            .bind(&body)
            .execute(c)
            .await
            .map(|_| ())?);
    }
    Ok(())
}

/// What was written about the person in words, drawn, scanned or mailed, and the answers in quizzes.
async fn blank_texts(tx: &mut Tx, now: Instant, person: PersonId) -> Result<()> {
    for statement in [
        "update signed_copy set title = null, body = null, pdf = null where assignment_id in (select id from assignment where person_id = $1)",
        "update stored_file set file_name = null, content = null where assignment_id in (select id from assignment where person_id = $1)",
        "update start_date_change set reason = '' where person_id = $1",
        "update deadline_change set reason = '' where assignment_id in (select id from assignment where person_id = $1)",
        "delete from quiz_answer where attempt_id in (select t.id from quiz_attempt t join assignment a on a.id = t.assignment_id where a.person_id = $1)",
        "update quiz_attempt set correct = null, asked = null where assignment_id in (select id from assignment where person_id = $1)",
        "update role_request set reason = '', refusal = null, address = null where account_id in (select id from account where person_id = $1)",
        "delete from outbox where person_id = $1",
        "delete from audit_detail where seq in (select seq from audit_entry where person_id = $1)",
    ] {
        on_db!(tx, |c| sqlx::query(statement).bind(person.0).execute(c).await.map(|_| ())?);
    }
    on_db!(tx, |c| sqlx::query(
        "update background_check set provider = '', reference = '', note = '', purged_on = coalesce(purged_on, $2)
         where assignment_id in (select id from assignment where person_id = $1)"
    )
    .bind(person.0)
    .bind(now.date())
    .execute(c)
    .await
    .map(|_| ())?);
    on_db!(tx, |c| sqlx::query(
        "update exemption set reason = '', compensating_step = '', decided_at = coalesce(decided_at, $2), approved = coalesce(approved, false),
             ended_at = case when approved then coalesce(ended_at, $2) end
         where assignment_id in (select id from assignment where person_id = $1)"
    )
    .bind(person.0)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}
