//! HR's pages: the day-1 gate, people and their items, background checks, lists to import.

use crate::{
    domain::{audit::Action, compliance::GateReason, evidence::CheckOutcome, locale::Locale},
    server::service::people_file::Column,
};

texts! {
    board_title = "Erster Tag" | "Day one";
    board_lead = "Wer demnächst anfängt, und ob alles dafür da ist." | "Who starts soon, and whether everything is in place.";
    tile_all = "Alle, die anfangen" | "Everyone who starts";
    tiles_label = "Nach Stand filtern" | "Filter by state";
    search_hint = "Name, Abteilung oder E-Mail" | "Name, department or e-mail";
    import = "Importieren" | "Import";
    add_person = "Person anlegen" | "Add person";
    gate_link_none = "Es wurde noch kein Link geschickt." | "No link has been sent yet.";
    gate_link_sent(on: &str) = "Link am {on} geschickt, noch nicht geöffnet." | "Link sent on {on}, not opened yet.";
    gate_link_opened = "Der Link wurde geöffnet." | "The link was opened.";
    gate_paper = "Auf Papier unterschrieben? Eintragen" | "Signed on paper? Record it";
    signed_late = "Verspätet unterschrieben" | "Signed late";
    confirm_nda = "NDA bestätigen" | "Confirm NDA";
    send_link = "Link senden" | "Send link";
    send_link_again = "Link erneut senden" | "Send link again";
    request_check = "Überprüfung anfordern" | "Request check";
    record_outcome = "Ergebnis eintragen" | "Record outcome";
    look = "Ansehen" | "View";
    for_whom(name: &str) = " für {name}" | " for {name}";
    day_count(distance: &str, people: &str) = "{distance} · {people}" | "{distance} · {people}";
    nobody_title = "Noch niemand hier" | "Nobody here yet";
    nobody_text = "Legen Sie die erste Person an, oder importieren Sie Ihre Liste als CSV-Datei." | "Add the first person, or import your list as a CSV file.";
    no_starters_title = "Gerade fängt niemand an" | "Nobody is starting right now";
    no_starters_text = "Sobald Sie jemanden mit einem künftigen ersten Arbeitstag anlegen, steht die Person hier." | "As soon as you add somebody with a first working day ahead, they will be listed here.";
    no_match_title = "Niemand gefunden" | "Nobody found";
    no_match_text = "Prüfen Sie die Schreibweise, oder nehmen Sie den Filter heraus." | "Check the spelling, or remove the filter.";
    reset_filter = "Alle anzeigen" | "Show everyone";
    found_none = "Niemand gefunden." | "Nobody found.";
    found_some(people: &str) = "{people} auf dieser Seite." | "{people} on this page.";

    people_title = "Personen" | "People";
    people_lead = "Alle Teammitglieder, auch externe und ausgeschiedene." | "All team members, contractors and leavers included.";
    team_title = "Mein Team" | "My team";
    team_lead = "Wer an Sie berichtet, und ob alles erledigt ist." | "Who reports to you, and whether everything is done.";
    team_empty_title = "Noch niemand in Ihrem Team" | "Nobody in your team yet";
    team_empty_text = "Hier steht, wer an Sie berichtet." | "People who report to you are listed here.";
    column_kind = "Art" | "Kind";
    column_team = "Abteilung und Position" | "Department and job title";
    column_start = "Erster Tag" | "First day";
    column_done = "Erledigt" | "Done";
    overdue_count(n: i64) = "{n}\u{A0}überfällig" | "{n}\u{A0}overdue";
    late_count(n: i64) = "{n}\u{A0}verspätet" | "{n}\u{A0}late";
    left = "Ausgeschieden" | "Left";
    last_day_on(day: &str) = "Letzter Tag: {day}" | "Last day: {day}";
    all_done = "Alles erledigt" | "All done";
    under_way = "In Arbeit" | "Under way";
    done_of(done: i64, total: i64) = "{done} von {total}" | "{done} of {total}";

    items_title = "Anforderungen" | "Requirements";
    column_what = "Was" | "What";
    column_when = "Erfüllt" | "Fulfilled";
    column_action = "Aktion" | "Action";
    first_due(day: &str) = "zuerst {day}" | "first {day}";
    was_signed = "unterschrieben" | "signed";
    was_confirmed = "bestätigt" | "confirmed";
    was_requested = "angefordert" | "requested";
    was_completed = "abgeschlossen" | "completed";
    was_accepted = "angenommen" | "accepted";
    was_passed = "bestanden" | "passed";
    was_declared = "angegeben" | "declared";
    was_ended = "beendet" | "ended";
    was_not_cleared = "nicht bestanden" | "not cleared";
    not_yet = "noch nicht" | "not yet";
    late = "Verspätet" | "Late";
    waits_for_nda = "wartet auf die Bestätigung durch die Personalabteilung" | "waits for HR to confirm";
    waits_for_check = "das Ergebnis steht aus" | "the outcome is pending";
    record_paper = "Papier eintragen" | "Record paper";
    view_check = "Überprüfung ansehen" | "View check";
    confirm_enrolment = "Anmeldung bestätigen" | "Confirm enrolment";
    view_copy = "Kopie ansehen" | "View copy";
    edit = "Bearbeiten" | "Edit";
    move_start = "Ersten Arbeitstag verschieben" | "Move first working day";
    record_last_day = "Letzten Arbeitstag eintragen" | "Record last working day";
    details_title = "Angaben" | "Details";
    fact_zone = "Zeitzone" | "Time zone";
    fact_country = "Land" | "Country";
    fact_language = "Sprache" | "Language";
    fact_manager = "Führungskraft" | "Manager";
    fact_private = "Private E-Mail" | "Private e-mail";
    fact_work = "Dienstliche E-Mail" | "Work e-mail";
    fact_last_day = "Letzter Arbeitstag" | "Last working day";
    fact_names_kept = "Name bleibt bis" | "Name is kept until";
    pseudonymised(date: &str) = "Die Aufbewahrungsfrist ist vorbei. Am {date} wurden Name, Adressen und alles entfernt, was die Person schrieb oder unterschrieb; Daten, Fassungen und Prüfsummen bleiben." | "The retention period is over. On {date} the name, the addresses and everything the person wrote or signed were removed; dates, versions and checksums remain.";
    fact_title = "Position" | "Job title";
    none_yet = "noch keine" | "none yet";
    none = "keine" | "none";
    open_manager = "Person ansehen" | "View person";
    german = "Deutsch" | "German";
    english = "Englisch" | "English";

    history_title = "Verlauf" | "History";
    history_zone(zone: &str) = "Alle Uhrzeiten in der Zeitzone {zone}." | "All times in the time zone {zone}.";
    history_empty = "Hier ist noch nichts geschehen." | "Nothing has happened here yet.";
    history_older = "Ältere Einträge" | "Older entries";
    history_newest = "Zu den neuesten" | "To the newest";
    history_system = "Antritt" | "Antritt";
    moved_to(to: &str) = " auf {to}" | " to {to}";
    attested_alone = "für sich selbst, weil es keine zweite Person gibt" | "for themself, as there is no second person";
    reason_was(reason: &str) = "Grund: {reason}" | "Reason: {reason}";
    was_late = "verspätet" | "late";
    changed_fields(fields: &str) = "Geändert: {fields}" | "Changed: {fields}";
    dated(day: &str) = "Datum: {day}" | "Date: {day}";

    new_title = "Person anlegen" | "Add person";
    new_lead = "Antritt legt die Checkliste mit allen Fristen an." | "Antritt sets up the checklist with all deadlines.";
    edit_title(name: &str) = "{name} bearbeiten" | "Edit {name}";
    section_person = "Person" | "Person";
    section_job = "Stelle" | "Job";
    section_place = "Ort und Sprache" | "Place and language";
    hint_private = "Dorthin geht der persönliche Link, bevor es ein Firmenkonto gibt." | "The personal link goes there, before there is a company account.";
    hint_start = "Fristen zählen ab 00:00\u{A0}Uhr dieses Tages in der Zeitzone der Person." | "Deadlines count from 00:00 of this day in the person's time zone.";
    hint_country = "Zwei Buchstaben, zum Beispiel DE, AT, CH." | "Two letters, for example DE, IE, US.";
    hint_zone = "Die Zone des Arbeitsorts, zum Beispiel Europe/Berlin." | "The zone of the place of work, for example Europe/Dublin.";
    hint_manager = "Die Führungskraft muss schon angelegt sein." | "The manager must be on record already.";
    hint_language = "In dieser Sprache kommen der Link und die Checkliste." | "The link and the checklist come in this language.";
    language_by_country = "Nach dem Land" | "By country";
    invite = "Persönlichen Link gleich an die private E-Mail-Adresse schicken" | "Send the personal link to the private e-mail address right away";
    start_moves_elsewhere = "Der erste Arbeitstag hat einen eigenen Verlauf." | "The first working day has a history of its own.";

    move_title = "Ersten Arbeitstag verschieben" | "Move first working day";
    current_start = "Bisher" | "So far";
    new_start = "Neuer erster Arbeitstag" | "New first working day";
    move_reason = "Grund" | "Reason";
    move_reason_hint = "Steht später im Verlauf, zum Beispiel „Kündigungsfrist beim alten Arbeitgeber“." | "Will stand in the history, for example “notice period at the former employer”.";
    move_button = "Verschieben" | "Move";
    what_happens = "Was dann geschieht" | "What happens then";
    move_effect_open = "Offene Fristen richten sich nach dem neuen Tag." | "Open deadlines follow the new day.";
    move_effect_late = "Was verspätet war, bleibt verspätet, auch wenn der neue Tag später liegt." | "What was late stays late, even if the new day is later.";
    move_effect_history = "Die alten Daten bleiben im Verlauf." | "The old dates stay in the history.";
    changes_title = "Prüfen, was sich ändert" | "Check what changes";
    changes_save = "So speichern" | "Save it like this";
    changes_again = "Erneut prüfen" | "Check again";
    changes_kept = "Nichts wird gelöscht: Nachweise und frühere Fristen bleiben im Verlauf." | "Nothing is deleted: evidence and earlier deadlines stay in the history.";
    fate_get(due: &str) = "kommt hinzu, fällig am {due}" | "is added, due on {due}";
    fate_count_again = "wird wieder verlangt; was erledigt ist, zählt" | "is asked for again; what is done counts";
    fate_end = "entfällt unerledigt; der Grund steht im Verlauf" | "ends unfinished; the history says why";
    fate_set_aside = "wird nicht mehr verlangt; der Nachweis bleibt" | "is asked for no more; the evidence stays";
    fate_move(from: &str, to: &str) = "Frist bisher {from}, künftig {to}" | "deadline moves from {from} to {to}";
    fate_move_late(from: &str, to: &str) = "Frist bisher {from}, künftig {to}; gilt damit als verspätet" | "deadline moves from {from} to {to}; counts as late then";
    fate_move_hour(day: &str) = "Frist bleibt der {day}, der nach der neuen Zeitzone endet" | "deadline stays {day}, which ends by the new time zone";
    fate_keep = "bleibt, wie es ist" | "stays as it is";
    earlier_moves = "Frühere Verschiebungen" | "Earlier moves";
    no_moves = "Der erste Arbeitstag wurde noch nie verschoben." | "The first working day has never been moved.";
    move_line(from: &str, to: &str) = "Von {from} auf {to}" | "From {from} to {to}";

    leave_title = "Letzten Arbeitstag eintragen" | "Record last working day";
    leave_field = "Letzter Arbeitstag" | "Last working day";
    leave_hint = "Der letzte Tag, an dem die Person arbeitet. Ein Tag vor dem ersten Tag heißt: Sie kommt nicht." | "The last day on which the person works. A day before the first one means that they never came.";
    leave_effect_access = "Am Tag danach endet der Zugang, und offene Links gelten nicht mehr." | "On the day after, access ends and unused links stop working.";
    leave_effect_open = "Was dann noch offen ist, endet mit dem Grund „ausgeschieden“." | "What is still open then ends with the reason “left”.";
    leave_effect_done = "Was erledigt ist, bleibt erledigt; kein Nachweis wird gelöscht." | "What is done stays done; no evidence is deleted.";
    leave_effect_correct = "Bis zu diesem Tag können Sie das Datum noch ändern." | "Until that day you can still change the date.";
    leave_over(day: &str) = "Diese Person ist seit dem {day} ausgeschieden. Das Datum lässt sich nicht mehr ändern." | "This person left on {day}. The date can no longer be changed.";

    outcome_cleared = "Bestanden" | "Cleared";
    outcome_alternative = "Alternative erledigt" | "Alternative done";
    outcome_not_required = "Nicht erforderlich" | "Not required";
    outcome_not_cleared = "Nicht bestanden" | "Not cleared";
    outcome_cleared_hint = "Nichts spricht gegen den Start." | "Nothing stands against the start.";
    outcome_alternative_hint = "Statt der Überprüfung wurde etwas Zulässiges getan, etwa ein Referenzgespräch." | "Something lawful was done instead, such as a reference call.";
    outcome_not_required_hint = "Gesetz oder Rolle verlangen keine." | "Neither the law nor the role asks for one.";
    outcome_not_cleared_hint = "Die Person kann so nicht anfangen." | "The person cannot start like this.";

    paper_title = "NDA auf Papier eintragen" | "Record NDA on paper";
    paper_lead = "Für eine Vertraulichkeitsvereinbarung (NDA), die auf Papier unterschrieben wurde. Sie gilt damit zugleich als bestätigt." | "For a confidentiality agreement (NDA) that was signed on paper. It counts as confirmed with that.";
    paper_date = "Datum der Unterschrift" | "Date of the signature";
    paper_date_hint = "So, wie es auf dem Papier steht, höchstens ein Jahr vor dem ersten Arbeitstag." | "As it stands on the paper, at most a year before the first working day.";
    paper_note = "Notiz" | "Note";
    paper_note_hint = "Zum Beispiel, wo das Original liegt." | "For example, where the original is kept.";
    paper_late = "Liegt das Datum am oder nach dem ersten Arbeitstag, gilt die Unterschrift als verspätet." | "If the date is on or after the first working day, the signature counts as late.";
    paper_button = "NDA eintragen" | "Record NDA";
    paper_done = "Für diese Person ist schon ein unterschriebenes NDA eingetragen." | "A signed NDA is on record for this person already.";

    import_title = "Personen importieren" | "Import people";
    import_lead = "Laden Sie Ihre Liste hoch. Sie sehen erst, was geschehen würde; übernommen wird noch nichts." | "Upload your list. You see first what would happen; nothing is taken over yet.";
    import_file = "CSV-Datei" | "CSV file";
    import_file_hint = "Aus Excel oder LibreOffice: „Speichern unter“, dann „CSV UTF-8“. Höchstens 20\u{A0}MiB." | "From Excel or LibreOffice: “Save as”, then “CSV UTF-8”. 20\u{A0}MiB at most.";
    import_button = "Vorschau ansehen" | "Show preview";
    import_reading = "Die Liste wird gelesen …" | "Reading the list …";
    import_template = "Vorlage herunterladen" | "Download template";
    import_columns = "Welche Spalten die Liste braucht" | "Which columns the list needs";
    import_columns_text = "Die erste Zeile nennt die Spalten, auf Deutsch oder Englisch, in beliebiger Reihenfolge. Trennzeichen ist Semikolon oder Komma. Andere Spalten werden übergangen." | "The first line names the columns, in German or English, in any order. The separator is a semicolon or a comma. Other columns are passed over.";
    import_twice = "Personen werden an ihrer E-Mail-Adresse erkannt. Dieselbe Liste zweimal zu importieren ändert nichts." | "People are recognised by their e-mail address. Importing the same list twice changes nothing.";
    column_column = "Spalte" | "Column";
    column_content = "Inhalt" | "Content";
    preview_title = "Import prüfen" | "Check import";
    preview_lead(file: &str, rows: &str) = "{file}, {rows}. Noch ist nichts gespeichert." | "{file}, {rows}. Nothing has been saved yet.";
    preview_unreadable(file: &str) = "{file} kann nicht gelesen werden" | "{file} cannot be read";
    preview_unnamed = "Ihre Liste" | "Your list";
    preview_other = "Andere Datei wählen" | "Choose another file";
    row_new = "Neu" | "New";
    row_changed = "Geändert" | "Changed";
    row_unchanged = "Unverändert" | "Unchanged";
    row_refused = "Fehler" | "Error";
    column_line = "Zeile" | "Line";
    column_state = "Was passiert" | "What happens";
    column_person = "Person" | "Person";
    column_note = "Hinweis" | "Note";
    offending(value: &str) = "„{value}“" | "“{value}”";
    rows_hidden(rows: &str) = "Und {rows} mehr, die hier nicht gezeigt werden." | "And {rows} more that are not shown here.";
    refused_hidden(rows: &str) = "Und {rows} mehr mit Fehlern. Beheben Sie erst die gezeigten." | "And {rows} more with errors. Fix the ones shown first.";
    preview_refused(rows: &str) = "{rows} mit Fehlern." | "{rows} with errors.";
    preview_refused_text = "Solange eine Zeile Fehler hat, wird nichts übernommen. Berichtigen Sie die Datei, und laden Sie sie noch einmal hoch." | "As long as one row has errors, nothing is imported. Correct the file and upload it again.";
    preview_nothing = "Nichts zu tun." | "Nothing to do.";
    preview_nothing_text = "Alle Zeilen stehen schon genau so in Antritt." | "All rows are on record exactly like this already.";
    preview_ready(new: &str, changed: usize) = "{new} neu, {changed} geändert." | "{new} new, {changed} changed.";
    preview_reason = "Grund für die neuen ersten Arbeitstage" | "Reason for the new first working days";
    preview_invite = "Neuen Personen gleich den persönlichen Link schicken" | "Send new people their personal link right away";
    preview_apply(rows: &str) = "{rows} übernehmen" | "Import {rows}";
    value_missing = "fehlt" | "missing";
}

/// Why somebody's light is what it is. `days` is how far the start is from today; `on` the day of what was last done.
pub fn gate_reason(locale: Locale, reason: GateReason, days: i64, on: &str) -> String {
    let away = distance(locale, days.max(0));
    match (reason, locale) {
        (GateReason::StartedWithoutNda, Locale::De) if days >= 0 => "Seit heute ohne unterschriebenes NDA dabei.".to_owned(),
        (GateReason::StartedWithoutNda, Locale::De) if days == -1 => "Seit gestern ohne unterschriebenes NDA dabei.".to_owned(),
        (GateReason::StartedWithoutNda, Locale::De) => format!("Seit {}\u{A0}Tagen ohne unterschriebenes NDA dabei.", -days),
        (GateReason::StartedWithoutNda, Locale::En) if days >= 0 => "Started today without a signed NDA.".to_owned(),
        (GateReason::StartedWithoutNda, Locale::En) if days == -1 => "Started yesterday without a signed NDA.".to_owned(),
        (GateReason::StartedWithoutNda, Locale::En) => format!("Here for {}\u{A0}days without a signed NDA.", -days),
        (GateReason::NdaMissingSoon | GateReason::NdaMissing, Locale::De) => format!("NDA nicht unterschrieben, Start {away}."),
        (GateReason::NdaMissingSoon | GateReason::NdaMissing, Locale::En) => format!("NDA not signed, starts {away}."),
        (GateReason::StartsWithoutNda, Locale::De) => "NDA nicht unterschrieben; HR hat den Start trotzdem erlaubt.".to_owned(),
        (GateReason::StartsWithoutNda, Locale::En) => "NDA not signed; HR allowed the start all the same.".to_owned(),
        (GateReason::NdaUnconfirmed, Locale::De) => format!("NDA am {on} unterschrieben, noch nicht bestätigt."),
        (GateReason::NdaUnconfirmed, Locale::En) => format!("NDA signed on {on}, not confirmed yet."),
        (GateReason::CheckNotCleared, Locale::De) => format!("Hintergrundüberprüfung am {on} nicht bestanden."),
        (GateReason::CheckNotCleared, Locale::En) => format!("Background check not cleared on {on}."),
        (GateReason::CheckNotRequested, Locale::De) => "NDA liegt vor; die Hintergrundüberprüfung ist noch nicht angefordert.".to_owned(),
        (GateReason::CheckNotRequested, Locale::En) => "NDA in place; the background check has not been requested yet.".to_owned(),
        (GateReason::CheckConsentMissing, Locale::De) => "NDA liegt vor; die Einwilligung in die Hintergrundüberprüfung steht noch aus.".to_owned(),
        (GateReason::CheckConsentMissing, Locale::En) => "NDA in place; consent to the background check is still to come.".to_owned(),
        (GateReason::CheckConsentRefused, Locale::De) => {
            "NDA liegt vor; keine Einwilligung in die Hintergrundüberprüfung. Bitte sprechen Sie mit der Person.".to_owned()
        }
        (GateReason::CheckConsentRefused, Locale::En) => "NDA in place; no consent to the background check. Please talk to the person.".to_owned(),
        (GateReason::CheckWaiting, Locale::De) => format!("Hintergrundüberprüfung am {on} angefordert, das Ergebnis steht aus."),
        (GateReason::CheckWaiting, Locale::En) => format!("Background check requested on {on}, the outcome is pending."),
        (GateReason::Ready, Locale::De) => "NDA und Hintergrundüberprüfung sind erledigt.".to_owned(),
        (GateReason::Ready, Locale::En) => "NDA and background check are done.".to_owned(),
    }
}

fn distance(locale: Locale, days: i64) -> String {
    match (locale, days) {
        (Locale::De, 0) => "heute".to_owned(),
        (Locale::De, 1) => "morgen".to_owned(),
        (Locale::De, days) => format!("in {days}\u{A0}Tagen"),
        (Locale::En, 0) => "today".to_owned(),
        (Locale::En, 1) => "tomorrow".to_owned(),
        (Locale::En, days) => format!("in {days}\u{A0}days"),
    }
}

/// `1 Person`, `4 people`.
pub fn people(locale: Locale, n: usize) -> String {
    counted(n, locale, ("Person", "Personen"), ("person", "people"))
}

/// `1 Zeile`, `46 rows`.
pub fn rows(locale: Locale, n: usize) -> String {
    counted(n, locale, ("Zeile", "Zeilen"), ("row", "rows"))
}

fn counted(n: usize, locale: Locale, german: (&str, &str), english: (&str, &str)) -> String {
    let (one, many) = match locale {
        Locale::De => german,
        Locale::En => english,
    };
    crate::ui::words::count(i64::try_from(n).unwrap_or(i64::MAX), one, many)
}

/// The label of a person's field, by its form name.
pub fn field(locale: Locale, name: &str) -> &'static str {
    match name {
        "name" => Column::Name.header(locale),
        "private_email" => Column::PrivateEmail.header(locale),
        "work_email" => Column::WorkEmail.header(locale),
        "kind" => Column::Kind.header(locale),
        "country" => Column::Country.header(locale),
        "department" => Column::Department.header(locale),
        "job_title" => Column::JobTitle.header(locale),
        "manager_email" => Column::ManagerEmail.header(locale),
        "start_date" => super::common::start_date(locale),
        "time_zone" => Column::TimeZone.header(locale),
        "language" => fact_language(locale),
        "tags" => super::rules::person_tags(locale),
        _ => "",
    }
}

/// The names of several fields.
pub fn fields<'a>(locale: Locale, names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| field(locale, name)).collect::<Vec<_>>().join(", ")
}

/// What belongs into a column of a list.
pub const fn column_content_of(locale: Locale, column: Column) -> &'static str {
    let (german, english) = match column {
        Column::Name => ("Vor- und Nachname", "First and last name"),
        Column::PrivateEmail => ("Dorthin geht der persönliche Link", "The personal link goes there"),
        Column::WorkEmail => ("Falls es schon eine gibt", "If there is one already"),
        Column::Kind => ("angestellt oder extern", "employee or contractor"),
        Column::Country => ("Zwei Buchstaben: DE, AT, CH, US", "Two letters: DE, IE, US"),
        Column::Department => ("Zum Beispiel Entwicklung", "For example Engineering"),
        Column::JobTitle => ("Zum Beispiel Entwicklerin", "For example Engineer"),
        Column::ManagerEmail => ("Jemand aus dieser Liste oder aus Antritt", "Somebody in this list or on record"),
        Column::StartDate => ("01.12.2026 oder 2026-12-01", "2026-12-01 or 01.12.2026"),
        Column::TimeZone => ("Zum Beispiel Europe/Berlin", "For example Europe/Dublin"),
    };
    match locale {
        Locale::De => german,
        Locale::En => english,
    }
}

/// The word for an outcome, and what it means.
pub const fn outcome(locale: Locale, outcome: CheckOutcome) -> (&'static str, &'static str) {
    match outcome {
        CheckOutcome::Cleared => (outcome_cleared(locale), outcome_cleared_hint(locale)),
        CheckOutcome::AlternativeDone => (outcome_alternative(locale), outcome_alternative_hint(locale)),
        CheckOutcome::NotRequired => (outcome_not_required(locale), outcome_not_required_hint(locale)),
        CheckOutcome::NotCleared => (outcome_not_cleared(locale), outcome_not_cleared_hint(locale)),
    }
}

/// What happened, as a line of a history.
#[expect(clippy::too_many_lines, reason = "one line for each action")]
pub const fn action(locale: Locale, action: Action) -> &'static str {
    let (german, english) = match action {
        Action::InstallationPrepared => ("Antritt eingerichtet", "Antritt set up"),
        Action::AccountCreated => ("Konto angelegt", "Account created"),
        Action::RoleGranted => ("Rolle vergeben", "Role granted"),
        Action::PasswordSet => ("Passwort gesetzt", "Password set"),
        Action::PasswordChanged => ("Passwort geändert", "Password changed"),
        Action::PasswordResetRequested => ("Link für ein neues Passwort angefordert", "Link for a new password asked for"),
        Action::PasswordReset => ("Neues Passwort über einen Link gesetzt", "New password set by a link"),
        Action::LanguageChosen => ("Sprache gewählt", "Language chosen"),
        Action::SignedIn => ("Angemeldet", "Signed in"),
        Action::SignedOut => ("Abgemeldet", "Signed out"),
        Action::PersonAdded => ("Angelegt", "Added"),
        Action::PersonChanged => ("Angaben geändert", "Details changed"),
        Action::StartDateChanged => ("Erster Arbeitstag verschoben", "First working day moved"),
        Action::PersonLeft => ("Letzter Arbeitstag eingetragen", "Last working day recorded"),
        Action::PersonPseudonymised => ("Name durch ein Pseudonym ersetzt", "Name replaced by a pseudonym"),
        Action::PeopleImportPreviewed => ("Liste hochgeladen", "List uploaded"),
        Action::PeopleImported => ("Liste importiert", "List imported"),
        Action::InvitationSent => ("Persönlicher Link verschickt", "Personal link sent"),
        Action::InvitationAccepted => ("Persönlicher Link geöffnet", "Personal link opened"),
        Action::NdaSigned => ("NDA unterschrieben", "NDA signed"),
        Action::NdaConfirmed => ("NDA bestätigt", "NDA confirmed"),
        Action::NdaScanAdded => ("Scan zum NDA abgelegt", "Scan of the NDA added"),
        Action::NdaWithdrawn => ("NDA zurückgenommen und neu angefordert", "NDA withdrawn and asked for again"),
        Action::NdaTemplateCreated => ("NDA-Vorlage angelegt", "NDA template created"),
        Action::NdaTemplateChanged => ("NDA-Vorlage geändert", "NDA template changed"),
        Action::NdaTemplateRetired => ("NDA-Vorlage außer Gebrauch", "NDA template retired"),
        Action::NdaRecordedOnPaper => ("NDA auf Papier eingetragen", "NDA on paper recorded"),
        Action::CheckConsentGiven => ("In die Hintergrundüberprüfung eingewilligt", "Consented to the background check"),
        Action::CheckConsentRefused => ("In die Hintergrundüberprüfung nicht eingewilligt", "Did not consent to the background check"),
        Action::CheckConsentWithdrawn => (
            "Einwilligung in die Hintergrundüberprüfung widerrufen",
            "Consent to the background check withdrawn",
        ),
        Action::CheckWithProvider => ("Hintergrundüberprüfung beim Dienstleister", "Background check with the provider"),
        Action::CheckProfilesPrepared => ("Überprüfungen je Land eingerichtet", "Checks by country set up"),
        Action::CheckProfileAdded => ("Überprüfungen: Land hinzugefügt", "Checks: country added"),
        Action::CheckProfileChanged => ("Überprüfungen eines Landes geändert", "Checks of a country changed"),
        Action::CheckRequested => ("Hintergrundüberprüfung angefordert", "Background check requested"),
        Action::CheckCompleted => ("Ergebnis der Hintergrundüberprüfung eingetragen", "Outcome of the background check recorded"),
        Action::CheckPurged => (
            "Anbieter, Aktenzeichen und Notiz der Hintergrundüberprüfung gelöscht",
            "Provider, reference and note of the background check removed",
        ),
        Action::PolicyAccepted => ("Richtlinie angenommen", "Policy accepted"),
        Action::QuizAnswered => ("Quizfrage beantwortet", "Quiz question answered"),
        Action::QuizPassed => ("Sicherheitsschulung bestanden", "Security training passed"),
        Action::QuizFailed => ("Quiz noch nicht bestanden", "Quiz not passed yet"),
        Action::CourseAdded => ("Kurs angelegt", "Course added"),
        Action::CourseDraftChanged => ("Entwurf eines Kurses geändert", "Draft of a course changed"),
        Action::CourseDraftDiscarded => ("Entwurf eines Kurses verworfen", "Draft of a course discarded"),
        Action::CourseImageAdded => ("Bild in einen Kurs eingefügt", "Image added to a course"),
        Action::CourseFileUploaded => ("Kursdatei hochgeladen", "Course file uploaded"),
        Action::CourseImported => ("Kursdatei als Entwurf übernommen", "Course file taken over as a draft"),
        Action::CoursePublished => ("Kurs veröffentlicht", "Course published"),
        Action::PasswordManagerDeclared => ("Anmeldung im Passwort-Manager angegeben", "Enrolment in the password manager declared"),
        Action::PasswordManagerConfirmed => ("Anmeldung im Passwort-Manager bestätigt", "Enrolment in the password manager confirmed"),
        Action::ItemRenewed => ("Nach einem Jahr wieder fällig", "Due again after a year"),
        Action::ExemptionRequested => ("Ausnahme beantragt", "Exemption requested"),
        Action::ExemptionApproved => ("Ausnahme genehmigt", "Exemption approved"),
        Action::ExemptionRefused => ("Ausnahme abgelehnt", "Exemption refused"),
        Action::DocumentAdded => ("Richtlinie angelegt", "Policy added"),
        Action::DocumentDraftSaved => ("Entwurf gespeichert", "Draft saved"),
        Action::DocumentDraftDiscarded => ("Entwurf verworfen", "Draft discarded"),
        Action::DocumentPublished => ("Fassung veröffentlicht", "Version published"),
        Action::ExemptionEnded => ("Ausnahme beendet", "Exemption ended"),
        Action::StartAllowedWithoutNda => ("Start ohne NDA erlaubt", "Start without NDA allowed"),
        Action::MemberListPreviewed => ("Mitgliederliste des Passwort-Managers hochgeladen", "Password manager's member list uploaded"),
        Action::MemberListMapped => ("Spalten der Mitgliederliste zugeordnet", "Columns of the member list mapped"),
        Action::MemberListApplied => ("Mitgliederliste des Passwort-Managers übernommen", "Password manager's member list taken over"),
        Action::MemberMatched => ("Konto im Passwort-Manager von Hand zugeordnet", "Password manager account assigned by hand"),
        Action::MemberSetAside => (
            "Konto im Passwort-Manager gehört niemandem von uns",
            "Password manager account belongs to none of us",
        ),
        Action::MemberMatchForgotten => (
            "Zuordnung eines Kontos im Passwort-Manager zurückgenommen",
            "Assignment of a password manager account taken back",
        ),
        Action::PasswordManagerListed => (
            "Anmeldung im Passwort-Manager durch die Liste des Anbieters belegt",
            "Enrolment in the password manager proven by the vendor's list",
        ),
        Action::PasswordManagerUnlisted => (
            "Laut der Liste des Anbieters nicht mehr im Passwort-Manager angemeldet; wieder offen",
            "By the vendor's list no longer enrolled in the password manager; open again",
        ),
        Action::RoleRequested => ("Rolle beantragt", "Role requested"),
        Action::RoleRefused => ("Rolle abgelehnt", "Role refused"),
        Action::RoleRequestWithdrawn => ("Antrag auf eine Rolle zurückgezogen", "Request for a role withdrawn"),
        Action::RoleRequestLapsed => ("Antrag auf eine Rolle verfallen", "Request for a role lapsed"),
        Action::RoleRemoved => ("Rolle entzogen", "Role removed"),
        Action::RoleEnded => ("Rolle ausgelaufen", "Role ended"),
        Action::AccountDisabled => ("Konto gesperrt", "Account disabled"),
        Action::AccountEnabled => ("Konto wieder freigegeben", "Account enabled again"),
        Action::PersonTaken => ("Konto mit der Person verbunden", "Account connected with the person"),
        Action::AccountLeftOpen => (
            "Konto unter der Adresse blieb offen; die Administration weiß es",
            "An account under the address stayed open; administrators were told",
        ),
        Action::AccountRenamed => ("Konto umbenannt", "Account renamed"),
        Action::AddressChanged => ("Adresse geändert, Sitzungen und Links beendet", "Address changed, sessions and links ended"),
        Action::SessionsEnded => ("Sitzungen beendet", "Sessions ended"),
        Action::FactorAdded => ("Zweiten Faktor hinzugefügt", "Second factor added"),
        Action::FactorRenamed => ("Zweiten Faktor umbenannt", "Second factor renamed"),
        Action::FactorRemoved => ("Zweiten Faktor entfernt", "Second factor removed"),
        Action::FactorsReset => ("Alle zweiten Faktoren zurückgesetzt", "All second factors reset"),
        Action::RecoveryCodesMade => ("Neue Wiederherstellungscodes erzeugt", "New recovery codes made"),
        Action::RecoveryCodeUsed => ("Wiederherstellungscode benutzt", "Recovery code used"),
        Action::PasskeyRefused => ("Passkey abgelehnt: es könnte eine Kopie geben", "Passkey refused: there may be a copy"),
        Action::FirstStepTaken => ("Erster Schritt der Anmeldung", "First step of signing in"),
        Action::IdentityProved => ("Identität neu bestätigt", "Identity confirmed anew"),
        Action::MailSent => ("E-Mail zugestellt", "E-mail delivered"),
        Action::MailFailed => ("E-Mail konnte nicht zugestellt werden", "E-mail could not be delivered"),
        Action::ReminderPlanned => ("Erinnerung vorgesehen", "Reminder planned"),
        Action::ReminderDropped => ("Erinnerung entfallen: nichts mehr offen", "Reminder dropped: nothing left open"),
        Action::ReminderEscalated => ("An Personalabteilung und Führungskraft gemeldet", "Reported to HR and the manager"),
        Action::RemindersPaused => ("Erinnerungen angehalten", "Reminders paused"),
        Action::RemindersResumed => ("Erinnerungen laufen wieder", "Reminders go on"),
        Action::SecretsSealed => ("Vertrauliche Angaben verschlüsselt", "Confidential values encrypted"),
        Action::KeyRotated => ("Schlüssel der Installation gewechselt", "Key of the installation changed"),
        Action::RuleMade => ("Regel angelegt", "Rule made"),
        Action::RuleChanged => ("Regel geändert", "Rule changed"),
        Action::RuleEnded => ("Regel beendet", "Rule ended"),
        Action::ItemsFollowedRules => ("Punkte nach den Regeln angepasst", "Items brought in line with the rules"),
        Action::PersonRehired => ("Wieder eingetreten", "Came back"),
        Action::InstructionDone => ("Aufgabe erledigt", "Task done"),
        Action::InstructionConfirmed => ("Aufgabe bestätigt", "Task confirmed"),
        Action::PersonNudged => ("Von der Führungskraft an die Checkliste erinnert", "Reminded of the checklist by the manager"),
        Action::CalendarMade => ("Kalenderadresse erzeugt", "Calendar address made"),
        Action::CalendarEnded => ("Kalenderadresse beendet", "Calendar address ended"),
    };
    match locale {
        Locale::De => german,
        Locale::En => english,
    }
}
