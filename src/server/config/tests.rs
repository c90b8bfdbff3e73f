use super::*;

#[test]
fn proxies_are_addresses_and_nothing_else() {
    assert_eq!(addresses(" 127.0.0.1, ::1,").unwrap().len(), 2);
    assert!(addresses("").unwrap().is_empty());
    let wrong = addresses("10.0.0.0/8").unwrap_err().to_string();
    assert!(wrong.starts_with("ANTRITT_TRUSTED_PROXIES has \"10.0.0.0/8\""), "{wrong}");
}

const SIXTY_FOUR: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

macro_rules! some {
    ($text:expr) => {
        Some(String::from($text))
    };
}

fn message(options: ServeOptions) -> String {
    let error = options.resolve().unwrap_err();
    error.to_string()
}

/// A file that goes away with the value.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("antritt-config-{}-{name}", std::process::id()));
        fs::write(&path, text).unwrap();
        Self(path)
    }

    fn path(&self) -> PathBuf {
        self.0.clone()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn names_are_kept_for_a_number_of_months() {
    let of = |months: &str| ServeOptions {
        retention_months: Some(months.into()),
        ..ServeOptions::default()
    };
    assert_eq!(of(" 36 ").resolve().unwrap().retention_months, 36);
    for months in ["0", "1201", "-1", "3 years", "65537"] {
        assert_eq!(
            message(of(months)),
            format!("ANTRITT_RETENTION_MONTHS is {months:?}, which is not a number of months from 1 to 1200.")
        );
    }
}

#[test]
fn sessions_live_as_long_as_the_operator_says() {
    let of = |hours: &str, minutes: &str| ServeOptions {
        session_hours: Some(hours.into()),
        idle_minutes: Some(minutes.into()),
        ..ServeOptions::default()
    };
    let sessions = of("12", " 15 ").resolve().unwrap().sessions;
    assert_eq!((sessions.absolute.whole_hours(), sessions.idle.whole_minutes()), (12, 15));
    assert_eq!(of("", "").resolve().unwrap().sessions, Lifetimes::default());
    for hours in ["0", "25", "eight"] {
        assert_eq!(
            message(of(hours, "")),
            format!("ANTRITT_SESSION_HOURS is {hours:?}, which is not a number of hours from 1 to 24.")
        );
    }
    for minutes in ["4", "481", "-30"] {
        assert_eq!(
            message(of("", minutes)),
            format!("ANTRITT_IDLE_MINUTES is {minutes:?}, which is not a number of minutes from 5 to 480.")
        );
    }
}

#[test]
fn nothing_set_gives_the_defaults() {
    let config = ServeOptions::default().resolve().unwrap();
    assert_eq!(config.database_url, "sqlite://antritt.sqlite");
    assert_eq!(config.base(), "http://127.0.0.1:3000");
    assert_eq!(config.listen.port(), 3000);
    assert_eq!(config.mail_from, "Antritt <antritt@localhost>");
    assert_eq!(config.company, "Unser Unternehmen");
    assert_eq!(config.time_zone, "Europe/Berlin");
    assert_eq!(config.retention_months, 48);
    assert!(config.smtp_url.is_none() && config.key.is_none());
}

#[test]
fn empty_counts_as_not_set() {
    let options = ServeOptions {
        smtp_url: some!(""),
        base_url: some!(" "),
        key: some!(""),
        key_file: Some(PathBuf::new()),
        ..Default::default()
    };
    let config = options.resolve().unwrap();
    assert!(config.smtp_url.is_none() && config.key.is_none());
    assert_eq!(config.base_url.as_str(), "http://127.0.0.1:3000/");
}

#[test]
fn a_wrong_setting_is_named_in_one_sentence() {
    let base = |text| {
        message(ServeOptions {
            base_url: some!(text),
            ..Default::default()
        })
    };
    assert_eq!(base("foo"), "ANTRITT_BASE_URL is \"foo\", which is not an http or https address.");
    assert!(base("ftp://antritt.example.com").contains("not an http or https address"));
    assert!(base("https://hr:secret@antritt.example.com").contains("not an http or https address"));
    assert!(base("https://example.com/antritt").contains("root of a host"));
    let listen = message(ServeOptions {
        listen: some!("localhost"),
        ..Default::default()
    });
    assert_eq!(
        listen,
        "ANTRITT_LISTEN is \"localhost\", which is not an address and port such as 127.0.0.1:3000 or [::]:3000."
    );
    let sender = message(ServeOptions {
        mail_from: some!("Antritt"),
        ..Default::default()
    });
    assert_eq!(
        sender,
        "ANTRITT_MAIL_FROM is \"Antritt\", which is not a sender such as Antritt <antritt@example.com>."
    );
    let zone = message(ServeOptions {
        time_zone: some!("Europe/Bielefeld"),
        ..Default::default()
    });
    assert_eq!(
        zone,
        "ANTRITT_TIME_ZONE is \"Europe/Bielefeld\", which is not a time zone such as Europe/Berlin."
    );
    assert!(
        message(ServeOptions {
            company: some!("A\nB"),
            ..Default::default()
        })
        .starts_with("ANTRITT_COMPANY has 3 characters")
    );
}

#[test]
fn both_databases_are_taken_and_no_other() {
    for url in [
        "sqlite://antritt.sqlite",
        "sqlite:antritt.sqlite",
        "sqlite::memory:",
        "postgres://u:p@localhost/antritt",
        "postgresql://localhost",
    ] {
        assert!(
            ServeOptions {
                database_url: some!(url),
                ..Default::default()
            }
            .resolve()
            .is_ok(),
            "{url}"
        );
    }
    for url in [
        "mysql://root:hunter2@localhost/x",
        "sqlite://",
        "antritt.sqlite",
        "postgres://u:hunter2@local host/x",
    ] {
        let message = message(ServeOptions {
            database_url: some!(url),
            ..Default::default()
        });
        assert!(message.starts_with("ANTRITT_DATABASE_URL is not"), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }
}

#[test]
fn a_mail_server_needs_scheme_and_host() {
    assert!(
        ServeOptions {
            smtp_url: some!("smtp://localhost:1025"),
            ..Default::default()
        }
        .resolve()
        .is_ok()
    );
    for url in ["mail.example.com", "https://mail.example.com", "smtp:hunter2", "smtp://localhost?tls=hunter2"] {
        let message = message(ServeOptions {
            smtp_url: some!(url),
            ..Default::default()
        });
        assert!(message.starts_with("ANTRITT_SMTP_URL is not"), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }
}

#[test]
fn a_key_is_base64_or_hex_of_enough_bytes() {
    let bytes: Vec<u8> = (0..32).collect();
    let expected = Key::from_secret(&bytes);
    for text in [
        SIXTY_FOUR.to_owned(),
        SIXTY_FOUR.to_uppercase(),
        BASE64_STANDARD.encode(&bytes),
        format!(" {}\n", BASE64_STANDARD.encode(&bytes)),
    ] {
        let key = ServeOptions {
            key: Some(text),
            ..Default::default()
        }
        .resolve()
        .unwrap()
        .key
        .unwrap();
        assert_eq!(key.as_bytes(), expected.as_bytes());
    }
    let short = message(ServeOptions {
        key: some!("c2VjcmV0"),
        ..Default::default()
    });
    assert_eq!(
        short,
        "ANTRITT_KEY has 6 bytes, and a key has at least 32; make one by: head -c 32 /dev/urandom | base64 > antritt.key"
    );
    let odd = message(ServeOptions {
        key: some!("hunter2!"),
        ..Default::default()
    });
    assert_eq!(
        odd,
        "ANTRITT_KEY is neither base64 nor hex; make a key by: head -c 32 /dev/urandom | base64 > antritt.key"
    );
}

#[test]
fn secrets_are_read_from_files() {
    let database = Scratch::new("database", "postgres://u:p@localhost/antritt\n");
    let key = Scratch::new("key", &format!("{SIXTY_FOUR}\n"));
    let config = ServeOptions {
        database_url_file: Some(database.path()),
        key_file: Some(key.path()),
        ..Default::default()
    }
    .resolve()
    .unwrap();
    assert_eq!(config.database_url, "postgres://u:p@localhost/antritt");
    assert!(config.key.is_some());
}

#[test]
fn a_file_that_does_not_help_is_named() {
    let empty = Scratch::new("empty", " \n");
    assert!(
        message(ServeOptions {
            smtp_url_file: Some(empty.path()),
            ..Default::default()
        })
        .contains("which is empty")
    );
    let missing = message(ServeOptions {
        key_file: Some("/nowhere/antritt.key".into()),
        ..Default::default()
    });
    assert!(
        missing.starts_with("ANTRITT_KEY_FILE names the file \"/nowhere/antritt.key\", which cannot be read"),
        "{missing}"
    );
    let both = message(ServeOptions {
        key: some!(SIXTY_FOUR),
        key_file: Some(empty.path()),
        ..Default::default()
    });
    assert_eq!(both, "ANTRITT_KEY and ANTRITT_KEY_FILE are both set; set one of them.");
}

#[test]
fn debug_shows_no_secret() {
    let options = ServeOptions {
        database_url: some!("postgres://u:hunter2@h/x"),
        smtp_url: some!("smtps://u:hunter2@h"),
        key: some!(SIXTY_FOUR),
        ..Default::default()
    };
    let config = options.clone().resolve().unwrap();
    let shown = format!("{options:?} {config:?} {:?}", config.key);
    assert!(!shown.contains("hunter2") && !shown.contains(&SIXTY_FOUR[..8]), "{shown}");
}
