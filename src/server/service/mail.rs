//! Mails, rendered when they are sent or looked at: the outbox holds what they are about, never a usable link.

use super::App;
use crate::{
    domain::{ids::InvitationId, locale::Locale},
    server::auth::seal::invitation_token,
};
use time::Date;

/// A mail ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub recipient: String,
    pub subject: String,
    /// Plain text; the only form for now.
    pub text: String,
    /// The personal link in the text.
    pub link: String,
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
        link,
    }
}

/// `1.12.2026`, `1 December 2026`.
fn date_in(locale: Locale, date: Date) -> String {
    match locale {
        Locale::De => format!("{}.{}.{}", date.day(), u8::from(date.month()), date.year()),
        Locale::En => format!("{} {} {}", date.day(), date.month(), date.year()),
    }
}
