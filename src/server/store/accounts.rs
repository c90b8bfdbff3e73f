//! Accounts and the roles granted to them.

use super::{Db, Result, Tx, exactly_one, on_db};
use crate::domain::{
    Instant,
    ids::{AccountId, PersonId},
    locale::Locale,
    person::Email,
    roles::Role,
};
use sqlx::FromRow;
use uuid::Uuid;

/// What sign-in needs to know of an account.
#[derive(Clone, Debug, FromRow)]
pub struct SignIn {
    pub id: Uuid,
    pub password_hash: Option<String>,
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
        "insert into account (id, person_id, email, name, language, created_at) values ($1, $2, $3, $4, $5, $6)"
    )
    .bind(account.id.0)
    .bind(account.person.map(|id| id.0))
    .bind(address)
    .bind(account.name)
    .bind(account.language.tag())
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// The account that signs in with this address: its own, or the work address of its person.
///
/// # Errors
/// When the database refuses.
pub async fn find_for_sign_in(db: &mut Db, email: &Email) -> Result<Option<SignIn>> {
    let address = db.vault().seal_address(email.as_str());
    Ok(on_db!(db, |c| sqlx::query_as(
        "select a.id, a.password_hash from account a left join person p on p.id = a.person_id
         where a.disabled_at is null and (a.email = $1 or p.work_email = $1 or p.private_email = $1)
         order by case when a.email = $1 then 0 else 1 end limit 1"
    )
    .bind(address)
    .fetch_optional(c)
    .await?))
}

/// An account with its person; none when it was disabled.
///
/// # Errors
/// When the database refuses.
pub async fn find_owner(db: &mut Db, id: AccountId) -> Result<Option<Owner>> {
    let row: Option<Owner> = on_db!(db, |c| sqlx::query_as(
        "select a.id, a.person_id, a.email, a.name, a.language, a.password_hash, p.private_email, p.work_email, p.department
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

/// Gives an account without a person to one that has its address, so that whoever was an administrator first finds their own
/// checklist.
///
/// # Errors
/// When the database refuses.
pub async fn adopt(tx: &mut Tx, person: PersonId, private: &Email, work: Option<&Email>) -> Result<()> {
    let seal = |email: &Email| tx.vault().seal_address(email.as_str());
    let (private, work) = (seal(private), work.map(seal));
    on_db!(tx, |c| sqlx::query(
        "update account set person_id = $1 where person_id is null and (email = $2 or email = $3)"
    )
    .bind(person.0)
    .bind(private)
    .bind(work)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
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

/// Keeps an account's name and address equal to its person's. An account with rights keeps its address: who may change people
/// must not move an administrator's sign-in.
///
/// # Errors
/// When the address is taken or the database refuses.
pub async fn follow_person(tx: &mut Tx, person: PersonId, email: &Email, name: &str) -> Result<()> {
    let address = tx.vault().seal_address(email.as_str());
    on_db!(tx, |c| sqlx::query(
        "update account set email = $2, name = $3 where person_id = $1
             and not exists (select 1 from role_grant g where g.account_id = account.id)"
    )
    .bind(person.0)
    .bind(address)
    .bind(name)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
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

/// Grants a role; granting it again changes nothing.
///
/// # Errors
/// When the database refuses.
pub async fn grant_role(tx: &mut Tx, now: Instant, id: AccountId, role: Role, by: Option<AccountId>) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into role_grant (account_id, role, granted_at, granted_by) values ($1, $2, $3, $4) on conflict do nothing"
    )
    .bind(id.0)
    .bind(role.as_str())
    .bind(now)
    .bind(by.map(|id| id.0))
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
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
