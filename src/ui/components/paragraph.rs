//! A paragraph to type into. A field of its own, because a text area's content is rendered as it is: here it is escaped.

use crate::ui::components::form::{FieldNotes, FormState};
use leptos::prelude::*;

/// A text area.
#[component]
pub fn ParagraphField(
    form: FormState,
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    #[prop(optional, into)] hint: String,
    maxlength: usize,
    /// The language of what is typed.
    language: &'static str,
) -> impl IntoView {
    let problem = form.problem(name);
    let invalid = problem.is_some().then_some("true");
    let described = [(!hint.is_empty(), "hint"), (problem.is_some(), "error")].into_iter().filter(|(is, _)| *is);
    let described = described.map(|(_, part)| format!("{name}-{part}")).collect::<Vec<_>>().join(" ");
    let described = (!described.is_empty()).then_some(described);
    let content = escaped(&form.value(name, &value));
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <FieldNotes name=name hint=hint problem=problem />
            <textarea
                id=name
                name=name
                lang=language
                maxlength=maxlength.to_string()
                aria-invalid=invalid
                aria-describedby=described
                inner_html=content
            ></textarea>
        </div>
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_cannot_close_the_field() {
        assert_eq!(escaped("</textarea><b>&amp;"), "&lt;/textarea&gt;&lt;b&gt;&amp;amp;");
    }
}
