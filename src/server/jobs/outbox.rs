//! Sends mails: takes the due ones for itself, hands them to the mail server one by one, and notes how each went.

use super::pause;
use crate::server::service::{
    App,
    mail::Mail,
    mail_html,
    outbox::{self, SendError},
    rows::MailRow,
};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
    transport::smtp,
};
use std::time::Duration;
use tokio::{sync::watch, time::timeout};

/// How long an empty outbox is left alone.
const IDLE: Duration = Duration::from_secs(5);
/// How long the mail server may take for one mail.
const PATIENCE: Duration = Duration::from_secs(20);
/// Mails taken at a time: few enough that all of them are through before their lease is over.
const BATCH: i64 = 5;
/// How often it is tried to note what was sent: a mail that was handed over and not noted goes out twice.
const NOTES: u32 = 5;

/// The way to the mail server.
pub struct Sender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Sender {
    /// None for an address or a sender that cannot be read.
    pub fn new(smtp_url: &str, from: &str) -> Option<Self> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(smtp_url).ok()?.timeout(Some(PATIENCE)).build();
        Some(Self {
            transport,
            from: from.parse().ok()?,
        })
    }

    /// The mail's id stays the same at each try, so that a mail that goes out twice can be recognised.
    async fn send(&self, row: &MailRow, mail: &Mail, base_url: &str) -> Result<(), SendError> {
        let to: Mailbox = mail.recipient.parse().map_err(|_| SendError::Address)?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .message_id(Some(format!("<{}@{}>", row.id, self.from.email.domain())))
            .subject(mail.subject.clone())
            .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail_html::render(row, mail, base_url)))
            .map_err(|_| SendError::Address)?;
        // The transport's own timeout covers connecting only.
        match timeout(PATIENCE, self.transport.send(message)).await {
            Ok(sent) => sent.map(drop).map_err(|error| reason(&error)),
            Err(_) => Err(SendError::Timeout),
        }
    }
}

/// What the error is about, without the addresses that a server's own words repeat.
fn reason(error: &smtp::Error) -> SendError {
    if let Some(code) = error.status() {
        SendError::Answer(u16::from(code))
    } else if error.is_timeout() {
        SendError::Timeout
    } else if error.is_tls() {
        SendError::Tls
    } else {
        SendError::Unreachable
    }
}

pub async fn run(app: App, sender: Sender, mut stopped: watch::Receiver<bool>) {
    loop {
        let taken = send_due(&app, &sender, &mut stopped).await;
        let wait = if taken == 0 { IDLE } else { Duration::ZERO };
        if !pause(&mut stopped, wait).await {
            return;
        }
    }
}

/// Sends what is due. Returns how many mails were taken.
async fn send_due(app: &App, sender: &Sender, stopped: &mut watch::Receiver<bool>) -> usize {
    let mails = match outbox::take_due(app, app.now(), BATCH).await {
        Ok(mails) => mails,
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the outbox could not be read");
            return 0;
        }
    };
    let taken = mails.len();
    for (row, mail) in mails {
        // What is left stays in the outbox, and is due again when the lease is over.
        if *stopped.borrow() {
            break;
        }
        let outcome = sender.send(&row, &mail, &app.settings().base_url).await;
        note(app, &row, outcome, stopped).await;
    }
    taken
}

async fn note(app: &App, row: &MailRow, outcome: Result<(), SendError>, stopped: &mut watch::Receiver<bool>) {
    if let Err(reason) = &outcome {
        tracing::warn!(mail.id = %row.id, mail.attempts = row.attempts, mail.error = %reason, "a mail could not be sent");
    }
    for _ in 0..NOTES {
        let noted = match &outcome {
            Ok(()) => outbox::note_sent(app, app.now(), row).await,
            Err(reason) => outbox::note_failed(app, app.now(), row, &reason.to_string()).await,
        };
        match noted {
            Ok(()) => return,
            Err(error) => tracing::error!(mail.id = %row.id, error = &error as &dyn std::error::Error, "how a mail went could not be noted"),
        }
        if !pause(stopped, Duration::from_secs(1)).await {
            return;
        }
    }
}
