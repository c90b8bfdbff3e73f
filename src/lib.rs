//! Antritt: proof, person by person and at any date, that everyone who joins a company signed the NDA before the first
//! working day, passed or was exempted from a background check, accepted the policies, completed training and is enrolled
//! in the password manager.
//!
//! The map: `ui → api → server::service → server::store → domain`; `http`, `jobs` and `cli` call `service`.
//!
//! - [`domain`] is pure and compiles natively and for the browser.
//! - [`api`] holds the server functions: what the browser calls, as a form or from an island.
//! - [`islands`] are the only code that runs in the browser.
//! - [`ui`] renders pages, on the server only: navigation is the browser's own.
//! - [`server`] is everything native.
//!
//! Invariants: an actor is built only in `server::auth`; the store is visible to the service layer only; every change
//! commits together with its audit entry; time is handed in; what a reader may not see answers like what does not exist.
//! `tests/it/layering.rs` fails on an import against the arrows.

#![recursion_limit = "512"]

#[cfg_attr(
    not(feature = "ssr"),
    expect(unused_imports, reason = "of a server function the browser's half keeps the signature, not the body")
)]
pub mod api;
pub mod domain;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod ui;

/// Wakes the islands of a page.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
