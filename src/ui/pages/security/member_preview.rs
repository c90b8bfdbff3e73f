//! What an uploaded list of members would change, before anything is taken over.

use super::member_mapping::Mapping;
use crate::{
    api::{
        done::person_path,
        members::{ApplyMembers, RECONCILIATION},
    },
    domain::{ids::MemberListId, locale::Locale},
    server::service::{
        member_list::LineProblem,
        member_mapping::MappingForm,
        member_plan::{Move, Outlook},
        members::Preview,
        people_file::FileProblem,
        rows::{Assignment, MemberList},
    },
    ui::{
        components::{
            empty::Empty,
            form::{CheckField, FormState},
            icon::Icon,
            notice::{FlashNotice, Notice},
            status::Status,
        },
        load::{PageTitle, load, path_param, query_param},
        texts::{hr, members as t, problems},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/security/password-manager/lists/{id}`
#[component]
pub fn MemberPreviewPage() -> impl IntoView {
    let id = path_param::<MemberListId>("id");
    let asked = MappingForm {
        vendor: query_param("vendor"),
        email: query_param("email"),
        status: query_param("status"),
        two_step: query_param("two_step"),
        ..MappingForm::default()
    };
    load(async move |cx| {
        let (list, preview) = cx.actor()?.enrolment_desk(&cx.app)?.preview_members(cx.now, id?).await?;
        let locale = cx.locale;
        let file = if list.file_name.is_empty() {
            t::unnamed(locale).to_owned()
        } else {
            list.file_name.clone()
        };
        let body = match preview {
            Preview::Unreadable(problem) => view! { <Unreadable locale=locale file=file problem=problem /> }.into_any(),
            Preview::Refused(problems, hidden) => view! { <Refused locale=locale problems=problems hidden=hidden /> }.into_any(),
            Preview::Unmapped { sheet, guess } => view! { <Mapping cx=cx.clone() list=list sheet=sheet guess=guess asked=asked /> }.into_any(),
            Preview::Ready { plan, is_known } => {
                let form = FormState::of(&cx, ApplyMembers::PATH);
                view! { <Ready locale=locale file=file list=list plan=plan is_known=is_known form=form /> }.into_any()
            }
        };
        Ok(view! {
            <PageTitle text=t::preview_title(locale) />
            <main class="page" id="main" tabindex="-1">
                <div class="region" id="import">
                    <a class="back" href=RECONCILIATION><Icon name="chevron-left" />{t::title(locale)}</a>
                    <FlashNotice cx=cx.clone() />
                    {body}
                </div>
            </main>
        }
        .into_any())
    })
}

#[component]
fn Unreadable(locale: Locale, file: String, problem: FileProblem) -> impl IntoView {
    let text = match problem {
        FileProblem::NotAList => t::not_a_list(locale).to_owned(),
        problem => problems::file(locale, &problem),
    };
    view! {
        <div class="page-heading"><h1>{t::preview_title(locale)}</h1></div>
        <Empty icon="x-circle" title=t::preview_unreadable(locale, &file) text=text>
            <a class="button" href=RECONCILIATION>{t::preview_other(locale)}</a>
        </Empty>
    }
}

/// The lines that cannot be used: where, what stands there, and why not.
#[component]
fn Refused(locale: Locale, problems: Vec<LineProblem>, hidden: usize) -> impl IntoView {
    let count = problems.len() + hidden;
    let rows = problems.into_iter().map(|problem| {
        let value = if problem.value.is_empty() {
            t::empty_value(locale).to_owned()
        } else {
            problem.value
        };
        view! {
            <tr class="error">
                <td class="line-no" data-label=t::column_line(locale)>{problem.line}</td>
                <th scope="row">{value}</th>
                <td data-label=t::column_problem(locale)>{problems::problem(locale, &problem.problem.problem)}</td>
            </tr>
        }
    });
    view! {
        <div class="page-heading"><h1>{t::preview_title(locale)}</h1></div>
        <Notice tone="error"><p><strong>{t::refused(locale, &hr::rows(locale, count))}</strong>" "{t::refused_text(locale)}</p></Notice>
        <div class="table-frame" tabindex="0" role="region" aria-label=t::preview_title(locale)>
            <table class="table cards">
                <caption class="visually-hidden">{t::preview_title(locale)}</caption>
                <thead><tr><th>{t::column_line(locale)}</th><th>{t::column_value(locale)}</th><th>{t::column_problem(locale)}</th></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        {(hidden > 0).then(|| view! { <p class="meta">{hr::refused_hidden(locale, &hr::rows(locale, hidden))}</p> })}
        <div class="actions"><a class="button" href=RECONCILIATION>{t::preview_other(locale)}</a></div>
    }
}

#[component]
fn Ready(locale: Locale, file: String, list: MemberList, plan: Outlook, is_known: bool, form: FormState) -> impl IntoView {
    let tally = plan.tally;
    let none = plan.moves.is_empty();
    let members = usize::try_from(list.members).unwrap_or(0);
    let lead = t::list_of(locale, t::vendor(locale, list.vendor), &file, &t::count(locale, members));
    let tile = |tone: &'static str, icon: &'static str, word: &'static str, count: usize| {
        let class = if count > 0 { format!("tile {tone}") } else { "tile".to_owned() };
        view! { <li><div class=class><span class="label"><Icon name=icon />{word}</span><span class="figure">{count}</span></div></li> }
    };
    let warning =
        (tally.reopened > 0).then(|| view! { <Notice tone="warning"><p>{t::reopen_warning(locale, &hr::people(locale, tally.reopened))}</p></Notice> });
    let nothing = (none && is_known).then(|| view! { <Notice tone="info"><p><strong>{t::nothing(locale)}</strong>" "{t::nothing_text(locale)}</p></Notice> });
    let no_moves = (none && !is_known).then(|| view! { <Notice tone="info"><p>{t::no_moves(locale)}</p></Notice> });
    // For the list that counts already, it was said when it was applied.
    let silent = if list.applied.is_none() { plan.silent } else { 0 };
    let bar = if none && is_known && silent == 0 {
        view! { <div class="actions"><a class="button" href=RECONCILIATION>{t::preview_other(locale)}</a></div> }.into_any()
    } else {
        let enforced = (silent > 0).then(|| view! { <CheckField form=form name="enforced" label=t::enforced(locale, &t::count(locale, silent)) /> });
        view! {
            <form class="sticky-bar" method="post" action=ApplyMembers::PATH>
                <input type="hidden" name="id" value=list.id.to_string() />
                <div>
                    <p><strong>{t::apply_summary(locale, tally.enrolled, tally.proven, tally.reopened)}</strong></p>
                    {(!none).then(|| view! { <p class="meta">{t::own_item(locale)}</p> })}
                    {enforced}
                </div>
                <div class="actions">
                    <a class="button secondary" href=RECONCILIATION>{t::preview_other(locale)}</a>
                    <button class="button">{t::apply(locale)}</button>
                </div>
            </form>
        }
        .into_any()
    };
    view! {
        <div class="page-heading"><div><h1>{t::preview_title(locale)}</h1><p class="lead">{lead}". "{t::preview_lead(locale)}</p></div></div>
        {warning}
        {nothing}
        {no_moves}
        <ul class="tiles">
            {tile("green", "check-circle", t::will_enrol(locale), tally.enrolled)}
            {tile("green", "shield-check", t::will_prove(locale), tally.proven)}
            {tile("red", "alert", t::will_reopen(locale), tally.reopened)}
            {tile("amber", "user", t::bucket_unknown(locale), plan.unknown)}
            {tile("", "minus-circle", t::will_stay(locale), plan.unchanged)}
        </ul>
        {(!none).then(|| view! { <Moves locale=locale moves=plan.moves hidden=plan.hidden /> })}
        {bar}
    }
}

/// What would change.
#[component]
fn Moves(locale: Locale, moves: Vec<(Assignment, Move)>, hidden: usize) -> impl IntoView {
    let rows = moves.into_iter().map(|(item, change)| {
        let (tone, icon, word) = match change {
            Move::Enrol(_) => ("green", "check-circle", t::will_enrol(locale)),
            Move::Prove(_) => ("green", "shield-check", t::will_prove(locale)),
            Move::Reopen(_) => ("red", "alert", t::will_reopen(locale)),
        };
        let says = match change {
            Move::Enrol(line) | Move::Prove(line) => format!("{}: {}", line.email, t::listing(locale, line.listing)),
            Move::Reopen(Some(listing)) => t::listing(locale, listing),
            Move::Reopen(None) => t::lost(locale).to_owned(),
        };
        view! {
            <tr>
                <th scope="row"><a href=person_path(item.person)>{item.person_name}</a></th>
                <td data-label=t::column_change(locale)><Status tone=tone icon=icon word=word /></td>
                <td data-label=t::column_list(locale)>{says}</td>
            </tr>
        }
    });
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label=t::preview_title(locale)>
            <table class="table cards">
                <caption class="visually-hidden">{t::preview_title(locale)}</caption>
                <thead><tr><th>{t::column_who(locale)}</th><th>{t::column_change(locale)}</th><th>{t::column_list(locale)}</th></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        {(hidden > 0).then(|| view! { <p class="meta">{t::rows_hidden(locale, &hr::people(locale, hidden))}</p> })}
    }
}
