//! The pages, by who they are for. Each asks the service layer once and renders what it gets.

pub mod account;
pub mod admin;
pub mod auth;
pub mod content;
pub mod employee;
pub mod errors;
pub mod factors;
pub mod home;
pub mod hr;
pub mod manager;
pub mod search;
pub mod security;
