//! Adding and changing people by hand.

use crate::fixture::{people::NewPerson, stories};
use antritt::{
    api::{
        done::Said,
        error::ApiError,
        people::{AddPerson, ChangePerson, MoveStart},
    },
    domain::{
        problem::{FieldProblem, Problem},
        requirement::RequirementKind,
    },
    server::{
        service::people::form_of,
        store::{audit::timeline, people::list_start_date_changes},
    },
};
use leptos::server_fn::ServerFn;
use time::macros::date;

fn problem(field: &str, problem: Problem) -> ApiError {
    ApiError::Invalid(vec![FieldProblem::new(field, problem)])
}

stories! {
    async fn a_new_person_gets_every_item_with_its_default_deadline(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let due: Vec<_> = app.items(anna).await.into_iter().map(|item| (item.kind, item.deadline.due_on)).collect();
        assert_eq!(due, [
            (RequirementKind::Nda, date!(2026 - 11 - 30)),
            (RequirementKind::BackgroundCheck, date!(2026 - 12 - 01)),
            (RequirementKind::Policy, date!(2026 - 12 - 15)),
            (RequirementKind::Policy, date!(2026 - 12 - 15)),
            (RequirementKind::Policy, date!(2026 - 12 - 15)),
            (RequirementKind::Training, date!(2026 - 12 - 31)),
            (RequirementKind::PasswordManager, date!(2026 - 12 - 08)),
        ]);
    }

    async fn without_the_tick_nobody_is_mailed(app) {
        app.add(&NewPerson { invite: false, ..NewPerson::named("Anna Muster") }).await;
        assert!(app.mails().await.is_empty());
    }

    async fn moving_the_start_moves_open_deadlines_and_keeps_the_history(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        let policy = app.item(anna, RequirementKind::Policy).await;
        app.accept_policy(&client, &policy).await.said();
        let hr = app.hr().await;
        for (day, reason) in [("2026-12-15", "Elternzeit"), ("08.12.2026", "doch früher")] {
            let fields = [("id", &*anna.to_string()), ("start_date", day), ("reason", reason)];
            let answer = hr.post_seen(MoveStart::PATH, &fields).await;
            assert_eq!((answer.said(), answer.location()), (Said::StartMoved, &*format!("/people/{anna}")));
        }
        assert_eq!(app.record(anna).await.details.start_date, date!(2026 - 12 - 08));
        let items = app.items(anna).await;
        assert_eq!((items[0].deadline.due_on, items[0].first_due_on), (date!(2026 - 12 - 07), Some(date!(2026 - 11 - 30))));
        assert_eq!((items[2].deadline.due_on, items[2].first_due_on), (date!(2026 - 12 - 15), None), "what is done keeps its deadline");
        assert_eq!((items[3].deadline.due_on, items[3].first_due_on), (date!(2026 - 12 - 22), Some(date!(2026 - 12 - 15))));
        let moves: Vec<_> = list_start_date_changes(&mut app.read().await, anna).await.unwrap().into_iter().map(|c| (c.old_date, c.new_date, c.reason)).collect();
        assert_eq!(moves.len(), 2);
        assert!(moves.contains(&(date!(2026 - 12 - 01), date!(2026 - 12 - 15), "Elternzeit".into())));
        assert!(moves.contains(&(date!(2026 - 12 - 15), date!(2026 - 12 - 08), "doch früher".into())));
    }

    async fn what_was_overdue_stays_late_when_the_start_is_moved_there_and_back(app) {
        let jonas = app.person("Jonas Muster", "2026-10-10", "Europe/Berlin").await;
        let client = app.sign_in_by_link(jonas).await;
        let hr = app.hr().await;
        let overdue = app.item(jonas, RequirementKind::Policy).await;
        assert!(overdue.deadline.due_on == date!(2026 - 10 - 24) && overdue.deadline.due_at < app.now());
        let moved = async |day: &str| {
            hr.post_seen(MoveStart::PATH, &[("id", &*jonas.to_string()), ("start_date", day), ("reason", "Umzug")]).await.said();
            app.items(jonas).await.into_iter().find(|item| item.id == overdue.id).unwrap()
        };
        moved("2027-05-01").await;
        app.accept_policy(&client, &overdue).await.said();
        let punctual = app.items(jonas).await.into_iter().find(|item| item.id == overdue.id).unwrap();
        assert_eq!((punctual.late, punctual.deadline.due_on), (false, date!(2027 - 05 - 15)));
        let back = moved("2026-10-10").await;
        assert_eq!((back.late, back.state, back.deadline), (true, punctual.state, overdue.deadline), "it says by which day it is late");
        assert_eq!(back.first_due_on, Some(date!(2026 - 10 - 24)));
        let again = moved("2027-05-01").await;
        assert_eq!((again.late, again.deadline), (true, overdue.deadline), "late for ever");
    }

    async fn what_was_done_in_time_by_the_new_day_too_stays_punctual_and_keeps_its_deadline(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let client = app.sign_in_by_link(anna).await;
        app.do_everything(&client, anna).await;
        let before = app.items(anna).await;
        let earlier = [("id", &*anna.to_string()), ("start_date", "2026-11-24"), ("reason", "Fing früher an")];
        app.hr().await.post_seen(MoveStart::PATH, &earlier).await.said();
        assert_eq!(app.items(anna).await, before);
    }

    async fn a_move_needs_a_reason_and_a_day_that_exists(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        let fields = [("id", &*anna.to_string()), ("start_date", "30.02.2027"), ("reason", " ")];
        let expected = vec![FieldProblem::new("start_date", Problem::NotADate), FieldProblem::new("reason", Problem::Required)];
        assert_eq!(hr.post_seen(MoveStart::PATH, &fields).await.refusal(), ApiError::Invalid(expected));
        let entries = app.audit_entries().await;
        let same = [("id", &*anna.to_string()), ("start_date", "2026-12-01"), ("reason", "gleich")];
        hr.post_seen(MoveStart::PATH, &same).await.said();
        assert_eq!(app.audit_entries().await, entries, "moving to the same day changes nothing");
    }

    async fn wrong_fields_are_all_named_at_once_and_what_was_typed_stays(app) {
        let hr = app.hr().await;
        let long = "x".repeat(300);
        let fields = [("name", &*long), ("private_email", "anna"), ("kind", "robot"), ("country", "XX"), ("department", ""), ("job_title", "Chefin"), ("start_date", "2027-02-30"), ("time_zone", "Mars/Base")];
        let answer = hr.post_form(AddPerson::PATH, &fields).await;
        let ApiError::Invalid(problems) = answer.refusal() else { panic!("not refused") };
        let named: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(named, ["name", "private_email", "kind", "country", "department", "start_date", "time_zone"]);
        let Some(antritt::api::flash::Flash::Failed { typed, .. }) = answer.flash() else { panic!("no flash") };
        assert!(typed.contains(&("name".into(), long.clone())) && typed.contains(&("job_title".into(), "Chefin".into())));
        assert_eq!(app.number("select count(*) from person").await, 0);
    }

    async fn emoji_and_right_to_left_names_are_names(app) {
        for (name, email) in [("Zoë 👩‍🚀 O’Brien", "zoe@home.example"), ("ياسمين الحسن", "yasmin@home.example"), ("Nguyễn Văn A; drop table person", "a@home.example")] {
            let person = app.add(&NewPerson { private_email: email.into(), ..NewPerson::named(name) }).await;
            assert_eq!(app.record(person).await.details.name.as_str(), name);
            let page = app.hr().await.get(&format!("/people/{person}")).await;
            assert_eq!(page.status, axum::http::StatusCode::OK);
            let landing = app.visitor().get(&format!("/invitation/{}", app.token_of(person).await)).await;
            assert!(landing.body.contains(name), "{name}");
        }
    }

    async fn markup_in_a_name_stays_text(app) {
        let name = "<script>alert(1)</script>";
        let person = app.add(&NewPerson { private_email: "x@home.example".into(), ..NewPerson::named(name) }).await;
        let token = app.token_of(person).await;
        for page in [app.visitor().get(&format!("/invitation/{token}")).await, app.hr().await.get(&format!("/people/{person}")).await, app.hr().await.get("/hr").await] {
            assert!(!page.body.contains("<script>alert"), "{}", page.body);
        }
    }

    async fn an_address_belongs_to_one_person(app) {
        let anna = app.add(&NewPerson { work_email: "anna@company.example", ..NewPerson::named("Anna Muster") }).await;
        let hr = app.hr().await;
        let twin = NewPerson { private_email: "Anna@Company.example".into(), ..NewPerson::named("Anna Zwei") };
        assert_eq!(hr.post_form(AddPerson::PATH, &twin.fields()).await.refusal(), problem("private_email", Problem::EmailTaken));
        let unknown = NewPerson { manager_email: "nobody@company.example", ..NewPerson::named("Ben Bote") };
        assert_eq!(hr.post_form(AddPerson::PATH, &unknown.fields()).await.refusal(), problem("manager_email", Problem::UnknownManager));
        let ben = app.add(&NewPerson { manager_email: "anna@company.example", ..NewPerson::named("Ben Bote") }).await;
        assert_eq!(app.record(ben).await.manager_id, Some(anna));
    }

    async fn nobody_is_added_whose_name_or_address_hides_something(app) {
        let hr = app.hr().await;
        for address in ["hr\u{200B}@company.example", "h\u{AD}r@company.example", "hr@c\u{43E}mpany.example", "mu\u{308}ller@company.example", "a\\@company.example", "[@company.example"] {
            let person = NewPerson { private_email: address.into(), ..NewPerson::named("Anna Muster") };
            assert_eq!(hr.post_form(AddPerson::PATH, &person.fields()).await.refusal(), problem("private_email", Problem::NotAnEmail), "{address:?}");
        }
        for name in ["An\u{200B}na", "\u{200E}Anna", "An\u{2028}na", "Anna\u{E0041}", "Anna\u{FFFF}"] {
            let person = NewPerson { private_email: "anna@home.example".into(), ..NewPerson::named(name) };
            assert_eq!(hr.post_form(AddPerson::PATH, &person.fields()).await.refusal(), problem("name", Problem::ControlCharacters), "{name:?}");
        }
        assert_eq!(app.number("select count(*) from person").await, 0);
    }

    async fn changing_details_leaves_the_start_date_alone_and_names_the_fields(app) {
        let anna = app.person("Anna Muster", "2026-12-01", "Europe/Berlin").await;
        let hr = app.hr().await;
        let mut form = form_of(&app.record(anna).await.details);
        form.name = "Anna Muster-Schön".into();
        form.start_date = "2030-01-01".into();
        let id = anna.to_string();
        let post = async |form: &antritt::domain::person::PersonForm| {
            let fields = [("id", &*id), ("name", &form.name), ("private_email", &form.private_email), ("work_email", ""), ("kind", &form.kind), ("country", &form.country),
                ("department", &form.department), ("job_title", &form.job_title), ("manager_email", ""), ("start_date", &form.start_date), ("time_zone", &form.time_zone), ("language", &form.language)];
            hr.post_seen(ChangePerson::PATH, &fields).await
        };
        assert_eq!(post(&form).await.said(), Said::PersonChanged);
        let record = app.record(anna).await;
        assert_eq!((record.details.name.as_str(), record.details.start_date), ("Anna Muster-Schön", date!(2026 - 12 - 01)));
        let told = timeline(&mut app.read().await, anna, &[], None, 9).await.unwrap().rows;
        assert_eq!(told.iter().filter(|row| row.detail.as_ref().is_some_and(|detail| detail.contains(r#""fields":["name"]"#))).count(), 1);
        let entries = app.audit_entries().await;
        post(&form).await.said();
        assert_eq!(app.audit_entries().await, entries, "saving what is there already changes nothing");
    }
}
