//! Before and just after the door: signing in, opening a personal link, a first password.

pub mod invitation;
pub mod reset_password;
pub mod sign_in;
pub mod welcome;
