//! One-time codes after RFC 6238, as every authenticator app makes them: SHA-1, six digits, 30 seconds, from a secret of 160 bits.

use crate::domain::Instant;
use fast_qr::{QRBuilder, convert::svg::SvgBuilder};
use totp_rs::{Builder, Totp};

/// Seconds for which a code is shown.
const STEP: i64 = 30;

/// What an app and this server share.
pub struct Secret(Totp);

impl Secret {
    /// A new one.
    pub fn fresh() -> Self {
        Self::from_bytes(rand::random())
    }

    fn from_bytes(bytes: [u8; 20]) -> Self {
        // What totp-rs begins with is what the apps expect; one step to either side is accepted.
        Self(Builder::new().with_secret(bytes).build_noncompliant())
    }

    /// Reads what [`Secret::to_base32`] wrote.
    pub fn from_base32(text: &str) -> Option<Self> {
        let secret = totp_rs::Secret::try_from_base32(text).ok()?;
        secret.as_bytes().try_into().ok().map(Self::from_bytes)
    }

    /// 32 letters and digits, as apps take them.
    pub fn to_base32(&self) -> String {
        self.0.secret().to_base32()
    }

    /// In groups of four, to be typed.
    pub fn to_type(&self) -> String {
        let text = self.to_base32();
        let groups: Vec<_> = text.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
        groups.join(" ")
    }

    /// The address by which a phone hands the secret to its app.
    pub fn uri(&self, issuer: &str, account: &str) -> String {
        let (issuer, account) = (encoded(issuer), encoded(account));
        let secret = self.to_base32();
        format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period={STEP}")
    }

    /// The step a code belongs to, if it is one of now, of the step before or of the one after. Compares in constant time.
    pub fn step_of(&self, code: &str, now: Instant) -> Option<i64> {
        let seconds = u64::try_from(now.unix_timestamp()).ok()?;
        self.0.check(code, seconds).and_then(|step| i64::try_from(step).ok())
    }

    /// The code that an app shows.
    pub fn code_at(&self, at: Instant) -> String {
        self.0.generate(u64::try_from(at.unix_timestamp()).unwrap_or_default()).to_string()
    }
}

/// Percent-encoded; apps show a plus sign as it is.
fn encoded(text: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    encoded.replace('+', "%20")
}

/// An address as a picture to be scanned: black on white whatever the page's colours, with the margin that scanners need.
pub fn qr_code(text: &str) -> Option<String> {
    let code = QRBuilder::new(text).build().ok()?;
    Some(SvgBuilder::default().to_str(&code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::{Duration, macros::datetime};

    const NOW: Instant = datetime!(2026-11-23 09:00 UTC);

    /// The vectors of RFC 6238, appendix B, of which apps show the last six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = Secret::from_bytes(*b"12345678901234567890");
        assert_eq!(secret.to_base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for (at, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            let at = Instant::from_unix_timestamp(at).unwrap();
            assert_eq!(secret.code_at(at), code);
            assert_eq!(secret.step_of(code, at), Some(at.unix_timestamp() / STEP));
        }
    }

    #[test]
    fn a_code_counts_one_step_early_and_one_late() {
        let secret = Secret::fresh();
        let code = secret.code_at(NOW);
        for (seconds, counts) in [(-31, false), (-30, true), (0, true), (59, true), (60, false)] {
            let step = secret.step_of(&code, NOW + Duration::seconds(seconds));
            assert_eq!(step, counts.then_some(NOW.unix_timestamp() / STEP), "{seconds}");
        }
        assert_eq!(secret.step_of("", NOW), None);
    }

    #[test]
    fn a_secret_comes_back_as_it_was_written() {
        let secret = Secret::fresh();
        let again = Secret::from_base32(&secret.to_base32()).unwrap();
        assert_eq!(again.code_at(NOW), secret.code_at(NOW));
        assert_eq!(secret.to_type().replace(' ', ""), secret.to_base32());
        assert_eq!(secret.to_type().len(), 39);
        assert!(Secret::from_base32("GEZDGNBV").is_none() && Secret::from_base32("no secret").is_none());
    }

    #[test]
    fn the_address_names_company_and_account() {
        let secret = Secret::from_bytes(*b"12345678901234567890");
        assert_eq!(
            secret.uri("Müller & Söhne GmbH", "anna+x@home.example"),
            "otpauth://totp/M%C3%BCller%20%26%20S%C3%B6hne%20GmbH:anna%2Bx%40home.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=M%C3%BCller%20%26%20S%C3%B6hne%20GmbH&algorithm=SHA1&digits=6&period=30"
        );
        let picture = qr_code(&secret.uri(&"ü".repeat(100), &"x".repeat(254))).unwrap();
        assert!(
            picture.starts_with("<svg viewBox=") && picture.contains("fill=\"#ffffff\"") && !picture.contains("style"),
            "{}",
            &picture[..300]
        );
    }
}
