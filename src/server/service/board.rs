//! The day-1 gate as HR sees it.

use super::{Result, desks::GateDesk};
use crate::{
    domain::{
        Instant,
        compliance::{GateReason, Light, gate},
    },
    server::store::{
        Page,
        board::{self, Starter, StarterKey},
    },
};

/// Starters on one page of the board.
pub const PAGE: i64 = 60;

/// A starter with the reason for the light.
#[derive(Clone, Debug)]
pub struct Gated {
    pub starter: Starter,
    pub reason: GateReason,
}

/// The board.
#[derive(Clone, Debug)]
pub struct Board {
    pub counts: Vec<(Light, i64)>,
    pub page: Page<Gated>,
}

impl GateDesk<'_> {
    /// A page of the board.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn board(&self, now: Instant, search: &str, light: Option<Light>, after: Option<StarterKey>) -> Result<Board> {
        let mut db = self.app.store().read().await?;
        let counts = board::count_by_light(&mut db, now, search).await?;
        let Page { rows, more } = board::list(&mut db, now, search, light, after, PAGE).await?;
        let gated = |starter: Starter| {
            let state = |item: Option<(_, _)>| item.map(|(_, state)| state);
            let reason = gate(state(starter.nda), starter.starts_without_nda, state(starter.check), starter.start_at, now);
            Gated { starter, reason }
        };
        Ok(Board {
            counts,
            page: Page {
                rows: rows.into_iter().map(gated).collect(),
                more,
            },
        })
    }
}
