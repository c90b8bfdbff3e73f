//! One's own second factors: adding apps and passkeys, naming and removing them, recovery codes. What they prove at sign-in is in
//! `second_step`.
//!
//! Recovery codes are shown on a page that only reads: their text waits, sealed, for ten minutes or until its owner says that it is
//! kept. So nothing is lost with an answer that never arrives, and looking at a page changes nothing.

use super::{App, Error, Result, Subject, accounts::hold_signed_in, audit, owners};
use crate::{
    domain::{
        Instant,
        audit::Action,
        factor::{Factor, FactorKind, LONGEST_NAME, MOST_FACTORS, Notice, RECOVERY_CODES, RecoveryCode},
        ids::{AccountId, CeremonyId, FactorId},
        mail::MailKind,
        person::{Email, Line},
        problem::{Conflict, Problem, Problems},
    },
    server::{
        auth::{
            actor::Actor,
            passkeys::RelyingParty,
            totp::{Secret, qr_code},
        },
        ids::fresh,
        store::{
            StoreError, Tx, accounts, calendar_feeds,
            ceremonies::{self, CeremonyRow, Purpose},
            factors::{self, NewFactor},
            sessions,
        },
    },
};
use serde_json::json;
use sha2::{Digest, Sha256};
use time::Duration;
use uuid::Uuid;

/// How long the secret for a new app waits for its first code.
const APP_WAITS: Duration = Duration::hours(1);
/// How long a browser may take with a passkey.
pub const PASSKEY_WAITS: Duration = Duration::minutes(5);
/// How long fresh recovery codes can be looked at.
const CODES_SHOWN: Duration = Duration::minutes(10);

/// All that there is to say about somebody's second factors.
#[derive(Clone, Debug)]
pub struct Overview {
    pub factors: Vec<Factor>,
    /// Recovery codes that were not used yet.
    pub codes_left: i64,
    /// Whether the account's rights ask for a factor.
    pub required: bool,
    /// Whether this installation has an address that passkeys can belong to.
    pub offers_passkeys: bool,
}

/// An authenticator app that waits for its first code.
#[derive(Clone, Debug)]
pub struct PendingApp {
    pub id: CeremonyId,
    /// To be typed, in groups of four.
    pub secret: String,
    /// To be opened on the phone itself.
    pub uri: String,
    /// To be scanned; SVG.
    pub picture: String,
}

/// A ceremony that the browser is to carry out.
pub struct BegunCeremony {
    pub id: CeremonyId,
    /// JSON.
    pub options: String,
}

/// The desk of somebody who looks after their own second factors.
pub struct FactorDesk<'a> {
    app: &'a App,
    actor: &'a Actor,
}

/// The hash under which a recovery code is stored and found. A code has 140 random bits, so nobody searches through them.
pub(super) fn recovery_hash(account: AccountId, code: &RecoveryCode) -> [u8; 32] {
    Sha256::new().chain_update(account.0.as_bytes()).chain_update(code.as_bytes()).finalize().into()
}

/// Reads the secret of an app.
///
/// # Errors
/// `Internal` when it is none.
pub(super) fn secret_of(text: &str) -> Result<Secret> {
    Secret::from_base32(text).ok_or_else(|| Error::Internal(Box::new(StoreError::Corrupt("secret of an authenticator app"))))
}

/// This installation as passkeys know it.
///
/// # Errors
/// `NotFound` where it has no address that a passkey can belong to.
pub(super) fn relying_party(app: &App) -> Result<RelyingParty> {
    let settings = app.settings();
    RelyingParty::of(&settings.base_url, &settings.company).ok_or(Error::NotFound)
}

/// Whether this installation has an address that passkeys can belong to.
pub fn offers_passkeys(app: &App) -> bool {
    relying_party(app).is_ok()
}

impl Actor {
    /// One's own second factors; everybody may have some.
    pub const fn factor_desk<'a>(&'a self, app: &'a App) -> FactorDesk<'a> {
        FactorDesk { app, actor: self }
    }
}

impl FactorDesk<'_> {
    /// What there is.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn overview(&self) -> Result<Overview> {
        let mut db = self.app.store().read().await?;
        Ok(Overview {
            factors: factors::list(&mut db, self.actor.account()).await?,
            codes_left: factors::count_recovery_codes(&mut db, self.actor.account()).await?,
            required: self.is_required(),
            offers_passkeys: offers_passkeys(self.app),
        })
    }

    /// Begins to add an authenticator app. Two tabs that begin share one secret.
    ///
    /// # Errors
    /// `ProofTooOld`, or `Conflict` with too many factors.
    pub async fn begin_app(&self, now: Instant) -> Result<()> {
        let mut tx = self.begin_adding(now).await?;
        if ceremonies::find_newest(&mut tx, now, Purpose::AddApp, self.actor.account()).await?.is_none() {
            let id = CeremonyId(fresh());
            let secret = Secret::fresh().to_base32();
            ceremonies::insert(&mut tx, id, Purpose::AddApp, Some(self.actor.account()), &secret, now + APP_WAITS).await?;
        }
        Ok(tx.commit_housekeeping().await?)
    }

    /// The app that waits for its first code, if one does.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn pending_app(&self, now: Instant) -> Result<Option<PendingApp>> {
        let account = self.actor.account();
        let mut db = self.app.store().read().await?;
        let Some(row) = ceremonies::find_newest(&mut db, now, Purpose::AddApp, account).await? else {
            return Ok(None);
        };
        let owner = accounts::find_owner(&mut db, account).await?.ok_or(Error::NotFound)?;
        let secret = secret_of(&row.state)?;
        let uri = secret.uri(&self.app.settings().company, &owner.email);
        Ok(Some(PendingApp {
            id: CeremonyId(row.id),
            secret: secret.to_type(),
            picture: qr_code(&uri).unwrap_or_default(),
            uri,
        }))
    }

    /// Adds the app that shows this code; says whether there are recovery codes to be shown. A wrong code leaves everything as it is.
    ///
    /// # Errors
    /// `Invalid` for a wrong code or name, `Conflict` when the app was added in another tab or waited too long.
    pub async fn confirm_app(&self, now: Instant, id: CeremonyId, name: &str, code: &str) -> Result<bool> {
        let mut problems = Problems::default();
        let name = problems.take("name", parse_name(name));
        let mut tx = self.begin_adding(now).await?;
        let begun = self.take(&mut tx, now, id, Purpose::AddApp).await?;
        let secret = secret_of(&begun.state)?;
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let wrong = if code.is_empty() { Problem::CodeMissing } else { Problem::WrongCode };
        let step = problems.take("code", secret.step_of(&code, now).ok_or(wrong));
        let (Some(name), Some(step)) = (name, step) else {
            return Err(problems.into());
        };
        let factor = NewFactor {
            id: FactorId(begun.id),
            account: self.actor.account(),
            name: name.as_str(),
        };
        factors::insert_app(&mut tx, now, &factor, &begun.state, step).await?;
        self.finish_adding(tx, now, factor.id, FactorKind::App).await
    }

    /// Begins to add a passkey.
    ///
    /// # Errors
    /// `Conflict` as [`FactorDesk::begin_app`], `NotFound` where there are no passkeys.
    pub async fn begin_passkey(&self, now: Instant) -> Result<BegunCeremony> {
        let party = relying_party(self.app)?;
        let account = self.actor.account();
        let mut tx = self.begin_adding(now).await?;
        let owner = accounts::find_owner(&mut tx, account).await?.ok_or(Error::NotFound)?;
        let known: Vec<_> = factors::list_passkeys(&mut tx, account).await?.into_iter().map(|row| row.credential).collect();
        let begun = party.begin_adding(account, &owner.email, self.actor.name(), &known);
        let begun = begun.ok_or_else(|| Error::Internal("a passkey's options could not be made".into()))?;
        let id = CeremonyId(fresh());
        ceremonies::insert(&mut tx, id, Purpose::AddPasskey, Some(account), &begun.state, now + PASSKEY_WAITS).await?;
        tx.commit_housekeeping().await?;
        Ok(BegunCeremony { id, options: begun.options })
    }

    /// Adds the passkey that the browser made; says whether there are recovery codes to be shown. `answer` is what it says, as JSON.
    ///
    /// # Errors
    /// `Conflict` when the answer does not fit, came too late, or is known already; `Invalid` for a bad name.
    pub async fn add_passkey(&self, now: Instant, id: CeremonyId, name: &str, answer: &str) -> Result<bool> {
        let party = relying_party(self.app)?;
        let name = parse_name(name).map_err(|problem| Error::field("passkey_name", problem))?;
        let mut tx = self.begin_adding(now).await?;
        let begun = self.take(&mut tx, now, id, Purpose::AddPasskey).await?;
        let made = party.finish_adding(&begun.state, answer).map_err(|_| Conflict::PasskeyRefused)?;
        let factor = NewFactor {
            id: FactorId(begun.id),
            account: self.actor.account(),
            name: name.as_str(),
        };
        factors::insert_passkey(&mut tx, now, &factor, &made.credential_id, &made.credential).await?;
        self.finish_adding(tx, now, factor.id, FactorKind::Passkey).await
    }

    /// Gives a factor another name.
    ///
    /// # Errors
    /// `Invalid` for a bad name, `NotFound` for somebody else's factor.
    pub async fn rename(&self, now: Instant, id: FactorId, name: &str) -> Result<()> {
        let name = parse_name(name).map_err(|problem| Error::field("name", problem))?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        factors::rename(&mut tx, self.actor.account(), id, name.as_str()).await.map_err(missing)?;
        self.note(&mut tx, now, Action::FactorRenamed, id.0, json!({}));
        Ok(tx.commit().await?)
    }

    /// Removes a factor; with the last one go the recovery codes.
    ///
    /// # Errors
    /// `NotFound` for somebody else's factor, `ProofTooOld`, or `Conflict` when it is the last one of an account with rights.
    pub async fn remove(&self, now: Instant, id: FactorId) -> Result<()> {
        let account = self.actor.account();
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        factors::hold(&mut tx, account).await?;
        let all = factors::list(&mut tx, account).await?;
        let removed = all.iter().find(|factor| factor.id == id).ok_or(Error::NotFound)?;
        self.actor.freshly_proved(now)?;
        if all.len() == 1 && self.is_required() {
            return Err(Conflict::LastFactor.into());
        }
        factors::delete(&mut tx, account, id).await.map_err(missing)?;
        if all.len() == 1 {
            factors::delete_all(&mut tx, account).await?;
        }
        self.note(&mut tx, now, Action::FactorRemoved, id.0, json!({ "kind": removed.kind.as_str() }));
        owners::tell(&mut tx, now, account, MailKind::Factor(Notice::Removed)).await?;
        Ok(tx.commit().await?)
    }

    /// Makes new recovery codes; the old ones stop working.
    ///
    /// # Errors
    /// `Conflict` without a factor, or `ProofTooOld`.
    pub async fn make_codes(&self, now: Instant) -> Result<()> {
        let account = self.actor.account();
        self.actor.freshly_proved(now)?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        factors::hold(&mut tx, account).await?;
        if factors::count(&mut tx, account).await? == 0 {
            return Err(Conflict::NoFactor.into());
        }
        self.replace_codes(&mut tx, now).await?;
        self.note(&mut tx, now, Action::RecoveryCodesMade, account.0, json!({}));
        owners::tell(&mut tx, now, account, MailKind::Factor(Notice::CodesMade)).await?;
        Ok(tx.commit().await?)
    }

    /// The recovery codes that were just made, until they are kept.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn shown_codes(&self, now: Instant) -> Result<Option<Vec<String>>> {
        let mut db = self.app.store().read().await?;
        let shown = ceremonies::find_newest(&mut db, now, Purpose::ShowCodes, self.actor.account()).await?;
        Ok(shown.map(|row| row.state.split(' ').map(str::to_owned).collect()))
    }

    /// Shows the recovery codes no more.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn keep_codes(&self) -> Result<()> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        ceremonies::delete_of_account(&mut tx, Purpose::ShowCodes, self.actor.account()).await?;
        Ok(tx.commit_housekeeping().await?)
    }

    /// Whether the account's rights ask for a factor.
    fn is_required(&self) -> bool {
        let holds_role = !self.actor.roles().is_empty() || !self.actor.dormant_roles().is_empty();
        self.app.settings().second_factor_required && holds_role
    }

    /// What adding any factor begins with: whoever finds an open browser must not make it theirs.
    async fn begin_adding(&self, now: Instant) -> Result<Tx> {
        self.actor.freshly_proved(now)?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        hold_signed_in(&mut tx, self.actor).await?;
        factors::hold(&mut tx, self.actor.account()).await?;
        if usize::try_from(factors::count(&mut tx, self.actor.account()).await?).is_ok_and(|count| count >= MOST_FACTORS) {
            return Err(Conflict::TooManyFactors.into());
        }
        Ok(tx)
    }

    /// What adding any factor ends with. The first one brings the recovery codes.
    async fn finish_adding(&self, mut tx: Tx, now: Instant, id: FactorId, kind: FactorKind) -> Result<bool> {
        let is_first = factors::count(&mut tx, self.actor.account()).await? == 1;
        if is_first {
            self.replace_codes(&mut tx, now).await?;
        }
        self.note(&mut tx, now, Action::FactorAdded, id.0, json!({ "kind": kind.as_str() }));
        owners::tell(&mut tx, now, self.actor.account(), MailKind::Factor(Notice::Added)).await?;
        tx.commit().await?;
        Ok(is_first)
    }

    /// Takes out what this account began.
    async fn take(&self, tx: &mut Tx, now: Instant, id: CeremonyId, purpose: Purpose) -> Result<CeremonyRow> {
        let begun = ceremonies::take(tx, now, id, purpose).await?;
        let own = begun.filter(|row| row.account_id == Some(self.actor.account().0));
        own.ok_or_else(|| Conflict::CeremonyOver.into())
    }

    async fn replace_codes(&self, tx: &mut Tx, now: Instant) -> Result<()> {
        let account = self.actor.account();
        let codes: Vec<RecoveryCode> = (0..RECOVERY_CODES).map(|_| RecoveryCode::from_random(rand::random())).collect();
        factors::delete_recovery_codes(tx, account).await?;
        for code in &codes {
            factors::insert_recovery_code(tx, now, account, &recovery_hash(account, code)).await?;
        }
        ceremonies::delete_of_account(tx, Purpose::ShowCodes, account).await?;
        let text: Vec<String> = codes.iter().map(ToString::to_string).collect();
        let id = CeremonyId(fresh());
        Ok(ceremonies::insert(tx, id, Purpose::ShowCodes, Some(account), &text.join(" "), now + CODES_SHOWN).await?)
    }

    /// How somebody signs in is no part of their record as a person.
    fn note(&self, tx: &mut Tx, now: Instant, action: Action, id: Uuid, detail: serde_json::Value) {
        audit(tx, now, Some(self.actor.account()), action, Subject::thing(id), detail);
    }
}

/// Takes every second factor and recovery code from an account whose owner lost them, and ends its sessions. The owner signs in by
/// password or link next, and where a factor is required, sets up a new one. `by` is none for whoever runs the server.
///
/// # Errors
/// `Invalid` without a reason, `NotFound` for an account that does not exist, `Conflict` for one's own or when there is none.
pub async fn reset(app: &App, now: Instant, by: Option<AccountId>, account: AccountId, reason: &str) -> Result<()> {
    let mut tx = app.store().begin().await?;
    reset_within(&mut tx, now, by, account, reason).await?;
    Ok(tx.commit().await?)
}

/// As [`reset`], as a part of something greater.
///
/// # Errors
/// As [`reset`].
pub(super) async fn reset_within(tx: &mut Tx, now: Instant, by: Option<AccountId>, account: AccountId, reason: &str) -> Result<()> {
    let reason = Line::parse(reason).map_err(|problem| Error::field("reason", problem))?;
    if by == Some(account) {
        return Err(Conflict::NeedsSecondPerson.into());
    }
    let owner = accounts::find_owner(tx, account).await?.ok_or(Error::NotFound)?;
    factors::hold(tx, account).await?;
    if factors::delete_all(tx, account).await? == 0 {
        return Err(Conflict::NoFactor.into());
    }
    sessions::delete_of_account(tx, account, None).await?;
    calendar_feeds::end_of_account(tx, now, account).await?;
    audit(tx, now, by, Action::FactorsReset, owner.subject(), json!({ "reason": reason.as_str() }));
    owners::tell(tx, now, account, MailKind::Factor(Notice::Reset)).await
}

/// As [`reset`], by whoever runs the server: for the account that signs in with this address.
///
/// # Errors
/// As [`reset`].
pub async fn reset_by_address(app: &App, now: Instant, address: &Email, reason: &str) -> Result<()> {
    let account = accounts::find_for_sign_in(&mut app.store().read().await?, address)
        .await?
        .ok_or(Error::NotFound)?;
    reset(app, now, None, AccountId(account.id), reason).await
}

fn parse_name(raw: &str) -> std::result::Result<Line, Problem> {
    Line::parse_up_to(raw, LONGEST_NAME)
}

fn missing(error: StoreError) -> Error {
    match error {
        StoreError::Stale => Error::NotFound,
        other => other.into(),
    }
}
