//! Which NDA somebody gets: templates are meant for groups of people, and the most specific one that fits is theirs.
//!
//! The default template has an audience without criteria, so it fits everybody and loses against any other. Absent on purpose:
//! texts and their versions, which are those of a document like any other.

use super::{
    Instant,
    ids::DocumentId,
    person::{Country, Line, PersonDetails, PersonKind, fold},
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// What decides about somebody's template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub kind: PersonKind,
    pub country: Country,
    pub department: Line,
}

impl Group {
    /// The group somebody belongs to.
    #[must_use]
    pub fn of(details: &PersonDetails) -> Self {
        Self {
            kind: details.kind,
            country: details.country.clone(),
            department: details.department.clone(),
        }
    }
}

/// Whom a template is meant for. A criterion that is none is met by everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    pub kind: Option<PersonKind>,
    pub country: Option<Country>,
    /// Compared without regard to case and accents.
    pub department: Option<Line>,
}

impl Audience {
    /// Reads the fields of a form; empty ones are no criteria.
    ///
    /// # Errors
    /// Each criterion's own problem, by field; `Required` at `kind` when there is no criterion at all, as that is what the
    /// default template is for.
    pub fn parse(kind: &str, country: &str, department: &str) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let kind = criterion(&mut problems, "kind", kind, PersonKind::parse);
        let country = criterion(&mut problems, "country", country, Country::parse);
        let department = criterion(&mut problems, "department", department, Line::parse);
        let audience = Self { kind, country, department };
        if problems.is_empty() && audience == Self::default() {
            problems.add("kind", Problem::NoCriterion);
        }
        if problems.is_empty() { Ok(audience) } else { Err(problems) }
    }

    /// Whether somebody of this group is meant.
    #[must_use]
    pub fn fits(&self, group: &Group) -> bool {
        self.kind.is_none_or(|kind| kind == group.kind)
            && self.country.as_ref().is_none_or(|country| *country == group.country)
            && self
                .department
                .as_ref()
                .is_none_or(|department| folded(department) == folded(&group.department))
    }

    /// How specific it is: by the number of criteria, then a department counts more than a country, and that more than a kind.
    fn specificity(&self) -> (usize, [bool; 3]) {
        let criteria = [self.department.is_some(), self.country.is_some(), self.kind.is_some()];
        (criteria.iter().filter(|has| **has).count(), criteria)
    }
}

fn criterion<T>(problems: &mut Problems, field: &str, raw: &str, parse: impl Fn(&str) -> Result<T, Problem>) -> Option<T> {
    if raw.trim().is_empty() { None } else { problems.take(field, parse(raw)) }
}

fn folded(department: &Line) -> String {
    fold(department.as_str())
}

/// A template that has a published text and is in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pub document: DocumentId,
    pub audience: Audience,
    pub created_at: Instant,
}

/// The template that somebody gets: the most specific one that fits; of two alike, the older. None when not even a default is there.
#[must_use]
pub fn pick<'a>(templates: impl IntoIterator<Item = &'a Template>, group: &Group) -> Option<&'a Template> {
    templates
        .into_iter()
        .filter(|template| template.audience.fits(group))
        .max_by_key(|template| (template.audience.specificity(), Reverse((template.created_at, template.document))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::datetime;
    use uuid::Uuid;

    fn line(text: &str) -> Line {
        Line::parse(text).unwrap()
    }

    fn country(code: &str) -> Country {
        Country::parse(code).unwrap()
    }

    fn group(kind: PersonKind, code: &str, department: &str) -> Group {
        Group {
            kind,
            country: country(code),
            department: line(department),
        }
    }

    fn template(n: u128, audience: Audience) -> Template {
        Template {
            document: DocumentId(Uuid::from_u128(n)),
            audience,
            created_at: datetime!(2026-01-01 00:00 UTC) + time::Duration::days(i64::try_from(n).unwrap()),
        }
    }

    fn any_kind() -> impl Strategy<Value = PersonKind> {
        prop_oneof![Just(PersonKind::Employee), Just(PersonKind::Contractor)]
    }

    fn any_country() -> impl Strategy<Value = Country> {
        prop_oneof![Just("DE"), Just("AT"), Just("US")].prop_map(country)
    }

    fn any_department() -> impl Strategy<Value = Line> {
        prop_oneof![Just("Büro"), Just("BÜRO"), Just("buro"), Just("Vertrieb")].prop_map(line)
    }

    fn any_group() -> impl Strategy<Value = Group> {
        (any_kind(), any_country(), any_department()).prop_map(|(kind, country, department)| Group { kind, country, department })
    }

    fn any_audience() -> impl Strategy<Value = Audience> {
        (
            proptest::option::of(any_kind()),
            proptest::option::of(any_country()),
            proptest::option::of(any_department()),
        )
            .prop_map(|(kind, country, department)| Audience { kind, country, department })
    }

    proptest! {
        #[test]
        fn the_most_specific_that_fits_is_picked_whatever_the_order(audiences in proptest::collection::vec(any_audience(), 0..8), group in any_group(), turn in 0usize..8) {
            let mut templates: Vec<_> = std::iter::once(Audience::default()).chain(audiences).zip(1..).map(|(audience, n)| template(n, audience)).collect();
            let picked = pick(&templates, &group).cloned();
            let Some(picked) = picked else { return Err(TestCaseError::fail("the default always fits")) };
            prop_assert!(picked.audience.fits(&group));
            for other in templates.iter().filter(|other| other.audience.fits(&group)) {
                prop_assert!(other.audience.specificity() <= picked.audience.specificity());
                prop_assert!(other.audience.specificity() < picked.audience.specificity() || other.created_at >= picked.created_at);
            }
            let places = templates.len();
            templates.rotate_left(turn % places);
            prop_assert_eq!(pick(&templates, &group), Some(&picked));
        }

        #[test]
        fn an_audience_that_fits_another_group_than_ones_own_is_never_picked(audience in any_audience(), group in any_group()) {
            let only = [template(1, audience.clone())];
            prop_assert_eq!(pick(&only, &group).is_some(), audience.fits(&group));
        }
    }

    #[test]
    fn two_criteria_beat_one_and_a_department_beats_a_country_beats_a_kind() {
        let someone = group(PersonKind::Contractor, "AT", "Vertrieb");
        let kind = || Some(PersonKind::Contractor);
        let (at, sales) = (|| Some(country("AT")), || Some(line("vertrieb")));
        let audience = |kind, country, department| Audience { kind, country, department };
        let in_order = [
            audience(None, None, None),
            audience(kind(), None, None),
            audience(None, at(), None),
            audience(None, None, sales()),
            audience(kind(), at(), None),
            audience(kind(), None, sales()),
            audience(None, at(), sales()),
            audience(kind(), at(), sales()),
        ];
        for most in 1..=in_order.len() {
            let templates: Vec<_> = in_order[..most].iter().cloned().zip(1..).map(|(audience, n)| template(n, audience)).collect();
            assert_eq!(pick(&templates, &someone), templates.last());
        }
    }

    #[test]
    fn every_problem_of_a_form_is_named_and_somebody_has_to_be_meant() {
        let fields = |result: Result<Audience, Problems>| result.unwrap_err().into_vec().into_iter().map(|problem| problem.field).collect::<Vec<_>>();
        assert_eq!(fields(Audience::parse("robot", "Germany", "a\u{202E}b")), ["kind", "country", "department"]);
        assert_eq!(fields(Audience::parse(" ", "", "")), ["kind"]);
        assert_eq!(Audience::parse("", "at", "").unwrap().country, Some(country("AT")));
    }
}
