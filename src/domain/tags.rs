//! Tags: short words that HR notes about somebody, to form groups of people by. What they mean is for the company to say.

use super::{
    person::{Line, fold},
    problem::Problem,
};
use serde::{Deserialize, Serialize};

/// The longest tag, in characters.
pub const MAX_TAG: usize = 40;
/// The most tags of one person.
pub const MAX_TAGS: usize = 20;
/// The longest field for tags, in characters.
pub const MAX_FIELD: usize = MAX_TAGS * (MAX_TAG + 2);

/// Somebody's tags, in the order typed, none twice whatever its case and accents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(Vec<Line>);

impl Tags {
    /// Reads tags with commas, semicolons or line ends between them; none is fine.
    ///
    /// # Errors
    /// `TooLong` and `ControlCharacters` of one tag, `TooManyTags`.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let mut tags: Vec<Line> = Vec::new();
        for typed in raw.split([',', ';', '\n']).filter(|typed| !typed.trim().is_empty()) {
            let tag = Line::parse_up_to(typed, MAX_TAG)?;
            if !tags.iter().any(|known| fold(known.as_str()) == fold(tag.as_str())) {
                tags.push(tag);
            }
        }
        if tags.len() > MAX_TAGS {
            Err(Problem::TooManyTags(MAX_TAGS))
        } else {
            Ok(Self(tags))
        }
    }

    #[must_use]
    pub fn as_slice(&self) -> &[Line] {
        &self.0
    }

    /// As typed into a field.
    #[must_use]
    pub fn joined(&self) -> String {
        self.0.iter().map(Line::as_str).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_trimmed_and_never_stand_twice() {
        let tags = Tags::parse(" Produktion, On-Call;produktion\n Büro ,").unwrap();
        assert_eq!(tags.joined(), "Produktion, On-Call, Büro");
        assert_eq!(Tags::parse(&tags.joined()), Ok(tags));
        assert_eq!(Tags::parse(" , "), Ok(Tags::default()));
        assert_eq!(Tags::parse(&"x".repeat(MAX_TAG + 1)), Err(Problem::TooLong(MAX_TAG)));
        let many = (0..=MAX_TAGS).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
        assert_eq!(Tags::parse(&many), Err(Problem::TooManyTags(MAX_TAGS)));
    }
}
