//! A box to draw a signature in, with finger, pen or mouse. Without script it does not appear: the typed name is what signs.

use crate::domain::drawing::{Drawing, HEIGHT, Point, WIDTH, path, text};
use leptos::{ev::PointerEvent, html, prelude::*};

/// Points after which nothing is added, so that the text form stays below the server's limits.
const MOST_POINTS: usize = 2_400;

/// Fills the hidden field `drawing` of the form it stands in. `kept` is what came back with a refused form.
#[island]
pub fn SignaturePad(label: String, hint: String, clear: String, #[prop(into)] kept: String) -> impl IntoView {
    let pad = NodeRef::<html::Div>::new();
    let awake = RwSignal::new(false);
    let draws = RwSignal::new(false);
    let strokes = RwSignal::new(Drawing::parse(&kept).ok().flatten().map_or_else(Vec::new, |drawing| drawing.strokes().to_vec()));
    Effect::new(move |_| awake.set(true));
    let point = move |event: &PointerEvent| {
        let pad = pad.get()?;
        Some((
            scaled(event.offset_x(), pad.client_width(), WIDTH),
            scaled(event.offset_y(), pad.client_height(), HEIGHT),
        ))
    };
    let start = move |event: PointerEvent| {
        event.prevent_default();
        if let Some(point) = point(&event) {
            draws.set(true);
            strokes.update(|strokes| add(strokes, true, point));
        }
    };
    let go_on = move |event: PointerEvent| {
        if let Some(point) = point(&event).filter(|_| draws.get()) {
            strokes.update(|strokes| add(strokes, false, point));
        }
    };
    let name = label.clone();
    let stop = move |_: PointerEvent| draws.set(false);
    view! {
        <div class="field" id="drawing" role="group" aria-label=name hidden=move || !awake.get()>
            <p aria-hidden="true"><strong>{label}</strong></p>
            <p class="hint">{hint}</p>
            <div class="signature-pad" node_ref=pad on:pointerdown=start on:pointermove=go_on on:pointerup=stop on:pointerleave=stop on:pointercancel=stop>
                <svg class="drawing" viewBox="0 0 600 200" aria-hidden="true"><path d=move || path(&strokes.get()) /></svg>
            </div>
            <input type="hidden" name="drawing" prop:value=move || text(&strokes.get()) />
            <div><button type="button" class="button secondary small" on:click=move |_| strokes.set(Vec::new())>{clear}</button></div>
        </div>
    }
}

/// Adds a point, to a new stroke or the last one; a point where the pen already is adds nothing.
fn add(strokes: &mut Vec<Vec<Point>>, is_new: bool, point: Point) {
    if strokes.iter().map(Vec::len).sum::<usize>() >= MOST_POINTS {
        return;
    }
    match strokes.last_mut() {
        Some(stroke) if !is_new => {
            if stroke.last() != Some(&point) {
                stroke.push(point);
            }
        }
        _ => strokes.push(vec![point]),
    }
}

/// A place on the screen as a place in the box, whatever size that is shown at.
fn scaled(place: i32, size: i32, box_size: u16) -> u16 {
    let scaled = i64::from(place) * i64::from(box_size) / i64::from(size.max(1));
    u16::try_from(scaled.clamp(0, i64::from(box_size))).unwrap_or(box_size)
}
