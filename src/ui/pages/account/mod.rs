//! One's own account: how one signs in, and what protects it.

pub mod overview;
pub mod password;
