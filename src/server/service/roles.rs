//! Roles: granting and taking them away. Whoever gets more than to read is approved by a second administrator; where there is only
//! one, a grant takes effect at once and the audit trail says so. Nobody grants anything to themself alone, and somebody always
//! administers.

use super::{
    App, Error, Result, Subject, audit, calendar,
    desks::{AccessDesk, AccountsDesk},
    found, owners,
    role_requests::{LIFETIME, lapse, lapse_of},
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        deadlines::months_after,
        ids::{AccountId, PersonId, RoleRequestId},
        mail::MailKind,
        person::{Email, Line, MAX_NOTE, iso_date, parse_date},
        problem::{Conflict, Problem, Problems},
        roles::{Permission, Role},
    },
    server::{
        auth::actor::Actor,
        ids::fresh,
        store::{
            Db, Page, Tx,
            accounts::{self, Account},
            calendar_feeds, dialect, factors, password_resets,
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
/// The reason on record of what was granted by whoever can start the program on the server.
pub const BY_COMMAND_LINE: &str = "command line";
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
            "" => Err(Problem::NotChosen),
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

/// Those who administer, and the one of them who acts. Read under a lock, so that it still holds when what was decided on it is written.
/// Who cannot sign in at the moment can still decide tomorrow: else whoever resets a colleague's factors would be the only one left.
pub(super) struct Bench {
    pub(super) actor: AccountId,
    members: Vec<Administrator>,
    /// Somebody's last day is over, and the clock has not taken their role yet.
    is_being_left: bool,
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
        let (leavers, members): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| has_left(one, now));
        Self {
            actor,
            members,
            is_being_left: !leavers.is_empty(),
        }
    }

    fn member(&self, id: AccountId) -> Option<&Administrator> {
        self.members.iter().find(|one| one.account_id == id.0)
    }

    fn others(&self, than: AccountId) -> impl Iterator<Item = &Administrator> {
        self.members.iter().filter(move |one| one.account_id != than.0)
    }

    /// Who, besides the actor and this account, could decide.
    fn deciders(&self, account: AccountId) -> impl Iterator<Item = &Administrator> {
        self.others(self.actor).filter(move |one| one.account_id != account.0)
    }

    pub(super) fn is_member(&self, id: AccountId) -> bool {
        self.member(id).is_some()
    }

    /// Who could administer without this account.
    fn able_others(&self, than: AccountId) -> impl Iterator<Item = &Administrator> {
        self.others(than).filter(|one| one.can_sign_in || one.account_id == self.actor.0)
    }

    /// Whether somebody administers for good when this account administers until some day only.
    fn may_limit(&self, id: AccountId) -> bool {
        self.member(id)
            .is_none_or(|one| one.ends_at.is_some() || self.able_others(id).any(|other| other.ends_at.is_none()))
    }

    /// Whether somebody administers, and for good, without this account.
    pub(super) fn may_lose(&self, id: AccountId) -> bool {
        self.member(id).is_none() || (self.able_others(id).next().is_some() && self.may_limit(id))
    }

    /// What becomes of a grant to this account.
    pub(super) async fn prospect(&self, db: &mut Db, now: Instant, account: AccountId) -> Result<Prospect> {
        let cools = self.is_being_left || accounts::unseated_lately(db, self.actor, now - COOLING).await?;
        Ok(if self.deciders(account).next().is_some() {
            Prospect::SecondPerson
        } else if account != self.actor && self.others(self.actor).next().is_none() && !cools {
            Prospect::Alone
        } else {
            Prospect::Nobody
        })
    }
}

fn has_left(one: &Administrator, now: Instant) -> bool {
    zones::has_ended(one.end_date, one.time_zone.as_deref(), now)
}

fn can_sign_in(one: &Administrator, now: Instant) -> bool {
    one.can_sign_in && !has_left(one, now)
}

/// An account that can be given something.
pub(super) async fn open_account(tx: &mut Tx, now: Instant, id: AccountId) -> Result<Account> {
    let account = found(accounts::find(tx, now, id).await?)?;
    if account.disabled_at.is_some() || zones::has_ended(account.end_date, account.time_zone.as_deref(), now) {
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
        let bench = Bench::new(now, self.actor.account(), roles::list_administrators(&mut db, now).await?);
        bench.prospect(&mut db, now, account.unwrap_or(AccountId(fresh()))).await
    }

    /// Whether nobody else administers, so that nobody checks what this administrator grants.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn is_alone(&self, now: Instant) -> Result<bool> {
        let all = roles::list_administrators(&mut self.app.store().read().await?, now).await?;
        let bench = Bench::new(now, self.actor.account(), all);
        Ok(bench.others(bench.actor).next().is_none())
    }

    /// Grants a role, or asks another administrator to. A new end is a new grant. `shown` is the account's address as the administrator
    /// saw it: HR writes addresses, and could exchange it before the form comes back.
    ///
    /// # Errors
    /// `Invalid` with every problem found; `Conflict` for an account that is closed, for another address than the one shown, for what is
    /// granted or asked for already, when nobody could approve, and for an end after which nobody would administer.
    pub async fn grant(&self, now: Instant, id: AccountId, shown: &str, form: &GrantForm) -> Result<Granted> {
        self.actor.freshly_proved(now)?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let bench = Bench::of(&mut tx, now, self.actor).await?;
        let account = open_account(&mut tx, now, id).await?;
        let mut problems = Problems::default();
        let wanted = form.parse(&mut problems, &self.app.settings().time_zone, now).ok_or(problems)?;
        if account.address.as_deref().unwrap_or_default() != shown {
            return Err(Conflict::AddressMoved.into());
        }
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
            put_in_force(tx, now, &new, by, account, detail).await?;
            return Ok(Granted::InForce);
        }
        match bench.prospect(tx, now, id).await? {
            Prospect::Nobody => Err(Conflict::NobodyDecides.into()),
            Prospect::Alone => {
                detail["single_administrator"] = json!(true);
                tracing::warn!(account.id = %id, role = wanted.role.as_str(), "the only administrator grants a role without a second person");
                put_in_force(tx, now, &new, by, account, detail).await?;
                Ok(Granted::InForce)
            }
            Prospect::SecondPerson => {
                let request = NewRequest {
                    id: RoleRequestId(fresh()),
                    account: id,
                    role: wanted.role,
                    reason: &wanted.reason,
                    ends_at: wanted.ends_at,
                    address: account.address.as_deref(),
                    by,
                };
                // An earlier one that nobody decided in time must not stand in its way.
                lapse_of(tx, now, id, |old| old.requested_at + LIFETIME <= now).await?;
                roles::insert_request(tx, now, &request).await.map_err(|error| match Error::from(error) {
                    Error::Conflict(Conflict::AlreadyDone) => Conflict::RequestWaits.into(),
                    other => other,
                })?;
                audit(tx, now, Some(by), Action::RoleRequested, subject_of(account), detail);
                for one in bench.deciders(id) {
                    owners::tell(tx, now, AccountId(one.account_id), MailKind::RoleRequested).await?;
                }
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
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let bench = Bench::of(&mut tx, now, self.actor).await?;
        let account = found(accounts::find(&mut tx, now, id).await?)?;
        let role = found(Role::from_stored(role))?;
        let reason = Line::parse_up_to(reason, MAX_NOTE).map_err(|problem| Error::field("reason", problem))?;
        if role == Role::Admin && !bench.may_lose(id) {
            return Err(Conflict::LastAdministrator.into());
        }
        roles::delete(&mut tx, id, role).await?;
        calendar::end_with_role(&mut tx, now, id, role).await?;
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

/// Writes a grant. Sessions end: one that began with less must not gain by it. A person's account that had no rights begins afresh.
///
/// # Errors
/// `Conflict` for a person without a work address.
pub(super) async fn put_in_force(tx: &mut Tx, now: Instant, new: &NewGrant<'_>, actor: AccountId, account: &Account, mut detail: Value) -> Result<()> {
    if !accounts::holds_role(tx, now, new.account).await? {
        let work = account.address.as_deref().and_then(|raw| Email::known(raw).ok());
        begin_afresh(tx, now, Some(actor), account, work.as_ref(), &mut detail).await?;
    }
    roles::grant(tx, now, new).await?;
    end_sessions(tx, new.account).await?;
    audit(tx, now, Some(actor), Action::RoleGranted, subject_of(account), detail);
    Ok(())
}

/// HR chose the private address of a person, and whoever reads mail there may have set the password and the factors. So none of them
/// carries over to rights: the account moves to the work address, which is what administrators see, and its owner signs in anew from there.
/// HR chose that one too, so it is the very one that was shown and approved, whatever is on record by now.
/// Notes what of it there was in the entry's detail.
async fn begin_afresh(tx: &mut Tx, now: Instant, actor: Option<AccountId>, account: &Account, work: Option<&Email>, detail: &mut Value) -> Result<()> {
    if account.person_id.is_none() {
        return Ok(());
    }
    let id = AccountId(account.id);
    let work = work.ok_or(Conflict::NeedsWorkAddress)?;
    let moves = accounts::find_owner(tx, id).await?.is_some_and(|owner| owner.email != work.as_str());
    accounts::begin_afresh(tx, id, work).await?;
    factors::hold(tx, id).await?;
    let had_factors = factors::delete_all(tx, id).await? > 0;
    if had_factors {
        audit(tx, now, actor, Action::FactorsReset, subject_of(account), json!({}));
    }
    password_resets::revoke_of_account(tx, now, id).await?;
    calendar_feeds::end_of_account(tx, now, id).await?;
    owners::tell(tx, now, id, MailKind::AccountRaised).await?;
    let dropped = [(account.has_password, "password"), (had_factors, "factors"), (moves, "address")];
    let dropped: Vec<_> = dropped.into_iter().filter(|(had, _)| *had).map(|(_, what)| what).collect();
    if !dropped.is_empty() {
        detail["dropped"] = json!(dropped);
    }
    Ok(())
}

/// Ends every session of an account. Returns how many.
pub(super) async fn end_sessions(tx: &mut Tx, account: AccountId) -> Result<u64> {
    Ok(sessions::delete_of_account(tx, account, None).await?)
}

/// Remembers who took an administrator's rights; giving up one's own harms nobody.
pub(super) async fn unseat(tx: &mut Tx, now: Instant, bench: &Bench, id: AccountId) -> Result<()> {
    if id != bench.actor && bench.is_member(id) {
        accounts::mark_unseated(tx, now, id, Some(bench.actor)).await?;
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
    if ended.contains(&Role::Admin) {
        // HR alone says who leaves, so nobody who stays acts as the only one at once.
        accounts::mark_unseated(tx, now, id, None).await?;
    }
    let nobody = |left: Vec<Administrator>| !left.iter().any(|one| can_sign_in(one, now));
    if ended.contains(&Role::Admin) && nobody(roles::list_administrators(tx, now).await?) {
        tracing::warn!("the last administrator has left; `antritt admin create` makes another");
    }
    Ok(())
}

/// Whether somebody is the one who acts. An account that its owner did not connect with their person is known by its address: else
/// whoever leaves the two apart would be two people.
pub(super) async fn is_actor(tx: &mut Tx, actor: &Actor, whose: PersonId) -> Result<bool> {
    Ok(accounts::list_persons(tx, actor.account()).await?.contains(&whose))
}

/// Whether somebody else than the one who acts may do something.
pub(super) async fn others_may(tx: &mut Tx, now: Instant, actor: &Actor, permission: Permission) -> Result<bool> {
    let others = roles::list_of_others(tx, now, actor.account()).await?;
    Ok(others.into_iter().any(|role| role.may(permission)))
}

/// Nobody attests something about themself, unless nobody else could. Says whether that is so, for the entry.
///
/// # Errors
/// `Conflict` when somebody else could.
pub(super) async fn attest(tx: &mut Tx, now: Instant, actor: &Actor, whose: PersonId, permission: Permission) -> Result<bool> {
    let alone = is_actor(tx, actor, whose).await?;
    if alone && others_may(tx, now, actor, permission).await? {
        return Err(Conflict::NeedsSecondPerson.into());
    }
    Ok(alone)
}

/// Gives a role without a second person: for the command line, as whoever can start the program on the server is trusted. An auditor's
/// ends after a year. A role that is held stays as it was granted, with its reason and its end. A person's account that had no rights
/// begins afresh under the address that was named. Says whether it was not held.
pub(super) async fn give(tx: &mut Tx, app: &App, now: Instant, id: AccountId, role: Role, address: &Email) -> Result<bool> {
    if roles::find(tx, now, id, role).await?.is_some() {
        return Ok(false);
    }
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
    let mut detail = json!({ "role": role, "reason": BY_COMMAND_LINE, "until": until(zone, new.ends_at) });
    if !accounts::holds_role(tx, now, id).await? {
        begin_afresh(tx, now, None, &account, Some(address), &mut detail).await?;
    }
    roles::grant(tx, now, &new).await?;
    end_sessions(tx, id).await?;
    audit(tx, now, None, Action::RoleGranted, subject_of(&account), detail);
    Ok(true)
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
        calendar::end_with_role(&mut tx, now, *id, *role).await?;
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
