//! Asks the browser to make or use a passkey and sends what it answers with the form it stands in. Without script, or in a browser
//! that knows no passkeys, a sentence says so instead of the button, and codes do the same.
//!
//! The browser reads the server's options and writes its answer as JSON by itself, so that nothing of it is taken apart here.

use super::call::{CallError, call};
use crate::{api::factors::Ceremony, domain::ids::CeremonyId};
use leptos::{
    __reexports::wasm_bindgen_futures::JsFuture,
    html,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{
        HtmlFormElement,
        js_sys::{Function, JSON, Object, Promise, Reflect},
    },
};
use serde::{Deserialize, Serialize};

/// The words around the button, in the reader's language.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PasskeyWords {
    pub button: String,
    pub absent: String,
    pub cancelled: String,
    pub known: String,
    pub failed: String,
    pub unreachable: String,
    pub reload: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// No script yet, or no passkeys.
    Absent,
    Rest,
    Asking,
    Cancelled,
    Known,
    Failed,
    Unreachable,
    Reload,
}

/// `begin` is the path of the function that says what to ask; `creates`: for a new passkey. Fills `id` and `credential` of the form.
#[island]
pub fn PasskeyButton(#[prop(into)] begin: String, creates: bool, words: PasskeyWords) -> impl IntoView {
    let step = RwSignal::new(Step::Absent);
    let place = NodeRef::<html::Div>::new();
    let answer = RwSignal::new(None::<(CeremonyId, String)>);
    Effect::new(move |_| {
        if parser(creates).is_some() {
            step.set(Step::Rest);
        }
    });
    let form = move || place.get_untracked()?.closest("form").ok()??.dyn_into::<HtmlFormElement>().ok();
    let ask = move |_| {
        let begin = begin.clone();
        if !form().is_some_and(|form| form.report_validity()) {
            return;
        }
        step.set(Step::Asking);
        spawn_local(async move {
            match carry_out(&begin, creates).await {
                Ok(given) => {
                    answer.set(Some(given));
                    // After the fields were filled.
                    request_animation_frame(move || {
                        if let Some(form) = form() {
                            let _ = form.request_submit();
                        }
                    });
                }
                Err(why) => step.set(why),
            }
        });
    };
    let button = words.button.clone();
    let absent = words.absent.clone();
    let said = move || match step.get() {
        Step::Absent | Step::Rest | Step::Asking => String::new(),
        Step::Cancelled => words.cancelled.clone(),
        Step::Known => words.known.clone(),
        Step::Failed => words.failed.clone(),
        Step::Unreachable => words.unreachable.clone(),
        Step::Reload => words.reload.clone(),
    };
    view! {
        <div class="field" node_ref=place>
            <input type="hidden" name="id" prop:value=move || answer.get().map(|(id, _)| id.to_string()).unwrap_or_default() />
            <input type="hidden" name="credential" prop:value=move || answer.get().map(|(_, credential)| credential).unwrap_or_default() />
            <p class="hint" hidden=move || step.get() != Step::Absent>{absent}</p>
            <div><button type="button" class="button secondary" hidden=move || step.get() == Step::Absent disabled=move || step.get() == Step::Asking on:click=ask>{button}</button></div>
            <p role="status">{said}</p>
        </div>
    }
}

/// Asks the server what to ask, asks the browser, and gives its answer.
async fn carry_out(begin: &str, creates: bool) -> Result<(CeremonyId, String), Step> {
    let Ceremony { id, options } = call(begin, &[]).await.map_err(|error| match error {
        CallError::Unreachable => Step::Unreachable,
        CallError::Refused => Step::Reload,
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
            Some("NotAllowedError" | "AbortError") => Step::Cancelled,
            Some("InvalidStateError") => Step::Known,
            _ => Step::Failed,
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
