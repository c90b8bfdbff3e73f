use leptos::prelude::*;
#[component]
pub fn LastDayPage() -> impl IntoView {}
