//! Mails reach a real mail server, once; where it refuses, they stay and are tried again.

use crate::fixture::{TestApp, people::NewPerson, stories};
use antritt::{
    api::invitations::RequestLink,
    domain::roles::Role,
    server::jobs::{Jobs, outbox::Sender},
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use mailin::{Action, Handler, Response, SessionBuilder, response};
use std::{
    io::{self, BufRead, BufReader},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{sync::watch, time::sleep};

/// A mail server that keeps what it gets, or refuses every receiver.
#[derive(Clone, Default)]
pub struct Sink {
    mails: Arc<Mutex<Vec<String>>>,
    current: Vec<u8>,
    refuses: bool,
}

impl Sink {
    /// What arrived, as it came over the wire.
    pub fn mails(&self) -> Vec<String> {
        self.mails.lock().unwrap().clone()
    }
}

impl Handler for Sink {
    fn rcpt(&mut self, _: &str) -> Response {
        if self.refuses { response::NO_MAILBOX } else { response::OK }
    }

    fn data_start(&mut self, _: &str, _: &str, _: bool, _: &[String]) -> Response {
        self.current.clear();
        response::OK
    }

    fn data(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.current.extend_from_slice(bytes);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        self.mails.lock().unwrap().push(String::from_utf8_lossy(&self.current).into_owned());
        response::OK
    }
}

/// Starts the mail server; gives its address. It ends with the process of the test.
pub fn listen(sink: Sink) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let sink = sink.clone();
            std::thread::spawn(move || drop(converse(&stream.unwrap(), sink)));
        }
    });
    format!("smtp://{address}")
}

fn converse(mut stream: &TcpStream, sink: Sink) -> io::Result<()> {
    let mut session = SessionBuilder::new("sink.example").build(stream.peer_addr()?.ip(), sink);
    let mut lines = BufReader::new(stream);
    let mut answer = session.greeting();
    loop {
        if answer.action != Action::NoReply {
            answer.write_to(&mut stream)?;
        }
        let mut line = Vec::new();
        if answer.action == Action::Close || lines.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        answer = session.process(&line);
    }
}

/// Lets the jobs run until `done` or for ten seconds.
pub async fn run_jobs(app: &TestApp, smtp: &str, done: impl AsyncFn() -> bool) {
    let sender = Sender::new(smtp, "Antritt <antritt@example.com>").unwrap();
    let (stop, stopped) = watch::channel(false);
    let jobs = Jobs::start(&app.app, Some(sender), &stopped);
    for _ in 0..100 {
        if done().await {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    stop.send(true).unwrap();
    jobs.finish().await;
}

stories! {
    async fn a_personal_link_arrives_once_at_the_private_address(app) {
        app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let sink = Sink::default();
        let smtp = listen(sink.clone());
        for _ in 0..2 {
            run_jobs(app, &smtp, async || app.number("select count(*) from outbox where sent_at is null").await == 0).await;
        }
        let mails = sink.mails();
        assert_eq!(mails.len(), 1);
        // Long lines are folded on the wire with "=\r\n".
        let wire = mails[0].replace("=\r\n", "");
        let token: String = wire.split("/invitation/").nth(1).unwrap().chars().take_while(|c| !c.is_whitespace()).collect();
        assert_eq!(app.visitor().get(&format!("/invitation/{token}")).await.status, StatusCode::OK);
        assert_eq!(app.number("select count(*) from audit_entry where action = 'mail.sent'").await, 1);
    }

    async fn a_refused_mail_stays_and_says_why_without_the_address(app) {
        app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let smtp = listen(Sink { refuses: true, ..Sink::default() });
        run_jobs(app, &smtp, async || app.number("select count(*) from outbox where last_error is not null").await == 1).await;
        assert_eq!(app.number("select count(*) from outbox where sent_at is null and attempts = 1").await, 1);
        let error = app.word("select last_error from outbox").await;
        assert!(!error.contains('@'), "{error}");
    }

    async fn administrators_pass_links_on_and_see_no_private_address(app) {
        app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let ben = NewPerson { work_email: "ben@firma.example", ..NewPerson::named("Ben Beispiel") };
        let ben = app.add(&ben).await;
        app.sign_in_by_link(ben).await;
        for (address, role) in [("ben.beispiel@home.example", Role::Security), ("root@company.example", Role::Auditor)] {
            app.account(address, Some(role), None).await;
            app.visitor().post_form(RequestLink::PATH, &[("email", address)]).await.said();
        }
        app.person("Cem Muster", "2026-12-01", "Europe/Berlin").await;
        let admin = app.admin().await;
        let page = admin.get("/admin/outbox").await.body;
        for shown in ["Anna Muster", "a…@home.example", "b…@home.example", "c…@home.example", "root@company.example", "/invitation/"] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        for hidden in ["anna.muster@home.example", "ben.beispiel@home.example", "cem.muster@home.example"] {
            assert!(!page.contains(hidden), "{hidden}");
        }
        app.account("admin@company.example", Some(Role::Hr), None).await;
        assert!(app.admin().await.get("/admin/outbox").await.body.contains("anna.muster@home.example"), "who may see them sees them here too");
    }
}
