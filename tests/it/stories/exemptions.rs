//! The register of exceptions: nobody decides alone, what is lifted comes back, and HR may let somebody start without an NDA by name.

use crate::fixture::{TestApp, client::Client, stories};
use antritt::{
    api::{
        done::Said,
        error::ApiError,
        exemptions::{AllowStart, DecideExemption, EndExemption, RequestExemption},
        password_manager::{ConfirmEnrolment, DeclareEnrolment},
    },
    domain::{
        assignment::{Cause, EndReason, State},
        exemption::Status,
        ids::{AssignmentId, ExemptionId, PersonId},
        problem::{Conflict, FieldProblem, Problem},
        requirement::RequirementKind as Kind,
        roles::Role,
    },
    server::{
        service::{exemptions::end_due, rows::Exemption},
        store::exemptions,
    },
};
use leptos::server_fn::ServerFn;
use time::{Duration, macros::date};

async fn ask(client: &Client, function: &str, id: AssignmentId, ends_on: &str) -> crate::fixture::client::Answer {
    let fields = [
        ("id", &*id.to_string()),
        ("reason", "Nur zwei Wochen da, ohne Systemzugang"),
        ("compensating_step", "Einweisung durch die Führungskraft"),
        ("ends_on", ends_on),
    ];
    client.post_form(function, &fields).await
}

async fn decide(client: &Client, exemption: &Exemption, approve: &str) -> crate::fixture::client::Answer {
    client
        .post_form(DecideExemption::PATH, &[("id", &exemption.id.to_string()), ("approve", approve)])
        .await
}

impl TestApp {
    /// What a colleague of HR asked for about somebody: nobody of the cast did, so that everybody of it may decide.
    pub async fn exemption_of(&self, person: PersonId) -> ExemptionId {
        let item = self.items(person).await.pop().unwrap();
        let colleague = self.account("hr2@company.example", Some(Role::Hr), None).await;
        ask(&self.signed_in_as(colleague).await, RequestExemption::PATH, item.id, "2026-12-31")
            .await
            .said();
        self.register().await[0].id
    }

    /// The whole register.
    async fn register(&self) -> Vec<Exemption> {
        exemptions::list(&mut self.read().await, None, None, 100).await.unwrap().rows
    }

    /// Somebody whose password manager HR asked to lift and security lifted.
    async fn exempt(&self, person: PersonId, ends_on: &str) -> Exemption {
        let item = self.item(person, Kind::PasswordManager).await;
        ask(&self.hr().await, RequestExemption::PATH, item.id, ends_on).await.said();
        let exemption = self.register().await.remove(0);
        assert_eq!(decide(&self.security().await, &exemption, "yes").await.said(), Said::ExemptionApproved);
        exemption
    }
}

stories! {
    async fn an_nda_is_never_lifted(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let nda = app.nda(anna).await.id;
        let hr = app.hr().await;
        assert_eq!(ask(&hr, RequestExemption::PATH, nda, "2026-12-31").await.refusal(), ApiError::NotFound);
        assert!(!hr.get(&format!("/people/{anna}")).await.body.contains(&format!("/exemption/{nda}")), "what leads nowhere is not offered");
        assert_eq!(ask(&hr, AllowStart::PATH, nda, "2026-12-31").await.said(), Said::StartAllowed);
    }

    async fn an_exemption_does_not_end_a_checklist(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        app.exempt(anna, "2026-12-31").await;
        let page = app.sign_in_by_link(anna).await.get("/checklist").await.body;
        assert!(!page.contains("Ihre Checkliste ist beendet") && !page.contains("Your checklist has ended"), "{page}");
    }

    async fn an_exemption_needs_a_second_person(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let item = app.item(anna, Kind::PasswordManager).await;
        let hr = app.hr().await;
        assert_eq!(ask(&hr, RequestExemption::PATH, item.id, "2026-12-31").await.said(), Said::ExemptionRequested);
        let [exemption] = app.register().await.try_into().unwrap();
        assert_eq!((exemption.status, app.item(anna, Kind::PasswordManager).await.state), (Status::Requested, State::Open));
        assert_eq!(decide(&hr, &exemption, "yes").await.refusal(), ApiError::Conflict(Conflict::NeedsSecondPerson));
        assert_eq!(app.item(anna, Kind::PasswordManager).await.state, State::Open);
        assert_eq!(decide(&app.security().await, &exemption, "yes").await.said(), Said::ExemptionApproved);
        let [exemption] = app.register().await.try_into().unwrap();
        assert_eq!((exemption.status, exemption.ends_on), (Status::InForce, date!(2026 - 12 - 31)));
        assert_eq!((&*exemption.requested_by_name, exemption.decided_by_name.as_deref()), ("Kim Konto", Some("Kim Konto")));
        assert_eq!(app.item(anna, Kind::PasswordManager).await.state, State::Ended { at: app.now(), reason: EndReason::Exempt });
    }

    async fn what_was_decided_stays_decided(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let item = app.item(anna, Kind::Training).await;
        ask(&app.hr().await, RequestExemption::PATH, item.id, "2026-12-31").await.said();
        let exemption = app.register().await.remove(0);
        let security = app.security().await;
        assert_eq!(decide(&security, &exemption, "no").await.said(), Said::ExemptionRefused);
        assert_eq!(decide(&security, &exemption, "yes").await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
        assert_eq!((app.register().await[0].status, app.item(anna, Kind::Training).await.state), (Status::Refused, State::Open));
        let end = security.post_form(EndExemption::PATH, &[("id", &exemption.id.to_string())]).await;
        assert_eq!(end.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
    }

    async fn nobody_is_asked_twice_about_the_same(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let item = app.item(anna, Kind::Training).await;
        ask(&app.hr().await, RequestExemption::PATH, item.id, "2026-12-31").await.said();
        let again = ask(&app.security().await, RequestExemption::PATH, item.id, "2026-12-31").await;
        assert_eq!(again.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
        assert_eq!(app.register().await.len(), 1);
    }

    async fn a_form_names_everything_that_is_missing(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let item = app.item(anna, Kind::Training).await;
        let hr = app.hr().await;
        for (ends_on, problem) in [("2026-11-22", Problem::NotWithinTwoYears), ("2029-01-01", Problem::NotWithinTwoYears), ("", Problem::Required)] {
            let fields = [("id", &*item.id.to_string()), ("ends_on", ends_on)];
            let expected = vec![
                FieldProblem::new("reason", Problem::Required),
                FieldProblem::new("compensating_step", Problem::Required),
                FieldProblem::new("ends_on", problem),
            ];
            assert_eq!(hr.post_form(RequestExemption::PATH, &fields).await.refusal(), ApiError::Invalid(expected));
        }
    }

    async fn when_an_exemption_ends_the_item_comes_back_with_two_weeks(app) {
        let anna = app.person("Anna Muster", "2026-11-23", "Europe/Berlin").await;
        app.exempt(anna, "2026-12-31").await;
        app.clock.set(time::macros::datetime!(2026-12-31 22:59:59 UTC));
        assert_eq!(end_due(&app.app, app.now()).await.unwrap(), 0, "its last day is not over in Berlin");
        app.clock.advance(Duration::seconds(1));
        assert_eq!(end_due(&app.app, app.now()).await.unwrap(), 1);
        assert_eq!(end_due(&app.app, app.now()).await.unwrap(), 0);
        let item = app.item(anna, Kind::PasswordManager).await;
        assert_eq!((item.state, item.cycle, item.cause, item.deadline.due_on), (State::Open, 2, Cause::ExemptionEnded, date!(2027 - 01 - 15)));
        assert!(!item.late, "it was lifted in time");
        assert_eq!(app.register().await[0].status, Status::Over, "and the entry stays");
    }

    async fn an_exemption_for_a_day_makes_nothing_punctual_and_is_no_new_deadline(app) {
        let anna = app.person("Anna Muster", "2026-06-01", "Europe/Berlin").await;
        let overdue = app.item(anna, Kind::PasswordManager).await;
        assert_eq!((overdue.state, overdue.late, overdue.deadline.due_on), (State::Open, false, date!(2026 - 06 - 08)));
        let exemption = app.exempt(anna, "2026-11-24").await;
        assert!(app.item(anna, Kind::PasswordManager).await.late, "it was overdue when it was lifted");
        app.hr().await.post_form(EndExemption::PATH, &[("id", &exemption.id.to_string())]).await.said();
        let again = app.item(anna, Kind::PasswordManager).await;
        assert_eq!((again.state, again.cycle, again.late, again.deadline), (State::Open, 2, true, overdue.deadline));
        let id = again.id.to_string();
        app.sign_in_by_link(anna).await.post_form(DeclareEnrolment::PATH, &[("id", &id)]).await.said();
        app.hr().await.post_form(ConfirmEnrolment::PATH, &[("id", &id)]).await.said();
        let done = app.item(anna, Kind::PasswordManager).await;
        assert!(done.late && matches!(done.state, State::Done { .. }), "{done:?}");
    }

    async fn a_deadline_that_passes_while_an_item_is_lifted_makes_nobody_late(app) {
        let anna = app.person("Anna Muster", "2026-11-23", "Europe/Berlin").await;
        let exemption = app.exempt(anna, "2026-12-31").await;
        app.clock.set(time::macros::datetime!(2026-12-15 09:00 UTC));
        app.security().await.post_form(EndExemption::PATH, &[("id", &exemption.id.to_string())]).await.said();
        let again = app.item(anna, Kind::PasswordManager).await;
        assert_eq!((again.state, again.late, again.deadline.due_on), (State::Open, false, date!(2026 - 12 - 29)));
    }

    async fn an_exemption_can_be_ended_early_once(app) {
        let anna = app.person("Anna Muster", "2026-11-23", "Europe/Berlin").await;
        let exemption = app.exempt(anna, "2026-12-31").await;
        let security = app.security().await;
        let fields = [("id", &*exemption.id.to_string())];
        assert_eq!(security.post_form(EndExemption::PATH, &fields).await.said(), Said::ExemptionEnded);
        assert_eq!(security.post_form(EndExemption::PATH, &fields).await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
        assert_eq!(app.item(anna, Kind::PasswordManager).await.state, State::Open);
    }

    async fn an_approval_too_late_lifts_nothing(app) {
        let anna = app.person("Anna Muster", "2026-11-23", "Europe/Berlin").await;
        let item = app.item(anna, Kind::PasswordManager).await;
        ask(&app.hr().await, RequestExemption::PATH, item.id, "2026-11-24").await.said();
        let exemption = app.register().await.remove(0);
        app.clock.advance(Duration::days(3));
        assert_eq!(decide(&app.security().await, &exemption, "yes").await.refusal(), ApiError::Conflict(Conflict::Ended));
        assert_eq!((app.register().await[0].status, app.item(anna, Kind::PasswordManager).await.state), (Status::Requested, State::Open));
    }

    async fn what_is_done_needs_no_exemption(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let policy = app.item(anna, Kind::Policy).await;
        app.accept_policy(&client, &policy).await.said();
        let answer = ask(&app.hr().await, RequestExemption::PATH, policy.id, "2026-12-31").await;
        assert_eq!(answer.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
    }

    async fn hr_lets_somebody_start_without_an_nda_by_name_and_it_stays_late(app) {
        let anna = app.person("Anna Muster", "2026-11-23", "Europe/Berlin").await;
        let hr = app.hr().await;
        assert!(hr.get("/hr").await.body.contains("Started today without a signed NDA"));
        let item = app.nda(anna).await;
        let answer = ask(&hr, AllowStart::PATH, item.id, "2026-11-27").await;
        assert_eq!((answer.said(), answer.location()), (Said::StartAllowed, &*format!("/people/{anna}")));
        let board = hr.get("/hr").await.body;
        assert!(board.contains("HR allowed the start all the same") && !board.contains("Started today without a signed NDA"));
        assert!(hr.get("/exceptions").await.body.contains("Start without a signed NDA"));
        assert_eq!(ask(&hr, AllowStart::PATH, item.id, "2026-11-27").await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
        let client = app.sign_in_by_link(anna).await;
        app.sign_nda(&client, anna).await.said();
        assert!(app.nda(anna).await.late, "an allowed start makes no late signature punctual");
        let [entry] = app.register().await.try_into().unwrap();
        assert_eq!((entry.status, entry.ended_at), (Status::Over, Some(app.now())));
    }

    async fn ending_an_exemption_and_allowing_a_start_want_a_fresh_proof_and_keep_what_was_typed(app) {
        let anna = app.person("Anna Muster", "2026-11-23", "Europe/Berlin").await;
        let exemption = app.exempt(anna, "2026-12-31").await;
        let (hr, security) = (app.hr().await, app.security().await);
        app.clock.advance(Duration::minutes(10));
        let ended = security.post_json(EndExemption::PATH, &[("id", &*exemption.id.to_string())]).await;
        assert_eq!(ended.error(), ApiError::ProveAgain);
        let nda = app.nda(anna).await.id;
        let page = format!("/people/{anna}/start-without-nda/{nda}");
        let typed = [("id", &*nda.to_string()), ("reason", "Eilt"), ("compensating_step", "Ohne Zugang"), ("ends_on", "2026-11-27")];
        let asked = hr.post_form_from(&page, AllowStart::PATH, &typed).await;
        assert_eq!((asked.location(), hr.cookie("waiting").is_some()), (&*format!("/account/prove?next={page}"), true));
        assert_eq!((app.register().await[0].status, app.nda(anna).await.starts_without), (Status::InForce, false));
        assert_eq!(ask(&app.hr().await, AllowStart::PATH, nda, "2026-11-27").await.said(), Said::StartAllowed);
    }

    async fn an_allowed_start_turns_red_again_after_its_last_day(app) {
        let anna = app.person("Anna Muster", "2026-11-23", "Europe/Berlin").await;
        ask(&app.hr().await, AllowStart::PATH, app.nda(anna).await.id, "2026-11-25").await.said();
        app.clock.advance(Duration::days(3));
        assert_eq!(end_due(&app.app, app.now()).await.unwrap(), 1);
        let item = app.nda(anna).await;
        assert_eq!((item.state, item.cycle, item.starts_without), (State::Open, 1, false), "the NDA was never lifted");
        assert!(app.hr().await.get("/hr").await.body.contains("without a signed NDA"));
    }

    async fn the_register_is_a_file_for_whoever_may_read_it(app) {
        let anna = app.person("Anna Muster", "2026-11-23", "Europe/Berlin").await;
        app.exempt(anna, "2026-12-31").await;
        app.tamper("update person set name = 'x;=1+1'").await.unwrap();
        let auditor = app.auditor().await;
        let file = auditor.get("/exceptions.csv").await;
        assert!(file.body.contains("\"x;'=1+1\""), "a formula for whoever opens it with the other delimiter: {}", file.body);
        app.tamper("update person set name = 'Anna Muster'").await.unwrap();
        let file = auditor.get("/exceptions.csv").await;
        assert_eq!(file.headers["content-disposition"], "attachment; filename=\"antritt-exceptions.csv\"");
        let mut reader = csv::Reader::from_reader(file.body.trim_start_matches('\u{feff}').as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 1);
        assert_eq!((&rows[0][0], &rows[0][1], &rows[0][4], &rows[0][7]), ("Anna Muster", "password_manager", "in_force", "2026-12-31"));
        for stranger in [app.visitor(), app.admin().await, app.sign_in_by_link(anna).await] {
            assert_eq!(stranger.get("/exceptions.csv").await.status, 404);
        }
    }
}
