use leptos::prelude::*;
#[component]
pub fn BoardPage() -> impl IntoView {}
