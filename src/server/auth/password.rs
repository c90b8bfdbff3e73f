//! Passwords: Argon2id, hashed and judged on threads of their own, a few at a time.

use super::{
    strength::{Rules, Verdict, normalised},
    turns::{Turns, Unfinished},
};
use crate::domain::problem::Problem;
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        self,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
};
use std::{cell::RefCell, sync::LazyLock};

/// Each hash takes 19 MiB; a storm of sign-ins queues here instead of exhausting memory. Those who wait are through in some seconds.
static HASHING: Turns = Turns::new(2, 128);
/// Judging takes a whole processor, for a password made to be slow 0.3 s.
static JUDGING: Turns = Turns::new(1, 16);

thread_local! {
    /// What a hash works in. Kept by each hashing thread: asked for anew each time, the allocator's share grows to 400 MiB within 130 hashes.
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// What an unknown account's password is compared with, so that it takes as long as a known one's.
static NOBODY: LazyLock<String> = LazyLock::new(|| hashed("nobody has this password").unwrap_or_default());

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
        let hash = HASHING.take(move || hashed(&self.0));
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
            // Hashes from before passwords were normalised are of what was typed.
            let as_typed = || !password.is_empty() && typed != password && fits(&typed, stored);
            let fits = fits(&password, stored) || as_typed();
            known && fits
        })
        .await
}

/// The hash of a password with a fresh salt, by the parameters of today: 19 MiB, two passes.
fn hashed(password: &str) -> password_hash::Result<String> {
    let (algorithm, version, params, salt) = (Algorithm::default(), Version::default(), Params::default(), Salt::generate());
    let hash = PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: ParamsString::try_from(&params)?,
        hash: Some(output(algorithm, version, params, password, &salt)?),
        salt: Some(salt),
    };
    Ok(hash.to_string())
}

/// Whether a password fits a hash, by the parameters that stand in it. Outputs compare in constant time.
fn fits(password: &str, stored: &str) -> bool {
    let Ok(hash) = PasswordHash::new(stored) else { return false };
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else {
        return false;
    };
    let parsed = (
        Algorithm::try_from(hash.algorithm.as_str()),
        hash.version.map_or(Ok(Version::default()), Version::try_from),
        Params::try_from(&hash),
    );
    let (Ok(algorithm), Ok(version), Ok(params)) = parsed else { return false };
    output(algorithm, version, params, password, salt).is_ok_and(|computed| computed == *expected)
}

fn output(algorithm: Algorithm, version: Version, params: Params, password: &str, salt: &[u8]) -> password_hash::Result<Output> {
    let mut out = [0; Output::MAX_LENGTH];
    let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    let out = out.get_mut(..length).ok_or(password_hash::Error::OutputSize)?;
    MEMORY.with_borrow_mut(|memory| {
        memory.resize(params.block_count(), Block::default());
        Argon2::new(algorithm, version, params).hash_password_into_with_memory(password.as_bytes(), salt, out, memory)
    })?;
    Ok(Output::new(out)?)
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
        let old = hashed(typed).unwrap();
        assert!(verify(typed.into(), Some(old.clone())).await.unwrap());
        assert!(!verify("vier zufällige Worter".into(), Some(old)).await.unwrap());
    }
}
