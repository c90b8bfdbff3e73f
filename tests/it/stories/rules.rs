//! The rules of the product, one story for each paragraph of product.md's "Rules that must be right", named after it. Details stand
//! in the stories of each noun; here is what may never break.

use crate::fixture::{TestApp, client::Client, stories};
use antritt::{
    api::{
        done::Said,
        exemptions::AllowStart,
        nda::ConfirmNda,
        password_manager::{ConfirmEnrolment, DeclareEnrolment},
        people::{MoveStart, RecordLastDay},
    },
    domain::{
        assignment::State,
        evidence::{CheckOutcome, Proof},
        exemption::Status,
        ids::PersonId,
        locale::Locale,
        requirement::{Basis, DueRule, Recurrence, RequirementKind as Kind},
        weekend::Weekend,
    },
    server::{
        service::pseudonyms,
        store::{audit, exemptions, people::list_start_date_changes, requirements},
    },
};
use leptos::server_fn::ServerFn;
use sha2::{Digest, Sha256};
use time::{
    Duration,
    macros::{date, datetime},
};

async fn move_start(hr: &Client, person: PersonId, to: &str) {
    let fields = [("id", &*person.to_string()), ("start_date", to), ("reason", "Umzug")];
    assert_eq!(hr.post_seen(MoveStart::PATH, &fields).await.said(), Said::StartMoved);
}

async fn tables(app: &TestApp) -> Vec<String> {
    let sql = if app.db == crate::fixture::Db::Sqlite {
        "select group_concat(name, ' ') from (select name from pragma_table_info('background_check') order by name)"
    } else {
        "select string_agg(column_name, ' ' order by column_name) from information_schema.columns where table_name = 'background_check'"
    };
    app.word(sql).await.split(' ').map(str::to_owned).collect()
}

stories! {
    async fn before_the_first_working_day_means_before_midnight_where_the_person_works_and_late_is_for_ever(app) {
        // Berlin begins 1 December an hour before UTC does, on Kiritimati it begins fourteen hours before.
        for (name, zone, midnight) in [
            ("Anna Berlin", "Europe/Berlin", datetime!(2026-11-30 23:00 UTC)),
            ("Kiri Bati", "Pacific/Kiritimati", datetime!(2026-11-30 10:00 UTC)),
            ("Lara Angel", "America/Los_Angeles", datetime!(2026-12-01 08:00 UTC)),
        ] {
            app.clock.set(midnight - Duration::days(1));
            let in_time = app.person(&format!("{name} A"), "2026-12-01", zone).await;
            let too_late = app.person(&format!("{name} B"), "2026-12-01", zone).await;
            app.clock.set(midnight - Duration::seconds(1));
            let client = app.sign_in_by_link(in_time).await;
            app.sign_nda(&client, in_time).await.said();
            app.clock.set(midnight);
            let client = app.sign_in_by_link(too_late).await;
            app.sign_nda(&client, too_late).await.said();
            assert_eq!((app.nda(in_time).await.late, app.nda(too_late).await.late), (false, true), "{zone}");
            move_start(&app.hr().await, too_late, "2026-12-15").await;
            assert!(app.nda(too_late).await.late, "also when the start is moved to a later day than the signature");
            let history = list_start_date_changes(&mut app.read().await, too_late).await.unwrap();
            assert_eq!((history[0].old_date, history[0].new_date), (date!(2026 - 12 - 01), date!(2026 - 12 - 15)), "both dates stay");
        }
    }

    async fn default_deadlines_are_those_of_the_product(app) {
        let expected = [
            (Kind::Nda, DueRule::DaysBeforeStart(1), Recurrence::Never),
            (Kind::BackgroundCheck, DueRule::ByStart, Recurrence::Never),
            (Kind::Policy, DueRule::DaysAfterStart(14), Recurrence::Yearly),
            (Kind::Policy, DueRule::DaysAfterStart(14), Recurrence::Yearly),
            (Kind::Policy, DueRule::DaysAfterStart(14), Recurrence::Yearly),
            (Kind::Training, DueRule::DaysAfterStart(30), Recurrence::Yearly),
            (Kind::PasswordManager, DueRule::DaysAfterStart(7), Recurrence::Never),
        ];
        let rules = requirements::list(&mut app.read().await).await.unwrap();
        assert_eq!(rules.iter().map(|rule| (rule.kind, rule.due, rule.recurrence)).collect::<Vec<_>>(), expected);
    }

    async fn a_start_date_change_recomputes_open_deadlines_and_keeps_the_old_in_the_history(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let accepted = app.item(anna, Kind::Policy).await;
        app.accept_policy(&client, &accepted).await.said();
        move_start(&app.hr().await, anna, "2026-12-08").await;
        for item in app.items(anna).await {
            let moved = item.id != accepted.id;
            assert_eq!(item.first_due_on.is_some(), moved, "{item:?}");
            let start = if moved { date!(2026 - 12 - 08) } else { date!(2026 - 12 - 01) };
            let basis = Basis { start, assigned_on: item.assigned_on.unwrap(), weekend: Weekend::of_country("DE") };
            assert_eq!(item.deadline.due_on, item.due.due_on(basis), "{item:?}");
        }
    }

    async fn an_nda_is_signed_and_confirmed_on_two_dates_and_paper_is_a_path_too(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let signed_at = app.now();
        app.sign_nda(&client, anna).await.said();
        app.clock.advance(Duration::days(1));
        let id = app.nda(anna).await.id.to_string();
        app.hr().await.post_form(ConfirmNda::PATH, &[("id", &id)]).await.said();
        assert_eq!(app.nda(anna).await.state, State::Done { submitted: Some(signed_at), at: app.now() });
        let ben = app.person("Ben Papier", "2026-12-01", "Europe/Berlin").await;
        let path = format!("/people/{ben}/nda/{}", app.nda(ben).await.id);
        app.hr().await.post_paper(&path, &[("signed_on", "2026-11-20"), ("note", "")], None).await.said();
        let State::Done { submitted: Some(on_paper), at } = app.nda(ben).await.state else { panic!("not recorded") };
        assert!(on_paper < at && at == app.now());
    }

    async fn a_start_with_an_unsigned_nda_needs_a_named_override_and_stays_on_the_register(app) {
        let anna = app.person("Anna Muster", "2026-11-23", "Europe/Berlin").await;
        let id = app.nda(anna).await.id.to_string();
        let fields = [("id", &*id), ("reason", "Krankheitsvertretung"), ("compensating_step", "Kein Zugang zu Systemen"), ("ends_on", "2026-11-30")];
        app.hr().await.post_form(AllowStart::PATH, &fields).await.said();
        let client = app.sign_in_by_link(anna).await;
        app.sign_nda(&client, anna).await.said();
        let [entry] = exemptions::list(&mut app.read().await, None, None, 10).await.unwrap().rows.try_into().unwrap();
        assert_eq!((entry.decided_by_name.as_deref(), &*entry.reason, entry.status), (Some("Kim Konto"), "Krankheitsvertretung", Status::Over));
        assert!(app.nda(anna).await.late);
    }

    async fn a_signature_record_names_text_checksum_sentence_times_name_account_and_origin_and_the_signer_keeps_a_copy(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.sign_nda(&client, anna).await.said();
        let item = app.nda(anna).await;
        let [evidence] = app.evidence(item.id).await.try_into().unwrap();
        let Proof::NdaSignature { shown, typed_name, origin, .. } = evidence.proof else { panic!("no signature") };
        assert_eq!((evidence.at, shown.language, &*typed_name), (app.now(), Locale::De, "Anna Muster"));
        assert!(evidence.recorded_by.is_some() && shown.opened_at <= evidence.at && !shown.consent.is_empty());
        assert_eq!((&*origin.ip, &*origin.user_agent), (crate::fixture::client::IP, crate::fixture::client::AGENT));
        let page = client.get(&format!("/signed/{}", item.id)).await;
        assert!(page.body.contains(&hex::encode(shown.sha256)));
        app.clock.advance(Duration::days(3_000));
        let copy = app.signed_in_person(anna).await.get(&format!("/signed/{}/copy.pdf", item.id)).await;
        assert!(copy.bytes.starts_with(b"%PDF-"));
    }

    async fn a_background_check_keeps_the_outcome_only(app) {
        for column in tables(app).await {
            for word in ["report", "offence", "score", "birth", "credit", "health", "finding", "result", "document", "file"] {
                assert!(!column.contains(word), "{column} invites what must never be kept");
            }
        }
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.do_everything(&client, anna).await;
        let item = app.item(anna, Kind::BackgroundCheck).await;
        let proofs = app.evidence(item.id).await;
        assert!(matches!(proofs[..], [antritt::domain::evidence::Evidence { proof: Proof::CheckResult { outcome: CheckOutcome::NotRequired, .. }, .. }]));
    }

    async fn invited_is_not_enrolled_and_ones_own_word_is_weak(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let id = app.item(anna, Kind::PasswordManager).await.id.to_string();
        client.post_form(DeclareEnrolment::PATH, &[("id", &id)]).await.said();
        assert!(matches!(app.item(anna, Kind::PasswordManager).await.state, State::Waiting { .. }), "a person's own word is not enough");
        app.hr().await.post_form(ConfirmEnrolment::PATH, &[("id", &id)]).await.said();
        assert!(matches!(app.item(anna, Kind::PasswordManager).await.state, State::Done { .. }));
    }

    async fn a_pass_is_valid_for_twelve_months_and_scores_are_the_persons_own(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.hand_in(&client, anna, 3).await.said();
        app.hand_in(&client, anna, 8).await.said();
        let training = app.item(anna, Kind::Training).await;
        for reader in [app.hr().await, app.security().await, app.auditor().await] {
            let page = reader.get(&format!("/people/{anna}")).await.body;
            assert!(!page.contains("not passed yet") && !page.contains("of 10"), "others see passed and date");
        }
        app.clock.set(datetime!(2027-11-22 09:00 UTC));
        antritt::server::service::renewals::open_due(&app.app, app.now()).await.unwrap();
        let again = app.items(anna).await.into_iter().find(|item| item.kind == Kind::Training).unwrap();
        assert_eq!((again.cycle, again.deadline.due_on), (training.cycle + 1, date!(2027 - 11 - 23)));
    }

    async fn every_change_writes_one_entry_that_nobody_can_change_or_remove(app) {
        let before = app.audit_entries().await;
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        assert!(app.audit_entries().await > before);
        let entries = app.audit_entries().await;
        let client = app.sign_in_by_link(anna).await;
        let signed_in = app.audit_entries().await;
        assert!(signed_in > entries);
        app.sign_nda(&client, anna).await.said();
        assert_eq!(app.audit_entries().await, signed_in + 1);
        for change in ["update audit_entry set action = 'x'", "delete from audit_entry"] {
            assert!(app.tamper(change).await.is_err());
        }
    }

    async fn what_is_stored_outlives_employment_then_the_person_is_pseudonymised_and_the_proofs_still_verify(app) {
        let anna = app.person("Anna Muster", "2026-11-20", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.do_everything(&client, anna).await;
        let signed = app.nda(anna).await;
        let copy = client.get(&format!("/signed/{}/copy.pdf", signed.id)).await.bytes;
        let left = [("id", &*anna.to_string()), ("end_date", "2026-11-30")];
        app.hr().await.post_form(RecordLastDay::PATH, &left).await.said();
        app.clock.set(datetime!(2030-11-30 22:59:59 UTC));
        assert_eq!(pseudonyms::replace_due(&app.app, app.now()).await.unwrap(), 0);
        assert_eq!(app.record(anna).await.details.name.as_str(), "Anna Muster", "48 months are not over");
        app.clock.set(datetime!(2030-11-30 23:00 UTC));
        assert_eq!(pseudonyms::replace_due(&app.app, app.now()).await.unwrap(), 1);
        assert!(app.record(anna).await.details.name.as_str().starts_with("Person "));
        assert_eq!((app.nda(anna).await.state, app.nda(anna).await.late), (signed.state, signed.late), "dates stay");
        let proofs = app.evidence(signed.id).await;
        let Proof::NdaSignature { pdf_sha256, .. } = &proofs[0].proof else { panic!("no signature") };
        assert_eq!(*pdf_sha256, Some(Sha256::digest(&copy).into()), "her copy proves itself");
        assert_eq!(audit::verify(&mut app.read().await).await.unwrap(), app.audit_entries().await);
    }
}
