//! Roles and what they may do: one table. The interface hides by it, the service layer enforces it.

use super::{deadlines::months_after, problem::Problem};
use serde::{Deserialize, Serialize};
use time::Date;

/// How many months ahead an auditor's access may end at most: the period of an audit and the weeks after it.
pub const AUDITOR_MONTHS: u16 = 13;

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
                    | P::ConfirmForHr
            ),
            Self::Security => matches!(
                permission,
                P::ReadPeople
                    | P::ReadRates
                    | P::ReadEvents
                    | P::ReadAccess
                    | P::ConfirmPasswordManager
                    | P::EditPolicies
                    | P::EditCourses
                    | P::ReadExemptions
                    | P::RequestExemption
                    | P::DecideExemption
                    | P::EditRules
                    | P::ConfirmForSecurity
            ),
            Self::Auditor => matches!(permission, P::ReadPeople | P::ReadRates | P::ReadExemptions | P::ReadAccess),
            Self::Admin => matches!(
                permission,
                P::ManageAccounts
                    | P::ReadOutbox
                    | P::ReadEvents
                    | P::EditPolicies
                    | P::EditNdaTemplates
                    | P::EditCourses
                    | P::EditCheckProfiles
                    | P::EditRules
            ),
        }
    }
    /// Whether a second administrator has to approve a grant. An auditor only reads, and not for ever.
    #[must_use]
    pub const fn needs_second_person(self) -> bool {
        !matches!(self, Self::Auditor)
    }

    /// The last day of a grant, if it may be that one. `today` and the day itself are those of the installation.
    ///
    /// # Errors
    /// `Required` and `NotWithinMonths` for an auditor without an end that is near enough, `TooEarly` for a day that is over.
    pub fn last_day(self, typed: Option<Date>, today: Date) -> Result<Option<Date>, Problem> {
        match typed {
            Some(day) if day < today => Err(Problem::TooEarly),
            Some(day) if self == Self::Auditor && day > months_after(today, AUDITOR_MONTHS) => Err(Problem::NotWithinMonths(AUDITOR_MONTHS)),
            None if self == Self::Auditor => Err(Problem::Required),
            day => Ok(day),
        }
    }
}

/// One line per permission; what stands above it is its sentence in the table of SECURITY.md.
macro_rules! permissions {
    ($(#[doc = $sentence:literal] $name:ident,)+) => {
        /// Something that not everyone may do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Permission { $(#[doc = $sentence] $name,)+ }

        impl Permission {
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// What it allows, in one English sentence.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence.trim_start(),)+ }
            }
        }
    };
}

permissions! {
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
    /// See accounts, grant and remove roles, disable accounts and end sessions.
    ManageAccounts,
    /// See who holds which role.
    ReadAccess,
    /// Say what is asked of whom, and by when.
    EditRules,
    /// Confirm instructions that HR is to confirm.
    ConfirmForHr,
    /// Confirm instructions that security is to confirm.
    ConfirmForSecurity,
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn an_auditors_access_always_ends_and_soon() {
        let today = date!(2026 - 11 - 23);
        let auditor = |day| Role::Auditor.last_day(day, today);
        assert_eq!(auditor(None), Err(Problem::Required));
        assert_eq!(auditor(Some(date!(2026 - 11 - 22))), Err(Problem::TooEarly));
        assert_eq!(auditor(Some(today)), Ok(Some(today)));
        assert_eq!(auditor(Some(date!(2027 - 12 - 23))), Ok(Some(date!(2027 - 12 - 23))));
        assert_eq!(auditor(Some(date!(2027 - 12 - 24))), Err(Problem::NotWithinMonths(13)));
    }

    #[test]
    fn others_may_stay_and_nobody_begins_in_the_past() {
        let today = date!(2026 - 11 - 23);
        for role in [Role::Hr, Role::Security, Role::Admin] {
            assert_eq!(role.last_day(None, today), Ok(None));
            assert_eq!(role.last_day(Some(date!(2036 - 01 - 01)), today), Ok(Some(date!(2036 - 01 - 01))));
            assert_eq!(role.last_day(Some(date!(2026 - 11 - 22)), today), Err(Problem::TooEarly));
        }
    }

    #[test]
    fn no_role_but_hr_does_hrs_work() {
        for permission in [
            Permission::EditPeople,
            Permission::ReadContact,
            Permission::ReadCheck,
            Permission::RecordCheck,
            Permission::ConfirmNda,
        ] {
            assert_eq!(
                Role::ALL.into_iter().filter(|role| role.may(permission)).collect::<Vec<_>>(),
                [Role::Hr],
                "{permission:?}"
            );
        }
    }

    #[test]
    fn only_administrators_manage_accounts_and_they_see_no_people() {
        let managing: Vec<_> = Role::ALL.into_iter().filter(|role| role.may(Permission::ManageAccounts)).collect();
        assert_eq!(managing, [Role::Admin]);
        assert!(!Role::Admin.may(Permission::ReadPeople) && !Role::Admin.may(Permission::ReadRates));
    }
}
