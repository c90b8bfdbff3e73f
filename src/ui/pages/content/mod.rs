//! What people read, learn and are asked: written here, published here.

pub mod check_profile;
pub mod check_profiles;
pub mod document;
pub mod documents;
pub mod hub;
pub mod nda_templates;
pub mod publish_document;
