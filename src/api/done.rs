//! The answer to a change: where to go now, and what to say there.

use crate::domain::{
    calendar::FeedKind,
    ids::{AccountId, AssignmentId, CourseId, DocumentId, PersonId},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

/// What to say after a change. The words are chosen where it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    PersonAdded {
        name: String,
        invited: bool,
    },
    PersonChanged,
    StartMoved,
    LastDayRecorded,
    InvitationSent {
        name: String,
    },
    LinkRequested,
    Imported {
        new: usize,
        changed: usize,
        unchanged: usize,
        invited: bool,
    },
    NdaSigned,
    NdaConfirmed,
    NdaRecorded,
    CheckConsentGiven,
    CheckConsentRefused,
    CheckRequested,
    CheckWithProvider,
    CheckCompleted,
    CheckProfileAdded,
    CheckProfileSaved,
    PolicyAccepted,
    QuizPassed,
    QuizFailed,
    CourseSaved,
    CourseDraftDiscarded,
    CourseImageAdded,
    CourseImported,
    /// So many people are asked to pass it.
    CoursePublished {
        asked: u64,
    },
    EnrolmentDeclared,
    EnrolmentConfirmed,
    MembersApplied {
        enrolled: usize,
        proven: usize,
        reopened: usize,
        /// One's own item is for somebody else to compare.
        own_stays: bool,
    },
    MemberAssigned,
    MemberSetAside,
    MemberForgotten,
    PasswordSet,
    FactorsReset,
    Proved,
    OwnSessionsEnded {
        count: u64,
    },
    PasswordChanged,
    PasswordReset,
    SignedOut,
    ExemptionRequested,
    ExemptionApproved,
    ExemptionRefused,
    ExemptionEnded,
    StartAllowed,
    DraftSaved,
    DraftDiscarded,
    /// So many people are asked to accept it.
    DocumentPublished {
        asked: u64,
    },
    NothingToDo,
    FactorAdded,
    FactorRenamed,
    FactorRemoved,
    /// So many are left.
    RecoveryCodeUsed {
        left: i64,
    },
    RecoveryCodesKept,
    NdaScanAdded,
    NdaWithdrawn,
    NdaTemplateCreated,
    NdaTemplateChanged,
    NdaTemplateRetired,
    RoleGranted,
    /// Another administrator decides.
    RoleRequested,
    RoleApproved,
    RoleRefused,
    RoleWithdrawn,
    RoleRemoved,
    /// With its role, or with a request for it.
    AccountAdded {
        granted: bool,
    },
    AccountDisabled,
    AccountEnabled,
    SessionsEnded,
    RecordTaken,
    /// So many people are asked because of it.
    RuleMade {
        asked: i64,
    },
    RuleChanged,
    RuleEnded,
    PersonRehired,
    InstructionDone,
    InstructionConfirmed,
    RemindersPaused,
    RemindersResumed,
    Nudged {
        name: String,
    },
    /// Said once, and nowhere again.
    CalendarMade {
        kind: FeedKind,
        address: String,
    },
    CalendarEnded,
}

impl Said {
    /// This, or that nothing has changed.
    #[must_use]
    pub fn if_changed(self, changed: bool) -> Self {
        if changed { self } else { Self::NothingToDo }
    }
}

/// A change that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// A path on this site; empty: where the form was.
    pub go: String,
    pub said: Option<Said>,
}

impl Done {
    /// Stay on the page of the form.
    #[must_use]
    pub fn here(said: Said) -> Self {
        Self {
            go: String::new(),
            said: Some(said),
        }
    }

    /// Go to a path and say something there.
    #[must_use]
    pub fn go(path: impl Into<String>, said: Said) -> Self {
        Self {
            go: path.into(),
            said: Some(said),
        }
    }

    /// Go to a path; whoever used up a recovery code hears how many are left.
    #[must_use]
    pub fn after_code(path: impl Into<String>, left: Option<i64>) -> Self {
        Self {
            go: path.into(),
            said: left.map(|left| Said::RecoveryCodeUsed { left }),
        }
    }

    /// Go to a path.
    #[must_use]
    pub fn silently(path: impl Into<String>) -> Self {
        Self { go: path.into(), said: None }
    }
}

/// The address of a person's page.
#[must_use]
pub fn person_path(id: PersonId) -> String {
    format!("/people/{id}")
}

/// The address of an account's page for administrators.
#[must_use]
pub fn account_path(id: AccountId) -> String {
    format!("/admin/accounts/{id}")
}

/// The address of a country profile of background checks.
#[must_use]
pub fn check_profile_path(key: &str) -> String {
    format!("/content/check-profiles/{key}")
}

/// The address where a policy or an NDA is written.
#[must_use]
pub fn edited_document_path(id: DocumentId) -> String {
    format!("/content/documents/{id}")
}

/// The address of the quiz of one's own course.
#[must_use]
pub fn quiz_path(id: AssignmentId) -> String {
    format!("/checklist/training/{id}/quiz")
}

/// The address where a course is written.
#[must_use]
pub fn edited_course_path(id: CourseId) -> String {
    format!("/content/courses/{id}")
}

/// The address where a lesson is written. A slug that could not stand in an address never names a lesson.
#[must_use]
pub fn edited_lesson_path(id: CourseId, slug: &str) -> String {
    format!("/content/courses/{id}/lessons/{slug}")
}

/// The address where the questions of a course are listed.
#[must_use]
pub fn edited_questions_path(id: CourseId) -> String {
    format!("/content/courses/{id}/questions")
}

/// The address where one proves anew who one is, and from where one comes back to `next`.
#[must_use]
pub fn prove_path(next: &str) -> String {
    before(PROVE, next)
}

/// The address of a page that stands before another one, and leads on to it.
#[must_use]
pub fn before(page: &str, next: &str) -> String {
    format!("{page}?next={}", utf8_percent_encode(next, OF_A_PATH))
}

/// All but what an address of ours is made of.
const OF_A_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Where one proves anew who one is.
pub const PROVE: &str = "/account/prove";

/// An address that came with a form, if it stays on this site, else the start page. Browsers take `//host`, `/\\host` and, as they
/// drop control characters, `/<tab>/host` for another one.
#[must_use]
pub fn own_path(raw: &str) -> &str {
    let stays = raw.starts_with('/') && !raw[1..].starts_with(['/', '\\']) && !raw.chars().any(char::is_control);
    if stays { raw } else { "/" }
}
