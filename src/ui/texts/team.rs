//! A manager's team, and the nudge.

texts! {
    title = "Mein Team" | "My team";
    lead = "Was Ihre Leute erledigt haben, was noch fehlt und bis wann." | "What your people have done, what is missing and by when.";
    empty_title = "Noch niemand in Ihrem Team" | "Nobody in your team yet";
    empty_text = "Hier steht, wer an Sie berichtet und noch im Unternehmen ist." | "People who report to you and are still with the company are listed here.";
    starts(day: &str) = "Erster Arbeitstag: {day}" | "First working day: {day}";
    progress(done: usize, all: usize) = "{done} von {all} erledigt" | "{done} of {all} done";
    all_done = "Alles erledigt" | "All done";
    still_open = "Noch offen" | "Still to do";
    waits = "Wartet auf Bestätigung" | "Waits for confirmation";
    passed(n: usize) = "Erledigt ({n})" | "Done ({n})";
    was_late = "verspätet" | "late";
    nudge = "Freundlich erinnern" | "Send a friendly reminder";
    nudge_whom(name: &str) = ": {name}" | ": {name}";
    nudged_on(day: &str) = "Am {day} erinnert" | "Reminded on {day}";
    nudge_lead = "Eine Erinnerung ist eine kurze Mail mit dem Weg zur Checkliste; alle drei Tage geht höchstens eine an dieselbe Person." | "A reminder is a short mail with the way to the checklist; at most one in three days goes to the same person.";
    said_nudged(name: &str) = "{name} bekommt eine freundliche Erinnerung." | "{name} will get a friendly reminder.";
    nothing_to_do = "Für diese Person ist gerade nichts zu tun." | "There is nothing for this person to do at present.";
    nudged_lately = "Diese Person wurde in den letzten drei Tagen schon erinnert." | "This person was reminded within the last three days already.";
    reminders_paused = "Die Personalabteilung hat Erinnerungen an diese Person gerade ausgesetzt." | "HR has paused reminders to this person for now.";
    mail_kind = "Erinnerung durch die Führungskraft" | "Reminder by the manager";
}
