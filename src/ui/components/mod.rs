//! Pieces that pages are made of. They render what they are given and never fetch.

pub mod difference;
pub mod document;
pub mod empty;
pub mod form;
pub mod frame;
pub mod icon;
pub mod items;
pub mod new_password;
pub mod notice;
pub mod pager;
pub mod paragraph;
pub mod search;
pub mod status;
pub mod task;
pub mod timeline;
