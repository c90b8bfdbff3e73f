//! The register of exceptions, and who holds which role, as files that a spreadsheet opens.

use super::roles::last_day_of;
use crate::{
    domain::{Instant, locale::Locale, person::iso_date},
    server::store::{exemptions::Exemption, roles::Holder},
};

const HEADINGS_DE: [&str; 14] = [
    "Person",
    "Punkt",
    "Titel",
    "Art",
    "Stand",
    "Grund",
    "Stattdessen",
    "Gilt bis",
    "Beantragt am (UTC)",
    "Beantragt von",
    "Entschieden am (UTC)",
    "Entschieden von",
    "Beendet am (UTC)",
    "Kennung",
];
const HEADINGS_EN: [&str; 14] = [
    "person",
    "item",
    "title",
    "kind",
    "status",
    "reason",
    "instead",
    "holds until",
    "requested at (UTC)",
    "requested by",
    "decided at (UTC)",
    "decided by",
    "ended at (UTC)",
    "id",
];

/// The register as CSV with a byte order mark, so that every spreadsheet reads the umlauts. German files part by semicolon.
///
/// # Errors
/// Never in practice: it is written to memory.
pub fn write(locale: Locale, rows: &[Exemption]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = begin(locale, HEADINGS_DE, HEADINGS_EN)?;
    for row in rows {
        let title = row.title.as_ref().map(|title| title.get(locale).to_owned()).unwrap_or_default();
        writer.write_record([
            inert(&row.person_name),
            row.item.as_str().to_owned(),
            inert(&title),
            row.kind.as_str().to_owned(),
            row.status.as_str().to_owned(),
            inert(&row.reason),
            inert(&row.compensating_step),
            iso_date(row.ends_on),
            instant(Some(row.requested_at)),
            inert(&row.requested_by_name),
            instant(row.decided_at),
            inert(row.decided_by_name.as_deref().unwrap_or_default()),
            instant(row.ended_at),
            row.id.to_string(),
        ])?;
    }
    finish(writer)
}

const ACCESS_DE: [&str; 9] = [
    "Name",
    "Adresse",
    "Rolle",
    "Grund",
    "Seit (UTC)",
    "Vergeben von",
    "Genehmigt von",
    "Gilt bis",
    "Konto",
];
const ACCESS_EN: [&str; 9] = [
    "name",
    "address",
    "role",
    "reason",
    "since (UTC)",
    "granted by",
    "approved by",
    "holds until",
    "account",
];

/// Who holds which role, in the same form. `zone` is where last days end.
///
/// # Errors
/// Never in practice: it is written to memory.
pub fn write_access(locale: Locale, zone: &str, rows: &[Holder]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = begin(locale, ACCESS_DE, ACCESS_EN)?;
    for row in rows {
        writer.write_record([
            inert(&row.name),
            inert(row.address.as_deref().unwrap_or_default()),
            row.role.clone(),
            inert(&row.reason),
            instant(Some(row.granted_at)),
            inert(row.granted_by_name.as_deref().unwrap_or_default()),
            inert(row.approved_by_name.as_deref().unwrap_or_default()),
            row.ends_at.map_or(String::new(), |end| iso_date(last_day_of(zone, end))),
            row.account_id.to_string(),
        ])?;
    }
    finish(writer)
}

fn begin<const N: usize>(locale: Locale, german: [&str; N], english: [&str; N]) -> Result<csv::Writer<Vec<u8>>, csv::Error> {
    let (delimiter, headings) = match locale {
        Locale::De => (b';', german),
        Locale::En => (b',', english),
    };
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(headings)?;
    Ok(writer)
}

fn finish(writer: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, csv::Error> {
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

fn instant(at: Option<Instant>) -> String {
    at.map_or(String::new(), |at| format!("{} {:02}:{:02}", iso_date(at.date()), at.hour(), at.minute()))
}

/// A text that no spreadsheet takes for a formula.
fn inert(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_becomes_a_formula() {
        for hostile in ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1"] {
            assert!(inert(hostile).starts_with('\''), "{hostile}");
        }
        assert_eq!(inert("Anna"), "Anna");
    }
}
