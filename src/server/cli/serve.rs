//! `antritt serve`: opens the installation, starts the jobs, serves until it is told to stop, and closes in order.

use super::{Fault, installation::open_up_to_date};
use crate::server::{
    config::ServeOptions,
    http::{self, listener},
    jobs::{Jobs, outbox::Sender},
    service::{App, opening},
};
use std::{io::ErrorKind, net::SocketAddr, process::ExitCode, time::Duration};
use tokio::{net::TcpListener, sync::watch, time::timeout};

/// What is left after the drain, so that the whole end takes less than 10 s.
const JOBS_TO_END: Duration = Duration::from_millis(700);
const DATABASE_TO_CLOSE: Duration = Duration::from_millis(700);

///
/// # Errors
/// One sentence that names what is wrong and how to mend it.
pub async fn run(options: ServeOptions) -> Result<ExitCode, Fault> {
    let config = options.resolve()?;
    let sender = match &config.smtp_url {
        Some(url) => Some(Sender::new(url, &config.mail_from).ok_or_else(|| Fault::setting("ANTRITT_SMTP_URL is not a mail server's address."))?),
        None => None,
    };
    let app = open_up_to_date(&config).await?;
    let listener = bind(config.listen).await?;
    tracing::info!(listen = %config.listen, base_url = config.base(), sends_mail = sender.is_some(), "serving");
    until_stopped(app, listener, sender).await;
    Ok(ExitCode::SUCCESS)
}

/// Takes an address to listen on.
///
/// # Errors
/// One sentence that names what is wrong and how to mend it.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, Fault> {
    TcpListener::bind(address).await.map_err(|error| {
        Fault::setting(match error.kind() {
            ErrorKind::AddrInUse => format!("ANTRITT_LISTEN is {address}, where another program already listens; stop it, or set another port."),
            ErrorKind::PermissionDenied => format!("ANTRITT_LISTEN is {address}, but this user may not listen on that port; set one above 1023."),
            ErrorKind::AddrNotAvailable => format!("ANTRITT_LISTEN is {address}, which is no address of this machine; set one that is, or 0.0.0.0."),
            _ => format!("ANTRITT_LISTEN is {address}, where nothing can listen ({error})."),
        })
    })
}

/// Serves until SIGTERM or ctrl-c, then ends jobs and requests side by side and closes the database.
pub async fn until_stopped(app: App, listener: TcpListener, sender: Option<Sender>) {
    let (stop, stopped) = watch::channel(false);
    let jobs = Jobs::start(&app, sender, &stopped);
    let signal = async move {
        listener::stop_signal().await;
        let _ = stop.send(true);
    };
    let proxies = &app.settings().trusted_proxies;
    listener::serve(listener, http::router(app.clone()), listener::Limits::default(), proxies, signal).await;
    if timeout(JOBS_TO_END, jobs.finish()).await.is_err() {
        tracing::warn!("a job did not end in time");
    }
    if timeout(DATABASE_TO_CLOSE, opening::close(&app)).await.is_err() {
        tracing::warn!("the database did not close in time");
    }
    tracing::info!("stopped");
}
