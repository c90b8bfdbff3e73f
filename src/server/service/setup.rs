//! First start: the default requirements with their sample texts exist before the first person does.

use super::{App, Error, Result, Subject, audit, documents::digest_of};
use crate::{
    domain::{
        Instant,
        audit::Action,
        course::{Course, Lesson, Question, reading_minutes},
        group::Group,
        ids::{CourseId, CourseVersionId, DocumentId, DocumentVersionId, RequirementId},
        locale::Bilingual,
        requirement::{DueRule, Material, Recurrence, Requirement, RequirementKind},
    },
    server::{
        ids::fresh,
        store::{
            Tx,
            courses::{self, CourseVersion},
            documents::{self, DocumentVersion, Release},
            requirements,
        },
    },
};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

macro_rules! seed {
    ($path:literal) => {
        [
            include_str!(concat!("../seed/", $path, ".de.md")),
            include_str!(concat!("../seed/", $path, ".en.md")),
        ]
    };
}

const POLICIES: [(&str, [&str; 2]); 3] = [
    ("information-security", seed!("documents/information-security")),
    ("acceptable-use", seed!("documents/acceptable-use")),
    ("incident-reporting", seed!("documents/incident-reporting")),
];
const LESSONS: [(&str, [&str; 2]); 8] = [
    ("phishing", seed!("course/phishing")),
    ("passwords", seed!("course/passwords")),
    ("two-step-login", seed!("course/two-step-login")),
    ("devices", seed!("course/devices")),
    ("data-handling", seed!("course/data-handling")),
    ("remote-work", seed!("course/remote-work")),
    ("social-engineering", seed!("course/social-engineering")),
    ("reporting", seed!("course/reporting")),
];

/// The quiz's part of the seed; lessons stand in files of their own.
#[derive(Deserialize)]
struct CourseSeed {
    title: Bilingual,
    pass_mark: usize,
    draw: usize,
    questions: Vec<Question>,
}

/// Creates the default requirements, documents and course, once.
///
/// # Errors
/// When the database refuses.
pub async fn prepare(app: &App, now: Instant) -> Result<()> {
    super::check_profiles::prepare(app, now).await?;
    let mut tx = app.store().begin().await?;
    if requirements::were_made(&mut tx).await? {
        return Ok(());
    }
    let nda = insert_document(&mut tx, now, "nda", "nda", seed!("documents/nda")).await?;
    let mut wanted = vec![
        (RequirementKind::Nda, Material::Document(nda), DueRule::DaysBeforeStart(1), Recurrence::Never),
        (RequirementKind::BackgroundCheck, Material::None, DueRule::ByStart, Recurrence::Never),
    ];
    for (slug, texts) in POLICIES {
        let policy = insert_document(&mut tx, now, "policy", slug, texts).await?;
        wanted.push((
            RequirementKind::Policy,
            Material::Document(policy),
            DueRule::DaysAfterStart(14),
            Recurrence::Yearly,
        ));
    }
    let course = insert_course(&mut tx, now).await?;
    wanted.push((
        RequirementKind::Training,
        Material::Course(course),
        DueRule::DaysAfterStart(30),
        Recurrence::Yearly,
    ));
    wanted.push((RequirementKind::PasswordManager, Material::None, DueRule::DaysAfterStart(7), Recurrence::Never));
    let count = wanted.len();
    for (position, (kind, material, due, recurrence)) in (0..).zip(wanted) {
        let requirement = Requirement {
            id: RequirementId(fresh()),
            kind,
            material,
            due,
            recurrence,
            position,
            audience: Group::default(),
            instruction: None,
        };
        requirements::insert(&mut tx, now, &requirement).await?;
    }
    audit(
        &mut tx,
        now,
        None,
        Action::InstallationPrepared,
        Subject::thing(fresh()),
        json!({ "requirements": count }),
    );
    Ok(tx.commit().await?)
}

/// Splits a seed text into its title and the rest.
fn split_title(text: &str) -> (String, String) {
    let (title, body) = text.split_once('\n').unwrap_or((text, ""));
    (title.trim_start_matches('#').trim().to_owned(), body.trim().to_owned())
}

async fn insert_document(tx: &mut Tx, now: Instant, kind: &str, slug: &str, [de, en]: [&str; 2]) -> Result<DocumentId> {
    let document = DocumentId(fresh());
    let (title_de, body_de) = split_title(de);
    let (title_en, body_en) = split_title(en);
    documents::insert(tx, document, kind, slug).await?;
    let version = DocumentVersion {
        id: DocumentVersionId(fresh()),
        document,
        number: 1,
        published_at: now,
        material: true,
        minutes: reading_minutes(&body_de),
        sha256_de: digest_of(&title_de, &body_de),
        sha256_en: digest_of(&title_en, &body_en),
        title: Bilingual { de: title_de, en: title_en },
        body: Bilingual { de: body_de, en: body_en },
        release: Release::shipped(),
    };
    documents::insert_version(tx, &version).await?;
    Ok(document)
}

/// The course that every installation begins with.
///
/// # Errors
/// When the seed cannot be read, which a test rules out.
pub fn shipped_course() -> Result<Course> {
    let seed: CourseSeed = serde_json::from_str(include_str!("../seed/course/course.json")).map_err(|error| Error::Internal(Box::new(error)))?;
    let lessons = LESSONS.map(|(slug, [de, en])| {
        let ((title_de, body_de), (title_en, body_en)) = (split_title(de), split_title(en));
        Lesson {
            slug: slug.to_owned(),
            title: Bilingual { de: title_de, en: title_en },
            body: Bilingual { de: body_de, en: body_en },
        }
    });
    Ok(Course {
        title: seed.title,
        pass_mark: seed.pass_mark,
        draw: Some(seed.draw),
        attempts_per_day: Course::USUAL_ATTEMPTS,
        lessons: lessons.into(),
        questions: seed.questions,
    })
}

async fn insert_course(tx: &mut Tx, now: Instant) -> Result<CourseId> {
    let course = CourseId(fresh());
    courses::insert(tx, course, "security-at-work").await?;
    insert_course_version(tx, now, course, 1, shipped_course()?, true).await?;
    Ok(course)
}

/// Publishes a course's content as its next version. From then on it never changes.
pub(super) async fn insert_course_version(
    tx: &mut Tx,
    now: Instant,
    course: CourseId,
    number: i64,
    content: Course,
    material: bool,
) -> Result<CourseVersionId> {
    let stored = serde_json::to_string(&content).map_err(|error| Error::Internal(Box::new(error)))?;
    let version = CourseVersion {
        id: CourseVersionId(fresh()),
        course,
        number,
        minutes: content.minutes(),
        content,
    };
    courses::insert_version(tx, now, &version, &stored, Sha256::digest(stored.as_bytes()).into(), material).await?;
    Ok(version.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_course_has_no_gaps() {
        let course = shipped_course().unwrap();
        assert_eq!(course.gaps(), []);
        assert_eq!((course.lessons.len(), course.questions.len(), course.asked(), course.pass_mark), (8, 40, 10, 8));
        for lesson in &course.lessons {
            assert_eq!(
                course.questions.iter().filter(|question| question.lesson == lesson.slug).count(),
                5,
                "{}",
                lesson.slug
            );
        }
    }
}
