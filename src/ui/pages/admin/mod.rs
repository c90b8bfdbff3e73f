//! The administrator's pages.

pub mod account;
pub mod account_factors;
pub mod account_status;
pub mod accounts;
pub mod entry;
pub mod events;
pub mod grant;
pub mod new_account;
pub mod outbox;
pub mod role_request;
