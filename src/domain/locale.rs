//! The two languages every text exists in.

use serde::{Deserialize, Serialize};
use time::Date;

/// A language of the interface and of the documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    #[default]
    De,
    En,
}

impl Locale {
    /// The BCP 47 tag, as stored and as written into `lang`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::De => "de",
            Self::En => "en",
        }
    }

    /// Reads a stored tag; anything else is none.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag {
            "de" => Some(Self::De),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The language a newcomer from this country most likely reads (ISO 3166-1 alpha-2).
    #[must_use]
    pub fn of_country(country: &str) -> Self {
        match country {
            "DE" | "AT" | "CH" | "LI" => Self::De,
            _ => Self::En,
        }
    }

    /// The first of the two languages that an `Accept-Language` header names; quality values are honoured only by order,
    /// as browsers send them sorted.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Option<Self> {
        header
            .split(',')
            .filter_map(|part| part.split([';', '-']).next())
            .find_map(|tag| Self::from_tag(tag.trim().to_ascii_lowercase().as_str()))
    }
}

const MONTHS_DE: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `1. Dezember`, `1 December`.
#[must_use]
pub fn day_and_month(locale: Locale, date: Date) -> String {
    let month = usize::from(u8::from(date.month())) - 1;
    match locale {
        Locale::De => format!("{}.\u{A0}{}", date.day(), MONTHS_DE[month]),
        Locale::En => format!("{}\u{A0}{}", date.day(), MONTHS_EN[month]),
    }
}

/// `1. Dezember 2026`, `1 December 2026`.
#[must_use]
pub fn written_date(locale: Locale, date: Date) -> String {
    format!("{} {}", day_and_month(locale, date), date.year())
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    pub de: String,
    pub en: String,
}

impl Bilingual {
    /// The text in one language.
    #[must_use]
    pub fn get(&self, locale: Locale) -> &str {
        match locale {
            Locale::De => &self.de,
            Locale::En => &self.en,
        }
    }

    /// The text in one language, or in the other while it is missing there.
    #[must_use]
    pub fn or_other(&self, locale: Locale) -> &str {
        let texts = [self.get(locale), &self.de, &self.en];
        texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_of_the_browser_wins() {
        assert_eq!(Locale::from_accept_language("fr-FR,fr;q=0.9,en-GB;q=0.8,de;q=0.7"), Some(Locale::En));
        assert_eq!(Locale::from_accept_language("de-AT,de;q=0.9"), Some(Locale::De));
        assert_eq!(Locale::from_accept_language("fr"), None);
    }

    #[test]
    fn a_text_that_is_missing_is_shown_in_the_other_language() {
        let text = |de: &str, en: &str| Bilingual {
            de: de.to_owned(),
            en: en.to_owned(),
        };
        assert_eq!(text("Titel", "").or_other(Locale::En), "Titel");
        assert_eq!(text("Titel", "Title").or_other(Locale::En), "Title");
        assert_eq!(text("", "").or_other(Locale::De), "");
    }
}
