//! Which NDA is for whom: templates for groups of people. Their texts are written and published like any other document's.
//!
//! What somebody signed is never touched by this: a template decides only about those who have yet to sign.

use super::{Result, Subject, audit, desks::NdaTemplateDesk, found};
use crate::{
    domain::{
        Instant,
        audit::Action,
        ids::DocumentId,
        nda_template::{Audience, Group, Template, pick},
        person::Line,
        problem::{Conflict, Problems},
        slug::own_slug,
    },
    server::{
        ids::fresh,
        store::{
            documents,
            nda_templates::{self, GroupRow, TemplateRow},
        },
    },
};
use serde_json::{Value, json};

/// A template and how many people who are here get it now.
#[derive(Clone, Debug)]
pub struct TemplateUse {
    pub template: TemplateRow,
    pub people: i64,
}

/// A template on its own page.
#[derive(Clone, Debug)]
pub struct TemplatePage {
    pub template: TemplateRow,
    /// Who gets it now.
    pub people: i64,
    /// What saving the proposed audience would change; none when nothing is proposed.
    pub change: Option<Change>,
}

/// What a change of audience would mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Who would get it then.
    pub people: i64,
    /// Who has yet to sign and would get another text than now.
    pub moved: i64,
}

/// The fields of a template, as they came.
#[derive(Clone, Copy, Debug, Default)]
pub struct TemplateForm<'a> {
    pub name: &'a str,
    pub kind: &'a str,
    pub country: &'a str,
    pub department: &'a str,
}

impl TemplateForm<'_> {
    fn parse(&self) -> Result<(Line, Audience)> {
        let mut problems = Problems::default();
        let name = problems.take("name", Line::parse(self.name));
        let audience = match Audience::parse(self.kind, self.country, self.department) {
            Ok(audience) => Some(audience),
            Err(others) => {
                for problem in others.into_vec() {
                    problems.add(&problem.field, problem.problem);
                }
                None
            }
        };
        name.zip(audience).ok_or_else(|| problems.into())
    }
}

/// The templates that can be somebody's, the default included.
fn in_use(templates: &[TemplateRow]) -> Vec<Template> {
    let applies = |template: &&TemplateRow| template.retired_at.is_none() && template.published.is_some();
    let template = |row: &TemplateRow| Template {
        document: row.document,
        audience: row.audience.clone(),
        created_at: row.created_at.unwrap_or(Instant::UNIX_EPOCH),
    };
    templates.iter().filter(applies).map(template).collect()
}

fn whose(templates: &[Template], group: &Group) -> Option<DocumentId> {
    pick(templates, group).map(|template| template.document)
}

fn people_with(templates: &[Template], groups: &[GroupRow], document: DocumentId) -> i64 {
    let theirs = |row: &&GroupRow| whose(templates, &row.group) == Some(document);
    groups.iter().filter(theirs).map(|row| row.people).sum()
}

fn change(before: &[Template], groups: &[GroupRow], document: DocumentId, audience: &Audience) -> Change {
    let mut after = before.to_vec();
    for template in after.iter_mut().filter(|template| template.document == document) {
        template.audience = audience.clone();
    }
    let moved = groups.iter().filter(|row| whose(before, &row.group) != whose(&after, &row.group));
    Change {
        people: people_with(&after, groups, document),
        moved: moved.map(|row| row.unsigned).sum(),
    }
}

impl NdaTemplateDesk<'_> {
    /// All templates, the default first, with how many people get each.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(&self, now: Instant) -> Result<Vec<TemplateUse>> {
        let mut db = self.app.store().read().await?;
        let templates = nda_templates::list(&mut db).await?;
        let groups = nda_templates::list_groups(&mut db, now.date()).await?;
        let applying = in_use(&templates);
        let with_use = |template: TemplateRow| TemplateUse {
            people: people_with(&applying, &groups, template.document),
            template,
        };
        Ok(templates.into_iter().map(with_use).collect())
    }

    /// One template; with `proposed`, what its audience would change.
    ///
    /// # Errors
    /// `NotFound` for the default template too, as nobody chooses whom that is for.
    pub async fn get(&self, now: Instant, document: DocumentId, proposed: Option<&TemplateForm<'_>>) -> Result<TemplatePage> {
        let mut db = self.app.store().read().await?;
        let templates = nda_templates::list(&mut db).await?;
        let template = found(templates.iter().find(|row| row.document == document && row.name.is_some()))?.clone();
        let groups = nda_templates::list_groups(&mut db, now.date()).await?;
        let applying = in_use(&templates);
        let audience = proposed.and_then(|form| Audience::parse(form.kind, form.country, form.department).ok());
        Ok(TemplatePage {
            people: people_with(&applying, &groups, document),
            change: audience.map(|audience| change(&applying, &groups, document, &audience)),
            template,
        })
    }

    /// Adds a template without a text, which therefore is nobody's yet.
    ///
    /// # Errors
    /// `Invalid` with every problem.
    pub async fn create(&self, now: Instant, form: &TemplateForm<'_>) -> Result<DocumentId> {
        let (name, audience) = form.parse()?;
        let document = DocumentId(fresh());
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        documents::insert(&mut tx, document, "nda", &own_slug(&format!("NDA {}", name.as_str()), "nda", document.0)).await?;
        nda_templates::insert(&mut tx, now, document, &name, &audience).await?;
        let detail = described(&name, &audience);
        audit(
            &mut tx,
            now,
            Some(self.actor.account()),
            Action::NdaTemplateCreated,
            Subject::thing(document.0),
            detail,
        );
        tx.commit().await?;
        Ok(document)
    }

    /// Gives a template another name and audience. Who has signed is not affected.
    ///
    /// # Errors
    /// `Invalid` with every problem, `NotFound` for what is no template, `Conflict` for a retired one.
    pub async fn change(&self, now: Instant, document: DocumentId, form: &TemplateForm<'_>) -> Result<()> {
        let (name, audience) = form.parse()?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let before = found(nda_templates::list(&mut tx).await?.into_iter().find(|row| row.document == document))?;
        let old_name = found(before.name)?;
        if before.retired_at.is_some() {
            return Err(Conflict::Ended.into());
        }
        nda_templates::update(&mut tx, document, &name, &audience).await?;
        let from = json!({ "name": old_name, "audience": before.audience });
        let detail = json!({ "from": from.to_string(), "to": described(&name, &audience).to_string() });
        audit(
            &mut tx,
            now,
            Some(self.actor.account()),
            Action::NdaTemplateChanged,
            Subject::thing(document.0),
            detail,
        );
        Ok(tx.commit().await?)
    }

    /// Takes a template out of use. What was signed with it stays.
    ///
    /// # Errors
    /// `NotFound` for what is no template, `Conflict` when it was retired before.
    pub async fn retire(&self, now: Instant, document: DocumentId) -> Result<()> {
        self.actor.freshly_proved(now)?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let template = found(nda_templates::list(&mut tx).await?.into_iter().find(|row| row.document == document))?;
        let name = found(template.name)?;
        nda_templates::retire(&mut tx, now, document).await?;
        let detail = json!({ "name": name });
        audit(
            &mut tx,
            now,
            Some(self.actor.account()),
            Action::NdaTemplateRetired,
            Subject::thing(document.0),
            detail,
        );
        Ok(tx.commit().await?)
    }
}

fn described(name: &Line, audience: &Audience) -> Value {
    json!({ "name": name.as_str(), "audience": audience })
}
