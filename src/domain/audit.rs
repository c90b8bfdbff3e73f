//! Audit entries: what is written about every change, and the bytes their hash covers.
//!
//! Personal values never stand in an entry. They stand in a detail row beside it, and the entry carries only that row's
//! salted hash: erasing a person deletes details, and the chain still verifies.

use super::{
    Instant,
    ids::{AccountId, PersonId},
};
use uuid::Uuid;

macro_rules! actions {
    ($($variant:ident = $word:literal,)+) => {
        /// What happened. The word is stored and never reused for anything else.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum Action { $($variant,)+ }

        impl Action {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// As stored.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

actions! {
    InstallationPrepared = "installation.prepared",
    AccountCreated = "account.created",
    RoleGranted = "role.granted",
    PasswordSet = "account.password_set",
    PasswordChanged = "account.password_changed",
    PasswordResetRequested = "account.password_reset_requested",
    PasswordReset = "account.password_reset",
    LanguageChosen = "account.language_chosen",
    SignedIn = "session.started",
    SignedOut = "session.ended",
    PersonAdded = "person.added",
    PersonChanged = "person.changed",
    StartDateChanged = "person.start_date_changed",
    PersonLeft = "person.left",
    PersonPseudonymised = "person.pseudonymised",
    PeopleImportPreviewed = "import.previewed",
    PeopleImported = "import.applied",
    InvitationSent = "invitation.sent",
    InvitationAccepted = "invitation.accepted",
    NdaSigned = "nda.signed",
    NdaConfirmed = "nda.confirmed",
    NdaRecordedOnPaper = "nda.recorded_on_paper",
    CheckConsentGiven = "background_check.consent_given",
    CheckConsentRefused = "background_check.consent_refused",
    CheckConsentWithdrawn = "background_check.consent_withdrawn",
    NdaScanAdded = "nda.scan_added",
    NdaWithdrawn = "nda.withdrawn",
    NdaTemplateCreated = "nda_template.created",
    NdaTemplateChanged = "nda_template.changed",
    NdaTemplateRetired = "nda_template.retired",
    CheckRequested = "background_check.requested",
    CheckWithProvider = "background_check.with_provider",
    CheckCompleted = "background_check.completed",
    CheckPurged = "background_check.purged",
    CheckProfilesPrepared = "check_profile.prepared",
    CheckProfileAdded = "check_profile.added",
    CheckProfileChanged = "check_profile.changed",
    PolicyAccepted = "policy.accepted",
    QuizAnswered = "training.quiz_answered",
    QuizPassed = "training.quiz_passed",
    QuizFailed = "training.quiz_failed",
    CourseAdded = "course.added",
    CourseDraftChanged = "course.draft_changed",
    CourseDraftDiscarded = "course.draft_discarded",
    CourseImageAdded = "course.image_added",
    CourseFileUploaded = "course.file_uploaded",
    CourseImported = "course.imported",
    CoursePublished = "course.published",
    PasswordManagerDeclared = "password_manager.declared",
    PasswordManagerConfirmed = "password_manager.confirmed",
    ItemRenewed = "item.renewed",
    DocumentAdded = "document.added",
    DocumentDraftSaved = "document.draft_saved",
    DocumentDraftDiscarded = "document.draft_discarded",
    DocumentPublished = "document.published",
    ExemptionRequested = "exemption.requested",
    ExemptionApproved = "exemption.approved",
    ExemptionRefused = "exemption.refused",
    ExemptionEnded = "exemption.ended",
    StartAllowedWithoutNda = "exemption.start_without_nda",
    MemberListPreviewed = "member_list.previewed",
    MemberListMapped = "member_list.mapped",
    MemberListApplied = "member_list.applied",
    MemberMatched = "member_list.matched",
    MemberSetAside = "member_list.set_aside",
    MemberMatchForgotten = "member_list.match_forgotten",
    PasswordManagerListed = "password_manager.listed",
    PasswordManagerUnlisted = "password_manager.unlisted",
    FactorAdded = "factor.added",
    FactorRenamed = "factor.renamed",
    FactorRemoved = "factor.removed",
    FactorsReset = "factor.all_removed",
    RecoveryCodesMade = "factor.recovery_codes_made",
    RecoveryCodeUsed = "factor.recovery_code_used",
    PasskeyRefused = "factor.passkey_refused",
    FirstStepTaken = "session.first_step_taken",
    IdentityProved = "session.identity_proved",
    MailSent = "mail.sent",
    MailFailed = "mail.failed",
    ReminderPlanned = "reminder.planned",
    ReminderDropped = "reminder.dropped",
    ReminderEscalated = "reminder.escalated",
    RemindersPaused = "reminder.paused",
    RemindersResumed = "reminder.resumed",
    RoleRequested = "role.requested",
    RoleRefused = "role.refused",
    RoleRequestWithdrawn = "role.request_withdrawn",
    RoleRequestLapsed = "role.request_lapsed",
    RoleRemoved = "role.removed",
    RoleEnded = "role.ended",
    AccountDisabled = "account.disabled",
    AccountEnabled = "account.enabled",
    SessionsEnded = "account.sessions_ended",
    PersonTaken = "account.person_taken",
    AccountRenamed = "account.renamed",
    AddressChanged = "account.address_changed",
    AccountLeftOpen = "person.account_left_open",
    SecretsSealed = "key.secrets_sealed",
    KeyRotated = "key.rotated",
    RuleMade = "rule.made",
    RuleChanged = "rule.changed",
    RuleEnded = "rule.ended",
    ItemsFollowedRules = "person.items_followed_rules",
    PersonRehired = "person.rehired",
    InstructionDone = "instruction.done",
    InstructionConfirmed = "instruction.confirmed",
    PersonNudged = "person.nudged",
    CalendarMade = "calendar.address_made",
    CalendarEnded = "calendar.address_ended",
}

impl Action {
    /// Whether it is the person's own business: how many tries a quiz took says as much as a score.
    #[must_use]
    pub const fn is_private(self) -> bool {
        matches!(self, Self::QuizAnswered | Self::QuizFailed)
    }

    /// Whether it is between the person and whoever may read checks: a refusal says nothing to others about how an item stands.
    #[must_use]
    pub const fn is_about_consent(self) -> bool {
        matches!(self, Self::CheckConsentGiven | Self::CheckConsentRefused | Self::CheckConsentWithdrawn)
    }

    /// Whether it decides about who gets in, or what they may do. Shown beside `security_event::Kind`, and never written twice.
    #[must_use]
    pub const fn is_security_event(self) -> bool {
        use Action as A;
        matches!(
            self,
            A::AccountCreated
                | A::AccountDisabled
                | A::AccountEnabled
                | A::AccountLeftOpen
                | A::AccountRenamed
                | A::AddressChanged
                | A::CalendarEnded
                | A::CalendarMade
                | A::FactorAdded
                | A::FactorRemoved
                | A::FactorsReset
                | A::FirstStepTaken
                | A::IdentityProved
                | A::InvitationAccepted
                | A::InvitationSent
                | A::KeyRotated
                | A::PasskeyRefused
                | A::PasswordChanged
                | A::PasswordReset
                | A::PasswordResetRequested
                | A::PasswordSet
                | A::RecoveryCodeUsed
                | A::RecoveryCodesMade
                | A::RoleEnded
                | A::RoleGranted
                | A::RoleRefused
                | A::RoleRemoved
                | A::RoleRequested
                | A::RoleRequestLapsed
                | A::RoleRequestWithdrawn
                | A::SecretsSealed
                | A::PersonTaken
                | A::SessionsEnded
                | A::SignedIn
                | A::SignedOut
        )
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == word)
    }
}

/// A SHA-256 digest.
pub type Digest = [u8; 32];

/// An entry as it is hashed and stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// From 1, without gaps.
    pub seq: i64,
    pub at: Instant,
    /// None: the system itself.
    pub actor: Option<AccountId>,
    pub action: Action,
    /// The thing that was changed.
    pub subject: Uuid,
    /// The person it concerns, if any.
    pub person: Option<PersonId>,
    /// Salted hash of the detail row.
    pub detail_hash: Digest,
    /// Hash of the entry before; zeroes for the first.
    pub previous_hash: Digest,
}

impl Entry {
    /// The bytes that the entry's hash covers: fixed-width fields in order, the one variable field length-prefixed, so
    /// that no two different entries share them.
    #[must_use]
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let action = self.action.as_str().as_bytes();
        let mut bytes = Vec::with_capacity(160);
        bytes.extend_from_slice(b"antritt.audit.1\0");
        bytes.extend_from_slice(&self.seq.to_be_bytes());
        bytes.extend_from_slice(&self.at.unix_timestamp().to_be_bytes());
        for id in [self.actor.map(|id| id.0), Some(self.subject), self.person.map(|id| id.0)] {
            bytes.push(u8::from(id.is_some()));
            bytes.extend_from_slice(id.unwrap_or_default().as_bytes());
        }
        bytes.extend_from_slice(&u32::try_from(action.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend_from_slice(action);
        bytes.extend_from_slice(&self.detail_hash);
        bytes.extend_from_slice(&self.previous_hash);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use time::macros::datetime;

    #[test]
    fn stored_words_are_unique_and_read_back() {
        let words: HashSet<_> = Action::ALL.iter().map(|action| action.as_str()).collect();
        assert_eq!(words.len(), Action::ALL.len());
        for action in Action::ALL {
            assert_eq!(Action::from_stored(action.as_str()), Some(*action));
        }
    }

    #[test]
    fn absent_and_zero_ids_differ() {
        let entry = Entry {
            seq: 1,
            at: datetime!(2026-12-01 00:00 UTC),
            actor: None,
            action: Action::PersonAdded,
            subject: Uuid::nil(),
            person: None,
            detail_hash: [0; 32],
            previous_hash: [0; 32],
        };
        let other = Entry {
            person: Some(PersonId(Uuid::nil())),
            ..entry.clone()
        };
        assert_ne!(entry.canonical_bytes(), other.canonical_bytes());
    }
}
