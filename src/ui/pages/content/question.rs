//! Writing a question with its answers.

use crate::{
    api::{
        courses::{RemoveQuestion, SaveQuestion},
        done::edited_questions_path,
        error::ApiError,
    },
    domain::{
        course::{Course, Question},
        ids::CourseId,
        locale::{Bilingual, Locale},
    },
    server::{context::Cx, service::courses::mark},
    ui::{
        components::{
            form::{ErrorSummary, FieldNotes, FormState, SelectField},
            icon::Icon,
            notice::FlashNotice,
            paragraph::ParagraphField,
        },
        load::{PageTitle, load, path_param, query_param},
        texts::{common, courses as t},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The names of the options' fields, German and English.
const OPTIONS: [[&str; 2]; 6] = [
    ["option_de[0]", "option_en[0]"],
    ["option_de[1]", "option_en[1]"],
    ["option_de[2]", "option_en[2]"],
    ["option_de[3]", "option_en[3]"],
    ["option_de[4]", "option_en[4]"],
    ["option_de[5]", "option_en[5]"],
];

/// `/content/courses/{id}/questions/{question}`, where `new` is the one that does not exist yet.
#[component]
pub fn EditQuestionPage() -> impl IntoView {
    let id = path_param::<CourseId>("id");
    let name = path_param::<String>("question");
    let lesson = query_param("lesson");
    load(async move |cx| {
        let (id, name) = (id?, name?);
        let course = cx.actor()?.course_desk(&cx.app)?.editor(id).await?.course;
        let locale = cx.locale;
        let number = course.questions.iter().position(|question| question.id == name);
        let question = match number {
            Some(index) => Some(course.questions[index].clone()),
            None if name == "new" => None,
            None => return Err(ApiError::NotFound),
        };
        let title = number.map_or_else(|| t::add_question(locale).to_owned(), |index| t::edit_question(locale, index + 1));
        let remove = question.clone().map(|question| view! { <Remove locale=locale id=id question=question /> });
        Ok(view! {
            <PageTitle text=title.clone() />
            <main class="page" id="main" tabindex="-1">
                <a class="back" href=edited_questions_path(id)><Icon name="chevron-left" />{t::questions_title(locale)}</a>
                <div class="page-heading"><h1>{title}</h1></div>
                <FlashNotice cx=cx.clone() />
                <Write cx=cx.clone() id=id course=course question=question lesson=lesson />
                {remove}
            </main>
        }
        .into_any())
    })
}

#[component]
fn Write(cx: Cx, id: CourseId, course: Course, question: Option<Question>, lesson: String) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, SaveQuestion::PATH);
    let empty = || Bilingual {
        de: String::new(),
        en: String::new(),
    };
    let seen = question.as_ref().map(mark).unwrap_or_default();
    let name = question.as_ref().map(|question| question.id.clone()).unwrap_or_default();
    let question = question.unwrap_or_else(|| Question {
        id: String::new(),
        lesson,
        text: empty(),
        options: Vec::new(),
        explanation: empty(),
    });
    let choose = (String::new(), t::choose_lesson(locale).to_owned());
    let lessons = course.lessons.iter().map(|lesson| (lesson.slug.clone(), lesson.title.get(locale).to_owned()));
    let lessons = std::iter::once(choose).chain(lessons).collect();
    let labels = vec![("text_de", t::text_de(locale).to_owned())];
    view! {
        <form class="form writing" method="post" action=SaveQuestion::PATH novalidate>
            <ErrorSummary form=form.clone() labels=labels />
            <input type="hidden" name="id" value=id.to_string() />
            <input type="hidden" name="question" value=name />
            <input type="hidden" name="seen" value=seen />
            <SelectField form=form.clone() name="lesson" label=t::question_lesson(locale) options=lessons value=question.lesson.clone() />
            <div class="pair">
                <ParagraphField form=form.clone() name="text_de" label=t::text_de(locale) value=question.text.de.clone() maxlength=Course::MAX_LINE language="de" />
                <ParagraphField form=form.clone() name="text_en" label=t::text_en(locale) value=question.text.en.clone() maxlength=Course::MAX_LINE language="en" />
            </div>
            <Options locale=locale form=form.clone() question=question.clone() />
            <div class="pair">
                <ParagraphField form=form.clone() name="explanation_de" label=t::explanation_de(locale) hint=t::explanation_hint(locale) value=question.explanation.de maxlength=Course::MAX_LINE language="de" />
                <ParagraphField form=form name="explanation_en" label=t::explanation_en(locale) hint=t::explanation_hint(locale) value=question.explanation.en maxlength=Course::MAX_LINE language="en" />
            </div>
            <div class="actions">
                <button class="button">{common::save(locale)}</button>
                <a class="button quiet" href=edited_questions_path(id)>{common::cancel(locale)}</a>
            </div>
        </form>
    }
}

#[component]
fn Options(locale: Locale, form: FormState, question: Question) -> impl IntoView {
    let chosen = form.value("right", &question.right().map(|right| right.to_string()).unwrap_or_default());
    let rows = OPTIONS.into_iter().enumerate().map(|(index, [de, en])| {
        let option = question.options.get(index).map(|option| option.text.clone());
        let (text_de, text_en) = option.map(|text| (text.de, text.en)).unwrap_or_default();
        let checked = chosen == index.to_string();
        let number = index + 1;
        view! {
            <div class="stack">
                <div class="pair">
                    <ParagraphField form=form.clone() name=de label=t::option_de(locale, number) value=text_de maxlength=Course::MAX_LINE language="de" />
                    <ParagraphField form=form.clone() name=en label=t::option_en(locale, number) value=text_en maxlength=Course::MAX_LINE language="en" />
                </div>
                <label class="check">
                    <input type="radio" name="right" value=index.to_string() checked=checked />
                    <span>{t::right(locale, number)}</span>
                </label>
            </div>
        }
    });
    let rows = rows.collect_view();
    view! {
        <fieldset class="form-section lines">
            <legend>{t::options(locale)}</legend>
            <FieldNotes name="right" hint=t::options_hint(locale).to_owned() problem=None />
            {rows}
        </fieldset>
    }
}

#[component]
fn Remove(locale: Locale, id: CourseId, question: Question) -> impl IntoView {
    let seen = mark(&question);
    view! {
        <details class="disclosure">
            <summary>{t::remove_question(locale)}</summary>
            <form class="stack" method="post" action=RemoveQuestion::PATH>
                <p>{t::remove_question_text(locale)}</p>
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="question" value=question.id />
                <input type="hidden" name="seen" value=seen />
                <button class="button danger">{t::remove_question(locale)}</button>
            </form>
        </details>
    }
}
