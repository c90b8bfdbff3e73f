//! Requests for roles: what one administrator asked for and another decides on. Two people stand for a role, both of them
//! administrators at that moment; what nobody decides within [`LIFETIME`] lapses.

use super::{
    Error, Result, audit,
    desks::AccountsDesk,
    found,
    roles::{Bench, check_end, open_account, put_in_force, subject_of},
    when_stale,
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        ids::{AccountId, RoleRequestId},
        person::{Line, MAX_NOTE},
        problem::Conflict,
    },
    server::store::{
        Tx, accounts,
        roles::{self, NewGrant, Outcome, Request},
    },
};
use serde_json::json;
use time::Duration;

/// For how long a request can be decided.
pub const LIFETIME: Duration = Duration::days(14);
/// Requests that are shown at once.
const SHOWN: i64 = 200;

/// How a request stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Waiting(Request),
    /// For which account it was, and how it ended.
    Over(AccountId, Outcome),
}

impl AccountsDesk<'_> {
    /// A request, whether it waits or is over.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub async fn request(&self, now: Instant, id: RoleRequestId) -> Result<Asked> {
        let mut db = self.app.store().read().await?;
        let Some(request) = roles::find_request(&mut db, id).await? else {
            let (account, outcome) = found(roles::find_ended_request(&mut db, id).await?)?;
            return Ok(Asked::Over(account, outcome));
        };
        if now < request.requested_at + LIFETIME {
            Ok(Asked::Waiting(request))
        } else {
            Ok(Asked::Over(request.account, Outcome::Lapsed))
        }
    }

    /// Every request that waits, the oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn requests(&self, now: Instant) -> Result<Vec<Request>> {
        Ok(roles::list_requests(&mut self.app.store().read().await?, now - LIFETIME, SHOWN).await?)
    }

    /// Approves what another administrator asked for. It is in force at once.
    ///
    /// # Errors
    /// `Conflict` for one's own request or one for oneself, for what was decided before or lapsed, for an account that was closed or got
    /// another address meanwhile, and for an end after which nobody would administer.
    pub async fn approve(&self, now: Instant, id: RoleRequestId) -> Result<()> {
        self.actor.freshly_proved(now)?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (bench, request) = self.to_decide(&mut tx, now, id).await?;
        let account = open_account(&mut tx, now, request.account).await?;
        // Two people stand for it now, not then.
        let stands = bench.is_member(request.requested_by) && request.ends_at.is_none_or(|end| now < end);
        if !stands {
            return Err(Conflict::RequestLapsed.into());
        }
        if account.address != request.address {
            return Err(Conflict::AddressMoved.into());
        }
        check_end(&bench, request.account, request.role, request.ends_at)?;
        let by = bench.actor;
        roles::end_request(&mut tx, now, id, Some(by), Outcome::Approved, None)
            .await
            .map_err(when_stale(Conflict::AlreadyDone))?;
        let new = NewGrant {
            account: request.account,
            role: request.role,
            reason: &request.reason,
            ends_at: request.ends_at,
            by: Some(request.requested_by),
            approved_by: Some(by),
        };
        let mut detail = self.detail(request.role, &request.reason, request.ends_at);
        detail["requested_by"] = json!(request.requested_by);
        put_in_force(&mut tx, now, &new, by, &account, detail).await?;
        Ok(tx.commit().await?)
    }

    /// Refuses what another administrator asked for.
    ///
    /// # Errors
    /// `Invalid` without a reason; else as [`AccountsDesk::approve`].
    pub async fn refuse(&self, now: Instant, id: RoleRequestId, reason: &str) -> Result<()> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let (bench, request) = self.to_decide(&mut tx, now, id).await?;
        let reason = Line::parse_up_to(reason, MAX_NOTE).map_err(|problem| Error::field("reason", problem))?;
        roles::end_request(&mut tx, now, id, Some(bench.actor), Outcome::Refused, Some(reason.as_str())).await?;
        let account = found(accounts::find(&mut tx, now, request.account).await?)?;
        let detail = json!({ "role": request.role, "reason": reason.as_str() });
        audit(&mut tx, now, Some(bench.actor), Action::RoleRefused, subject_of(&account), detail);
        Ok(tx.commit().await?)
    }

    /// Takes one's own request back.
    ///
    /// # Errors
    /// `NotFound` for somebody else's, `Conflict` when it was decided or lapsed.
    pub async fn withdraw(&self, now: Instant, id: RoleRequestId) -> Result<()> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let bench = Bench::of(&mut tx, now, self.actor).await?;
        let request = undecided(&mut tx, now, id).await?;
        if request.requested_by != bench.actor {
            return Err(Error::NotFound);
        }
        roles::end_request(&mut tx, now, id, Some(bench.actor), Outcome::Withdrawn, None).await?;
        let account = found(accounts::find(&mut tx, now, request.account).await?)?;
        let detail = json!({ "role": request.role });
        audit(&mut tx, now, Some(bench.actor), Action::RoleRequestWithdrawn, subject_of(&account), detail);
        Ok(tx.commit().await?)
    }

    /// A request that this administrator may decide.
    async fn to_decide(&self, tx: &mut Tx, now: Instant, id: RoleRequestId) -> Result<(Bench, Request)> {
        let bench = Bench::of(tx, now, self.actor).await?;
        let request = undecided(tx, now, id).await?;
        if [request.requested_by, request.account].contains(&bench.actor) {
            return Err(Conflict::NeedsSecondPerson.into());
        }
        Ok((bench, request))
    }
}

/// A request that can still be decided. One that was decided is told from one that never was.
async fn undecided(tx: &mut Tx, now: Instant, id: RoleRequestId) -> Result<Request> {
    let Some(request) = roles::find_request(tx, id).await? else {
        let ended = roles::find_ended_request(tx, id).await?;
        return Err(if ended.is_some() { Conflict::AlreadyDone.into() } else { Error::NotFound });
    };
    if now < request.requested_at + LIFETIME {
        Ok(request)
    } else {
        Err(Conflict::RequestLapsed.into())
    }
}

/// Lets lapse what was asked for an account or by it, as far as it is `over`.
pub(super) async fn lapse_of(tx: &mut Tx, now: Instant, id: AccountId, over: impl Fn(&Request) -> bool) -> Result<()> {
    let requests = roles::list_requests_about(tx, id).await?;
    for request in requests.iter().filter(|request| over(request)) {
        lapse(tx, now, request).await?;
    }
    Ok(())
}

/// Notes that nobody may decide on a request any more.
pub(super) async fn lapse(tx: &mut Tx, now: Instant, request: &Request) -> Result<()> {
    roles::end_request(tx, now, request.id, None, Outcome::Lapsed, None).await?;
    let account = found(accounts::find(tx, now, request.account).await?)?;
    let detail = json!({ "role": request.role });
    audit(tx, now, None, Action::RoleRequestLapsed, subject_of(&account), detail);
    Ok(())
}
