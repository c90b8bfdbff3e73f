//! Templates of NDAs for groups of people. Their texts are documents of kind `nda`.

use super::{Db, Result, StoreError, Tx, exactly_one, on_db};
use crate::domain::{
    Instant,
    ids::{DocumentId, PersonId},
    locale::Bilingual,
    nda_template::{Audience, Group, Template},
    person::{Country, Line, PersonKind},
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// A criterion, read back as it was typed.
fn criterion<T>(stored: Option<String>, parse: impl Fn(&str) -> std::result::Result<T, crate::domain::problem::Problem>) -> Result<Option<T>> {
    stored.map(|raw| parse(&raw).map_err(|_| StoreError::Corrupt("NDA template"))).transpose()
}

fn audience(kind: Option<String>, country: Option<String>, department: Option<String>) -> Result<Audience> {
    Ok(Audience {
        kind: criterion(kind, PersonKind::parse)?,
        country: criterion(country, Country::parse)?,
        department: criterion(department, Line::known)?,
    })
}

fn group(kind: &str, country: &str, department: &str) -> Result<Group> {
    let corrupt = |_| StoreError::Corrupt("person");
    Ok(Group {
        kind: PersonKind::parse(kind).map_err(corrupt)?,
        country: Country::parse(country).map_err(corrupt)?,
        department: Line::known(department).map_err(corrupt)?,
    })
}

/// A template as HR sees it; the default one, which belongs to the requirement, has no name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateRow {
    pub document: DocumentId,
    /// None: the default template.
    pub name: Option<String>,
    pub audience: Audience,
    /// None: the default template.
    pub created_at: Option<Instant>,
    pub retired_at: Option<Instant>,
    /// None: nothing was published yet, so nobody gets it.
    pub published: Option<PublishedText>,
}

/// The newest published text of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedText {
    pub number: i64,
    pub at: Instant,
    pub title: Bilingual,
}

#[derive(FromRow)]
struct ListRow {
    id: Uuid,
    name: Option<String>,
    kind: Option<String>,
    country: Option<String>,
    department: Option<String>,
    created_at: Option<Instant>,
    retired_at: Option<Instant>,
    number: Option<i64>,
    published_at: Option<Instant>,
    title_de: Option<String>,
    title_en: Option<String>,
}

impl ListRow {
    fn into_template(self) -> Result<TemplateRow> {
        let title = self.title_de.zip(self.title_en).map(|(de, en)| Bilingual { de, en });
        let published = self
            .number
            .zip(self.published_at)
            .zip(title)
            .map(|((number, at), title)| PublishedText { number, at, title });
        Ok(TemplateRow {
            document: DocumentId(self.id),
            name: self.name,
            audience: audience(self.kind, self.country, self.department)?,
            created_at: self.created_at,
            retired_at: self.retired_at,
            published,
        })
    }
}

/// All templates, retired ones included: the default first, then the oldest.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &mut Db) -> Result<Vec<TemplateRow>> {
    let rows: Vec<ListRow> = on_db!(db, |c| sqlx::query_as(
        "select d.id, t.name, t.kind, t.country, t.department, t.created_at, t.retired_at, v.number, v.published_at, v.title_de, v.title_en
         from document d left join nda_template t on t.document_id = d.id
         left join document_version v on v.document_id = d.id
             and v.number = (select max(x.number) from document_version x where x.document_id = d.id)
         where t.document_id is not null or exists (select 1 from requirement r where r.kind = 'nda' and r.document_id = d.id and r.ended_at is null)
         order by t.created_at, d.id"
    )
    .fetch_all(c)
    .await?);
    let mut templates = rows.into_iter().map(ListRow::into_template).collect::<Result<Vec<_>>>()?;
    templates.sort_by_key(|template| (template.created_at, template.document));
    Ok(templates)
}

/// Makes a document the template of a group.
///
/// # Errors
/// When it is one already or the database refuses.
pub async fn insert(tx: &mut Tx, now: Instant, document: DocumentId, name: &Line, audience: &Audience) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into nda_template (document_id, name, kind, country, department, created_at) values ($1, $2, $3, $4, $5, $6)"
    )
    .bind(document.0)
    .bind(name.as_str())
    .bind(audience.kind.map(PersonKind::as_str))
    .bind(audience.country.as_ref().map(Country::as_str))
    .bind(audience.department.as_ref().map(Line::as_str))
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Gives a template in use another name and audience.
///
/// # Errors
/// `Stale` when there is no such template or it was retired.
pub async fn update(tx: &mut Tx, document: DocumentId, name: &Line, audience: &Audience) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update nda_template set name = $2, kind = $3, country = $4, department = $5 where document_id = $1 and retired_at is null"
    )
    .bind(document.0)
    .bind(name.as_str())
    .bind(audience.kind.map(PersonKind::as_str))
    .bind(audience.country.as_ref().map(Country::as_str))
    .bind(audience.department.as_ref().map(Line::as_str))
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Takes a template out of use.
///
/// # Errors
/// `Stale` when there is no such template or it was retired before.
pub async fn retire(tx: &mut Tx, now: Instant, document: DocumentId) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update nda_template set retired_at = $2 where document_id = $1 and retired_at is null"
    )
    .bind(document.0)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// What decides about somebody's text and stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    pub name: String,
    pub start_date: Date,
    pub group: Group,
    /// Templates in use that have a text; the default is not among them.
    pub templates: Vec<Template>,
}

#[derive(FromRow)]
struct RecipientRow {
    name: String,
    start_date: Date,
    kind: String,
    country: String,
    department: String,
    document_id: Option<Uuid>,
    for_kind: Option<String>,
    for_country: Option<String>,
    for_department: Option<String>,
    created_at: Option<Instant>,
}

/// Somebody with the templates that could be theirs.
///
/// # Errors
/// When the database refuses.
pub async fn find_recipient(db: &mut Db, person: PersonId) -> Result<Option<Recipient>> {
    let rows: Vec<RecipientRow> = on_db!(db, |c| sqlx::query_as(
        "select p.name, p.start_date, p.kind, p.country, p.department,
             t.document_id, t.kind as for_kind, t.country as for_country, t.department as for_department, t.created_at
         from person p left join nda_template t on t.retired_at is null and (t.kind is null or t.kind = p.kind)
             and (t.country is null or t.country = p.country)
             and exists (select 1 from document_version v where v.document_id = t.document_id)
         where p.id = $1"
    )
    .bind(person.0)
    .fetch_all(c)
    .await?);
    let mut recipient: Option<Recipient> = None;
    for row in rows {
        let template = row.document_id.zip(row.created_at);
        let for_whom = audience(row.for_kind, row.for_country, row.for_department)?;
        let entry = match &mut recipient {
            Some(recipient) => recipient,
            None => recipient.insert(Recipient {
                name: row.name,
                start_date: row.start_date,
                group: group(&row.kind, &row.country, &row.department)?,
                templates: Vec::new(),
            }),
        };
        entry.templates.extend(template.map(|(document, created_at)| Template {
            document: DocumentId(document),
            audience: for_whom,
            created_at,
        }));
    }
    Ok(recipient)
}

/// How many active people are in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRow {
    pub group: Group,
    pub people: i64,
    /// Who has yet to sign.
    pub unsigned: i64,
}

/// The groups that people who have not left by `today` are in.
///
/// # Errors
/// When the database refuses.
pub async fn list_groups(db: &mut Db, today: Date) -> Result<Vec<GroupRow>> {
    let rows: Vec<(String, String, String, i64, i64)> = on_db!(db, |c| sqlx::query_as(
        "select p.kind, p.country, p.department, count(*),
             count(case when exists (select 1 from assignment a join requirement r on r.id = a.requirement_id
                 where a.person_id = p.id and a.state = 'open' and r.kind = 'nda') then 1 end)
         from person p where p.end_date is null or p.end_date >= $1 group by p.kind, p.country, p.department order by 1, 2, 3"
    )
    .bind(today)
    .fetch_all(c)
    .await?);
    let row = |(kind, country, department, people, unsigned): (String, String, String, i64, i64)| {
        Ok(GroupRow {
            group: group(&kind, &country, &department)?,
            people,
            unsigned,
        })
    };
    rows.into_iter().map(row).collect()
}
