//! How much of a text is left to read. The bar at the top of the page needs no script; this adds the minutes.

use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast, web_sys::HtmlElement};

/// Stands inside the `<article>` that is read and shows itself while some of it is left. `left` holds the words for
/// one minute, two minutes and so on, up to the whole reading time.
#[island]
pub fn ReadingProgress(left: Vec<String>, label: String) -> impl IntoView {
    let place = NodeRef::<html::P>::new();
    let percent = RwSignal::new(0_u8);
    let awake = RwSignal::new(false);
    Effect::new(move |_| {
        let Some(article) = place.get().and_then(|place| place.closest("article").ok().flatten()) else {
            return;
        };
        let Ok(article) = article.dyn_into::<HtmlElement>() else { return };
        percent.set(percent_read(&article));
        awake.set(true);
        let frame_asked = StoredValue::new(false);
        window_event_listener(ev::scroll, move |_| {
            // One measurement per frame, however many events there are.
            if !frame_asked.get_value() {
                frame_asked.set_value(true);
                let article = article.clone();
                request_animation_frame(move || {
                    frame_asked.set_value(false);
                    percent.set(percent_read(&article));
                });
            }
        });
    });
    let words = move || {
        let minutes = (left.len() * usize::from(100 - percent.get())).div_ceil(100);
        minutes.checked_sub(1).and_then(|index| left.get(index).cloned())
    };
    view! {
        <p class="reading-left screen-only" node_ref=place hidden=move || !awake.get() || percent.get() == 100>
            <progress max="100" value=move || percent.get().to_string() aria-label=label></progress>
            <span>{words}</span>
        </p>
    }
}

/// 0 at the top of the page, 100 when the end of the text is in sight.
fn percent_read(article: &HtmlElement) -> u8 {
    let number = |value: Option<f64>| value.unwrap_or_default();
    let window_height = number(window().inner_height().ok().and_then(|height| height.as_f64()));
    let way = f64::from(article.offset_top() + article.offset_height()) - window_height;
    let gone = number(window().scroll_y().ok());
    if way <= 0.0 {
        return 100;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0–100")]
    let percent = (gone / way * 100.0).clamp(0.0, 100.0) as u8;
    percent
}
