//! Which device a browser says it runs on, in a few words that its owner recognises. Nothing is decided on it: browsers say what they like.

use super::locale::Locale;

/// What a user agent begins its claims with, the most particular first: Edge calls itself Chrome as well, and Chrome Safari.
const BROWSERS: [(&str, &str); 8] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// `Firefox auf Linux`, `Safari on iPhone`; what is not recognised is said to be unknown.
#[must_use]
pub fn describe(user_agent: &str, locale: Locale) -> String {
    let find = |known: &[(&str, &'static str)]| known.iter().find(|(sign, _)| user_agent.contains(sign)).map(|(_, name)| *name);
    match (find(&BROWSERS), find(&SYSTEMS), locale) {
        (Some(browser), Some(system), Locale::De) => format!("{browser} auf {system}"),
        (Some(browser), Some(system), Locale::En) => format!("{browser} on {system}"),
        (Some(one), None, _) | (None, Some(one), _) => one.to_owned(),
        (None, None, Locale::De) => "unbekanntes Gerät".to_owned(),
        (None, None, Locale::En) => "unknown device".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_told_in_words_their_owners_use() {
        for (agent, expected) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox auf Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge auf Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
                "Safari auf iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
                "Chrome auf Android",
            ),
            ("curl/8", "unbekanntes Gerät"),
            ("", "unbekanntes Gerät"),
        ] {
            assert_eq!(describe(agent, Locale::De), expected, "{agent}");
        }
        assert_eq!(describe("Firefox/140.0 Linux", Locale::En), "Firefox on Linux");
    }
}
