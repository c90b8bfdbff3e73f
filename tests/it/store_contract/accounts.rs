//! Accounts and their roles.

use super::{email, id, is_stale, is_taken, person, sessions::plain};
use crate::fixture::stories;
use antritt::{
    domain::{ids::AccountId, locale::Locale, roles::Role},
    server::store::{accounts, roles},
};

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
        assert_eq!(found.password_hash.as_deref(), Some("a hash"));
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
