//! NDA templates, scans of paper, and taking an NDA back.

texts! {
    templates_title = "NDA-Vorlagen" | "NDA templates";
    templates_lead = "Wer welche Vereinbarung bekommt. Es gilt die Vorlage mit den meisten passenden Merkmalen, sonst die Standardvorlage." | "Who gets which agreement. The template with the most matching criteria applies; everyone else gets the default.";
    template_new = "Neue Vorlage" | "New template";
    template_default = "Standardvorlage" | "Default template";
    for_everyone_else = "alle übrigen" | "everyone else";
    column_template = "Vorlage" | "Template";
    column_for = "Für" | "For";
    column_people = "Personen" | "People";
    column_version = "Fassung" | "Version";
    no_version = "noch keine" | "none yet";
    version(number: i64, date: &str) = "{number} vom {date}" | "{number} of {date}";
    no_text = "Solange kein Text veröffentlicht ist, gilt die Vorlage für niemanden." | "As long as no text is published, the template applies to nobody.";
    edit_text = "Text bearbeiten" | "Edit text";
    change_audience = "Zuordnung ändern" | "Change audience";
    retired = "außer Gebrauch" | "retired";
    new_lead = "Zuerst, für wen sie gilt. Danach schreiben Sie den Text auf Deutsch und Englisch; erst mit der ersten Veröffentlichung gilt die Vorlage." | "First say whom it is for. Then write the text in German and English; the template applies from its first publication.";
    field_name = "Name der Vorlage" | "Name of the template";
    field_name_hint = "Nur für die Verwaltung, zum Beispiel „Externe in Österreich“." | "For administration only, for example “Contractors in Austria”.";
    field_kind = "Art" | "Kind";
    any_kind = "beide" | "both";
    field_country = "Land" | "Country";
    field_country_hint = "Zwei Buchstaben, zum Beispiel AT. Leer: alle Länder." | "Two letters, for example AT. Empty: every country.";
    field_department = "Abteilung" | "Department";
    field_department_hint = "Leer: alle Abteilungen. Groß- und Kleinschreibung zählt nicht." | "Empty: every department. Upper and lower case do not matter.";
    create_button = "Vorlage anlegen" | "Add template";
    preview_button = "Wirkung zeigen" | "Show effect";
    save_button = "Speichern" | "Save";
    people_now(people: &str) = "Gilt jetzt für {people}." | "Applies to {people} now.";
    change_is(people: &str, moved: &str) = "Nach dem Speichern gilt die Vorlage für {people}. Einen anderen Text als bisher bekommen {moved}, die noch nicht unterschrieben haben. Was unterschrieben ist, bleibt, wie es ist." | "After saving, the template applies to {people}. Another text than before goes to {moved} who have not signed yet. What is signed stays as it is.";
    change_note = "Eine Änderung betrifft nur Personen, die noch nicht unterschrieben haben." | "A change affects only people who have not signed yet.";
    retire_text = "Wer noch nicht unterschrieben hat, bekommt dann die nächste passende Vorlage. Unterschriebenes und alle Fassungen bleiben erhalten." | "Whoever has not signed yet gets the next fitting template. What was signed and all versions stay.";
    retire_button = "Vorlage außer Gebrauch nehmen" | "Retire template";
    is_retired = "Diese Vorlage ist außer Gebrauch. Niemand bekommt sie mehr." | "This template is retired. Nobody gets it any more.";

    scan = "Scan des Papiers" | "Scan of the paper";
    scan_hint = "PDF, PNG oder JPEG, höchstens 10\u{A0}MiB. Kann auch später folgen." | "PDF, PNG or JPEG, 10\u{A0}MiB at most. It can follow later.";
    scan_hint_late = "PDF, PNG oder JPEG, höchstens 10\u{A0}MiB. Die Frist ist vorbei: Wurde vorher unterschrieben, zeigt das der Scan und ist gleich nötig." | "PDF, PNG or JPEG, 10\u{A0}MiB at most. The deadline is over: if it was signed before, the scan shows that and is needed now.";
    scan_hint_now = "PDF, PNG oder JPEG, höchstens 10\u{A0}MiB." | "PDF, PNG or JPEG, 10\u{A0}MiB at most.";
    scan_add = "Scan ablegen" | "Add scan";
    scan_download(name: &str, size: &str) = "{name} herunterladen ({size})" | "Download {name} ({size})";
    scan_by(name: &str, moment: &str) = "abgelegt von {name} am {moment}" | "added by {name} on {moment}";
    scan_gone(size: &str) = "Scan ({size}), nach der Aufbewahrungsfrist entfernt" | "Scan ({size}), removed after the retention period";
    scan_with_hr = "Ein Scan liegt der Personalabteilung vor." | "HR has a scan.";

    withdraw = "Zurücknehmen" | "Withdraw";
    withdraw_title = "NDA zurücknehmen und neu anfordern" | "Withdraw the NDA and ask again";
    withdraw_lead(name: &str) = "{name} liest und unterschreibt danach noch einmal." | "{name} then reads and signs once more.";
    withdraw_keeps = "Die bisherige Unterschrift wird nicht gelöscht: Text, Nachweis und PDF bleiben lesbar, mit Ihrem Namen und Grund im Verlauf." | "The signature so far is not deleted: text, evidence and PDF stay readable, with your name and reason in the history.";
    withdraw_started = "Der erste Arbeitstag hat schon begonnen: Die neue Unterschrift gilt als verspätet, auch wenn die bisherige pünktlich war." | "The first working day has begun: the new signature counts as late, even if the one so far was in time.";
    withdraw_was_late = "Die bisherige Unterschrift war verspätet. Auch die neue bleibt es." | "The signature so far was late. The new one stays late too.";
    withdraw_in_time = "Pünktlich ist die neue Unterschrift, wenn sie vor dem ersten Arbeitstag kommt." | "The new signature is in time if it comes before the first working day.";
    withdraw_reason = "Grund" | "Reason";
    withdraw_reason_hint = "Zum Beispiel: falsche Vorlage, Name falsch geschrieben." | "For example: wrong template, name misspelt.";
    withdraw_button = "Zurücknehmen und neu anfordern" | "Withdraw and ask again";
    withdraw_not_signed = "Hier ist nichts unterschrieben, das man zurücknehmen könnte. Solange nicht unterschrieben ist, gilt ohnehin der neueste Text." | "Nothing is signed here that could be withdrawn. Until it is signed, the newest text applies anyway.";
    withdrawn_on(moment: &str) = "Zurückgenommen am {moment}. Diese Unterschrift gilt nicht mehr; der Nachweis bleibt." | "Withdrawn on {moment}. This signature no longer counts; the record stays.";
    withdrawn_record = "Zurückgenommene Unterschrift ansehen" | "View the withdrawn signature";

    draw = "Unterschrift zeichnen (freiwillig)" | "Draw your signature (optional)";
    draw_hint = "Mit Finger, Stift oder Maus. Ihr getippter Name genügt." | "With finger, pen or mouse. Your typed name is enough.";
    draw_clear = "Zeichnung löschen" | "Clear drawing";
}
