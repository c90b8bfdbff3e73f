use leptos::prelude::*;
#[component]
pub fn CheckPage() -> impl IntoView {}
