//! Going on in a list that is paged by key: forward, and back to the start.

use crate::{
    domain::{Instant, locale::Locale},
    ui::{components::icon::Icon, texts::common as t},
};
use leptos::prelude::*;
use std::{fmt::Display, str::FromStr};

/// Links to the next page and to the first. Nothing when the list fits on one page.
#[component]
pub fn Pager(locale: Locale, first: Option<String>, next: Option<String>) -> impl IntoView {
    (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label=t::pages(locale)>
                {first.map(|href| view! { <a class="button secondary" href=href><Icon name="chevron-left" />{t::first_page(locale)}</a> })}
                {next.map(|href| view! { <a class="button secondary" rel="next" href=href>{t::next_page(locale)}<Icon name="chevron-right" /></a> })}
            </nav>
        }
    })
}

/// A path with a query, encoded; empty values are left out.
pub fn address(path: &str, query: &[(&str, &str)]) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    pairs.extend_pairs(query.iter().filter(|(_, value)| !value.is_empty()));
    let query = pairs.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// Where a list in the order of time goes on, as it stands in an address: second, full stop, id.
pub fn write_key(at: Instant, id: impl Display) -> String {
    format!("{}.{id}", at.unix_timestamp())
}

/// Reads it again. Anybody may write an address: a time that not every database has a word for is none.
pub fn read_key<T: FromStr>(raw: &str) -> Option<(Instant, T)> {
    let (seconds, id) = raw.split_once('.')?;
    let at = Instant::from_unix_timestamp(seconds.parse().ok()?).ok()?;
    Some((at, id.parse().ok()?)).filter(|(at, _)| at.year() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::PersonId;
    use uuid::Uuid;

    #[test]
    fn a_key_survives_an_address_if_it_is_of_this_era() {
        let id = PersonId(Uuid::from_u128(7));
        for seconds in [0, 1_795_479_106, -62_135_596_800, 253_402_300_799] {
            let at = Instant::from_unix_timestamp(seconds).unwrap();
            assert_eq!(read_key(&write_key(at, id)), Some((at, id)));
        }
        for seconds in [-62_135_596_801, -377_705_116_800, 253_402_300_800, i64::MIN, i64::MAX] {
            assert_eq!(read_key::<PersonId>(&format!("{seconds}.{id}")), None, "{seconds}");
        }
        assert_eq!(read_key::<PersonId>("nonsense"), None);
    }
}
