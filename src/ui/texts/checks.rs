//! Background checks: HR's page, the person's own, and the country profiles.

use crate::domain::{check_profile::Way, locale::Locale};

texts! {
    title = "Hintergrundüberprüfung" | "Background check";
    rule = "Hier steht nur das Ergebnis. Bitte tragen Sie nie Inhalte eines Berichts ein: keine Verurteilungen, Punkte, Ausweisnummern, Geburtsdaten, Angaben zu Bonität oder Gesundheit." | "Only the outcome belongs here. Please never enter anything from a report: no offences, scores, ID numbers, birth dates, credit or health data.";
    law_in(country: &str) = "Was gilt: {country}" | "What applies: {country}";
    country_de = "Deutschland" | "Germany";
    country_at = "Österreich" | "Austria";
    country_ch = "Schweiz" | "Switzerland";
    country_us = "USA" | "United States";
    country_gb = "Vereinigtes Königreich" | "United Kingdom";
    country_generic = "Alle anderen Länder" | "All other countries";

    choices_title = "Was ist zulässig?" | "What is lawful?";
    choices_lead = "Wählen Sie, was getan wurde oder getan werden soll." | "Choose what was done or is to be done.";
    choices_again = "Diese Überprüfung wurde nicht bestanden. Sie können sie noch einmal anfordern oder etwas anderes Zulässiges tun; der Verlauf bleibt." | "This check was not cleared. You can request it again or do something else that is lawful; the history stays.";
    choices_instead = "Stattdessen" | "Instead";
    choices_instead_lead = "Wenn Sie auf die Antwort nicht warten wollen oder dürfen." | "If you do not want to wait for the answer, or may not.";
    other_choice = "Andere Möglichkeit wählen" | "Choose something else";
    after_consent = "erst nach der Einwilligung der Person" | "only after the person has consented";

    consent_missing = "Die Person hat noch nicht geantwortet, ob sie einwilligt. Der Punkt steht auf ihrer Checkliste; bis dahin darf kein Dienstleister gefragt werden." | "The person has not answered yet whether they consent. The item is on their checklist; until then no provider may be asked.";
    consent_refused = "Die Person willigt nicht ein. Bitte sprechen Sie mit ihr, ohne nach Gründen zu fragen, und wählen Sie eine Alternative." | "The person does not consent. Please talk to them without asking for reasons, and choose an alternative.";
    consent_withdrawn = "Die Person hat ihre Einwilligung widerrufen. Bitte ziehen Sie die Anfrage beim Dienstleister zurück und wählen Sie eine Alternative." | "The person has withdrawn their consent. Please call the request to the provider back, and choose an alternative.";

    request_lead = "Tragen Sie ein, wann Sie das bei wem angefordert haben." | "Record when you requested this, and from whom.";
    provider = "Dienstleister" | "Provider";
    reference = "Aktenzeichen" | "Reference";
    reference_hint = "Die Vorgangsnummer des Dienstleisters, keine Ausweisnummer." | "The provider’s case number, no ID number.";
    requested_on = "Angefordert am" | "Requested on";
    requested_hint = "Wo die Person einwilligen muss, frühestens der Tag ihrer Einwilligung." | "Where the person has to consent, no earlier than the day on which they did.";
    request_button = "Anforderung eintragen" | "Record request";
    note = "Notiz zum Ablauf" | "Note on the process";
    note_hint(max: usize) = "Höchstens {max} Zeichen, nichts aus dem Bericht: keine Namen Dritter, Nummern oder Adressen. Die Notiz wird später gelöscht." | "{max} characters at most, nothing from the report: no names of others, no numbers or addresses. The note is removed later.";
    with_provider_title = "Liegt es beim Dienstleister?" | "Is it with the provider?";
    with_provider_lead = "Tragen Sie ein, seit wann der Dienstleister alles hat, was er braucht. Die Wartezeit zählt von da an neu." | "Record since when the provider has everything they need. The waiting time counts anew from then.";
    with_provider_on = "Beim Dienstleister seit" | "With the provider since";
    with_provider_button = "Eintragen" | "Record";
    outcome_title = "Ergebnis eintragen" | "Record the outcome";
    outcome = "Ergebnis" | "Outcome";
    completed_on = "Festgestellt am" | "Established on";
    completed_hint_provider = "Der Tag der Antwort. Pünktlich ist sie nur, wenn bis zur Frist auch die Anforderung hier eingetragen war." | "The day of the answer. It is in time only if the request, too, was recorded here before the deadline.";
    completed_hint_own = "Der Tag, an dem es geschah. Ob es pünktlich war, entscheidet der Tag, an dem Sie es eintragen." | "The day on which it was done. Whether it was in time is decided by the day on which you record it.";
    basis = "Rechts\u{AD}grundlage oder Grund" | "Legal basis or reason";
    basis_hint = "Nennen Sie die Vorschrift, nie einen Befund. Der Vorschlag kommt aus dem Länderprofil; bitte prüfen Sie ihn." | "Name the rule, never a finding. The suggestion comes from the country’s profile; please check it.";
    purge_on = "Löschen am" | "Remove on";
    purge_hint = "Dann werden Dienstleister, Aktenzeichen und Notiz gelöscht. Daten und Ergebnis bleiben." | "Provider, reference and note are removed then. Dates and outcome stay.";
    record_button = "Ergebnis eintragen" | "Record outcome";

    closed_ended = "Dieser Punkt ist beendet." | "This item has ended.";

    stages_title = "Ablauf" | "Course";
    stage_consent = "Einwilligung" | "Consent";
    stage_requested = "Angefordert" | "Requested";
    stage_with_provider = "Beim Dienstleister" | "With the provider";
    stage_outcome = "Ergebnis" | "Outcome";
    stage_pending = "noch nicht" | "not yet";
    stage_refused(day: &str) = "nicht gegeben, {day}" | "not given, {day}";
    stage_stuck(days: &str) = "hängt: angefordert vor {days}" | "stuck: requested {days} ago";
    stage_by(day: &str, name: &str) = "{day}, {name}" | "{day}, {name}";
    record_title = "Was eingetragen ist" | "What is on record";
    what = "Geprüft" | "Checked";
    reviewer = "Geprüft von" | "Reviewed by";
    purge_due = "Dienstleister, Aktenzeichen und Notiz werden gelöscht am" | "Provider, reference and note are removed on";
    purged = "Dienstleister, Aktenzeichen und Notiz gelöscht am" | "Provider, reference and note removed on";
    waits_for_consent = "wartet auf die Einwilligung" | "waits for consent";
    no_consent = "keine Einwilligung" | "no consent";

    stuck_tile = "Überprüfung hängt" | "Check is stuck";
    stuck_since(days: &str) = "Überprüfung hängt seit {days}" | "Check stuck for {days}";
    day = "Tag" | "day";
    days = "Tagen" | "days";

    next = "In die Hintergrundüberprüfung einwilligen" | "Consent to the background check";
    next_text = "Bevor ein Dienstleister gefragt wird, entscheiden Sie. Sie lesen, was gefragt werden darf, und stimmen zu oder nicht." | "Before a provider is asked, you decide. You read what may be asked, and agree or not.";
    next_button = "Lesen und entscheiden" | "Read and decide";
    refused_meta = "Sie haben nicht eingewilligt; die Personalabteilung spricht mit Ihnen." | "You did not consent; HR will talk to you.";
    own_lead = "Antritt hält fest, was geprüft wurde, wann, auf welcher Rechtsgrundlage, von wem und wie es ausging; Dienstleister, Aktenzeichen und Notiz zum Ablauf nur bis zur Löschung. Nie einen Bericht." | "Antritt records what was checked, when, on which legal basis, by whom and how it ended; the provider, reference and note on the process only until they are removed. Never a report.";
    asked_title = "Was ein Dienstleister gefragt werden darf" | "What a provider may be asked";
    asked_lead = "Eines davon, je nach Ihrer Rolle:" | "One of these, depending on your role:";
    not_asked = "Eine Einwilligung brauchen Sie hier nicht zu geben. Die Personalabteilung veranlasst, was nötig ist, und spricht Sie an." | "You need not give any consent here. HR arranges what is necessary and will talk to you.";
    consent_title = "Einwilligung" | "Consent";
    consent_button = "Einwilligen" | "Consent";
    refuse_title = "Möchten Sie nicht?" | "Would you rather not?";
    refuse_text = "Die Einwilligung ist freiwillig. Niemand fragt nach Gründen; die Personalabteilung spricht mit Ihnen darüber, was stattdessen geht." | "Consent is voluntary. Nobody asks for reasons; HR will talk to you about what can be done instead.";
    refuse_button = "Ich willige nicht ein" | "I do not consent";
    refused(day: &str) = "Sie haben am {day} nicht eingewilligt. Wenn Sie es sich anders überlegen, können Sie es hier noch tun." | "You did not consent on {day}. If you change your mind, you can still do so here.";
    agreed(day: &str) = "Sie haben am {day} eingewilligt." | "You consented on {day}.";
    agreed_title = "Ihre Einwilligung" | "Your consent";
    withdraw_text = "Sie können die Einwilligung jederzeit widerrufen. Was bis dahin geschehen ist, bleibt zulässig." | "You can withdraw your consent at any time. What was done until then stays lawful.";
    withdraw_button = "Einwilligung widerrufen" | "Withdraw consent";
    recorded = "Wir halten fest: Ihr Konto, den Zeitpunkt, IP-Adresse und Browser sowie die Texte dieser Seite." | "We record your account, the time, IP address and browser, and the texts of this page.";
    own_done = "Die Überprüfung ist abgeschlossen." | "The check is finished.";

    profiles_title = "Überprüfungen je Land" | "Checks by country";
    profiles_lead = "Was in welchem Land zulässig ist und was den Menschen dazu gesagt wird. Lassen Sie Änderungen rechtlich prüfen." | "What is lawful in which country, and what people are told about it. Have changes looked at by a lawyer.";
    consent_needed = "mit Einwilligung" | "with consent";
    consent_not_needed = "ohne Einwilligung" | "without consent";
    profile_meta(choices: usize, consent: &str, patience: u16) = "{choices}\u{A0}Möglichkeiten · {consent} · hängt nach {patience}\u{A0}Tagen" | "{choices}\u{A0}choices · {consent} · stuck after {patience}\u{A0}days";
    add_title = "Land hinzufügen" | "Add a country";
    add_country = "Land" | "Country";
    add_hint = "Zwei Buchstaben, zum Beispiel FR. Das Profil beginnt als Kopie des allgemeinen." | "Two letters, for example FR. The profile begins as a copy of the general one.";
    add_button = "Hinzufügen" | "Add";
    profile_title(country: &str) = "Überprüfungen: {country}" | "Checks: {country}";
    profile_lead = "Gilt für alle, die dort arbeiten. Was schon eingetragen ist, ändert sich nicht." | "Holds for everyone who works there. What is on record already does not change.";
    sentence_section = "Was gilt" | "What applies";
    sentence_de = "Erklärung auf Deutsch" | "Explanation in German";
    sentence_en = "Erklärung auf Englisch" | "Explanation in English";
    sentence_hint = "Die Personalabteilung und die Person selbst lesen sie. Sagen Sie darin, dass sie keine Rechtsberatung ersetzt." | "HR and the person themself read it. Say in it that it is no legal advice.";
    needs_consent = "Ein Dienstleister darf erst nach der Einwilligung der Person gefragt werden" | "A provider may be asked only after the person has consented";
    patience = "Hängt nach so vielen Tagen" | "Stuck after so many days";
    patience_hint = "Dann erscheint die Überprüfung auf der Übersicht der Personalabteilung." | "The check then shows on HR’s board.";
    purge_after = "Löschen nach so vielen Tagen" | "Remove after so many days";
    purge_after_hint = "Ab dem Ergebnis; nur Dienstleister, Aktenzeichen und Notiz." | "From the outcome on; provider, reference and note only.";
    choices_section = "Möglichkeiten" | "Choices";
    choices_hint = "Eine Zeile, deren Bezeichnungen und Rechtsgrundlage leer sind, fällt weg." | "A row whose labels and legal basis are empty is dropped.";
    choice_of(n: usize) = "Möglichkeit {n}" | "Choice {n}";
    choice_new = "Neue Möglichkeit" | "New choice";
    label_de = "Bezeichnung auf Deutsch" | "Label in German";
    label_en = "Bezeichnung auf Englisch" | "Label in English";
    way = "Wie" | "How";
    legal_basis = "Rechts\u{AD}grundlage" | "Legal basis";
    way_provider = "Ein Dienstleister prüft" | "A provider checks";
    way_alternative = "HR prüft selbst" | "HR checks";
    way_not_required = "Keine Überprüfung nötig" | "No check is needed";
}

/// How a choice is done.
pub const fn way_word(locale: Locale, way: Way) -> &'static str {
    match way {
        Way::Provider => way_provider(locale),
        Way::Alternative => way_alternative(locale),
        Way::NotRequired => way_not_required(locale),
    }
}

/// A country by the key of its profile; the code where no name is known here.
pub fn country(locale: Locale, key: &str) -> String {
    match key {
        "DE" => country_de(locale).to_owned(),
        "AT" => country_at(locale).to_owned(),
        "CH" => country_ch(locale).to_owned(),
        "US" => country_us(locale).to_owned(),
        "GB" => country_gb(locale).to_owned(),
        crate::domain::check_profile::GENERIC => country_generic(locale).to_owned(),
        code => code.to_owned(),
    }
}

/// `1 Tag`, `16 Tagen`: after "vor" and "seit".
pub fn days_ago(locale: Locale, n: i64) -> String {
    match (locale, n) {
        (Locale::De, 1) => "einem\u{A0}Tag".to_owned(),
        _ => crate::ui::words::count(n, day(locale), days(locale)),
    }
}
