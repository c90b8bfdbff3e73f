use leptos::prelude::*;
#[component]
pub fn PaperNdaPage() -> impl IntoView {}
