//! A newcomer's own pages: the list and its five kinds of item.

pub mod checklist;
mod items;
pub mod nda;
pub mod password_manager;
pub mod policy;
pub mod quiz;
mod reading;
mod ready;
pub mod record;
pub mod signed;
pub mod training;
