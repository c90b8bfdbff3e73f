//! Making, changing and ending a rule. What it would do to how many people is shown before it is saved.

use super::rules::name;
use crate::{
    api::{
        error::ApiError,
        rules::{ChangeRule, EndRule, MakeRule, RULES, rule_path},
    },
    domain::{
        document::MAX_BODY,
        group::{ALTERNATIVE_FIELDS, AlternativeFields, AlternativeForm, MAX_FIELD},
        ids::RequirementId,
        locale::Locale,
        person::{MAX_TEXT, PersonKind},
        problem::Conflict,
        requirement::{Confirmer, Recurrence, RequirementKind},
        rule::{Counting, Effect, RuleForm, Subject},
    },
    server::service::rules::{Offers, Preview},
    ui::{
        components::{
            form::{CheckField, ErrorSummary, FormState, SelectField, TextField},
            icon::Icon,
            notice::{FlashNotice, Notice},
            paragraph::ParagraphField,
            task::TaskRow,
        },
        load::{PageTitle, load, path_param, query_param},
        texts::{common, rules as t},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/content/rules/new`
#[component]
pub fn NewRulePage() -> impl IntoView {
    let what = query_param("what");
    load(async move |cx| {
        let desk = cx.actor()?.rule_desk(&cx.app)?;
        let offers = desk.offers(cx.now).await?;
        let locale = cx.locale;
        let form = FormState::of(&cx, MakeRule::PATH);
        let subject = Subject::parse(&what).ok();
        let on_record = RuleForm {
            counting: Counting::AfterStart.as_str().to_owned(),
            days: "14".to_owned(),
            recurrence: Recurrence::Never.as_str().to_owned(),
            place: (offers.in_force + 1).to_string(),
            ..RuleForm::default()
        };
        let (rule, groups) = (typed(&form, &on_record), typed_groups(&form, &[]));
        let preview = if form.is_refused_by(Conflict::EffectUnseen) {
            desk.preview_new(cx.now, &what, &rule, &groups).await.ok()
        } else {
            None
        };
        let body = match subject {
            None => view! { <Choices locale=locale offers=offers.clone() /> }.into_any(),
            Some(subject) => {
                let fields = view! { <Fields locale=locale form=form.clone() kind=subject.kind rule=rule groups=groups most=offers.in_force + 1 /> };
                view! {
                    <form class="form" method="post" action=MakeRule::PATH novalidate>
                        <input type="hidden" name="what" value=what.clone() />
                        {fields}
                        <Confirm locale=locale preview=preview />
                    </form>
                }
                .into_any()
            }
        };
        let title = subject.map_or_else(
            || t::new(locale).to_owned(),
            |subject| format!("{}: {}", t::new(locale), asked_for(locale, &offers, subject)),
        );
        let lead = subject.is_none().then(|| view! { <p class="lead">{t::choose_lead(locale)}</p> });
        Ok(view! {
            <PageTitle text=title.clone() />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=RULES><Icon name="chevron-left" />{t::title(locale)}</a>
                <div class="page-heading"><div><h1>{title}</h1>{lead}</div></div>
                <FlashNotice cx=cx.clone() />
                {body}
            </main>
        }
        .into_any())
    })
}

fn asked_for(locale: Locale, offers: &Offers, subject: Subject) -> String {
    let text = offers
        .texts
        .iter()
        .find(|offer| offer.kind == subject.kind && offer.material == subject.material);
    text.map_or_else(
        || words::requirement_kind(locale, subject.kind).to_owned(),
        |offer| offer.title.get(locale).to_owned(),
    )
}

/// What a new rule can ask for, each one tap away.
#[component]
fn Choices(locale: Locale, offers: Offers) -> impl IntoView {
    let link = |choice: String| Some(format!("{RULES}/new?what={}", choice.replace(' ', "%20")));
    let kinds = offers.kinds.into_iter().map(|kind| {
        let text = match kind {
            RequirementKind::Instruction => t::choose_instruction_text(locale),
            _ => t::choose_ended_text(locale),
        };
        view! { <li><TaskRow href=link(kind.as_str().to_owned()) icon=words::kind_icon(kind) title=words::requirement_kind(locale, kind) meta=text /></li> }
    });
    let kinds = kinds.collect_view();
    let texts = offers.texts.into_iter().map(|offer| {
        let subject = Subject {
            kind: offer.kind,
            material: offer.material,
        };
        view! { <li><TaskRow href=link(subject.as_choice()) icon=words::kind_icon(offer.kind) title=offer.title.get(locale).to_owned() meta=t::choose_ended_text(locale) /></li> }
    });
    view! { <ul class="tasks" role="list">{kinds}{texts.collect_view()}</ul> }
}

/// `/content/rules/{id}`
#[component]
pub fn EditRulePage() -> impl IntoView {
    let id: Result<RequirementId, ApiError> = path_param("id");
    load(async move |cx| {
        let id = id?;
        let desk = cx.actor()?.rule_desk(&cx.app)?;
        let (stored, most) = desk.get(cx.now, id).await?;
        let locale = cx.locale;
        let title = t::edit_title(locale, &name(locale, &stored));
        let form = FormState::of(&cx, ChangeRule::PATH);
        let requirement = &stored.requirement;
        let (rule, groups) = (typed(&form, &RuleForm::of(requirement)), typed_groups(&form, &requirement.audience.rows()));
        let is_outdated = form.is_refused_by(Conflict::ChangedMeanwhile);
        let preview = if is_outdated || form.is_refused_by(Conflict::EffectUnseen) {
            desk.preview_change(cx.now, id, &rule, &groups).await.ok()
        } else {
            None
        };
        let outdated = is_outdated.then(|| view! { <Notice tone="warning"><p>{t::outdated(locale)}</p></Notice> });
        Ok(view! {
            <PageTitle text=title.clone() />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=RULES><Icon name="chevron-left" />{t::title(locale)}</a>
                <div class="page-heading">
                    <div><h1>{title}</h1></div>
                    <div class="actions"><a class="button quiet" href=format!("{}/end", rule_path(id))>{t::end_button(locale)}</a></div>
                </div>
                <FlashNotice cx=cx.clone() />
                {outdated}
                <form class="form" method="post" action=ChangeRule::PATH novalidate>
                    <input type="hidden" name="id" value=id.to_string() />
                    <input type="hidden" name="revision" value=stored.revision.to_string() />
                    <Fields locale=locale form=form kind=requirement.kind rule=rule groups=groups most=most />
                    <Confirm locale=locale preview=preview />
                </form>
            </main>
        }
        .into_any())
    })
}

/// `/content/rules/{id}/end`
#[component]
pub fn EndRulePage() -> impl IntoView {
    let id: Result<RequirementId, ApiError> = path_param("id");
    load(async move |cx| {
        let id = id?;
        let (rule, preview) = cx.actor()?.rule_desk(&cx.app)?.preview_end(cx.now, id).await?;
        let locale = cx.locale;
        let title = t::end_title(locale, &name(locale, &rule));
        Ok(view! {
            <PageTitle text=title.clone() />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=RULES><Icon name="chevron-left" />{t::title(locale)}</a>
                <div class="page-heading"><div><h1>{title}</h1><p class="lead">{t::end_lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                <EffectCard locale=locale effect=preview.effect />
                <form class="form" method="post" action=EndRule::PATH>
                    <input type="hidden" name="id" value=id.to_string() />
                    <input type="hidden" name="seen" value=preview.seal />
                    <div class="actions">
                        <button class="button danger">{t::end_button(locale)}</button>
                        <a class="button quiet" href=RULES>{common::cancel(locale)}</a>
                    </div>
                </form>
            </main>
        }
        .into_any())
    })
}

/// What was typed before the form came back, else what is on record.
fn typed(form: &FormState, on_record: &RuleForm) -> RuleForm {
    let ticked = form.is_checked("needs_file", !on_record.needs_file.is_empty());
    RuleForm {
        counting: form.value("counting", &on_record.counting),
        days: form.value("days", &on_record.days),
        recurrence: form.value("recurrence", &on_record.recurrence),
        place: form.value("place", &on_record.place),
        title_de: form.value("title_de", &on_record.title_de),
        title_en: form.value("title_en", &on_record.title_en),
        body_de: form.value("body_de", &on_record.body_de),
        body_en: form.value("body_en", &on_record.body_en),
        needs_file: if ticked { "on" } else { "" }.to_owned(),
        confirmed_by: form.value("confirmed_by", &on_record.confirmed_by),
    }
}

fn typed_groups(form: &FormState, on_record: &[AlternativeForm]) -> Vec<AlternativeForm> {
    let row = |(number, fields): (usize, AlternativeFields)| {
        let stored = on_record.get(number).cloned().unwrap_or_default();
        AlternativeForm {
            kind: form.value(fields.kind, &stored.kind),
            countries: form.value(fields.countries, &stored.countries),
            departments: form.value(fields.departments, &stored.departments),
            titles: form.value(fields.titles, &stored.titles),
            tags: form.value(fields.tags, &stored.tags),
        }
    };
    ALTERNATIVE_FIELDS.into_iter().enumerate().map(row).collect()
}

/// All fields of a rule that asks for this kind of thing.
#[component]
fn Fields(locale: Locale, form: FormState, kind: RequirementKind, rule: RuleForm, groups: Vec<AlternativeForm>, most: usize) -> impl IntoView {
    let task = (kind == RequirementKind::Instruction).then(|| view! { <TaskFields locale=locale form=form.clone() rule=rule.clone() /> });
    let filled = groups.iter().rposition(|row| *row != AlternativeForm::default()).map_or(0, |last| last + 1);
    let rows = ALTERNATIVE_FIELDS
        .into_iter()
        .zip(groups)
        .enumerate()
        // What is filled in, and one more.
        .take(filled + 1)
        .map(|(number, (fields, row))| view! { <GroupRow locale=locale form=form.clone() number=number + 1 fields=fields row=row /> });
    let countings = Counting::ALL.map(|counting| (counting.as_str().to_owned(), t::counting_word(locale, counting).to_owned()));
    let recurrences = Recurrence::ALL.map(|one| (one.as_str().to_owned(), t::recurrence_word(locale, one).to_owned()));
    view! {
        <ErrorSummary form=form.clone() labels=labels(locale) />
        {task}
        <section class="form-section">
            <h2>{t::section_group(locale)}</h2>
            <p class="muted">{t::section_group_text(locale)}</p>
            {rows.collect_view()}
        </section>
        <section class="form-section">
            <h2>{t::section_due(locale)}</h2>
            <p class="muted">{t::due_note(locale)}</p>
            <SelectField form=form.clone() name="counting" label=t::counting(locale) options=countings.into() value=rule.counting required=true />
            <div class="pair">
                <TextField form=form.clone() name="days" label=t::days(locale) hint=t::days_hint(locale) kind="number" class="short" value=rule.days />
                <TextField form=form.clone() name="place" label=t::place(locale) hint=t::place_hint(locale, most) kind="number" class="short" value=rule.place />
            </div>
            <SelectField form=form name="recurrence" label=t::recurrence(locale) options=recurrences.into() value=rule.recurrence required=true />
        </section>
    }
}

/// What there is to do.
#[component]
fn TaskFields(locale: Locale, form: FormState, rule: RuleForm) -> impl IntoView {
    let mut confirmers = vec![(String::new(), t::confirmed_by_nobody(locale).to_owned())];
    confirmers.extend(Confirmer::ALL.map(|one| (one.as_str().to_owned(), t::confirmer(locale, one).to_owned())));
    view! {
        <section class="form-section">
            <h2>{t::section_task(locale)}</h2>
            <TextField form=form.clone() name="title_de" label=t::title_de(locale) value=rule.title_de maxlength=MAX_TEXT required=true />
            <TextField form=form.clone() name="title_en" label=t::title_en(locale) value=rule.title_en maxlength=MAX_TEXT required=true />
            <ParagraphField form=form.clone() name="body_de" label=t::body_de(locale) hint=t::body_hint(locale) value=rule.body_de maxlength=MAX_BODY language="de" />
            <ParagraphField form=form.clone() name="body_en" label=t::body_en(locale) value=rule.body_en maxlength=MAX_BODY language="en" />
            <CheckField form=form.clone() name="needs_file" label=t::needs_file(locale) checked=!rule.needs_file.is_empty() />
            <SelectField form=form name="confirmed_by" label=t::confirmed_by(locale) hint=t::confirmed_by_hint(locale) options=confirmers value=rule.confirmed_by />
        </section>
    }
}

/// One alternative of the group.
#[component]
fn GroupRow(locale: Locale, form: FormState, number: usize, fields: AlternativeFields, row: AlternativeForm) -> impl IntoView {
    let legend = if number == 1 {
        t::group_of(locale, number)
    } else {
        t::group_or(locale, number)
    };
    let mut kinds = vec![(String::new(), t::any_kind(locale).to_owned())];
    kinds.extend([PersonKind::Employee, PersonKind::Contractor].map(|kind| (kind.as_str().to_owned(), words::person_kind(locale, kind).to_owned())));
    view! {
        <fieldset class="card form">
            <legend class="visually-hidden">{legend.clone()}</legend>
            <h3 aria-hidden="true">{legend}</h3>
            <div class="pair">
                <SelectField form=form.clone() name=fields.kind label=t::kind(locale) options=kinds value=row.kind />
                <TextField form=form.clone() name=fields.countries label=t::countries(locale) hint=t::countries_hint(locale) value=row.countries maxlength=MAX_FIELD />
            </div>
            <TextField form=form.clone() name=fields.departments label=t::departments(locale) hint=t::values_hint(locale) value=row.departments maxlength=MAX_FIELD />
            <TextField form=form.clone() name=fields.titles label=t::titles(locale) hint=t::values_hint(locale) value=row.titles maxlength=MAX_FIELD />
            <TextField form=form name=fields.tags label=t::tags(locale) hint=t::values_hint(locale) value=row.tags maxlength=MAX_FIELD />
        </fieldset>
    }
}

/// The effect once it was asked for, and the buttons: to save what was shown, or to have it shown.
#[component]
fn Confirm(locale: Locale, preview: Option<Preview>) -> impl IntoView {
    let again = if preview.is_some() { t::preview_again(locale) } else { t::preview(locale) };
    let class = if preview.is_some() { "button secondary" } else { "button" };
    let save = preview
        .as_ref()
        .map(|preview| view! { <button class="button" name="seen" value=preview.seal.clone()>{t::save(locale)}</button> });
    view! {
        {preview.map(|preview| view! { <EffectCard locale=locale effect=preview.effect /> })}
        <div class="actions">
            {save}
            <button class=class>{again}</button>
            <a class="button quiet" href=RULES>{common::cancel(locale)}</a>
        </div>
    }
}

/// Counted, before anything is done.
#[component]
fn EffectCard(locale: Locale, effect: Effect) -> impl IntoView {
    let some = |n: i64, sentence: fn(Locale, &str) -> String| (n > 0).then(|| sentence(locale, &words::people(locale, n)));
    let sentences = [
        some(effect.get, t::effect_get),
        some(effect.lose, t::effect_lose),
        some(effect.keep_evidence, t::effect_keep_evidence),
        some(effect.keep, t::effect_keep),
        some(effect.moved, t::effect_moved),
    ];
    let mut sentences: Vec<_> = sentences.into_iter().flatten().collect();
    if sentences.is_empty() {
        sentences.push(t::effect_nobody(locale).to_owned());
    }
    let items = sentences.into_iter().map(|sentence| view! { <li>{sentence}</li> });
    view! {
        <section class="card" id="effect">
            <h2>{t::effect(locale)}</h2>
            <ul>{items.collect_view()}</ul>
            <p class="meta">{t::effect_kept(locale)}</p>
        </section>
    }
}

/// What the error summary calls the fields.
fn labels(locale: Locale) -> Vec<(&'static str, String)> {
    let mut labels: Vec<_> = [
        ("what", t::column_what(locale)),
        ("title_de", t::title_de(locale)),
        ("title_en", t::title_en(locale)),
        ("body_de", t::body_de(locale)),
        ("body_en", t::body_en(locale)),
        ("needs_file", t::needs_file(locale)),
        ("confirmed_by", t::confirmed_by(locale)),
        ("counting", t::counting(locale)),
        ("days", t::days(locale)),
        ("place", t::place(locale)),
        ("recurrence", t::recurrence(locale)),
    ]
    .map(|(field, label)| (field, label.to_owned()))
    .into();
    for (number, fields) in (1..).zip(ALTERNATIVE_FIELDS) {
        let of = |label: &str| format!("{}, {label}", t::group_of(locale, number));
        labels.push((fields.kind, of(t::kind(locale))));
        labels.push((fields.countries, of(t::countries(locale))));
        labels.push((fields.departments, of(t::departments(locale))));
        labels.push((fields.titles, of(t::titles(locale))));
        labels.push((fields.tags, of(t::tags(locale))));
    }
    labels
}
