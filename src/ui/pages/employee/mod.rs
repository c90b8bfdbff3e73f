//! A newcomer's own pages: the list and its five kinds of item.

pub mod checklist;
pub mod nda;
pub mod password_manager;
pub mod policy;
pub mod quiz;
pub mod signed;
pub mod training;
