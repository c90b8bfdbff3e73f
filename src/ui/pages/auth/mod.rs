//! Before and just after the door: signing in, opening a personal link, a first password.

pub mod invitation;
pub mod sign_in;
pub mod welcome;
