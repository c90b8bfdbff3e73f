use leptos::prelude::*;
#[component]
pub fn ImportPage() -> impl IntoView {}
#[component]
pub fn PreviewPage() -> impl IntoView {}
