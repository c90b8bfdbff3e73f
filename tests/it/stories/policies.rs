//! Policies: accepted in exactly the version and language that was shown.

use crate::fixture::{client, stories};
use antritt::{
    api::{done::Said, error::ApiError, policies::AcceptPolicy},
    domain::{
        assignment::State,
        evidence::Proof,
        ids::DocumentVersionId,
        locale::Locale,
        problem::{Conflict, FieldProblem, Problem},
        requirement::{Material, RequirementKind},
    },
    server::{service::documents::consent, store::documents},
};
use leptos::server_fn::ServerFn;
use sha2::{Digest, Sha256};
use time::Duration;
use uuid::Uuid;

stories! {
    async fn an_acceptance_keeps_version_language_hash_consent_and_origin(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        let item = app.item(anna, RequirementKind::Policy).await;
        let opened_at = app.now();
        let opened = app.opened(&item, Locale::En).await;
        app.clock.advance(Duration::minutes(7));
        let fields = [("id", &*item.id.to_string()), ("opened", &opened), ("consents", "on")];
        let answer = reader.post_form(AcceptPolicy::PATH, &fields).await;
        assert_eq!((answer.said(), answer.location()), (Said::PolicyAccepted, "/checklist"));

        let Material::Document(document) = item.material else { panic!("no text") };
        let version = documents::find_newest(&mut app.read().await, document).await.unwrap().unwrap();
        let [acceptance] = app.evidence(item.id).await.try_into().unwrap();
        assert_eq!(acceptance.at, app.now());
        let Proof::PolicyAcceptance { shown, origin } = acceptance.proof else { panic!("no acceptance") };
        assert_eq!((shown.version, shown.language, shown.opened_at), (version.id, Locale::En, opened_at));
        assert_eq!(shown.sha256[..], Sha256::digest(format!("{}\n{}", version.title.en, version.body.en))[..]);
        assert_eq!(shown.consent, consent(RequirementKind::Policy, Locale::En));
        assert_eq!((&*origin.ip, &*origin.user_agent), (client::IP, client::AGENT));
        let hash = app.number("select count(*) from evidence where sha256 is not null and language = 'en' and document_version_id is not null").await;
        assert_eq!(hash, 1);
        assert_eq!(app.item(anna, RequirementKind::Policy).await.state, State::Done { submitted: None, at: app.now() });
    }

    async fn a_second_acceptance_from_a_stale_tab_changes_nothing(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        let item = app.item(anna, RequirementKind::Policy).await;
        app.accept_policy(&reader, &item).await.said();
        let (before, entries) = (app.item(anna, RequirementKind::Policy).await, app.audit_entries().await);
        app.clock.advance(Duration::hours(1));
        assert_eq!(app.accept_policy(&reader, &item).await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
        assert_eq!((app.item(anna, RequirementKind::Policy).await, app.audit_entries().await), (before, entries));
    }

    async fn a_seal_that_was_altered_borrowed_or_left_out_is_refused(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        let items: Vec<_> = app.items(anna).await.into_iter().filter(|item| item.kind == RequirementKind::Policy).collect();
        let own = app.opened(&items[0], Locale::En).await;
        let others = app.opened(&items[1], Locale::En).await;
        for forged in [own.replacen(".en.", ".de.", 1), others, String::new(), "....".into()] {
            let fields = [("id", &*items[0].id.to_string()), ("opened", &forged), ("consents", "on")];
            assert_eq!(reader.post_form(AcceptPolicy::PATH, &fields).await.refusal(), ApiError::NotFound, "{forged}");
        }
        assert_eq!(app.item(anna, RequirementKind::Policy).await.state, State::Open);
    }

    async fn a_text_replaced_while_it_was_read_has_to_be_read_again(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        let item = app.item(anna, RequirementKind::Policy).await;
        let opened = app.opened(&item, Locale::De).await;
        let Material::Document(document) = item.material else { panic!("no text") };
        let mut version = documents::find_newest(&mut app.read().await, document).await.unwrap().unwrap();
        version.id = DocumentVersionId(Uuid::from_u128(99));
        version.number = 2;
        let mut tx = app.begin().await;
        documents::insert_version(&mut tx, &version).await.unwrap();
        tx.commit_housekeeping().await.unwrap();
        let fields = [("id", &*item.id.to_string()), ("opened", &opened), ("consents", "on")];
        assert_eq!(reader.post_form(AcceptPolicy::PATH, &fields).await.refusal(), ApiError::Conflict(Conflict::NewerVersion));
        assert_eq!(app.accept_policy(&reader, &item).await.said(), Said::PolicyAccepted);
    }

    async fn without_the_tick_nothing_is_accepted(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let reader = app.sign_in_by_link(anna).await;
        let item = app.item(anna, RequirementKind::Policy).await;
        let fields = [("id", &*item.id.to_string()), ("opened", &*app.opened(&item, Locale::De).await)];
        let expected = vec![FieldProblem::new("consents", Problem::ConsentMissing)];
        assert_eq!(reader.post_form(AcceptPolicy::PATH, &fields).await.refusal(), ApiError::Invalid(expected));
        assert_eq!(app.item(anna, RequirementKind::Policy).await.state, State::Open);
    }

    async fn an_acceptance_after_the_fourteenth_day_is_late(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        app.clock.set(time::macros::datetime!(2026-12-15 22:59 UTC));
        app.hr().await.post_form("/api/invitations/send", &[("person", &anna.to_string())]).await.said();
        let reader = app.sign_in_by_link(anna).await;
        let items: Vec<_> = app.items(anna).await.into_iter().filter(|item| item.kind == RequirementKind::Policy).collect();
        app.accept_policy(&reader, &items[0]).await.said();
        app.clock.advance(Duration::minutes(1));
        app.accept_policy(&reader, &items[1]).await.said();
        let items: Vec<_> = app.items(anna).await.into_iter().filter(|item| item.kind == RequirementKind::Policy).collect();
        assert_eq!((items[0].late, items[1].late), (false, true));
    }
}
