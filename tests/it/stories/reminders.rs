//! Reminders: who is told what, on which day and at which hour, told by a clock that is stepped day and night.

use super::mails::{Sink, listen, run_jobs};
use crate::fixture::{TestApp, people::NewPerson, stories};
use antritt::{
    api::{
        done::Said,
        error::ApiError,
        exemptions::RequestExemption,
        people::{MoveStart, RecordLastDay},
        reminders::{PauseReminders, ResumeReminders},
    },
    domain::{
        Instant,
        assignment::State,
        ids::PersonId,
        locale::Locale,
        problem::{Conflict, FieldProblem, Problem},
        requirement::RequirementKind as Kind,
        roles::Role,
    },
    server::{
        service::{
            App,
            mail::Mail,
            outbox,
            reminders::{AT_ONCE, plan_due},
        },
        zones,
    },
    ui::texts,
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use time::{
    Date, Duration,
    macros::{date, datetime},
};

const BERLIN: &str = "Europe/Berlin";

/// A mail of reminders that left, and when.
struct Left {
    at: Instant,
    person: Option<PersonId>,
    mail: Mail,
}

impl TestApp {
    /// A second instance over the same database.
    fn twin(&self) -> App {
        App::new(self.store.clone(), self.clock.clone(), self.app.settings().clone())
    }

    /// Sends what is due, as the sender does; gives the reminders among it.
    async fn deliver(&self) -> Vec<Left> {
        let mut left = Vec::new();
        for (row, mail) in outbox::take_due(&self.app, self.now(), 1000).await.unwrap() {
            outbox::note_sent(&self.app, self.now(), &row).await.unwrap();
            if row.kind == "digest" {
                left.push(Left {
                    at: self.now(),
                    person: row.person_id.map(PersonId),
                    mail,
                });
            }
        }
        left
    }

    /// Lets time pass in steps of three hours, on two instances at once.
    async fn live_until(&self, end: Instant) -> Vec<Left> {
        let (twin, mut left) = (self.twin(), Vec::new());
        while self.now() < end {
            let (one, other) = tokio::join!(plan_due(&self.app, self.now()), plan_due(&twin, self.now()));
            one.unwrap();
            other.unwrap();
            left.extend(self.deliver().await);
            self.clock.advance(Duration::hours(3));
        }
        left
    }

    /// Plans and sends at one moment.
    async fn morning(&self, at: Instant) -> Vec<Left> {
        self.clock.set(at);
        plan_due(&self.app, at).await.unwrap();
        self.deliver().await
    }
}

/// The days on which somebody was written to, where they are; each by day, and once.
fn days(left: &[Left], person: PersonId, zone: &str) -> Vec<Date> {
    let own = left.iter().filter(|left| left.person == Some(person));
    let days: Vec<_> = own
        .map(|left| {
            let hour = zones::local_time(zone, left.at).0;
            assert!((8..18).contains(&hour), "{zone} {}: {hour}", left.at);
            zones::local_date(zone, left.at)
        })
        .collect();
    assert!(days.windows(2).all(|pair| pair[0] < pair[1]), "twice on a day: {days:?}");
    days
}

/// The one mail that went to somebody.
fn only(left: Vec<Left>, person: PersonId) -> Left {
    let mut own: Vec<_> = left.into_iter().filter(|left| left.person == Some(person)).collect();
    assert_eq!(own.len(), 1);
    own.remove(0)
}

fn day(year: i32, month: u8, days: &[u8]) -> impl Iterator<Item = Date> {
    let month = time::Month::try_from(month).unwrap();
    days.iter().map(move |day| Date::from_calendar_date(year, month, *day).unwrap())
}

stories! {
    async fn who_never_does_anything_hears_of_it_by_the_rules_and_then_others_do(app) {
        let boss = app.add(&NewPerson { work_email: "boss@firma.example", start_date: "2020-01-01", ..NewPerson::named("Berta Boss") }).await;
        let own = app.sign_in_by_link(boss).await;
        app.do_everything(&own, boss).await;
        let anna = app.add(&NewPerson { manager_email: "boss@firma.example", ..NewPerson::named("Anna Muster") }).await;
        app.mails().await;
        let left = app.live_until(datetime!(2027-02-08 09:00 UTC)).await;
        // NDA 30 November, password manager 8 December, policies 15 December, training 31 December; none on a weekend.
        let expected = day(2026, 11, &[27, 30])
            .chain(day(2026, 12, &[1, 4, 7, 8, 11, 14, 15, 21, 22, 24, 28, 29, 31]))
            .chain(day(2027, 1, &[5, 7, 12, 14, 21, 28]));
        assert_eq!(days(&left, anna, BERLIN), expected.collect::<Vec<_>>());
        // The NDA at risk since Saturday; then what was handed over: NDA, password manager, policies, training.
        let others = [date!(2026 - 11 - 30), date!(2027 - 01 - 04), date!(2027 - 01 - 12), date!(2027 - 01 - 19), date!(2027 - 02 - 04)];
        assert_eq!(days(&left, boss, BERLIN), others);
        let to_hr: Vec<_> = left.iter().filter(|left| left.person.is_none()).collect();
        assert_eq!(to_hr.iter().map(|left| zones::local_date(BERLIN, left.at)).collect::<Vec<_>>(), others);
        assert!(to_hr[0].mail.text.contains("Anna Muster") && to_hr[0].mail.text.contains("/hr") && to_hr[0].mail.recipient == "hr@company.example");
        let to_boss = &left.iter().find(|left| left.person == Some(boss)).unwrap().mail;
        assert!(to_boss.text.contains("Ihr Team") && to_boss.text.contains("/people") && !to_boss.subject.contains("Anna"), "{to_boss:?}");
        assert_eq!(app.number("select count(*) from digest d where not exists (select 1 from outbox o where o.digest_id = d.id and o.sent_at is not null)").await, 0);
    }

    async fn every_mail_stands_in_the_history_with_its_rule_in_both_languages(app) {
        let anna = app.person("Anna Muster", "2026-12-01", BERLIN).await;
        app.mails().await;
        let left = app.live_until(datetime!(2026-12-09 09:00 UTC)).await;
        assert_eq!(days(&left, anna, BERLIN).len(), 6);
        assert_eq!(app.number("select count(*) from audit_entry where action = 'mail.sent' and person_id is not null").await, 6 + 1);
        let hr = app.hr().await;
        for (locale, words) in [(Locale::De, "de"), (Locale::En, "en")] {
            hr.post_form("/api/account/language", &[("language", words)]).await;
            let page = hr.get(&format!("/people/{anna}")).await.body;
            for rule in [texts::reminders::rule_two_days_before(locale), texts::reminders::rule_due_day(locale), texts::reminders::rule_week_before(locale), texts::reminders::rule_nda_at_risk(locale)] {
                assert!(page.contains(rule), "{rule}");
            }
            assert!(page.contains(&texts::reminders::rule_overdue(locale, 1, 4)));
            assert!(page.contains(texts::outbox::kind_digest(locale)) && page.contains(texts::outbox::kind_invitation(locale)));
            let own = hr.get(&format!("/people/{anna}/reminders")).await;
            assert_eq!(own.status, StatusCode::OK);
            assert!(own.body.contains(&texts::reminders::rule_overdue(locale, 1, 4)) && own.body.contains(texts::reminders::sent(locale)));
        }
    }

    async fn days_and_hours_are_those_of_the_reader_also_when_clocks_change(app) {
        app.clock.set(datetime!(2027-03-15 09:00 UTC));
        // Berlin's clocks go forward on 28 March, Auckland's back on 4 April.
        let anna = app.person("Anna Muster", "2027-03-24", BERLIN).await;
        let kiri = app.person("Kiri Weiß", "2027-03-24", "Pacific/Auckland").await;
        let lena = app.person("Lena Los", "2027-03-24", "America/Los_Angeles").await;
        app.mails().await;
        let left = app.live_until(datetime!(2027-04-17 09:00 UTC)).await;
        // NDA 23 March, password manager 31 March, policies 7 April, training 23 April.
        let expected: Vec<_> = day(2027, 3, &[16, 19, 23, 24, 29, 30, 31]).chain(day(2027, 4, &[5, 6, 7, 13, 14, 16])).collect();
        for (person, zone) in [(anna, BERLIN), (kiri, "Pacific/Auckland"), (lena, "America/Los_Angeles")] {
            assert_eq!(days(&left, person, zone), expected, "{zone}");
        }
    }

    async fn a_mail_lists_all_that_is_open_and_leads_to_the_checklist(app) {
        let anna = app.add(&NewPerson { work_email: "anna@firma.example", ..NewPerson::named("Anna Muster") }).await;
        let mail = only(app.morning(datetime!(2026-11-27 07:00 UTC)).await, anna);
        let text = mail.mail.text;
        assert!(text.contains("- Vertraulichkeitsvereinbarung (NDA): bis 30.11.2026") && text.contains("bis 15.12.2026"), "{text}");
        assert!(!text.contains("Hintergrundüberprüfung"), "HR has the next step: {text}");
        assert!(!text.contains("Passwort-Manager"), "it waits for the first day: {text}");
        assert_eq!(mail.mail.recipient, "anna.muster@home.example");
        // The link of the invitation, as there is no password; it opens once.
        let link = mail.mail.link.unwrap();
        let token = link.rsplit('/').next().unwrap();
        assert_eq!(app.visitor().post_form("/api/invitations/accept", &[("token", token)]).await.location(), "/welcome");
        assert_eq!(app.number(&format!("select count(*) from outbox where note like '%{token}%' or recipient like '%{token}%'")).await, 0);

        // Used up, and still no password: the next one brings a link of its own.
        let mail = only(app.morning(datetime!(2026-11-30 07:00 UTC)).await, anna);
        let fresh = mail.mail.link.unwrap();
        assert!(fresh.contains("/invitation/") && fresh != link);
        let own = app.visitor();
        own.post_form("/api/invitations/accept", &[("token", fresh.rsplit('/').next().unwrap())]).await;
        app.set_password(&own, "vier zufällige gute Wörter").await.said();
        let mail = only(app.morning(datetime!(2026-12-01 07:00 UTC)).await, anna);
        assert!(mail.mail.link.unwrap().ends_with("/checklist"));
        assert!(mail.mail.text.contains("Passwort-Manager"));
        assert_eq!(mail.mail.recipient, "anna@firma.example", "from the first day on, at work");
    }

    async fn who_has_nothing_to_do_or_left_hears_nothing(app) {
        let done = app.person("Dora Fertig", "2026-12-01", BERLIN).await;
        let own = app.sign_in_by_link(done).await;
        app.do_everything(&own, done).await;
        let gone = app.person("Gerd Gegangen", "2026-11-02", BERLIN).await;
        let fields = [("id", &*gone.to_string()), ("end_date", "2026-11-22")];
        app.hr().await.post_form(RecordLastDay::PATH, &fields).await.said();
        let fresh = app.add(&NewPerson { invite: false, ..NewPerson::named("Nora Neu") }).await;
        app.mails().await;
        let left = app.live_until(datetime!(2026-12-20 09:00 UTC)).await;
        for person in [done, gone, fresh] {
            assert_eq!(days(&left, person, BERLIN), []);
        }
        // Nobody has written to her yet; HR hears that she cannot start.
        let hr: Vec<_> = left.iter().filter(|left| left.person.is_none()).collect();
        assert!(hr.len() == 1 && hr[0].mail.text.contains("Nora Neu") && !hr[0].mail.text.contains("Dora"), "{}", hr.len());
    }

    async fn what_is_done_between_planning_and_sending_is_not_reminded_of(app) {
        let anna = app.person("Anna Muster", "2026-12-01", BERLIN).await;
        app.sign_in_by_link(anna).await;
        app.clock.set(datetime!(2026-11-27 07:00 UTC));
        assert_eq!(plan_due(&app.app, app.now()).await.unwrap(), 1);
        app.do_everything(&app.signed_in_person(anna).await, anna).await;
        assert!(app.deliver().await.is_empty());
        assert_eq!(app.number("select count(*) from outbox where digest_id is not null").await, 0);
        assert_eq!(app.number("select count(*) from reminder where digest_id is not null").await, 0);
        assert_eq!(app.number("select count(*) from audit_entry where action = 'reminder.dropped'").await, 1);
        assert_eq!(plan_due(&app.app, app.now()).await.unwrap(), 0);
    }

    async fn a_sender_that_dies_or_a_server_that_is_away_makes_neither_two_mails_nor_one_at_night(app) {
        let anna = app.person("Anna Muster", "2026-12-01", BERLIN).await;
        app.mails().await;
        app.clock.set(datetime!(2026-11-27 16:59 UTC));
        plan_due(&app.app, app.now()).await.unwrap();
        // Taken, and never heard of again.
        assert_eq!(outbox::take_due(&app.app, app.now(), 9).await.unwrap().len(), 1);
        for _ in 0..20 {
            app.clock.advance(Duration::hours(3));
            assert!(app.deliver().await.is_empty(), "{}: it is a weekend", app.now());
        }
        app.clock.set(datetime!(2026-11-30 06:59 UTC));
        assert!(app.deliver().await.is_empty());
        let left = app.morning(datetime!(2026-11-30 07:00 UTC)).await;
        assert_eq!(days(&left, anna, BERLIN), [date!(2026 - 11 - 30)]);
        assert_eq!(app.number("select count(*) from digest where person_id is not null").await, 1, "the second reminder went into the mail that waited");
        assert_eq!(app.number("select count(*) from reminder where rule in ('two_days_before', 'due_day')").await, 2);
        assert!(app.morning(datetime!(2026-11-30 10:00 UTC)).await.is_empty());
    }

    async fn months_without_a_mail_are_caught_up_in_one(app) {
        let anna = app.person("Anna Muster", "2026-12-01", BERLIN).await;
        app.mails().await;
        app.clock.set(datetime!(2027-03-01 05:00 UTC));
        let left = app.live_until(datetime!(2027-03-09 05:00 UTC)).await;
        assert_eq!(days(&left, anna, BERLIN), [date!(2027 - 03 - 01), date!(2027 - 03 - 08)]);
    }

    async fn hr_pauses_with_a_date_and_a_reason_and_it_ends_by_itself(app) {
        let anna = app.person("Anna Muster", "2026-12-01", BERLIN).await;
        app.mails().await;
        let (hr, id) = (app.hr().await, anna.to_string());
        let refused = hr.post_form(PauseReminders::PATH, &[("id", &*id), ("until", "2026-11-22"), ("reason", " ")]).await.refusal();
        assert_eq!(refused, ApiError::Invalid(vec![FieldProblem::new("until", Problem::TooEarly), FieldProblem::new("reason", Problem::Required)]));
        let refused = hr.post_form(PauseReminders::PATH, &[("id", &*id), ("until", "2027-11-24"), ("reason", "x")]).await.refusal();
        assert_eq!(refused, ApiError::Invalid(vec![FieldProblem::new("until", Problem::NotWithinMonths(12))]));
        let pause = [("id", &*id), ("until", "2026-12-06"), ("reason", "Abwesend bis Nikolaus")];
        let paused = hr.post_form(PauseReminders::PATH, &pause).await;
        assert_eq!((paused.said(), paused.location()), (Said::RemindersPaused, &*format!("/people/{anna}")));
        let page = hr.get(&format!("/people/{anna}")).await.body;
        assert!(page.contains(texts::reminders::fact_paused(Locale::En)) && page.contains("6\u{A0}December 2026") && page.contains("Abwesend bis Nikolaus"));
        let left = app.live_until(datetime!(2026-12-08 12:00 UTC)).await;
        assert_eq!(days(&left, anna, BERLIN), [date!(2026 - 12 - 07), date!(2026 - 12 - 08)], "what was missed comes at once");
        assert!(left.iter().any(|left| left.person.is_none()), "the gate does not pause");
        let page = app.hr().await.get(&format!("/people/{anna}")).await.body;
        assert!(!page.contains(texts::reminders::fact_paused(Locale::En)));
        let hr = app.hr().await;
        assert_eq!(hr.post_form(ResumeReminders::PATH, &[("id", &id)]).await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
    }

    async fn a_pause_stops_the_mail_that_waits_and_ends_early_when_hr_says_so(app) {
        let anna = app.person("Anna Muster", "2026-12-01", BERLIN).await;
        app.mails().await;
        app.clock.set(datetime!(2026-11-27 07:00 UTC));
        plan_due(&app.app, app.now()).await.unwrap();
        let (hr, id) = (app.hr().await, anna.to_string());
        hr.post_form(PauseReminders::PATH, &[("id", &*id), ("until", "2027-01-31"), ("reason", "Elternzeit")]).await.said();
        assert!(app.deliver().await.iter().all(|left| left.person.is_none()));
        assert_eq!(hr.post_form(ResumeReminders::PATH, &[("id", &id)]).await.said(), Said::RemindersResumed);
        let left = app.morning(datetime!(2026-11-30 07:00 UTC)).await;
        assert_eq!(days(&left, anna, BERLIN), [date!(2026 - 11 - 30)]);
    }

    async fn a_moved_start_moves_the_reminders(app) {
        let anna = app.person("Anna Muster", "2026-12-01", BERLIN).await;
        app.mails().await;
        let left = app.live_until(datetime!(2026-11-27 12:00 UTC)).await;
        assert_eq!(days(&left, anna, BERLIN), [date!(2026 - 11 - 27)]);
        let fields = [("id", &*anna.to_string()), ("start_date", "2027-01-12"), ("reason", "Kündigungsfrist")];
        app.hr().await.post_seen(MoveStart::PATH, &fields).await.said();
        let left = app.live_until(datetime!(2027-01-09 09:00 UTC)).await;
        let expected = day(2027, 1, &[4, 8]).collect::<Vec<_>>();
        assert_eq!(days(&left, anna, BERLIN), expected, "NDA due on 11 January; two days before is a Saturday");
    }

    async fn what_waits_for_others_bothers_nobody(app) {
        let anna = app.person("Anna Muster", "2026-12-01", BERLIN).await;
        let own = app.sign_in_by_link(anna).await;
        app.sign_nda(&own, anna).await.said();
        let hr = app.hr().await;
        for item in app.items(anna).await.into_iter().filter(|item| item.kind != Kind::Nda && item.kind != Kind::BackgroundCheck) {
            let fields = [("id", &*item.id.to_string()), ("reason", "x"), ("compensating_step", "y"), ("ends_on", "2027-06-30")];
            hr.post_form(RequestExemption::PATH, &fields).await.said();
        }
        let left = app.live_until(datetime!(2026-12-20 09:00 UTC)).await;
        assert!(left.is_empty(), "signed, with HR, or asked to be lifted: {}", left.len());
    }

    async fn hr_who_leads_a_team_and_has_work_to_do_gets_one_mail(app) {
        let hanna = app.add(&NewPerson { work_email: "hanna@firma.example", start_date: "2026-11-24", ..NewPerson::named("Hanna Reich") }).await;
        let own = app.sign_in_by_link(hanna).await;
        app.set_password(&own, "vier zufällige gute Wörter").await.said();
        app.account("hanna.reich@home.example", Some(Role::Hr), None).await;
        app.add(&NewPerson { manager_email: "hanna@firma.example", ..NewPerson::named("Anna Muster") }).await;
        app.add(&NewPerson::named("Otto Anders")).await;
        app.mails().await;
        app.morning(datetime!(2026-11-27 07:00 UTC)).await;
        let left = app.morning(datetime!(2026-11-30 07:00 UTC)).await;
        let text = only(left, hanna).mail.text;
        assert!(text.contains("Ihr Team") && text.contains("Für die Personalabteilung") && text.contains("Vertraulichkeitsvereinbarung"), "{text}");
        let (team, rest) = text.split_once("Für die Personalabteilung").unwrap();
        assert!(team.contains("Anna Muster") && rest.contains("Otto Anders") && !rest.contains("Anna"), "{text}");
    }

    async fn a_refused_mail_is_plain_to_see_on_the_persons_page(app) {
        let anna = app.person("Anna Muster", "2026-12-01", BERLIN).await;
        let hr = app.hr().await;
        let page = async || hr.get(&format!("/people/{anna}")).await.body;
        assert!(!page().await.contains(&texts::reminders::mail_refused(Locale::En, 550)));
        let (row, _) = outbox::take_due(&app.app, app.now(), 9).await.unwrap().into_iter().find(|(row, _)| row.person_id == Some(anna.0)).unwrap();
        outbox::note_failed(&app.app, app.now(), &row, "answer 550").await.unwrap();
        assert!(page().await.contains(&texts::reminders::mail_refused(Locale::En, 550)));
        let security = app.security().await.get(&format!("/people/{anna}")).await.body;
        assert!(!security.contains(&texts::reminders::mail_refused(Locale::En, 550)), "for whoever can mend it");
    }

    async fn a_mail_that_was_refused_goes_to_the_corrected_address(app) {
        let new = NewPerson::named("Anna Muster");
        let anna = app.add(&new).await;
        app.mails().await;
        app.clock.set(datetime!(2026-11-27 07:00 UTC));
        plan_due(&app.app, app.now()).await.unwrap();
        let (row, _) = outbox::take_due(&app.app, app.now(), 9).await.unwrap().remove(0);
        outbox::note_failed(&app.app, app.now(), &row, "answer 550").await.unwrap();
        let corrected = NewPerson { private_email: "richtig@home.example".into(), invite: false, ..new };
        let id = anna.to_string();
        let fields: Vec<_> = corrected.fields().into_iter().chain([("id", &*id)]).collect();
        app.hr().await.post_seen("/api/people/change", &fields).await.said();
        let mail = only(app.morning(datetime!(2026-11-27 08:00 UTC)).await, anna).mail;
        assert_eq!(mail.recipient, "richtig@home.example");
        assert!(mail.link.unwrap().ends_with("/sign-in"), "the link that went to the wrong address opens nothing any more");
    }

    async fn many_people_are_reminded_page_by_page(app) {
        for n in 1..=230 {
            let someone = crate::store_contract::person(n, &format!("Anna {n}"));
            app.insert_person(&someone).await.unwrap();
            app.insert_account(1000 + n, Some(someone.id), &format!("anna{n}@home.example")).await.unwrap();
            app.insert_item(&someone, Kind::Nda, State::Open, false).await;
        }
        let mut planned = Vec::new();
        while planned.last() != Some(&0) {
            planned.push(plan_due(&app.app, app.now()).await.unwrap());
        }
        assert_eq!(planned, [AT_ONCE, 230 - AT_ONCE, 0]);
        assert_eq!(app.deliver().await.len(), 230);
    }

    async fn a_reminder_arrives_as_text_and_as_html(app) {
        app.add(&NewPerson { private_email: "anna@home.example".into(), ..NewPerson::named("Anna <b>Muster</b>") }).await;
        app.mails().await;
        app.clock.set(datetime!(2026-11-27 07:00 UTC));
        let sink = Sink::default();
        let smtp = listen(sink.clone());
        // The job that plans runs beside the one that sends.
        run_jobs(app, &smtp, async || app.number("select count(*) from outbox where digest_id is not null and sent_at is not null").await == 1).await;
        run_jobs(app, &smtp, async || true).await;
        let mails = sink.mails();
        let reminders: Vec<_> = mails.iter().filter(|mail| mail.contains("/invitation/")).collect();
        assert_eq!(reminders.len(), 1);
        let wire = reminders[0].replace("=\r\n", "").replace("=3D", "=");
        assert!(wire.contains("multipart/alternative") && wire.contains("text/plain; charset=utf-8") && wire.contains("text/html; charset=utf-8"), "{wire}");
        let (_, html) = wire.split_once("<!DOCTYPE html>").unwrap();
        assert!(html.contains("<li>Vertraulichkeitsvereinbarung (NDA): bis 30.11.2026</li>") && html.contains("<html lang=\"de\">"), "{html}");
        assert!(html.contains("Anna &lt;b&gt;Muster&lt;/b&gt;") && html.contains("<a href=\"http://localhost:3000/invitation/"), "{html}");
        assert!(!html.contains("style=") && !html.contains("<script"));
    }
}

/// Two instances that plan in the same moment; `SQLite` has one writer anyway.
#[tokio::test]
async fn of_two_instances_one_plans_each_mail() {
    let app = TestApp::new(crate::fixture::Db::Postgres).await;
    for n in 0..6 {
        app.person(&format!("Anna Nummer {n}"), "2026-12-01", BERLIN).await;
    }
    app.mails().await;
    app.clock.set(datetime!(2026-11-27 07:00 UTC));
    let (one, other) = (app.twin(), app.twin());
    let (one, other) = tokio::join!(
        tokio::spawn(async move { plan_due(&one, datetime!(2026-11-27 07:00 UTC)).await.unwrap() }),
        tokio::spawn(async move { plan_due(&other, datetime!(2026-11-27 07:00 UTC)).await.unwrap() })
    );
    assert_eq!(one.unwrap() + other.unwrap(), 6);
    assert_eq!(app.number("select count(*) from outbox where digest_id is not null").await, 6);
    assert_eq!(app.deliver().await.len(), 6);
    app.finish().await;
}
