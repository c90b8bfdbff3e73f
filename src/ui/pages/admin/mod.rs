//! The administrator's pages.

pub mod outbox;
