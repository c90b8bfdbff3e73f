//! Second factors: one's own list, adding one, recovery codes, the second step of signing in.

texts! {
    title = "Zweiter Faktor" | "Second factor";
    overview_text = "Passkeys, Authenticator-App und Wiederherstellungscodes" | "Passkeys, authenticator app and recovery codes";
    lead = "Mit einem zweiten Faktor reicht Ihr Passwort allein niemandem, der es errät oder stiehlt." | "With a second factor, your password alone is no use to whoever guesses or steals it.";
    enrol(roles: &str) = "Richten Sie zuerst einen zweiten Faktor ein. Ihre Rechte ({roles}) gelten, sobald er da ist." | "Set up a second factor first. Your rights ({roles}) count as soon as it is there.";
    enrol_first = "Erst ein zweiter Faktor, dann diese Seite" | "A second factor first, then this page";
    enrol_again(roles: &str) = "Ihre Rechte ({roles}) gelten erst mit einem zweiten Faktor." | "Your rights ({roles}) count with a second factor only.";
    enrol_button = "Zweiten Faktor einrichten" | "Set up a second factor";
    yours = "Ihre Faktoren" | "Your factors";
    none_yet = "Sie haben noch keinen zweiten Faktor. Fügen Sie unten einen hinzu." | "You have no second factor yet. Add one below.";
    kind_app = "Authenticator-App" | "Authenticator app";
    kind_passkey = "Passkey" | "Passkey";
    added(date: &str) = "hinzugefügt am {date}" | "added on {date}";
    used(moment: &str) = "zuletzt benutzt am {moment}" | "last used on {moment}";
    never_used = "noch nicht benutzt" | "not used yet";
    change(name: &str) = "{name} umbenennen oder entfernen" | "Rename or remove {name}";
    name = "Name" | "Name";
    name_hint = "Woran Sie das Gerät erkennen, zum Beispiel „Diensthandy“" | "By which you know the device, such as “work phone”";
    rename = "Umbenennen" | "Rename";
    remove = "Entfernen" | "Remove";
    remove_last = "Das ist Ihr einziger Faktor. Ihre Rechte verlangen einen; fügen Sie zuerst einen anderen hinzu." | "This is your only factor. Your rights ask for one; add another first.";

    add = "Faktor hinzufügen" | "Add a factor";
    add_passkey_text = "Ihr Telefon, Ihr Computer oder Ihr Passwort-Manager meldet Sie an: mit Finger, Gesicht oder PIN, ohne Passwort. Das ist am einfachsten und am sichersten." | "Your phone, computer or password manager signs you in: by finger, face or PIN, without a password. This is the simplest and safest way.";
    add_passkey = "Passkey anlegen" | "Create a passkey";
    no_passkeys_here = "Passkeys gehen nur, wenn Antritt unter einem Namen erreichbar ist statt unter einer bloßen IP-Adresse." | "Passkeys work only where Antritt is reached by a name instead of a bare IP address.";
    add_app_text = "Eine App auf Ihrem Telefon zeigt alle 30 Sekunden einen neuen Code. Viele Passwort-Manager können das auch." | "An app on your phone shows a new code every 30 seconds. Many password managers can do it too.";
    add_app = "App einrichten" | "Set up an app";

    app_title = "Authenticator-App einrichten" | "Set up an authenticator app";
    app_scan = "App verbinden" | "Connect the app";
    app_scan_text = "Sonst scannen Sie dieses Bild mit der App." | "Otherwise scan this picture with the app.";
    app_picture = "QR-Code für die Authenticator-App" | "QR code for the authenticator app";
    app_here = "Die App ist auf diesem Gerät? Dann öffnen Sie sie hier." | "Is the app on this device? Then open it here.";
    app_open = "In der App öffnen" | "Open in the app";
    app_type = "Oder tippen Sie diesen Schlüssel in die App:" | "Or type this key into the app:";
    app_confirm = "Bestätigen" | "Confirm";
    app_confirm_text = "Geben Sie den Code ein, den die App jetzt zeigt. Erst dann gilt sie." | "Enter the code that the app shows now. Only then does it count.";
    app_code = "Code aus der App" | "Code from the app";
    app_add = "App hinzufügen" | "Add the app";
    default_app_name = "Authenticator-App" | "Authenticator app";

    codes_title = "Wiederherstellungscodes" | "Recovery codes";
    codes_lead = "Bewahren Sie diese Codes gut auf, am besten in Ihrem Passwort-Manager oder auf Papier. Jeder ersetzt einmal Ihren zweiten Faktor, wenn Sie ihn verlieren." | "Keep these codes safe, best in your password manager or on paper. Each one replaces your second factor once, should you lose it.";
    codes_once = "Sie sehen sie nur, bis Sie hier bestätigen, höchstens zehn Minuten lang." | "You see them only until you confirm here, for ten minutes at most.";
    codes_wait = "Ihre Wiederherstellungscodes sind noch zu sehen: Bewahren Sie sie auf, und bestätigen Sie es." | "Your recovery codes can still be seen: keep them, and confirm it.";
    codes_show = "Codes ansehen" | "See the codes";
    codes_kept = "Ich habe die Codes aufbewahrt" | "I have kept the codes";
    codes_left(left: i64, all: usize) = "Noch {left} von {all} Codes übrig." | "{left} of {all} codes are left.";
    codes_text = "Jeder Code ersetzt einmal Ihren zweiten Faktor. Mit neuen Codes gelten die alten nicht mehr." | "Each code replaces your second factor once. With new codes, the old ones stop working.";
    codes_make = "Neue Codes erzeugen" | "Make new codes";

    step_title = "Zweiter Schritt" | "Second step";
    step_lead = "Bestätigen Sie mit Ihrem zweiten Faktor, dass Sie es sind." | "Confirm with your second factor that it is you.";
    step_code = "Code" | "Code";
    step_code_hint = "Sechs Ziffern aus der App oder ein Wiederherstellungscode" | "Six digits from the app, or a recovery code";
    step_recovery_code = "Wiederherstellungscode" | "Recovery code";
    step_recovery_hint = "Wenn Sie den Passkey gerade nicht benutzen können" | "If you cannot use the passkey right now";
    step_go = "Weiter" | "Continue";
    step_leave = "Abbrechen" | "Cancel";
    step_lost = "Kein Faktor und kein Code zur Hand? Die Administration kann Ihren zweiten Faktor zurücksetzen." | "No factor and no code at hand? An administrator can reset your second factor.";
    sign_in_by_passkey = "Mit Passkey anmelden" | "Sign in with a passkey";
    use_passkey = "Passkey benutzen" | "Use a passkey";

    passkey_absent = "Für Passkeys braucht es einen neueren Browser mit eingeschaltetem JavaScript." | "Passkeys need a recent browser with JavaScript switched on.";
    passkey_cancelled = "Abgebrochen, oder es hat zu lange gedauert. Versuchen Sie es noch einmal." | "Cancelled, or it took too long. Please try again.";
    passkey_known = "Dieses Gerät hat schon einen Passkey für Ihr Konto." | "This device has a passkey for your account already.";
    passkey_failed = "Das Gerät konnte keinen Passkey benutzen." | "The device could not use a passkey.";
    passkey_unreachable = "Der Server war nicht erreichbar. Versuchen Sie es noch einmal." | "The server could not be reached. Please try again.";
    passkey_reload = "Das ist gerade nicht möglich. Laden Sie die Seite neu." | "This is not possible right now. Reload the page.";

    reset_title = "Zweite Faktoren zurücksetzen" | "Reset second factors";
    reset_of(name: &str) = "Zweite Faktoren zurücksetzen: {name}" | "Reset second factors: {name}";
    reset_text = "Für jemanden, der Gerät und Codes verloren hat. Alle Faktoren und Codes gelten nicht mehr, alle Sitzungen enden, und die Person bekommt eine E-Mail. Überzeugen Sie sich vorher, dass wirklich sie darum bittet." | "For somebody who lost device and codes. All factors and codes stop working, all sessions end, and the person gets an e-mail. Make sure first that it is really they who ask.";
    reset_reason = "Grund" | "Reason";
    said_reset = "Die zweiten Faktoren sind zurückgesetzt. Die Person richtet beim nächsten Anmelden neue ein." | "The second factors are reset. The person sets up new ones when they next sign in.";
    factors_of = "Zweite Faktoren" | "Second factors";
    reset_button = "Zurücksetzen" | "Reset";

    said_added = "Der Faktor ist eingerichtet." | "The factor is set up.";
    said_removed = "Der Faktor ist entfernt." | "The factor is removed.";
    said_code_used(left: i64) = "Angemeldet mit einem Wiederherstellungscode. Noch übrig: {left}." | "Signed in with a recovery code. Left: {left}.";
    said_codes_kept = "Gut. Die Codes werden nicht mehr gezeigt." | "Good. The codes are shown no more.";
    wrong_code = "Dieser Code stimmt nicht oder wurde schon benutzt. Nehmen Sie den nächsten der App oder einen anderen Wiederherstellungscode." | "This code is wrong or was used before. Take the next one of the app, or another recovery code.";
    code_missing = "Geben Sie den Code ein." | "Enter the code.";
    ceremony_over = "Das hat zu lange gedauert oder ist schon erledigt. Beginnen Sie bitte noch einmal." | "This took too long or is done already. Please begin again.";
    passkey_refused = "Dieser Passkey wurde nicht angenommen." | "This passkey was not accepted.";
    no_factor = "Dieses Konto hat keinen zweiten Faktor." | "This account has no second factor.";
    last_factor = "Das ist der einzige Faktor, und die Rechte dieses Kontos verlangen einen. Fügen Sie zuerst einen anderen hinzu." | "This is the only factor, and the rights of this account ask for one. Add another first.";
    too_many_factors = "Mehr zweite Faktoren kann ein Konto nicht haben. Entfernen Sie zuerst einen." | "An account cannot have more second factors. Remove one first.";
}
