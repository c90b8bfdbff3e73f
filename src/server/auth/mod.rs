//! Who asks: actors and the only way to become one, passwords, sessions' contents, and seals.

pub mod actor;
pub mod passkeys;
pub mod password;
pub mod seal;
pub mod session;
pub mod strength;
pub mod totp;
pub mod turns;
