//! Shows how a text will look while it is typed. The server renders it; without this, saving the draft does.

use super::call::call;
use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
    web_sys::{FormData, HtmlFormElement, HtmlTextAreaElement},
};
use std::{cell::RefCell, rc::Rc, time::Duration};

/// How long typing rests before the preview follows.
const PAUSE: Duration = Duration::from_millis(400);

/// `field` is the id of what is typed into, `shown` that of what shows it, `function` the path of the function that renders.
#[island]
pub fn LivePreview(#[prop(into)] field: String, #[prop(into)] shown: String, #[prop(into)] function: String) -> impl IntoView {
    Effect::new(move |_| {
        let pending: Rc<RefCell<Option<TimeoutHandle>>> = Rc::default();
        // What was asked last; an answer that comes late is not shown any more.
        let newest = Rc::new(RefCell::new(0_u32));
        let names: Rc<(String, String, String)> = Rc::new((field.clone(), shown.clone(), function.clone()));
        let Some(typed) = document().get_element_by_id(&names.0) else { return };
        let follow_soon = move || {
            if let Some(timer) = pending.take() {
                timer.clear();
            }
            let (names, newest) = (Rc::clone(&names), Rc::clone(&newest));
            let follow = move || {
                let asked = *newest.borrow() + 1;
                newest.replace(asked);
                spawn_local(async move {
                    let Some(text) = text_of(&names.0) else { return };
                    let Ok(html) = call::<String>(&names.2, &[("text", &text)]).await else {
                        return;
                    };
                    if *newest.borrow() == asked
                        && let Some(place) = document().get_element_by_id(&names.1)
                    {
                        place.set_inner_html(&html);
                    }
                });
            };
            if let Ok(timer) = set_timeout_with_handle(follow, PAUSE) {
                pending.replace(Some(timer));
            }
        };
        // What was typed before the script came.
        if typed
            .dyn_ref::<HtmlTextAreaElement>()
            .is_some_and(|area| area.default_value().is_ok_and(|before| before != area.value()))
        {
            follow_soon();
        }
        let listener = Closure::<dyn Fn()>::new(follow_soon);
        drop(typed.add_event_listener_with_callback("input", listener.as_ref().unchecked_ref()));
        listener.forget();
    });
}

/// What stands in a field, by way of its form.
fn text_of(field: &str) -> Option<String> {
    let form = document().get_element_by_id(field)?.closest("form").ok()??.dyn_into::<HtmlFormElement>().ok()?;
    let value: JsValue = FormData::new_with_form(&form).ok()?.get(field);
    value.as_string()
}
