//! The folder of a demo: made anew each time, and never at the cost of anybody's files.

use crate::server::cli::Fault;
use std::{
    fs::{self, File, OpenOptions},
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// Says that the folder is a demo's; locked while the demo runs.
const MARKER: &str = ".antritt-demo";
const DATABASE: &str = "antritt.sqlite";

/// A fresh folder, this demo's alone while the value lives.
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder, or empties one that an earlier demo left.
    pub fn fresh(path: Option<PathBuf>) -> Result<Self, Fault> {
        let path = path.unwrap_or_else(|| std::env::temp_dir().join("antritt-demo"));
        let unusable = |error: std::io::Error| Fault::setting(format!("--data is {path:?}, which cannot be used ({error}); name another directory."));
        fs::create_dir_all(&path).map_err(unusable)?;
        let marker = path.join(MARKER);
        if !marker.exists() && fs::read_dir(&path).map_err(unusable)?.next().is_some() {
            return Err(Fault::setting(format!(
                "--data is {path:?}, which holds files that are not a demo's; name an empty directory or a new one."
            )));
        }
        let lock = OpenOptions::new().create(true).append(true).open(&marker).map_err(unusable)?;
        if lock.try_lock().is_err() {
            return Err(Fault::setting(format!(
                "--data is {path:?}, where another demo is running; stop it, or name another directory."
            )));
        }
        for suffix in ["", "-wal", "-shm", "-journal"] {
            match fs::remove_file(path.join(format!("{DATABASE}{suffix}"))) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(unusable(error)),
                _ => {}
            }
        }
        Ok(Self { path, _lock: lock })
    }

    /// The address of the database in it.
    pub fn database_url(&self) -> String {
        let file = self.database().to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
        format!("sqlite://{file}")
    }

    pub fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}
