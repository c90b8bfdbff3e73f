//! Accounts as administrators see them.

use crate::fixture::{
    client::{Answer, Client},
    people::NewPerson,
    stories,
};
use antritt::{
    api::{
        accounts::{AddAccount, DisableAccount, EnableAccount, EndSessions},
        done::Said,
        error::ApiError,
        people::{ChangePerson, RecordLastDay},
    },
    domain::{
        ids::AccountId,
        problem::{Conflict, FieldProblem, Problem},
        roles::Role,
    },
    server::store::accounts,
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;

async fn because(client: &Client, function: &str, id: AccountId) -> Answer {
    client.post_form(function, &[("id", &*id.to_string()), ("reason", "Gerät verloren")]).await
}

async fn add(client: &Client, email: &str, name: &str, role: &str, ends_on: &str) -> Answer {
    let fields = [
        ("email", email),
        ("name", name),
        ("language", "en"),
        ("role", role),
        ("reason", "Prüfung 2026"),
        ("ends_on", ends_on),
    ];
    client.post_form(AddAccount::PATH, &fields).await
}

fn id_in(answer: &Answer) -> AccountId {
    answer.location().strip_prefix("/admin/accounts/").unwrap().parse().unwrap()
}

stories! {
    async fn an_external_auditor_gets_an_account_that_ends(app) {
        let (_, admin) = app.administrator("admin").await;
        app.administrator("second").await;
        let answer = add(&admin, "ines@pruefung.example", "Ines Falk", "auditor", "2027-03-31").await;
        assert_eq!(answer.said(), Said::AccountAdded { granted: true });
        let id = id_in(&answer);
        let page = admin.get(answer.location()).await.body;
        assert!(page.contains("Ines Falk") && page.contains("ines@pruefung.example") && page.contains("This account has no password yet"), "{page}");
        assert!(page.contains("until and including 31\u{A0}March 2027"), "{page}");
        assert_eq!(app.signed_in_as(id).await.get("/security").await.status, StatusCode::OK);
        let again = add(&admin, "ines@pruefung.example", "Ines Falk", "auditor", "2027-03-31").await;
        assert_eq!(again.refusal(), ApiError::Invalid(vec![FieldProblem::new("email", Problem::AccountTaken)]));
    }

    async fn a_new_account_waits_for_its_rights_but_not_for_itself(app) {
        let (_, admin) = app.administrator("admin").await;
        app.administrator("second").await;
        let answer = add(&admin, "lea@firma.example", "Lea", "security", "").await;
        assert_eq!(answer.said(), Said::AccountAdded { granted: false });
        assert!(!app.holds(id_in(&answer), Role::Security).await);
        assert!(admin.get(answer.location()).await.body.contains("Waiting"));
    }

    async fn somebody_on_record_gets_their_own_account(app) {
        let anna = app.add(&NewPerson { work_email: "anna@firma.example", ..NewPerson::named("Anna Muster") }).await;
        let (_, admin) = app.administrator("admin").await;
        let id = id_in(&add(&admin, "anna@firma.example", "", "hr", "").await);
        assert_eq!(accounts::find_of_person(&mut app.read().await, anna).await.unwrap(), Some(id));
        let page = admin.get(&format!("/admin/accounts/{id}")).await.body;
        assert!(page.contains("Anna Muster") && page.contains("anna@firma.example") && !page.contains("@home.example"), "private addresses are HR's");
        for address in ["anna@firma.example", "anna.muster@home.example"] {
            let again = add(&admin, address, "", "hr", "").await;
            assert_eq!(again.refusal(), ApiError::Invalid(vec![FieldProblem::new("email", Problem::AccountTaken)]), "{address}");
        }
    }

    async fn a_form_names_everything_that_is_missing(app) {
        let (_, admin) = app.administrator("admin").await;
        let answer = admin.post_form(AddAccount::PATH, &[("email", "keine")]).await;
        let expected = [
            ("email", Problem::NotAnEmail),
            ("name", Problem::Required),
            ("language", Problem::NotALanguage),
            ("role", Problem::Required),
            ("reason", Problem::Required),
        ];
        assert_eq!(answer.refusal(), ApiError::Invalid(expected.map(|(field, problem)| FieldProblem::new(field, problem)).into()));
    }

    async fn accounts_are_found_by_name_address_and_role(app) {
        let (_, admin) = app.administrator("admin").await;
        app.add(&NewPerson { work_email: "oezil@firma.example", ..NewPerson::named("Jörg Özil") }).await;
        add(&admin, "oezil@firma.example", "", "security", "").await.said();
        add(&admin, "ines@pruefung.example", "Ines Falk", "auditor", "2027-03-31").await.said();
        let shown = async |query: &str| {
            let page = admin.get(&format!("/admin/accounts{query}")).await.body;
            ["Jörg Özil", "Ines Falk", "Kim Konto"].map(|name| page.contains(&format!("{name}<!></a>")))
        };
        assert_eq!(shown("").await, [true, true, true]);
        assert_eq!(shown("?q=OZIL").await, [true, false, false]);
        assert_eq!(shown("?q=oezil@firma").await, [true, false, false]);
        assert_eq!(shown("?q=pruefung").await, [false, true, false]);
        assert_eq!(shown("?q=home.example").await, [false, false, false], "private addresses are not searched");
        assert_eq!(shown("?role=auditor").await, [false, true, false]);
        assert_eq!(shown("?role=security&q=ines").await, [false, false, false]);
        assert!(admin.get("/admin/accounts?q=niemand").await.body.contains("No account found"));
    }

    async fn a_disabled_account_loses_sessions_and_roles_and_comes_back_plain(app) {
        let (_, admin) = app.administrator("admin").await;
        let account = app.account("hr2@company.example", Some(Role::Hr), None).await;
        let hr = app.signed_in_as(account).await;
        let bare = admin.post_form(DisableAccount::PATH, &[("id", &account.to_string())]).await;
        assert_eq!(bare.refusal(), ApiError::Invalid(vec![FieldProblem::new("reason", Problem::Required)]));
        assert_eq!(because(&admin, DisableAccount::PATH, account).await.said(), Said::AccountDisabled);
        assert_eq!(because(&admin, DisableAccount::PATH, account).await.refusal(), ApiError::Conflict(Conflict::AlreadyDone), "sent twice");
        assert_eq!(hr.get("/hr").await.location().split('?').next(), Some("/sign-in"));
        let page = admin.get(&format!("/admin/accounts/{account}")).await.body;
        assert!(page.contains("Disabled by Kim Konto: Gerät verloren"), "{page}");
        assert_eq!(because(&admin, EnableAccount::PATH, account).await.said(), Said::AccountEnabled);
        assert_eq!(because(&admin, EnableAccount::PATH, account).await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
        let hr = app.signed_in_as(account).await;
        assert_eq!(hr.get("/hr").await.status, StatusCode::NOT_FOUND, "rights come back by two people only");
    }

    async fn nobody_disables_their_own_account(app) {
        let (own, admin) = app.administrator("admin").await;
        app.administrator("second").await;
        assert_eq!(because(&admin, DisableAccount::PATH, own).await.refusal(), ApiError::Conflict(Conflict::OwnAccount));
        assert!(!admin.get(&format!("/admin/accounts/{own}")).await.body.contains(&format!("/admin/accounts/{own}/status")));
    }

    async fn a_leavers_account_stays_closed(app) {
        let anna = app.person("Anna Muster", "2026-11-02", "Europe/Berlin").await;
        app.sign_in_by_link(anna).await;
        let account = accounts::find_of_person(&mut app.read().await, anna).await.unwrap().unwrap();
        app.hr().await.post_form(RecordLastDay::PATH, &[("id", &*anna.to_string()), ("end_date", "2026-11-22")]).await.said();
        let (_, admin) = app.administrator("admin").await;
        assert_eq!(because(&admin, EnableAccount::PATH, account).await.refusal(), ApiError::Conflict(Conflict::AccountClosed));
        assert_eq!(crate::stories::roles::grant(&admin, account, "hr", "").await.refusal(), ApiError::Conflict(Conflict::AccountClosed));
    }

    async fn all_sessions_of_an_account_end_at_once(app) {
        let (_, admin) = app.administrator("admin").await;
        let account = app.plain_account("new").await;
        let (laptop, phone) = (app.signed_in_as(account).await, app.signed_in_as(account).await);
        let fields = [("id", &*account.to_string())];
        assert_eq!(admin.post_form(EndSessions::PATH, &fields).await.said(), Said::SessionsEnded);
        for client in [laptop, phone] {
            assert_eq!(client.get("/").await.location(), "/sign-in");
        }
        assert_eq!(admin.post_form(EndSessions::PATH, &fields).await.said(), Said::NothingToDo);
        assert_eq!(app.number("select count(*) from audit_entry where action = 'account.sessions_ended'").await, 1);
    }

    async fn hr_cannot_move_the_address_of_somebody_who_is_to_get_rights(app) {
        let person = NewPerson::named("Anna Muster");
        let anna = app.add(&person).await;
        app.sign_in_by_link(anna).await;
        let account = accounts::find_of_person(&mut app.read().await, anna).await.unwrap().unwrap();
        let (_, admin) = app.administrator("admin").await;
        app.administrator("second").await;
        crate::stories::roles::grant(&admin, account, "admin", "").await.said();
        let moved = NewPerson { private_email: "mine@evil.example".to_owned(), ..person };
        let mut fields = moved.fields();
        let id = anna.to_string();
        fields.push(("id", &id));
        app.hr().await.post_form(ChangePerson::PATH, &fields).await.said();
        assert_eq!(app.number("select count(*) from account where email = 'mine@evil.example'").await, 0);
    }
}
