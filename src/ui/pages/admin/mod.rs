//! The administrator's pages.

pub mod events;
pub mod outbox;
