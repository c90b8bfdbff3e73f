//! Lists of members: kept, filled, applied once; and SQL's judgement of a line beside the domain's.

use super::{email, id, is_stale, person};
use crate::fixture::{TestApp, stories};
use antritt::{
    domain::{
        assignment::State,
        ids::{AccountId, MemberListId, PersonId},
        member::{Bucket, Listing, MemberStatus, Remembered, TwoStep, Vendor},
        requirement::RequirementKind::PasswordManager,
    },
    server::store::{
        assignments,
        members::{self, NewList, NewMember},
        reconciliation,
    },
};
use std::collections::HashSet;
use time::Duration;

async fn hr(app: &TestApp) -> AccountId {
    app.insert_account(10, None, "hr@firma.example").await.unwrap()
}

async fn keep(app: &TestApp, n: u128, by: AccountId) {
    let list = NewList {
        id: MemberListId(id(n)),
        file_name: "members.csv",
        sha256: [7; 32],
        content: b"a,b",
        by,
    };
    app.write(async |tx| members::insert_list(tx, app.now(), &list).await).await.unwrap();
}

fn member(line: i64, email: &str, status: MemberStatus, two_step: TwoStep) -> NewMember<'_> {
    NewMember {
        line,
        email,
        name: "Kim",
        listing: Listing { status, two_step },
    }
}

async fn fill(app: &TestApp, n: u128, rows: &[NewMember<'_>]) -> antritt::server::store::Result<()> {
    app.write(async |tx| members::fill_list(tx, MemberListId(id(n)), Vendor::Bitwarden, rows).await)
        .await
}

async fn mark(app: &TestApp, n: u128, by: AccountId) -> antritt::server::store::Result<()> {
    app.write(async |tx| members::mark_applied(tx, app.now(), MemberListId(id(n)), by).await).await
}

stories! {
    async fn a_list_is_kept_filled_and_applied_once(app) {
        let by = hr(app).await;
        keep(app, 1, by).await;
        keep(app, 2, by).await;
        let find = async |n: u128| members::find_list(&mut app.read().await, MemberListId(id(n))).await.unwrap();
        assert_eq!(find(1).await, None, "only an account's last preview is kept");
        assert_eq!(find(2).await.unwrap().content, b"a,b");
        let rows = [member(2, "a@x.example", MemberStatus::Active, TwoStep::Unknown), member(3, "b@x.example", MemberStatus::Active, TwoStep::Off)];
        fill(app, 2, &rows).await.unwrap();
        assert!(is_stale(fill(app, 2, &rows).await));
        let filled = find(2).await.unwrap();
        assert_eq!((filled.members, filled.vendor, filled.content.len(), filled.newest), (2, Vendor::Bitwarden, 0, None));
        let enforced = app.write(async |tx| members::mark_two_step_enforced(tx, MemberListId(id(2))).await).await.unwrap();
        assert_eq!(enforced, 1, "what is off stays off");
        assert_eq!(members::find_newest_applied(&mut app.read().await).await.unwrap(), None);
        mark(app, 2, by).await.unwrap();
        assert!(is_stale(mark(app, 2, by).await));
        let newest = members::find_newest_applied(&mut app.read().await).await.unwrap().unwrap();
        assert_eq!((newest.id, newest.applied, newest.newest.unwrap().sha256), (MemberListId(id(2)), Some((app.now(), "Kim Konto".to_owned())), [7; 32]));
        app.clock.advance(Duration::minutes(1));
        keep(app, 3, by).await;
        let forget = async |before| app.write(async |tx| members::delete_previews_older_than(tx, before).await).await.unwrap();
        assert_eq!((forget(app.now()).await, forget(app.now() + Duration::seconds(1)).await), (0, 1), "applied lists stay");
    }

    async fn what_was_said_is_remembered_and_can_be_forgotten(app) {
        let by = hr(app).await;
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        keep(app, 1, by).await;
        fill(app, 1, &[member(2, "x@x.example", MemberStatus::Active, TwoStep::On)]).await.unwrap();
        let find = async || reconciliation::find_match(&mut app.read().await, MemberListId(id(1)), "x@x.example").await.unwrap().unwrap();
        let say = async |who| app.write(async |tx| members::upsert_match(tx, app.now(), "x@x.example", who, by).await).await.unwrap();
        assert_eq!((find().await.person, find().await.is_said), (None, false));
        say(Remembered::Person(anna.id)).await;
        assert_eq!((find().await.person, find().await.is_said), (Some(anna.id), true));
        assert_eq!(reconciliation::list_matches(&mut app.read().await, MemberListId(id(1)), Some(anna.id)).await.unwrap(), [find().await]);
        say(Remembered::NotOurs).await;
        assert_eq!((find().await.person, find().await.is_said), (None, true));
        assert_eq!(reconciliation::list_matches(&mut app.read().await, MemberListId(id(1)), Some(anna.id)).await.unwrap(), []);
        let forget = async || app.write(async |tx| members::delete_match(tx, "x@x.example").await).await;
        forget().await.unwrap();
        assert!(is_stale(forget().await));
        let map = async |json: &str| app.write(async |tx| members::upsert_mapping(tx, app.now(), &[1; 32], json, by).await).await.unwrap();
        map("{}").await;
        map("[]").await;
        let found = async |header| members::find_mapping(&mut app.read().await, &header).await.unwrap();
        assert_eq!((found([1; 32]).await.as_deref(), found([2; 32]).await), (Some("[]"), None));
    }

    async fn sql_and_domain_agree_on_every_listing(app) {
        let by = hr(app).await;
        keep(app, 1, by).await;
        let listings: Vec<_> = MemberStatus::ALL.iter().flat_map(|status| TwoStep::ALL.iter().map(|two_step| (*status, *two_step))).collect();
        let addresses: Vec<_> = (0..listings.len()).map(|n| format!("person{n}@home.example")).collect();
        let mut expected = Vec::new();
        for (n, (status, two_step)) in listings.iter().enumerate() {
            let somebody = person(u128::try_from(n).unwrap(), &format!("Person {n:02}"));
            app.insert_person(&somebody).await.unwrap();
            app.insert_item(&somebody, PasswordManager, State::Open, false).await;
            expected.push((somebody.id, Listing { status: *status, two_step: *two_step }));
        }
        let rows: Vec<_> = listings.iter().zip(&addresses).zip(2..).map(|(((status, two_step), email), line)| member(line, email, *status, *two_step)).collect();
        fill(app, 1, &rows).await.unwrap();
        mark(app, 1, by).await.unwrap();
        let list = MemberListId(id(1));
        let now = app.now() + Duration::days(30);
        let mut seen = Vec::new();
        for bucket in Bucket::ALL {
            let mut after = None;
            loop {
                let page = reconciliation::list_bucket(&mut app.read().await, list, now, *bucket, after.as_ref(), 3).await.unwrap();
                seen.extend(page.rows.iter().map(|row| (row.person.clone().unwrap().0, *bucket)));
                after = page.rows.last().map(|row| row.key.clone());
                if !page.more {
                    break;
                }
            }
        }
        assert_eq!(seen.iter().map(|(person, _)| *person).collect::<HashSet<PersonId>>().len(), seen.len(), "nobody twice");
        for (person, listing) in &expected {
            assert!(seen.contains(&(*person, listing.bucket())), "{listing:?}");
        }
        for (bucket, count) in reconciliation::count_by_bucket(&mut app.read().await, list, now).await.unwrap() {
            assert_eq!(usize::try_from(count).unwrap(), seen.iter().filter(|(_, other)| *other == bucket).count(), "{bucket:?}");
        }
        let items = assignments::list_of_kind(&mut app.read().await, PasswordManager, None, now.date()).await.unwrap();
        assert_eq!(items.len(), expected.len());
        for item in items {
            let (_, listing) = expected.iter().find(|(person, _)| *person == item.person).unwrap();
            assert_eq!(item.listing, Some(*listing), "the checklist reads the same");
        }
    }

    async fn the_best_of_two_lines_counts_everywhere(app) {
        let by = hr(app).await;
        let mut anna = person(1, "Anna");
        anna.details.work_email = Some(email("anna@firma.example"));
        app.insert_person(&anna).await.unwrap();
        let item = app.insert_item(&anna, PasswordManager, State::Open, false).await;
        keep(app, 1, by).await;
        let rows = [
            member(2, "anna@firma.example", MemberStatus::Invited, TwoStep::Off),
            member(3, "person1@home.example", MemberStatus::Active, TwoStep::Unknown),
            member(4, "said@x.example", MemberStatus::Active, TwoStep::On),
        ];
        fill(app, 1, &rows).await.unwrap();
        mark(app, 1, by).await.unwrap();
        let find = async || assignments::find(&mut app.read().await, antritt::server::store::people::Scope::All, item).await.unwrap().unwrap().listing.unwrap();
        let lines = async |bucket| reconciliation::list_bucket(&mut app.read().await, MemberListId(id(1)), app.now(), bucket, None, 9).await.unwrap().rows;
        assert_eq!(find().await, rows[1].listing);
        assert_eq!(lines(Bucket::TwoStep).await[0].listed.clone().unwrap().0, "person1@home.example");
        assert_eq!((lines(Bucket::Invited).await.len(), lines(Bucket::Unknown).await.len()), (0, 1));
        app.write(async |tx| members::upsert_match(tx, app.now(), "said@x.example", Remembered::Person(anna.id), by).await).await.unwrap();
        assert_eq!(find().await, rows[2].listing);
        app.write(async |tx| members::upsert_match(tx, app.now(), "person1@home.example", Remembered::NotOurs, by).await).await.unwrap();
        assert_eq!((lines(Bucket::Enrolled).await.len(), lines(Bucket::SetAside).await.len()), (1, 1));
    }
}
