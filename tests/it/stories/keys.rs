//! The key on the command line: without one nothing opens, another one is recognised, and a new one takes its place.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A folder with two keys, which goes away with the value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("antritt-keys-{:x}", rand::random::<u64>()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("old.key"), "00".repeat(32)).unwrap();
        fs::write(folder.join("new.key"), "11".repeat(32)).unwrap();
        fs::write(folder.join("people.csv"), "Name;Private E-Mail;Art;Land;Abteilung;Position;Startdatum;Zeitzone\nAnna Muster;kanarie@nest.example;angestellt;DE;IT;Leiterin;01.12.2046;Europe/Berlin\n").unwrap();
        Self(folder)
    }

    fn run(&self, key: Option<&str>, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_antritt"));
        command
            .args(arguments)
            .current_dir(&self.0)
            .env_clear()
            .env("ANTRITT_DATABASE_URL", "sqlite://antritt.sqlite");
        if let Some(key) = key {
            command.env("ANTRITT_KEY_FILE", key);
        }
        command.output().unwrap()
    }

    /// What a command says that ends as it should.
    fn done(&self, key: &str, arguments: &[&str]) -> String {
        let output = self.run(Some(key), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The one sentence of a command that stops on a wrong setting.
    fn refused(&self, key: Option<&str>, arguments: &[&str]) -> String {
        let output = self.run(key, arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        said.lines().last().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn mentions(folder: &Path, word: &str) -> bool {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("antritt.sqlite"))
        .any(|path| fs::read(path).unwrap().windows(word.len()).any(|part| part == word.as_bytes()))
}

#[test]
fn without_a_key_nothing_opens_and_the_sentence_says_how_to_make_one() {
    let folder = Folder::new();
    for command in [
        &["serve"][..],
        &["migrate"],
        &["import", "people", "people.csv"],
        &["keys", "rotate", "--new-key-file", "new.key"],
    ] {
        let said = folder.refused(None, command);
        assert!(
            said.starts_with("ANTRITT_KEY is missing; make one by: head -c 32 /dev/urandom | base64 > antritt.key"),
            "{said}"
        );
    }
    assert!(!folder.0.join("antritt.sqlite").exists());
}

#[test]
fn another_key_is_recognised_at_the_start_and_a_rotation_takes_the_old_ones_place() {
    let folder = Folder::new();
    let rotate = ["keys", "rotate", "--new-key-file", "new.key"];
    assert!(folder.done("old.key", &["import", "people", "people.csv"]).contains("1 new"));
    for command in [&["serve"][..], &["migrate"], &["import", "people", "people.csv", "--dry-run"]] {
        let said = folder.refused(Some("new.key"), command);
        assert!(
            said.starts_with("ANTRITT_KEY (or ANTRITT_KEY_FILE) is not the key that this database is sealed with;"),
            "{said}"
        );
    }
    let same = folder.refused(Some("old.key"), &["keys", "rotate", "--new-key-file", "old.key"]);
    assert!(same.starts_with("--new-key-file holds the key that is in use already;"), "{same}");
    let lost = folder.refused(Some("old.key"), &["keys", "rotate", "--new-key-file", "lost.key"]);
    assert!(lost.starts_with("--new-key-file names the file \"lost.key\", which cannot be read"), "{lost}");
    let said = folder.done("old.key", &rotate);
    assert!(
        said.starts_with("The new key counts from now on: ") && said.contains("Set ANTRITT_KEY_FILE=new.key"),
        "{said}"
    );
    assert!(
        folder
            .refused(Some("old.key"), &rotate)
            .starts_with("ANTRITT_KEY (or ANTRITT_KEY_FILE) is not the key")
    );
    folder.done("new.key", &["migrate"]);
    assert!(folder.done("new.key", &["import", "people", "people.csv"]).contains("on record already"));
    assert!(!mentions(&folder.0, "kanarie@nest.example") && mentions(&folder.0, "Anna Muster"));
}
