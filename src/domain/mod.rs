//! What Antritt is about, without any I/O: pure types and functions that compile natively and for wasm.
//!
//! Time is always handed in, nothing here reads a clock, a database or a locale of the machine. Turning a local date
//! into an instant needs the zone database and therefore lives in `server::zones`.

pub mod assignment;
pub mod audit;
pub mod compliance;
pub mod course;
pub mod deadlines;
pub mod document;
pub mod evidence;
pub mod exemption;
pub mod ids;
pub mod locale;
pub mod person;
pub mod placeholders;
pub mod problem;
pub mod requirement;
pub mod roles;

/// A moment in UTC at a precision of whole seconds.
pub type Instant = time::OffsetDateTime;
