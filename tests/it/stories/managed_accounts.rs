//! Accounts as administrators see them.

use crate::fixture::{
    client::{Answer, Client},
    people::NewPerson,
    stories,
};
use antritt::{
    api::{
        accounts::{AddAccount, DisableAccount, EnableAccount, EndSessions, ResetFactors},
        done::Said,
        error::ApiError,
        people::{ChangePerson, RecordLastDay},
    },
    domain::{
        audit::Action,
        ids::AccountId,
        locale::Locale,
        person::{Email, Line},
        problem::{Conflict, FieldProblem, Problem},
        roles::Role,
    },
    server::{service::accounts::create, store::accounts},
    ui::texts::hr as texts,
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
        assert!(page.contains("Ines Falk") && page.contains("ines@pruefung.example") && page.contains("This account has no password"), "{page}");
        assert!(page.contains("until and including 31\u{A0}March 2027"), "{page}");
        assert_eq!(app.signed_in_as(id).await.get("/security").await.status, StatusCode::OK);
        let again = add(&admin, "ines@pruefung.example", "Ines Falk", "auditor", "2027-03-31").await;
        assert_eq!(again.refusal(), ApiError::Invalid(vec![FieldProblem::new("email", Problem::AccountTaken)]));
    }

    async fn whoever_gets_an_account_is_told_how_to_get_in_and_gets_in(app) {
        let (_, admin) = app.administrator("admin").await;
        let answer = add(&admin, "ines@pruefung.example", "Ines Falk", "auditor", "2027-03-31").await;
        let mails = app.mails_of(id_in(&answer)).await;
        let [mail] = mails.as_slice() else { panic!("{mails:?}") };
        assert_eq!(mail.subject, "Your account for Antritt at Beispiel GmbH");
        assert!(mail.text.contains("Hello Ines Falk") && mail.text.contains("http://localhost:3000/sign-in\n"), "{}", mail.text);
        add(&admin, "ines@pruefung.example", "Ines Falk", "auditor", "2027-03-31").await.refusal();
        assert_eq!(app.mails_of(id_in(&answer)).await.len(), 1, "a refused form writes to nobody");
        assert!(app.visitor().get("/sign-in").await.body.contains("Passwort vergessen, noch keines"));
        app.visitor().post_form("/api/invitations/request", &[("email", "ines@pruefung.example")]).await.said();
        let token = app.reset_tokens_of("ines@pruefung.example").await.remove(0);
        assert_eq!(app.visitor().get(&format!("/reset-password/{token}")).await.status, StatusCode::OK);
    }

    async fn a_new_account_waits_for_its_rights_but_not_for_itself(app) {
        let (_, admin) = app.administrator("admin").await;
        app.administrator("second").await;
        let answer = add(&admin, "lea@firma.example", "Lea", "security", "").await;
        assert_eq!(answer.said(), Said::AccountAdded { granted: false });
        assert!(!app.holds(id_in(&answer), Role::Security).await);
        assert!(admin.get(answer.location()).await.body.contains("Waiting"));
    }

    async fn an_accounts_history_says_that_and_why_its_factors_were_reset(app) {
        let (_, admin) = app.administrator("admin").await;
        let hr = app.account("hr@company.example", Some(Role::Hr), None).await;
        app.add_app(&app.signed_in_as(hr).await).await;
        assert_eq!(because(&admin, ResetFactors::PATH, hr).await.said(), Said::FactorsReset);
        let page = admin.get(&format!("/admin/accounts/{hr}")).await.body;
        for words in [texts::action(Locale::En, Action::FactorAdded), texts::action(Locale::En, Action::FactorsReset), "Gerät verloren"] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }

    async fn where_nothing_sends_mail_it_is_said_who_sets_the_first_password(app) {
        let (_, admin) = app.administrator("admin").await;
        let answer = add(&admin, "ines@pruefung.example", "Ines Falk", "auditor", "2027-03-31").await;
        let mailing = app.elsewhere(|settings| settings.sends_mail = true);
        mailing.set_cookie("antritt", &admin.cookie("antritt").unwrap());
        for path in ["/admin/accounts/new", answer.location()] {
            assert!(admin.get(path).await.body.contains("antritt admin create --email … --role …"), "{path}");
            let page = mailing.get(path).await;
            assert!(page.status == StatusCode::OK && !page.body.contains("antritt admin create"), "{path}");
        }
    }

    async fn what_nothing_sends_stands_in_the_outbox_to_be_passed_on(app) {
        let (_, admin) = app.administrator("admin").await;
        app.administrator("second").await;
        add(&admin, "lea@firma.example", "Lea", "security", "").await.said();
        let page = admin.get("/admin/outbox").await.body;
        for words in ["New account", "Role waiting", "To be passed on", "Whoever runs the server sets your first password", "somebody asked for a role"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("By mail only") && !page.contains("ask for a link with this e-mail address"), "{page}");
    }

    async fn somebody_on_record_gets_their_own_account(app) {
        let anna = app.add(&NewPerson { work_email: "anna@firma.example", ..NewPerson::named("Anna Muster") }).await;
        let (_, admin) = app.administrator("admin").await;
        let id = id_in(&add(&admin, "anna@firma.example", "", "hr", "").await);
        assert_eq!(accounts::find_of_person(&mut app.read().await, anna).await.unwrap(), Some(id));
        let page = admin.get(&format!("/admin/accounts/{id}")).await.body;
        assert!(page.contains("Anna Muster") && page.contains("anna@firma.example") && !page.contains("@home.example"), "private addresses are HR's");
        let again = add(&admin, "anna@firma.example", "", "hr", "").await;
        assert_eq!(again.refusal(), ApiError::Invalid(vec![FieldProblem::new("email", Problem::AccountTaken)]));
    }

    async fn private_addresses_cannot_be_tried_out(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        app.sign_in_by_link(anna).await;
        app.person("Ben Bote", "2026-12-01", "Europe/Berlin").await;
        let (_, admin) = app.administrator("admin").await;
        let (second, _) = app.administrator("second").await;
        let private = ["anna.muster@home.example", "ben.bote@home.example"];
        let all = ["anna.muster@home.example", "ben.bote@home.example", "nobody@home.example"];
        for address in all {
            let nameless = add(&admin, address, "", "auditor", "2027-03-31").await;
            assert_eq!(nameless.refusal(), ApiError::Invalid(vec![FieldProblem::new("name", Problem::Required)]), "{address}");
        }
        for address in private {
            let refused = add(&admin, address, "Ines Falk", "auditor", "2027-03-31").await;
            assert_eq!(refused.refusal(), ApiError::Conflict(Conflict::NeedsWorkAddress), "{address}");
        }
        because(&admin, DisableAccount::PATH, second).await.said();
        for address in all {
            let undecided = add(&admin, address, "Ines Falk", "hr", "").await;
            assert_eq!(undecided.refusal(), ApiError::Conflict(Conflict::NobodyDecides), "{address}");
        }
        assert_eq!(app.number("select count(*) from role_grant where role = 'auditor'").await, 0);
    }

    async fn a_new_accounts_rights_go_to_the_address_that_was_typed(app) {
        let anna = NewPerson { private_email: "anna@firma.example".into(), work_email: "anna@attacker.example", ..NewPerson::named("Anna Muster") };
        app.add(&anna).await;
        let (_, admin) = app.administrator("admin").await;
        let refused = add(&admin, "anna@firma.example", "Anna Muster", "auditor", "2027-03-31").await;
        assert_eq!(refused.refusal(), ApiError::Conflict(Conflict::NeedsWorkAddress), "it is what HR calls her private one");
        assert_eq!(app.number("select count(*) from account where person_id is not null").await, 0);
        let granted = add(&admin, "anna@attacker.example", "", "auditor", "2027-03-31").await;
        assert_eq!(granted.said(), Said::AccountAdded { granted: true });
    }

    async fn who_got_rid_of_the_others_adds_no_account_alone(app) {
        let (_, admin) = app.administrator("admin").await;
        let (second, _) = app.administrator("second").await;
        assert_eq!(because(&admin, DisableAccount::PATH, second).await.said(), Said::AccountDisabled);
        for (role, end) in [("auditor", "2027-03-31"), ("hr", "")] {
            let refused = add(&admin, "mine@freemail.example", "Ich Selbst", role, end).await;
            assert_eq!(refused.refusal(), ApiError::Conflict(Conflict::NobodyDecides), "{role}");
        }
        assert_eq!(app.number("select count(*) from account where name = 'Ich Selbst'").await, 0);
        let page = admin.get("/admin/accounts/new").await.body;
        assert!(page.contains("Another administrator has to approve this") && !page.contains(AddAccount::PATH), "{page}");
        app.clock.advance(time::Duration::days(14));
        let (_, admin) = app.administrator("admin").await;
        let added = add(&admin, "ines@pruefung.example", "Ines Falk", "auditor", "2027-03-31").await;
        assert_eq!(added.said(), Said::AccountAdded { granted: true });
    }

    async fn a_form_names_everything_that_is_missing(app) {
        let (_, admin) = app.administrator("admin").await;
        let answer = admin.post_form(AddAccount::PATH, &[("email", "keine")]).await;
        let expected = [
            ("email", Problem::NotAnEmail),
            ("name", Problem::Required),
            ("language", Problem::NotALanguage),
            ("role", Problem::NotChosen),
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
        assert_eq!(shown("?q=ines@pruefung.example").await, [false, true, false], "a sealed address is found as a whole");
        assert_eq!(shown("?q=pruefung").await, [false, false, false]);
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
        let page = admin.get(&format!("/admin/accounts/{own}/status")).await.body;
        assert!(page.contains("Nobody disables their own account") && !page.contains(DisableAccount::PATH), "by its address it says why: {page}");
    }

    async fn a_leavers_account_stays_closed(app) {
        let anna = app.person("Anna Muster", "2026-11-02", "Europe/Berlin").await;
        app.sign_in_by_link(anna).await;
        let account = accounts::find_of_person(&mut app.read().await, anna).await.unwrap().unwrap();
        app.hr().await.post_form(RecordLastDay::PATH, &[("id", &*anna.to_string()), ("end_date", "2026-11-22")]).await.said();
        let (_, admin) = app.administrator("admin").await;
        assert_eq!(because(&admin, EnableAccount::PATH, account).await.refusal(), ApiError::Conflict(Conflict::AccountClosed));
        let page = admin.get(&format!("/admin/accounts/{account}/status")).await.body;
        assert!(page.contains("The person has left") && !page.contains(EnableAccount::PATH), "{page}");
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

    async fn the_command_line_names_a_new_account_and_renames_one_of_nobody(app) {
        let command = async |address: &str, name: Option<&str>| {
            let (email, name) = (Email::parse(address).unwrap(), name.map(|name| Line::parse(name).unwrap()));
            create(&app.app, app.now(), &email, name.as_ref(), Locale::En, Some(Role::Security), None).await
        };
        let name_of = async |id| accounts::find(&mut app.read().await, app.now(), id).await.unwrap().unwrap().name;
        let renamed = async || app.number("select count(*) from audit_entry where action = 'account.renamed'").await;
        let nameless = command("sec@company.example", None).await.map_err(ApiError::from);
        assert_eq!(nameless, Err(ApiError::Invalid(vec![FieldProblem::new("name", Problem::Required)])));
        assert_eq!(app.number("select count(*) from account").await, 0);
        let id = command("sec@company.example", Some("Sina Ecker")).await.unwrap();
        assert_eq!(command("sec@company.example", None).await.unwrap(), id);
        assert_eq!((&*name_of(id).await, renamed().await), ("Sina Ecker", 0));
        assert_eq!(command("sec@company.example", Some("Sina Ecker-Voss")).await.unwrap(), id);
        assert_eq!(command("sec@company.example", Some("Sina Ecker-Voss")).await.unwrap(), id);
        assert_eq!((&*name_of(id).await, renamed().await), ("Sina Ecker-Voss", 1), "the same name is no change");
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        app.sign_in_by_link(anna).await;
        let of_anna = command("anna.muster@home.example", Some("Jemand anderes")).await.unwrap();
        assert_eq!((&*name_of(of_anna).await, renamed().await), ("Anna Muster", 1), "a person bears one name");
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
        app.hr().await.post_seen(ChangePerson::PATH, &fields).await.said();
        assert_eq!(app.number("select count(*) from account where email = 'mine@evil.example'").await, 0);
    }
}
