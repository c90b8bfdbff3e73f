use leptos::prelude::*;
#[component]
pub fn OutboxPage() -> impl IntoView {}
