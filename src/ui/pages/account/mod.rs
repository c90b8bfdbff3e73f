//! One's own account: how one signs in, and where.

pub mod overview;
pub mod password;
pub mod prove;
pub mod sessions;
