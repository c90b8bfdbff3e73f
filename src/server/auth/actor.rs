//! The one who asks. An [`Actor`] can be built only in this module, from a live session's row; what it may do is asked
//! by granting it a desk (`service::desks`).

use crate::{
    domain::{
        Instant,
        ids::{AccountId, PersonId, SessionId},
        locale::Locale,
        roles::{Permission, Role},
    },
    server::store::sessions::SessionRow,
};
use serde::{Deserialize, Serialize};

/// An account that proved itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor(Proven);

/// What a live session says of its account. Crosses from the store to the request inside the session layer only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Proven {
    session: SessionId,
    seen_at: Instant,
    proved_at: Instant,
    second_factor: bool,
    account: AccountId,
    person: Option<PersonId>,
    name: String,
    language: Locale,
    roles: Vec<Role>,
    has_password: bool,
    has_reports: bool,
}

impl Proven {
    /// From the rows of a live session; none when there are none.
    pub(super) fn from_rows(rows: &[SessionRow]) -> Option<Self> {
        let first = rows.first()?;
        Some(Self {
            session: SessionId(first.session_id),
            seen_at: first.seen_at,
            proved_at: first.proved_at,
            second_factor: first.second_factor_at.is_some(),
            account: AccountId(first.account_id),
            person: first.person_id.map(PersonId),
            name: first.name.clone(),
            language: Locale::from_tag(&first.language).unwrap_or_default(),
            roles: rows.iter().filter_map(|row| row.role.as_deref().and_then(Role::from_stored)).collect(),
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
