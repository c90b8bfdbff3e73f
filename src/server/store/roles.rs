//! Who holds which role, and what waits for a second administrator. A request stays for good; a grant goes when it ends, and the
//! audit trail keeps both.

use super::{Db, Page, Result, StoreError, Tx, exactly_one, on_db, sessions};
use crate::domain::{
    Instant,
    ids::{AccountId, RoleRequestId},
    roles::Role,
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// What puts a role in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGrant<'a> {
    pub account: AccountId,
    pub role: Role,
    pub reason: &'a str,
    /// Exclusive; none: until it is removed.
    pub ends_at: Option<Instant>,
    /// None: whoever started the program on the server.
    pub by: Option<AccountId>,
    /// None: nobody had to.
    pub approved_by: Option<AccountId>,
}

/// Puts a role in force; one that is in force already is replaced.
///
/// # Errors
/// When the database refuses.
pub async fn grant(tx: &mut Tx, now: Instant, grant: &NewGrant<'_>) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into role_grant (account_id, role, granted_at, granted_by, ends_at, reason, approved_by) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (account_id, role) do update set granted_at = excluded.granted_at, granted_by = excluded.granted_by,
             ends_at = excluded.ends_at, reason = excluded.reason, approved_by = excluded.approved_by"
    )
    .bind(grant.account.0)
    .bind(grant.role.as_str())
    .bind(now)
    .bind(grant.by.map(|id| id.0))
    .bind(grant.ends_at)
    .bind(grant.reason)
    .bind(grant.approved_by.map(|id| id.0))
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Takes a role away.
///
/// # Errors
/// `Stale` when it was not granted.
pub async fn delete(tx: &mut Tx, account: AccountId, role: Role) -> Result<()> {
    sessions::raise_epoch(tx, account).await?;
    exactly_one(on_db!(tx, |c| sqlx::query("delete from role_grant where account_id = $1 and role = $2")
        .bind(account.0)
        .bind(role.as_str())
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// Takes every role away. Returns which they were.
///
/// # Errors
/// When the database refuses.
pub async fn delete_of_account(tx: &mut Tx, account: AccountId) -> Result<Vec<Role>> {
    sessions::raise_epoch(tx, account).await?;
    let roles: Vec<String> = on_db!(tx, |c| sqlx::query_scalar("delete from role_grant where account_id = $1 returning role")
        .bind(account.0)
        .fetch_all(c)
        .await?);
    roles.iter().map(|word| role(word)).collect()
}

fn role(word: &str) -> Result<Role> {
    Role::from_stored(word).ok_or(StoreError::Corrupt("role"))
}

/// Reason and end of a role that is in force.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, now: Instant, account: AccountId, role: Role) -> Result<Option<(String, Option<Instant>)>> {
    Ok(on_db!(db, |c| sqlx::query_as(
        "select reason, ends_at from role_grant where account_id = $1 and role = $2 and (ends_at is null or ends_at > $3)"
    )
    .bind(account.0)
    .bind(role.as_str())
    .bind(now)
    .fetch_optional(c)
    .await?))
}

/// Grants whose end is reached.
///
/// # Errors
/// When the database refuses.
pub async fn list_ended(db: &mut Db, now: Instant, limit: i64) -> Result<Vec<(AccountId, Role)>> {
    let rows: Vec<(Uuid, String)> = on_db!(db, |c| sqlx::query_as(
        "select account_id, role from role_grant where ends_at <= $1 order by ends_at, account_id limit $2"
    )
    .bind(now)
    .bind(limit)
    .fetch_all(c)
    .await?);
    rows.into_iter().map(|(account, word)| Ok((AccountId(account), role(&word)?))).collect()
}

/// An account that administers by a grant in force and is not disabled.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Administrator {
    pub account_id: Uuid,
    pub ends_at: Option<Instant>,
    /// By a password or by a passkey.
    pub can_sign_in: bool,
    /// The last day of the person behind it, and where that day ends.
    pub end_date: Option<Date>,
    pub time_zone: Option<String>,
}

/// Those who administer now. There are few.
///
/// # Errors
/// When the database refuses.
pub async fn list_administrators(db: &mut Db, now: Instant) -> Result<Vec<Administrator>> {
    Ok(on_db!(db, |c| sqlx::query_as(
        "select a.id as account_id, g.ends_at, p.end_date, p.time_zone,
             a.password_hash is not null or exists (select 1 from passkey k where k.account_id = a.id) as can_sign_in
         from role_grant g join account a on a.id = g.account_id left join person p on p.id = a.person_id
         where g.role = 'admin' and (g.ends_at is null or g.ends_at > $1) and a.disabled_at is null order by a.id"
    )
    .bind(now)
    .fetch_all(c)
    .await?))
}

/// The roles that accounts other than this one hold and can use.
///
/// # Errors
/// When the database refuses.
pub async fn list_of_others(db: &mut Db, now: Instant, than: AccountId) -> Result<Vec<Role>> {
    let words: Vec<String> = on_db!(db, |c| sqlx::query_scalar(
        "select distinct g.role from role_grant g join account a on a.id = g.account_id
         where g.account_id <> $1 and (g.ends_at is null or g.ends_at > $2) and a.disabled_at is null order by g.role"
    )
    .bind(than.0)
    .bind(now)
    .fetch_all(c)
    .await?);
    Ok(words.iter().filter_map(|word| Role::from_stored(word)).collect())
}

/// A role that an account holds, or that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Standing {
    /// None: it is in force.
    pub request_id: Option<Uuid>,
    pub role: String,
    pub reason: String,
    /// When it was granted or asked for.
    pub at: Instant,
    pub by_name: Option<String>,
    pub approved_by_name: Option<String>,
    pub ends_at: Option<Instant>,
}

/// What an account holds, and what was asked for it after `since`.
///
/// # Errors
/// When the database refuses.
pub async fn list_of_account(db: &mut Db, now: Instant, since: Instant, account: AccountId) -> Result<Vec<Standing>> {
    Ok(on_db!(db, |c| sqlx::query_as(
        "select null as request_id, g.role, g.reason, g.granted_at as at, b.name as by_name, v.name as approved_by_name, g.ends_at
         from role_grant g left join account b on b.id = g.granted_by left join account v on v.id = g.approved_by
         where g.account_id = $1 and (g.ends_at is null or g.ends_at > $2)
         union all
         select r.id, r.role, r.reason, r.requested_at, b.name, null, r.ends_at
         from role_request r join account b on b.id = r.requested_by
         where r.account_id = $1 and r.decided_at is null and r.requested_at > $3
         order by 4, 2"
    )
    .bind(account.0)
    .bind(now)
    .bind(since)
    .fetch_all(c)
    .await?))
}

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRequest<'a> {
    pub id: RoleRequestId,
    pub account: AccountId,
    pub role: Role,
    pub reason: &'a str,
    pub ends_at: Option<Instant>,
    /// Where rights were to go when it was asked.
    pub address: Option<&'a str>,
    pub by: AccountId,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Approved,
    Refused,
    Withdrawn,
    Lapsed,
}

impl Outcome {
    const ALL: [Self; 4] = [Self::Approved, Self::Refused, Self::Withdrawn, Self::Lapsed];

    fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
        }
    }
}

/// Notes a request.
///
/// # Errors
/// When somebody asked for the same meanwhile, or the database refuses.
pub async fn insert_request(tx: &mut Tx, now: Instant, new: &NewRequest<'_>) -> Result<()> {
    let address = new.address.map(|address| tx.vault().seal_address(address));
    on_db!(tx, |c| sqlx::query(
        "insert into role_request (id, account_id, role, reason, ends_at, requested_at, requested_by, address) values ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(new.id.0)
    .bind(new.account.0)
    .bind(new.role.as_str())
    .bind(new.reason)
    .bind(new.ends_at)
    .bind(now)
    .bind(new.by.0)
    .bind(address)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Notes how a request ended. `by`: none for what lapsed by itself.
///
/// # Errors
/// `Stale` when it had ended before.
pub async fn end_request(tx: &mut Tx, now: Instant, id: RoleRequestId, by: Option<AccountId>, outcome: Outcome, refusal: Option<&str>) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update role_request set decided_at = $2, decided_by = $3, outcome = $4, refusal = $5 where id = $1 and decided_at is null"
    )
    .bind(id.0)
    .bind(now)
    .bind(by.map(|id| id.0))
    .bind(outcome.as_str())
    .bind(refusal)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// A request that nobody decided, with the names it is read by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub id: RoleRequestId,
    pub account: AccountId,
    pub account_name: String,
    pub role: Role,
    pub reason: String,
    pub ends_at: Option<Instant>,
    pub requested_at: Instant,
    pub requested_by: AccountId,
    pub requested_by_name: String,
    /// Where rights were to go when it was asked: a work address, or that of an account that is no person's.
    pub address: Option<String>,
}

#[derive(FromRow)]
struct RequestRow {
    id: Uuid,
    account_id: Uuid,
    account_name: String,
    role: String,
    reason: String,
    ends_at: Option<Instant>,
    requested_at: Instant,
    requested_by: Uuid,
    requested_by_name: String,
    address: Option<String>,
}

impl RequestRow {
    fn into_request(self, db: &Db) -> Result<Request> {
        Ok(Request {
            id: RoleRequestId(self.id),
            account: AccountId(self.account_id),
            account_name: self.account_name,
            role: role(&self.role)?,
            reason: self.reason,
            ends_at: self.ends_at,
            requested_at: self.requested_at,
            requested_by: AccountId(self.requested_by),
            requested_by_name: self.requested_by_name,
            address: self.address.map(|sealed| db.open_address(&sealed)).transpose()?,
        })
    }
}

macro_rules! undecided {
    () => {
        "select r.id, r.account_id, a.name as account_name, r.role, r.reason, r.ends_at, r.requested_at, r.requested_by, b.name as requested_by_name,
             r.address
         from role_request r join account a on a.id = r.account_id join account b on b.id = r.requested_by where r.decided_at is null"
    };
}

/// A request, as long as nobody decided it.
///
/// # Errors
/// When the database refuses.
pub async fn find_request(db: &mut Db, id: RoleRequestId) -> Result<Option<Request>> {
    let row: Option<RequestRow> = on_db!(db, |c| sqlx::query_as(concat!(undecided!(), " and r.id = $1"))
        .bind(id.0)
        .fetch_optional(c)
        .await?);
    row.map(|row| row.into_request(db)).transpose()
}

/// For which account a request was that is over, and how it ended.
///
/// # Errors
/// When the database refuses.
pub async fn find_ended_request(db: &mut Db, id: RoleRequestId) -> Result<Option<(AccountId, Outcome)>> {
    let row: Option<(Uuid, String)> = on_db!(db, |c| sqlx::query_as(
        "select account_id, outcome from role_request where id = $1 and decided_at is not null"
    )
    .bind(id.0)
    .fetch_optional(c)
    .await?);
    row.map(|(account, word)| {
        let outcome = Outcome::from_stored(&word).ok_or(StoreError::Corrupt("outcome"))?;
        Ok((AccountId(account), outcome))
    })
    .transpose()
}

/// Undecided requests made after `since`, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn list_requests(db: &mut Db, since: Instant, limit: i64) -> Result<Vec<Request>> {
    let rows: Vec<RequestRow> = on_db!(db, |c| sqlx::query_as(concat!(
        undecided!(),
        " and r.requested_at > $1 order by r.requested_at, r.id limit $2"
    ))
    .bind(since)
    .bind(limit)
    .fetch_all(c)
    .await?);
    rows.into_iter().map(|row| row.into_request(db)).collect()
}

/// Undecided requests made at `until` or before.
///
/// # Errors
/// When the database refuses.
pub async fn list_lapsed(db: &mut Db, until: Instant, limit: i64) -> Result<Vec<Request>> {
    let rows: Vec<RequestRow> = on_db!(db, |c| sqlx::query_as(concat!(
        undecided!(),
        " and r.requested_at <= $1 order by r.requested_at, r.id limit $2"
    ))
    .bind(until)
    .bind(limit)
    .fetch_all(c)
    .await?);
    rows.into_iter().map(|row| row.into_request(db)).collect()
}

/// Undecided requests for an account or by it.
///
/// # Errors
/// When the database refuses.
pub async fn list_requests_about(db: &mut Db, account: AccountId) -> Result<Vec<Request>> {
    let rows: Vec<RequestRow> = on_db!(db, |c| sqlx::query_as(concat!(undecided!(), " and (r.account_id = $1 or r.requested_by = $1)"))
        .bind(account.0)
        .fetch_all(c)
        .await?);
    rows.into_iter().map(|row| row.into_request(db)).collect()
}

/// A line of the review of access.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Holder {
    pub account_id: Uuid,
    pub name: String,
    pub sort_name: String,
    /// A work address, or that of an account that is no person's.
    pub address: Option<String>,
    pub role: String,
    pub reason: String,
    pub granted_at: Instant,
    pub granted_by_name: Option<String>,
    pub approved_by_name: Option<String>,
    pub ends_at: Option<Instant>,
    /// Of the person behind it, or of whoever is on record under the address of an account that is no person's.
    pub last_day: Option<Date>,
}

/// Where the review goes on: after this name, account and role.
pub type HolderKey = (String, AccountId, String);

/// A page of those who hold roles, by name.
///
/// # Errors
/// When the database refuses.
pub async fn list_holders(db: &mut Db, now: Instant, after: Option<&HolderKey>, limit: i64) -> Result<Page<Holder>> {
    let (name, id, role) = after.map_or(("", Uuid::nil(), ""), |(name, id, role)| (name, id.0, role));
    let mut rows: Vec<Holder> = on_db!(db, |c| sqlx::query_as(
        "select a.id as account_id, a.name, a.sort_name, case when p.id is null then a.email else p.work_email end as address, g.role, g.reason,
             g.granted_at, b.name as granted_by_name, v.name as approved_by_name, g.ends_at, coalesce(p.end_date, r.end_date) as last_day
         from role_grant g join account a on a.id = g.account_id left join person p on p.id = a.person_id
         left join person r on a.person_id is null and (r.private_email = a.email or r.work_email = a.email)
         left join account b on b.id = g.granted_by left join account v on v.id = g.approved_by
         where (g.ends_at is null or g.ends_at > $1) and a.disabled_at is null
             and (a.sort_name > $2 or (a.sort_name = $2 and (a.id > $3 or (a.id = $3 and g.role > $4))))
         order by a.sort_name, a.id, g.role limit $5"
    )
    .bind(now)
    .bind(name)
    .bind(id)
    .bind(role)
    .bind(limit.saturating_add(1))
    .fetch_all(c)
    .await?);
    for row in &mut rows {
        row.address = row.address.take().map(|sealed| db.open_address(&sealed)).transpose()?;
    }
    Ok(Page::cut(rows, limit))
}
