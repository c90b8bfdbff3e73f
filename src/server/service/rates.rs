//! Completion and on-time rates, and the people behind each figure.

use super::{Result, desks::RatesDesk};
use crate::{
    domain::Instant,
    server::store::{
        Page,
        rates::{self, BreachRow, DepartmentCounts, Filter, ItemKey, ItemRow, RequirementCounts},
    },
};
use time::Duration;

/// How far the lead looks ahead.
const HORIZON: Duration = Duration::days(7);
/// People named on the overview; the figure beside them opens them all.
const BREACHES: i64 = 8;
/// Items on one page behind a figure.
pub const PAGE: i64 = 50;

/// The overview.
#[derive(Clone, Debug)]
pub struct Rates {
    pub requirements: Vec<RequirementCounts>,
    pub departments: Vec<DepartmentCounts>,
    /// Whoever breaches first, first.
    pub breaching: Vec<BreachRow>,
}

impl RatesDesk<'_> {
    /// The overview.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn overview(&self, now: Instant) -> Result<Rates> {
        let mut db = self.app.store().read().await?;
        Ok(Rates {
            requirements: rates::by_requirement(&mut db, now, now + HORIZON).await?,
            departments: rates::by_department(&mut db, now, now + HORIZON).await?,
            breaching: rates::breaching_soon(&mut db, now, now + HORIZON, BREACHES).await?,
        })
    }

    /// The counts per requirement in one department, or in all of them: the figures beside the one that was opened.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn figures(&self, now: Instant, department: Option<&str>) -> Result<Vec<RequirementCounts>> {
        let mut db = self.app.store().read().await?;
        Ok(rates::by_requirement_in(&mut db, now, now + HORIZON, department).await?)
    }

    /// The items behind a figure.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn items(&self, now: Instant, filter: &Filter, after: Option<ItemKey>) -> Result<Page<ItemRow>> {
        let mut db = self.app.store().read().await?;
        Ok(rates::list_items(&mut db, now, now + HORIZON, filter, after, PAGE).await?)
    }
}
