//! Proving anew who one is. What reaches far wants a proof of the last minutes, so that a session left open or stolen reaches less far.

use super::{
    App, Error, Result, Subject, audit,
    throttle::{self, Caller, Purpose, Whom},
};
use crate::{
    domain::{Instant, audit::Action, problem::Problem},
    server::{
        auth::{actor::Actor, password},
        store::accounts,
    },
};
use serde_json::json;
use time::Duration;

/// How long a proof counts.
pub const FRESH: Duration = Duration::minutes(10);

impl Actor {
    /// Asks for a proof of the last minutes.
    ///
    /// # Errors
    /// `ProofTooOld` when it is older.
    pub fn freshly_proved(&self, now: Instant) -> Result<()> {
        if now < self.proved_at() + FRESH { Ok(()) } else { Err(Error::ProofTooOld) }
    }

    /// Proves anew by the password who one is, where the account has no second factor; else that is asked for. The session is renewed by
    /// whoever called this.
    ///
    /// # Errors
    /// `Invalid` when it is wrong, `TooMany` after too many that were, `NotFound` for an account with a second factor.
    pub async fn prove(&self, app: &App, now: Instant, caller: &Caller, password: String) -> Result<()> {
        let owner = accounts::find_owner(&mut app.store().read().await?, self.account()).await?;
        let owner = owner.filter(|owner| !owner.has_factor).ok_or(Error::NotFound)?;
        let attempt = throttle::admit(app, Purpose::OwnPassword, caller, Whom::SignedIn(self.account(), self.session())).await?;
        if !password::verify(password, owner.password_hash).await? {
            attempt.failed().await;
            return Err(Error::field("password", Problem::WrongPassword));
        }
        attempt.succeeded().await?;
        let mut tx = app.store().begin().await?;
        let subject = Subject::of_actor(self);
        audit(&mut tx, now, Some(self.account()), Action::IdentityProved, subject, json!({ "by": "password" }));
        Ok(tx.commit().await?)
    }
}
