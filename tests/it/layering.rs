//! The shape of the code: who may import whom, where SQL stands, and what has no place outside tests.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Imports each layer may not have. `server::store` counts as imported wherever its path is written.
const ARROWS: [(&str, &[&str]); 6] = [
    ("domain", &["crate::api", "crate::islands", "crate::server", "crate::ui"]),
    ("api", &["crate::islands", "crate::ui", "server::store"]),
    ("islands", &["crate::server", "crate::ui"]),
    ("ui", &["server::store", "server::jobs", "server::cli"]),
    (
        "server/store",
        &[
            "crate::api",
            "crate::ui",
            "server::service",
            "server::http",
            "server::auth",
            "server::jobs",
            "server::cli",
        ],
    ),
    ("server/service", &["crate::api", "crate::ui", "server::http", "server::jobs", "server::cli"]),
];

/// Who may know `server::store`, and why.
const KNOWS_THE_STORE: [(&str, &str); 5] = [
    ("server/store/", "itself"),
    ("server/service/", "the layer above"),
    ("server/auth/actor.rs", "builds the actor from a live session's row"),
    ("server/auth/session.rs", "is tower-sessions' store over our own table"),
    ("server/cli/", "connects and migrates before there is a service layer"),
];

/// Who else may, until the day it moves into the service layer.
const KNOWS_THE_STORE_FOR_NOW: [(&str, &str); 2] = [
    ("server/demo", "fills a fresh database at a speed that one use case per row would not reach"),
    ("server/http/mod.rs", "hands the sessions their store"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every Rust file under `src` but those of tests: path from there, and text without comments and without its tests.
fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    walk(&root(), &mut files);
    files.sort();
    let name = |path: &Path| path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
    files.iter().map(|path| (name(path), product(&fs::read_to_string(path).unwrap()))).collect()
}

/// What ships: no comments, and nothing from `#[cfg(test)] mod` on, which stands at the end of a file.
fn product(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
    let lines = text[..end].lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.map(|line| line.split(" // ").next().unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// Every path a file imports or writes out, with the trees of `use crate::{…}` flattened.
fn paths(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("crate::") {
        // `$crate::` in a macro counts as well; `some_crate::` does not.
        let qualified = rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        rest = &rest[at..];
        if !qualified {
            flatten(rest, "", &mut found);
        }
        rest = &rest["crate::".len()..];
    }
    found
}

/// Reads one path with its braces; returns how many bytes it took.
fn flatten(text: &str, before: &str, found: &mut Vec<String>) -> usize {
    let word = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
    let path = format!("{before}{}", &text[..word]);
    if !text[word..].starts_with('{') || !path.ends_with("::") {
        found.push(path);
        return word;
    }
    let mut at = word + 1;
    loop {
        at += text[at..].find(|c: char| !(c.is_whitespace() || c == ',')).unwrap_or(0);
        if at >= text.len() || text[at..].starts_with('}') {
            return (at + 1).min(text.len());
        }
        at += flatten(&text[at..], &path, found).max(1);
    }
}

#[test]
fn paths_are_found_in_trees_and_in_the_middle_of_code() {
    let text = "use crate::{\n    domain::{Instant, ids::{A, B}},\n    server::store::people,\n};\nlet x = crate::server::zones::today();\nuse other_crate::server::store;";
    let expected = [
        "crate::domain::Instant",
        "crate::domain::ids::A",
        "crate::domain::ids::B",
        "crate::server::store::people",
        "crate::server::zones::today",
    ];
    assert_eq!(paths(text), expected);
}

#[test]
fn imports_follow_the_arrows() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let forbidden = ARROWS
            .iter()
            .filter(|(layer, _)| file.starts_with(&format!("{layer}/")))
            .flat_map(|(_, forbidden)| forbidden.iter());
        for forbidden in forbidden {
            let starts = |path: &String| path.starts_with(forbidden) || path.starts_with(&format!("crate::{forbidden}"));
            wrong.extend(paths(&text).iter().filter(|path| starts(path)).map(|path| format!("{file}: {path}")));
        }
    }
    assert!(wrong.is_empty(), "against the arrows:\n{}", wrong.join("\n"));
}

#[test]
fn the_store_is_known_to_few() {
    let allowed = |file: &str| KNOWS_THE_STORE.iter().chain(&KNOWS_THE_STORE_FOR_NOW).any(|(known, _)| file.starts_with(known));
    let knows =
        |text: &str| paths(text).iter().any(|path| path.starts_with("crate::server::store")) || text.contains("super::store") || text.contains(".store()");
    let wrong: Vec<_> = sources()
        .into_iter()
        .filter(|(file, text)| !allowed(file) && knows(text))
        .map(|(file, _)| file)
        .collect();
    assert!(wrong.is_empty(), "these know the store: {wrong:?}");
}

#[test]
fn the_kind_of_build_is_asked_in_two_files_only() {
    let wrong: Vec<_> = sources()
        .into_iter()
        .filter(|(file, text)| !matches!(file.as_str(), "lib.rs" | "main.rs") && text.contains("cfg(feature"))
        .map(|(file, _)| file)
        .collect();
    assert!(wrong.is_empty(), "cfg(feature) in {wrong:?}");
}

#[test]
fn nothing_that_ships_panics_on_what_it_did_not_expect() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        for word in [".unwrap()", ".expect(", "todo!(", "unimplemented!(", "unreachable!(", "panic!(", "dbg!("] {
            if text.contains(word) {
                wrong.push(format!("{file}: {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sql_stands_in_the_store_only() {
    let sql = |text: &str| {
        ["sqlx::query", "\"select ", "\"insert into ", "\"update ", "\"delete from "]
            .iter()
            .any(|word| text.contains(word))
    };
    let wrong: Vec<_> = sources()
        .into_iter()
        .filter(|(file, text)| !file.starts_with("server/store/") && sql(text))
        .map(|(file, _)| file)
        .collect();
    assert!(wrong.is_empty(), "SQL in {wrong:?}");
}

#[test]
fn every_file_says_what_it_owns() {
    let mut wrong = Vec::new();
    for (file, _) in sources() {
        let text = fs::read_to_string(root().join(&file)).unwrap();
        if !text.starts_with("//!") {
            wrong.push(format!("{file} does not say what it owns"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
