use leptos::prelude::*;
#[component]
pub fn ItemsPage() -> impl IntoView {}
