//! Shows what the server makes of a text while it is typed: how it will look, or how good it is as a password. Without this, sending the
//! form does.

use super::call::call;
use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, closure::Closure},
    web_sys::{FormData, HtmlFormElement, HtmlTextAreaElement},
};
use std::{cell::RefCell, rc::Rc, time::Duration};

/// How long typing rests before the preview follows.
const PAUSE: Duration = Duration::from_millis(400);

/// `field` is the id and name of what is typed into, `shown` the id of what shows it, `function` the path of what renders, and `sent_as`
/// the name by which that takes the text. The form's `token`, if it has one, goes along.
#[island]
pub fn LivePreview(#[prop(into)] field: String, #[prop(into)] shown: String, #[prop(into)] function: String, #[prop(into)] sent_as: String) -> impl IntoView {
    Effect::new(move |_| {
        let pending: Rc<RefCell<Option<TimeoutHandle>>> = Rc::default();
        // What was asked last; an answer that comes late is not shown any more.
        let newest = Rc::new(RefCell::new(0_u32));
        let names: Rc<[String; 4]> = Rc::new([field.clone(), shown.clone(), function.clone(), sent_as.clone()]);
        let Some(typed) = document().get_element_by_id(&names[0]) else { return };
        let follow_soon = move || {
            if let Some(timer) = pending.take() {
                timer.clear();
            }
            let (names, newest) = (Rc::clone(&names), Rc::clone(&newest));
            let follow = move || {
                let asked = *newest.borrow() + 1;
                newest.replace(asked);
                spawn_local(async move {
                    let Some((text, token)) = texts_of(&names[0]) else { return };
                    let Ok(html) = call::<String>(&names[2], &[(&names[3], &text), ("token", &token)]).await else {
                        return;
                    };
                    if *newest.borrow() == asked
                        && let Some(place) = document().get_element_by_id(&names[1])
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

/// What stands in a field, by way of its form, and in the form's `token`.
fn texts_of(field: &str) -> Option<(String, String)> {
    let form = document().get_element_by_id(field)?.closest("form").ok()??.dyn_into::<HtmlFormElement>().ok()?;
    let data = FormData::new_with_form(&form).ok()?;
    Some((data.get(field).as_string()?, data.get("token").as_string().unwrap_or_default()))
}
