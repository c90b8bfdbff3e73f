//! The frame, and words that stand on more than one page.

texts! {
    title_refused(title: &str) = "Fehler: {title}" | "Error: {title}";
    skip_to_content = "Zum Inhalt springen" | "Skip to content";
    main_navigation = "Hauptnavigation" | "Main navigation";
    other_language = "English" | "Deutsch";
    demo_banner_lenient = "Vorführung: Alle Personen hier sind erfunden. Zweite Faktoren werden hier angeboten, aber nicht verlangt." | "Demo: everyone in here is invented. Second factors are offered here, but not asked for.";
    demo_banner = "Vorführung: Alle Personen hier sind erfunden." | "Demo: everyone in here is invented.";
    account_of(name: &str) = "Konto von {name}" | "Account of {name}";
    sign_out = "Abmelden" | "Sign out";
    account_security = "Anmeldung und Sicherheit" | "Sign-in and security";
    loading = "Wird geladen …" | "Loading …";

    nav_checklist = "Meine Checkliste" | "My checklist";
    nav_record = "Meine Nachweise" | "My record";
    nav_gate = "Erster Tag" | "Day one";
    nav_people = "Personen" | "People";
    nav_team = "Mein Team" | "My team";
    nav_rates = "Quoten" | "Rates";
    nav_exemptions = "Ausnahmen" | "Exceptions";
    nav_content = "Inhalte" | "Content";
    nav_events = "Sicherheitsereignisse" | "Security events";
    nav_outbox = "Postausgang" | "Outbox";
    nav_accounts = "Konten" | "Accounts";
    nav_access = "Zugriffsrechte" | "Access rights";
    role_hr = "Personal" | "HR";
    role_security = "Sicherheit" | "Security";
    role_auditor = "Revision" | "Auditor";
    role_admin = "Administration" | "Administrator";
    role_employee = "Team" | "Team member";

    kind_nda = "Vertraulichkeits\u{AD}vereinbarung" | "Confidentiality agreement (NDA)";
    kind_background_check = "Hintergrund\u{AD}überprüfung" | "Background check";
    kind_policy = "Sicherheits\u{AD}richtlinie" | "Security policy";
    kind_training = "Sicherheits\u{AD}schulung" | "Security training";
    kind_password_manager = "Passwort-Manager" | "Password manager";
    person_employee = "Angestellt" | "Employee";
    person_contractor = "Extern" | "Contractor";

    standing_open = "Offen" | "To do";
    standing_overdue = "Überfällig" | "Overdue";
    standing_waiting = "Wartet" | "Waiting";
    standing_done = "Erledigt" | "Done";
    standing_done_late = "Verspätet erledigt" | "Done late";
    standing_failed = "Nicht bestanden" | "Not cleared";
    standing_exempt = "Befreit" | "Exempt";
    standing_ended = "Beendet" | "Ended";
    light_red = "Blockiert" | "Blocked";
    light_amber = "Gefährdet" | "At risk";
    light_green = "Startklar" | "Ready";

    save = "Speichern" | "Save";
    cancel = "Abbrechen" | "Cancel";
    back = "Zurück" | "Back";
    next_page = "Weiter" | "Next";
    first_page = "Zum Anfang" | "Back to start";
    pages = "Seiten" | "Pages";
    search = "Suche" | "Search";
    apply_filter = "Anwenden" | "Apply";
    search_now = "Suchen" | "Search";
    optional = "(freiwillig)" | "(optional)";
    start_date = "Erster Arbeitstag" | "First working day";
    department = "Abteilung" | "Department";
    name = "Name" | "Name";
    due = "Fällig" | "Due";
    status = "Status" | "Status";

    error_not_found_code = "Fehler 404" | "Error 404";
    error_not_found_title = "Diese Seite gibt es nicht" | "This page does not exist";
    error_not_found_text = "Vielleicht ist die Adresse vertippt, oder die Seite ist nicht für Ihr Konto bestimmt." | "The address may be mistyped, or the page is not meant for your account.";
    error_internal_code = "Fehler 500" | "Error 500";
    error_internal_title = "Hier ist etwas schiefgegangen" | "Something went wrong here";
    error_internal_text = "Das liegt nicht an Ihnen, und es ist nichts verloren. Bitte versuchen Sie es noch einmal; hilft das nicht, nennen Sie uns die Vorfallnummer." | "It is not your fault, and nothing is lost. Please try again; if that does not help, tell us the incident number.";
    error_unavailable_code = "Fehler 503" | "Error 503";
    error_unavailable_title = "Gleich wieder da" | "Back in a moment";
    error_unavailable_text = "Die Datenbank ist gerade nicht erreichbar. Bitte laden Sie die Seite in einigen Sekunden neu." | "The database cannot be reached right now. Please reload the page in a few seconds.";
    incident = "Vorfallnummer" | "Incident number";
    to_start_page = "Zur Startseite" | "To the start page";
}
