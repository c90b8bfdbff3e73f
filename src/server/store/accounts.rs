//! Accounts and the roles granted to them.

use super::{
    Db, Page, Result, Tx, exactly_one, on_db,
    people::{like_pattern, searched_address},
    searchable,
};
use crate::domain::{
    Instant,
    ids::{AccountId, PersonId},
    locale::Locale,
    person::{Email, fold},
    roles::Role,
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// What sign-in needs to know of an account.
#[derive(Clone, Debug, FromRow)]
pub struct SignIn {
    pub id: Uuid,
    pub password_hash: Option<String>,
    /// See [`find_epoch`].
    pub epoch: i64,
    /// Whether it has a second factor.
    pub has_factor: bool,
    /// The last day of the person behind it, and where that day ends.
    pub end_date: Option<Date>,
    pub time_zone: Option<String>,
}

/// Whose an account is: what a password must not be made of, and where mail to it goes.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Owner {
    pub id: Uuid,
    pub person_id: Option<Uuid>,
    pub email: String,
    pub name: String,
    pub language: String,
    pub password_hash: Option<String>,
    pub private_email: Option<String>,
    pub work_email: Option<String>,
    pub department: Option<String>,
    /// Whether it has a second factor.
    pub has_factor: bool,
}

/// A new account, without a password yet.
pub struct NewAccount<'a> {
    pub id: AccountId,
    pub person: Option<PersonId>,
    pub email: &'a Email,
    pub name: &'a str,
    pub language: Locale,
}

/// Adds an account.
///
/// # Errors
/// When the e-mail address is taken or the database refuses.
pub async fn insert(tx: &mut Tx, now: Instant, account: &NewAccount<'_>) -> Result<()> {
    let address = tx.vault().seal_address(account.email.as_str());
    on_db!(tx, |c| sqlx::query(
        "insert into account (id, person_id, email, name, language, created_at, sort_name) values ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(account.id.0)
    .bind(account.person.map(|id| id.0))
    .bind(address)
    .bind(account.name)
    .bind(account.language.tag())
    .bind(now)
    .bind(fold(account.name))
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// The account that signs in with this address: its own, or one of the two of its person. Limits on guessing count on there being no
/// fourth.
///
/// # Errors
/// When the database refuses.
pub async fn find_for_sign_in(db: &mut Db, email: &Email) -> Result<Option<SignIn>> {
    let address = db.vault().seal_address(email.as_str());
    Ok(on_db!(db, |c| sqlx::query_as(
        "select a.id, a.password_hash, a.epoch, p.end_date, p.time_zone,
             exists (select 1 from totp_factor t where t.account_id = a.id) or exists (select 1 from passkey f where f.account_id = a.id) as has_factor
         from (select o.id, 0 as place from account o where o.email = $1
             union all select o.id, 1 from person w join account o on o.person_id = w.id where w.work_email = $1
             union all select o.id, 1 from person w join account o on o.person_id = w.id where w.private_email = $1) k
         join account a on a.id = k.id left join person p on p.id = a.person_id
         where a.disabled_at is null order by k.place limit 1"
    )
    .bind(address)
    .fetch_optional(c)
    .await?))
}

/// How often an account's sessions were ended or it lost a right.
///
/// # Errors
/// When the database refuses, or there is no such account.
pub async fn find_epoch(db: &mut Db, id: AccountId) -> Result<i64> {
    Ok(on_db!(db, |c| sqlx::query_scalar("select epoch from account where id = $1")
        .bind(id.0)
        .fetch_one(c)
        .await?))
}

/// Whether an account is in use, and neither were its sessions ended nor did it lose a right since that was counted.
///
/// # Errors
/// When the database refuses.
pub async fn is_at(db: &mut Db, id: AccountId, epoch: i64) -> Result<bool> {
    let found: Option<i64> = on_db!(db, |c| sqlx::query_scalar("select epoch from account where id = $1 and disabled_at is null")
        .bind(id.0)
        .fetch_optional(c)
        .await?);
    Ok(found == Some(epoch))
}

/// Takes an account for this transaction, if none of its sessions were ended since that was counted. Whoever ends some waits, and then
/// finds what this transaction began.
///
/// # Errors
/// `Stale` when some were, or the account was disabled.
pub async fn hold_at(tx: &mut Tx, id: AccountId, epoch: i64) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update account set epoch = epoch where id = $1 and epoch = $2 and disabled_at is null"
    )
    .bind(id.0)
    .bind(epoch)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// An account with its person; none when it was disabled.
///
/// # Errors
/// When the database refuses.
pub async fn find_owner(db: &mut Db, id: AccountId) -> Result<Option<Owner>> {
    let row: Option<Owner> = on_db!(db, |c| sqlx::query_as(
        "select a.id, a.person_id, a.email, a.name, a.language, a.password_hash, p.private_email, p.work_email, p.department,
             exists (select 1 from totp_factor t where t.account_id = a.id) or exists (select 1 from passkey k where k.account_id = a.id) as has_factor
         from account a left join person p on p.id = a.person_id where a.id = $1 and a.disabled_at is null"
    )
    .bind(id.0)
    .fetch_optional(c)
    .await?);
    let open = |sealed: String| db.open_address(&sealed);
    row.map(|row| {
        Ok(Owner {
            email: open(row.email)?,
            private_email: row.private_email.map(open).transpose()?,
            work_email: row.work_email.map(open).transpose()?,
            ..row
        })
    })
    .transpose()
}

/// The account of a person.
///
/// # Errors
/// When the database refuses.
pub async fn find_of_person(db: &mut Db, person: PersonId) -> Result<Option<AccountId>> {
    let id: Option<Uuid> = on_db!(db, |c| sqlx::query_scalar("select id from account where person_id = $1")
        .bind(person.0)
        .fetch_optional(c)
        .await?);
    Ok(id.map(AccountId))
}

/// Whom an account is: the person behind it or, while it belongs to nobody, everybody on record under its address.
///
/// # Errors
/// When the database refuses.
pub async fn list_persons(db: &mut Db, id: AccountId) -> Result<Vec<PersonId>> {
    let persons: Vec<Uuid> = on_db!(db, |c| sqlx::query_scalar(
        "select a.person_id from account a where a.id = $1 and a.person_id is not null
         union select p.id from account a join person p on p.private_email = a.email or p.work_email = a.email
             where a.id = $1 and a.person_id is null
         order by 1"
    )
    .bind(id.0)
    .fetch_all(c)
    .await?);
    Ok(persons.into_iter().map(PersonId).collect())
}

/// Whether an account holds any role now.
///
/// # Errors
/// When the database refuses.
pub async fn holds_role(db: &mut Db, now: Instant, id: AccountId) -> Result<bool> {
    let roles: i64 = on_db!(db, |c| sqlx::query_scalar(
        "select count(*) from role_grant where account_id = $1 and (ends_at is null or ends_at > $2)"
    )
    .bind(id.0)
    .bind(now)
    .fetch_one(c)
    .await?);
    Ok(roles > 0)
}

/// Gives an account without a person to one that has its address. One with rights, or that is to get them, is not HR's to give: its
/// owner takes the person, see [`take_person`].
///
/// # Errors
/// When the database refuses.
pub async fn adopt(tx: &mut Tx, person: PersonId, private: &Email, work: Option<&Email>) -> Result<()> {
    let seal = |email: &Email| tx.vault().seal_address(email.as_str());
    let (private, work) = (seal(private), work.map(seal));
    on_db!(tx, |c| sqlx::query(
        "update account set person_id = $1 where person_id is null and (email = $2 or email = $3)
             and not exists (select 1 from role_grant g where g.account_id = account.id)
             and not exists (select 1 from role_request r where r.account_id = account.id and r.decided_at is null)"
    )
    .bind(person.0)
    .bind(private)
    .bind(work)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// The person on record under the address of an account that belongs to nobody, if no other account is theirs.
///
/// # Errors
/// When the database refuses.
pub async fn find_person_to_take(db: &mut Db, id: AccountId) -> Result<Option<PersonId>> {
    let person: Option<Uuid> = on_db!(db, |c| sqlx::query_scalar(
        "select p.id from account a join person p on p.private_email = a.email or p.work_email = a.email
         where a.id = $1 and a.person_id is null and not exists (select 1 from account o where o.person_id = p.id)
         order by p.id limit 1"
    )
    .bind(id.0)
    .fetch_optional(c)
    .await?);
    Ok(person.map(PersonId))
}

/// Makes a person the one behind an account that belongs to nobody.
///
/// # Errors
/// `Stale` when it belongs to somebody.
pub async fn take_person(tx: &mut Tx, id: AccountId, person: PersonId) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update account set person_id = $2 where id = $1 and person_id is null"
    )
    .bind(id.0)
    .bind(person.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Moves an account to another address, without a password.
///
/// # Errors
/// `Stale` when there is no such account; when the address is taken.
pub async fn begin_afresh(tx: &mut Tx, id: AccountId, email: &Email) -> Result<()> {
    let address = tx.vault().seal_address(email.as_str());
    exactly_one(on_db!(tx, |c| sqlx::query("update account set email = $2, password_hash = null where id = $1")
        .bind(id.0)
        .bind(address)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// Sets the first password's hash; of two tabs, one succeeds.
///
/// # Errors
/// `Stale` when there is one already.
pub async fn set_first_password_hash(tx: &mut Tx, id: AccountId, hash: &str) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update account set password_hash = $2 where id = $1 and password_hash is null"
    )
    .bind(id.0)
    .bind(hash)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Puts another password's hash in the place of the one that was checked; of two tabs, one succeeds.
///
/// # Errors
/// `Stale` when it is another one by now.
pub async fn replace_password_hash(tx: &mut Tx, id: AccountId, old: &str, new: &str) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update account set password_hash = $3 where id = $1 and password_hash = $2"
    )
    .bind(id.0)
    .bind(old)
    .bind(new)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Sets the password's hash.
///
/// # Errors
/// `Stale` when there is no such account.
pub async fn set_password_hash(tx: &mut Tx, id: AccountId, hash: &str) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query("update account set password_hash = $2 where id = $1")
        .bind(id.0)
        .bind(hash)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// Keeps an account's name and address equal to its person's. An account with rights keeps its address, and so does one that is to
/// get them: who may change people must not move an administrator's sign-in.
///
/// # Errors
/// When the address is taken or the database refuses.
pub async fn follow_person(tx: &mut Tx, person: PersonId, email: &Email, name: &str) -> Result<()> {
    let address = tx.vault().seal_address(email.as_str());
    on_db!(tx, |c| sqlx::query(
        "update account set email = $2, name = $3, sort_name = $4 where person_id = $1
             and not exists (select 1 from role_grant g where g.account_id = account.id)
             and not exists (select 1 from role_request r where r.account_id = account.id and r.decided_at is null)"
    )
    .bind(person.0)
    .bind(address)
    .bind(name)
    .bind(fold(name))
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Gives an account that is no person's another name. Says whether that changed anything.
///
/// # Errors
/// When the database refuses.
pub async fn rename(tx: &mut Tx, id: AccountId, name: &str) -> Result<bool> {
    let renamed = on_db!(tx, |c| sqlx::query(
        "update account set name = $2, sort_name = $3 where id = $1 and person_id is null and name <> $2"
    )
    .bind(id.0)
    .bind(name)
    .bind(fold(name))
    .execute(c)
    .await
    .map(|done| done.rows_affected())?);
    Ok(renamed > 0)
}

/// Sets the language an account reads.
///
/// # Errors
/// `Stale` when there is no such account.
pub async fn set_language(tx: &mut Tx, id: AccountId, language: Locale) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query("update account set language = $2 where id = $1")
        .bind(id.0)
        .bind(language.tag())
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// Disables the account of somebody who left.
///
/// # Errors
/// When the database refuses.
pub async fn disable_of_person(tx: &mut Tx, now: Instant, person: PersonId) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "update account set disabled_at = $2 where person_id = $1 and disabled_at is null"
    )
    .bind(person.0)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Lets the account of somebody who came back work again, unless somebody disabled it by name.
///
/// # Errors
/// When the database refuses.
pub async fn enable_of_person(tx: &mut Tx, person: PersonId) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "update account set disabled_at = null where person_id = $1 and disabled_at is not null and disabled_by is null"
    )
    .bind(person.0)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// The account with this address of its own, disabled or not.
///
/// # Errors
/// When the database refuses.
pub async fn find_by_address(db: &mut Db, email: &Email) -> Result<Option<AccountId>> {
    let address = db.vault().seal_address(email.as_str());
    let id: Option<Uuid> = on_db!(db, |c| sqlx::query_scalar("select id from account where email = $1")
        .bind(address)
        .fetch_optional(c)
        .await?);
    Ok(id.map(AccountId))
}

/// A line of the list of accounts.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AccountSummary {
    pub id: Uuid,
    pub name: String,
    pub sort_name: String,
    /// A work address, or that of an account that is no person's.
    pub address: Option<String>,
    pub person_id: Option<Uuid>,
    pub has_password: bool,
    pub disabled_at: Option<Instant>,
    /// The words of the roles in force, with commas between; none for a plain account.
    pub roles: Option<String>,
}

/// Where the list goes on: after this name and id.
pub type AccountKey = (String, AccountId);

/// A page of accounts in the order of their names: of those who hold a role, or of all. Those that are no person's are found by their
/// whole address, as it is sealed.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &mut Db, now: Instant, words: &str, role: Option<Role>, after: Option<&AccountKey>, limit: i64) -> Result<Page<AccountSummary>> {
    let (after_name, after_id) = after.map_or(("", Uuid::nil()), |(name, id)| (name, id.0));
    let whole = searched_address(db, words);
    let mut rows: Vec<AccountSummary> = on_db!(db, |c| sqlx::query_as(concat!(
        "select a.id, a.name, a.sort_name, case when p.id is null then a.email else p.work_email end as address, a.person_id,
             a.password_hash is not null as has_password, a.disabled_at,
             (select string_agg(g.role, ',' order by g.role) from role_grant g
                 where g.account_id = a.id and (g.ends_at is null or g.ends_at > $1)) as roles
         from account a left join person p on p.id = a.person_id
         where (",
        searchable!("a.sort_name"),
        " like $2 escape '!' or p.search_text like $2 escape '!' or (p.id is null and a.email = $7))
             and ($3 is null or exists (select 1 from role_grant g where g.account_id = a.id and g.role = $3 and (g.ends_at is null or g.ends_at > $1)))
             and (a.sort_name > $4 or (a.sort_name = $4 and a.id > $5))
         order by a.sort_name, a.id limit $6"
    ))
    .bind(now)
    .bind(like_pattern(words))
    .bind(role.map(Role::as_str))
    .bind(after_name)
    .bind(after_id)
    .bind(limit + 1)
    .bind(whole)
    .fetch_all(c)
    .await?);
    for row in &mut rows {
        row.address = row.address.take().map(|sealed| db.open_address(&sealed)).transpose()?;
    }
    Ok(Page::cut(rows, limit))
}

/// An account as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Account {
    pub id: Uuid,
    pub name: String,
    pub language: String,
    /// A work address, or that of an account that is no person's.
    pub address: Option<String>,
    pub person_id: Option<Uuid>,
    /// The person's last day, and where that day ends.
    pub end_date: Option<Date>,
    pub time_zone: Option<String>,
    /// The same of whoever is on record under the address of an account that is no person's.
    pub recorded_end_date: Option<Date>,
    pub recorded_time_zone: Option<String>,
    pub has_password: bool,
    pub created_at: Instant,
    pub disabled_at: Option<Instant>,
    /// None: because the person left.
    pub disabled_reason: Option<String>,
    pub disabled_by_name: Option<String>,
    /// Sessions that have not ended.
    pub sessions: i64,
    /// Second factors.
    pub factors: i64,
}

/// One account.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, now: Instant, id: AccountId) -> Result<Option<Account>> {
    let found: Option<Account> = on_db!(db, |c| sqlx::query_as(
        "select a.id, a.name, a.language, case when p.id is null then a.email else p.work_email end as address, a.person_id, p.end_date, p.time_zone,
             r.end_date as recorded_end_date, r.time_zone as recorded_time_zone, a.password_hash is not null as has_password,
             a.created_at, a.disabled_at, a.disabled_reason, b.name as disabled_by_name,
             (select count(*) from session s where s.account_id = a.id and s.expires_at > $2) as sessions,
             (select count(*) from totp_factor t where t.account_id = a.id) + (select count(*) from passkey k where k.account_id = a.id) as factors
         from account a left join person p on p.id = a.person_id left join account b on b.id = a.disabled_by
         left join person r on a.person_id is null and (r.private_email = a.email or r.work_email = a.email) where a.id = $1"
    )
    .bind(id.0)
    .bind(now)
    .fetch_optional(c)
    .await?);
    found
        .map(|account| {
            let address = account.address.as_deref().map(|sealed| db.open_address(sealed)).transpose()?;
            Ok(Account { address, ..account })
        })
        .transpose()
}

/// Keeps an account from being used.
///
/// # Errors
/// `Stale` when it was disabled before.
pub async fn disable(tx: &mut Tx, now: Instant, id: AccountId, by: AccountId, reason: &str) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update account set disabled_at = $2, disabled_by = $3, disabled_reason = $4 where id = $1 and disabled_at is null"
    )
    .bind(id.0)
    .bind(now)
    .bind(by.0)
    .bind(reason)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Lets an account be used again.
///
/// # Errors
/// `Stale` when it was not disabled.
pub async fn enable(tx: &mut Tx, id: AccountId) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update account set disabled_at = null, disabled_by = null, disabled_reason = null where id = $1 and disabled_at is not null"
    )
    .bind(id.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Notes who took an administrator's rights away; none: their last day did.
///
/// # Errors
/// `Stale` when there is no such account.
pub async fn mark_unseated(tx: &mut Tx, now: Instant, id: AccountId, by: Option<AccountId>) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update account set unseated_at = $2, unseated_by = $3 where id = $1"
    )
    .bind(id.0)
    .bind(now)
    .bind(by.map(|id| id.0))
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Whether this account, or a last day, took an administrator's rights away after `since`.
///
/// # Errors
/// When the database refuses.
pub async fn unseated_lately(db: &mut Db, by: AccountId, since: Instant) -> Result<bool> {
    let count: i64 = on_db!(db, |c| sqlx::query_scalar(
        "select count(*) from account where (unseated_by = $1 or unseated_by is null) and unseated_at > $2"
    )
    .bind(by.0)
    .bind(since)
    .fetch_one(c)
    .await?);
    Ok(count > 0)
}
