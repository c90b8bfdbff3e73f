//! What the browser calls: server functions by noun, each a few lines: who asks, a desk's use case, the answer.
//!
//! A plain form posts here too; `server::http::forms` turns the answer into a redirect with a message. Reads that no code
//! in the browser needs are no endpoints: pages ask the service layer themselves. Compiled for server and browser.

pub mod account;
pub mod accounts;
pub mod calendar;
pub mod check_profiles;
pub mod checks;
pub mod courses;
pub mod documents;
pub mod done;
pub mod error;
pub mod exemptions;
pub mod factors;
pub mod flash;
pub mod imports;
pub mod instructions;
pub mod invitations;
pub mod members;
pub mod nda;
pub mod nda_templates;
pub mod password_manager;
pub mod people;
pub mod policies;
pub mod reminders;
pub mod roles;
pub mod rules;
pub mod sessions;
pub mod team;
pub mod training;
