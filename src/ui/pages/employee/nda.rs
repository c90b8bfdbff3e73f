use leptos::prelude::*;
#[component]
pub fn NdaPage() -> impl IntoView {}
