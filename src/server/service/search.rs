//! Looking for people, accounts and titles by words, within what the reader may see: what lies outside is never found.

use super::{Result, desks::SearchDesk};
use crate::{
    domain::{
        person::{Email, searchable},
        roles::Permission,
        search::Query,
    },
    server::store::search::{self, FoundPerson, FoundThing},
};

/// So many of each sort are shown.
pub const MOST: usize = 20;
/// With fewer people than this found as typed, those are looked for who would be found but for a slip.
const FEW: usize = 8;
/// The most that are looked at closely. More cannot have a piece of a word in common unless there are far more than 100,000.
const CANDIDATES: i64 = 50_000;

/// What was found, best match first.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub people: Vec<FoundPerson>,
    /// There are more people than are shown.
    pub more_people: bool,
    pub things: Vec<FoundThing>,
}

impl SearchDesk<'_> {
    /// Whether people can be found at all.
    #[must_use]
    pub const fn finds_people(&self) -> bool {
        self.scope.is_some()
    }

    /// Looks for what was typed; nothing is found by nothing.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn find(&self, typed: &str) -> Result<Found> {
        let Some(query) = Query::parse(typed) else {
            return Ok(Found::default());
        };
        let mut people = self.people(&query, typed).await?;
        let more_people = people.len() > MOST;
        people.truncate(MOST);
        Ok(Found {
            people,
            more_people,
            things: self.things(&query, typed).await?,
        })
    }

    /// A few more than are shown, if there are.
    async fn people(&self, query: &Query, typed: &str) -> Result<Vec<FoundPerson>> {
        let Some(scope) = self.scope else { return Ok(Vec::new()) };
        let mut db = self.app.store().read().await?;
        let private = Email::parse(typed).ok().filter(|_| self.actor.may(Permission::ReadContact));
        let private = private.map(|email| db.vault().seal_address(email.as_str()));
        let limit = i64::try_from(MOST).unwrap_or(i64::MAX) + 1;
        let mut people = search::list_people(&mut db, scope, query, private.as_deref(), limit).await?;
        let Some(pieces) = query.pieces().filter(|_| people.len() < FEW) else {
            return Ok(people);
        };
        let candidates = search::list_people_nearly(&mut db, scope, &pieces, CANDIDATES).await?;
        let mut near: Vec<_> = candidates
            .into_iter()
            .filter_map(|person| query.slips(&person.search_text).filter(|slips| *slips > 0).map(|slips| (slips, person)))
            .collect();
        near.sort_by_key(|(slips, _)| *slips);
        people.extend(near.into_iter().map(|(_, person)| person));
        Ok(people)
    }

    /// Accounts and titles, those found as typed first.
    async fn things(&self, query: &Query, typed: &str) -> Result<Vec<FoundThing>> {
        if self.findable == search::Findable::default() {
            return Ok(Vec::new());
        }
        let mut db = self.app.store().read().await?;
        let address = Email::parse(typed).ok().map(|email| db.vault().seal_address(email.as_str()));
        let things = search::list_things(&mut db, self.findable, query, address.as_deref(), CANDIDATES).await?;
        let mut found: Vec<_> = things
            .into_iter()
            .filter_map(|thing| {
                let text = match thing.search_text.as_str() {
                    "" => searchable(&format!("{} {}", thing.name_de, thing.name_en)),
                    text => text.to_owned(),
                };
                let slips = query.slips(&text)?;
                Some((slips, thing))
            })
            .collect();
        found.sort_by_key(|(slips, _)| *slips);
        Ok(found.into_iter().map(|(_, thing)| thing).take(MOST).collect())
    }
}
