//! The outbox.

texts! {
    title = "Postausgang" | "Outbox";
    lead = "Mails, die Antritt verschickt oder für Sie bereithält." | "Mails that Antritt sends or keeps ready for you.";
    not_sending = "Es ist kein Mailserver eingerichtet." | "No mail server is set up.";
    not_sending_text = "Lesen Sie die Mails hier und geben Sie die persönlichen Links auf sicherem Weg weiter. Mit ANTRITT_SMTP_URL verschickt Antritt sie selbst." | "Read the mails here and pass the personal links on by a safe way. With ANTRITT_SMTP_URL Antritt sends them itself.";
    empty_title = "Noch keine Mails" | "No mails yet";
    empty_text = "Sobald jemand einen persönlichen Link bekommen soll, steht die Mail hier." | "As soon as somebody is to get a personal link, the mail will stand here.";
    sent = "Verschickt" | "Sent";
    queued = "Wartet auf Versand" | "Waiting to be sent";
    to_pass_on = "Weiterzugeben" | "To be passed on";
    not_to_pass_on = "Nur per Mail" | "By mail only";
    kind_invitation = "Persönlicher Link" | "Personal link";
    kind_password_reset = "Link für ein neues Passwort" | "Link for a new password";
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

/// What a mail is about, by the stored word.
pub fn kind(locale: crate::domain::locale::Locale, stored: &str) -> &'static str {
    match stored {
        "password_reset" => kind_password_reset(locale),
        "password_changed" => kind_password_changed(locale),
        "invitation" => kind_invitation(locale),
        _ => super::factors::title(locale),
    }
}
