//! Reminders: why one was sent, and how they are paused.

use crate::{
    domain::{
        locale::Locale,
        reminders::{Rule, WEEKLY},
    },
    server::service::outbox::SendError,
};

texts! {
    title = "Erinnerungen" | "Reminders";
    lead(name: &str) = "Woran {name} erinnert wurde, und wie Sie die Erinnerungen anhalten." | "What {name} was reminded of, and how to pause the reminders.";
    fact_paused = "Erinnerungen angehalten bis" | "Reminders paused until";
    pause_title = "Erinnerungen anhalten" | "Pause reminders";
    pause_change_title = "Pause ändern" | "Change the pause";
    pause_until = "Bis einschließlich" | "Up to and including";
    pause_until_hint = "Höchstens zwölf Monate. Danach geht es von selbst weiter." | "Twelve months at most. They go on by themselves afterwards.";
    pause_reason = "Grund" | "Reason";
    pause_reason_hint = "Steht im Verlauf. Bitte keine Angaben zur Gesundheit; „abwesend“ genügt." | "Will stand in the history. Please nothing about health; “away” is enough.";
    pause_button = "Anhalten" | "Pause";
    resume_button = "Erinnerungen wieder aufnehmen" | "Resume reminders";
    paused_until(day: &str) = "Bis einschließlich {day} bekommt diese Person keine Erinnerungen." | "This person gets no reminders up to and including {day}.";
    effect_mails = "Es gehen keine Erinnerungen an die Person; Fristen laufen weiter." | "No reminders go to the person; deadlines stay as they are.";
    effect_gate = "Fehlt das NDA kurz vor dem Start, erfahren Sie und die Führungskraft es trotzdem." | "If the NDA is missing shortly before the start, you and the manager hear of it all the same.";
    effect_after = "Nach der Pause kommt, was versäumt wurde, in einer einzigen Mail." | "After the pause, what was missed comes in a single mail.";
    has_left = "Diese Person ist ausgeschieden und bekommt keine Erinnerungen." | "This person has left and gets no reminders.";
    history_title = "Bisher" | "So far";
    empty_title = "Noch keine Erinnerung" | "No reminder yet";
    empty_text = "Antritt erinnert sieben und zwei Tage vor einer Frist, am letzten Tag und danach wöchentlich, werktags zwischen 8 und 18 Uhr am Ort der Person." | "Antritt reminds people seven and two days before a deadline, on the last day, and then weekly, on working days between 8:00 and 18:00 where the person is.";
    column_day = "Tag" | "Day";
    column_what = "Woran" | "Of what";
    column_why = "Warum" | "Why";
    sent = "Verschickt" | "Sent";
    waiting = "Wartet auf Versand" | "Waiting to be sent";
    reported = "Gemeldet" | "Reported";
    said_paused = "Die Erinnerungen sind angehalten." | "Reminders are paused.";
    said_resumed = "Die Erinnerungen laufen wieder." | "Reminders go on.";
    rule_week_before = "sieben Tage vor der Frist" | "seven days before the deadline";
    rule_two_days_before = "zwei Tage vor der Frist" | "two days before the deadline";
    rule_due_day = "am letzten Tag" | "on the last day";
    rule_overdue(number: u8, of: u8) = "überfällig, {number}. von {of} wöchentlichen Erinnerungen" | "overdue, weekly reminder {number} of {of}";
    rule_handed_over = "oft genug erinnert: Personalabteilung und Führungskraft sind dran" | "reminded often enough: now for HR and the manager";
    rule_nda_at_risk = "nicht unterschrieben, der erste Arbeitstag ist nah" | "not signed, and the first working day is near";
    mail_refused(code: u16) = "Die letzte E-Mail an diese Person kam nicht an: Der Mailserver nimmt sie nicht an (Antwort {code}). Bitte prüfen Sie die E-Mail-Adresse; Antritt versucht es weiter." | "The last e-mail to this person did not arrive: the mail server refuses it (answer {code}). Please check the e-mail address; Antritt keeps trying.";
    mail_address = "Die letzte E-Mail an diese Person kam nicht an: An diese Adresse kann man nicht schreiben. Bitte berichtigen Sie sie." | "The last e-mail to this person did not arrive: nobody can write to this address. Please correct it.";
    mail_waits = "Die letzte E-Mail an diese Person konnte noch nicht zugestellt werden, weil der Mailserver nicht erreichbar ist. Antritt versucht es weiter." | "The last e-mail to this person could not be delivered yet, as the mail server cannot be reached. Antritt keeps trying.";
}

/// By which rule a reminder is sent.
pub fn rule(locale: Locale, rule: Rule) -> String {
    match rule {
        Rule::WeekBefore => rule_week_before(locale).to_owned(),
        Rule::TwoDaysBefore => rule_two_days_before(locale).to_owned(),
        Rule::DueDay => rule_due_day(locale).to_owned(),
        Rule::Overdue(number) => rule_overdue(locale, number, WEEKLY),
        Rule::HandedOver => rule_handed_over(locale).to_owned(),
        Rule::NdaAtRisk => rule_nda_at_risk(locale).to_owned(),
    }
}

/// An item, and by which rule a reminder of it is sent: `NDA: on the last day`.
pub fn why(locale: Locale, item: &str, sent_by: Rule) -> String {
    format!("{item}: {}", rule(locale, sent_by))
}

/// About how many open items of others a mail tells.
pub fn about_others(locale: Locale, n: i64) -> String {
    match (locale, n) {
        (Locale::De, 1) => "ein offener Punkt von jemand anderem".to_owned(),
        (Locale::De, n) => format!("{n} offene Punkte von anderen"),
        (Locale::En, 1) => "one open item of somebody else".to_owned(),
        (Locale::En, n) => format!("{n} open items of others"),
    }
}

/// Why the last mail did not arrive, for HR.
pub fn failure(locale: Locale, stored: &str) -> String {
    match SendError::from_stored(stored) {
        Some(SendError::Answer(code)) => mail_refused(locale, code),
        Some(SendError::Address) => mail_address(locale).to_owned(),
        _ => mail_waits(locale).to_owned(),
    }
}
