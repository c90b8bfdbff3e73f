//! Values that leave the server and come back unchanged: sealed with the installation's key, for one purpose each.
//!
//! Personal links are derived from the key as well, so that neither the database nor the outbox holds a usable one.

use crate::{
    domain::{
        Instant,
        audit::Digest as Sum,
        ids::{AccountId, AssignmentId, CeremonyId, DocumentVersionId, InvitationId, PasswordResetId},
        locale::Locale,
    },
    server::{config::Key, vault::mac},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use time::OffsetDateTime;
use uuid::Uuid;

/// What was shown to somebody, as carried by the form they send back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    pub assignment: AssignmentId,
    pub version: DocumentVersionId,
    pub language: Locale,
    pub at: Instant,
    /// SHA-256 of the text, with everything filled in.
    pub sha256: Sum,
}

/// The token of a personal link.
pub fn invitation_token(key: &Key, invitation: InvitationId) -> String {
    URL_SAFE_NO_PAD.encode(mac(key, "invitation", invitation.0.as_bytes()))
}

/// The token of a link by which a new password is set.
pub fn password_reset_token(key: &Key, reset: PasswordResetId) -> String {
    URL_SAFE_NO_PAD.encode(mac(key, "password-reset", reset.0.as_bytes()))
}

/// The mark of a browser that was asked for any passkey, by which it is known again when it answers.
pub fn asked_mark(key: &Key, ceremony: CeremonyId) -> String {
    URL_SAFE_NO_PAD.encode(mac(key, "asked", ceremony.0.as_bytes()))
}

/// Whether this browser is the one that was asked.
pub fn was_asked(key: &Key, ceremony: CeremonyId, mark: &str) -> bool {
    asked_mark(key, ceremony).as_bytes().ct_eq(mark.as_bytes()).into()
}

/// The hash under which a token is stored and found.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Seals what was shown and when.
pub fn seal_opened(key: &Key, opened: Opened) -> String {
    let value = format!(
        "{}.{}.{}.{}.{}",
        opened.assignment,
        opened.version,
        opened.language.tag(),
        opened.at.unix_timestamp(),
        URL_SAFE_NO_PAD.encode(opened.sha256)
    );
    let seal = URL_SAFE_NO_PAD.encode(mac(key, "opened", value.as_bytes()));
    format!("{value}.{seal}")
}

/// Opens a seal; none when it was made elsewhere or altered.
pub fn open_opened(key: &Key, sealed: &str) -> Option<Opened> {
    let (value, seal) = sealed.rsplit_once('.')?;
    let seal = URL_SAFE_NO_PAD.decode(seal).ok()?;
    if !bool::from(seal.ct_eq(&mac(key, "opened", value.as_bytes()))) {
        return None;
    }
    let mut parts = value.split('.');
    Some(Opened {
        assignment: parts.next()?.parse().ok()?,
        version: parts.next()?.parse().ok()?,
        language: Locale::from_tag(parts.next()?)?,
        at: OffsetDateTime::from_unix_timestamp(parts.next()?.parse().ok()?).ok()?,
        sha256: URL_SAFE_NO_PAD.decode(parts.next()?).ok()?.try_into().ok()?,
    })
}

/// Under which a limit counts somebody: neither whom nor which limit can be read from it.
pub fn limit_key(key: &Key, limit: &str, whom: &str) -> [u8; 32] {
    mac(key, "limit", format!("{limit}\0{whom}").as_bytes())
}

/// Four bytes that tell one network from another.
pub fn fingerprint(key: &Key, network: &str) -> String {
    hex::encode(&mac(key, "network", network.as_bytes())[..4])
}

/// Seals that a browser signed in to an account, for it to keep until `until`, and as long as the account's `secrets` are these. Both
/// stand in the seal only.
pub fn seal_device(key: &Key, account: AccountId, secrets: &str, device: Uuid, until: Instant) -> String {
    let value = format!("{}.{}", device.simple(), until.unix_timestamp());
    let seal = URL_SAFE_NO_PAD.encode(mac(key, "device", format!("{value}.{account}.{secrets}").as_bytes()));
    format!("{value}.{seal}")
}

/// The browser, if it once signed in to this very account, whose secrets are still those.
pub fn open_device(key: &Key, account: AccountId, secrets: &str, sealed: &str, now: Instant) -> Option<Uuid> {
    let (value, seal) = sealed.rsplit_once('.')?;
    let seal = URL_SAFE_NO_PAD.decode(seal).ok()?;
    if !bool::from(seal.ct_eq(&mac(key, "device", format!("{value}.{account}.{secrets}").as_bytes()))) {
        return None;
    }
    let (device, until) = value.split_once('.')?;
    let until = OffsetDateTime::from_unix_timestamp(until.parse().ok()?).ok()?;
    device.parse().ok().filter(|_| now < until)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_token_is_for_one_purpose() {
        let (key, id) = (Key::for_tests(1), Uuid::from_u128(1));
        let reset = password_reset_token(&key, PasswordResetId(id));
        assert_ne!(reset, invitation_token(&key, InvitationId(id)));
        assert_ne!(reset, password_reset_token(&Key::for_tests(2), PasswordResetId(id)));
        assert_eq!(reset, password_reset_token(&key, PasswordResetId(id)));
    }

    #[test]
    fn a_browser_that_was_asked_is_known_by_what_it_was_asked() {
        let (key, [one, other]) = (Key::for_tests(1), [1, 2].map(|n| CeremonyId(Uuid::from_u128(n))));
        let mark = asked_mark(&key, one);
        assert!(was_asked(&key, one, &mark));
        assert!(!was_asked(&key, other, &mark) && !was_asked(&Key::for_tests(2), one, &mark) && !was_asked(&key, one, ""));
    }

    #[test]
    fn a_seal_opens_only_unaltered_and_under_its_own_key() {
        let key = Key::for_tests(1);
        let opened = Opened {
            assignment: AssignmentId(Uuid::from_u128(1)),
            version: DocumentVersionId(Uuid::from_u128(2)),
            language: Locale::En,
            at: datetime!(2026-11-23 10:00 UTC),
            sha256: [7; 32],
        };
        let sealed = seal_opened(&key, opened);
        assert_eq!(open_opened(&key, &sealed), Some(opened));
        assert_eq!(open_opened(&Key::for_tests(2), &sealed), None);
        assert_eq!(open_opened(&key, &sealed.replacen(".en.", ".de.", 1)), None);
        assert_eq!(open_opened(&key, ""), None);
    }

    #[test]
    fn a_browser_is_known_to_the_account_it_signed_in_to_and_for_a_time() {
        let (key, until) = (Key::for_tests(1), datetime!(2027-11-23 10:00 UTC));
        let [anna, ben, device] = [1, 2, 3].map(Uuid::from_u128);
        let sealed = seal_device(&key, AccountId(anna), "old", device, until);
        let before = until - time::Duration::seconds(1);
        assert_eq!(open_device(&key, AccountId(anna), "old", &sealed, before), Some(device));
        assert_eq!(open_device(&key, AccountId(anna), "new", &sealed, before), None, "another password");
        assert_eq!(open_device(&key, AccountId(anna), "old", &sealed, until), None);
        assert_eq!(open_device(&key, AccountId(ben), "old", &sealed, before), None);
        assert_eq!(open_device(&Key::for_tests(2), AccountId(anna), "old", &sealed, before), None);
        assert_eq!(open_device(&key, AccountId(anna), "old", &sealed.replacen('.', ".9", 1), before), None);
        assert!(!sealed.contains(&anna.simple().to_string()) && !sealed.contains("old"));
    }

    #[test]
    fn what_is_sealed_for_one_purpose_fits_no_other() {
        let key = Key::for_tests(1);
        let id = Uuid::from_u128(7);
        let all = ["invitation", "opened", "limit", "network", "device", "asked"].map(|purpose| mac(&key, purpose, id.as_bytes()));
        assert!((0..all.len()).all(|one| (0..one).all(|other| all[one] != all[other])));
        assert_eq!(URL_SAFE_NO_PAD.decode(invitation_token(&key, InvitationId(id))).unwrap().len(), 32, "256 bits");
        assert_ne!(limit_key(&key, "a", "bc"), limit_key(&key, "ab", "c"));
    }
}
