//! The security lead's pages: rates, and the people behind each figure.

pub mod exemptions;
pub mod items;
pub mod rates;
