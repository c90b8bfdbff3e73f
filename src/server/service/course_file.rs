//! A course as one file: JSON with everything in it, images included, so that a course can be kept, sent and read by other programs.
//!
//! ```json
//! {
//!   "format": "antritt-course",
//!   "version": 1,
//!   "course": { "title": { "de": "…", "en": "…" }, "pass_mark": 8, "draw": 10, "attempts_per_day": 5,
//!               "lessons": [{ "slug": "phishing", "title": {…}, "body": {…} }],
//!               "questions": [{ "id": "phishing-1", "lesson": "phishing", "text": {…},
//!                               "options": [{ "text": {…}, "correct": true }], "explanation": {…} }] },
//!   "images": [{ "sha256": "hexadecimal", "content": "Base64" }]
//! }
//! ```
//!
//! A file is shown before it is taken over, and becomes a draft; what a file cannot be is named by its path in the file.

use super::{
    Error, Result, Subject, audit,
    courses::gaps,
    desks::CourseDesk,
    found, images, markdown,
    reading::{self, cut},
};
use crate::{
    domain::{
        Instant,
        audit::{Action, Digest},
        course::Course,
        gaps::Gap,
        ids::{CourseId, ImportId},
        locale::{Bilingual, Locale},
        problem::Conflict,
    },
    server::{
        ids::fresh,
        store::{
            courses::{self, ImageRow},
            imports,
        },
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::{error::Category, json};
use sha2::Digest as _;
use std::collections::BTreeMap;

/// The largest file, in bytes.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
const FORMAT: &str = "antritt-course";
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CourseFile {
    format: String,
    version: u32,
    course: Course,
    #[serde(default)]
    images: Vec<ImageInFile>,
}

/// What every version of the format begins with.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ImageInFile {
    sha256: String,
    content: String,
}

/// Why a file cannot become a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFlaw {
    /// Not JSON, from this line and column on.
    NotJson {
        line: usize,
        column: usize,
    },
    /// JSON, but no course.
    NotACourse,
    /// Written by a later version of this program, in a format of this number.
    TooNew(u32),
    /// What stands at a path is not what belongs there.
    Shape {
        path: String,
        line: usize,
        detail: String,
    },
    Gap(Gap),
    /// An image that is not what its checksum says, or no image.
    Image {
        index: usize,
    },
}

/// A file that can become a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadCourse {
    pub course: Course,
    pub images: BTreeMap<Digest, ImageRow>,
}

/// Flaws that a page shows; nobody reads more.
const MAX_SHOWN: usize = 500;

/// What of a file that can become a draft a page shows.
#[derive(Clone, Debug)]
pub struct Contents {
    pub title: Bilingual,
    pub lessons: usize,
    pub questions: usize,
    pub images: usize,
}

/// What is wrong with a file: the first flaws, and how many more there are.
#[derive(Clone, Debug)]
pub struct Flaws {
    pub shown: Vec<FileFlaw>,
    pub hidden: usize,
}

/// An uploaded file before it is taken over.
#[derive(Clone, Debug)]
pub struct FilePreview {
    pub id: ImportId,
    pub file_name: String,
    pub read: std::result::Result<Contents, Flaws>,
    /// The courses whose draft it could become.
    pub courses: Vec<courses::CourseRow>,
}

fn contents(read: ReadCourse) -> Contents {
    Contents {
        title: read.course.title,
        lessons: read.course.lessons.len(),
        questions: read.course.questions.len(),
        images: read.images.len(),
    }
}

fn first(mut flaws: Vec<FileFlaw>) -> Flaws {
    let hidden = flaws.len().saturating_sub(MAX_SHOWN);
    flaws.truncate(MAX_SHOWN);
    flaws.shrink_to_fit();
    for flaw in &mut flaws {
        if let FileFlaw::Shape { path, detail, .. } = flaw {
            cut(path);
            cut(detail);
        }
    }
    Flaws { shown: flaws, hidden }
}

/// Reads a file, or says everything that is wrong with it. Never panics, whatever the bytes.
///
/// # Errors
/// The flaws; where the shape itself is wrong, the first one.
pub fn read(bytes: &[u8]) -> std::result::Result<ReadCourse, Vec<FileFlaw>> {
    // Nothing else of the file is kept yet: whatever stands in it could take many times its size.
    let head = serde_json::from_slice::<Head>(bytes).map(Some).or_else(|error| match error.classify() {
        Category::Data => Ok(None),
        Category::Syntax | Category::Eof | Category::Io => Err(vec![FileFlaw::NotJson {
            line: error.line(),
            column: error.column(),
        }]),
    })?;
    match head.filter(|head| head.format == FORMAT).map(|head| head.version) {
        None => return Err(vec![FileFlaw::NotACourse]),
        Some(VERSION) => {}
        Some(other) => return Err(vec![FileFlaw::TooNew(other)]),
    }
    // Read from the text again, as only that knows its lines.
    let mut text = serde_json::Deserializer::from_slice(bytes);
    let file: CourseFile = serde_path_to_error::deserialize(&mut text).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        let detail = inner.to_string();
        let detail = detail.rsplit_once(" at line ").map_or(&*detail, |(detail, _)| detail).to_owned();
        vec![FileFlaw::Shape {
            path,
            line: inner.line(),
            detail,
        }]
    })?;
    let (mut flaws, mut known) = (Vec::new(), BTreeMap::new());
    for (index, image) in file.images.iter().enumerate() {
        match read_image(image) {
            Some((sha256, row)) => drop(known.insert(sha256, row)),
            None => flaws.push(FileFlaw::Image { index }),
        }
    }
    let names: Vec<Digest> = known.keys().copied().collect();
    flaws.extend(gaps(&file.course, &names).into_iter().map(FileFlaw::Gap));
    if flaws.is_empty() {
        Ok(ReadCourse {
            course: file.course,
            images: known,
        })
    } else {
        Err(flaws)
    }
}

fn read_image(image: &ImageInFile) -> Option<(Digest, ImageRow)> {
    let content = STANDARD.decode(&image.content).ok()?;
    let kind = images::accepted(&content).ok()?;
    let sha256: Digest = sha2::Sha256::digest(&content).into();
    (markdown::digest(&image.sha256) == Some(sha256)).then(|| {
        (
            sha256,
            ImageRow {
                media_type: kind.as_str().to_owned(),
                content,
            },
        )
    })
}

impl CourseDesk<'_> {
    /// A course's short name, and its file: the draft, else what is published.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub async fn export(&self, id: CourseId) -> Result<(String, Vec<u8>)> {
        let mut db = self.app.store().read().await?;
        let row = found(courses::find(&mut db, id).await?)?;
        let course = found(row.content().cloned())?;
        let mut file = CourseFile {
            format: FORMAT.to_owned(),
            version: VERSION,
            images: Vec::new(),
            course,
        };
        let named = file.course.lessons.iter().flat_map(|lesson| {
            let texts = [Locale::De, Locale::En].map(|language| markdown::images(lesson.body.get(language)));
            texts.into_iter().flatten().filter_map(|image| image.sha256)
        });
        let named: std::collections::BTreeSet<Digest> = named.collect();
        for sha256 in named {
            if let Some(image) = courses::find_image(&mut db, &sha256).await? {
                file.images.push(ImageInFile {
                    sha256: hex::encode(sha256),
                    content: STANDARD.encode(image.content),
                });
            }
        }
        let mut bytes = serde_json::to_vec_pretty(&file).map_err(|error| Error::Internal(Box::new(error)))?;
        bytes.push(b'\n');
        Ok((row.slug, bytes))
    }

    /// Keeps an uploaded file until its preview is confirmed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn upload_file(&self, now: Instant, file_name: &str, content: &[u8]) -> Result<ImportId> {
        let id = ImportId(fresh());
        let file_name: String = file_name.chars().filter(|c| !c.is_control()).take(200).collect();
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        imports::insert(&mut tx, now, id, self.actor.account(), &file_name, content).await?;
        audit(
            &mut tx,
            now,
            Some(self.actor.account()),
            Action::CourseFileUploaded,
            Subject::thing(id.0),
            json!({ "bytes": content.len() }),
        );
        tx.commit().await?;
        Ok(id)
    }

    /// What an uploaded file holds.
    ///
    /// # Errors
    /// `NotFound` for somebody else's; `Conflict` when it was taken over before.
    pub async fn preview_file(&self, id: ImportId) -> Result<FilePreview> {
        let turn = reading::turn().await?;
        let mut db = self.app.store().read().await?;
        let upload = found(imports::find(&mut db, id, self.actor.account()).await?)?;
        if upload.applied_at.is_some() {
            return Err(Conflict::PreviewGone.into());
        }
        let courses = courses::list(&mut db).await?;
        drop(db);
        let (_, read) = turn.take(move || read(&upload.content).map(contents).map_err(first)).await?;
        Ok(FilePreview {
            id,
            file_name: upload.file_name,
            read,
            courses,
        })
    }

    /// Makes an uploaded file the draft of a course, or of a new one.
    ///
    /// # Errors
    /// `NotFound` for somebody else's file or an unknown course; `Conflict` when the file was taken over before or has flaws.
    pub async fn take_over(&self, now: Instant, id: ImportId, into: Option<CourseId>) -> Result<CourseId> {
        let account = self.actor.account();
        let turn = reading::turn().await?;
        let upload = found(imports::find(&mut self.app.store().read().await?, id, account).await?)?;
        if upload.applied_at.is_some() {
            return Err(Conflict::AlreadyDone.into());
        }
        let (turn, read) = turn.take(move || read(&upload.content)).await?;
        drop(turn);
        let ReadCourse { course, images } = read.map_err(|_| Error::Conflict(Conflict::CourseIncomplete))?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        for (sha256, image) in &images {
            courses::insert_image(&mut tx, now, sha256, image, account).await?;
        }
        let target = match into {
            Some(target) => {
                let row = found(courses::find(&mut tx, target).await?)?;
                self.write(&mut tx, now, &row, &course).await?;
                target
            }
            None => self.insert(&mut tx, now, &course).await?,
        };
        imports::mark_applied(&mut tx, now, id).await?;
        let detail = json!({ "lessons": course.lessons.len(), "questions": course.questions.len(), "images": images.len() });
        audit(&mut tx, now, Some(account), Action::CourseImported, Subject::thing(target.0), detail);
        tx.commit().await?;
        Ok(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::service::setup::shipped_course;
    use proptest::prelude::*;

    fn file() -> serde_json::Value {
        json!({ "format": FORMAT, "version": VERSION, "course": shipped_course().unwrap() })
    }

    fn flaws(change: impl FnOnce(&mut serde_json::Value)) -> Vec<FileFlaw> {
        let mut file = file();
        change(&mut file);
        read(&serde_json::to_vec(&file).unwrap()).unwrap_err()
    }

    fn gap_paths(change: impl FnOnce(&mut serde_json::Value)) -> Vec<String> {
        let path = |flaw: &FileFlaw| match flaw {
            FileFlaw::Gap(gap) => gap.path(),
            other => panic!("{other:?}"),
        };
        flaws(change).iter().map(path).collect()
    }

    #[test]
    fn what_was_written_is_read() {
        let bytes = serde_json::to_vec_pretty(&file()).unwrap();
        assert_eq!(read(&bytes).unwrap().course, shipped_course().unwrap());
    }

    #[test]
    fn every_gap_is_named_by_its_path() {
        assert_eq!(gap_paths(|file| file["course"]["pass_mark"] = json!(11)), ["course.pass_mark"]);
        assert_eq!(gap_paths(|file| file["course"]["draw"] = json!(41)), ["course.draw"]);
        assert_eq!(
            gap_paths(|file| {
                file["course"]["lessons"][2]["body"]["en"] = json!(" ");
                file["course"]["questions"][7]["lesson"] = json!("nowhere");
                file["course"]["questions"][39]["options"]
                    .as_array_mut()
                    .unwrap()
                    .iter_mut()
                    .for_each(|option| option["correct"] = json!(true));
            }),
            ["course.lessons[2].body.en", "course.questions[7].lesson", "course.questions[39].options"]
        );
        let image = format!("![x](image:{})", "ab".repeat(32));
        assert_eq!(
            gap_paths(|file| file["course"]["lessons"][0]["body"]["de"] = json!(image)),
            ["course.lessons[0].body.de"]
        );
        assert_eq!(
            gap_paths(|file| file["course"]["lessons"][0]["body"]["de"] = json!("![](https://a.example/b.png)")).len(),
            2
        );
    }

    #[test]
    fn what_is_no_course_at_all_is_said_at_once() {
        assert!(matches!(read(b"").unwrap_err()[..], [FileFlaw::NotJson { .. }]));
        assert_eq!(read(b"{\n \"format\": }").unwrap_err(), [FileFlaw::NotJson { line: 2, column: 12 }]);
        assert_eq!(read(b"[]").unwrap_err(), [FileFlaw::NotACourse]);
        assert_eq!(read(br#"{"format":"other","version":1}"#).unwrap_err(), [FileFlaw::NotACourse]);
        assert_eq!(flaws(|file| file["version"] = json!(2)), [FileFlaw::TooNew(2)]);
        let deep = format!("{{\"format\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(read(deep.as_bytes()).unwrap_err(), [FileFlaw::NotACourse]);
    }

    #[test]
    fn what_is_one_too_many_is_not_held_against_all_before() {
        let found = flaws(|file| {
            let question = file["course"]["questions"][0].clone();
            file["course"]["questions"] = json!(vec![question; 6_000]);
            file["course"]["questions"][0]["options"] = json!(vec![json!({ "text": { "de": "a", "en": "b" }, "correct": true }); 50_000]);
        });
        assert!(found.len() < 5_000, "{}", found.len());
    }

    #[test]
    fn what_has_another_shape_is_named_by_its_path() {
        for (pointer, value, expected) in [
            ("/course/questions/3/options", json!("a, b"), "course.questions[3].options"),
            ("/course/lessons/1/title", json!({ "de": "nur deutsch" }), "course.lessons[1].title"),
            ("/course/pass_mark", json!(-1), "course.pass_mark"),
            ("/course/pass_mark", json!("8"), "course.pass_mark"),
            ("/course", json!({ "titel": {} }), "course.titel"),
        ] {
            let found = flaws(|file| *file.pointer_mut(pointer).unwrap() = value.clone());
            let [FileFlaw::Shape { path, line, .. }] = &found[..] else {
                panic!("{found:?}")
            };
            assert_eq!((path.as_str(), *line), (expected, 1), "{found:?}");
        }
    }

    #[test]
    fn an_image_that_is_not_what_it_says_is_refused() {
        for content in ["not base64!", "", "PHN2Zy8+"] {
            let found = flaws(|file| file["images"] = json!([{ "sha256": "ab".repeat(32), "content": content }]));
            assert_eq!(found, [FileFlaw::Image { index: 0 }]);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes);
        }

        #[test]
        fn no_mutation_of_a_file_makes_it_panic(at in 0..60_000_usize, with in any::<u8>()) {
            let mut bytes = serde_json::to_vec(&file()).unwrap();
            let at = at % bytes.len();
            bytes[at] = with;
            let _ = read(&bytes);
        }
    }
}
