//! Searching everywhere: forgiving about umlauts and slips, and never beyond what somebody may see.

use crate::fixture::{TestApp, client::Client, people::NewPerson, stories};
use antritt::{
    api::{documents::AddPolicy, people::RecordLastDay},
    domain::{ids::PersonId, roles::Role},
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;

/// What a search shows, as the addresses it leads to, in order.
async fn found(client: &Client, typed: &str) -> Vec<String> {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", typed).finish();
    let answer = client.get(&format!("/search?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let links = answer.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let hits = links.filter(|href| {
        ["/people/", "/admin/accounts/", "/content/documents/", "/content/courses/"]
            .iter()
            .any(|folder| href.starts_with(folder))
    });
    hits.map(str::to_owned).collect()
}

fn page(id: PersonId) -> String {
    format!("/people/{id}")
}

async fn named(app: &TestApp, name: &str) -> PersonId {
    app.person(name, "2026-12-01", "Europe/Berlin").await
}

stories! {
    async fn umlauts_are_found_however_they_are_typed(app) {
        let ids = [named(app, "Jürgen Müller").await, named(app, "Juergen Mueller").await, named(app, "René Groß").await];
        let hr = app.hr().await;
        for typed in ["müller", "Mueller", "MULLER", "muller jurgen", "Jürgen Mueller"] {
            let mut hits = found(&hr, typed).await;
            hits.sort();
            let mut both = [page(ids[0]), page(ids[1])];
            both.sort();
            assert_eq!(hits, both, "{typed}");
        }
        for typed in ["rene gross", "René Groß", "gross rené"] {
            assert_eq!(found(&hr, typed).await, [page(ids[2])], "{typed}");
        }
        let list = hr.get("/people?q=mueller").await.body;
        assert!(list.contains("Jürgen Müller") && list.contains("Juergen Mueller"), "lists are as forgiving about umlauts");
    }

    async fn a_slip_is_forgiven_and_what_was_typed_comes_first(app) {
        let (paul, anna) = (named(app, "Paul Meier").await, named(app, "Anna Meyer").await);
        let schmidt = app.add(&NewPerson { department: "Vertrieb", ..NewPerson::named("Eva Schmidt") }).await;
        let hr = app.hr().await;
        assert_eq!(found(&hr, "meier").await, [page(paul), page(anna)]);
        assert_eq!(found(&hr, "meyer").await, [page(anna), page(paul)]);
        for typed in ["shcmidt", "schmid eva", "schmiidt", "schnidt", "Schmidt Vertreib", "vertreib"] {
            assert_eq!(found(&hr, typed).await, [page(schmidt)], "{typed}");
        }
        for typed in ["schnitt", "xyz", "ev schmidd x", "%", "_"] {
            let answer = hr.get(&format!("/search?q={}", typed.replace('%', "%25").replace(' ', "+"))).await;
            assert!(answer.body.contains(antritt::ui::texts::search::nothing_title(antritt::domain::locale::Locale::En)), "{typed}: {}", answer.body);
        }
    }

    async fn people_are_found_by_address_as_far_as_one_may_read_it(app) {
        let anna = app.add(&NewPerson { work_email: "anna@firma.example", ..NewPerson::named("Anna Muster") }).await;
        let (hr, security) = (app.hr().await, app.security().await);
        for client in [&hr, &security] {
            assert_eq!(found(client, "anna@firma").await, [page(anna)], "a part of a work address");
        }
        assert_eq!(found(&hr, "Anna.Muster@home.example ").await, [page(anna)], "a whole private address");
        assert_eq!(found(&hr, "anna.muster@home").await, Vec::<String>::new());
        assert_eq!(found(&security, "anna.muster@home.example").await, Vec::<String>::new());
    }

    async fn a_manager_finds_reports_and_nobody_else(app) {
        let boss = app.add(&NewPerson { work_email: "boss@firma.example", ..NewPerson::named("Berta Boss") }).await;
        let report = app.add(&NewPerson { manager_email: "boss@firma.example", ..NewPerson::named("Anna Muster") }).await;
        named(app, "Anna Fremd").await;
        let client = app.sign_in_by_link(boss).await;
        assert_eq!(found(&client, "anna").await, [page(report)]);
        assert_eq!(found(&client, "anan").await, [page(report)], "nor by a slip");
        assert_eq!(found(&client, "fremd").await, Vec::<String>::new());
        assert_eq!(found(&client, "berta").await, Vec::<String>::new());
        let own = app.sign_in_by_link(report).await;
        assert_eq!(own.get("/search?q=anna").await.status, StatusCode::NOT_FOUND);
        assert!(!own.get("/checklist").await.body.contains("/search"), "whoever finds nobody is offered no search");
        assert!(client.get("/team").await.body.contains("href=\"/search\""));
    }

    async fn administrators_find_accounts_and_authors_titles_and_neither_finds_people(app) {
        named(app, "Anna Konto").await;
        let account = app.account("kim@company.example", Some(Role::Auditor), None).await;
        let (admin, security) = (app.admin().await, app.security().await);
        let path = format!("/admin/accounts/{account}");
        for typed in ["kim@company.example", "kim konto", "Konot Kim"] {
            let hits = found(&admin, typed).await;
            assert!(hits.contains(&path) && hits.iter().all(|hit| hit.starts_with("/admin/accounts/")), "{typed}: {hits:?}");
        }
        security.post_form(AddPolicy::PATH, &[("title_de", "Homeoffice"), ("title_en", "Working from home")]).await.said();
        for (client, typed) in [(&security, "homeofice"), (&security, "working from hoem"), (&admin, "Homeoffice")] {
            let hits = found(client, typed).await;
            assert_eq!(hits.len(), 1, "{typed}: {hits:?}");
            assert!(hits[0].starts_with("/content/documents/"));
        }
        assert!(found(&security, "phishing security").await.iter().all(|hit| !hit.starts_with("/admin")));
        assert_eq!(found(&app.hr().await, "homeoffice").await, Vec::<String>::new(), "HR writes no policies");
        assert_eq!(found(&app.auditor().await, "kim konto").await, Vec::<String>::new(), "accounts are the administrators'");
    }

    async fn leavers_are_found_and_said_to_have_left_and_twenty_are_enough(app) {
        let anna = named(app, "Anna Muster").await;
        let hr = app.hr().await;
        hr.post_form(RecordLastDay::PATH, &[("id", &*anna.to_string()), ("end_date", "2026-11-20")]).await.said();
        let answer = hr.get("/search?q=anna").await.body;
        assert!(answer.contains(&page(anna)) && answer.contains("· left"), "{answer}");
        let rows: Vec<_> = (0..25).map(|n| format!("Viele {n:02};viele{n}@home.example;;angestellt;DE;Lager;Bote;;2026-12-01;Europe/Berlin")).collect();
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        crate::stories::import::apply(&hr, crate::stories::import::file(&rows).as_bytes()).await.said();
        let answer = hr.get("/search?q=viele").await.body;
        assert_eq!(answer.matches("href=\"/people/").count(), 20);
        assert!(answer.contains("more than these 20"), "{answer}");
        assert!(hr.get("/search").await.body.contains("Whom or what"), "nothing typed, nothing looked for");
    }
}
