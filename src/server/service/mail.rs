//! Mails, rendered when they are sent or looked at: the outbox holds what they are about, never a usable link.

use super::App;
use crate::{
    domain::{
        Instant,
        factor::Notice,
        ids::{InvitationId, PasswordResetId},
        locale::Locale,
    },
    server::{
        auth::seal::{invitation_token, password_reset_token},
        zones,
    },
};
use time::Date;

/// A mail ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub recipient: String,
    pub subject: String,
    /// Plain text; the only form for now.
    pub text: String,
    /// The link in the text, if it has one that opens something.
    pub link: Option<String>,
}

/// The address of a personal link.
fn invitation_link(app: &App, id: InvitationId) -> String {
    format!("{}/invitation/{}", app.settings().base_url, invitation_token(&app.settings().key, id))
}

/// The mail that brings a personal link.
pub fn invitation(app: &App, id: InvitationId, recipient: &str, name: &str, start: Date, locale: Locale) -> Mail {
    let company = &app.settings().company;
    let link = invitation_link(app, id);
    let (subject, text) = match locale {
        Locale::De => (
            format!("Ihr Start bei {company}: Ihre Checkliste"),
            format!(
                "Guten Tag {name},\n\n\
                 willkommen bei {company}! Ihr erster Arbeitstag ist der {}.\n\n\
                 Vor und nach dem Start gibt es einige Punkte zu erledigen, zuerst die Vertraulichkeitsvereinbarung. \
                 Mit diesem persönlichen Link öffnen Sie Ihre Checkliste, auch auf dem Telefon:\n\n{link}\n\n\
                 Der Link gilt 14 Tage und nur für Sie. Bitte leiten Sie ihn nicht weiter. \
                 Ist er abgelaufen, können Sie auf derselben Seite einen neuen anfordern.\n\n\
                 Freundliche Grüße\n{company}\n",
                date_in(locale, start)
            ),
        ),
        Locale::En => (
            format!("Your start at {company}: your checklist"),
            format!(
                "Hello {name},\n\n\
                 welcome to {company}! Your first working day is {}.\n\n\
                 There are a few things to do before and after you start, first of all the confidentiality agreement. \
                 This personal link opens your checklist, on your phone too:\n\n{link}\n\n\
                 The link is valid for 14 days and for you alone. Please do not pass it on. \
                 If it has expired, you can ask for a new one on the same page.\n\n\
                 Kind regards\n{company}\n",
                date_in(locale, start)
            ),
        ),
    };
    Mail {
        recipient: recipient.to_owned(),
        subject,
        text,
        link: Some(link),
    }
}

/// The mail that brings a link for a new password.
pub fn password_reset(app: &App, id: PasswordResetId, recipient: &str, name: &str, locale: Locale) -> Mail {
    let company = &app.settings().company;
    let link = format!("{}/reset-password/{}", app.settings().base_url, password_reset_token(&app.settings().key, id));
    let (subject, text) = match locale {
        Locale::De => (
            format!("Neues Passwort für Antritt bei {company}"),
            format!(
                "Guten Tag {name},\n\n\
                 jemand, wahrscheinlich Sie, hat ein neues Passwort für Ihr Konto angefordert. Mit diesem Link setzen Sie es:\n\n{link}\n\n\
                 Der Link gilt 30 Minuten und nur einmal.\n\n\
                 Wenn Sie nichts angefordert haben, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist.\n\n\
                 Freundliche Grüße\n{company}\n"
            ),
        ),
        Locale::En => (
            format!("New password for Antritt at {company}"),
            format!(
                "Hello {name},\n\n\
                 somebody, probably you, asked for a new password for your account. This link lets you set it:\n\n{link}\n\n\
                 The link is valid for 30 minutes and works once.\n\n\
                 If you did not ask for it, there is nothing to do: your password stays as it is.\n\n\
                 Kind regards\n{company}\n"
            ),
        ),
    };
    Mail {
        recipient: recipient.to_owned(),
        subject,
        text,
        link: Some(link),
    }
}

/// The mail that says that the password changed: when, and by which device. It has no link that changes anything.
pub fn password_changed(app: &App, at: Instant, device: &str, recipient: &str, name: &str, locale: Locale) -> Mail {
    let company = &app.settings().company;
    let zone = &app.settings().time_zone;
    let (day, (hour, minute)) = (date_in(locale, zones::local_date(zone, at)), zones::local_time(zone, at));
    let sign_in = format!("{}/sign-in", app.settings().base_url);
    let (subject, text) = match locale {
        Locale::De => (
            "Ihr Passwort wurde geändert".to_owned(),
            format!(
                "Guten Tag {name},\n\n\
                 das Passwort Ihres Kontos bei Antritt ({company}) wurde am {day} um {hour:02}:{minute:02} Uhr ({zone}) geändert. Gerät: {device}. \
                 Alle anderen Anmeldungen sind beendet.\n\n\
                 Wenn Sie das waren, ist nichts zu tun.\n\n\
                 Wenn Sie das nicht waren, fordern Sie sofort ein neues Passwort an („Passwort vergessen“ auf {sign_in}) und sagen Sie Ihrer Sicherheit Bescheid.\n\n\
                 Freundliche Grüße\n{company}\n"
            ),
        ),
        Locale::En => (
            "Your password was changed".to_owned(),
            format!(
                "Hello {name},\n\n\
                 the password of your Antritt account ({company}) was changed on {day} at {hour:02}:{minute:02} ({zone}). Device: {device}. \
                 All other sessions have ended.\n\n\
                 If this was you, there is nothing to do.\n\n\
                 If it was not, ask for a new password at once (“Forgotten your password” on {sign_in}) and tell your security team.\n\n\
                 Kind regards\n{company}\n"
            ),
        ),
    };
    Mail {
        recipient: recipient.to_owned(),
        subject,
        text,
        link: None,
    }
}

/// The mail that says what happened to somebody's second factors. It has no link that changes anything.
pub fn factor_notice(app: &App, notice: Notice, at: Instant, recipient: &str, name: &str, locale: Locale) -> Mail {
    let company = &app.settings().company;
    let zone = &app.settings().time_zone;
    let (day, (hour, minute)) = (date_in(locale, zones::local_date(zone, at)), zones::local_time(zone, at));
    let account = format!("{}/account/factors", app.settings().base_url);
    let happened = what_happened(locale, notice);
    let text = match locale {
        Locale::De => format!(
            "Guten Tag {name},\n\n\
             zu Ihrem Konto bei Antritt ({company}), am {day} um {hour:02}:{minute:02} Uhr ({zone}): {happened}\n\n\
             Wenn Sie das waren oder darum gebeten haben, ist nichts zu tun.\n\n\
             Wenn nicht, ändern Sie sofort Ihr Passwort, prüfen Sie Ihre Faktoren auf {account} und sagen Sie Ihrer Sicherheit Bescheid.\n\n\
             Freundliche Grüße\n{company}\n"
        ),
        Locale::En => format!(
            "Hello {name},\n\n\
             about your Antritt account ({company}), on {day} at {hour:02}:{minute:02} ({zone}): {happened}\n\n\
             If this was you, or you asked for it, there is nothing to do.\n\n\
             If not, change your password at once, check your factors at {account} and tell your security team.\n\n\
             Kind regards\n{company}\n"
        ),
    };
    Mail {
        recipient: recipient.to_owned(),
        subject: match locale {
            Locale::De => "Ihr zweiter Faktor bei Antritt",
            Locale::En => "Your second factor at Antritt",
        }
        .to_owned(),
        text,
        link: None,
    }
}

/// What happened, as a sentence.
const fn what_happened(locale: Locale, notice: Notice) -> &'static str {
    let (german, english) = match notice {
        Notice::Added => ("Ein zweiter Faktor wurde hinzugefügt.", "A second factor was added."),
        Notice::Removed => ("Ein zweiter Faktor wurde entfernt.", "A second factor was removed."),
        Notice::Reset => (
            "Alle zweiten Faktoren und Wiederherstellungscodes wurden zurückgesetzt, alle Anmeldungen sind beendet.",
            "All second factors and recovery codes were reset, and all sessions have ended.",
        ),
        Notice::CodesMade => (
            "Neue Wiederherstellungscodes wurden erzeugt; die alten gelten nicht mehr.",
            "New recovery codes were made; the old ones stopped working.",
        ),
        Notice::CodeUsed => (
            "Jemand hat sich mit einem Wiederherstellungscode ausgewiesen.",
            "Somebody used a recovery code.",
        ),
        Notice::PasskeyRefused => (
            "Ein Passkey wurde abgelehnt, weil es eine Kopie davon geben könnte. Entfernen Sie ihn und legen Sie einen neuen an.",
            "A passkey was refused, as there may be a copy of it. Remove it and create a new one.",
        ),
    };
    match locale {
        Locale::De => german,
        Locale::En => english,
    }
}

/// `1.12.2026`, `1 December 2026`.
fn date_in(locale: Locale, date: Date) -> String {
    match locale {
        Locale::De => format!("{}.{}.{}", date.day(), u8::from(date.month()), date.year()),
        Locale::En => format!("{} {} {}", date.day(), date.month(), date.year()),
    }
}
