//! The one who asks. An [`Actor`] can be built only in this module, from a live session's row; what it may do is asked
//! by granting it a desk (`service::desks`).

use crate::{
    domain::{
        Instant,
        ids::{AccountId, PersonId, SessionId},
        locale::Locale,
        roles::{Permission, Role},
    },
    server::{
        store::{Author, Db, StoreError, accounts, sessions::SessionRow},
        zones,
    },
};
use serde::{Deserialize, Serialize};
use time::Duration;

/// An account that somebody proved to be theirs, and how often its sessions had been ended by then. A session begins from it only while
/// that number stands: what a new password or a sign-out ended does not come back by a sign-in that was on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recognised {
    pub account: AccountId,
    pub epoch: i64,
}

impl Recognised {
    /// An account whose owner proved just now who they are.
    ///
    /// # Errors
    /// When the database refuses, or there is no such account.
    pub async fn now(db: &mut Db, account: AccountId) -> Result<Self, StoreError> {
        let epoch = accounts::find_epoch(db, account).await?;
        Ok(Self { account, epoch })
    }
}

/// An account that proved itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor(Proven);

/// What a live session says of its account. Crosses from the store to the request inside the session layer only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Proven {
    session: SessionId,
    seen_at: Instant,
    expires_at: Instant,
    proved_at: Instant,
    second_factor: bool,
    account: AccountId,
    epoch: i64,
    person: Option<PersonId>,
    name: String,
    language: Locale,
    roles: Vec<Role>,
    dormant_roles: Vec<Role>,
    has_password: bool,
    has_reports: bool,
}

impl Proven {
    /// From the rows of a live session; none when there are none. Where a second factor is `required`, roles sleep until one was
    /// given: no permission is there, whatever is asked.
    fn from_rows(rows: &[SessionRow], required: bool) -> Option<Self> {
        let first = rows.first()?;
        let held = rows.iter().filter_map(|row| row.role.as_deref().and_then(Role::from_stored)).collect();
        let sleep = required && first.second_factor_at.is_none();
        let (roles, dormant_roles) = if sleep { (Vec::new(), held) } else { (held, Vec::new()) };
        Some(Self {
            session: SessionId(first.session_id),
            seen_at: first.seen_at,
            expires_at: first.expires_at,
            proved_at: first.proved_at,
            second_factor: first.second_factor_at.is_some(),
            account: AccountId(first.account_id),
            epoch: first.epoch,
            person: first.person_id.map(PersonId),
            name: first.name.clone(),
            language: Locale::from_tag(&first.language).unwrap_or_default(),
            roles,
            dormant_roles,
            has_password: first.has_password,
            has_reports: first.has_reports,
        })
    }
}

impl From<Proven> for Actor {
    fn from(proven: Proven) -> Self {
        Self(proven)
    }
}

impl Actor {
    pub const fn session(&self) -> SessionId {
        self.0.session
    }

    /// When this session was last noted to be in use, to the minute.
    pub(super) const fn seen_at(&self) -> Instant {
        self.0.seen_at
    }

    /// When this session ends, however much it is used.
    pub(super) const fn session_ends_at(&self) -> Instant {
        self.0.expires_at
    }

    /// When the holder of this session last proved who they are.
    pub const fn proved_at(&self) -> Instant {
        self.0.proved_at
    }

    /// Whether this session began with a second factor or a passkey.
    pub const fn has_second_factor_proof(&self) -> bool {
        self.0.second_factor
    }

    pub const fn account(&self) -> AccountId {
        self.0.account
    }

    /// Who this is, for a session that takes the place of this one.
    pub const fn recognised(&self) -> Recognised {
        Recognised {
            account: self.0.account,
            epoch: self.0.epoch,
        }
    }

    /// Who this is, for the changes that they make.
    pub const fn author(&self) -> Author {
        Author {
            account: self.0.account,
            person: self.0.person,
            epoch: self.0.epoch,
        }
    }

    /// The person behind the account; an administrator need not be one.
    pub const fn person(&self) -> Option<PersonId> {
        self.0.person
    }

    pub fn name(&self) -> &str {
        &self.0.name
    }

    pub const fn language(&self) -> Locale {
        self.0.language
    }

    pub fn roles(&self) -> &[Role] {
        &self.0.roles
    }

    /// Roles that the account holds and that do not count in this session, as it began without a second factor.
    pub fn dormant_roles(&self) -> &[Role] {
        &self.0.dormant_roles
    }

    pub const fn has_password(&self) -> bool {
        self.0.has_password
    }

    /// Whether somebody reports to this person.
    pub const fn has_reports(&self) -> bool {
        self.0.has_reports
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.0.roles.iter().any(|role| role.may(permission))
    }
}

/// How long somebody may take between the first step of signing in and the second.
const SECOND_STEP_WAITS: Duration = Duration::minutes(10);

/// Somebody who gave a password or opened a link, and still owes the second factor that their account has. They are nobody yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Halfway(HalfProven);

/// As [`Proven`], of a session that is half begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HalfProven {
    account: AccountId,
    epoch: i64,
    language: Locale,
}

impl From<HalfProven> for Halfway {
    fn from(proven: HalfProven) -> Self {
        Self(proven)
    }
}

impl Halfway {
    pub const fn account(&self) -> AccountId {
        self.0.account
    }

    /// Who this is, for the session that takes the place of this one.
    pub const fn recognised(&self) -> Recognised {
        Recognised {
            account: self.0.account,
            epoch: self.0.epoch,
        }
    }

    pub const fn language(&self) -> Locale {
        self.0.language
    }
}

/// What a live session makes of whoever holds it.
pub(super) enum Standing {
    Full(Proven),
    Half(HalfProven),
}

impl Standing {
    /// From the rows of a live session; none when there are none, or when the second step took too long, and none for a leaver from
    /// the very end of their last day. A session that began before its account got its first factor owes that factor too.
    pub(super) fn from_rows(rows: &[SessionRow], now: Instant, required: bool) -> Option<Self> {
        let first = rows.first()?;
        if zones::has_ended(first.end_date, first.time_zone.as_deref(), now) {
            return None;
        }
        if first.second_factor_at.is_some() || !first.has_factor {
            return Proven::from_rows(rows, required).map(Self::Full);
        }
        (now < first.created_at + SECOND_STEP_WAITS).then(|| {
            Self::Half(HalfProven {
                account: AccountId(first.account_id),
                epoch: first.epoch,
                language: Locale::from_tag(&first.language).unwrap_or_default(),
            })
        })
    }
}
