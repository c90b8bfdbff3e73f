//! Asks the browser to make or use a passkey and sends what it answers with the form it stands in. Without script, or in a browser
//! that knows no passkeys, a sentence stands in place of the button, and codes do the same. Until this is awake, neither is there.
//!
//! The browser reads the server's options and writes its answer as JSON by itself, so that nothing of it is taken apart here. Button and
//! sentences are the server's; which of them show depends on the step that the place is at (`style/31-factors.css`).

use super::call::{CallError, call};
use leptos::{
    __reexports::wasm_bindgen_futures::JsFuture,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
    web_sys::{
        Element, HtmlFormElement, HtmlInputElement,
        js_sys::{Function, JSON, Object, Promise, Reflect},
    },
};

/// The id of the place with the button and the sentences; there is one on a page.
pub const PLACE: &str = "passkey";
/// The attribute that says at which step the place is.
pub const STEP: &str = "data-step";

/// `begin` is the path of the function that says what to ask; `creates`: for a new passkey. Fills `id` and `credential` of the form.
#[island]
pub fn PasskeyButton(#[prop(into)] begin: String, creates: bool) -> impl IntoView {
    Effect::new(move |_| {
        let Some(place) = document().get_element_by_id(PLACE) else {
            return;
        };
        at_step(&place, if parser(creates).is_some() { "rest" } else { "absent" });
        let begin = begin.clone();
        let button = place.query_selector("button").ok().flatten();
        let pressed = Closure::<dyn Fn()>::new(move || {
            let (place, begin) = (place.clone(), begin.clone());
            let Some(form) = place.closest("form").ok().flatten().and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else {
                return;
            };
            // A second press while the browser asks is none.
            if place.get_attribute(STEP).as_deref() == Some("asking") || !form.report_validity() {
                return;
            }
            at_step(&place, "asking");
            spawn_local(async move {
                match carry_out(&begin, creates).await {
                    Ok((id, credential)) => {
                        fill(&place, "id", &id);
                        fill(&place, "credential", &credential);
                        let _ = form.request_submit();
                    }
                    Err(step) => at_step(&place, step),
                }
            });
        });
        if let Some(button) = button {
            drop(button.add_event_listener_with_callback("click", pressed.as_ref().unchecked_ref()));
        }
        pressed.forget();
    });
}

fn at_step(place: &Element, step: &str) {
    drop(place.set_attribute(STEP, step));
}

fn fill(place: &Element, field: &str, value: &str) {
    let field = place.query_selector(&["input[name=", field, "]"].concat()).ok().flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
        field.set_value(value);
    }
}

/// Asks the server what to ask, asks the browser, and gives the ceremony's id and the browser's answer; else the step of what went wrong.
async fn carry_out(begin: &str, creates: bool) -> Result<(String, String), &'static str> {
    let (id, options): (String, String) = call(begin, &[]).await.map_err(|error| match error {
        CallError::Unreachable => "unreachable",
        CallError::Refused => "reload",
    })?;
    let answer = async {
        let (kind, parser) = parser(creates).ok_or(JsValue::NULL)?;
        let request = Object::new();
        Reflect::set(&request, &"publicKey".into(), &parser.call1(&kind, &JSON::parse(&options)?)?)?;
        let navigator = Reflect::get(&window(), &"navigator".into())?;
        let keeper = Reflect::get(&navigator, &"credentials".into())?;
        let act: Function = Reflect::get(&keeper, &(if creates { "create" } else { "get" }).into())?.dyn_into()?;
        let promise: Promise = act.call1(&keeper, &request)?.dyn_into()?;
        JSON::stringify(&JsFuture::from(promise).await?)
    };
    let answer = answer.await.map_err(|error| {
        let name = Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
        match name.as_deref() {
            Some("NotAllowedError" | "AbortError") => "cancelled",
            Some("InvalidStateError") => "known",
            _ => "failed",
        }
    })?;
    Ok((id, answer.into()))
}

/// What reads the server's options, if the browser knows passkeys well enough.
fn parser(creates: bool) -> Option<(JsValue, Function)> {
    let kind = Reflect::get(&window(), &"PublicKeyCredential".into()).ok()?;
    let name = if creates {
        "parseCreationOptionsFromJSON"
    } else {
        "parseRequestOptionsFromJSON"
    };
    let parser = Reflect::get(&kind, &name.into()).ok()?.dyn_into().ok()?;
    Some((kind, parser))
}
