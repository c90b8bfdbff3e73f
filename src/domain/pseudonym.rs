//! Pseudonyms: what stands in the place of a person once evidence about them has been kept long enough after they left.
//!
//! What tells who they are goes: name, addresses, job title, manager, what they typed, drew or signed on paper, from where they
//! acted. What the proofs are made of stays: dates, versions, checksums, outcomes, and the chain of the audit trail. Whoever holds a
//! copy of a signed NDA can still hold its checksum against the record.

use super::{
    evidence::{Origin, Proof},
    ids::PersonId,
};

/// The domain of addresses that reach nobody, ever (RFC 2606).
const NOWHERE: &str = "pseudonym.invalid";

/// What a person is called from then on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pseudonym {
    pub name: String,
    /// Reaches nobody.
    pub email: String,
}

impl Pseudonym {
    /// The same for ever, and of no other person. It is made from the random part of the id, which says nothing about them.
    #[must_use]
    pub fn of(id: PersonId) -> Self {
        let code = id.0.simple().to_string();
        Self {
            name: format!("Person {}", code[code.len() - 8..].to_uppercase()),
            email: format!("{code}@{NOWHERE}"),
        }
    }
}

/// Whether that is what somebody is called under their pseudonym.
#[must_use]
pub fn is_pseudonym(id: PersonId, name: &str) -> bool {
    Pseudonym::of(id).name == name
}

/// Whether an address is that of a pseudonym, by itself or behind the line of a list: it tells nothing about anybody.
#[must_use]
pub fn is_address(address: &str) -> bool {
    address.rsplit_once('@').is_some_and(|(_, domain)| domain == NOWHERE)
}

impl Proof {
    /// The same proof without what tells who the person is. Dates, versions, checksums and the sentences shown stay.
    #[must_use]
    pub fn pseudonymised(self, pseudonym: &Pseudonym) -> Self {
        match self {
            Self::NdaSignature { shown, pdf_sha256, .. } => Self::NdaSignature {
                shown,
                typed_name: pseudonym.name.clone(),
                origin: Origin::default(),
                drawing: None,
                pdf_sha256,
            },
            Self::NdaOnPaper { signed_on, .. } => Self::NdaOnPaper {
                signed_on,
                note: String::new(),
            },
            Self::PolicyAcceptance { shown, .. } => Self::PolicyAcceptance {
                shown,
                origin: Origin::default(),
            },
            Self::CheckConsent {
                sentence,
                asked,
                consent,
                language,
                ..
            } => Self::CheckConsent {
                sentence,
                asked,
                consent,
                language,
                origin: Origin::default(),
            },
            Self::PasswordManagerDeclaration { .. } => Self::PasswordManagerDeclaration { origin: Origin::default() },
            Self::PasswordManagerMember { list, vendor, listing, .. } => Self::PasswordManagerMember {
                list,
                vendor,
                email: pseudonym.email.clone(),
                listing,
            },
            Self::InstructionDone {
                title, text, language, file, ..
            } => Self::InstructionDone {
                title,
                text,
                language,
                file,
                origin: Origin::default(),
            },
            Self::InstructionConfirmation
            | Self::NdaScan { .. }
            | Self::NdaConfirmation
            | Self::QuizPass { .. }
            | Self::CheckResult { .. }
            | Self::PasswordManagerConfirmation => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::person::{Email, Line};
    use uuid::Uuid;

    #[test]
    fn a_pseudonym_reads_back_like_any_name_and_address() {
        let Pseudonym { name, email } = Pseudonym::of(PersonId(Uuid::from_u128(7)));
        assert_eq!(Line::parse(&name).unwrap().as_str(), name);
        assert_eq!(Email::parse(&email).unwrap().as_str(), email);
        assert!(is_address(&email) && is_address(&format!("3.{email}")) && !is_address("anna@home.example"));
    }

    #[test]
    fn a_pseudonym_is_ones_own_and_stays_the_same() {
        let id = |n: u128| PersonId(Uuid::from_u128(n));
        assert_eq!(Pseudonym::of(id(1)), Pseudonym::of(id(1)));
        assert_ne!(Pseudonym::of(id(1)), Pseudonym::of(id(2)));
        assert_eq!(Pseudonym::of(id(0xABCD)).name, "Person 0000ABCD");
    }
}
