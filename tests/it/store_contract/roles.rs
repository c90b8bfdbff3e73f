//! Grants, requests, and the accounts that hold them.

use super::{
    START, email, id, is_stale, is_taken, person,
    sessions::{alive, session},
};
use crate::fixture::{TestApp, stories};
use antritt::{
    domain::{
        Instant,
        audit::Action,
        ids::{AccountId, RoleRequestId},
        roles::Role,
    },
    server::store::{
        accounts,
        audit::{self, Change},
        dialect,
        roles::{self, NewGrant, NewRequest, Outcome},
        sessions,
    },
};
use serde_json::json;
use time::Duration;

const fn granted(account: AccountId, role: Role, ends_at: Option<Instant>, by: Option<AccountId>) -> NewGrant<'static> {
    NewGrant {
        account,
        role,
        reason: "Vertretung",
        ends_at,
        by,
        approved_by: by,
    }
}

async fn request(app: &TestApp, n: u128, account: AccountId, role: Role, by: AccountId) -> antritt::server::store::Result<()> {
    let new = NewRequest {
        id: RoleRequestId(id(n)),
        account,
        role,
        reason: "Vertretung",
        ends_at: None,
        address: Some("a@firma.example"),
        by,
    };
    app.write(async |tx| roles::insert_request(tx, app.now(), &new).await).await
}

stories! {
    async fn a_role_is_held_until_it_ends_and_a_new_grant_takes_its_place(app) {
        let account = app.insert_account(10, None, "a@firma.example").await.unwrap();
        let end = app.now() + Duration::days(1);
        let grant = async |ends_at, by| app.write(async |tx| roles::grant(tx, app.now(), &granted(account, Role::Hr, ends_at, by)).await).await.unwrap();
        let find = async |now| roles::find(&mut app.read().await, now, account, Role::Hr).await.unwrap();
        grant(Some(end), None).await;
        assert_eq!(find(end - Duration::seconds(1)).await, Some(("Vertretung".to_owned(), Some(end))));
        assert_eq!(find(end).await, None);
        assert_eq!(roles::list_ended(&mut app.read().await, end - Duration::seconds(1), 10).await.unwrap(), []);
        assert_eq!(roles::list_ended(&mut app.read().await, end, 10).await.unwrap(), [(account, Role::Hr)]);
        grant(None, Some(account)).await;
        assert_eq!(find(end).await, Some(("Vertretung".to_owned(), None)));
        assert!(accounts::holds_role(&mut app.read().await, end, account).await.unwrap());
        let delete = async || app.write(async |tx| roles::delete(tx, account, Role::Hr).await).await;
        delete().await.unwrap();
        assert!(is_stale(delete().await));
        grant(None, None).await;
        app.write(async |tx| roles::grant(tx, app.now(), &granted(account, Role::Admin, None, None)).await).await.unwrap();
        let mut gone = app.write(async |tx| roles::delete_of_account(tx, account).await).await.unwrap();
        gone.sort();
        assert_eq!(gone, [Role::Hr, Role::Admin]);
    }

    async fn administrators_are_those_whose_grant_is_in_force(app) {
        let mut anna = person(1, "Anna");
        anna.end_date = Some(START);
        app.insert_person(&anna).await.unwrap();
        let first = app.insert_account(10, Some(anna.id), "anna@home.example").await.unwrap();
        let second = app.insert_account(11, None, "b@firma.example").await.unwrap();
        let ended = app.insert_account(12, None, "c@firma.example").await.unwrap();
        let hr = app.insert_account(13, None, "d@firma.example").await.unwrap();
        let now = app.now();
        app.write(async |tx| {
            dialect::lock_roles(tx).await?;
            for (account, role, end) in [(first, Role::Admin, None), (second, Role::Admin, Some(now + Duration::days(1))), (ended, Role::Admin, Some(now)), (hr, Role::Hr, None)] {
                roles::grant(tx, now, &granted(account, role, end, None)).await?;
            }
            accounts::set_password_hash(tx, second, "a hash").await
        }).await.unwrap();
        let list = async || roles::list_administrators(&mut app.read().await, now).await.unwrap();
        let [one, two] = list().await.try_into().unwrap();
        assert_eq!((one.account_id, one.can_sign_in, one.end_date, one.time_zone.as_deref()), (first.0, false, Some(START), Some("Europe/Berlin")));
        assert_eq!((two.account_id, two.can_sign_in, two.ends_at, two.end_date), (second.0, true, Some(now + Duration::days(1)), None));
        app.write(async |tx| accounts::disable(tx, now, first, second, "Weg").await).await.unwrap();
        assert_eq!(list().await.len(), 1);
    }

    async fn a_request_is_asked_once_and_ends_once(app) {
        let account = app.insert_account(10, None, "a@firma.example").await.unwrap();
        let admin = app.insert_account(11, None, "b@firma.example").await.unwrap();
        request(app, 1, account, Role::Hr, admin).await.unwrap();
        assert!(is_taken(request(app, 2, account, Role::Hr, admin).await));
        request(app, 3, account, Role::Admin, admin).await.unwrap();
        let (first, now) = (RoleRequestId(id(1)), app.now());
        let found = roles::find_request(&mut app.read().await, first).await.unwrap().unwrap();
        assert_eq!((found.account, found.role, found.requested_by, &*found.requested_by_name), (account, Role::Hr, admin, "Kim Konto"));
        assert_eq!(found.address.as_deref(), Some("a@firma.example"));
        assert_eq!(app.number("select count(*) from role_request where address like '%firma%'").await, 0, "it is sealed");
        let since = async |since| roles::list_requests(&mut app.read().await, since, 10).await.unwrap().len();
        assert_eq!((since(now).await, since(now - Duration::seconds(1)).await), (0, 2));
        let until = async |until| roles::list_lapsed(&mut app.read().await, until, 10).await.unwrap().len();
        assert_eq!((until(now).await, until(now - Duration::seconds(1)).await), (2, 0));
        for who in [account, admin] {
            assert_eq!(roles::list_requests_about(&mut app.read().await, who).await.unwrap().len(), 2);
        }
        let end = async |outcome| app.write(async |tx| roles::end_request(tx, now, first, Some(admin), outcome, Some("Nein")).await).await;
        end(Outcome::Refused).await.unwrap();
        assert!(is_stale(end(Outcome::Approved).await));
        assert_eq!(roles::find_request(&mut app.read().await, first).await.unwrap(), None);
        let ended = async |n| roles::find_ended_request(&mut app.read().await, RoleRequestId(id(n))).await.unwrap();
        assert_eq!(ended(1).await, Some((account, Outcome::Refused)));
        assert_eq!((ended(3).await, ended(9).await), (None, None), "one that waits, and one that never was");
        assert_eq!(app.word("select outcome || ' ' || refusal from role_request where decided_at is not null").await, "refused Nein");
        request(app, 4, account, Role::Hr, admin).await.unwrap();
        assert!(app.tamper("delete from role_request").await.is_err(), "the register forgets nothing");
    }

    async fn an_account_shows_what_it_holds_and_what_waits(app) {
        let account = app.insert_account(10, None, "a@firma.example").await.unwrap();
        let admin = app.insert_account(11, None, "b@firma.example").await.unwrap();
        let now = app.now();
        app.write(async |tx| {
            roles::grant(tx, now, &granted(account, Role::Hr, None, Some(admin))).await?;
            roles::grant(tx, now, &granted(account, Role::Auditor, Some(now), None)).await
        }).await.unwrap();
        request(app, 1, account, Role::Security, admin).await.unwrap();
        let list = async |since| roles::list_of_account(&mut app.read().await, now, since, account).await.unwrap();
        let shown: Vec<_> = list(now - Duration::days(14)).await.into_iter().map(|row| (row.role, row.request_id, row.approved_by_name)).collect();
        assert_eq!(shown, [("hr".to_owned(), None, Some("Kim Konto".to_owned())), ("security".to_owned(), Some(id(1)), None)]);
        assert_eq!(list(now).await.len(), 1, "what lapsed is not shown");
    }

    async fn holders_are_listed_by_name_and_go_on_by_key(app) {
        let now = app.now();
        for n in 10..14 {
            let account = app.insert_account(n, None, &format!("a{n}@firma.example")).await.unwrap();
            app.write(async |tx| roles::grant(tx, now, &granted(account, Role::Hr, None, None)).await).await.unwrap();
        }
        app.write(async |tx| roles::grant(tx, now, &granted(AccountId(id(10)), Role::Security, None, None)).await).await.unwrap();
        app.write(async |tx| accounts::disable(tx, now, AccountId(id(13)), AccountId(id(10)), "Weg").await).await.unwrap();
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let page = roles::list_holders(&mut app.read().await, now, after.as_ref(), 2).await.unwrap();
            seen.extend(page.rows.iter().map(|row| (row.account_id, row.role.clone(), row.address.clone().unwrap())));
            after = page.rows.last().map(|row| (row.sort_name.clone(), AccountId(row.account_id), row.role.clone()));
            if !page.more {
                break;
            }
        }
        let expected = [(10, "hr"), (10, "security"), (11, "hr"), (12, "hr")].map(|(n, role)| (id(n), role.to_owned(), format!("a{n}@firma.example")));
        assert_eq!(seen, expected);
    }

    async fn accounts_are_listed_and_found_with_what_administrators_may_see(app) {
        let mut anna = person(1, "Anna Müller");
        anna.details.work_email = Some(email("anna@firma.example"));
        app.insert_person(&anna).await.unwrap();
        let of_anna = app.insert_account(10, Some(anna.id), "person1@home.example").await.unwrap();
        let other = app.insert_account(11, None, "b@firma.example").await.unwrap();
        let now = app.now();
        app.write(async |tx| {
            roles::grant(tx, now, &granted(other, Role::Hr, None, None)).await?;
            roles::grant(tx, now, &granted(other, Role::Admin, None, None)).await?;
            sessions::insert(tx, now, &session(b"one", of_anna, now + Duration::hours(1))).await
        }).await.unwrap();
        let list = async |words, role, after: Option<accounts::AccountKey>| {
            let page = accounts::list(&mut app.read().await, now, words, role, after.as_ref(), 1).await.unwrap();
            (page.rows.into_iter().map(|row| (row.id, row.address, row.roles)).collect::<Vec<_>>(), page.more)
        };
        let (first, second) = ((of_anna.0, Some("anna@firma.example".to_owned()), None), (other.0, Some("b@firma.example".to_owned()), Some("admin,hr".to_owned())));
        assert_eq!(list("", None, None).await, (vec![first.clone()], true));
        assert_eq!(list("", None, Some(("kim konto".to_owned(), of_anna))).await, (vec![second.clone()], false));
        assert_eq!(list("MULLER", None, None).await, (vec![first], false));
        assert_eq!(list("B@firma.example", None, None).await, (vec![second.clone()], false), "found by the whole address");
        assert_eq!(list("b@firma", None, None).await, (vec![], false), "it is sealed");
        assert_eq!(list("home", None, None).await, (vec![], false), "a private address is not searched");
        assert_eq!(list("", Some(Role::Admin), None).await, (vec![second], false));
        let found = accounts::find(&mut app.read().await, now, of_anna).await.unwrap().unwrap();
        assert_eq!((found.sessions, found.address.as_deref(), found.time_zone.as_deref()), (1, Some("anna@firma.example"), Some("Europe/Berlin")));
        assert_eq!(accounts::find_by_address(&mut app.read().await, &email("b@firma.example")).await.unwrap(), Some(other));
        assert_eq!(accounts::find_by_address(&mut app.read().await, &email("anna@firma.example")).await.unwrap(), None);
        assert_eq!(app.write(async |tx| sessions::delete_of_account(tx, of_anna, None).await).await.unwrap(), 1);
        assert!(sessions::find(&mut app.read().await, alive(now), b"one").await.unwrap().is_empty());
    }

    async fn an_account_is_disabled_and_enabled_once(app) {
        let (account, admin) = (app.insert_account(10, None, "a@firma.example").await.unwrap(), app.insert_account(11, None, "b@firma.example").await.unwrap());
        let now = app.now();
        let disable = async || app.write(async |tx| accounts::disable(tx, now, account, admin, "Weg").await).await;
        let enable = async || app.write(async |tx| accounts::enable(tx, account).await).await;
        assert!(is_stale(enable().await));
        disable().await.unwrap();
        assert!(is_stale(disable().await));
        let found = async || accounts::find(&mut app.read().await, now, account).await.unwrap().unwrap();
        let shut = found().await;
        assert_eq!((shut.disabled_at, shut.disabled_reason.as_deref(), shut.disabled_by_name.as_deref()), (Some(now), Some("Weg"), Some("Kim Konto")));
        enable().await.unwrap();
        assert_eq!((found().await.disabled_at, found().await.disabled_reason), (None, None));
    }

    async fn who_took_an_administrators_rights_is_remembered(app) {
        let (account, admin) = (app.insert_account(10, None, "a@firma.example").await.unwrap(), app.insert_account(11, None, "b@firma.example").await.unwrap());
        let now = app.now();
        let lately = async |by, since| accounts::unseated_lately(&mut app.read().await, by, since).await.unwrap();
        assert!(!lately(admin, now - Duration::days(14)).await);
        app.write(async |tx| accounts::mark_unseated(tx, now, account, Some(admin)).await).await.unwrap();
        assert!(lately(admin, now - Duration::seconds(1)).await);
        assert!(!lately(admin, now).await && !lately(account, now - Duration::days(14)).await);
        assert!(is_stale(app.write(async |tx| accounts::mark_unseated(tx, now, AccountId(id(99)), None).await).await));
    }

    async fn a_last_day_counts_against_everybody_who_stays(app) {
        let (account, admin) = (app.insert_account(10, None, "a@firma.example").await.unwrap(), app.insert_account(11, None, "b@firma.example").await.unwrap());
        let now = app.now();
        app.write(async |tx| accounts::mark_unseated(tx, now, account, None).await).await.unwrap();
        let lately = async |since| accounts::unseated_lately(&mut app.read().await, admin, since).await.unwrap();
        assert!(lately(now - Duration::seconds(1)).await && !lately(now).await);
    }

    async fn the_roles_of_others_are_those_that_they_can_use(app) {
        let (own, other, gone) = (
            app.insert_account(10, None, "a@firma.example").await.unwrap(),
            app.insert_account(11, None, "b@firma.example").await.unwrap(),
            app.insert_account(12, None, "c@firma.example").await.unwrap(),
        );
        let now = app.now();
        for (account, role) in [(own, Role::Admin), (other, Role::Hr), (other, Role::Security), (gone, Role::Auditor)] {
            app.write(async |tx| roles::grant(tx, now, &crate::store_contract::sessions::plain(account, role)).await).await.unwrap();
        }
        app.write(async |tx| accounts::disable(tx, now, gone, own, "Weg").await).await.unwrap();
        let of_others = async |than| roles::list_of_others(&mut app.read().await, now, than).await.unwrap();
        assert_eq!(of_others(own).await, [Role::Hr, Role::Security]);
        assert_eq!(of_others(other).await, [Role::Admin]);
    }

    async fn an_accounts_history_leaves_out_sign_ins(app) {
        let account = app.insert_account(10, None, "a@firma.example").await.unwrap();
        let mut tx = app.begin().await;
        for action in [Action::AccountCreated, Action::SignedIn, Action::RoleGranted, Action::AccountDisabled] {
            let change = Change { actor: None, action, subject: account.0, person: None, detail: json!({}) };
            tx.note(app.now(), change);
        }
        tx.commit().await.unwrap();
        let page = audit::of_account(&mut app.read().await, account, None, 2).await.unwrap();
        let actions: Vec<_> = page.rows.iter().map(|row| &*row.action).collect();
        assert_eq!((actions, page.more), (vec!["account.disabled", "role.granted"], true));
        let rest = audit::of_account(&mut app.read().await, account, page.rows.last().map(|row| row.seq), 2).await.unwrap();
        assert_eq!((rest.rows.len(), &*rest.rows[0].action), (1, "account.created"));
    }

    async fn an_accounts_history_knows_its_factors_and_passwords_and_nobody_elses(app) {
        let (account, admin) = (app.insert_account(10, None, "a@firma.example").await.unwrap(), app.insert_account(11, None, "b@firma.example").await.unwrap());
        let mut tx = app.begin().await;
        for (actor, action, subject) in [
            (account, Action::FactorAdded, id(20)),
            (account, Action::PasswordChanged, account.0),
            (account, Action::PasswordResetRequested, account.0),
            (account, Action::PasswordReset, account.0),
            (admin, Action::AddressChanged, account.0),
            (admin, Action::FactorsReset, account.0),
            (admin, Action::FactorAdded, id(21)),
        ] {
            tx.note(app.now(), Change { actor: Some(actor), action, subject, person: None, detail: json!({ "reason": "Telefon verloren" }) });
        }
        tx.commit().await.unwrap();
        let page = audit::of_account(&mut app.read().await, account, None, 9).await.unwrap();
        let actions: Vec<_> = page.rows.iter().map(|row| &*row.action).collect();
        let all = ["factor.all_removed", "account.address_changed", "account.password_reset", "account.password_reset_requested", "account.password_changed", "factor.added"];
        assert_eq!(actions, all);
        assert!(page.rows[0].detail.as_deref().unwrap().contains("Telefon verloren"));
    }
}
