//! What a mail of reminders says: one's own open items, and what to know about others. Its subject names nobody, as mails are read on
//! lock screens.

use super::{
    App,
    mail::{Mail, date_in, invitation_link},
};
use crate::{
    domain::{
        ids::InvitationId,
        locale::{Bilingual, Locale},
        reminders::{Rule, WEEKLY},
        requirement::RequirementKind,
    },
    server::store::{assignments::Assignment, digests::Told},
};
use std::fmt::Write;
use time::Date;

/// Lines about others in one mail; the rest is where its link leads.
const LINES: usize = 40;

/// How the reader gets to their list.
pub(super) enum Way {
    /// By signing in.
    Password,
    /// By the personal link.
    Link(InvitationId),
    /// By asking for a personal link.
    Request,
}

/// What there is to say.
pub(super) struct Digest<'a> {
    pub name: &'a str,
    /// Today where the reader is.
    pub today: Date,
    /// The reader's own open items.
    pub own: Vec<Assignment>,
    pub way: Way,
    /// About the reader's people.
    pub team: Vec<Told>,
    /// About others, for HR.
    pub others: Vec<Told>,
}

/// The mail.
pub(super) fn digest(app: &App, recipient: &str, locale: Locale, digest: &Digest<'_>) -> Mail {
    let company = &app.settings().company;
    let mut text = match locale {
        Locale::De => format!("Guten Tag {},\n\n", digest.name),
        Locale::En => format!("Hello {},\n\n", digest.name),
    };
    let link = (!digest.own.is_empty()).then(|| own(app, locale, digest, &mut text));
    let base = &app.settings().base_url;
    for (title, told, page) in [
        (team_title(locale), &digest.team, format!("{base}/people")),
        (others_title(locale), &digest.others, format!("{base}/hr")),
    ] {
        if !told.is_empty() {
            others(locale, title, told, &page, &mut text);
        }
    }
    text.push_str(match locale {
        Locale::De => "Freundliche Grüße\n",
        Locale::En => "Kind regards\n",
    });
    text.push_str(company);
    text.push('\n');
    Mail {
        recipient: recipient.to_owned(),
        subject: subject(locale, company, digest),
        text,
        link,
    }
}

fn subject(locale: Locale, company: &str, digest: &Digest<'_>) -> String {
    let people = digest.team.len() + digest.others.len();
    match (locale, digest.own.len(), people) {
        (Locale::De, 0, 1) => format!("Ein offener Punkt braucht Ihre Hilfe ({company})"),
        (Locale::De, 0, n) => format!("{n} offene Punkte brauchen Ihre Hilfe ({company})"),
        (Locale::De, 1, _) => format!("Noch ein Punkt auf Ihrer Checkliste bei {company}"),
        (Locale::De, n, _) => format!("Noch {n} Punkte auf Ihrer Checkliste bei {company}"),
        (Locale::En, 0, 1) => format!("An open item needs your help ({company})"),
        (Locale::En, 0, n) => format!("{n} open items need your help ({company})"),
        (Locale::En, 1, _) => format!("One item left on your checklist at {company}"),
        (Locale::En, n, _) => format!("{n} items left on your checklist at {company}"),
    }
}

/// The reader's own items. Returns the link that opens something by itself, else where the list is.
fn own(app: &App, locale: Locale, digest: &Digest<'_>, text: &mut String) -> String {
    let company = &app.settings().company;
    let _ = match locale {
        Locale::De => write!(text, "auf Ihrer Checkliste bei {company} ist noch offen:\n\n"),
        Locale::En => write!(text, "still open on your checklist at {company}:\n\n"),
    };
    for item in &digest.own {
        let title = title(locale, item.kind, item.title.as_ref());
        let _ = writeln!(text, "- {title}: {}", due(locale, item.deadline.due_on, digest.today));
    }
    let minutes: i64 = digest.own.iter().map(|item| item.minutes).sum();
    let base = &app.settings().base_url;
    let (link, german, english) = match digest.way {
        Way::Link(id) => (
            invitation_link(app, id),
            "Mit diesem persönlichen Link öffnen Sie Ihre Checkliste. Bitte leiten Sie ihn nicht weiter.",
            "This personal link opens your checklist. Please do not pass it on.",
        ),
        Way::Password => (format!("{base}/checklist"), "Hier geht es weiter:", "This is where you go on:"),
        Way::Request => (
            format!("{base}/sign-in"),
            "Ihr persönlicher Link gilt nicht mehr. Hier fordern Sie mit dieser E-Mail-Adresse einen neuen an:",
            "Your personal link is no longer valid. Ask for a new one here, with this e-mail address:",
        ),
    };
    let rules = rules(locale);
    let _ = match locale {
        Locale::De => write!(
            text,
            "\nZusammen etwa {}. {german}\n\n{link}\n\n{rules}\n\n",
            count(minutes, "Minute", "Minuten")
        ),
        Locale::En => write!(
            text,
            "\nAbout {} in all. {english}\n\n{link}\n\n{rules}\n\n",
            count(minutes, "minute", "minutes")
        ),
    };
    link
}

/// When reminders come, and who can stop them.
fn rules(locale: Locale) -> String {
    match locale {
        Locale::De => format!(
            "Wir erinnern sieben und zwei Tage vor einer Frist, am letzten Tag und danach noch {WEEKLY}-mal wöchentlich. \
             Steht etwas im Weg, sagen Sie bitte der Personalabteilung Bescheid; sie kann die Erinnerungen anhalten."
        ),
        Locale::En => format!(
            "We remind you seven and two days before a deadline, on the last day, and then weekly, {WEEKLY} times. \
             If something stands in the way, please tell HR, who can pause the reminders."
        ),
    }
}

/// What there is to know about others, one line each.
fn others(locale: Locale, title: &str, told: &[Told], page: &str, text: &mut String) {
    let _ = write!(text, "{title}\n{}\n\n", "-".repeat(title.chars().count()));
    for line in told.iter().take(LINES) {
        let item = self::title(locale, line.kind, line.title.as_ref());
        let why = match (locale, line.rule) {
            (Locale::De, Rule::NdaAtRisk) => format!("nicht unterschrieben, erster Arbeitstag {}", date_in(locale, line.start_date)),
            (Locale::En, Rule::NdaAtRisk) => format!("not signed, first working day {}", date_in(locale, line.start_date)),
            (Locale::De, _) => format!("fällig am {}, {WEEKLY}-mal wöchentlich erinnert", date_in(locale, line.due_on)),
            (Locale::En, _) => format!("due on {}, reminded weekly {WEEKLY} times", date_in(locale, line.due_on)),
        };
        let _ = writeln!(text, "- {}: {item}, {why}", line.name);
    }
    let more = told.len().saturating_sub(LINES);
    if more > 0 {
        let _ = match locale {
            Locale::De => writeln!(text, "- und {more} weitere"),
            Locale::En => writeln!(text, "- and {more} more"),
        };
    }
    text.push_str(match locale {
        Locale::De => "\nBitte sprechen Sie mit der Person. Hier sehen Sie, wie es steht:\n\n",
        Locale::En => "\nPlease talk to the person. This is where you see how things stand:\n\n",
    });
    let _ = write!(text, "{page}\n\n");
}

const fn team_title(locale: Locale) -> &'static str {
    match locale {
        Locale::De => "Ihr Team",
        Locale::En => "Your team",
    }
}

const fn others_title(locale: Locale) -> &'static str {
    match locale {
        Locale::De => "Für die Personalabteilung",
        Locale::En => "For HR",
    }
}

/// With its date: nobody knows when a mail is read.
fn due(locale: Locale, due_on: Date, today: Date) -> String {
    let date = date_in(locale, due_on);
    match locale {
        Locale::De if due_on < today => format!("überfällig seit {date}"),
        Locale::De if due_on == today => format!("heute fällig ({date})"),
        Locale::De => format!("bis {date}"),
        Locale::En if due_on < today => format!("overdue since {date}"),
        Locale::En if due_on == today => format!("due today ({date})"),
        Locale::En => format!("by {date}"),
    }
}

fn title(locale: Locale, kind: RequirementKind, title: Option<&Bilingual>) -> String {
    use RequirementKind as K;
    let (german, english) = match (kind, title) {
        (K::Policy | K::Training | K::Instruction, Some(title)) => return title.or_other(locale).to_owned(),
        (K::Nda, _) => ("Vertraulichkeitsvereinbarung (NDA)", "Confidentiality agreement (NDA)"),
        (K::BackgroundCheck, _) => ("Hintergrundüberprüfung", "Background check"),
        (K::Policy, None) => ("Richtlinie", "Policy"),
        (K::Training, None) => ("Sicherheitsschulung", "Security training"),
        (K::Instruction, None) => ("Aufgabe", "Task"),
        (K::PasswordManager, _) => ("Passwort-Manager", "Password manager"),
    };
    match locale {
        Locale::De => german,
        Locale::En => english,
    }
    .to_owned()
}

fn count(n: i64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
