//! Adding a person, and changing what is known of one. The start date moves on a page of its own, as its moves have a history.

use super::changes::ConfirmChange;
use crate::{
    api::people::{AddPerson, ChangePerson},
    domain::{
        ids::PersonId,
        locale::Locale,
        person::{COUNTRIES, MAX_TEXT, PersonForm, PersonKind},
        problem::Conflict,
        tags::MAX_FIELD,
    },
    server::{context::Cx, zones},
    ui::{
        components::{
            form::{CheckField, ErrorSummary, FormState, SelectField, TextField},
            icon::Icon,
            notice::FlashNotice,
        },
        load::{PageTitle, load, path_param},
        texts::{common, hr as t, rules},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The longest address.
const MAX_EMAIL: usize = 254;
/// All fields, in the order of the form.
const FIELDS: [&str; 12] = [
    "name",
    "private_email",
    "work_email",
    "kind",
    "start_date",
    "department",
    "job_title",
    "manager_email",
    "tags",
    "country",
    "time_zone",
    "language",
];

/// `/people/new`
#[component]
pub fn NewPersonPage() -> impl IntoView {
    load(async move |cx| {
        cx.actor()?.people_editing_desk(&cx.app)?;
        let locale = cx.locale;
        let form = FormState::of(&cx, AddPerson::PATH);
        let on_record = PersonForm {
            kind: PersonKind::Employee.as_str().to_owned(),
            time_zone: cx.app.settings().time_zone.clone(),
            ..PersonForm::default()
        };
        Ok(view! {
            <PageTitle text=t::new_title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href="/people"><Icon name="chevron-left" />{t::people_title(locale)}</a>
                <div class="page-heading"><div><h1>{t::new_title(locale)}</h1><p class="lead">{t::new_lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                <form class="form" method="post" action=AddPerson::PATH novalidate>
                    <Fields cx=cx.clone() form=form.clone() on_record=on_record id=None />
                    <CheckField form=form name="invite" label=t::invite(locale) checked=true />
                    <div class="actions">
                        <button class="button">{t::new_title(locale)}</button>
                        <a class="button quiet" href="/people">{common::cancel(locale)}</a>
                    </div>
                </form>
            </main>
        }
        .into_any())
    })
}

/// `/people/{id}/edit`
#[component]
pub fn EditPersonPage() -> impl IntoView {
    let id = path_param::<PersonId>("id");
    load(async move |cx| {
        let id = id?;
        let desk = cx.actor()?.people_editing_desk(&cx.app)?;
        let (person, on_record) = desk.form(id).await?;
        let locale = cx.locale;
        let form = FormState::of(&cx, ChangePerson::PATH);
        let preview = if form.is_refused_by(Conflict::EffectUnseen) {
            desk.preview_change(cx.now, id, &typed(&form, &on_record)).await.ok().flatten()
        } else {
            None
        };
        let title = t::edit_title(locale, person.details.name.as_str());
        let page = format!("/people/{id}");
        Ok(view! {
            <PageTitle text=title.clone() />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=page.clone()><Icon name="chevron-left" />{person.details.name.as_str().to_owned()}</a>
                <div class="page-heading"><h1>{title}</h1></div>
                <FlashNotice cx=cx.clone() />
                <form class="form" method="post" action=ChangePerson::PATH novalidate>
                    <input type="hidden" name="id" value=id.to_string() />
                    <Fields cx=cx.clone() form=form on_record=on_record id=Some(id) />
                    <ConfirmChange locale=locale preview=preview save=common::save(locale) back=page />
                </form>
            </main>
        }
        .into_any())
    })
}

/// What was typed before the form came back, else what is on record.
fn typed(form: &FormState, on_record: &PersonForm) -> PersonForm {
    PersonForm {
        name: form.value("name", &on_record.name),
        private_email: form.value("private_email", &on_record.private_email),
        work_email: form.value("work_email", &on_record.work_email),
        kind: form.value("kind", &on_record.kind),
        country: form.value("country", &on_record.country),
        department: form.value("department", &on_record.department),
        job_title: form.value("job_title", &on_record.job_title),
        manager_email: form.value("manager_email", &on_record.manager_email),
        start_date: on_record.start_date.clone(),
        time_zone: form.value("time_zone", &on_record.time_zone),
        language: form.value("language", &on_record.language),
        tags: form.value("tags", &on_record.tags),
    }
}

/// The fields of both forms. `id` is the person's, if there is one already; then the start date is not among them.
#[component]
fn Fields(cx: Cx, form: FormState, on_record: PersonForm, id: Option<PersonId>) -> impl IntoView {
    let locale = cx.locale;
    let labels = FIELDS.map(|name| (name, t::field(locale, name).to_owned())).to_vec();
    let label = |name: &str| t::field(locale, name);
    let kinds = [PersonKind::Employee, PersonKind::Contractor].map(|kind| (kind.as_str().to_owned(), words::person_kind(locale, kind).to_owned()));
    let start = if let Some(id) = id {
        view! { <MovesElsewhere locale=locale id=id date=on_record.start_date.clone() /> }.into_any()
    } else {
        view! {
            <TextField form=form.clone() name="start_date" label=label("start_date") hint=t::hint_start(locale) kind="date" class="short" value=on_record.start_date.clone() required=true />
        }
        .into_any()
    };
    view! {
        <ErrorSummary form=form.clone() labels=labels />
        <fieldset class="form-section">
            <legend>{t::section_person(locale)}</legend>
            <TextField form=form.clone() name="name" label=label("name") value=on_record.name autocomplete="off" required=true maxlength=MAX_TEXT />
            <TextField form=form.clone() name="private_email" label=label("private_email") hint=t::hint_private(locale) kind="email" value=on_record.private_email autocomplete="off" required=true maxlength=MAX_EMAIL />
            <TextField form=form.clone() name="work_email" label=label("work_email") kind="email" value=on_record.work_email autocomplete="off" maxlength=MAX_EMAIL optional=common::optional(locale) />
        </fieldset>
        <fieldset class="form-section">
            <legend>{t::section_job(locale)}</legend>
            <SelectField form=form.clone() name="kind" label=label("kind") options=kinds.to_vec() value=on_record.kind required=true />
            {start}
            <div class="pair">
                <TextField form=form.clone() name="department" label=label("department") value=on_record.department required=true maxlength=MAX_TEXT />
                <TextField form=form.clone() name="job_title" label=label("job_title") value=on_record.job_title required=true maxlength=MAX_TEXT />
            </div>
            <TextField form=form.clone() name="manager_email" label=label("manager_email") hint=t::hint_manager(locale) kind="email" value=on_record.manager_email autocomplete="off" maxlength=MAX_EMAIL optional=common::optional(locale) />
            <TextField form=form.clone() name="tags" label=label("tags") hint=rules::person_tags_hint(locale) value=on_record.tags autocomplete="off" maxlength=MAX_FIELD optional=common::optional(locale) />
        </fieldset>
        <fieldset class="form-section">
            <legend>{t::section_place(locale)}</legend>
            <div class="pair">
                <TextField form=form.clone() name="country" label=label("country") hint=t::hint_country(locale) value=on_record.country list="countries" autocomplete="off" required=true maxlength=2 />
                <TextField form=form.clone() name="time_zone" label=label("time_zone") hint=t::hint_zone(locale) value=on_record.time_zone list="zones" autocomplete="off" required=true maxlength=MAX_TEXT />
            </div>
            <SelectField form=form name="language" label=label("language") hint=t::hint_language(locale) options=languages(locale, id.is_none()) value=on_record.language />
            <datalist id="countries">{COUNTRIES.split_ascii_whitespace().map(|code| view! { <option value=code></option> }).collect_view()}</datalist>
            <datalist id="zones">{zones::all().into_iter().map(|zone| view! { <option value=zone></option> }).collect_view()}</datalist>
        </fieldset>
    }
}

/// Languages to choose from; for somebody new the country can decide.
fn languages(locale: Locale, by_country: bool) -> Vec<(String, String)> {
    let by_country = by_country.then(|| (String::new(), t::language_by_country(locale).to_owned()));
    let word = |language: Locale| match language {
        Locale::De => t::german(locale).to_owned(),
        Locale::En => t::english(locale).to_owned(),
    };
    by_country
        .into_iter()
        .chain([Locale::De, Locale::En].map(|language| (language.tag().to_owned(), word(language))))
        .collect()
}

#[component]
fn MovesElsewhere(locale: Locale, id: PersonId, date: String) -> impl IntoView {
    let day = crate::domain::person::parse_date(&date)
        .map(|day| words::long_date(locale, day))
        .unwrap_or_default();
    view! {
        <dl class="facts"><div>
            <dt>{common::start_date(locale)}</dt>
            <dd><time datetime=date>{day}</time></dd>
        </div></dl>
        <p class="meta">{t::start_moves_elsewhere(locale)}" "<a href=format!("/people/{id}/start-date")>{t::move_start(locale)}</a></p>
    }
}
