//! A person's items as a table: how each stands, by when, what happened when, and what the reader may do about it.

use crate::{
    api::{instructions::ConfirmInstruction, nda::ConfirmNda, password_manager::ConfirmEnrolment},
    domain::{
        Instant,
        assignment::{EndReason, State},
        check_profile::Consent,
        compliance::Standing,
        ids::AssignmentId,
        locale::Locale,
        person::iso_date,
        requirement::{Confirmer, Recurrence, RequirementKind},
        roles::Permission,
    },
    server::{
        context::Cx,
        service::{renewals::year_after, rows::Assignment},
        zones,
    },
    ui::{
        components::status::{StandingStatus, Status, standing_of},
        texts::{checks, common, exemptions, hr as t, members, rules},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What a reader may see and do with somebody's items.
#[expect(clippy::struct_excessive_bools, reason = "each is one independent permission")]
#[derive(Clone, Copy)]
pub struct Powers {
    /// A manager sees what is passed and when, and nothing around it.
    pub sees_details: bool,
    pub confirms_nda: bool,
    pub records_check: bool,
    pub confirms_enrolment: bool,
    pub requests_exemptions: bool,
    pub confirms_for_hr: bool,
    pub confirms_for_security: bool,
    /// The person reports to the reader.
    pub is_manager: bool,
}

impl Powers {
    /// What the reader of this request may do.
    pub fn of(cx: &Cx, sees_details: bool) -> Self {
        let may = |permission| cx.actor.as_ref().is_some_and(|actor| actor.may(permission));
        Self {
            sees_details,
            confirms_nda: may(Permission::ConfirmNda),
            records_check: may(Permission::RecordCheck),
            confirms_enrolment: may(Permission::ConfirmPasswordManager),
            requests_exemptions: may(Permission::RequestExemption),
            confirms_for_hr: may(Permission::ConfirmForHr),
            confirms_for_security: may(Permission::ConfirmForSecurity),
            is_manager: false,
        }
    }

    /// What is left for somebody about whom nothing changes any more.
    pub const fn to_look_only(sees_details: bool) -> Self {
        Self {
            sees_details,
            confirms_nda: false,
            records_check: false,
            confirms_enrolment: false,
            requests_exemptions: false,
            confirms_for_hr: false,
            confirms_for_security: false,
            is_manager: false,
        }
    }

    /// Whether the reader is whom an instruction waits for; what waits for nobody is HR's to look at.
    const fn confirms(self, confirmer: Option<Confirmer>) -> bool {
        match confirmer {
            Some(Confirmer::Hr) | None => self.confirms_for_hr,
            Some(Confirmer::Security) => self.confirms_for_security,
            Some(Confirmer::Manager) => self.is_manager,
        }
    }

    const fn acts(self) -> bool {
        self.sees_details || self.confirms_nda || self.records_check || self.confirms_enrolment || self.is_manager
    }
}

/// The table of items. `zone` is the person's.
#[component]
pub fn ItemTable(locale: Locale, zone: String, now: Instant, items: Vec<Assignment>, powers: Powers) -> impl IntoView {
    let rows = items
        .into_iter()
        .map(|item| view! { <ItemRow locale=locale zone=zone.clone() now=now item=item powers=powers /> });
    view! {
        <section class="card flush">
            <div class="table-frame" tabindex="0" role="region" aria-label=t::items_title(locale)>
                <table class="table cards">
                    <caption>{t::items_title(locale)}</caption>
                    <thead><tr>
                        <th>{t::column_what(locale)}</th>
                        {powers.sees_details.then(|| view! { <th>{common::due(locale)}</th> })}
                        <th>{t::column_when(locale)}</th>
                        <th>{common::status(locale)}</th>
                        {powers.acts().then(|| view! { <th class="end"><span class="visually-hidden">{t::column_action(locale)}</span></th> })}
                    </tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn ItemRow(locale: Locale, zone: String, now: Instant, item: Assignment, powers: Powers) -> impl IntoView {
    let title = words::item_title(locale, &item);
    let note = powers
        .sees_details
        .then(|| note(locale, &item, powers.records_check))
        .flatten()
        .map(|note| view! { <small>{note}</small> });
    let due_on = item.deadline.due_on;
    let moved = item
        .first_due_on
        .filter(|first| *first != due_on)
        .map(|first| view! { <span class="meta">{t::first_due(locale, &words::short_date(locale, first))}</span> });
    let due = powers.sees_details.then(|| {
        view! { <td data-label=common::due(locale)><div class="row"><time datetime=iso_date(due_on)>{words::short_date(locale, due_on)}</time>{moved}</div></td> }
    });
    let steps = steps(locale, &item, powers.sees_details);
    let dates = steps.into_iter().map(|(at, word)| {
        let day = zones::local_date(&zone, at);
        view! { <div><time datetime=iso_date(day)>{words::short_date(locale, day)}</time>" "<span class="meta">{word}</span></div> }
    });
    let dates = dates.collect_view();
    let dates = if dates.is_empty() {
        view! { <span class="muted nowrap">{t::not_yet(locale)}</span> }.into_any()
    } else {
        view! { <div>{dates}</div> }.into_any()
    };
    let standing = match standing_of(&item, now) {
        // Not cleared, asked for and waiting are between HR and the person.
        Standing::Failed | Standing::Waiting if !powers.sees_details => Standing::Open,
        standing => standing,
    };
    let late = (item.late && standing != Standing::DoneLate).then(|| view! { <Status tone="late" icon="clock" word=t::late(locale) /> });
    view! {
        <tr>
            <th scope="row">{title.clone()}{note}</th>
            {due}
            <td data-label=t::column_when(locale)>{dates}</td>
            <td data-label=common::status(locale)><div class="row"><StandingStatus locale=locale standing=standing />{late}</div></td>
            {powers.acts().then(|| view! { <td class="end"><ItemActions locale=locale item=item title=title powers=powers /></td> })}
        </tr>
    }
}

/// What a rule or an earlier employment says about an item, else what it waits for, or how strong its proof is.
fn note(locale: Locale, item: &Assignment, records_check: bool) -> Option<String> {
    let date = |at| zones::local_date(&item.time_zone, at);
    match (item.state, item.outside_since, item.carried_over_at) {
        (
            State::Ended {
                reason: EndReason::OutOfGroup, ..
            },
            ..,
        ) => return Some(rules::ended_out_of_group(locale).to_owned()),
        (
            State::Ended {
                reason: EndReason::RuleEnded, ..
            },
            ..,
        ) => return Some(rules::ended_rule_ended(locale).to_owned()),
        (_, Some(since), _) => return Some(rules::asked_no_more(locale, &words::date(locale, date(since)))),
        (State::Done { at, .. }, None, Some(_)) => {
            return Some(match item.recurrence {
                Recurrence::Yearly => rules::carried_over_until(locale, &words::date(locale, year_after(date(at)))),
                Recurrence::Never => rules::carried_over(locale).to_owned(),
            });
        }
        _ => {}
    }
    let note = match (item.kind, item.state) {
        (RequirementKind::BackgroundCheck, State::Open | State::Waiting { .. }) if records_check && item.consent == Consent::Refused => {
            checks::no_consent(locale)
        }
        (RequirementKind::BackgroundCheck, State::Open) if records_check && item.consent == Consent::Missing => checks::waits_for_consent(locale),
        (RequirementKind::Nda, State::Waiting { .. }) => t::waits_for_nda(locale),
        (RequirementKind::BackgroundCheck, State::Waiting { .. }) => t::waits_for_check(locale),
        (RequirementKind::PasswordManager, _) => return enrolment_note(locale, item),
        (RequirementKind::Instruction, State::Waiting { .. }) => return item.confirmed_by.map(|who| rules::waits_for(locale, rules::confirmer(locale, who))),
        _ => return None,
    };
    Some(note.to_owned())
}

/// How strong the evidence of an enrolment is, and what the vendor's list says against it.
fn enrolment_note(locale: Locale, item: &Assignment) -> Option<String> {
    let is_pending = matches!(item.state, State::Open | State::Waiting { .. });
    let reason = members::open_reason(locale, item.cause, item.listing).filter(|_| is_pending);
    let notes: Vec<_> = members::strength(locale, item.state, item.on_vendor_list).into_iter().chain(reason).collect();
    (!notes.is_empty()).then(|| notes.join("; "))
}

/// What happened when: both halves where there are two.
fn steps(locale: Locale, item: &Assignment, sees_details: bool) -> Vec<(Instant, &'static str)> {
    let (first, last) = match item.kind {
        RequirementKind::Nda => (t::was_signed(locale), t::was_confirmed(locale)),
        RequirementKind::BackgroundCheck => (t::was_requested(locale), t::was_completed(locale)),
        RequirementKind::Policy => ("", t::was_accepted(locale)),
        RequirementKind::Training => ("", t::was_passed(locale)),
        RequirementKind::PasswordManager => (t::was_declared(locale), t::was_confirmed(locale)),
        RequirementKind::Instruction if item.confirmed_by.is_some() => (rules::was_reported(locale), t::was_confirmed(locale)),
        RequirementKind::Instruction => ("", rules::was_done(locale)),
    };
    match item.state {
        State::Done { submitted, at } if !sees_details => {
            let passed = submitted.filter(|_| item.kind.counts_from_submission()).unwrap_or(at);
            vec![(passed, "")]
        }
        State::Done { submitted, at } => submitted.map(|at| (at, first)).into_iter().chain([(at, last)]).collect(),
        State::Ended { at, .. } => vec![(at, t::was_ended(locale))],
        _ if !sees_details => Vec::new(),
        State::Waiting { since } => vec![(since, first)],
        State::Failed { at } => vec![(at, t::was_not_cleared(locale))],
        State::Open => Vec::new(),
    }
}

/// What the reader may do about an item.
#[component]
fn ItemActions(locale: Locale, item: Assignment, title: String, powers: Powers) -> impl IntoView {
    let Assignment { id, person, kind, state, .. } = item;
    let for_item = move || view! { <span class="visually-hidden">{format!(": {title}")}</span> };
    let action = match (kind, state) {
        (RequirementKind::Nda, State::Waiting { .. }) if powers.confirms_nda => {
            Some(view! { <OneClick action=ConfirmNda::PATH id=id word=t::confirm_nda(locale) /> }.into_any())
        }
        (RequirementKind::Nda, State::Open) if powers.confirms_nda => {
            Some(view! { <a class="button secondary small" href=format!("/people/{person}/nda/{id}")>{t::record_paper(locale)}{for_item()}</a> }.into_any())
        }
        (RequirementKind::BackgroundCheck, state) if powers.records_check => {
            let (class, word) = match state {
                State::Open => ("button secondary small", t::request_check(locale)),
                State::Waiting { .. } | State::Failed { .. } => ("button small", t::record_outcome(locale)),
                State::Done { .. } | State::Ended { .. } => ("button quiet small", t::view_check(locale)),
            };
            Some(view! { <a class=class href=format!("/people/{person}/check/{id}")>{word}</a> }.into_any())
        }
        (RequirementKind::PasswordManager, State::Open | State::Waiting { .. }) if powers.confirms_enrolment => {
            Some(view! { <OneClick action=ConfirmEnrolment::PATH id=id word=t::confirm_enrolment(locale) /> }.into_any())
        }
        (RequirementKind::Instruction, State::Waiting { .. }) if powers.confirms(item.confirmed_by) => {
            Some(view! { <OneClick action=ConfirmInstruction::PATH id=id word=rules::confirm(locale) /> }.into_any())
        }
        _ => None,
    };
    let is_signed = matches!(
        (kind, state),
        (RequirementKind::Nda, State::Waiting { .. } | State::Done { .. }) | (RequirementKind::Policy, State::Done { .. })
    );
    let copy =
        (is_signed && powers.sees_details).then(|| view! { <a class="button quiet small" href=format!("/signed/{id}")>{t::view_copy(locale)}{for_item()}</a> });
    let file = (item.has_file && powers.confirms(item.confirmed_by)).then(|| {
        view! { <a class="button quiet small" href=format!("/instruction-files/{id}") download>{rules::open_file(locale)}{for_item()}</a> }
    });
    let allow = (kind == RequirementKind::Nda && state == State::Open && powers.confirms_nda && !item.starts_without).then(|| {
        view! { <a class="button quiet small" href=format!("/people/{person}/start-without-nda/{id}")>{exemptions::allow_link(locale)}</a> }
    });
    let lifts = powers.requests_exemptions
        && kind != RequirementKind::Nda
        && !item.exemption_requested
        && matches!(state, State::Open | State::Waiting { .. } | State::Failed { .. });
    let exempt =
        lifts.then(|| view! { <a class="button quiet small" href=format!("/people/{person}/exemption/{id}")>{exemptions::ask(locale)}{for_item()}</a> });
    let any = action.is_some() || copy.is_some() || file.is_some() || allow.is_some() || exempt.is_some();
    any.then(|| view! { <div class="actions">{action}{copy}{file}{allow}{exempt}</div> })
}

#[component]
fn OneClick(action: &'static str, id: AssignmentId, word: &'static str) -> impl IntoView {
    view! {
        <form method="post" action=action>
            <input type="hidden" name="id" value=id.to_string() />
            <button class="button small">{word}</button>
        </form>
    }
}
