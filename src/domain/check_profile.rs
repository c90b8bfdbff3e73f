//! Country profiles of background checks: what is lawful where, in words that HR and the person read, and how long a
//! check may take. Outcome only: nothing here can hold what a check found.

use super::{
    evidence::CheckOutcome,
    locale::Bilingual,
    person::{Country, Line, MAX_TEXT},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use time::{Date, Duration};

/// The longest explaining sentence, in characters.
pub const MAX_SENTENCE: usize = 1000;
/// The longest note about a check, in characters.
pub const MAX_CHECK_NOTE: usize = 200;
/// The longest reference, in characters.
pub const MAX_REFERENCE: usize = 100;
/// The most choices that one profile offers.
pub const MAX_CHOICES: usize = 10;
/// The word in place of a country for the profile of every country that has none of its own; codes are upper case.
pub const GENERIC: &str = "generic";

/// The days after which a check counts as stuck, from and to.
const PATIENCE: (u16, u16) = (1, 180);
/// The days after which a check's details are removed, from and to.
const PURGE: (u16, u16) = (1, MAX_PURGE_DAYS);
/// Nothing is kept longer after the outcome: three years, one of them a leap year.
const MAX_PURGE_DAYS: u16 = 3 * 365 + 1;
/// So many digits in a row look like the number of a document or a case.
const TELLING_DIGITS: usize = 6;

/// How a choice comes to its outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// A third party is asked, and says cleared or not.
    Provider,
    /// HR does something lawful instead and notes the date.
    Alternative,
    /// Neither the law nor the role asks for a check.
    NotRequired,
}

impl Way {
    pub const ALL: [Self; 3] = [Self::Provider, Self::Alternative, Self::NotRequired];

    /// As stored and as sent by forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Alternative => "alternative",
            Self::NotRequired => "not_required",
        }
    }

    /// # Errors
    /// `NotAChoice`.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        Self::ALL.into_iter().find(|way| way.as_str() == raw).ok_or(Problem::NotAChoice)
    }

    /// The outcome that needs nobody's answer; none where a provider has to give it.
    #[must_use]
    pub const fn own_outcome(self) -> Option<CheckOutcome> {
        match self {
            Self::Provider => None,
            Self::Alternative => Some(CheckOutcome::AlternativeDone),
            Self::NotRequired => Some(CheckOutcome::NotRequired),
        }
    }
}

/// Something that may lawfully be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Names it in forms; never changes, whatever the label says.
    pub key: String,
    pub label: Bilingual,
    pub way: Way,
    /// Suggested when an outcome is recorded.
    pub legal_basis: String,
}

/// What holds in one country.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// None: every country without a profile of its own.
    pub country: Option<Country>,
    /// Explains what is lawful there, to HR and to the person.
    pub sentence: Bilingual,
    /// Whether a provider may be asked only after the person consented in the app.
    pub needs_consent: bool,
    /// A check that waits longer counts as stuck.
    pub patience_days: u16,
    /// Provider, reference and note are removed so long after the outcome.
    pub purge_after_days: u16,
    pub choices: Vec<Choice>,
}

impl Profile {
    /// As stored and in addresses: the country's code, or [`GENERIC`].
    #[must_use]
    pub fn key(&self) -> &str {
        self.country.as_ref().map_or(GENERIC, Country::as_str)
    }

    #[must_use]
    pub fn choice(&self, key: &str) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.key == key)
    }

    /// What a provider may be asked.
    pub fn asked_of_providers(&self) -> impl Iterator<Item = &Choice> {
        self.choices.iter().filter(|choice| choice.way == Way::Provider)
    }

    /// From when on a check counts as stuck that has been waiting since `since`.
    #[must_use]
    pub fn stuck_on(&self, since: Date) -> Date {
        since + Duration::days(self.patience_days.into())
    }

    /// When the details of a check are removed that was completed on `completed`.
    #[must_use]
    pub fn purge_on(&self, completed: Date) -> Date {
        completed + Duration::days(self.purge_after_days.into())
    }
}

/// Whether details may be kept until `purge` after a check that was completed on `completed`.
#[must_use]
pub fn may_be_kept_until(purge: Date, completed: Date) -> bool {
    purge - completed <= Duration::days(MAX_PURGE_DAYS.into())
}

/// Whether the person agreed that a provider is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// The country's profile does not ask for it, or the item is no check.
    NotNeeded,
    Missing,
    Given,
    /// Never given, or withdrawn.
    Refused,
}

impl Consent {
    const ALL: [Self; 4] = [Self::NotNeeded, Self::Missing, Self::Given, Self::Refused];

    /// As the store says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotNeeded => "not_needed",
            Self::Missing => "missing",
            Self::Given => "given",
            Self::Refused => "refused",
        }
    }

    /// Reads the store's word.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|consent| consent.as_str() == word)
    }

    /// Whether a provider may be asked.
    #[must_use]
    pub const fn allows_a_provider(self) -> bool {
        matches!(self, Self::NotNeeded | Self::Given)
    }
}

/// Reads a note about a check; it may be empty. What looks like an address or a number of a document is refused: whoever
/// types that is about to copy something out of a report.
///
/// # Errors
/// `TooLong`, `ControlCharacters` or `LooksPersonal`.
pub fn parse_check_note(raw: &str) -> Result<String, Problem> {
    if raw.trim().is_empty() {
        return Ok(String::new());
    }
    impersonal(raw, MAX_CHECK_NOTE)
}

/// Reads who is asked, or the rule by which: required, and held to the same as a note.
///
/// # Errors
/// `Required`, `TooLong`, `ControlCharacters` or `LooksPersonal`.
pub fn parse_check_line(raw: &str) -> Result<String, Problem> {
    impersonal(raw, MAX_TEXT)
}

/// Reads a provider's case number; it may be empty. It may hold digits, and no address.
///
/// # Errors
/// `TooLong`, `ControlCharacters` or `LooksPersonal`.
pub fn parse_check_reference(raw: &str) -> Result<String, Problem> {
    if raw.trim().is_empty() {
        return Ok(String::new());
    }
    let reference = Line::parse_up_to(raw, MAX_REFERENCE)?.into_string();
    if has_address(&reference) {
        Err(Problem::LooksPersonal)
    } else {
        Ok(reference)
    }
}

fn impersonal(raw: &str, max: usize) -> Result<String, Problem> {
    let text = Line::parse_up_to(raw, max)?.into_string();
    let has_number = text.split(|c: char| !c.is_numeric()).any(|run| run.chars().count() >= TELLING_DIGITS);
    if has_address(&text) || has_number {
        Err(Problem::LooksPersonal)
    } else {
        Ok(text)
    }
}

fn has_address(text: &str) -> bool {
    text.split_whitespace().any(|word| word.trim_matches('@').contains('@'))
}

/// One row of the form for a profile, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChoiceForm {
    /// Empty for a new choice.
    pub key: String,
    pub label_de: String,
    pub label_en: String,
    pub way: String,
    pub legal_basis: String,
}

impl ChoiceForm {
    fn is_empty(&self) -> bool {
        [&self.label_de, &self.label_en, &self.legal_basis].iter().all(|text| text.trim().is_empty())
    }
}

/// The names of the form fields of one choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChoiceFields {
    pub key: &'static str,
    pub label_de: &'static str,
    pub label_en: &'static str,
    pub way: &'static str,
    pub legal_basis: &'static str,
}

macro_rules! rows {
    ($($row:literal)+) => {
        [$(ChoiceFields {
            key: concat!("choices[", $row, "][key]"),
            label_de: concat!("choices[", $row, "][label_de]"),
            label_en: concat!("choices[", $row, "][label_en]"),
            way: concat!("choices[", $row, "][way]"),
            legal_basis: concat!("choices[", $row, "][legal_basis]"),
        },)+]
    };
}

/// The fields of each row of the form.
pub const CHOICE_FIELDS: [ChoiceFields; MAX_CHOICES] = rows!(0 1 2 3 4 5 6 7 8 9);

/// A profile as typed, its choices aside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileForm {
    pub sentence_de: String,
    pub sentence_en: String,
    /// Empty: not ticked.
    pub needs_consent: String,
    pub patience_days: String,
    pub purge_after_days: String,
}

impl ProfileForm {
    /// Reads every field against the profile as it stands. An empty row is no choice; a choice keeps its key, and a new one gets
    /// one from `fresh`.
    ///
    /// # Errors
    /// All problems found, by field.
    pub fn parse(&self, rows: &[ChoiceForm], before: &Profile, fresh: impl FnMut() -> String) -> Result<Profile, Problems> {
        let needs_consent = !self.needs_consent.is_empty();
        let mut problems = Problems::default();
        let sentence_de = problems.take("sentence_de", sentence(&self.sentence_de));
        let sentence_en = problems.take("sentence_en", sentence(&self.sentence_en));
        let patience_days = problems.take("patience_days", number(&self.patience_days, PATIENCE));
        let purge_after_days = problems.take("purge_after_days", number(&self.purge_after_days, PURGE));
        let choices = parse_choices(rows, before, fresh, &mut problems);
        if needs_consent && problems.is_empty() && choices.iter().all(|choice| choice.way != Way::Provider) {
            problems.add("needs_consent", Problem::NothingToConsentTo);
        }
        match (sentence_de, sentence_en, patience_days, purge_after_days) {
            (Some(de), Some(en), Some(patience_days), Some(purge_after_days)) if problems.is_empty() => Ok(Profile {
                country: before.country.clone(),
                sentence: Bilingual { de, en },
                needs_consent,
                patience_days,
                purge_after_days,
                choices,
            }),
            _ => Err(problems),
        }
    }
}

fn parse_choices(rows: &[ChoiceForm], before: &Profile, mut fresh: impl FnMut() -> String, problems: &mut Problems) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for (form, fields) in rows.iter().zip(CHOICE_FIELDS).filter(|(form, _)| !form.is_empty()) {
        let mut line = |field: &str, raw: &str| problems.take(field, Line::parse(raw)).map(Line::into_string);
        let (de, en) = (line(fields.label_de, &form.label_de), line(fields.label_en, &form.label_en));
        let legal_basis = problems.take(fields.legal_basis, parse_check_line(&form.legal_basis));
        let way = problems.take(fields.way, Way::parse(&form.way));
        let is_taken = choices.iter().any(|choice| choice.key == form.key);
        let key = before
            .choice(&form.key)
            .filter(|_| !is_taken)
            .map_or_else(&mut fresh, |choice| choice.key.clone());
        if let (Some(de), Some(en), Some(legal_basis), Some(way)) = (de, en, legal_basis, way) {
            choices.push(Choice {
                key,
                label: Bilingual { de, en },
                way,
                legal_basis,
            });
        }
    }
    if rows.iter().take(MAX_CHOICES).all(ChoiceForm::is_empty) {
        problems.add(CHOICE_FIELDS[0].label_de, Problem::Required);
    }
    choices
}

/// A paragraph: line breaks are how it was typed, not what it says.
fn sentence(raw: &str) -> Result<String, Problem> {
    let text = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    Line::parse_up_to(&text, MAX_SENTENCE).map(Line::into_string)
}

fn number(raw: &str, (least, most): (u16, u16)) -> Result<u16, Problem> {
    match raw.trim() {
        "" => Err(Problem::Required),
        text => text
            .parse()
            .ok()
            .filter(|number| (least..=most).contains(number))
            .ok_or(Problem::NotWithin(least, most)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problem::FieldProblem;
    use time::macros::date;

    fn profile() -> Profile {
        Profile {
            country: Some(Country::parse("FR").unwrap()),
            sentence: Bilingual {
                de: "Satz".into(),
                en: "Sentence".into(),
            },
            needs_consent: true,
            patience_days: 14,
            purge_after_days: 180,
            choices: vec![Choice {
                key: "provider".into(),
                label: Bilingual {
                    de: "Anbieter".into(),
                    en: "Provider".into(),
                },
                way: Way::Provider,
                legal_basis: "Code du travail".into(),
            }],
        }
    }

    fn form() -> ProfileForm {
        ProfileForm {
            sentence_de: " Ein\r\nSatz. ".into(),
            sentence_en: "A sentence.".into(),
            needs_consent: "on".into(),
            patience_days: "10".into(),
            purge_after_days: "90".into(),
        }
    }

    fn rows() -> Vec<ChoiceForm> {
        let row = |key: &str, way: Way| ChoiceForm {
            key: key.into(),
            label_de: "Deutsch".into(),
            label_en: "English".into(),
            way: way.as_str().into(),
            legal_basis: "Gesetz".into(),
        };
        vec![row("provider", Way::Provider), row("forged", Way::Alternative), ChoiceForm::default()]
    }

    #[test]
    fn a_profile_keeps_its_country_and_known_keys_and_drops_empty_rows() {
        let parsed = form().parse(&rows(), &profile(), || "fresh".into()).unwrap();
        assert_eq!((parsed.key(), parsed.sentence.de.as_str(), parsed.patience_days), ("FR", "Ein Satz.", 10));
        let keys: Vec<_> = parsed.choices.iter().map(|choice| choice.key.as_str()).collect();
        assert_eq!(keys, ["provider", "fresh"]);
    }

    #[test]
    fn every_problem_of_a_profile_is_named() {
        let wrong = ProfileForm {
            sentence_en: String::new(),
            patience_days: "0".into(),
            purge_after_days: "soon".into(),
            ..form()
        };
        let half = ChoiceForm {
            label_de: "Nur Deutsch".into(),
            ..ChoiceForm::default()
        };
        let expected = [
            ("sentence_en", Problem::Required),
            ("patience_days", Problem::NotWithin(1, 180)),
            ("purge_after_days", Problem::NotWithin(1, 1096)),
            ("choices[0][label_en]", Problem::Required),
            ("choices[0][legal_basis]", Problem::Required),
            ("choices[0][way]", Problem::NotAChoice),
        ];
        let problems = wrong.parse(&[half], &profile(), String::new).unwrap_err().into_vec();
        assert_eq!(problems, expected.map(|(field, problem)| FieldProblem::new(field, problem)));
    }

    #[test]
    fn consent_to_nothing_and_a_profile_without_choices_are_refused() {
        let problems = form().parse(&rows()[1..], &profile(), String::new).unwrap_err().into_vec();
        assert_eq!(problems, [FieldProblem::new("needs_consent", Problem::NothingToConsentTo)]);
        let problems = form().parse(&[], &profile(), String::new).unwrap_err().into_vec();
        assert_eq!(problems, [FieldProblem::new("choices[0][label_de]", Problem::Required)]);
    }

    #[test]
    fn a_note_takes_words_and_no_addresses_or_numbers() {
        for good in ["", "  ", "Rückruf am 12.12.2026", "Team @ Berlin", "Zimmer 12345"] {
            assert_eq!(parse_check_note(good), Ok(good.trim().to_owned()), "{good}");
        }
        for bad in ["anna@home.example fragt nach", "Ausweis L01X00T471234567", "Nr. 123456"] {
            assert_eq!(parse_check_note(bad), Err(Problem::LooksPersonal), "{bad}");
        }
        assert_eq!(parse_check_note(&"x ".repeat(101)), Err(Problem::TooLong(MAX_CHECK_NOTE)));
    }

    #[test]
    fn a_legal_basis_names_a_rule_and_a_reference_may_be_a_number() {
        for good in [
            "BDSG § 26",
            "Art. 6 Abs. 1 lit. b DSGVO, § 26 BDSG",
            "15 U.S.C. § 1681b(b)(2)",
            "Hafenblick Auskunft",
        ] {
            assert_eq!(parse_check_line(good), Ok(good.to_owned()), "{good}");
        }
        for bad in ["Urteil vom 3.4.2019, Az. 123456", "Auskunft von anna@home.example"] {
            assert_eq!(parse_check_line(bad), Err(Problem::LooksPersonal), "{bad}");
        }
        assert_eq!(parse_check_line(" "), Err(Problem::Required));
        assert_eq!(parse_check_line(&"x".repeat(MAX_TEXT + 1)), Err(Problem::TooLong(MAX_TEXT)));
        assert_eq!(parse_check_reference(" 2026-123456789 "), Ok("2026-123456789".to_owned()));
        assert_eq!(parse_check_reference("anna@home.example"), Err(Problem::LooksPersonal));
        assert_eq!(parse_check_reference(&"1".repeat(101)), Err(Problem::TooLong(MAX_REFERENCE)));
    }

    #[test]
    fn nothing_is_kept_for_more_than_three_years() {
        assert!(may_be_kept_until(date!(2029 - 11 - 22), date!(2026 - 11 - 22)));
        assert!(!may_be_kept_until(date!(2029 - 11 - 23), date!(2026 - 11 - 22)));
    }

    #[test]
    fn patience_and_purge_count_days() {
        assert_eq!(profile().stuck_on(date!(2026 - 11 - 20)), date!(2026 - 12 - 04));
        assert_eq!(profile().purge_on(date!(2026 - 11 - 20)), date!(2027 - 05 - 19));
    }
}
