//! The quiz: all questions on one page, as a plain form; the island adds the answer to the answer.

use super::{
    items::course_path,
    training::{Standing, is_open},
};
use crate::{
    api::training::{AnswerFeedback, HandInQuiz},
    domain::{draw::Drawn, ids::AssignmentId, locale::Locale},
    islands::quiz::{QuestionShown, QuestionWords, QuizQuestion},
    server::{context::Cx, service::training::CoursePage},
    ui::{
        components::{form::FormState, icon::Icon, notice::FlashNotice},
        load::{PageTitle, load, path_param},
        texts::{checklist as t, problems},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/checklist/training/{id}/quiz`
#[component]
pub fn QuizPage() -> impl IntoView {
    let id: Result<AssignmentId, _> = path_param("id");
    load(async move |cx| {
        let page = cx.own_desk()?.course(cx.now, id?).await?;
        let locale = cx.locale;
        let (id, course) = (page.assignment.id, &page.version.content);
        let is_open = is_open(page.assignment.state) && page.paused_until.is_none();
        Ok(view! {
            <PageTitle text=t::quiz(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=course_path(id)><Icon name="chevron-left" />{course.title.get(locale).to_owned()}</a>
                <FlashNotice cx=cx.clone() />
                <div class="page-heading"><div>
                    <h1>{t::quiz(locale)}</h1>
                    {is_open.then(|| view! { <p class="lead">{t::quiz_lead(locale, course.pass_mark, course.asked())}</p> })}
                </div></div>
                <Standing locale=locale page=page.clone() />
                {if is_open {
                    view! { <QuizForm cx=cx page=page.clone() /> }.into_any()
                } else {
                    view! { <div class="actions"><a class="button" href="/checklist">{t::to_checklist(locale)}</a></div> }.into_any()
                }}
            </main>
        }
        .into_any())
    })
}

#[component]
fn QuizForm(cx: Cx, page: CoursePage) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, HandInQuiz::PATH);
    let questions = page.drawn();
    let missing = questions.iter().zip(1..).filter_map(|(drawn, n)| {
        let id = &drawn.question.id;
        let problem = form.problem(id)?;
        Some(view! { <li><a href=format!("#{id}")>{t::problem_of(locale, n, &problem)}</a></li> })
    });
    let missing: Vec<_> = missing.collect();
    let shown = questions.iter().zip(1..).map(|(drawn, n)| {
        let question = shown(locale, &page, &form, drawn, n);
        view! { <QuizQuestion question=question words=words(locale) /> }
    });
    let shown = shown.collect_view();
    view! {
        <form class="form" method="post" action=HandInQuiz::PATH>
            {(!missing.is_empty()).then(|| view! {
                <div class="error-summary" role="alert" tabindex="-1">
                    <h2><Icon name="alert" />{problems::please_check(locale, missing.len())}</h2>
                    <ul>{missing}</ul>
                </div>
            })}
            <input type="hidden" name="id" value=page.assignment.id.to_string() />
            <input type="hidden" name="version" value=page.version.number.to_string() />
            {shown}
            <button class="button large">{t::hand_in(locale)}</button>
        </form>
    }
}

/// A question as it stands: answered before, chosen in a refused form, or untouched.
fn shown(locale: Locale, page: &CoursePage, form: &FormState, Drawn { question, order }: &Drawn<'_>, n: usize) -> QuestionShown {
    let options = order
        .iter()
        .filter_map(|index| Some((*index, question.options.get(*index)?.text.get(locale).to_owned())));
    let answer = page.answers_so_far().iter().find(|answer| answer.question == question.id);
    QuestionShown {
        assignment: page.assignment.id,
        id: question.id.clone(),
        legend: t::question_of(locale, n, question.text.get(locale)),
        options: options.collect(),
        chosen: form.value(&format!("answers[{}]", question.id), "").parse().ok(),
        feedback: answer.map(|answer| AnswerFeedback {
            counted: answer.option,
            right: question.right().unwrap_or_default(),
            explanation: question.explanation.get(locale).to_owned(),
        }),
        problem: form.problem(&question.id),
    }
}

fn words(locale: Locale) -> QuestionWords {
    QuestionWords {
        check: t::check_answer(locale).to_owned(),
        right_answer: t::right_answer(locale).to_owned(),
        your_answer: t::your_answer(locale).to_owned(),
        well_done: t::well_done(locale).to_owned(),
        not_right: t::not_right(locale).to_owned(),
        unreachable: t::unreachable(locale).to_owned(),
        reload: t::reload(locale).to_owned(),
    }
}
