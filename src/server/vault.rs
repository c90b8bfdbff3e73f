//! Secrets at rest: what the database holds of private addresses, checks and the like is sealed with keys made from the
//! installation's, one per purpose (XChaCha20-Poly1305).
//!
//! Most values get a random nonce and are bound to their row, so that one cannot be moved to another. An address is sealed the same
//! way each time: its nonce is made from the address itself, so that the database can go on finding it and keeping it unique. Who
//! steals the database sees thereby which addresses are equal and how long they are, and nothing else. Which columns are sealed
//! stands in `store::sealing`.

use super::config::Key;
use crate::domain::pseudonym;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::{fmt, sync::Arc};

/// In bytes.
const NONCE: usize = 24;
/// How sealed text begins; the next way to seal gets another word.
const VERSION: &str = "v1.";
/// How sealed bytes begin.
const VERSION_BYTE: u8 = 1;

/// What a value is. What was sealed as one thing opens as nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An e-mail address; see [`Vault::seal_address`].
    Address,
    /// Provider, reference and note of a background check.
    CheckDetail,
    /// What an entry of the audit trail says in words.
    AuditDetail,
    /// A list that waits for its preview to be confirmed.
    Upload,
    /// What somebody typed into a form that was refused.
    TypedForm,
    /// What a second factor's codes are made from.
    OneTimeSecret,
}

impl Purpose {
    pub const ALL: [Self; 6] = [
        Self::Address,
        Self::CheckDetail,
        Self::AuditDetail,
        Self::Upload,
        Self::TypedForm,
        Self::OneTimeSecret,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Address => "vault.address",
            Self::CheckDetail => "vault.check_detail",
            Self::AuditDetail => "vault.audit_detail",
            Self::Upload => "vault.upload",
            Self::TypedForm => "vault.typed_form",
            Self::OneTimeSecret => "vault.one_time_secret",
        }
    }
}

/// HMAC-SHA256 of a value under the installation's key, for one purpose.
pub fn mac(key: &Key, purpose: &str, value: &[u8]) -> [u8; 32] {
    // HMAC takes keys of any length, so this cannot fail; an empty digest would only ever refuse.
    Hmac::<Sha256>::new_from_slice(key.as_bytes())
        .map(|mac| {
            mac.chain_update(purpose.as_bytes())
                .chain_update([0])
                .chain_update(value)
                .finalize()
                .into_bytes()
                .into()
        })
        .unwrap_or_default()
}

/// Seals and opens. Cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Keys>);

struct Keys {
    /// In the order of [`Purpose::ALL`].
    ciphers: [XChaCha20Poly1305; Purpose::ALL.len()],
    /// For the nonces of addresses alone.
    nonces: Key,
    fingerprint: String,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    pub fn new(key: &Key) -> Self {
        Self(Arc::new(Keys {
            ciphers: Purpose::ALL.map(|purpose| XChaCha20Poly1305::new(&mac(key, purpose.word(), b"").into())),
            nonces: Key::from_secret(&mac(key, "vault.nonces", b"")),
            fingerprint: URL_SAFE_NO_PAD.encode(mac(key, "vault.fingerprint", b"")),
        }))
    }

    /// By which the database tells this key from another. Says nothing about the key.
    pub fn fingerprint(&self) -> &str {
        &self.0.fingerprint
    }

    /// Seals a text. `context` is the id of its row, without which it does not open.
    pub fn seal(&self, purpose: Purpose, context: &[u8], text: &str) -> String {
        in_letters(&self.encrypt(purpose, context, rand::random(), text.as_bytes()))
    }

    /// Opens what [`Vault::seal`] sealed; none when it was altered, moved, or sealed with another key or for something else.
    pub fn open(&self, purpose: Purpose, context: &[u8], sealed: &str) -> Option<String> {
        String::from_utf8(self.decrypt(purpose, context, &out_of_letters(sealed)?)?).ok()
    }

    /// Seals bytes, as [`Vault::seal`] does text.
    pub fn seal_bytes(&self, purpose: Purpose, context: &[u8], bytes: &[u8]) -> Vec<u8> {
        let mut sealed = vec![VERSION_BYTE];
        sealed.extend(self.encrypt(purpose, context, rand::random(), bytes));
        sealed
    }

    /// Opens what [`Vault::seal_bytes`] sealed.
    pub fn open_bytes(&self, purpose: Purpose, context: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        self.decrypt(purpose, context, sealed.strip_prefix(&[VERSION_BYTE])?)
    }

    /// Seals an address: the same one always gives the same text. That of a pseudonym tells nothing and stays as it is.
    pub fn seal_address(&self, address: &str) -> String {
        if pseudonym::is_address(address) {
            return address.to_owned();
        }
        let digest = mac(&self.0.nonces, Purpose::Address.word(), address.as_bytes());
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&digest[..NONCE]);
        in_letters(&self.encrypt(Purpose::Address, b"", nonce, address.as_bytes()))
    }

    /// Opens what [`Vault::seal_address`] sealed.
    pub fn open_address(&self, sealed: &str) -> Option<String> {
        if pseudonym::is_address(sealed) {
            return Some(sealed.to_owned());
        }
        self.open(Purpose::Address, b"", sealed)
    }

    fn cipher(&self, purpose: Purpose) -> &XChaCha20Poly1305 {
        &self.0.ciphers[purpose as usize]
    }

    fn encrypt(&self, purpose: Purpose, context: &[u8], nonce: [u8; NONCE], plain: &[u8]) -> Vec<u8> {
        let payload = Payload { msg: plain, aad: context };
        let mut sealed = nonce.to_vec();
        // Refused are only messages of 256 GiB and more, which no request can bring.
        sealed.extend(self.cipher(purpose).encrypt(&nonce.into(), payload).unwrap_or_default());
        sealed
    }

    fn decrypt(&self, purpose: Purpose, context: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, msg) = sealed.split_first_chunk::<NONCE>()?;
        self.cipher(purpose).decrypt(&(*nonce).into(), Payload { msg, aad: context }).ok()
    }
}

fn in_letters(sealed: &[u8]) -> String {
    let mut letters = String::from(VERSION);
    URL_SAFE_NO_PAD.encode_string(sealed, &mut letters);
    letters
}

fn out_of_letters(sealed: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(sealed.strip_prefix(VERSION)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ids::PersonId, pseudonym::Pseudonym};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn vault(seed: u8) -> Vault {
        Vault::new(&Key::for_tests(seed))
    }

    #[test]
    fn purposes_are_told_apart_by_place_and_word() {
        for (place, purpose) in Purpose::ALL.into_iter().enumerate() {
            assert_eq!(purpose as usize, place);
            assert!(Purpose::ALL[..place].iter().all(|other| other.word() != purpose.word()));
        }
    }

    #[test]
    fn the_same_address_is_sealed_the_same_way_and_every_other_text_anew() {
        let vault = vault(1);
        let sealed = vault.seal_address("anna@home.example");
        assert_eq!(sealed, vault.seal_address("anna@home.example"));
        assert_ne!(sealed, vault.seal_address("bnna@home.example"));
        assert_ne!(sealed, self::vault(2).seal_address("anna@home.example"));
        assert_ne!(vault.seal(Purpose::CheckDetail, b"1", "one"), vault.seal(Purpose::CheckDetail, b"1", "one"));
    }

    /// Known forever: what one version of the program sealed, every later one opens.
    #[test]
    fn what_was_sealed_before_still_opens() {
        let sealed = "v1.EfrBNmSnhX53LyisLEfaM6_WjYI4EWTC8YgBGC6W8qC_XJFXr16iCLVHSZPeK6cbh-6UbF5j9gAg";
        assert_eq!(vault(1).open_address(sealed).as_deref(), Some("anna@home.example"));
        assert_eq!(vault(1).seal_address("anna@home.example"), sealed, "and it is found by");
        assert_eq!(vault(1).fingerprint(), "fXEY-lUXiEfdRiHQnwg1uLpkEqnPmhRD9vrcB3hdsb0");
    }

    #[test]
    fn the_address_of_a_pseudonym_stays_readable() {
        let address = Pseudonym::of(PersonId(Uuid::from_u128(7))).email;
        assert_eq!(vault(1).seal_address(&address), address);
        assert_eq!(vault(2).open_address(&address), Some(address));
        assert_eq!(vault(1).open_address("anna@home.example"), None, "what is not sealed is not believed");
    }

    proptest! {
        #[test]
        fn whatever_is_sealed_opens_as_it_was(text in "\\PC{0,300}", bytes in proptest::collection::vec(any::<u8>(), 0..300), context in proptest::collection::vec(any::<u8>(), 0..40)) {
            for purpose in Purpose::ALL {
                let sealed = vault(1).seal(purpose, &context, &text);
                prop_assert!(text.is_empty() || !sealed.contains(&text) || text.chars().count() < 4);
                prop_assert_eq!(vault(1).open(purpose, &context, &sealed), Some(text.clone()));
                let sealed = vault(1).seal_bytes(purpose, &context, &bytes);
                prop_assert_eq!(vault(1).open_bytes(purpose, &context, &sealed), Some(bytes.clone()));
            }
            prop_assert_eq!(vault(1).open_address(&vault(1).seal_address(&text)), Some(text));
        }

        #[test]
        fn another_key_purpose_context_or_a_changed_byte_opens_nothing(text in "\\PC{0,100}", context in proptest::collection::vec(any::<u8>(), 0..20), place in any::<prop::sample::Index>(), flip in 1..=255_u8) {
            let sealed = vault(1).seal_bytes(Purpose::CheckDetail, &context, text.as_bytes());
            prop_assert_eq!(vault(2).open_bytes(Purpose::CheckDetail, &context, &sealed), None);
            for other in Purpose::ALL.into_iter().filter(|purpose| *purpose != Purpose::CheckDetail) {
                prop_assert_eq!(vault(1).open_bytes(other, &context, &sealed), None);
            }
            let longer = [&context[..], &[0]].concat();
            prop_assert_eq!(vault(1).open_bytes(Purpose::CheckDetail, &longer, &sealed), None);
            let mut altered = sealed.clone();
            altered[place.index(sealed.len())] ^= flip;
            prop_assert_eq!(vault(1).open_bytes(Purpose::CheckDetail, &context, &altered), None);
            prop_assert_eq!(vault(1).open_bytes(Purpose::CheckDetail, &context, &sealed[..place.index(sealed.len())]), None);
            let address = vault(1).seal_address(&text);
            prop_assert_eq!(vault(2).open_address(&address), None);
        }

        #[test]
        fn letters_from_anywhere_open_nothing(text in "(v1\\.)?\\PC{0,200}") {
            for purpose in Purpose::ALL {
                prop_assert_eq!(vault(1).open(purpose, b"", &text), None);
            }
        }
    }
}
