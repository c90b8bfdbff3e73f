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
    failed(tries: i64) = "{tries}\u{A0}Versuche ohne Erfolg" | "{tries}\u{A0}tries without success";
    link_over = "Link benutzt oder abgelaufen" | "Link used or expired";
    show_text = "Mail lesen" | "Read the mail";
    open_link = "Persönlicher Link" | "Personal link";
    to = "An" | "To";
    created = "Erstellt" | "Created";
    subject_line = "Betreff" | "Subject";
    last_error = "Letzte Antwort des Mailservers" | "The mail server's last answer";
    invitation_for(name: &str) = "Persönlicher Link für {name}" | "Personal link for {name}";
}
