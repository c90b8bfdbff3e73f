//! One's own account: how one signs in, and where.

pub mod calendar;
pub mod overview;
pub mod password;
pub mod prove;
pub mod sessions;
