//! Decodes a password manager's list of members: Bitwarden's public API and the command lines of Bitwarden and 1Password
//! (JSON), the exports of both, and any other CSV once somebody said which column holds what.
//!
//! Deliberately absent: who the members are (`members`), and anything that touches the database. Vendors rename their
//! columns and translate them, so header words and values are known in both languages; what is not known is asked for,
//! never guessed at.

mod words;

use self::words::{BITWARDEN, EMAILS, NAMES, SECRETS, STATUSES, TWO_STEPS, is_one_of, known_status, known_two_step, numbered_status, plain};
use super::{
    csv::{Record, Records, decode, delimiter_of},
    people_file::FileProblem,
    reading::cut,
};
use crate::domain::{
    member::{Listing, MemberStatus, TwoStep, Vendor},
    person::{Email, MAX_TEXT},
    problem::{FieldProblem, Problem},
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor},
};
use sha2::{Digest as _, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
    sync::Arc,
};

/// The largest file, in bytes.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The longest list, in lines.
pub const MAX_ROWS: usize = 100_000;
/// More different values than this, or one of more than [`MAX_TEXT`] characters, and a column says neither a status nor whether two-step login is on.
pub const MAX_VALUES: usize = 20;
/// The widest sheet, in columns; no vendor's has a tenth of them.
const MAX_COLUMNS: usize = 500;
/// Rows of a sheet that are shown to whoever is asked what its columns are.
const SAMPLE: usize = 5;

/// One account of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The line in the file (the header is line 1), or the position in a list in JSON, from 1.
    pub line: i64,
    pub email: Email,
    /// As the vendor has it; may be empty.
    pub name: String,
    pub listing: Listing,
}

/// What is wrong with one line. The fields are `email` and `status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineProblem {
    pub line: i64,
    pub value: String,
    pub problem: FieldProblem,
}

/// Which column of a sheet holds what, by position from 0. Stored as JSON, for the next file with the same header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    pub vendor: Vendor,
    pub email: Option<usize>,
    pub name: Option<usize>,
    pub status: Option<usize>,
    /// There is no column for the status, and whoever is in the list is active.
    pub all_active: bool,
    pub two_step: Option<usize>,
    /// What values mean that are no known words.
    pub statuses: BTreeMap<String, MemberStatus>,
    pub two_steps: BTreeMap<String, TwoStep>,
}

/// A CSV file, decoded. Its rows are read anew from the text each time: taken apart they would fill many times the memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub header: Vec<String>,
    /// The fields of its first rows, as many as the header has.
    pub sample: Vec<Vec<String>>,
    /// The different values of each column; none when there are more than [`MAX_VALUES`], or long ones.
    values: Vec<Option<BTreeSet<String>>>,
    text: Arc<str>,
    delimiter: char,
}

/// A file that could be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    Json(Json),
    Sheet(Sheet),
}

/// What a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    Members(Vendor, Vec<Member>),
    /// Every bad line. Nothing of such a list is used: who is left out of it would seem to have left.
    Refused(Vec<LineProblem>),
    /// Somebody has to say first which column holds what, or what its values mean.
    Unmapped,
}

/// A list in JSON, wrapped or not: Bitwarden's is `{"object":"list","data":[…]}`, and once more so from `bw list org-members --response`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Json {
    /// The first [`MAX_ROWS`] at most; the rest is counted and not kept, as a member can take fifty times the room that it has in the file.
    members: Vec<JsonMember>,
    found: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct JsonMember {
    /// What Bitwarden calls its members: `member` in the public API, `org-member` on the command line.
    object: Option<String>,
    email: Option<String>,
    name: Option<String>,
    status: Option<JsonStatus>,
    state: Option<JsonStatus>,
    #[serde(rename = "twoFactorEnabled")]
    two_factor_enabled: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum JsonStatus {
    Number(i64),
    Word(String),
}

/// Whether a file is the export of a vault, or has a column for passwords: nothing of such a file may be kept or shown.
#[must_use]
pub fn holds_passwords(bytes: &[u8]) -> bool {
    decode(bytes).is_some_and(|text| names_secrets(start_of(&text)))
}

/// Told by the names of columns and fields alone, so that a file that is cut off or malformed below them is known too.
fn names_secrets(text: &str) -> bool {
    if is_json(text) {
        let mut keys = text.split('"').zip(text.split('"').skip(1));
        return keys.any(|(key, after)| after.trim_start().starts_with(':') && is_one_of(SECRETS, key));
    }
    let delimiter = delimiter_of(text, |name| is_one_of(SECRETS, name));
    match Records::new(text, delimiter).next() {
        Some(Ok(header)) => header.fields.iter().any(|name| is_one_of(SECRETS, name)),
        Some(Err(_)) | None => false,
    }
}

fn start_of(text: &str) -> &str {
    text.trim_start_matches('\u{FEFF}').trim_start()
}

fn is_json(text: &str) -> bool {
    text.starts_with(['{', '['])
}

/// Decodes a file, whichever kind it is.
///
/// # Errors
/// The first [`FileProblem`] found. A file that [`holds_passwords`] is no list.
pub fn open(bytes: &[u8]) -> Result<Opened, FileProblem> {
    if bytes.len() > MAX_BYTES {
        return Err(FileProblem::TooLarge(bytes.len()));
    }
    let text = decode(bytes).ok_or(FileProblem::NotAList)?;
    let text = start_of(&text);
    if text.is_empty() {
        return Err(FileProblem::Empty);
    }
    if names_secrets(text) {
        return Err(FileProblem::NotAList);
    }
    if is_json(text) {
        return open_json(text).map(Opened::Json);
    }
    open_sheet(text).map(Opened::Sheet)
}

fn open_json(text: &str) -> Result<Json, FileProblem> {
    let list: Json = serde_json::from_str(text).map_err(|_| FileProblem::NotAList)?;
    match list.found {
        0 => Err(FileProblem::NoRows),
        rows if rows > MAX_ROWS => Err(FileProblem::TooManyRows(rows)),
        _ => Ok(list),
    }
}

fn open_sheet(text: &str) -> Result<Sheet, FileProblem> {
    let knows = |name: &str| [EMAILS, NAMES, STATUSES, TWO_STEPS, BITWARDEN].iter().any(|words| is_one_of(words, name));
    let delimiter = delimiter_of(text, knows);
    let mut records = Records::new(text, delimiter);
    let Some(header) = records.next().transpose()? else {
        return Err(FileProblem::Empty);
    };
    if header.found > MAX_COLUMNS {
        return Err(FileProblem::NotAList);
    }
    let (mut rows, mut sample) = (0, Vec::new());
    let mut values = vec![Some(BTreeSet::new()); header.found];
    while let Some(record) = records.next() {
        let Record { line, fields, found, .. } = record?;
        if found != header.found {
            let expected = header.found;
            return Err(FileProblem::UnevenRow { line, expected, found });
        }
        if rows == MAX_ROWS {
            return Err(FileProblem::TooManyRows(MAX_ROWS + 1 + records.flatten().count()));
        }
        rows += 1;
        for (known, field) in values.iter_mut().zip(&fields) {
            note_value(known, field);
        }
        if sample.len() < SAMPLE {
            sample.push(fields);
        }
    }
    if rows == 0 {
        return Err(FileProblem::NoRows);
    }
    Ok(Sheet {
        header: header.fields,
        sample,
        values,
        text: text.into(),
        delimiter,
    })
}

/// Adds a value to those of its column, unless there are too many.
fn note_value(known: &mut Option<BTreeSet<String>>, value: &str) {
    let Some(values) = known else { return };
    if values.contains(value) {
        return;
    }
    if values.len() == MAX_VALUES || value.chars().nth(MAX_TEXT).is_some() {
        *known = None;
    } else {
        values.insert(value.to_owned());
    }
}

fn number(line: impl TryInto<i64>) -> i64 {
    line.try_into().unwrap_or(i64::MAX)
}

impl Sheet {
    /// By what a mapping is found again: the header as it stands.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(self.header.join("\u{1F}").as_bytes()).into()
    }

    /// What the columns are by their names; what their names do not say stays open.
    #[must_use]
    pub fn guess(&self, file_name: &str) -> Mapping {
        let column = |words: &str| self.header.iter().position(|name| is_one_of(words, name));
        let file_name = plain(file_name);
        let vendor = if column(BITWARDEN).is_some() || file_name.contains("bitwarden") {
            Vendor::Bitwarden
        } else if file_name.contains("1password") || column("userstate").is_some() {
            Vendor::OnePassword
        } else {
            Vendor::Other
        };
        let (status, two_step) = (column(STATUSES), column(TWO_STEPS));
        Mapping {
            vendor,
            email: column(EMAILS),
            name: column(NAMES),
            status,
            // Bitwarden's report of who can open what leaves the status out.
            all_active: status.is_none() && two_step.is_some() && column("collectionpermission").is_some(),
            two_step,
            statuses: BTreeMap::new(),
            two_steps: BTreeMap::new(),
        }
    }

    /// The different values of a column, in order; none when there are more than [`MAX_VALUES`], or long ones.
    #[must_use]
    pub fn values(&self, column: usize) -> Option<&BTreeSet<String>> {
        self.values.get(column)?.as_ref()
    }

    /// What is shown of it to whoever is asked what its columns are. There are no rows to be read in it any more.
    #[must_use]
    pub fn for_a_page(mut self) -> Self {
        self.text = "".into();
        self.header.iter_mut().chain(self.sample.iter_mut().flatten()).for_each(cut);
        self
    }

    /// Reads every row by a mapping.
    #[must_use]
    pub fn read(&self, mapping: &Mapping) -> Reading {
        let Some(email) = mapping.email.filter(|_| mapping.status.is_some() || mapping.all_active) else {
            return Reading::Unmapped;
        };
        let mut lines = Vec::new();
        // The header comes first; every record was readable when the file was opened.
        for Record { line, fields, .. } in Records::new(&self.text, self.delimiter).flatten().skip(1) {
            let field = |column: usize| fields.get(column).map_or("", String::as_str);
            let status = mapping.status.map_or(Some(MemberStatus::Active), |column| mapping.status_of(field(column)));
            let two_step = mapping.two_step.map_or(Some(TwoStep::Unknown), |column| mapping.two_step_of(field(column)));
            let (Some(status), Some(two_step)) = (status, two_step) else {
                return Reading::Unmapped;
            };
            let name = mapping.name.map_or("", field);
            lines.push(member(number(line), field(email), name, Listing { status, two_step }));
        }
        gather(mapping.vendor, lines)
    }
}

impl Mapping {
    /// What a value of the status column means: as said, else as known.
    #[must_use]
    pub fn status_of(&self, value: &str) -> Option<MemberStatus> {
        self.statuses.get(value).copied().or_else(|| known_status(value))
    }

    /// What a value of the two-step column means: as said, else as known.
    #[must_use]
    pub fn two_step_of(&self, value: &str) -> Option<TwoStep> {
        self.two_steps.get(value).copied().or_else(|| known_two_step(value))
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of members")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut json = Json::default();
        while json.found < MAX_ROWS {
            let Some(member) = list.next_element()? else { return Ok(json) };
            json.members.push(member);
            json.found += 1;
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            json.found += 1;
        }
        Ok(json)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut wrapped: A) -> Result<Json, A::Error> {
        let mut data = None;
        while let Some(key) = wrapped.next_key::<String>()? {
            if key != "data" {
                wrapped.next_value::<IgnoredAny>()?;
            } else if data.is_none() {
                data = Some(wrapped.next_value()?);
            } else {
                return Err(de::Error::duplicate_field("data"));
            }
        }
        data.ok_or_else(|| de::Error::missing_field("data"))
    }
}

// An untagged enum would keep whatever stands there, before it says that it is neither.
impl<'de> Deserialize<'de> for JsonStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StatusVisitor)
    }
}

struct StatusVisitor;

impl Visitor<'_> for StatusVisitor {
    type Value = JsonStatus;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a word")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<JsonStatus, E> {
        Ok(JsonStatus::Number(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<JsonStatus, E> {
        number
            .try_into()
            .map(JsonStatus::Number)
            .map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<JsonStatus, E> {
        Ok(JsonStatus::Word(word.to_owned()))
    }
}

impl JsonMember {
    fn is_bitwardens(&self) -> bool {
        matches!(self.object.as_deref(), Some("member" | "org-member"))
    }
}

impl Json {
    /// Reads every member.
    #[must_use]
    pub fn read(&self) -> Reading {
        let vendor = match self.members.first() {
            Some(row) if row.is_bitwardens() => Vendor::Bitwarden,
            Some(JsonMember { state: Some(_), .. }) => Vendor::OnePassword,
            _ => Vendor::Other,
        };
        let lines = self.members.iter().enumerate().map(|(index, row)| {
            let line = number(index + 1);
            let (raw, status) = match row.status.as_ref().or(row.state.as_ref()) {
                Some(JsonStatus::Number(number)) => (number.to_string(), numbered_status(*number).filter(|_| row.is_bitwardens())),
                Some(JsonStatus::Word(word)) => (word.clone(), known_status(word)),
                None => (String::new(), None),
            };
            let Some(status) = status else {
                let problem = if raw.is_empty() { Problem::Required } else { Problem::NotAMemberStatus };
                return Err(LineProblem {
                    line,
                    value: raw,
                    problem: FieldProblem::new("status", problem),
                });
            };
            let two_step = match row.two_factor_enabled {
                Some(true) => TwoStep::On,
                Some(false) => TwoStep::Off,
                None => TwoStep::Unknown,
            };
            let (email, name) = (row.email.as_deref().unwrap_or_default(), row.name.as_deref().unwrap_or_default());
            member(line, email, name, Listing { status, two_step })
        });
        gather(vendor, lines.collect())
    }
}

fn member(line: i64, email: &str, name: &str, listing: Listing) -> Result<Member, LineProblem> {
    let name: String = name.chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect();
    match Email::known(email) {
        Ok(email) => Ok(Member {
            line,
            email,
            name: name.trim().to_owned(),
            listing,
        }),
        Err(problem) => Err(LineProblem {
            line,
            value: email.chars().take(MAX_TEXT).collect(),
            problem: FieldProblem::new("email", problem),
        }),
    }
}

/// One line per address. Bitwarden's report of who can open what names everyone once per collection; lines that say the
/// same count as one, lines that contradict each other are refused.
fn gather(vendor: Vendor, lines: Vec<Result<Member, LineProblem>>) -> Reading {
    let mut members: Vec<Member> = Vec::with_capacity(lines.len());
    let mut known: HashMap<String, usize> = HashMap::with_capacity(lines.len());
    let mut problems = Vec::new();
    for line in lines {
        match line {
            Err(problem) => problems.push(problem),
            Ok(member) => match known.get(member.email.as_str()).map(|first| &members[*first]) {
                None => {
                    known.insert(member.email.as_str().to_owned(), members.len());
                    members.push(member);
                }
                Some(first) if first.listing == member.listing => {}
                Some(first) => problems.push(LineProblem {
                    line: member.line,
                    value: member.email.as_str().to_owned(),
                    problem: FieldProblem::new("email", Problem::EmailRepeated(first.line.unsigned_abs())),
                }),
            },
        }
    }
    if problems.is_empty() {
        Reading::Members(vendor, members)
    } else {
        Reading::Refused(problems)
    }
}

#[cfg(test)]
mod tests;
