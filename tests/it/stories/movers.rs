//! Movers: what becomes of somebody's items is shown before they are changed, and done as it was shown.

use super::duties::{make, task};
use crate::fixture::{TestApp, client::Client, people::NewPerson, stories};
use antritt::{
    api::{
        done::Said,
        error::ApiError,
        people::{ChangePerson, MoveStart},
    },
    domain::{
        assignment::{EndReason, State},
        ids::{PersonId, RequirementId},
        problem::Conflict,
        requirement::RequirementKind as Kind,
        roles::Role,
    },
    server::{
        service::people::form_of,
        store::{accounts, assignments::Assignment},
    },
};
use leptos::server_fn::ServerFn;
use time::macros::date;

/// The fields of somebody's form, with some of them changed.
async fn fields<'a>(app: &TestApp, person: PersonId, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, String)> {
    let form = form_of(&app.record(person).await.details);
    let on_record = [
        ("id", person.to_string()),
        ("name", form.name),
        ("private_email", form.private_email),
        ("work_email", form.work_email),
        ("kind", form.kind),
        ("country", form.country),
        ("department", form.department),
        ("job_title", form.job_title),
        ("manager_email", form.manager_email),
        ("time_zone", form.time_zone),
        ("language", form.language),
        ("tags", form.tags),
    ];
    let value = |name: &str| changed.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned());
    on_record.map(|(name, stored)| (name, value(name).unwrap_or(stored))).to_vec()
}

fn borrowed<'a>(fields: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, &**value)).collect()
}

async fn held(app: &TestApp, person: PersonId, rule: RequirementId) -> Option<Assignment> {
    app.items(person).await.into_iter().find(|item| item.requirement == rule)
}

/// A rule for a department.
async fn rule_for(app: &TestApp, title: &str, department: &str) -> RequirementId {
    make(app, &task(title, &[("groups[0][departments]", department)])).await
}

/// The list of what changes, as the page shows it to whoever sent the form and has not seen it yet.
async fn shown(hr: &Client, page: &str, function: &str, fields: &[(&str, &str)]) -> String {
    assert!(hr.post_form_from(page, function, fields).await.is_unseen());
    hr.get(page).await.body
}

stories! {
    async fn who_moves_to_another_department_gets_loses_and_keeps_what_was_shown(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let old = rule_for(app, "Brandschutz", "Engineering").await;
        let new = rule_for(app, "Kassenbuch", "Vertrieb").await;
        let before = app.items(anna).await;
        let entries = app.audit_entries().await;
        let (hr, page) = (app.hr().await, format!("/people/{anna}/edit"));
        let fields = fields(app, anna, &[("department", "Vertrieb")]).await;
        let fields = borrowed(&fields);
        let body = shown(&hr, &page, ChangePerson::PATH, &fields).await;
        assert!(body.contains("value=\"Vertrieb\""), "what was typed is kept");
        assert!(body.contains("<strong>Kassenbuch<") && body.contains("<strong>Brandschutz<"), "{body}");
        assert_eq!((app.items(anna).await, app.audit_entries().await), (before, entries), "nothing is done yet");
        assert_eq!(hr.post_seen(ChangePerson::PATH, &fields).await.said(), Said::PersonChanged);
        assert_eq!(held(app, anna, new).await.unwrap().state, State::Open);
        assert!(matches!(held(app, anna, old).await.unwrap().state, State::Ended { reason: EndReason::OutOfGroup, .. }));
    }

    async fn nobody_rids_themself_of_items_or_of_the_address_that_tells_who_they_are_unless_nobody_else_could(app) {
        let account = app.account("hanna@firma.example", Some(Role::Hr), None).await;
        let hanna = app.add(&NewPerson { work_email: "hanna@firma.example", ..NewPerson::named("Hanna Personal") }).await;
        rule_for(app, "Brandschutz", "Engineering").await;
        let own = app.signed_in_as(account).await;
        let colleague = app.account("hr@company.example", Some(Role::Hr), None).await;
        let refused = ApiError::Conflict(Conflict::NeedsSecondPerson);
        for changed in [("department", "Vertrieb"), ("work_email", ""), ("private_email", "other@home.example")] {
            let fields = fields(app, hanna, &[changed]).await;
            assert_eq!(own.post_json(ChangePerson::PATH, &borrowed(&fields)).await.error(), refused, "{changed:?}");
        }
        let fields = fields(app, hanna, &[("name", "Hanna Personalis")]).await;
        assert_eq!(own.post_seen(ChangePerson::PATH, &borrowed(&fields)).await.said(), Said::PersonChanged, "what decides nothing is free");
        app.write(async |tx| accounts::disable(tx, app.now(), colleague, account, "Weg").await).await.unwrap();
        let fields = self::fields(app, hanna, &[("department", "Vertrieb")]).await;
        assert_eq!(own.post_seen(ChangePerson::PATH, &borrowed(&fields)).await.said(), Said::PersonChanged);
    }

    async fn what_was_shown_counts_for_nothing_else(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        rule_for(app, "Kassenbuch", "Vertrieb").await;
        let hr = app.hr().await;
        let sales = fields(app, anna, &[("department", "Vertrieb")]).await;
        let seen = hr.seen(ChangePerson::PATH, &borrowed(&sales)).await;
        rule_for(app, "Reisekosten", "Vertrieb").await;
        let confirmed = [&borrowed(&sales)[..], &[("seen", &*seen)]].concat();
        assert!(hr.post_form(ChangePerson::PATH, &confirmed).await.is_unseen(), "a rule was made meanwhile");
        assert_eq!(app.record(anna).await.details.department.as_str(), "Engineering");
    }

    async fn what_changes_no_item_is_saved_straight_away(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        for changed in [("name", "Anna Schön"), ("job_title", "Leiterin"), ("department", "Lager")] {
            let fields = fields(app, anna, &[changed]).await;
            assert_eq!(hr.post_form(ChangePerson::PATH, &borrowed(&fields)).await.said(), Said::PersonChanged, "{changed:?}");
        }
    }

    async fn a_moved_start_shows_every_deadline_before_and_after(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let (hr, id) = (app.hr().await, anna.to_string());
        let due_on = app.item(anna, Kind::Policy).await.deadline.due_on;
        let fields = [("id", &*id), ("start_date", "2026-12-08"), ("reason", "Umzug")];
        let body = shown(&hr, &format!("/people/{anna}/start-date"), MoveStart::PATH, &fields).await;
        assert!(body.contains("value=\"Umzug\"") && body.contains("value=\"2026-12-08\""), "what was typed is kept");
        assert_eq!(app.item(anna, Kind::Policy).await.deadline.due_on, due_on, "nothing is done yet");
        assert_eq!(hr.post_seen(MoveStart::PATH, &fields).await.said(), Said::StartMoved);
        assert_eq!(app.record(anna).await.details.start_date, date!(2026 - 12 - 08));
        let moved = app.item(anna, Kind::Policy).await;
        assert_eq!((moved.deadline.due_on, moved.first_due_on), (due_on + time::Duration::days(7), Some(due_on)));
    }
}
