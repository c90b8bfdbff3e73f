//! Which passwords may be set: long ones that are hard to guess, whatever characters they are made of.
//!
//! After NIST SP 800-63B-4: length, a list of common passwords, words that belong to the person or the company; no classes of
//! characters. How many guesses a password takes is estimated by zxcvbn, which brings 30,000 common passwords and the words of English;
//! the words that Germans take stand beside this file. Pure, and slow on long texts: call it by way of `password`.

use crate::domain::{person::fold, problem::Problem};
use std::{borrow::Cow, sync::LazyLock};
use unicode_normalization::UnicodeNormalization;
use zxcvbn::{matching::patterns::MatchPattern, zxcvbn};

/// The fewest characters of a password that is the only factor.
pub const MIN_LENGTH: usize = 15;
/// The fewest where a second factor is asked for as well.
pub const MIN_LENGTH_BESIDE_A_FACTOR: usize = 10;
/// The most characters of a password.
pub const MAX_LENGTH: usize = 128;
/// What is read of one that somebody types; a letter can be typed as itself and several marks.
const MOST_TYPED: usize = 4 * MAX_LENGTH;

/// So many characters are estimated, as the estimate's time grows with the square of them and more: 0.13 s at the worst. What follows
/// only makes a password harder to guess.
const ESTIMATED: usize = 48;
/// zxcvbn's best score.
const BEST: u8 = 4;
/// So many guesses are enough for it. Ten characters without any pattern are just that many, for which zxcvbn itself still gives a 3.
const ENOUGH_GUESSES: u64 = 10_000_000_000;
/// A common word with so many digits and signs around it is still that word.
const TRIMMINGS: usize = 8;
/// The demo's password, which stands in README: good, if it were not known to everybody.
pub const PUBLISHED: &str = "wolke-treppe-kanne-mond";
/// Shorter parts of names stand in too many words.
const SHORTEST_NAME: usize = 3;

/// The words of German that stand in many passwords, without marks, the most common first.
static COMMON: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("common-words.txt").lines().collect());

/// What a password is held against.
#[derive(Clone, Debug)]
pub struct Rules {
    at_least: usize,
    /// Parts of the names of its owner and the company, folded, the longest first.
    names: Vec<String>,
    /// Whether the published password may be set.
    is_demo: bool,
}

impl Rules {
    /// `about` are the owner's name and addresses, the company's name and the like, as they are written.
    pub fn new<'a>(at_least: usize, about: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names: Vec<String> = ["antritt"]
            .into_iter()
            .chain(about)
            .flat_map(|text| fold(text).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>())
            .filter(|name| name.chars().count() >= SHORTEST_NAME)
            .collect();
        names.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        names.dedup();
        Self {
            at_least,
            names,
            is_demo: false,
        }
    }

    /// The rules of a demo, where everybody has the published password.
    #[must_use]
    pub fn of_demo(self) -> Self {
        Self { is_demo: true, ..self }
    }

    /// Judges a password as it was typed.
    pub fn judge(&self, typed: &str) -> Verdict {
        let Some(password) = normalised(typed) else {
            return Verdict::refused(BEST, Problem::TooLong(MAX_LENGTH));
        };
        let length = password.chars().count();
        if length == 0 {
            return Verdict::refused(0, Problem::Required);
        }
        let (score, problem) = self.estimate(&password);
        if length > MAX_LENGTH {
            return Verdict::refused(score, Problem::TooLong(MAX_LENGTH));
        }
        if length < self.at_least {
            return Verdict::refused(score.min(1), Problem::TooShort(self.at_least));
        }
        Verdict { score, problem }
    }

    /// The score, 0 to 4, and what keeps it from 4.
    fn estimate(&self, password: &str) -> (u8, Option<Problem>) {
        let folded: String = fold(password).chars().take(ESTIMATED).collect();
        let words = distinct_words(&folded);
        // Three times the same word is one word.
        let text = if words.repeats {
            Cow::Owned(words.all.join(" "))
        } else {
            Cow::Borrowed(&*folded)
        };
        let score = self.score(&text);
        let rest = self.names.iter().fold(text.clone(), |text, name| {
            if text.contains(&**name) {
                Cow::Owned(text.replace(&**name, ""))
            } else {
                text
            }
        });
        if rest.len() < text.len() {
            // What is left without the names has to be good by itself.
            let alone = self.score(&rest);
            if alone < BEST {
                return (alone.min(score), Some(Problem::PasswordNamesOwner));
            }
        }
        let is_published = !self.is_demo && distinct_words(PUBLISHED).all == words.all;
        if is_published || is_one_common_word(&folded, &words.all) {
            return (score.min(1), Some(Problem::PasswordCommon));
        }
        (score, (score < BEST).then_some(Problem::PasswordGuessable))
    }

    fn score(&self, text: &str) -> u8 {
        let words: Vec<&str> = self.names.iter().map(String::as_str).chain(COMMON.iter().copied()).collect();
        let guessed = zxcvbn(text, &words);
        if guessed.guesses() >= ENOUGH_GUESSES { BEST } else { guessed.score().into() }
    }
}

/// How good a password is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// From 0 (guessed at once) to 4 (good).
    pub score: u8,
    /// Why it may not be set, if it may not.
    pub problem: Option<Problem>,
}

impl Verdict {
    /// One that may not be set is never shown as good.
    fn refused(score: u8, problem: Problem) -> Self {
        Self {
            score: score.min(BEST - 1),
            problem: Some(problem),
        }
    }
}

/// A password as it is hashed: the same letters typed on another keyboard are the same password. None when it is longer than any
/// password that could be set.
pub fn normalised(typed: &str) -> Option<String> {
    (typed.chars().nth(MOST_TYPED).is_none()).then(|| typed.nfkc().collect())
}

struct Words<'a> {
    /// Without digits and signs around them, each once.
    all: Vec<&'a str>,
    /// Whether one of them came twice.
    repeats: bool,
}

fn distinct_words(text: &str) -> Words<'_> {
    let mut words = Words {
        all: Vec::new(),
        repeats: false,
    };
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '_' | '.' | ','));
    for word in parts
        .map(|part| part.trim_matches(|c: char| !c.is_alphabetic()))
        .filter(|word| !word.is_empty())
    {
        if words.all.contains(&word) {
            words.repeats = true;
        } else {
            words.all.push(word);
        }
    }
    words
}

/// Whether a text is nothing but a word of the lists, with some digits and signs.
fn is_one_common_word(text: &str, words: &[&str]) -> bool {
    let [word] = words else { return false };
    let signs = |text: &str| text.chars().filter(|c| !c.is_alphabetic()).count();
    if signs(text) > signs(word) + TRIMMINGS {
        return false;
    }
    let guessed = zxcvbn(word, &COMMON);
    matches!(guessed.sequence(), [only] if matches!(only.pattern, MatchPattern::Dictionary(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rules() -> Rules {
        Rules::new(
            MIN_LENGTH,
            ["Änne Müller-Lüdenscheidt", "aenne.mueller@firma.example", "Beispielwerk GmbH", "Vertrieb"],
        )
    }

    fn problem(password: &str) -> Option<Problem> {
        rules().judge(password).problem
    }

    #[test]
    fn words_and_letters_of_any_kind_are_fine() {
        for good in [
            "vier zufällige wörter",
            "wolke treppe kanne laterne",
            "ringelblume kaktus",
            "ἀνδρῶν ἐπιφανῶν πᾶσα γῆ",
            "天地玄黄宇宙洪荒日月盈昃辰宿列張",
            "🦊🌧️🎻🧵🪴🧊🛶🪁🧭🪐🫖🧶🪵🧲🛎️",
            "correct horse battery staple",
            "h7qkwz0vplx3mtbrg",
            "wolke-treppe-kanne-laterne",
        ] {
            assert_eq!(rules().judge(good), Verdict { score: 4, problem: None }, "{good}");
        }
    }

    #[test]
    fn length_is_counted_in_characters_as_people_see_them() {
        let of = |length: usize| {
            "kq wz"
                .chars()
                .chain((0_u64..).map(|n| char::from(b'a' + u8::try_from((n * n * 7 + n / 3) % 26).unwrap())))
                .take(length)
                .collect::<String>()
        };
        assert_eq!(problem(""), Some(Problem::Required));
        assert_eq!(problem(&of(14)), Some(Problem::TooShort(15)));
        for length in [15, 64, 65, 127, 128] {
            assert_eq!(problem(&of(length)), None, "{length}");
        }
        for length in [129, 512, 513, 5_000_000] {
            assert_eq!(problem(&of(length)), Some(Problem::TooLong(128)), "{length}");
        }
        // "ü" as one character and as two.
        assert_eq!(problem("u\u{308}bung kracht"), Some(Problem::TooShort(15)));
        assert_eq!(normalised("u\u{308}ﬁ"), Some("üfi".into()));
    }

    #[test]
    fn beside_a_second_factor_ten_characters_are_enough() {
        let rules = Rules::new(MIN_LENGTH_BESIDE_A_FACTOR, []);
        assert_eq!(rules.judge("xk7qw zbmv").problem, None);
        assert_eq!(rules.judge("xk7qw zbm").problem, Some(Problem::TooShort(10)));
        assert_eq!(rules.judge("passwort12").problem, Some(Problem::PasswordCommon));
    }

    #[test]
    fn common_passwords_are_refused_however_they_are_trimmed() {
        for common in [
            "Password1234567!",
            "PASSWORT!!2026!!",
            "Passwort-1234567",
            "Willkommen2026!!",
            "willkommen123456",
            "P@ssw0rd20262026",
            "passwort passwort",
            "passwort passwort passwort 1",
            "Weihnachten2026!",
            "!!!Administrator!",
            "ｐａｓｓｗｏｒｄ１２３４５６７８",
        ] {
            assert_eq!(problem(common), Some(Problem::PasswordCommon), "{common}");
        }
    }

    #[test]
    fn the_password_of_the_demo_is_common_anywhere_else() {
        for known in [PUBLISHED, "Wolke Treppe Kanne Mond", "wolke-treppe-kanne-mond-1", "wolke, treppe, kanne, mond!"] {
            let verdict = rules().judge(known);
            assert_eq!((verdict.score, verdict.problem), (1, Some(Problem::PasswordCommon)), "{known}");
        }
        let good = Verdict { score: 4, problem: None };
        assert_eq!(rules().of_demo().judge(PUBLISHED), good);
    }

    #[test]
    fn names_do_not_count() {
        for named in [
            "Änne Müller-Lüdenscheidt",
            "anne.muller.anne.muller",
            "Beispielwerk2026!",
            "beispielwerk vertrieb 1",
            "aenne.mueller@firma.example",
            "Antritt-Antritt-2026",
        ] {
            assert_eq!(problem(named), Some(Problem::PasswordNamesOwner), "{named}");
        }
        assert_eq!(problem("vertrieb wolke treppe kanne mond"), None, "the rest is good by itself");
    }

    #[test]
    fn what_is_guessed_soon_is_refused() {
        for guessable in [
            "aaaaaaaaaaaaaaaaaaaa",
            "123456789012345",
            "abcdefghijklmnopqrstuvwxyz",
            "qwertzuiopasdfghjkl",
            "1qaz2wsx3edc4rfv5tgb",
            "hunter2hunter2hunter2",
            "Sommer2026Sommer2026",
            "üüüüüüüüüüüüüüü",
            "パスワードパスワードパスワード",
        ] {
            let verdict = rules().judge(guessable);
            assert_eq!(verdict.problem, Some(Problem::PasswordGuessable), "{guessable}");
            assert!(verdict.score < BEST);
        }
    }

    #[test]
    fn the_list_is_folded_and_names_each_word_once() {
        let mut words = COMMON.clone();
        assert!(
            words
                .iter()
                .all(|word| fold(word) == **word && !word.contains(char::is_whitespace) && word.len() > 2)
        );
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), COMMON.len());
    }

    /// `with_cases` alone would overrule the environment.
    fn cases() -> ProptestConfig {
        ProptestConfig::with_cases(std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(200))
    }

    proptest! {
        #![proptest_config(cases())]
        #[test]
        fn anything_can_be_judged(typed in "\\PC{0,140}|[4@8({\\[<3691!|7$5%20+a-z]{100,140}") {
            let verdict = rules().judge(&typed);
            prop_assert!(verdict.score <= BEST);
            prop_assert!(verdict.problem.is_none() || verdict.problem != Some(Problem::Required) || typed.is_empty() || normalised(&typed).is_some_and(|text| text.is_empty()));
            prop_assert!(verdict.problem.is_some() || verdict.score == BEST);
        }
    }
}
