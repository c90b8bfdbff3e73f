//! What somebody sees to whom others report.

pub mod team;
