//! Pieces that pages are made of. They render what they are given and never fetch.

pub mod form;
pub mod frame;
pub mod icon;
pub mod notice;
pub mod pager;
pub mod status;
