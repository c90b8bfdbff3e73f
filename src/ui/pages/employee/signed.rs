use leptos::prelude::*;
#[component]
pub fn SignedPage() -> impl IntoView {}
