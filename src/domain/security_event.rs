//! Security events that are no change: what was refused, what failed, what was taken away. Changes stand in the audit trail, and
//! those among them that matter here are named by `audit::Action::is_security_event`.

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $outcome:literal;)+) => {
        /// What happened. The word is stored and never reused for anything else.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind { $($(#[$doc])* $variant,)+ }

        impl Kind {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// As stored and logged.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// `failure`: a proof that did not fit; `refused`: turned away before anything was looked at; `success`: it happened.
            #[must_use]
            pub const fn outcome(self) -> &'static str {
                match self { $(Self::$variant => $outcome,)+ }
            }
        }
    };
}

kinds! {
    /// Address and password did not fit.
    SignInFailed = "sign_in.failed", "failure";
    /// The present password, asked of somebody who is signed in, did not fit.
    PasswordFailed = "password.failed", "failure";
    /// A one-time code or passkey did not fit.
    SecondFactorFailed = "second_factor.failed", "failure";
    /// A personal link that nobody sent.
    LinkFailed = "link.failed", "failure";
    /// Too many tries or requests.
    LimitReached = "limit.reached", "refused";
    /// Somebody asked for what their roles do not let them do.
    AccessDenied = "access.denied", "refused";
    /// A change that another site asked for.
    CrossSiteRefused = "request.cross_site", "refused";
    /// A session that ended, or never was.
    SessionRefused = "session.refused", "refused";
    /// Evidence of other people was taken away as a file.
    EvidenceExported = "evidence.exported", "success";
}

impl Kind {
    /// Whether the account on record is the one that was tried, and not the one that acted: nobody had shown yet to be its owner.
    #[must_use]
    pub const fn is_about_account(self) -> bool {
        matches!(self, Self::SignInFailed | Self::LimitReached)
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::audit::Action;

    #[test]
    fn stored_words_read_back_and_are_no_words_of_the_audit_trail() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_stored(kind.as_str()), Some(*kind));
            assert_eq!(Action::from_stored(kind.as_str()), None);
        }
    }
}
