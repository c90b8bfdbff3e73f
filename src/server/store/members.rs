//! Lists of a password manager's members as they were uploaded, and what was said by hand about their addresses and columns.
//! How a list compares with the people on record is in `reconciliation`.

use super::{Db, Result, StoreError, Tx, exactly_one, on_db};
use crate::{
    domain::{
        Instant,
        audit::Digest,
        ids::{AccountId, MemberListId},
        member::{Listing, MemberStatus, Remembered, TwoStep, Vendor},
    },
    server::vault::{Purpose, Vault},
};
use sqlx::FromRow;
use uuid::Uuid;

/// A list that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberList {
    pub id: MemberListId,
    pub vendor: Vendor,
    pub file_name: String,
    pub sha256: Digest,
    /// How many accounts it names; 0 as long as it could not be read.
    pub members: i64,
    pub uploaded_at: Instant,
    pub uploaded_by: String,
    /// When it was taken over and by whom.
    pub applied: Option<(Instant, String)>,
    /// The file, as long as it could not be read.
    pub content: Vec<u8>,
    /// The list that was applied last: the one that counts.
    pub newest: Option<Newest>,
}

/// The list that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newest {
    pub id: MemberListId,
    pub sha256: Digest,
    pub applied_at: Instant,
}

#[derive(FromRow)]
struct ListRow {
    id: Uuid,
    vendor: String,
    file_name: String,
    sha256: Vec<u8>,
    members: i64,
    uploaded_at: Instant,
    uploaded_by: String,
    applied_at: Option<Instant>,
    applied_by: Option<String>,
    content: Vec<u8>,
    newest_id: Option<Uuid>,
    newest_sha256: Option<Vec<u8>>,
    newest_applied_at: Option<Instant>,
}

macro_rules! list_columns {
    () => {
        "select l.id, l.vendor, l.file_name, l.sha256, l.members, l.uploaded_at, u.name as uploaded_by, l.applied_at, a.name as applied_by, l.content,
             n.id as newest_id, n.sha256 as newest_sha256, n.applied_at as newest_applied_at
         from member_list l join account u on u.id = l.uploaded_by left join account a on a.id = l.applied_by
         left join member_list n on n.id = (select x.id from member_list x where x.applied_at is not null order by x.applied_at desc, x.id desc limit 1)"
    };
}

impl ListRow {
    fn into_list(self, vault: &Vault) -> Result<MemberList> {
        let corrupt = || StoreError::Corrupt("member list");
        // The file goes once it was read.
        let content = if self.members == 0 && self.applied_at.is_none() {
            vault.open_bytes(Purpose::Upload, self.id.as_bytes(), &self.content).ok_or_else(corrupt)?
        } else {
            Vec::new()
        };
        let digest = |bytes: Vec<u8>| Digest::try_from(bytes).map_err(|_| corrupt());
        let newest = match (self.newest_id, self.newest_sha256, self.newest_applied_at) {
            (Some(id), Some(sha256), Some(applied_at)) => Some(Newest {
                id: MemberListId(id),
                sha256: digest(sha256)?,
                applied_at,
            }),
            _ => None,
        };
        Ok(MemberList {
            newest,
            id: MemberListId(self.id),
            vendor: Vendor::from_word(&self.vendor).ok_or_else(corrupt)?,
            file_name: self.file_name,
            sha256: digest(self.sha256)?,
            members: self.members,
            uploaded_at: self.uploaded_at,
            uploaded_by: self.uploaded_by,
            applied: self.applied_at.zip(self.applied_by),
            content,
        })
    }
}

/// A file to keep until it is applied.
#[derive(Clone, Copy, Debug)]
pub struct NewList<'a> {
    pub id: MemberListId,
    pub file_name: &'a str,
    pub sha256: Digest,
    pub content: &'a [u8],
    pub by: AccountId,
}

/// One account, as a list names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMember<'a> {
    pub line: i64,
    /// Lower case.
    pub email: &'a str,
    pub name: &'a str,
    pub listing: Listing,
}

/// Keeps an upload and forgets this account's earlier previews.
///
/// # Errors
/// When the database refuses.
pub async fn insert_list(tx: &mut Tx, now: Instant, list: &NewList<'_>) -> Result<()> {
    let content = tx.vault().seal_bytes(Purpose::Upload, list.id.0.as_bytes(), list.content);
    on_db!(tx, |c| sqlx::query(
        "delete from member where list_id in (select l.id from member_list l where l.uploaded_by = $1 and l.applied_at is null)"
    )
    .bind(list.by.0)
    .execute(&mut *c)
    .await
    .map(|_| ())?);
    on_db!(tx, |c| sqlx::query("delete from member_list where uploaded_by = $1 and applied_at is null")
        .bind(list.by.0)
        .execute(&mut *c)
        .await
        .map(|_| ())?);
    on_db!(tx, |c| sqlx::query(
        "insert into member_list (id, vendor, file_name, sha256, members, uploaded_at, uploaded_by, content) values ($1, 'other', $2, $3, 0, $4, $5, $6)"
    )
    .bind(list.id.0)
    .bind(list.file_name)
    .bind(list.sha256.as_slice())
    .bind(now)
    .bind(list.by.0)
    .bind(content)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Writes down whom a list names, once it could be read; the file itself goes.
///
/// # Errors
/// `Stale` when it was read before.
pub async fn fill_list(tx: &mut Tx, id: MemberListId, vendor: Vendor, members: &[NewMember<'_>]) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update member_list set vendor = $2, members = $3, content = $4 where id = $1 and members = 0 and applied_at is null"
    )
    .bind(id.0)
    .bind(vendor.as_str())
    .bind(i64::try_from(members.len()).unwrap_or(i64::MAX))
    .bind(Vec::<u8>::new())
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))?;
    for member in members {
        let address = tx.vault().seal_address(member.email);
        // Vendors put the address where they know no name.
        let name = if member.name.to_lowercase() == member.email { "" } else { member.name };
        on_db!(tx, |c| sqlx::query(
            "insert into member (list_id, line, email, name, status, two_step) values ($1, $2, $3, $4, $5, $6)"
        )
        .bind(id.0)
        .bind(member.line)
        .bind(address)
        .bind(name)
        .bind(member.listing.status.as_str())
        .bind(member.listing.two_step.as_str())
        .execute(c)
        .await
        .map(|_| ())?);
    }
    Ok(())
}

/// A list, applied or not, and which one counts.
///
/// # Errors
/// When the database refuses.
pub async fn find_list(db: &mut Db, id: MemberListId) -> Result<Option<MemberList>> {
    let row: Option<ListRow> = on_db!(db, |c| sqlx::query_as(concat!(list_columns!(), " where l.id = $1"))
        .bind(id.0)
        .fetch_optional(c)
        .await?);
    row.map(|row| row.into_list(db.vault())).transpose()
}

/// The list that was applied last: the one that counts.
///
/// # Errors
/// When the database refuses.
pub async fn find_newest_applied(db: &mut Db) -> Result<Option<MemberList>> {
    let row: Option<ListRow> = on_db!(db, |c| sqlx::query_as(concat!(list_columns!(), " where l.id = n.id")).fetch_optional(c).await?);
    row.map(|row| row.into_list(db.vault())).transpose()
}

/// Makes a list the one that counts.
///
/// # Errors
/// `Stale` when it was applied before.
pub async fn mark_applied(tx: &mut Tx, now: Instant, id: MemberListId, by: AccountId) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update member_list set applied_at = $2, applied_by = $3 where id = $1 and applied_at is null"
    )
    .bind(id.0)
    .bind(now)
    .bind(by.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Notes that the vendor demands two-step login of everyone, for a list that does not say. Returns of how many.
///
/// # Errors
/// When the list was applied before or the database refuses.
pub async fn mark_two_step_enforced(tx: &mut Tx, id: MemberListId) -> Result<u64> {
    Ok(on_db!(tx, |c| sqlx::query(
        "update member set two_step = 'enforced' where list_id = $1 and two_step = 'unknown'"
    )
    .bind(id.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Forgets previews that nobody took over.
///
/// # Errors
/// When the database refuses.
pub async fn delete_previews_older_than(tx: &mut Tx, before: Instant) -> Result<u64> {
    on_db!(tx, |c| sqlx::query(
        "delete from member where list_id in (select l.id from member_list l where l.uploaded_at < $1 and l.applied_at is null)"
    )
    .bind(before)
    .execute(&mut *c)
    .await
    .map(|_| ())?);
    Ok(on_db!(tx, |c| sqlx::query(
        "delete from member_list where uploaded_at < $1 and applied_at is null"
    )
    .bind(before)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Remembers who an address is, for this list and all that follow.
///
/// # Errors
/// When there is no such person or the database refuses.
pub async fn upsert_match(tx: &mut Tx, now: Instant, email: &str, who: Remembered, by: AccountId) -> Result<()> {
    let address = tx.vault().seal_address(email);
    let person = match who {
        Remembered::Person(person) => Some(person.0),
        Remembered::NotOurs => None,
    };
    on_db!(tx, |c| sqlx::query(
        "insert into member_match (email, person_id, remembered_at, remembered_by) values ($1, $2, $3, $4)
         on conflict (email) do update set person_id = excluded.person_id, remembered_at = excluded.remembered_at, remembered_by = excluded.remembered_by"
    )
    .bind(address)
    .bind(person)
    .bind(now)
    .bind(by.0)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Forgets who an address was said to be.
///
/// # Errors
/// `Stale` when nothing was said.
pub async fn delete_match(tx: &mut Tx, email: &str) -> Result<()> {
    let address = tx.vault().seal_address(email);
    exactly_one(on_db!(tx, |c| sqlx::query("delete from member_match where email = $1")
        .bind(address)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// What the columns below a header were said to be, as JSON.
///
/// # Errors
/// When the database refuses.
pub async fn find_mapping(db: &mut Db, header: &Digest) -> Result<Option<String>> {
    Ok(on_db!(db, |c| sqlx::query_scalar("select mapping from member_mapping where header = $1")
        .bind(header.as_slice())
        .fetch_optional(c)
        .await?))
}

/// Remembers what the columns below a header are.
///
/// # Errors
/// When the database refuses.
pub async fn upsert_mapping(tx: &mut Tx, now: Instant, header: &Digest, mapping: &str, by: AccountId) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into member_mapping (header, mapping, remembered_at, remembered_by) values ($1, $2, $3, $4)
         on conflict (header) do update set mapping = excluded.mapping, remembered_at = excluded.remembered_at, remembered_by = excluded.remembered_by"
    )
    .bind(header.as_slice())
    .bind(mapping)
    .bind(now)
    .bind(by.0)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Reads a stored listing.
pub(super) fn listing(status: &str, two_step: &str) -> Result<Listing> {
    let listing = MemberStatus::from_word(status).zip(TwoStep::from_word(two_step));
    let (status, two_step) = listing.ok_or(StoreError::Corrupt("member"))?;
    Ok(Listing { status, two_step })
}
