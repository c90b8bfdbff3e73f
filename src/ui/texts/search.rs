//! Looking for people, accounts and titles everywhere.

texts! {
    title = "Suche" | "Search";
    everywhere = "Überall suchen" | "Search everywhere";
    lead_people = "Nach Name, Abteilung, Position oder E-Mail. Schreibweisen wie Müller und Mueller und kleine Tippfehler machen nichts." | "By name, department, job title or e-mail. Spellings such as Müller and Mueller and small slips do no harm.";
    lead_things = "Nach Namen und Titeln. Kleine Tippfehler machen nichts." | "By names and titles. Small slips do no harm.";
    hint = "Name, Abteilung, E-Mail oder Titel" | "Name, department, e-mail or title";
    keys = "Von jeder Seite führen die Tasten / und Strg+K hierher." | "On every page, the keys / and Ctrl+K lead to the search.";
    people = "Personen" | "People";
    accounts = "Konten" | "Accounts";
    texts_and_courses = "Richtlinien und Kurse" | "Policies and courses";
    what_account = "Konto" | "Account";
    what_policy = "Richtlinie" | "Policy";
    what_nda = "NDA" | "NDA";
    what_course = "Kurs" | "Course";
    left = "ausgeschieden" | "left";
    nothing_title = "Nichts gefunden" | "Nothing found";
    nothing_text = "Prüfen Sie die Schreibweise, oder nehmen Sie ein Wort weniger." | "Check the spelling, or try one word less.";
    begin_title = "Wen oder was suchen Sie?" | "Whom or what are you looking for?";
    begin_text = "Zwei, drei Buchstaben genügen für den Anfang." | "Two or three letters will do to begin with.";
    more(shown: usize) = "Es gibt mehr als diese {shown}. Ein weiteres Wort hilft." | "There are more than these {shown}. Another word helps.";
    found_none = "Nichts gefunden." | "Nothing found.";
    found_some(n: usize) = "Gefunden: {n}" | "Found: {n}";
}
