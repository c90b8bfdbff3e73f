//! Pages: how many questions they ask, and that everyone gets theirs.

use crate::fixture::{TestApp, client::Client, people::NewPerson, stories};
use antritt::{
    api::{account::SignIn, nda::ConfirmNda},
    domain::{ids::PersonId, requirement::RequirementKind as Kind, roles::Role},
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;

/// The most questions a page may ask, the one for the session included.
const MOST: usize = 4;

/// Adds people through an import, which is quicker than the form.
async fn populate(app: &TestApp, count: usize) {
    let rows: Vec<_> = (0..count)
        .map(|n| {
            format!(
                "Person {n};p{n}@home.example;;angestellt;DE;Abteilung {};Stelle;anna@firma.example;{};Europe/Berlin",
                n % 5,
                ["2026-11-20", "2026-12-01", "2026-12-14"][n % 3]
            )
        })
        .collect();
    let rows: Vec<_> = rows.iter().map(String::as_str).collect();
    let content = crate::stories::import::file(&rows);
    crate::stories::import::apply(&app.hr().await, content.as_bytes()).await.said();
}

/// Every page that somebody with some work done can open, and who opens it.
#[expect(clippy::too_many_lines, reason = "a list")]
async fn pages(app: &TestApp, anna: PersonId, own: &Client) -> Vec<(Client, String)> {
    let item = async |kind| app.item(anna, kind).await.id;
    let hr = app.hr().await;
    let upload = crate::stories::import::upload(
        &hr,
        crate::stories::import::file(&["Ben;ben@home.example;;angestellt;DE;Vertrieb;Bote;;2026-12-01;Europe/Berlin"]).as_bytes(),
    )
    .await;
    let training = app.item(anna, Kind::Training).await;
    let lesson = app.course(&training).await.lessons[0].slug.clone();
    let cookie = own.cookie("antritt").unwrap();
    let reader = || {
        let client = app.visitor();
        client.set_cookie("antritt", &cookie);
        client
    };
    app.admin().await;
    let granted = app.number("select max(seq) from audit_entry where action = 'role.granted'").await;
    let mut pages = vec![
        (app.visitor(), "/sign-in".to_owned()),
        (app.visitor(), format!("/invitation/{}", app.token_of(anna).await)),
        (app.visitor(), "/no-such-page".to_owned()),
        (app.security().await, "/security".to_owned()),
        (app.security().await, "/security/items?show=all".to_owned()),
        (app.security().await, format!("/people/{anna}")),
        (app.auditor().await, "/people".to_owned()),
        (app.auditor().await, "/exceptions".to_owned()),
        (app.admin().await, "/content".to_owned()),
        (app.admin().await, "/admin/outbox".to_owned()),
        (app.admin().await, "/search?q=security".to_owned()),
        (app.security().await, "/search?q=infromation".to_owned()),
        (app.admin().await, "/admin/events".to_owned()),
        (app.admin().await, format!("/admin/events/{granted}")),
        (app.admin().await, "/content/rules".to_owned()),
        (app.admin().await, "/content/rules/new".to_owned()),
        (app.admin().await, "/content/rules/new?what=instruction".to_owned()),
        (app.admin().await, format!("/content/rules/{}", training.requirement)),
        (app.admin().await, format!("/content/rules/{}/end", training.requirement)),
        (app.hr().await, format!("/people/{anna}/rehire")),
        (app.admin().await, "/content/check-profiles".to_owned()),
        (app.admin().await, "/content/check-profiles/US".to_owned()),
    ];
    pages.extend(member_pages(app).await);
    pages.extend(account_pages(app).await);
    app.visitor()
        .post_form("/api/invitations/request", &[("email", "admin@company.example")])
        .await
        .said();
    let reset = app.reset_tokens_of("admin@company.example").await.remove(0);
    pages.push((app.visitor(), format!("/reset-password/{reset}")));
    for path in [
        "/welcome",
        "/checklist",
        "/record",
        "/account",
        "/account/password",
        "/account/factors",
        "/account/sessions",
        "/account/prove",
        "/account/calendar",
        "/team",
        "/search?q=persno",
    ] {
        pages.push((reader(), path.to_owned()));
    }
    crate::stories::duties::make(app, &crate::stories::duties::task("Laptop", &[])).await;
    for (path, kind) in [
        ("instruction", Kind::Instruction),
        ("nda", Kind::Nda),
        ("check", Kind::BackgroundCheck),
        ("policy", Kind::Policy),
        ("training", Kind::Training),
        ("password-manager", Kind::PasswordManager),
    ] {
        pages.push((reader(), format!("/checklist/{path}/{}", item(kind).await)));
    }
    pages.push((reader(), format!("/checklist/training/{}/lesson/{lesson}", training.id)));
    pages.push((reader(), format!("/checklist/training/{}/quiz", training.id)));
    pages.push((reader(), format!("/signed/{}", item(Kind::Nda).await)));
    pages.push((reader(), format!("/people/{anna}")));
    pages.push((reader(), "/people".to_owned()));
    let mut hr_paths = vec![
        "/hr".to_owned(),
        "/hr?light=red".to_owned(),
        "/hr?light=stuck".to_owned(),
        "/people".to_owned(),
        "/people?q=person".to_owned(),
        "/account/calendar".to_owned(),
        "/search?q=persno".to_owned(),
        "/people/new".to_owned(),
        "/people/import".to_owned(),
    ];
    hr_paths.extend(["", "/edit", "/start-date", "/last-day", "/reminders"].map(|page| format!("/people/{anna}{page}")));
    for choice in ["", "?choice=provider", "?choice=references"] {
        hr_paths.push(format!("/people/{anna}/check/{}{choice}", item(Kind::BackgroundCheck).await));
    }
    hr_paths.push(format!("/people/{anna}/nda/{}", item(Kind::Nda).await));
    hr_paths.push(format!("/signed/{}", item(Kind::Nda).await));
    let hr_cookie = hr.cookie("antritt").unwrap();
    for path in hr_paths {
        let client = app.visitor();
        client.set_cookie("antritt", &hr_cookie);
        pages.push((client, path));
    }
    let template = app.nda_template("Freie", "contractor", "", "").await;
    for path in [
        "/content/nda-templates".to_owned(),
        "/content/nda-templates/new".to_owned(),
        format!("/content/nda-templates/{template}"),
        format!("/people/{anna}/withdraw-nda/{}", item(Kind::Nda).await),
    ] {
        let client = app.visitor();
        client.set_cookie("antritt", &hr_cookie);
        pages.push((client, path));
    }
    pages.push((hr, format!("/people/import/{upload}")));
    pages.extend(course_pages(app).await);
    pages
}

/// The pages on which accounts and roles are administered.
async fn account_pages(app: &TestApp) -> Vec<(Client, String)> {
    let (_, first) = app.administrator("first").await;
    let (_, admin) = app.administrator("second").await;
    let account = app.account("target@company.example", Some(Role::Auditor), None).await;
    crate::stories::roles::grant(&first, account, "security", "").await.said();
    let request = app.role_request().await;
    let cookie = admin.cookie("antritt").unwrap();
    let of_account = ["", "/grant", "/status", "/factors", "/remove/auditor"].map(|page| format!("/admin/accounts/{account}{page}"));
    let others = ["/admin/accounts", "/admin/accounts?role=hr&q=kim", "/admin/accounts/new"].map(str::to_owned);
    let mut pages: Vec<_> = of_account
        .into_iter()
        .chain(others)
        .chain([format!("/admin/accounts/requests/{request}")])
        .map(|path| {
            let client = app.visitor();
            client.set_cookie("antritt", &cookie);
            (client, path)
        })
        .collect();
    pages.push((app.auditor().await, "/security/access".to_owned()));
    pages
}

/// The pages on which a vendor's member list is held against the people here.
async fn member_pages(app: &TestApp) -> Vec<(Client, String)> {
    let security = app.security().await;
    let apply = crate::stories::members::upload(&security, "Email,Status\nanna@firma.example,Invited\nbuild@firma.example,Active\n").await;
    security.post_form("/api/members/apply", &[("id", &apply)]).await.said();
    let unmapped = crate::stories::members::upload(&security, "Wer,Stufe\nanna@firma.example,A1\n").await;
    let cookie = security.cookie("antritt").unwrap();
    [
        "",
        "?show=missing",
        "?show=invited",
        "/match?email=build@firma.example",
        &format!("/lists/{apply}"),
        &format!("/lists/{unmapped}"),
        &format!("/lists/{unmapped}?email=0&status=1"),
    ]
    .map(|page| {
        let client = app.visitor();
        client.set_cookie("antritt", &cookie);
        (client, format!("/security/password-manager{page}"))
    })
    .into()
}

/// The pages on which courses are written.
async fn course_pages(app: &TestApp) -> Vec<(Client, String)> {
    let author = app.security().await;
    let course = app.shipped_course().await;
    let path = |rest: &str| format!("/content/courses/{course}{rest}");
    let draft = [("id", course.as_str()), ("lesson_de", "Neu"), ("lesson_en", "New")];
    author.post_form("/api/courses/add-lesson", &draft).await.said();
    let file = crate::stories::course_files::upload(&author, b"{}").await;
    let author_cookie = author.cookie("antritt").unwrap();
    let lists = ["", "/new", "/import"].map(|rest| format!("/content/courses{rest}"));
    let of_course = [
        path(""),
        path("/lessons/phishing"),
        path("/questions"),
        path("/questions/phishing-1"),
        path("/questions/new"),
        path("/quiz"),
        path("/publish"),
        format!("/content/courses/import/{file}"),
    ];
    let open = |path| {
        let client = app.visitor();
        client.set_cookie("antritt", &author_cookie);
        (client, path)
    };
    lists.into_iter().chain(of_course).map(open).collect()
}

async fn anna_at_work(app: &TestApp) -> (PersonId, Client) {
    let anna = app
        .add(&NewPerson {
            work_email: "anna@firma.example",
            start_date: "2026-11-20",
            ..NewPerson::named("Anna Muster")
        })
        .await;
    let own = app.sign_in_by_link(anna).await;
    app.sign_nda(&own, anna).await.said();
    app.hr().await.post_form("/api/invitations/send", &[("person", &anna.to_string())]).await.said();
    (anna, own)
}

async fn ask_each_page(app: &TestApp, people: usize) {
    let (anna, own) = anna_at_work(app).await;
    populate(app, people).await;
    for (client, path) in pages(app, anna, &own).await {
        let (answer, questions) = client.get_counting(&path).await;
        let expected = if path == "/no-such-page" { StatusCode::NOT_FOUND } else { StatusCode::OK };
        assert_eq!(answer.status, expected, "{path} ({people} people): {}", answer.body);
        assert!(answer.body.contains("</html>") && answer.body.contains("<main"), "{path} is a whole page");
        assert!(
            !answer.body.contains(" style=\"") && !answer.body.contains(" onclick="),
            "{path} keeps to the content policy"
        );
        assert!(questions <= MOST, "{path} asks {questions} questions with {people} people");
        let needs_session = client.cookie("antritt").is_some();
        assert!(questions > 0 || !needs_session, "{path}: the counter counts nothing");
    }
}

/// What somebody may write into an address instead of what our pages write: characters and times that a database has no word for, texts that
/// are too long to search for.
fn crooked_queries() -> Vec<String> {
    let id = "01a20a02-4c37-77a2-a62a-f71cf3bc93fa";
    let times = ["-377705116800", "253402300800", "9223372036854775807"];
    let mut words = vec!["%00".to_owned(), "a%00b".to_owned(), "%FF%FE%ED%A0%80".to_owned()];
    words.extend(times.iter().flat_map(|time| [format!("{time}.{id}"), format!("1.{time}.{id}")]));
    let names = "q after before key role kind name email country department lesson next attempt vendor status".split(' ');
    let mut queries: Vec<_> = words
        .iter()
        .map(|word| {
            let pairs: Vec<_> = names.clone().map(|name| format!("{name}={word}")).collect();
            format!("{}&show=all&id={id}", pairs.join("&"))
        })
        .collect();
    queries.push(format!("q={}&show=all&id={id}", "!".repeat(26_000)));
    queries
}

stories! {
    async fn every_page_asks_at_most_four_questions_with_three_people(app) {
        ask_each_page(app, 3).await;
    }

    async fn every_page_asks_at_most_four_questions_with_sixty_people(app) {
        ask_each_page(app, 60).await;
    }

    async fn no_query_is_too_crooked_for_a_page(app) {
        let (anna, own) = anna_at_work(app).await;
        for (client, path) in pages(app, anna, &own).await.into_iter().filter(|(_, path)| !path.contains('?')) {
            for query in crooked_queries() {
                let answer = client.get(&format!("{path}?{query}")).await;
                assert!(!answer.status.is_server_error(), "{path}?{query:.80}: {} {}", answer.status, answer.body);
            }
        }
    }

    async fn the_counter_sees_each_question(app) {
        let (_, questions) = app.visitor().get_counting("/readyz").await;
        assert!(questions >= 2, "{questions}: whether there is a table of migrations, and its newest");
        let (_, questions) = app.visitor().get_counting("/healthz").await;
        assert_eq!(questions, 0);
    }

    async fn the_start_page_leads_everyone_to_theirs(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let own = app.sign_in_by_link(anna).await;
        for (client, expected) in [(app.visitor(), "/sign-in"), (own, "/checklist"), (app.hr().await, "/hr"), (app.security().await, "/security"), (app.auditor().await, "/security"), (app.admin().await, "/admin/accounts")] {
            let answer = client.get("/").await;
            assert!(answer.status.is_redirection(), "{expected}: {}", answer.status);
            assert_eq!(answer.location(), expected);
        }
    }

    async fn whoever_is_not_signed_in_is_led_to_the_door_and_back(app) {
        let answer = app.visitor().get("/people?q=anna").await;
        assert!(answer.status.is_redirection());
        assert!(answer.location().starts_with("/sign-in"), "{}", answer.location());
    }

    async fn answers_carry_the_headers_that_keep_others_out(app) {
        for (client, path) in [(app.visitor(), "/sign-in"), (app.visitor(), "/no-such-page"), (app.hr().await, "/hr"), (app.visitor(), "/healthz")] {
            let answer = client.get(path).await;
            let header = |name: &str| answer.headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
            assert_eq!((&*header("x-content-type-options"), &*header("x-frame-options"), &*header("cache-control")), ("nosniff", "DENY", "no-store"), "{path}");
            assert!(header("content-security-policy").contains("default-src 'none'") && header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
            assert!(!header("content-security-policy").contains("unsafe-inline"));
        }
        for path in ["/logo.svg", antritt::server::http::assets::STYLE] {
            let answer = app.visitor().get(path).await;
            let policy = answer.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
            assert!(answer.headers["cache-control"].to_str().unwrap().starts_with("public"), "{path}");
        }
    }

    async fn a_flash_message_is_shown_once(app) {
        let visitor = app.visitor();
        visitor.post_form_from("/sign-in", SignIn::PATH, &[("email", "a@b.example"), ("password", "x")]).await;
        let message = antritt::ui::texts::problems::wrong_credentials(antritt::domain::locale::Locale::De);
        let shown = visitor.get("/sign-in").await;
        assert!(shown.body.contains(message) && shown.body.contains("value=\"a@b.example\""), "{}", shown.body);
        assert!(!visitor.get("/sign-in").await.body.contains(message));
    }

    async fn a_late_confirmation_says_so_where_it_was_tried(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let own = app.sign_in_by_link(anna).await;
        app.sign_nda(&own, anna).await.said();
        let hr = app.hr().await;
        let id = app.nda(anna).await.id.to_string();
        hr.post_form_from("/hr", ConfirmNda::PATH, &[("id", &id)]).await.said();
        let again = hr.post_form_from("/hr", ConfirmNda::PATH, &[("id", &id)]).await;
        let page = hr.get(again.location()).await;
        assert!(page.body.contains(antritt::ui::texts::problems::already_done(antritt::domain::locale::Locale::En)), "{}", page.body);
    }
}
