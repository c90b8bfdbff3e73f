//! PDF copies of what was signed or accepted, and certificates: PDF/A-3a, tagged, with the fonts inside. The same input gives the
//! same bytes, on every machine and at any time: the only date in a file is that of the act it shows.
//!
//! A leaf: it knows the domain and the time zones. Who may have a copy is the service layer's business. Absent on purpose: hyphenation,
//! kerning, and scripts that need shaping; a character that the fonts lack is drawn as a replacement sign and can still be copied.

mod certificate;
mod faces;
mod markdown;
mod paper;
mod sheet;
mod signed;
mod texts;

pub use certificate::Certificate;
pub use signed::{Act, SignedCopy};

/// Why a file could not be made. No input is known to bring either about.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    #[error("an embedded font cannot be read")]
    Font,
    #[error("the PDF cannot be written: {0}")]
    Unwritable(String),
}

/// The text of a copy and what happened to it, as a file.
///
/// # Errors
/// As [`PdfError`].
pub fn signed_copy(copy: &SignedCopy) -> Result<Vec<u8>, PdfError> {
    signed::render(copy)
}

/// A certificate, as a file.
///
/// # Errors
/// As [`PdfError`].
pub fn certificate(certificate: &Certificate) -> Result<Vec<u8>, PdfError> {
    certificate::render(certificate)
}
