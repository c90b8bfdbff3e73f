//! What exactly is signed: the template for the group, with names and dates filled in, frozen; and taking it back.

use crate::fixture::{TestApp, client::Client, people::NewPerson, stories};
use antritt::{
    api::{
        done::Said,
        error::ApiError,
        nda::{ConfirmNda, SignNda, WithdrawNda},
        nda_templates::{ChangeNdaTemplate, CreateNdaTemplate, RetireNdaTemplate},
        people::MoveStart,
    },
    domain::{
        assignment::{Cause, EndReason, State},
        evidence::Proof,
        ids::{DocumentId, PersonId},
        locale::Locale,
        problem::{Conflict, FieldProblem, Problem},
        requirement::{Material, RequirementKind},
    },
    server::store::{assignments, copies},
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use sha2::{Digest, Sha256};
use time::Duration;

const DRAWN: &str = "10,20 30,40;600,200";

async fn sign(app: &TestApp, client: &Client, person: PersonId, drawing: &str) -> crate::fixture::client::Answer {
    let item = app.nda(person).await;
    let (id, opened) = (item.id.to_string(), app.opened(&item, Locale::De).await);
    let fields = [
        ("id", &*id),
        ("opened", &opened),
        ("typed_name", "Anna"),
        ("consents", "on"),
        ("drawing", drawing),
    ];
    client.post_form(SignNda::PATH, &fields).await
}

async fn default_nda(app: &TestApp, person: PersonId) -> DocumentId {
    let Material::Document(document) = app.nda(person).await.material else {
        panic!("no text")
    };
    document
}

async fn reads(app: &TestApp, client: &Client, person: PersonId) -> String {
    client.get(&format!("/checklist/nda/{}", app.nda(person).await.id)).await.body
}

async fn withdraw(app: &TestApp, hr: &Client, person: PersonId, reason: &str) -> crate::fixture::client::Answer {
    let id = app.nda(person).await.id.to_string();
    hr.post_form(WithdrawNda::PATH, &[("id", &id), ("reason", reason)]).await
}

stories! {
    async fn the_shipped_text_names_the_person_the_company_and_the_start(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let page = reads(app, &client, anna).await;
        assert!(page.contains("Ihnen, Anna Muster, geschlossen") && page.contains("1.&nbsp;Dezember 2026"), "{page}");
        assert!(!page.contains("{{"), "nothing is left to fill in");
    }

    async fn what_is_signed_is_frozen_word_for_word_with_its_checksum(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        sign(app, &client, anna, DRAWN).await.said();
        let item = app.nda(anna).await;
        let copy = copies::find(&mut app.read().await, item.id).await.unwrap().unwrap();
        assert!(copy.body.contains("Anna Muster"));
        let [signature] = app.evidence(item.id).await.try_into().unwrap();
        let Proof::NdaSignature { shown, drawing, pdf_sha256, .. } = signature.proof else { panic!("no signature") };
        let of_text: [u8; 32] = Sha256::digest(format!("{}\n{}", copy.title, copy.body)).into();
        assert_eq!((shown.sha256, pdf_sha256), (of_text, Some(Sha256::digest(&copy.pdf).into())));
        assert_eq!(drawing.map(String::from).as_deref(), Some(DRAWN));
        // A new version and a new name do not reach back.
        app.publish(default_nda(app, anna).await, 2, "Ganz neu").await;
        app.tamper("update person set name = 'Anna Neu'").await.unwrap();
        let page = client.get(&format!("/signed/{}", item.id)).await.body;
        assert!(page.contains("Ihnen, Anna Muster, geschlossen") && !page.contains("Ganz neu"));
        assert!(page.contains("M10 20L30 40M600 200h0"), "the drawing is shown");
        assert!(page.contains(&hex::encode(of_text)));
    }

    async fn a_text_that_changed_while_it_was_read_is_shown_again_and_not_signed(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let item = app.nda(anna).await;
        let (id, opened) = (item.id.to_string(), app.opened(&item, Locale::De).await);
        let fields = [("id", &*id), ("opened", &opened), ("typed_name", "Anna"), ("consents", "on")];
        let moved = [("id", &*anna.to_string()), ("start_date", "2026-12-07"), ("reason", "Umzug")];
        app.hr().await.post_seen(MoveStart::PATH, &moved).await.said();
        assert_eq!(client.post_form(SignNda::PATH, &fields).await.refusal(), ApiError::Conflict(Conflict::NewerVersion));
        assert_eq!(app.nda(anna).await.state, State::Open);
        assert!(reads(app, &client, anna).await.contains("7.&nbsp;Dezember 2026"));
        app.sign_nda(&client, anna).await.said();
    }

    async fn a_name_cannot_become_markup_in_the_text(app) {
        let anna = app.add(&NewPerson { private_email: "anna@home.example".to_owned(), ..NewPerson::named("**Anna** [x](//evil.example) {{company}}") }).await;
        let client = app.sign_in_by_link(anna).await;
        let page = reads(app, &client, anna).await;
        assert!(page.contains("**Anna** [x](//evil.example) {{company}}"), "{page}");
        assert!(!page.contains("href=\"//evil.example\"") && !page.contains("<strong>Anna</strong>"));
    }

    async fn a_broken_drawing_is_named_and_nothing_is_signed(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        for drawing in ["<svg>", "601,1", &"1,2 ".repeat(6000)] {
            let expected = vec![FieldProblem::new("drawing", Problem::NotADrawing)];
            assert_eq!(sign(app, &client, anna, drawing).await.refusal(), ApiError::Invalid(expected));
        }
        assert_eq!(app.nda(anna).await.state, State::Open);
    }

    async fn the_most_specific_template_with_a_text_is_read_and_signed(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let german = app.nda_template("Deutschland", "", "de", "").await;
        let engineers = app.nda_template("Technik", "", "", "ENGINEERING").await;
        let contractors = app.nda_template("Freie", "contractor", "DE", "Engineering").await;
        assert!(reads(app, &client, anna).await.contains("Ihre Tätigkeit beginnt"), "templates without a text are nobody's");
        app.publish(german, 1, "Nur Deutschland, {{name}}").await;
        assert!(reads(app, &client, anna).await.contains("Nur Deutschland, Anna Muster"));
        app.publish(engineers, 1, "Nur Technik").await;
        app.publish(contractors, 1, "Nur Freie").await;
        assert!(reads(app, &client, anna).await.contains("Nur Technik"));
        app.sign_nda(&client, anna).await.said();
        let id = app.nda(anna).await.id;
        assert_eq!(copies::find(&mut app.read().await, id).await.unwrap().unwrap().body, "Nur Technik");
    }

    async fn a_retired_template_is_nobodys_and_what_was_signed_with_it_stays(app) {
        let (anna, ben) = (app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await, app.person("Ben Muster", "2026-12-01", "Europe/Berlin").await);
        let (client, other) = (app.sign_in_by_link(anna).await, app.sign_in_by_link(ben).await);
        let german = app.nda_template("Deutschland", "", "DE", "").await;
        app.publish(german, 1, "Nur Deutschland").await;
        app.sign_nda(&client, anna).await.said();
        let hr = app.hr().await;
        let id = german.to_string();
        assert_eq!(hr.post_form(RetireNdaTemplate::PATH, &[("id", &id)]).await.said(), Said::NdaTemplateRetired);
        assert_eq!(hr.post_form(RetireNdaTemplate::PATH, &[("id", &id)]).await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
        let change = [("id", &*id), ("name", "Neu"), ("country", "AT")];
        assert_eq!(hr.post_form(ChangeNdaTemplate::PATH, &change).await.refusal(), ApiError::Conflict(Conflict::Ended));
        assert!(reads(app, &other, ben).await.contains("Ihre Tätigkeit beginnt"));
        assert!(client.get(&format!("/signed/{}", app.nda(anna).await.id)).await.body.contains("Nur Deutschland"));
    }

    async fn the_effect_of_a_change_is_shown_before_it_is_saved(app) {
        let signed = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        app.person("Ben Muster", "2026-12-01", "Europe/Berlin").await;
        app.add(&NewPerson { department: "Vertrieb", ..NewPerson::named("Cora Muster") }).await;
        let template = app.nda_template("Vertrieb", "", "", "Vertrieb").await;
        app.publish(template, 1, "Vertrieb").await;
        app.sign_nda(&app.sign_in_by_link(signed).await, signed).await.said();
        let hr = app.hr().await;
        let page = hr.get(&format!("/content/nda-templates/{template}")).await.body;
        assert!(page.contains("Applies to 1\u{A0}person now."), "{page}");
        let page = hr.get(&format!("/content/nda-templates/{template}?name=Technik&kind=&country=&department=engineering")).await.body;
        // Three people: both engineers get it then, of whom one has signed; Cora gets the default.
        assert!(page.contains("the template applies to 2\u{A0}people. Another text than before goes to 2\u{A0}people"), "{page}");
        assert!(page.contains("value=\"Technik\""), "what was proposed stays in the form");
        let saved = hr.post_form(ChangeNdaTemplate::PATH, &[("id", &template.to_string()), ("name", "Technik"), ("department", "engineering")]).await;
        assert_eq!(saved.said(), Said::NdaTemplateChanged);
        let list = hr.get("/content/nda-templates").await.body;
        assert!(list.contains("Technik") && list.contains("Default template") && list.contains("everyone else"));
    }

    async fn a_template_for_nobody_in_particular_is_refused_with_every_problem(app) {
        let hr = app.hr().await;
        let refused = async |fields: &[(&str, &str)]| hr.post_form(CreateNdaTemplate::PATH, fields).await.refusal();
        let expected = vec![FieldProblem::new("name", Problem::Required), FieldProblem::new("kind", Problem::NoCriterion)];
        assert_eq!(refused(&[]).await, ApiError::Invalid(expected));
        let expected = vec![FieldProblem::new("kind", Problem::NotAKind), FieldProblem::new("country", Problem::NotACountry)];
        assert_eq!(refused(&[("name", "X"), ("kind", "robot"), ("country", "Germany")]).await, ApiError::Invalid(expected));
        assert_eq!(app.number("select count(*) from nda_template").await, 0);
    }

    async fn a_withdrawn_nda_is_asked_for_again_and_its_record_stays(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.sign_nda(&client, anna).await.said();
        let first = app.nda(anna).await;
        let hr = app.hr().await;
        hr.post_form(ConfirmNda::PATH, &[("id", &first.id.to_string())]).await.said();
        let missing = withdraw(app, &hr, anna, " ").await;
        assert_eq!(missing.refusal(), ApiError::Invalid(vec![FieldProblem::new("reason", Problem::Required)]));
        assert_eq!(withdraw(app, &hr, anna, "Falsche Vorlage").await.said(), Said::NdaWithdrawn);
        let second = app.nda(anna).await;
        assert_eq!((second.cycle, second.cause, second.state, second.late), (2, Cause::Withdrawn, State::Open, false));
        let earlier = assignments::list_earlier_cycles(&mut app.read().await, anna).await.unwrap();
        let ended = State::Ended { at: app.now(), reason: EndReason::Withdrawn };
        assert_eq!(earlier.iter().map(|item| (item.id, item.state)).collect::<Vec<_>>(), [(first.id, ended)]);
        assert_eq!(app.evidence(first.id).await.len(), 2, "nothing of the record is gone");
        for reader in [&client, &hr] {
            let page = reader.get(&format!("/signed/{}", first.id)).await;
            assert_eq!(page.status, StatusCode::OK);
            assert_eq!(reader.get(&format!("/signed/{}/copy.pdf", first.id)).await.status, StatusCode::OK);
        }
        assert!(hr.get(&format!("/people/{anna}")).await.body.contains(&format!("/signed/{}", first.id)), "the history leads to it");
        assert_eq!(hr.post_form(WithdrawNda::PATH, &[("id", &first.id.to_string()), ("reason", "x")]).await.refusal(), ApiError::Conflict(Conflict::Ended));
        assert_eq!(withdraw(app, &hr, anna, "x").await.refusal(), ApiError::Conflict(Conflict::NotYet));
        app.sign_nda(&client, anna).await.said();
        assert!(!app.nda(anna).await.late);
    }

    async fn a_withdrawal_never_makes_a_late_signature_punctual(app) {
        let anna = app.person("Anna Muster", "2026-11-23", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.sign_nda(&client, anna).await.said();
        assert!(app.nda(anna).await.late);
        let hr = app.hr().await;
        let path = format!("/people/{anna}/withdraw-nda/{}", app.nda(anna).await.id);
        assert!(hr.get(&path).await.body.contains("The new one stays late too"));
        withdraw(app, &hr, anna, "Falscher Name").await.said();
        assert!(app.nda(anna).await.late);
        let later = [("id", &*anna.to_string()), ("start_date", "2026-12-07"), ("reason", "Verschoben")];
        hr.post_seen(MoveStart::PATH, &later).await.said();
        app.sign_nda(&client, anna).await.said();
        assert!(app.nda(anna).await.late, "late for ever");
    }

    async fn after_the_start_the_new_signature_is_late_and_the_page_says_so_before(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.sign_nda(&client, anna).await.said();
        app.clock.advance(Duration::days(10));
        let (hr, client) = (app.hr().await, app.signed_in_person(anna).await);
        let path = format!("/people/{anna}/withdraw-nda/{}", app.nda(anna).await.id);
        assert!(hr.get(&path).await.body.contains("the new signature counts as late"));
        withdraw(app, &hr, anna, "Falsche Vorlage").await.said();
        app.sign_nda(&client, anna).await.said();
        assert!(app.nda(anna).await.late);
        assert_eq!(app.item(anna, RequirementKind::Nda).await.cycle, 2);
    }
}
