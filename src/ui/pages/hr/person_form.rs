use leptos::prelude::*;
#[component]
pub fn NewPersonPage() -> impl IntoView {}
#[component]
pub fn EditPersonPage() -> impl IntoView {}
