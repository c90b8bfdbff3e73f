//! Security events, and how long somebody has to wait who tried too often.

use crate::domain::{locale::Locale, security_event::Kind};

texts! {
    title = "Sicherheitsereignisse" | "Security events";
    lead = "Wer sich angemeldet hat, was abgewiesen wurde und wer Rechte bekam. Ohne Internet-Adressen; 13\u{A0}Monate lang." | "Who signed in, what was refused, and who was granted rights. Without internet addresses; kept for 13\u{A0}months.";
    when = "Wann" | "When";
    what = "Was" | "What";
    who = "Wer" | "Who";
    origin = "Herkunft" | "Origin";
    origin_meaning = "Gleiche Herkunft, gleiches Kürzel. Die Internet-Adresse lässt sich daraus nicht ablesen." | "The same origin has the same code. The internet address cannot be read from it.";
    about(name: &str) = "betrifft {name}" | "about {name}";
    times(n: i64) = "mindestens {n}-mal in einer Minute" | "at least {n} times within a minute";
    nobody = "Niemand angemeldet" | "Nobody signed in";
    unknown = "Nicht festgestellt" | "Not established";
    system = "Antritt selbst" | "Antritt itself";
    entry_number(seq: i64) = "Eintrag {seq} im Änderungsprotokoll" | "Entry {seq} of the audit trail";
    entry_facts = "Eintrag" | "Entry";
    open_entry = "Eintrag ansehen" | "See the entry";
    whom = "Betrifft" | "About";
    detail = "Angaben, wie sie aufgezeichnet sind" | "Details, as recorded";
    detail_empty = "Zu diesem Eintrag gehören keine weiteren Angaben." | "This entry has no further details.";
    detail_erased = "Die Angaben wurden nach der Aufbewahrungsfrist entfernt. Der Eintrag selbst und seine Prüfsumme bleiben." | "The details were removed after the retention period. The entry itself and its checksum remain.";
    hash = "Prüfsumme (SHA-256)" | "Checksum (SHA-256)";
    previous_hash = "Prüfsumme des Eintrags davor" | "Checksum of the entry before";
    filter = "Ereignis" | "Event";
    all = "Alle Ereignisse" | "All events";
    empty_title = "Noch keine Ereignisse" | "No events yet";
    empty_text = "Sobald sich jemand anmeldet oder etwas abgewiesen wird, steht es hier." | "As soon as somebody signs in or something is refused, it will stand here.";
    empty_filter = "Von dieser Art ist hier nichts verzeichnet." | "Nothing of this kind is on record here.";
}

/// The name of an event.
pub const fn kind(locale: Locale, kind: Kind) -> &'static str {
    let (german, english) = match kind {
        Kind::SignInFailed => ("Anmeldung fehlgeschlagen", "Sign-in failed"),
        Kind::PasswordFailed => ("Jetziges Passwort falsch", "Present password wrong"),
        Kind::SecondFactorFailed => ("Zweiter Faktor falsch", "Second factor wrong"),
        Kind::LinkFailed => ("Unbekannter persönlicher Link", "Unknown personal link"),
        Kind::LimitReached => ("Zu viele Versuche, abgewiesen", "Too many tries, refused"),
        Kind::AccessDenied => ("Zugriff ohne Berechtigung abgewiesen", "Access without permission refused"),
        Kind::CrossSiteRefused => ("Anfrage einer fremden Seite abgewiesen", "Request of another site refused"),
        Kind::SessionRefused => ("Abgelaufene oder unbekannte Sitzung", "Ended or unknown session"),
        Kind::EvidenceExported => ("Nachweise anderer heruntergeladen", "Evidence of others downloaded"),
    };
    match locale {
        Locale::De => german,
        Locale::En => english,
    }
}

/// `in 5 Sekunden`, `in 36 minutes`.
pub fn wait(locale: Locale, seconds: u32) -> String {
    let minutes = seconds.div_ceil(60);
    match (locale, seconds) {
        (Locale::De, ..=1) => "in einer Sekunde".to_owned(),
        (Locale::En, ..=1) => "in one second".to_owned(),
        (Locale::De, ..=120) => format!("in {seconds}\u{A0}Sekunden"),
        (Locale::En, ..=120) => format!("in {seconds}\u{A0}seconds"),
        (Locale::De, _) => format!("in {minutes}\u{A0}Minuten"),
        (Locale::En, _) => format!("in {minutes}\u{A0}minutes"),
    }
}
