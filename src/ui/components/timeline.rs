//! What happened about a person, newest first, in words.

use crate::{
    domain::{
        audit::Action,
        ids::AssignmentId,
        locale::{Bilingual, Locale},
        mail::MailKind,
        person::parse_date,
        reminders::Rule,
        requirement::RequirementKind,
        roles::Role,
    },
    server::service::rows::TimelineRow,
    ui::{
        components::icon::Icon,
        texts::{accounts, common, hr as t, nda, outbox, reminders, rules},
        words,
    },
};
use leptos::prelude::*;
use serde::Deserialize;

/// What entries say beside their action; see the `json!` of the service layer.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Detail {
    from: String,
    to: String,
    reason: String,
    fields: Vec<String>,
    /// What of an account does not count any more with its first role.
    dropped: Vec<String>,
    late: bool,
    ended: bool,
    title: Option<Bilingual>,
    last_day: String,
    signed_on: String,
    requested_on: String,
    completed_on: String,
    role: Option<Role>,
    /// The last day of a role.
    until: Option<String>,
    /// Done without a second person, as there was none.
    #[serde(alias = "single_administrator")]
    alone: bool,
    /// What a mail is, or whom somebody was added as.
    kind: String,
    /// By which rules a reminder is sent.
    reminders: Vec<Reminded>,
    /// About how many others a mail tells.
    others: i64,
    /// The item whose record stays readable after it was withdrawn.
    record: Option<AssignmentId>,
    /// So many items, given and taken by rules.
    given: usize,
    taken: usize,
}

#[derive(Deserialize)]
struct Reminded {
    kind: RequirementKind,
    title: Option<Bilingual>,
    #[serde(flatten)]
    rule: Rule,
}

/// A timeline. Times are those of the person's zone.
#[component]
pub fn Timeline(locale: Locale, zone: String, rows: Vec<TimelineRow>) -> impl IntoView {
    let entries = rows.into_iter().map(|row| view! { <Entry locale=locale zone=zone.clone() row=row /> });
    view! { <ol class="timeline">{entries.collect_view()}</ol> }
}

#[component]
fn Entry(locale: Locale, zone: String, row: TimelineRow) -> impl IntoView {
    let Some(action) = Action::from_stored(&row.action) else {
        return ().into_any();
    };
    let detail: Detail = row.detail.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    let (icon, tone) = look(action);
    let tone = if detail.late { "late" } else { tone };
    let words = if detail.ended { t::left(locale) } else { t::action(locale, action) };
    let moved = (matches!(action, Action::StartDateChanged | Action::PersonRehired) && !detail.to.is_empty()).then(|| {
        let to = t::moved_to(locale, &day(locale, &detail.to));
        view! { ": "<del>{day(locale, &detail.from)}</del>{to} }
    });
    let title = detail.title.as_ref().map(|title| format!(": {}", title.get(locale)));
    let mail = matches!(action, Action::MailSent | Action::MailFailed)
        .then(|| MailKind::from_stored(&detail.kind))
        .flatten();
    let title = title.or_else(|| mail.map(|kind| format!(": {}", outbox::kind(locale, kind))));
    let title = title.or_else(|| detail.role.map(|role| format!(": {}", words::role(locale, role))));
    let record = detail
        .record
        .map(|id| view! { " "<a href=format!("/signed/{id}")>{nda::withdrawn_record(locale)}</a> });
    let by = row.actor_name.unwrap_or_else(|| t::history_system(locale).to_owned());
    let notes = notes(locale, &detail).into_iter().fold(String::new(), |line, note| line + " · " + &note);
    view! {
        <li class=tone>
            <Icon name=icon />
            <div>
                <p><strong>{words}{title}</strong>{moved}</p>
                <p class="meta"><time datetime=iso_instant(row.at)>{words::moment(locale, &zone, row.at)}</time>{format!(" · {by}{notes}")}{record}</p>
            </div>
        </li>
    }
    .into_any()
}

fn notes(locale: Locale, detail: &Detail) -> Vec<String> {
    let mut notes = Vec::new();
    if detail.late {
        notes.push(t::was_late(locale).to_owned());
    }
    if !detail.reason.is_empty() {
        notes.push(t::reason_was(locale, words::role_reason(locale, &detail.reason)));
    }
    if detail.given + detail.taken > 0 {
        notes.push(rules::items_followed(locale, detail.given, detail.taken));
    }
    if let Some(until) = &detail.until {
        notes.push(accounts::until_was(locale, &day(locale, until)));
    }
    if detail.alone && detail.role.is_some() {
        notes.push(accounts::granted_alone(locale).to_owned());
    } else if detail.alone {
        notes.push(t::attested_alone(locale).to_owned());
    }
    if !detail.fields.is_empty() {
        notes.push(t::changed_fields(locale, &t::fields(locale, detail.fields.iter().map(String::as_str))));
    }
    if !detail.dropped.is_empty() {
        let dropped: Vec<_> = detail.dropped.iter().map(|what| accounts::dropped(locale, what)).collect();
        notes.push(accounts::counts_no_more(locale, &dropped.join(", ")));
    }
    for Reminded { kind, title, rule } in &detail.reminders {
        let title = title.as_ref().map_or(words::requirement_kind(locale, *kind), |title| title.or_other(locale));
        notes.push(reminders::why(locale, title, *rule));
    }
    if detail.others > 0 {
        notes.push(reminders::about_others(locale, detail.others));
    }
    for date in [&detail.last_day, &detail.signed_on, &detail.requested_on, &detail.completed_on] {
        if !date.is_empty() {
            notes.push(t::dated(locale, &day(locale, date)));
        }
    }
    notes
}

fn day(locale: Locale, iso: &str) -> String {
    parse_date(iso).map_or_else(|_| iso.to_owned(), |date| words::short_date(locale, date))
}

fn iso_instant(at: crate::domain::Instant) -> String {
    at.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
}

/// Icon and tone of an entry.
const fn look(action: Action) -> (&'static str, &'static str) {
    match action {
        Action::NdaSigned | Action::NdaRecordedOnPaper => ("signature", "done"),
        Action::NdaWithdrawn => ("minus-circle", "open"),
        Action::NdaConfirmed | Action::PolicyAccepted | Action::PasswordManagerConfirmed => ("check", "done"),
        Action::CheckCompleted => ("shield-check", "done"),
        Action::QuizPassed => ("book", "done"),
        Action::QuizAnswered | Action::QuizFailed => ("book", ""),
        Action::CourseAdded
        | Action::CourseDraftChanged
        | Action::CourseDraftDiscarded
        | Action::CourseImageAdded
        | Action::CourseFileUploaded
        | Action::CourseImported
        | Action::CoursePublished => ("book", "open"),
        Action::CheckConsentGiven
        | Action::CheckConsentRefused
        | Action::CheckConsentWithdrawn
        | Action::CheckRequested
        | Action::CheckWithProvider
        | Action::CheckPurged
        | Action::CheckProfilesPrepared
        | Action::CheckProfileAdded
        | Action::CheckProfileChanged => ("shield-check", ""),
        Action::PasswordManagerDeclared | Action::MemberMatched | Action::MemberSetAside | Action::MemberMatchForgotten => ("key", ""),
        Action::PasswordManagerListed => ("key", "done"),
        Action::PasswordManagerUnlisted => ("key", "open"),
        Action::StartDateChanged => ("calendar", "open"),
        Action::ItemRenewed | Action::ItemsFollowedRules => ("clock", "open"),
        Action::PersonRehired => ("user-plus", "open"),
        Action::InstructionDone | Action::InstructionConfirmed => ("list", "done"),
        Action::DocumentAdded | Action::DocumentDraftSaved | Action::DocumentDraftDiscarded | Action::DocumentPublished => ("document", ""),
        Action::ExemptionRequested | Action::ExemptionApproved | Action::ExemptionRefused | Action::ExemptionEnded => ("minus-circle", ""),
        Action::StartAllowedWithoutNda | Action::AccountLeftOpen | Action::ReminderEscalated => ("alert", "overdue"),
        Action::PersonLeft => ("logout", "open"),
        Action::PersonChanged | Action::AccountRenamed => ("edit", ""),
        Action::PersonAdded | Action::AccountCreated => ("user-plus", ""),
        Action::InvitationSent | Action::PersonNudged | Action::MailSent => ("mail", ""),
        Action::MailFailed => ("mail", "overdue"),
        Action::ReminderPlanned | Action::ReminderDropped => ("hourglass", ""),
        Action::RemindersPaused | Action::RemindersResumed => ("clock", ""),
        Action::InvitationAccepted | Action::PersonTaken | Action::SignedIn | Action::AccountEnabled | Action::PersonPseudonymised => ("user", ""),
        Action::SignedOut => ("logout", ""),
        Action::PasswordSet
        | Action::PasswordChanged
        | Action::PasswordResetRequested
        | Action::PasswordReset
        | Action::SecretsSealed
        | Action::KeyRotated
        | Action::FactorAdded
        | Action::FactorRenamed
        | Action::FactorRemoved
        | Action::FactorsReset
        | Action::RecoveryCodesMade
        | Action::RecoveryCodeUsed
        | Action::FirstStepTaken
        | Action::IdentityProved => ("lock", ""),
        Action::PasskeyRefused => ("lock", "overdue"),
        Action::LanguageChosen => ("globe", ""),
        Action::CalendarMade | Action::CalendarEnded => ("calendar", ""),
        Action::RoleRequested | Action::RoleRefused | Action::RoleRequestWithdrawn | Action::RoleRequestLapsed | Action::RoleRemoved | Action::RoleEnded => {
            ("shield", "")
        }
        Action::AccountDisabled | Action::AddressChanged | Action::SessionsEnded => ("lock", "open"),
        Action::RuleMade
        | Action::RuleChanged
        | Action::RuleEnded
        | Action::RoleGranted
        | Action::InstallationPrepared
        | Action::NdaTemplateCreated
        | Action::NdaTemplateChanged
        | Action::NdaTemplateRetired => ("settings", ""),
        Action::NdaScanAdded
        | Action::PeopleImportPreviewed
        | Action::PeopleImported
        | Action::MemberListPreviewed
        | Action::MemberListMapped
        | Action::MemberListApplied => ("upload", ""),
    }
}

/// The link to the entries before the last one shown.
#[component]
pub fn TimelinePager(locale: Locale, path: String, older: Option<i64>, is_first: bool) -> impl IntoView {
    (older.is_some() || !is_first).then(|| {
        let newest = (!is_first).then(|| view! { <a class="button secondary small" href=path.clone()>{t::history_newest(locale)}</a> });
        let older = older.map(|seq| view! { <a class="button secondary small" rel="next" href=format!("{path}?before={seq}")>{t::history_older(locale)}<Icon name="chevron-right" /></a> });
        view! { <nav class="pager" aria-label=common::pages(locale)>{newest}{older}</nav> }
    })
}
