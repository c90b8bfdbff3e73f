//! Second factors: what kinds there are, and the codes people type. What a code proves is the server's business.

use super::{Instant, ids::FactorId};

/// The most factors one account has; more than anybody carries about.
pub const MOST_FACTORS: usize = 10;
/// The longest name of a factor, in characters.
pub const LONGEST_NAME: usize = 60;
/// How many recovery codes there are at a time.
pub const RECOVERY_CODES: usize = 10;

/// What a factor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorKind {
    /// An app that shows six digits, new ones every half minute.
    App,
    /// A key pair kept by a device or a password manager, which asks for a finger, a face or a PIN itself.
    Passkey,
}

impl FactorKind {
    /// As stored and as noted in the audit trail.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Passkey => "passkey",
        }
    }
}

/// A second factor of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    pub id: FactorId,
    pub kind: FactorKind,
    pub name: String,
    pub added_at: Instant,
    pub used_at: Option<Instant>,
}

/// What an account's owner is told by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    Added,
    Removed,
    /// By an administrator.
    Reset,
    CodesMade,
    CodeUsed,
    /// Its device counted fewer uses than were seen: there may be a copy of it.
    PasskeyRefused,
}

impl Notice {
    pub const ALL: [Self; 6] = [Self::Added, Self::Removed, Self::Reset, Self::CodesMade, Self::CodeUsed, Self::PasskeyRefused];

    /// The kind of mail, as stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "factor_added",
            Self::Removed => "factor_removed",
            Self::Reset => "factors_reset",
            Self::CodesMade => "recovery_codes_made",
            Self::CodeUsed => "recovery_code_used",
            Self::PasskeyRefused => "passkey_refused",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.as_str() == word)
    }
}

/// What somebody typed where a code is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypedCode {
    /// Six digits.
    App(String),
    Recovery(RecoveryCode),
}

impl TypedCode {
    /// Reads what was typed, spaces and hyphens anywhere; none when it cannot be a code.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let code: String = raw.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::App(code));
        }
        RecoveryCode::from_typed(&code).map(Self::Recovery)
    }
}

/// Letters and digits that are not mistaken for one another, after Douglas Crockford.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 28;

/// A recovery code: 140 random bits as 28 characters, so that its plain hash cannot be searched through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryCode([u8; LENGTH]);

impl RecoveryCode {
    /// The code of random bytes, of which each gives one character.
    #[must_use]
    pub fn from_random(bytes: [u8; LENGTH]) -> Self {
        Self(bytes.map(|byte| ALPHABET[usize::from(byte % 32)]))
    }

    /// In either case, with the letters that people take for digits.
    fn from_typed(code: &str) -> Option<Self> {
        let characters = code.bytes().map(|byte| match byte.to_ascii_lowercase() {
            b'o' => b'0',
            b'i' | b'l' => b'1',
            other => other,
        });
        let characters: Vec<u8> = characters.filter(|byte| ALPHABET.contains(byte)).collect();
        (code.len() == LENGTH).then_some(())?;
        characters.try_into().ok().map(Self)
    }

    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// In seven groups of four: `7k3m-0q9z-…`.
impl std::fmt::Display for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            if index > 0 && index % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*byte))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        for typed in ["123456", " 123 456 ", "123-456"] {
            assert_eq!(TypedCode::parse(typed), Some(TypedCode::App("123456".into())), "{typed}");
        }
        let code = RecoveryCode(*b"7k3m0q9z1a2b3c4d5e6f7g8h9jnk");
        assert_eq!(code.to_string(), "7k3m-0q9z-1a2b-3c4d-5e6f-7g8h-9jnk");
        for typed in [
            "7k3m-0q9z-1a2b-3c4d-5e6f-7g8h-9jnk",
            "7K3M0Q9Z1A2B3C4D5E6F7G8H9JNK",
            " 7k3m oq9z ia2b 3c4d 5e6f 7g8h",
        ] {
            assert_eq!(TypedCode::parse(typed), Some(TypedCode::Recovery(code.clone())), "{typed}");
        }
        for typed in [
            "",
            "12345",
            "1234567",
            "१२३४५६",
            "7k3m-0q9z-1a2b-3c4d-5e6f-7g8h-9jn",
            "7k3m-0q9z-1a2b-3c4d-5e6f-7g8h-9jnku",
            "u".repeat(28).as_str(),
        ] {
            assert_eq!(TypedCode::parse(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_typed(bytes: [u8; LENGTH]) {
            let code = RecoveryCode::from_random(bytes);
            prop_assert_eq!(TypedCode::parse(&code.to_string()), Some(TypedCode::Recovery(code)));
        }

        #[test]
        fn nothing_typed_is_too_strange(typed: String) {
            let _ = TypedCode::parse(&typed);
        }
    }
}
