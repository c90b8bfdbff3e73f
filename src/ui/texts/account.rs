//! Sign-in and security: the page of one's own account, passwords, where one is signed in, and proving anew who one is.

use crate::{domain::locale::Locale, ui::words};

texts! {
    lead = "Womit Sie sich anmelden, und was Ihr Konto schützt." | "What you sign in with, and what protects your account.";
    password = "Passwort" | "Password";
    password_text = "Ein anderes Passwort wählen" | "Choose another password";
    no_password_text = "Noch keines gesetzt: Ohne Passwort kommen Sie nur mit einem neuen Link zurück." | "None yet: without one you can only come back by a new link.";

    record_title = "Sind Sie das?" | "Is this you?";
    record_text = "HR führt unter der Adresse dieses Kontos jemanden im Team. Wenn Sie das sind, verbinden Sie das Konto: Dann finden Sie hier auch Ihre Checkliste, und mit Ihrem letzten Arbeitstag endet das Konto." | "HR keeps a member of the team under the address of this account. If that is you, connect the account: then you also find your checklist here, and the account ends with your last working day.";
    record_take = "Ja, verbinden" | "Yes, connect";
    said_record_taken = "Ihr Konto ist mit Ihrer Person verbunden." | "Your account is connected with your person.";

    change_title = "Passwort ändern" | "Change password";
    change_lead = "Danach sind Sie überall sonst abgemeldet, und Sie bekommen eine Mail." | "After that you are signed out everywhere else, and you get a mail.";
    set_title = "Passwort setzen" | "Set a password";
    set_lead = "Mit einem Passwort melden Sie sich jederzeit wieder an." | "With a password you can sign in again at any time.";
    old_password = "Jetziges Passwort" | "Present password";
    new_password = "Neues Passwort" | "New password";
    new_password_hint(min: usize) = "Mindestens {min} Zeichen, welche auch immer. Gut sind vier, fünf zufällige Wörter oder der Passwort-Manager." | "{min} characters at least, of any kind. Four or five random words do well, or your password manager.";
    repeat_password = "Passwort wiederholen" | "Repeat the password";
    strong = "Gut: Das ist schwer zu erraten." | "Good: this is hard to guess.";
    change = "Passwort ändern" | "Change password";
    set = "Passwort setzen" | "Set password";
    said_changed = "Ihr Passwort ist geändert. Überall sonst sind Sie abgemeldet." | "Your password is changed. You are signed out everywhere else.";
    said_reset = "Ihr neues Passwort gilt. Bitte melden Sie sich damit an." | "Your new password is set. Please sign in with it.";

    reset_title = "Neues Passwort setzen" | "Set a new password";
    reset_lead = "Danach melden Sie sich damit an. Alle bisherigen Anmeldungen enden." | "After that, sign in with it. All present sessions end.";
    reset_over_title = "Dieser Link gilt nicht" | "This link does not work";
    reset_over_text = "Links für ein neues Passwort gelten 30 Minuten, nur einmal, und immer nur der neueste. Vielleicht fehlt auch am Ende ein Stück." | "Links for a new password are valid for 30 minutes, work once, and only the newest does. A piece may also be missing at the end.";
    reset_again = "Neuen Link anfordern" | "Ask for a new link";

    prove_title = "Bitte bestätigen Sie, dass Sie es sind" | "Please confirm that it is you";
    prove_lead = "Dieser Schritt reicht weit. Darum fragen wir noch einmal, wenn die letzte Bestätigung mehr als zehn Minuten her ist." | "This step reaches far. So we ask again when the last confirmation is more than ten minutes old.";
    prove_button = "Bestätigen" | "Confirm";
    prove_nothing = "Ihr Konto hat weder Passwort noch zweiten Faktor. Setzen Sie zuerst ein Passwort." | "Your account has neither a password nor a second factor. Set a password first.";
    said_proved = "Bestätigt. In den nächsten zehn Minuten fragen wir nicht noch einmal." | "Confirmed. We will not ask again for the next ten minutes.";
    proved_send_again = "Bestätigt. Ihre Eingaben sind noch da: bitte senden Sie sie jetzt ab." | "Confirmed. What you entered is still here: please send it now.";

    sessions_title = "Wo Sie angemeldet sind" | "Where you are signed in";
    sessions_text = "Geräte und Sitzungen; aus der Ferne abmelden" | "Devices and sessions; sign out from afar";
    sessions_lead = "Kennen Sie eine Sitzung nicht, beenden Sie sie und ändern Sie Ihr Passwort." | "If you do not recognise a session, end it and change your password.";
    device = "Gerät" | "Device";
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
pub fn said_sessions_ended(locale: Locale, count: u64) -> String {
    let n = i64::try_from(count).unwrap_or(i64::MAX);
    match locale {
        Locale::De => format!("{} beendet.", words::count(n, "Sitzung ist", "Sitzungen sind")),
        Locale::En => format!("{} ended.", words::count(n, "session has", "sessions have")),
    }
}
