use leptos::prelude::*;
#[component]
pub fn PolicyPage() -> impl IntoView {}
