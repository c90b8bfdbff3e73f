//! One's own account: how one signs in, and where.

pub mod prove;
pub mod sessions;
