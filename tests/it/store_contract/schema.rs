//! Both folders of migrations make the same tables.

use crate::fixture::{Db, TestApp};
use antritt::server::store::Store;
use sqlx::Row;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// Per table: column → (type family, not null); and the sets of columns that are unique.
type Columns = BTreeMap<String, (&'static str, bool)>;
type Schema = BTreeMap<String, (Columns, BTreeSet<Vec<String>>)>;

/// What both databases call the same. `SQLite` keeps ids and digests as blobs, instants and dates as text.
fn family(declared: &str) -> &'static str {
    match declared.to_lowercase().as_str() {
        "blob" | "uuid" | "bytea" => "bytes",
        "text" | "date" | "timestamp with time zone" => "text",
        "integer" | "bigint" => "integer",
        "boolean" => "boolean",
        other => panic!("a type without a counterpart: {other}"),
    }
}

async fn of_sqlite(app: &TestApp) -> Schema {
    let Store::Sqlite { readers, .. } = &app.store else { panic!() };
    let mut schema = Schema::new();
    let rows = sqlx::query(
        "select t.name, c.name, c.type, c.\"notnull\" from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table' and t.name not like 'sqlite%' and t.name <> '_sqlx_migrations'",
    );
    for row in rows.fetch_all(readers).await.unwrap() {
        let (columns, _) = schema.entry(row.get(0)).or_default();
        columns.insert(row.get(1), (family(row.get(2)), row.get::<i64, _>(3) == 1));
    }
    let rows = sqlx::query(
        "select t.name, i.name, c.name from sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) c where t.type = 'table' and i.\"unique\" = 1 and t.name <> '_sqlx_migrations' order by 1, 2, c.seqno",
    );
    let mut keys: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for row in rows.fetch_all(readers).await.unwrap() {
        keys.entry((row.get(0), row.get(1))).or_default().push(row.get(2));
    }
    for ((table, _), columns) in keys {
        schema.get_mut(&table).unwrap().1.insert(columns);
    }
    // The key of a table by a single integer is SQLite's row id, and stands in no index.
    let rows = sqlx::query(
        "select t.name, c.name from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table' and t.name not like 'sqlite%' and c.pk = 1 and lower(c.type) = 'integer' and t.name <> '_sqlx_migrations'",
    );
    for row in rows.fetch_all(readers).await.unwrap() {
        schema.get_mut(&row.get::<String, _>(0)).unwrap().1.insert(vec![row.get(1)]);
    }
    schema
}

async fn of_postgres(app: &TestApp) -> Schema {
    let Store::Postgres { pool, .. } = &app.store else { panic!() };
    let mut schema = Schema::new();
    let rows = sqlx::query(
        "select table_name::text, column_name::text, data_type::text, is_nullable = 'NO' from information_schema.columns where table_schema = 'public' and table_name <> '_sqlx_migrations'",
    );
    for row in rows.fetch_all(pool).await.unwrap() {
        let (columns, _) = schema.entry(row.get(0)).or_default();
        columns.insert(row.get(1), (family(row.get(2)), row.get(3)));
    }
    let rows = sqlx::query(
        "select t.relname::text, i.indexrelid::bigint, a.attname::text from pg_index i join pg_class t on t.oid = i.indrelid
         join pg_namespace n on n.oid = t.relnamespace and n.nspname = 'public' cross join lateral unnest(i.indkey::int2[]) with ordinality k(number, position)
         join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number
         where i.indisunique and t.relname <> '_sqlx_migrations' order by 1, 2, k.position",
    );
    let mut keys: BTreeMap<(String, i64), Vec<String>> = BTreeMap::new();
    for row in rows.fetch_all(pool).await.unwrap() {
        keys.entry((row.get(0), row.get(1))).or_default().push(row.get(2));
    }
    for ((table, _), columns) in keys {
        schema.get_mut(&table).unwrap().1.insert(columns);
    }
    schema
}

/// Names of indices, triggers and foreign keys, as both write them.
async fn words(app: &TestApp, sql: &str) -> Vec<String> {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    match &app.store {
        Store::Sqlite { readers, .. } => sqlx::query_scalar(sql).fetch_all(readers).await.unwrap(),
        Store::Postgres { pool, .. } => sqlx::query_scalar(sql).fetch_all(pool).await.unwrap(),
    }
}

#[tokio::test]
async fn both_databases_have_the_same_tables_columns_and_unique_keys() {
    let (sqlite, postgres) = (TestApp::new(Db::Sqlite).await, TestApp::new(Db::Postgres).await);
    let (a, b) = (of_sqlite(&sqlite).await, of_postgres(&postgres).await);
    assert!(a.len() > 20);
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (table, expected) in &a {
        assert_eq!(expected, &b[table], "{table}");
    }
    let indices = (
        words(&sqlite, "select name from sqlite_master where type = 'index' and sql is not null order by 1").await,
        words(&postgres, "select c.relname::text from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid) order by 1").await,
    );
    assert_eq!(indices.0, indices.1);
    let references = (
        words(&sqlite, "select t.name || '.' || f.\"from\" || ' to ' || f.\"table\" from sqlite_master t, pragma_foreign_key_list(t.name) f where t.type = 'table' order by 1").await,
        words(&postgres, "select t.relname || '.' || a.attname || ' to ' || f.relname from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_class f on f.oid = c.confrelid join pg_attribute a on a.attrelid = t.oid and a.attnum = c.conkey[1] where c.contype = 'f' order by 1").await,
    );
    let sorted = |mut words: Vec<String>| {
        words.sort();
        words
    };
    assert_eq!(sorted(references.0), sorted(references.1));
    let triggers = (
        words(&sqlite, "select name from sqlite_master where type = 'trigger' order by 1").await,
        words(
            &postgres,
            "select tgname::text from pg_trigger where not tgisinternal and tgname not like '%truncate' order by 1",
        )
        .await,
    );
    assert_eq!(sorted(triggers.0), sorted(triggers.1));
    sqlite.finish().await;
    postgres.finish().await;
}

#[test]
fn both_folders_hold_migrations_of_the_same_names() {
    let names = |database: &str| -> BTreeSet<_> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(database);
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}
