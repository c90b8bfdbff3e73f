//! The installation's key: recognised at every start, used to seal what older versions left readable, and exchanged for a new one.

use super::{App, Result, Subject, audit};
use crate::{
    domain::{Instant, audit::Action},
    server::{
        auth::seal::{invitation_token, token_hash},
        config::Key,
        ids::fresh,
        store::{self, StoreError, invitations, outbox, sealing},
        vault::Vault,
    },
};
use serde_json::json;

/// How the key that is set fits the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// The database was not sealed yet.
    New,
    Ours,
    Other,
}

impl Fit {
    fn of(app: &App, fingerprint: Option<&str>) -> Self {
        match fingerprint {
            None => Self::New,
            Some(fingerprint) if fingerprint == app.store().vault().fingerprint() => Self::Ours,
            Some(_) => Self::Other,
        }
    }
}

/// Whether the database is sealed with the key that is set.
///
/// # Errors
/// When it does not answer or lacks migrations.
pub async fn fit(app: &App) -> Result<Fit> {
    let fingerprint = sealing::find_fingerprint(&mut app.store().read().await?).await?;
    Ok(Fit::of(app, fingerprint.as_deref()))
}

/// On the first start with a key, seals what stands there readable and remembers the key; later, recognises it.
///
/// # Errors
/// `OtherKey` when the database is sealed with another one.
pub(super) async fn settle(app: &App, now: Instant) -> store::Result<()> {
    let fingerprint = sealing::find_fingerprint(&mut app.store().read().await?).await?;
    match Fit::of(app, fingerprint.as_deref()) {
        Fit::Ours => return Ok(()),
        Fit::Other => return Err(StoreError::OtherKey),
        Fit::New => {}
    }
    let mut tx = app.store().begin().await?;
    // Another instance may have been faster.
    match Fit::of(app, sealing::begin(&mut tx).await?.as_deref()) {
        Fit::Ours => return Ok(()),
        Fit::Other => return Err(StoreError::OtherKey),
        Fit::New => {}
    }
    let values = sealing::reseal(&mut tx, None, app.store().vault()).await?;
    if values == 0 {
        // A fresh database: nothing changed that anybody had written.
        return tx.commit_housekeeping().await;
    }
    audit(&mut tx, now, None, Action::SecretsSealed, Subject::thing(fresh()), json!({ "values": values }));
    tx.commit().await?;
    app.store().fold_log().await
}

/// What a rotation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// Values that were sealed anew.
    pub values: u64,
    /// Personal links that got another token, and of them those whose mail goes out once more.
    pub links: u64,
    pub mails: u64,
}

/// Seals everything with a new key, in one transaction: either all of it or nothing. Personal links are made from the key, so those
/// that can still be opened get another token, and where their mail had left it is sent again. From then on nobody with the old key
/// can commit, this `app` included.
///
/// # Errors
/// `Unavailable` when the database is sealed with another key than the app's; `Internal` when something does not open.
pub async fn rotate(app: &App, now: Instant, new: &Key) -> Result<Rotated> {
    let vault = Vault::new(new);
    let mut tx = app.store().begin().await?;
    if Fit::of(app, sealing::begin(&mut tx).await?.as_deref()) != Fit::Ours {
        return Err(StoreError::OtherKey.into());
    }
    let values = sealing::reseal(&mut tx, Some(app.store().vault()), &vault).await?;
    let mut links = 0;
    for link in invitations::list_live(&mut tx, now).await? {
        invitations::replace_token(&mut tx, link, &token_hash(&invitation_token(new, link))).await?;
        links += 1;
    }
    let mails = outbox::send_again(&mut tx, now).await?;
    audit(
        &mut tx,
        now,
        None,
        Action::KeyRotated,
        Subject::thing(fresh()),
        json!({ "values": values, "links": links, "mails": mails }),
    );
    tx.commit().await?;
    app.store().fold_log().await?;
    Ok(Rotated { values, links, mails })
}
