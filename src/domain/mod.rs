//! What Antritt is about, without any I/O: pure types and functions that compile natively and for wasm.
//!
//! Time is always handed in, nothing here reads a clock, a database or a locale of the machine. Turning a local date
//! into an instant needs the zone database and therefore lives in `server::zones`.

pub mod assignment;
pub mod audit;
pub mod calendar;
pub mod check_profile;
pub mod compliance;
pub mod course;
pub mod deadlines;
pub mod device;
pub mod document;
pub mod draw;
pub mod drawing;
pub mod duty;
pub mod evidence;
pub mod exemption;
pub mod factor;
pub mod gaps;
pub mod group;
pub mod ids;
pub mod locale;
pub mod mail;
pub mod member;
pub mod nda_template;
pub mod person;
pub mod placeholders;
pub mod problem;
pub mod pseudonym;
pub mod reminders;
pub mod requirement;
pub mod roles;
pub mod rule;
pub mod scan;
pub mod search;
pub mod security_event;
pub mod slug;
pub mod tags;
pub mod weekend;

/// A moment in UTC at a precision of whole seconds.
pub type Instant = time::OffsetDateTime;
