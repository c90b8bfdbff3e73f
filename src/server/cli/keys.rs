//! `antritt keys rotate`: exchanges the installation's key for a new one.

use super::{Fault, installation::open_up_to_date};
use crate::server::{
    config::{Key, ServeOptions},
    service::{
        Error,
        keys::{self, Rotated},
        opening,
    },
};
use clap::{Args, Subcommand};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Subcommand)]
pub enum Command {
    /// Seals everything with a new key; stop every instance first
    Rotate(Box<Options>),
}

#[derive(Args)]
pub struct Options {
    /// File that contains the new key; the present one is read from the settings as usual
    #[arg(long, value_name = "FILE")]
    new_key_file: PathBuf,
    #[command(flatten)]
    server: ServeOptions,
}

pub async fn rotate(options: Box<Options>) -> Result<ExitCode, Fault> {
    let Options { new_key_file, server } = *options;
    let config = server.resolve()?;
    let new = Key::from_file("--new-key-file", &new_key_file)?;
    if config.key.as_ref() == Some(&new) {
        return Err(Fault::setting(
            "--new-key-file holds the key that is in use already; make another by: head -c 32 /dev/urandom | base64 > new.key",
        ));
    }
    let app = open_up_to_date(&config).await?;
    let rotated = keys::rotate(&app, app.now(), &new).await;
    opening::close(&app).await;
    let rotated = rotated.map_err(|error| match error {
        Error::Unavailable(cause) => Fault::failure(format!(
            "The key was not changed: {cause}; stop every instance, make sure that the database answers, and try again."
        )),
        Error::Internal(cause) => Fault::failure(format!("The key was not changed: {cause}.")),
        other => Fault::failure(format!("The key was not changed: {other}.")),
    })?;
    println!("{}", told(rotated, &new_key_file));
    Ok(ExitCode::SUCCESS)
}

fn told(Rotated { values, links, mails }: Rotated, file: &Path) -> String {
    format!(
        "The new key counts from now on: {values} values were sealed anew and {links} personal links renewed, of which {mails} are mailed again. \
         Set ANTRITT_KEY_FILE={} (or put its content where the old key was), then start. Backups from before open with the old key only; keep it as long as you keep them.",
        file.display()
    )
}
