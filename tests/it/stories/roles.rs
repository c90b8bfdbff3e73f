//! Roles: who may grant which to whom, with whose consent, and that somebody always administers.

use crate::fixture::{
    TestApp,
    client::{Answer, Client},
    stories,
};
use antritt::{
    api::{
        accounts::DisableAccount,
        done::Said,
        error::ApiError,
        roles::{ApproveRole, GrantRole, RefuseRole, RemoveRole, WithdrawRole},
    },
    domain::{
        ids::{AccountId, RoleRequestId},
        problem::{Conflict, FieldProblem, Problem},
        roles::Role,
    },
    server::{
        service::roles::end_due,
        store::{accounts, roles},
    },
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use time::Duration;

pub async fn grant(client: &Client, id: AccountId, role: &str, ends_on: &str) -> Answer {
    let fields = [("id", &*id.to_string()), ("role", role), ("reason", "Vertretung"), ("ends_on", ends_on)];
    client.post_form(GrantRole::PATH, &fields).await
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
            assert!(second.get("/admin/accounts").await.body.contains(&format!("/admin/role-requests/{request}")));
            assert!(second.get(&format!("/admin/role-requests/{request}")).await.body.contains("Approve"));
            assert_eq!(approve(&second, request).await.said(), Said::RoleApproved);
            assert!(app.holds(account, role).await);
            assert_eq!(session.get("/").await.location(), "/sign-in", "a session that began with less does not gain by it");
            assert_eq!(approve(&second, request).await.refusal(), refused(Conflict::AlreadyDone), "pressed twice");
            let page = first.get(&format!("/admin/accounts/{account}")).await.body;
            assert!(page.contains("Reason: Vertretung") && page.contains("approved by Kim Konto"), "{page}");
        }
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
        for (role, end) in [("hr", ""), ("security", ""), ("auditor", "2027-06-30")] {
            assert_eq!(grant(&first, first_id, role, end).await.refusal(), refused(Conflict::NobodyDecides), "{role}");
        }
        let (_, second) = app.administrator("second").await;
        assert_eq!(grant(&first, first_id, "auditor", "2027-06-30").await.said(), Said::RoleRequested);
        assert_eq!(approve(&second, app.role_request().await).await.said(), Said::RoleApproved);
        assert!(app.holds(first_id, Role::Auditor).await);
    }

    async fn the_only_administrator_is_warned_and_it_is_noted(app) {
        let (_, first) = app.administrator("first").await;
        // One who cannot sign in decides nothing.
        app.account("second@company.example", Some(Role::Admin), None).await;
        let account = app.plain_account("new").await;
        assert!(first.get(&format!("/admin/accounts/{account}/grant")).await.body.contains("Nobody else administers"));
        assert_eq!(grant(&first, account, "security", "").await.said(), Said::RoleGranted);
        assert!(app.holds(account, Role::Security).await);
        assert!(first.get(&format!("/admin/accounts/{account}")).await.body.contains("granted alone"));
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
            FieldProblem::new("role", Problem::Required),
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
        assert_eq!(grant(&first, account, "hr", "").await.refusal(), refused(Conflict::AlreadyDone), "sent twice");
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
        assert_eq!(second.get(&format!("/admin/role-requests/{request}")).await.status, StatusCode::OK);
        app.clock.advance(Duration::seconds(1));
        assert_eq!(second.get(&format!("/admin/role-requests/{request}")).await.status, StatusCode::NOT_FOUND);
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
        // Who asked can no longer sign in.
        let id = if app.db == crate::fixture::Db::Sqlite { format!("x'{}'", first_id.0.simple()) } else { format!("'{first_id}'") };
        app.tamper(&format!("update account set password_hash = null where id = {id}")).await.unwrap();
        assert_eq!(approve(&third, request).await.refusal(), refused(Conflict::RequestLapsed));
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
        app.account("second@company.example", Some(Role::Admin), None).await;
        let guest = app.plain_account("guest").await;
        assert_eq!(grant(&first, guest, "admin", "2026-12-31").await.said(), Said::RoleGranted);
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
        let admin = app.account("admin@company.example", Some(Role::Admin), None).await;
        assert_eq!(roles::find(&mut app.read().await, app.now(), admin, Role::Admin).await.unwrap().unwrap().1, None);
    }

    async fn who_holds_which_role_is_a_list_and_a_file(app) {
        let (_, first) = app.administrator("first").await;
        let account = app.plain_account("=new").await;
        grant(&first, account, "security", "2026-12-31").await.said();
        let auditor = app.auditor().await;
        let page = auditor.get("/security/access").await.body;
        assert!(page.contains("=new@company.example") && page.contains("2026-12-31") && page.contains("Vertretung"), "{page}");
        let file = auditor.get("/security/access.csv").await;
        assert_eq!(file.headers["content-disposition"], "attachment; filename=\"antritt-access.csv\"");
        let mut reader = csv::Reader::from_reader(file.body.trim_start_matches('\u{feff}').as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 3);
        let row = rows.iter().find(|row| row[8] == account.to_string()).unwrap();
        assert_eq!((&row[1], &row[2], &row[3], &row[7]), ("'=new@company.example", "security", "Vertretung", "2026-12-31"));
        for stranger in [app.visitor(), first, app.hr().await] {
            assert_eq!(stranger.get("/security/access.csv").await.status, StatusCode::NOT_FOUND);
        }
    }
}
