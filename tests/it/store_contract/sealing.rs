//! The vault's side of the store: which key a database is sealed with, and how everything is sealed anew or nothing at all.

use super::{email, id, is_stale, person};
use crate::fixture::stories;
use antritt::{
    domain::{
        assignment::State,
        audit::Action,
        evidence::{Evidence, Proof},
        ids::{InvitationId, MemberListId, RoleRequestId},
        member::{Listing, MemberStatus, TwoStep, Vendor},
        requirement::RequirementKind,
        roles::Role,
    },
    server::{
        config::Key,
        store::{
            StoreError,
            audit::{Change, verify},
            evidence, invitations, outbox, people,
            roles::{self, NewRequest},
            sealing,
        },
        vault::Vault,
    },
};
use serde_json::json;
use time::Duration;

fn another() -> Vault {
    Vault::new(&Key::from_secret(b"another"))
}

fn change() -> Change {
    Change {
        actor: None,
        action: Action::PersonChanged,
        subject: id(1),
        person: None,
        detail: json!({}),
    }
}

stories! {
    async fn a_database_says_by_which_key_it_is_sealed(app) {
        let ours = app.store.vault().fingerprint().to_owned();
        assert_eq!(sealing::find_fingerprint(&mut app.read().await).await.unwrap(), Some(ours.clone()));
        assert_ne!(ours, another().fingerprint());
        let mut tx = app.begin().await;
        assert_eq!(sealing::begin(&mut tx).await.unwrap(), Some(ours));
        assert_eq!(sealing::find_fingerprint(&mut tx).await.unwrap(), None, "until it is done, it is nobody's");
    }

    async fn sealing_anew_is_all_or_nothing(app) {
        let mut anna = person(1, "Anna");
        anna.details.work_email = Some(email("anna@firma.example"));
        app.insert_person(&anna).await.unwrap();
        let mut tx = app.begin().await;
        sealing::begin(&mut tx).await.unwrap();
        assert!(sealing::reseal(&mut tx, Some(app.store.vault()), &another()).await.unwrap() >= 2);
        assert_eq!(people::find_by_email(&mut tx, &email("anna@firma.example")).await.unwrap(), Some(anna.clone()), "the transaction goes on with the new key");
        drop(tx);
        assert_eq!(people::find_by_email(&mut app.read().await, &email("anna@firma.example")).await.unwrap(), Some(anna.clone()));
        assert_eq!(verify(&mut app.read().await).await.unwrap(), app.audit_entries().await);
        let mut tx = app.begin().await;
        sealing::begin(&mut tx).await.unwrap();
        let refused = sealing::reseal(&mut tx, Some(&another()), &another()).await;
        assert!(matches!(refused, Err(StoreError::Corrupt(_))), "what does not open is not thrown away");
    }

    async fn the_address_that_a_role_is_asked_for_is_sealed_anew_too(app) {
        let (account, by) = (app.insert_account(10, None, "a@firma.example").await.unwrap(), app.insert_account(11, None, "b@firma.example").await.unwrap());
        let request = |n, role, address| NewRequest { id: RoleRequestId(id(n)), account, role, reason: "Vertretung", ends_at: None, address, by };
        for new in [request(1, Role::Hr, Some("a@firma.example")), request(2, Role::Admin, None)] {
            app.write(async |tx| roles::insert_request(tx, app.now(), &new).await).await.unwrap();
        }
        let mut tx = app.begin().await;
        sealing::begin(&mut tx).await.unwrap();
        sealing::reseal(&mut tx, Some(app.store.vault()), &another()).await.unwrap();
        let mut addresses = Vec::new();
        for n in [1, 2] {
            addresses.push(roles::find_request(&mut tx, RoleRequestId(id(n))).await.unwrap().unwrap().address);
        }
        assert_eq!(addresses, [Some("a@firma.example".to_owned()), None]);
    }

    async fn more_rows_than_one_batch_are_each_sealed_once(app) {
        let mut tx = app.begin().await;
        for n in 0..1_201 {
            people::insert(&mut tx, app.now(), &person(n, "Somebody"), app.now()).await.unwrap();
        }
        tx.commit_housekeeping().await.unwrap();
        let entries = u64::try_from(app.audit_entries().await).unwrap();
        let mut tx = app.begin().await;
        sealing::begin(&mut tx).await.unwrap();
        assert_eq!(sealing::reseal(&mut tx, Some(app.store.vault()), &another()).await.unwrap(), 1_201 + entries);
        let everyone = people::list_all(&mut tx).await.unwrap();
        assert_eq!((everyone.len(), everyone[1_200].details.private_email.as_str()), (1_201, "person1200@home.example"));
    }

    async fn nobody_commits_with_a_key_that_is_not_the_databases(app) {
        let stranger = app.with_key(Key::from_secret(b"another"));
        let entries = app.audit_entries().await;
        let mut tx = stranger.begin().await;
        people::insert(&mut tx, app.now(), &person(1, "Anna"), app.now()).await.unwrap();
        tx.note(app.now(), change());
        assert!(matches!(tx.commit().await, Err(StoreError::OtherKey)));
        assert_eq!((people::count(&mut app.read().await).await.unwrap(), app.audit_entries().await), (0, entries));
        app.store.fold_log().await.unwrap();
    }

    async fn evidence_is_let_go_of_only_while_it_is_sealed_anew(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let item = app.insert_item(&anna, RequirementKind::PasswordManager, State::Open, false).await;
        let proof = Proof::PasswordManagerMember {
            list: MemberListId(id(5)),
            vendor: Vendor::Bitwarden,
            email: "person1@home.example".into(),
            listing: Listing { status: MemberStatus::Active, two_step: TwoStep::On },
        };
        let proven = Evidence { at: app.now(), recorded_at: app.now(), recorded_by: None, proof };
        app.write(async |tx| evidence::insert(tx, item, &proven).await).await.unwrap();
        assert!(!app.word("select body from evidence").await.contains("home.example"));
        assert_eq!(app.evidence(item).await, std::slice::from_ref(&proven));
        assert!(app.tamper("update evidence set body = '{}'").await.is_err());
        app.tamper("update audit_head set key_check = null").await.unwrap();
        for change in ["update evidence set body = body, kind = 'quiz_pass'", "update evidence set recorded_at = at, at = '2020-01-01 00:00:00Z'", "delete from evidence"] {
            assert!(app.tamper(change).await.is_err(), "{change}");
        }
        assert!(app.tamper("update evidence set body = body").await.is_ok());
        app.tamper(&format!("update audit_head set key_check = '{}'", app.store.vault().fingerprint())).await.unwrap();
    }

    async fn links_that_can_still_be_opened_get_another_token_and_their_mail_goes_out_again(app) {
        let (anna, ben) = (person(1, "Anna"), person(2, "Ben"));
        app.insert_person(&anna).await.unwrap();
        app.insert_person(&ben).await.unwrap();
        let (live, used) = (InvitationId(id(7)), InvitationId(id(8)));
        let end = app.now() + Duration::days(14);
        for (link, whose, hash) in [(live, &anna, b"one"), (used, &ben, b"two")] {
            app.write(async |tx| {
                invitations::insert(tx, app.now(), link, whose.id, hash, None, end).await?;
                outbox::insert_invitation(tx, app.now(), whose.id, link, whose.details.private_email.as_str(), whose.details.language).await
            }).await.unwrap();
        }
        let sent = app.write(async |tx| outbox::lease(tx, app.now(), end, 9).await).await.unwrap();
        for mail in &sent {
            app.write(async |tx| outbox::mark_sent(tx, app.now(), mail.id).await).await.unwrap();
        }
        app.write(async |tx| invitations::mark_used(tx, app.now(), used).await).await.unwrap();
        assert_eq!(invitations::list_live(&mut app.read().await, app.now()).await.unwrap(), [live]);
        assert_eq!(invitations::list_live(&mut app.read().await, end).await.unwrap(), []);
        app.write(async |tx| invitations::replace_token(tx, live, b"new").await).await.unwrap();
        assert!(is_stale(app.write(async |tx| invitations::replace_token(tx, InvitationId(id(9)), b"x").await).await));
        let find = async |hash: &'static [u8]| invitations::find(&mut app.read().await, hash).await.unwrap().map(|link| link.id);
        assert_eq!((find(b"one").await, find(b"new").await, find(b"two").await), (None, Some(live.0), Some(used.0)));
        assert_eq!(app.write(async |tx| outbox::send_again(tx, app.now()).await).await.unwrap(), 1);
        let again = app.write(async |tx| outbox::lease(tx, app.now(), end, 9).await).await.unwrap();
        assert_eq!(again.iter().map(|mail| mail.recipient.as_str()).collect::<Vec<_>>(), ["person1@home.example"]);
    }
}
