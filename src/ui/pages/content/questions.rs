//! The bank of questions of a course.

use crate::{
    api::done::{edited_course_path, edited_questions_path},
    domain::{course::Question, ids::CourseId, locale::Locale},
    server::service::courses::Editor,
    ui::{
        components::{empty::Empty, icon::Icon, notice::FlashNotice, status::Status, task::TaskRow},
        load::{PageTitle, load, path_param},
        texts::courses as t,
    },
};
use leptos::prelude::*;

/// `/content/courses/{id}/questions`
#[component]
pub fn QuestionsPage() -> impl IntoView {
    let id = path_param::<CourseId>("id");
    load(async move |cx| {
        let id = id?;
        let Editor { course, .. } = cx.actor()?.course_desk(&cx.app)?.editor(id).await?;
        let locale = cx.locale;
        let title = course.title.or_other(locale).to_owned();
        let known = course.lessons.iter().map(|lesson| (lesson.slug.as_str(), lesson.title.get(locale)));
        // By lesson; what belongs to none comes last, where it is seen.
        let mut groups: Vec<(String, Vec<(usize, Question)>)> = known.clone().map(|(_, title)| (title.to_owned(), Vec::new())).collect();
        groups.push((t::no_lesson(locale).to_owned(), Vec::new()));
        for (number, question) in (1..).zip(course.questions.iter().cloned()) {
            let group = known.clone().position(|(slug, _)| slug == question.lesson).unwrap_or(course.lessons.len());
            groups[group].1.push((number, question));
        }
        let new = format!("{}/new", edited_questions_path(id));
        let add = move || view! { <a class="button" href=new.clone()><Icon name="plus" />{t::add_question(locale)}</a> };
        let more = (!course.questions.is_empty()).then(|| view! { <div class="actions">{add()}</div> });
        let body = if course.questions.is_empty() {
            view! { <Empty icon="list" title=t::no_questions(locale) text=t::no_questions_text(locale)>{add()}</Empty> }.into_any()
        } else {
            let groups = groups.into_iter().filter(|(_, questions)| !questions.is_empty());
            groups
                .map(|(lesson, questions)| view! { <Group locale=locale id=id lesson=lesson questions=questions /> })
                .collect_view()
                .into_any()
        };
        Ok(view! {
            <PageTitle text=t::questions_title(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=edited_course_path(id)><Icon name="chevron-left" />{title.clone()}</a>
                <div class="page-heading"><div><h1>{t::questions_title(locale)}</h1><p class="lead">{t::questions_lead(locale, &title)}</p></div>{more}</div>
                <FlashNotice cx=cx.clone() />
                {body}
            </main>
        }
        .into_any())
    })
}

#[component]
fn Group(locale: Locale, id: CourseId, lesson: String, questions: Vec<(usize, Question)>) -> impl IntoView {
    let rows = questions.into_iter().map(|(number, question)| {
        let right = question
            .right()
            .and_then(|right| question.options.get(right))
            .map(|option| option.text.get(locale).to_owned());
        let is_open = right.is_none();
        let status = move || is_open.then(|| view! { <Status tone="amber" icon="alert" word=t::draft(locale) /> });
        let title = format!("{number}. {}", question.text.get(locale));
        let path = format!("{}/{}", edited_questions_path(id), question.id);
        view! { <li><TaskRow href=Some(path) icon="list" title=title meta=right.unwrap_or_default() status=status /></li> }
    });
    view! { <section class="checklist"><h2>{lesson}</h2><ul class="tasks" role="list">{rows.collect_view()}</ul></section> }
}
