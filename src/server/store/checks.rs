//! Background checks: what is checked, dates and outcome, and until they are purged provider, reference and note, which are sealed.
//! Nothing else has a column.

use super::{
    Db, Result, StoreError, Tx,
    check_profiles::{ProfileRow, ProfileVersion},
    consent, exactly_one, on_db,
};
use crate::{
    domain::{
        Instant,
        check_profile::Consent,
        evidence::CheckOutcome,
        ids::{AccountId, AssignmentId},
        locale::Bilingual,
    },
    server::vault::{Purpose, Vault},
};
use sqlx::FromRow;
use time::Date;
use uuid::Uuid;

/// What is on record about one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRow {
    /// What is checked, in the words of the profile at that time.
    pub what: Bilingual,
    pub provider: String,
    pub reference: String,
    pub requested_on: Date,
    pub with_provider_on: Option<Date>,
    /// From when on it counts as stuck; none once there is an outcome.
    pub stuck_at: Option<Instant>,
    pub completed_on: Option<Date>,
    pub outcome: Option<CheckOutcome>,
    pub legal_basis: String,
    pub reviewed_by: Option<AccountId>,
    /// The reviewer's name.
    pub reviewer: Option<String>,
    pub note: String,
    /// When provider, reference and note are to be removed, and when they were.
    pub purge_on: Option<Date>,
    pub purged_on: Option<Date>,
}

/// A check with what holds in the person's country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckFile {
    pub profile: ProfileVersion,
    pub consent: Consent,
    /// When the person answered last.
    pub decided_at: Option<Instant>,
    /// None while nothing was requested or decided.
    pub check: Option<CheckRow>,
}

#[derive(FromRow)]
struct FileRow {
    #[sqlx(flatten)]
    profile: ProfileRow,
    consent: String,
    decided_at: Option<Instant>,
    what_de: Option<String>,
    what_en: Option<String>,
    provider: Option<String>,
    reference: Option<String>,
    requested_on: Option<Date>,
    with_provider_on: Option<Date>,
    stuck_at: Option<Instant>,
    completed_on: Option<Date>,
    outcome: Option<String>,
    legal_basis: Option<String>,
    reviewed_by: Option<Uuid>,
    reviewer: Option<String>,
    note: Option<String>,
    purge_on: Option<Date>,
    purged_on: Option<Date>,
}

impl FileRow {
    fn into_file(self, vault: &Vault, id: AssignmentId) -> Result<CheckFile> {
        let corrupt = || StoreError::Corrupt("background check");
        let open = |sealed: Option<String>| match sealed {
            Some(sealed) if !sealed.is_empty() => vault.open(Purpose::CheckDetail, id.0.as_bytes(), &sealed).map(Some).ok_or_else(corrupt),
            other => Ok(other),
        };
        let (provider, reference, note) = (open(self.provider)?, open(self.reference)?, open(self.note)?);
        let outcome = self.outcome.map(|word| CheckOutcome::parse(&word)).transpose().map_err(|_| corrupt())?;
        // All of these are there, or there is no row.
        let row = self.what_de.zip(self.what_en).zip(provider).zip(reference).zip(self.requested_on);
        let check = row.map(|((((de, en), provider), reference), requested_on)| CheckRow {
            what: Bilingual { de, en },
            provider,
            reference,
            requested_on,
            with_provider_on: self.with_provider_on,
            stuck_at: self.stuck_at,
            completed_on: self.completed_on,
            outcome,
            legal_basis: self.legal_basis.unwrap_or_default(),
            reviewed_by: self.reviewed_by.map(AccountId),
            reviewer: self.reviewer,
            note: note.unwrap_or_default(),
            purge_on: self.purge_on,
            purged_on: self.purged_on,
        });
        Ok(CheckFile {
            profile: self.profile.into_profile()?,
            consent: Consent::from_stored(&self.consent).ok_or_else(corrupt)?,
            decided_at: self.decided_at,
            check,
        })
    }
}

/// A request as HR enters it, with what the profile says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRequest {
    pub what: Bilingual,
    pub provider: String,
    pub reference: String,
    pub requested_on: Date,
    pub stuck_at: Instant,
    pub legal_basis: String,
    pub note: String,
    /// For a check that never comes to an outcome.
    pub purge_on: Date,
}

/// An outcome as HR enters it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    pub what: Bilingual,
    pub outcome: CheckOutcome,
    pub completed_on: Date,
    pub legal_basis: String,
    pub reviewed_by: AccountId,
    pub note: String,
    pub purge_on: Date,
}

/// Seals what is removed later. What is empty stays empty, so that SQL can tell what there is to remove.
fn sealed(tx: &Tx, id: AssignmentId, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    tx.vault().seal(Purpose::CheckDetail, id.0.as_bytes(), text)
}

/// Notes that a check was requested; a second request after one that was not cleared replaces the first.
///
/// # Errors
/// When the database refuses.
pub async fn upsert_request(tx: &mut Tx, id: AssignmentId, request: &CheckRequest) -> Result<()> {
    let seal = |text: &str| sealed(tx, id, text);
    let (provider, reference, note) = (seal(&request.provider), seal(&request.reference), seal(&request.note));
    on_db!(tx, |c| {
        sqlx::query(
        "insert into background_check (assignment_id, check_type, check_type_en, provider, reference, requested_on, stuck_at, legal_basis, note, purge_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (assignment_id) do update set check_type = excluded.check_type, check_type_en = excluded.check_type_en, provider = excluded.provider,
             reference = excluded.reference, requested_on = excluded.requested_on, stuck_at = excluded.stuck_at, legal_basis = excluded.legal_basis,
             note = excluded.note, purge_on = excluded.purge_on, with_provider_on = null, completed_on = null, outcome = null, reviewed_by = null, purged_on = null"
    )
    .bind(id.0)
    .bind(request.what.de.as_str())
    .bind(request.what.en.as_str())
    .bind(provider)
    .bind(reference)
    .bind(request.requested_on)
    .bind(request.stuck_at)
    .bind(request.legal_basis.as_str())
    .bind(note)
    .bind(request.purge_on)
    .execute(c)
    .await?;
    });
    Ok(())
}

/// Notes since when the provider has what they need; patience begins anew.
///
/// # Errors
/// `Stale` when no check was requested, or this was noted before.
pub async fn mark_with_provider(tx: &mut Tx, id: AssignmentId, on: Date, stuck_at: Instant) -> Result<()> {
    exactly_one(on_db!(tx, |c| sqlx::query(
        "update background_check set with_provider_on = $2, stuck_at = $3 where assignment_id = $1 and with_provider_on is null and outcome is null"
    )
    .bind(id.0)
    .bind(on)
    .bind(stuck_at)
    .execute(c)
    .await
    .map(|done| done.rows_affected())?))
}

/// Notes the outcome. Where nothing was requested, nobody was asked: the day of the outcome is the only one there is.
///
/// # Errors
/// When the database refuses.
pub async fn upsert_result(tx: &mut Tx, id: AssignmentId, result: &CheckResult) -> Result<()> {
    let note = sealed(tx, id, &result.note);
    on_db!(tx, |c| sqlx::query(
        "insert into background_check (assignment_id, check_type, check_type_en, provider, reference, requested_on, completed_on, outcome, legal_basis,
             reviewed_by, note, purge_on)
         values ($1, $2, $3, '', '', $4, $4, $5, $6, $7, $8, $9)
         on conflict (assignment_id) do update set check_type = excluded.check_type, check_type_en = excluded.check_type_en, stuck_at = null,
             completed_on = excluded.completed_on, outcome = excluded.outcome, legal_basis = excluded.legal_basis, reviewed_by = excluded.reviewed_by,
             note = excluded.note, purge_on = excluded.purge_on, purged_on = null"
    )
    .bind(id.0)
    .bind(result.what.de.as_str())
    .bind(result.what.en.as_str())
    .bind(result.completed_on)
    .bind(result.outcome.as_str())
    .bind(result.legal_basis.as_str())
    .bind(result.reviewed_by.0)
    .bind(note)
    .bind(result.purge_on)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Notes what the person answered last.
///
/// # Errors
/// When the database refuses.
pub async fn upsert_consent(tx: &mut Tx, now: Instant, id: AssignmentId, consents: bool) -> Result<()> {
    on_db!(tx, |c| sqlx::query(
        "insert into check_consent (assignment_id, consents, decided_at) values ($1, $2, $3)
         on conflict (assignment_id) do update set consents = excluded.consents, decided_at = excluded.decided_at"
    )
    .bind(id.0)
    .bind(consents)
    .bind(now)
    .execute(c)
    .await
    .map(|_| ())?);
    Ok(())
}

/// Removes provider, reference and note of checks whose time has come; what was checked, dates, outcome, reviewer and legal basis
/// stay. What still waits for an outcome is left alone. Returns whose checks they were.
///
/// # Errors
/// When the database refuses.
pub async fn purge(tx: &mut Tx, today: Date) -> Result<Vec<AssignmentId>> {
    let ids: Vec<Uuid> = on_db!(tx, |c| sqlx::query_scalar(
        "update background_check set provider = '', reference = '', note = '', purged_on = $1
         where purge_on <= $1 and (provider <> '' or reference <> '' or note <> '')
             and not exists (select 1 from assignment a where a.id = background_check.assignment_id and a.state = 'waiting')
         returning assignment_id"
    )
    .bind(today)
    .fetch_all(c)
    .await?);
    Ok(ids.into_iter().map(AssignmentId).collect())
}

/// One check with what holds in the person's country.
///
/// # Errors
/// When the database refuses.
pub async fn find(db: &mut Db, id: AssignmentId) -> Result<Option<CheckFile>> {
    let row: Option<FileRow> = on_db!(db, |c| sqlx::query_as(concat!(
        "select x.country, x.sentence_de, x.sentence_en, x.needs_consent, x.patience_days, x.purge_after_days, x.choices, x.version, ",
        consent!("a"),
        " as consent, s.decided_at, b.check_type as what_de, b.check_type_en as what_en, b.provider, b.reference, b.requested_on, b.with_provider_on,
             b.stuck_at, b.completed_on, b.outcome, b.legal_basis, b.reviewed_by, v.name as reviewer, b.note, b.purge_on, b.purged_on
         from assignment a
         join requirement r on r.id = a.requirement_id and r.kind = 'background_check'
         join person p on p.id = a.person_id
         join check_profile x on x.country = coalesce((select z.country from check_profile z where z.country = p.country), 'generic')
         left join check_consent s on s.assignment_id = a.id
         left join background_check b on b.assignment_id = a.id
         left join account v on v.id = b.reviewed_by
         where a.id = $1"
    ))
    .bind(id.0)
    .fetch_optional(c)
    .await?);
    row.map(|row| row.into_file(db.vault(), id)).transpose()
}
