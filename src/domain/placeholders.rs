//! Placeholders in the texts of NDAs: `{{name}}`, `{{company}}` and `{{start_date}}`, filled in for whoever reads.
//!
//! What is filled in is never read again: a person whose name looks like a placeholder or like markup stays a name.

/// What stands for the placeholders, in the language of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    pub name: String,
    pub company: String,
    /// Written out: `1. Dezember 2026`.
    pub start_date: String,
}

/// The names that may stand between the braces.
pub const KNOWN: [&str; 3] = ["name", "company", "start_date"];

impl Values {
    fn get(&self, name: &str) -> Option<&str> {
        match name {
            "name" => Some(&self.name),
            "company" => Some(&self.company),
            "start_date" => Some(&self.start_date),
            _ => None,
        }
    }
}

/// A part of a text.
enum Part<'a> {
    Text(&'a str),
    /// What stands between the braces, and the whole with them.
    Placeholder(&'a str, &'a str),
    /// Opened and not closed in the same line.
    Unclosed(&'a str),
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let (before, from) = rest.split_at(start);
        parts.push(Part::Text(before));
        let line = from.split('\n').next().unwrap_or(from);
        rest = if let Some(end) = line.find("}}") {
            parts.push(Part::Placeholder(line[2..end].trim(), &line[..end + 2]));
            &from[end + 2..]
        } else {
            parts.push(Part::Unclosed(line));
            &from[line.len()..]
        };
    }
    parts.push(Part::Text(rest));
    parts
}

fn fill(text: &str, values: &Values, write: impl Fn(&str) -> String) -> String {
    let filled = parts(text).into_iter().map(|part| match part {
        Part::Text(text) | Part::Unclosed(text) => text.to_owned(),
        Part::Placeholder(name, whole) => values.get(name).map_or_else(|| whole.to_owned(), &write),
    });
    filled.collect()
}

/// Fills a line that is shown as it is, such as a title. Unknown placeholders stay.
#[must_use]
pub fn fill_plain(text: &str, values: &Values) -> String {
    fill(text, values, str::to_owned)
}

/// Fills a text in Markdown; what is filled in cannot become markup. Unknown placeholders stay.
#[must_use]
pub fn fill_markdown(text: &str, values: &Values) -> String {
    fill(text, values, escaped)
}

/// Puts a backslash before whatever Markdown could take for markup. What follows a letter and belongs into names anyhow is let
/// be, so that the text which is signed stays legible: `Anna-Lena O'Brien`.
fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    let mut before = ' ';
    for c in value.chars() {
        let harmless = matches!(c, '-' | '.' | '\'' | ',') && before.is_alphabetic();
        if c.is_ascii_punctuation() && !harmless {
            escaped.push('\\');
        }
        escaped.push(c);
        before = c;
    }
    escaped
}

/// What looks like a placeholder and is none, each once, in the order of the text: nobody shall sign a text with holes.
#[must_use]
pub fn unknown(text: &str) -> Vec<String> {
    let mut unknown: Vec<String> = Vec::new();
    for part in parts(text) {
        let found = match part {
            Part::Placeholder(name, whole) if !KNOWN.contains(&name) => whole,
            Part::Unclosed(line) => line,
            Part::Text(_) | Part::Placeholder(..) => continue,
        };
        if !unknown.iter().any(|known| known == found) {
            unknown.push(found.to_owned());
        }
    }
    unknown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values(name: &str) -> Values {
        Values {
            name: name.to_owned(),
            company: "Beispiel GmbH & Co. KG".to_owned(),
            start_date: "1. Dezember 2026".to_owned(),
        }
    }

    #[test]
    fn known_ones_are_filled_and_unknown_ones_stay() {
        let text = "Zwischen {{company}} und {{ name }} ab {{start_date}}: {{salary}}.";
        assert_eq!(
            fill_plain(text, &values("Anna Muster")),
            "Zwischen Beispiel GmbH & Co. KG und Anna Muster ab 1. Dezember 2026: {{salary}}."
        );
        assert_eq!(unknown(text), ["{{salary}}"]);
        assert!(unknown("{{name}} {{company}} {{start_date}} {name} }}").is_empty());
    }

    #[test]
    fn what_is_opened_and_not_closed_is_told() {
        assert_eq!(unknown("Hier {{name}\nund {{x}} und {{x}}"), ["{{name}", "{{x}}"]);
        assert_eq!(fill_plain("Hier {{name}\n{{name}}", &values("A")), "Hier {{name}\nA");
    }

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        assert_eq!(fill_plain("{{name}}", &values("{{company}}")), "{{company}}");
    }

    #[test]
    fn names_stay_legible_and_markup_becomes_text() {
        let fill = |name: &str| fill_markdown("{{name}}", &values(name));
        assert_eq!(fill("Dr. Anna-Lena O'Brien, Jr."), "Dr. Anna-Lena O'Brien, Jr.");
        assert_eq!(fill("1. **x** <b>"), "1\\. \\*\\*x\\*\\* \\<b\\>");
        assert_eq!(fill("- # > ---"), "\\- \\# \\> \\-\\-\\-");
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_be_filled(text in "[{}na-z_ \n]{0,60}", name in "\\PC{0,20}") {
            let filled = fill_plain(&text, &values(&name));
            prop_assert!(unknown(&text).is_empty() || filled.contains("{{"));
        }

        #[test]
        fn every_mark_in_a_name_is_escaped_or_stands_after_a_letter(name in "\\PC{1,30}") {
            let filled = fill_markdown("{{name}}", &values(&name));
            let mut unescaped = String::new();
            let mut chars = filled.chars();
            while let Some(c) = chars.next() {
                unescaped.push(if c == '\\' { chars.next().unwrap() } else { c });
            }
            prop_assert_eq!(unescaped, name);
        }
    }
}
