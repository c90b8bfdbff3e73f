//! One type per kind of id, so that a person's id can never be handed in where an assignment's is wanted.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(raw: &str) -> Result<Self, Self::Err> {
                raw.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A sign-in. Most accounts belong to a person; an administrator's need not.
    AccountId;
    /// One person's instance of a requirement.
    AssignmentId;
    /// One try at a quiz.
    AttemptId;
    /// Something that somebody has begun and not finished.
    CeremonyId;
    /// A course, across its versions.
    CourseId;
    /// One immutable version of a course.
    CourseVersionId;
    /// A policy or NDA, across its versions.
    DocumentId;
    /// One immutable version of a policy or NDA.
    DocumentVersionId;
    /// An entry of the register of exceptions.
    ExemptionId;
    /// A second factor of an account.
    FactorId;
    /// A scan of what was signed on paper.
    FileId;
    /// A stored upload that waits for its preview to be confirmed.
    ImportId;
    /// A personal link that was sent.
    InvitationId;
    /// A list of a password manager's members that was uploaded.
    MemberListId;
    /// A link by which somebody sets a new password.
    PasswordResetId;
    /// A mail of reminders.
    DigestId;
    /// A team member, employee or contractor.
    PersonId;
    /// A rule that produces assignments.
    RequirementId;
    /// A session, as its holder sees it; not what its cookie holds.
    SessionId;
    /// What an administrator asked for and another decides on.
    RoleRequestId;
}
