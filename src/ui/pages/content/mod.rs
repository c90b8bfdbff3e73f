//! What people read, learn and are asked: written here, published here.

pub mod check_profile;
pub mod check_profiles;
pub mod course;
pub mod course_import;
pub mod courses;
pub mod document;
pub mod documents;
pub mod hub;
pub mod lesson;
pub mod nda_templates;
pub mod publish_course;
pub mod publish_document;
pub mod question;
pub mod questions;
pub mod rule;
pub mod rules;
mod titles;
pub mod try_quiz;
mod weights;
