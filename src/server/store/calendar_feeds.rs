//! Addresses that calendar programs read, and what stands in HR's calendar.

use super::{Db, Result, StoreError, Tx, exactly_one, on_db, unmet};
use crate::domain::{
    Instant,
    calendar::FeedKind,
    ids::{AccountId, PersonId},
    locale::Locale,
    roles::Role,
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// A live address as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    pub kind: FeedKind,
    pub created_at: Instant,
    /// To the hour; none: never.
    pub fetched_at: Option<Instant>,
}

/// An address with what decides whether it opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    pub id: Uuid,
    pub account: AccountId,
    pub kind: FeedKind,
    pub is_live: bool,
    pub fetched_at: Option<Instant>,
    pub language: Locale,
    pub is_disabled: bool,
    /// Whether the account has a second factor.
    pub has_factor: bool,
    /// Those in force.
    pub roles: Vec<Role>,
    pub person: Option<PersonId>,
    /// The last day of the person, and where that day ends.
    pub end_date: Option<Date>,
    pub time_zone: Option<String>,
}

#[derive(FromRow)]
struct OpenedRow {
    id: Uuid,
    account_id: Uuid,
    kind: String,
    ended_at: Option<Instant>,
    fetched_at: Option<Instant>,
    language: String,
    disabled_at: Option<Instant>,
    has_factor: bool,
    roles: Option<String>,
    person_id: Option<Uuid>,
    end_date: Option<Date>,
    time_zone: Option<String>,
}

fn kind_of(word: &str) -> Result<FeedKind> {
    FeedKind::from_stored(word).ok_or(StoreError::Corrupt("calendar address"))
}

/// Adds an address.
///
/// # Errors
/// When the account has a live one of that kind, or the database refuses.
pub async fn insert(tx: &mut Tx, now: Instant, account: AccountId, kind: FeedKind, token_hash: &[u8]) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into calendar_feed (id, account_id, kind, token_hash, created_at) values ($1, $2, $3, $4, $5)"
    )
    .bind(crate::server::ids::fresh())
    .bind(account.0)
    .bind(kind.as_str())
    .bind(token_hash)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// The live addresses of an account.
///
/// # Errors
/// When the database refuses.
pub async fn list_of_account(db: &mut Db, account: AccountId) -> Result<Vec<Feed>> {
    let rows: Vec<(String, Instant, Option<Instant>)> = on_db!(db, |c| sqlx::query_as(
        "select kind, created_at, fetched_at from calendar_feed where account_id = $1 and ended_at is null order by kind desc"
    )
    .bind(account.0)
    .fetch_all(c)
    .await?);
    let feed = |(kind, created_at, fetched_at): (String, _, _)| {
        Ok(Feed {
            kind: kind_of(&kind)?,
            created_at,
            fetched_at,
        })
    };
    rows.into_iter().map(feed).collect()
}

/// An address by its token's hash, be it live or not.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, now: Instant, token_hash: &[u8]) -> Result<Option<Opened>> {
    let row: Option<OpenedRow> = on_db!(db, |c| sqlx::query_as(
        "select f.id, f.account_id, f.kind, f.ended_at, f.fetched_at, a.language, a.disabled_at,
             exists (select 1 from totp_factor t where t.account_id = a.id) or exists (select 1 from passkey k where k.account_id = a.id) as has_factor,
             (select string_agg(g.role, ',' order by g.role) from role_grant g
                 where g.account_id = a.id and (g.ends_at is null or g.ends_at > $2)) as roles,
             a.person_id, p.end_date, p.time_zone
         from calendar_feed f join account a on a.id = f.account_id left join person p on p.id = a.person_id
         where f.token_hash = $1"
    )
    .bind(token_hash)
    .bind(now)
    .fetch_optional(c)
    .await?);
    row.map(|row| {
        Ok(Opened {
            id: row.id,
            account: AccountId(row.account_id),
            kind: kind_of(&row.kind)?,
            is_live: row.ended_at.is_none(),
            fetched_at: row.fetched_at,
            language: Locale::from_tag(&row.language).unwrap_or_default(),
            is_disabled: row.disabled_at.is_some(),
            has_factor: row.has_factor,
            roles: row.roles.iter().flat_map(|words| words.split(',')).filter_map(Role::from_stored).collect(),
            person: row.person_id.map(PersonId),
            end_date: row.end_date,
            time_zone: row.time_zone,
        })
    })
    .transpose()
}

/// Notes that an address was read.
///
/// # Errors
/// When the database refuses.
pub async fn mark_fetched(tx: &mut Tx, now: Instant, id: Uuid) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "update calendar_feed set fetched_at = $2 where id = $1 and ended_at is null"
    )
    .bind(id)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Ends the live address of a kind.
///
/// # Errors
/// `Stale` when there is none.
pub async fn end(tx: &mut Tx, now: Instant, account: AccountId, kind: FeedKind) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update calendar_feed set ended_at = $3 where account_id = $1 and kind = $2 and ended_at is null"
    )
    .bind(account.0)
    .bind(kind.as_str())
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Ends every address of an account.
///
/// # Errors
/// When the database refuses.
pub async fn end_of_account(tx: &mut Tx, now: Instant, account: AccountId) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "update calendar_feed set ended_at = $2 where account_id = $1 and ended_at is null"
    )
    .bind(account.0)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Ends every address of a person's account.
///
/// # Errors
/// When the database refuses.
pub async fn end_of_person(tx: &mut Tx, now: Instant, person: PersonId) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "update calendar_feed set ended_at = $2 where ended_at is null and account_id in (select id from account where person_id = $1)"
    )
    .bind(person.0)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// A day in HR's calendar.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct DayRow {
    pub day: Date,
    /// Else they have something due.
    pub starts: bool,
    pub person_id: Uuid,
    pub name: String,
}

/// Who starts, and who has something due, on which day from `from` to `until`: of those still here on `today`.
///
/// # Errors
/// When the database refuses.
pub async fn list_days(db: &mut Db, from: Date, until: Date, today: Date, limit: i64) -> Result<Vec<DayRow>> {
    Ok(on_db!(db, |c| sqlx::query_as(concat!(
        "select day, starts, person_id, name from (
         select p.start_date as day, true as starts, p.id as person_id, p.name as name from person p
         where p.start_date between $1 and $2 and (p.end_date is null or p.end_date >= $3)
         union
         select a.due_on, false, p.id, p.name from assignment a join requirement r on r.id = a.requirement_id join person p on p.id = a.person_id
         where a.due_on between $1 and $2 and (p.end_date is null or p.end_date >= $3) and ",
        unmet!(),
        ") days order by day, starts desc, name, person_id limit $4"
    ))
    .bind(from)
    .bind(until)
    .bind(today)
    .bind(limit)
    .fetch_all(c)
    .await?))
}
