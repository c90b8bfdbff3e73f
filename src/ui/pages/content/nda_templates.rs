//! NDA templates: whom each is for, how many people that is, and what a change would mean.

use crate::{
    api::{
        error::ApiError,
        nda_templates::{ChangeNdaTemplate, CreateNdaTemplate, RetireNdaTemplate, template_path},
    },
    domain::{
        ids::DocumentId,
        locale::Locale,
        nda_template::Audience,
        person::{Country, Line, MAX_TEXT, PersonKind},
    },
    server::service::{
        nda_templates::{Change, TemplateForm, TemplatePage, TemplateUse},
        rows::TemplateRow,
    },
    ui::{
        components::{
            form::{ErrorSummary, FormState, SelectField, TextField},
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, path_param, query_param},
        texts::{checks, common, nda as t},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

const LIST: &str = "/content/nda-templates";

/// `/content/nda-templates`
#[component]
pub fn NdaTemplatesPage() -> impl IntoView {
    load(async move |cx| {
        let templates = cx.actor()?.nda_template_desk(&cx.app)?.list(cx.now).await?;
        let locale = cx.locale;
        let rows = templates.into_iter().map(|one| view! { <Row locale=locale one=one /> });
        Ok(view! {
            <PageTitle text=t::templates_title(locale) />
            <main class="page" id="main" tabindex="-1">
                <a class="back" href="/content"><Icon name="chevron-left" />{common::nav_content(locale)}</a>
                <div class="page-heading">
                    <div><h1>{t::templates_title(locale)}</h1><p class="lead">{t::templates_lead(locale)}</p></div>
                    <div class="actions"><a class="button" href="/content/nda-templates/new"><Icon name="plus" />{t::template_new(locale)}</a></div>
                </div>
                <FlashNotice cx=cx.clone() />
                <section class="card flush">
                    <div class="table-frame" tabindex="0" role="region" aria-label=t::templates_title(locale)>
                        <table class="table cards">
                            <caption class="visually-hidden">{t::templates_title(locale)}</caption>
                            <thead><tr>
                                <th>{t::column_template(locale)}</th>
                                <th>{t::column_for(locale)}</th>
                                <th>{t::column_version(locale)}</th>
                                <th>{t::column_people(locale)}</th>
                                <th class="end"><span class="visually-hidden">{t::edit_text(locale)}</span></th>
                            </tr></thead>
                            <tbody>{rows.collect_view()}</tbody>
                        </table>
                    </div>
                </section>
            </main>
        }
        .into_any())
    })
}

#[component]
fn Row(locale: Locale, one: TemplateUse) -> impl IntoView {
    let TemplateUse { template, people } = one;
    let id = template.document;
    let version = version_of(locale, &template);
    let audience = audience_of(locale, &template.audience);
    let is_retired = template.retired_at.is_some();
    let is_default = template.name.is_none();
    let name = template.name.unwrap_or_else(|| t::template_default(locale).to_owned());
    let of_template = name.clone();
    let of_template = move || view! { <span class="visually-hidden">{format!(": {of_template}")}</span> };
    let change = (!is_default).then(|| view! { <a class="button quiet small" href=template_path(id)>{t::change_audience(locale)}{of_template()}</a> });
    view! {
        <tr>
            <th scope="row">{name}{is_retired.then(|| view! { <small>{t::retired(locale)}</small> })}</th>
            <td data-label=t::column_for(locale)>{audience}</td>
            <td data-label=t::column_version(locale)>{version}</td>
            <td data-label=t::column_people(locale)>{people}</td>
            <td class="end"><div class="actions">
                <a class="button secondary small" href=format!("/content/documents/{id}")>{t::edit_text(locale)}{of_template()}</a>
                {change}
            </div></td>
        </tr>
    }
}

fn version_of(locale: Locale, template: &TemplateRow) -> String {
    template.published.as_ref().map_or_else(
        || t::no_version(locale).to_owned(),
        |text| t::version(locale, text.number, &words::short_date(locale, text.at.date())),
    )
}

fn audience_of(locale: Locale, audience: &Audience) -> String {
    let parts = [
        audience.kind.map(|kind| words::person_kind(locale, kind).to_owned()),
        audience.country.as_ref().map(|country| checks::country(locale, country.as_str())),
        audience.department.as_ref().map(|department| department.as_str().to_owned()),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        t::for_everyone_else(locale).to_owned()
    } else {
        parts.join(" · ")
    }
}

/// `/content/nda-templates/new`
#[component]
pub fn NewNdaTemplatePage() -> impl IntoView {
    load(async move |cx| {
        cx.actor()?.nda_template_desk(&cx.app)?;
        let locale = cx.locale;
        let form = FormState::of(&cx, CreateNdaTemplate::PATH);
        Ok(view! {
            <PageTitle text=t::template_new(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=LIST><Icon name="chevron-left" />{t::templates_title(locale)}</a>
                <div class="page-heading"><div><h1>{t::template_new(locale)}</h1><p class="lead">{t::new_lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                <form class="form" method="post" action=CreateNdaTemplate::PATH novalidate>
                    <Fields locale=locale form=form values=Values::default() />
                    <div class="actions">
                        <button class="button">{t::create_button(locale)}</button>
                        <a class="button quiet" href=LIST>{common::cancel(locale)}</a>
                    </div>
                </form>
            </main>
        }
        .into_any())
    })
}

/// What the fields of a template hold.
#[derive(Clone, Default)]
struct Values {
    name: String,
    kind: String,
    country: String,
    department: String,
}

impl Values {
    fn of(template: &TemplateRow) -> Self {
        let audience = &template.audience;
        Self {
            name: template.name.clone().unwrap_or_default(),
            kind: audience.kind.map(PersonKind::as_str).unwrap_or_default().to_owned(),
            country: audience.country.as_ref().map(Country::as_str).unwrap_or_default().to_owned(),
            department: audience.department.as_ref().map(Line::as_str).unwrap_or_default().to_owned(),
        }
    }

    /// What somebody wants to see the effect of; none without a name.
    fn proposed() -> Option<Self> {
        let values = Self {
            name: query_param("name"),
            kind: query_param("kind"),
            country: query_param("country"),
            department: query_param("department"),
        };
        (!values.name.is_empty()).then_some(values)
    }

    fn form(&self) -> TemplateForm<'_> {
        TemplateForm {
            name: &self.name,
            kind: &self.kind,
            country: &self.country,
            department: &self.department,
        }
    }
}

#[component]
fn Fields(locale: Locale, form: FormState, values: Values) -> impl IntoView {
    let labels = vec![
        ("name", t::field_name(locale).to_owned()),
        ("kind", t::field_kind(locale).to_owned()),
        ("country", t::field_country(locale).to_owned()),
        ("department", t::field_department(locale).to_owned()),
    ];
    let mut kinds = vec![(String::new(), t::any_kind(locale).to_owned())];
    kinds.extend([PersonKind::Employee, PersonKind::Contractor].map(|kind| (kind.as_str().to_owned(), words::person_kind(locale, kind).to_owned())));
    view! {
        <ErrorSummary form=form.clone() labels=labels />
        <TextField form=form.clone() name="name" label=t::field_name(locale) hint=t::field_name_hint(locale) value=values.name maxlength=MAX_TEXT required=true />
        <SelectField form=form.clone() name="kind" label=t::field_kind(locale) options=kinds value=values.kind />
        <TextField form=form.clone() name="country" label=t::field_country(locale) hint=t::field_country_hint(locale) value=values.country class="short" maxlength=2 />
        <TextField form=form name="department" label=t::field_department(locale) hint=t::field_department_hint(locale) value=values.department maxlength=MAX_TEXT />
    }
}

/// `/content/nda-templates/{id}`
#[component]
pub fn NdaTemplatePage() -> impl IntoView {
    let id: Result<DocumentId, ApiError> = path_param("id");
    let proposed = Values::proposed();
    load(async move |cx| {
        let id = id?;
        let desk = cx.actor()?.nda_template_desk(&cx.app)?;
        let form = proposed.as_ref().map(Values::form);
        let TemplatePage { template, people, change } = desk.get(cx.now, id, form.as_ref()).await?;
        let locale = cx.locale;
        let name = template.name.clone().unwrap_or_default();
        let values = proposed.unwrap_or_else(|| Values::of(&template));
        let body = if template.retired_at.is_some() {
            view! { <Notice tone="info"><p>{t::is_retired(locale)}</p></Notice> }.into_any()
        } else {
            let form = FormState::of(&cx, ChangeNdaTemplate::PATH);
            view! { <Editor locale=locale id=id form=form values=values change=change /> }.into_any()
        };
        let is_published = template.published.is_some();
        let lead = if is_published {
            format!(
                "{} {}: {}",
                t::people_now(locale, &words::people(locale, people)),
                t::column_version(locale),
                version_of(locale, &template)
            )
        } else {
            t::no_text(locale).to_owned()
        };
        let class = if is_published { "button secondary" } else { "button" };
        Ok(view! {
            <PageTitle text=name.clone() />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=LIST><Icon name="chevron-left" />{t::templates_title(locale)}</a>
                <div class="page-heading">
                    <div><h1>{name}</h1><p class="lead">{lead}</p></div>
                    <div class="actions"><a class=class href=format!("/content/documents/{id}")><Icon name="edit" />{t::edit_text(locale)}</a></div>
                </div>
                <FlashNotice cx=cx.clone() />
                {body}
            </main>
        }
        .into_any())
    })
}

/// Name and audience, the effect of what was proposed, and taking the template out of use.
#[component]
fn Editor(locale: Locale, id: DocumentId, form: FormState, values: Values, change: Option<Change>) -> impl IntoView {
    let effect = change.map_or_else(
        || t::change_note(locale).to_owned(),
        |change| t::change_is(locale, &words::people(locale, change.people), &words::people(locale, change.moved)),
    );
    view! {
        <form class="form" method="post" action=ChangeNdaTemplate::PATH novalidate>
            <input type="hidden" name="id" value=id.to_string() />
            <Fields locale=locale form=form values=values />
            <Notice tone="info"><p>{effect}</p></Notice>
            <div class="actions">
                <button class="button">{t::save_button(locale)}</button>
                <button class="button secondary" formmethod="get" formaction=template_path(id)>{t::preview_button(locale)}</button>
                <a class="button quiet" href=LIST>{common::cancel(locale)}</a>
            </div>
        </form>
        <details class="disclosure">
            <summary>{t::retire_button(locale)}</summary>
            <form class="stack" method="post" action=RetireNdaTemplate::PATH>
                <p>{t::retire_text(locale)}</p>
                <input type="hidden" name="id" value=id.to_string() />
                <button class="button danger">{t::retire_button(locale)}</button>
            </form>
        </details>
    }
}
