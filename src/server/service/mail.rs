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
    /// Plain text, from which `mail_html` makes the other form.
    pub text: String,
    /// The link in the text, if it has one that opens something.
    pub link: Option<String>,
}

impl Mail {
    /// One that opens nothing.
    fn without_link(recipient: &str, subject: String, text: String) -> Self {
        Self {
            recipient: recipient.to_owned(),
            subject,
            text,
            link: None,
        }
    }
}

/// The address of a personal link.
pub(super) fn invitation_link(app: &App, id: InvitationId) -> String {
    format!("{}/invitation/{}", app.settings().base_url, invitation_token(&app.settings().key, id))
}

/// Somebody's first working day.
#[derive(Clone, Copy)]
pub struct Start {
    pub day: Date,
    /// Whether it was over when the mail was queued: nobody is welcomed twice.
    pub is_over: bool,
}

/// The mail that brings a personal link.
pub fn invitation(app: &App, id: InvitationId, recipient: &str, name: &str, start: Start, locale: Locale) -> Mail {
    let link = invitation_link(app, id);
    let (subject, text) = if start.is_over {
        link_letter(app, &link, name, locale)
    } else {
        welcome_letter(app, &link, name, start.day, locale)
    };
    Mail {
        recipient: recipient.to_owned(),
        subject,
        text,
        link: Some(link),
    }
}

/// Subject and text for somebody who is about to start.
fn welcome_letter(app: &App, link: &str, name: &str, start: Date, locale: Locale) -> (String, String) {
    let company = &app.settings().company;
    match locale {
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
    }
}

/// Subject and text for somebody who has been there for a while.
fn link_letter(app: &App, link: &str, name: &str, locale: Locale) -> (String, String) {
    let company = &app.settings().company;
    match locale {
        Locale::De => (
            format!("Ihr persönlicher Link zu Ihrer Checkliste bei {company}"),
            format!(
                "Guten Tag {name},\n\n\
                 mit diesem persönlichen Link öffnen Sie Ihre Checkliste und Ihre Nachweise bei {company}, auch auf dem Telefon:\n\n{link}\n\n\
                 Der Link gilt 14 Tage und nur für Sie. Bitte leiten Sie ihn nicht weiter. \
                 Ist er abgelaufen, können Sie auf derselben Seite einen neuen anfordern.\n\n\
                 Freundliche Grüße\n{company}\n"
            ),
        ),
        Locale::En => (
            format!("Your personal link to your checklist at {company}"),
            format!(
                "Hello {name},\n\n\
                 this personal link opens your checklist and your record at {company}, on your phone too:\n\n{link}\n\n\
                 The link is valid for 14 days and for you alone. Please do not pass it on. \
                 If it has expired, you can ask for a new one on the same page.\n\n\
                 Kind regards\n{company}\n"
            ),
        ),
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

/// The mail that tells somebody of their new account. Its link opens nothing by itself.
pub fn account_added(app: &App, recipient: &str, name: &str, locale: Locale) -> Mail {
    let company = &app.settings().company;
    let sign_in = format!("{}/sign-in", app.settings().base_url);
    let steps = first_steps(locale, &sign_in, app.settings().sends_mail);
    let (subject, text) = match locale {
        Locale::De => (
            format!("Ihr Konto für Antritt bei {company}"),
            format!(
                "Guten Tag {name},\n\n\
                 für Sie wurde ein Konto bei Antritt ({company}) angelegt. So kommen Sie zum ersten Mal hinein:\n\n\
                 {steps}\n\n\
                 Wenn Sie eine Rolle haben, richten Sie danach einen zweiten Faktor ein, etwa einen Passkey.\n\n\
                 Freundliche Grüße\n{company}\n"
            ),
        ),
        Locale::En => (
            format!("Your account for Antritt at {company}"),
            format!(
                "Hello {name},\n\n\
                 an account for Antritt ({company}) was made for you. This is how you get in for the first time:\n\n\
                 {steps}\n\n\
                 If you have a role, you then set up a second factor, for example a passkey.\n\n\
                 Kind regards\n{company}\n"
            ),
        ),
    };
    Mail::without_link(recipient, subject, text)
}

/// The mail that tells somebody of rights for which they sign in anew. Its link opens nothing by itself.
pub fn account_raised(app: &App, recipient: &str, name: &str, locale: Locale) -> Mail {
    let company = &app.settings().company;
    let sign_in = format!("{}/sign-in", app.settings().base_url);
    let steps = first_steps(locale, &sign_in, app.settings().sends_mail);
    let (subject, text) = match locale {
        Locale::De => (
            format!("Ihr Konto für Antritt bei {company} hat jetzt eine Rolle"),
            format!(
                "Guten Tag {name},\n\n\
                 Ihr Konto bei Antritt ({company}) hat eine Rolle bekommen. Damit niemand sonst sie benutzt, gelten Ihr bisheriges Passwort und \
                 Ihre bisherigen zweiten Faktoren nicht mehr; angemeldet wird mit dieser Adresse. So kommen Sie hinein:\n\n\
                 {steps}\n\n\
                 Danach richten Sie einen zweiten Faktor ein, etwa einen Passkey.\n\n\
                 Freundliche Grüße\n{company}\n"
            ),
        ),
        Locale::En => (
            format!("Your account for Antritt at {company} now has a role"),
            format!(
                "Hello {name},\n\n\
                 your account for Antritt ({company}) was given a role. So that nobody else uses it, your password and second factors so far \
                 have stopped working, and you sign in with this address. This is how you get in:\n\n\
                 {steps}\n\n\
                 After that you set up a second factor, for example a passkey.\n\n\
                 Kind regards\n{company}\n"
            ),
        ),
    };
    Mail::without_link(recipient, subject, text)
}

/// How somebody gets in who has no password yet.
fn first_steps(locale: Locale, sign_in: &str, sends_mail: bool) -> String {
    match (locale, sends_mail) {
        (Locale::De, true) => format!(
            "1. Öffnen Sie {sign_in}\n\
             2. Fordern Sie unter „Passwort vergessen, noch keines …“ mit dieser E-Mail-Adresse einen Link an.\n\
             3. Setzen Sie mit dem Link Ihr Passwort und melden Sie sich an."
        ),
        (Locale::En, true) => format!(
            "1. Open {sign_in}\n\
             2. Under “Forgotten your password, none yet …”, ask for a link with this e-mail address.\n\
             3. Use the link to set your password, and sign in."
        ),
        (Locale::De, false) => format!(
            "1. Ihr erstes Passwort setzt, wer den Server betreibt. Lassen Sie es sich auf sicherem Weg geben.\n\
             2. Öffnen Sie {sign_in}\n\
             3. Melden Sie sich mit dieser E-Mail-Adresse und dem Passwort an."
        ),
        (Locale::En, false) => format!(
            "1. Whoever runs the server sets your first password. Have it passed to you by a safe way.\n\
             2. Open {sign_in}\n\
             3. Sign in with this e-mail address and the password."
        ),
    }
}

/// The mail that asks an administrator to decide on a role. It names nobody: mails are read on lock screens.
pub fn role_requested(app: &App, recipient: &str, name: &str, locale: Locale) -> Mail {
    let company = &app.settings().company;
    let accounts = format!("{}/admin/accounts", app.settings().base_url);
    let (subject, text) = match locale {
        Locale::De => (
            "Eine Rolle wartet auf Ihre Entscheidung".to_owned(),
            format!(
                "Guten Tag {name},\n\n\
                 bei Antritt ({company}) hat jemand eine Rolle beantragt, der eine zweite Person zustimmen muss. \
                 Bitte prüfen Sie den Antrag auf {accounts}; nach vierzehn Tagen verfällt er.\n\n\
                 Freundliche Grüße\n{company}\n"
            ),
        ),
        Locale::En => (
            "A role waits for your decision".to_owned(),
            format!(
                "Hello {name},\n\n\
                 at Antritt ({company}), somebody asked for a role that a second person has to approve. \
                 Please look at the request at {accounts}; it lapses after fourteen days.\n\n\
                 Kind regards\n{company}\n"
            ),
        ),
    };
    Mail::without_link(recipient, subject, text)
}

/// The mail that tells an administrator of an account that still works although whoever is on record under its address has left. It names
/// nobody but by the page it leads to.
pub fn account_left_open(app: &App, account: &str, recipient: &str, name: &str, locale: Locale) -> Mail {
    let company = &app.settings().company;
    let page = format!("{}/admin/accounts/{account}", app.settings().base_url);
    let (subject, text) = match locale {
        Locale::De => (
            "Ein Konto gilt nach dem Ausscheiden weiter".to_owned(),
            format!(
                "Guten Tag {name},\n\n\
                 bei Antritt ({company}) ist jemand ausgeschieden, unter dessen Adresse es noch ein Konto gibt. Es ist mit niemandem verbunden und \
                 gilt deshalb weiter. Bitte sehen Sie nach, ob es gesperrt werden muss: {page}\n\n\
                 Freundliche Grüße\n{company}\n"
            ),
        ),
        Locale::En => (
            "An account still works after somebody left".to_owned(),
            format!(
                "Hello {name},\n\n\
                 at Antritt ({company}), somebody has left under whose address there still is an account. It is connected with nobody, so it \
                 goes on working. Please see whether it has to be disabled: {page}\n\n\
                 Kind regards\n{company}\n"
            ),
        ),
    };
    Mail::without_link(recipient, subject, text)
}

/// The mail by which a manager reminds somebody of their checklist. What is open stands there, not here: mails are read on lock screens.
pub fn nudge(app: &App, recipient: &str, name: &str, manager: Option<&str>, locale: Locale) -> Mail {
    let company = &app.settings().company;
    let checklist = format!("{}/checklist", app.settings().base_url);
    let (subject, text) = match locale {
        Locale::De => (
            "Auf Ihrer Checkliste ist noch etwas offen".to_owned(),
            format!(
                "Guten Tag {name},\n\n\
                 {} möchte Sie freundlich an Ihre Checkliste bei {company} erinnern. Einige Punkte sind noch offen:\n\n{checklist}\n\n\
                 Haben Sie kein Passwort, können Sie sich auf der Anmeldeseite einen neuen persönlichen Link schicken lassen. \
                 Wenn etwas nicht klappt, sprechen Sie bitte Ihre Führungskraft oder die Personalabteilung an.\n\n\
                 Freundliche Grüße\n{company}\n",
                manager.unwrap_or("Ihre Führungskraft")
            ),
        ),
        Locale::En => (
            "Something on your checklist is still open".to_owned(),
            format!(
                "Hello {name},\n\n\
                 {} would like to remind you of your checklist at {company}. A few items are still open:\n\n{checklist}\n\n\
                 If you have no password, you can ask for a new personal link on the sign-in page. \
                 If anything does not work, please talk to your manager or to HR.\n\n\
                 Kind regards\n{company}\n",
                manager.unwrap_or("Your manager")
            ),
        ),
    };
    Mail::without_link(recipient, subject, text)
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
                 Alle anderen Sitzungen sind beendet.\n\n\
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
    Mail::without_link(recipient, subject, text)
}

/// The mail that says, at the addresses from before, that another one took the place of one of them. It names none and opens nothing: who
/// reads it may be the one whom it warns of.
pub fn address_changed(app: &App, at: Instant, recipient: &str, name: &str, locale: Locale) -> Mail {
    let company = &app.settings().company;
    let zone = &app.settings().time_zone;
    let (day, (hour, minute)) = (date_in(locale, zones::local_date(zone, at)), zones::local_time(zone, at));
    let (subject, text) = match locale {
        Locale::De => (
            "Ihre Adresse bei Antritt wurde geändert",
            format!(
                "Guten Tag {name},\n\n\
                 eine Adresse, unter der Antritt ({company}) Sie erreicht, wurde am {day} um {hour:02}:{minute:02} Uhr ({zone}) geändert. \
                 Ihre Sitzungen und alle Links, die Sie noch nicht benutzt hatten, sind beendet; melden Sie sich neu an.\n\n\
                 Wenn Sie davon wissen, ist nichts weiter zu tun.\n\n\
                 Wenn nicht, sprechen Sie sofort mit Ihrer Personalabteilung und Ihrer Sicherheit: über eine fremde Adresse kann jemand anderes an Ihr Konto kommen.\n\n\
                 Freundliche Grüße\n{company}\n"
            ),
        ),
        Locale::En => (
            "Your address at Antritt was changed",
            format!(
                "Hello {name},\n\n\
                 an address at which Antritt ({company}) reaches you was changed on {day} at {hour:02}:{minute:02} ({zone}). \
                 Your sessions and all links that you had not used yet have ended; please sign in again.\n\n\
                 If you know of this, there is nothing more to do.\n\n\
                 If you do not, talk to HR and to your security team at once: by an address that is not yours, somebody else can get into your account.\n\n\
                 Kind regards\n{company}\n"
            ),
        ),
    };
    Mail::without_link(recipient, subject.to_owned(), text)
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
    let subject = match locale {
        Locale::De => "Ihr zweiter Faktor bei Antritt",
        Locale::En => "Your second factor at Antritt",
    };
    Mail::without_link(recipient, subject.to_owned(), text)
}

/// What happened, as a sentence.
const fn what_happened(locale: Locale, notice: Notice) -> &'static str {
    let (german, english) = match notice {
        Notice::Added => ("Ein zweiter Faktor wurde hinzugefügt.", "A second factor was added."),
        Notice::Removed => ("Ein zweiter Faktor wurde entfernt.", "A second factor was removed."),
        Notice::Reset => (
            "Alle zweiten Faktoren und Wiederherstellungscodes wurden zurückgesetzt, alle Sitzungen sind beendet.",
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
pub(super) fn date_in(locale: Locale, date: Date) -> String {
    match locale {
        Locale::De => format!("{}.{}.{}", date.day(), u8::from(date.month()), date.year()),
        Locale::En => format!("{} {} {}", date.day(), date.month(), date.year()),
    }
}
