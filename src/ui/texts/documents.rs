//! Writing policies and NDA texts, publishing them, and what changed between two versions.

use crate::{domain::locale::Locale, ui::words::count};

texts! {
    title = "Richtlinien und NDA-Texte" | "Policies and NDA texts";
    lead = "Was hier veröffentlicht ist, ändert sich nie mehr. Neues schreiben Sie als Entwurf." | "What is published here never changes again. Write what is new as a draft.";
    new_policy = "Neue Richtlinie" | "New policy";
    new_policy_lead = "Zuerst der Titel, dann der Text. Von wem sie angenommen werden soll, entscheidet sich erst beim Veröffentlichen." | "First the title, then the text. Nobody is asked to accept it before it is published.";
    begin = "Entwurf beginnen" | "Begin the draft";
    empty_title = "Noch kein Text" | "No text yet";
    empty_text = "Beginnen Sie eine Richtlinie; sichtbar wird sie erst, wenn Sie sie veröffentlichen." | "Begin a policy; nobody sees it before you publish it.";
    table = "Alle Texte, die Sie bearbeiten dürfen" | "All texts that you may edit";
    column_title = "Titel" | "Title";
    column_version = "Fassung" | "Version";
    column_draft = "Entwurf" | "Draft";
    column_accepted = "Angenommen" | "Accepted";
    kind_policy = "Richtlinie" | "Policy";
    kind_nda = "NDA-Text" | "NDA text";
    untitled = "Noch ohne Titel" | "No title yet";
    never_published = "noch nicht veröffentlicht" | "not published yet";
    draft_pending = "Entwurf offen" | "Draft pending";
    no_draft = "keiner" | "none";
    accepted_of(accepted: i64, asked: i64) = "{accepted} von {asked}" | "{accepted} of {asked}";
    accepted_nobody = "niemand gefragt" | "nobody asked";

    german = "Deutsch" | "German";
    english = "Englisch" | "English";
    body_hint = "Markdown: ## Überschrift, - Aufzählung, **fett**." | "Markdown: ## heading, - list, **bold**.";
    placeholders = "Platzhalter" | "Placeholders";
    placeholders_text = "Diese drei werden für jede Person ausgefüllt: {{name}}, {{company}} und {{start_date}}. Andere nimmt die Veröffentlichung nicht an." | "These three are filled in for each person: {{name}}, {{company}} and {{start_date}}. Publishing refuses any other.";
    save_draft = "Entwurf speichern und Vorschau zeigen" | "Save the draft and show the preview";
    preview = "Vorschau" | "Preview";
    preview_lead = "So lesen es die anderen." | "This is how others read it.";
    to_publishing = "Weiter zur Veröffentlichung" | "Go on to publishing";
    published_as(number: i64, date: &str) = "Veröffentlicht ist Fassung\u{A0}{number} vom {date}." | "Version\u{A0}{number} of {date} is published.";
    nothing_published = "Noch nichts veröffentlicht: niemand sieht diesen Text." | "Nothing published yet: nobody sees this text.";
    draft_by(name: &str, date: &str) = "Entwurf zuletzt gespeichert von {name}, {date}." | "Draft last saved by {name}, {date}.";
    outdated_title = "Ihr Text ist noch nicht gespeichert" | "Your text is not saved yet";
    outdated_text(name: &str, date: &str) = "{name} hat den Entwurf am {date} gespeichert, während Sie schrieben. In den Feldern steht Ihr Text. Speichern Sie ihn, ersetzt er den Entwurf." | "{name} saved the draft on {date} while you were writing. The fields hold your text. If you save it, it replaces the draft.";
    outdated_gone = "Den Entwurf, an dem Sie schrieben, gibt es nicht mehr. In den Feldern steht Ihr Text; speichern Sie ihn, wenn er gelten soll." | "The draft you were writing is gone. The fields hold your text; save it if it is to count.";
    outdated_difference = "Vom gespeicherten Entwurf zu Ihrem Text" | "From the saved draft to your text";
    outdated_drop = "Meinen Text verwerfen" | "Drop my text";
    discard = "Entwurf verwerfen" | "Discard the draft";
    discard_text = "Der Entwurf verschwindet für alle, die hier schreiben. Was veröffentlicht ist, bleibt." | "The draft goes away for everybody who writes here. What is published stays.";
    versions = "Fassungen" | "Versions";
    no_versions = "Noch keine." | "None yet.";
    version_title(number: i64) = "Fassung\u{A0}{number}" | "Version\u{A0}{number}";
    published_on(date: &str) = "Veröffentlicht am {date}" | "Published on {date}";
    version_of(number: i64, date: &str) = "Fassung\u{A0}{number}, veröffentlicht am {date}" | "Version\u{A0}{number}, published on {date}";
    material = "Wesentliche Änderung" | "Material change";
    minor = "Geringfügige Änderung" | "Minor change";
    in_force(date: &str) = "gilt ab {date}" | "in force from {date}";
    checksum_of(language: &str) = "Prüfsumme (SHA-256), {language}" | "Checksum (SHA-256), {language}";
    since_before(number: i64) = "Was sich gegenüber Fassung\u{A0}{number} geändert hat" | "What changed since version\u{A0}{number}";

    publish_title(title: &str) = "„{title}“ veröffentlichen" | "Publish “{title}”";
    publish_lead = "Eine veröffentlichte Fassung lässt sich nicht mehr ändern und nicht zurückholen." | "A published version can neither be changed nor taken back.";
    gaps_title = "Noch nicht vollständig" | "Not complete yet";
    gaps_text = "Füllen Sie diese Lücken im Entwurf; dann können Sie veröffentlichen." | "Fill these gaps in the draft; then you can publish.";
    to_draft = "Zum Entwurf" | "To the draft";
    no_changes = "Der Entwurf sagt dasselbe wie die veröffentlichte Fassung." | "The draft says the same as the published version.";
    first_version = "Dies ist die erste Fassung." | "This is the first version.";
    same_in_language = "In dieser Sprache liest sich alles wie vorher." | "In this language everything reads as before.";
    effect = "Was die Veröffentlichung bewirkt" | "What publishing will do";
    effect_first(people: &str) = "Bekommen die Richtlinie auf die Checkliste: {people}. Wer später kommt, bekommt sie auch." | "Get the policy on the checklist: {people}. So does everybody who comes later.";
    effect_again(people: &str) = "Nehmen noch einmal an, wenn die Änderung wesentlich ist: {people}." | "Accept again if the change is material: {people}.";
    effect_open(people: &str) = "Haben noch nicht angenommen und lesen gleich den neuen Text: {people}." | "Have still to accept, and read the new text at once: {people}.";
    effect_lifted(people: &str) = "Durch eine Ausnahme befreit, werden nicht gefragt: {people}." | "Exempt, not asked: {people}.";
    effect_left(people: &str) = "Ausgeschieden, werden nicht gefragt: {people}." | "Left the company, not asked: {people}.";
    effect_minor = "Ist sie geringfügig, wird niemand gefragt; frühere Annahmen gelten weiter." | "If it is minor, nobody is asked; earlier acceptances still count.";
    effect_kept = "Was angenommen wurde, bleibt mit seinem genauen Text auf Dauer belegt." | "What was accepted stays on record with its exact text.";
    effect_nda = "Die neue Fassung gilt für künftige Unterschriften. Niemand unterschreibt deswegen noch einmal." | "The new version is for signatures to come. Nobody signs again because of it.";
    weight = "Wie wichtig ist die Änderung?" | "How weighty is the change?";
    material_text = "Es ändert sich, was jemand tun oder lassen muss. Alle nehmen noch einmal an." | "What somebody has to do or not to do changes. Everybody accepts again.";
    minor_text = "Tippfehler, Namen, Formulierungen. Niemand nimmt noch einmal an." | "Typing errors, names, wording. Nobody accepts again.";
    effective_on = "Gilt ab" | "In force from";
    effective_hint(date: &str) = "Bis dahin nehmen alle an, die gefragt werden. Leer gelassen: wesentlich {date}, sonst heute." | "Everybody who is asked accepts by then. Left empty: {date} if material, else today.";
    effective_hint_nda = "Leer gelassen: heute." | "Left empty: today.";
    change_de = "Was sich ändert, auf Deutsch" | "What changes, in German";
    change_en = "Was sich ändert, auf Englisch" | "What changes, in English";
    change_hint = "Ein Satz; er steht über dem neuen Text." | "One sentence; it stands above the new text.";
    publish_button = "Verbindlich veröffentlichen" | "Publish for good";

    inserted_aloud = "neu: " | "new: ";
    deleted_aloud = "gestrichen: " | "deleted: ";
    end_aloud = " (Ende)" | " (end)";
}

/// `1 Person`, `12 Personen`.
pub fn people(locale: Locale, n: i64) -> String {
    match locale {
        Locale::De => count(n, "Person", "Personen"),
        Locale::En => count(n, "person", "people"),
    }
}

/// `5 Unterschriften`.
pub fn signatures(locale: Locale, n: i64) -> String {
    match locale {
        Locale::De => count(n, "Unterschrift", "Unterschriften"),
        Locale::En => count(n, "signature", "signatures"),
    }
}

/// `3 unveränderte Absätze`.
pub fn unchanged_blocks(locale: Locale, n: usize) -> String {
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    match locale {
        Locale::De => count(n, "unveränderter Absatz", "unveränderte Absätze"),
        Locale::En => count(n, "unchanged paragraph", "unchanged paragraphs"),
    }
}
