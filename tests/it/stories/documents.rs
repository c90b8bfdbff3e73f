//! Writing and publishing policies and NDAs: drafts that nobody else sees, versions that never change, and who is asked again.

use crate::fixture::{
    Db, TestApp,
    client::{Answer, Client},
    stories,
};
use antritt::{
    api::{
        documents::SaveDraft,
        done::Said,
        error::ApiError,
        exemptions::{DecideExemption, RequestExemption},
    },
    domain::{
        assignment::{Cause, State},
        document::{DocumentKind, MAX_BODY},
        ids::{DocumentId, PersonId},
        locale::Locale,
        problem::{Conflict, FieldProblem, Problem},
        requirement::{Material, RequirementKind as Kind},
    },
    server::{
        service::housekeeping,
        store::{
            assignments::{Assignment, list_earlier_cycles},
            documents::{self, DocumentVersion},
            rollout,
        },
    },
    ui::texts::documents as t,
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use time::{Duration, macros::date};

/// The first policy of the checklist.
async fn policy(app: &TestApp) -> DocumentId {
    let listed = documents::list(&mut app.read().await, app.now(), app.now().date()).await.unwrap();
    let nda = listed.iter().find(|document| document.kind == DocumentKind::Nda).unwrap();
    assert_eq!(nda.published.map(|(number, _)| number), Some(1));
    let listed = antritt::server::store::requirements::list(&mut app.read().await).await.unwrap();
    let policy = listed.into_iter().find(|requirement| requirement.kind == Kind::Policy).unwrap();
    let Material::Document(document) = policy.material else { panic!("no text") };
    document
}

async fn nda_text(app: &TestApp) -> DocumentId {
    let listed = documents::list(&mut app.read().await, app.now(), app.now().date()).await.unwrap();
    listed.into_iter().find(|document| document.kind == DocumentKind::Nda).unwrap().id
}

async fn newest(app: &TestApp, document: DocumentId) -> DocumentVersion {
    documents::find_newest(&mut app.read().await, document).await.unwrap().unwrap()
}

async fn item_of(app: &TestApp, person: PersonId, document: DocumentId) -> Assignment {
    let items = app.items(person).await;
    items.into_iter().find(|item| item.material == Material::Document(document)).unwrap()
}

/// Sends a draft in which a sentence is added to both texts.
async fn send(app: &TestApp, editor: &Client, document: DocumentId, seen: &str, sentence: &str) -> Answer {
    let version = newest(app, document).await;
    let bodies = [&version.body.de, &version.body.en].map(|body| format!("{body}\n\n{sentence}"));
    let fields = [
        ("id", &*document.to_string()),
        ("seen", seen),
        ("title_de", &version.title.de),
        ("title_en", &version.title.en),
        ("body_de", &bodies[0]),
        ("body_en", &bodies[1]),
    ];
    editor.post_form_from(&format!("/content/documents/{document}"), SaveDraft::PATH, &fields).await
}

/// Saves such a draft.
async fn draft(app: &TestApp, editor: &Client, document: DocumentId, seen: &str, sentence: &str) -> Said {
    send(app, editor, document, seen, sentence).await.said()
}

/// Publishes what was drafted as the first revision.
async fn publish(editor: &Client, document: DocumentId, weight: &str) -> Answer {
    let fields = [
        ("id", &*document.to_string()),
        ("seen", "1"),
        ("weight", weight),
        ("change_de", "Ein Satz mehr."),
        ("change_en", "One more sentence."),
    ];
    editor.post_form("/api/documents/publish", &fields).await
}

async fn accepted(app: &TestApp, name: &str, document: DocumentId) -> (PersonId, Client) {
    let person = app.person(name, "2026-11-02", "Europe/Berlin").await;
    let reader = app.sign_in_by_link(person).await;
    let item = item_of(app, person, document).await;
    app.accept_policy(&reader, &item).await.said();
    (person, reader)
}

stories! {
    async fn nobody_reads_a_draft_before_it_is_published(app) {
        let (security, document) = (app.security().await, policy(app).await);
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        assert_eq!(draft(app, &security, document, "0", "Ein ganz neuer Satz.").await, Said::DraftSaved);
        let path = format!("/checklist/policy/{}", item_of(app, anna, document).await.id);
        assert!(!reader.get(&path).await.body.contains("Ein ganz neuer Satz."));
        let page = security.get(&format!("/content/documents/{document}")).await;
        assert!(page.body.matches("Ein ganz neuer Satz.").count() >= 4, "in both fields and both previews");
        assert_eq!(publish(&security, document, "minor").await.said(), Said::DocumentPublished { asked: 0 });
        assert!(reader.get(&path).await.body.contains("Ein ganz neuer Satz."));
    }

    async fn a_material_version_asks_exactly_those_who_accepted(app) {
        let (security, document) = (app.security().await, policy(app).await);
        let (anna, _) = accepted(app, "Anna Muster", document).await;
        let (gone, _) = accepted(app, "Gerd Gegangen", document).await;
        let hr = app.hr().await;
        hr.post_form("/api/people/record-last-day", &[("id", &gone.to_string()), ("end_date", "2026-11-20")]).await.said();
        let early = app.person("Nora Neu", "2027-02-01", "Asia/Tokyo").await;
        let reader = app.sign_in_by_link(early).await;
        app.accept_policy(&reader, &item_of(app, early, document).await).await.said();
        let open = app.person("Otto Offen", "2026-12-01", "Europe/Berlin").await;
        let lifted = app.person("Erna Ausnahme", "2026-12-01", "Europe/Berlin").await;
        let lifted_item = item_of(app, lifted, document).await.id.to_string();
        let request = [("id", &*lifted_item), ("reason", "Grund"), ("compensating_step", "Schritt"), ("ends_on", "2027-06-01")];
        hr.post_form(RequestExemption::PATH, &request).await.said();
        let register = antritt::server::store::exemptions::list(&mut app.read().await, None, None, 10).await.unwrap();
        let id = register.rows[0].id.to_string();
        security.post_form(DecideExemption::PATH, &[("id", &*id), ("approve", "yes")]).await.said();

        draft(app, &security, document, "0", "Ein Satz mehr.").await;
        let shown = security.get(&format!("/content/documents/{document}/publish")).await.body;
        for (sentence, n) in [(t::effect_again as fn(Locale, &str) -> String, 2), (t::effect_open, 1), (t::effect_lifted, 1), (t::effect_left, 1)] {
            let sentence = sentence(Locale::En, &t::people(Locale::En, n));
            assert!(shown.contains(&sentence), "{sentence}: {shown}");
        }
        let reach = rollout::reach(&mut app.read().await, document, app.now().date()).await.unwrap();
        let entries = app.audit_entries().await;
        assert_eq!(publish(&security, document, "material").await.said(), Said::DocumentPublished { asked: u64::try_from(reach.accepted).unwrap() });
        assert_eq!(app.audit_entries().await, entries + 1);

        let again = item_of(app, anna, document).await;
        assert_eq!((again.state, again.cycle, again.cause, again.late), (State::Open, 2, Cause::NewVersion, false));
        assert_eq!(again.deadline.due_on, date!(2026 - 12 - 07), "in two weeks");
        let again = item_of(app, early, document).await;
        assert_eq!((again.cycle, again.deadline.due_on), (2, date!(2027 - 02 - 15)), "their own rule gives them longer");
        assert_eq!(item_of(app, open, document).await.cycle, 1);
        assert_eq!((item_of(app, lifted, document).await.cycle, item_of(app, gone, document).await.cycle), (1, 1));
        let [first] = list_earlier_cycles(&mut app.read().await, anna).await.unwrap().try_into().unwrap();
        assert!(matches!(first.state, State::Done { .. }) && app.evidence(first.id).await.len() == 1, "what was accepted stays");
    }

    async fn a_minor_version_asks_nobody(app) {
        let (security, document) = (app.security().await, policy(app).await);
        let (anna, _) = accepted(app, "Anna Muster", document).await;
        let before = app.items(anna).await;
        draft(app, &security, document, "0", "Tippfehler weg.").await;
        assert_eq!(publish(&security, document, "minor").await.said(), Said::DocumentPublished { asked: 0 });
        assert_eq!(app.items(anna).await, before);
        let version = newest(app, document).await;
        assert_eq!((version.number, version.material, version.release.effective_on), (2, false, Some(app.now().date())));
        assert!(version.release.by.is_some() && version.release.change.en == "One more sentence.");
    }

    async fn a_published_version_never_changes(app) {
        let document = policy(app).await;
        assert!(app.tamper("update document_version set body_de = 'x'").await.is_err());
        assert!(app.tamper("delete from document_version").await.is_err());
        let security = app.security().await;
        let page = security.get(&format!("/content/documents/{document}/versions/1")).await;
        let version = newest(app, document).await;
        for hash in [version.sha256_de, version.sha256_en] {
            assert!(page.body.contains(&hex::encode(hash)));
        }
        assert!(!page.body.contains("<form class=\"form\""), "there is nothing to change it with");
        assert_eq!(security.get(&format!("/content/documents/{document}/versions/2")).await.status, StatusCode::NOT_FOUND);
    }

    async fn two_editors_never_overwrite_each_other_unawares(app) {
        let (security, admin, document) = (app.security().await, app.admin().await, policy(app).await);
        let changed = ApiError::Conflict(Conflict::ChangedMeanwhile);
        assert_eq!(draft(app, &security, document, "0", "Von Security.").await, Said::DraftSaved);
        let refused = send(app, &admin, document, "0", "Von Admin.").await;
        let path = format!("/content/documents/{document}");
        assert_eq!((refused.refusal(), refused.location()), (changed.clone(), &*path));
        assert!(security.get(&path).await.body.contains("Von Security.") && !security.get(&path).await.body.contains("Von Admin."));
        let page = admin.get(&path).await.body;
        assert!(page.contains("Von Admin.") && page.contains("name=\"seen\" value=\"1\"") && page.contains("<del>"), "{page}");
        assert!(!page.contains("/publish\""), "what is not saved cannot be published");
        assert_eq!(draft(app, &admin, document, "1", "Von Admin.").await, Said::DraftSaved, "now they know");
        assert!(security.get(&path).await.body.contains("Von Admin."));
        assert_eq!(send(app, &security, document, "1", "Nochmal Security.").await.refusal(), changed);
        assert!(security.get(&path).await.body.contains("Nochmal Security."));
        assert!(!security.get(&path).await.body.contains("Nochmal Security."), "to look again is to drop it");
        assert_eq!(publish(&security, document, "minor").await.refusal(), ApiError::Conflict(Conflict::DraftChanged), "the first revision is gone");
        let discard = |seen: &'static str| [("id", document.to_string()), ("seen", seen.to_owned())];
        let send = async |seen: &'static str| { let fields = discard(seen); security.post_form("/api/documents/discard", &[("id", &fields[0].1), ("seen", &fields[1].1)]).await };
        assert_eq!(send("1").await.refusal(), ApiError::Conflict(Conflict::DraftChanged));
        assert_eq!(send("2").await.said(), Said::DraftDiscarded);
        assert_eq!(newest(app, document).await.number, 1);
    }

    async fn whatever_is_refused_comes_back_whole_to_whoever_typed_it_for_a_day(app) {
        let (security, admin, document) = (app.security().await, app.admin().await, policy(app).await);
        let (id, path) = (document.to_string(), format!("/content/documents/{document}"));
        draft(app, &admin, document, "0", "Von Admin.").await;
        let long = "Ein Satz mit Umläuten äöü. ".repeat(1_800);
        let refusals = [
            ("1", format!("{long}\u{202E}"), Problem::ControlCharacters),
            ("1", "ä".repeat(MAX_BODY + 1), Problem::TooLong(MAX_BODY)),
        ]
        .map(|(seen, text, problem)| (seen, text, ApiError::Invalid(["body_de", "body_en"].map(|field| FieldProblem::new(field, problem.clone())).to_vec())));
        let stale = [("0", long.clone(), ApiError::Conflict(Conflict::ChangedMeanwhile))];
        for (seen, text, expected) in refusals.into_iter().chain(stale) {
            let fields = [("id", &*id), ("seen", seen), ("title_de", "Titel"), ("title_en", "Title"), ("body_de", &text), ("body_en", &text)];
            let refused = security.post_form_from(&path, SaveDraft::PATH, &fields).await;
            assert_eq!(refused.refusal(), expected);
            let cookie = security.cookie("flash").unwrap();
            admin.set_cookie("flash", &cookie);
            assert!(!admin.get(&path).await.body.contains(&text));
            let page = security.get(&path).await.body;
            assert!(page.matches(&text).count() >= 2 && page.contains("value=\"Titel\""), "{seen}: {} letters", page.len());
            assert_eq!(security.cookie("flash"), None);
        }
        app.clock.advance(Duration::days(1));
        housekeeping::sweep(&app.app, app.now()).await.unwrap();
        assert_eq!(app.number("select count(*) from kept_form").await, 1, "a day is not over before it is over");
        app.clock.advance(Duration::seconds(1));
        assert_eq!(housekeeping::sweep(&app.app, app.now()).await.unwrap().forms, 1);
    }

    async fn no_account_fills_the_database_with_what_was_refused(app) {
        let (security, document) = (app.security().await, policy(app).await);
        let (id, path) = (document.to_string(), format!("/content/documents/{document}"));
        let comes_back = async |text: &str| {
            let fields = [("id", &*id), ("seen", "0"), ("title_de", "Titel"), ("title_en", "Title"), ("body_de", text), ("body_en", text)];
            security.post_form_from(&path, SaveDraft::PATH, &fields).await.refusal();
            security.get(&path).await.body.contains(text)
        };
        assert!(!comes_back(&"x".repeat(250_000)).await, "far more than a policy has");
        assert_eq!(app.number("select count(*) from kept_form").await, 0);
        let mut kept = 0;
        for n in 0..30 {
            kept += usize::from(comes_back(&format!("{n:060000}")).await);
        }
        assert_eq!(kept, 20);
        app.clock.advance(Duration::minutes(1));
        assert!(comes_back(&"y".repeat(60_000)).await);
    }

    async fn a_correction_is_not_in_force_before_what_it_corrects(app) {
        let (security, document) = (app.security().await, policy(app).await);
        draft(app, &security, document, "0", "Neu.").await;
        publish(&security, document, "material").await.said();
        let material = newest(app, document).await.release.effective_on;
        assert_eq!(material, Some(date!(2026 - 12 - 07)));
        draft(app, &security, document, "0", "Neuer.").await;
        publish(&security, document, "minor").await.said();
        let correction = newest(app, document).await;
        assert_eq!((correction.number, correction.release.effective_on), (3, material));
    }

    async fn publishing_twice_or_without_news_changes_nothing(app) {
        let (security, document) = (app.security().await, policy(app).await);
        draft(app, &security, document, "0", "Neu.").await;
        publish(&security, document, "material").await.said();
        let entries = app.audit_entries().await;
        assert_eq!(publish(&security, document, "material").await.refusal(), ApiError::Conflict(Conflict::DraftChanged));
        let version = newest(app, document).await;
        let same = [("id", &*document.to_string()), ("seen", "0"), ("title_de", &version.title.de), ("title_en", &version.title.en), ("body_de", &version.body.de), ("body_en", &version.body.en)];
        assert_eq!(security.post_form("/api/documents/save", &same).await.said(), Said::NothingToDo);
        assert_eq!((app.audit_entries().await, newest(app, document).await.number), (entries, 2));
    }

    async fn every_problem_of_a_release_is_named_and_nothing_is_published(app) {
        let (security, document) = (app.security().await, policy(app).await);
        draft(app, &security, document, "0", "Neu.").await;
        let id = document.to_string();
        let fields = [("id", &*id), ("seen", "1"), ("effective_on", "2026-11-22"), ("change_de", "a\u{202E}b")];
        let expected = vec![
            FieldProblem::new("weight", Problem::NotChosen),
            FieldProblem::new("effective_on", Problem::NotWithinTwoYears),
            FieldProblem::new("change_de", Problem::ControlCharacters),
        ];
        assert_eq!(security.post_form("/api/documents/publish", &fields).await.refusal(), ApiError::Invalid(expected));
        draft(app, &security, document, "1", "Für {{salary}} und {{name}}").await;
        let fields = [("id", &*id), ("seen", "2"), ("weight", "minor")];
        let ApiError::Invalid(problems) = security.post_form("/api/documents/publish", &fields).await.refusal() else { panic!("published with gaps") };
        assert!(problems.contains(&FieldProblem::new("body_de", Problem::UnknownPlaceholder("{{salary}}".to_owned()))));
        assert!(problems.contains(&FieldProblem::new("body_en", Problem::PlaceholderInPolicy)));
        assert_eq!(newest(app, document).await.number, 1);
    }

    async fn who_accepts_again_sees_the_difference_to_what_they_accepted(app) {
        let (security, document) = (app.security().await, policy(app).await);
        let (anna, reader) = accepted(app, "Anna Muster", document).await;
        for (sentence, weight) in [("Zweite Fassung <script>alert(1)</script>.", "minor"), ("Dritte Fassung.", "material")] {
            app.clock.advance(Duration::minutes(10));
            draft(app, &security, document, "0", sentence).await;
            publish(&security, document, weight).await.said();
        }
        let item = item_of(app, anna, document).await;
        let page = reader.get(&format!("/checklist/policy/{}", item.id)).await.body;
        assert!(page.contains("<ins>") && page.contains("Zweite Fassung") && page.contains("Dritte Fassung.") && page.contains("Ein Satz mehr."), "{page}");
        assert!(!page.contains("<script>alert(1)"), "a text stays a text");
        assert!(page.contains("<details") && page.contains("unveränderte Absätze"));
        app.accept_policy(&reader, &item).await.said();
        let first = list_earlier_cycles(&mut app.read().await, anna).await.unwrap().into_iter().find(|earlier| earlier.requirement == item.requirement).unwrap();
        let shown = |evidence: Vec<antritt::domain::evidence::Evidence>| evidence[0].proof.shown().unwrap().version;
        let versions = documents::list_versions(&mut app.read().await, document).await.unwrap();
        assert_eq!((shown(app.evidence(first.id).await), shown(app.evidence(item.id).await)), (versions[2].id, versions[0].id));
        assert!(!reader.get(&format!("/signed/{}", first.id)).await.body.contains("Zweite Fassung"), "the copy is the text of then");
    }

    async fn an_unchanged_text_says_so_after_a_year(app) {
        let document = policy(app).await;
        let (anna, _) = accepted(app, "Anna Muster", document).await;
        app.clock.advance(Duration::days(345));
        antritt::server::service::renewals::open_due(&app.app, app.now()).await.unwrap();
        let item = item_of(app, anna, document).await;
        let reader = app.signed_in_person(anna).await;
        let page = reader.get(&format!("/checklist/policy/{}", item.id)).await.body;
        assert!(page.contains(&antritt::ui::texts::checklist::unchanged_since(Locale::De, "23.\u{A0}November 2026")), "{page}");
        assert!(!page.contains("<ins>"));
        // A version that counts before the year is over is to be accepted by then.
        let security = app.security().await;
        draft(app, &security, document, "0", "Neu.").await;
        let fields = [("id", &*document.to_string()), ("seen", "1"), ("weight", "material"), ("effective_on", "2027-11-05")];
        assert_eq!(security.post_form("/api/documents/publish", &fields).await.said(), Said::DocumentPublished { asked: 0 });
        assert_eq!(item_of(app, anna, document).await.deadline.due_on, date!(2027 - 11 - 05));
    }

    async fn a_text_that_was_open_while_a_new_one_was_published_is_not_accepted(app) {
        let (security, document) = (app.security().await, policy(app).await);
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        let item = item_of(app, anna, document).await;
        let opened = app.opened(&item, Locale::De).await;
        draft(app, &security, document, "0", "Neu.").await;
        publish(&security, document, "minor").await.said();
        let fields = [("id", &*item.id.to_string()), ("opened", &opened), ("consents", "on")];
        assert_eq!(reader.post_form("/api/policies/accept", &fields).await.refusal(), ApiError::Conflict(Conflict::NewerVersion));
    }

    async fn nobody_signs_an_nda_again_and_who_comes_signs_the_new_one(app) {
        let (hr, document) = (app.hr().await, nda_text(app).await);
        let signed = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(signed).await;
        app.sign_nda(&reader, signed).await.said();
        let open = app.person("Otto Offen", "2026-12-01", "Europe/Berlin").await;
        assert_eq!(draft(app, &hr, document, "0", "Neuer Absatz für {{name}}.").await, Said::DraftSaved);
        assert_eq!(publish(&hr, document, "").await.said(), Said::DocumentPublished { asked: 0 });
        assert_eq!((app.nda(signed).await.cycle, app.nda(open).await.cycle), (1, 1));
        assert!(matches!(app.nda(signed).await.state, State::Waiting { .. }));
        let newcomer = app.sign_in_by_link(open).await;
        let page = newcomer.get(&format!("/checklist/nda/{}", app.nda(open).await.id)).await.body;
        assert!(page.contains("Neuer Absatz"));
        assert!(!reader.get(&format!("/signed/{}", app.nda(signed).await.id)).await.body.contains("Neuer Absatz"));
    }

    async fn each_kind_of_text_has_its_own_editors(app) {
        let (policy, nda) = (policy(app).await, nda_text(app).await);
        for (client, may_policy, may_nda) in [(app.security().await, true, false), (app.hr().await, false, true), (app.admin().await, true, true), (app.auditor().await, false, false)] {
            let list = client.get("/content/documents").await.body;
            for (document, may) in [(policy, may_policy), (nda, may_nda)] {
                let status = client.get(&format!("/content/documents/{document}")).await.status;
                assert_eq!(status, if may { StatusCode::OK } else { StatusCode::NOT_FOUND });
                assert_eq!(list.contains(&document.to_string()), may);
                let save = client.post_form("/api/documents/save", &[("id", &*document.to_string()), ("seen", "9")]).await;
                assert_eq!(save.refusal(), if may { ApiError::Conflict(Conflict::ChangedMeanwhile) } else { ApiError::NotFound });
            }
        }
    }

    async fn a_new_policy_reaches_everybody_when_it_is_published_and_not_before(app) {
        let (security, now) = (app.security().await, app.now());
        let anna = app.person("Anna Muster", "2026-01-05", "America/New_York").await;
        let nora = app.person("Nora Neu", "2027-01-11", "Europe/Berlin").await;
        let answer = security.post_form("/api/documents/add", &[("title_de", "Mobiles Arbeiten"), ("title_en", "Remote work")]).await;
        let document: DocumentId = answer.location().rsplit('/').next().unwrap().parse().unwrap();
        let id = document.to_string();
        assert!(security.get(&format!("/content/documents/{id}/publish")).await.body.contains("Not complete yet"));
        let fields = [("id", &*id), ("seen", "1"), ("title_de", "Mobiles Arbeiten"), ("title_en", "Remote work"), ("body_de", "## Regeln"), ("body_en", "## Rules")];
        security.post_form("/api/documents/save", &fields).await.said();
        assert_eq!(app.items(anna).await.len(), 7);
        assert!(security.get(&format!("/content/documents/{id}/publish")).await.body.contains(&t::effect_first(Locale::En, &t::people(Locale::En, 2))));
        let publish = [("id", &*id), ("seen", "2"), ("effective_on", "2026-12-15")];
        assert_eq!(security.post_form("/api/documents/publish", &publish).await.said(), Said::DocumentPublished { asked: 2 });
        let (old, new) = (item_of(app, anna, document).await, item_of(app, nora, document).await);
        assert_eq!((old.deadline.due_on, old.cause, new.deadline.due_on, new.cause), (date!(2026 - 12 - 15), Cause::NewVersion, date!(2027 - 01 - 25), Cause::First));
        let later = app.person("Lars Später", "2027-03-01", "Europe/Berlin").await;
        let position = app.items(later).await.iter().position(|item| item.material == Material::Document(document));
        assert_eq!(position, Some(5), "behind the other policies");
        assert_eq!(app.now(), now);

        let answer = security.post_form("/api/documents/add", &[("title_de", "Mobiles Arbeiten"), ("title_en", "Remote work")]).await;
        let twin = answer.location().rsplit('/').next().unwrap().to_owned();
        assert_eq!(security.post_form("/api/documents/discard", &[("id", &twin), ("seen", "1")]).await.location(), "/content/documents");
        assert_eq!(security.get(&format!("/content/documents/{twin}")).await.status, StatusCode::NOT_FOUND, "never published, it is gone");
    }

    async fn the_pages_ask_few_questions_and_keep_to_the_content_policy(app) {
        let (security, document) = (app.security().await, policy(app).await);
        let (anna, reader) = accepted(app, "Anna Muster", document).await;
        draft(app, &security, document, "0", "Neu.").await;
        publish(&security, document, "material").await.said();
        draft(app, &security, document, "0", "Neuer.").await;
        let id = item_of(app, anna, document).await.id;
        let pages = ["", "/new", &format!("/{document}"), &format!("/{document}/publish"), &format!("/{document}/versions/2")].map(|page| format!("/content/documents{page}"));
        let pages = pages.iter().map(|page| (&security, page.clone())).chain([(&reader, format!("/checklist/policy/{id}"))]);
        for (client, path) in pages {
            let (answer, questions) = client.get_counting(&path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert!(questions <= 4 && answer.body.contains("<main") && !answer.body.contains(" style=\""), "{path}: {questions}");
        }
        let preview = security.post_json("/api/documents/preview", &[("text", "## Ü <script>")]).await;
        assert_eq!(serde_json::from_str::<String>(&preview.body).unwrap().trim(), "<h2>Ü &lt;script&gt;</h2>");
    }
}

/// Ten thousand people who have done everything, in five zones.
async fn ten_thousand_people(db: Db) {
    let app = &TestApp::new(db).await;
    let (security, document) = (app.security().await, policy(app).await);
    let random = match app.db {
        Db::Sqlite => "randomblob(16)",
        Db::Postgres => "gen_random_uuid()",
    };
    let (start, at) = match app.db {
        Db::Sqlite => ("date('2026-06-01', '+' || (n % 200) || ' days')", "'2026-06-01T00:00:00+00:00'"),
        Db::Postgres => ("date '2026-06-01' + (n % 200)::int", "timestamptz '2026-06-01 00:00:00+00'"),
    };
    app.tamper(&format!(
        "insert into person (id, name, private_email, kind, country, department, job_title, start_date, start_at, time_zone, language, search_text, sort_name, created_at)
         with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 10000)
         select {random}, 'Person', 'p' || n || '@pseudonym.invalid', 'employee', 'DE', 'Team', 'Job', {start}, {at},
             case n % 5 when 0 then 'Europe/Berlin' when 1 then 'America/New_York' when 2 then 'Asia/Tokyo' when 3 then 'Europe/London' else 'Australia/Sydney' end,
             'de', 'person', 'person', {at} from numbers"
    )).await.unwrap();
    app.tamper(&format!(
        "insert into assignment (id, person_id, requirement_id, cycle, due_on, due_at, state, done_at, late)
         select {random}, p.id, r.id, 1, p.start_date, p.start_at, 'done', p.start_at, false from person p cross join requirement r where r.ended_at is null"
    ))
    .await
    .unwrap();
    draft(app, &security, document, "0", "Neu.").await;
    let begun = std::time::Instant::now();
    security.get(&format!("/content/documents/{document}/publish")).await;
    let counted = begun.elapsed();
    assert_eq!(publish(&security, document, "material").await.said(), Said::DocumentPublished { asked: 10_000 });
    let published = begun.elapsed();
    println!("{:?}: counted after {counted:?}, published to 10,000 after {published:?}", app.db);
    assert!(published.as_secs() < 20);
}

/// `.config/with-postgres cargo nextest run --run-ignored only -E 'test(ten_thousand)' --no-capture` prints the figures.
#[tokio::test]
#[ignore = "measures, and takes its time"]
async fn ten_thousand_people_are_asked_again_within_seconds_sqlite() {
    ten_thousand_people(Db::Sqlite).await;
}

#[tokio::test]
#[ignore = "measures, and takes its time"]
async fn ten_thousand_people_are_asked_again_within_seconds_postgres() {
    ten_thousand_people(Db::Postgres).await;
}
