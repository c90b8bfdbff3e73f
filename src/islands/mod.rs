//! The only code that runs in the browser. Every island improves a page that works without it; texts come as props.

pub mod call;
pub mod live;
pub mod passkey;
pub mod preview;
pub mod quiz;
pub mod reading;
pub mod signature;
