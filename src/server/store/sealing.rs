//! Which columns are sealed, which key with, and how all of them are sealed anew, in one transaction and batch by batch.
//!
//! While that goes on, the end of the audit trail names no key: the triggers let go of sealed addresses in what is otherwise never
//! changed, and nobody else can commit. Whoever has another key than the one named there never can.

use super::{Db, Result, StoreError, Tx, on_db, people};
use crate::{
    domain::{
        evidence::Proof,
        person::{Email, Line},
        pseudonym,
    },
    server::vault::{Purpose, Vault},
};
use sqlx::{ColumnIndex, Decode, FromRow, PgConnection, Row, SqliteConnection, Type};
use uuid::Uuid;

/// Rows read and written at a time.
const BATCH: i64 = 500;

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// An address, sealed so that equal ones stay equal.
    Address,
    /// The proof by a vendor's list, in whose JSON the address alone is sealed.
    Proof,
    /// Text that belongs to the row with an id.
    Text(Purpose),
    /// Text that belongs to the row with a number.
    Numbered(Purpose),
    /// Bytes that belong to the row with an id.
    Bytes(Purpose),
}

/// A sealed column. Rows are found again by where they are stored, which nothing changes while their table is held.
struct Column {
    form: Form,
    read_sqlite: &'static str,
    write_sqlite: &'static str,
    hold_postgres: &'static str,
    open_postgres: &'static str,
    write_postgres: &'static str,
}

macro_rules! column {
    ($form:expr, $table:literal, $column:literal: $type:literal, of $owner:literal, where $which:literal) => {
        Column {
            form: $form,
            read_sqlite: concat!(
                "select rowid, ",
                $owner,
                ", ",
                $column,
                " from ",
                $table,
                " where rowid > $1 and (",
                $which,
                ") order by rowid limit $2"
            ),
            write_sqlite: concat!("update ", $table, " set ", $column, " = $2 where rowid = $1"),
            hold_postgres: concat!("lock table ", $table, " in exclusive mode"),
            open_postgres: concat!(
                "declare to_seal no scroll cursor for select ctid::text, ",
                $owner,
                ", ",
                $column,
                " from ",
                $table,
                " where ",
                $which
            ),
            write_postgres: concat!(
                "update ",
                $table,
                " set ",
                $column,
                " = n.value from unnest($1::text[], $2::",
                $type,
                "[]) as n(place, value) where ",
                $table,
                ".ctid = n.place::tid"
            ),
        }
    };
}

/// Every sealed column: a new one is one line here, besides the functions that write and read it.
const COLUMNS: [Column; 16] = [
    column!(Form::Address, "person", "private_email": "text", of "id", where "pseudonymised_at is null"),
    column!(Form::Address, "person", "work_email": "text", of "id", where "work_email is not null and pseudonymised_at is null"),
    column!(Form::Address, "account", "email": "text", of "id", where "true"),
    column!(Form::Address, "member", "email": "text", of "list_id", where "true"),
    column!(Form::Address, "member_match", "email": "text", of "person_id", where "true"),
    column!(Form::Address, "outbox", "recipient": "text", of "id", where "true"),
    column!(Form::Address, "role_request", "address": "text", of "id", where "address is not null"),
    column!(Form::Proof, "evidence", "body": "text", of "id", where "kind = 'password_manager_member'"),
    column!(Form::Text(Purpose::CheckDetail), "background_check", "provider": "text", of "assignment_id", where "provider <> ''"),
    column!(Form::Text(Purpose::CheckDetail), "background_check", "reference": "text", of "assignment_id", where "reference <> ''"),
    column!(Form::Text(Purpose::CheckDetail), "background_check", "note": "text", of "assignment_id", where "note <> ''"),
    column!(Form::Text(Purpose::TypedForm), "kept_form", "content": "text", of "id", where "true"),
    column!(Form::Text(Purpose::OneTimeSecret), "totp_factor", "secret": "text", of "id", where "true"),
    column!(Form::Text(Purpose::OneTimeSecret), "ceremony", "state": "text", of "id", where "true"),
    column!(Form::Bytes(Purpose::Upload), "import_upload", "content": "bytea", of "id", where "applied_at is null"),
    column!(Form::Bytes(Purpose::Upload), "member_list", "content": "bytea", of "id", where "members = 0 and applied_at is null"),
];

/// The texts of the audit trail: by far the most rows, and the ones whose id is a number.
const TRAIL: Column = column!(Form::Numbered(Purpose::AuditDetail), "audit_detail", "body": "text", of "seq", where "true");

/// By which key the database is sealed, as [`Vault::fingerprint`] tells it; none before the first start.
///
/// # Errors
/// When the database refuses.
pub async fn find_fingerprint(db: &mut Db) -> Result<Option<String>> {
    Ok(on_db!(db, |c| sqlx::query_scalar("select key_check from audit_head where id = 1")
        .fetch_one(c)
        .await?))
}

/// Keeps everybody else from committing until the end of the transaction, and says by which key the database is sealed.
///
/// # Errors
/// When the database refuses.
pub async fn begin(tx: &mut Tx) -> Result<Option<String>> {
    let fingerprint = on_db!(tx, |c| sqlx::query_scalar("update audit_head set seq = seq where id = 1 returning key_check")
        .fetch_one(c)
        .await?);
    on_db!(tx, |c| sqlx::query("update audit_head set key_check = null where id = 1")
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(fingerprint)
}

/// Seals everything with the keys of `to`: what `from` sealed, or without it what was never sealed. Then names the new key; what the
/// transaction still writes is sealed with it too. Returns how many values there were. Follows [`begin`].
///
/// # Errors
/// `Corrupt` when something does not open; else when the database refuses.
pub async fn reseal(tx: &mut Tx, from: Option<&Vault>, to: &Vault) -> Result<u64> {
    if from.is_none() {
        forget_copies(tx).await?;
    }
    let mut sealed = 0;
    for column in COLUMNS.iter().chain([&TRAIL]) {
        sealed += reseal_column(tx, column, from, to).await?;
    }
    on_db!(tx, |c| sqlx::query("update audit_head set key_check = $1 where id = 1")
        .bind(to.fingerprint())
        .execute(c)
        .await
        .map(|_| ())?);
    tx.change_vault(to);
    Ok(sealed)
}

/// What is to stand in a column.
enum Value {
    Text(String),
    Bytes(Vec<u8>),
}

async fn reseal_column(tx: &mut Tx, column: &Column, from: Option<&Vault>, to: &Vault) -> Result<u64> {
    match &mut **tx {
        Db::Sqlite(handle) => column.reseal_sqlite(&mut *handle, from, to).await,
        Db::Postgres(handle) => column.reseal_postgres(&mut *handle, from, to).await,
    }
}

impl Column {
    /// Row by row, as there is no way to the database and back.
    async fn reseal_sqlite(&self, connection: &mut SqliteConnection, from: Option<&Vault>, to: &Vault) -> Result<u64> {
        let (mut after, mut sealed) = (0_i64, 0);
        loop {
            let rows = sqlx::query(self.read_sqlite).bind(after).bind(self.batch()).fetch_all(&mut *connection).await?;
            let Some(last) = rows.last() else { return Ok(sealed) };
            after = last.try_get(0)?;
            for row in &rows {
                let Some((place, value)) = self.form.seal_row::<_, i64>(row, from, to)? else {
                    continue;
                };
                let query = sqlx::query(self.write_sqlite).bind(place);
                let query = match value {
                    Value::Text(text) => query.bind(text),
                    Value::Bytes(bytes) => query.bind(bytes),
                };
                sealed += query.execute(&mut *connection).await?.rows_affected();
            }
        }
    }

    /// Batch by batch. The shape of what the cursor gives differs from column to column, so that no statement may be remembered.
    async fn reseal_postgres(&self, connection: &mut PgConnection, from: Option<&Vault>, to: &Vault) -> Result<u64> {
        for statement in [self.hold_postgres, self.open_postgres] {
            sqlx::query(statement).persistent(false).execute(&mut *connection).await?;
        }
        let mut sealed = 0;
        loop {
            let rows = sqlx::query(self.fetch_postgres()).persistent(false).fetch_all(&mut *connection).await?;
            if rows.is_empty() {
                break;
            }
            let (mut places, mut texts, mut contents) = (Vec::new(), Vec::new(), Vec::new());
            for row in &rows {
                let Some((place, value)) = self.form.seal_row::<_, String>(row, from, to)? else {
                    continue;
                };
                places.push(place);
                match value {
                    Value::Text(text) => texts.push(text),
                    Value::Bytes(bytes) => contents.push(bytes),
                }
            }
            let expected = places.len() as u64;
            let query = sqlx::query(self.write_postgres).bind(places);
            let query = match self.form {
                Form::Bytes(_) => query.bind(contents),
                _ => query.bind(texts),
            };
            if query.execute(&mut *connection).await?.rows_affected() != expected {
                return Err(StoreError::Stale);
            }
            sealed += expected;
        }
        sqlx::query("close to_seal").persistent(false).execute(&mut *connection).await?;
        Ok(sealed)
    }

    /// Files can have megabytes each.
    const fn batch(&self) -> i64 {
        match self.form {
            Form::Bytes(_) => 2,
            _ => BATCH,
        }
    }

    const fn fetch_postgres(&self) -> &'static str {
        match self.form {
            Form::Bytes(_) => "fetch forward 2 from to_seal",
            _ => "fetch forward 500 from to_seal",
        }
    }
}

impl Form {
    /// Reads where a row is stored, whose it is and the value, and seals the value anew. None for what is not sealed: the addresses of
    /// pseudonyms.
    fn seal_row<R, P>(self, row: &R, from: Option<&Vault>, to: &Vault) -> Result<Option<(P, Value)>>
    where
        R: Row,
        usize: ColumnIndex<R>,
        for<'r> P: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> Uuid: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
    {
        let closed = || StoreError::Corrupt("sealed value");
        let value = match self {
            Self::Address => anew(&row.try_get::<String, _>(2)?, from, to)?.map(Value::Text),
            Self::Proof => {
                let body: String = row.try_get(2)?;
                let mut proof: Proof = serde_json::from_str(&body).map_err(|_| closed())?;
                let Some(email) = proof.address_mut() else { return Ok(None) };
                let Some(sealed) = anew(email, from, to)? else { return Ok(None) };
                *email = sealed;
                Some(Value::Text(serde_json::to_string(&proof).map_err(|_| closed())?))
            }
            Self::Text(purpose) => {
                let (owner, text): (Uuid, String) = (row.try_get(1)?, row.try_get(2)?);
                Some(Value::Text(text_anew(purpose, owner.as_bytes(), text, from, to)?))
            }
            Self::Numbered(purpose) => {
                let (owner, text): (i64, String) = (row.try_get(1)?, row.try_get(2)?);
                Some(Value::Text(text_anew(purpose, &owner.to_be_bytes(), text, from, to)?))
            }
            Self::Bytes(purpose) => {
                let (owner, bytes): (Uuid, Vec<u8>) = (row.try_get(1)?, row.try_get(2)?);
                let plain = match from {
                    Some(from) => from.open_bytes(purpose, owner.as_bytes(), &bytes).ok_or_else(closed)?,
                    None => bytes,
                };
                Some(Value::Bytes(to.seal_bytes(purpose, owner.as_bytes(), &plain)))
            }
        };
        Ok(value.map(|value| row.try_get(0).map(|place| (place, value))).transpose()?)
    }
}

fn anew(address: &str, from: Option<&Vault>, to: &Vault) -> Result<Option<String>> {
    if pseudonym::is_address(address) {
        return Ok(None);
    }
    let plain = match from {
        Some(from) => from.open_address(address).ok_or(StoreError::Corrupt("address"))?,
        None => address.to_owned(),
    };
    Ok(Some(to.seal_address(&plain)))
}

fn text_anew(purpose: Purpose, owner: &[u8], text: String, from: Option<&Vault>, to: &Vault) -> Result<String> {
    let plain = match from {
        Some(from) => from.open(purpose, owner, &text).ok_or(StoreError::Corrupt("sealed value"))?,
        None => text,
    };
    Ok(to.seal(purpose, owner, &plain))
}

#[derive(FromRow)]
struct Searched {
    id: Uuid,
    name: String,
    work_email: Option<String>,
    department: String,
    job_title: String,
    search_text: String,
}

/// Older versions kept private addresses where people are searched, and the address of a member whose vendor knows no name as the
/// name.
async fn forget_copies(tx: &mut Tx) -> Result<()> {
    on_db!(tx, |c| sqlx::query("update member set name = '' where lower(name) = email")
        .execute(c)
        .await
        .map(|_| ())?);
    let rows: Vec<Searched> = on_db!(tx, |c| sqlx::query_as(
        "select id, name, work_email, department, job_title, search_text from person where pseudonymised_at is null"
    )
    .fetch_all(c)
    .await?);
    for row in rows {
        let line = |raw: &str| Line::known(raw).map_err(|_| StoreError::Corrupt("person"));
        let work = row.work_email.as_deref().and_then(|raw| Email::known(raw).ok());
        let text = people::search_text(&line(&row.name)?, work.as_ref(), &line(&row.department)?, &line(&row.job_title)?);
        if text != row.search_text {
            on_db!(tx, |c| sqlx::query("update person set search_text = $2 where id = $1")
                .bind(row.id)
                .bind(&text)
                .execute(c)
                .await
                .map(|_| ())?);
        }
    }
    Ok(())
}
