//! Values that leave the server and come back unchanged: sealed with the installation's key, for one purpose each.
//!
//! Personal links are derived from the key as well, so that neither the database nor the outbox holds a usable one.

use crate::{
    domain::{
        Instant,
        audit::Digest as Sum,
        ids::{AssignmentId, DocumentVersionId, InvitationId, PasswordResetId},
        locale::Locale,
    },
    server::{config::Key, vault::mac},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use time::OffsetDateTime;

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

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;
    use uuid::Uuid;

    #[test]
    fn a_token_is_for_one_purpose() {
        let (key, id) = (Key::for_tests(1), Uuid::from_u128(1));
        let reset = password_reset_token(&key, PasswordResetId(id));
        assert_ne!(reset, invitation_token(&key, InvitationId(id)));
        assert_ne!(reset, password_reset_token(&Key::for_tests(2), PasswordResetId(id)));
        assert_eq!(reset, password_reset_token(&key, PasswordResetId(id)));
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
}
