//! Forms: every field has a label, says what is wrong beside itself, and keeps what was typed when the form was refused.

use crate::{
    api::{error::ApiError, flash::Flash},
    domain::problem::{Conflict, FieldProblem},
    server::context::Cx,
    ui::{components::icon::Icon, texts::problems},
};
use leptos::prelude::*;

/// What a form shows: what was typed before it was refused, else what is on record.
#[derive(Clone)]
pub struct FormState {
    cx: Cx,
    typed: Option<Vec<(String, String)>>,
    problems: Vec<FieldProblem>,
    conflict: Option<Conflict>,
}

impl FormState {
    /// The state of the form that posts to `action`.
    pub fn of(cx: &Cx, action: &str) -> Self {
        let (typed, error) = match &cx.flash {
            Some(Flash::Failed { error, action: refused, typed }) if refused == action => (Some(typed.clone()), Some(error)),
            _ => (None, None),
        };
        let problems = match error {
            Some(ApiError::Invalid(problems)) => problems.clone(),
            _ => Vec::new(),
        };
        Self {
            cx: cx.clone(),
            typed,
            problems,
            conflict: match error {
                Some(ApiError::Conflict(conflict)) => Some(*conflict),
                _ => None,
            },
        }
    }

    /// The value of a field: as typed, else as on record.
    pub fn value(&self, name: &str, on_record: &str) -> String {
        let typed = self.typed.iter().flatten().find(|(key, _)| key == name);
        typed.map_or(on_record, |(_, value)| value).to_owned()
    }

    /// Whether a box is ticked: as it was sent, else as on record.
    pub fn is_checked(&self, name: &str, on_record: bool) -> bool {
        self.typed.as_ref().map_or(on_record, |typed| typed.iter().any(|(key, _)| key == name))
    }

    /// What is wrong with a field, in the reader's words.
    pub fn problem(&self, name: &str) -> Option<String> {
        self.problems
            .iter()
            .find(|problem| problem.field == name)
            .map(|problem| problems::problem(self.cx.locale, &problem.problem))
    }

    /// Whether anything was refused.
    pub fn is_refused(&self) -> bool {
        !self.problems.is_empty()
    }

    /// Whether it came back for this reason.
    pub fn is_refused_by(&self, conflict: Conflict) -> bool {
        self.conflict == Some(conflict)
    }

    /// Whether the fields hold what was typed and is not on record.
    pub fn is_unsaved(&self) -> bool {
        self.typed.is_some()
    }

    /// Whether somebody else changed what the form is about while it was filled in.
    pub fn is_outdated(&self) -> bool {
        self.is_refused_by(Conflict::ChangedMeanwhile)
    }
}

/// All problems at the top of a form, each leading to its field. The browser begins to read the page here.
#[component]
pub fn ErrorSummary(form: FormState, #[prop(optional)] labels: Vec<(&'static str, String)>) -> impl IntoView {
    form.is_refused().then(|| {
        let locale = form.cx.locale;
        let items = form.problems.iter().map(|problem| {
            let label = labels
                .iter()
                .find(|(name, _)| *name == problem.field)
                .map(|(_, label)| if label.ends_with('?') { format!("{label} ") } else { format!("{label}: ") })
                .unwrap_or_default();
            view! { <li><a href=format!("#{}", problem.field)>{label}{problems::problem(locale, &problem.problem)}</a></li> }
        });
        view! {
            <div class="error-summary" role="alert" tabindex="-1" autofocus=true>
                <h2><Icon name="alert" />{problems::please_check(locale, form.problems.len())}</h2>
                <ul>{items.collect_view()}</ul>
            </div>
        }
    })
}

/// A line to type into. `kind` is the input's type.
#[component]
pub fn TextField(
    form: FormState,
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] required: bool,
    #[prop(optional)] maxlength: Option<usize>,
    #[prop(optional)] autocomplete: Option<&'static str>,
    /// Which keys a phone shows, where `kind` does not say it.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// The id of a `<datalist>` with suggestions.
    #[prop(optional)]
    list: Option<&'static str>,
    #[prop(optional)] class: Option<&'static str>,
    /// Said beside the label of a field that may stay empty.
    #[prop(optional, into)]
    optional: String,
    /// Whether one begins to type here at once, on a page that has just this purpose. Never beside an [`ErrorSummary`].
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let problem = form.problem(name);
    let described = described_by(name, !hint.is_empty(), problem.is_some());
    let value = if kind == "password" { String::new() } else { form.value(name, &value) };
    view! {
        <div class="field">
            <label for=name>{label}{(!optional.is_empty()).then(|| view! { " "<span class="optional">{optional}</span> })}</label>
            <FieldNotes name=name hint=hint problem=problem.clone() />
            <input
                id=name
                name=name
                type=kind
                value=value
                class=class
                required=required
                maxlength=maxlength.map(|max| max.to_string())
                autocomplete=autocomplete
                inputmode=inputmode
                list=list
                autofocus=autofocus
                aria-invalid=problem.is_some().then_some("true")
                aria-describedby=described
            />
        </div>
    }
}

/// A choice from a list. `options` are values and words.
#[component]
pub fn SelectField(
    form: FormState,
    name: &'static str,
    #[prop(into)] label: String,
    options: Vec<(String, String)>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let problem = form.problem(name);
    let described = described_by(name, !hint.is_empty(), problem.is_some());
    let chosen = form.value(name, &value);
    let options = options.into_iter().map(|(value, word)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{word}</option> }
    });
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <FieldNotes name=name hint=hint problem=problem.clone() />
            <select id=name name=name required=required aria-invalid=problem.is_some().then_some("true") aria-describedby=described>
                {options.collect_view()}
            </select>
        </div>
    }
}

/// A box to tick.
#[component]
pub fn CheckField(
    form: FormState,
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional)] checked: bool,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let problem = form.problem(name);
    let described = described_by(name, false, problem.is_some());
    let checked = form.is_checked(name, checked);
    view! {
        <div class="field">
            <FieldNotes name=name hint=String::new() problem=problem.clone() />
            <label class="check">
                <input id=name type="checkbox" name=name value="on" checked=checked required=required aria-invalid=problem.is_some().then_some("true") aria-describedby=described />
                <span>{label}</span>
            </label>
        </div>
    }
}

/// A file to choose. `accept` is the input's: endings and media types.
#[component]
pub fn FileField(
    form: FormState,
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] hint: String,
    accept: &'static str,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let problem = form.problem(name);
    let described = described_by(name, !hint.is_empty(), problem.is_some());
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <FieldNotes name=name hint=hint problem=problem.clone() />
            <input
                id=name
                name=name
                type="file"
                accept=accept
                required=required
                aria-invalid=problem.is_some().then_some("true")
                aria-describedby=described
            />
        </div>
    }
}

/// The hint and the problem of a field.
#[component]
pub fn FieldNotes(name: &'static str, hint: String, problem: Option<String>) -> impl IntoView {
    view! {
        {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{name}-hint")>{hint}</p> })}
        {problem.map(|problem| view! { <p class="error" id=format!("{name}-error")><Icon name="alert" />{problem}</p> })}
    }
}

fn described_by(name: &str, has_hint: bool, has_problem: bool) -> Option<String> {
    let ids: Vec<String> = [(has_hint, "hint"), (has_problem, "error")]
        .into_iter()
        .filter(|(has, _)| *has)
        .map(|(_, part)| format!("{name}-{part}"))
        .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}
