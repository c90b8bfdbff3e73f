//! One's own account: where one is signed in, and proving anew who one is.

texts! {
    title = "Anmeldung und Sicherheit" | "Sign-in and security";

    prove_title = "Bitte bestätigen Sie, dass Sie es sind" | "Please confirm that it is you";
    prove_lead = "Dieser Schritt reicht weit. Darum fragen wir noch einmal, wenn die letzte Bestätigung mehr als zehn Minuten her ist." | "This step reaches far. So we ask again when the last confirmation is more than ten minutes old.";
    prove_button = "Bestätigen" | "Confirm";
    said_proved = "Bestätigt. In den nächsten zehn Minuten fragen wir nicht noch einmal." | "Confirmed. We will not ask again for the next ten minutes.";
    proved_send_again = "Bestätigt. Ihre Eingaben sind noch da: bitte senden Sie sie jetzt ab." | "Confirmed. What you entered is still here: please send it now.";

    sessions_title = "Wo Sie angemeldet sind" | "Where you are signed in";
    sessions_lead = "Kennen Sie eine Sitzung nicht, beenden Sie sie und ändern Sie Ihr Passwort." | "If you do not recognise a session, end it and change your password.";
    device = "Gerät" | "Device";
    unknown_device = "Unbekanntes Gerät" | "Unknown device";
    place = "Zuletzt von" | "Last used from";
    unknown_place = "unbekannt" | "unknown";
    last_used = "Zuletzt benutzt" | "Last used";
    signed_in_at = "Angemeldet seit" | "Signed in since";
    ends_at = "Endet spätestens" | "Ends at the latest";
    this_session = "Diese Sitzung" | "This session";
    with_second_factor = "Mit zweitem Faktor" | "With a second factor";
    end_session = "Beenden" | "End";
    end_session_of(device: &str) = "Sitzung beenden: {device}" | "End session: {device}";
    end_others = "Alle anderen Sitzungen beenden" | "End all other sessions";
    only_this = "Sie sind nur hier angemeldet." | "You are signed in only here.";
    action = "Aktion" | "Action";
}

/// How many sessions were ended.
pub fn said_sessions_ended(locale: crate::domain::locale::Locale, count: u64) -> String {
    let n = i64::try_from(count).unwrap_or(i64::MAX);
    match locale {
        crate::domain::locale::Locale::De => format!("{} beendet.", crate::ui::words::count(n, "Sitzung ist", "Sitzungen sind")),
        crate::domain::locale::Locale::En => format!("{} ended.", crate::ui::words::count(n, "session has", "sessions have")),
    }
}
