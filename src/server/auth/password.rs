//! Passwords: Argon2id, hashed and judged on threads of their own, a few at a time.

use super::{
    strength::{Rules, Verdict, normalised},
    turns::{Turns, Unfinished},
};
use crate::domain::problem::Problem;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::sync::LazyLock;

/// Each hash takes 19 MiB; a storm of sign-ins queues here instead of exhausting memory. Those who wait are through in some seconds.
static HASHING: Turns = Turns::new(2, 128);
/// Judging takes a whole processor, for a password made to be slow 0.3 s.
static JUDGING: Turns = Turns::new(1, 16);

/// What an unknown account's password is compared with, so that it takes as long as a known one's.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    Argon2::default()
        .hash_password(b"nobody has this password")
        .map(|hash| hash.to_string())
        .unwrap_or_default()
});

/// A password that is fit to be set.
#[derive(Debug)]
pub struct NewPassword(String);

impl NewPassword {
    /// Holds a password against the rules.
    ///
    /// # Errors
    /// `Busy` when too many ask at once. Inside: why it is not fit.
    pub async fn parse(typed: &str, rules: Rules) -> Result<Result<Self, Problem>, Unfinished> {
        let verdict = judge(typed, rules).await?;
        Ok(match (verdict.problem, normalised(typed)) {
            (None, Some(password)) => Ok(Self(password)),
            (problem, _) => Err(problem.unwrap_or(Problem::Required)),
        })
    }

    /// The hash to store, as a PHC string.
    ///
    /// # Errors
    /// `Busy` when too many ask at once, `Failed` when the machine is out of memory.
    pub async fn hash(self) -> Result<String, Unfinished> {
        let hash = HASHING.take(move || Argon2::default().hash_password(self.0.as_bytes()).map(|hash| hash.to_string()));
        hash.await?.map_err(|error| Unfinished::Failed(error.to_string().into()))
    }
}

/// Says how good a password is.
///
/// # Errors
/// `Busy` when too many ask at once.
pub async fn judge(typed: &str, rules: Rules) -> Result<Verdict, Unfinished> {
    let typed = typed.to_owned();
    JUDGING.take(move || rules.judge(&typed)).await
}

/// Whether a password fits a stored hash. Without a hash it takes as long and answers no.
///
/// # Errors
/// `Busy` when too many ask at once.
pub async fn verify(typed: String, stored: Option<String>) -> Result<bool, Unfinished> {
    HASHING
        .take(move || {
            // One that is too long to be set fits nothing, after as much work as any other.
            let password = normalised(&typed).unwrap_or_default();
            let known = stored.is_some();
            let stored = stored.as_deref().unwrap_or(&NOBODY);
            let fits = |password: &str| PasswordHash::new(stored).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
            // Hashes from before passwords were normalised are of what was typed.
            let as_typed = || !password.is_empty() && typed != password && fits(&typed);
            let fits = fits(&password) || as_typed();
            known && fits
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::{super::strength::MIN_LENGTH, *};

    async fn hash(password: &str) -> Option<String> {
        let fit = NewPassword::parse(password, Rules::new(MIN_LENGTH, [])).await.unwrap().unwrap();
        Some(fit.hash().await.unwrap())
    }

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let hash = hash("correct horse battery").await;
        assert!(hash.as_deref().unwrap().starts_with("$argon2id$v=19$m=19456,t=2"));
        assert!(verify("correct horse battery".into(), hash.clone()).await.unwrap());
        for wrong in ["correct horse batterz", "Correct horse battery", "correct horse battery ", ""] {
            assert!(!verify(wrong.into(), hash.clone()).await.unwrap(), "{wrong}");
        }
        assert!(!verify("nobody has this password".into(), None).await.unwrap());
        assert!(!verify("x".repeat(3_000_000), hash).await.unwrap());
    }

    #[tokio::test]
    async fn the_same_letters_from_another_keyboard_fit() {
        let hash = hash("vier zufällige Wörter").await;
        assert!(verify("vier zufa\u{308}llige Wo\u{308}rter".into(), hash).await.unwrap());
    }

    #[tokio::test]
    async fn hashes_from_before_passwords_were_normalised_still_fit() {
        let typed = "vier zufa\u{308}llige Wo\u{308}rter";
        let old = Argon2::default().hash_password(typed.as_bytes()).unwrap().to_string();
        assert!(verify(typed.into(), Some(old.clone())).await.unwrap());
        assert!(!verify("vier zufällige Worter".into(), Some(old)).await.unwrap());
    }
}
