//! Decodes an uploaded list of people (CSV as Excel, `LibreOffice` and HR systems write it) into raw rows. Owns the header
//! words. Deliberately absent: the reading of CSV (`csv`), what the fields mean, which [`PersonForm::parse`] decides row by
//! row, and anything that touches the database.

use super::csv::{MAX_FIELDS, Record, Records, Unclosed, decode, delimiter_of};
use crate::domain::{
    locale::Locale,
    person::{PersonForm, fold},
};
use serde::{Deserialize, Serialize};

/// The largest file, in bytes.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;
/// The longest list, in people.
pub const MAX_ROWS: usize = 100_000;

/// What lists call their columns, in the spelling that [`Column::from_header`] reduces a header to.
const SYNONYMS: [(Column, &str); 10] = [
    (Column::Name, "name fullname vollstandigername vollstaendigername"),
    (Column::PrivateEmail, "privateemail personalemail emailprivat"),
    (
        Column::WorkEmail,
        "workemail businessemail companyemail dienstlicheemail emaildienstlich firmenemail geschaftlicheemail geschaeftlicheemail",
    ),
    (Column::Kind, "kind type art typ"),
    (Column::Country, "country land"),
    (Column::Department, "department abteilung"),
    (Column::JobTitle, "jobtitle position titel title funktion"),
    (
        Column::ManagerEmail,
        "manageremail managersemail emailderfuhrungskraft emailderfuehrungskraft vorgesetzte vorgesetzter manager fuhrungskraft fuehrungskraft",
    ),
    (Column::StartDate, "startdate startdatum eintritt eintrittsdatum ersterarbeitstag firstday"),
    (Column::TimeZone, "timezone zeitzone"),
];

/// One data row: its line in the file (header is line 1) and its raw fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    pub line: u64,
    pub form: PersonForm,
    /// Optional columns the file does not have: what it does not say must not be erased.
    pub absent: Vec<Column>,
}

/// Why a file as a whole cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileProblem {
    /// No bytes, or nothing but white space.
    Empty,
    /// A header and nobody below it.
    NoRows,
    /// So many rows, which is more than [`MAX_ROWS`].
    TooManyRows(usize),
    /// So many bytes, which is more than [`MAX_BYTES`].
    TooLarge(usize),
    /// A workbook, a PDF or anything else that is not text.
    NotAList,
    /// The required columns that the header lacks, in the order of [`Column::ALL`].
    MissingColumns(Vec<Column>),
    /// Two columns of the header mean the same.
    RepeatedColumn(Column),
    /// A row with more or fewer fields than the header.
    UnevenRow { line: u64, expected: usize, found: usize },
    /// A quote that is never closed, or closed in the middle of a field; the line where it was opened.
    Unreadable { line: u64 },
}

impl From<Unclosed> for FileProblem {
    fn from(Unclosed { line }: Unclosed) -> Self {
        Self::Unreadable { line }
    }
}

/// The columns a list can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Column {
    Name,
    PrivateEmail,
    WorkEmail,
    Kind,
    Country,
    Department,
    JobTitle,
    ManagerEmail,
    StartDate,
    TimeZone,
}

impl Column {
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::PrivateEmail,
        Self::WorkEmail,
        Self::Kind,
        Self::Country,
        Self::Department,
        Self::JobTitle,
        Self::ManagerEmail,
        Self::StartDate,
        Self::TimeZone,
    ];

    /// The word for the column in the header of a list, in the reader's language.
    #[must_use]
    pub const fn header(self, locale: Locale) -> &'static str {
        let (german, english) = match self {
            Self::Name => ("Name", "Name"),
            Self::PrivateEmail => ("Private E-Mail", "Private e-mail"),
            Self::WorkEmail => ("Dienstliche E-Mail", "Work e-mail"),
            Self::Kind => ("Art", "Kind"),
            Self::Country => ("Land", "Country"),
            Self::Department => ("Abteilung", "Department"),
            Self::JobTitle => ("Position", "Job title"),
            Self::ManagerEmail => ("E-Mail der Führungskraft", "Manager's e-mail"),
            Self::StartDate => ("Startdatum", "Start date"),
            Self::TimeZone => ("Zeitzone", "Time zone"),
        };
        match locale {
            Locale::De => german,
            Locale::En => english,
        }
    }

    /// Reads a header word, blind to case, accents, spaces and punctuation. A bare "E-Mail" is none: it could be either.
    fn from_header(raw: &str) -> Option<Self> {
        let word: String = fold(raw).chars().filter(|c| c.is_alphanumeric()).collect();
        let word = word.replace("emailadresse", "email").replace("emailaddress", "email");
        SYNONYMS
            .into_iter()
            .find(|(_, words)| words.split(' ').any(|known| known == word))
            .map(|(column, _)| column)
    }

    const fn is_required(self) -> bool {
        !matches!(self, Self::WorkEmail | Self::ManagerEmail)
    }

    const fn field(self, form: &mut PersonForm) -> &mut String {
        match self {
            Self::Name => &mut form.name,
            Self::PrivateEmail => &mut form.private_email,
            Self::WorkEmail => &mut form.work_email,
            Self::Kind => &mut form.kind,
            Self::Country => &mut form.country,
            Self::Department => &mut form.department,
            Self::JobTitle => &mut form.job_title,
            Self::ManagerEmail => &mut form.manager_email,
            Self::StartDate => &mut form.start_date,
            Self::TimeZone => &mut form.time_zone,
        }
    }
}

/// Reads a whole list. Columns that mean nothing here and blank rows are passed over; the fields are trimmed, otherwise raw.
///
/// # Errors
/// The first [`FileProblem`] found; no rows then, as half a list would look like a whole one.
pub fn parse(bytes: &[u8]) -> Result<Vec<FileRow>, FileProblem> {
    if bytes.len() > MAX_BYTES {
        return Err(FileProblem::TooLarge(bytes.len()));
    }
    let text = decode(bytes).ok_or(FileProblem::NotAList)?;
    let text = text.trim_start_matches('\u{FEFF}');
    if text.trim().is_empty() {
        return Err(FileProblem::Empty);
    }
    let mut records = Records::new(text, delimiter_of(text, |name| Column::from_header(name).is_some()));
    let Some(header) = records.next().transpose()? else {
        return Err(FileProblem::MissingColumns(
            Column::ALL.into_iter().filter(|column| column.is_required()).collect(),
        ));
    };
    let columns = columns_of(&header)?;
    let absent: Vec<Column> = Column::ALL.into_iter().filter(|column| !columns.contains(&Some(*column))).collect();

    let mut rows = Vec::new();
    while let Some(record) = records.next() {
        let Record { line, fields, found, .. } = record?;
        if found != header.found {
            return Err(FileProblem::UnevenRow {
                line,
                expected: header.found,
                found,
            });
        }
        if rows.len() == MAX_ROWS {
            let others = records.flatten().count();
            return Err(FileProblem::TooManyRows(MAX_ROWS + 1 + others));
        }
        let mut form = PersonForm::default();
        for (column, field) in columns.iter().zip(fields) {
            if let Some(column) = column {
                *column.field(&mut form) = field;
            }
        }
        rows.push(FileRow {
            line,
            form,
            absent: absent.clone(),
        });
    }
    if rows.is_empty() { Err(FileProblem::NoRows) } else { Ok(rows) }
}

/// A list to start from: the header and two people, the second managed by the first. UTF-8 with BOM and `\r\n`, without
/// which Excel garbles umlauts; `;` in German and `,` in English, as Excel expects in these languages.
#[must_use]
pub fn template(locale: Locale) -> String {
    let (delimiter, people) = match locale {
        Locale::De => (
            ";",
            [
                "Anna Müller;anna.mueller@privat.example;anna@firma.example;angestellt;DE;Entwicklung;Teamleiterin;;01.12.2026;Europe/Berlin",
                "Luca Weiß;luca.weiss@privat.example;;Freelancer;AT;Entwicklung;Entwickler;anna@firma.example;07.01.2027;Europe/Vienna",
            ],
        ),
        Locale::En => (
            ",",
            [
                "Anna Miller,anna.miller@home.example,anna@company.example,employee,IE,Engineering,Team lead,,2026-12-01,Europe/Dublin",
                "Luca White,luca.white@home.example,,contractor,US,Engineering,Engineer,anna@company.example,2027-01-07,America/New_York",
            ],
        ),
    };
    let header = Column::ALL.map(|column| column.header(locale)).join(delimiter);
    format!("\u{FEFF}{header}\r\n{}\r\n", people.join("\r\n"))
}

/// What each column of the file means, in the file's order.
fn columns_of(header: &Record) -> Result<Vec<Option<Column>>, FileProblem> {
    if header.found > MAX_FIELDS {
        return Err(FileProblem::NotAList);
    }
    let columns: Vec<_> = header.fields.iter().map(|name| Column::from_header(name)).collect();
    let times = |column: Column| columns.iter().filter(|&&known| known == Some(column)).count();
    let missing: Vec<_> = Column::ALL.into_iter().filter(|&column| column.is_required() && times(column) == 0).collect();
    if !missing.is_empty() {
        return Err(FileProblem::MissingColumns(missing));
    }
    match Column::ALL.into_iter().find(|&column| times(column) > 1) {
        Some(column) => Err(FileProblem::RepeatedColumn(column)),
        None => Ok(columns),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::WINDOWS_1252;
    use proptest::prelude::*;

    const HEADER: &str = "Name;Private E-Mail;Art;Land;Abteilung;Position;Startdatum;Zeitzone";
    const ANNA: &str = "Anna;anna@x.example;angestellt;DE;Vertrieb;Leiterin;01.12.2026;Europe/Berlin";

    /// The lines and names of the rows, in order.
    fn names(file: impl AsRef<[u8]>) -> Vec<(u64, String)> {
        parse(file.as_ref()).unwrap().into_iter().map(|row| (row.line, row.form.name)).collect()
    }

    fn anna_named(name: &str) -> String {
        ANNA.replacen("Anna", name, 1)
    }

    fn utf16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes_of).collect()
    }

    #[test]
    fn the_templates_read_back_as_two_people_without_problems() {
        for (locale, delimiter) in [(Locale::De, ';'), (Locale::En, ',')] {
            let template = template(locale);
            assert!(template.starts_with("\u{FEFF}Name") && template.lines().all(|line| line.matches(delimiter).count() == 9));
            let rows = parse(template.as_bytes()).unwrap();
            assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3]);
            for FileRow { form, .. } in &rows {
                assert!(form.parse(|_| true).is_ok(), "{form:?}");
                assert_eq!(form.language, "");
            }
            assert_eq!(rows[0].form.work_email, rows[1].form.manager_email, "one manages the other");
        }
    }

    #[test]
    fn every_field_lands_where_the_header_says_and_unknown_columns_are_ignored() {
        let file = "time_zone,Shoe size,start_date,manager_email,job_title,department,country,kind,work_email,private_email,name\n\
                    UTC,44, 2026-12-01 ,m@x.example,Clerk,Sales,IE,employee,w@x.example,p@x.example,\"Doe, \"\"J\"\" \"\n";
        let form = PersonForm {
            name: "Doe, \"J\"".into(),
            private_email: "p@x.example".into(),
            work_email: "w@x.example".into(),
            kind: "employee".into(),
            country: "IE".into(),
            department: "Sales".into(),
            job_title: "Clerk".into(),
            manager_email: "m@x.example".into(),
            start_date: "2026-12-01".into(),
            time_zone: "UTC".into(),
            language: String::new(),
            // Lists from elsewhere know nothing of tags.
            tags: String::new(),
        };
        assert_eq!(
            parse(file.as_bytes()),
            Ok(vec![FileRow {
                line: 2,
                form,
                absent: Vec::new()
            }])
        );
    }

    #[test]
    fn header_words_are_forgiven_their_spelling() {
        let spellings = [
            (Column::Name, "NAME|Vollständiger Name|vollsta\u{308}ndiger_name|Full name"),
            (
                Column::PrivateEmail,
                "Private E-Mail|private email|private_email|Private E-Mail-Adresse|Private e\u{2011}mail",
            ),
            (
                Column::WorkEmail,
                "Work email|Dienstliche E-Mail|Geschäftliche E-Mail|GESCHAEFTLICHE.EMAIL|work e-mail address",
            ),
            (Column::Kind, "Kind|Art|Typ|type"),
            (Column::Country, "Country|Land| land "),
            (Column::Department, "Department|Abteilung"),
            (Column::JobTitle, "Job title|job-title|Position|Titel|Funktion"),
            (
                Column::ManagerEmail,
                "Manager's e-mail|Manager’s e-mail|manager email|manager_email|E-Mail der Führungskraft|Vorgesetzte(r)|Vorgesetzter",
            ),
            (Column::StartDate, "Start date|Startdatum|Eintritt|Eintrittsdatum|Erster Arbeitstag"),
            (Column::TimeZone, "Time zone|timezone|TimeZone|Zeitzone"),
        ];
        for (column, words) in spellings {
            for word in words.split('|').chain([column.header(Locale::De), column.header(Locale::En)]) {
                assert_eq!(Column::from_header(word), Some(column), "{word}");
            }
        }
        for unclear in ["E-Mail", "Vorname", "Nachname", "Datum", "", "…"] {
            assert_eq!(Column::from_header(unclear), None, "{unclear}");
        }
    }

    #[test]
    fn excel_may_save_in_any_of_its_encodings() {
        let text = format!("{HEADER}\r\n{}\r\n", anna_named("Jürgen Groß €"));
        let tabs = text.replace(';', "\t");
        let expected = [(2, "Jürgen Groß €".to_owned())];
        assert_eq!(names(&text), expected);
        assert_eq!(names(format!("\u{FEFF}{text}")), expected);
        assert_eq!(names(utf16(&format!("\u{FEFF}{tabs}"), u16::to_le_bytes)), expected);
        assert_eq!(names(utf16(&format!("\u{FEFF}{text}"), u16::to_be_bytes)), expected);
        assert_eq!(names(WINDOWS_1252.encode(&text).0), expected);
    }

    #[test]
    fn delimiters_inside_quotes_and_remarks_do_not_decide() {
        let header = HEADER.replacen("Name", "\"Vollständiger, Name\"", 1);
        assert_eq!(
            names(format!("{header};Anmerkung (a, b, c, d, e, f, g, h, i)\n{ANNA};\n")),
            [(2, "Anna".to_owned())]
        );
        let (header, anna) = (HEADER.replace(';', ","), ANNA.replace(';', ","));
        assert_eq!(names(format!("{header},\"a;b;c;d;e;f;g;h;i;j\"\n{anna},\n")), [(2, "Anna".to_owned())]);
    }

    #[test]
    fn a_row_is_numbered_by_the_line_where_it_starts() {
        for newline in ["\n", "\r\n", "\r"] {
            let lines = [
                HEADER,
                "",
                &anna_named("\"An\nna\""),
                ";;;;;;;",
                " ;\t; ",
                &anna_named(" \"Ber\"\"t;\" "),
                ANNA,
                "",
                "",
            ];
            let file = lines.join("\n").replace('\n', newline);
            assert_eq!(
                names(file),
                [(3, "An\nna".to_owned()), (7, "Ber\"t;".to_owned()), (8, "Anna".to_owned())],
                "{newline:?}"
            );
        }
        assert_eq!(
            names(format!("\n;;\n{HEADER}\n{ANNA}")),
            [(4, "Anna".to_owned())],
            "blank lines above, none at the end"
        );
    }

    #[test]
    fn quotes_in_the_middle_of_a_field_are_plain() {
        assert_eq!(
            names(format!("{HEADER}\n{}", anna_named("Anna \"Ann\" O\"Brien"))),
            [(2, "Anna \"Ann\" O\"Brien".to_owned())]
        );
    }

    #[test]
    fn a_broken_quote_is_named_by_the_line_where_it_was_opened() {
        for name in ["\"Anna", "\"Ann\" Muster", "\"Anna\"\""] {
            let file = format!("{HEADER}\n{ANNA}\n{}\n{ANNA}\n", anna_named(name));
            assert_eq!(parse(file.as_bytes()), Err(FileProblem::Unreadable { line: 3 }), "{name}");
        }
        assert_eq!(parse(format!("\"{HEADER}\n{ANNA}").as_bytes()), Err(FileProblem::Unreadable { line: 1 }));
    }

    #[test]
    fn uneven_rows_are_not_padded_or_cut() {
        for (row, found) in [(format!("{ANNA};"), 9), (ANNA.replacen(';', "", 1), 7), ("Anna".to_owned(), 1)] {
            let file = format!("{HEADER}\n{ANNA}\n\n{row}\n");
            assert_eq!(parse(file.as_bytes()), Err(FileProblem::UnevenRow { line: 4, expected: 8, found }));
        }
    }

    #[test]
    fn nothing_and_nobody_are_told_apart() {
        for empty in ["", " \r\n\t", "\u{FEFF}", "\u{FEFF}\n"] {
            assert_eq!(parse(empty.as_bytes()), Err(FileProblem::Empty), "{empty:?}");
        }
        assert_eq!(parse(&utf16("\u{FEFF}", u16::to_le_bytes)), Err(FileProblem::Empty));
        for nobody in ["", "\n", "\n;;;;;;;\n\n"] {
            assert_eq!(parse(format!("{HEADER}{nobody}").as_bytes()), Err(FileProblem::NoRows), "{nobody:?}");
        }
    }

    #[test]
    fn missing_and_repeated_columns_are_named() {
        use Column::{Country, Department, JobTitle, Kind, Name, PrivateEmail, StartDate, TimeZone};
        let required = vec![Name, PrivateEmail, Kind, Country, Department, JobTitle, StartDate, TimeZone];
        assert_eq!(parse(b"Zeitzone;E-Mail;Name\n1;2;3"), Err(FileProblem::MissingColumns(required[1..7].to_vec())));
        for no_header in [";;;\n", "Hello\nworld"] {
            assert_eq!(parse(no_header.as_bytes()), Err(FileProblem::MissingColumns(required.clone())));
        }
        assert_eq!(parse(format!("{HEADER};Typ\n{ANNA};x").as_bytes()), Err(FileProblem::RepeatedColumn(Kind)));
    }

    #[test]
    fn workbooks_and_other_binaries_are_no_lists() {
        let list = format!("{HEADER}\n{ANNA}\n");
        let without_bom = utf16(&list, u16::to_le_bytes);
        let cut_in_half = [b"\xFF\xFE".as_slice(), &without_bom, b"x"].concat();
        let broken_utf8 = [b"\xEF\xBB\xBF".as_slice(), list.as_bytes(), b"\xFF"].concat();
        let no_encoding = [list.as_bytes(), b"\x81"].concat();
        let nul = [list.as_bytes(), b"\0"].concat();
        let too_wide = ";".repeat(MAX_FIELDS) + "x\n";
        for file in [
            b"PK\x03\x04xlsx".as_slice(),
            b"%PDF-1.7\n",
            &without_bom,
            &cut_in_half,
            &broken_utf8,
            &no_encoding,
            &nul,
            too_wide.as_bytes(),
        ] {
            assert_eq!(
                parse(file),
                Err(FileProblem::NotAList),
                "{}",
                String::from_utf8_lossy(&file[..file.len().min(40)])
            );
        }
    }

    #[test]
    fn the_limits_are_the_last_sizes_allowed() {
        let header = HEADER.to_owned() + "\n";
        let full = header.clone() + &"a;;;;;;;\n".repeat(MAX_ROWS);
        assert_eq!(parse(full.as_bytes()).map(|rows| rows.len()), Ok(MAX_ROWS));
        assert_eq!(parse((full + "a;;;;;;;\n\na;;;;;;;").as_bytes()), Err(FileProblem::TooManyRows(MAX_ROWS + 2)));
        let large = format!("{HEADER}\n{ANNA}\n{}", " ".repeat(MAX_BYTES - HEADER.len() - ANNA.len() - 2));
        assert_eq!(names(&large).len(), 1);
        assert_eq!(parse((large + " ").as_bytes()), Err(FileProblem::TooLarge(MAX_BYTES + 1)));
    }

    /// `with_cases` alone would overrule the environment.
    fn cases() -> ProptestConfig {
        ProptestConfig::with_cases(std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2_000))
    }

    fn check_lines(file: &[u8]) -> Result<(), TestCaseError> {
        if let Ok(rows) = parse(file) {
            prop_assert!(!rows.is_empty() && rows[0].line > 1);
            prop_assert!(rows.windows(2).all(|pair| pair[0].line < pair[1].line));
            prop_assert!(rows.iter().all(|row| row.form.language.is_empty() && row.form.name == row.form.name.trim()));
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(cases())]

        #[test]
        fn no_bytes_whatsoever_make_it_panic(start in 0_usize..4, bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
            let start = [b"".as_slice(), b"\xFF\xFE", b"\xFE\xFF", b"\xEF\xBB\xBF"][start];
            check_lines(&[start, &bytes].concat())?;
        }

        #[test]
        fn whatever_stands_below_a_header_rows_are_in_order(below in "([a;,\"\t \r\n\u{e4}]|;;;;;;;){0,60}") {
            check_lines(format!("{HEADER}\n{below}").as_bytes())?;
            check_lines(below.as_bytes())?;
        }

        #[test]
        fn proper_files_are_read_as_the_csv_crate_reads_them(people in prop::collection::vec(prop::array::uniform8("[ a-c;,\"\n\u{e4}]{0,6}"), 1..6)) {
            let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
            writer.write_record(HEADER.split(';')).unwrap();
            for person in &people {
                writer.write_record(person).unwrap();
            }
            let file = writer.into_inner().unwrap();
            let mut reader = csv::ReaderBuilder::new().delimiter(b';').trim(csv::Trim::All).from_reader(file.as_slice());
            let theirs: Vec<Vec<String>> = reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
            let theirs: Vec<_> = theirs.into_iter().filter(|fields| fields.iter().any(|field| !field.is_empty())).collect();
            let ours: Vec<_> = parse(&file).unwrap_or_default().into_iter().map(|FileRow { form: f, .. }| {
                vec![f.name, f.private_email, f.kind, f.country, f.department, f.job_title, f.start_date, f.time_zone]
            }).collect();
            prop_assert_eq!(ours, theirs);
        }
    }
}
