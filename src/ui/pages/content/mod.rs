//! What people read, learn and are asked: written here, published here.

pub mod hub;
pub mod nda_templates;
