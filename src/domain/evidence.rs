//! Evidence: what proves that an item was fulfilled. Written once, never changed.

use super::{
    Instant,
    audit::Digest,
    drawing::Drawing,
    ids::{AccountId, AttemptId, CourseVersionId, DocumentVersionId, FileId, MemberListId},
    locale::Locale,
    member::{Listing, Vendor},
    problem::Problem,
};
use serde::{Deserialize, Serialize};
use time::Date;

/// From where somebody acted, as the server saw it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub ip: String,
    pub user_agent: String,
}

impl Origin {
    /// Whether it is on record; it goes when the person gets a pseudonym.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        !self.ip.is_empty()
    }
}

/// What exactly was shown to a person who signed or accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub version: DocumentVersionId,
    pub language: Locale,
    /// SHA-256 of the exact text in that language: title, line feed, body, with every placeholder filled in.
    pub sha256: Digest,
    /// When the text was opened.
    pub opened_at: Instant,
    /// The consent sentence as it stood beside the button.
    pub consent: String,
}

/// The outcome of a background check; never more than this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    Cleared,
    /// A lawful alternative was done instead.
    AlternativeDone,
    /// The law or the role does not ask for one.
    NotRequired,
    NotCleared,
}

impl CheckOutcome {
    pub const ALL: [Self; 4] = [Self::Cleared, Self::AlternativeDone, Self::NotRequired, Self::NotCleared];

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cleared => "cleared",
            Self::AlternativeDone => "alternative_done",
            Self::NotRequired => "not_required",
            Self::NotCleared => "not_cleared",
        }
    }

    /// Whether a provider said so; the others are HR's own word.
    #[must_use]
    pub const fn is_from_provider(self) -> bool {
        matches!(self, Self::Cleared | Self::NotCleared)
    }

    /// # Errors
    /// `NotChosen` or `NotAnOutcome`.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        match raw.trim() {
            "" => Err(Problem::NotChosen),
            word => Self::ALL.into_iter().find(|outcome| outcome.as_str() == word).ok_or(Problem::NotAnOutcome),
        }
    }
}

/// What was proven. Stored as JSON beside the columns that are searched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Proof {
    NdaSignature {
        shown: Shown,
        typed_name: String,
        origin: Origin,
        /// Drawn besides, where somebody wished to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        drawing: Option<Drawing>,
        /// SHA-256 of the copy that was made at that moment; none before copies were made.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pdf_sha256: Option<Digest>,
    },
    NdaOnPaper {
        signed_on: Date,
        note: String,
    },
    /// A scan of the paper, kept with it.
    NdaScan {
        file: FileId,
        sha256: Digest,
    },
    NdaConfirmation,
    PolicyAcceptance {
        shown: Shown,
        origin: Origin,
    },
    QuizPass {
        course: CourseVersionId,
        attempt: AttemptId,
    },
    CheckResult {
        outcome: CheckOutcome,
        completed_on: Date,
    },
    /// The person agreed that a provider is asked.
    CheckConsent {
        /// What is lawful in the country, as it was shown.
        sentence: String,
        /// What a provider may be asked, as it was shown.
        asked: Vec<String>,
        /// The consent sentence as it stood beside the button.
        consent: String,
        language: Locale,
        origin: Origin,
    },
    /// The person's own word: weak.
    PasswordManagerDeclaration {
        origin: Origin,
    },
    PasswordManagerConfirmation,
    /// The vendor's list of members: strong.
    PasswordManagerMember {
        list: MemberListId,
        vendor: Vendor,
        email: String,
        listing: Listing,
    },
    /// The person did what an instruction asks, and says so.
    InstructionDone {
        /// Title and text as they were shown.
        title: String,
        text: String,
        language: Locale,
        /// What they uploaded, where a file is asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<FileId>,
        origin: Origin,
    },
    InstructionConfirmation,
}

impl Proof {
    /// The address in it, of which the stored proof holds a sealed one.
    pub const fn address_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::PasswordManagerMember { email, .. } => Some(email),
            _ => None,
        }
    }

    /// As stored in the column `kind`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::NdaSignature { .. } => "nda_signature",
            Self::NdaOnPaper { .. } => "nda_on_paper",
            Self::NdaScan { .. } => "nda_scan",
            Self::NdaConfirmation => "nda_confirmation",
            Self::PolicyAcceptance { .. } => "policy_acceptance",
            Self::QuizPass { .. } => "quiz_pass",
            Self::CheckResult { .. } => "check_result",
            Self::CheckConsent { .. } => "check_consent",
            Self::PasswordManagerDeclaration { .. } => "password_manager_declaration",
            Self::PasswordManagerConfirmation => "password_manager_confirmation",
            Self::PasswordManagerMember { .. } => "password_manager_member",
            Self::InstructionDone { .. } => "instruction_done",
            Self::InstructionConfirmation => "instruction_confirmation",
        }
    }

    /// Whether the person signed or accepted by this, on a screen or on paper.
    #[must_use]
    pub const fn is_signature(&self) -> bool {
        matches!(self, Self::NdaSignature { .. } | Self::PolicyAcceptance { .. } | Self::NdaOnPaper { .. })
    }

    /// The text that was shown, where there was one.
    #[must_use]
    pub const fn shown(&self) -> Option<&Shown> {
        match self {
            Self::NdaSignature { shown, .. } | Self::PolicyAcceptance { shown, .. } => Some(shown),
            _ => None,
        }
    }
}

/// A proof on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// When it happened.
    pub at: Instant,
    /// When it was written down.
    pub recorded_at: Instant,
    pub recorded_by: Option<AccountId>,
    pub proof: Proof,
}
