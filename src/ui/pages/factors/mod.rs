//! Second factors: one's own list, adding an app, recovery codes, and the second step of signing in.

pub mod app;
pub mod codes;
pub mod forms;
pub mod list;
pub mod second_step;
