//! Saying what is asked of whom, and by when.

use super::{
    done::{Done, Said},
    error::ApiError,
};
use crate::domain::{group::AlternativeForm, ids::RequirementId, rule::RuleForm};
use leptos::prelude::*;

/// Where the rules stand.
pub const RULES: &str = "/content/rules";

/// The address where a rule is changed.
#[must_use]
pub fn rule_path(id: RequirementId) -> String {
    format!("{RULES}/{id}")
}

/// Makes a rule whose effect was `seen`; else its effect is shown.
#[server(endpoint = "rules/make")]
pub async fn make_rule(
    #[server(default)] what: String,
    #[server(flatten)] form: RuleForm,
    #[server(default)] groups: Vec<AlternativeForm>,
    #[server(default)] seen: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let effect = cx.actor()?.rule_desk(&cx.app)?.make(cx.now, &what, &form, &groups, &seen).await?;
    Ok(Done::go(RULES, Said::RuleMade { asked: effect.get }))
}

/// Changes the rule that was shown in `revision` and whose effect was `seen`; else its effect is shown.
#[server(endpoint = "rules/change")]
pub async fn change_rule(
    id: RequirementId,
    #[server(default)] revision: i64,
    #[server(flatten)] form: RuleForm,
    #[server(default)] groups: Vec<AlternativeForm>,
    #[server(default)] seen: String,
) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    let changed = cx.actor()?.rule_desk(&cx.app)?.change(cx.now, id, revision, (&form, &groups), &seen).await?;
    Ok(Done::go(RULES, Said::RuleChanged.if_changed(changed.is_some())))
}

/// Ends the rule whose effect was `seen`.
#[server(endpoint = "rules/end")]
pub async fn end_rule(id: RequirementId, #[server(default)] seen: String) -> Result<Done, ApiError> {
    let cx = crate::server::context::Cx::current()?;
    cx.actor()?.rule_desk(&cx.app)?.end(cx.now, id, &seen).await?;
    Ok(Done::go(RULES, Said::RuleEnded))
}
