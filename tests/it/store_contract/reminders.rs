//! Reminders: who is looked at, what is remembered, and that one mail a day is one.

use super::{id, is_stale, person};
use crate::fixture::{TestApp, stories};
use antritt::{
    domain::{
        assignment::State,
        ids::{AccountId, DigestId, PersonId},
        locale::Locale,
        mail::MailKind,
        person::Person,
        reminders::{Item, Rule},
        requirement::RequirementKind as Kind,
        roles::Role,
    },
    server::store::{
        accounts,
        digests::{self, Reader},
        outbox::{self, DigestMail},
        people::{self, Scope},
        reminders::{self, Morning},
    },
};
use time::{Date, Duration, macros::date};

const TODAY: Date = date!(2026 - 11 - 23);

fn morning() -> Morning<'static> {
    Morning {
        zone: "Europe/Berlin",
        today: TODAY,
        due_by: TODAY + Duration::days(9),
        week_ago: TODAY - Duration::days(7),
    }
}

/// Somebody who was invited to sign an NDA.
async fn invited(app: &TestApp, n: u128) -> Person {
    let person = person(n, &format!("Anna {n}"));
    app.insert_person(&person).await.unwrap();
    app.insert_account(1000 + n, Some(person.id), &format!("anna{n}@home.example")).await.unwrap();
    app.insert_item(&person, Kind::Nda, State::Open, false).await;
    person
}

async fn due(app: &TestApp, after: Option<PersonId>, limit: i64) -> Vec<PersonId> {
    let page = reminders::list_due(&mut app.read().await, &morning(), after, limit).await.unwrap();
    page.into_iter().map(|reminded| reminded.person).collect()
}

async fn item_of(app: &TestApp, person: PersonId) -> Item {
    reminders::find_of_person(&mut app.read().await, person).await.unwrap().unwrap().items.remove(0)
}

async fn note(app: &TestApp, item: &Item, rule: Rule, day: Date, digest: Option<DigestId>) -> bool {
    app.write(async |tx| reminders::insert(tx, item, rule, day, digest).await).await.unwrap()
}

async fn begin(app: &TestApp, reader: Reader, day: Date) -> Option<DigestId> {
    app.write(async |tx| digests::insert(tx, app.now(), reader, day).await).await.unwrap()
}

/// Queues the mail of a digest; gives its place in the outbox.
async fn queue(app: &TestApp, digest: DigestId, person: Option<PersonId>, account: Option<AccountId>) {
    let mail = DigestMail {
        kind: MailKind::Digest,
        digest,
        person,
        account,
        recipient: "anna@home.example",
        language: Locale::De,
    };
    app.write(async |tx| outbox::insert_digest(tx, app.now(), &mail).await).await.unwrap();
}

async fn lease(app: &TestApp) -> Vec<outbox::MailRow> {
    let until = app.now() + Duration::minutes(2);
    app.write(async |tx| outbox::lease(tx, app.now(), until, 9).await).await.unwrap()
}

stories! {
    async fn those_with_something_to_do_soon_are_found_page_by_page(app) {
        for n in 1..=3 {
            invited(app, n).await;
        }
        // Done, waiting for HR, in another zone, and never invited.
        let done = person(4, "Done");
        app.insert_person(&done).await.unwrap();
        app.insert_account(1004, Some(done.id), "done@home.example").await.unwrap();
        app.insert_item(&done, Kind::Nda, State::Waiting { since: app.now() }, false).await;
        app.insert_item(&done, Kind::BackgroundCheck, State::Open, false).await;
        let mut far = person(5, "Far");
        far.details.time_zone = "Pacific/Auckland".into();
        app.insert_person(&far).await.unwrap();
        app.insert_item(&far, Kind::Nda, State::Open, false).await;
        let uninvited = person(6, "Uninvited");
        app.insert_person(&uninvited).await.unwrap();
        app.insert_item(&uninvited, Kind::Nda, State::Open, false).await;
        let first = due(app, None, 2).await;
        assert_eq!(first, [PersonId(id(1)), PersonId(id(2))]);
        assert_eq!(due(app, first.last().copied(), 2).await, [PersonId(id(3))]);
        assert_eq!(reminders::list_zones(&mut app.read().await).await.unwrap(), ["Europe/Berlin", "Pacific/Auckland"]);
    }

    async fn what_was_sent_is_remembered_for_this_due_date(app) {
        let anna = invited(app, 1).await;
        let item = item_of(app, anna.id).await;
        assert_eq!((item.kind, item.due_on, item.last, item.is_known_at_risk), (Kind::Nda, date!(2026 - 11 - 30), None, false));
        assert!(note(app, &item, Rule::WeekBefore, TODAY - Duration::days(8), None).await);
        assert!(!note(app, &item, Rule::WeekBefore, TODAY, None).await, "once for each due date");
        assert!(note(app, &item, Rule::NdaAtRisk, TODAY, None).await);
        let known = item_of(app, anna.id).await;
        assert_eq!((known.last, known.is_known_at_risk), (Some((Rule::WeekBefore, TODAY - Duration::days(8))), true));
        note(app, &item, Rule::Overdue(4), TODAY - Duration::days(3), None).await;
        assert_eq!(item_of(app, anna.id).await.last, Some((Rule::Overdue(4), TODAY - Duration::days(3))));
        assert_eq!(due(app, None, 9).await, [], "the weekly one was lately");
        let sent = reminders::list_of_person(&mut app.read().await, anna.id, 9).await.unwrap();
        assert_eq!(sent.iter().map(|sent| sent.rule).collect::<Vec<_>>(), [Rule::NdaAtRisk, Rule::Overdue(4), Rule::WeekBefore]);
        app.tamper("update assignment set due_on = '2026-12-02'").await.unwrap();
        let moved = item_of(app, anna.id).await;
        assert_eq!((moved.last, moved.is_known_at_risk), (None, false), "a moved deadline begins anew");
        assert_eq!(due(app, None, 9).await, [anna.id]);
    }

    async fn a_reader_has_one_mail_a_day_and_the_one_that_waits_is_found(app) {
        let anna = invited(app, 1).await;
        let reader = Reader::Person(anna.id);
        let first = begin(app, reader, TODAY).await.unwrap();
        assert_eq!(begin(app, reader, TODAY).await, None);
        assert_eq!(due(app, None, 9).await, [], "they had theirs today");
        assert_eq!(digests::find_waiting(&mut app.read().await, reader).await.unwrap(), None, "nothing is queued");
        queue(app, first, Some(anna.id), None).await;
        assert_eq!(digests::find_waiting(&mut app.read().await, reader).await.unwrap(), Some(first));
        let mail = lease(app).await.remove(0);
        assert_eq!((mail.digest_id, &*mail.recipient), (Some(first.0), "anna@home.example"));
        app.write(async |tx| outbox::mark_sent(tx, app.now(), mail.id).await).await.unwrap();
        assert_eq!(digests::find_waiting(&mut app.read().await, reader).await.unwrap(), None);
        assert!(begin(app, reader, TODAY + Duration::days(1)).await.is_some());
    }

    async fn a_mail_that_must_wait_is_no_try_and_one_without_a_point_goes(app) {
        let anna = invited(app, 1).await;
        let digest = begin(app, Reader::Person(anna.id), TODAY).await.unwrap();
        let item = item_of(app, anna.id).await;
        note(app, &item, Rule::WeekBefore, TODAY, Some(digest)).await;
        queue(app, digest, Some(anna.id), None).await;
        assert_eq!(reminders::list_of_digest(&mut app.read().await, digest).await.unwrap().len(), 1);
        let mail = lease(app).await.remove(0);
        let later = app.now() + Duration::hours(10);
        app.write(async |tx| outbox::postpone(tx, mail.id, later).await).await.unwrap();
        assert!(lease(app).await.is_empty());
        app.clock.set(later);
        assert_eq!(lease(app).await[0].attempts, 1);
        app.write(async |tx| {
            outbox::discard(tx, mail.id).await?;
            digests::forget(tx, digest).await
        }).await.unwrap();
        assert!(is_stale(app.write(async |tx| outbox::discard(tx, mail.id).await).await));
        assert!(is_stale(app.write(async |tx| outbox::postpone(tx, mail.id, later).await).await));
        assert_eq!(item_of(app, anna.id).await.last, None);
        assert_eq!(begin(app, Reader::Person(anna.id), TODAY).await, None, "the day is used up");
    }

    async fn others_are_found_who_have_to_be_told_and_told_once(app) {
        let boss = invited(app, 1).await;
        let mut anna = person(2, "Anna");
        anna.manager_id = Some(boss.id);
        app.insert_person(&anna).await.unwrap();
        app.insert_account(1002, Some(anna.id), "anna2@home.example").await.unwrap();
        app.insert_item(&anna, Kind::Nda, State::Open, false).await;
        let hr = app.account("hr@company.example", Some(Role::Hr), None).await;
        let to_escalate = async |week_ago, start_by| reminders::list_to_escalate(&mut app.read().await, week_ago, start_by, None, 9).await.unwrap();
        assert_eq!(to_escalate(TODAY, date!(2026 - 11 - 30)).await, []);
        assert_eq!(to_escalate(TODAY, date!(2026 - 12 - 01)).await, [boss.id, anna.id]);
        let item = item_of(app, anna.id).await;
        note(app, &item, Rule::Overdue(4), TODAY, None).await;
        assert_eq!(to_escalate(TODAY - Duration::days(1), date!(2026 - 11 - 30)).await, []);
        assert_eq!(to_escalate(TODAY, date!(2026 - 11 - 30)).await, [anna.id]);
        note(app, &item, Rule::HandedOver, TODAY, None).await;
        assert_eq!(to_escalate(TODAY, date!(2026 - 11 - 30)).await, []);

        let readers = async || digests::list_readers(&mut app.read().await, app.now()).await.unwrap();
        let (to_boss, to_hr) = (Reader::Person(boss.id), Reader::Account(hr));
        let found = readers().await;
        assert!(found.len() == 2 && found.contains(&to_boss) && found.contains(&to_hr), "{found:?}");
        let untold = async |reader| digests::list_untold(&mut app.read().await, app.now(), reader, 9).await.unwrap();
        assert!(untold(Reader::Person(anna.id)).await.is_empty());
        let mut digests = Vec::new();
        for reader in [to_boss, to_hr] {
            let digest = begin(app, reader, TODAY).await.unwrap();
            for reminder in untold(reader).await {
                app.write(async |tx| digests::insert_told(tx, reminder, reader, digest).await).await.unwrap();
            }
            assert!(untold(reader).await.is_empty());
            digests.push(digest);
        }
        assert_eq!(readers().await, []);
        let told = digests::list_told(&mut app.read().await, digests[0]).await.unwrap();
        assert_eq!(told.iter().map(|told| (&*told.name, told.manager, told.rule)).collect::<Vec<_>>(), [("Anna", Some(boss.id), Rule::HandedOver)]);
        app.tamper("update assignment set state = 'waiting', submitted_at = '2026-11-23T09:00:00Z'").await.unwrap();
        assert_eq!(digests::list_told(&mut app.read().await, digests[1]).await.unwrap(), [], "signed meanwhile");
        // A disabled account reads nothing.
        app.tamper("delete from reminder_told").await.unwrap();
        app.tamper("update assignment set state = 'open', submitted_at = null").await.unwrap();
        app.write(async |tx| accounts::disable(tx, app.now(), hr, hr, "x").await).await.unwrap();
        assert_eq!(readers().await, [to_boss]);
    }

    async fn a_pause_has_a_last_day_and_a_failed_mail_a_reason(app) {
        let anna = invited(app, 1).await;
        let page = async || people::find_with_correspondence(&mut app.read().await, Scope::All, anna.id).await.unwrap().unwrap().1;
        assert_eq!(page().await, people::Correspondence::default());
        app.write(async |tx| reminders::set_pause(tx, anna.id, Some(TODAY)).await).await.unwrap();
        assert_eq!(reminders::find_pause(&mut app.read().await, anna.id).await.unwrap(), Some(TODAY));
        assert_eq!(due(app, None, 9).await, []);
        assert!(is_stale(app.write(async |tx| reminders::set_pause(tx, PersonId(id(9)), None).await).await));
        app.write(async |tx| reminders::set_pause(tx, anna.id, Some(TODAY - Duration::days(1))).await).await.unwrap();
        assert_eq!(due(app, None, 9).await, [anna.id]);

        let digest = begin(app, Reader::Person(anna.id), TODAY).await.unwrap();
        queue(app, digest, Some(anna.id), None).await;
        let mail = lease(app).await.remove(0);
        app.write(async |tx| outbox::mark_failed(tx, mail.id, app.now(), "answer 550").await).await.unwrap();
        assert_eq!(page().await.mail_error.as_deref(), Some("answer 550"));
        app.write(async |tx| outbox::mark_sent(tx, app.now(), mail.id).await).await.unwrap();
        assert_eq!(page().await.mail_error, None);
        let own = people::find_with_correspondence(&mut app.read().await, Scope::Own(PersonId(id(9))), anna.id).await.unwrap();
        assert_eq!(own, None);
    }
}
