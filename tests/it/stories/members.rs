//! The password manager's list of members: uploaded, previewed, taken over, and what it says about our people afterwards.

use super::passwords::peak_memory;
use crate::fixture::{
    TestApp,
    client::{Answer, Client},
    people::NewPerson,
    stories,
};
use antritt::{
    api::{
        done::Said,
        error::ApiError,
        members::{ApplyMembers, AssignMember, ForgetMember, MapMembers, RECONCILIATION, SetAsideMember},
        password_manager::{ConfirmEnrolment, DeclareEnrolment},
        people::RecordLastDay,
    },
    domain::{
        assignment::{Cause, EndReason, State},
        evidence::Proof,
        ids::PersonId,
        locale::Locale,
        member::{Bucket, Listing, MemberStatus, TwoStep, Vendor},
        problem::{Conflict, FieldProblem, Problem},
        requirement::RequirementKind::PasswordManager,
        roles::Role,
    },
    server::{
        service::{housekeeping, member_list::MAX_BYTES, people_file::FileProblem},
        store::{accounts, assignments::Assignment, members, reconciliation},
    },
    ui::texts::{hr, members as t, problems},
};
use axum::http::StatusCode;
use leptos::server_fn::ServerFn;
use time::{Duration, macros::date};

const HEADER: &str = "Email,Name,Status,Role,Two-step Login,Account Recovery";

/// Bitwarden's export of these accounts: address, status, whether two-step login is on.
fn bitwarden(accounts: &[(&str, &str, bool)]) -> String {
    let row = |(email, status, on): &(&str, &str, bool)| format!("{email},,{status},User,{},Enrolled\n", if *on { "Enabled" } else { "Disabled" });
    format!("{HEADER}\n{}", accounts.iter().map(row).collect::<String>())
}

pub async fn upload(client: &Client, content: &str) -> String {
    let answer = client.upload_to(RECONCILIATION, "members.csv", content.as_bytes()).await;
    let id = answer.location().strip_prefix("/security/password-manager/lists/").map(str::to_owned);
    id.unwrap_or_else(|| panic!("not taken: {} {:?}", answer.status, answer.flash()))
}

async fn apply(client: &Client, content: &str) -> Answer {
    let id = upload(client, content).await;
    client.post_form(ApplyMembers::PATH, &[("id", &id)]).await
}

fn applied(enrolled: usize, proven: usize, reopened: usize) -> Said {
    Said::MembersApplied {
        enrolled,
        proven,
        reopened,
        own_stays: false,
    }
}

/// Somebody here since Friday, with `name@firma.example` for work.
async fn colleague(app: &TestApp, name: &str) -> PersonId {
    let work = format!("{}@firma.example", name.to_lowercase());
    app.add(&NewPerson {
        work_email: &work,
        start_date: "2026-11-20",
        ..NewPerson::named(name)
    })
    .await
}

async fn item(app: &TestApp, person: PersonId) -> Assignment {
    app.item(person, PasswordManager).await
}

async fn counts(app: &TestApp) -> Vec<(Bucket, i64)> {
    let mut db = app.read().await;
    let list = members::find_newest_applied(&mut db).await.unwrap().unwrap();
    let mut counts = reconciliation::count_by_bucket(&mut db, list.id, app.now()).await.unwrap();
    counts.retain(|(_, count)| *count > 0);
    counts
}

stories! {
    async fn everybody_stands_in_the_bucket_where_they_belong(app) {
        for name in ["Anna", "Ben", "Cem", "Dora", "Emil", "Fay"] {
            colleague(app, name).await;
        }
        let gone = colleague(app, "Gerd").await;
        app.person("Hanna Bald", "2027-01-07", "Europe/Berlin").await;
        let hr = app.hr().await;
        hr.post_form(RecordLastDay::PATH, &[("id", &*gone.to_string()), ("end_date", "2026-11-21")]).await.said();
        let list = bitwarden(&[
            ("ANNA@firma.example", "Confirmed", true),
            ("ben@home.example", "Confirmed", true),
            ("cem@firma.example", "Invited", false),
            ("dora@firma.example", "Confirmed", false),
            ("emil@firma.example", "Revoked", true),
            ("gerd@firma.example", "Confirmed", true),
            ("build@firma.example", "Confirmed", true),
        ]);
        let security = app.security().await;
        assert_eq!(apply(&security, &list).await.said(), applied(2, 0, 0));
        let expected = [(Bucket::Enrolled, 2), (Bucket::Invited, 1), (Bucket::TwoStep, 1), (Bucket::Unknown, 1), (Bucket::Missing, 2), (Bucket::Left, 1)];
        assert_eq!(counts(app).await, expected, "Emil's account is suspended, Fay has none, and Hanna has not started");
        let shows = [
            (Bucket::Enrolled, vec!["Anna", "Ben"]),
            (Bucket::Invited, vec!["Cem"]),
            (Bucket::TwoStep, vec!["Dora"]),
            (Bucket::Unknown, vec!["build@firma.example"]),
            (Bucket::Missing, vec!["Emil", "Fay"]),
            (Bucket::Left, vec!["Gerd"]),
        ];
        for (bucket, names) in shows {
            let page = security.get(&format!("{RECONCILIATION}?show={}", bucket.as_str())).await;
            for name in ["Anna", "Ben", "Cem", "Dora", "Emil", "Fay", "Gerd", "Hanna", "build@firma.example"] {
                assert_eq!(page.body.contains(&format!(">{name}<")), names.contains(&name), "{name} in {bucket:?}");
            }
        }
        assert!(security.get(RECONCILIATION).await.body.contains(t::about_left(Locale::En)), "who left comes first");
    }

    async fn an_active_account_with_two_step_login_is_done_by_strong_evidence(app) {
        let anna = colleague(app, "Anna").await;
        let security = app.security().await;
        let uploaded_at = app.now();
        let id = upload(&security, &bitwarden(&[("anna@firma.example", "Confirmed", true)])).await;
        assert_eq!(item(app, anna).await.state, State::Open, "a preview changes nothing");
        app.clock.advance(Duration::minutes(20));
        assert!(security.get(&format!("{RECONCILIATION}/lists/{id}")).await.body.contains("Anna"));
        assert_eq!(security.post_json(ApplyMembers::PATH, &[("id", &id)]).await.error(), ApiError::ProveAgain, "a list reopens what others did");
        assert_eq!(item(app, anna).await.state, State::Open);
        let security = app.security().await;
        let answer = security.post_form(ApplyMembers::PATH, &[("id", &id)]).await;
        assert_eq!((answer.said(), answer.location()), (applied(1, 0, 0), RECONCILIATION));
        let done = item(app, anna).await;
        assert_eq!((done.state, done.late, done.on_vendor_list), (State::Done { submitted: None, at: uploaded_at }, false, true));
        let [evidence] = app.evidence(done.id).await.try_into().unwrap();
        let Proof::PasswordManagerMember { vendor, email, listing, .. } = evidence.proof else { panic!("{evidence:?}") };
        assert_eq!((vendor, &*email), (Vendor::Bitwarden, "anna@firma.example"));
        assert_eq!(listing, Listing { status: MemberStatus::Active, two_step: TwoStep::On });
        let page = app.hr().await.get(&format!("/people/{anna}")).await;
        assert!(page.body.contains(t::strength_list(Locale::En)), "{}", page.body);
    }

    async fn nobody_is_proven_by_a_list_of_their_own_unless_nobody_else_could_compare(app) {
        let (hanna, anna) = (colleague(app, "Hanna").await, colleague(app, "Anna").await);
        app.sign_in_by_link(hanna).await;
        let account = app.account("hanna@firma.example", Some(Role::Hr), None).await;
        let own = app.signed_in_person(hanna).await;
        let id = upload(&own, &bitwarden(&[("hanna@firma.example", "Confirmed", true), ("anna@firma.example", "Confirmed", true)])).await;
        assert!(own.get(&format!("{RECONCILIATION}/lists/{id}")).await.body.contains(t::own_item(Locale::De)));
        let said = own.post_form(ApplyMembers::PATH, &[("id", &id)]).await.said();
        assert_eq!(said, Said::MembersApplied { enrolled: 1, proven: 0, reopened: 0, own_stays: true });
        assert!(own.get(RECONCILIATION).await.body.contains(t::own_stays(Locale::De)));
        assert_eq!((item(app, hanna).await.state, item(app, anna).await.on_vendor_list), (State::Open, true));
        let line = [("email", "hanna@firma.example"), ("person", &*hanna.to_string())];
        assert_eq!(own.post_form(AssignMember::PATH, &line).await.refusal(), ApiError::Conflict(Conflict::NeedsSecondPerson));
        assert_eq!(app.hr().await.post_form(ApplyMembers::PATH, &[("id", &id)]).await.said(), applied(1, 0, 0), "somebody else takes it over");
        own.post_form(SetAsideMember::PATH, &line[..1]).await.said();
        assert!(matches!(item(app, hanna).await.state, State::Done { .. }), "nor does one take back what somebody else compared");
        let other = app.account("hr@company.example", Some(Role::Hr), None).await;
        app.write(async |tx| accounts::disable(tx, app.now(), other, account, "Weg").await).await.unwrap();
        app.clock.advance(Duration::minutes(1));
        assert_eq!(apply(&own, &bitwarden(&[("anna@firma.example", "Confirmed", true)])).await.said(), applied(0, 0, 1));
        assert_eq!(item(app, hanna).await.cause, Cause::LeftList);
        assert!(own.get(&format!("/people/{hanna}")).await.body.contains("für sich selbst, weil es keine zweite Person gibt"));
    }

    async fn an_invitation_is_no_enrolment_and_the_person_sees_why(app) {
        let anna = colleague(app, "Anna").await;
        let ben = colleague(app, "Ben").await;
        let (own, bens) = (app.sign_in_by_link(anna).await, app.sign_in_by_link(ben).await);
        bens.post_form(DeclareEnrolment::PATH, &[("id", &item(app, ben).await.id.to_string())]).await.said();
        let list = bitwarden(&[("anna@firma.example", "Invited", false), ("ben@firma.example", "Confirmed", false)]);
        assert_eq!(apply(&app.security().await, &list).await.said(), applied(0, 0, 0));
        assert_eq!(item(app, anna).await.state, State::Open);
        assert!(matches!(item(app, ben).await.state, State::Waiting { .. }), "their own word stays weak");
        assert!(own.get("/checklist").await.body.contains(t::open_invited(Locale::De)));
        let page = own.get(&format!("/checklist/password-manager/{}", item(app, anna).await.id)).await;
        assert!(page.body.contains(t::open_invited(Locale::De)));
        assert!(bens.get("/checklist").await.body.contains(t::open_off(Locale::De)));
        let hrs = app.hr().await.get(&format!("/people/{ben}")).await;
        assert!(hrs.body.contains(t::open_off(Locale::En)) && hrs.body.contains(t::strength_word(Locale::En)));
    }

    async fn what_was_confirmed_by_hand_gets_stronger_and_keeps_its_dates(app) {
        let anna = colleague(app, "Anna").await;
        let ben = colleague(app, "Ben").await;
        let hr = app.hr().await;
        for person in [anna, ben] {
            hr.post_form(ConfirmEnrolment::PATH, &[("id", &item(app, person).await.id.to_string())]).await.said();
        }
        let before = item(app, anna).await.state;
        app.clock.advance(Duration::days(3));
        let hr = app.hr().await;
        let list = bitwarden(&[("anna@firma.example", "Confirmed", true)]);
        assert_eq!(apply(&hr, &list).await.said(), applied(0, 1, 0));
        let after = item(app, anna).await;
        assert_eq!((after.state, after.on_vendor_list, app.evidence(after.id).await.len()), (before, true, 2));
        assert!(matches!(item(app, ben).await.state, State::Done { .. }), "by hand and never in a list, it stays");
        assert_eq!(counts(app).await, [(Bucket::Enrolled, 1), (Bucket::Missing, 1)]);
    }

    async fn a_declaration_before_the_list_decides_about_punctuality(app) {
        let anna = colleague(app, "Anna").await;
        let ben = colleague(app, "Ben").await;
        let own = app.sign_in_by_link(anna).await;
        let declared_at = app.now();
        own.post_form(DeclareEnrolment::PATH, &[("id", &item(app, anna).await.id.to_string())]).await.said();
        app.clock.advance(Duration::days(30));
        let list = bitwarden(&[("anna@firma.example", "Confirmed", true), ("ben@firma.example", "Confirmed", true)]);
        apply(&app.security().await, &list).await.said();
        let (annas, bens) = (item(app, anna).await, item(app, ben).await);
        assert_eq!((annas.state, annas.late), (State::Done { submitted: Some(declared_at), at: app.now() }, false));
        assert!(bens.late, "nobody knew of it before the deadline");
    }

    async fn the_same_list_again_changes_nothing_and_says_so(app) {
        colleague(app, "Anna").await;
        let security = app.security().await;
        let list = bitwarden(&[("anna@firma.example", "Confirmed", true), ("ben@firma.example", "Invited", false)]);
        let id = upload(&security, &list).await;
        security.post_form(ApplyMembers::PATH, &[("id", &id)]).await.said();
        let state = async || {
            let (evidence, items) = (app.number("select count(*) from evidence").await, app.number("select count(*) from assignment").await);
            (evidence, items, app.number("select count(*) from member_list where applied_at is not null").await)
        };
        let before = state().await;
        let entries = app.audit_entries().await;
        assert_eq!(security.post_form(ApplyMembers::PATH, &[("id", &id)]).await.said(), Said::NothingToDo, "twice the same post");
        app.clock.advance(Duration::minutes(20));
        let security = app.security().await;
        let again = upload(&security, &list).await;
        assert!(security.get(&format!("{RECONCILIATION}/lists/{again}")).await.body.contains(t::nothing_text(Locale::En)));
        assert_eq!(security.post_form(ApplyMembers::PATH, &[("id", &again)]).await.said(), Said::NothingToDo);
        assert_eq!((state().await, app.audit_entries().await), (before, entries + 1), "only the upload is noted");
    }

    async fn who_left_the_list_is_asked_again_and_returns(app) {
        let people = [colleague(app, "Anna").await, colleague(app, "Ben").await, colleague(app, "Cem").await];
        let security = app.security().await;
        let all = [("anna@firma.example", "Confirmed", true), ("ben@firma.example", "Confirmed", true), ("cem@firma.example", "Confirmed", true)];
        assert_eq!(apply(&security, &bitwarden(&all)).await.said(), applied(3, 0, 0));
        let first = item(app, people[0]).await;
        app.clock.advance(Duration::days(30));
        let security = app.security().await;
        let lost = bitwarden(&[("ben@firma.example", "Revoked", true), ("cem@firma.example", "Confirmed", false)]);
        let id = upload(&security, &lost).await;
        assert!(security.get(&format!("{RECONCILIATION}/lists/{id}")).await.body.contains(t::will_reopen(Locale::En)));
        assert_eq!(security.post_form(ApplyMembers::PATH, &[("id", &id)]).await.said(), applied(0, 0, 3));
        for person in people {
            let again = item(app, person).await;
            assert_eq!((again.state, again.cause, again.cycle), (State::Open, Cause::LeftList, 2));
            assert_eq!(again.deadline.due_on, date!(2026 - 12 - 30), "a week from 23 December");
            let page = security.get(&format!("/people/{person}")).await;
            let reason = [t::lost(Locale::En), t::open_revoked(Locale::En), t::lost_off(Locale::En)][people.iter().position(|other| *other == person).unwrap()];
            assert!(page.body.contains(reason), "{reason}: {}", page.body);
        }
        assert_eq!(app.evidence(first.id).await.len(), 1, "the earlier evidence stays");
        assert_eq!(app.number("select count(*) from assignment a join requirement r on r.id = a.requirement_id where r.kind = 'password_manager' and a.state = 'done'").await, 3);
        app.clock.advance(Duration::days(2));
        let security = app.security().await;
        assert_eq!(apply(&security, &bitwarden(&all)).await.said(), applied(3, 0, 0));
        let returned = item(app, people[0]).await;
        assert_eq!((returned.cycle, returned.late, returned.on_vendor_list), (2, false, true));
    }

    async fn a_warning_about_one_person_reads_like_one_about_many(app) {
        colleague(app, "Anna").await;
        let security = app.security().await;
        apply(&security, &bitwarden(&[("anna@firma.example", "Confirmed", true)])).await.said();
        app.clock.advance(Duration::days(1));
        let security = app.security().await;
        let id = upload(&security, &bitwarden(&[("x@firma.example", "Confirmed", true)])).await;
        let page = security.get(&format!("{RECONCILIATION}/lists/{id}")).await.body;
        assert!(page.contains(&t::reopen_warning(Locale::En, "1\u{A0}person")), "{page}");
        assert!(!page.contains("person were"), "{page}");
    }

    async fn a_list_of_millions_of_nothings_takes_little_memory(app) {
        let security = app.security().await;
        security.get(RECONCILIATION).await;
        let before = peak_memory();
        let nothings = 3_400_000;
        let json = format!("{{\"object\":\"list\",\"data\":[{}{{}}]}}", "{},".repeat(nothings - 1));
        let wide = format!("{}x\n", "x;".repeat(99)) + &format!("{}y\n", ";".repeat(99)).repeat(99_999);
        for (list, said) in [(json, problems::file(Locale::En, &FileProblem::TooManyRows(nothings))), (wide, t::map_title(Locale::En).to_owned())] {
            assert!(list.len() > MAX_BYTES - 600_000 && list.len() <= MAX_BYTES);
            let id = upload(&security, &list).await;
            drop(list);
            let path = format!("{RECONCILIATION}/lists/{id}");
            for page in futures::future::join_all((0..3).map(|_| security.get(&path))).await {
                assert!(page.body.contains(&said), "{}", page.body);
            }
        }
        let grown = peak_memory() - before;
        // The list itself, how it is sent, kept and bound are most of it; all the members would be half a gigabyte.
        assert!(grown < 200 * 1024, "{grown} KiB");
    }

    async fn numbers_of_an_unknown_vendor_are_asked_about(app) {
        let security = app.security().await;
        let id = upload(&security, "email,status,mfa\na@firma.example,2,1\nb@firma.example,-1,-1\n").await;
        let page = security.get(&format!("{RECONCILIATION}/lists/{id}")).await.body;
        assert!(page.contains(t::map_title(Locale::En)) && page.contains("statuses[1]") && page.contains("two_steps[1]"), "{page}");
        assert_eq!(app.number("select count(*) from member").await, 0);
    }

    async fn a_list_that_does_not_mention_two_step_login_neither_proves_nor_takes_away(app) {
        let (anna, ben) = (colleague(app, "Anna").await, colleague(app, "Ben").await);
        let security = app.security().await;
        apply(&security, &bitwarden(&[("anna@firma.example", "Confirmed", true)])).await.said();
        app.clock.advance(Duration::days(1));
        let security = app.security().await;
        let silent = r#"[{"name":"Anna","email":"anna@firma.example","state":"ACTIVE"},{"name":"Ben","email":"ben@firma.example","state":"ACTIVE"}]"#;
        assert_eq!(apply(&security, silent).await.said(), applied(0, 0, 0));
        assert!(matches!(item(app, anna).await.state, State::Done { .. }));
        assert_eq!(item(app, ben).await.state, State::Open);
        assert_eq!(counts(app).await, [(Bucket::TwoStep, 2)]);
        assert!(security.get(&format!("{RECONCILIATION}?show=two-step")).await.body.contains(t::confirm_by_hand(Locale::En)));
        app.clock.advance(Duration::days(1));
        let security = app.security().await;
        let vouched = upload(&security, &format!("{silent} ")).await;
        assert_eq!(security.post_form(ApplyMembers::PATH, &[("id", &*vouched), ("enforced", "on")]).await.said(), applied(1, 0, 0));
        let proof = app.evidence(item(app, ben).await.id).await.remove(0).proof;
        assert!(matches!(proof, Proof::PasswordManagerMember { listing: Listing { two_step: TwoStep::Enforced, .. }, vendor: Vendor::OnePassword, .. }), "{proof:?}");
    }

    async fn a_line_assigned_by_hand_counts_at_once_and_for_every_list_to_come(app) {
        let anna = colleague(app, "Anna").await;
        let security = app.security().await;
        let list = bitwarden(&[("muster@firma.example", "Confirmed", true)]);
        assert_eq!(apply(&security, &list).await.said(), applied(0, 0, 0));
        let page = security.get(&format!("{RECONCILIATION}/match?email=muster@firma.example&q=anna")).await;
        assert!(page.body.contains(&anna.to_string()));
        let fields = [("email", "muster@firma.example"), ("person", &*anna.to_string())];
        assert_eq!(security.post_form(AssignMember::PATH, &fields).await.said(), Said::MemberAssigned);
        assert!(matches!(item(app, anna).await.state, State::Done { .. }));
        app.clock.advance(Duration::days(1));
        let security = app.security().await;
        let wider = bitwarden(&[("muster@firma.example", "Confirmed", true), ("new@firma.example", "Invited", false)]);
        assert_eq!(apply(&security, &wider).await.said(), applied(0, 0, 0), "it is remembered, and proven already");
        assert_eq!(counts(app).await, [(Bucket::Enrolled, 1), (Bucket::Unknown, 1)]);
        assert_eq!(security.post_form(ForgetMember::PATH, &fields[..1]).await.said(), Said::MemberForgotten);
        let again = item(app, anna).await;
        assert_eq!((again.state, again.cause), (State::Open, Cause::LeftList), "what rested on the assignment is asked again");
        assert_eq!(security.post_form(ForgetMember::PATH, &fields[..1]).await.refusal(), ApiError::Conflict(Conflict::AlreadyDone));
    }

    async fn an_account_that_is_nobodys_is_set_aside_and_can_be_taken_back(app) {
        let security = app.security().await;
        let list = bitwarden(&[("build@firma.example", "Confirmed", true)]);
        apply(&security, &list).await.said();
        let fields = [("email", "build@firma.example")];
        assert_eq!(security.post_form(SetAsideMember::PATH, &fields).await.said(), Said::MemberSetAside);
        assert_eq!(counts(app).await, [(Bucket::SetAside, 1)]);
        assert!(security.get(&format!("{RECONCILIATION}?show=set-aside")).await.body.contains(t::take_back(Locale::En)));
        security.post_form(ForgetMember::PATH, &fields).await.said();
        assert_eq!(counts(app).await, [(Bucket::Unknown, 1)]);
    }

    async fn who_was_late_stays_late_after_leaving_the_list_and_coming_back(app) {
        let anna = colleague(app, "Anna").await;
        app.clock.advance(Duration::days(30));
        for (days, list) in [(0, [("anna@firma.example", "Confirmed", true)]), (1, [("anna@firma.example", "Revoked", true)]), (1, [("anna@firma.example", "Confirmed", true)])] {
            app.clock.advance(Duration::days(days));
            apply(&app.security().await, &bitwarden(&list)).await.said();
            assert!(item(app, anna).await.late, "an incomplete list makes nobody punctual");
        }
        assert!(matches!(item(app, anna).await.state, State::Done { .. }));
        assert_eq!(item(app, anna).await.cycle, 2);
    }

    async fn an_account_moved_to_another_person_changes_both(app) {
        let (anna, ben) = (colleague(app, "Anna").await, colleague(app, "Ben").await);
        let security = app.security().await;
        apply(&security, &bitwarden(&[("anna@firma.example", "Confirmed", true)])).await.said();
        let fields = [("email", "anna@firma.example"), ("person", &*ben.to_string())];
        security.post_form(AssignMember::PATH, &fields).await.said();
        assert_eq!(item(app, anna).await.cause, Cause::LeftList);
        assert!(item(app, ben).await.on_vendor_list);
    }

    async fn an_address_of_two_people_is_nobodys_until_somebody_decides(app) {
        let (anna, ben) = (colleague(app, "Anna").await, colleague(app, "Ben").await);
        // The forms refuse this; older data may hold it all the same.
        app.tamper("update person set private_email = (select p.work_email from person p where p.name like 'Anna%') where name like 'Ben%'").await.unwrap();
        let security = app.security().await;
        assert_eq!(apply(&security, &bitwarden(&[("anna@firma.example", "Confirmed", true)])).await.said(), applied(0, 0, 0));
        assert_eq!((item(app, anna).await.state, item(app, ben).await.state), (State::Open, State::Open));
        assert!(security.get(&format!("{RECONCILIATION}?show=unknown")).await.body.contains(t::ambiguous(Locale::En)));
        security.post_form(AssignMember::PATH, &[("email", "anna@firma.example"), ("person", &*anna.to_string())]).await.said();
        assert!(item(app, anna).await.on_vendor_list && !item(app, ben).await.on_vendor_list);
    }

    async fn two_accounts_of_one_person_count_by_the_better(app) {
        let anna = colleague(app, "Anna").await;
        let list = bitwarden(&[("anna@home.example", "Invited", false), ("anna@firma.example", "Confirmed", true)]);
        assert_eq!(apply(&app.security().await, &list).await.said(), applied(1, 0, 0));
        assert_eq!(counts(app).await, [(Bucket::Enrolled, 1)]);
        assert_eq!(item(app, anna).await.listing, Some(Listing { status: MemberStatus::Active, two_step: TwoStep::On }));
    }

    async fn leavers_keep_their_record_whatever_a_list_says(app) {
        let anna = colleague(app, "Anna").await;
        let security = app.security().await;
        apply(&security, &bitwarden(&[("anna@firma.example", "Confirmed", true)])).await.said();
        app.hr().await.post_form(RecordLastDay::PATH, &[("id", &*anna.to_string()), ("end_date", "2026-11-24")]).await.said();
        app.clock.advance(Duration::days(7));
        let security = app.security().await;
        assert_eq!(apply(&security, &bitwarden(&[("x@firma.example", "Confirmed", true)])).await.said(), applied(0, 0, 0));
        assert!(matches!(item(app, anna).await.state, State::Done { .. }));
        let ended = State::Ended { at: app.now(), reason: EndReason::Left };
        assert!(app.items(anna).await.iter().all(|item| item.cycle == 1 && item.state != ended));
    }

    async fn only_the_newest_list_counts(app) {
        let old = upload(&app.hr().await, &bitwarden(&[("anna@firma.example", "Confirmed", true)])).await;
        app.clock.advance(Duration::minutes(20));
        let (hr, security) = (app.hr().await, app.security().await);
        let list = upload(&security, &bitwarden(&[("ben@firma.example", "Confirmed", true)])).await;
        security.post_form(ApplyMembers::PATH, &[("id", &list)]).await.said();
        let stale = ApiError::Conflict(Conflict::PreviewGone);
        assert_eq!(hr.post_form(ApplyMembers::PATH, &[("id", &old)]).await.refusal(), stale);
        app.clock.advance(Duration::minutes(9));
        apply(&security, &bitwarden(&[("cem@firma.example", "Confirmed", true)])).await.said();
        assert_eq!(security.post_form(ApplyMembers::PATH, &[("id", &list)]).await.refusal(), stale);
    }

    async fn people_added_after_a_list_are_found_by_comparing_again(app) {
        let security = app.security().await;
        let id = upload(&security, &bitwarden(&[("anna@firma.example", "Confirmed", true)])).await;
        security.post_form(ApplyMembers::PATH, &[("id", &id)]).await.said();
        app.clock.advance(Duration::minutes(1));
        let anna = colleague(app, "Anna").await;
        assert_eq!(item(app, anna).await.state, State::Open);
        assert_eq!(security.post_form(ApplyMembers::PATH, &[("id", &id)]).await.said(), applied(1, 0, 0));
        assert!(item(app, anna).await.on_vendor_list);
    }

    async fn unknown_columns_are_asked_for_once(app) {
        let (anna, ben) = (colleague(app, "Anna").await, colleague(app, "Ben").await);
        let security = app.security().await;
        let list = "Konto;Stufe;Faktor\nanna@firma.example;A1;Schlüssel\nben@firma.example;A2;\n";
        let id = upload(&security, list).await;
        let path = format!("{RECONCILIATION}/lists/{id}");
        assert!(security.get(&path).await.body.contains(t::map_title(Locale::En)));
        assert_eq!(security.post_form(ApplyMembers::PATH, &[("id", &id)]).await.refusal(), ApiError::Conflict(Conflict::NotYet));
        let chosen = security.get(&format!("{path}?email=0&status=1&two_step=2")).await;
        assert!(chosen.body.contains("statuses[0]") && chosen.body.contains("Schlüssel"), "{}", chosen.body);
        let columns = [("id", &*id), ("email", "0"), ("status", "1"), ("two_step", "2"), ("statuses[0]", "active")];
        let open = |field: &str| FieldProblem::new(field, Problem::NotChosen);
        let refusal = security.post_form(MapMembers::PATH, &columns).await.refusal();
        assert_eq!(refusal, ApiError::Invalid(vec![open("statuses[1]"), open("two_steps[1]")]), "an empty field says nothing, which is clear");
        let bare = security.post_form(MapMembers::PATH, &columns[..1]).await.refusal();
        assert_eq!(bare, ApiError::Invalid(vec![open("email"), open("status")]));
        let fields = [&columns[..], &[("statuses[1]", "invited"), ("two_steps[1]", "on")]].concat();
        assert_eq!(security.post_form(MapMembers::PATH, &fields).await.location(), path);
        assert_eq!(security.post_form(ApplyMembers::PATH, &[("id", &id)]).await.said(), applied(1, 0, 0));
        assert!(item(app, anna).await.on_vendor_list);
        app.clock.advance(Duration::days(1));
        let security = app.security().await;
        let next = list.replace("A2;", "A1;Schlüssel");
        assert_eq!(apply(&security, &next).await.said(), applied(1, 0, 0), "the answers hold for the next file");
        assert!(item(app, ben).await.on_vendor_list);
        assert_eq!(security.post_form(MapMembers::PATH, &fields).await.refusal(), ApiError::Conflict(Conflict::PreviewGone), "it was read and applied");
    }

    async fn files_that_cannot_be_used_say_where_and_why(app) {
        let security = app.security().await;
        let id = upload(&security, "Email,Status\nanna,Active\nben@firma.example,Active\n").await;
        let page = security.get(&format!("{RECONCILIATION}/lists/{id}")).await;
        assert!(page.body.contains(">anna<") && page.body.contains(t::refused_text(Locale::En)));
        assert_eq!(security.post_form(ApplyMembers::PATH, &[("id", &id)]).await.refusal(), ApiError::Conflict(Conflict::NotYet));
        let id = upload(&security, "PK\u{3}\u{4}").await;
        assert!(security.get(&format!("{RECONCILIATION}/lists/{id}")).await.body.contains(t::not_a_list(Locale::En)));
        let none = security.upload_to(RECONCILIATION, "", b"").await;
        assert_eq!(none.refusal(), ApiError::Invalid(vec![FieldProblem::new("file", Problem::Required)]));
        let large = security.upload_to(RECONCILIATION, "x.csv", &vec![b'x'; MAX_BYTES + 1]).await;
        assert_eq!(large.refusal(), ApiError::Invalid(vec![FieldProblem::new("file", Problem::TooLong(MAX_BYTES))]));
        assert_eq!(app.number("select count(*) from member").await, 0);
    }

    async fn a_preview_holds_no_more_of_a_list_than_it_shows(app) {
        let security = app.security().await;
        let preview = async |list: &str| {
            let id = upload(&security, list).await;
            security.get(&format!("{RECONCILIATION}/lists/{id}")).await.body
        };
        let lines = (0..600).map(|n| format!("nobody{n},Active\n")).collect::<Vec<_>>().concat();
        let page = preview(&format!("Email,Status\n{lines}")).await;
        assert_eq!(page.matches("class=\"line-no\"").count(), 500);
        assert!(page.contains(&hr::refused_hidden(Locale::En, &hr::rows(Locale::En, 100))), "{page}");
        let long = "x".repeat(100_000);
        for list in [format!("Konto;Stufe\n{long};{long}\n"), format!("[{{\"email\":\"a@firma.example\",\"status\":\"{long}\"}}]")] {
            let page = preview(&list).await;
            assert!(page.contains(&format!("{}…", &long[..200])) && !page.contains(&long[..201]), "{}", page.len());
        }
        let wide = format!("Email{}\na@firma.example{}\n", ";x".repeat(500), ";".repeat(500));
        assert!(preview(&wide).await.contains(t::not_a_list(Locale::En)));
    }

    async fn the_export_of_a_vault_is_refused_and_nothing_of_it_is_kept(app) {
        let security = app.security().await;
        let vaults = [
            "folder,type,name,login_uri,login_username,login_password,login_totp\n,login,Bank,,anna,geheim,\n",
            "email,status,Passwort\nanna@firma.example,active,geheim\n",
            r#"{"items":[{"name":"Bank","login":{"username":"anna","password":"geheim"}}]}"#,
        ];
        for vault in vaults {
            let answer = security.upload_to(RECONCILIATION, "export.csv", vault.as_bytes()).await;
            assert_eq!(answer.refusal(), ApiError::Invalid(vec![FieldProblem::new("file", Problem::HoldsPasswords)]), "{vault}");
            assert_eq!(answer.location(), RECONCILIATION);
            let page = security.get(RECONCILIATION).await.body;
            assert!(page.contains("an export with passwords") && !page.contains("geheim"), "{page}");
        }
        assert_eq!(app.number("select count(*) from member_list").await, 0);
    }

    async fn lists_and_lines_that_do_not_exist_are_not_found(app) {
        let anna = colleague(app, "Anna").await;
        let security = app.security().await;
        assert_eq!(security.get(RECONCILIATION).await.status, StatusCode::OK, "before the first list");
        assert_eq!(security.get(&format!("{RECONCILIATION}/match?email=a@firma.example")).await.status, StatusCode::NOT_FOUND);
        let missing = uuid::Uuid::from_u128(7).to_string();
        assert_eq!(security.post_form(ApplyMembers::PATH, &[("id", &missing)]).await.refusal(), ApiError::NotFound);
        apply(&security, &bitwarden(&[("build@firma.example", "Confirmed", true)])).await.said();
        for fields in [[("email", "else@firma.example"), ("person", &*anna.to_string())], [("email", "build@firma.example"), ("person", &*missing)]] {
            assert_eq!(security.post_form(AssignMember::PATH, &fields).await.refusal(), ApiError::NotFound);
        }
        assert_eq!(app.number("select count(*) from member_match").await, 0);
    }

    async fn previews_go_and_applied_lists_stay(app) {
        let security = app.security().await;
        apply(&security, &bitwarden(&[("a@firma.example", "Confirmed", true)])).await.said();
        upload(&security, &bitwarden(&[("b@firma.example", "Confirmed", true)])).await;
        app.clock.advance(Duration::days(2));
        assert_eq!(housekeeping::sweep(&app.app, app.now()).await.unwrap().uploads, 1);
        assert_eq!(app.number("select count(*) from member").await, 1);
        for statement in ["update member set status = 'invited'", "delete from member", "delete from member_list", "update member_list set members = 7"] {
            assert!(app.tamper(statement).await.is_err(), "{statement}");
        }
    }
}
