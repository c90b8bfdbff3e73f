//! Roles and what they may do: one table. The interface hides by it, the service layer enforces it.

use serde::{Deserialize, Serialize};

/// A role that an account can hold besides being an employee, which everyone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Hr,
    Security,
    Auditor,
    Admin,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Hr, Self::Security, Self::Auditor, Self::Admin];

    /// As stored and as typed on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hr => "hr",
            Self::Security => "security",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// The table: whether this role carries a permission.
    #[must_use]
    pub const fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Hr => matches!(
                permission,
                P::ReadPeople
                    | P::ReadContact
                    | P::ReadGate
                    | P::EditPeople
                    | P::ConfirmNda
                    | P::ReadCheck
                    | P::RecordCheck
                    | P::ConfirmPasswordManager
                    | P::EditNdaTemplates
                    | P::ReadExemptions
                    | P::RequestExemption
                    | P::DecideExemption
            ),
            Self::Security => matches!(
                permission,
                P::ReadPeople
                    | P::ReadRates
                    | P::ReadEvents
                    | P::ConfirmPasswordManager
                    | P::EditPolicies
                    | P::EditCourses
                    | P::ReadExemptions
                    | P::RequestExemption
                    | P::DecideExemption
            ),
            Self::Auditor => matches!(permission, P::ReadPeople | P::ReadRates | P::ReadExemptions),
            Self::Admin => matches!(
                permission,
                P::ReadOutbox | P::ReadEvents | P::EditPolicies | P::EditNdaTemplates | P::EditCourses | P::EditCheckProfiles
            ),
        }
    }
}

/// Something that not everyone may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Permission {
    /// See everyone's items and dates.
    ReadPeople,
    /// See private e-mail addresses.
    ReadContact,
    /// See the day-1 gate.
    ReadGate,
    /// Add, change, import and invite people.
    EditPeople,
    /// Confirm a signed NDA, or record one on paper.
    ConfirmNda,
    /// See a background check's provider and reference.
    ReadCheck,
    /// Request a background check and record its outcome.
    RecordCheck,
    /// Confirm that somebody is enrolled in the password manager.
    ConfirmPasswordManager,
    /// See completion and on-time rates.
    ReadRates,
    /// Read mails that wait to be sent.
    ReadOutbox,
    /// Write and publish policies.
    EditPolicies,
    /// Write and publish NDAs, and say whom they are for.
    EditNdaTemplates,
    /// Write and publish courses.
    EditCourses,
    /// Say which background checks are lawful where.
    EditCheckProfiles,
    /// See the register of exceptions.
    ReadExemptions,
    /// Ask that an item be lifted for somebody.
    RequestExemption,
    /// Decide on what somebody else asked for.
    DecideExemption,
    /// Read security events.
    ReadEvents,
}

impl Permission {
    pub const ALL: [Self; 18] = [
        Self::ReadPeople,
        Self::ReadContact,
        Self::ReadGate,
        Self::EditPeople,
        Self::ConfirmNda,
        Self::ReadCheck,
        Self::RecordCheck,
        Self::ConfirmPasswordManager,
        Self::ReadRates,
        Self::ReadOutbox,
        Self::EditPolicies,
        Self::EditNdaTemplates,
        Self::EditCourses,
        Self::EditCheckProfiles,
        Self::ReadExemptions,
        Self::RequestExemption,
        Self::DecideExemption,
        Self::ReadEvents,
    ];
}
