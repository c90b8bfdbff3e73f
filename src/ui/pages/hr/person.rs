use leptos::prelude::*;
#[component]
pub fn PersonPage() -> impl IntoView {}
