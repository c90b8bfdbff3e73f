//! A person's own record.

texts! {
    title = "Meine Nachweise" | "My record";
    lead = "Alles, was Sie unterschrieben, angenommen und bestanden haben. Es gehört Ihnen: Nehmen Sie es mit." | "Everything you have signed, accepted and passed. It is yours: take it with you.";
    archive = "Alles herunterladen" | "Download everything";
    empty_title = "Noch keine Nachweise" | "Nothing on record yet";
    empty_text = "Sobald Sie etwas unterschreiben, annehmen oder bestehen, steht es hier." | "As soon as you sign, accept or pass something, it stands here.";
    agreements = "Vereinbarungen" | "Agreements";
    policies = "Richtlinien" | "Policies";
    certificates = "Schulungen" | "Training";
    others = "Weitere Punkte" | "Other items";
    signed(date: &str) = "unterschrieben am {date}" | "signed on {date}";
    on_paper(date: &str) = "auf Papier unterschrieben am {date}" | "signed on paper on {date}";
    confirmed(date: &str) = "bestätigt am {date}" | "confirmed on {date}";
    accepted(date: &str) = "angenommen am {date}" | "accepted on {date}";
    passed(date: &str, until: &str) = "bestanden am {date}, gültig bis {until}" | "passed on {date}, valid until {until}";
    done(date: &str) = "erledigt am {date}" | "done on {date}";
    waiting(date: &str) = "wartet auf andere seit {date}" | "waits for others since {date}";
    failed(date: &str) = "nicht bestanden am {date}" | "not cleared on {date}";
    withdrawn(date: &str) = "zurückgezogen am {date}; der Beleg bleibt" | "withdrawn on {date}; the record stays";
    ended(date: &str) = "beendet am {date}" | "ended on {date}";
    late = "verspätet" | "late";
    view = "Ansehen" | "View";
    pdf_long = "Als PDF herunterladen" | "Download as PDF";
    pdf = "PDF" | "PDF";
    certificate = "Zertifikat (PDF)" | "Certificate (PDF)";
    check_note = "Zur Hintergrundüberprüfung stehen hier nur Stand und Daten. Gespeichert sind auch Gegenstand, Rechtsgrundlage und Prüfer sowie, bis zur Löschung, Dienstleister, Aktenzeichen und Notiz; nie ein Bericht." | "Of the background check only status and dates stand here. Also kept are what was checked, the legal basis and the reviewer and, until they are removed, provider, reference and note; never a report.";
}
