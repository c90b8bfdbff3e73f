//! Accounts and their roles.

use super::{email, id, is_stale, is_taken, person, sessions::plain};
use crate::fixture::stories;
use antritt::{
    domain::{audit::Action, ids::AccountId, locale::Locale, roles::Role},
    server::store::{Author, StoreError, accounts, audit::Change, roles, sessions},
};
use serde_json::json;

stories! {
    async fn an_account_is_found_by_its_address_and_by_its_person(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let account = app.insert_account(10, Some(anna.id), "anna@home.example").await.unwrap();
        let db = &mut app.read().await;
        assert_eq!(accounts::find_of_person(db, anna.id).await.unwrap(), Some(account));
        assert!(is_taken(app.insert_account(11, None, "anna@home.example").await));
        assert!(is_taken(app.insert_account(12, Some(anna.id), "other@home.example").await), "one account per person");
    }

    async fn a_change_is_committed_while_its_author_is_signed_in_and_holds_what_they_held(app) {
        let kim = app.insert_account(10, None, "kim@firma.example").await.unwrap();
        app.write(async |tx| roles::grant(tx, app.now(), &plain(kim, Role::Hr)).await).await.unwrap();
        let author = Author { account: kim, person: None, epoch: accounts::find_epoch(&mut app.read().await, kim).await.unwrap() };
        let change = || Change { actor: Some(kim), action: Action::AccountRenamed, subject: kim.0, person: None, detail: json!({}) };
        let commit = async |author| {
            let mut tx = app.store.begin_by(author).await.unwrap();
            tx.note(app.now(), change());
            tx.commit().await
        };
        let trail = async || app.number("select count(*) from audit_entry").await;
        let before = trail().await;
        commit(author).await.unwrap();
        app.write(async |tx| roles::delete(tx, kim, Role::Hr).await).await.unwrap();
        assert!(matches!(commit(author).await, Err(StoreError::SignedOut)), "a right is gone");
        let author = Author { epoch: author.epoch + 1, ..author };
        commit(author).await.unwrap();
        let mut own = app.store.begin_by(author).await.unwrap();
        sessions::delete_of_account(&mut own, kim, None).await.unwrap();
        own.note(app.now(), change());
        own.commit().await.expect("whoever ends their own sessions was signed in");
        assert!(matches!(commit(author).await, Err(StoreError::SignedOut)));
        assert_eq!(trail().await, before + 3, "what was refused left no entry");
    }

    async fn sign_in_knows_the_work_address_too_and_prefers_the_accounts_own(app) {
        let mut anna = person(1, "Anna");
        anna.details.work_email = Some(email("anna@firma.example"));
        app.insert_person(&anna).await.unwrap();
        let of_anna = app.insert_account(10, Some(anna.id), "person1@home.example").await.unwrap();
        let own = app.insert_account(11, None, "anna@firma.example").await.unwrap();
        let found = async |address| accounts::find_for_sign_in(&mut app.read().await, &email(address)).await.unwrap().map(|found| AccountId(found.id));
        assert_eq!(found("person1@home.example").await, Some(of_anna));
        assert_eq!(found("anna@firma.example").await, Some(own));
        assert_eq!(found("nobody@firma.example").await, None);
        app.write(async |tx| accounts::disable_of_person(tx, app.now(), anna.id).await).await.unwrap();
        assert_eq!(found("person1@home.example").await, None, "a disabled account cannot sign in");
    }

    async fn the_first_password_is_set_once(app) {
        let account = app.insert_account(10, None, "a@firma.example").await.unwrap();
        let set = async |hash: &'static str| app.write(async |tx| accounts::set_first_password_hash(tx, account, hash).await).await;
        set("one").await.unwrap();
        assert!(is_stale(set("two").await));
        assert_eq!(app.word("select password_hash from account").await, "one");
    }

    async fn an_account_without_a_person_is_adopted_by_its_address_only(app) {
        let mut anna = person(1, "Anna");
        anna.details.work_email = Some(email("anna@firma.example"));
        app.insert_person(&anna).await.unwrap();
        let own = app.insert_account(10, None, "anna@firma.example").await.unwrap();
        app.insert_account(11, None, "ben@firma.example").await.unwrap();
        let adopt = async |tx: &mut antritt::server::store::Tx| accounts::adopt(tx, anna.id, &anna.details.private_email, anna.details.work_email.as_ref()).await;
        app.write(adopt).await.unwrap();
        assert_eq!(accounts::find_of_person(&mut app.read().await, anna.id).await.unwrap(), Some(own));
        assert_eq!(app.number("select count(*) from account where person_id is not null").await, 1);
    }

    async fn an_account_with_rights_is_adopted_by_nobody_and_takes_its_person_itself(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let own = app.insert_account(10, None, "person1@home.example").await.unwrap();
        app.write(async |tx| roles::grant(tx, app.now(), &plain(own, Role::Admin)).await).await.unwrap();
        app.write(async |tx| accounts::adopt(tx, anna.id, &anna.details.private_email, None).await).await.unwrap();
        let to_take = async || accounts::find_person_to_take(&mut app.read().await, own).await.unwrap();
        assert_eq!((accounts::find_of_person(&mut app.read().await, anna.id).await.unwrap(), to_take().await), (None, Some(anna.id)));
        let take = async || app.write(async |tx| accounts::take_person(tx, own, anna.id).await).await;
        take().await.unwrap();
        assert!(is_stale(take().await));
        assert_eq!((accounts::find_of_person(&mut app.read().await, anna.id).await.unwrap(), to_take().await), (Some(own), None));
    }

    async fn an_account_is_the_person_behind_it_or_else_whoever_has_its_address(app) {
        let (mut anna, ben) = (person(1, "Anna"), person(2, "Ben"));
        anna.details.work_email = Some(email("anna@firma.example"));
        app.insert_person(&anna).await.unwrap();
        app.insert_person(&ben).await.unwrap();
        let apart = [(10, "person1@home.example"), (11, "anna@firma.example")];
        let persons = async |account| accounts::list_persons(&mut app.read().await, account).await.unwrap();
        for (n, address) in apart {
            let account = app.insert_account(n, None, address).await.unwrap();
            assert_eq!(persons(account).await, [anna.id], "{address}");
        }
        let connected = app.insert_account(12, Some(ben.id), "ben@firma.example").await.unwrap();
        assert_eq!(persons(connected).await, [ben.id]);
        let nobody = app.insert_account(13, None, "x@firma.example").await.unwrap();
        assert_eq!((persons(nobody).await, persons(AccountId(id(14))).await), (Vec::new(), Vec::new()));
    }

    async fn an_account_is_held_while_none_of_its_sessions_were_ended(app) {
        let account = app.insert_account(10, None, "a@firma.example").await.unwrap();
        let epoch = async || accounts::find_epoch(&mut app.read().await, account).await.unwrap();
        let is_at = async |epoch| accounts::is_at(&mut app.read().await, account, epoch).await.unwrap();
        assert!(is_at(epoch().await).await && !is_at(epoch().await + 1).await);
        let hold = async |epoch| app.write(async |tx| accounts::hold_at(tx, account, epoch).await).await;
        let before = epoch().await;
        hold(before).await.unwrap();
        app.write(async |tx| crate::store_contract::sessions::end_all(tx, account).await).await.unwrap();
        assert_eq!(epoch().await, before + 1);
        assert!(is_stale(hold(before).await));
        hold(before + 1).await.unwrap();
        app.write(async |tx| accounts::disable(tx, app.now(), account, account, "Weg").await).await.unwrap();
        assert!(is_stale(hold(before + 1).await));
    }

    async fn an_account_begins_afresh_under_another_address_without_a_password(app) {
        let account = app.insert_account(10, None, "a@home.example").await.unwrap();
        app.write(async |tx| accounts::set_password_hash(tx, account, "hash").await).await.unwrap();
        app.write(async |tx| accounts::begin_afresh(tx, account, &email("a@firma.example")).await).await.unwrap();
        let owner = accounts::find_owner(&mut app.read().await, account).await.unwrap().unwrap();
        assert_eq!((&*owner.email, owner.password_hash), ("a@firma.example", None));
        assert!(is_stale(app.write(async |tx| accounts::begin_afresh(tx, AccountId(id(99)), &email("b@firma.example")).await).await));
    }

    async fn a_role_is_held_while_it_is_granted(app) {
        let account = app.insert_account(10, None, "a@firma.example").await.unwrap();
        assert!(!accounts::holds_role(&mut app.read().await, app.now(), account).await.unwrap());
        app.write(async |tx| roles::grant(tx, app.now(), &plain(account, Role::Hr)).await).await.unwrap();
        assert!(accounts::holds_role(&mut app.read().await, app.now(), account).await.unwrap());
    }

    async fn passwords_and_languages_are_set_on_accounts_that_exist(app) {
        let account = app.insert_account(10, None, "a@firma.example").await.unwrap();
        app.write(async |tx| accounts::set_password_hash(tx, account, "a hash").await).await.unwrap();
        app.write(async |tx| accounts::set_language(tx, account, Locale::De).await).await.unwrap();
        let found = accounts::find_for_sign_in(&mut app.read().await, &email("a@firma.example")).await.unwrap().unwrap();
        assert_eq!((found.password_hash.as_deref(), found.has_factor), (Some("a hash"), false));
        assert_eq!(app.word("select language from account").await, "de");
        let nobody = AccountId(id(99));
        assert!(is_stale(app.write(async |tx| accounts::set_password_hash(tx, nobody, "x").await).await));
        assert!(is_stale(app.write(async |tx| accounts::set_language(tx, nobody, Locale::De).await).await));
    }

    async fn an_account_is_known_with_its_person_until_it_is_disabled(app) {
        let mut anna = person(1, "Anna");
        anna.details.work_email = Some(email("anna@firma.example"));
        app.insert_person(&anna).await.unwrap();
        let (of_anna, other) = (app.insert_account(10, Some(anna.id), "anna@home.example").await.unwrap(), app.insert_account(11, None, "a@firma.example").await.unwrap());
        let owner = async |id| accounts::find_owner(&mut app.read().await, id).await.unwrap();
        let found = owner(of_anna).await.unwrap();
        assert_eq!((found.id, found.person_id, &*found.email, &*found.name, &*found.language), (of_anna.0, Some(anna.id.0), "anna@home.example", "Kim Konto", "en"));
        let of_person = [found.private_email, found.work_email, found.department, found.password_hash];
        assert_eq!(of_person.map(Option::unwrap_or_default), ["person1@home.example", "anna@firma.example", "Engineering", ""]);
        assert_eq!(owner(other).await.unwrap().person_id, None);
        app.write(async |tx| accounts::disable_of_person(tx, app.now(), anna.id).await).await.unwrap();
        assert_eq!((owner(of_anna).await, owner(AccountId(id(99))).await), (None, None));
    }

    async fn a_password_is_replaced_only_while_it_is_the_one_that_was_checked(app) {
        let account = app.insert_account(10, None, "a@firma.example").await.unwrap();
        let replace = async |old: &'static str, new: &'static str| app.write(async |tx| accounts::replace_password_hash(tx, account, old, new).await).await;
        assert!(is_stale(replace("", "one").await), "there is none yet");
        app.write(async |tx| accounts::set_password_hash(tx, account, "one").await).await.unwrap();
        replace("one", "two").await.unwrap();
        assert!(is_stale(replace("one", "three").await));
        assert_eq!(app.word("select password_hash from account").await, "two");
    }

    async fn an_account_of_nobody_is_renamed(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let (of_anna, own) = (app.insert_account(10, Some(anna.id), "anna@home.example").await.unwrap(), app.insert_account(11, None, "a@firma.example").await.unwrap());
        let rename = async |id, name: &'static str| app.write(async |tx| accounts::rename(tx, id, name).await).await.unwrap();
        assert!(rename(own, "Örtel").await && !rename(own, "Örtel").await, "once");
        assert!(!rename(of_anna, "Örtel").await && !rename(AccountId(id(99)), "Örtel").await);
        assert_eq!(app.word("select name || ' ' || sort_name from account where person_id is null").await, "Örtel ortel");
    }

    async fn an_account_follows_its_person(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        app.insert_account(10, Some(anna.id), "old@home.example").await.unwrap();
        app.write(async |tx| accounts::follow_person(tx, anna.id, &email("new@home.example"), "Anna Neu").await).await.unwrap();
        assert_eq!(app.word("select name || ' ' || email from account").await, format!("Anna Neu {}", app.store.vault().seal_address("new@home.example")));
        app.insert_account(11, None, "taken@home.example").await.unwrap();
        assert!(is_taken(app.write(async |tx| accounts::follow_person(tx, anna.id, &email("taken@home.example"), "Anna").await).await));
    }
}
