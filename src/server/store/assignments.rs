//! Assignments: one person's instances of requirements, with the title and the minutes of what is to be read.

use super::{Db, Result, StoreError, Tx, consent, exactly_one, members::listing, on_db, people::Scope, requirements::confirmer};
use crate::domain::{
    Instant,
    assignment::{Cause, EndReason, State},
    check_profile::Consent,
    deadlines::Deadline,
    ids::{AssignmentId, CourseId, DocumentId, PersonId, RequirementId},
    locale::Bilingual,
    member::Listing,
    requirement::{Confirmer, DueRule, Material, Recurrence, RequirementKind},
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// An assignment with what its requirement says.
#[expect(clippy::struct_excessive_bools, reason = "each is one independent fact")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub id: AssignmentId,
    pub person: PersonId,
    pub person_name: String,
    /// IANA name of the zone in which the person works, and reads dates.
    pub time_zone: String,
    pub requirement: RequirementId,
    /// 1 for the first time; the highest is the one that counts.
    pub cycle: i64,
    /// Why this cycle exists.
    pub cause: Cause,
    pub kind: RequirementKind,
    pub material: Material,
    pub due: DueRule,
    pub recurrence: Recurrence,
    /// Who confirms an instruction; none where the person's word is enough, and of all other kinds.
    pub confirmed_by: Option<Confirmer>,
    /// The person uploaded something for an instruction.
    pub has_file: bool,
    pub deadline: Deadline,
    /// The day on which it was asked, where the person works; none where only the due date is known.
    pub assigned_on: Option<Date>,
    /// Since when the rule asks it of the person no more.
    pub outside_since: Option<Instant>,
    /// Since when it counts for another employment than the one in which it was done.
    pub carried_over_at: Option<Instant>,
    /// The due date before it was first moved.
    pub first_due_on: Option<Date>,
    pub state: State,
    /// The deciding act came too late. Never taken back.
    pub late: bool,
    /// HR lets the person start although this NDA is not signed.
    pub starts_without: bool,
    /// Somebody asked for an exemption, and nobody has decided yet.
    pub exemption_requested: bool,
    /// A list of the password manager's vendor proves it.
    pub on_vendor_list: bool,
    /// What the vendor's newest list says about the person; only for the password manager.
    pub listing: Option<Listing>,
    /// What the person answered when asked to agree to a check.
    pub consent: Consent,
    /// The title of the policy, NDA or course in its newest version; none for what has no text.
    pub title: Option<Bilingual>,
    /// Honest minutes to do it, in its newest version.
    pub minutes: i64,
}

#[expect(clippy::struct_excessive_bools, reason = "as they are stored")]
#[derive(FromRow)]
struct AssignmentRow {
    id: Uuid,
    person_id: Uuid,
    person_name: String,
    time_zone: String,
    requirement_id: Uuid,
    cycle: i64,
    cause: String,
    kind: String,
    document_id: Option<Uuid>,
    course_id: Option<Uuid>,
    due_offset_days: i64,
    counts_from: String,
    recurrence: String,
    confirmed_by: Option<String>,
    has_file: bool,
    assigned_on: Option<Date>,
    outside_since: Option<Instant>,
    carried_over_at: Option<Instant>,
    due_on: Date,
    due_at: Instant,
    first_due_on: Option<Date>,
    state: String,
    submitted_at: Option<Instant>,
    done_at: Option<Instant>,
    ended_at: Option<Instant>,
    end_reason: Option<String>,
    late: bool,
    starts_without: bool,
    exemption_requested: bool,
    on_vendor_list: bool,
    listing: Option<String>,
    consent: String,
    title_de: Option<String>,
    title_en: Option<String>,
    minutes: i64,
}

/// In `listing`, a cross join keeps `SQLite` from reading the whole list for every item: it joins in the order written.
macro_rules! assignment_columns {
    () => {
        concat!(
            "a.id, a.person_id, p.name as person_name, p.time_zone, a.requirement_id, a.cycle, a.cause, r.kind, r.document_id, r.course_id, r.due_offset_days, r.counts_from, r.recurrence, r.confirmed_by,
         case when r.kind = 'instruction' then exists (select 1 from stored_file f where f.assignment_id = a.id and f.content is not null) else false end as has_file,
         a.assigned_on, a.outside_since, a.carried_over_at, a.due_on, a.due_at, a.state,
         (select d.old_due_on from deadline_change d where d.assignment_id = a.id order by d.changed_at, d.id limit 1) as first_due_on,
         a.submitted_at, a.done_at, a.ended_at, a.end_reason, a.late,
         exists (select 1 from exemption e where e.assignment_id = a.id and e.kind = 'start_without_nda' and e.approved and e.ended_at is null) as starts_without,
         exists (select 1 from exemption e where e.assignment_id = a.id and e.decided_at is null) as exemption_requested,
         exists (select 1 from evidence e where e.assignment_id = a.id and e.kind = 'password_manager_member') as on_vendor_list,
         case when r.kind = 'password_manager' then (
             select m.status || ' ' || m.two_step
             from (select p.work_email as email union all select p.private_email union all select y.email from member_match y where y.person_id = p.id) k
             cross join member m
             where m.email = k.email and m.list_id = (select l.id from member_list l where l.applied_at is not null order by l.applied_at desc, l.id desc limit 1)
                 and not exists (select 1 from member_match x where x.email = m.email and (x.person_id is null or x.person_id <> p.id))
             order by case m.status when 'active' then 0 when 'accepted' then 1 when 'invited' then 2 else 3 end,
                 case m.two_step when 'on' then 0 when 'enforced' then 1 when 'unknown' then 2 else 3 end limit 1
         ) end as listing,
         case when r.kind = 'background_check' then ",
            consent!("a"),
            " else 'not_needed' end as consent,
         coalesce(v.title_de, w.title_de, r.title_de) as title_de, coalesce(v.title_en, w.title_en, r.title_en) as title_en, coalesce(v.minutes, w.minutes, r.minutes, 1) as minutes
         from assignment a join requirement r on r.id = a.requirement_id join person p on p.id = a.person_id
         left join document_version v on v.document_id = r.document_id
             and v.number = (select max(x.number) from document_version x where x.document_id = r.document_id)
         left join course_version w on w.course_id = r.course_id
             and w.number = (select max(x.number) from course_version x where x.course_id = r.course_id)"
        )
    };
}

/// Reads a stored state back from its columns.
pub(super) fn state_from_columns(word: &str, submitted: Option<Instant>, done: Option<Instant>, ended: Option<Instant>, reason: Option<&str>) -> Result<State> {
    let state = match (word, submitted, done, ended) {
        ("open", ..) => Some(State::Open),
        ("waiting", Some(since), ..) => Some(State::Waiting { since }),
        ("done", submitted, Some(at), _) => Some(State::Done { submitted, at }),
        ("failed", _, Some(at), _) => Some(State::Failed { at }),
        ("ended", _, _, Some(at)) => reason.and_then(EndReason::from_stored).map(|reason| State::Ended { at, reason }),
        _ => None,
    };
    state.ok_or(StoreError::Corrupt("assignment's state"))
}

impl AssignmentRow {
    fn into_assignment(self) -> Result<Assignment> {
        let corrupt = || StoreError::Corrupt("assignment");
        Ok(Assignment {
            id: AssignmentId(self.id),
            person: PersonId(self.person_id),
            person_name: self.person_name,
            time_zone: self.time_zone,
            requirement: RequirementId(self.requirement_id),
            cycle: self.cycle,
            cause: Cause::from_stored(&self.cause).ok_or_else(corrupt)?,
            kind: RequirementKind::from_stored(&self.kind).ok_or_else(corrupt)?,
            material: match (self.document_id, self.course_id) {
                (Some(document), _) => Material::Document(DocumentId(document)),
                (None, Some(course)) => Material::Course(CourseId(course)),
                (None, None) => Material::None,
            },
            due: DueRule::from_stored(self.due_offset_days, &self.counts_from).ok_or_else(corrupt)?,
            recurrence: Recurrence::from_stored(&self.recurrence).ok_or_else(corrupt)?,
            confirmed_by: confirmer(self.confirmed_by.as_deref())?,
            has_file: self.has_file,
            assigned_on: self.assigned_on,
            outside_since: self.outside_since,
            carried_over_at: self.carried_over_at,
            deadline: Deadline {
                due_on: self.due_on,
                due_at: self.due_at,
            },
            first_due_on: self.first_due_on,
            state: state_from_columns(&self.state, self.submitted_at, self.done_at, self.ended_at, self.end_reason.as_deref())?,
            late: self.late,
            starts_without: self.starts_without,
            exemption_requested: self.exemption_requested,
            on_vendor_list: self.on_vendor_list,
            listing: match self.listing.as_deref().and_then(|words| words.split_once(' ')) {
                Some((status, two_step)) => Some(listing(status, two_step)?),
                None => None,
            },
            consent: Consent::from_stored(&self.consent).ok_or_else(corrupt)?,
            title: self.title_de.zip(self.title_en).map(|(de, en)| Bilingual { de, en }),
            minutes: self.minutes,
        })
    }
}

/// Gives a person an item on a day, for the first time.
///
/// # Errors
/// When the person has it already or the database refuses.
pub async fn insert(tx: &mut Tx, person: PersonId, requirement: RequirementId, cause: Cause, assigned_on: Date, deadline: Deadline) -> Result<AssignmentId> {
    let id = AssignmentId(crate::server::ids::fresh());
    on_db!(tx, |c| sqlx::query(
        "insert into assignment (id, person_id, requirement_id, cycle, cause, assigned_on, due_on, due_at, state, late)
         values ($1, $2, $3, 1, $4, $5, $6, $7, 'open', false)"
    )
    .bind(id.0)
    .bind(person.0)
    .bind(requirement.0)
    .bind(cause.as_str())
    .bind(assigned_on)
    .bind(deadline.due_on)
    .bind(deadline.due_at)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(id)
}

/// Asks for an item once more, on a day. `before` is the newest cycle so far; what is on record about it stays. `late`: what it replaces
/// was late, and that is never taken back.
///
/// # Errors
/// When somebody else asked meanwhile or the database refuses.
pub async fn insert_cycle(tx: &mut Tx, before: &Assignment, assigned_on: Date, deadline: Deadline, cause: Cause, late: bool) -> Result<AssignmentId> {
    let id = AssignmentId(crate::server::ids::fresh());
    on_db!(tx, |c| sqlx::query(
        "insert into assignment (id, person_id, requirement_id, cycle, cause, due_on, due_at, assigned_on, state, late)
         values ($1, $2, $3, $4, $5, $6, $7, $9, 'open', $8)"
    )
    .bind(id.0)
    .bind(before.person.0)
    .bind(before.requirement.0)
    .bind(before.cycle + 1)
    .bind(cause.as_str())
    .bind(deadline.due_on)
    .bind(deadline.due_at)
    .bind(late)
    .bind(assigned_on)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(id)
}

/// One assignment within a scope.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, scope: Scope, id: AssignmentId) -> Result<Option<Assignment>> {
    let (manager, own) = scope.bindings();
    let row: Option<AssignmentRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select ",
        assignment_columns!(),
        " where a.id = $1 and ($2 is null or p.manager_id = $2) and ($3 is null or p.id = $3)"
    ))
    .bind(id.0)
    .bind(manager)
    .bind(own)
    .fetch_optional(c)
    .await?);
    row.map(AssignmentRow::into_assignment).transpose()
}

/// A person's items in the order of the checklist, each in its newest cycle.
///
/// # Errors
/// When the database refuses.
pub async fn list_of_person(db: &mut Db, person: PersonId) -> Result<Vec<Assignment>> {
    let rows: Vec<AssignmentRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select ",
        assignment_columns!(),
        " where a.person_id = $1
             and not exists (select 1 from assignment n where n.person_id = a.person_id and n.requirement_id = a.requirement_id and n.cycle > a.cycle)
         order by r.position, a.id"
    ))
    .bind(person.0)
    .fetch_all(c)
    .await?);
    rows.into_iter().map(AssignmentRow::into_assignment).collect()
}

/// The newest cycles of everybody's items of one kind, or of one person's: of people who are still here on `today`.
///
/// # Errors
/// When the database refuses.
pub async fn list_of_kind(db: &mut Db, kind: RequirementKind, person: Option<PersonId>, today: Date) -> Result<Vec<Assignment>> {
    let rows: Vec<AssignmentRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select ",
        assignment_columns!(),
        " where r.kind = $1 and r.ended_at is null and ($2 is null or a.person_id = $2) and (p.end_date is null or p.end_date >= $3)
             and not exists (select 1 from assignment n where n.person_id = a.person_id and n.requirement_id = a.requirement_id and n.cycle > a.cycle)
         order by p.sort_name, p.id, a.id"
    ))
    .bind(kind.as_str())
    .bind(person.map(|person| person.0))
    .bind(today)
    .fetch_all(c)
    .await?);
    rows.into_iter().map(AssignmentRow::into_assignment).collect()
}

/// The earlier cycles of a person's items, the newest first: what was done before it was asked again.
///
/// # Errors
/// When the database refuses.
pub async fn list_earlier_cycles(db: &mut Db, person: PersonId) -> Result<Vec<Assignment>> {
    let rows: Vec<AssignmentRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select ",
        assignment_columns!(),
        " where a.person_id = $1
             and exists (select 1 from assignment n where n.person_id = a.person_id and n.requirement_id = a.requirement_id and n.cycle > a.cycle)
         order by r.position, a.cycle desc, a.id"
    ))
    .bind(person.0)
    .fetch_all(c)
    .await?);
    rows.into_iter().map(AssignmentRow::into_assignment).collect()
}

/// Items whose year is nearly over: done at or before `done_by`, to be repeated yearly, not yet asked again, and their person
/// still here on `today`. The longest done first.
///
/// # Errors
/// When the database refuses.
pub async fn list_to_renew(db: &mut Db, done_by: Instant, today: Date, limit: i64) -> Result<Vec<Assignment>> {
    let rows: Vec<AssignmentRow> = on_db!(db, |c| {
        sqlx::query_as(concat!(
        "select ",
        assignment_columns!(),
        " where r.recurrence = 'yearly' and r.ended_at is null and a.outside_since is null and a.state = 'done' and a.done_at <= $1 and (p.end_date is null or p.end_date >= $2)
             and not exists (select 1 from assignment n where n.person_id = a.person_id and n.requirement_id = a.requirement_id and n.cycle > a.cycle)
         order by a.done_at, a.id limit $3"
    ))
    .bind(done_by)
    .bind(today)
    .bind(limit)
    .fetch_all(c)
    .await?
    });
    rows.into_iter().map(AssignmentRow::into_assignment).collect()
}

/// Moves an assignment from the state it was decided on to the next. `late` only ever becomes true.
///
/// # Errors
/// `Stale` when somebody else moved it meanwhile.
pub async fn update_state(tx: &mut Tx, id: AssignmentId, from: State, to: State, late: bool) -> Result<()> {
    let (submitted, done, ended, reason) = match to {
        State::Open => (None, None, None, None),
        State::Waiting { since } => (Some(since), None, None, None),
        State::Done { submitted, at } => (submitted, Some(at), None, None),
        State::Failed { at } => (None, Some(at), None, None),
        State::Ended { at, reason } => (None, None, Some(at), Some(reason.as_str())),
    };
    exactly_one(on_db!(tx, |c| {
        sqlx::query(
        "update assignment set state = $3, submitted_at = coalesce($4, submitted_at), done_at = case when $3 = 'ended' then done_at else $5 end, ended_at = $6, end_reason = $7, late = late or $8
         where id = $1 and state = $2"
    )
    .bind(id.0)
    .bind(from.as_str())
    .bind(to.as_str())
    .bind(submitted)
    .bind(done)
    .bind(ended)
    .bind(reason)
    .bind(late)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?
    }))
}

/// Moves a deadline and keeps the old one in the history.
///
/// # Errors
/// `Stale` when there is no such assignment.
pub async fn update_deadline(tx: &mut Tx, now: Instant, assignment: &Assignment, deadline: Deadline, late: bool, reason: &str) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update assignment set due_on = $2, due_at = $3, late = late or $4 where id = $1"
    )
    .bind(assignment.id.0)
    .bind(deadline.due_on)
    .bind(deadline.due_at)
    .bind(late)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))?;
    on_db!(tx, |c| sqlx::query(
        "insert into deadline_change (id, assignment_id, changed_at, old_due_on, new_due_on, reason) values ($1, $2, $3, $4, $5, $6)"
    )
    .bind(crate::server::ids::fresh())
    .bind(assignment.id.0)
    .bind(now)
    .bind(assignment.deadline.due_on)
    .bind(deadline.due_on)
    .bind(reason)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Notes since when a rule asks a decided item of its person no more; none: it asks for it again.
///
/// # Errors
/// `Stale` when there is no such assignment.
pub async fn set_outside(tx: &mut Tx, id: AssignmentId, since: Option<Instant>) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query("update assignment set outside_since = $2 where id = $1")
        .bind(id.0)
        .bind(since)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}

/// Notes that what was done in an earlier employment counts for the present one.
///
/// # Errors
/// `Stale` when there is no such assignment.
pub async fn carry_over(tx: &mut Tx, now: Instant, id: AssignmentId) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query("update assignment set carried_over_at = $2 where id = $1")
        .bind(id.0)
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?))
}
