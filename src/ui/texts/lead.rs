//! The security lead's pages.

texts! {
    title = "Quoten" | "Rates";
    lead = "Was erfüllt ist, was rechtzeitig war und was bald reißt. Jede Zahl öffnet die Personen dahinter." | "What is fulfilled, what was on time and what will breach soon. Every figure opens the people behind it.";
    empty_title = "Noch keine Zahlen" | "No figures yet";
    empty_text = "Sobald die Personalabteilung die ersten Personen anlegt, stehen hier ihre Quoten." | "As soon as HR adds the first people, their rates will stand here.";

    completion = "Erfüllt" | "Completed";
    on_time = "Pünktlich" | "On time";
    overdue = "Überfällig" | "Overdue";
    due_soon = "Fällig in 7\u{A0}Tagen" | "Due within 7\u{A0}days";
    overdue_meta = "Frist vorbei und noch offen" | "Deadline passed and still open";
    due_soon_meta = "noch offen, Frist läuft bald ab" | "still open, deadline ends soon";
    of(part: i64, whole: i64) = "{part} von {whole}" | "{part} of {whole}";
    completion_meaning = "Erfüllt: von allen zugewiesenen Punkten. Wer ausgeschieden ist, zählt nicht mit." | "Completed: of all items assigned. People who left are not counted.";
    on_time_meaning = "Pünktlich: rechtzeitig erfüllt, von allen Punkten, die erfüllt, überfällig oder verspätet eingereicht sind." | "On time: done in time, of all items that are done, overdue or handed in late.";
    figure_of(figure: &str, name: &str) = "{figure}: {name}" | "{figure}: {name}";

    breaching_title = "Wer in den nächsten 7\u{A0}Tagen eine Frist reißt" | "Who breaches a deadline within 7\u{A0}days";
    breaching_none = "In den nächsten 7\u{A0}Tagen läuft keine Frist ab." | "No deadline ends within the next 7\u{A0}days.";
    breaching_all = "Alle ansehen" | "See all";
    item_one = "Punkt" | "item";
    item_many = "Punkte" | "items";

    by_requirement = "Nach Anforderung" | "By requirement";
    by_department = "Nach Abteilung" | "By department";
    requirement = "Anforderung" | "Requirement";
    person = "Person" | "Person";
    item = "Punkt" | "Item";

    items_title = "Personen hinter der Zahl" | "People behind the figure";
    every_department = "Alle Abteilungen" | "All departments";
    everything = "Alle Anforderungen" | "All requirements";
    tabs = "Auswahl" | "Selection";
    show_all = "Alle" | "All";
    show_done = "Erfüllt" | "Completed";
    show_on_time = "Pünktlich" | "On time";
    show_late = "Verspätet" | "Late";
    show_overdue = "Überfällig" | "Overdue";
    show_due_soon = "Bald fällig" | "Due soon";
    show_missing = "Nicht erfüllt" | "Not completed";
    none_title = "Niemand" | "Nobody";
    none_text = "Auf diese Auswahl trifft gerade niemand zu." | "Nobody matches this selection right now.";
}
