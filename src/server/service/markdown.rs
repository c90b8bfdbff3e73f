//! Markdown to safe HTML: comrak renders, ammonia lets only a known set of tags through.

use comrak::{Options, markdown_to_html};

/// Renders a text. Raw HTML in it is shown as text, and whatever is left passes a second sieve.
pub fn render(text: &str) -> String {
    let mut options = Options::default();
    options.extension.table = true;
    options.render.escape = true;
    ammonia::clean(&markdown_to_html(text, &options))
}

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
                !html.contains("<script") && !html.contains("javascript:") && !html.contains("<img src=x") && !html.contains("data:"),
                "{html}"
            );
        }
    }
}
