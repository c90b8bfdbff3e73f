//! A newcomer's own pages: the list and its kinds of item.

pub mod check;
pub mod checklist;
pub mod instruction;
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
