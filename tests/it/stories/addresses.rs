//! Addresses of people who have an account: nobody who changes one gets a way in by it unheard.

use super::import;
use crate::fixture::{
    TestApp,
    client::{Answer, Client},
    people::NewPerson,
    stories,
};
use antritt::{
    api::{
        account::ResetPassword,
        done::Said,
        error::ApiError,
        imports::ApplyImport,
        invitations::{AcceptInvitation, RequestLink},
        people::ChangePerson,
        sessions::Prove,
    },
    domain::{audit::Action, ids::PersonId, locale::Locale, problem::Conflict, roles::Role},
    server::store::audit,
    ui::texts::hr as texts,
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use time::Duration;

const PRIVATE: &str = "anna.muster@home.example";
const WORK: &str = "anna@firma.example";
const EVIL: &str = "mine@evil.example";
const PASSWORD: &str = "vier zufällige Wörter";

/// Anna's details as they are on record.
fn details<'a>() -> NewPerson<'a> {
    NewPerson {
        work_email: WORK,
        ..NewPerson::named("Anna Muster")
    }
}

/// The same with another private address.
fn moved<'a>() -> NewPerson<'a> {
    NewPerson {
        private_email: EVIL.to_owned(),
        ..details()
    }
}

/// Anna has an account, and is signed in.
async fn anna(app: &TestApp) -> (PersonId, Client) {
    let anna = app.add(&details()).await;
    (anna, app.sign_in_by_link(anna).await)
}

async fn change(hr: &Client, person: PersonId, to: &NewPerson<'_>) -> Answer {
    let id = person.to_string();
    let fields: Vec<_> = [("id", &*id)].into_iter().chain(to.fields()).collect();
    hr.post_form_from("/people", ChangePerson::PATH, &fields).await
}

/// To whom mails went that tell of a changed address, since so many had gone.
async fn told_since(app: &TestApp, before: usize) -> BTreeSet<String> {
    let mut mails = app.mails().await;
    let told = mails.split_off(before).into_iter().map(|delivered| delivered.mail);
    told.filter(|mail| mail.subject == "Ihre Adresse bei Antritt wurde geändert")
        .map(|mail| {
            assert!(mail.text.contains("23.11.2026 um 10:") && mail.link.is_none(), "{}", mail.text);
            assert!(
                ![PRIVATE, WORK, EVIL].iter().any(|address| mail.text.contains(address)),
                "it names no address: {}",
                mail.text
            );
            mail.recipient
        })
        .collect()
}

fn set(addresses: [&str; 2]) -> BTreeSet<String> {
    addresses.map(str::to_owned).into()
}

async fn is_signed_out(client: &Client) -> bool {
    client.get("/checklist").await.location().starts_with("/sign-in")
}

stories! {
    async fn an_address_by_which_somebody_gets_in_wants_a_fresh_proof(app) {
        app.account("hr@company.example", Some(Role::Hr), Some(PASSWORD)).await;
        let (anna, own) = anna(app).await;
        let ben = app.person("Ben Bote", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        app.clock.advance(Duration::minutes(10));
        for to in [moved(), NewPerson { work_email: "anna@evil.example", ..details() }, NewPerson { work_email: "", ..details() }] {
            assert_eq!(change(&hr, anna, &to).await.location(), "/account/prove?next=/people");
        }
        let elsewhere = NewPerson { department: "Legal", ..details() };
        assert_eq!(change(&hr, anna, &elsewhere).await.said(), Said::PersonChanged, "anything else wants none");
        let corrected = NewPerson { private_email: "ben@post.example".to_owned(), ..NewPerson::named("Ben Bote") };
        assert_eq!(change(&hr, ben, &corrected).await.said(), Said::PersonChanged, "nor does who has no account");
        assert_eq!(app.record(anna).await.details.private_email.as_str(), PRIVATE);
        assert!(!is_signed_out(&own).await);

        change(&hr, anna, &moved()).await;
        let proved = hr.post_form(Prove::PATH, &[("password", PASSWORD), ("next", "/people")]).await;
        assert_eq!((proved.location(), proved.refusal()), ("/people", ApiError::ProveAgain));
        assert!(format!("{:?}", proved.flash()).contains(EVIL), "what was typed is still there");
        assert_eq!(change(&hr, anna, &moved()).await.said(), Said::PersonChanged);
        assert_eq!(app.record(anna).await.details.private_email.as_str(), EVIL);
    }

    async fn whose_address_changed_hears_of_it_where_they_were_reached_and_nothing_stays_open(app) {
        let (anna, own) = anna(app).await;
        let hr = app.hr().await;
        let link = app.new_token_of(anna).await;
        let calendar = crate::stories::calendar::make(&own, "own").await;
        assert_eq!(app.visitor().get(&calendar).await.status, StatusCode::OK);
        let before = app.mails().await.len();
        assert_eq!(change(&hr, anna, &moved()).await.said(), Said::PersonChanged);
        assert!(is_signed_out(&own).await);
        let opened = app.visitor().post_form(AcceptInvitation::PATH, &[("token", &link)]).await;
        assert_eq!(opened.refusal(), ApiError::Conflict(Conflict::LinkExpired));
        assert_eq!(app.visitor().get(&calendar).await.status, StatusCode::NOT_FOUND, "nor does a calendar");
        assert_eq!(told_since(app, before).await, set([PRIVATE, WORK]));

        let own = app.signed_in_person(anna).await;
        let before = app.mails().await.len();
        assert_eq!(change(&hr, anna, &details()).await.said(), Said::PersonChanged);
        assert!(is_signed_out(&own).await, "whoever got in by it is out when it is changed back");
        assert_eq!(told_since(app, before).await, set([EVIL, WORK]));
    }

    async fn a_changed_work_address_ends_a_link_for_a_new_password(app) {
        let (anna, own) = anna(app).await;
        app.set_password(&own, PASSWORD).await.said();
        let visitor = app.elsewhere(|settings| settings.sends_mail = true);
        visitor.post_form_from("/sign-in", RequestLink::PATH, &[("email", PRIVATE)]).await.said();
        let token = app.reset_tokens_of(PRIVATE).await.remove(0);
        let before = app.mails().await.len();
        change(&app.hr().await, anna, &NewPerson { work_email: "neu@firma.example", ..details() }).await.said();
        let new = "wolke treppe kanne laterne";
        let reset = visitor.post_form(ResetPassword::PATH, &[("token", &*token), ("password", new), ("repeated", new)]).await;
        assert_eq!(reset.refusal(), ApiError::Conflict(Conflict::LinkExpired));
        assert_eq!(told_since(app, before).await, set([PRIVATE, WORK]));
    }

    async fn a_changed_address_is_a_security_event_and_private_ones_stay_hrs(app) {
        let (anna, _) = anna(app).await;
        let hr = app.hr().await;
        change(&hr, anna, &NewPerson { department: "Legal", ..moved() }).await.said();
        let seq = app.number("select max(seq) from audit_entry where action = 'account.address_changed'").await;
        let entry = audit::find(&mut app.read().await, seq).await.unwrap().unwrap();
        let detail: Value = serde_json::from_str(&entry.detail.unwrap()).unwrap();
        assert_eq!(detail, json!({ "fields": ["private_email"], "private_email": { "from": PRIVATE, "to": EVIL } }));
        let rest = app.number("select max(seq) from audit_entry where action = 'person.changed'").await;
        let rest = audit::find(&mut app.read().await, rest).await.unwrap().unwrap();
        assert_eq!(rest.detail.as_deref(), Some(r#"{"fields":["department"]}"#), "nothing is noted twice");

        let words = texts::action(Locale::En, Action::AddressChanged);
        assert!(hr.get(&format!("/people/{anna}")).await.body.contains(words));
        for reader in [app.admin().await, app.security().await] {
            let list = reader.get("/admin/events?kind=account.address_changed").await.body;
            assert!(list.contains(words) && list.contains("about Anna Muster"), "{list}");
            let page = reader.get(&format!("/admin/events/{seq}")).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.body.contains("a…@home.example") && page.body.contains("m…@evil.example"), "{}", page.body);
            assert!(!page.body.contains(PRIVATE) && !page.body.contains(EVIL), "{}", page.body);
        }
    }

    async fn taking_a_list_over_wants_a_fresh_proof_and_changes_no_address_unheard(app) {
        let (_, own) = anna(app).await;
        let hr = app.hr().await;
        let row = format!("Anna Muster;{EVIL};{WORK};angestellt;DE;Engineering;Engineer;;01.12.2026;Europe/Berlin");
        let id = import::upload(&hr, import::file(&[&row]).as_bytes()).await;
        app.clock.advance(Duration::minutes(10));
        let preview = format!("/people/import/{id}");
        let refused = hr.post_form_from(&preview, ApplyImport::PATH, &[("id", &*id)]).await;
        assert_eq!(refused.location(), format!("/account/prove?next={preview}"));
        assert!(!is_signed_out(&own).await);
        let before = app.mails().await.len();
        let applied = app.hr().await.post_form(ApplyImport::PATH, &[("id", &*id)]).await;
        assert_eq!(applied.said(), Said::Imported { new: 0, changed: 1, unchanged: 0, invited: false });
        assert!(is_signed_out(&own).await);
        assert_eq!(told_since(app, before).await, set([PRIVATE, WORK]));
    }
}
