//! The audit trail: each change leaves exactly one entry more, whatever made it, and what was refused leaves none.

use crate::fixture::{
    TestApp,
    client::Client,
    people::{NewPerson, quiz_fields},
    stories,
};
use antritt::{
    domain::{audit::Action, locale::Locale, person::iso_date, requirement::RequirementKind as Kind},
    server::{
        service::setup,
        store::audit::{self, Change},
    },
};

/// Posts a form that has to go through, and says which entries it added.
async fn added(app: &TestApp, client: &Client, function: &str, fields: &[(&str, &str)]) -> Vec<String> {
    let before = app.audit_entries().await;
    let answer = client.post_seen(function, fields).await;
    assert!(
        !matches!(answer.flash(), Some(antritt::api::flash::Flash::Failed { .. })),
        "{function}: {:?}",
        answer.flash()
    );
    let mut added = Vec::new();
    for seq in before + 1..=app.audit_entries().await {
        added.push(app.word(&format!("select action from audit_entry where seq = {seq}")).await);
    }
    added
}

stories! {
    async fn every_change_leaves_its_one_entry(app) {
        let hr = app.hr().await;
        let anna = NewPerson { invite: false, ..NewPerson::named("Anna Muster") };
        assert_eq!(added(app, &hr, "/api/people/add", &anna.fields()).await, ["person.added"]);
        let ben = NewPerson::named("Ben Bote");
        assert_eq!(added(app, &hr, "/api/people/add", &ben.fields()).await, ["person.added", "invitation.sent"]);
        let person = app.mails().await[0].person.unwrap();
        let id = person.to_string();
        let token = app.token_of(person).await;
        let client = app.visitor();
        assert_eq!(added(app, &client, "/api/invitations/accept", &[("token", &token)]).await, ["invitation.accepted"]);
        let password = [("password", "vier zufällige Wörter"), ("repeated", "vier zufällige Wörter")];
        assert_eq!(added(app, &client, "/api/account/set-password", &password).await, ["account.password_set"]);
        assert_eq!(added(app, &client, "/api/account/language", &[("language", "en")]).await, ["account.language_chosen"]);
        let sign_in = [("email", "ben.bote@home.example"), ("password", "vier zufällige Wörter")];
        assert_eq!(added(app, &client, "/api/account/sign-in", &sign_in).await, ["session.started"]);

        let nda = app.nda(person).await;
        let (nda_id, opened) = (nda.id.to_string(), app.opened(&nda, Locale::De).await);
        let signature = [("id", &*nda_id), ("opened", &opened), ("typed_name", "Ben Bote"), ("consents", "on")];
        assert_eq!(added(app, &client, "/api/nda/sign", &signature).await, ["nda.signed"]);
        assert_eq!(added(app, &hr, "/api/nda/confirm", &[("id", &nda_id)]).await, ["nda.confirmed"]);
        let policy = app.item(person, Kind::Policy).await;
        let (policy_id, opened) = (policy.id.to_string(), app.opened(&policy, Locale::De).await);
        assert_eq!(added(app, &client, "/api/policies/accept", &[("id", &*policy_id), ("opened", &opened), ("consents", "on")]).await, ["policy.accepted"]);

        let check = app.item(person, Kind::BackgroundCheck).await.id.to_string();
        let today = iso_date(app.now().date());
        let request = [("id", &*check), ("choice", "provider"), ("provider", "Amt"), ("requested_on", &*today)];
        assert_eq!(added(app, &hr, "/api/checks/request", &request).await, ["background_check.requested"]);
        let with_provider = [("id", &*check), ("with_provider_on", &*today)];
        assert_eq!(added(app, &hr, "/api/checks/with-provider", &with_provider).await, ["background_check.with_provider"]);
        let outcome = [("id", &*check), ("outcome", "cleared"), ("completed_on", &*today), ("legal_basis", "BDSG § 26")];
        assert_eq!(added(app, &hr, "/api/checks/complete", &outcome).await, ["background_check.completed"]);

        let training = app.item(person, Kind::Training).await;
        let course = app.course(&training).await;
        let training_id = training.id.to_string();
        let answer = [("id", &*training_id), ("question", &*course.drawn(training.id, 0)[0].question.id), ("option", "0")];
        assert_eq!(added(app, &client, "/api/training/answer", &answer).await, ["training.quiz_answered"]);
        for (attempt, (right, action)) in [(0, "training.quiz_failed"), (10, "training.quiz_passed")].into_iter().enumerate() {
            let fields = quiz_fields(&training, &course, attempt, right);
            let fields: Vec<_> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
            assert_eq!(added(app, &client, "/api/training/hand-in", &fields).await, [action]);
        }
        let manager = app.item(person, Kind::PasswordManager).await.id.to_string();
        assert_eq!(added(app, &client, "/api/password-manager/declare", &[("id", &manager)]).await, ["password_manager.declared"]);
        assert_eq!(added(app, &hr, "/api/password-manager/confirm", &[("id", &manager)]).await, ["password_manager.confirmed"]);

        let moved = [("id", &*id), ("start_date", "2026-12-07"), ("reason", "Umzug")];
        assert_eq!(added(app, &hr, "/api/people/move-start", &moved).await, ["person.start_date_changed"]);
        let last_day = [("id", &*id), ("end_date", "2027-12-31")];
        assert_eq!(added(app, &hr, "/api/people/record-last-day", &last_day).await, ["person.left"]);
        assert_eq!(added(app, &client, "/api/account/sign-out", &[]).await, ["session.ended"]);
    }

    async fn how_often_somebody_answered_cannot_be_counted_in_what_others_see(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let first = app.audit_entries().await;
        let mut tx = app.begin().await;
        for n in 0..180 {
            let action = if n % 2 == 0 { Action::PersonChanged } else { Action::QuizAnswered };
            let detail = serde_json::json!({});
            tx.note(app.now(), Change { actor: None, action, subject: anna.0, person: Some(anna), detail });
        }
        tx.commit().await.unwrap();
        let security = app.security().await;
        for before in [first + 181, first + 141, first + 100] {
            let page = security.get(&format!("/people/{anna}?before={before}")).await.body;
            let (_, timeline) = page.split_once("<ol class=\"timeline\"").expect("there is a timeline");
            let (timeline, rest) = timeline.split_once("</ol>").unwrap();
            assert_eq!(timeline.matches("<time ").count(), 40, "pages are full, whatever is left out of them");
            assert!(rest.contains("?before="), "and there is more");
        }
    }

    async fn looking_around_leaves_no_entry(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let (hr, security) = (app.hr().await, app.security().await);
        let entries = app.audit_entries().await;
        for path in ["/hr", "/people", "/people/new", "/people/import", &format!("/people/{anna}")] {
            hr.get(path).await;
        }
        security.get("/security").await;
        security.get("/security/items").await;
        assert_eq!(app.audit_entries().await, entries);
    }

    async fn preparing_twice_changes_nothing(app) {
        let entries = app.audit_entries().await;
        setup::prepare(&app.app, app.now()).await.unwrap();
        assert_eq!((app.audit_entries().await, entries), (2, 2));
        assert_eq!(app.number("select count(*) from requirement").await, 7);
    }

    async fn a_fresh_installation_has_no_account(app) {
        assert_eq!(app.number("select count(*) from account").await, 0);
    }

    async fn the_trail_survives_the_erasure_of_details(app) {
        app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        app.tamper("delete from audit_detail").await.unwrap();
        assert_eq!(audit::verify(&mut app.read().await).await.unwrap(), app.audit_entries().await);
    }
}
