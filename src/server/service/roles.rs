//! Roles: granting and taking them away. Whoever gets more than to read is approved by a second administrator; where there is only
//! one, a grant takes effect at once and the audit trail says so. Nobody grants anything to themself alone, and somebody always
//! administers.

use super::{
    App, Error, Result, Subject, audit,
    desks::{AccessDesk, AccountsDesk},
    found,
    role_requests::{LIFETIME, lapse, lapse_of},
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        deadlines::months_after,
        ids::{AccountId, PersonId, RoleRequestId},
        person::{Line, MAX_NOTE, iso_date, parse_date},
        problem::{Conflict, Problem, Problems},
        roles::Role,
    },
    server::{
        auth::actor::Actor,
        ids::fresh,
        store::{
            Page, Tx,
            accounts::{self, Account},
            dialect,
            roles::{self, Administrator, Holder, HolderKey, NewGrant, NewRequest},
            sessions,
        },
        zones,
    },
};
use serde_json::{Value, json};
use time::{Date, Duration};

/// For how long somebody who took an administrator's rights away does not act as the only one left: else an administrator could get
/// rid of the others first and then grant alone.
const COOLING: Duration = Duration::days(14);
/// What the command line gives an auditor, in months.
const AUDITOR_FROM_COMMAND_LINE: u16 = 12;
const BY_COMMAND_LINE: &str = "command line";
/// Ends that are noted in one go.
const BATCH: i64 = 200;
/// Lines on one page of the review of access.
pub const PAGE: i64 = 50;

/// A grant as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrantForm {
    pub role: String,
    pub reason: String,
    /// The last day; may be empty, except for an auditor.
    pub ends_on: String,
}

/// A grant that was read.
pub(super) struct Wanted {
    role: Role,
    reason: String,
    ends_at: Option<Instant>,
}

impl GrantForm {
    /// Notes every problem.
    pub(super) fn parse(&self, problems: &mut Problems, zone: &str, now: Instant) -> Option<Wanted> {
        let role = match self.role.trim() {
            "" => Err(Problem::Required),
            word => Role::from_stored(word).ok_or(Problem::NotAChoice),
        };
        let role = problems.take("role", role);
        let reason = problems.take("reason", Line::parse_up_to(&self.reason, MAX_NOTE));
        let typed = match self.ends_on.trim() {
            "" => Ok(None),
            raw => parse_date(raw).map(Some),
        };
        let today = zones::local_date(zone, now);
        // Without a role, only the date itself can be wrong.
        let last_day = typed.and_then(|day| role.map_or(Ok(day), |role| role.last_day(day, today)));
        let last_day = problems.take("ends_on", last_day);
        Some(Wanted {
            role: role?,
            reason: reason?.into_string(),
            ends_at: last_day?.map(|day| zones::deadline_on(zone, day).due_at),
        })
    }
}

/// What became of a wish to grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Granted {
    InForce,
    /// Another administrator decides.
    Requested,
}

impl Granted {
    #[must_use]
    pub fn is_in_force(self) -> bool {
        self == Self::InForce
    }
}

/// What whoever is about to grant something should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prospect {
    /// Another administrator has to approve.
    SecondPerson,
    /// There is no other administrator, so it takes effect at once.
    Alone,
    /// There is nobody to approve.
    Nobody,
}

/// Those who administer and can sign in now, and the one of them who acts. Read under a lock, so that it still holds when what was
/// decided on it is written.
pub(super) struct Bench {
    pub(super) actor: AccountId,
    members: Vec<Administrator>,
}

impl Bench {
    /// # Errors
    /// `Forbidden` when the actor administers no more: somebody was faster.
    pub(super) async fn of(tx: &mut Tx, now: Instant, actor: &Actor) -> Result<Self> {
        dialect::lock_roles(tx).await?;
        let all = roles::list_administrators(tx, now).await?;
        let bench = Self::new(now, actor.account(), all);
        if bench.member(bench.actor).is_some() {
            Ok(bench)
        } else {
            Err(Error::Forbidden)
        }
    }

    fn new(now: Instant, actor: AccountId, all: Vec<Administrator>) -> Self {
        let members = all
            .into_iter()
            .filter(|one| can_sign_in(one, now) || (one.account_id == actor.0 && !has_left(one, now)));
        Self {
            actor,
            members: members.collect(),
        }
    }

    fn member(&self, id: AccountId) -> Option<&Administrator> {
        self.members.iter().find(|one| one.account_id == id.0)
    }

    fn others(&self, than: AccountId) -> impl Iterator<Item = &Administrator> {
        self.members.iter().filter(move |one| one.account_id != than.0)
    }

    /// Whether somebody besides the actor and this account could decide.
    fn has_second_person(&self, account: AccountId) -> bool {
        self.others(self.actor).any(|one| one.account_id != account.0)
    }

    pub(super) fn is_member(&self, id: AccountId) -> bool {
        self.member(id).is_some()
    }

    /// Whether somebody administers for good when this account administers until some day only.
    fn may_limit(&self, id: AccountId) -> bool {
        self.member(id)
            .is_none_or(|one| one.ends_at.is_some() || self.others(id).any(|other| other.ends_at.is_none()))
    }

    /// Whether somebody administers, and for good, without this account.
    pub(super) fn may_lose(&self, id: AccountId) -> bool {
        self.member(id).is_none() || (self.others(id).next().is_some() && self.may_limit(id))
    }

    fn prospect(&self, account: AccountId, cools: bool) -> Prospect {
        if self.has_second_person(account) {
            Prospect::SecondPerson
        } else if account != self.actor && self.others(self.actor).next().is_none() && !cools {
            Prospect::Alone
        } else {
            Prospect::Nobody
        }
    }
}

fn has_left(one: &Administrator, now: Instant) -> bool {
    is_over(one.end_date, one.time_zone.as_deref(), now)
}

fn can_sign_in(one: &Administrator, now: Instant) -> bool {
    one.can_sign_in && !has_left(one, now)
}

/// Whether the last day of the person behind an account is over.
pub(super) fn is_over(last_day: Option<Date>, zone: Option<&str>, now: Instant) -> bool {
    last_day.zip(zone).is_some_and(|(day, zone)| zones::is_over(zone, day, now))
}

/// An account that can be given something.
pub(super) async fn open_account(tx: &mut Tx, now: Instant, id: AccountId) -> Result<Account> {
    let account = found(accounts::find(tx, now, id).await?)?;
    if account.disabled_at.is_some() || is_over(account.end_date, account.time_zone.as_deref(), now) {
        return Err(Conflict::AccountClosed.into());
    }
    Ok(account)
}

/// An account and its person as the subject of an entry.
pub(super) fn subject_of(account: &Account) -> Subject {
    Subject {
        id: account.id,
        person: account.person_id.map(PersonId),
    }
}

impl AccountsDesk<'_> {
    /// What will become of a grant to this account.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn prospect(&self, now: Instant, account: Option<AccountId>) -> Result<Prospect> {
        let mut db = self.app.store().read().await?;
        let by = self.actor.account();
        let bench = Bench::new(now, by, roles::list_administrators(&mut db, now).await?);
        let cools = accounts::unseated_lately(&mut db, by, now - COOLING).await?;
        Ok(bench.prospect(account.unwrap_or(AccountId(fresh())), cools))
    }

    /// Grants a role, or asks another administrator to. A new end is a new grant.
    ///
    /// # Errors
    /// `Invalid` with every problem found; `Conflict` for an account that is closed, for what is granted or asked for already, when
    /// nobody could approve, and for an end after which nobody would administer.
    pub async fn grant(&self, now: Instant, id: AccountId, form: &GrantForm) -> Result<Granted> {
        self.actor.freshly_proved(now)?;
        let mut tx = self.app.store().begin().await?;
        let bench = Bench::of(&mut tx, now, self.actor).await?;
        let account = open_account(&mut tx, now, id).await?;
        let mut problems = Problems::default();
        let wanted = form.parse(&mut problems, &self.app.settings().time_zone, now).ok_or(problems)?;
        let known = roles::find(&mut tx, now, id, wanted.role).await?;
        if known.is_some_and(|(reason, ends_at)| reason == wanted.reason && ends_at == wanted.ends_at) {
            return Err(Conflict::AlreadyDone.into());
        }
        let granted = self.settle(&mut tx, now, &bench, &account, &wanted).await?;
        tx.commit().await?;
        Ok(granted)
    }

    /// Puts in force what needs nobody else, and asks for the rest.
    pub(super) async fn settle(&self, tx: &mut Tx, now: Instant, bench: &Bench, account: &Account, wanted: &Wanted) -> Result<Granted> {
        let (id, by) = (AccountId(account.id), bench.actor);
        check_end(bench, id, wanted.role, wanted.ends_at)?;
        let new = NewGrant {
            account: id,
            role: wanted.role,
            reason: &wanted.reason,
            ends_at: wanted.ends_at,
            by: Some(by),
            approved_by: None,
        };
        let mut detail = self.detail(wanted.role, &wanted.reason, wanted.ends_at);
        if id != by && !wanted.role.needs_second_person() {
            put_in_force(tx, now, &new, by, subject_of(account), detail).await?;
            return Ok(Granted::InForce);
        }
        let cools = accounts::unseated_lately(tx, by, now - COOLING).await?;
        match bench.prospect(id, cools) {
            Prospect::Nobody => Err(Conflict::NobodyDecides.into()),
            Prospect::Alone => {
                detail["single_administrator"] = json!(true);
                tracing::warn!(account.id = %id, role = wanted.role.as_str(), "the only administrator grants a role without a second person");
                put_in_force(tx, now, &new, by, subject_of(account), detail).await?;
                Ok(Granted::InForce)
            }
            Prospect::SecondPerson => {
                let request = NewRequest {
                    id: RoleRequestId(fresh()),
                    account: id,
                    role: wanted.role,
                    reason: &wanted.reason,
                    ends_at: wanted.ends_at,
                    by,
                };
                // An earlier one that nobody decided in time must not stand in its way.
                lapse_of(tx, now, id, |old| old.requested_at + LIFETIME <= now).await?;
                roles::insert_request(tx, now, &request).await?;
                audit(tx, now, Some(by), Action::RoleRequested, subject_of(account), detail);
                Ok(Granted::Requested)
            }
        }
    }

    /// What an entry about a role says.
    pub(super) fn detail(&self, role: Role, reason: &str, ends_at: Option<Instant>) -> Value {
        json!({ "role": role, "reason": reason, "until": until(&self.app.settings().time_zone, ends_at) })
    }

    /// Takes a role away, at once.
    ///
    /// # Errors
    /// `Invalid` without a reason; `Conflict` for a role that is not held, and when nobody, or nobody for good, would administer.
    pub async fn remove(&self, now: Instant, id: AccountId, role: &str, reason: &str) -> Result<()> {
        self.actor.freshly_proved(now)?;
        let mut tx = self.app.store().begin().await?;
        let bench = Bench::of(&mut tx, now, self.actor).await?;
        let account = found(accounts::find(&mut tx, now, id).await?)?;
        let role = found(Role::from_stored(role))?;
        let reason = Line::parse_up_to(reason, MAX_NOTE).map_err(|problem| Error::field("reason", problem))?;
        if role == Role::Admin && !bench.may_lose(id) {
            return Err(Conflict::LastAdministrator.into());
        }
        roles::delete(&mut tx, id, role).await?;
        if role == Role::Admin {
            unseat(&mut tx, now, &bench, id).await?;
            lapse_of(&mut tx, now, id, |request| request.requested_by == id).await?;
        }
        let detail = json!({ "role": role, "reason": reason.as_str() });
        audit(&mut tx, now, Some(bench.actor), Action::RoleRemoved, subject_of(&account), detail);
        Ok(tx.commit().await?)
    }
}

impl AccessDesk<'_> {
    /// A page of those who hold roles, by name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(&self, now: Instant, after: Option<&HolderKey>) -> Result<Page<Holder>> {
        Ok(roles::list_holders(&mut self.app.store().read().await?, now, after, PAGE).await?)
    }

    /// All of them, for a file.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list_all(&self, now: Instant) -> Result<Vec<Holder>> {
        self.actor.freshly_proved(now)?;
        Ok(roles::list_holders(&mut self.app.store().read().await?, now, None, i64::MAX).await?.rows)
    }
}

/// The last day of a grant, as written into entries.
fn until(zone: &str, ends_at: Option<Instant>) -> Option<String> {
    ends_at.map(|end| iso_date(last_day_of(zone, end)))
}

/// The last day of a grant whose end is exclusive.
pub fn last_day_of(zone: &str, ends_at: Instant) -> Date {
    zones::local_date(zone, ends_at - Duration::seconds(1))
}

pub(super) fn check_end(bench: &Bench, account: AccountId, role: Role, ends_at: Option<Instant>) -> Result<()> {
    if role == Role::Admin && ends_at.is_some() && !bench.may_limit(account) {
        return Err(Conflict::LastAdministrator.into());
    }
    Ok(())
}

/// Writes a grant. Sessions end: one that began with less must not gain by it.
pub(super) async fn put_in_force(tx: &mut Tx, now: Instant, new: &NewGrant<'_>, actor: AccountId, subject: Subject, detail: Value) -> Result<()> {
    roles::grant(tx, now, new).await?;
    end_sessions(tx, new.account).await?;
    audit(tx, now, Some(actor), Action::RoleGranted, subject, detail);
    Ok(())
}

/// Ends every session of an account. Returns how many.
pub(super) async fn end_sessions(tx: &mut Tx, account: AccountId) -> Result<u64> {
    Ok(sessions::delete_of_account(tx, account, None).await?)
}

/// Remembers who took an administrator's rights; giving up one's own harms nobody.
pub(super) async fn unseat(tx: &mut Tx, now: Instant, bench: &Bench, id: AccountId) -> Result<()> {
    if id != bench.actor && bench.is_member(id) {
        accounts::mark_unseated(tx, now, id, bench.actor).await?;
    }
    Ok(())
}

/// Takes away what a leaver held and asked for, and what was asked for them.
pub(super) async fn end_of_leaver(tx: &mut Tx, now: Instant, person: PersonId) -> Result<()> {
    dialect::lock_roles(tx).await?;
    let Some(id) = accounts::find_of_person(tx, person).await? else {
        return Ok(());
    };
    let ended = roles::delete_of_account(tx, id).await?;
    for role in &ended {
        audit(tx, now, None, Action::RoleEnded, Subject::about(id.0, person), json!({ "role": role }));
    }
    lapse_of(tx, now, id, |_| true).await?;
    let nobody = |left: Vec<Administrator>| !left.iter().any(|one| can_sign_in(one, now));
    if ended.contains(&Role::Admin) && nobody(roles::list_administrators(tx, now).await?) {
        tracing::warn!("the last administrator has left; `antritt admin create` makes another");
    }
    Ok(())
}

/// Gives a role without a second person: for the command line, as whoever can start the program on the server is trusted. An auditor's
/// ends after a year. Sessions go on where the role was held already.
pub(super) async fn give(tx: &mut Tx, app: &App, now: Instant, id: AccountId, role: Role) -> Result<()> {
    let zone = &app.settings().time_zone;
    let last_day = (role == Role::Auditor).then(|| months_after(zones::local_date(zone, now), AUDITOR_FROM_COMMAND_LINE));
    let new = NewGrant {
        account: id,
        role,
        reason: BY_COMMAND_LINE,
        ends_at: last_day.map(|day| zones::deadline_on(zone, day).due_at),
        by: None,
        approved_by: None,
    };
    let account = found(accounts::find(tx, now, id).await?)?;
    let was_held = roles::find(tx, now, id, role).await?.is_some();
    roles::grant(tx, now, &new).await?;
    if !was_held {
        end_sessions(tx, id).await?;
    }
    let detail = json!({ "role": role, "reason": BY_COMMAND_LINE, "until": until(zone, new.ends_at) });
    audit(tx, now, None, Action::RoleGranted, subject_of(&account), detail);
    Ok(())
}

/// Notes grants that reached their end and requests that nobody decided in time. Neither counts any more as it is. Returns how many;
/// run by the clock.
///
/// # Errors
/// When the database refuses.
pub async fn end_due(app: &App, now: Instant) -> Result<usize> {
    let mut tx = app.store().begin().await?;
    dialect::lock_roles(&mut tx).await?;
    let ended = roles::list_ended(&mut tx, now, BATCH).await?;
    for (id, role) in &ended {
        roles::delete(&mut tx, *id, *role).await?;
        let account = found(accounts::find(&mut tx, now, *id).await?)?;
        audit(&mut tx, now, None, Action::RoleEnded, subject_of(&account), json!({ "role": role }));
    }
    let lapsed = roles::list_lapsed(&mut tx, now - LIFETIME, BATCH).await?;
    for request in &lapsed {
        lapse(&mut tx, now, request).await?;
    }
    let count = ended.len() + lapsed.len();
    if count > 0 {
        tx.commit().await?;
    }
    Ok(count)
}
