//! Passwords: Argon2id, hashed on blocking threads, a few at a time.

use crate::domain::problem::Problem;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::sync::LazyLock;
use tokio::{sync::Semaphore, task::spawn_blocking};

/// The fewest characters of a password.
pub const MIN_LENGTH: usize = 15;
/// The most characters of a password.
pub const MAX_LENGTH: usize = 128;

/// Each hash takes 19 MiB; a storm of sign-ins queues here instead of exhausting memory.
static HASHING: Semaphore = Semaphore::const_new(2);

/// What an unknown account's password is compared with, so that it takes as long as a known one's.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    Argon2::default()
        .hash_password(b"nobody has this password")
        .map(|hash| hash.to_string())
        .unwrap_or_default()
});

/// A password that is fit to be set.
pub struct NewPassword(String);

impl NewPassword {
    /// # Errors
    /// `TooShort` or `TooLong`.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        match raw.chars().count() {
            0 => Err(Problem::Required),
            length if length < MIN_LENGTH => Err(Problem::TooShort(MIN_LENGTH)),
            length if length > MAX_LENGTH => Err(Problem::TooLong(MAX_LENGTH)),
            _ => Ok(Self(raw.to_owned())),
        }
    }

    /// The hash to store, as a PHC string; none when the machine is out of memory.
    pub async fn hash(self) -> Option<String> {
        let _turn = HASHING.acquire().await.ok()?;
        spawn_blocking(move || Argon2::default().hash_password(self.0.as_bytes()).ok().map(|hash| hash.to_string()))
            .await
            .ok()?
    }
}

/// Whether a password fits a stored hash. Without a hash it takes as long and answers no.
pub async fn verify(password: String, stored: Option<String>) -> bool {
    let Ok(_turn) = HASHING.acquire().await else { return false };
    spawn_blocking(move || {
        let known = stored.is_some();
        let stored = stored.as_deref().unwrap_or(&NOBODY);
        let fits = PasswordHash::new(stored).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        known && fits
    })
    .await
    .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let hash = NewPassword::parse("correct horse battery").unwrap().hash().await;
        assert!(hash.as_deref().unwrap().starts_with("$argon2id$v=19$m=19456,t=2"));
        assert!(verify("correct horse battery".into(), hash.clone()).await);
        assert!(!verify("correct horse batterz".into(), hash).await);
        assert!(!verify("nobody has this password".into(), None).await);
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(NewPassword::parse(&"ü".repeat(15)).is_ok());
        assert_eq!(NewPassword::parse("short").err(), Some(Problem::TooShort(15)));
        assert_eq!(NewPassword::parse(&"x".repeat(129)).err(), Some(Problem::TooLong(128)));
    }
}
