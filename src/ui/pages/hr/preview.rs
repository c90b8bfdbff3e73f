//! What an uploaded list would do, row by row, before anything is taken over.

use crate::{
    api::imports::ApplyImport,
    domain::{
        ids::ImportId,
        locale::Locale,
        person::{MAX_NOTE, PersonForm, parse_date},
        problem::FieldProblem,
    },
    server::service::{
        import::{PlannedRow, Preview, RowPlan, Tally},
        people_file::FileProblem,
    },
    ui::{
        components::{
            empty::Empty,
            form::{CheckField, ErrorSummary, FormState, TextField},
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
    let lead = t::preview_lead(locale, &file, &t::rows(locale, tally.refused + tally.sound()));
    let refused = (tally.refused > 0).then(|| {
        view! { <Notice tone="error"><p><strong>{t::preview_refused(locale, &t::rows(locale, tally.refused))}</strong>" "{t::preview_refused_text(locale)}</p></Notice> }
    });
    let nothing = (tally.refused == 0 && !applicable)
        .then(|| view! { <Notice tone="info"><p><strong>{t::preview_nothing(locale)}</strong>" "{t::preview_nothing_text(locale)}</p></Notice> });
    let moves_starts = preview.moves_starts();
    // What was refused about a row stands beside the row.
    let summary =
        (applicable && moves_starts).then(|| view! { <ErrorSummary form=form.clone() labels=vec![("reason", t::preview_reason(locale).to_owned())] /> });
    let bar = if applicable {
        view! { <ApplyBar locale=locale id=id tally=tally moves_starts=moves_starts form=form /> }.into_any()
    } else {
        view! { <div class="actions"><a class="button" href="/people/import">{t::preview_other(locale)}</a></div> }.into_any()
    };
    view! {
        <div class="page-heading"><div><h1>{t::preview_title(locale)}</h1><p class="lead">{lead}</p></div></div>
        {summary}
        {refused}
        {nothing}
        <TallyTiles locale=locale tally=tally />
        <Rows locale=locale rows=preview.rows tally=tally />
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

/// The rows that are shown, and how many are not.
#[component]
fn Rows(locale: Locale, rows: Vec<PlannedRow>, tally: Tally) -> impl IntoView {
    let refused = rows.iter().filter(|row| matches!(row.plan, RowPlan::Refused(_))).count();
    let refused_hidden = tally.refused - refused;
    let sound_hidden = tally.sound() - (rows.len() - refused);
    let lines = rows.into_iter().map(|row| view! { <Row locale=locale row=row /> });
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
fn ApplyBar(locale: Locale, id: ImportId, tally: Tally, moves_starts: bool, form: FormState) -> impl IntoView {
    let people = t::people(locale, tally.new);
    let rows = t::rows(locale, tally.new + tally.changed);
    let reason = moves_starts.then(|| {
        view! { <TextField form=form.clone() name="reason" label=t::preview_reason(locale) hint=t::move_reason_hint(locale) required=true maxlength=MAX_NOTE /> }
    });
    let invite = (tally.new > 0).then(|| view! { <CheckField form=form name="invite" label=t::preview_invite(locale) checked=true /> });
    view! {
        <form class="sticky-bar" method="post" action=ApplyImport::PATH novalidate>
            <input type="hidden" name="id" value=id.to_string() />
            <div>
                <p><strong>{t::preview_ready(locale, &people, tally.changed)}</strong></p>
                {reason}
                {invite}
            </div>
            <div class="actions">
                <a class="button secondary" href="/people/import">{t::preview_other(locale)}</a>
                <button class="button">{t::preview_apply(locale, &rows)}</button>
            </div>
        </form>
    }
}
