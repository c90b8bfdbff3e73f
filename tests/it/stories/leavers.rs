//! Leavers: access ends with the last day, what is unfinished ends, and evidence stays.

use crate::fixture::{people::NewPerson, stories};
use antritt::{
    api::{
        account::{SetPassword, SignIn, SignOut},
        accounts::DisableAccount,
        done::Said,
        error::ApiError,
        invitations::{AcceptInvitation, RenewInvitation, SendInvitation},
        nda::ConfirmNda,
        people::{ChangePerson, RecordLastDay},
        roles::ApproveRole,
    },
    domain::{
        assignment::{EndReason, State},
        ids::PersonId,
        problem::{Conflict, FieldProblem, Problem},
        requirement::RequirementKind,
        roles::Role,
    },
    server::{
        service::{leavers, pseudonyms},
        store::accounts,
    },
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use time::{Duration, macros::datetime};

const PASSWORD: &str = "vier zufällige gute Wörter";

stories! {
    async fn nobody_comes_back_by_working_where_their_last_day_goes_on(app) {
        // In Auckland it is late on the 23rd; in Pago Pago the 22nd has two more hours.
        let zone = |time_zone, department| NewPerson { start_date: "2026-11-20", time_zone, department, ..NewPerson::named("Anna Muster") };
        let anna = app.add(&zone("Pacific/Auckland", "Engineering")).await;
        let (hr, id) = (app.hr().await, anna.to_string());
        let leave = async |day: &str| hr.post_form(RecordLastDay::PATH, &[("id", &*id), ("end_date", day)]).await;
        let change = async |to: &NewPerson<'_>| {
            let fields: Vec<_> = to.fields().into_iter().chain([("id", &*id)]).collect();
            hr.post_seen(ChangePerson::PATH, &fields).await
        };
        leave("2026-11-22").await.said();
        let ended = ApiError::Conflict(Conflict::Ended);
        assert_eq!(change(&zone("Pacific/Pago_Pago", "Engineering")).await.refusal(), ended);
        assert_eq!(leave("2027-11-23").await.refusal(), ended);
        assert_eq!(app.record(anna).await.details.time_zone, "Pacific/Auckland");
        change(&zone("Pacific/Auckland", "Legal")).await.said();
        assert_eq!(app.record(anna).await.details.department.as_str(), "Legal", "the rest can be put right");
    }

    async fn no_address_changes_while_nobody_hears_of_it(app) {
        let anna = app.person("Anna Muster", "2026-11-20", "Europe/Berlin").await;
        let ben = app.person("Ben Beispiel", "2026-11-20", "Europe/Berlin").await;
        app.sign_in_by_link(anna).await;
        let hr = app.hr().await;
        let change = async |id: PersonId, name: &'static str| {
            let (id, to) = (id.to_string(), NewPerson { start_date: "2026-11-20", private_email: "elsewhere@home.example".into(), ..NewPerson::named(name) });
            let fields: Vec<_> = to.fields().into_iter().chain([("id", &*id)]).collect();
            hr.post_seen(ChangePerson::PATH, &fields).await
        };
        for person in [anna, ben] {
            hr.post_form(RecordLastDay::PATH, &[("id", &*person.to_string()), ("end_date", "2026-11-22")]).await.said();
        }
        assert_eq!(change(anna, "Anna Muster").await.refusal(), ApiError::Conflict(Conflict::Ended), "her account is closed and gets no mail");
        assert_eq!(app.record(anna).await.details.private_email.as_str(), "anna.muster@home.example");
        change(ben, "Ben Beispiel").await.said();
    }

    async fn access_ends_with_the_last_day_and_evidence_stays(app) {
        let anna = app.person("Anna Muster", "2026-11-20", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.sign_nda(&client, anna).await.said();
        let hr = app.hr().await;
        let fields = [("id", &*anna.to_string()), ("end_date", "24.11.2026")];
        let answer = hr.post_form(RecordLastDay::PATH, &fields).await;
        assert_eq!((answer.said(), answer.location()), (Said::LastDayRecorded, &*format!("/people/{anna}")));
        assert_eq!(leavers::end_due(&app.app, app.now()).await.unwrap(), 0, "the last day is a working day");
        assert_eq!(client.get("/checklist").await.status, StatusCode::OK);

        app.clock.set(datetime!(2026-11-24 22:59:59 UTC));
        assert_eq!(leavers::end_due(&app.app, app.now()).await.unwrap(), 0);
        app.clock.advance(Duration::seconds(1));
        let client = app.signed_in_as(antritt::domain::ids::AccountId(client_account(app, anna).await)).await;
        assert_eq!(leavers::end_due(&app.app, app.now()).await.unwrap(), 1);
        assert_eq!(client.post_json(SignOut::PATH, &[]).await.error(), ApiError::SignedOut);
        for item in app.items(anna).await {
            assert_eq!(item.state, State::Ended { at: app.now(), reason: EndReason::Left }, "{item:?}");
        }
        assert_eq!(app.evidence(app.nda(anna).await.id).await.len(), 1);
        let id = app.nda(anna).await.id.to_string();
        assert_eq!(app.hr().await.post_form(ConfirmNda::PATH, &[("id", &id)]).await.refusal(), ApiError::Conflict(Conflict::Ended));
        assert_eq!(leavers::end_due(&app.app, app.now()).await.unwrap(), 0, "once is enough");
    }

    async fn a_leaver_who_had_done_everything_loses_access_too(app) {
        let anna = app.person("Anna Muster", "2026-11-20", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.do_everything(&client, anna).await;
        let fields = [("id", &*anna.to_string()), ("end_date", "2026-11-24")];
        app.hr().await.post_form(RecordLastDay::PATH, &fields).await.said();
        app.clock.set(datetime!(2026-11-24 23:00 UTC));
        let client = app.signed_in_as(antritt::domain::ids::AccountId(client_account(app, anna).await)).await;
        leavers::end_due(&app.app, app.now()).await.unwrap();
        assert_eq!(client.post_json(SignOut::PATH, &[]).await.error(), ApiError::SignedOut);
        assert!(app.items(anna).await.iter().all(|item| matches!(item.state, State::Done { .. })), "what is done stays done");
        assert_eq!(leavers::end_due(&app.app, app.now()).await.unwrap(), 0, "once is enough");
    }

    async fn a_last_day_in_the_past_ends_everything_at_once(app) {
        let anna = app.person("Anna Muster", "2026-11-02", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let fields = [("id", &*anna.to_string()), ("end_date", "2026-11-22")];
        app.hr().await.post_form(RecordLastDay::PATH, &fields).await.said();
        assert_eq!(client.post_json(SignOut::PATH, &[]).await.error(), ApiError::SignedOut);
        let (training, policy) = (app.item(anna, RequirementKind::Training).await, app.item(anna, RequirementKind::Policy).await);
        assert!(matches!(training.state, State::Ended { .. }) && matches!(policy.state, State::Ended { .. }));
        assert_eq!((training.late, policy.late), (false, true), "due in December, and on the 16th while she was here");
        let again = app.hr().await.post_form(RecordLastDay::PATH, &fields).await;
        assert_eq!(again.refusal(), ApiError::Conflict(Conflict::Ended));
    }

    async fn links_of_a_leaver_open_nothing_and_cannot_be_renewed(app) {
        let anna = app.person("Anna Muster", "2026-11-02", "Europe/Berlin").await;
        let token = app.token_of(anna).await;
        app.hr().await.post_form(RecordLastDay::PATH, &[("id", &*anna.to_string()), ("end_date", "2026-11-22")]).await.said();
        app.clock.advance(Duration::hours(1));
        for path in [AcceptInvitation::PATH, RenewInvitation::PATH] {
            assert_eq!(app.visitor().post_form(path, &[("token", &token)]).await.refusal(), ApiError::Conflict(Conflict::Ended));
        }
        let sent = app.hr().await.post_form(SendInvitation::PATH, &[("person", &anna.to_string())]).await;
        assert_eq!(sent.refusal(), ApiError::Conflict(Conflict::Ended));
        assert_eq!(app.visitor().get(&format!("/invitation/{token}")).await.status, StatusCode::OK);
    }

    async fn access_ends_at_the_very_instant_and_not_when_the_house_is_kept(app) {
        let anna = app.person("Anna Muster", "2026-11-20", "America/Los_Angeles").await;
        let own = app.sign_in_by_link(anna).await;
        let account = antritt::domain::ids::AccountId(client_account(app, anna).await);
        own.post_form(SetPassword::PATH, &[("password", PASSWORD), ("repeated", PASSWORD)]).await.said();
        app.hr().await.post_form(RecordLastDay::PATH, &[("id", &*anna.to_string()), ("end_date", "2026-11-24")]).await.said();
        let sign_in = async || app.visitor().post_form(SignIn::PATH, &[("email", "anna.muster@home.example"), ("password", PASSWORD)]).await;
        app.clock.set(datetime!(2026-11-25 07:59:59 UTC));
        let client = app.signed_in_as(account).await;
        assert_eq!(client.get("/checklist").await.status, StatusCode::OK, "her last day counts in full where she works");
        assert_eq!(sign_in().await.location(), "/");
        app.clock.advance(Duration::seconds(1));
        assert_eq!(client.get("/checklist").await.location(), "/sign-in?next=%2Fchecklist");
        assert_eq!(client.post_json(SignOut::PATH, &[]).await.error(), ApiError::SignedOut);
        assert_eq!(sign_in().await.refusal(), ApiError::WrongCredentials);
        assert_eq!(app.number("select count(*) from account where disabled_at is not null").await, 0, "nobody kept the house yet");
    }

    async fn the_form_says_what_a_last_day_before_the_first_means(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let page = app.hr().await.get(&format!("/people/{anna}/last-day")).await.body;
        assert!(page.contains("A day before the first one means that they never came."), "{page}");
    }

    async fn a_leavers_roles_end_and_what_was_asked_lapses(app) {
        let anna = app.person("Anna Muster", "2026-11-02", "Europe/Berlin").await;
        app.sign_in_by_link(anna).await;
        let account = antritt::domain::ids::AccountId(client_account(app, anna).await);
        app.account("anna.muster@home.example", Some(Role::Admin), None).await;
        app.write(async |tx| accounts::set_password_hash(tx, account, "no hash").await).await.unwrap();
        let (_, second) = app.administrator("second").await;
        app.administrator("third").await;
        let target = app.plain_account("target").await;
        let own = app.signed_in_as(account).await;
        crate::stories::roles::grant(&own, target, "hr", "").await.said();
        let by_anna = app.role_request().await;
        crate::stories::roles::grant(&second, account, "security", "").await.said();
        app.hr().await.post_form(RecordLastDay::PATH, &[("id", &*anna.to_string()), ("end_date", "2026-11-23")]).await.said();
        app.clock.set(datetime!(2026-11-23 23:00 UTC));
        let (_, third) = app.administrator("third").await;
        let approval = third.post_form(ApproveRole::PATH, &[("id", &by_anna.to_string())]).await;
        assert_eq!(approval.refusal(), ApiError::Conflict(Conflict::RequestLapsed), "from the instant on");
        assert_eq!(leavers::end_due(&app.app, app.now()).await.unwrap(), 1);
        assert!(!app.holds(account, Role::Admin).await);
        assert_eq!(app.number("select count(*) from role_request where outcome = 'lapsed'").await, 2, "for her and by her");
        assert_eq!(app.number("select count(*) from audit_entry where action in ('role.ended', 'role.request_lapsed')").await, 3);
        let timeline = app.hr().await.get(&format!("/people/{anna}")).await.body;
        assert!(timeline.contains("Role ended"), "{timeline}");
    }

    async fn an_account_that_nobody_connected_stays_open_and_administrators_hear_of_it(app) {
        let (own_id, admin) = app.administrator("admin").await;
        let account = app.account("security@company.example", Some(Role::Security), None).await;
        let own = app.signed_in_as(account).await;
        let sina = NewPerson { work_email: "security@company.example", start_date: "2026-11-02", ..NewPerson::named("Sina Ecker") };
        let sina = app.add(&sina).await;
        let notice = "Whoever is on record under this address has left";
        let page = format!("/admin/accounts/{account}");
        assert!(!admin.get(&page).await.body.contains(notice));
        app.hr().await.post_form(RecordLastDay::PATH, &[("id", &*sina.to_string()), ("end_date", "2026-11-22")]).await.said();
        assert_eq!(own.get("/security").await.status, StatusCode::OK, "no address that HR writes takes rights");
        let mails = app.mails_of(own_id).await;
        let [mail] = mails.as_slice() else { panic!("{mails:?}") };
        assert!(mail.text.contains(&page) && !mail.text.contains("Ecker"), "{}", mail.text);
        assert_eq!(app.mails_of(account).await.len(), 0);
        let events = admin.get("/admin/events?kind=person.account_left_open").await.body;
        assert!(events.matches("<th scope=\"row\"").count() == 1 && !events.contains("Ecker"), "{events}");
        let shown = admin.get(&page).await.body;
        assert!(shown.contains(notice) && shown.contains(&format!("<p><a href=\"{page}/status\">")), "{shown}");
        let auditor = app.auditor().await;
        assert!(auditor.get("/security/access").await.body.contains("Last working day: "));
        assert!(auditor.get("/security/access.csv").await.body.contains("2026-11-22"));
        let fields = [("id", &*account.to_string()), ("reason", "Ausgeschieden")];
        assert_eq!(admin.post_form(DisableAccount::PATH, &fields).await.said(), Said::AccountDisabled);
        assert!(!admin.get(&page).await.body.contains(notice));
        assert_eq!(leavers::end_due(&app.app, app.now()).await.unwrap(), 0, "once is enough");
    }

    async fn of_an_open_account_administrators_hear_once_per_leaver_and_only_when_the_last_day_is_over(app) {
        let (admin, _) = app.administrator("admin").await;
        app.account("sina.ecker@home.example", Some(Role::Security), None).await;
        let sina = app.person("Sina Ecker", "2026-11-02", "Europe/Berlin").await;
        app.hr().await.post_form(RecordLastDay::PATH, &[("id", &*sina.to_string()), ("end_date", "2026-11-24")]).await.said();
        assert_eq!(app.mails_of(admin).await.len(), 0);
        app.clock.set(datetime!(2026-11-24 23:00 UTC));
        assert_eq!(leavers::end_due(&app.app, app.now()).await.unwrap(), 1);
        assert_eq!(app.mails_of(admin).await.len(), 1);
        assert_eq!(leavers::end_due(&app.app, app.now()).await.unwrap(), 0, "once is enough");
        let late = app.account("nachzuegler@firma.example", Some(Role::Hr), None).await;
        let moved = NewPerson { work_email: "nachzuegler@firma.example", start_date: "2026-11-02", ..NewPerson::named("Nora Neu") };
        let nora = app.add(&moved).await;
        app.hr().await.post_form(RecordLastDay::PATH, &[("id", &*nora.to_string()), ("end_date", "2026-11-23")]).await.said();
        assert!(app.mails_of(admin).await[1].text.contains(&late.to_string()), "each leaver once");
        app.clock.set(datetime!(2030-11-24 23:00 UTC));
        leavers::end_due(&app.app, app.now()).await.unwrap();
        assert_eq!(pseudonyms::replace_due(&app.app, app.now()).await.unwrap(), 2);
        assert_eq!(app.number("select count(*) from audit_entry where action = 'person.account_left_open'").await, 2);
    }

    async fn whom_a_leaver_managed_and_what_they_proved_stays(app) {
        let boss = app.add(&NewPerson { work_email: "boss@firma.example", start_date: "2026-11-02", ..NewPerson::named("Berta Boss") }).await;
        let anna = app.add(&NewPerson { manager_email: "boss@firma.example", ..NewPerson::named("Anna Muster") }).await;
        let client = app.sign_in_by_link(boss).await;
        app.sign_nda(&client, boss).await.said();
        let hr = app.hr().await;
        hr.post_form(RecordLastDay::PATH, &[("id", &*boss.to_string()), ("end_date", "2026-11-22")]).await.said();
        assert_eq!(app.record(anna).await.manager_id, Some(boss));
        assert_eq!(client.get(&format!("/people/{anna}")).await.location().split('?').next(), Some("/sign-in"), "and sees nobody any more");
        let nda = app.nda(boss).await.id;
        assert_eq!(hr.get(&format!("/signed/{nda}")).await.status, StatusCode::OK);
        assert_eq!(hr.get(&format!("/signed/{nda}/copy.pdf")).await.status, StatusCode::OK);
    }

    async fn a_last_day_before_the_start_is_that_of_somebody_who_never_came(app) {
        let gone = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let going = app.person("Ben Muster", "2026-12-01", "Europe/Berlin").await;
        let (client, still) = (app.sign_in_by_link(gone).await, app.sign_in_by_link(going).await);
        let hr = app.hr().await;
        for (person, day) in [(gone, "2026-11-22"), (going, "2026-11-24")] {
            let answer = hr.post_form(RecordLastDay::PATH, &[("id", &*person.to_string()), ("end_date", day)]).await;
            assert_eq!(answer.said(), Said::LastDayRecorded);
            let record = app.record(person).await;
            assert!(record.end_date.unwrap() < record.details.start_date, "{record:?}");
        }
        assert_eq!(client.post_json(SignOut::PATH, &[]).await.error(), ApiError::SignedOut);
        for item in app.items(gone).await {
            assert_eq!(item.state, State::Ended { at: app.now(), reason: EndReason::Left }, "{item:?}");
        }
        assert_eq!(still.get("/checklist").await.status, StatusCode::OK, "that day is still to come");
        app.clock.set(datetime!(2026-11-24 23:00 UTC));
        assert_eq!(leavers::end_due(&app.app, app.now()).await.unwrap(), 1);
        assert_eq!(app.number("select count(*) from account where disabled_at is not null").await, 2);
        assert!(app.items(going).await.iter().all(|item| matches!(item.state, State::Ended { reason: EndReason::Left, .. })));
    }

    async fn a_last_day_that_is_no_date_is_refused(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        for (date, problem) in [("30.02.2027", Problem::NotADate), ("", Problem::Required)] {
            let answer = app.hr().await.post_form(RecordLastDay::PATH, &[("id", &*anna.to_string()), ("end_date", date)]).await;
            assert_eq!(answer.refusal(), ApiError::Invalid(vec![FieldProblem::new("end_date", problem)]));
        }
        assert_eq!(app.record(anna).await.end_date, None);
    }
}

async fn client_account(app: &crate::fixture::TestApp, person: antritt::domain::ids::PersonId) -> uuid::Uuid {
    antritt::server::store::accounts::find_of_person(&mut app.read().await, person)
        .await
        .unwrap()
        .unwrap()
        .0
}
