//! What is lawful in one country: the words for it, the choices, how long a check may take.

use crate::{
    api::check_profiles::ChangeCheckProfile,
    domain::{
        check_profile::{CHOICE_FIELDS, Choice, ChoiceFields, MAX_CHOICES, MAX_SENTENCE, Profile, Way},
        locale::Locale,
        person::MAX_TEXT,
    },
    server::{context::Cx, service::rows::ProfileVersion},
    ui::{
        components::{
            form::{CheckField, ErrorSummary, FormState, SelectField, TextField},
            icon::Icon,
            notice::FlashNotice,
            paragraph::ParagraphField,
        },
        load::{PageTitle, load, path_param},
        texts::{checks as t, common},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Empty rows for choices that are new.
const SPARE_ROWS: usize = 2;

/// `/content/check-profiles/{country}`
#[component]
pub fn CheckProfilePage() -> impl IntoView {
    let key: Result<String, _> = path_param("country");
    load(async move |cx| {
        let stored = cx.actor()?.check_profile_desk(&cx.app)?.get(&key?).await?;
        let locale = cx.locale;
        let title = t::profile_title(locale, &t::country(locale, stored.profile.key()));
        Ok(view! {
            <PageTitle text=title.clone() />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href="/content/check-profiles"><Icon name="chevron-left" />{t::profiles_title(locale)}</a>
                <div class="page-heading"><div><h1>{title}</h1><p class="lead">{t::profile_lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                <ProfileForm cx=cx.clone() stored=stored />
            </main>
        }
        .into_any())
    })
}

#[component]
fn ProfileForm(cx: Cx, stored: ProfileVersion) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, ChangeCheckProfile::PATH);
    let ProfileVersion { profile, version } = stored;
    let key = profile.key().to_owned();
    let rows = (profile.choices.len() + SPARE_ROWS).min(MAX_CHOICES);
    let choices = CHOICE_FIELDS.into_iter().take(rows).enumerate().map(|(row, fields)| {
        let choice = profile.choices.get(row).cloned();
        let legend = if choice.is_some() {
            t::choice_of(locale, row + 1)
        } else {
            t::choice_new(locale).to_owned()
        };
        view! { <ChoiceRow locale=locale form=form.clone() fields=fields legend=legend choice=choice /> }
    });
    let choices = choices.collect_view();
    view! {
        <form class="form" method="post" action=ChangeCheckProfile::PATH novalidate>
            <ErrorSummary form=form.clone() labels=labels(locale, &profile) />
            <input type="hidden" name="key" value=key />
            <input type="hidden" name="version" value=version.to_string() />
            <section class="form-section">
                <h2>{t::sentence_section(locale)}</h2>
                <ParagraphField form=form.clone() name="sentence_de" label=t::sentence_de(locale) hint=t::sentence_hint(locale) value=profile.sentence.de.clone() maxlength=MAX_SENTENCE language="de" />
                <ParagraphField form=form.clone() name="sentence_en" label=t::sentence_en(locale) value=profile.sentence.en.clone() maxlength=MAX_SENTENCE language="en" />
                <CheckField form=form.clone() name="needs_consent" label=t::needs_consent(locale) checked=profile.needs_consent />
                <div class="pair">
                    <TextField form=form.clone() name="patience_days" label=t::patience(locale) hint=t::patience_hint(locale) kind="number" class="short" value=profile.patience_days.to_string() required=true />
                    <TextField form=form.clone() name="purge_after_days" label=t::purge_after(locale) hint=t::purge_after_hint(locale) kind="number" class="short" value=profile.purge_after_days.to_string() required=true />
                </div>
            </section>
            <section class="form-section">
                <h2>{t::choices_section(locale)}</h2>
                <p class="muted">{t::choices_hint(locale)}</p>
                {choices}
            </section>
            <div class="actions">
                <button class="button">{common::save(locale)}</button>
                <a class="button quiet" href="/content/check-profiles">{common::cancel(locale)}</a>
            </div>
        </form>
    }
}

/// One lawful choice.
#[component]
fn ChoiceRow(locale: Locale, form: FormState, fields: ChoiceFields, legend: String, choice: Option<Choice>) -> impl IntoView {
    let ways = Way::ALL.map(|way| (way.as_str().to_owned(), t::way_word(locale, way).to_owned())).into();
    let way = choice.as_ref().map_or(Way::Alternative, |choice| choice.way);
    let (key, label_de, label_en, legal_basis) =
        choice.map_or_else(Default::default, |choice| (choice.key, choice.label.de, choice.label.en, choice.legal_basis));
    view! {
        <fieldset class="card form">
            <legend class="visually-hidden">{legend.clone()}</legend>
            <h3 aria-hidden="true">{legend}</h3>
            <input type="hidden" name=fields.key value=form.value(fields.key, &key) />
            <TextField form=form.clone() name=fields.label_de label=t::label_de(locale) value=label_de maxlength=MAX_TEXT />
            <TextField form=form.clone() name=fields.label_en label=t::label_en(locale) value=label_en maxlength=MAX_TEXT />
            <SelectField form=form.clone() name=fields.way label=t::way(locale) options=ways value=way.as_str() />
            <TextField form=form name=fields.legal_basis label=t::legal_basis(locale) value=legal_basis maxlength=MAX_TEXT />
        </fieldset>
    }
}

/// What the error summary calls the fields.
fn labels(locale: Locale, profile: &Profile) -> Vec<(&'static str, String)> {
    let mut labels = vec![
        ("sentence_de", t::sentence_de(locale).to_owned()),
        ("sentence_en", t::sentence_en(locale).to_owned()),
        ("needs_consent", t::consent_title(locale).to_owned()),
        ("patience_days", t::patience(locale).to_owned()),
        ("purge_after_days", t::purge_after(locale).to_owned()),
    ];
    for (row, fields) in CHOICE_FIELDS.into_iter().take(profile.choices.len() + SPARE_ROWS).enumerate() {
        let of = |label: &str| format!("{}, {label}", t::choice_of(locale, row + 1));
        labels.push((fields.label_de, of(t::label_de(locale))));
        labels.push((fields.label_en, of(t::label_en(locale))));
        labels.push((fields.way, of(t::way(locale))));
        labels.push((fields.legal_basis, of(t::legal_basis(locale))));
    }
    labels
}
