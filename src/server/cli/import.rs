//! `antritt import people`: the same check and the same all or nothing as in the browser.

use super::{
    Fault,
    installation::{open, open_up_to_date, other_key, sqlite_file},
};
use crate::{
    domain::{
        locale::Locale,
        person::{Line, MAX_NOTE},
    },
    server::{
        config::{Config, ServeOptions},
        service::{
            App, Error,
            import::{self, Preview, RowPlan, Tally},
            keys::{self, Fit},
            opening,
            people_file::Column,
        },
    },
    ui::texts::problems,
};
use clap::{Args, Subcommand};
use std::{fs, path::PathBuf, process::ExitCode};

/// The command line speaks English.
const LOCALE: Locale = Locale::En;

#[derive(Subcommand)]
pub enum Command {
    /// Imports a CSV list of people, all of it or nothing
    People(Box<Options>),
}

#[derive(Args)]
pub struct Options {
    /// CSV file, comma or semicolon, UTF-8 or Windows-1252
    file: PathBuf,
    /// Only say what would happen
    #[arg(long)]
    dry_run: bool,
    /// Queue a mail with the personal link for everybody who is new
    #[arg(long)]
    invite: bool,
    /// Why first working days move, if the list moves any; stands in their history
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
    #[command(flatten)]
    server: ServeOptions,
}

pub async fn people(options: Box<Options>) -> Result<ExitCode, Fault> {
    let Options {
        file,
        dry_run,
        invite,
        reason,
        server,
    } = *options;
    let config = server.resolve()?;
    let content = fs::read(&file).map_err(|error| Fault::setting(format!("The file {file:?} cannot be read ({error}).")))?;
    let app = if dry_run {
        open_ready(&config).await?
    } else {
        open_up_to_date(&config).await?
    };
    let outcome = import(&app, &content, dry_run, invite, &reason).await;
    opening::close(&app).await;
    outcome
}

/// A dry run changes nothing, so it cannot bring the database up to date either.
async fn open_ready(config: &Config) -> Result<App, Fault> {
    let outdated = || Fault::setting("The database is not there or not up to date; run antritt migrate first.");
    if sqlite_file(&config.database_url).is_some_and(|file| !file.exists()) {
        return Err(outdated());
    }
    let app = open(config).await?;
    if matches!(app.is_ready().await, Ok(true)) {
        return Ok(app);
    }
    let fit = keys::fit(&app).await;
    opening::close(&app).await;
    Err(if matches!(fit, Ok(Fit::Other)) { other_key() } else { outdated() })
}

async fn import(app: &App, content: &[u8], dry_run: bool, invite: bool, reason: &str) -> Result<ExitCode, Fault> {
    let preview = import::dry_run(app, app.now(), content).await.map_err(|error| refused(&error))?;
    if let Some(problem) = &preview.problem {
        return Err(Fault::failure(problems::file(LOCALE, problem)));
    }
    let bad = report(&preview);
    if bad > 0 {
        return Err(Fault::failure(format!("Nothing was imported: {}.", rows_are_wrong(bad, preview.rows.len()))));
    }
    let tally = preview.tally();
    if dry_run {
        println!("Nothing is wrong. An import would bring {}.", told(tally));
    } else if preview.is_applicable() {
        if preview.moves_starts() && Line::parse_up_to(reason, MAX_NOTE).is_err() {
            return Err(Fault::failure(format!(
                "Nothing was imported: the list moves first working days. Say why with --reason, in at most {MAX_NOTE} characters."
            )));
        }
        let tally = import::apply_file(app, app.now(), content, invite, reason)
            .await
            .map_err(|error| refused(&error))?;
        let mails = if invite && tally.new > 0 {
            " Their personal links wait in the outbox."
        } else {
            ""
        };
        println!("Imported: {}.{mails}", told(tally));
    } else {
        println!("Everybody in the file is on record already; nothing was changed.");
    }
    Ok(ExitCode::SUCCESS)
}

/// Names every bad row by its line with all its reasons, and counts them.
fn report(preview: &Preview) -> usize {
    let mut bad = 0;
    for row in &preview.rows {
        let RowPlan::Refused(reasons) = &row.plan else { continue };
        bad += 1;
        let reasons: Vec<String> = reasons
            .iter()
            .map(|reason| format!("{}: {}", column(&reason.field), problems::problem(LOCALE, &reason.problem)))
            .collect();
        eprintln!("Line {}: {}", row.file.line, reasons.join(" "));
    }
    bad
}

/// The header of the column that a field comes from.
fn column(field: &str) -> &str {
    let column = match field {
        "name" => Column::Name,
        "private_email" => Column::PrivateEmail,
        "work_email" => Column::WorkEmail,
        "kind" => Column::Kind,
        "country" => Column::Country,
        "department" => Column::Department,
        "job_title" => Column::JobTitle,
        "manager_email" => Column::ManagerEmail,
        "start_date" => Column::StartDate,
        "time_zone" => Column::TimeZone,
        other => return other,
    };
    column.header(LOCALE)
}

fn rows_are_wrong(bad: usize, all: usize) -> String {
    match bad {
        1 => format!("1 of {all} rows is wrong"),
        bad => format!("{bad} of {all} rows are wrong"),
    }
}

fn told(tally: Tally) -> String {
    format!("{} new, {} changed, {} unchanged", tally.new, tally.changed, tally.unchanged)
}

fn refused(error: &Error) -> Fault {
    Fault::failure(match error {
        Error::Unavailable(_) => "Nothing was imported: the database is busy or cannot be reached; try again in a moment.".to_owned(),
        // Somebody changed people between the check and the import.
        Error::Invalid(_) | Error::Conflict(_) => "Nothing was imported: people were changed meanwhile; try again.".to_owned(),
        other => format!("Nothing was imported: {other}."),
    })
}
