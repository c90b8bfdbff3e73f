//! Rules: who has to do what, by when; instructions; and coming back.

use crate::{
    domain::{
        group::{Alternative, Group},
        locale::Locale,
        person::{Country, Line, PersonKind},
        requirement::{Confirmer, DueRule, Recurrence},
        rule::Counting,
    },
    ui::{texts::checks, words},
};

texts! {
    title = "Regeln" | "Rules";
    lead = "Wer was zu erledigen hat, und bis wann. In dieser Reihenfolge steht es auf den Checklisten." | "Who has to do what, and by when. It stands on the checklists in this order.";
    hub_text = "Wer was zu erledigen hat, und bis wann." | "Who has to do what, and by when.";
    new = "Neue Regel" | "New rule";
    change = "Ändern" | "Change";
    end = "Beenden" | "End";
    ended_title = "Beendete Regeln" | "Rules that ended";
    ended_on(date: &str) = "beendet am {date}" | "ended on {date}";
    column_place = "Platz" | "Place";
    column_what = "Was" | "What";
    column_whom = "Für wen" | "For whom";
    column_due = "Frist" | "Deadline";
    column_people = "Personen" | "People";
    column_actions = "Aktionen" | "Actions";
    empty_title = "Keine Regel" | "No rule";
    empty_text = "Zurzeit wird von niemandem etwas verlangt." | "At present nothing is asked of anybody.";

    choose_lead = "Was soll verlangt werden?" | "What is to be asked for?";
    choose_instruction_text = "Etwas, das Sie hier beschreiben: Die Person hakt es ab und lädt auf Wunsch einen Nachweis hoch." | "Something you describe here: the person ticks it off and, if you wish, uploads evidence.";
    choose_ended_text = "Wird zurzeit von niemandem verlangt." | "Not asked of anybody at present.";
    edit_title(name: &str) = "Regel ändern: {name}" | "Change rule: {name}";

    section_task = "Aufgabe" | "Task";
    title_de = "Titel auf Deutsch" | "Title in German";
    title_en = "Titel auf Englisch" | "Title in English";
    body_de = "Anleitung auf Deutsch" | "Instructions in German";
    body_en = "Anleitung auf Englisch" | "Instructions in English";
    body_hint = "Markdown ist erlaubt. Wer die Aufgabe schon erledigt hat, wird nach einer Änderung nicht erneut gefragt." | "Markdown is allowed. Whoever has done the task already is not asked again after a change.";
    needs_file = "Ein Nachweis muss hochgeladen werden (PDF, PNG oder JPEG)" | "Evidence has to be uploaded (PDF, PNG or JPEG)";
    confirmed_by = "Wer bestätigt" | "Who confirms";
    confirmed_by_hint = "Wer bestätigt und ob ein Nachweis verlangt wird, steht fest, sobald jemand die Aufgabe bekommen hat." | "Who confirms and whether evidence is asked for is settled once somebody was given the task.";
    confirmed_by_nobody = "Niemand: Das Wort der Person genügt" | "Nobody: the person’s word is enough";
    confirmer_hr = "Personal" | "HR";
    confirmer_security = "Sicherheit" | "Security";
    confirmer_manager = "Führungskraft" | "Manager";

    section_group = "Für wen" | "For whom";
    section_group_text = "Ohne Angaben gilt die Regel für alle. Innerhalb einer Gruppe müssen alle Angaben zutreffen; es genügt, zu einer der Gruppen zu gehören." | "Without entries the rule is for everybody. Within a group all entries have to fit; belonging to one of the groups is enough.";
    group_of(number: usize) = "Gruppe {number}" | "Group {number}";
    group_or(number: usize) = "Oder Gruppe {number}" | "Or group {number}";
    kind = "Art" | "Kind";
    any_kind = "Beliebig" | "Any";
    countries = "Land" | "Country";
    countries_hint = "Zwei Buchstaben, mehrere mit Komma: DE, AT." | "Two letters, several with commas: DE, AT.";
    departments = "Abteilung" | "Department";
    titles = "Stelle" | "Job title";
    values_hint = "Mehrere mit Semikolon; eine davon genügt." | "Several with semicolons; one of them is enough.";
    tags = "Merkmal" | "Tag";

    section_due = "Frist" | "Deadline";
    counting = "Gezählt wird" | "Counted";
    days = "Tage" | "Days";
    days_hint = "Bei „bis zum ersten Arbeitstag“ ohne Bedeutung." | "Has no meaning with “by the first working day”.";
    due_note = "Arbeitstage zählen ohne das Wochenende im Land der Person, Feiertage zählen mit. Wer schon da ist und den Punkt neu bekommt, hat die Frist ab diesem Tag, mindestens zwei Wochen bei Fristen vor dem Start." | "Working days leave out the weekend of the person’s country; public holidays count. Whoever is here already and gets the item has the time from that day on, and two weeks where it is due before the start.";
    recurrence = "Wiederholung" | "Repetition";
    place = "Platz in der Liste" | "Place in the list";
    place_hint(most: usize) = "1 bis {most}." | "1 to {most}.";

    preview = "Wirkung ansehen" | "Show the effect";
    preview_again = "Wirkung neu ansehen" | "Show the effect again";
    save = "Regel so speichern" | "Save the rule like this";
    effect = "Was dann geschieht" | "What happens then";
    effect_get(people: &str) = "bekommen den Punkt neu: {people}" | "get the item: {people}";
    effect_lose(people: &str) = "verlieren ihn, ohne ihn erledigt zu haben: {people}" | "lose it without having done it: {people}";
    effect_keep_evidence(people: &str) = "werden nicht mehr danach gefragt und behalten ihren Nachweis: {people}" | "are asked for it no more and keep their evidence: {people}";
    effect_keep(people: &str) = "behalten ihn: {people}" | "keep it: {people}";
    effect_moved(people: &str) = "davon mit neuer Frist: {people}" | "of these with a new deadline: {people}";
    effect_nobody = "Für niemanden ändert sich etwas." | "Nothing changes for anybody.";
    effect_kept = "Nachweise und Verlauf bleiben in jedem Fall." | "Evidence and history stay in any case.";
    effect_unseen = "Gespeichert ist noch nichts: Sehen Sie erst an, was geschehen wird, und bestätigen Sie es dann." | "Nothing has been saved yet: look at what will happen first, then confirm it.";
    outdated = "Jemand anderes hat diese Regel inzwischen geändert. In den Feldern stehen Ihre Angaben; sehen Sie die Wirkung an, und speichern Sie, wenn sie gelten sollen." | "Somebody else changed this rule meanwhile. The fields hold your entries; look at the effect, and save if they are to count.";
    end_title(name: &str) = "Regel beenden: {name}" | "End rule: {name}";
    end_lead = "Danach wird der Punkt von niemandem mehr verlangt." | "After that the item is asked of nobody any more.";
    end_button = "Regel beenden" | "End rule";

    said_made(people: &str) = "Regel gespeichert. Neu verlangt von: {people}." | "Rule saved. Newly asked of: {people}.";
    said_changed = "Regel gespeichert." | "Rule saved.";
    said_ended = "Regel beendet. Nachweise und Verlauf bleiben." | "Rule ended. Evidence and history stay.";
    said_done = "Erledigt gemeldet." | "Reported as done.";
    said_confirmed = "Bestätigt." | "Confirmed.";
    rule_exists = "Dafür gibt es schon eine Regel. Ändern Sie diese." | "There is a rule for this already. Change that one.";
    asked_already = "Das steht fest, weil die Aufgabe schon jemandem gestellt wurde. Legen Sie dafür eine neue Regel an und beenden Sie diese." | "This is settled, because somebody was given this task already. Make a new rule for it and end this one.";
    too_many_tags(max: usize) = "Das sind zu viele Merkmale: höchstens {max}." | "These are too many tags: {max} at most.";
    too_many_values(max: usize) = "Das sind zu viele Angaben: höchstens {max}." | "These are too many entries: {max} at most.";

    person_tags = "Merkmale" | "Tags";
    person_tags_hint = "Mit Komma getrennt, etwa „Produktion, Rufbereitschaft“. Regeln können danach Gruppen bilden." | "Separated by commas, such as “production, on call”. Rules can form groups by them.";

    kind_instruction = "Aufgabe" | "Task";
    next_instruction_text = "Lesen Sie, was zu tun ist, und melden Sie es als erledigt." | "Read what there is to do, and report it as done.";
    next_instruction_button = "Aufgabe ansehen" | "Open the task";
    done_title = "Erledigt melden" | "Report as done";
    done_confirms = "Ich habe das erledigt, wie es hier beschrieben ist." | "I have done this as described here.";
    done_file = "Nachweis" | "Evidence";
    done_file_hint = "PDF, PNG oder JPEG, höchstens 10\u{A0}MiB." | "PDF, PNG or JPEG, 10\u{A0}MiB at most.";
    done_waits(who: &str) = "Danach bestätigt es noch: {who}." | "After that it is confirmed by: {who}.";
    done_button = "Als erledigt melden" | "Report as done";
    closed_done(date: &str) = "Sie haben das am {date} erledigt." | "You did this on {date}.";
    closed_waiting(date: &str) = "Sie haben das am {date} als erledigt gemeldet; die Bestätigung steht noch aus." | "You reported this as done on {date}; it is still to be confirmed.";
    was_reported = "gemeldet" | "reported";
    reported_on(date: &str) = "gemeldet am {date}" | "reported on {date}";
    was_done = "erledigt" | "done";
    confirm = "Bestätigen" | "Confirm";
    open_file = "Nachweis laden" | "Get evidence";
    waits_for(who: &str) = "Zu bestätigen: {who}" | "To be confirmed by: {who}";

    asked_no_more(date: &str) = "seit {date} nicht mehr verlangt; der Nachweis bleibt" | "asked for no more since {date}; the evidence stays";
    ended_out_of_group = "Grund: Die Regel gilt nicht mehr für diese Person." | "Reason: the rule is no longer for this person.";
    ended_rule_ended = "Grund: Die Regel wurde beendet." | "Reason: the rule has ended.";
    carried_over = "aus der früheren Anstellung, gilt weiter" | "from the earlier employment, still counts";
    carried_over_until(date: &str) = "aus der früheren Anstellung, gilt weiter bis {date}" | "from the earlier employment, still counts until {date}";

    rehire = "Wiedereintritt eintragen" | "Record return";
    rehire_lead(date: &str) = "Diese Person ist am {date} ausgeschieden." | "This person left on {date}.";
    rehire_reason_hint = "Steht später im Verlauf, zum Beispiel „Rückkehr nach Elternzeit“." | "Will stand in the history, for example “return after parental leave”.";
    rehire_effect_access = "Das Konto gilt wieder; frühere Rollen kommen nicht zurück." | "The account works again; earlier roles do not come back.";
    rehire_effect_evidence = "Frühere Nachweise bleiben. Was noch gilt, wird nicht erneut verlangt; auf der Seite der Person steht, wie lange." | "Earlier evidence stays. What still counts is not asked again; the person’s page says how long.";
    rehire_effect_open = "Was nicht mehr gilt oder damals offen blieb, wird neu verlangt, mit Fristen ab dem neuen ersten Arbeitstag. Die Einrichtung im Passwort-Manager wird immer neu verlangt." | "What counts no more or was left open then is asked again, with deadlines from the new first working day. Enrolment in the password manager is always asked again.";
    rehire_still_here = "Diese Person ist nicht ausgeschieden." | "This person has not left.";
    said_rehired = "Wiedereintritt eingetragen." | "Return recorded.";
    items_followed(given: usize, taken: usize) = "{given} dazu, {taken} weg" | "{given} added, {taken} removed";
}

/// `1 Tag`, `5 days`.
fn days_of(locale: Locale, n: u16) -> String {
    match locale {
        Locale::De => words::count(n.into(), "Tag", "Tage"),
        Locale::En => words::count(n.into(), "day", "days"),
    }
}

fn working_days_of(locale: Locale, n: u16) -> String {
    match locale {
        Locale::De => words::count(n.into(), "Arbeitstag", "Arbeitstage"),
        Locale::En => words::count(n.into(), "working day", "working days"),
    }
}

/// A deadline in words.
pub fn due(locale: Locale, rule: DueRule) -> String {
    match (rule, locale) {
        (DueRule::DaysBeforeStart(n), Locale::De) => format!("{} vor dem ersten Arbeitstag", days_of(locale, n)),
        (DueRule::DaysBeforeStart(n), Locale::En) => format!("{} before the first working day", days_of(locale, n)),
        (DueRule::ByStart, Locale::De) => "bis zum ersten Arbeitstag".to_owned(),
        (DueRule::ByStart, Locale::En) => "by the first working day".to_owned(),
        (DueRule::DaysAfterStart(n), Locale::De) => format!("{} nach dem ersten Arbeitstag", days_of(locale, n)),
        (DueRule::DaysAfterStart(n), Locale::En) => format!("{} after the first working day", days_of(locale, n)),
        (DueRule::WorkingDaysAfterStart(n), Locale::De) => format!("{} nach dem ersten Arbeitstag", working_days_of(locale, n)),
        (DueRule::WorkingDaysAfterStart(n), Locale::En) => format!("{} after the first working day", working_days_of(locale, n)),
        (DueRule::DaysAfterAssignment(n), Locale::De) => format!("{} nach der Zuweisung", days_of(locale, n)),
        (DueRule::DaysAfterAssignment(n), Locale::En) => format!("{} after assignment", days_of(locale, n)),
        (DueRule::WorkingDaysAfterAssignment(n), Locale::De) => format!("{} nach der Zuweisung", working_days_of(locale, n)),
        (DueRule::WorkingDaysAfterAssignment(n), Locale::En) => format!("{} after assignment", working_days_of(locale, n)),
    }
}

/// From what a deadline is counted, as a choice.
pub const fn counting_word(locale: Locale, counting: Counting) -> &'static str {
    let (german, english) = match counting {
        Counting::BeforeStart => ("in Tagen vor dem ersten Arbeitstag", "in days before the first working day"),
        Counting::ByStart => ("bis zum ersten Arbeitstag", "by the first working day"),
        Counting::AfterStart => ("in Tagen nach dem ersten Arbeitstag", "in days after the first working day"),
        Counting::WorkingAfterStart => ("in Arbeitstagen nach dem ersten Arbeitstag", "in working days after the first working day"),
        Counting::AfterAssignment => ("in Tagen nach der Zuweisung", "in days after assignment"),
        Counting::WorkingAfterAssignment => ("in Arbeitstagen nach der Zuweisung", "in working days after assignment"),
    };
    match locale {
        Locale::De => german,
        Locale::En => english,
    }
}

pub const fn recurrence_word(locale: Locale, recurrence: Recurrence) -> &'static str {
    let (german, english) = match recurrence {
        Recurrence::Never => ("einmal", "once"),
        Recurrence::Yearly => ("jedes Jahr", "every year"),
    };
    match locale {
        Locale::De => german,
        Locale::En => english,
    }
}

pub const fn confirmer(locale: Locale, confirmer: Confirmer) -> &'static str {
    match confirmer {
        Confirmer::Hr => confirmer_hr(locale),
        Confirmer::Security => confirmer_security(locale),
        Confirmer::Manager => confirmer_manager(locale),
    }
}

/// A group in words.
pub fn group(locale: Locale, group: &Group) -> String {
    let (everybody, or) = match locale {
        Locale::De => ("alle", "; oder "),
        Locale::En => ("everybody", "; or "),
    };
    let alternatives: Vec<_> = group.alternatives().iter().map(|one| alternative(locale, one)).collect();
    if alternatives.is_empty() {
        everybody.to_owned()
    } else {
        alternatives.join(or)
    }
}

fn alternative(locale: Locale, one: &Alternative) -> String {
    let any = |words: Vec<String>| {
        let or = match locale {
            Locale::De => " oder ",
            Locale::En => " or ",
        };
        (!words.is_empty()).then(|| words.join(or))
    };
    let lines = |lines: &[Line]| lines.iter().map(|line| line.as_str().to_owned()).collect::<Vec<_>>();
    let kind = |kind: PersonKind| words::person_kind(locale, kind).to_owned();
    let parts = [
        one.kind.map(kind),
        any(one
            .countries
            .iter()
            .map(|country: &Country| checks::country(locale, country.as_str()))
            .collect()),
        any(lines(&one.departments)),
        any(lines(&one.titles)),
        any(one.tags.iter().map(|tag| format!("#{}", tag.as_str())).collect()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
