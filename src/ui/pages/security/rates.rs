use leptos::prelude::*;
#[component]
pub fn RatesPage() -> impl IntoView {}
