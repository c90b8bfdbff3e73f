//! What a request brings along: who asks, when, from where, in which language, and what the last form had to say.

use super::{
    auth::{
        actor::{Actor, Halfway, Recognised},
        session::{self, Proof},
    },
    http::context::{forget_forms, remember_asked, remember_device},
    service::{
        App,
        events::Event,
        known_browsers,
        second_step::{self, Owed},
        throttle::Caller,
    },
};
use crate::{
    api::{
        done::{Done, Said, before, own_path},
        error::ApiError,
        factors,
        flash::Flash,
    },
    domain::{
        Instant,
        evidence::Origin,
        ids::{AccountId, CeremonyId},
        locale::Locale,
        security_event::Kind,
    },
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
    /// Whether this browser was told a language, rather than brought one along.
    pub chose_language: bool,
    pub origin: Origin,
    /// The same for limits and security events, which keep no address.
    pub caller: Caller,
    /// What the form that led here had to say.
    pub flash: Option<Flash>,
    /// The mark of the browser that was asked for any passkey.
    pub asked: String,
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

    /// This request as of now. An upload may be minutes on its way: what counts are the rights that its sender has when it has arrived, and
    /// that is when it happened.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn on_arrival(&self) -> Result<Self, ApiError> {
        self.session.load().await?;
        Ok(Self {
            now: self.app.now(),
            actor: session::actor(&self.session).await?,
            ..self.clone()
        })
    }

    /// Whether the form that led here was refused, so that something is to be mended or sent again.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        let is_error = |error: &ApiError| !matches!(error, ApiError::Conflict(_) | ApiError::SignedOut | ApiError::ProveAgain);
        matches!(&self.flash, Some(Flash::Failed { error, .. }) if is_error(error))
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
    pub fn recognised(&self) -> Option<Recognised> {
        let half = self.half.as_ref().map(Halfway::recognised);
        half.or_else(|| self.actor.as_ref().map(Actor::recognised))
    }

    /// Lets somebody in who proved who they are, under a fresh session. Returns where to go: to `next`, or first to the second step, or
    /// to where one gets a first factor while rights wait for it, as `next` may be a page that needs them.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn enter(&self, who: Recognised, proof: Proof, next: &str) -> Result<String, ApiError> {
        session::start(&self.session, who, proof, self.origin.clone()).await?;
        forget_forms();
        let owed = match proof {
            Proof::SecondFactor => Owed::Nothing,
            Proof::Password | Proof::Link => second_step::owed(&self.app, self.now, who.account).await?,
        };
        if owed == Owed::SecondStep {
            let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
            return Ok(format!("/sign-in/second-step?next={next}"));
        }
        self.mark_browser(who.account).await?;
        Ok(if owed == Owed::FirstFactor {
            before(factors::FACTORS, next)
        } else {
            next.to_owned()
        })
    }

    /// Ends the session, and what its holder typed leaves the browser with them.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn leave(&self) -> Result<(), ApiError> {
        session::end(&self.session).await?;
        forget_forms();
        Ok(())
    }

    /// Makes this browser one that the account knows, with its password and factors as they are now.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn mark_browser(&self, account: AccountId) -> Result<(), ApiError> {
        remember_device(&known_browsers::mark(&self.app, self.now, account).await?);
        Ok(())
    }

    /// Makes this browser the only one that may answer. Where somebody is known already, their session does the same.
    pub fn mark_asked(&self, id: CeremonyId) {
        if self.recognised().is_none() {
            remember_asked(&second_step::asked_mark(&self.app, id));
        }
    }

    /// Goes on under a fresh session id, with the rights and the end that the session had.
    ///
    /// # Errors
    /// When the database refuses, `SignedOut` when the account's sessions were ended meanwhile.
    pub async fn begin_anew(&self, who: Recognised) -> Result<(), ApiError> {
        Ok(session::renew(&self.session, self.actor()?, who, self.origin.clone()).await?)
    }

    /// What follows when somebody proved anew who they are: the same session under a fresh id, and back to what wanted the proof. `left`:
    /// so many recovery codes, when one was used up for it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn renew(&self, next: &str, left: Option<i64>) -> Result<Done, ApiError> {
        self.begin_anew(self.actor()?.recognised()).await?;
        Ok(Done::go(next, left.map_or(Said::Proved, |left| Said::RecoveryCodeUsed { left })))
    }

    /// What follows when somebody added a factor: the session they did it in becomes one that began with it, under a fresh id, and they
    /// see their recovery codes if there are fresh ones. `next` is where whoever came here on their way wanted to go.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn after_adding(&self, codes: bool, next: &str) -> Result<Done, ApiError> {
        let actor = self.actor()?;
        if !actor.has_second_factor_proof() {
            session::start(&self.session, actor.recognised(), Proof::SecondFactor, self.origin.clone()).await?;
            self.mark_browser(actor.account()).await?;
        }
        // Whose rights just woke up goes on, if only to the start page.
        let goes_on = !next.is_empty() || !actor.dormant_roles().is_empty();
        let path = match (codes, goes_on) {
            (false, _) => factors::FACTORS.to_owned(),
            (true, false) => factors::CODES.to_owned(),
            (true, true) => before(factors::CODES, own_path(next)),
        };
        Ok(Done::go(path, Said::FactorAdded))
    }

    /// Who asks, working on their own list.
    ///
    /// # Errors
    /// `SignedOut` without a session, `NotFound` for an account without a person.
    pub fn own_desk(&self) -> Result<super::service::desks::OwnDesk<'_>, ApiError> {
        Ok(self.actor()?.own_desk(&self.app, self.origin.clone())?)
    }
}
