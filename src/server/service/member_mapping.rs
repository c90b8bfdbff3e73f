//! Saying which column of an uploaded list of members holds what, and what its values mean: asked once, remembered for every
//! file with the same header.

use super::{
    Error, Result, Subject, audit,
    desks::EnrolmentDesk,
    found,
    member_list::{self, Mapping, Opened, Reading, Sheet},
    members::fill,
    reading,
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        ids::MemberListId,
        member::{MemberStatus, TwoStep, Vendor},
        problem::{Conflict, Problem, Problems},
    },
    server::store::members,
};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

/// The choice for a list without a status: whoever is in it is active.
pub const ALL_ACTIVE: &str = "all-active";

/// What was chosen. Columns are positions from 0; `statuses` and `two_steps` say what the column's different values mean, by
/// their position in `Sheet::values`.
#[derive(Clone, Debug, Default)]
pub struct MappingForm {
    pub vendor: String,
    pub email: String,
    /// Or [`ALL_ACTIVE`].
    pub status: String,
    /// Empty: the list does not say.
    pub two_step: String,
    pub statuses: HashMap<String, String>,
    pub two_steps: HashMap<String, String>,
}

impl EnrolmentDesk<'_> {
    /// Says which column of an uploaded list holds what, and what its values mean.
    ///
    /// # Errors
    /// `Invalid` with every column and value that is still unclear; `Conflict` for a list that was read before.
    pub async fn map_members(&self, now: Instant, id: MemberListId, form: &MappingForm) -> Result<()> {
        let turn = reading::turn().await?;
        let list = found(members::find_list(&mut self.app.store().read().await?, id).await?)?;
        let form = form.clone();
        let read = move || -> Result<_> {
            let Ok(Opened::Sheet(sheet)) = member_list::open(&list.content) else {
                return Err(Conflict::PreviewGone.into());
            };
            let mapping = form.parse(&sheet, &list.file_name)?;
            Ok((sheet.fingerprint(), sheet.read(&mapping), mapping))
        };
        let (fingerprint, reading, mapping) = turn.take(read).await?.1?;
        let by = self.actor.account();
        let stored = serde_json::to_string(&mapping).map_err(|error| Error::Internal(Box::new(error)))?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        members::upsert_mapping(&mut tx, now, &fingerprint, &stored, by).await?;
        if let Reading::Members(vendor, read) = reading {
            fill(&mut tx, id, vendor, &read).await?;
        }
        let detail = json!({ "vendor": mapping.vendor });
        audit(&mut tx, now, Some(by), Action::MemberListMapped, Subject::thing(id.0), detail);
        Ok(tx.commit().await?)
    }
}

impl MappingForm {
    /// The columns that were chosen, without what their values mean.
    #[must_use]
    pub fn columns(&self, sheet: &Sheet, file_name: &str) -> Mapping {
        let column = |raw: &str| raw.parse::<usize>().ok().filter(|column| *column < sheet.header.len());
        let guess = sheet.guess(file_name);
        Mapping {
            vendor: Vendor::from_word(&self.vendor).unwrap_or(guess.vendor),
            email: column(&self.email),
            status: column(&self.status),
            all_active: self.status == ALL_ACTIVE,
            two_step: column(&self.two_step),
            ..guess
        }
    }

    fn parse(&self, sheet: &Sheet, file_name: &str) -> Result<Mapping> {
        let columns = self.columns(sheet, file_name);
        let mut problems = Problems::default();
        if columns.email.is_none() {
            problems.add("email", Problem::NotChosen);
        }
        if columns.status.is_none() && !columns.all_active {
            problems.add("status", Problem::NotChosen);
        }
        let status = ("status", "statuses", columns.status);
        let statuses = meanings(
            sheet,
            status,
            &self.statuses,
            MemberStatus::from_word,
            |value| columns.status_of(value),
            &mut problems,
        );
        let two_step = ("two_step", "two_steps", columns.two_step);
        let two_steps = meanings(
            sheet,
            two_step,
            &self.two_steps,
            TwoStep::from_word,
            |value| columns.two_step_of(value),
            &mut problems,
        );
        if problems.is_empty() {
            Ok(Mapping {
                statuses,
                two_steps,
                ..columns
            })
        } else {
            Err(problems.into())
        }
    }
}

/// What the values of a column mean: as chosen, else as known. `names` are those of the column's field and of its values' fields.
fn meanings<T>(
    sheet: &Sheet,
    (field, fields, column): (&str, &str, Option<usize>),
    chosen: &HashMap<String, String>,
    from_word: fn(&str) -> Option<T>,
    known: impl Fn(&str) -> Option<T>,
    problems: &mut Problems,
) -> BTreeMap<String, T> {
    let Some(column) = column else { return BTreeMap::new() };
    let Some(values) = sheet.values(column) else {
        problems.add(field, Problem::NotAMemberStatus);
        return BTreeMap::new();
    };
    let mut meanings = BTreeMap::new();
    for (position, value) in values.iter().enumerate() {
        match chosen.get(&position.to_string()).and_then(|word| from_word(word)).or_else(|| known(value)) {
            Some(meaning) => {
                meanings.insert(value.to_owned(), meaning);
            }
            None => problems.add(&format!("{fields}[{position}]"), Problem::NotChosen),
        }
    }
    meanings
}
