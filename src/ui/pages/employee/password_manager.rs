use leptos::prelude::*;
#[component]
pub fn PasswordManagerPage() -> impl IntoView {}
