//! What a request brings along: who asks, when, from where, in which language, and what the last form had to say.

use super::{
    auth::{
        actor::{Actor, Halfway},
        session::{self, Proof},
    },
    http::context::remember_device,
    service::{App, events::Event, second_step, throttle::Caller},
};
use crate::{
    api::{
        done::{Done, Said},
        error::ApiError,
        factors,
        flash::Flash,
    },
    domain::{Instant, evidence::Origin, ids::AccountId, locale::Locale, security_event::Kind},
};
use leptos::prelude::use_context;
use tower_sessions::Session;
use uuid::Uuid;

/// One request. Made once, in `http::context`; pages and server functions take it from here.
#[derive(Clone)]
pub struct Cx {
    pub app: App,
    /// Read once.
    pub now: Instant,
    pub actor: Option<Actor>,
    /// Who still owes their second factor; never together with an actor.
    pub half: Option<Halfway>,
    pub session: Session,
    pub locale: Locale,
    pub origin: Origin,
    /// The same for limits and security events, which keep no address.
    pub caller: Caller,
    /// What the form that led here had to say.
    pub flash: Option<Flash>,
    /// The path that was asked for, without the query.
    pub path: String,
}

impl Cx {
    /// The request that is being answered.
    ///
    /// # Errors
    /// `Internal` outside a request.
    pub fn current() -> Result<Self, ApiError> {
        use_context().ok_or_else(|| ApiError::Internal { incident: String::new() })
    }

    /// Who asks.
    ///
    /// # Errors
    /// `SignedOut` without a session.
    pub fn actor(&self) -> Result<&Actor, ApiError> {
        self.actor.as_ref().ok_or(ApiError::SignedOut)
    }

    /// A security event of this request.
    #[must_use]
    pub fn event(&self, kind: Kind, subject: Option<Uuid>) -> Event {
        Event {
            kind,
            account: self.actor.as_ref().map(Actor::account),
            subject,
            fingerprint: Some(self.caller.fingerprint(&self.app)),
        }
    }

    /// Who still owes their second factor.
    ///
    /// # Errors
    /// `SignedOut` without a session that is half begun.
    pub fn half(&self) -> Result<&Halfway, ApiError> {
        self.half.as_ref().ok_or(ApiError::SignedOut)
    }

    /// Whose session this is, wholly or half begun.
    pub fn account(&self) -> Option<AccountId> {
        let half = self.half.as_ref().map(Halfway::account);
        half.or_else(|| self.actor.as_ref().map(Actor::account))
    }

    /// Lets somebody in who proved who they are, under a fresh session. Returns where to go: to `next`, or first to the second step.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn enter(&self, account: AccountId, proof: Proof, next: &str) -> Result<String, ApiError> {
        session::start(&self.session, account, proof, self.origin.clone()).await?;
        if proof == Proof::SecondFactor || !second_step::is_needed(&self.app, account).await? {
            remember_device(self, account);
            return Ok(next.to_owned());
        }
        let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        Ok(format!("/sign-in/second-step?next={next}"))
    }

    /// Goes on under a fresh session id, with the rights and the end that the session had.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn begin_anew(&self) -> Result<(), ApiError> {
        Ok(session::renew(&self.session, self.actor()?, self.origin.clone()).await?)
    }

    /// What follows when somebody proved anew who they are: the same session under a fresh id, and back to what wanted the proof. `left`:
    /// so many recovery codes, when one was used up for it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn renew(&self, next: &str, left: Option<i64>) -> Result<Done, ApiError> {
        self.begin_anew().await?;
        Ok(Done::go(next, left.map_or(Said::Proved, |left| Said::RecoveryCodeUsed { left })))
    }

    /// What follows when somebody added a factor: the session they did it in becomes one that began with it, under a fresh id, and they
    /// see their recovery codes if there are fresh ones.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn after_adding(&self, codes: bool) -> Result<Done, ApiError> {
        let actor = self.actor()?;
        if !actor.has_second_factor_proof() {
            session::start(&self.session, actor.account(), Proof::SecondFactor, self.origin.clone()).await?;
        }
        Ok(match (codes, actor.dormant_roles()) {
            (false, _) => Done::go(factors::FACTORS, Said::FactorAdded),
            (true, []) => Done::go(factors::CODES, Said::FactorAdded),
            // Their rights just woke up: on to where they wanted to go.
            (true, _) => Done::go(format!("{}?next=/", factors::CODES), Said::FactorAdded),
        })
    }

    /// Who asks, working on their own list.
    ///
    /// # Errors
    /// `SignedOut` without a session, `NotFound` for an account without a person.
    pub fn own_desk(&self) -> Result<super::service::desks::OwnDesk<'_>, ApiError> {
        Ok(self.actor()?.own_desk(&self.app, self.origin.clone())?)
    }
}
