//! A person's own list: what is next, what is left, what waits for others.

use super::{Result, desks::OwnDesk, found};
use crate::{
    domain::{Instant, person::Person},
    server::{
        store::{
            assignments::{self, Assignment},
            people::{self, Scope},
        },
        zones,
    },
};
use time::Date;

/// A person's own list.
#[derive(Clone, Debug)]
pub struct Checklist {
    pub person: Person,
    /// Today where the person works.
    pub today: Date,
    pub items: Vec<Assignment>,
}

impl OwnDesk<'_> {
    /// One's own list.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn checklist(&self, now: Instant) -> Result<Checklist> {
        let mut db = self.app.store().read().await?;
        let person = found(people::find(&mut db, Scope::Own(self.person), self.person).await?)?;
        let mut items = assignments::list_of_person(&mut db, self.person).await?;
        // What a rule took back is no concern of theirs any more; what they did stands in their record.
        items.retain(|item| !item.state.was_taken_away());
        Ok(Checklist {
            today: zones::local_date(&person.details.time_zone, now),
            person,
            items,
        })
    }
}
