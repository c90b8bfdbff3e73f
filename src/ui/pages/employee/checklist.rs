use leptos::prelude::*;
#[component]
pub fn ChecklistPage() -> impl IntoView {}
