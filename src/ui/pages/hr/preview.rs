//! What an uploaded list would do, row by row, before anything is taken over.

use crate::{
    api::imports::ApplyImport,
    domain::{
        ids::ImportId,
        locale::Locale,
        person::{PersonForm, parse_date},
        problem::FieldProblem,
    },
    server::service::{
        import::{PlannedRow, Preview, RowPlan, Tally},
        people_file::FileProblem,
    },
    ui::{
        components::{
            empty::Empty,
            form::{CheckField, FormState},
            icon::Icon,
            notice::{FlashNotice, Notice},
            status::Status,
        },
        load::{PageTitle, load, path_param},
        texts::{common, hr as t, problems},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Rows without problems that are shown.
const MAX_SOUND: usize = 200;
/// Rows with problems that are shown; nobody corrects more in one go, and a page has to stay loadable.
const MAX_REFUSED: usize = 2_000;

/// `/people/import/{id}`
#[component]
pub fn PreviewPage() -> impl IntoView {
    let id = path_param::<ImportId>("id");
    load(async move |cx| {
        let id = id?;
        let preview = cx.actor()?.people_editing_desk(&cx.app)?.preview(cx.now, id).await?;
        let locale = cx.locale;
        let form = FormState::of(&cx, ApplyImport::PATH);
        let file = if preview.file_name.is_empty() {
            t::preview_unnamed(locale).to_owned()
        } else {
            preview.file_name.clone()
        };
        let body = if let Some(problem) = preview.problem {
            view! { <Unreadable locale=locale file=file problem=problem /> }.into_any()
        } else {
            view! { <Plan locale=locale file=file preview=preview form=form /> }.into_any()
        };
        Ok(view! {
            <PageTitle text=t::preview_title(locale) />
            <main class="page" id="main" tabindex="-1">
                <div class="region" id="import">
                    <a class="back" href="/people/import"><Icon name="chevron-left" />{t::import_title(locale)}</a>
                    <FlashNotice cx=cx.clone() />
                    <section class="region" id="preview">{body}</section>
                </div>
            </main>
        }
        .into_any())
    })
}

/// The file as a whole cannot be read.
#[component]
fn Unreadable(locale: Locale, file: String, problem: FileProblem) -> impl IntoView {
    view! {
        <div class="page-heading"><h1>{t::preview_title(locale)}</h1></div>
        <Empty icon="x-circle" title=t::preview_unreadable(locale, &file) text=problems::file(locale, &problem)>
            <a class="button" href="/people/import">{t::preview_other(locale)}</a>
            <a class="button quiet" href="/people/import/template.csv" download><Icon name="download" />{t::import_template(locale)}</a>
        </Empty>
    }
}

#[component]
fn Plan(locale: Locale, file: String, preview: Preview, form: FormState) -> impl IntoView {
    let tally = preview.tally();
    let applicable = preview.is_applicable();
    let id = preview.id;
    let lead = t::preview_lead(locale, &file, &t::rows(locale, preview.rows.len()));
    let refused = (tally.refused > 0).then(|| {
        view! { <Notice tone="error"><p><strong>{t::preview_refused(locale, &t::rows(locale, tally.refused))}</strong>" "{t::preview_refused_text(locale)}</p></Notice> }
    });
    let nothing = (tally.refused == 0 && !applicable)
        .then(|| view! { <Notice tone="info"><p><strong>{t::preview_nothing(locale)}</strong>" "{t::preview_nothing_text(locale)}</p></Notice> });
    let bar = if applicable {
        view! { <ApplyBar locale=locale id=id tally=tally form=form /> }.into_any()
    } else {
        view! { <div class="actions"><a class="button" href="/people/import">{t::preview_other(locale)}</a></div> }.into_any()
    };
    view! {
        <div class="page-heading"><div><h1>{t::preview_title(locale)}</h1><p class="lead">{lead}</p></div></div>
        {refused}
        {nothing}
        <TallyTiles locale=locale tally=tally />
        <Rows locale=locale rows=preview.rows />
        {bar}
    }
}

#[component]
fn TallyTiles(locale: Locale, tally: Tally) -> impl IntoView {
    let tile = |tone: &'static str, icon: &'static str, word: &'static str, count: usize| {
        // Only what is there gets a colour.
        let tone = if count > 0 { tone } else { "" };
        view! { <li><div class=format!("tile {tone}")><span class="label"><Icon name=icon />{word}</span><span class="figure">{count}</span></div></li> }
    };
    view! {
        <ul class="tiles">
            {tile("green", "plus", t::row_new(locale), tally.new)}
            {tile("amber", "edit", t::row_changed(locale), tally.changed)}
            {tile("", "minus-circle", t::row_unchanged(locale), tally.unchanged)}
            {tile("red", "x-circle", t::row_refused(locale), tally.refused)}
        </ul>
    }
}

/// Refused rows first, then what would be written, then what would stay.
#[component]
fn Rows(locale: Locale, rows: Vec<PlannedRow>) -> impl IntoView {
    let (mut refused, mut sound): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| matches!(row.plan, RowPlan::Refused(_)));
    sound.sort_by_key(|row| matches!(row.plan, RowPlan::Unchanged));
    let refused_hidden = refused.len().saturating_sub(MAX_REFUSED);
    let sound_hidden = sound.len().saturating_sub(MAX_SOUND);
    refused.truncate(MAX_REFUSED);
    sound.truncate(MAX_SOUND);
    let lines = refused.into_iter().chain(sound).map(|row| view! { <Row locale=locale row=row /> });
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label=t::preview_title(locale)>
            <table class="table cards">
                <caption class="visually-hidden">{t::preview_title(locale)}</caption>
                <thead><tr>
                    <th>{t::column_line(locale)}</th>
                    <th>{t::column_state(locale)}</th>
                    <th>{t::column_person(locale)}</th>
                    <th>{t::column_start(locale)}</th>
                    <th>{t::column_note(locale)}</th>
                </tr></thead>
                <tbody>{lines.collect_view()}</tbody>
            </table>
        </div>
        {(refused_hidden > 0).then(|| view! { <p class="meta">{t::refused_hidden(locale, &t::rows(locale, refused_hidden))}</p> })}
        {(sound_hidden > 0).then(|| view! { <p class="meta">{t::rows_hidden(locale, &t::rows(locale, sound_hidden))}</p> })}
    }
}

#[component]
fn Row(locale: Locale, row: PlannedRow) -> impl IntoView {
    let PlannedRow { file, plan } = row;
    let (class, tone, icon, word) = match &plan {
        RowPlan::New => ("new", "green", "plus", t::row_new(locale)),
        RowPlan::Changed(_) => ("changed", "amber", "edit", t::row_changed(locale)),
        RowPlan::Unchanged => ("unchanged", "", "minus-circle", t::row_unchanged(locale)),
        RowPlan::Refused(_) => ("error", "red", "x-circle", t::row_refused(locale)),
    };
    let name = if file.form.name.is_empty() {
        format!("{}: {}", common::name(locale), t::value_missing(locale))
    } else {
        file.form.name.clone()
    };
    let start = parse_date(&file.form.start_date).map_or_else(|_| file.form.start_date.clone(), |date| words::short_date(locale, date));
    let note = match plan {
        RowPlan::Refused(problems) => Some(view! { <RowProblems locale=locale form=file.form.clone() problems=problems /> }.into_any()),
        RowPlan::Changed(fields) => Some(t::fields(locale, fields).into_any()),
        RowPlan::New | RowPlan::Unchanged => None,
    };
    view! {
        <tr class=class>
            <td class="line-no" data-label=t::column_line(locale)>{file.line}</td>
            <td data-label=t::column_state(locale)><Status tone=tone icon=icon word=word /></td>
            <th scope="row">{name}<small>{file.form.private_email.clone()}</small></th>
            <td data-label=t::column_start(locale)>{start}</td>
            <td data-label=t::column_note(locale)>{note.map(|note| view! { <div>{note}</div> })}</td>
        </tr>
    }
}

/// Every problem of a row: the column, what stood there, and why that cannot be.
#[component]
fn RowProblems(locale: Locale, form: PersonForm, problems: Vec<FieldProblem>) -> impl IntoView {
    let line = |problem: FieldProblem| {
        let value = value_of(&form, &problem.field);
        let value = (!value.is_empty()).then(|| format!(" {}", t::offending(locale, value)));
        let reason = problems::problem(locale, &problem.problem);
        view! { <p><strong>{t::field(locale, &problem.field)}</strong>{value}": "{reason}</p> }
    };
    problems.into_iter().map(line).collect_view()
}

/// What stands in a field, by its form name.
fn value_of<'a>(form: &'a PersonForm, field: &str) -> &'a str {
    match field {
        "name" => &form.name,
        "private_email" => &form.private_email,
        "work_email" => &form.work_email,
        "kind" => &form.kind,
        "country" => &form.country,
        "department" => &form.department,
        "job_title" => &form.job_title,
        "manager_email" => &form.manager_email,
        "start_date" => &form.start_date,
        "time_zone" => &form.time_zone,
        _ => "",
    }
}

/// Taking the list over.
#[component]
fn ApplyBar(locale: Locale, id: ImportId, tally: Tally, form: FormState) -> impl IntoView {
    let people = t::people(locale, tally.new);
    let rows = t::rows(locale, tally.new + tally.changed);
    let invite = (tally.new > 0).then(|| view! { <CheckField form=form name="invite" label=t::preview_invite(locale) checked=true /> });
    view! {
        <form class="sticky-bar" method="post" action=ApplyImport::PATH>
            <input type="hidden" name="id" value=id.to_string() />
            <div>
                <p><strong>{t::preview_ready(locale, &people, tally.changed)}</strong></p>
                {invite}
            </div>
            <div class="actions">
                <a class="button secondary" href="/people/import">{t::preview_other(locale)}</a>
                <button class="button">{t::preview_apply(locale, &rows)}</button>
            </div>
        </form>
    }
}
