//! Instructions: done by the person, with evidence where it is asked for, and confirmed by whoever the rule names.

use super::duties::{follow, make, save, task};
use crate::fixture::{
    TestApp,
    client::{Answer, Client},
    people::NewPerson,
    stories,
};
use antritt::{
    api::{done::Said, error::ApiError, instructions::ConfirmInstruction, rules::ChangeRule},
    domain::{
        assignment::State,
        evidence::Proof,
        ids::PersonId,
        locale::Locale,
        problem::{Conflict, FieldProblem, Problem},
        requirement::RequirementKind as Kind,
        roles::Role,
    },
    server::store::assignments::Assignment,
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;

async fn item(app: &TestApp, person: PersonId) -> Assignment {
    app.item(person, Kind::Instruction).await
}

/// Sends the form as the page holds it, with a file.
pub async fn hand_in(client: &Client, item: &Assignment, file: Option<(&str, &str, &[u8])>, ticked: bool) -> Answer {
    let page = format!("/checklist/instruction/{}", item.id);
    let shown = client.get(&page).await;
    let (_, rest) = shown.body.split_once("name=\"shown\" value=\"").unwrap_or_else(|| panic!("{}", shown.body));
    let shown = rest.split('"').next().unwrap();
    let mut fields = vec![("shown", shown), ("language", "de")];
    if ticked {
        fields.push(("confirms", "on"));
    }
    client.post_paper(&page, &fields, file).await
}

fn confirm_fields(item: &Assignment) -> [(&'static str, String); 1] {
    [("id", item.id.to_string())]
}

async fn confirm(client: &Client, item: &Assignment) -> Answer {
    let fields = confirm_fields(item);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
    client.post_form(ConfirmInstruction::PATH, &fields).await
}

/// Changes the task "Nachweis" of that revision to these terms.
async fn change(app: &TestApp, rule: &str, revision: &str, terms: &[(&str, &str)]) -> Answer {
    let mut fields = task("Nachweis", terms);
    fields.extend([("id", rule), ("revision", revision)]);
    save(&app.security().await, &format!("/content/rules/{rule}"), ChangeRule::PATH, &fields).await
}

stories! {
    async fn a_task_is_read_ticked_off_and_done_where_nobody_confirms_it(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        make(app, &task("Laptop abholen", &[("body_de", "Am **Empfang** fragen. <script>alert(1)</script>")])).await;
        let list = client.get("/checklist").await.body;
        assert!(list.contains("Laptop abholen"), "{list}");
        let of_anna = item(app, anna).await;
        let page = client.get(&format!("/checklist/instruction/{}", of_anna.id)).await.body;
        assert!(page.contains("<strong>Empfang</strong>") && !page.contains("<script>alert"), "{page}");
        let unticked = hand_in(&client, &of_anna, None, false).await.refusal();
        assert_eq!(unticked, ApiError::Invalid(vec![FieldProblem::new("confirms", Problem::ConsentMissing)]));
        assert_eq!(follow(app, &client, &of_anna).await.said(), Said::InstructionDone);
        let done = item(app, anna).await;
        assert_eq!((done.state, done.late), (State::Done { submitted: None, at: app.now() }, false));
        let [evidence] = app.evidence(done.id).await.try_into().unwrap();
        let Proof::InstructionDone { title, text, language, file, origin } = evidence.proof else { panic!("no proof") };
        assert_eq!((&*title, language, file), ("Laptop abholen", Locale::De, None));
        assert!(text.starts_with("Am **Empfang** fragen.") && origin.is_known(), "the exact text is on record");
        let page = client.get(&format!("/checklist/instruction/{}", done.id)).await.body;
        assert!(page.contains("Sie haben das am 23.\u{a0}November 2026 erledigt."), "{page}");
        let again = client.post_paper(&format!("/checklist/instruction/{}", done.id), &[("confirms", "on")], None).await;
        assert_eq!(again.refusal(), ApiError::Conflict(Conflict::AlreadyDone), "a second press changes nothing");
        assert!(client.get("/record").await.body.contains("Laptop abholen"));
    }

    async fn evidence_is_held_to_what_scans_are_and_kept_for_who_confirms(app) {
        let boss = app.add(&NewPerson { work_email: "boss@firma.example", ..NewPerson::named("Berta Boss") }).await;
        let anna = app.add(&NewPerson { manager_email: "boss@firma.example", ..NewPerson::named("Anna Muster") }).await;
        let other = app.sign_in_by_link(app.person("Otto Anders", "2026-12-01", "Europe/Berlin").await).await;
        let (client, manager) = (app.sign_in_by_link(anna).await, app.sign_in_by_link(boss).await);
        make(app, &task("Sicherheitsunterweisung", &[("needs_file", "on"), ("confirmed_by", "security")])).await;
        let of_anna = item(app, anna).await;
        let problem = |problem| ApiError::Invalid(vec![FieldProblem::new("file", problem)]);
        assert_eq!(hand_in(&client, &of_anna, None, true).await.refusal(), problem(Problem::Required));
        let page = format!("<html>{}", "x".repeat(100));
        assert_eq!(hand_in(&client, &of_anna, Some(("x.pdf", "application/pdf", page.as_bytes())), true).await.refusal(), problem(Problem::NotAScan));
        let pdf = crate::stories::nda_uploads::pdf_with(b"1 0 obj<</Type/Catalog>>endobj");
        assert_eq!(hand_in(&client, &of_anna, Some(("../nach weis.pdf", "application/pdf", &pdf)), true).await.said(), Said::InstructionDone);
        let waiting = item(app, anna).await;
        assert!(matches!(waiting.state, State::Waiting { .. }) && waiting.has_file);
        let address = format!("/instruction-files/{}", waiting.id);
        for (who, reader, expected) in [
            ("security", app.security().await, StatusCode::OK),
            ("hr", app.hr().await, StatusCode::NOT_FOUND),
            ("manager", manager, StatusCode::NOT_FOUND),
            ("other", other, StatusCode::NOT_FOUND),
            ("auditor", app.auditor().await, StatusCode::NOT_FOUND),
            ("admin", app.admin().await, StatusCode::NOT_FOUND),
        ] {
            let answer = reader.get(&address).await;
            assert_eq!(answer.status, expected, "{who}");
            if expected == StatusCode::OK {
                assert_eq!(answer.bytes, pdf);
                assert!(answer.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
            }
            assert_eq!(reader.get("/instruction-files/none").await.status, StatusCode::NOT_FOUND, "{who}");
            let page = reader.get(&format!("/people/{anna}")).await.body;
            assert_eq!(page.contains(&address), expected == StatusCode::OK, "{who}");
        }
        let security = app.security().await;
        app.clock.advance(time::Duration::minutes(15));
        assert!(security.get(&address).await.location().starts_with("/account/prove"), "it wants a fresh proof");
        let Proof::InstructionDone { file: Some(file), .. } = app.evidence(waiting.id).await.remove(0).proof else { panic!("no file") };
        assert_eq!(app.signed_in_person(anna).await.get(&format!("/files/{file}")).await.bytes, pdf, "what is one's own is there to take");
    }

    async fn only_whom_the_rule_names_confirms_and_nobody_themself(app) {
        let boss = app.add(&NewPerson { work_email: "boss@firma.example", ..NewPerson::named("Berta Boss") }).await;
        let anna = app.add(&NewPerson { manager_email: "boss@firma.example", ..NewPerson::named("Anna Muster") }).await;
        let (client, manager) = (app.sign_in_by_link(anna).await, app.sign_in_by_link(boss).await);
        make(app, &task("Unterweisung", &[("confirmed_by", "hr")])).await;
        let of_anna = item(app, anna).await;
        assert_eq!(confirm(&app.hr().await, &of_anna).await.refusal(), ApiError::Conflict(Conflict::NotYet));
        follow(app, &client, &of_anna).await.said();
        for (who, foreign) in [("security", app.security().await), ("manager", manager), ("auditor", app.auditor().await), ("admin", app.admin().await), ("self", client)] {
            let fields = confirm_fields(&of_anna);
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
            assert_eq!(foreign.post_json(ConfirmInstruction::PATH, &fields).await.error(), ApiError::NotFound, "{who}");
        }
        let page = app.hr().await.get(&format!("/people/{anna}")).await.body;
        assert!(page.contains("To be confirmed by: HR") && page.contains(ConfirmInstruction::PATH), "{page}");
        let submitted = app.now();
        app.clock.advance(time::Duration::days(30));
        assert_eq!(confirm(&app.hr().await, &of_anna).await.said(), Said::InstructionConfirmed);
        let done = item(app, anna).await;
        assert_eq!((done.state, done.late), (State::Done { submitted: Some(submitted), at: app.now() }, false), "a slow confirmation makes nobody late");
        assert_eq!(confirm(&app.hr().await, &of_anna).await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
        // A second rule, which the manager confirms.
        let second = make(app, &task("Einarbeitung", &[("confirmed_by", "manager")])).await;
        let of_boss = app.items(boss).await.into_iter().find(|item| item.requirement == second).unwrap();
        let boss_client = app.signed_in_person(boss).await;
        follow(app, &boss_client, &of_boss).await.said();
        assert_eq!(boss_client.post_json(ConfirmInstruction::PATH, &[("id", &of_boss.id.to_string())]).await.error(), ApiError::NotFound, "nobody is their own manager");
    }

    async fn nobody_confirms_for_themself_by_an_account_apart_from_their_person(app) {
        let account = app.account("hanna@firma.example", Some(Role::Hr), None).await;
        let hanna = app.add(&NewPerson { work_email: "hanna@firma.example", ..NewPerson::named("Hanna Personal") }).await;
        make(app, &task("Unterweisung", &[("confirmed_by", "hr")])).await;
        let of_hanna = item(app, hanna).await;
        follow(app, &app.sign_in_by_link(hanna).await, &of_hanna).await.said();
        let refused = confirm(&app.signed_in_as(account).await, &of_hanna).await.refusal();
        assert_eq!(refused, ApiError::Conflict(Conflict::NeedsSecondPerson));
        assert!(matches!(item(app, hanna).await.state, State::Waiting { .. }));
        assert_eq!(confirm(&app.hr().await, &of_hanna).await.said(), Said::InstructionConfirmed);
    }

    /// Else whoever edits rules opens what was uploaded for somebody else, or lets an item pass by lifting its confirmation for a moment.
    async fn who_confirms_and_whether_a_file_is_asked_for_is_settled_once_somebody_was_asked(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let (nobody, everybody) = (("groups[0][departments]", "Niemand"), ("groups[0][departments]", ""));
        let rule = make(app, &task("Nachweis", &[("confirmed_by", "manager"), nobody])).await.to_string();
        let (file, hr, security) = (("needs_file", "on"), ("confirmed_by", "hr"), ("confirmed_by", "security"));
        assert_eq!(change(app, &rule, "1", &[file, hr, nobody]).await.said(), Said::RuleChanged, "nobody was asked yet");
        assert_eq!(change(app, &rule, "2", &[file, hr, everybody]).await.said(), Said::RuleChanged);
        let settled = |fields: &[&str]| ApiError::Invalid(fields.iter().map(|field| FieldProblem::new(field, Problem::AskedAlready)).collect());
        assert_eq!(change(app, &rule, "3", &[file, everybody]).await.refusal(), settled(&["confirmed_by"]), "while she has it open");
        let pdf = crate::stories::nda_uploads::pdf_with(b"1 0 obj<</Type/Catalog>>endobj");
        let of_anna = item(app, anna).await;
        hand_in(&client, &of_anna, Some(("nachweis.pdf", "application/pdf", &pdf)), true).await.said();
        confirm(&app.hr().await, &of_anna).await.said();
        assert_eq!(change(app, &rule, "3", &[security, everybody]).await.refusal(), settled(&["needs_file", "confirmed_by"]), "once it is done");
        assert_eq!(change(app, &rule, "3", &[file, hr, nobody, ("days", "9")]).await.said(), Said::RuleChanged, "the rest is free");
        assert_eq!(change(app, &rule, "4", &[file, security, nobody]).await.refusal(), settled(&["confirmed_by"]), "nobody has it any more");
        assert_eq!(app.security().await.get(&format!("/instruction-files/{}", of_anna.id)).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_manager_confirms_for_their_own_people(app) {
        let boss = app.add(&NewPerson { work_email: "boss@firma.example", ..NewPerson::named("Berta Boss") }).await;
        let anna = app.add(&NewPerson { manager_email: "boss@firma.example", ..NewPerson::named("Anna Muster") }).await;
        let (client, manager) = (app.sign_in_by_link(anna).await, app.sign_in_by_link(boss).await);
        make(app, &task("Einarbeitung", &[("confirmed_by", "manager")])).await;
        let of_anna = item(app, anna).await;
        follow(app, &client, &of_anna).await.said();
        assert!(manager.get(&format!("/people/{anna}")).await.body.contains(ConfirmInstruction::PATH));
        let hr = app.hr().await.post_json(ConfirmInstruction::PATH, &[("id", &of_anna.id.to_string())]).await;
        assert_eq!(hr.error(), ApiError::NotFound);
        assert_eq!(confirm(&manager, &of_anna).await.said(), Said::InstructionConfirmed);
    }

    async fn a_text_that_changed_meanwhile_is_read_again(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let rule = make(app, &task("Laptop", &[])).await;
        let of_anna = item(app, anna).await;
        let page = format!("/checklist/instruction/{}", of_anna.id);
        let old = client.get(&page).await.body;
        let (_, rest) = old.split_once("name=\"shown\" value=\"").unwrap();
        let shown = rest.split('"').next().unwrap();
        let id = rule.to_string();
        let mut fields = task("Laptop", &[("body_de", "Anders."), ("body_en", "Otherwise.")]);
        fields.extend([("id", &*id), ("revision", "1")]);
        save(&app.security().await, &format!("/content/rules/{id}"), ChangeRule::PATH, &fields).await.said();
        let answer = client.post_paper(&page, &[("shown", shown), ("language", "de"), ("confirms", "on")], None).await;
        assert_eq!(answer.refusal(), ApiError::Conflict(Conflict::NewerVersion));
        assert_eq!(item(app, anna).await.state, State::Open);
    }

    async fn anothers_task_is_like_none(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let ben = app.sign_in_by_link(app.person("Ben Beispiel", "2026-12-01", "Europe/Berlin").await).await;
        make(app, &task("Laptop", &[])).await;
        let of_anna = item(app, anna).await;
        for id in [of_anna.id.to_string(), uuid::Uuid::from_u128(7).to_string()] {
            let page = format!("/checklist/instruction/{id}");
            assert_eq!(ben.get(&page).await.status, StatusCode::NOT_FOUND);
            assert_eq!(ben.post_paper(&page, &[("confirms", "on")], None).await.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(item(app, anna).await.state, State::Open);
    }
}
