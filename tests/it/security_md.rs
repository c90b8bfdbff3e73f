//! SECURITY.md says nothing that the code does not: what it names as proof exists.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text() -> String {
    fs::read_to_string(root().join("SECURITY.md")).unwrap()
}

/// Every file of code under a folder.
fn code(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("node_modules") {
            code(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs" || ending == "ts") {
            files.push(path);
        }
    }
}

/// What stands between backticks, outside of fenced blocks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.starts_with("```"))
        .flat_map(|line| line.split('`').skip(1).step_by(2))
}

fn is_name(word: &str) -> bool {
    word.contains('_') && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[test]
fn every_test_and_function_that_is_named_exists() {
    let mut files = Vec::new();
    for folder in ["src", "tests", "end2end/tests"] {
        code(&root().join(folder), &mut files);
    }
    let functions: BTreeSet<String> = files
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .flat_map(|text| {
            let named = |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            text.split("fn ").skip(1).map(named).collect::<Vec<String>>()
        })
        .collect();
    let text = text();
    let missing: BTreeSet<_> = quoted(&text).filter(|word| is_name(word) && !functions.contains(*word)).collect();
    assert!(missing.is_empty(), "SECURITY.md names what is not there: {missing:#?}");
}

#[test]
fn every_file_that_is_named_exists() {
    let text = text();
    let missing: BTreeSet<_> = quoted(&text)
        .filter(|word| {
            ["src/", "tests/", "end2end/", "migrations/", ".config/"]
                .iter()
                .any(|folder| word.starts_with(folder))
        })
        .filter(|path| !root().join(path).exists())
        .collect();
    assert!(missing.is_empty(), "SECURITY.md names what is not there: {missing:#?}");
}

/// Requirements of OWASP ASVS 5.0 at levels 1 and 2, by chapter. V10 (OAuth) and V17 (WebRTC) are answered as a whole.
const CHAPTERS: [(u32, usize); 15] = [
    (1, 27),
    (2, 11),
    (3, 19),
    (4, 10),
    (5, 9),
    (6, 35),
    (7, 18),
    (8, 7),
    (9, 7),
    (11, 14),
    (12, 9),
    (13, 13),
    (14, 9),
    (15, 13),
    (16, 16),
];

#[test]
fn every_requirement_of_the_standard_is_answered_once() {
    let text = text();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| line.starts_with("| ") && line[2..].starts_with(|c: char| c.is_ascii_digit()))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let mut seen = BTreeSet::new();
    for row in &rows {
        let [id, level, what, verdict, why] = row[..] else {
            panic!("five cells: {row:?}")
        };
        assert!(seen.insert(id), "{id} is answered twice");
        assert!(["1", "2"].contains(&level) && !what.is_empty(), "{id}");
        assert!(["met", "n/a", "operator", "in part", "not met"].contains(&verdict), "{id}: {verdict}");
        assert!(!why.is_empty(), "{id} says nothing of why");
    }
    for (chapter, requirements) in CHAPTERS {
        let prefix = format!("{chapter}.");
        assert_eq!(seen.iter().filter(|id| id.starts_with(&prefix)).count(), requirements, "chapter V{chapter}");
    }
    assert_eq!(seen.len(), CHAPTERS.iter().map(|(_, requirements)| requirements).sum::<usize>());
}
