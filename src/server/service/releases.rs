//! Publishing: a draft becomes a version that never changes. What it will do to how many people is counted before it is done, and
//! happens in the same transaction; what was accepted before stays on record.

use super::{
    Error, Result,
    desks::DocumentDesk,
    difference::{Part, difference},
    documents::digest_of,
    drafts::texts_of,
    found, when_stale,
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        course::reading_minutes,
        document::{DocumentKind, Texts, Weight},
        exemption::may_end_on,
        group::Group,
        ids::{DocumentId, DocumentVersionId, RequirementId},
        locale::{Bilingual, Locale},
        person::{Line, MAX_NOTE, iso_date, parse_date},
        problem::{Conflict, FieldProblem, Problem, Problems},
        requirement::{Basis, DueRule, Material, Recurrence, Requirement, RequirementKind},
        weekend::Weekend,
    },
    server::{
        ids::fresh,
        store::{
            Tx, dialect,
            documents::{self, DocumentVersion, Release},
            drafts::{self, Draft},
            requirements,
            rollout::{self, Group as Sharing, Reach},
        },
        zones,
    },
};
use serde_json::json;
use time::{Date, Duration};

/// How long somebody has to accept, unless the editor says otherwise.
const TIME_TO_ACCEPT: Duration = Duration::days(14);
/// By when newcomers have to accept a policy that is new.
const DUE: DueRule = DueRule::DaysAfterStart(14);

/// What publishing would do now.
#[derive(Clone, Debug)]
pub struct Publishing {
    pub kind: DocumentKind,
    pub draft: Draft,
    pub newest: Option<DocumentVersion>,
    /// While there are any, nothing is published.
    pub gaps: Vec<FieldProblem>,
    pub reach: Reach,
    /// By when a material version is to be accepted unless the editor says otherwise.
    pub suggested: Date,
}

impl Publishing {
    /// What changed since the newest version, in one language.
    pub fn difference(&self, locale: Locale) -> Vec<Part> {
        self.newest.as_ref().map_or_else(Vec::new, |newest| {
            let (old, new) = (texts_of(newest), &self.draft.texts);
            difference(&whole(&old, locale), &whole(new, locale))
        })
    }
}

/// Title and text, as they are compared.
pub fn whole(texts: &Texts, locale: Locale) -> String {
    format!("# {}\n\n{}", texts.title.get(locale), texts.body.get(locale))
}

/// The form as it was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReleaseForm<'a> {
    /// `material` or `minor`; asked of policies that were published before.
    pub weight: &'a str,
    /// Empty: today for a minor version, in two weeks for a material one.
    pub effective_on: &'a str,
    pub change_de: &'a str,
    pub change_en: &'a str,
}

struct Wanted {
    weight: Weight,
    effective_on: Date,
    change: Bilingual,
}

impl ReleaseForm<'_> {
    fn parse(&self, kind: DocumentKind, is_first: bool, today: Date) -> Result<Wanted> {
        let mut problems = Problems::default();
        let weight = match (kind, is_first) {
            // Who signed an NDA has signed it; a new text is for those who come.
            (DocumentKind::Nda, _) => Some(Weight::Minor),
            (DocumentKind::Policy, true) => Some(Weight::Material),
            (DocumentKind::Policy, false) => problems.take("weight", Weight::parse(self.weight)),
        };
        let effective_on = match self.effective_on.trim() {
            "" if weight == Some(Weight::Material) => Some(today + TIME_TO_ACCEPT),
            "" => Some(today),
            typed => problems.take(
                "effective_on",
                parse_date(typed).and_then(|date| if may_end_on(date, today) { Ok(date) } else { Err(Problem::NotWithinTwoYears) }),
            ),
        };
        let mut note = |field, raw: &str| match raw.trim() {
            "" => Some(String::new()),
            typed => problems.take(field, Line::parse_up_to(typed, MAX_NOTE)).map(Line::into_string),
        };
        let (de, en) = (note("change_de", self.change_de), note("change_en", self.change_en));
        match (weight, effective_on, de, en) {
            (Some(weight), Some(effective_on), Some(de), Some(en)) => {
                // What is said in one language is said in both.
                if de.is_empty() != en.is_empty() {
                    return Err(Error::field(if de.is_empty() { "change_de" } else { "change_en" }, Problem::Required));
                }
                Ok(Wanted {
                    weight,
                    effective_on,
                    change: Bilingual { de, en },
                })
            }
            _ => Err(problems.into()),
        }
    }
}

impl DocumentDesk<'_> {
    /// What publishing the draft would do now.
    ///
    /// # Errors
    /// `NotFound` when there is no draft that this editor may publish.
    pub async fn publishing(&self, now: Instant, id: DocumentId) -> Result<Publishing> {
        let mut db = self.app.store().read().await?;
        let edited = self.edited(&mut db, id).await?;
        let draft = found(edited.draft)?;
        let today = self.today(now);
        Ok(Publishing {
            kind: edited.kind,
            gaps: draft.texts.gaps(edited.kind).into_vec(),
            draft,
            newest: documents::find_newest(&mut db, id).await?,
            reach: rollout::reach(&mut db, id, today).await?,
            suggested: today + TIME_TO_ACCEPT,
        })
    }

    /// Publishes the draft of revision `seen`. Says how many people are asked to accept because of it.
    ///
    /// # Errors
    /// `Invalid` with every problem found, gaps of the draft among them; `Conflict` when the draft was changed since it was seen,
    /// or says nothing new.
    pub async fn publish(&self, now: Instant, id: DocumentId, seen: i64, form: ReleaseForm<'_>) -> Result<u64> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        dialect::begin_publishing(&mut tx).await?;
        let edited = self.edited(&mut tx, id).await?;
        let draft = edited.draft.ok_or(Conflict::DraftChanged)?;
        if draft.revision != seen {
            return Err(Conflict::DraftChanged.into());
        }
        let gaps = draft.texts.gaps(edited.kind);
        if !gaps.is_empty() {
            return Err(gaps.into());
        }
        let newest = documents::find_newest(&mut tx, id).await?;
        if newest.as_ref().is_some_and(|newest| texts_of(newest) == draft.texts) {
            return Err(Conflict::NothingNew.into());
        }
        let today = self.today(now);
        let mut wanted = form.parse(edited.kind, newest.is_none(), today)?;
        // What corrects a version that is not in force yet is not in force before it either.
        let in_force = newest
            .as_ref()
            .and_then(|newest| newest.release.effective_on)
            .filter(|_| wanted.weight == Weight::Minor);
        wanted.effective_on = in_force.map_or(wanted.effective_on, |date| date.max(wanted.effective_on));
        let number = newest.as_ref().map_or(1, |newest| newest.number + 1);
        documents::insert_version(&mut tx, &self.version(now, id, number, &draft.texts, &wanted)).await?;
        drafts::delete(&mut tx, id, seen).await.map_err(when_stale(Conflict::DraftChanged))?;
        let asked = match (edited.kind, wanted.weight) {
            (DocumentKind::Policy, Weight::Material) if newest.is_none() => {
                ask_everybody(&mut tx, now, today, (RequirementKind::Policy, id.into(), DUE), wanted.effective_on).await?
            }
            (DocumentKind::Policy, Weight::Material) => ask_again(&mut tx, now, today, (id.into(), DUE), wanted.effective_on).await?,
            (DocumentKind::Policy, Weight::Minor) | (DocumentKind::Nda, _) => 0,
        };
        let detail = json!({
            "title": draft.texts.title, "number": number, "weight": wanted.weight.as_str(), "effective_on": iso_date(wanted.effective_on), "asked": asked
        });
        self.note(&mut tx, now, Action::DocumentPublished, id, detail);
        tx.commit().await?;
        Ok(asked)
    }

    fn version(&self, now: Instant, document: DocumentId, number: i64, texts: &Texts, wanted: &Wanted) -> DocumentVersion {
        DocumentVersion {
            id: DocumentVersionId(fresh()),
            document,
            number,
            published_at: now,
            material: wanted.weight == Weight::Material,
            minutes: reading_minutes(&texts.body.de),
            sha256_de: digest_of(&texts.title.de, &texts.body.de),
            sha256_en: digest_of(&texts.title.en, &texts.body.en),
            title: texts.title.clone(),
            body: texts.body.clone(),
            release: Release {
                by: Some(self.actor.account()),
                effective_on: Some(wanted.effective_on),
                change: wanted.change.clone(),
            },
        }
    }

    fn today(&self, now: Instant) -> Date {
        zones::local_date(&self.app.settings().time_zone, now)
    }
}

/// Everybody who accepted or passed an earlier version does so again: by the effective date, newcomers by the day of their own rule
/// (the given one where there is none in force) if that is later. Yearly renewals that are open already are done by then as well.
pub(super) async fn ask_again(tx: &mut Tx, now: Instant, today: Date, (material, due): (Material, DueRule), effective_on: Date) -> Result<u64> {
    let listed = requirements::list(tx).await?;
    let in_force = listed.into_iter().find(|requirement| requirement.material == material);
    let due = in_force.map_or(due, |requirement| requirement.due);
    let newcomers_after = newcomers_after(due, effective_on);
    let mut asked = 0;
    for group in rollout::list_groups(tx, today, newcomers_after).await? {
        let deadline = zones::deadline_on(&group.time_zone, due_on(&group, due, today, effective_on));
        asked += rollout::ask_again(tx, material, today, newcomers_after, &group, deadline).await?;
        if group.start_date.is_none() {
            rollout::bring_renewals_forward(tx, now, material, &group.time_zone, deadline, "new version").await?;
        }
    }
    Ok(asked)
}

/// What nobody had to do before becomes one more item of everybody who is here, and of everybody who comes. It stands behind the
/// others of its kind.
pub(super) async fn ask_everybody(
    tx: &mut Tx,
    now: Instant,
    today: Date,
    (kind, material, due): (RequirementKind, Material, DueRule),
    effective_on: Date,
) -> Result<u64> {
    let listed = requirements::list(tx).await?;
    let of_kind = listed.iter().filter(|other| other.kind == kind);
    let behind = of_kind.map(|other| other.position).max().unwrap_or_default();
    requirements::make_room(tx, behind).await?;
    let requirement = Requirement {
        id: RequirementId(fresh()),
        kind,
        material,
        due,
        recurrence: Recurrence::Yearly,
        position: behind + 1,
        audience: Group::default(),
        instruction: None,
    };
    requirements::insert(tx, now, &requirement).await?;
    let newcomers_after = newcomers_after(due, effective_on);
    let mut asked = 0;
    for group in rollout::list_groups(tx, today, newcomers_after).await? {
        let deadline = zones::deadline_on(&group.time_zone, due_on(&group, due, today, effective_on));
        asked += rollout::ask_everybody(tx, requirement.id, today, newcomers_after, &group, deadline).await?;
    }
    Ok(asked)
}

/// Who starts after this day may have, by their own rule, longer than until the effective date. What is counted from the day on which
/// it is asked gives nobody longer.
fn newcomers_after(due: DueRule, effective_on: Date) -> Date {
    due.most_days_after_start().map_or(Date::MAX, |days| effective_on - Duration::days(days))
}

fn due_on(group: &Sharing, due: DueRule, today: Date, effective_on: Date) -> Date {
    let basis = |start| Basis {
        start,
        assigned_on: today,
        weekend: Weekend::of_country(group.country.as_deref().unwrap_or_default()),
    };
    group.start_date.map_or(effective_on, |start| due.due_on(basis(start)).max(effective_on))
}
