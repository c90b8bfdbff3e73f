//! Standings and lights: always icon and word.

use crate::{
    domain::{
        Instant,
        compliance::{Light, Standing, standing},
        locale::Locale,
    },
    server::service::rows::Assignment,
    ui::{components::icon::Icon, words},
};
use leptos::prelude::*;

/// A tone, an icon and a word.
#[component]
pub fn Status(tone: &'static str, icon: &'static str, #[prop(into)] word: String) -> impl IntoView {
    view! { <span class=format!("status {tone}")><Icon name=icon />{word}</span> }
}

/// How an item stands.
#[component]
pub fn StandingStatus(locale: Locale, standing: Standing) -> impl IntoView {
    let (word, tone, icon) = words::standing(locale, standing);
    view! { <Status tone=tone icon=icon word=word /> }
}

/// The light at the day-1 gate.
#[component]
pub fn LightStatus(locale: Locale, light: Light) -> impl IntoView {
    let (word, icon) = words::light(locale, light);
    view! { <Status tone=light.as_str() icon=icon word=word /> }
}

/// How an assignment stands now.
pub fn standing_of(item: &Assignment, now: Instant) -> Standing {
    standing(item.state, item.late, item.deadline, now)
}
