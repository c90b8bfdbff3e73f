use leptos::prelude::*;
#[component]
pub fn StartDatePage() -> impl IntoView {}
