//! What a policy or an NDA says, in both languages, and when it may be published. A draft may have gaps; a version never has.

use super::{
    locale::Bilingual,
    person::MAX_TEXT,
    placeholders,
    problem::{Problem, Problems},
    roles::Permission,
};
use serde::{Deserialize, Serialize};

/// The longest text in one language, in characters.
pub const MAX_BODY: usize = 50_000;

/// What kind of text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DocumentKind {
    Nda,
    Policy,
}

impl DocumentKind {
    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nda => "nda",
            Self::Policy => "policy",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        [Self::Nda, Self::Policy].into_iter().find(|kind| kind.as_str() == word)
    }

    /// Who may write and publish it.
    #[must_use]
    pub const fn permission(self) -> Permission {
        match self {
            Self::Nda => Permission::EditNdaTemplates,
            Self::Policy => Permission::EditPolicies,
        }
    }
}

/// What a version means for those who accepted an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Weight {
    /// They accept again.
    Material,
    /// They do not.
    Minor,
}

impl Weight {
    pub const ALL: [Self; 2] = [Self::Material, Self::Minor];

    /// As a form sends it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Material => "material",
            Self::Minor => "minor",
        }
    }

    /// # Errors
    /// `NotChosen` for anything else.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        Self::ALL.into_iter().find(|weight| weight.as_str() == raw).ok_or(Problem::NotChosen)
    }
}

/// Title and text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    pub title: Bilingual,
    /// Markdown without the title.
    pub body: Bilingual,
}

impl Texts {
    /// Reads what was typed into a draft; empty fields are gaps to be filled later.
    ///
    /// # Errors
    /// `TooLong` and `ControlCharacters`, by field.
    pub fn parse(title: [&str; 2], body: [&str; 2]) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let title_de = problems.take("title_de", text(title[0], MAX_TEXT, false));
        let title_en = problems.take("title_en", text(title[1], MAX_TEXT, false));
        let body_de = problems.take("body_de", text(body[0], MAX_BODY, true));
        let body_en = problems.take("body_en", text(body[1], MAX_BODY, true));
        match (title_de, title_en, body_de, body_en) {
            (Some(title_de), Some(title_en), Some(body_de), Some(body_en)) => Ok(Self {
                title: Bilingual { de: title_de, en: title_en },
                body: Bilingual { de: body_de, en: body_en },
            }),
            _ => Err(problems),
        }
    }

    /// What keeps it from being published: nothing may be empty, and nothing may look like a placeholder that nobody fills in.
    /// Policies have none.
    #[must_use]
    pub fn gaps(&self, kind: DocumentKind) -> Problems {
        let mut problems = Problems::default();
        for (field, text) in [
            ("title_de", &self.title.de),
            ("title_en", &self.title.en),
            ("body_de", &self.body.de),
            ("body_en", &self.body.en),
        ] {
            if text.is_empty() {
                problems.add(field, Problem::Required);
            }
            for odd in placeholders::unknown(text) {
                problems.add(field, Problem::UnknownPlaceholder(odd));
            }
            if kind == DocumentKind::Policy && placeholders::KNOWN.iter().any(|known| mentions(text, known)) {
                problems.add(field, Problem::PlaceholderInPolicy);
            }
        }
        problems
    }
}

/// Whether a text has a placeholder of this name.
fn mentions(text: &str, name: &str) -> bool {
    let inside = text.split("{{").skip(1).filter_map(|rest| rest.split("}}").next());
    inside.into_iter().any(|inside| inside.trim() == name)
}

/// Line ends as they are counted and hashed here, nothing invisible, nothing endless.
fn text(raw: &str, max: usize, many_lines: bool) -> Result<String, Problem> {
    let text = raw.replace("\r\n", "\n").replace('\r', "\n");
    let lines = text.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    if lines.chars().count() > max {
        return Err(Problem::TooLong(max));
    }
    let forbidden = |c: char| match c {
        '\n' | '\t' => !many_lines,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => true,
        c => c.is_control(),
    };
    if lines.chars().any(forbidden) {
        return Err(Problem::ControlCharacters);
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gaps(texts: &Texts, kind: DocumentKind) -> Vec<(String, Problem)> {
        texts.gaps(kind).into_vec().into_iter().map(|gap| (gap.field, gap.problem)).collect()
    }

    #[test]
    fn a_draft_may_have_gaps_and_a_version_may_not() {
        let texts = Texts::parse(["Titel", ""], ["Für {{name}}\r\nund {{salary}}", " \n"]).unwrap();
        assert_eq!(texts.body.de, "Für {{name}}\nund {{salary}}");
        let odd = Problem::UnknownPlaceholder("{{salary}}".to_owned());
        let nda = [
            ("title_en".to_owned(), Problem::Required),
            ("body_de".to_owned(), odd.clone()),
            ("body_en".to_owned(), Problem::Required),
        ];
        assert_eq!(gaps(&texts, DocumentKind::Nda), nda);
        assert!(gaps(&texts, DocumentKind::Policy).contains(&("body_de".to_owned(), Problem::PlaceholderInPolicy)));
    }

    #[test]
    fn every_problem_of_a_draft_is_named() {
        let long = "x".repeat(MAX_BODY + 1);
        let problems = Texts::parse(["a\u{202E}b", "a\nb"], [&long, "a\u{0}b"]).unwrap_err().into_vec();
        let fields: Vec<_> = problems.iter().map(|problem| (&*problem.field, &problem.problem)).collect();
        let expected = [
            ("title_de", &Problem::ControlCharacters),
            ("title_en", &Problem::ControlCharacters),
            ("body_de", &Problem::TooLong(MAX_BODY)),
            ("body_en", &Problem::ControlCharacters),
        ];
        assert_eq!(fields, expected);
    }
}
