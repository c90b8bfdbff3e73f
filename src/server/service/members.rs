//! The password manager's list of members against the people on record: previewed, then taken over in one piece. An account
//! that is active with two-step login proves the enrolment; one that was proven and is gone is asked for again.
//!
//! The list that was applied last counts. Applying the same one again changes nothing. Deliberately absent: how lists are
//! decoded (`member_list`), what they change (`member_plan`), and whose a line is, which the store says for preview, reconciliation and checklist alike.

use super::{
    App, Error, Result, Subject, audit,
    desks::EnrolmentDesk,
    found,
    member_list::{self, LineProblem, Mapping, Member, Opened, Reading, Sheet},
    member_plan::{Outlook, Tally, carry_out, plan, plan_for, settle},
    people::PAGE,
    people_file::FileProblem,
    reading::{self, Turn, cut},
    roles,
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
            Page, Tx, dialect,
            members::{self, MemberList, NewList, NewMember},
            people::{self, PersonSummary, Scope, Search},
            reconciliation::{self, BucketKey, BucketRow, Match},
        },
    },
};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::mem;

/// Lines with problems that a page shows; nobody reads more.
const MAX_SHOWN: usize = 500;

/// What is looked at first.
const PRESSING: [Bucket; 5] = [Bucket::Left, Bucket::Unknown, Bucket::Missing, Bucket::TwoStep, Bucket::Invited];

/// What can be said about an uploaded file, as much of it as a page shows.
#[derive(Clone, Debug)]
pub enum Preview {
    /// It is no list at all.
    Unreadable(FileProblem),
    /// Some of its lines cannot be used, so none is: the first ones, and how many more there are.
    Refused(Vec<LineProblem>, usize),
    /// Which column holds what has to be said first.
    Unmapped { sheet: Sheet, guess: Mapping },
    /// What it would do. `is_known`: the list that counts is this very file.
    Ready { plan: Outlook, is_known: bool },
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
    pub async fn upload_members(&self, now: Instant, file_name: &str, content: Vec<u8>) -> Result<MemberListId> {
        let look = move || (!member_list::holds_passwords(&content)).then(|| (member_list::open(&content), Sha256::digest(&content).into(), content));
        let (turn, looked_at) = reading::turn().await?.take(look).await?;
        let (opened, sha256, content) = looked_at.ok_or_else(|| Error::field("file", Problem::HoldsPasswords))?;
        let id = MemberListId(fresh());
        let by = self.actor.account();
        let name: String = file_name.chars().filter(|c| !c.is_control()).take(100).collect();
        let reading = match opened {
            Ok(opened) => Some(read(self.app, turn, opened, name.clone()).await?.1),
            Err(_) => None,
        };
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let list = NewList {
            id,
            file_name: &name,
            sha256,
            content: &content,
            by,
        };
        members::insert_list(&mut tx, now, &list).await?;
        if let Some(Reading::Members(vendor, read)) = reading {
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
        let turn = reading::turn().await?;
        let mut db = self.app.store().read().await?;
        let mut list = found(members::find_list(&mut db, id).await?)?;
        if list.members > 0 {
            refuse_outdated(&list)?;
            let plan = plan(&mut db, now, id, None).await?.for_a_page();
            let is_known = is_known(&list);
            return Ok((list, Preview::Ready { plan, is_known }));
        }
        drop(db);
        let content = mem::take(&mut list.content);
        let (turn, opened) = turn.take(move || member_list::open(&content)).await?;
        let preview = match opened {
            Err(problem) => Preview::Unreadable(problem),
            Ok(opened) => {
                // Held until all is let go that a page does not show.
                let (_turn, reading, sheet) = read(self.app, turn, opened, list.file_name.clone()).await?;
                match (reading, sheet) {
                    (Reading::Refused(problems), _) => refused(problems),
                    (_, Some((sheet, guess))) => Preview::Unmapped {
                        sheet: sheet.for_a_page(),
                        guess,
                    },
                    _ => return Err(Conflict::PreviewGone.into()),
                }
            }
        };
        Ok((list, preview))
    }

    /// Takes a list over, all of it or nothing; what it says about whoever takes it over is somebody else's, see `plan_for`.
    /// `enforced`: where it does not say whether two-step login is on, the vendor demands it of everyone, for which whoever applies it
    /// stands by name. None: there was nothing to change, and nothing was.
    ///
    /// The list that counts already can be applied again, for people who were added since.
    ///
    /// # Errors
    /// `ProofTooOld`; `Conflict` when it cannot be read yet, or a newer list was applied meanwhile.
    pub async fn apply_members(&self, now: Instant, id: MemberListId, enforced: bool) -> Result<Option<Tally>> {
        self.actor.freshly_proved(now)?;
        let by = self.actor.account();
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let list = found(members::find_list(&mut tx, id).await?)?;
        if list.members == 0 {
            return Err(Conflict::NotYet.into());
        }
        refuse_outdated(&list)?;
        if enforced && list.applied.is_none() {
            members::mark_two_step_enforced(&mut tx, id).await?;
        }
        let mut planned = plan_for(&mut tx, now, self.actor, id, None).await?;
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
        planned = plan_for(&mut tx, now, self.actor, id, None).await?;
        let tally = carry_out(&mut tx, now, self.actor, &list, planned).await?;
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
    /// `NotFound` for a line or a person that does not exist; `Conflict` for oneself where somebody else could.
    pub async fn remember_member(&self, now: Instant, email: &str, who: Remembered) -> Result<()> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (list, before) = self.line_for_change(&mut tx, email).await?;
        let by = self.actor.account();
        let mut detail = json!({ "email": before.email });
        if let Remembered::Person(person) = who {
            found(people::find_for_change(&mut tx, person).await?)?;
            let alone = roles::attest(&mut tx, now, self.actor, person, Permission::ConfirmPasswordManager).await?;
            detail["alone"] = json!(alone);
        }
        members::upsert_match(&mut tx, now, &before.email, who, by).await?;
        let (action, subject) = match who {
            Remembered::Person(person) => (Action::MemberMatched, Subject::about(list.id.0, person)),
            Remembered::NotOurs => (Action::MemberSetAside, Subject::thing(list.id.0)),
        };
        audit(&mut tx, now, Some(by), action, subject, detail);
        settle(&mut tx, now, self.actor, &list, &before).await?;
        Ok(tx.commit().await?)
    }

    /// Takes back what was said by hand about a line.
    ///
    /// # Errors
    /// `NotFound` for a line that does not exist, `Conflict` when nothing was said about it.
    pub async fn forget_member(&self, now: Instant, email: &str) -> Result<()> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (list, before) = self.line_for_change(&mut tx, email).await?;
        let by = self.actor.account();
        members::delete_match(&mut tx, &before.email).await?;
        let subject = before.person.map_or(Subject::thing(list.id.0), |person| Subject::about(list.id.0, person));
        audit(&mut tx, now, Some(by), Action::MemberMatchForgotten, subject, json!({ "email": before.email }));
        settle(&mut tx, now, self.actor, &list, &before).await?;
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

fn refused(mut problems: Vec<LineProblem>) -> Preview {
    let hidden = problems.len().saturating_sub(MAX_SHOWN);
    problems.truncate(MAX_SHOWN);
    problems.shrink_to_fit();
    for problem in &mut problems {
        cut(&mut problem.value);
    }
    Preview::Refused(problems, hidden)
}

/// Reads an opened file: a sheet by what was said about its header before, else by the names of its columns. Also returns the sheet
/// and by which mapping it was read.
async fn read(app: &App, turn: Turn, opened: Opened, file_name: String) -> Result<(Turn, Reading, Option<(Sheet, Mapping)>)> {
    let sheet = match opened {
        Opened::Json(json) => {
            let (turn, reading) = turn.take(move || json.read()).await?;
            return Ok((turn, reading, None));
        }
        Opened::Sheet(sheet) => sheet,
    };
    let remembered = members::find_mapping(&mut app.store().read().await?, &sheet.fingerprint()).await?;
    let remembered = remembered.and_then(|json| serde_json::from_str(&json).ok());
    let by_mapping = move || {
        let mapping = remembered.unwrap_or_else(|| sheet.guess(&file_name));
        (sheet.read(&mapping), Some((sheet, mapping)))
    };
    let (turn, (reading, sheet)) = turn.take(by_mapping).await?;
    Ok((turn, reading, sheet))
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
