//! The outbox.

use crate::domain::{locale::Locale, mail::MailKind};

texts! {
    title = "Postausgang" | "Outbox";
    lead = "Mails, die Antritt verschickt oder für Sie bereithält. Private Adressen kennt die Personalabteilung." | "Mails that Antritt sends or keeps ready for you. HR knows private addresses.";
    not_sending = "Es ist kein Mailserver eingerichtet." | "No mail server is set up.";
    not_sending_text = "Lesen Sie die Mails hier und geben Sie weiter, was darin steht, Links auf sicherem Weg. Mit ANTRITT_SMTP_URL verschickt Antritt sie selbst." | "Read the mails here and pass on what they say, links by a safe way. With ANTRITT_SMTP_URL Antritt sends them itself.";
    empty_title = "Noch keine Mails" | "No mails yet";
    empty_text = "Sobald jemand einen persönlichen Link bekommen soll, steht die Mail hier." | "As soon as somebody is to get a personal link, the mail will stand here.";
    sent = "Verschickt" | "Sent";
    queued = "Wartet auf Versand" | "Waiting to be sent";
    to_pass_on = "Weiterzugeben" | "To be passed on";
    not_to_pass_on = "Nur per Mail" | "By mail only";
    kind_invitation = "Persönlicher Link" | "Personal link";
    kind_password_reset = "Link für ein neues Passwort" | "Link for a new password";
    kind_account_added = "Neues Konto" | "New account";
    kind_role_requested = "Rolle wartet" | "Role waiting";
    kind_account_left_open = "Konto nach dem Ausscheiden offen" | "Account open after leaving";
    kind_account_raised = "Konto mit neuer Rolle" | "Account with a new role";
    kind_address_changed = "Adresse geändert" | "Address changed";
    kind_digest = "Erinnerung" | "Reminder";
    kind_password_changed = "Passwort geändert" | "Password changed";
    failed(tries: i64) = "{tries}-mal vergeblich versucht" | "Failed attempts: {tries}";
    link_used = "Link benutzt" | "Link used";
    link_over = "Link abgelaufen" | "Link expired";
    recipient = "Empfänger" | "Recipient";
    created = "Erstellt" | "Created";
    show_text = "Mail lesen" | "Read the mail";
    open_link = "Persönlicher Link" | "Personal link";
    subject_line = "Betreff" | "Subject";
    refused(code: u16) = "Der Mailserver hat die Mail abgelehnt (Antwort {code}). Antritt versucht es weiter; prüfen Sie die Adresse und ANTRITT_MAIL_FROM." | "The mail server refused the mail (answer {code}). Antritt keeps trying; check the address and ANTRITT_MAIL_FROM.";
    timeout = "Der Mailserver hat nicht rechtzeitig geantwortet. Antritt versucht es weiter." | "The mail server did not answer in time. Antritt keeps trying.";
    tls = "Die verschlüsselte Verbindung zum Mailserver kam nicht zustande. Prüfen Sie ANTRITT_SMTP_URL." | "The encrypted connection to the mail server failed. Check ANTRITT_SMTP_URL.";
    unreachable = "Der Mailserver ist nicht erreichbar. Antritt versucht es weiter; prüfen Sie ANTRITT_SMTP_URL." | "The mail server cannot be reached. Antritt keeps trying; check ANTRITT_SMTP_URL.";
    address = "Diese Adresse kann keine Mail bekommen. Bitten Sie die Personalabteilung, sie zu berichtigen." | "No mail can be sent to this address. Ask HR to correct it.";
}

/// What a mail is about.
pub const fn kind(locale: Locale, kind: MailKind) -> &'static str {
    match kind {
        MailKind::Invitation => kind_invitation(locale),
        MailKind::PasswordReset => kind_password_reset(locale),
        MailKind::PasswordChanged => kind_password_changed(locale),
        MailKind::AddressChanged => kind_address_changed(locale),
        MailKind::AccountAdded => kind_account_added(locale),
        MailKind::AccountRaised => kind_account_raised(locale),
        MailKind::RoleRequested => kind_role_requested(locale),
        MailKind::AccountLeftOpen => kind_account_left_open(locale),
        MailKind::Digest => kind_digest(locale),
        MailKind::Nudge => super::team::mail_kind(locale),
        MailKind::Factor(_) => super::factors::title(locale),
    }
}
