//! Roles: who may grant which to whom, with whose consent, and that somebody always administers.

use crate::fixture::{
    TestApp,
    client::{Answer, Client},
    people::NewPerson,
    stories,
};
use antritt::{
    api::{
        account::TakeRecord,
        accounts::DisableAccount,
        done::Said,
        error::ApiError,
        imports::ApplyImport,
        people::ChangePerson,
        roles::{ApproveRole, GrantRole, RefuseRole, RemoveRole, WithdrawRole},
    },
    domain::{
        assignment::State,
        ids::{AccountId, PersonId, RoleRequestId},
        person::Email,
        problem::{Conflict, FieldProblem, Problem},
        requirement::RequirementKind,
        roles::Role,
    },
    server::{
        service::roles::end_due,
        store::{accounts, roles},
    },
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use time::{Duration, macros::date};

/// By the form as it stands on its page now.
pub async fn grant(client: &Client, id: AccountId, role: &str, ends_on: &str) -> Answer {
    let page = client.get(&format!("/admin/accounts/{id}/grant")).await.body;
    let shown = page.split_once("name=\"address\" value=\"").and_then(|(_, rest)| rest.split('"').next());
    grant_to(client, id, shown.unwrap_or_default(), role, ends_on).await
}

/// By a form that showed this address.
async fn grant_to(client: &Client, id: AccountId, shown: &str, role: &str, ends_on: &str) -> Answer {
    let fields = [
        ("id", &*id.to_string()),
        ("address", shown),
        ("role", role),
        ("reason", "Vertretung"),
        ("ends_on", ends_on),
    ];
    client.post_form(GrantRole::PATH, &fields).await
}

/// HR writes down something else about somebody.
async fn change(app: &TestApp, person: PersonId, to: &NewPerson<'_>) {
    let id = person.to_string();
    let fields: Vec<_> = [("id", &*id)].into_iter().chain(to.fields()).collect();
    app.hr().await.post_seen(ChangePerson::PATH, &fields).await.said();
}

async fn remove(client: &Client, id: AccountId, role: &str) -> Answer {
    let fields = [("id", &*id.to_string()), ("role", role), ("reason", "Nicht mehr nötig")];
    client.post_form(RemoveRole::PATH, &fields).await
}

async fn approve(client: &Client, id: RoleRequestId) -> Answer {
    client.post_form(ApproveRole::PATH, &[("id", &id.to_string())]).await
}

fn refused(conflict: Conflict) -> ApiError {
    ApiError::Conflict(conflict)
}

impl TestApp {
    /// An administrator who can sign in, as the hash of no password tells.
    pub async fn administrator(&self, name: &str) -> (AccountId, Client) {
        let account = self.account(&format!("{name}@company.example"), Some(Role::Admin), None).await;
        self.write(async |tx| accounts::set_password_hash(tx, account, "no hash").await).await.unwrap();
        (account, self.signed_in_as(account).await)
    }

    pub async fn plain_account(&self, name: &str) -> AccountId {
        self.account(&format!("{name}@company.example"), None, None).await
    }

    /// The newest request that waits.
    pub async fn role_request(&self) -> RoleRequestId {
        let since = self.now() - Duration::days(365);
        roles::list_requests(&mut self.read().await, since, 100).await.unwrap().pop().unwrap().id
    }

    pub async fn holds(&self, account: AccountId, role: Role) -> bool {
        roles::find(&mut self.read().await, self.now(), account, role).await.unwrap().is_some()
    }
}

stories! {
    async fn what_does_more_than_read_waits_for_another_administrator(app) {
        let (_, first) = app.administrator("first").await;
        let (_, second) = app.administrator("second").await;
        for role in [Role::Hr, Role::Security, Role::Admin] {
            let account = app.plain_account(role.as_str()).await;
            let session = app.signed_in_as(account).await;
            let answer = grant(&first, account, role.as_str(), "").await;
            assert_eq!((answer.said(), answer.location()), (Said::RoleRequested, &*format!("/admin/accounts/{account}")));
            assert!(!app.holds(account, role).await);
            let request = app.role_request().await;
            assert_eq!(approve(&first, request).await.refusal(), refused(Conflict::NeedsSecondPerson), "nobody approves their own request");
            assert!(second.get("/admin/accounts").await.body.contains(&format!("/admin/accounts/requests/{request}")));
            assert!(second.get(&format!("/admin/accounts/requests/{request}")).await.body.contains("Approve"));
            assert_eq!(approve(&second, request).await.said(), Said::RoleApproved);
            assert!(app.holds(account, role).await);
            assert_eq!(session.get("/").await.location(), "/sign-in", "a session that began with less does not gain by it");
            assert_eq!(approve(&second, request).await.refusal(), refused(Conflict::AlreadyDone), "pressed twice");
            let page = first.get(&format!("/admin/accounts/{account}")).await.body;
            assert!(page.contains("Reason: Vertretung") && page.contains("approved by Kim Konto"), "{page}");
        }
    }

    async fn who_can_decide_is_told_that_a_request_waits_and_nobody_else(app) {
        let (first_id, first) = app.administrator("first").await;
        let (second, _) = app.administrator("second").await;
        let (third, _) = app.administrator("third").await;
        let hr = app.account("hr@company.example", Some(Role::Hr), None).await;
        grant(&first, third, "hr", "").await.said();
        for (account, count) in [(first_id, 0), (second, 1), (third, 0), (hr, 0)] {
            let mails = app.mails_of(account).await;
            assert_eq!(mails.len(), count, "{mails:?}");
            assert!(mails.iter().all(|mail| mail.text.contains("/admin/accounts") && !mail.text.contains("Vertretung")));
        }
        grant(&first, app.plain_account("plain").await, "auditor", "2026-12-31").await.said();
        assert_eq!(app.mails_of(second).await.len(), 1, "what needs nobody asks nobody");
    }

    async fn hr_makes_no_administrators_account_its_own_and_nobody_who_stays_is_alone_at_once(app) {
        let (first, admin) = app.administrator("first").await;
        let (second, _) = app.administrator("second").await;
        let hr = app.hr().await;
        let person = app.add(&NewPerson { private_email: "second@company.example".into(), ..NewPerson::named("Zoe Zweit") }).await;
        hr.post_form("/api/people/record-last-day", &[("id", &*person.to_string()), ("end_date", "2026-11-01")]).await.said();
        assert!(app.holds(second, Role::Admin).await, "adding somebody takes no account with rights");
        let person = app.add(&NewPerson { private_email: "first@company.example".into(), ..NewPerson::named("Ida Erst") }).await;
        let link = app.token_of(person).await;
        let refused_link = app.visitor().post_json("/api/invitations/accept", &[("token", &link)]).await;
        assert_eq!(refused_link.error(), ApiError::Conflict(Conflict::PasswordOnly));
        assert!(admin.get("/account").await.body.contains("Is this you?"));
        assert_eq!(admin.post_form(TakeRecord::PATH, &[]).await.location(), "/checklist");
        assert!(!admin.get("/account").await.body.contains("Is this you?"));
        assert_eq!(admin.get("/checklist").await.status, StatusCode::OK);
        assert_eq!(admin.post_json(TakeRecord::PATH, &[]).await.status, StatusCode::NOT_FOUND);
        hr.post_form("/api/people/record-last-day", &[("id", &*person.to_string()), ("end_date", "2026-11-01")]).await.said();
        assert!(!app.holds(first, Role::Admin).await);
        let rest = app.signed_in_as(second).await;
        let target = app.plain_account("target").await;
        assert_eq!(grant(&rest, target, "hr", "").await.refusal(), refused(Conflict::NobodyDecides), "who stays does not act alone at once");
        app.clock.advance(Duration::days(14));
        assert_eq!(grant(&app.signed_in_as(second).await, target, "hr", "").await.said(), Said::RoleGranted);
    }

    async fn a_colleague_without_factors_or_password_still_has_to_be_asked(app) {
        let (_, first) = app.administrator("first").await;
        let second = app.account("second@company.example", Some(Role::Admin), None).await;
        let account = app.plain_account("new").await;
        assert_eq!(grant(&first, account, "hr", "").await.said(), Said::RoleRequested);
        assert_eq!(remove(&first, app.plain_account("other").await, "hr").await.status, StatusCode::SEE_OTHER);
        assert!(app.holds(second, Role::Admin).await);
    }

    async fn rights_go_to_the_work_address_and_nothing_that_was_set_up_before_opens_them(app) {
        let (_, first) = app.administrator("first").await;
        let paula = app.add(&NewPerson { work_email: "paula@firma.example", ..NewPerson::named("Paula Prüf") }).await;
        let own = app.sign_in_by_link(paula).await;
        app.set_password(&own, "sieben Schubladen voller Wolle").await;
        app.add_app(&own).await;
        let account = accounts::find_of_person(&mut app.read().await, paula).await.unwrap().unwrap();
        grant(&first, account, "auditor", "2026-12-31").await.said();
        let owner = accounts::find_owner(&mut app.read().await, account).await.unwrap().unwrap();
        assert_eq!((&*owner.email, owner.password_hash, owner.has_factor), ("paula@firma.example", None, false));
        assert_eq!(own.get("/account").await.status, StatusCode::SEE_OTHER);
        let mail = app.mails_of(account).await.pop().unwrap();
        assert_eq!(mail.recipient, "paula@firma.example");
        assert!(mail.text.contains("gelten Ihr bisheriges Passwort"), "{}", mail.text);
        app.visitor().post_form("/api/invitations/request", &[("email", "paula@firma.example")]).await.said();
        assert_eq!(app.reset_tokens_of("paula@firma.example").await.len(), 1);
        app.write(async |tx| accounts::set_password_hash(tx, account, "set after the grant").await).await.unwrap();
        grant(&first, account, "auditor", "2027-01-31").await.said();
        assert!(accounts::find_owner(&mut app.read().await, account).await.unwrap().unwrap().password_hash.is_some(), "a further grant changes nothing");
        let ben = app.person("Ben Neu", "2026-12-01", "Europe/Berlin").await;
        app.sign_in_by_link(ben).await;
        let account = accounts::find_of_person(&mut app.read().await, ben).await.unwrap().unwrap();
        assert_eq!(grant(&first, account, "auditor", "2026-12-31").await.refusal(), refused(Conflict::NeedsWorkAddress));
    }

    async fn the_command_line_too_gives_rights_to_the_address_it_names_without_what_was_set_up_before(app) {
        let paula = app.add(&NewPerson { work_email: "paula@firma.example", ..NewPerson::named("Paula Prüf") }).await;
        let own = app.sign_in_by_link(paula).await;
        app.set_password(&own, "sieben Schubladen voller Wolle").await;
        app.add_app(&own).await;
        let account = app.account("paula@firma.example", Some(Role::Admin), Some("acht Schubladen voller Garn")).await;
        let owner = async || accounts::find_owner(&mut app.read().await, account).await.unwrap().unwrap();
        let now = owner().await;
        assert_eq!((now.person_id, &*now.email, now.has_factor), (Some(paula.0), "paula@firma.example", false));
        assert!(now.password_hash.is_some(), "the one that the command line set");
        assert_eq!(own.get("/account").await.status, StatusCode::SEE_OTHER);
        assert_eq!(app.mails_of(account).await.pop().unwrap().recipient, "paula@firma.example");
        app.account("paula@firma.example", Some(Role::Security), None).await;
        assert_eq!(owner().await.password_hash, now.password_hash, "a further role changes nothing");
    }

    async fn the_minutes_before_the_clock_takes_a_leavers_role_make_nobody_alone(app) {
        let (second, _) = app.administrator("second").await;
        let (first, _) = app.administrator("first").await;
        let person = app.add(&NewPerson { private_email: "first@company.example".into(), ..NewPerson::named("Ida Erst") }).await;
        app.signed_in_as(first).await.post_form(TakeRecord::PATH, &[]).await;
        app.hr().await.post_form("/api/people/record-last-day", &[("id", &*person.to_string()), ("end_date", "2026-11-30")]).await.said();
        app.clock.set(time::macros::datetime!(2026-11-30 23:00:01 UTC));
        assert!(app.holds(first, Role::Admin).await, "the clock has not come round");
        let rest = app.signed_in_as(second).await;
        let target = app.plain_account("target").await;
        assert_eq!(grant(&rest, target, "hr", "").await.refusal(), refused(Conflict::NobodyDecides));
    }

    async fn two_administrators_decide_about_an_address_too_and_hr_puts_no_other_in_its_place(app) {
        let (_, first) = app.administrator("first").await;
        let (_, second) = app.administrator("second").await;
        let paula = |work_email| NewPerson { work_email, ..NewPerson::named("Paula Muster") };
        let person = app.add(&paula("paula@firma.example")).await;
        app.sign_in_by_link(person).await;
        let account = accounts::find_of_person(&mut app.read().await, person).await.unwrap().unwrap();
        let page = first.get(&format!("/admin/accounts/{account}/grant")).await.body;
        assert_eq!(page.matches("paula@firma.example").count(), 2, "shown, and sent back: {page}");
        assert_eq!(grant(&first, account, "hr", "").await.said(), Said::RoleRequested);
        let request = app.role_request().await;
        let path = format!("/admin/accounts/requests/{request}");
        let page = second.get(&path).await.body;
        assert!(page.contains("paula@firma.example") && page.contains(ApproveRole::PATH), "{page}");
        change(app, person, &paula("paula@attacker.example")).await;
        let page = second.get(&path).await.body;
        assert!(page.contains("paula@firma.example") && page.contains("Now it is: paula@attacker.example"), "{page}");
        assert!(!page.contains(ApproveRole::PATH) && page.contains(RefuseRole::PATH), "{page}");
        let owner = async || accounts::find_owner(&mut app.read().await, account).await.unwrap().unwrap();
        assert_eq!(approve(&second, request).await.refusal(), refused(Conflict::AddressMoved));
        assert!(!app.holds(account, Role::Hr).await);
        assert_eq!((&*owner().await.email, app.mails_of(account).await.len()), ("paula.muster@home.example", 2), "the personal link, and that her address is another");
        change(app, person, &paula("paula@firma.example")).await;
        assert_eq!(approve(&second, request).await.said(), Said::RoleApproved, "what was asked for");
        assert_eq!(owner().await.email, "paula@firma.example");
    }

    async fn a_grant_is_for_the_address_that_its_form_showed(app) {
        let (_, first) = app.administrator("first").await;
        let paula = |work_email| NewPerson { work_email, ..NewPerson::named("Paula Muster") };
        let person = app.add(&paula("paula@firma.example")).await;
        app.sign_in_by_link(person).await;
        let account = accounts::find_of_person(&mut app.read().await, person).await.unwrap().unwrap();
        change(app, person, &paula("paula@attacker.example")).await;
        for (role, end) in [("security", ""), ("auditor", "2027-06-30")] {
            for shown in ["paula@firma.example", ""] {
                assert_eq!(grant_to(&first, account, shown, role, end).await.refusal(), refused(Conflict::AddressMoved), "{role}, {shown}");
            }
        }
        assert!(!app.holds(account, Role::Security).await && !app.holds(account, Role::Auditor).await);
        change(app, person, &paula("paula@firma.example")).await;
        assert_eq!(grant_to(&first, account, "paula@firma.example", "security", "").await.said(), Said::RoleGranted);
    }

    async fn nobody_attests_about_themself_unless_nobody_else_could(app) {
        let hanna = app.person("Hanna Personal", "2026-11-02", "Europe/Berlin").await;
        let own = app.sign_in_by_link(hanna).await;
        app.sign_nda(&own, hanna).await;
        let account = accounts::find_of_person(&mut app.read().await, hanna).await.unwrap().unwrap();
        let address = app.record(hanna).await.details.private_email;
        app.account(address.as_str(), Some(Role::Hr), None).await;
        let hanna_hr = app.signed_in_as(account).await;
        app.hr().await;
        let nda = app.nda(hanna).await.id.to_string();
        let check = app.item(hanna, RequirementKind::BackgroundCheck).await.id.to_string();
        let manager = app.item(hanna, RequirementKind::PasswordManager).await.id.to_string();
        let outcome = [("id", &*check), ("choice", "not_required"), ("outcome", "not_required"), ("completed_on", "2026-11-20")];
        for (function, fields) in [("nda/confirm", &[("id", &*nda)][..]), ("checks/complete", &outcome), ("password-manager/confirm", &[("id", &*manager)])] {
            let answer = hanna_hr.post_json(&format!("/api/{function}"), fields).await;
            assert_eq!(answer.error(), refused(Conflict::NeedsSecondPerson), "{function}");
        }
        let paper = hanna_hr.post_paper(&format!("/people/{hanna}/nda/{nda}"), &[("signed_on", "2026-10-01")], None).await;
        assert_ne!(paper.location(), format!("/people/{hanna}"), "{:?}", paper.status);
        let colleague = accounts::find_for_sign_in(&mut app.read().await, &Email::parse("hr@company.example").unwrap()).await.unwrap().unwrap();
        app.write(async |tx| accounts::disable(tx, app.now(), AccountId(colleague.id), account, "Weg").await).await.unwrap();
        assert_eq!(hanna_hr.post_json("/api/nda/confirm", &[("id", &*nda)]).await.status, StatusCode::OK);
        assert!(hanna_hr.get(&format!("/people/{hanna}")).await.body.contains("für sich selbst, weil es keine zweite Person gibt"));
    }

    async fn an_account_apart_from_its_person_is_the_same_person(app) {
        let apart = [("sina@firma.example", "sina@firma.example", "sina@home.example"), ("mia@home.example", "", "mia@home.example")];
        for (address, work_email, private_email) in apart {
            let account = app.account(address, Some(Role::Security), None).await;
            let person = app.add(&NewPerson { work_email, private_email: private_email.into(), ..NewPerson::named("Mia Sina Sicher") }).await;
            assert_eq!(accounts::find_of_person(&mut app.read().await, person).await.unwrap(), None);
            let own = app.signed_in_as(account).await;
            let item = app.item(person, RequirementKind::PasswordManager).await.id.to_string();
            let confirmed = own.post_json("/api/password-manager/confirm", &[("id", &*item)]).await;
            assert_eq!(confirmed.error(), refused(Conflict::NeedsSecondPerson), "{address}");
            let list = crate::stories::members::upload(&own, &format!("Email,Status,Two-step login\n{address},Confirmed,Enabled\n")).await;
            own.post_form("/api/members/apply", &[("id", &list)]).await.said();
            assert_eq!(app.item(person, RequirementKind::PasswordManager).await.state, State::Open, "{address}");
            let exemption = app.exemption_of(person).await.to_string();
            for approve in ["yes", "no"] {
                let decided = own.post_json("/api/exemptions/decide", &[("id", &*exemption), ("approve", approve)]).await;
                assert_eq!(decided.error(), refused(Conflict::NeedsSecondPerson), "{address} {approve}");
            }
            app.clock.advance(Duration::minutes(1));
        }
    }

    async fn hr_apart_from_their_person_allows_themself_no_start_without_nda(app) {
        let account = app.account("hanna@firma.example", Some(Role::Hr), None).await;
        let hanna = app.add(&NewPerson { work_email: "hanna@firma.example", start_date: "2026-11-20", ..NewPerson::named("Hanna Personal") }).await;
        let own = app.signed_in_as(account).await;
        let nda = app.nda(hanna).await.id.to_string();
        let fields = [("id", &*nda), ("reason", "Eilt"), ("compensating_step", "Keiner"), ("ends_on", "2026-11-30")];
        assert_eq!(own.post_json("/api/exemptions/allow-start", &fields).await.error(), refused(Conflict::NeedsSecondPerson));
        assert_eq!(app.hr().await.post_json("/api/exemptions/allow-start", &fields).await.status, StatusCode::OK);
    }

    async fn nobody_moves_their_own_dates_or_takes_their_own_nda_back_unless_nobody_else_could(app) {
        let hanna = app.person("Hanna Personal", "2026-12-01", "Europe/Berlin").await;
        let signer = app.sign_in_by_link(hanna).await;
        app.sign_nda(&signer, hanna).await.said();
        let account = app.account("hanna.personal@home.example", Some(Role::Hr), None).await;
        let own = app.signed_in_person(hanna).await;
        let colleague = app.account("hr@company.example", Some(Role::Hr), None).await;
        let (person, nda) = (hanna.to_string(), app.nda(hanna).await.id.to_string());
        let moved = [("id", &*person), ("start_date", "2027-01-01"), ("reason", "Umzug")];
        let withdrawn = [("id", &*nda), ("reason", "Falscher Name")];
        let leaves = [("id", &*person), ("end_date", "2027-01-31")];
        let elsewhere = NewPerson { time_zone: "Pacific/Pago_Pago", ..NewPerson::named("Hanna Personal") };
        let elsewhere: Vec<_> = [("id", &*person)].into_iter().chain(elsewhere.fields()).collect();
        let refusal = own.post_json("/api/people/change", &elsewhere).await.error();
        assert_eq!(refusal, refused(Conflict::NeedsSecondPerson), "the time zone says when the first day begins");
        let changes = [("people/move-start", &moved[..]), ("nda/withdraw", &withdrawn), ("people/record-last-day", &leaves)];
        for (function, fields) in changes {
            let answer = own.post_json(&format!("/api/{function}"), fields).await;
            assert_eq!(answer.error(), refused(Conflict::NeedsSecondPerson), "{function}");
        }
        let row = "Hanna Personal;hanna.personal@home.example;;angestellt;DE;Engineering;Engineer;;2027-01-01;Europe/Berlin";
        let list = crate::stories::import::upload(&own, crate::stories::import::file(&[row]).as_bytes()).await;
        let imported = own.post_form(ApplyImport::PATH, &[("id", &*list), ("reason", "Umzug")]).await;
        assert_eq!(imported.refusal(), refused(Conflict::NeedsSecondPerson), "a list is no way round");
        let record = app.record(hanna).await;
        assert_eq!((record.details.start_date, record.end_date, app.nda(hanna).await.cycle), (date!(2026 - 12 - 01), None, 1));
        app.write(async |tx| accounts::disable(tx, app.now(), colleague, account, "Weg").await).await.unwrap();
        for (function, fields) in changes {
            own.post_seen(&format!("/api/{function}"), fields).await.said();
        }
        let page = own.get(&format!("/people/{hanna}")).await.body;
        assert_eq!(page.matches("für sich selbst, weil es keine zweite Person gibt").count(), 3, "{page}");
    }

    async fn nobody_decides_about_their_own_account(app) {
        let (_, first) = app.administrator("first").await;
        let (second_id, second) = app.administrator("second").await;
        assert_eq!(grant(&first, second_id, "hr", "").await.refusal(), refused(Conflict::NobodyDecides), "there is nobody else");
        let (_, third) = app.administrator("third").await;
        grant(&first, second_id, "hr", "").await.said();
        let request = app.role_request().await;
        assert_eq!(approve(&second, request).await.refusal(), refused(Conflict::NeedsSecondPerson));
        let refusal = second.post_form(RefuseRole::PATH, &[("id", &request.to_string()), ("reason", "Nein")]).await;
        assert_eq!(refusal.refusal(), refused(Conflict::NeedsSecondPerson));
        assert_eq!(approve(&third, request).await.said(), Said::RoleApproved);
        assert!(app.holds(second_id, Role::Hr).await);
    }

    async fn nobody_grants_anything_to_themself_alone(app) {
        let (first_id, first) = app.administrator("first").await;
        let page = first.get(&format!("/admin/accounts/{first_id}/grant")).await.body;
        assert_eq!((page.matches("On the server, “antritt admin create” does it").count(), page.contains(GrantRole::PATH)), (1, false), "{page}");
        for (role, end) in [("hr", ""), ("security", ""), ("auditor", "2027-06-30")] {
            assert_eq!(grant_to(&first, first_id, "first@company.example", role, end).await.refusal(), refused(Conflict::NobodyDecides), "{role}");
        }
        let (_, second) = app.administrator("second").await;
        assert_eq!(grant(&first, first_id, "auditor", "2027-06-30").await.said(), Said::RoleRequested);
        assert_eq!(approve(&second, app.role_request().await).await.said(), Said::RoleApproved);
        assert!(app.holds(first_id, Role::Auditor).await);
    }

    async fn the_only_administrator_is_warned_and_it_is_noted(app) {
        let (_, first) = app.administrator("first").await;
        let account = app.plain_account("new").await;
        assert!(first.get(&format!("/admin/accounts/{account}/grant")).await.body.contains("Nobody else administers"));
        assert_eq!(grant(&first, account, "security", "").await.said(), Said::RoleGranted);
        assert!(app.holds(account, Role::Security).await);
        assert!(first.get(&format!("/admin/accounts/{account}")).await.body.contains("granted alone"));
        assert!(first.get("/admin/accounts").await.body.contains("Nobody else administers"), "also where nothing is granted yet");
        app.administrator("second").await;
        assert!(!first.get("/admin/accounts").await.body.contains("Nobody else administers"));
    }

    async fn whoever_takes_anothers_administration_away_is_told_what_follows(app) {
        let (first_id, first) = app.administrator("first").await;
        let (second, _) = app.administrator("second").await;
        grant(&first, second, "auditor", "2027-06-30").await.said();
        for (account, role, told) in [(second, "admin", true), (second, "auditor", false), (first_id, "admin", false)] {
            let page = first.get(&format!("/admin/accounts/{account}/remove/{role}")).await.body;
            assert!(page.contains("needs no second person"), "{page}");
            assert_eq!(page.contains("for 14 days"), told, "{role}: {page}");
        }
    }

    /// HR chose where the person's mail went until now. Both pages that lead to a grant say so, and the history says what it was.
    async fn what_a_first_role_takes_from_an_account_is_said_before_and_after(app) {
        let (_, first) = app.administrator("first").await;
        let (_, second) = app.administrator("second").await;
        let person = app.add(&NewPerson { work_email: "paula@firma.example", ..NewPerson::named("Paula Muster") }).await;
        let own = app.sign_in_by_link(person).await;
        app.add_app(&own).await;
        let account = accounts::find_of_person(&mut app.read().await, person).await.unwrap().unwrap();
        app.write(async |tx| accounts::set_password_hash(tx, account, "no hash").await).await.unwrap();
        let says = "their password and second factors stop working";
        assert!(first.get(&format!("/admin/accounts/{account}/grant")).await.body.contains(says));
        grant(&first, account, "hr", "").await.said();
        let request = app.role_request().await;
        assert!(second.get(&format!("/admin/accounts/requests/{request}")).await.body.contains(says));
        approve(&second, request).await.said();
        let page = second.get(&format!("/admin/accounts/{account}")).await.body;
        assert!(page.contains("no longer valid: password, second factors, former address to sign in with"), "{page}");
        assert!(page.contains("<dd>no password<") && page.contains("All second factors reset"), "{page}");
        assert_eq!(app.number("select count(*) from audit_entry where action = 'factor.all_removed'").await, 1);
        assert_eq!(grant(&first, account, "auditor", "2027-06-30").await.said(), Said::RoleGranted);
        let page = second.get(&format!("/admin/accounts/{account}")).await.body;
        assert_eq!(page.matches("no longer valid:").count(), 1, "a second role takes nothing: {page}");

        let plain = app.plain_account("plain").await;
        assert!(!first.get(&format!("/admin/accounts/{plain}/grant")).await.body.contains(says), "HR has no hand in it");
    }

    async fn whoever_got_rid_of_the_others_grants_nothing_alone(app) {
        let (_, first) = app.administrator("first").await;
        let (second_id, _) = app.administrator("second").await;
        let (third_id, _) = app.administrator("third").await;
        let account = app.plain_account("new").await;
        assert_eq!(remove(&first, second_id, "admin").await.said(), Said::RoleRemoved);
        let fields = [("id", &*third_id.to_string()), ("reason", "Weg")];
        assert_eq!(first.post_form(DisableAccount::PATH, &fields).await.said(), Said::AccountDisabled);
        assert_eq!(grant(&first, account, "admin", "").await.refusal(), refused(Conflict::NobodyDecides));
        assert_eq!(grant(&first, account, "auditor", "2027-06-30").await.said(), Said::RoleGranted, "who only reads needs no second person");
        app.clock.advance(Duration::days(14));
        let (_, first) = app.administrator("first").await;
        assert_eq!(grant(&first, account, "admin", "").await.said(), Said::RoleGranted);
    }

    async fn an_auditor_needs_an_end_and_no_second_person(app) {
        let (_, first) = app.administrator("first").await;
        app.administrator("second").await;
        let account = app.plain_account("auditor").await;
        for (end, problem) in [("", Problem::Required), ("2027-12-24", Problem::NotWithinMonths(13)), ("2026-11-22", Problem::TooEarly), ("30.02.2027", Problem::NotADate)] {
            let expected = ApiError::Invalid(vec![FieldProblem::new("ends_on", problem)]);
            assert_eq!(grant(&first, account, "auditor", end).await.refusal(), expected, "{end}");
        }
        assert_eq!(grant(&first, account, "auditor", "2026-11-30").await.said(), Said::RoleGranted);
        assert_eq!(grant(&first, account, "auditor", "2026-11-30").await.refusal(), refused(Conflict::AlreadyDone), "sent twice");
        assert_eq!(grant(&first, account, "auditor", "2026-12-01").await.said(), Said::RoleGranted, "a new end is a new grant");
        app.clock.set(time::macros::datetime!(2026-12-01 22:59:59 UTC));
        let auditor = app.signed_in_as(account).await;
        assert_eq!(auditor.get("/security").await.status, StatusCode::OK, "the last day counts in full");
        app.clock.advance(Duration::seconds(1));
        assert_eq!(auditor.get("/security").await.status, StatusCode::NOT_FOUND, "an ended role counts no more at the next request");
        assert_eq!(end_due(&app.app, app.now()).await.unwrap(), 1);
        assert_eq!(end_due(&app.app, app.now()).await.unwrap(), 0, "once is enough");
        assert_eq!(app.number("select count(*) from audit_entry where action = 'role.ended'").await, 1);
    }

    async fn a_form_names_everything_that_is_wrong(app) {
        let (_, first) = app.administrator("first").await;
        let id = app.plain_account("new").await.to_string();
        let answer = first.post_form(GrantRole::PATH, &[("id", &*id), ("ends_on", "gestern")]).await;
        let expected = vec![
            FieldProblem::new("role", Problem::NotChosen),
            FieldProblem::new("reason", Problem::Required),
            FieldProblem::new("ends_on", Problem::NotADate),
        ];
        assert_eq!(answer.refusal(), ApiError::Invalid(expected));
        let answer = first.post_form(GrantRole::PATH, &[("id", &*id), ("role", "root"), ("reason", "x")]).await;
        assert_eq!(answer.refusal(), ApiError::Invalid(vec![FieldProblem::new("role", Problem::NotAChoice)]));
    }

    async fn two_administrators_approve_at_once_and_one_of_them_did(app) {
        let (_, first) = app.administrator("first").await;
        let (_, second) = app.administrator("second").await;
        let (_, third) = app.administrator("third").await;
        let account = app.plain_account("new").await;
        grant(&first, account, "hr", "").await.said();
        let request = app.role_request().await;
        let (one, other) = tokio::join!(approve(&second, request), approve(&third, request));
        let refusals: Vec<_> = [one, other].into_iter().filter(|answer| !answer.location().ends_with("/admin/accounts")).collect();
        assert_eq!(refusals.len(), 1);
        assert_eq!(refusals[0].refusal(), refused(Conflict::AlreadyDone));
        assert_eq!(app.number("select count(*) from audit_entry where action = 'role.granted' and person_id is null").await, 4, "three administrators and this");
    }

    async fn a_request_is_made_once_and_can_be_withdrawn_by_its_maker_only(app) {
        let (_, first) = app.administrator("first").await;
        let (_, second) = app.administrator("second").await;
        let account = app.plain_account("new").await;
        grant(&first, account, "hr", "").await.said();
        assert_eq!(grant(&first, account, "hr", "").await.refusal(), refused(Conflict::RequestWaits), "sent twice");
        let request = app.role_request().await.to_string();
        let fields = [("id", &*request)];
        assert_eq!(second.post_form(WithdrawRole::PATH, &fields).await.refusal(), ApiError::NotFound);
        assert_eq!(first.post_form(WithdrawRole::PATH, &fields).await.said(), Said::RoleWithdrawn);
        assert_eq!(first.post_form(WithdrawRole::PATH, &fields).await.refusal(), refused(Conflict::AlreadyDone));
        assert_eq!(second.post_form(ApproveRole::PATH, &fields).await.refusal(), refused(Conflict::AlreadyDone));
        assert_eq!(grant(&second, account, "hr", "").await.said(), Said::RoleRequested);
    }

    async fn a_refusal_has_a_reason(app) {
        let (_, first) = app.administrator("first").await;
        let (_, second) = app.administrator("second").await;
        let account = app.plain_account("new").await;
        grant(&first, account, "hr", "").await.said();
        let request = app.role_request().await.to_string();
        let bare = second.post_form(RefuseRole::PATH, &[("id", &*request)]).await;
        assert_eq!(bare.refusal(), ApiError::Invalid(vec![FieldProblem::new("reason", Problem::Required)]));
        let fields = [("id", &*request), ("reason", "Nicht ihre Aufgabe")];
        assert_eq!(second.post_form(RefuseRole::PATH, &fields).await.said(), Said::RoleRefused);
        assert!(!app.holds(account, Role::Hr).await);
        let address = format!("/admin/accounts/requests/{request}");
        let decided = first.get(&address).await;
        assert_eq!(decided.status, StatusCode::OK);
        assert!(decided.body.contains("This request was decided.") && decided.body.contains(&format!("/admin/accounts/{account}")), "{}", decided.body);
        assert_eq!(app.hr().await.get(&address).await.status, StatusCode::NOT_FOUND);
        assert_eq!(first.get(&format!("/admin/accounts/requests/{account}")).await.status, StatusCode::NOT_FOUND, "nobody ever asked");
        assert_eq!(second.post_form(ApproveRole::PATH, &fields[..1]).await.refusal(), refused(Conflict::AlreadyDone));
        assert!(first.get(&format!("/admin/accounts/{account}")).await.body.contains("Nicht ihre Aufgabe"));
    }

    async fn a_request_lapses_after_two_weeks(app) {
        let (_, first) = app.administrator("first").await;
        app.administrator("second").await;
        let account = app.plain_account("new").await;
        grant(&first, account, "hr", "").await.said();
        let request = app.role_request().await;
        app.clock.advance(Duration::days(14) - Duration::seconds(1));
        let (_, second) = app.administrator("second").await;
        assert_eq!(second.get(&format!("/admin/accounts/requests/{request}")).await.status, StatusCode::OK);
        app.clock.advance(Duration::seconds(1));
        let lapsed = second.get(&format!("/admin/accounts/requests/{request}")).await;
        assert!(lapsed.body.contains("has lapsed") && !lapsed.body.contains(ApproveRole::PATH), "{}", lapsed.body);
        assert_eq!(approve(&second, request).await.refusal(), refused(Conflict::RequestLapsed));
        assert!(!app.holds(account, Role::Hr).await);
        assert_eq!(grant(&second, account, "hr", "").await.said(), Said::RoleRequested, "and can be asked anew at once");
        assert_eq!(end_due(&app.app, app.now()).await.unwrap(), 0, "what lapsed was noted when it was asked anew");
        app.clock.advance(Duration::days(14));
        assert_eq!(end_due(&app.app, app.now()).await.unwrap(), 1);
        assert_eq!(app.number("select count(*) from role_request where outcome = 'lapsed' and decided_by is null").await, 2);
    }

    async fn both_must_be_administrators_when_it_is_approved(app) {
        let (first_id, first) = app.administrator("first").await;
        let (second_id, second) = app.administrator("second").await;
        let (_, third) = app.administrator("third").await;
        let account = app.plain_account("new").await;
        grant(&first, account, "hr", "").await.said();
        let request = app.role_request().await;
        let disable = [("id", &*second_id.to_string()), ("reason", "Gerät verloren")];
        assert_eq!(third.post_form(DisableAccount::PATH, &disable).await.said(), Said::AccountDisabled);
        assert_eq!(approve(&second, request).await.refusal(), ApiError::SignedOut, "a disabled account approves nothing");
        assert_eq!(remove(&third, first_id, "admin").await.said(), Said::RoleRemoved);
        assert_eq!(approve(&third, request).await.refusal(), refused(Conflict::AlreadyDone), "it lapsed with the rights of who asked");
        assert!(!app.holds(account, Role::Hr).await);
    }

    async fn a_closed_account_gets_nothing(app) {
        let (_, first) = app.administrator("first").await;
        let (_, second) = app.administrator("second").await;
        let account = app.plain_account("new").await;
        grant(&first, account, "hr", "").await.said();
        let request = app.role_request().await;
        let disable = [("id", &*account.to_string()), ("reason", "Weg")];
        second.post_form(DisableAccount::PATH, &disable).await.said();
        assert_eq!(approve(&second, request).await.refusal(), refused(Conflict::AlreadyDone), "it lapsed");
        assert_eq!(grant(&first, account, "hr", "").await.refusal(), refused(Conflict::AccountClosed));
    }

    async fn somebody_always_administers_for_good(app) {
        let (first_id, first) = app.administrator("first").await;
        assert_eq!(remove(&first, first_id, "admin").await.refusal(), refused(Conflict::LastAdministrator));
        // One who cannot sign in, and one whose time ends, do not keep the house.
        let guest = app.plain_account("guest").await;
        assert_eq!(grant(&first, guest, "admin", "2026-12-31").await.said(), Said::RoleGranted);
        app.account("second@company.example", Some(Role::Admin), None).await;
        app.write(async |tx| accounts::set_password_hash(tx, guest, "no hash").await).await.unwrap();
        assert_eq!(remove(&first, first_id, "admin").await.refusal(), refused(Conflict::LastAdministrator));
        let guest = app.signed_in_as(guest).await;
        assert_eq!(remove(&guest, first_id, "admin").await.refusal(), refused(Conflict::LastAdministrator));
        let fields = [("id", &*first_id.to_string()), ("reason", "Weg")];
        assert_eq!(guest.post_form(DisableAccount::PATH, &fields).await.refusal(), refused(Conflict::LastAdministrator));
        assert_eq!(grant(&guest, first_id, "admin", "2027-12-31").await.refusal(), refused(Conflict::LastAdministrator), "nor by an end");
        app.administrator("third").await;
        assert_eq!(remove(&guest, first_id, "admin").await.said(), Said::RoleRemoved);
        assert_eq!(remove(&guest, first_id, "admin").await.refusal(), refused(Conflict::AlreadyDone), "sent twice");
    }

    async fn two_administrators_cannot_take_each_others_rights(app) {
        let (first_id, first) = app.administrator("first").await;
        let (second_id, second) = app.administrator("second").await;
        let (one, other) = tokio::join!(remove(&first, second_id, "admin"), remove(&second, first_id, "admin"));
        let removed = [one, other].iter().filter(|answer| matches!(answer.flash(), Some(antritt::api::flash::Flash::Said(Said::RoleRemoved)))).count();
        assert_eq!(removed, 1);
        assert_eq!(app.number("select count(*) from role_grant where role = 'admin'").await, 1);
    }

    async fn a_removed_role_counts_no_more_at_the_next_request(app) {
        let (_, first) = app.administrator("first").await;
        let account = app.account("hr2@company.example", Some(Role::Hr), None).await;
        let hr = app.signed_in_as(account).await;
        assert_eq!(hr.get("/hr").await.status, StatusCode::OK);
        let bare = first.post_form(RemoveRole::PATH, &[("id", &*account.to_string()), ("role", "hr")]).await;
        assert_eq!(bare.refusal(), ApiError::Invalid(vec![FieldProblem::new("reason", Problem::Required)]));
        assert_eq!(remove(&first, account, "hr").await.said(), Said::RoleRemoved);
        assert_eq!(hr.get("/hr").await.status, StatusCode::NOT_FOUND);
        let page = first.get(&format!("/admin/accounts/{account}")).await.body;
        assert!(page.contains("Role removed<!>: HR<") && page.contains("Nicht mehr nötig"), "{page}");
    }

    async fn what_the_command_line_gives_has_a_reason_and_an_auditor_an_end(app) {
        let auditor = app.account("auditor@company.example", Some(Role::Auditor), None).await;
        let (reason, ends_at) = roles::find(&mut app.read().await, app.now(), auditor, Role::Auditor).await.unwrap().unwrap();
        assert_eq!((&*reason, ends_at), ("command line", Some(time::macros::datetime!(2027-11-23 23:00 UTC))));
        let reader = app.auditor().await;
        reader.post_form("/api/account/language", &[("language", "de")]).await;
        let page = reader.get("/security/access").await.body;
        assert!(page.contains("auf dem Server vergeben") && !page.contains("command line"), "{page}");
        let admin = app.account("admin@company.example", Some(Role::Admin), None).await;
        assert_eq!(roles::find(&mut app.read().await, app.now(), admin, Role::Admin).await.unwrap().unwrap().1, None);
    }

    async fn what_is_held_already_stays_as_it_was_granted(app) {
        let (_, admin) = app.administrator("first").await;
        let account = app.plain_account("auditor").await;
        grant(&admin, account, "auditor", "2026-12-31").await.said();
        let session = app.signed_in_as(account).await;
        let before = roles::find(&mut app.read().await, app.now(), account, Role::Auditor).await.unwrap();
        assert_eq!(app.account("auditor@company.example", Some(Role::Auditor), None).await, account);
        assert_eq!(roles::find(&mut app.read().await, app.now(), account, Role::Auditor).await.unwrap(), before);
        assert_eq!(app.number("select count(*) from audit_entry where action = 'role.granted'").await, 2, "the administrator and the auditor");
        assert!(admin.get(&format!("/admin/accounts/{account}")).await.body.contains("granted by Kim Konto"));
        assert_eq!(session.get("/security").await.status, StatusCode::OK);
        app.clock.set(time::macros::datetime!(2027-01-01 00:00 UTC));
        app.account("auditor@company.example", Some(Role::Auditor), None).await;
        let again = roles::find(&mut app.read().await, app.now(), account, Role::Auditor).await.unwrap().unwrap();
        assert_eq!(again.0, "command line", "what has ended is held no more");
    }

    async fn who_holds_which_role_is_a_list_and_a_file(app) {
        let (_, first) = app.administrator("first").await;
        let account = app.plain_account("=new").await;
        grant(&first, account, "security", "2026-12-31").await.said();
        let auditor = app.auditor().await;
        let page = auditor.get("/security/access").await.body;
        assert!(page.contains("=new@company.example") && page.contains("2026-12-31") && page.contains("Vertretung"), "{page}");
        assert!(page.contains("href=\"/security/access.csv\"") && !page.contains(" download"), "not saved by the browser itself: an old proof leads elsewhere: {page}");
        let file = auditor.get("/security/access.csv").await;
        assert_eq!(file.headers["content-disposition"], "attachment; filename=\"antritt-access.csv\"");
        let mut reader = csv::Reader::from_reader(file.body.trim_start_matches('\u{feff}').as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 3);
        let row = rows.iter().find(|row| row[8] == account.to_string()).unwrap();
        assert_eq!((&row[1], &row[2], &row[3], &row[7], &row[9]), ("'=new@company.example", "security", "Vertretung", "2026-12-31", ""));
        for stranger in [app.visitor(), first, app.hr().await] {
            assert_eq!(stranger.get("/security/access.csv").await.status, StatusCode::NOT_FOUND);
        }
    }
}
