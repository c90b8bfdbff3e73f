//! The password manager's list of members against the people on record: previewed, then taken over in one piece. An account
//! that is active with two-step login proves the enrolment; one that was proven and is gone is asked for again.
//!
//! The list that was applied last counts. Applying the same one again changes nothing. Deliberately absent: how lists are
//! decoded (`member_list`), what they change (`member_plan`), and whose a line is, which the store says for preview, reconciliation and checklist alike.

use super::{
    Error, Result, Subject, audit,
    desks::EnrolmentDesk,
    found,
    member_list::{self, LineProblem, Mapping, Member, Opened, Reading, Sheet},
    member_plan::{Plan, Tally, carry_out, plan, settle},
    people::PAGE,
    people_file::FileProblem,
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        ids::{MemberListId, PersonId},
        member::{Bucket, Remembered, Vendor},
        problem::{Conflict, Problem},
        roles::Permission,
    },
    server::{
        ids::fresh,
        store::{
            Db, Page, Tx, dialect,
            members::{self, MemberList, NewList, NewMember},
            people::{self, PersonSummary, Scope, Search},
            reconciliation::{self, BucketKey, BucketRow, Match},
        },
    },
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// What is looked at first.
const PRESSING: [Bucket; 5] = [Bucket::Left, Bucket::Unknown, Bucket::Missing, Bucket::TwoStep, Bucket::Invited];

/// What can be said about an uploaded file.
#[derive(Clone, Debug)]
pub enum Preview {
    /// It is no list at all.
    Unreadable(FileProblem),
    /// Some of its lines cannot be used, so none is.
    Refused(Vec<LineProblem>),
    /// Which column holds what has to be said first.
    Unmapped { sheet: Sheet, guess: Mapping },
    /// What it would do. `is_known`: the list that counts is this very file.
    Ready { plan: Plan, is_known: bool },
}

/// The page of the reconciliation.
#[derive(Clone, Debug)]
pub struct Reconciliation {
    pub list: MemberList,
    pub counts: Vec<(Bucket, i64)>,
    /// The one that is shown.
    pub bucket: Bucket,
    pub page: Page<BucketRow>,
}

impl EnrolmentDesk<'_> {
    /// Keeps an uploaded list for its preview.
    ///
    /// # Errors
    /// `Invalid` for a file with passwords, of which nothing is kept.
    pub async fn upload_members(&self, now: Instant, file_name: &str, content: &[u8]) -> Result<MemberListId> {
        if member_list::holds_passwords(content) {
            return Err(Error::field("file", Problem::HoldsPasswords));
        }
        let id = MemberListId(fresh());
        let by = self.actor.account();
        let name: String = file_name.chars().filter(|c| !c.is_control()).take(100).collect();
        let mut tx = self.app.store().begin().await?;
        let list = NewList {
            id,
            file_name: &name,
            sha256: Sha256::digest(content).into(),
            content,
            by,
        };
        members::insert_list(&mut tx, now, &list).await?;
        if let Ok(opened) = member_list::open(content)
            && let (Reading::Members(vendor, read), _) = read(&mut tx, &opened, &name).await?
        {
            fill(&mut tx, id, vendor, &read).await?;
        }
        let detail = json!({ "bytes": content.len() });
        audit(&mut tx, now, Some(by), Action::MemberListPreviewed, Subject::thing(id.0), detail);
        tx.commit().await?;
        Ok(id)
    }

    /// What an uploaded list would do, or what stands in its way. Of those applied, the one that counts can be looked at.
    ///
    /// # Errors
    /// `Conflict` when a newer list was applied.
    pub async fn preview_members(&self, now: Instant, id: MemberListId) -> Result<(MemberList, Preview)> {
        let mut db = self.app.store().read().await?;
        let list = found(members::find_list(&mut db, id).await?)?;
        let preview = if list.members > 0 {
            refuse_outdated(&list)?;
            Preview::Ready {
                plan: plan(&mut db, now, id, None).await?,
                is_known: is_known(&list),
            }
        } else {
            match member_list::open(&list.content) {
                Err(problem) => Preview::Unreadable(problem),
                Ok(opened) => match (read(&mut db, &opened, &list.file_name).await?, opened) {
                    ((Reading::Refused(problems), _), _) => Preview::Refused(problems),
                    ((_, Some(guess)), Opened::Sheet(sheet)) => Preview::Unmapped { sheet, guess },
                    _ => return Err(Conflict::PreviewGone.into()),
                },
            }
        };
        Ok((list, preview))
    }

    /// Takes a list over, all of it or nothing. `enforced`: where it does not say whether two-step login is on, the vendor
    /// demands it of everyone, for which whoever applies it stands by name. None: there was nothing to change, and nothing was.
    ///
    /// The list that counts already can be applied again, for people who were added since.
    ///
    /// # Errors
    /// `Conflict` when it cannot be read yet, or a newer list was applied meanwhile.
    pub async fn apply_members(&self, now: Instant, id: MemberListId, enforced: bool) -> Result<Option<Tally>> {
        let by = self.actor.account();
        let mut tx = self.app.store().begin().await?;
        let list = found(members::find_list(&mut tx, id).await?)?;
        if list.members == 0 {
            return Err(Conflict::NotYet.into());
        }
        refuse_outdated(&list)?;
        if enforced && list.applied.is_none() {
            members::mark_two_step_enforced(&mut tx, id).await?;
        }
        let mut planned = plan(&mut tx, now, id, None).await?;
        if is_known(&list) && planned.moves.is_empty() {
            return Ok(None);
        }
        if list.applied.is_none() {
            members::mark_applied(&mut tx, now, id, by).await?;
        }
        let mut concerned: Vec<PersonId> = planned.moves.iter().map(|(item, _)| item.person).collect();
        concerned.sort_unstable();
        for person in concerned {
            dialect::lock_person(&mut tx, person).await?;
        }
        // Read again under the locks: what is decided on must be what is written on.
        planned = plan(&mut tx, now, id, None).await?;
        let tally = planned.tally();
        for (item, change) in planned.moves {
            carry_out(&mut tx, now, by, &list, &item, change).await?;
        }
        let detail = json!({
            "members": list.members, "enrolled": tally.enrolled, "proven": tally.proven, "reopened": tally.reopened, "two_step_enforced": enforced,
        });
        audit(&mut tx, now, Some(by), Action::MemberListApplied, Subject::thing(id.0), detail);
        tx.commit().await?;
        Ok(Some(tally))
    }

    /// The list that counts, how many stand in each bucket, and a page of one: the one asked for, else the most pressing that
    /// anybody is in. None: no list was ever applied.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn reconciliation(&self, now: Instant, asked: Option<Bucket>, after: Option<&BucketKey>) -> Result<Option<Reconciliation>> {
        let mut db = self.app.store().read().await?;
        let Some(list) = members::find_newest_applied(&mut db).await? else {
            return Ok(None);
        };
        let counts = reconciliation::count_by_bucket(&mut db, list.id, now).await?;
        let pressing = PRESSING
            .into_iter()
            .find(|bucket| counts.iter().any(|(other, count)| other == bucket && *count > 0));
        let bucket = asked.or(pressing).unwrap_or(Bucket::Enrolled);
        let page = reconciliation::list_bucket(&mut db, list.id, now, bucket, after, PAGE).await?;
        Ok(Some(Reconciliation { list, counts, bucket, page }))
    }

    /// A line of the list that counts, and people it may belong to: found by `words`, or where those are empty by its name.
    ///
    /// # Errors
    /// `NotFound` when the list has no such line.
    pub async fn member(&self, now: Instant, email: &str, words: &str) -> Result<(Match, Page<PersonSummary>)> {
        let mut db = self.app.store().read().await?;
        let list = found(members::find_newest_applied(&mut db).await?)?;
        let line = found(reconciliation::find_match(&mut db, list.id, email).await?)?;
        let search = Search {
            words: if words.is_empty() { &line.name } else { words },
            private: self.actor.may(Permission::ReadContact),
        };
        let people = people::list(&mut db, Scope::All, &search, now, None, PAGE).await?;
        Ok((line, people))
    }

    /// Says whose a line of the list is, for this list and all that follow. What the list says about them holds at once.
    ///
    /// # Errors
    /// `NotFound` for a line or a person that does not exist.
    pub async fn remember_member(&self, now: Instant, email: &str, who: Remembered) -> Result<()> {
        let mut tx = self.app.store().begin().await?;
        let (list, before) = self.line_for_change(&mut tx, email).await?;
        let by = self.actor.account();
        if let Remembered::Person(person) = who {
            found(people::find_for_change(&mut tx, person).await?)?;
        }
        members::upsert_match(&mut tx, now, &before.email, who, by).await?;
        let (action, subject) = match who {
            Remembered::Person(person) => (Action::MemberMatched, Subject::about(list.id.0, person)),
            Remembered::NotOurs => (Action::MemberSetAside, Subject::thing(list.id.0)),
        };
        audit(&mut tx, now, Some(by), action, subject, json!({ "email": before.email }));
        settle(&mut tx, now, by, &list, &before).await?;
        Ok(tx.commit().await?)
    }

    /// Takes back what was said by hand about a line.
    ///
    /// # Errors
    /// `NotFound` for a line that does not exist, `Conflict` when nothing was said about it.
    pub async fn forget_member(&self, now: Instant, email: &str) -> Result<()> {
        let mut tx = self.app.store().begin().await?;
        let (list, before) = self.line_for_change(&mut tx, email).await?;
        let by = self.actor.account();
        members::delete_match(&mut tx, &before.email).await?;
        let subject = before.person.map_or(Subject::thing(list.id.0), |person| Subject::about(list.id.0, person));
        audit(&mut tx, now, Some(by), Action::MemberMatchForgotten, subject, json!({ "email": before.email }));
        settle(&mut tx, now, by, &list, &before).await?;
        Ok(tx.commit().await?)
    }

    async fn line_for_change(&self, tx: &mut Tx, email: &str) -> Result<(MemberList, Match)> {
        let list = found(members::find_newest_applied(tx).await?)?;
        let line = found(reconciliation::find_match(tx, list.id, email).await?)?;
        if let Some(person) = line.person {
            dialect::lock_person(tx, person).await?;
        }
        Ok((list, line))
    }
}

/// Reads an opened file: a sheet by what was said about its header before, else by the names of its columns. Also returns by
/// which mapping.
async fn read(db: &mut Db, opened: &Opened, file_name: &str) -> Result<(Reading, Option<Mapping>)> {
    let sheet = match opened {
        Opened::Json(json) => return Ok((json.read(), None)),
        Opened::Sheet(sheet) => sheet,
    };
    let remembered = members::find_mapping(db, &sheet.fingerprint()).await?;
    let mapping = remembered
        .and_then(|json| serde_json::from_str(&json).ok())
        .unwrap_or_else(|| sheet.guess(file_name));
    Ok((sheet.read(&mapping), Some(mapping)))
}

/// Writes down whom a list names.
pub(super) async fn fill(tx: &mut Tx, id: MemberListId, vendor: Vendor, read: &[Member]) -> Result<()> {
    let rows: Vec<NewMember<'_>> = read
        .iter()
        .map(|member| NewMember {
            line: member.line,
            email: member.email.as_str(),
            name: &member.name,
            listing: member.listing,
        })
        .collect();
    Ok(members::fill_list(tx, id, vendor, &rows).await?)
}

/// Only the newest counts: taking over an older list would undo what a newer one proved.
fn refuse_outdated(list: &MemberList) -> Result<()> {
    let is_outdated = list.newest.is_some_and(|newest| match list.applied {
        Some(_) => newest.id != list.id,
        None => newest.applied_at > list.uploaded_at,
    });
    if is_outdated { Err(Conflict::PreviewGone.into()) } else { Ok(()) }
}

/// Whether the list that counts is this very file.
fn is_known(list: &MemberList) -> bool {
    list.newest.is_some_and(|newest| newest.sha256 == list.sha256)
}
