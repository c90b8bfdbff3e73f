//! HTML over the wire: a form's answer is fetched instead of followed, and parts of it replace the same parts of the page.
//!
//! Only pages of this site are fetched, and they come rendered by the server. What is replaced holds no islands, so that
//! nothing in it waits to be woken. Whatever goes wrong, the form's own button still works.

use leptos::{
    __reexports::wasm_bindgen_futures::JsFuture,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
    web_sys::{
        AbortController, Document, DocumentFragment, Element, Event, FormData, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlTemplateElement,
        RequestInit, Response, UrlSearchParams,
    },
};
use std::{cell::RefCell, rc::Rc, time::Duration};

/// How long typing rests before the list follows.
const PAUSE: Duration = Duration::from_millis(200);

/// Filters a list while somebody types. `form` is the id of the GET form, `regions` the ids of what follows it, separated
/// by spaces.
#[island]
pub fn LiveFilter(#[prop(into)] form: String, #[prop(into)] regions: String) -> impl IntoView {
    Effect::new(move |_| {
        let pending: Rc<RefCell<Option<(TimeoutHandle, AbortController)>>> = Rc::default();
        let regions: Rc<str> = regions.as_str().into();
        on_form(&form, "input", move |form| {
            if let Some((timer, request)) = pending.take() {
                timer.clear();
                request.abort();
            }
            let Ok(abort) = AbortController::new() else { return };
            let (signal, regions) = (abort.clone(), Rc::clone(&regions));
            let fetch = move || {
                spawn_local(async move {
                    filter(&form, &regions, &signal).await;
                });
            };
            if let Ok(timer) = set_timeout_with_handle(fetch, PAUSE) {
                pending.replace(Some((timer, abort)));
            }
        });
    });
}

/// Shows what a chosen file would do, without leaving the page. `region` is the id of what holds the upload's form, and of
/// the same part of the answer; `loading` is said meanwhile.
#[island]
pub fn ImportPreview(#[prop(into)] region: String, #[prop(into)] loading: String) -> impl IntoView {
    let busy = RwSignal::new(false);
    Effect::new(move |_| {
        let id: Rc<str> = region.as_str().into();
        let Some(region) = document_element(&region) else { return };
        let show: Rc<dyn Fn(HtmlInputElement)> = Rc::new(move |field| {
            let chosen = field.type_() == "file" && !field.value().is_empty();
            let Some(form) = field.form().filter(|_| chosen) else { return };
            let id = Rc::clone(&id);
            spawn_local(async move {
                busy.set(true);
                mark_busy(&id, true);
                let shown = upload(&form, &id).await;
                mark_busy(&id, false);
                busy.set(false);
                if shown.is_none() {
                    drop(form.submit());
                }
            });
        });
        let chosen_before = region.query_selector("input[type=file]").ok().flatten().and_then(|field| field.dyn_into().ok());
        let chosen_later = Rc::clone(&show);
        // On the region, not on the field: a refused file brings a new field along.
        listen(&region, "change", move |event| {
            if let Some(field) = event.target().and_then(|target| target.dyn_into().ok()) {
                chosen_later(field);
            }
        });
        // Whoever was faster than this script has chosen already.
        if let Some(field) = chosen_before {
            show(field);
        }
    });
    view! {
        <p role="status" class=move || if busy.get() { "notice" } else { "visually-hidden" }>
            {move || if busy.get() { loading.clone() } else { String::new() }}
        </p>
    }
}

/// Fetches the form's address and shows the regions of its answer. None when anything went wrong or a newer request runs.
async fn filter(form: &HtmlFormElement, regions: &str, abort: &AbortController) -> Option<()> {
    let fields = UrlSearchParams::new_with_str_sequence_sequence(&FormData::new_with_form(form).ok()?.into()).ok()?;
    let query = String::from(fields.to_string());
    let query: Vec<&str> = query.split('&').filter(|pair| !pair.ends_with('=')).collect();
    let address = if query.is_empty() {
        form.action()
    } else {
        format!("{}?{}", form.action(), query.join("&"))
    };
    let request = RequestInit::new();
    request.set_signal(Some(&abort.signal()));
    let (answer, _) = fetch_page(&address, &request).await?;
    if abort.signal().aborted() {
        return None;
    }
    regions.split(' ').try_for_each(|id| replace(&answer, id))?;
    replace_address(&address)
}

/// Sends the form and shows the region of the page that it led to.
async fn upload(form: &HtmlFormElement, region: &str) -> Option<()> {
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(&FormData::new_with_form(form).ok()?.into());
    let (answer, address) = fetch_page(&form.action(), &request).await?;
    replace(&answer, region)?;
    if let Some(title) = answer.query_selector("title").ok()?.and_then(|title| title.text_content()) {
        document().set_title(&title);
    }
    replace_address(&address)?;
    let main = document().get_element_by_id("main")?.dyn_into::<HtmlElement>().ok()?;
    main.focus().ok()
}

/// A page of this site as an inert fragment, and the address it ended up at.
async fn fetch_page(address: &str, request: &RequestInit) -> Option<(DocumentFragment, String)> {
    let response = JsFuture::from(window().fetch_with_str_and_init(address, request)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    let html = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    // A template's content runs no scripts and loads nothing.
    let template: HtmlTemplateElement = document().create_element("template").ok()?.dyn_into().ok()?;
    template.set_inner_html(&html);
    Some((template.content(), response.url()))
}

/// Gives the page's element with this id what the answer's has inside.
fn replace(answer: &DocumentFragment, id: &str) -> Option<()> {
    let new = answer.query_selector(&format!("#{id}")).ok()??;
    document_element(id)?.set_inner_html(&new.inner_html());
    Some(())
}

fn replace_address(address: &str) -> Option<()> {
    window().history().ok()?.replace_state_with_url(&JsValue::NULL, "", Some(address)).ok()
}

fn mark_busy(id: &str, busy: bool) {
    if let Some(region) = document_element(id) {
        drop(region.set_attribute("aria-busy", if busy { "true" } else { "false" }));
    }
}

fn document_element(id: &str) -> Option<Element> {
    Document::get_element_by_id(&document(), id)
}

/// Calls `f` with the form for as long as the page lives.
fn on_form(id: &str, event: &str, f: impl Fn(HtmlFormElement) + 'static) {
    if let Some(form) = document_element(id).and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
        let element = form.clone();
        listen(&element, event, move |_| f(form.clone()));
    }
}

fn listen(element: &Element, event: &str, f: impl Fn(Event) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(f);
    drop(element.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref()));
    listener.forget();
}
