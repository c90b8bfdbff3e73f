//! Country profiles of background checks: administrators say what is lawful where.

use crate::fixture::{
    TestApp,
    client::{Answer, Client},
    people::NewPerson,
    stories,
};
use antritt::{
    api::{
        check_profiles::{AddCheckProfile, ChangeCheckProfile},
        checks::RequestCheck,
        done::Said,
        error::ApiError,
    },
    domain::{
        check_profile::Way,
        problem::{Conflict, FieldProblem, Problem},
        requirement::RequirementKind,
    },
    server::store::{
        check_profiles::{self, ProfileVersion},
        checks,
    },
};
use leptos::server_fn::ServerFn;

async fn profile(app: &TestApp, key: &str) -> ProfileVersion {
    check_profiles::find(&mut app.read().await, key).await.unwrap().unwrap()
}

/// The form as the page shows it, with some fields typed over; an empty choice row is sent as well.
async fn change(app: &TestApp, admin: &Client, key: &str, typed: &[(&str, &str)]) -> Answer {
    let ProfileVersion { profile, version } = profile(app, key).await;
    let mut fields = vec![
        ("key".to_owned(), key.to_owned()),
        ("version".to_owned(), version.to_string()),
        ("sentence_de".to_owned(), profile.sentence.de),
        ("sentence_en".to_owned(), profile.sentence.en),
        ("patience_days".to_owned(), profile.patience_days.to_string()),
        ("purge_after_days".to_owned(), profile.purge_after_days.to_string()),
    ];
    if profile.needs_consent {
        fields.push(("needs_consent".to_owned(), "on".to_owned()));
    }
    for (row, choice) in profile.choices.iter().enumerate() {
        let parts = [
            ("key", &choice.key),
            ("label_de", &choice.label.de),
            ("label_en", &choice.label.en),
            ("legal_basis", &choice.legal_basis),
        ];
        fields.extend(parts.map(|(part, value)| (format!("choices[{row}][{part}]"), value.clone())));
        fields.push((format!("choices[{row}][way]"), choice.way.as_str().to_owned()));
    }
    let spare = profile.choices.len();
    for (part, value) in [
        ("key", ""),
        ("label_de", ""),
        ("label_en", ""),
        ("legal_basis", ""),
        ("way", Way::Alternative.as_str()),
    ] {
        fields.push((format!("choices[{spare}][{part}]"), value.to_owned()));
    }
    for (name, value) in typed {
        fields.retain(|(field, _)| field != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    admin
        .post_form_from(&format!("/content/check-profiles/{key}"), ChangeCheckProfile::PATH, &fields)
        .await
}

stories! {
    async fn what_an_administrator_changes_holds_for_what_is_decided_next(app) {
        let admin = app.admin().await;
        let before = profile(app, "DE").await.profile;
        assert_eq!(change(app, &admin, "DE", &[]).await.said(), Said::NothingToDo, "the form as it stands changes nothing");
        let typed = [
            ("sentence_en", "Ask the works council first."),
            ("patience_days", "5"),
            ("choices[3][label_en]", "CV looked through"),
            ("choices[0][label_de]", ""), ("choices[0][label_en]", ""), ("choices[0][legal_basis]", ""),
            ("choices[5][label_de]", "Gespräch"), ("choices[5][label_en]", "Interview"), ("choices[5][legal_basis]", "Art. 6"),
        ];
        let entries = app.audit_entries().await;
        assert_eq!(change(app, &admin, "DE", &typed).await.said(), Said::CheckProfileSaved);
        assert_eq!(app.audit_entries().await, entries + 1);
        let after = profile(app, "DE").await;
        assert_eq!((after.version, after.profile.patience_days, after.profile.sentence.en.as_str()), (2, 5, "Ask the works council first."));
        let labels: Vec<_> = after.profile.choices.iter().map(|choice| choice.label.en.as_str()).collect();
        assert_eq!((labels.len(), labels[2], labels[4]), (5, "CV looked through", "Interview"));
        assert!(after.profile.choice("provider").is_some() && after.profile.choice("references").is_none());
        assert_eq!(after.profile.sentence.de, before.sentence.de);

        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let id = app.item(anna, RequirementKind::BackgroundCheck).await.id;
        let request = [("id", &*id.to_string()), ("choice", "provider"), ("provider", "Hafenblick"), ("requested_on", "2026-11-23")];
        app.hr().await.post_form(RequestCheck::PATH, &request).await.said();
        change(app, &admin, "DE", &[("choices[2][label_en]", "Something else")]).await.said();
        let check = checks::find(&mut app.read().await, id).await.unwrap().unwrap().check.unwrap();
        assert_eq!(check.what.en, "CV looked through", "what is on record keeps its words");
    }

    async fn of_two_administrators_the_slower_is_told(app) {
        let admin = app.admin().await;
        change(app, &admin, "US", &[("patience_days", "7")]).await.said();
        let stale = change(app, &admin, "US", &[("version", "1"), ("patience_days", "9")]).await;
        assert_eq!(stale.refusal(), ApiError::Conflict(Conflict::ChangedMeanwhile));
        assert_eq!(profile(app, "US").await.profile.patience_days, 7);
        let page = admin.get(stale.location()).await.body;
        assert!(page.contains("name=\"version\" value=\"2\"") && page.contains("value=\"9\""), "what was typed stays, and can be saved");
    }

    async fn wrong_fields_are_named_and_what_was_typed_is_shown_harmless(app) {
        let admin = app.admin().await;
        let typed = [("sentence_de", "</textarea><script>alert(1)</script>"), ("sentence_en", ""), ("patience_days", "0"), ("choices[1][label_en]", "")];
        let refused = change(app, &admin, "GB", &typed).await;
        let expected = [("sentence_en", Problem::Required), ("patience_days", Problem::NotWithin(1, 180)), ("choices[1][label_en]", Problem::Required)];
        assert_eq!(refused.refusal(), ApiError::Invalid(expected.map(|(field, problem)| FieldProblem::new(field, problem)).into()));
        let page = admin.get(refused.location()).await.body;
        assert!(page.contains("&lt;/textarea&gt;&lt;script&gt;alert(1)") && !page.contains("<script>alert"), "{page}");
        assert!(page.contains("id=\"choices[1][label_en]-error\""));
    }

    async fn a_country_gets_a_profile_of_its_own_once(app) {
        let admin = app.admin().await;
        let add = async |country: &str| admin.post_form(AddCheckProfile::PATH, &[("country", country)]).await;
        let answer = add("fr").await;
        assert_eq!((answer.said(), answer.location()), (Said::CheckProfileAdded, "/content/check-profiles/FR"));
        for (country, problem) in [("FR", Problem::CountryTaken), ("XX", Problem::NotACountry), ("", Problem::Required)] {
            assert_eq!(add(country).await.refusal(), ApiError::Invalid(vec![FieldProblem::new("country", problem)]));
        }
        let list = admin.get("/content/check-profiles").await.body;
        assert!(list.contains("href=\"/content/check-profiles/FR\"") && list.contains("href=\"/content/check-profiles/generic\""));
        change(app, &admin, "FR", &[("sentence_en", "Only in France.")]).await.said();
        let marie = app.add(&NewPerson { country: "FR", ..NewPerson::named("Marie Dupont") }).await;
        let id = app.item(marie, RequirementKind::BackgroundCheck).await.id;
        assert!(app.hr().await.get(&format!("/people/{marie}/check/{id}")).await.body.contains("Only in France."));
    }

    async fn nobody_else_says_what_is_lawful(app) {
        for client in [app.hr().await, app.security().await, app.auditor().await] {
            assert_eq!(client.get("/content/check-profiles").await.status, 404);
            assert_eq!(client.get("/content/check-profiles/DE").await.status, 404);
            assert_eq!(change(app, &client, "DE", &[("patience_days", "1")]).await.refusal(), ApiError::NotFound);
            assert_eq!(client.post_form(AddCheckProfile::PATH, &[("country", "FR")]).await.refusal(), ApiError::NotFound);
        }
        assert_eq!(change(app, &app.admin().await, "DE", &[("key", "ZZ")]).await.refusal(), ApiError::NotFound);
        assert_eq!(profile(app, "DE").await.version, 1);
    }
}
