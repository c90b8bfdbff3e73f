//! A title in both languages, as every form asks for it that begins or names something to be read.

use crate::{
    domain::locale::Locale,
    ui::{
        components::form::{FormState, TextField},
        texts::content as t,
    },
};
use leptos::prelude::*;

/// The labels of [`TitleFields`], for the summary of what is wrong.
pub fn title_labels(locale: Locale) -> Vec<(&'static str, String)> {
    vec![("title_de", t::title_de(locale).to_owned()), ("title_en", t::title_en(locale).to_owned())]
}

/// A title in both languages; `title` is German, English as on record.
#[component]
pub fn TitleFields(locale: Locale, form: FormState, title: [String; 2], maxlength: usize) -> impl IntoView {
    let [de, en] = title;
    view! {
        <div class="pair">
            <TextField form=form.clone() name="title_de" label=t::title_de(locale) value=de required=true maxlength=maxlength />
            <TextField form=form name="title_en" label=t::title_en(locale) value=en required=true maxlength=maxlength />
        </div>
    }
}
