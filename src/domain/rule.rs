//! A rule as somebody types it: what is asked, of whom, by when, how often again, in which place of the list.

use super::{
    document::{DocumentKind, Texts},
    group::{AlternativeForm, Group},
    ids::{CourseId, DocumentId},
    problem::{Problem, Problems},
    requirement::{Confirmer, DueRule, Instruction, Material, Recurrence, Requirement, RequirementKind},
};
use serde::{Deserialize, Serialize};

/// The most days a deadline gives.
pub const MAX_DAYS: u16 = 730;
/// The last place that can be asked for; what comes behind the others stands last.
const MAX_PLACE: u16 = 999;

/// What deadlines are counted from, as a choice of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    BeforeStart,
    ByStart,
    AfterStart,
    WorkingAfterStart,
    AfterAssignment,
    WorkingAfterAssignment,
}

impl Counting {
    pub const ALL: [Self; 6] = [
        Self::BeforeStart,
        Self::ByStart,
        Self::AfterStart,
        Self::WorkingAfterStart,
        Self::AfterAssignment,
        Self::WorkingAfterAssignment,
    ];

    /// As sent by the form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BeforeStart => "before_start",
            Self::ByStart => "by_start",
            Self::AfterStart => "after_start",
            Self::WorkingAfterStart => "working_after_start",
            Self::AfterAssignment => "after_assignment",
            Self::WorkingAfterAssignment => "working_after_assignment",
        }
    }

    /// The choice and the days that a rule stands for.
    #[must_use]
    pub const fn of(rule: DueRule) -> (Self, u16) {
        match rule {
            DueRule::DaysBeforeStart(days) => (Self::BeforeStart, days),
            DueRule::ByStart => (Self::ByStart, 0),
            DueRule::DaysAfterStart(days) => (Self::AfterStart, days),
            DueRule::WorkingDaysAfterStart(days) => (Self::WorkingAfterStart, days),
            DueRule::DaysAfterAssignment(days) => (Self::AfterAssignment, days),
            DueRule::WorkingDaysAfterAssignment(days) => (Self::WorkingAfterAssignment, days),
        }
    }

    const fn rule(self, days: u16) -> DueRule {
        match self {
            Self::BeforeStart if days > 0 => DueRule::DaysBeforeStart(days),
            Self::AfterStart if days > 0 => DueRule::DaysAfterStart(days),
            Self::BeforeStart | Self::ByStart | Self::AfterStart => DueRule::ByStart,
            Self::WorkingAfterStart => DueRule::WorkingDaysAfterStart(days),
            Self::AfterAssignment => DueRule::DaysAfterAssignment(days),
            Self::WorkingAfterAssignment => DueRule::WorkingDaysAfterAssignment(days),
        }
    }
}

/// What a rule asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    pub kind: RequirementKind,
    pub material: Material,
}

impl Subject {
    /// As sent by the form: the kind, and what is to be read or learnt behind it.
    #[must_use]
    pub fn as_choice(self) -> String {
        match self.material {
            Material::None => self.kind.as_str().to_owned(),
            Material::Document(id) => format!("{} {id}", self.kind.as_str()),
            Material::Course(id) => format!("{} {id}", self.kind.as_str()),
        }
    }

    /// # Errors
    /// `Required` or `NotAChoice`.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        if raw.trim().is_empty() {
            return Err(Problem::Required);
        }
        let (word, id) = raw.split_once(' ').unwrap_or((raw, ""));
        let kind = RequirementKind::from_stored(word).ok_or(Problem::NotAChoice)?;
        let document = || id.parse::<DocumentId>().map_err(|_| Problem::NotAChoice);
        let material = match kind {
            RequirementKind::Nda | RequirementKind::Policy => document()?.into(),
            RequirementKind::Training => id.parse::<CourseId>().map_err(|_| Problem::NotAChoice)?.into(),
            _ if id.is_empty() => Material::None,
            _ => return Err(Problem::NotAChoice),
        };
        Ok(Self { kind, material })
    }
}

impl From<&Requirement> for Subject {
    fn from(rule: &Requirement) -> Self {
        Self {
            kind: rule.kind,
            material: rule.material,
        }
    }
}

/// A rule as typed, its groups aside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleForm {
    /// As [`Counting::as_str`].
    pub counting: String,
    pub days: String,
    pub recurrence: String,
    /// From 1; empty: the last one.
    pub place: String,
    pub title_de: String,
    pub title_en: String,
    pub body_de: String,
    pub body_en: String,
    /// Empty: not ticked.
    pub needs_file: String,
    /// Empty: nobody.
    pub confirmed_by: String,
}

/// A rule that was read; who it is and where it stands is for the list to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Terms {
    pub audience: Group,
    pub due: DueRule,
    pub recurrence: Recurrence,
    /// From 0.
    pub place: usize,
    pub instruction: Option<Instruction>,
}

impl RuleForm {
    /// The form with what is on record.
    #[must_use]
    pub fn of(rule: &Requirement) -> Self {
        let (counting, days) = Counting::of(rule.due);
        let said = |text: fn(&Instruction) -> &str| rule.instruction.as_ref().map(text).unwrap_or_default().to_owned();
        let confirmed_by = rule.instruction.as_ref().and_then(|instruction| instruction.confirmed_by);
        Self {
            counting: counting.as_str().to_owned(),
            days: days.to_string(),
            recurrence: rule.recurrence.as_str().to_owned(),
            place: (rule.position + 1).to_string(),
            title_de: said(|one| &one.title.de),
            title_en: said(|one| &one.title.en),
            body_de: said(|one| &one.body.de),
            body_en: said(|one| &one.body.en),
            needs_file: said(|one| if one.needs_file { "on" } else { "" }),
            confirmed_by: confirmed_by.map(Confirmer::as_str).unwrap_or_default().to_owned(),
        }
    }

    /// Reads every field.
    ///
    /// # Errors
    /// All problems found, by field.
    pub fn parse(&self, kind: RequirementKind, groups: &[AlternativeForm]) -> Result<Terms, Problems> {
        let mut problems = Problems::default();
        let instruction = (kind == RequirementKind::Instruction).then(|| self.instruction(&mut problems)).flatten();
        let audience = Group::parse(groups).map_err(|found| {
            for problem in found.into_vec() {
                problems.add(&problem.field, problem.problem);
            }
        });
        let counting = Counting::ALL.into_iter().find(|counting| counting.as_str() == self.counting);
        let counting = problems.take("counting", counting.ok_or(Problem::NotAChoice));
        let days = match counting {
            Some(Counting::ByStart) => Some(0),
            _ => problems.take("days", number(&self.days, 0, MAX_DAYS)),
        };
        let recurrence = Recurrence::from_stored(&self.recurrence).ok_or(Problem::NotAChoice);
        let recurrence = problems.take("recurrence", recurrence);
        let place = if self.place.trim().is_empty() {
            Some(MAX_PLACE)
        } else {
            problems.take("place", number(&self.place, 1, MAX_PLACE))
        };
        match (audience, counting, days, recurrence, place) {
            (Ok(audience), Some(counting), Some(days), Some(recurrence), Some(place)) if problems.is_empty() => Ok(Terms {
                audience,
                due: counting.rule(days),
                recurrence,
                place: usize::from(place - 1),
                instruction,
            }),
            _ => Err(problems),
        }
    }

    fn instruction(&self, problems: &mut Problems) -> Option<Instruction> {
        let texts = Texts::parse([&self.title_de, &self.title_en], [&self.body_de, &self.body_en]);
        let texts = texts.and_then(|texts| {
            let gaps = texts.gaps(DocumentKind::Policy);
            if gaps.is_empty() { Ok(texts) } else { Err(gaps) }
        });
        let confirmed_by = match self.confirmed_by.trim() {
            "" => Some(None),
            word => problems.take("confirmed_by", Confirmer::from_stored(word).map(Some).ok_or(Problem::NotAChoice)),
        };
        match texts {
            Ok(texts) => Some(Instruction {
                title: texts.title,
                body: texts.body,
                needs_file: !self.needs_file.is_empty(),
                confirmed_by: confirmed_by?,
            }),
            Err(found) => {
                for problem in found.into_vec() {
                    problems.add(&problem.field, problem.problem);
                }
                None
            }
        }
    }
}

fn number(raw: &str, from: u16, to: u16) -> Result<u16, Problem> {
    match raw.trim() {
        "" => Err(Problem::Required),
        typed => typed
            .parse()
            .ok()
            .filter(|number| (from..=to).contains(number))
            .ok_or(Problem::NotWithin(from, to)),
    }
}

/// What saving a rule would do, in people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// Get the item, for the first time or again.
    pub get: i64,
    /// Lose it unfinished.
    pub lose: i64,
    /// Are asked for it no more, and keep what they did.
    pub keep_evidence: i64,
    /// Have it, and go on having it.
    pub keep: i64,
    /// Of these, those whose deadline moves.
    pub moved: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> RuleForm {
        RuleForm {
            counting: "working_after_assignment".to_owned(),
            days: "5".to_owned(),
            recurrence: "yearly".to_owned(),
            title_de: "Laptop abholen".to_owned(),
            title_en: "Fetch your laptop".to_owned(),
            body_de: "Am Empfang.".to_owned(),
            body_en: "At reception.".to_owned(),
            confirmed_by: "hr".to_owned(),
            ..RuleForm::default()
        }
    }

    #[test]
    fn a_rule_reads_back_from_its_form() {
        let terms = form().parse(RequirementKind::Instruction, &[]).unwrap();
        assert_eq!((terms.due, terms.recurrence), (DueRule::WorkingDaysAfterAssignment(5), Recurrence::Yearly));
        let rule = Requirement {
            id: crate::domain::ids::RequirementId(uuid::Uuid::nil()),
            kind: RequirementKind::Instruction,
            material: Material::None,
            audience: terms.audience.clone(),
            due: terms.due,
            recurrence: terms.recurrence,
            position: 2,
            instruction: terms.instruction.clone(),
        };
        let again = RuleForm::of(&rule).parse(RequirementKind::Instruction, &rule.audience.rows()).unwrap();
        assert_eq!(again, Terms { place: 2, ..terms });
    }

    #[test]
    fn every_gap_is_named_at_once() {
        let empty = RuleForm::default();
        let fields = |kind| {
            let problems = empty.parse(kind, &[]).unwrap_err().into_vec();
            problems.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
        };
        assert_eq!(fields(RequirementKind::Policy), ["counting", "days", "recurrence"]);
        let of_instruction = fields(RequirementKind::Instruction);
        assert!(
            ["title_de", "title_en", "body_de", "body_en", "counting"]
                .iter()
                .all(|field| of_instruction.iter().any(|found| found == field))
        );
        let late = RuleForm {
            days: "731".to_owned(),
            ..form()
        };
        assert_eq!(
            late.parse(RequirementKind::Policy, &[]).unwrap_err().into_vec()[0].problem,
            Problem::NotWithin(0, MAX_DAYS)
        );
    }

    #[test]
    fn what_is_asked_reads_back_from_its_choice() {
        let id = uuid::Uuid::from_u128(7);
        for subject in [
            Subject {
                kind: RequirementKind::Policy,
                material: DocumentId(id).into(),
            },
            Subject {
                kind: RequirementKind::Training,
                material: CourseId(id).into(),
            },
            Subject {
                kind: RequirementKind::Instruction,
                material: Material::None,
            },
        ] {
            assert_eq!(Subject::parse(&subject.as_choice()), Ok(subject));
        }
        for odd in ["policy", "training x", "instruction 1", "boss"] {
            assert_eq!(Subject::parse(odd), Err(Problem::NotAChoice), "{odd}");
        }
    }
}
