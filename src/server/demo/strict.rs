//! The strict demo: whoever is announced has an authenticator app already, as its rights ask for one.

use super::play::sign_in;
use crate::{
    domain::{Instant, ids::AccountId, person::Email},
    server::{
        auth::totp::Secret,
        service::{App, Error, Result},
        store::accounts,
    },
};

/// Sets up an app for everybody with one of these addresses. Returns its secrets in base32, in their order.
///
/// # Errors
/// When an address belongs to nobody.
pub async fn enrol<const N: usize>(app: &App, now: Instant, addresses: [&str; N]) -> Result<[String; N]> {
    let mut secrets = [const { String::new() }; N];
    for (address, kept) in addresses.iter().zip(&mut secrets) {
        let address = Email::parse(address).map_err(|problem| Error::field("email", problem))?;
        let account = accounts::find_for_sign_in(&mut app.store().read().await?, &address)
            .await?
            .ok_or(Error::NotFound)?;
        let actor = sign_in(app, AccountId(account.id)).await?;
        let desk = actor.factor_desk(app);
        desk.begin_app(now).await?;
        let pending = desk.pending_app(now).await?.ok_or(Error::NotFound)?;
        *kept = pending.secret.replace(' ', "");
        let code = Secret::from_base32(kept).ok_or(Error::NotFound)?.code_at(now);
        desk.confirm_app(now, pending.id, "Demo-App", &code).await?;
        desk.keep_codes().await?;
    }
    Ok(secrets)
}
