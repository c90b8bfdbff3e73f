use leptos::prelude::*;
#[component]
pub fn QuizPage() -> impl IntoView {}
