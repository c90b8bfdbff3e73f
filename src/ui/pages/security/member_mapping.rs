//! Asking which column of an unknown list of members holds what: first the columns, then what their values mean.

use crate::{
    api::members::{MapMembers, member_list_path},
    domain::{
        locale::Locale,
        member::{MemberStatus, TwoStep, Vendor},
    },
    server::{
        context::Cx,
        service::{
            member_list::{Mapping as Columns, Sheet},
            member_mapping::{ALL_ACTIVE, MappingForm},
            rows::MemberList,
        },
    },
    ui::{
        components::{
            form::{ErrorSummary, FieldNotes, FormState, SelectField},
            notice::Notice,
        },
        texts::members as t,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Columns of the file that are shown.
const MAX_COLUMNS: usize = 12;

/// The question. `asked` are the columns that the address names, if any.
#[component]
pub fn Mapping(cx: Cx, list: MemberList, sheet: Sheet, guess: Columns, asked: MappingForm) -> impl IntoView {
    let locale = cx.locale;
    let is_asked = !(asked.email.is_empty() && asked.status.is_empty() && asked.two_step.is_empty());
    let columns = if is_asked { asked.columns(&sheet, &list.file_name) } else { guess };
    let form = FormState::of(&cx, MapMembers::PATH);
    let chosen = columns.email.is_some() && (columns.status.is_some() || columns.all_active);
    let path = member_list_path(list.id);
    let number = |column: Option<usize>| column.map_or_else(String::new, |column| column.to_string());
    let status = if columns.all_active { ALL_ACTIVE.to_owned() } else { number(columns.status) };
    let named = |first: &[(&str, &str)]| -> Vec<(String, String)> {
        let first = first.iter().map(|(value, word)| ((*value).to_owned(), (*word).to_owned()));
        let names = sheet.header.iter().enumerate().map(|(column, name)| {
            let name = if name.is_empty() { t::map_column(locale, column + 1) } else { name.clone() };
            (column.to_string(), name)
        });
        first.chain(names).collect()
    };
    let vendors = Vendor::ALL
        .iter()
        .map(|vendor| (vendor.as_str().to_owned(), t::vendor(locale, *vendor).to_owned()))
        .collect::<Vec<_>>();
    let first = form.clone();
    view! {
        <div class="page-heading"><div><h1>{t::map_title(locale)}</h1><p class="lead">{t::map_lead(locale)}</p></div></div>
        <Sample locale=locale sheet=sheet.clone() />
        <form class="form card" method="get" action=path>
            <div class="pair">
                <SelectField form=first.clone() name="vendor" label=t::map_vendor(locale) options=vendors value=columns.vendor.as_str() />
                <SelectField form=first.clone() name="email" label=t::map_email(locale) options=named(&[("", t::map_choose(locale))]) value=number(columns.email) />
                <SelectField
                    form=first.clone()
                    name="status"
                    label=t::map_status(locale)
                    options=named(&[("", t::map_choose(locale)), (ALL_ACTIVE, t::map_all_active(locale))])
                    value=status.clone()
                />
                <SelectField form=first name="two_step" label=t::map_two_step(locale) options=named(&[("", t::map_not_said(locale))]) value=number(columns.two_step) />
            </div>
            <button class=if chosen { "button secondary" } else { "button" }>{t::map_next(locale)}</button>
        </form>
        {chosen.then(|| view! {
            <form class="form card" method="post" action=MapMembers::PATH>
                <h2>{t::map_values(locale)}</h2>
                <ErrorSummary form=form.clone() />
                <input type="hidden" name="id" value=list.id.to_string() />
                <input type="hidden" name="vendor" value=columns.vendor.as_str() />
                <input type="hidden" name="email" value=number(columns.email) />
                <input type="hidden" name="status" value=status />
                <input type="hidden" name="two_step" value=number(columns.two_step) />
                <Statuses locale=locale form=form.clone() sheet=sheet.clone() columns=columns.clone() />
                <TwoSteps locale=locale form=form sheet=sheet columns=columns />
                <button class="button">{t::map_save(locale)}</button>
            </form>
        })}
    }
}

#[component]
fn Sample(locale: Locale, sheet: Sheet) -> impl IntoView {
    let head = sheet
        .header
        .iter()
        .take(MAX_COLUMNS)
        .map(|name| view! { <th scope="col">{name.clone()}</th> })
        .collect_view();
    let rows = sheet.sample.iter().map(|fields| {
        let cells = fields.iter().take(MAX_COLUMNS).map(|field| view! { <td>{field.clone()}</td> }).collect_view();
        view! { <tr>{cells}</tr> }
    });
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label=t::map_sample(locale)>
            <table class="table">
                <caption>{t::map_sample(locale)}</caption>
                <thead><tr>{head}</tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Statuses(locale: Locale, form: FormState, sheet: Sheet, columns: Columns) -> impl IntoView {
    let words: Vec<_> = MemberStatus::ALL.iter().map(|status| (status.as_str(), t::status(locale, *status))).collect();
    let fields = fields(&sheet, columns.status, |position, value| {
        let meaning = columns.status_of(value).map_or("", MemberStatus::as_str);
        let label = t::map_status_of(locale, shown_value(locale, value));
        value_field(locale, &form, format!("statuses[{position}]"), label, &words, meaning)
    });
    shown(locale, fields)
}

#[component]
fn TwoSteps(locale: Locale, form: FormState, sheet: Sheet, columns: Columns) -> impl IntoView {
    let words = [TwoStep::On, TwoStep::Off, TwoStep::Unknown].map(|two_step| (two_step.as_str(), t::two_step(locale, two_step)));
    let fields = fields(&sheet, columns.two_step, |position, value| {
        let meaning = columns.two_step_of(value).map_or("", TwoStep::as_str);
        let label = t::map_two_step_of(locale, shown_value(locale, value));
        value_field(locale, &form, format!("two_steps[{position}]"), label, &words, meaning)
    });
    shown(locale, fields)
}

/// A field for each different value of a column; none when there are too many.
fn fields(sheet: &Sheet, column: Option<usize>, field: impl Fn(usize, &str) -> AnyView) -> Option<Vec<AnyView>> {
    let Some(column) = column else { return Some(Vec::new()) };
    let values = sheet.values(column)?;
    Some(values.iter().enumerate().map(|(position, value)| field(position, value)).collect())
}

fn shown_value(locale: Locale, value: &str) -> &str {
    if value.is_empty() { t::empty_value(locale) } else { value }
}

fn shown(locale: Locale, fields: Option<Vec<AnyView>>) -> AnyView {
    match fields {
        Some(fields) => view! { <div class="pair">{fields}</div> }.into_any(),
        None => view! { <Notice tone="warning"><p>{t::map_too_many(locale)}</p></Notice> }.into_any(),
    }
}

fn value_field(locale: Locale, form: &FormState, name: String, label: String, words: &[(&'static str, &'static str)], meaning: &str) -> AnyView {
    let problem = form.problem(&name);
    let chosen = form.value(&name, meaning);
    let options = words
        .iter()
        .map(|(value, word)| view! { <option value=*value selected={*value == chosen}>{*word}</option> })
        .collect_view();
    let invalid = problem.is_some().then_some("true");
    view! {
        <div class="field">
            <label for=name.clone()>{label}</label>
            <FieldNotes name="value" hint=String::new() problem=problem />
            <select id=name.clone() name=name aria-invalid=invalid>
                <option value="">{t::map_choose(locale)}</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}
