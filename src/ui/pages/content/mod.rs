//! What people read, learn and are asked: written here, published here.

pub mod document;
pub mod documents;
pub mod hub;
pub mod publish_document;
