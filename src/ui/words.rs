//! Values in the reader's words: dates, due dates as people say them, kinds, standings, counts.

use crate::{
    domain::{
        Instant,
        compliance::{Light, Standing},
        deadlines::{Closeness, closeness},
        locale::Locale,
        person::PersonKind,
        requirement::RequirementKind,
        roles::Role,
    },
    server::{
        service::{roles::BY_COMMAND_LINE, rows::Assignment},
        zones,
    },
    ui::texts::{accounts, common as t, rules},
};
use time::Date;

pub use crate::domain::locale::{day_and_month, written_date as date};

const DAYS_DE: [&str; 7] = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
const DAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Why somebody holds a role, in the words on record but for those that the program wrote itself.
pub fn role_reason(locale: Locale, recorded: &str) -> &str {
    match recorded {
        "" => accounts::no_reason(locale),
        BY_COMMAND_LINE => accounts::by_command_line(locale),
        words => words,
    }
}

/// `Dienstag`, `Tuesday`.
pub fn weekday(locale: Locale, date: Date) -> &'static str {
    let day = usize::from(date.weekday().number_days_from_monday());
    match locale {
        Locale::De => DAYS_DE[day],
        Locale::En => DAYS_EN[day],
    }
}

/// `Dienstag, 1. Dezember 2026`, `Tuesday, 1 December 2026`.
pub fn long_date(locale: Locale, day: Date) -> String {
    format!("{}, {}", weekday(locale, day), date(locale, day))
}

/// `01.12.2026`, `2026-12-01`: for tables.
pub fn short_date(locale: Locale, date: Date) -> String {
    let month = u8::from(date.month());
    match locale {
        Locale::De => format!("{:02}.{month:02}.{}", date.day(), date.year()),
        Locale::En => format!("{}-{month:02}-{:02}", date.year(), date.day()),
    }
}

/// Date and time on the wall in a zone: `1. Dezember 2026, 09:02`.
pub fn moment(locale: Locale, zone: &str, at: Instant) -> String {
    let (hour, minute) = zones::local_time(zone, at);
    format!("{}, {hour:02}:{minute:02}", date(locale, zones::local_date(zone, at)))
}

/// A due date as people say it: `heute`, `bis Freitag`, `bis 12. Dezember`, `seit 3 Tagen fällig`.
pub fn due(locale: Locale, due_on: Date, today: Date) -> String {
    match (locale, closeness(due_on, today)) {
        (Locale::De, Closeness::Overdue(1)) => "seit gestern überfällig".to_owned(),
        (Locale::De, Closeness::Overdue(days)) => format!("seit {days}\u{A0}Tagen überfällig"),
        (Locale::De, Closeness::Today) => "bis heute Abend".to_owned(),
        (Locale::De, Closeness::Tomorrow) => "bis morgen".to_owned(),
        (Locale::De, Closeness::ThisWeek) => format!("bis {}", weekday(locale, due_on)),
        (Locale::De, Closeness::Later) => format!("bis {}", day_and_month(locale, due_on)),
        (Locale::En, Closeness::Overdue(1)) => "overdue since yesterday".to_owned(),
        (Locale::En, Closeness::Overdue(days)) => format!("overdue for {days}\u{A0}days"),
        (Locale::En, Closeness::Today) => "by tonight".to_owned(),
        (Locale::En, Closeness::Tomorrow) => "by tomorrow".to_owned(),
        (Locale::En, Closeness::ThisWeek) => format!("by {}", weekday(locale, due_on)),
        (Locale::En, Closeness::Later) => format!("by {}", day_and_month(locale, due_on)),
    }
}

/// How far a day is from today: `heute`, `in 8 Tagen`, `vor 2 Tagen`.
pub fn distance(locale: Locale, day: Date, today: Date) -> String {
    match (locale, (day - today).whole_days()) {
        (Locale::De, 0) => "heute".to_owned(),
        (Locale::De, 1) => "morgen".to_owned(),
        (Locale::De, -1) => "gestern".to_owned(),
        (Locale::De, days) if days > 0 => format!("in {days}\u{A0}Tagen"),
        (Locale::De, days) => format!("vor {}\u{A0}Tagen", -days),
        (Locale::En, 0) => "today".to_owned(),
        (Locale::En, 1) => "tomorrow".to_owned(),
        (Locale::En, -1) => "yesterday".to_owned(),
        (Locale::En, days) if days > 0 => format!("in {days}\u{A0}days"),
        (Locale::En, days) => format!("{}\u{A0}days ago", -days),
    }
}

/// A number with its noun in the right form: `1 Person`, `4 Personen`.
pub fn count(n: i64, one: &str, many: &str) -> String {
    format!("{n}\u{A0}{}", if n == 1 { one } else { many })
}

/// `4 Personen`, `1 person`.
pub fn people(locale: Locale, n: i64) -> String {
    match locale {
        Locale::De => count(n, "Person", "Personen"),
        Locale::En => count(n, "person", "people"),
    }
}

/// `4 Minuten`, `1 minute`.
pub fn minutes(locale: Locale, n: i64) -> String {
    match locale {
        Locale::De => count(n, "Minute", "Minuten"),
        Locale::En => count(n, "minute", "minutes"),
    }
}

/// A share in percent without decimals, rounded down so that 100 % means all; none of nothing.
pub fn percent(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| part * 100 / whole)
}

pub const fn requirement_kind(locale: Locale, kind: RequirementKind) -> &'static str {
    match kind {
        RequirementKind::Nda => t::kind_nda(locale),
        RequirementKind::BackgroundCheck => t::kind_background_check(locale),
        RequirementKind::Policy => t::kind_policy(locale),
        RequirementKind::Training => t::kind_training(locale),
        RequirementKind::PasswordManager => t::kind_password_manager(locale),
        RequirementKind::Instruction => rules::kind_instruction(locale),
    }
}

/// What an item is called: the title of its policy, course or instruction, else its kind.
pub fn item_title(locale: Locale, item: &Assignment) -> String {
    match (item.kind, &item.title) {
        (RequirementKind::Policy | RequirementKind::Training | RequirementKind::Instruction, Some(title)) => title.get(locale).to_owned(),
        (kind, _) => requirement_kind(locale, kind).to_owned(),
    }
}

/// The icon of a kind of item.
pub const fn kind_icon(kind: RequirementKind) -> &'static str {
    match kind {
        RequirementKind::Nda => "signature",
        RequirementKind::BackgroundCheck => "shield-check",
        RequirementKind::Policy => "document",
        RequirementKind::Training => "book",
        RequirementKind::PasswordManager => "key",
        RequirementKind::Instruction => "list",
    }
}

pub const fn person_kind(locale: Locale, kind: PersonKind) -> &'static str {
    match kind {
        PersonKind::Employee => t::person_employee(locale),
        PersonKind::Contractor => t::person_contractor(locale),
    }
}

pub const fn role(locale: Locale, role: Role) -> &'static str {
    match role {
        Role::Hr => t::role_hr(locale),
        Role::Security => t::role_security(locale),
        Role::Auditor => t::role_auditor(locale),
        Role::Admin => t::role_admin(locale),
    }
}

/// The word for a standing, its tone (a class) and its icon.
pub const fn standing(locale: Locale, standing: Standing) -> (&'static str, &'static str, &'static str) {
    match standing {
        Standing::Open => (t::standing_open(locale), "open", "circle"),
        Standing::Overdue => (t::standing_overdue(locale), "overdue", "alert"),
        Standing::Waiting => (t::standing_waiting(locale), "waiting", "hourglass"),
        Standing::Done => (t::standing_done(locale), "done", "check-circle"),
        Standing::DoneLate => (t::standing_done_late(locale), "late", "clock"),
        Standing::Failed => (t::standing_failed(locale), "red", "x-circle"),
        Standing::Exempt => (t::standing_exempt(locale), "ended", "minus-circle"),
        Standing::Ended => (t::standing_ended(locale), "ended", "minus-circle"),
    }
}

/// The word for a light, and its icon; the tone is the light's own word.
pub const fn light(locale: Locale, light: Light) -> (&'static str, &'static str) {
    match light {
        Light::Red => (t::light_red(locale), "x-circle"),
        Light::Amber => (t::light_amber(locale), "alert"),
        Light::Green => (t::light_green(locale), "check-circle"),
    }
}

/// Up to two initials for an avatar.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    words
        .next_back()
        .into_iter()
        .fold(first.into_iter().collect(), |initials: String, last| format!("{initials}{last}"))
        .to_uppercase()
}
