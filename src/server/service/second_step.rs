//! The second step of signing in, signing in by passkey alone, and proving anew who one is.
//!
//! Every code that is tried goes through [`take_code`], which limits guessing, and every passkey through [`take_passkey`].

use super::{
    App, Error, Result, Subject, audit,
    events::{self, Event},
    factors::{BegunCeremony, PASSKEY_WAITS, recovery_hash, relying_party, secret_of, tell_owner},
    throttle::{self, Caller, Whom},
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        factor::{FactorKind, Notice, TypedCode},
        ids::{AccountId, CeremonyId, FactorId},
        problem::{Conflict, Problem},
        security_event::Kind,
    },
    server::{
        auth::{
            actor::{Actor, Halfway},
            passkeys::{Claim, Refusal},
        },
        ids::fresh,
        store::{
            StoreError, Tx,
            ceremonies::{self, Purpose},
            factors::{self, PasskeyRow},
        },
    },
};
use serde_json::json;

/// What somebody gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    Factor(FactorKind),
    /// With so many codes left.
    RecoveryCode {
        left: i64,
    },
}

impl Given {
    /// How many recovery codes are left, if one was given.
    pub const fn codes_left(self) -> Option<i64> {
        match self {
            Self::Factor(_) => None,
            Self::RecoveryCode { left } => Some(left),
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Factor(kind) => kind.as_str(),
            Self::RecoveryCode { .. } => "recovery_code",
        }
    }
}

/// Whether an account has second factors, so that a password or a link is only half of signing in.
///
/// # Errors
/// When the database refuses.
pub async fn is_needed(app: &App, account: AccountId) -> Result<bool> {
    Ok(factors::count(&mut app.store().read().await?, account).await? > 0)
}

/// Completes signing in by a code of an app, or by a recovery code.
///
/// # Errors
/// `Invalid` when the code is wrong or was used before, `TooMany` after too many that were.
pub async fn by_code(app: &App, now: Instant, caller: &Caller, half: &Halfway, code: &str) -> Result<Given> {
    take_code(app, now, caller, half.account(), code, note_sign_in).await
}

/// Begins to ask for a passkey: for one of this account's, or where nobody said yet who they are, for any.
///
/// # Errors
/// `NotFound` where there are no passkeys.
pub async fn begin_passkey(app: &App, now: Instant, account: Option<AccountId>) -> Result<BegunCeremony> {
    let party = relying_party(app)?;
    let mut tx = app.store().begin().await?;
    let known = match account {
        Some(account) => factors::list_passkeys(&mut tx, account).await?,
        None => Vec::new(),
    };
    let known: Vec<_> = known.into_iter().map(|row| row.credential).collect();
    let begun = party
        .begin_using(&known)
        .ok_or_else(|| Error::Internal("a passkey's options could not be made".into()))?;
    let id = CeremonyId(fresh());
    ceremonies::insert(&mut tx, id, Purpose::UsePasskey, account, &begun.state, now + PASSKEY_WAITS).await?;
    tx.commit_housekeeping().await?;
    Ok(BegunCeremony { id, options: begun.options })
}

/// Signs in by a passkey: as the second step, `known` being whose that is, or alone.
///
/// # Errors
/// `Conflict` when the browser's answer does not fit, came too late or twice, or is of somebody else.
pub async fn by_passkey(app: &App, now: Instant, caller: &Caller, known: Option<AccountId>, id: CeremonyId, answer: &str) -> Result<AccountId> {
    take_passkey(app, now, caller, known, id, answer, note_sign_in).await
}

impl Actor {
    /// Proves anew who one is, by a code. The session is renewed by whoever called this.
    ///
    /// # Errors
    /// As [`by_code`].
    pub async fn prove_by_code(&self, app: &App, now: Instant, caller: &Caller, code: &str) -> Result<Given> {
        take_code(app, now, caller, self.account(), code, note_proof).await
    }

    /// Proves anew who one is, by a passkey. The session is renewed by whoever called this.
    ///
    /// # Errors
    /// As [`by_passkey`].
    pub async fn prove_by_passkey(&self, app: &App, now: Instant, caller: &Caller, id: CeremonyId, answer: &str) -> Result<()> {
        take_passkey(app, now, caller, Some(self.account()), id, answer, note_proof).await.map(drop)
    }
}

fn note_sign_in(tx: &mut Tx, now: Instant, account: AccountId, given: Given) {
    audit(
        tx,
        now,
        Some(account),
        Action::SignedIn,
        Subject::thing(account.0),
        json!({ "by": given.as_str() }),
    );
}

fn note_proof(tx: &mut Tx, now: Instant, account: AccountId, given: Given) {
    let by = json!({ "by": given.as_str() });
    audit(tx, now, Some(account), Action::IdentityProved, Subject::thing(account.0), by);
}

/// Tries a code as often as anybody may guess, and notes what it was good for.
async fn take_code(app: &App, now: Instant, caller: &Caller, account: AccountId, code: &str, note: fn(&mut Tx, Instant, AccountId, Given)) -> Result<Given> {
    let attempt = throttle::admit(app, now, throttle::Purpose::SecondFactor, caller, Whom::Account(account)).await?;
    let mut tx = app.store().begin().await?;
    let given = match try_code(&mut tx, now, account, code).await {
        Ok(given) => given,
        Err(error) => {
            // The limit is written in a transaction of its own.
            drop(tx);
            attempt.failed().await;
            return Err(error);
        }
    };
    note(&mut tx, now, account, given);
    tx.commit().await?;
    attempt.succeeded().await?;
    Ok(given)
}

/// The one place where codes are tried.
async fn try_code(tx: &mut Tx, now: Instant, account: AccountId, code: &str) -> Result<Given> {
    match TypedCode::parse(code).ok_or_else(wrong_code)? {
        TypedCode::App(code) => {
            for row in factors::list_apps(tx, account).await? {
                let Some(step) = secret_of(&row.secret)?.step_of(&code, now) else { continue };
                match factors::accept_step(tx, now, FactorId(row.id), step).await {
                    Ok(()) => return Ok(Given::Factor(FactorKind::App)),
                    Err(StoreError::Stale) => {}
                    Err(other) => return Err(other.into()),
                }
            }
            Err(wrong_code())
        }
        TypedCode::Recovery(code) => {
            let used = factors::use_recovery_code(tx, now, account, &recovery_hash(account, &code)).await;
            used.map_err(|error| match error {
                StoreError::Stale => wrong_code(),
                other => other.into(),
            })?;
            let left = factors::count_recovery_codes(tx, account).await?;
            audit(
                tx,
                now,
                Some(account),
                Action::RecoveryCodeUsed,
                Subject::thing(account.0),
                json!({ "left": left }),
            );
            tell_owner(tx, now, account, Notice::CodeUsed).await?;
            Ok(Given::RecoveryCode { left })
        }
    }
}

fn wrong_code() -> Error {
    Error::field("code", Problem::WrongCode)
}

/// Tries a passkey, and notes what it was good for. Signatures cannot be guessed, so that refusals are noted and not limited.
async fn take_passkey(
    app: &App,
    now: Instant,
    caller: &Caller,
    expected: Option<AccountId>,
    id: CeremonyId,
    answer: &str,
    note: fn(&mut Tx, Instant, AccountId, Given),
) -> Result<AccountId> {
    let (mut tx, account) = match try_passkey(app, now, expected, id, answer).await {
        Err(error) => {
            let event = Event {
                kind: Kind::SecondFactorFailed,
                account: expected,
                subject: None,
                fingerprint: Some(caller.fingerprint(app)),
            };
            events::note(app, now, event).await;
            return Err(error);
        }
        Ok(taken) => taken,
    };
    note(&mut tx, now, account, Given::Factor(FactorKind::Passkey));
    tx.commit().await?;
    Ok(account)
}

/// The one place where passkeys are tried. `expected` is whose it has to be; none: whoever it names. Returns the transaction in
/// which its use is noted.
async fn try_passkey(app: &App, now: Instant, expected: Option<AccountId>, id: CeremonyId, answer: &str) -> Result<(Tx, AccountId)> {
    let party = relying_party(app)?;
    let claim = Claim::read(answer).ok_or(Conflict::PasskeyRefused)?;
    let mut tx = app.store().begin().await?;
    let begun = ceremonies::take(&mut tx, now, id, Purpose::UsePasskey).await?;
    let begun = begun.filter(|row| row.account_id == expected.map(|id| id.0)).ok_or(Conflict::CeremonyOver)?;
    let known = factors::find_passkey(&mut tx, claim.credential_id()).await?.ok_or(Conflict::PasskeyRefused)?;
    let account = AccountId(known.account_id);
    let fits = expected.map_or_else(|| claim.names(account), |expected| expected == account);
    if !fits {
        return Err(Conflict::PasskeyRefused.into());
    }
    match party.finish_using(&begun.state, &claim, &known.credential) {
        Ok(credential) => {
            factors::mark_passkey_used(&mut tx, now, &known, &credential).await?;
            Ok((tx, account))
        }
        Err(Refusal::Wrong) => Err(Conflict::PasskeyRefused.into()),
        Err(Refusal::Copied) => {
            drop(tx);
            note_copy(app, now, &known).await?;
            Err(Conflict::PasskeyRefused.into())
        }
    }
}

/// Writes down that there may be a copy of a passkey. The try itself changed nothing.
async fn note_copy(app: &App, now: Instant, known: &PasskeyRow) -> Result<()> {
    let mut tx = app.store().begin().await?;
    let account = AccountId(known.account_id);
    audit(
        &mut tx,
        now,
        Some(account),
        Action::PasskeyRefused,
        Subject::thing(known.id),
        json!({ "counter": "went back" }),
    );
    tell_owner(&mut tx, now, account, Notice::PasskeyRefused).await?;
    Ok(tx.commit().await?)
}
