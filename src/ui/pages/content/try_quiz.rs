//! The quiz as an attempt would be asked it. Reading changes nothing, so the answers travel in the address.

use crate::{
    api::done::{edited_course_path, edited_questions_path},
    domain::{
        course::{Answer, Course},
        draw::Drawn,
        ids::{AssignmentId, CourseId},
        locale::Locale,
    },
    ui::{
        components::{
            empty::Empty,
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, path_param, query_param},
        texts::{checklist, courses as t},
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// `/content/courses/{id}/quiz?attempt={n}&{question}={option}…`
#[component]
pub fn TryQuizPage() -> impl IntoView {
    let id = path_param::<CourseId>("id");
    let attempt: usize = query_param("attempt").parse().unwrap_or_default();
    let answered = use_query_map().get_untracked();
    load(async move |cx| {
        let id = id?;
        let course = cx.actor()?.course_desk(&cx.app)?.editor(id).await?.course;
        let locale = cx.locale;
        // Nobody's assignment has the id of a course, so this tells nothing of anybody's quiz.
        let drawn = course.drawn(AssignmentId(id.0), attempt);
        let answers: Vec<Answer> = drawn
            .iter()
            .filter_map(|drawn| {
                let option = answered.get(&drawn.question.id)?.parse().ok()?;
                Some(Answer {
                    question: drawn.question.id.clone(),
                    option,
                })
            })
            .collect();
        let path = edited_course_path(id);
        let bank = edited_questions_path(id);
        let body = if drawn.is_empty() {
            view! { <Empty icon="list" title=t::no_questions(locale) text=t::try_empty(locale)><a class="button" href=bank>{t::all_questions(locale)}</a></Empty> }
                .into_any()
        } else {
            let questions = drawn.iter().zip(1..).map(|(drawn, n)| question(locale, drawn, &answers, n)).collect_view();
            view! {
                {result(locale, &course, &drawn, &answers)}
                <form class="form" method="get" action=format!("{path}/quiz")>
                    <input type="hidden" name="attempt" value=attempt.to_string() />
                    {questions}
                    <div class="actions">
                        <button class="button">{t::try_check(locale)}</button>
                        <a class="button secondary" href=format!("{path}/quiz?attempt={}", attempt.wrapping_add(1))><Icon name="refresh" />{t::try_other(locale)}</a>
                    </div>
                </form>
            }
            .into_any()
        };
        Ok(view! {
            <PageTitle text=t::try_quiz(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=path><Icon name="chevron-left" />{course.title.or_other(locale).to_owned()}</a>
                <div class="page-heading"><div><h1>{t::try_quiz(locale)}</h1><p class="lead">{t::try_lead(locale, course.pass_mark, course.asked())}</p></div></div>
                <FlashNotice cx=cx.clone() />
                {body}
            </main>
        }
        .into_any())
    })
}

fn result(locale: Locale, course: &Course, drawn: &[Drawn<'_>], answers: &[Answer]) -> Option<AnyView> {
    let grade = course.grade(drawn, answers);
    let (tone, text) = if grade.passed {
        ("success", t::try_passed(locale, grade.correct, grade.asked))
    } else {
        ("warning", t::try_failed(locale, grade.correct, grade.asked))
    };
    (!answers.is_empty()).then(|| view! { <Notice tone=tone><p>{text}</p></Notice> }.into_any())
}

/// A question with the answer to its answer, if it has one.
fn question(locale: Locale, Drawn { question, order }: &Drawn<'_>, answers: &[Answer], n: usize) -> impl IntoView + use<> {
    let given = answers.iter().find(|answer| answer.question == question.id).map(|answer| answer.option);
    let options = order
        .iter()
        .filter_map(|index| Some((*index, question.options.get(*index)?)))
        .map(|(index, option)| {
            let (class, mark) = match given {
                Some(_) if option.correct => ("choice correct", Some(("check-circle", checklist::right_answer(locale)))),
                Some(given) if given == index => ("choice wrong", Some(("x-circle", checklist::your_answer(locale)))),
                _ => ("choice", None),
            };
            let mark = mark.map(|(icon, word)| view! { <span class="mark"><Icon name=icon />{word}</span> });
            view! {
                <label class=class>
                    <input type="radio" name=question.id.clone() value=index.to_string() checked=given == Some(index) />
                    <span>{option.text.get(locale).to_owned()}</span>
                    {mark}
                </label>
            }
        });
    let options = options.collect_view();
    let explanation = given.map(|_| question.explanation.get(locale).to_owned());
    let explanation = explanation.map(|text| view! { <Notice tone="info"><p>{text}</p></Notice> });
    view! {
        <fieldset class="question field">
            <legend>{checklist::question_of(locale, n, question.text.get(locale))}</legend>
            <div class="choices">{options}</div>
            {explanation}
        </fieldset>
    }
}
