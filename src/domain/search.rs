//! What somebody looks for, in words: every word has to be found, one of them perhaps with a slip of the finger.
//!
//! A slip is one letter too many, missing, wrong, or swapped with its neighbour, in a word of at least [`LEAST_FOR_SLIPS`] letters. Whatever
//! has one slip at most holds one of three [`pieces`](Query::pieces) of the word unchanged, by which a database finds candidates without
//! an index of its own; [`slips`](Query::slips) then looks closely.

use super::person::searchable;

/// Words beyond these add nothing to what is found.
pub const MOST_WORDS: usize = 4;
/// Shorter words are right or wrong: with a slip, they would be anything.
pub const LEAST_FOR_SLIPS: usize = 4;

/// The words that somebody looks for, as [`searchable`] writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query(Vec<String>);

impl Query {
    /// None when there is nothing to look for.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let words: Vec<String> = searchable(typed).split_whitespace().take(MOST_WORDS).map(str::to_owned).collect();
        (!words.is_empty()).then_some(Self(words))
    }

    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// Three texts of which one stands in everything that holds the longest word with a slip: its two halves, which cannot both be
    /// hit, and the word with the letters where they meet swapped. None when it is too short.
    #[must_use]
    pub fn pieces(&self) -> Option<[String; 3]> {
        let word: Vec<char> = self.0.iter().max_by_key(|word| word.chars().count())?.chars().collect();
        if word.len() < LEAST_FOR_SLIPS {
            return None;
        }
        let middle = word.len() / 2;
        let mut swapped = word.clone();
        swapped.swap(middle - 1, middle);
        let text = |letters: &[char]| letters.iter().collect();
        Some([text(&word[..middle]), text(&word[middle..]), text(&swapped)])
    }

    /// How many of the words `text` holds with a slip; none when it lacks one even so. `text` is as [`searchable`] writes it.
    #[must_use]
    pub fn slips(&self, text: &str) -> Option<usize> {
        self.0.iter().try_fold(0, |slips, word| {
            if text.contains(word.as_str()) {
                return Some(slips);
            }
            let mut others = text.split(|c: char| !c.is_alphanumeric());
            let long_enough = word.chars().count() >= LEAST_FOR_SLIPS;
            (long_enough && others.any(|other| is_within_one_slip(word, other))).then_some(slips + 1)
        })
    }
}

fn is_within_one_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same_start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[same_start..], &other[same_start..]);
    let same_end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&one[..one.len() - same_end], &other[..other.len() - same_end]) {
        ([] | [_], [] | [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slips(typed: &str, text: &str) -> Option<usize> {
        Query::parse(typed).and_then(|query| query.slips(&searchable(text)))
    }

    #[test]
    fn one_slip_a_word_is_forgiven_and_two_are_not() {
        for typed in ["schmidt", "Schmid", "schmiddt", "schnidt", "shcmidt", "schmdit", "schmitd"] {
            assert!(slips(typed, "Eva Schmidt eva@firma.example Vertrieb").is_some(), "{typed}");
        }
        for typed in ["schnitt", "smidt ev", "schmdt xy", "hcsmidt"] {
            assert_eq!(slips(typed, "Eva Schmidt eva@firma.example Vertrieb"), None, "{typed}");
        }
        assert_eq!(slips("vertreib shcmidt", "Eva Schmidt Vertrieb"), Some(2));
    }

    #[test]
    fn words_come_in_any_order_and_every_one_counts() {
        assert_eq!(slips("muster anna", "Anna Muster Vertrieb"), Some(0));
        assert_eq!(slips("anna berta", "Anna Muster Vertrieb"), None);
        assert_eq!(slips("ozli", "Mesut Groß-Özil"), Some(1), "a part of a double name");
    }

    #[test]
    fn short_words_have_to_be_right() {
        assert_eq!(slips("evi", "Eva Schmidt"), None);
        assert_eq!(Query::parse("eva").unwrap().pieces(), None);
        assert_eq!(Query::parse("  "), None);
    }

    proptest! {
        #[test]
        fn whatever_has_one_slip_holds_one_of_the_pieces(word in "[a-z]{4,12}", at in 0_usize..12, letter in "[a-z]", kind in 0_usize..4) {
            let mut other: Vec<char> = word.chars().collect();
            let (at, letter) = (at % other.len(), letter.chars().next().unwrap());
            match kind {
                0 => { other.remove(at); }
                1 => other.insert(at, letter),
                2 => other[at] = letter,
                _ => { let next = (at + 1) % other.len(); if next > at { other.swap(at, next); } }
            }
            let text: String = other.into_iter().collect();
            let query = Query(vec![word]);
            prop_assert!(query.slips(&text).is_some(), "{} in {text}", query.0[0]);
            prop_assert!(query.pieces().unwrap().iter().any(|piece| text.contains(piece)), "{} in {text}", query.0[0]);
        }
    }
}
