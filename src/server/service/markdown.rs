//! Markdown to safe HTML: comrak renders, ammonia lets only a known set of tags through.
//!
//! Images are those that were uploaded here, named by their content: `![What it shows](image:<sha256>)`. Any other image is shown as
//! its description alone, so that no text can make a reader's browser ask somebody else's server.

use crate::domain::audit::Digest;
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
    let options = options();
    let root = parse_document(&arena, text, &options);
    for (node, image) in images_below(root) {
        let mut data = node.data_mut();
        match (image.sha256, &mut data.value) {
            (Some(sha256), NodeValue::Image(link)) => link.url = format!("{IMAGES}{}", hex::encode(sha256)),
            _ => data.value = NodeValue::Emph,
        }
    }
    let mut html = String::new();
    // Writing into a string cannot fail.
    let _ = format_html(root, &options, &mut html);
    SIEVE.clean(&html).to_string()
}

/// The images that a text names, in their order.
pub fn images(text: &str) -> Vec<Image> {
    let arena = Arena::new();
    let root = parse_document(&arena, text, &options());
    images_below(root).into_iter().map(|(_, image)| image).collect()
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
}
