//! A question that says at once whether an answer is right. Without script it is a plain group of radio buttons in the quiz's form.
//!
//! Arrow keys move through radio buttons by choosing them; an answer chosen that way waits for a press of the button, so that
//! nobody answers by looking through the options.

use crate::{
    api::training::{AnswerFeedback, AnswerQuestion},
    domain::ids::AssignmentId,
    islands::call::{CallError, call},
};
use leptos::{
    ev, html,
    prelude::*,
    server_fn::ServerFn,
    task::spawn_local,
    wasm_bindgen::JsCast,
    web_sys::{HtmlFieldSetElement, HtmlFormElement, HtmlInputElement, Node},
};
use serde::{Deserialize, Serialize};

/// A question as it stands on the page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct QuestionShown {
    pub assignment: AssignmentId,
    /// The question's id, which is also the id of its group of fields.
    pub id: String,
    pub legend: String,
    /// In the order they are shown: the option's number, which is what is sent, and its text.
    pub options: Vec<(usize, String)>,
    /// The number of the option that was chosen in a form which was refused.
    pub chosen: Option<usize>,
    /// There once the question is answered: then nothing can be changed any more.
    pub feedback: Option<AnswerFeedback>,
    pub problem: Option<String>,
}

/// The words around a question, in the reader's language.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct QuestionWords {
    pub check: String,
    pub right_answer: String,
    pub your_answer: String,
    pub well_done: String,
    pub not_right: String,
    pub unreachable: String,
    pub reload: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Rest,
    /// Chosen by arrow keys, or before the script was there: the button asks for the feedback.
    Chosen,
    Asking,
    Unreachable,
    Refused,
}

/// The state of a question in the browser.
#[derive(Clone, Copy)]
struct Asking {
    assignment: AssignmentId,
    id: StoredValue<String>,
    group: NodeRef<html::Fieldset>,
    chosen: RwSignal<Option<usize>>,
    feedback: RwSignal<Option<AnswerFeedback>>,
    step: RwSignal<Step>,
    /// The quiz was handed in while an answer was on its way.
    hand_in: StoredValue<bool>,
}

/// One question of the quiz.
#[island]
pub fn QuizQuestion(question: QuestionShown, words: QuestionWords) -> impl IntoView {
    let asking = Asking {
        assignment: question.assignment,
        id: StoredValue::new(question.id.clone()),
        group: NodeRef::new(),
        chosen: RwSignal::new(question.feedback.as_ref().map(|feedback| feedback.counted).or(question.chosen)),
        feedback: RwSignal::new(question.feedback),
        step: RwSignal::new(Step::Rest),
        hand_in: StoredValue::new(false),
    };
    let by_arrow = StoredValue::new(false);
    Effect::new(move |_| asking.awake());
    let name = format!("answers[{}]", question.id);
    let first = asking.chosen.get_untracked();
    let options = question.options.into_iter().map(|(index, text)| {
        let marks = [words.right_answer.clone(), words.your_answer.clone()];
        let choose = move |_| {
            asking.chosen.set(Some(index));
            if by_arrow.get_value() { asking.step.set(Step::Chosen) } else { asking.ask(index) }
        };
        view! {
            <label class=move || asking.class_of(index)>
                <input type="radio" name=name.clone() value=index.to_string() checked=first == Some(index) disabled=move || asking.is_locked(index) on:change=choose />
                <span>{text}</span>
                {move || asking.mark_of(index, &marks)}
            </label>
        }
    });
    let problem = question.problem;
    let described = problem.is_some().then(|| format!("{}-error", question.id));
    let legend = question.legend;
    let error = problem.map(|problem| view! { <p class="error" id=described.clone()>{icon("alert")}{problem}</p> });
    view! {
        <fieldset
            class="question field"
            id=question.id
            node_ref=asking.group
            aria-describedby=described
            aria-busy=move || (asking.step.get() == Step::Asking).then_some("true")
            on:keydown=move |event| by_arrow.set_value(event.key().starts_with("Arrow"))
            on:pointerdown=move |_| by_arrow.set_value(false)
        >
            <legend>{legend}</legend>
            {error}
            <div class="choices">{options.collect_view()}</div>
            <div role="status">{move || asking.notice(&words)}</div>
        </fieldset>
    }
}

impl Asking {
    /// What the browser knew before the script came: a choice made meanwhile counts, and handing in waits for answers on their way.
    fn awake(self) {
        let Some(group) = self.group.get() else { return };
        let checked = group.query_selector("input:checked").ok().flatten().and_then(|input| input.dyn_into().ok());
        let chosen = checked.and_then(|input: HtmlInputElement| input.value().parse().ok());
        if chosen.is_some() && self.feedback.with_untracked(Option::is_none) {
            self.chosen.set(chosen);
            self.step.set(Step::Chosen);
        }
        window_event_listener(ev::submit, move |event| {
            let form = event.target().and_then(|target| target.dyn_into::<Node>().ok());
            if self.step.get_untracked() == Step::Asking && form.is_some_and(|form| form.contains(Some(group.as_ref()))) {
                event.prevent_default();
                self.hand_in.set_value(true);
            }
        });
    }

    fn ask(self, option: usize) {
        self.step.set(Step::Asking);
        spawn_local(async move {
            let (id, question, option) = (self.assignment.to_string(), self.id.get_value(), option.to_string());
            let fields = [("id", id.as_str()), ("question", &question), ("option", &option)];
            let step = match call::<AnswerFeedback>(AnswerQuestion::PATH, &fields).await {
                Ok(feedback) => {
                    self.check(feedback.counted);
                    self.chosen.set(Some(feedback.counted));
                    self.feedback.set(Some(feedback));
                    Step::Rest
                }
                Err(CallError::Unreachable) => Step::Unreachable,
                Err(CallError::Refused) => Step::Refused,
            };
            self.step.set(step);
            if self.hand_in.get_value() {
                self.hand_in.set_value(false);
                self.submit();
            }
        });
    }

    /// The answer that counts may be an earlier one, given in another tab.
    fn check(self, option: usize) {
        let input = self
            .group()
            .and_then(|group| group.query_selector(&format!("input[value='{option}']")).ok().flatten());
        if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
            input.set_checked(true);
        }
    }

    fn submit(self) {
        let form = self.group().and_then(|group| group.closest("form").ok().flatten());
        if let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
            // It can only fail for a button that is not the form's, and none is named.
            let _ = form.request_submit();
        }
    }

    fn group(self) -> Option<HtmlFieldSetElement> {
        self.group.get_untracked()
    }

    /// All but the chosen option: a disabled one would not be handed in with the form.
    fn is_locked(self, option: usize) -> bool {
        let settled = self.feedback.with(Option::is_some) || self.step.get() == Step::Asking;
        settled && self.chosen.get() != Some(option)
    }

    fn class_of(self, option: usize) -> &'static str {
        self.feedback.with(|feedback| match feedback {
            Some(feedback) if feedback.right == option => "choice correct",
            Some(feedback) if feedback.counted == option => "choice wrong",
            _ => "choice",
        })
    }

    fn mark_of(self, option: usize, [right_answer, your_answer]: &[String; 2]) -> Option<AnyView> {
        let (name, word) = self.feedback.with(|feedback| match feedback {
            Some(feedback) if feedback.right == option => Some(("check-circle", right_answer.clone())),
            Some(feedback) if feedback.counted == option => Some(("x-circle", your_answer.clone())),
            _ => None,
        })?;
        Some(view! { <span class="mark">{icon(name)}{word}</span> }.into_any())
    }

    fn notice(self, words: &QuestionWords) -> Option<AnyView> {
        if let Some(feedback) = self.feedback.get() {
            let right = feedback.counted == feedback.right;
            let (class, name, word) = if right {
                ("notice success", "check-circle", words.well_done.clone())
            } else {
                ("notice error", "x-circle", words.not_right.clone())
            };
            return Some(view! { <div class=class>{icon(name)}<div><strong>{word}</strong><p>{feedback.explanation}</p></div></div> }.into_any());
        }
        let failed = |text: &str| {
            let text = text.to_owned();
            view! { <div class="notice warning">{icon("alert")}<p>{text}</p></div> }
        };
        let again = || {
            let choice = move |_| {
                if let Some(option) = self.chosen.get_untracked() {
                    self.ask(option);
                }
            };
            view! { <div class="actions"><button type="button" class="button secondary" on:click=choice>{words.check.clone()}</button></div> }
        };
        match self.step.get() {
            Step::Rest | Step::Asking => None,
            Step::Chosen => Some(again().into_any()),
            Step::Unreachable => Some(view! { <div class="stack">{failed(&words.unreachable)}{again()}</div> }.into_any()),
            Step::Refused => Some(failed(&words.reload).into_any()),
        }
    }
}

fn icon(name: &'static str) -> impl IntoView {
    view! { <svg class="icon" aria-hidden="true"><use href=format!("/icons.svg#{name}")></use></svg> }
}
