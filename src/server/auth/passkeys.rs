//! Passkeys: what webauthn-rs asks of a browser, and how it judges the answer.
//!
//! They belong to the host of the base URL; an installation that is reached by a bare address has none, as the standard knows
//! domains only. Every passkey is discoverable and asks for a finger, a face or a PIN, so that it can be the only factor.

use crate::domain::ids::AccountId;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use url::Url;
use webauthn_rs::prelude::{
    CreationChallengeResponse, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    RequestChallengeResponse, Webauthn, WebauthnBuilder, WebauthnError,
};

/// The longest answer of a browser that is read.
const LONGEST_ANSWER: usize = 64 * 1024;

/// A ceremony that began: what the browser is asked, and what has to be kept until it answers. Both JSON.
pub struct Begun {
    pub options: String,
    pub state: String,
}

/// A passkey as it is stored.
pub struct Stored {
    pub credential_id: Vec<u8>,
    pub credential: String,
}

/// Why an answer does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not signed by the passkey, for another site, for another question, or no answer at all.
    Wrong,
    /// The device counts fewer uses than were seen: there may be a copy of it.
    Copied,
}

/// What an answer says before it is judged.
pub struct Claim {
    answer: PublicKeyCredential,
}

impl Claim {
    /// Reads what the browser sent; none when it is no such answer.
    pub fn read(answer: &str) -> Option<Self> {
        let answer = Some(answer).filter(|answer| answer.len() <= LONGEST_ANSWER)?;
        serde_json::from_str(answer).ok().map(|answer| Self { answer })
    }

    pub fn credential_id(&self) -> &[u8] {
        self.answer.get_credential_id()
    }

    /// Whether it names this account as the passkey's owner.
    pub fn names(&self, account: AccountId) -> bool {
        self.answer.get_user_unique_id() == Some(account.0.as_bytes())
    }
}

/// This installation as browsers know it.
pub struct RelyingParty(Webauthn);

impl RelyingParty {
    /// None where people reach this installation by a bare address.
    pub fn of(base_url: &str, company: &str) -> Option<Self> {
        let origin: Url = base_url.parse().ok()?;
        let builder = WebauthnBuilder::new(origin.domain()?, &origin).ok()?;
        builder.rp_name(company).build().ok().map(Self)
    }

    /// Begins to add a passkey to an account that has `known` ones.
    pub fn begin_adding(&self, account: AccountId, address: &str, name: &str, known: &[String]) -> Option<Begun> {
        let known: Vec<Passkey> = known.iter().filter_map(|known| serde_json::from_str(known).ok()).collect();
        let known = known.iter().map(|known| known.cred_id().clone()).collect();
        let (options, state) = self.0.start_passkey_registration(account.0, address, name, Some(known)).ok()?;
        let CreationChallengeResponse { public_key } = options;
        let mut options = serde_json::to_value(public_key).ok()?;
        // webauthn-rs leaves it to the device whether a passkey can sign in by itself; ours all can.
        let selection = options.get_mut("authenticatorSelection")?.as_object_mut()?;
        selection.insert("residentKey".to_owned(), json!("required"));
        selection.insert("requireResidentKey".to_owned(), json!(true));
        begun(&options, &state)
    }

    /// Judges the answer to [`RelyingParty::begin_adding`].
    ///
    /// # Errors
    /// `Wrong` when it is none.
    pub fn finish_adding(&self, state: &str, answer: &str) -> Result<Stored, Refusal> {
        let answer = Some(answer).filter(|answer| answer.len() <= LONGEST_ANSWER).ok_or(Refusal::Wrong)?;
        let state: PasskeyRegistration = serde_json::from_str(state).map_err(|_| Refusal::Wrong)?;
        let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).map_err(|_| Refusal::Wrong)?;
        let passkey = self.0.finish_passkey_registration(&answer, &state).map_err(|_| Refusal::Wrong)?;
        Ok(Stored {
            credential_id: passkey.cred_id().as_slice().to_vec(),
            credential: serde_json::to_string(&passkey).map_err(|_| Refusal::Wrong)?,
        })
    }

    /// Begins to ask for a passkey: one of `known`, or where nobody said yet who they are, any.
    pub fn begin_using(&self, known: &[String]) -> Option<Begun> {
        let (options, state) = self.0.start_discoverable_authentication().ok()?;
        let RequestChallengeResponse { public_key, .. } = options;
        let mut options = serde_json::to_value(public_key).ok()?;
        let known = known.iter().filter_map(|known| serde_json::from_str::<Passkey>(known).ok());
        // As browsers read it: bytes in JSON are base64url.
        let allowed: Vec<Value> = known
            .map(|known| json!({ "type": "public-key", "id": URL_SAFE_NO_PAD.encode(known.cred_id()) }))
            .collect();
        options.as_object_mut()?.insert("allowCredentials".to_owned(), Value::Array(allowed));
        begun(&options, &state)
    }

    /// Judges the answer to [`RelyingParty::begin_using`], and says how the passkey is to be stored from now on.
    ///
    /// # Errors
    /// `Wrong`, or `Copied` when the device's counter went back.
    pub fn finish_using(&self, state: &str, claim: &Claim, credential: &str) -> Result<String, Refusal> {
        let state: DiscoverableAuthentication = serde_json::from_str(state).map_err(|_| Refusal::Wrong)?;
        let mut passkey: Passkey = serde_json::from_str(credential).map_err(|_| Refusal::Wrong)?;
        let used = self.0.finish_discoverable_authentication_v2(&claim.answer, state, &passkey);
        let used = used.map_err(|error| match error {
            WebauthnError::CredentialPossibleCompromise => Refusal::Copied,
            _ => Refusal::Wrong,
        })?;
        match passkey.update_credential(&used) {
            // Byte for byte, so that two uses at once of a passkey without a counter do not disturb each other.
            Some(false) => Ok(credential.to_owned()),
            Some(true) => serde_json::to_string(&passkey).map_err(|_| Refusal::Wrong),
            None => Err(Refusal::Wrong),
        }
    }
}

fn begun(options: &Value, state: &impl serde::Serialize) -> Option<Begun> {
    Some(Begun {
        options: options.to_string(),
        state: serde_json::to_string(state).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn passkeys_belong_to_a_domain() {
        assert!(RelyingParty::of("https://antritt.example.com", "Beispiel").is_some());
        assert!(RelyingParty::of("http://localhost:3000", "Beispiel").is_some());
        assert!(RelyingParty::of("http://127.0.0.1:3000", "Beispiel").is_none());
        assert!(RelyingParty::of("http://[::1]:3000", "Beispiel").is_none());
    }

    #[test]
    fn the_browser_is_asked_for_passkeys_that_can_sign_in_by_themselves() {
        let party = RelyingParty::of("https://antritt.example.com", "Beispiel").unwrap();
        let account = AccountId(Uuid::from_u128(7));
        let begun = party.begin_adding(account, "anna@home.example", "Anna", &[]).unwrap();
        let options: Value = serde_json::from_str(&begun.options).unwrap();
        assert_eq!(options["rp"], json!({ "id": "antritt.example.com", "name": "Beispiel" }));
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(options["attestation"], "none");
        let begun = party.begin_using(&[]).unwrap();
        let options: Value = serde_json::from_str(&begun.options).unwrap();
        assert_eq!(
            (&options["rpId"], &options["userVerification"], &options["allowCredentials"]),
            (&json!("antritt.example.com"), &json!("required"), &json!([]))
        );
    }

    #[test]
    fn the_browser_reads_which_passkeys_count() {
        let known = json!({ "cred": {
            "cred_id": "-_9_gA",
            "cred": { "type_": "ES256", "key": { "EC_EC2": { "curve": "SECP256R1", "x": "AAAA", "y": "AAAA" } } },
            "counter": 0,
            "transports": null,
            "user_verified": true,
            "backup_eligible": false,
            "backup_state": false,
            "registration_policy": "required",
            "extensions": {},
            "attestation": { "data": "None", "metadata": "None" },
            "attestation_format": "none",
        } });
        let party = RelyingParty::of("https://antritt.example.com", "Beispiel").unwrap();
        let begun = party.begin_using(&[known.to_string()]).unwrap();
        let options: Value = serde_json::from_str(&begun.options).unwrap();
        assert_eq!(options["allowCredentials"], json!([{ "type": "public-key", "id": "-_9_gA" }]));
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        let party = RelyingParty::of("https://antritt.example.com", "Beispiel").unwrap();
        let begun = party.begin_adding(AccountId(Uuid::nil()), "a@home.example", "A", &[]).unwrap();
        for answer in ["", "{}", "null", "[1]", &"x".repeat(LONGEST_ANSWER + 1)] {
            assert_eq!(party.finish_adding(&begun.state, answer).err(), Some(Refusal::Wrong));
            assert!(Claim::read(answer).is_none());
        }
    }
}
