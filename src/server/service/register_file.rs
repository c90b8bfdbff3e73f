//! The register of exceptions, and who holds which role, as files that a spreadsheet opens.

use super::{csv::Writer, roles::last_day_of};
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

/// The register as CSV.
#[must_use]
pub fn write(locale: Locale, rows: &[Exemption]) -> Vec<u8> {
    let mut writer = Writer::new(locale, HEADINGS_DE, HEADINGS_EN);
    for row in rows {
        writer.row([
            &row.person_name,
            row.item.as_str(),
            row.title.as_ref().map_or("", |title| title.get(locale)),
            row.kind.as_str(),
            row.status.as_str(),
            &row.reason,
            &row.compensating_step,
            &iso_date(row.ends_on),
            &instant(Some(row.requested_at)),
            &row.requested_by_name,
            &instant(row.decided_at),
            row.decided_by_name.as_deref().unwrap_or_default(),
            &instant(row.ended_at),
            &row.id.to_string(),
        ]);
    }
    writer.finish()
}

const ACCESS_DE: [&str; 10] = [
    "Name",
    "Adresse",
    "Rolle",
    "Grund",
    "Seit (UTC)",
    "Vergeben von",
    "Genehmigt von",
    "Gilt bis",
    "Konto",
    "Letzter Arbeitstag",
];
const ACCESS_EN: [&str; 10] = [
    "name",
    "address",
    "role",
    "reason",
    "since (UTC)",
    "granted by",
    "approved by",
    "holds until",
    "account",
    "last working day",
];

/// Who holds which role, in the same form. `zone` is where last days end.
#[must_use]
pub fn write_access(locale: Locale, zone: &str, rows: &[Holder]) -> Vec<u8> {
    let mut writer = Writer::new(locale, ACCESS_DE, ACCESS_EN);
    for row in rows {
        writer.row([
            &row.name,
            row.address.as_deref().unwrap_or_default(),
            &row.role,
            &row.reason,
            &instant(Some(row.granted_at)),
            row.granted_by_name.as_deref().unwrap_or_default(),
            row.approved_by_name.as_deref().unwrap_or_default(),
            &row.ends_at.map_or(String::new(), |end| iso_date(last_day_of(zone, end))),
            &row.account_id.to_string(),
            &row.last_day.map_or(String::new(), iso_date),
        ]);
    }
    writer.finish()
}

fn instant(at: Option<Instant>) -> String {
    at.map_or(String::new(), |at| format!("{} {:02}:{:02}", iso_date(at.date()), at.hour(), at.minute()))
}
