//! Sign-in and security: the page of one's own account, and passwords.

texts! {
    lead = "Womit Sie sich anmelden, und was Ihr Konto schützt." | "What you sign in with, and what protects your account.";
    password = "Passwort" | "Password";
    password_text = "Ein anderes Passwort wählen" | "Choose another password";
    no_password_text = "Noch keines gesetzt: Ohne Passwort kommen Sie nur mit einem neuen Link zurück." | "None yet: without one you can only come back by a new link.";

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
}
