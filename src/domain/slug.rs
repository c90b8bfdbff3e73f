//! Names made from titles, which can stand in an address or be the name of a file.

use super::person::fold;
use uuid::Uuid;

/// The longest name, in characters; a number may follow it.
const MAX: usize = 50;

/// A readable name for a title: `remote-work`. `otherwise` is for a title without a letter that can stand there.
#[must_use]
pub fn slug(title: &str, otherwise: &str) -> String {
    let folded = fold(title);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug: String = words.collect::<Vec<_>>().join("-").chars().take(MAX).collect();
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { otherwise } else { slug }.to_owned()
}

/// The same with the end of an id, which is random: two things of one title keep names of their own.
#[must_use]
pub fn own_slug(title: &str, otherwise: &str, id: Uuid) -> String {
    let id = id.simple().to_string();
    format!("{}-{}", slug(title, otherwise), &id[id.len() - 8..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_titles() {
        assert_eq!(slug("Remote work & Home-Office (2027)", "policy"), "remote-work-home-office-2027");
        assert_eq!(slug("Übung: Büro", "lesson"), "ubung-buro");
        assert_eq!(slug("日本", "lesson"), "lesson");
        assert_eq!(slug(&"1234 ".repeat(20), "lesson").len(), 49, "no hyphen at the end");
    }

    #[test]
    fn two_things_of_one_title_have_two_names() {
        assert_eq!(own_slug("NDA", "nda", Uuid::from_u128(0xABCD_1234)), "nda-abcd1234");
    }
}
