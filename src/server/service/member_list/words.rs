//! The words of vendors, in English and German: for the columns of their exports, and for what stands in them.

use crate::domain::{
    member::{MemberStatus, TwoStep},
    person::fold,
};

pub const EMAILS: &str = "email emailaddress emailadresse useremail memberemail mail emailid";
pub const NAMES: &str = "name fullname username displayname membername vollstandigername";
pub const STATUSES: &str = "status state userstate userstatus memberstatus accountstatus zustand kontostatus";
pub const TWO_STEPS: &str = "twosteplogin twostepverification twofactor twofactorauth twofactorauthentication twofactorenabled twofactorstatus 2fa 2faenabled \
                         2fastatus mfa mfaenabled mfastatus zweifaktorauthentifizierung zweifaktorauthentisierung zweifaktoranmeldung zweistufigeanmeldung \
                         zweischrittanmeldung anmeldunginzweischritten";
/// Columns that only Bitwarden's exports have: of its members, and of who can open what.
pub const BITWARDEN: &str = "accountrecovery kontowiederherstellung secretsmanager collectionpermission";
/// Columns and fields that hold secrets: of exports of a vault, which are no business of ours. Whether somebody has a second
/// factor is none of these.
pub const SECRETS: &str = "password passwords passwort passworter kennwort kennworter passwd pwd masterpassword masterpasswort userpassword \
                       benutzerpasswort loginpassword loginusername loginuri logintotp totpsecret totpseed totpkey totpuri otpauth otpsecret otpurl";

/// The words of vendors for a status; numbers mean something else to each of them (see [`numbered_status`]). 1Password calls an account that was invited `TRANSFER_STARTED`, and one that is
/// being recovered stays somebody's account.
const STATUS_WORDS: [(MemberStatus, &str); 4] = [
    (
        MemberStatus::Active,
        "active aktiv confirmed bestatigt bestaetigt recoverystarted recoveryaccepted",
    ),
    (MemberStatus::Accepted, "accepted akzeptiert angenommen needsconfirmation"),
    (MemberStatus::Invited, "invited eingeladen pending ausstehend transferstarted"),
    (
        MemberStatus::Revoked,
        "revoked widerrufen entzogen suspended gesperrt transfersuspended inactive inaktiv deactivated deaktiviert disabled",
    ),
];
const TWO_STEP_WORDS: [(TwoStep, &str); 3] = [
    (TwoStep::On, "on yes true enabled active ja an ein wahr aktiv aktiviert eingeschaltet"),
    (
        TwoStep::Off,
        "off no false disabled inactive notenabled nein aus falsch inaktiv deaktiviert ausgeschaltet",
    ),
    (TwoStep::Unknown, "unknown unbekannt na"),
];

/// A word without case, accents, spaces and punctuation. A minus in front is none: it turns the meaning around.
pub fn plain(raw: &str) -> String {
    let folded = fold(raw);
    let word: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    if !word.is_empty() && folded.trim_start().starts_with(['-', '\u{2212}']) {
        return format!("-{word}");
    }
    word
}

/// Whether a word is among some.
pub fn is_one_of(words: &str, raw: &str) -> bool {
    let word = plain(raw);
    words.split_whitespace().any(|known| known == word)
}

/// The status that a value is a known word for.
pub fn known_status(raw: &str) -> Option<MemberStatus> {
    STATUS_WORDS.into_iter().find(|(_, words)| is_one_of(words, raw)).map(|(status, _)| status)
}

/// What Bitwarden's public API and its command line mean by a number.
pub const fn numbered_status(number: i64) -> Option<MemberStatus> {
    match number {
        -1 => Some(MemberStatus::Revoked),
        0 => Some(MemberStatus::Invited),
        1 => Some(MemberStatus::Accepted),
        2 => Some(MemberStatus::Active),
        _ => None,
    }
}

/// What a value is known to say about two-step login; an empty field says nothing.
pub fn known_two_step(raw: &str) -> Option<TwoStep> {
    if plain(raw).is_empty() {
        return Some(TwoStep::Unknown);
    }
    TWO_STEP_WORDS
        .into_iter()
        .find(|(_, words)| is_one_of(words, raw))
        .map(|(two_step, _)| two_step)
}
