//! Background checks: what is lawful where, consent, the way to the provider and back, and only the outcome in the end.

use crate::fixture::{
    TestApp,
    client::{Answer, Client, IP},
    people::NewPerson,
    stories,
};
use antritt::{
    api::{
        checks::{CompleteCheck, GiveCheckConsent, MarkWithProvider, RefuseCheckConsent, RequestCheck},
        done::Said,
        error::ApiError,
        people::MoveStart,
    },
    domain::{
        assignment::State,
        check_profile::Consent,
        evidence::{CheckOutcome, Proof},
        ids::PersonId,
        locale::Locale,
        problem::{Conflict, FieldProblem, Problem},
        requirement::RequirementKind,
    },
    server::{
        service::housekeeping,
        store::{
            assignments::Assignment,
            checks::{self, CheckFile},
        },
    },
    ui::texts::checks as t,
};
use leptos::server_fn::ServerFn;
use time::{
    Duration,
    macros::{date, datetime},
};

async fn item(app: &TestApp, person: PersonId) -> Assignment {
    app.item(person, RequirementKind::BackgroundCheck).await
}

async fn file(app: &TestApp, person: PersonId) -> CheckFile {
    let id = item(app, person).await.id;
    checks::find(&mut app.read().await, id).await.unwrap().unwrap()
}

/// Posts a form about somebody's check.
async fn post(app: &TestApp, client: &Client, function: &str, person: PersonId, fields: &[(&str, &str)]) -> Answer {
    let id = item(app, person).await.id.to_string();
    let fields: Vec<_> = [("id", &*id)].into_iter().chain(fields.iter().copied()).collect();
    client.post_form(function, &fields).await
}

async fn request(app: &TestApp, hr: &Client, person: PersonId, choice: &str, on: &str) -> Answer {
    let fields = [
        ("choice", choice),
        ("provider", "Hafenblick"),
        ("reference", "A-17"),
        ("requested_on", on),
        ("note", "Eilt"),
    ];
    post(app, hr, RequestCheck::PATH, person, &fields).await
}

async fn complete(app: &TestApp, hr: &Client, person: PersonId, outcome: &str, on: &str) -> Answer {
    let fields = [("outcome", outcome), ("completed_on", on), ("legal_basis", "BDSG § 26"), ("note", "Am Telefon")];
    post(app, hr, CompleteCheck::PATH, person, &fields).await
}

/// Somebody whose country's profile asks for consent, and their browser.
async fn jane(app: &TestApp) -> (PersonId, Client) {
    let jane = app
        .add(&NewPerson {
            country: "US",
            time_zone: "America/New_York",
            ..NewPerson::named("Jane Doe")
        })
        .await;
    (jane, app.sign_in_by_link(jane).await)
}

async fn consent(app: &TestApp, own: &Client, person: PersonId) -> Answer {
    let version = file(app, person).await.profile.version.to_string();
    let fields = [("version", &*version), ("language", "en"), ("consents", "on")];
    post(app, own, GiveCheckConsent::PATH, person, &fields).await
}

fn problem(field: &str, problem: Problem) -> ApiError {
    ApiError::Invalid(vec![FieldProblem::new(field, problem)])
}

stories! {
    async fn a_check_is_requested_and_cleared_and_only_the_outcome_is_kept(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        let answer = request(app, &hr, anna, "provider", "20.11.2026").await;
        assert_eq!((answer.said(), answer.location()), (Said::CheckRequested, &*format!("/people/{anna}")));
        assert_eq!(item(app, anna).await.state, State::Waiting { since: datetime!(2026-11-19 23:00 UTC) });
        assert_eq!(request(app, &hr, anna, "provider", "2026-11-20").await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));

        assert_eq!(complete(app, &hr, anna, "cleared", "2026-11-22").await.said(), Said::CheckCompleted);
        let done = item(app, anna).await;
        assert!(matches!(done.state, State::Done { .. }) && !done.late, "{done:?}");
        let check = file(app, anna).await.check.unwrap();
        assert_eq!((check.outcome, check.completed_on), (Some(CheckOutcome::Cleared), Some(date!(2026 - 11 - 22))));
        assert_eq!(check.what.en, "Details of the CV, verified by a provider");
        assert_eq!((check.purge_on, check.reviewer.as_deref()), (Some(date!(2026 - 11 - 22) + Duration::days(180)), Some("Kim Konto")));
        let [proof] = app.evidence(done.id).await.try_into().unwrap();
        assert_eq!(proof.proof, Proof::CheckResult { outcome: CheckOutcome::Cleared, completed_on: date!(2026 - 11 - 22) });
        assert_eq!(complete(app, &hr, anna, "not_cleared", "2026-11-23").await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
    }

    async fn a_check_that_was_not_cleared_can_be_requested_again(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        request(app, &hr, anna, "provider", "2026-11-20").await.said();
        complete(app, &hr, anna, "not_cleared", "2026-11-22").await.said();
        assert!(matches!(item(app, anna).await.state, State::Failed { .. }));
        request(app, &hr, anna, "provider", "2026-11-23").await.said();
        assert!(matches!(item(app, anna).await.state, State::Waiting { .. }));
        let check = file(app, anna).await.check.unwrap();
        assert_eq!((check.outcome, check.completed_on, check.reviewed_by), (None, None, None));
        complete(app, &hr, anna, "references", "2026-11-23").await.said();
        let id = item(app, anna).await.id;
        assert_eq!(app.evidence(id).await.len(), 2, "the first outcome stays on record");
    }

    async fn what_needs_no_provider_needs_no_request(app) {
        let hr = app.hr().await;
        for (name, choice, outcome) in [("Anna Muster", "not_required", CheckOutcome::NotRequired), ("Ben Bote", "documents", CheckOutcome::AlternativeDone)] {
            let person = app.person(name, "2026-12-01", "Europe/Berlin").await;
            assert_eq!(complete(app, &hr, person, choice, "2026-11-23").await.said(), Said::CheckCompleted);
            assert!(matches!(item(app, person).await.state, State::Done { submitted: None, .. }));
            assert_eq!(file(app, person).await.check.unwrap().outcome, Some(outcome));
        }
    }

    async fn nothing_is_cleared_that_nobody_requested(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        let entries = app.audit_entries().await;
        for outcome in ["cleared", "not_cleared"] {
            assert_eq!(complete(app, &hr, anna, outcome, "2026-11-23").await.refusal(), ApiError::Conflict(Conflict::NotYet));
        }
        assert_eq!(item(app, anna).await.state, State::Open);
        assert_eq!(app.audit_entries().await, entries);
    }

    async fn only_what_is_lawful_in_the_country_is_offered_and_taken(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let (jane, own) = jane(app).await;
        let hr = app.hr().await;
        let page = async |person| hr.get(&format!("/people/{person}/check/{}", item(app, person).await.id)).await.body;
        let (of_anna, of_jane) = (page(anna).await, page(jane).await);
        assert!(of_anna.contains("Criminal record extract inspected") && of_anna.contains("In Germany only what the specific job requires"));
        assert!(of_jane.contains("Criminal history, report by a provider") && !of_jane.contains("Criminal record extract inspected"));
        assert!(of_anna.contains("choice=provider") && !of_jane.contains("choice=criminal"), "no way to a provider before consent");
        assert_eq!(request(app, &hr, anna, "criminal", "2026-11-20").await.refusal(), problem("choice", Problem::NotAChoice));
        assert_eq!(request(app, &hr, anna, "references", "2026-11-20").await.refusal(), problem("choice", Problem::NotAChoice));
        assert_eq!(complete(app, &hr, jane, "register", "2026-11-20").await.refusal(), problem("outcome", Problem::NotAnOutcome));
        assert_eq!(complete(app, &hr, anna, "provider", "2026-11-20").await.refusal(), problem("outcome", Problem::NotAnOutcome));
        consent(app, &own, jane).await.said();
        assert!(page(jane).await.contains("choice=criminal"));
    }

    async fn no_provider_is_asked_before_the_person_consents(app) {
        let (jane, own) = jane(app).await;
        let hr = app.hr().await;
        assert_eq!(request(app, &hr, jane, "employment", "2026-11-20").await.refusal(), ApiError::Conflict(Conflict::NoConsent));
        let list = own.get("/checklist").await.body;
        let path = format!("/checklist/check/{}", item(app, jane).await.id);
        assert!(list.contains(&format!("href=\"{path}\"")) && !list.contains("Die Personalabteilung veranlasst sie."), "it is the person's own step");
        let page = own.get(&path).await.body;
        assert!(page.contains("Ich willige ein, dass die genannten Prüfungen"), "{page}");

        let unticked = post(app, &own, GiveCheckConsent::PATH, jane, &[("version", "1"), ("language", "de")]).await;
        assert_eq!(unticked.refusal(), problem("consents", Problem::ConsentMissing));
        let answer = consent(app, &own, jane).await;
        assert_eq!((answer.said(), answer.location()), (Said::CheckConsentGiven, "/checklist"));
        assert_eq!(consent(app, &own, jane).await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
        let [evidence] = app.evidence(item(app, jane).await.id).await.try_into().unwrap();
        let Proof::CheckConsent { sentence, asked, consent, language, origin } = evidence.proof else { panic!() };
        assert!(sentence.starts_with("In the United States") && consent.starts_with("I agree that") && language == Locale::En);
        assert_eq!((asked.len(), origin.ip.as_str()), (2, IP));
        assert!(own.get(&path).await.body.contains(t::withdraw_button(Locale::De)));
        request(app, &hr, jane, "employment", "2026-11-23").await.said();
    }

    async fn a_refusal_is_seen_by_hr_and_nobody_else_and_alternatives_stay(app) {
        let (jane, own) = jane(app).await;
        let answer = post(app, &own, RefuseCheckConsent::PATH, jane, &[]).await;
        assert_eq!(answer.said(), Said::CheckConsentRefused);
        assert_eq!(post(app, &own, RefuseCheckConsent::PATH, jane, &[]).await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
        assert_eq!(item(app, jane).await.consent, Consent::Refused);
        let hr = app.hr().await;
        assert_eq!(request(app, &hr, jane, "employment", "2026-11-20").await.refusal(), ApiError::Conflict(Conflict::NoConsent));
        let said = "Did not consent to the background check";
        let of_person = format!("/people/{jane}");
        assert!(hr.get(&of_person).await.body.contains(said));
        for other in [app.security().await, app.auditor().await] {
            let page = other.get(&of_person).await.body;
            assert!(!page.contains(said) && !page.contains(t::no_consent(Locale::En)));
        }
        complete(app, &hr, jane, "references", "2026-11-23").await.said();
        let late = post(app, &own, RefuseCheckConsent::PATH, jane, &[]).await;
        assert_eq!(late.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
    }

    async fn consent_can_be_withdrawn_while_the_provider_is_at_it(app) {
        let (jane, own) = jane(app).await;
        let hr = app.hr().await;
        consent(app, &own, jane).await.said();
        request(app, &hr, jane, "criminal", "2026-11-23").await.said();
        post(app, &own, RefuseCheckConsent::PATH, jane, &[]).await.said();
        for outcome in ["cleared", "not_cleared"] {
            assert_eq!(complete(app, &hr, jane, outcome, "2026-11-23").await.refusal(), ApiError::Conflict(Conflict::NoConsent));
        }
        let page = hr.get(&format!("/people/{jane}/check/{}", item(app, jane).await.id)).await.body;
        assert!(page.contains(t::consent_withdrawn(Locale::En)) && !page.contains("value=\"not_cleared\""));
        complete(app, &hr, jane, "references", "2026-11-23").await.said();
    }

    async fn consent_to_words_that_were_changed_meanwhile_is_asked_for_anew(app) {
        let (jane, own) = jane(app).await;
        app.tamper("update check_profile set version = 2 where country = 'US'").await.unwrap();
        let stale = post(app, &own, GiveCheckConsent::PATH, jane, &[("version", "1"), ("language", "en"), ("consents", "on")]).await;
        assert_eq!(stale.refusal(), ApiError::Conflict(Conflict::NewerVersion));
        consent(app, &own, jane).await.said();
    }

    async fn nobody_answers_for_somebody_else(app) {
        let (jane, _) = jane(app).await;
        let other = app.person("Otto Anders", "2026-12-01", "Europe/Berlin").await;
        let other = app.sign_in_by_link(other).await;
        for client in [other, app.hr().await, app.admin().await] {
            let given = post(app, &client, GiveCheckConsent::PATH, jane, &[("version", "1"), ("consents", "on")]).await;
            let refused = post(app, &client, RefuseCheckConsent::PATH, jane, &[]).await;
            assert_eq!([given.refusal(), refused.refusal()], [ApiError::NotFound, ApiError::NotFound]);
        }
        assert_eq!(item(app, jane).await.consent, Consent::Missing);
    }

    async fn where_no_consent_is_asked_the_person_still_reads_what_holds(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let own = app.sign_in_by_link(anna).await;
        let page = own.get(&format!("/checklist/check/{}", item(app, anna).await.id)).await.body;
        assert!(page.contains("In Deutschland darf nur erhoben werden") && page.contains(t::not_asked(Locale::De)) && !page.contains("name=\"consents\""));
        assert_eq!(consent(app, &own, anna).await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
    }

    async fn the_provider_has_it_from_a_day_on_and_patience_begins_anew(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        let mark = async |on: &str| post(app, &hr, MarkWithProvider::PATH, anna, &[("with_provider_on", on)]).await;
        assert_eq!(mark("2026-11-20").await.refusal(), ApiError::Conflict(Conflict::NotYet));
        request(app, &hr, anna, "provider", "2026-11-18").await.said();
        assert_eq!(file(app, anna).await.check.unwrap().stuck_at, Some(datetime!(2026-12-01 23:00 UTC)));
        for (on, wrong) in [("", Problem::Required), ("2026-11-17", Problem::TooEarly), ("2026-11-24", Problem::InTheFuture)] {
            assert_eq!(mark(on).await.refusal(), problem("with_provider_on", wrong));
        }
        assert_eq!(mark("2026-11-20").await.said(), Said::CheckWithProvider);
        let check = file(app, anna).await.check.unwrap();
        assert_eq!((check.with_provider_on, check.stuck_at), (Some(date!(2026 - 11 - 20)), Some(datetime!(2026-12-03 23:00 UTC))));
        assert_eq!(mark("2026-11-21").await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
    }

    async fn a_check_is_stuck_after_so_many_days_and_not_a_day_before(app) {
        let anna = app.person("Anna Muster", "2027-03-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        request(app, &hr, anna, "provider", "2026-11-23").await.said();
        let word = t::stuck_since(Locale::En, &t::days_ago(Locale::En, 14));
        let path = format!("href=\"/people/{anna}/check/{}\"", item(app, anna).await.id);
        // 14 days later it is 7 December; in Berlin that day begins at 23:00 UTC of the 6th.
        app.clock.set(datetime!(2026-12-06 22:59:59 UTC));
        let before = app.hr().await.get("/hr").await.body;
        assert!(!before.contains(&word) && !before.contains(t::stuck_tile(Locale::En)));
        app.clock.set(datetime!(2026-12-06 23:00 UTC));
        let hr = app.hr().await;
        let board = hr.get("/hr").await.body;
        assert!(board.contains(&word) && board.contains(&path) && board.contains("href=\"/hr?light=stuck\""), "{board}");
        let stuck = hr.get("/hr?light=stuck").await.body;
        assert!(stuck.contains("Anna Muster"));
        complete(app, &hr, anna, "cleared", "2026-12-06").await.said();
        assert!(!hr.get("/hr?light=stuck").await.body.contains("Anna Muster"));
    }

    async fn an_outcome_after_the_start_date_is_late(app) {
        let anna = app.person("Anna Muster", "2026-11-20", "Europe/Berlin").await;
        let hr = app.hr().await;
        request(app, &hr, anna, "provider", "2026-11-19").await.said();
        complete(app, &hr, anna, "cleared", "2026-11-21").await.said();
        assert!(item(app, anna).await.late);
    }

    async fn nothing_is_requested_or_answered_before_the_day_of_the_consent(app) {
        let (jane, own) = jane(app).await;
        consent(app, &own, jane).await.said();
        assert_eq!(request(app, &app.hr().await, jane, "employment", "2026-11-22").await.refusal(), problem("requested_on", Problem::TooEarly));
        assert_eq!(file(app, jane).await.check, None);
        request(app, &app.hr().await, jane, "employment", "2026-11-23").await.said();
        post(app, &own, RefuseCheckConsent::PATH, jane, &[]).await.said();
        app.clock.advance(Duration::days(3));
        consent(app, &app.signed_in_person(jane).await, jane).await.said();
        let hr = app.hr().await;
        for day in ["2026-11-23", "2026-11-25"] {
            assert_eq!(complete(app, &hr, jane, "cleared", day).await.refusal(), problem("completed_on", Problem::TooEarly), "{day}");
        }
        complete(app, &hr, jane, "cleared", "2026-11-26").await.said();
        assert!(!item(app, jane).await.late);
    }

    async fn what_hr_decides_themself_counts_from_when_it_is_recorded(app) {
        let late = app.person("Anna Muster", "2026-06-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        complete(app, &hr, late, "not_required", "2026-05-20").await.said();
        let done = item(app, late).await;
        assert_eq!((done.state, done.late), (State::Done { submitted: None, at: app.now() }, true), "nobody's word dates it back");
        assert_eq!(file(app, late).await.check.unwrap().completed_on, Some(date!(2026 - 05 - 20)), "the day that was typed stays on record");

        // Nor does a start that is moved there and back.
        let moved = app.person("Ben Bote", "2026-06-01", "Europe/Berlin").await;
        let move_start = async |to: &str| {
            let fields = [("id", &*moved.to_string()), ("start_date", to), ("reason", "Umzug")];
            hr.post_seen(MoveStart::PATH, &fields).await.said();
        };
        move_start("2026-12-07").await;
        complete(app, &hr, moved, "documents", "2026-05-20").await.said();
        assert!(!item(app, moved).await.late);
        move_start("2026-06-01").await;
        assert!(item(app, moved).await.late);
    }

    async fn a_providers_answer_counts_from_its_day_once_the_request_is_on_record(app) {
        let hr = app.hr().await;
        let in_time = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        request(app, &hr, in_time, "provider", "2026-11-20").await.said();
        let unrecorded = app.person("Ben Bote", "2026-06-01", "Europe/Berlin").await;
        request(app, &hr, unrecorded, "provider", "2026-05-01").await.said();
        complete(app, &hr, unrecorded, "cleared", "2026-05-20").await.said();
        let done = item(app, unrecorded).await;
        assert_eq!((done.state, done.late), (State::Done { submitted: Some(datetime!(2026-04-30 22:00 UTC)), at: app.now() }, true));
        let page = hr.get(&format!("/people/{in_time}/check/{}", item(app, in_time).await.id)).await.body;
        assert!(page.contains(t::completed_hint_provider(Locale::En)), "{page}");

        app.clock.set(datetime!(2026-12-04 09:00 UTC));
        complete(app, &app.hr().await, in_time, "cleared", "2026-11-30").await.said();
        let done = item(app, in_time).await;
        assert!(!done.late && matches!(done.state, State::Done { at, .. } if at == datetime!(2026-11-29 23:00 UTC)), "{done:?}");
    }

    async fn the_day_of_removal_can_be_chosen_and_then_dates_and_outcome_are_left(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        request(app, &hr, anna, "provider", "2026-11-20").await.said();
        let fields = |purge| [("outcome", "cleared"), ("completed_on", "2026-11-22"), ("legal_basis", "BDSG § 26"), ("note", "Per Telefon"), ("purge_on", purge)];
        let early = post(app, &hr, CompleteCheck::PATH, anna, &fields("2026-11-21")).await;
        assert_eq!(early.refusal(), problem("purge_on", Problem::TooEarly));
        post(app, &hr, CompleteCheck::PATH, anna, &fields("2026-11-30")).await.said();
        let sweep = async |now| housekeeping::sweep(&app.app, now).await.unwrap().checks;
        assert_eq!(sweep(datetime!(2026-11-29 12:00 UTC)).await, 0);
        let entries = app.audit_entries().await;
        assert_eq!((sweep(datetime!(2026-11-30 12:00 UTC)).await, sweep(datetime!(2026-11-30 13:00 UTC)).await), (1, 0));
        assert_eq!(app.audit_entries().await, entries + 1);
        let check = file(app, anna).await.check.unwrap();
        assert_eq!([check.provider.as_str(), &check.reference, &check.note], ["", "", ""]);
        assert_eq!((check.requested_on, check.completed_on), (date!(2026 - 11 - 20), Some(date!(2026 - 11 - 22))));
        assert_eq!((check.outcome, check.legal_basis.as_str(), check.purged_on), (Some(CheckOutcome::Cleared), "BDSG § 26", Some(date!(2026 - 11 - 30))));
        assert!(check.reviewer.is_some() && !check.what.de.is_empty());
        // The sweep took HR's old session along.
        let page = app.hr().await.get(&format!("/people/{anna}/check/{}", item(app, anna).await.id)).await.body;
        assert!(page.contains(t::purged(Locale::En)) && !page.contains("Hafenblick"));
    }

    async fn a_note_takes_no_addresses_and_no_numbers(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        let long = "x".repeat(201);
        for (note, wrong) in [("Ausweis 123456789", Problem::LooksPersonal), ("anna@home.example", Problem::LooksPersonal), (&long, Problem::TooLong(200))] {
            let fields = [("choice", "provider"), ("provider", "Hafenblick"), ("requested_on", "2026-11-20"), ("note", note)];
            assert_eq!(post(app, &hr, RequestCheck::PATH, anna, &fields).await.refusal(), problem("note", wrong.clone()));
            let fields = [("outcome", "not_required"), ("completed_on", "2026-11-20"), ("legal_basis", "Rolle"), ("note", note)];
            assert_eq!(post(app, &hr, CompleteCheck::PATH, anna, &fields).await.refusal(), problem("note", wrong));
        }
        assert_eq!(file(app, anna).await.check, None);
    }

    async fn the_other_fields_take_no_report_either(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        let with = |provider, reference| [("choice", "provider"), ("provider", provider), ("reference", reference), ("requested_on", "2026-11-20")];
        for (fields, field) in [(with("Ausweis 123456789", "A-17"), "provider"), (with("Hafenblick", "anna@home.example"), "reference")] {
            assert_eq!(post(app, &hr, RequestCheck::PATH, anna, &fields).await.refusal(), problem(field, Problem::LooksPersonal));
        }
        post(app, &hr, RequestCheck::PATH, anna, &with("Hafenblick", "2026-123456789")).await.said();
        let with = |basis| [("outcome", "cleared"), ("completed_on", "2026-11-22"), ("legal_basis", basis)];
        let finding = post(app, &hr, CompleteCheck::PATH, anna, &with("Verurteilt, Az. 123456")).await;
        assert_eq!(finding.refusal(), problem("legal_basis", Problem::LooksPersonal));
        let page = hr.get(&format!("/people/{anna}/check/{}", item(app, anna).await.id)).await.body;
        assert!(page.contains("Name the rule, never a finding."), "{page}");
        let basis = "Art. 6 Abs. 1 lit. b DSGVO, § 26 BDSG";
        post(app, &hr, CompleteCheck::PATH, anna, &with(basis)).await.said();
        assert_eq!(file(app, anna).await.check.unwrap().legal_basis, basis);
    }

    async fn details_go_within_three_years_of_the_outcome(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        request(app, &hr, anna, "provider", "2026-11-20").await.said();
        let fields = |purge| [("outcome", "cleared"), ("completed_on", "2026-11-22"), ("legal_basis", "BDSG § 26"), ("purge_on", purge)];
        let late = post(app, &hr, CompleteCheck::PATH, anna, &fields("2029-11-23")).await;
        assert_eq!(late.refusal(), problem("purge_on", Problem::NotWithinThreeYears));
        post(app, &hr, CompleteCheck::PATH, anna, &fields("2029-11-22")).await.said();
        assert_eq!(file(app, anna).await.check.unwrap().purge_on, Some(date!(2029 - 11 - 22)));
    }

    async fn others_see_how_it_stands_and_nothing_of_how_it_came(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let own = app.sign_in_by_link(anna).await;
        let hr = app.hr().await;
        request(app, &hr, anna, "provider", "2026-11-20").await.said();
        complete(app, &hr, anna, "cleared", "2026-11-22").await.said();
        let id = item(app, anna).await.id;
        for client in [app.security().await, app.auditor().await, own] {
            let page = client.get(&format!("/people/{anna}")).await.body;
            for secret in ["Hafenblick", "A-17", "Am Telefon", "BDSG", "Lebenslauf", "verified by a provider"] {
                assert!(!page.contains(secret), "{secret}");
            }
            assert_eq!(client.get(&format!("/people/{anna}/check/{id}")).await.status, 404);
        }
    }

    async fn every_wrong_field_is_named_and_nothing_is_written(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        let entries = app.audit_entries().await;
        let required = |field| FieldProblem::new(field, Problem::Required);
        let not_chosen = |field| FieldProblem::new(field, Problem::NotChosen);
        let nothing = post(app, &hr, RequestCheck::PATH, anna, &[]).await;
        assert_eq!(nothing.refusal(), ApiError::Invalid(vec![not_chosen("choice"), required("provider"), required("requested_on")]));
        let nothing = post(app, &hr, CompleteCheck::PATH, anna, &[]).await;
        assert_eq!(nothing.refusal(), ApiError::Invalid(vec![not_chosen("outcome"), required("completed_on"), required("legal_basis")]));
        let future = request(app, &hr, anna, "provider", "2026-11-24").await;
        assert_eq!(future.refusal(), problem("requested_on", Problem::InTheFuture));
        assert_eq!(app.audit_entries().await, entries);

        request(app, &hr, anna, "provider", "2026-11-20").await.said();
        assert_eq!(complete(app, &hr, anna, "cleared", "2026-11-19").await.refusal(), problem("completed_on", Problem::TooEarly));
        assert_eq!(complete(app, &hr, anna, "guilty", "2026-11-21").await.refusal(), problem("outcome", Problem::NotAnOutcome));
        assert!(matches!(item(app, anna).await.state, State::Waiting { .. }));
    }
}
