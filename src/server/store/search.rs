//! Finding people, accounts and titles by words.
//!
//! There is no index for it: a scan for a word takes 20 to 40 ms among 100,000 people on either database, one for the pieces of a
//! word with a slip 45 to 60 ms (`domain::search`), and a table of trigrams would be written with every change of a name.

use super::{
    Db, Result, on_db,
    people::{Scope, literal},
    searchable,
};
use crate::domain::search::{MOST_WORDS, Query};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// A person who was found.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct FoundPerson {
    pub id: Uuid,
    pub name: String,
    pub department: String,
    pub job_title: String,
    pub end_date: Option<Date>,
    /// What they were found by.
    pub search_text: String,
}

/// Something else that was found.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct FoundThing {
    /// `account`, `policy`, `nda` or `course`.
    pub what: String,
    pub id: Uuid,
    /// An account's name in both.
    pub name_de: String,
    pub name_en: String,
    /// What an account was found by, be it its whole address; empty for a title.
    pub search_text: String,
}

/// What a reader may find besides people.
#[expect(clippy::struct_excessive_bools, reason = "each is one independent right")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Findable {
    pub accounts: bool,
    pub policies: bool,
    pub ndas: bool,
    pub courses: bool,
}

/// Patterns that together ask for every word; the ones too many ask for nothing.
fn patterns(query: &Query) -> [String; MOST_WORDS] {
    let mut patterns = [const { String::new() }; MOST_WORDS];
    for (index, pattern) in patterns.iter_mut().enumerate() {
        *pattern = query.words().get(index).map_or_else(|| "%".to_owned(), |word| format!("%{}%", literal(word)));
    }
    patterns
}

/// People who are found by every word as it was typed, those first whose name begins with the first of them. `private` is a private
/// address, as it is stored, by which a person is found as well.
///
/// # Errors
/// When the database refuses.
pub async fn list_people(db: &mut Db, scope: Scope, query: &Query, private: Option<&str>, limit: i64) -> Result<Vec<FoundPerson>> {
    let (manager, own) = scope.bindings();
    let [one, two, three, four] = patterns(query);
    let first = literal(&query.words()[0]);
    Ok(on_db!(db, |c| {
        sqlx::query_as(
        "select p.id, p.name, p.department, p.job_title, p.end_date, p.search_text from person p
         where ($1 is null or p.manager_id = $1) and ($2 is null or p.id = $2)
             and ((p.search_text like $3 escape '!' and p.search_text like $4 escape '!' and p.search_text like $5 escape '!' and p.search_text like $6 escape '!')
                 or p.private_email = $7)
         order by case when p.search_text like $8 escape '!' then 0 when p.search_text like $9 escape '!' then 1 when p.search_text like $10 escape '!' then 2 else 3 end,
             p.sort_name, p.id limit $11"
    )
    .bind(manager)
    .bind(own)
    .bind(one)
    .bind(two)
    .bind(three)
    .bind(four)
    .bind(private)
    .bind(format!("{first} %"))
    .bind(format!("{first}%"))
    .bind(format!("% {first}%"))
    .bind(limit)
    .fetch_all(c)
    .await?
    }))
}

/// People who may be found if a slip is forgiven: those who have a piece of the longest word.
///
/// # Errors
/// When the database refuses.
pub async fn list_people_nearly(db: &mut Db, scope: Scope, pieces: &[String; 3], limit: i64) -> Result<Vec<FoundPerson>> {
    let (manager, own) = scope.bindings();
    let [one, two, three] = pieces.each_ref().map(|piece| format!("%{}%", literal(piece)));
    Ok(on_db!(db, |c| sqlx::query_as(
        "select p.id, p.name, p.department, p.job_title, p.end_date, p.search_text from person p
         where ($1 is null or p.manager_id = $1) and ($2 is null or p.id = $2)
             and (p.search_text like $3 escape '!' or p.search_text like $4 escape '!' or p.search_text like $5 escape '!')
         order by p.sort_name, p.id limit $6"
    )
    .bind(manager)
    .bind(own)
    .bind(one)
    .bind(two)
    .bind(three)
    .bind(limit)
    .fetch_all(c)
    .await?))
}

/// Accounts that may be meant, by every word or by a piece of the longest, and all titles of what the reader writes: there are few
/// of those. `address` is one of an account that is nobody's, as it is stored.
///
/// # Errors
/// When the database refuses.
pub async fn list_things(db: &mut Db, findable: Findable, query: &Query, address: Option<&str>, limit: i64) -> Result<Vec<FoundThing>> {
    let [one, two, three, four] = patterns(query);
    let [first, second, swapped] = query
        .pieces()
        .map(|pieces| pieces.map(|piece| Some(format!("%{}%", literal(&piece)))))
        .unwrap_or_default();
    Ok(on_db!(db, |c| {
        sqlx::query_as(concat!(
            "select what, id, name_de, name_en, search_text from (
             select 'account' as what, a.id as id, a.name as name_de, a.name as name_en,
                 case when a.person_id is null and a.email = $5 then $14 else a.search_text end as search_text, a.sort_name as sort_name,
                 case when a.search_text like $1 escape '!' and a.search_text like $2 escape '!'
                     and a.search_text like $3 escape '!' and a.search_text like $4 escape '!' then 0 else 1 end as place
             from (select x.id, x.name, x.email, x.person_id, x.sort_name, coalesce(p.search_text, ",
            searchable!("x.sort_name"),
            ") as search_text from account x left join person p on p.id = x.person_id) a
             where $9 and ((a.search_text like $1 escape '!' and a.search_text like $2 escape '!'
                     and a.search_text like $3 escape '!' and a.search_text like $4 escape '!')
                 or (a.person_id is null and a.email = $5)
                 or a.search_text like $6 escape '!' or a.search_text like $7 escape '!' or a.search_text like $8 escape '!')
             union all
             select d.kind, d.id, coalesce(v.title_de, t.title_de, d.slug), coalesce(v.title_en, t.title_en, d.slug), '', d.slug, 0
             from document d left join document_draft t on t.document_id = d.id
             left join document_version v on v.document_id = d.id
                 and v.number = (select max(n.number) from document_version n where n.document_id = d.id)
             where (d.kind = 'policy' and $10) or (d.kind = 'nda' and $11)
             union all
             select 'course', k.id, coalesce(v.title_de, k.slug), coalesce(v.title_en, k.slug), '', k.slug, 0
             from course k left join course_version v on v.course_id = k.id
                 and v.number = (select max(n.number) from course_version n where n.course_id = k.id)
             where $12
             ) found order by place, what, sort_name, id limit $13"
        ))
        .bind(one)
        .bind(two)
        .bind(three)
        .bind(four)
        .bind(address)
        .bind(first)
        .bind(second)
        .bind(swapped)
        .bind(findable.accounts)
        .bind(findable.policies)
        .bind(findable.ndas)
        .bind(findable.courses)
        .bind(limit)
        .bind(query.words().join(" "))
        .fetch_all(c)
        .await?
    }))
}
