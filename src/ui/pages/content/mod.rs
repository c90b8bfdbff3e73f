//! What people read, learn and are asked: written here, published here.

pub mod check_profile;
pub mod check_profiles;
pub mod hub;
pub mod nda_templates;
