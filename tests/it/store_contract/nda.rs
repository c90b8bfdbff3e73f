//! Templates of NDAs, scans of paper, and the text that was frozen with a signature.

use super::{id, is_stale, is_taken, person};
use crate::fixture::stories;
use antritt::{
    domain::{
        assignment::State,
        ids::{AssignmentId, DocumentId, DocumentVersionId, FileId, PersonId},
        locale::{Bilingual, Locale},
        nda_template::{Audience, Group},
        person::{Country, Line},
        requirement::{Material, RequirementKind as Kind},
        scan::MediaType,
    },
    server::store::{
        copies::{self, StoredCopy},
        documents::{self, DocumentVersion, Frozen, Release},
        nda_templates,
        people::Scope,
        stored_files::{self, NewFile},
    },
};
use time::macros::date;

fn version(document: DocumentId, n: u128) -> DocumentVersion {
    let both = |text: &str| Bilingual {
        de: text.to_owned(),
        en: text.to_owned(),
    };
    DocumentVersion {
        id: DocumentVersionId(id(n)),
        document,
        number: 1,
        published_at: time::macros::datetime!(2026-11-23 10:00 UTC),
        material: true,
        minutes: 1,
        title: both("Title"),
        body: both("Body"),
        sha256_de: [1; 32],
        sha256_en: [2; 32],
        release: Release::shipped(),
    }
}

stories! {
    async fn a_template_is_listed_from_the_start_and_somebodys_once_it_has_a_text(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        app.insert_item(&anna, Kind::Nda, State::Open, false).await;
        let Material::Document(default) = app.requirement(Kind::Nda).await.material else { panic!() };
        let document = DocumentId(id(5));
        let name = Line::parse("Deutschland").unwrap();
        let audience = Audience { country: Some(Country::parse("DE").unwrap()), ..Audience::default() };
        let insert = async || app.write(async |tx| nda_templates::insert(tx, app.now(), document, &name, &audience).await).await;
        app.write(async |tx| documents::insert(tx, document, "nda", "nda-de").await).await.unwrap();
        insert().await.unwrap();
        assert!(is_taken(insert().await));
        let list = async || nda_templates::list(&mut app.read().await).await.unwrap();
        let listed = list().await;
        assert_eq!(listed.iter().map(|row| (row.document, row.name.as_deref(), row.published.is_some())).collect::<Vec<_>>(), [(default, None, true), (document, Some("Deutschland"), false)]);
        assert_eq!(listed[1].audience, audience);
        let recipient = async || nda_templates::find_recipient(&mut app.read().await, anna.id).await.unwrap().unwrap();
        let nobody = recipient().await;
        assert_eq!((&*nobody.name, nobody.start_date, nobody.group), ("Anna", crate::store_contract::START, Group::of(&anna.details)));
        assert!(nobody.templates.is_empty());
        app.write(async |tx| documents::insert_version(tx, &version(document, 50)).await).await.unwrap();
        assert_eq!(recipient().await.templates.iter().map(|one| one.document).collect::<Vec<_>>(), [document]);
        let other = Audience { country: Some(Country::parse("AT").unwrap()), ..Audience::default() };
        let update = async || app.write(async |tx| nda_templates::update(tx, document, &name, &other).await).await;
        update().await.unwrap();
        assert!(recipient().await.templates.is_empty());
        let retire = async || app.write(async |tx| nda_templates::retire(tx, app.now(), document).await).await;
        retire().await.unwrap();
        assert!(is_stale(retire().await) && is_stale(update().await));
        assert_eq!(list().await[1].retired_at, Some(app.now()));
        assert_eq!(nda_templates::find_recipient(&mut app.read().await, PersonId(id(9))).await.unwrap(), None);
    }

    async fn groups_count_who_is_here_and_who_has_yet_to_sign(app) {
        for (n, state) in [(1, State::Open), (2, State::Waiting { since: app.now() })] {
            let somebody = person(n, "Anna");
            app.insert_person(&somebody).await.unwrap();
            app.insert_item(&somebody, Kind::Nda, state, false).await;
        }
        let mut gone = person(3, "Gerd");
        gone.end_date = Some(date!(2026 - 11 - 01));
        app.insert_person(&gone).await.unwrap();
        app.tamper("update person set end_date = '2026-11-01' where name = 'Gerd'").await.unwrap();
        let groups = nda_templates::list_groups(&mut app.read().await, date!(2026 - 11 - 23)).await.unwrap();
        assert_eq!(groups.iter().map(|row| (row.people, row.unsigned)).collect::<Vec<_>>(), [(2, 1)]);
        assert_eq!(groups[0].group, Group::of(&person(1, "Anna").details));
    }

    async fn a_scan_is_read_back_within_its_scope(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let item = app.insert_item(&anna, Kind::Nda, State::Open, false).await;
        let by = app.insert_account(10, None, "hr@firma.example").await.unwrap();
        let file = NewFile { id: FileId(id(7)), assignment: item, name: "nda.pdf", media_type: MediaType::Pdf, sha256: [3; 32], content: b"%PDF-" };
        let insert = async || app.write(async |tx| stored_files::insert(tx, app.now(), by, file).await).await;
        insert().await.unwrap();
        assert!(is_taken(insert().await));
        let [listed] = stored_files::list(&mut app.read().await, item).await.unwrap().try_into().unwrap();
        assert_eq!((listed.id, listed.name.as_deref(), listed.size, listed.sha256, &*listed.uploaded_by, listed.uploaded_at), (file.id, Some("nda.pdf"), 5, [3; 32], "Kim Konto", app.now()));
        let find = async |scope| stored_files::find(&mut app.read().await, scope, file.id).await.unwrap();
        assert_eq!(find(Scope::Own(anna.id)).await.unwrap().content, b"%PDF-");
        assert!(find(Scope::All).await.is_some());
        assert_eq!(find(Scope::Own(PersonId(id(2)))).await, None);
        assert_eq!(find(Scope::ReportsOf(PersonId(id(2)))).await, None);
    }

    async fn a_version_is_shown_with_the_text_that_was_frozen(app) {
        let anna = person(1, "Anna");
        app.insert_person(&anna).await.unwrap();
        let item = app.insert_item(&anna, Kind::Nda, State::Open, false).await;
        let document = DocumentId(id(5));
        app.write(async |tx| documents::insert(tx, document, "nda", "nda-de").await).await.unwrap();
        let shown = version(document, 50);
        app.write(async |tx| documents::insert_version(tx, &shown).await).await.unwrap();
        let find = async |item: AssignmentId| documents::find_shown(&mut app.read().await, shown.id, item).await.unwrap().unwrap();
        assert_eq!(find(item).await, (shown.clone(), Frozen::Nothing));
        let copy = StoredCopy { language: Locale::En, title: "T".into(), body: "B".into(), sha256: [4; 32], pdf: vec![1], pdf_sha256: [5; 32], created_at: app.now() };
        app.write(async |tx| copies::insert(tx, item, &copy).await).await.unwrap();
        assert_eq!(copies::find(&mut app.read().await, item).await.unwrap(), Some(copy));
        let (version, frozen) = find(item).await;
        let Frozen::Text(frozen) = frozen else { panic!("nothing was frozen") };
        assert_eq!((version, frozen.language, &*frozen.title, &*frozen.body, frozen.sha256), (shown.clone(), Locale::En, "T", "B", [4; 32]));
    }
}
