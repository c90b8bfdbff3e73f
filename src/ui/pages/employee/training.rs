use leptos::prelude::*;
#[component]
pub fn CoursePage() -> impl IntoView {}
#[component]
pub fn LessonPage() -> impl IntoView {}
