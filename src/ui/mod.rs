//! Pages in HTML, rendered on the server. A page fetches, a component renders.
//!
//! Absent on purpose: client-side navigation, and any decision about who may see what: the service layer makes it.

pub mod app;
pub mod components;
pub mod load;
pub mod pages;
pub mod texts;
pub mod words;
