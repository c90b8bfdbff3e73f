//! Rules: who has to do what, by when. What a rule would do to how many people is counted before it is saved, and happens in the same
//! transaction as it is counted. Nothing is deleted: whom a rule is not for any more keeps what they did.

use super::{
    Error, Result, Subject as About, audit,
    desks::RuleDesk,
    found,
    rule_plan::{Wanted, plan},
    when_stale,
};
use crate::{
    domain::{
        Instant,
        assignment::EndReason,
        audit::Action,
        group::AlternativeForm,
        ids::RequirementId,
        problem::{Conflict, Problem, Problems},
        requirement::{Material, Requirement, RequirementKind},
        rule::{Effect, RuleForm, Subject, Terms},
    },
    server::{
        ids::fresh,
        store::{
            Db, Tx, dialect,
            requirements::{self, Offer, Rule},
            rules,
        },
        zones,
    },
};
use serde_json::json;
use sha2::{Digest, Sha256};
use time::{Date, Duration};

/// An effect, and the seal that says that exactly this was seen of exactly these terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    pub effect: Effect,
    pub seal: String,
}

/// What a new rule can ask for.
#[derive(Clone, Debug)]
pub struct Offers {
    pub texts: Vec<Offer>,
    /// Kinds without a text that no rule in force asks for, and instructions, of which there may be many.
    pub kinds: Vec<RequirementKind>,
    /// How many rules are in force.
    pub in_force: usize,
}

impl RuleDesk<'_> {
    /// All rules, those that ended last, with how many people have each.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(&self, now: Instant) -> Result<Vec<Rule>> {
        Ok(requirements::list_rules(&mut self.app.store().read().await?, self.today(now)).await?)
    }

    /// One rule in force, and how many there are.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub async fn get(&self, now: Instant, id: RequirementId) -> Result<(Rule, usize)> {
        let rules = self.list(now).await?;
        let in_force: Vec<_> = rules.into_iter().filter(|rule| rule.ended_at.is_none()).collect();
        let count = in_force.len();
        Ok((found(in_force.into_iter().find(|rule| rule.requirement.id == id))?, count))
    }

    /// What a new rule can ask for.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn offers(&self, now: Instant) -> Result<Offers> {
        let mut db = self.app.store().read().await?;
        let rules = requirements::list_rules(&mut db, self.today(now)).await?;
        offers(&mut db, &rules).await
    }

    /// What a new rule would do.
    ///
    /// # Errors
    /// As [`RuleDesk::make`].
    pub async fn preview_new(&self, now: Instant, what: &str, form: &RuleForm, groups: &[AlternativeForm]) -> Result<Preview> {
        let mut db = self.app.store().read().await?;
        let rules = requirements::list_rules(&mut db, self.today(now)).await?;
        let (rule, _, terms) = wanted(&mut db, &rules, what, form, groups).await?;
        let people = rules::list_candidates(&mut db, Some(rule.id), self.last_day(now)).await?;
        let effect = plan(Wanted::InForce(&rule, None), &people, now).effect();
        Ok(preview(what, &terms, effect))
    }

    /// Makes a rule. One that had ended is taken up again, so that what was done for it counts. `seen`: the seal of the effect that
    /// was shown.
    ///
    /// # Errors
    /// `Invalid` with every problem found; `Conflict` when its effect was not shown yet or is another one by now; `ProofTooOld` once it
    /// was shown.
    pub async fn make(&self, now: Instant, what: &str, form: &RuleForm, groups: &[AlternativeForm], seen: &str) -> Result<Effect> {
        self.may_save(now, seen)?;
        let mut tx = self.begin().await?;
        let rules = requirements::list_rules(&mut tx, self.today(now)).await?;
        let (rule, revision, terms) = wanted(&mut tx, &rules, what, form, groups).await?;
        let people = rules::list_candidates(&mut tx, Some(rule.id), self.last_day(now)).await?;
        let plan = plan(Wanted::InForce(&rule, None), &people, now);
        let effect = confirmed(preview(what, &terms, plan.effect()), seen)?;
        match revision {
            None => requirements::insert(&mut tx, now, &rule).await?,
            Some(revision) => requirements::update(&mut tx, &rule, revision).await?,
        }
        place(&mut tx, &rules, rule.id, terms.place).await?;
        plan.carry_out(&mut tx, now, &rule, EndReason::OutOfGroup).await?;
        let detail = json!({ "kind": rule.kind.as_str(), "rule": terms, "effect": effect });
        audit(&mut tx, now, Some(self.actor.account()), Action::RuleMade, About::thing(rule.id.0), detail);
        tx.commit().await?;
        Ok(effect)
    }

    /// What a change of a rule would do.
    ///
    /// # Errors
    /// As [`RuleDesk::change`].
    pub async fn preview_change(&self, now: Instant, id: RequirementId, form: &RuleForm, groups: &[AlternativeForm]) -> Result<Preview> {
        let mut db = self.app.store().read().await?;
        let rules = requirements::list_rules(&mut db, self.today(now)).await?;
        let before = &found(in_force(&rules, id))?.requirement;
        let (rule, terms) = changed(&mut db, &rules, before, form, groups).await?;
        let people = rules::list_candidates(&mut db, Some(id), self.last_day(now)).await?;
        let effect = plan(Wanted::InForce(&rule, Some(before.due)), &people, now).effect();
        Ok(preview(&id.to_string(), &terms, effect))
    }

    /// Changes the rule of revision `revision`. Says nothing when there was nothing to change.
    ///
    /// # Errors
    /// `NotFound` for a rule that is not in force; else as [`RuleDesk::make`], and `Conflict` when somebody else changed it meanwhile.
    pub async fn change(
        &self,
        now: Instant,
        id: RequirementId,
        revision: i64,
        (form, groups): (&RuleForm, &[AlternativeForm]),
        seen: &str,
    ) -> Result<Option<Effect>> {
        self.may_save(now, seen)?;
        let mut tx = self.begin().await?;
        let rules = requirements::list_rules(&mut tx, self.today(now)).await?;
        let before = found(in_force(&rules, id))?;
        if before.revision != revision {
            return Err(Conflict::ChangedMeanwhile.into());
        }
        let before = &before.requirement;
        let (rule, terms) = changed(&mut tx, &rules, before, form, groups).await?;
        if rule == *before {
            return Ok(None);
        }
        let people = rules::list_candidates(&mut tx, Some(id), self.last_day(now)).await?;
        let plan = plan(Wanted::InForce(&rule, Some(before.due)), &people, now);
        let effect = confirmed(preview(&id.to_string(), &terms, plan.effect()), seen)?;
        requirements::update(&mut tx, &rule, revision)
            .await
            .map_err(when_stale(Conflict::ChangedMeanwhile))?;
        place(&mut tx, &rules, id, terms.place).await?;
        plan.carry_out(&mut tx, now, &rule, EndReason::OutOfGroup).await?;
        let detail = json!({ "kind": rule.kind.as_str(), "from": json!(before).to_string(), "rule": terms, "effect": effect });
        audit(&mut tx, now, Some(self.actor.account()), Action::RuleChanged, About::thing(id.0), detail);
        tx.commit().await?;
        Ok(Some(effect))
    }

    /// A rule in force, and what ending it would do.
    ///
    /// # Errors
    /// `NotFound` for a rule that is not in force.
    pub async fn preview_end(&self, now: Instant, id: RequirementId) -> Result<(Rule, Preview)> {
        let mut db = self.app.store().read().await?;
        let rules = requirements::list_rules(&mut db, self.today(now)).await?;
        let rule = found(in_force(&rules, id))?.clone();
        let people = rules::list_candidates(&mut db, Some(id), self.last_day(now)).await?;
        let effect = plan(Wanted::Ended(rule.requirement.kind), &people, now).effect();
        let preview = preview_of_end(&rule, effect);
        Ok((rule, preview))
    }

    /// Ends a rule. What is unfinished ends with it; what was done stays on record.
    ///
    /// # Errors
    /// `ProofTooOld`; `NotFound` for a rule that is not in force; `Conflict` when the effect that was shown is another one by now.
    pub async fn end(&self, now: Instant, id: RequirementId, seen: &str) -> Result<Effect> {
        self.actor.freshly_proved(now)?;
        let mut tx = self.begin().await?;
        let rules = requirements::list_rules(&mut tx, self.today(now)).await?;
        let rule = found(in_force(&rules, id))?;
        let people = rules::list_candidates(&mut tx, Some(id), self.last_day(now)).await?;
        let plan = plan(Wanted::Ended(rule.requirement.kind), &people, now);
        let effect = confirmed(preview_of_end(rule, plan.effect()), seen)?;
        requirements::end(&mut tx, now, id, rule.revision).await?;
        plan.carry_out(&mut tx, now, &rule.requirement, EndReason::RuleEnded).await?;
        let detail = json!({ "kind": rule.requirement.kind.as_str(), "title": rule.title, "effect": effect });
        audit(&mut tx, now, Some(self.actor.account()), Action::RuleEnded, About::thing(id.0), detail);
        tx.commit().await?;
        Ok(effect)
    }

    /// A rule for nobody takes as much away as ending it, so saving wants the same proof. Who has not seen the effect yet only looks.
    fn may_save(&self, now: Instant, seen: &str) -> Result<()> {
        if seen.is_empty() { Ok(()) } else { self.actor.freshly_proved(now) }
    }

    /// A transaction in which nobody comes, changes or signs: what is counted is what happens.
    async fn begin(&self) -> Result<Tx> {
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        dialect::begin_publishing(&mut tx).await?;
        dialect::lock_everybody(&mut tx).await?;
        Ok(tx)
    }

    fn today(&self, now: Instant) -> Date {
        zones::local_date(&self.app.settings().time_zone, now)
    }

    /// Whose last day is before this one has left, wherever they are; of the others their own zone decides.
    fn last_day(&self, now: Instant) -> Date {
        self.today(now) - Duration::days(2)
    }
}

fn in_force(rules: &[Rule], id: RequirementId) -> Option<&Rule> {
    rules.iter().find(|rule| rule.requirement.id == id && rule.ended_at.is_none())
}

async fn offers(db: &mut Db, rules: &[Rule]) -> Result<Offers> {
    let in_force = rules.iter().filter(|rule| rule.ended_at.is_none());
    let taken: Vec<_> = in_force.map(|rule| rule.requirement.kind).collect();
    let kinds = [RequirementKind::Instruction, RequirementKind::BackgroundCheck, RequirementKind::PasswordManager];
    Ok(Offers {
        texts: requirements::list_offers(db).await?,
        kinds: kinds
            .into_iter()
            .filter(|kind| *kind == RequirementKind::Instruction || !taken.contains(kind))
            .collect(),
        in_force: taken.len(),
    })
}

/// The new rule that a form asks for. With a revision where it is one that had ended.
async fn wanted(db: &mut Db, rules: &[Rule], what: &str, form: &RuleForm, groups: &[AlternativeForm]) -> Result<(Requirement, Option<i64>, Terms)> {
    let subject = Subject::parse(what).map_err(|problem| Error::field("what", problem))?;
    let Subject { kind, material } = subject;
    let is_taken = |rule: &Rule| rule.ended_at.is_none() && Subject::from(&rule.requirement) == subject;
    if kind != RequirementKind::Instruction && rules.iter().any(is_taken) {
        return Err(Error::field("what", Problem::RuleExists));
    }
    let offers = offers(db, rules).await?;
    let is_offered = match material {
        Material::None => offers.kinds.contains(&kind),
        material => offers.texts.iter().any(|offer| offer.kind == kind && offer.material == material),
    };
    if !is_offered {
        return Err(Error::field("what", Problem::NotAChoice));
    }
    let terms = form.parse(kind, groups)?;
    let ended = rules
        .iter()
        .find(|rule| kind != RequirementKind::Instruction && Subject::from(&rule.requirement) == subject);
    let rule = Requirement {
        id: ended.map_or_else(|| RequirementId(fresh()), |rule| rule.requirement.id),
        kind,
        material,
        audience: terms.audience.clone(),
        due: terms.due,
        recurrence: terms.recurrence,
        position: position(rules, None, terms.place),
        instruction: terms.instruction.clone(),
    };
    Ok((rule, ended.map(|rule| rule.revision), terms))
}

/// A rule in force as a form wants it.
async fn changed(db: &mut Db, rules: &[Rule], before: &Requirement, form: &RuleForm, groups: &[AlternativeForm]) -> Result<(Requirement, Terms)> {
    let terms = form.parse(before.kind, groups)?;
    keep_settled(db, before, &terms).await?;
    let rule = Requirement {
        audience: terms.audience.clone(),
        due: terms.due,
        recurrence: terms.recurrence,
        position: position(rules, Some(before.id), terms.place),
        instruction: terms.instruction.clone(),
        ..before.clone()
    };
    Ok((rule, terms))
}

/// Who confirms opens what people upload, and what nobody confirms is done by a word. So neither changes behind the back of whoever
/// was asked.
async fn keep_settled(db: &mut Db, before: &Requirement, terms: &Terms) -> Result<()> {
    let (Some(old), Some(new)) = (&before.instruction, &terms.instruction) else {
        return Ok(());
    };
    let mut problems = Problems::default();
    for (field, is_other) in [
        ("needs_file", old.needs_file != new.needs_file),
        ("confirmed_by", old.confirmed_by != new.confirmed_by),
    ] {
        if is_other {
            problems.add(field, Problem::AskedAlready);
        }
    }
    if !problems.is_empty() && requirements::was_asked(db, before.id).await? {
        return Err(problems.into());
    }
    Ok(())
}

/// Where a rule comes to stand that is put in a place among the others in force.
fn position(rules: &[Rule], own: Option<RequirementId>, place: usize) -> i64 {
    let others = rules.iter().filter(|rule| rule.ended_at.is_none() && Some(rule.requirement.id) != own).count();
    i64::try_from(place.min(others)).unwrap_or(i64::MAX)
}

/// Puts a rule in its place among those in force.
async fn place(tx: &mut Tx, rules: &[Rule], id: RequirementId, place: usize) -> Result<()> {
    let others = rules.iter().filter(|rule| rule.ended_at.is_none()).map(|rule| rule.requirement.id);
    let mut order: Vec<_> = others.filter(|other| *other != id).collect();
    order.insert(place.min(order.len()), id);
    Ok(requirements::reorder(tx, &order).await?)
}

/// The effect under a seal over everything that makes it.
fn preview(what: &str, terms: &Terms, effect: Effect) -> Preview {
    let seal = Sha256::digest(json!([what, terms, effect]).to_string());
    Preview {
        effect,
        seal: hex::encode(seal),
    }
}

fn preview_of_end(rule: &Rule, effect: Effect) -> Preview {
    let seal = Sha256::digest(json!([rule.requirement.id, rule.revision, "end", effect]).to_string());
    Preview {
        effect,
        seal: hex::encode(seal),
    }
}

/// Lets pass only what was shown.
fn confirmed(preview: Preview, seen: &str) -> Result<Effect> {
    if preview.seal == seen {
        Ok(preview.effect)
    } else {
        Err(Conflict::EffectUnseen.into())
    }
}
