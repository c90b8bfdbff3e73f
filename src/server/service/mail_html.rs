//! The HTML form of mails, made from their plain text, so that the two never say different things.
//!
//! A paragraph is a paragraph, lines that begin with a dash or a number are a list, a line underlined with dashes is a heading, and
//! addresses of this installation are links. Nothing else is markup: names and titles are text, whatever stands in them. There are no
//! colours and no styles, so that every reader's own apply, by day and by night.

use super::{mail::Mail, rows::MailRow};
use std::fmt::Write;

/// The HTML form of a mail. `base_url` is where the installation is reached; only what lies there becomes a link.
#[must_use]
pub fn render(row: &MailRow, mail: &Mail, base_url: &str) -> String {
    document(&row.language, &mail.subject, &mail.text, base_url)
}

fn document(language: &str, subject: &str, text: &str, base_url: &str) -> String {
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n</head>\n<body>\n",
        escaped(language),
        escaped(subject)
    );
    for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        block(&mut html, &paragraph.lines().collect::<Vec<_>>(), base_url);
    }
    html.push_str("</body>\n</html>\n");
    html
}

fn block(html: &mut String, lines: &[&str], base_url: &str) {
    if let [title, rule] = lines
        && rule.len() > 2
        && rule.bytes().all(|byte| byte == b'-')
    {
        let _ = writeln!(html, "<h2>{}</h2>", escaped(title));
    } else if let Some(entries) = all(lines, |line| line.strip_prefix("- ")) {
        list(html, "ul", &entries, base_url);
    } else if let Some(entries) = all(lines, numbered) {
        list(html, "ol", &entries, base_url);
    } else {
        let lines: Vec<_> = lines.iter().map(|line| linked(line, base_url)).collect();
        let _ = writeln!(html, "<p>{}</p>", lines.join("<br>\n"));
    }
}

fn all<'a>(lines: &[&'a str], entry: impl Fn(&'a str) -> Option<&'a str>) -> Option<Vec<&'a str>> {
    lines.iter().map(|line| entry(line)).collect()
}

/// `1. Text`
fn numbered(line: &str) -> Option<&str> {
    let (number, text) = line.split_once(". ")?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

fn list(html: &mut String, tag: &str, entries: &[&str], base_url: &str) {
    let _ = writeln!(html, "<{tag}>");
    for entry in entries {
        let _ = writeln!(html, "<li>{}</li>", linked(entry, base_url));
    }
    let _ = writeln!(html, "</{tag}>");
}

/// A link shows the address that it leads to, for whoever learnt to look at it.
fn linked(line: &str, base_url: &str) -> String {
    let word = |word: &str| {
        let address = word.trim_end_matches(['.', ',', ';', ':', ')']);
        let is_ours = address.strip_prefix(base_url).is_some_and(|path| path.is_empty() || path.starts_with('/'));
        if is_ours && !base_url.is_empty() {
            let rest = &word[address.len()..];
            format!("<a href=\"{0}\">{0}</a>{1}", escaped(address), escaped(rest))
        } else {
            escaped(word)
        }
    };
    line.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://antritt.example";

    fn body(text: &str) -> String {
        let html = document("en", "Subject", text, BASE);
        let (_, rest) = html.split_once("<body>\n").unwrap();
        rest.split_once("</body>").unwrap().0.to_owned()
    }

    #[test]
    fn paragraphs_lists_and_headings_are_what_they_look_like() {
        assert_eq!(
            body("Hello,\nyou\n\nYour team\n---------\n\n- one\n- two\n\n1. first\n2. second\n\nBye\n"),
            "<p>Hello,<br>\nyou</p>\n<h2>Your team</h2>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<ol>\n<li>first</li>\n<li>second</li>\n</ol>\n<p>Bye</p>\n"
        );
    }

    #[test]
    fn names_are_text_whatever_stands_in_them() {
        assert_eq!(
            body("Hello <script>alert(1)</script> \"&\" 'x' [a](https://evil.example),"),
            "<p>Hello &lt;script&gt;alert(1)&lt;/script&gt; &quot;&amp;&quot; &#39;x&#39; [a](https://evil.example),</p>\n"
        );
    }

    #[test]
    fn only_our_own_addresses_become_links() {
        assert_eq!(
            body("See https://antritt.example/checklist. Not https://antritt.example.evil.example/x, nor https://evil.example"),
            "<p>See <a href=\"https://antritt.example/checklist\">https://antritt.example/checklist</a>. Not https://antritt.example.evil.example/x, nor https://evil.example</p>\n"
        );
    }

    #[test]
    fn a_mail_says_its_language_and_follows_light_and_dark() {
        let html = document("de", "A & B", "x", BASE);
        assert!(html.contains("<html lang=\"de\">") && html.contains("<title>A &amp; B</title>"));
        assert!(html.contains("color-scheme\" content=\"light dark\"") && !html.contains("style="));
    }
}
