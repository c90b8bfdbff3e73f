//! Markdown to safe HTML: comrak renders, ammonia lets only a known set of tags through.
//!
//! Images are those that were uploaded here, named by their content: `![What it shows](image:<sha256>)`. Any other image is shown as
//! its description alone, so that no text can make a reader's browser ask somebody else's server.

use crate::{
    domain::audit::Digest,
    server::pdf::{DEEPEST, literal},
};
use ammonia::Builder;
use comrak::{
    Arena, Options, format_html,
    nodes::{Node, NodeValue},
    parse_document,
};
use std::{borrow::Cow, sync::LazyLock};

/// Where images are read.
const IMAGES: &str = "/course-images/";
/// How a text names one.
const SCHEME: &str = "image:";

/// An image in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// What it shows, for whoever does not see it.
    pub text: String,
    /// The content that is named; none where something else stands.
    pub sha256: Option<Digest>,
}

/// How a text names an image.
pub fn image_reference(text: &str, sha256: &Digest) -> String {
    let text: String = text.chars().filter(|c| !matches!(c, '[' | ']' | '\\')).collect();
    format!("![{}]({SCHEME}{})", text.split_whitespace().collect::<Vec<_>>().join(" "), hex::encode(sha256))
}

/// Renders a text. Raw HTML in it is shown as text, and whatever is left passes a second sieve.
pub fn render(text: &str) -> String {
    let arena = Arena::new();
    let root = read(&arena, text);
    for (node, image) in images_below(root) {
        let mut data = node.data_mut();
        match (image.sha256, &mut data.value) {
            (Some(sha256), NodeValue::Image(link)) => link.url = format!("{IMAGES}{}", hex::encode(sha256)),
            _ => data.value = NodeValue::Emph,
        }
    }
    let mut html = String::new();
    // Writing into a string cannot fail.
    let _ = format_html(root, &options(), &mut html);
    SIEVE.clean(&html).to_string()
}

/// The images that a text names, in their order.
pub fn images(text: &str) -> Vec<Image> {
    let arena = Arena::new();
    let root = read(&arena, text);
    images_below(root).into_iter().map(|(_, image)| image).collect()
}

fn read<'a>(arena: &'a Arena<'a>, text: &str) -> Node<'a> {
    let root = parse_document(arena, text, &options());
    flatten(arena, root, 0);
    root
}

/// Leaves nothing but its text of what stands deeper than [`DEEPEST`]: the sieve looks through all that is open wherever something begins,
/// so that fifty thousand quotations inside each other would hold the server up for seconds.
fn flatten<'a>(arena: &'a Arena<'a>, node: Node<'a>, depth: usize) {
    if depth < DEEPEST || !nests(&node.data().value) {
        for child in node.children() {
            flatten(arena, child, depth + 1);
        }
        return;
    }
    let text = NodeValue::Text(text_below(node).into());
    while let Some(child) = node.first_child() {
        child.detach();
    }
    if node.data().value.block() {
        node.data_mut().value = NodeValue::Paragraph;
        node.append(arena.alloc(text.into()));
    } else {
        node.data_mut().value = text;
    }
}

/// What can hold its like, and stand wherever a paragraph or a text can. An item or a cell stays: its list or table goes.
fn nests(value: &NodeValue) -> bool {
    matches!(
        value,
        NodeValue::BlockQuote | NodeValue::List(_) | NodeValue::Table(_) | NodeValue::Emph | NodeValue::Strong | NodeValue::Link(_) | NodeValue::Image(_)
    )
}

/// The text of a node and of all that it holds, with a space between blocks.
fn text_below(node: Node<'_>) -> String {
    let mut text = String::new();
    for inner in node.descendants() {
        let data = inner.data();
        if data.value.block() && !text.is_empty() && !text.ends_with(char::is_whitespace) {
            text.push(' ');
        }
        text.extend(literal(&data.value));
    }
    text
}

fn images_below<'a>(root: Node<'a>) -> Vec<(Node<'a>, Image)> {
    let image = |node: Node<'a>| match &node.data().value {
        NodeValue::Image(link) => Some(Image {
            text: node.collect_text().trim().to_owned(),
            sha256: link.url.strip_prefix(SCHEME).and_then(digest),
        }),
        _ => None,
    };
    root.descendants().filter_map(|node| Some((node, image(node)?))).collect()
}

/// Reads a digest in hexadecimal.
pub fn digest(hex: &str) -> Option<Digest> {
    hex::decode(hex).ok()?.try_into().ok()
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.render.escape = true;
    options
}

static SIEVE: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut sieve = Builder::default();
    sieve.attribute_filter(|element, attribute, value| match (element, attribute) {
        ("img", "src") => value.strip_prefix(IMAGES).and_then(digest).map(|_| Cow::Borrowed(value)),
        _ => Some(Cow::Borrowed(value)),
    });
    sieve
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_rendered_and_scripts_are_not() {
        assert_eq!(
            render("## Zweck\n\n- **a**").replace('\n', ""),
            "<h2>Zweck</h2><ul><li><strong>a</strong></li></ul>"
        );
        for hostile in [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "<img src=x onerror=alert(1)>",
            "![x](data:text/html,a)",
        ] {
            let html = render(hostile);
            assert!(
                !html.contains("<script") && !html.contains("javascript:") && !html.contains("<img") && !html.contains("data:"),
                "{html}"
            );
        }
    }

    #[test]
    fn an_uploaded_image_is_shown_with_its_description() {
        let sha256 = [0xAB; 32];
        let text = format!("Before\n\n{}", image_reference("A [fake] \"login\" page", &sha256));
        let shown = render(&text);
        let expected = format!("<img src=\"/course-images/{}\" alt=\"A fake &quot;login&quot; page\">", "ab".repeat(32));
        assert!(shown.contains(&expected), "{shown}");
        assert_eq!(
            images(&text),
            [Image {
                text: "A fake \"login\" page".to_owned(),
                sha256: Some(sha256)
            }]
        );
    }

    #[test]
    fn any_other_image_is_its_description() {
        for elsewhere in [
            "https://evil.example/a.png",
            "/people",
            "image:abc",
            "//evil.example",
            "/course-images/../people",
            "/course-images/x?y",
        ] {
            let text = format!("![a map]({elsewhere})");
            let shown = render(&text);
            assert!(!shown.contains("<img") && shown.contains("a map") && !shown.contains("evil"), "{shown}");
            assert_eq!(
                images(&text),
                [Image {
                    text: "a map".to_owned(),
                    sha256: None
                }]
            );
        }
        assert_eq!(images("`![code](image:x)`"), [], "code is no image");
    }

    #[test]
    fn what_nests_as_nobody_writes_keeps_its_text_and_costs_no_time() {
        let quotes = |depth: usize| format!("{} *Zweck* der\n`Regel` <b>", ">".repeat(depth));
        assert_eq!(render(&quotes(DEEPEST - 3)).matches("<em>Zweck</em>").count(), 1, "as deep as anybody writes");
        let steps: Vec<_> = (0..200).map(|depth| format!("{}- {depth}\n", "  ".repeat(depth))).collect();
        for deep in [
            quotes(50_000),
            format!("{}\n\n{}", ">".repeat(49_000), quotes(100)),
            format!("{}{}", "> - ".repeat(12_000), quotes(0)),
            format!("{}{}", "- ".repeat(24_000), quotes(0)),
            steps.concat() + &"  ".repeat(200) + &quotes(0),
        ] {
            let began = std::time::Instant::now();
            let html = render(&deep);
            assert!(began.elapsed() < std::time::Duration::from_secs(3), "{:?}", began.elapsed());
            assert!(html.contains("Zweck der Regel &lt;b&gt;") || html.contains("<em>Zweck</em>"), "{}", html.len());
            let open = html.matches("<blockquote>").count().max(html.matches("<ul>").count());
            assert!(open <= 2 * DEEPEST, "{open}");
        }
        for (open, close) in [("*a ", " a*"), ("**a ", " a**"), ("![a", "](b)")] {
            let html = render(&format!("{}Zweck{}", open.repeat(8_000), close.repeat(8_000)));
            assert!(html.contains("Zweck"), "{open}");
            assert!(html.matches("<em>").count().max(html.matches("<strong>").count()) <= DEEPEST, "{open}");
        }
    }

    #[test]
    fn a_table_at_the_bottom_is_its_words() {
        let table = |depth: usize| {
            let quote = "> ".repeat(depth);
            format!("{quote}| a | b |\n{quote}|---|---|\n{quote}| *c* | d |\n\nAfter")
        };
        assert!(render(&table(DEEPEST - 2)).contains("<table>"));
        let html = render(&table(DEEPEST - 1));
        assert!(html.contains("a b c d") && html.contains("<p>After</p>") && !html.contains("<table>"), "{html}");
    }
}
