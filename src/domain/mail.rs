//! What mails are about. The outbox stores the word; text and label follow from the kind, so that none can be forgotten.

use super::factor::Notice;

/// What a mail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailKind {
    /// Brings a personal link.
    Invitation,
    /// Brings a link for a new password.
    PasswordReset,
    PasswordChanged,
    /// Tells somebody, where they were reached before, that they are reached elsewhere.
    AddressChanged,
    /// Tells somebody of their new account.
    AccountAdded,
    /// Tells somebody of rights for which they sign in anew.
    AccountRaised,
    /// Asks an administrator to decide on a role.
    RoleRequested,
    /// Tells an administrator that a leaver's address still has an account that works.
    AccountLeftOpen,
    /// What is open, what is late, and whom else that concerns: once a day for each reader.
    Digest,
    /// A manager's friendly word.
    Nudge,
    /// Something happened to somebody's second factors.
    Factor(Notice),
}

impl MailKind {
    const PLAIN: [Self; 10] = [
        Self::Invitation,
        Self::PasswordReset,
        Self::PasswordChanged,
        Self::AddressChanged,
        Self::AccountAdded,
        Self::AccountRaised,
        Self::RoleRequested,
        Self::AccountLeftOpen,
        Self::Digest,
        Self::Nudge,
    ];

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::PasswordReset => "password_reset",
            Self::PasswordChanged => "password_changed",
            Self::AddressChanged => "address_changed",
            Self::AccountAdded => "account_added",
            Self::AccountRaised => "account_raised",
            Self::RoleRequested => "role_requested",
            Self::AccountLeftOpen => "account_left_open",
            Self::Digest => "digest",
            Self::Nudge => "nudge",
            Self::Factor(notice) => notice.as_str(),
        }
    }

    /// Whether an administrator may read it to pass it on where nothing sends mail: by a link for a new password whoever reads mails could
    /// take over an account with more rights.
    #[must_use]
    pub const fn may_be_passed_on(self) -> bool {
        !matches!(self, Self::PasswordReset)
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        let plain = Self::PLAIN.into_iter().find(|kind| kind.as_str() == word);
        plain.or_else(|| Notice::from_stored(word).map(Self::Factor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_words_read_back() {
        for kind in MailKind::PLAIN.into_iter().chain(Notice::ALL.map(MailKind::Factor)) {
            assert_eq!(MailKind::from_stored(kind.as_str()), Some(kind));
        }
        assert_eq!(MailKind::from_stored("letter"), None);
    }
}
