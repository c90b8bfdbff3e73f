//! The NDA: signed before the first working day or late for ever, confirmed by HR, or recorded from paper.

use crate::fixture::stories;
use antritt::{
    api::{
        done::Said,
        error::ApiError,
        exemptions::AllowStart,
        nda::{ConfirmNda, SignNda},
        people::MoveStart,
    },
    domain::{
        Instant,
        assignment::State,
        evidence::Proof,
        locale::Locale,
        problem::{Conflict, FieldProblem, Problem},
    },
    server::store::people::list_start_date_changes,
    ui::texts::nda as nda_texts,
};
use leptos::server_fn::ServerFn;
use time::{
    Duration,
    macros::{date, datetime},
};

/// Signs a minute before and a minute after the start date begins in a zone, and says which were late.
async fn sign_around_midnight(app: &crate::fixture::TestApp, zone: &str, start: &str, midnight: Instant) -> (bool, bool) {
    app.clock.set(midnight - Duration::days(2));
    let early = app.person("Anna Früh", start, zone).await;
    let late = app.person("Berta Spät", start, zone).await;
    let mut lates = Vec::new();
    for (person, at) in [(early, midnight - Duration::minutes(1)), (late, midnight + Duration::minutes(1))] {
        app.clock.set(at - Duration::minutes(5));
        let client = app.sign_in_by_link(person).await;
        app.clock.set(at);
        assert_eq!(app.sign_nda(&client, person).await.said(), Said::NdaSigned);
        let item = app.nda(person).await;
        assert_eq!(item.state, State::Waiting { since: at });
        lates.push(item.late);
    }
    (lates[0], lates[1])
}

stories! {
    async fn in_berlin_the_start_date_begins_at_midnight_there(app) {
        let midnight = datetime!(2026-11-30 23:00 UTC);
        assert_eq!(sign_around_midnight(app, "Europe/Berlin", "2026-12-01", midnight).await, (false, true));
    }

    async fn in_los_angeles_it_begins_nine_hours_later(app) {
        let midnight = datetime!(2026-12-01 08:00 UTC);
        assert_eq!(sign_around_midnight(app, "America/Los_Angeles", "2026-12-01", midnight).await, (false, true));
    }

    async fn on_kiritimati_it_begins_fourteen_hours_before_utc(app) {
        let midnight = datetime!(2026-11-30 10:00 UTC);
        assert_eq!(sign_around_midnight(app, "Pacific/Kiritimati", "2026-12-01", midnight).await, (false, true));
    }

    async fn a_start_on_the_day_the_clocks_change_begins_under_the_old_time(app) {
        // Berlin goes from +1 to +2 at 02:00 on 28 March 2027.
        let midnight = datetime!(2027-03-27 23:00 UTC);
        assert_eq!(sign_around_midnight(app, "Europe/Berlin", "2027-03-28", midnight).await, (false, true));
    }

    async fn a_start_on_the_day_after_the_clocks_changed_begins_under_the_new_time(app) {
        let midnight = datetime!(2027-03-28 22:00 UTC);
        assert_eq!(sign_around_midnight(app, "Europe/Berlin", "2027-03-29", midnight).await, (false, true));
    }

    async fn in_cairo_a_start_whose_midnight_does_not_exist_begins_at_one(app) {
        // Egypt skips from 00:00 to 01:00 on 30 April 2027.
        let midnight = datetime!(2027-04-29 22:00 UTC);
        assert_eq!(sign_around_midnight(app, "Africa/Cairo", "2027-04-30", midnight).await, (false, true));
    }

    async fn late_stays_late_when_the_start_is_moved_to_a_later_day(app) {
        let anna = app.person("Anna Muster", "2026-11-23", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.sign_nda(&client, anna).await.said();
        assert!(app.nda(anna).await.late);
        let hr = app.hr().await;
        let fields = [("id", &*anna.to_string()), ("start_date", "2026-12-07"), ("reason", "Wohnung noch nicht frei")];
        assert_eq!(hr.post_seen(MoveStart::PATH, &fields).await.said(), Said::StartMoved);
        let item = app.nda(anna).await;
        assert!(item.late, "a signature that was late never becomes punctual");
        assert_eq!(item.deadline.due_on, date!(2026 - 12 - 06));
        assert_eq!(item.first_due_on, Some(date!(2026 - 11 - 22)));
        let history = list_start_date_changes(&mut app.read().await, anna).await.unwrap();
        assert_eq!((history[0].old_date, history[0].new_date), (date!(2026 - 11 - 23), date!(2026 - 12 - 07)));
        assert_eq!(history[0].reason, "Wohnung noch nicht frei");
    }

    async fn a_signature_becomes_late_when_the_start_is_moved_before_it(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.sign_nda(&client, anna).await.said();
        let hr = app.hr().await;
        let id = app.nda(anna).await.id.to_string();
        hr.post_form(ConfirmNda::PATH, &[("id", &id)]).await.said();
        assert!(!app.nda(anna).await.late);
        let fields = [("id", &*anna.to_string()), ("start_date", "2026-11-20"), ("reason", "Fing früher an")];
        hr.post_seen(MoveStart::PATH, &fields).await.said();
        assert!(app.nda(anna).await.late);
    }

    async fn what_was_signed_is_on_record_word_for_word(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.sign_nda(&client, anna).await.said();
        let item = app.nda(anna).await;
        let [signature] = app.evidence(item.id).await.try_into().unwrap();
        assert_eq!(signature.at, app.now());
        assert!(signature.recorded_by.is_some());
        let Proof::NdaSignature { shown, typed_name, origin, .. } = signature.proof else { panic!("no signature") };
        assert_eq!(typed_name, "Anna Muster");
        assert_eq!((&*origin.ip, &*origin.user_agent), (crate::fixture::client::IP, crate::fixture::client::AGENT));
        assert_eq!((shown.language, shown.opened_at), (Locale::De, app.now()));
        assert!(shown.consent.contains("elektronische Unterschrift"));
    }

    async fn hr_confirms_and_both_dates_stay(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let signed_at = app.now();
        app.sign_nda(&client, anna).await.said();
        let item = app.nda(anna).await;
        let hr = app.hr().await;
        app.clock.advance(Duration::days(2));
        let hr_later = app.hr().await;
        drop(hr);
        let answer = hr_later.post_form_from("/hr?light=amber", ConfirmNda::PATH, &[("id", &item.id.to_string())]).await;
        assert_eq!((answer.said(), answer.location()), (Said::NdaConfirmed, "/hr?light=amber"));
        assert_eq!(app.nda(anna).await.state, State::Done { submitted: Some(signed_at), at: app.now() });
        let again = hr_later.post_form(ConfirmNda::PATH, &[("id", &item.id.to_string())]).await;
        assert_eq!(again.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
    }

    async fn a_confirmation_before_the_signature_is_refused(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let id = app.nda(anna).await.id.to_string();
        let answer = app.hr().await.post_form(ConfirmNda::PATH, &[("id", &id)]).await;
        assert_eq!(answer.refusal(), ApiError::Conflict(Conflict::NotYet));
        assert_eq!(app.nda(anna).await.state, State::Open);
    }

    async fn signing_twice_says_so_and_writes_nothing_twice(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let item = app.nda(anna).await;
        let (id, opened) = (item.id.to_string(), app.opened(&item, Locale::De).await);
        let fields = [("id", &*id), ("opened", &opened), ("typed_name", "Anna Muster"), ("consents", "on")];
        // A double click: two posts under way at once.
        let (first, second) = tokio::join!(client.post_form(SignNda::PATH, &fields), client.post_form(SignNda::PATH, &fields));
        let refusals = [&first, &second].into_iter().filter(|answer| answer.flash() != Some(antritt::api::flash::Flash::Said(Said::NdaSigned)));
        assert_eq!(refusals.map(crate::fixture::client::Answer::refusal).collect::<Vec<_>>(), [ApiError::Conflict(Conflict::AlreadyDone)]);
        let entries = app.audit_entries().await;
        // A stale tab, an hour later.
        app.clock.advance(Duration::hours(1));
        let stale = client.post_form(SignNda::PATH, &fields).await;
        assert_eq!(stale.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
        assert_eq!((app.evidence(item.id).await.len(), app.audit_entries().await), (1, entries));
    }

    async fn without_name_or_consent_both_are_named_and_nothing_is_signed(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let item = app.nda(anna).await;
        let fields = [("id", &*item.id.to_string()), ("opened", &*app.opened(&item, Locale::De).await), ("typed_name", "  ")];
        let expected = vec![FieldProblem::new("typed_name", Problem::Required), FieldProblem::new("consents", Problem::ConsentMissing)];
        assert_eq!(client.post_form(SignNda::PATH, &fields).await.refusal(), ApiError::Invalid(expected));
        assert_eq!(app.nda(anna).await.state, State::Open);
    }

    async fn a_paper_nda_counts_with_the_date_on_the_paper(app) {
        let anna = app.person("Anna Muster", "2026-11-23", "Europe/Berlin").await;
        let hr = app.hr().await;
        let path = format!("/people/{anna}/nda/{}", app.nda(anna).await.id);
        let scan = crate::stories::nda_uploads::pdf_with(b"1 0 obj<</Type/Catalog>>endobj");
        let post = async |date| hr.post_paper(&path, &[("signed_on", date), ("note", "Ordner 7")], Some(("nda.pdf", "application/pdf", &scan))).await;
        let tomorrow = post("2026-11-24").await;
        assert_eq!(tomorrow.refusal(), ApiError::Invalid(vec![FieldProblem::new("signed_on", Problem::InTheFuture)]));
        let answer = post("20.11.2026").await;
        assert_eq!((answer.said(), answer.location()), (Said::NdaRecorded, &*format!("/people/{anna}")));
        let item = app.nda(anna).await;
        assert!(!item.late);
        assert!(matches!(item.state, State::Done { submitted: Some(at), .. } if at == datetime!(2026-11-19 23:00 UTC)), "{:?}", item.state);
        let evidence = app.evidence(item.id).await;
        let paper = evidence.iter().find(|evidence| matches!(evidence.proof, Proof::NdaOnPaper { .. })).unwrap();
        assert_eq!(paper.proof, Proof::NdaOnPaper { signed_on: date!(2026 - 11 - 20), note: "Ordner 7".into() });
        assert_eq!((paper.at, paper.recorded_at), (datetime!(2026-11-19 23:00 UTC), app.now()));
        assert_eq!(post("2026-11-20").await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
    }

    async fn paper_that_comes_too_late_shows_by_its_scan_that_it_was_signed_in_time(app) {
        let anna = app.person("Anna Muster", "2026-11-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        let item = app.nda(anna).await;
        let allowed = [("id", &*item.id.to_string()), ("reason", "Eilt"), ("compensating_step", "Ohne Zugang"), ("ends_on", "2026-11-30")];
        hr.post_form(AllowStart::PATH, &allowed).await.said();
        let path = format!("/people/{anna}/nda/{}", item.id);
        assert!(hr.get(&path).await.body.contains(nda_texts::scan_hint_late(Locale::En)));
        for (date, field, problem) in [
            ("1950-01-02", "signed_on", Problem::TooEarly),
            ("2025-10-31", "signed_on", Problem::TooEarly),
            ("2026-10-31", "scan", Problem::ScanMissing),
        ] {
            let refused = hr.post_paper(&path, &[("signed_on", date), ("note", "")], None).await;
            assert_eq!(refused.refusal(), ApiError::Invalid(vec![FieldProblem::new(field, problem)]), "{date}");
        }
        let unsigned = app.nda(anna).await;
        assert_eq!((unsigned.state, unsigned.starts_without), (State::Open, true), "the register stays as it is");
        let scan = crate::stories::nda_uploads::pdf_with(b"1 0 obj<</Type/Catalog>>endobj");
        let fields = [("signed_on", "2025-11-01"), ("note", "")];
        hr.post_paper(&path, &fields, Some(("nda.pdf", "application/pdf", &scan))).await.said();
        assert!(!app.nda(anna).await.late);
        let ben = app.person("Ben Papier", "2026-12-01", "Europe/Berlin").await;
        let page = hr.get(&format!("/people/{ben}/nda/{}", app.nda(ben).await.id)).await.body;
        assert!(page.contains(nda_texts::scan_hint(Locale::En)), "before the deadline it can follow");
    }

    async fn a_paper_nda_of_the_start_date_is_late(app) {
        let anna = app.person("Anna Muster", "2026-11-23", "Europe/Berlin").await;
        let path = format!("/people/{anna}/nda/{}", app.nda(anna).await.id);
        app.hr().await.post_paper(&path, &[("signed_on", "2026-11-23"), ("note", "")], None).await.said();
        assert!(app.nda(anna).await.late);
    }
}
