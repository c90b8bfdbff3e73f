//! Background checks, consent to them, and country profiles.

use super::{id, is_stale, person};
use crate::fixture::{Db, TestApp, stories};
use antritt::{
    domain::{
        Instant,
        assignment::State,
        check_profile::{Consent, Profile},
        evidence::CheckOutcome,
        ids::{AccountId, AssignmentId},
        locale::Bilingual,
        person::Country,
        requirement::RequirementKind as Kind,
    },
    server::store::{
        Store, assignments, check_profiles,
        checks::{self, CheckFile, CheckRequest, CheckResult, CheckRow},
        people::Scope,
    },
};
use time::{
    Date, Duration,
    macros::{date, datetime},
};

const DAY: Date = date!(2026 - 11 - 20);
const PURGE: Date = date!(2027 - 05 - 19);

fn words(de: &str, en: &str) -> Bilingual {
    Bilingual { de: de.into(), en: en.into() }
}

pub fn request(app: &TestApp, stuck_at: Instant) -> CheckRequest {
    CheckRequest {
        what: words("Zeugnis", "Certificate"),
        provider: "Amt".into(),
        reference: "A-17".into(),
        requested_on: app.now().date() - Duration::days(3),
        stuck_at,
        legal_basis: "BDSG § 26".into(),
        note: "Rückruf".into(),
        purge_on: PURGE,
    }
}

fn result(by: AccountId) -> CheckResult {
    CheckResult {
        what: words("Referenzen", "References"),
        outcome: CheckOutcome::AlternativeDone,
        completed_on: DAY,
        legal_basis: "Art. 6".into(),
        reviewed_by: by,
        note: "Notiz".into(),
        purge_on: PURGE,
    }
}

async fn file(app: &TestApp, item: AssignmentId) -> CheckFile {
    checks::find(&mut app.read().await, item).await.unwrap().unwrap()
}

async fn row(app: &TestApp, item: AssignmentId) -> CheckRow {
    file(app, item).await.check.unwrap()
}

stories! {
    async fn a_request_goes_to_the_provider_once_and_a_new_one_begins_anew(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let item = app.insert_item(&anna, Kind::BackgroundCheck, State::Open, false).await;
        assert_eq!(file(app, item).await.check, None);
        let (early, later) = (datetime!(2026-12-04 00:00 UTC), datetime!(2026-12-08 00:00 UTC));
        let mark = async || app.write(async |tx| checks::mark_with_provider(tx, item, DAY, later).await).await;
        assert!(is_stale(mark().await));
        let asked = request(app, early);
        let ask = async || app.write(async |tx| checks::upsert_request(tx, item, &asked).await).await.unwrap();
        ask().await;
        assert_eq!((row(app, item).await.what, row(app, item).await.stuck_at), (asked.what.clone(), Some(early)));
        mark().await.unwrap();
        assert!(is_stale(mark().await));
        assert_eq!((row(app, item).await.with_provider_on, row(app, item).await.stuck_at), (Some(DAY), Some(later)));
        ask().await;
        assert_eq!((row(app, item).await.with_provider_on, row(app, item).await.stuck_at), (None, Some(early)));
        assert_eq!(checks::find(&mut app.read().await, AssignmentId(id(9))).await.unwrap(), None);
        let nda = app.insert_item(&anna, Kind::Nda, State::Open, false).await;
        assert_eq!(checks::find(&mut app.read().await, nda).await.unwrap(), None, "an NDA is no check");
    }

    async fn an_outcome_stands_with_or_without_a_request(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let by = app.insert_account(10, None, "hr@firma.example").await.unwrap();
        let item = app.insert_item(&anna, Kind::BackgroundCheck, State::Open, false).await;
        let decided = result(by);
        let decide = async || app.write(async |tx| checks::upsert_result(tx, item, &decided).await).await.unwrap();
        decide().await;
        let alone = row(app, item).await;
        assert_eq!((alone.provider.as_str(), alone.requested_on, alone.outcome), ("", DAY, Some(CheckOutcome::AlternativeDone)));
        assert_eq!((alone.reviewed_by, alone.reviewer.as_deref(), alone.legal_basis.as_str()), (Some(by), Some("Kim Konto"), "Art. 6"));
        app.write(async |tx| checks::upsert_request(tx, item, &request(app, app.now())).await).await.unwrap();
        let asked = row(app, item).await;
        assert_eq!((asked.outcome, asked.completed_on, asked.reviewed_by), (None, None, None));
        decide().await;
        let both = row(app, item).await;
        assert_eq!((both.provider.as_str(), both.stuck_at, both.what), ("Amt", None, decided.what.clone()));
    }

    async fn details_are_purged_on_their_day_unless_the_check_still_waits(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let by = app.insert_account(10, None, "hr@firma.example").await.unwrap();
        let waiting = State::Waiting { since: app.now() };
        let item = app.insert_item(&anna, Kind::BackgroundCheck, waiting, false).await;
        app.write(async |tx| checks::upsert_request(tx, item, &request(app, app.now())).await).await.unwrap();
        let sweep = async |today| app.write(async |tx| checks::purge(tx, today).await).await.unwrap();
        assert_eq!(sweep(PURGE).await, [], "nobody takes away what a provider still works on");
        app.write(async |tx| checks::upsert_result(tx, item, &result(by)).await).await.unwrap();
        let done = State::Done { submitted: Some(app.now()), at: app.now() };
        app.write(async |tx| assignments::update_state(tx, item, waiting, done, false).await).await.unwrap();
        assert_eq!(sweep(PURGE.previous_day().unwrap()).await, []);
        assert_eq!((sweep(PURGE).await, sweep(PURGE).await), (vec![item], vec![]));
        let left = row(app, item).await;
        assert_eq!([left.provider.as_str(), &left.reference, &left.note], ["", "", ""]);
        assert_eq!((left.what.de.as_str(), left.legal_basis.as_str(), left.reviewed_by), ("Referenzen", "Art. 6", Some(by)));
        assert_eq!((left.completed_on, left.outcome, left.purged_on), (Some(DAY), Some(CheckOutcome::AlternativeDone), Some(PURGE)));
    }

    async fn the_last_answer_counts_where_the_country_asks_for_one(app) {
        let (anna, mut ben) = (person(1, "Anna"), person(2, "Ben"));
        ben.details.country = Country::parse("FR").unwrap();
        let mut items = Vec::new();
        for somebody in [&anna, &ben] {
            app.insert_person(somebody).await.unwrap();
            items.push(app.insert_item(somebody, Kind::BackgroundCheck, State::Open, false).await);
        }
        assert_eq!((file(app, items[0]).await.consent, file(app, items[0]).await.profile.profile.key()), (Consent::NotNeeded, "DE"));
        assert_eq!((file(app, items[1]).await.consent, file(app, items[1]).await.profile.profile.key()), (Consent::Missing, "generic"));
        for (consents, expected) in [(true, Consent::Given), (false, Consent::Refused)] {
            app.write(async |tx| checks::upsert_consent(tx, app.now(), items[1], consents).await).await.unwrap();
            assert_eq!((file(app, items[1]).await.consent, file(app, items[1]).await.decided_at), (expected, Some(app.now())));
            let read = assignments::find(&mut app.read().await, Scope::All, items[1]).await.unwrap().unwrap();
            assert_eq!(read.consent, expected, "an item says the same");
        }
    }

    async fn a_profile_is_added_once_and_changed_from_the_version_that_was_read(app) {
        let list = async || check_profiles::list(&mut app.read().await).await.unwrap();
        let keys: Vec<_> = list().await.iter().map(|stored| stored.profile.key().to_owned()).collect();
        assert_eq!(keys, ["AT", "CH", "DE", "GB", "US", "generic"]);
        let profile = Profile { country: Some(Country::parse("FR").unwrap()), patience_days: 5, ..list().await[5].profile.clone() };
        let insert = async || app.write(async |tx| check_profiles::insert(tx, app.now(), &profile).await).await.unwrap();
        assert_eq!((insert().await, insert().await), (true, false));
        let find = async || check_profiles::find(&mut app.read().await, "FR").await.unwrap().unwrap();
        assert_eq!((find().await.profile, find().await.version), (profile.clone(), 1));
        let changed = Profile { needs_consent: false, ..profile.clone() };
        let update = async |from| app.write(async |tx| check_profiles::update(tx, app.now(), &changed, from).await).await;
        update(1).await.unwrap();
        assert!(is_stale(update(1).await));
        assert_eq!((find().await.profile, find().await.version), (changed.clone(), 2));
        assert_eq!(check_profiles::find(&mut app.read().await, "XX").await.unwrap(), None);
    }

    async fn no_column_of_a_check_invites_a_report(app) {
        let columns = match &app.store {
            Store::Sqlite { readers, .. } => sqlx::query_scalar("select group_concat(name) from (select name from pragma_table_info('background_check') order by name)").fetch_one(readers).await,
            Store::Postgres { pool, .. } => sqlx::query_scalar("select string_agg(column_name::text, ',' order by column_name collate \"C\") from information_schema.columns where table_name = 'background_check'").fetch_one(pool).await,
        };
        let columns: String = columns.unwrap();
        let expected = [
            "assignment_id", "check_type", "check_type_en", "completed_on", "legal_basis", "note", "outcome", "provider", "purge_on", "purged_on", "reference", "requested_on",
            "reviewed_by", "stuck_at", "with_provider_on",
        ];
        assert_eq!(columns.split(',').collect::<Vec<_>>(), expected, "a report, a score or a number of a document has no place here");
    }
}

#[tokio::test]
async fn the_profiles_come_to_an_installation_that_is_older_than_they_are() {
    let app = TestApp::new(Db::Sqlite).await;
    app.tamper("delete from check_profile where country <> 'DE'").await.unwrap();
    let entries = app.audit_entries().await;
    antritt::server::service::setup::prepare(&app.app, app.now()).await.unwrap();
    assert_eq!(check_profiles::list(&mut app.read().await).await.unwrap().len(), 6);
    antritt::server::service::setup::prepare(&app.app, app.now()).await.unwrap();
    assert_eq!(app.audit_entries().await, entries + 1, "and once is enough");
    app.finish().await;
}
