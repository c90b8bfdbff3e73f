//! The second step of signing in, signing in by passkey alone, and proving anew who one is.
//!
//! Every code that is tried goes through [`take_code`], which limits guessing, and every passkey through [`take_passkey`].

use super::{
    App, Error, Result, Subject, audit,
    events::{self, Event},
    factors::{BegunCeremony, PASSKEY_WAITS, recovery_hash, relying_party, secret_of},
    known_browsers, owners,
    throttle::{self, Caller, Whom},
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        factor::{FactorKind, Notice, TypedCode},
        ids::{AccountId, CeremonyId, FactorId},
        mail::MailKind,
        problem::{Conflict, Problem},
        security_event::Kind,
    },
    server::{
        auth::{
            actor::{Actor, Halfway, Recognised},
            passkeys::{Claim, Refusal},
            seal,
        },
        ids::fresh,
        store::{
            StoreError, Tx, accounts,
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

/// What a password or a link leaves to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owed {
    Nothing,
    /// The second factor that the account has: this was only half of signing in.
    SecondStep,
    /// A first factor, without which the account's rights sleep.
    FirstFactor,
}

/// Whether an account has second factors, so that a password or a link is only half of signing in.
///
/// # Errors
/// When the database refuses.
pub async fn is_needed(app: &App, account: AccountId) -> Result<bool> {
    Ok(factors::count(&mut app.store().read().await?, account).await? > 0)
}

/// What an account still owes after a password or a link.
///
/// # Errors
/// When the database refuses.
pub async fn owed(app: &App, now: Instant, account: AccountId) -> Result<Owed> {
    if is_needed(app, account).await? {
        return Ok(Owed::SecondStep);
    }
    let sleeps = app.settings().second_factor_required && accounts::holds_role(&mut app.store().read().await?, now, account).await?;
    Ok(if sleeps { Owed::FirstFactor } else { Owed::Nothing })
}

/// What could be the second step, besides a recovery code.
///
/// # Errors
/// When the database refuses.
pub async fn kinds(app: &App, half: &Halfway) -> Result<Vec<FactorKind>> {
    let owned = factors::list(&mut app.store().read().await?, half.account()).await?;
    Ok(owned.into_iter().map(|factor| factor.kind).collect())
}

/// Completes signing in by a code of an app, or by a recovery code.
///
/// # Errors
/// `Invalid` when the code is wrong or was used before, `TooMany` after too many that were.
pub async fn by_code(app: &App, now: Instant, caller: &Caller, half: &Halfway, code: &str) -> Result<Given> {
    let whom = known_browsers::reached_from(app, now, caller, half.account()).await?;
    take_code(app, now, caller, (half.account(), whom), code, note_sign_in).await
}

/// Begins to ask for a passkey: for one of this account's, or where nobody said yet who they are, for any.
///
/// # Errors
/// `NotFound` where there are no passkeys.
pub async fn begin_passkey(app: &App, now: Instant, who: Option<Recognised>) -> Result<BegunCeremony> {
    let account = who.map(|who| who.account);
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

/// The mark that the browser gets which is asked for any passkey.
pub fn asked_mark(app: &App, id: CeremonyId) -> String {
    seal::asked_mark(&app.settings().key, id)
}

/// Signs in by a passkey: as the second step, `known` being whose that is, or alone, in the browser that has the `mark` of what is answered.
///
/// # Errors
/// `Conflict` when the browser's answer does not fit, came too late or twice, or is of somebody else.
pub async fn by_passkey(
    app: &App,
    now: Instant,
    caller: &Caller,
    known: Option<Recognised>,
    (id, mark): (CeremonyId, &str),
    answer: &str,
) -> Result<Recognised> {
    take_passkey(app, now, caller, known, (id, mark), answer, note_sign_in).await
}

impl Actor {
    /// Proves anew who one is, by a code. The session is renewed by whoever called this.
    ///
    /// # Errors
    /// As [`by_code`].
    pub async fn prove_by_code(&self, app: &App, now: Instant, caller: &Caller, code: &str) -> Result<Given> {
        let whom = Whom::SignedIn(self.account(), self.session());
        take_code(app, now, caller, (self.account(), whom), code, note_proof).await
    }

    /// Proves anew who one is, by a passkey. The session is renewed by whoever called this.
    ///
    /// # Errors
    /// As [`by_passkey`].
    pub async fn prove_by_passkey(&self, app: &App, now: Instant, caller: &Caller, id: CeremonyId, answer: &str) -> Result<()> {
        take_passkey(app, now, caller, Some(self.recognised()), (id, ""), answer, note_proof)
            .await
            .map(drop)
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
async fn take_code(
    app: &App,
    now: Instant,
    caller: &Caller,
    (account, whom): (AccountId, Whom<'_>),
    code: &str,
    note: fn(&mut Tx, Instant, AccountId, Given),
) -> Result<Given> {
    if code.trim().is_empty() {
        return Err(Error::field("code", Problem::CodeMissing));
    }
    let attempt = throttle::admit(app, throttle::Purpose::SecondFactor, caller, whom).await?;
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
            owners::tell(tx, now, account, MailKind::Factor(Notice::CodeUsed)).await?;
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
    known: Option<Recognised>,
    (id, mark): (CeremonyId, &str),
    answer: &str,
    note: fn(&mut Tx, Instant, AccountId, Given),
) -> Result<Recognised> {
    let expected = known.map(|known| known.account);
    let (mut tx, account) = match try_passkey(app, now, expected, (id, mark), answer).await {
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
    let who = match known {
        Some(known) => known,
        None => Recognised::now(&mut tx, account).await?,
    };
    tx.commit().await?;
    Ok(who)
}

/// The one place where passkeys are tried. `expected` is whose it has to be; none: whoever it names, in the browser that was asked, so
/// that nobody is made to answer what another browser was asked. Returns the transaction in which its use is noted.
async fn try_passkey(app: &App, now: Instant, expected: Option<AccountId>, (id, mark): (CeremonyId, &str), answer: &str) -> Result<(Tx, AccountId)> {
    if expected.is_none() && !seal::was_asked(&app.settings().key, id, mark) {
        return Err(Conflict::CeremonyOver.into());
    }
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
    owners::tell(&mut tx, now, account, MailKind::Factor(Notice::PasskeyRefused)).await?;
    Ok(tx.commit().await?)
}
