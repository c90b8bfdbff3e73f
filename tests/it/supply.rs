//! What Antritt is built from. Licences, sources, doubled crates and known vulnerabilities are `make deny`'s; here stands what our own code relies on.

use crate::fixture::{Db, TestApp};
use std::{collections::BTreeMap, fs, path::Path};

/// The versions whose source was read for the traps that SECURITY.md lists, and what to look at again before one is changed here.
const READ: [(&str, &str, &str); 9] = [
    ("leptos", "0.8.23", "text areas and links of pages made on the server; nonces"),
    ("leptos_axum", "0.8.10", "how server functions answer, and what of an error reaches an address"),
    (
        "server_fn",
        "0.8.13",
        "methods of server functions, its multipart decoder, what of an error crosses",
    ),
    ("tower-sessions", "0.15.0", "when it saves, and the cookie that ends a session"),
    ("tower-sessions-core", "0.15.0", "what `flush`, `save` and `load` do to our store"),
    ("sqlx", "0.9.0", "transactions that are dropped while they begin"),
    ("libsqlite3-sys", "0.37.0", "the SQLite inside; and that migrations still run"),
    ("axum", "0.8.9", "body limits of uploads, and what a bad boundary does"),
    ("ammonia", "4.2.4", "what its default sieve lets through"),
];

/// What holds state, speaks to the world or reads what strangers send: two versions would be two behaviours.
const ONCE: [&str; 12] = [
    "ammonia",
    "axum",
    "comrak",
    "hyper",
    "leptos",
    "multer",
    "ring",
    "rustls",
    "sqlx",
    "tokio",
    "tower-sessions-core",
    "webauthn-rs",
];

struct Locked {
    version: String,
    source: Option<String>,
    has_checksum: bool,
}

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// Cargo.lock: each name with its versions.
fn locked() -> BTreeMap<String, Vec<Locked>> {
    let mut crates: BTreeMap<String, Vec<Locked>> = BTreeMap::new();
    for package in read("Cargo.lock").split("[[package]]\n").skip(1) {
        let value = |key: &str| {
            package
                .lines()
                .find_map(|line| Some(line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"')?.to_owned()))
        };
        crates.entry(value("name").unwrap()).or_default().push(Locked {
            version: value("version").unwrap(),
            source: value("source"),
            has_checksum: value("checksum").is_some_and(|sum| sum.len() == 64),
        });
    }
    crates
}

fn versions(crates: &BTreeMap<String, Vec<Locked>>, name: &str) -> Vec<String> {
    crates.get(name).into_iter().flatten().map(|one| one.version.clone()).collect()
}

#[test]
fn the_traps_were_looked_up_in_these_versions() {
    let crates = locked();
    for (name, version, about) in READ {
        assert_eq!(
            versions(&crates, name),
            [version],
            "{name} has changed. Before this test does, look again at: {about}"
        );
    }
}

#[test]
fn what_holds_state_or_speaks_to_the_world_is_there_once() {
    let crates = locked();
    for name in ONCE {
        assert_eq!(versions(&crates, name).len(), 1, "{name}");
    }
}

#[test]
fn tls_is_rustls_with_ring_and_nothing_else() {
    let crates = locked();
    for name in [
        "aws-lc-rs",
        "aws-lc-sys",
        "native-tls",
        "openssl",
        "openssl-sys",
        "schannel",
        "security-framework",
    ] {
        assert!(!crates.contains_key(name), "{name}");
    }
}

#[test]
fn every_crate_is_of_one_registry_and_has_a_checksum() {
    let crates = locked();
    let registry = crates["axum"][0].source.as_ref();
    for (name, versions) in &crates {
        let is_ours = name == env!("CARGO_PKG_NAME");
        let holds = |one: &Locked| {
            if is_ours {
                one.source.is_none()
            } else {
                one.source.as_ref() == registry && one.has_checksum
            }
        };
        assert!(versions.iter().all(holds), "{name}");
    }
}

#[test]
fn a_panic_ends_one_request_and_never_the_server() {
    for profile in read("Cargo.toml").split("\n[").filter(|section| section.starts_with("profile.")) {
        let aborts = profile.lines().any(|line| line.replace(' ', "").starts_with("panic=\"abort\""));
        assert!(!aborts || profile.starts_with("profile.client]"), "{profile}");
    }
}

#[test]
fn every_exception_has_its_day_and_its_reason() {
    let mut exceptions = 0;
    for list in ["ignore = [", "skip = ["] {
        let file = read(".deny.toml");
        let list = file.split(list).nth(1).unwrap().split("\n]").next().unwrap();
        for line in list.lines().filter(|line| line.trim_start().starts_with('{')) {
            let reason = line.split("reason = \"").nth(1).unwrap_or_else(|| panic!("no reason: {line}"));
            let format = time::macros::format_description!("[year]-[month]-[day]");
            assert!(
                time::Date::parse(&reason[..10], format).is_ok() && reason[10..].starts_with(": "),
                "no day: {line}"
            );
            exceptions += 1;
        }
    }
    assert!(exceptions > 0);
}

/// Older ones can corrupt a database whose write-ahead log is reset. The program refuses to start with such a one, too.
#[tokio::test]
async fn the_sqlite_inside_is_no_older_than_3_51_3() {
    let app = TestApp::new(Db::Sqlite).await;
    let version = app.word("select sqlite_version()").await;
    let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
    assert!(parts >= vec![3, 51, 3], "{version}");
    app.finish().await;
}
