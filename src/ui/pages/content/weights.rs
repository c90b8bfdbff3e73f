//! Whether a new version is material or minor: the same choice for policies and courses, in words of their own.

use crate::{
    domain::document::Weight,
    ui::components::form::{FieldNotes, FormState},
};
use leptos::prelude::*;

/// The choice. `choices` are the word for each weight and what it would mean, in the order of [`Weight::ALL`].
#[component]
pub fn WeightField(
    form: FormState,
    legend: &'static str,
    choices: [(&'static str, String); 2],
    /// Side by side where there is room.
    #[prop(optional)]
    across: bool,
) -> impl IntoView {
    let problem = form.problem("weight");
    let invalid = problem.is_some().then_some("true");
    let chosen = form.value("weight", "");
    let choices = Weight::ALL.into_iter().zip(choices).enumerate().map(|(index, (weight, (word, meaning)))| {
        // The error summary leads to the first choice.
        let id = (index == 0).then_some("weight");
        let checked = chosen == weight.as_str();
        view! {
            <label class="choice">
                <input id=id type="radio" name="weight" value=weight.as_str() checked=checked aria-invalid=invalid required=true />
                <span>{word}<small>{meaning}</small></span>
            </label>
        }
    });
    let class = if across { "choices across" } else { "choices" };
    view! {
        <fieldset class="field">
            <legend>{legend}</legend>
            <FieldNotes name="weight" hint=String::new() problem=problem />
            <div class=class>{choices.collect_view()}</div>
        </fieldset>
    }
}
