//! Groups of people: alternatives of conditions. Within one alternative every condition has to hold, each by any of its values; one
//! alternative that holds is enough. Without alternatives it is everybody.

use super::{
    person::{Country, Line, PersonDetails, PersonKind, fold},
    problem::{Problem, Problems},
    tags::{MAX_TAG, Tags},
};
use serde::{Deserialize, Serialize};

/// The most alternatives of one group.
pub const MAX_ALTERNATIVES: usize = 3;
/// The most values of one condition.
pub const MAX_VALUES: usize = 50;
/// The longest field with values, in characters.
pub const MAX_FIELD: usize = 2_000;

/// What decides whether somebody is in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts<'a> {
    pub kind: PersonKind,
    pub country: &'a Country,
    pub department: &'a Line,
    pub job_title: &'a Line,
    pub tags: &'a Tags,
}

impl<'a> Facts<'a> {
    #[must_use]
    pub const fn of(details: &'a PersonDetails) -> Self {
        Self {
            kind: details.kind,
            country: &details.country,
            department: &details.department,
            job_title: &details.job_title,
            tags: &details.tags,
        }
    }
}

/// Conditions that all have to hold. One without values holds for everybody; words are compared without regard to case and accents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Alternative {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<PersonKind>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<Country>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<Line>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub titles: Vec<Line>,
    /// Any of them is enough.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Line>,
}

impl Alternative {
    /// Whether every condition holds.
    #[must_use]
    pub fn matches(&self, facts: Facts<'_>) -> bool {
        self.kind.is_none_or(|kind| kind == facts.kind)
            && (self.countries.is_empty() || self.countries.contains(facts.country))
            && any(&self.departments, std::slice::from_ref(facts.department))
            && any(&self.titles, std::slice::from_ref(facts.job_title))
            && any(&self.tags, facts.tags.as_slice())
    }
}

/// Whether one of the wanted words is among the actual ones; nothing wanted is fine.
fn any(wanted: &[Line], actual: &[Line]) -> bool {
    wanted.is_empty() || wanted.iter().any(|word| actual.iter().any(|own| fold(own.as_str()) == fold(word.as_str())))
}

/// A group of people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Group(Vec<Alternative>);

impl Group {
    /// Whether somebody is in it.
    #[must_use]
    pub fn matches(&self, facts: Facts<'_>) -> bool {
        self.0.is_empty() || self.0.iter().any(|alternative| alternative.matches(facts))
    }

    /// None of them: everybody.
    #[must_use]
    pub fn alternatives(&self) -> &[Alternative] {
        &self.0
    }

    /// Reads the rows of a form; an empty row is no alternative.
    ///
    /// # Errors
    /// All problems found, by field.
    pub fn parse(rows: &[AlternativeForm]) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let filled = rows.iter().zip(ALTERNATIVE_FIELDS).filter(|(form, _)| **form != AlternativeForm::default());
        let alternatives: Vec<_> = filled.map(|(form, fields)| form.parse(fields, &mut problems)).collect();
        let alternatives = alternatives.into_iter().filter(|alternative| *alternative != Alternative::default()).collect();
        if problems.is_empty() { Ok(Self(alternatives)) } else { Err(problems) }
    }

    /// The rows of the form as they stand.
    #[must_use]
    pub fn rows(&self) -> Vec<AlternativeForm> {
        let joined = |words: &[Line]| words.iter().map(Line::as_str).collect::<Vec<_>>().join("; ");
        let row = |one: &Alternative| AlternativeForm {
            kind: one.kind.map(PersonKind::as_str).unwrap_or_default().to_owned(),
            countries: one.countries.iter().map(Country::as_str).collect::<Vec<_>>().join(", "),
            departments: joined(&one.departments),
            titles: joined(&one.titles),
            tags: joined(&one.tags),
        };
        self.0.iter().map(row).collect()
    }
}

/// One alternative as typed. Values stand side by side with semicolons between them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlternativeForm {
    pub kind: String,
    pub countries: String,
    pub departments: String,
    pub titles: String,
    pub tags: String,
}

impl AlternativeForm {
    fn parse(&self, fields: AlternativeFields, problems: &mut Problems) -> Alternative {
        let kind = if self.kind.trim().is_empty() {
            None
        } else {
            problems.take(fields.kind, PersonKind::parse(&self.kind))
        };
        let mut words = |field, raw: &str, separators: &[char], max| {
            problems
                .take(field, values(raw, separators, |word| Line::parse_up_to(word, max)))
                .unwrap_or_default()
        };
        let departments = words(fields.departments, &self.departments, &[';', '\n'], super::person::MAX_TEXT);
        let titles = words(fields.titles, &self.titles, &[';', '\n'], super::person::MAX_TEXT);
        let tags = words(fields.tags, &self.tags, &[';', ',', '\n'], MAX_TAG);
        let countries = values(&self.countries, &[';', ',', ' ', '\n'], Country::parse);
        Alternative {
            kind,
            countries: problems.take(fields.countries, countries).unwrap_or_default(),
            departments,
            titles,
            tags,
        }
    }
}

fn values<T: PartialEq>(raw: &str, separators: &[char], parse: impl Fn(&str) -> Result<T, Problem>) -> Result<Vec<T>, Problem> {
    let mut values = Vec::new();
    for typed in raw.split(separators).filter(|typed| !typed.trim().is_empty()) {
        let value = parse(typed)?;
        if !values.contains(&value) {
            values.push(value);
        }
    }
    if values.len() > MAX_VALUES {
        Err(Problem::TooManyValues(MAX_VALUES))
    } else {
        Ok(values)
    }
}

/// The names of the form fields of one alternative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlternativeFields {
    pub kind: &'static str,
    pub countries: &'static str,
    pub departments: &'static str,
    pub titles: &'static str,
    pub tags: &'static str,
}

macro_rules! rows {
    ($($row:literal)+) => {
        [$(AlternativeFields {
            kind: concat!("groups[", $row, "][kind]"),
            countries: concat!("groups[", $row, "][countries]"),
            departments: concat!("groups[", $row, "][departments]"),
            titles: concat!("groups[", $row, "][titles]"),
            tags: concat!("groups[", $row, "][tags]"),
        },)+]
    };
}

/// The fields of each row of the form.
pub const ALTERNATIVE_FIELDS: [AlternativeFields; MAX_ALTERNATIVES] = rows!(0 1 2);

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        Line::parse(text).unwrap()
    }

    fn is_in(group: &Group, kind: PersonKind, country: &str, department: &str, title: &str, tags: &str) -> bool {
        let (country, tags) = (Country::parse(country).unwrap(), Tags::parse(tags).unwrap());
        let (department, job_title) = (line(department), line(title));
        group.matches(Facts {
            kind,
            country: &country,
            department: &department,
            job_title: &job_title,
            tags: &tags,
        })
    }

    fn row(kind: &str, countries: &str, departments: &str, titles: &str, tags: &str) -> AlternativeForm {
        AlternativeForm {
            kind: kind.to_owned(),
            countries: countries.to_owned(),
            departments: departments.to_owned(),
            titles: titles.to_owned(),
            tags: tags.to_owned(),
        }
    }

    #[test]
    fn within_an_alternative_all_hold_and_one_alternative_is_enough() {
        use PersonKind::{Contractor, Employee};
        let group = Group::parse(&[row("contractor", "de, at", "", "", ""), row("", "", "Büro; Technik", "", "on-call, nacht")]).unwrap();
        assert!(is_in(&group, Contractor, "AT", "Vertrieb", "Bote", ""));
        assert!(!is_in(&group, Employee, "AT", "Vertrieb", "Bote", ""));
        assert!(!is_in(&group, Contractor, "CH", "Vertrieb", "Bote", ""));
        assert!(is_in(&group, Employee, "CH", "buro", "Bote", "x, NACHT"));
        assert!(!is_in(&group, Employee, "CH", "Büro", "Bote", "tag"));
        assert!(!is_in(&group, Employee, "CH", "Vertrieb", "Bote", "nacht"));
    }

    #[test]
    fn without_conditions_it_is_everybody() {
        let group = Group::parse(&[row("", "", "", "", ""), row("", " , ", ";", "", "")]).unwrap();
        assert_eq!(group, Group::default());
        assert!(is_in(&group, PersonKind::Contractor, "EG", "x", "y", ""));
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field_all_at_once() {
        let problems = Group::parse(&[row("boss", "DE, XX", "", "", ""), row("", "", "", "", &"t".repeat(MAX_TAG + 1))]).unwrap_err();
        let fields: Vec<_> = problems.into_vec().into_iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["groups[0][kind]", "groups[0][countries]", "groups[1][tags]"]);
    }

    #[test]
    fn a_group_survives_storage_and_its_form() {
        let group = Group::parse(&[row("employee", "DE", "Sales, EMEA; R&D", "Lead", "a; b")]).unwrap();
        let stored = serde_json::to_string(&group).unwrap();
        assert_eq!(serde_json::from_str::<Group>(&stored).unwrap(), group);
        assert_eq!(Group::parse(&group.rows()).unwrap(), group);
        assert_eq!(serde_json::to_string(&Group::default()).unwrap(), "[]");
    }
}
