//! What a request brings along: who asks, when, from where, in which language, and what the last form had to say.

use super::{
    auth::actor::Actor,
    service::{App, events::Event, throttle::Caller},
};
use crate::{
    api::{error::ApiError, flash::Flash},
    domain::{Instant, evidence::Origin, locale::Locale, security_event::Kind},
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

    /// Who asks, working on their own list.
    ///
    /// # Errors
    /// `SignedOut` without a session, `NotFound` for an account without a person.
    pub fn own_desk(&self) -> Result<super::service::desks::OwnDesk<'_>, ApiError> {
        Ok(self.actor()?.own_desk(&self.app, self.origin.clone())?)
    }
}
