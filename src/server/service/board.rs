//! The day-1 gate as HR sees it.

use super::{Result, desks::GateDesk};
use crate::{
    domain::{
        Instant,
        compliance::{BoardFilter, GateReason, gate, is_stuck},
    },
    server::store::{
        Page,
        board::{self, BoardCounts, Starter, StarterKey},
    },
};

/// Starters on one page of the board.
pub const PAGE: i64 = 60;

/// A starter with the reason for the light.
#[derive(Clone, Debug)]
pub struct Gated {
    pub starter: Starter,
    pub reason: GateReason,
    /// The check waits longer than there is patience.
    pub is_stuck: bool,
}

/// The board.
#[derive(Clone, Debug)]
pub struct Board {
    pub counts: BoardCounts,
    pub page: Page<Gated>,
}

impl GateDesk<'_> {
    /// A page of the board.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn board(&self, now: Instant, search: &str, filter: Option<BoardFilter>, after: Option<StarterKey>) -> Result<Board> {
        let mut db = self.app.store().read().await?;
        let counts = board::count_by_light(&mut db, now, search).await?;
        let Page { rows, more } = board::list(&mut db, now, search, filter, after, PAGE).await?;
        let gated = |starter: Starter| {
            let state = |item: Option<(_, _)>| item.map(|(_, state)| state);
            let reason = gate(state(starter.nda), starter.starts_without_nda, state(starter.check), starter.start_at, now);
            Gated {
                reason: reason.knowing(starter.consent),
                is_stuck: is_stuck(state(starter.check), starter.check_stuck_at, now),
                starter,
            }
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
