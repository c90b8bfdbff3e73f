//! The security lead's pages: rates, and the people behind each figure.

pub mod access;
pub mod exemptions;
pub mod items;
pub mod member_mapping;
pub mod member_match;
pub mod member_preview;
pub mod members;
pub mod rates;
