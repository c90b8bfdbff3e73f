//! Where fresh ids come from.

use uuid::Uuid;

/// A new id. Version 7: ids made later sort later, which keeps both databases' indexes compact.
#[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
pub fn fresh() -> Uuid {
    Uuid::now_v7()
}
