//! Decodes a password manager's list of members: Bitwarden's public API and the command lines of Bitwarden and 1Password
//! (JSON), the exports of both, and any other CSV once somebody said which column holds what.
//!
//! Deliberately absent: who the members are (`members`), and anything that touches the database. Vendors rename their
//! columns and translate them, so header words and values are known in both languages; what is not known is asked for,
//! never guessed at.

use super::{
    csv::{MAX_FIELDS, Record, Records, decode, delimiter_of},
    people_file::FileProblem,
};
use crate::domain::{
    member::{Listing, MemberStatus, TwoStep, Vendor},
    person::{Email, MAX_TEXT, fold},
    problem::{FieldProblem, Problem},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The largest file, in bytes.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The longest list, in lines.
pub const MAX_ROWS: usize = 100_000;
/// More different values than this, and a column says neither a status nor whether two-step login is on.
pub const MAX_VALUES: usize = 20;

const EMAILS: &str = "email emailaddress emailadresse useremail memberemail mail emailid";
const NAMES: &str = "name fullname username displayname membername vollstandigername";
const STATUSES: &str = "status state userstate userstatus memberstatus accountstatus zustand kontostatus";
const TWO_STEPS: &str = "twosteplogin twostepverification twofactor twofactorauth twofactorauthentication twofactorenabled twofactorstatus 2fa 2faenabled \
                         2fastatus mfa mfaenabled mfastatus zweifaktorauthentifizierung zweifaktorauthentisierung zweifaktoranmeldung zweistufigeanmeldung \
                         zweischrittanmeldung anmeldunginzweischritten";
/// Columns that only Bitwarden's exports have: of its members, and of who can open what.
const BITWARDEN: &str = "accountrecovery kontowiederherstellung secretsmanager collectionpermission";

/// The words of vendors for a status. 1Password calls an account that was invited `TRANSFER_STARTED`, and one that is
/// being recovered stays somebody's account.
const STATUS_WORDS: [(MemberStatus, &str); 4] = [
    (
        MemberStatus::Active,
        "2 active aktiv confirmed bestatigt bestaetigt recoverystarted recoveryaccepted",
    ),
    (MemberStatus::Accepted, "1 accepted akzeptiert angenommen needsconfirmation"),
    (MemberStatus::Invited, "0 invited eingeladen pending ausstehend transferstarted"),
    (
        MemberStatus::Revoked,
        "revoked widerrufen entzogen suspended gesperrt transfersuspended inactive inaktiv deactivated deaktiviert disabled",
    ),
];
const TWO_STEP_WORDS: [(TwoStep, &str); 3] = [
    (TwoStep::On, "1 on yes true enabled active ja an ein wahr aktiv aktiviert eingeschaltet"),
    (
        TwoStep::Off,
        "0 off no false disabled inactive notenabled nein aus falsch inaktiv deaktiviert ausgeschaltet",
    ),
    (TwoStep::Unknown, "unknown unbekannt na"),
];

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

/// A CSV file, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub header: Vec<String>,
    /// Line and fields, as many as the header has.
    pub rows: Vec<(i64, Vec<String>)>,
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

/// A list in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json(Vec<JsonMember>);

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct JsonMember {
    email: Option<String>,
    name: Option<String>,
    status: Option<JsonStatus>,
    state: Option<JsonStatus>,
    #[serde(rename = "twoFactorEnabled")]
    two_factor_enabled: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum JsonStatus {
    Number(i64),
    Word(String),
}

/// Bitwarden wraps lists as `{"object":"list","data":[…]}`.
#[derive(Deserialize)]
struct Wrapped<T> {
    data: T,
}

/// Decodes a file, whichever kind it is.
///
/// # Errors
/// The first [`FileProblem`] found.
pub fn open(bytes: &[u8]) -> Result<Opened, FileProblem> {
    if bytes.len() > MAX_BYTES {
        return Err(FileProblem::TooLarge(bytes.len()));
    }
    let text = decode(bytes).ok_or(FileProblem::NotAList)?;
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    if text.is_empty() {
        return Err(FileProblem::Empty);
    }
    if text.starts_with(['{', '[']) {
        return open_json(text).map(Opened::Json);
    }
    open_sheet(text).map(Opened::Sheet)
}

fn open_json(text: &str) -> Result<Json, FileProblem> {
    let members: Vec<JsonMember> = serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(text).map(|Wrapped { data }| data))
        // `bw list org-members --response`
        .or_else(|_| serde_json::from_str(text).map(|Wrapped { data: Wrapped { data } }| data))
        .map_err(|_| FileProblem::NotAList)?;
    match members.len() {
        0 => Err(FileProblem::NoRows),
        rows if rows > MAX_ROWS => Err(FileProblem::TooManyRows(rows)),
        _ => Ok(Json(members)),
    }
}

fn open_sheet(text: &str) -> Result<Sheet, FileProblem> {
    let knows = |name: &str| [EMAILS, NAMES, STATUSES, TWO_STEPS, BITWARDEN].iter().any(|words| is_one_of(words, name));
    let mut records = Records::new(text, delimiter_of(text, knows));
    let Some(header) = records.next().transpose()? else {
        return Err(FileProblem::Empty);
    };
    if header.found > MAX_FIELDS {
        return Err(FileProblem::NotAList);
    }
    let mut rows = Vec::new();
    while let Some(record) = records.next() {
        let Record { line, fields, found, .. } = record?;
        if found != header.found {
            let expected = header.found;
            return Err(FileProblem::UnevenRow { line, expected, found });
        }
        if rows.len() == MAX_ROWS {
            return Err(FileProblem::TooManyRows(MAX_ROWS + 1 + records.flatten().count()));
        }
        rows.push((number(line), fields));
    }
    if rows.is_empty() {
        return Err(FileProblem::NoRows);
    }
    Ok(Sheet { header: header.fields, rows })
}

fn number(line: impl TryInto<i64>) -> i64 {
    line.try_into().unwrap_or(i64::MAX)
}

/// A word without case, accents, spaces and punctuation.
fn plain(raw: &str) -> String {
    fold(raw).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn is_one_of(words: &str, raw: &str) -> bool {
    let word = plain(raw);
    words.split_whitespace().any(|known| known == word)
}

fn known_status(raw: &str) -> Option<MemberStatus> {
    STATUS_WORDS.into_iter().find(|(_, words)| is_one_of(words, raw)).map(|(status, _)| status)
}

/// An empty field says nothing.
fn known_two_step(raw: &str) -> Option<TwoStep> {
    if plain(raw).is_empty() {
        return Some(TwoStep::Unknown);
    }
    TWO_STEP_WORDS
        .into_iter()
        .find(|(_, words)| is_one_of(words, raw))
        .map(|(two_step, _)| two_step)
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

    /// The different values of a column, in order; none when there are more than [`MAX_VALUES`].
    #[must_use]
    pub fn values(&self, column: usize) -> Option<BTreeSet<&str>> {
        let mut values = BTreeSet::new();
        for (_, fields) in &self.rows {
            values.insert(fields.get(column).map_or("", String::as_str));
            if values.len() > MAX_VALUES {
                return None;
            }
        }
        Some(values)
    }

    /// Reads every row by a mapping.
    #[must_use]
    pub fn read(&self, mapping: &Mapping) -> Reading {
        let Some(email) = mapping.email.filter(|_| mapping.status.is_some() || mapping.all_active) else {
            return Reading::Unmapped;
        };
        let mut lines = Vec::with_capacity(self.rows.len());
        for (line, fields) in &self.rows {
            let field = |column: usize| fields.get(column).map_or("", String::as_str);
            let status = mapping.status.map_or(Some(MemberStatus::Active), |column| mapping.status_of(field(column)));
            let two_step = mapping.two_step.map_or(Some(TwoStep::Unknown), |column| mapping.two_step_of(field(column)));
            let (Some(status), Some(two_step)) = (status, two_step) else {
                return Reading::Unmapped;
            };
            let name = mapping.name.map_or("", field);
            lines.push(member(*line, field(email), name, Listing { status, two_step }));
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

impl Json {
    /// Reads every member.
    #[must_use]
    pub fn read(&self) -> Reading {
        let vendor = match self.0.first() {
            Some(JsonMember { status: Some(_), .. }) => Vendor::Bitwarden,
            Some(JsonMember { state: Some(_), .. }) => Vendor::OnePassword,
            _ => Vendor::Other,
        };
        let lines = self.0.iter().enumerate().map(|(index, row)| {
            let line = number(index + 1);
            let raw = match row.status.as_ref().or(row.state.as_ref()) {
                // -1 would lose its sign among the words.
                Some(JsonStatus::Number(-1)) => "revoked".to_owned(),
                Some(JsonStatus::Number(number)) => number.to_string(),
                Some(JsonStatus::Word(word)) => word.clone(),
                None => String::new(),
            };
            let Some(status) = known_status(&raw) else {
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
    match Email::parse(email) {
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
mod tests {
    use super::*;
    use encoding_rs::WINDOWS_1252;
    use proptest::prelude::*;
    use serde_json::json;

    const BITWARDEN_MEMBERS: &str = "Email,Name,Status,Role,Two-step Login,Account Recovery,Secrets Manager,Groups\r\n\
        anna@firma.example,Anna Muster,Confirmed,User,Enabled,Enrolled,Disabled,\"Entwicklung, Alle\"\r\n\
        ben@firma.example,,Invited,User,Disabled,Not Enrolled,Disabled,\r\n\
        cem@firma.example,Cem Kaya,Accepted,User,Disabled,Not Enrolled,Disabled,\r\n\
        dora@firma.example,\"Dora \"\"D\"\" Weiß\",Revoked,User,Enabled,Not Enrolled,Disabled,\r\n";

    fn sheet(file: impl AsRef<[u8]>) -> Sheet {
        match open(file.as_ref()) {
            Ok(Opened::Sheet(sheet)) => sheet,
            other => panic!("{other:?}"),
        }
    }

    /// A CSV file without a word from anybody.
    fn read(file: impl AsRef<[u8]>) -> Reading {
        let sheet = sheet(file);
        sheet.read(&sheet.guess(""))
    }

    fn members(reading: Reading) -> Vec<(i64, String, MemberStatus, TwoStep)> {
        let Reading::Members(_, members) = reading else { panic!("{reading:?}") };
        let short = |member: Member| (member.line, member.email.as_str().to_owned(), member.listing.status, member.listing.two_step);
        members.into_iter().map(short).collect()
    }

    fn json(file: &serde_json::Value) -> Reading {
        match open(file.to_string().as_bytes()) {
            Ok(Opened::Json(json)) => json.read(),
            other => panic!("{other:?}"),
        }
    }

    fn problems(reading: Reading) -> Vec<(i64, String, Problem)> {
        let Reading::Refused(problems) = reading else { panic!("{reading:?}") };
        problems
            .into_iter()
            .map(|problem| (problem.line, problem.value, problem.problem.problem))
            .collect()
    }

    #[test]
    fn bitwardens_export_of_members_is_read_without_a_question() {
        use MemberStatus::{Accepted, Active, Invited, Revoked};
        let expected = [
            (2, "anna@firma.example".to_owned(), Active, TwoStep::On),
            (3, "ben@firma.example".to_owned(), Invited, TwoStep::Off),
            (4, "cem@firma.example".to_owned(), Accepted, TwoStep::Off),
            (5, "dora@firma.example".to_owned(), Revoked, TwoStep::On),
        ];
        let sheet = sheet(BITWARDEN_MEMBERS);
        assert_eq!(sheet.guess("").vendor, Vendor::Bitwarden);
        let Reading::Members(_, read) = sheet.read(&sheet.guess("")) else { panic!() };
        assert_eq!((read[3].name.as_str(), read[1].name.as_str()), ("Dora \"D\" Weiß", ""));
        assert_eq!(members(sheet.read(&sheet.guess(""))), expected);
    }

    #[test]
    fn an_interface_in_german_exports_in_german() {
        let file = "E-Mail;Name;Status;Rolle;Zwei-Faktor-Authentifizierung;Kontowiederherstellung\n\
            anna@firma.example;Anna;Bestätigt;Benutzer;Aktiviert;Registriert\nben@firma.example;;Eingeladen;Benutzer;Deaktiviert;\n";
        let expected = [
            (2, "anna@firma.example".to_owned(), MemberStatus::Active, TwoStep::On),
            (3, "ben@firma.example".to_owned(), MemberStatus::Invited, TwoStep::Off),
        ];
        let encodings = [
            file.as_bytes().to_vec(),
            format!("\u{FEFF}{file}").into_bytes(),
            WINDOWS_1252.encode(file).0.into_owned(),
            [0xFF, 0xFE]
                .into_iter()
                .chain(file.replace(';', "\t").encode_utf16().flat_map(u16::to_le_bytes))
                .collect(),
        ];
        for bytes in encodings {
            assert_eq!(members(read(&bytes)), expected);
        }
    }

    #[test]
    fn bitwardens_report_of_access_names_everyone_once_per_collection() {
        let header = "Email,Name,Two-Step Login,Account Recovery,Group,Collection,Collection Permission,Total Items\n";
        let rows =
            "a@x.example,A,On,Enabled,No Group,One,Can edit,3\na@x.example,A,On,Enabled,Team,Two,Can view,1\nb@x.example,B,Off,Disabled,Team,Two,Can view,1\n";
        let expected = [
            (2, "a@x.example".to_owned(), MemberStatus::Active, TwoStep::On),
            (4, "b@x.example".to_owned(), MemberStatus::Active, TwoStep::Off),
        ];
        assert_eq!(members(read(header.to_owned() + rows)), expected);
        let contradiction = rows.replace("A,On,Enabled,Team", "A,Off,Enabled,Team");
        assert_eq!(
            problems(read(header.to_owned() + &contradiction)),
            [(3, "a@x.example".to_owned(), Problem::EmailRepeated(2))]
        );
    }

    #[test]
    fn bitwardens_public_api_and_command_line() {
        let data = json!([
            { "object": "member", "id": "1", "userId": "2", "name": "Anna", "email": "ANNA@firma.example", "twoFactorEnabled": true, "status": 2, "ssoExternalId": null },
            { "object": "member", "id": "3", "userId": null, "name": null, "email": "ben@firma.example", "twoFactorEnabled": false, "status": 0 },
            { "object": "member", "email": "cem@firma.example", "twoFactorEnabled": false, "status": 1 },
            { "object": "member", "email": "dora@firma.example", "twoFactorEnabled": true, "status": -1 }
        ]);
        let wrapped = json!({ "object": "list", "data": data, "continuationToken": null });
        for file in [data.clone(), wrapped.clone(), json!({ "success": true, "data": wrapped })] {
            let reading = json(&file);
            assert!(matches!(reading, Reading::Members(Vendor::Bitwarden, _)));
            let statuses: Vec<_> = members(reading)
                .into_iter()
                .map(|(line, email, status, two_step)| (line, email.chars().next().unwrap(), status, two_step))
                .collect();
            let expected = [
                (1, 'a', MemberStatus::Active, TwoStep::On),
                (2, 'b', MemberStatus::Invited, TwoStep::Off),
                (3, 'c', MemberStatus::Accepted, TwoStep::Off),
                (4, 'd', MemberStatus::Revoked, TwoStep::On),
            ];
            assert_eq!(statuses, expected);
        }
    }

    #[test]
    fn one_passwords_command_line_says_nothing_about_two_step_login() {
        let file = json!([
            { "id": "A", "name": "Anna", "email": "anna@firma.example", "type": "MEMBER", "state": "ACTIVE" },
            { "id": "B", "name": "Ben", "email": "ben@firma.example", "type": "MEMBER", "state": "TRANSFER_STARTED" },
            { "id": "C", "name": "Cem", "email": "cem@firma.example", "type": "GUEST", "state": "SUSPENDED" }
        ]);
        let reading = json(&file);
        assert!(matches!(reading, Reading::Members(Vendor::OnePassword, _)));
        let statuses: Vec<_> = members(reading).into_iter().map(|(_, _, status, two_step)| (status, two_step)).collect();
        let unknown = TwoStep::Unknown;
        assert_eq!(
            statuses,
            [
                (MemberStatus::Active, unknown),
                (MemberStatus::Invited, unknown),
                (MemberStatus::Revoked, unknown)
            ]
        );
    }

    #[test]
    fn one_passwords_people_as_csv() {
        let file = "Name,Email,Status,Two-factor authentication\nAnna,anna@firma.example,Active,Yes\nBen,ben@firma.example,Suspended,No\n";
        let sheet = sheet(file);
        assert_eq!(sheet.guess("1Password People.csv").vendor, Vendor::OnePassword);
        assert_eq!(members(read(file))[1].2, MemberStatus::Revoked);
    }

    #[test]
    fn columns_and_values_nobody_knows_are_asked_for_and_then_taken_as_said() {
        let file = "Konto;Wer;Stufe;Faktor\nanna@x.example;Anna;A1;Schlüssel\nben@x.example;Ben;A2;\n";
        let sheet = sheet(file);
        let guess = sheet.guess("liste.csv");
        assert_eq!((guess.vendor, guess.email, guess.status), (Vendor::Other, None, None));
        assert_eq!(sheet.read(&guess), Reading::Unmapped);
        assert_eq!(sheet.values(2).unwrap().into_iter().collect::<Vec<_>>(), ["A1", "A2"]);
        let columns = Mapping {
            email: Some(0),
            name: Some(1),
            status: Some(2),
            two_step: Some(3),
            ..guess
        };
        assert_eq!(sheet.read(&columns), Reading::Unmapped, "A1 is no word for anything");
        let mapping = Mapping {
            statuses: [("A1".to_owned(), MemberStatus::Active), ("A2".to_owned(), MemberStatus::Invited)].into(),
            two_steps: [("Schlüssel".to_owned(), TwoStep::On)].into(),
            ..columns
        };
        let expected = [
            (2, "anna@x.example".to_owned(), MemberStatus::Active, TwoStep::On),
            (3, "ben@x.example".to_owned(), MemberStatus::Invited, TwoStep::Unknown),
        ];
        assert_eq!(members(sheet.read(&mapping)), expected);
        assert_eq!(serde_json::from_str::<Mapping>(&serde_json::to_string(&mapping).unwrap()).unwrap(), mapping);
    }

    #[test]
    fn addresses_alone_say_nothing_until_somebody_vouches_for_them() {
        let sheet = sheet("Email\nanna@x.example\n");
        let guess = sheet.guess("");
        assert_eq!(sheet.read(&guess), Reading::Unmapped);
        let vouched = Mapping { all_active: true, ..guess };
        assert_eq!(members(sheet.read(&vouched))[0].2, MemberStatus::Active);
    }

    #[test]
    fn headers_differ_by_their_words_and_order() {
        let of = |header: &str| sheet(format!("{header}\n1;2")).fingerprint();
        assert_eq!(of("a;b"), of("a;b"));
        assert!(of("a;b") != of("b;a") && of("a;b") != of("a;bc"));
    }

    #[test]
    fn every_bad_line_is_named_with_its_value() {
        let file = "Email,Status\nanna,Active\n,Active\nben@x.example,Invited\nBEN@x.example,Active\n";
        let expected = [
            (2, "anna".to_owned(), Problem::NotAnEmail),
            (3, String::new(), Problem::Required),
            (5, "ben@x.example".to_owned(), Problem::EmailRepeated(4)),
        ];
        assert_eq!(problems(read(file)), expected);
        let file = json!([{ "email": "a@x.example", "status": 7 }, { "email": "b@x.example" }, { "email": null, "status": 2 }]);
        let expected = [
            (1, "7".to_owned(), Problem::NotAMemberStatus),
            (2, String::new(), Problem::Required),
            (3, String::new(), Problem::Required),
        ];
        assert_eq!(problems(json(&file)), expected);
    }

    #[test]
    fn what_is_no_list_says_so() {
        let cases: [(&[u8], FileProblem); 9] = [
            (b"", FileProblem::Empty),
            (b" \n ", FileProblem::Empty),
            (b"[]", FileProblem::NoRows),
            (b"{\"object\":\"list\",\"data\":[]}", FileProblem::NoRows),
            (b"{\"email\":1}", FileProblem::NotAList),
            (b"[[[[", FileProblem::NotAList),
            (b"PK\x03\x04", FileProblem::NotAList),
            (b"Email,Status\n", FileProblem::NoRows),
            (
                b"Email,Status\na@x.example\n",
                FileProblem::UnevenRow {
                    line: 2,
                    expected: 2,
                    found: 1,
                },
            ),
        ];
        for (file, expected) in cases {
            assert_eq!(open(file), Err(expected), "{}", String::from_utf8_lossy(file));
        }
        assert_eq!(open(b"Email,Status\n\"a@x.example,Active\n"), Err(FileProblem::Unreadable { line: 2 }));
        assert_eq!(open(&vec![b' '; MAX_BYTES + 1]), Err(FileProblem::TooLarge(MAX_BYTES + 1)));
    }

    #[test]
    fn the_limits_are_the_last_sizes_allowed() {
        let row = "a@x.example,active\n";
        let full = format!("Email,Status\n{}", row.repeat(MAX_ROWS));
        assert_eq!(members(read(&full)).len(), 1);
        assert_eq!(open((full + row).as_bytes()), Err(FileProblem::TooManyRows(MAX_ROWS + 1)));
        let values: Vec<_> = (0..=MAX_VALUES).map(|n| format!("a{n}@x.example,s{n}")).collect();
        assert_eq!(sheet(format!("Email,Status\n{}", values.join("\n"))).values(1), None);
    }

    /// `with_cases` alone would overrule the environment.
    fn cases() -> ProptestConfig {
        ProptestConfig::with_cases(std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1_000))
    }

    /// Whatever comes out is one line per address, in order.
    fn check(file: &[u8]) -> Result<(), TestCaseError> {
        let reading = match open(file) {
            Ok(Opened::Json(json)) => json.read(),
            Ok(Opened::Sheet(sheet)) => {
                let _ = sheet.values(0);
                sheet.read(&Mapping {
                    all_active: true,
                    ..sheet.guess("")
                })
            }
            Err(_) => return Ok(()),
        };
        if let Reading::Members(_, members) = reading {
            let addresses: BTreeSet<_> = members.iter().map(|member| member.email.as_str()).collect();
            prop_assert_eq!(addresses.len(), members.len());
            prop_assert!(members.windows(2).all(|pair| pair[0].line < pair[1].line));
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(cases())]

        #[test]
        fn no_bytes_whatsoever_make_it_panic(start in 0_usize..5, bytes in prop::collection::vec(any::<u8>(), 0..800)) {
            let start = [b"".as_slice(), b"[{\"email\":\"", b"{\"data\":[", b"\xFF\xFE", b"Email,Status\n"][start];
            check(&[start, &bytes].concat())?;
        }

        #[test]
        fn whatever_stands_below_a_header_is_read_once_per_address(rows in "(a@x.example|b@y.example|[ab@.\"é;]{0,4}|)(,|;)(active|invited|2|[x\"\n]{0,3})\n{1,2}") {
            check(format!("Email,Status\n{rows}{rows}").as_bytes())?;
        }
    }
}
