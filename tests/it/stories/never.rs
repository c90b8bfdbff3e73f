//! What never happens, whatever people do in whatever order: an acceptance is lost, a late item becomes punctual, an item is done
//! and open at once.

use crate::fixture::{Db, TestApp};
use antritt::{
    api::{
        nda::{ConfirmNda, WithdrawNda},
        people::MoveStart,
    },
    domain::{
        assignment::State,
        ids::{AssignmentId, DocumentId, PersonId, RequirementId},
        person::iso_date,
        requirement::{Material, RequirementKind as Kind},
    },
    server::{
        service::{renewals, rows::Assignment},
        store::{assignments::list_earlier_cycles, evidence},
    },
};
use leptos::server_fn::ServerFn;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use std::collections::{BTreeMap, BTreeSet};
use time::Duration;

/// Sequences that are tried; each is a fresh installation.
const SEQUENCES: u32 = 40;

#[derive(Clone, Debug)]
enum Step {
    Publish { material: bool },
    Accept,
    Sign,
    Confirm,
    Withdraw,
    MoveStart { days: i64 },
    Wait { hours: i64 },
    Renew,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        any::<bool>().prop_map(|material| Step::Publish { material }),
        Just(Step::Accept),
        Just(Step::Sign),
        Just(Step::Confirm),
        Just(Step::Withdraw),
        (-30i64..60).prop_map(|days| Step::MoveStart { days }),
        (1i64..4_000).prop_map(|hours| Step::Wait { hours }),
        Just(Step::Renew),
    ]
}

/// Everything on record about one person's items, in all cycles.
struct Seen {
    late: BTreeSet<AssignmentId>,
    proofs: usize,
    done: BTreeSet<AssignmentId>,
}

impl TestApp {
    async fn take(&self, person: PersonId, policy: DocumentId, step: &Step) {
        let hr = self.hr().await;
        match step {
            Step::Publish { material } => self.publish_again(policy, *material).await,
            Step::Accept => {
                let own = self.signed_in_person(person).await;
                for item in self.items(person).await.into_iter().filter(|item| item.kind == Kind::Policy) {
                    self.accept_policy(&own, &item).await;
                }
            }
            Step::Sign => {
                self.sign_nda(&self.signed_in_person(person).await, person).await;
            }
            Step::Confirm => {
                hr.post_form(ConfirmNda::PATH, &[("id", &self.nda(person).await.id.to_string())]).await;
            }
            Step::Withdraw => {
                let fields = [("id", &*self.nda(person).await.id.to_string()), ("reason", "Falscher Text")];
                hr.post_form(WithdrawNda::PATH, &fields).await;
            }
            Step::MoveStart { days } => {
                let date = iso_date(self.now().date() + Duration::days(*days));
                let fields = [("id", &*person.to_string()), ("start_date", &date), ("reason", "Umzug")];
                hr.post_seen(MoveStart::PATH, &fields).await;
            }
            Step::Wait { hours } => self.clock.advance(Duration::hours(*hours)),
            Step::Renew => {
                renewals::open_due(&self.app, self.now()).await.unwrap();
            }
        }
    }

    /// The revision of the one draft there is.
    async fn draft_revision(&self) -> String {
        self.number("select coalesce(max(revision), 0) from document_draft").await.to_string()
    }

    async fn publish_again(&self, policy: DocumentId, material: bool) {
        let security = self.security().await;
        let seen = self.draft_revision().await;
        let text = format!("Text vom {}", self.now());
        let id = policy.to_string();
        let fields = [
            ("id", &*id),
            ("seen", &*seen),
            ("title_de", "Titel"),
            ("title_en", "Title"),
            ("body_de", &text),
            ("body_en", &text),
        ];
        security.post_form("/api/documents/save", &fields).await;
        let revision = self.draft_revision().await;
        let effective = iso_date(self.now().date() + Duration::days(14));
        let weight = if material { "material" } else { "minor" };
        let fields = [("id", &*id), ("seen", &*revision), ("weight", weight), ("effective_on", &effective)];
        security.post_form("/api/documents/publish", &fields).await;
    }

    /// Checks what holds at every moment, and tells what is on record.
    async fn look(&self, person: PersonId) -> Seen {
        let newest = self.items(person).await;
        let requirements: BTreeSet<RequirementId> = newest.iter().map(|item| item.requirement).collect();
        assert_eq!(requirements.len(), newest.len(), "one cycle counts for each item");
        let earlier = list_earlier_cycles(&mut self.read().await, person).await.unwrap();
        for item in &earlier {
            assert!(
                matches!(item.state, State::Done { .. } | State::Ended { .. }),
                "{item:?} is open and has a successor"
            );
        }
        let all: Vec<Assignment> = newest.into_iter().chain(earlier).collect();
        let start = antritt::server::zones::start_of_day("Europe/Berlin", self.record(person).await.details.start_date);
        for item in all.iter().filter(|item| item.kind == Kind::Nda) {
            if let State::Waiting { since: at } | State::Done { submitted: Some(at), .. } = item.state {
                assert!(item.late || at < start, "{item:?} was signed after {start} and is not late");
            }
        }
        let proofs = evidence::list_of_person(&mut self.read().await, person).await.unwrap();
        let mut signatures: BTreeMap<AssignmentId, usize> = BTreeMap::new();
        for (id, _) in proofs.iter().filter(|(_, proof)| proof.proof.is_signature()) {
            *signatures.entry(*id).or_default() += 1;
        }
        assert!(signatures.values().all(|count| *count == 1), "nothing is signed twice");
        Seen {
            late: all.iter().filter(|item| item.late).map(|item| item.id).collect(),
            proofs: proofs.len(),
            done: all
                .iter()
                .filter(|item| item.kind == Kind::Policy && matches!(item.state, State::Done { .. }))
                .map(|item| item.id)
                .collect(),
        }
    }
}

async fn play(steps: &[Step]) {
    let app = TestApp::new(Db::Sqlite).await;
    let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
    app.sign_in_by_link(anna).await;
    let policy = match app.item(anna, Kind::Policy).await.material {
        Material::Document(document) => document,
        other => panic!("a policy without a text: {other:?}"),
    };
    let mut before = app.look(anna).await;
    for step in steps {
        app.take(anna, policy, step).await;
        let after = app.look(anna).await;
        assert!(before.late.is_subset(&after.late), "{step:?} made a late item punctual");
        assert!(before.proofs <= after.proofs, "{step:?} lost a proof");
        assert!(before.done.is_subset(&after.done), "{step:?} took an acceptance back");
        before = after;
    }
    app.finish().await;
}

#[test]
fn no_sequence_loses_an_acceptance_makes_late_punctual_or_leaves_an_item_done_and_open() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config {
        cases: SEQUENCES,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..Config::default()
    });
    runner
        .run(&prop::collection::vec(step(), 4..16), |steps| {
            runtime.block_on(play(&steps));
            Ok(())
        })
        .unwrap();
}

/// The property above would hold of steps that are all refused: here each one is taken where it has to have its effect.
#[tokio::test]
async fn every_step_of_the_sequences_can_happen() {
    let app = TestApp::new(Db::Sqlite).await;
    let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
    app.sign_in_by_link(anna).await;
    let Material::Document(policy) = app.item(anna, Kind::Policy).await.material else {
        panic!("a policy without a text")
    };
    let counts = [
        "select count(*) from document_version",
        "select count(*) from evidence",
        "select count(*) from assignment",
        "select count(*) from start_date_change",
    ];
    let on_record = async || {
        let mut numbers = Vec::new();
        for sql in counts {
            numbers.push(app.number(sql).await);
        }
        numbers
    };
    for (step, [versions, proofs, items, moves]) in [
        (Step::Accept, [0, 3, 0, 0]),
        (Step::Sign, [0, 1, 0, 0]),
        (Step::Confirm, [0, 1, 0, 0]),
        (Step::Publish { material: false }, [1, 0, 0, 0]),
        (Step::Wait { hours: 1 }, [0, 0, 0, 0]),
        (Step::Publish { material: true }, [1, 0, 1, 0]),
        (Step::Withdraw, [0, 0, 1, 0]),
        (Step::MoveStart { days: 20 }, [0, 0, 0, 1]),
        (Step::Wait { hours: 24 * 340 }, [0, 0, 0, 0]),
        (Step::Renew, [0, 0, 2, 0]),
        (Step::Accept, [0, 3, 0, 0]),
    ] {
        let before = on_record().await;
        app.take(anna, policy, &step).await;
        let change: Vec<_> = on_record().await.iter().zip(&before).map(|(after, before)| after - before).collect();
        assert_eq!(change, [versions, proofs, items, moves], "{step:?}");
    }
    app.finish().await;
}
