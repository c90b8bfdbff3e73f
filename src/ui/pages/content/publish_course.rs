//! Publishing a course: what it will do to how many people is said before it is done.

use super::{course::GapList, weights::WeightField};
use crate::{
    api::{courses::PublishCourse, done::edited_course_path},
    domain::{ids::CourseId, locale::Locale},
    server::{
        context::Cx,
        service::{publishing::Publishing, rows::CourseDraft},
    },
    ui::{
        components::{
            form::{ErrorSummary, FormState},
            icon::Icon,
            notice::FlashNotice,
        },
        load::{PageTitle, load, path_param},
        texts::{common, courses as t},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/content/courses/{id}/publish`
#[component]
pub fn PublishCoursePage() -> impl IntoView {
    let id = path_param::<CourseId>("id");
    load(async move |cx| {
        let id = id?;
        let publishing = cx.actor()?.course_desk(&cx.app)?.publishing(cx.now, id).await?;
        let locale = cx.locale;
        let draft = publishing.row.draft.clone().ok_or(crate::api::error::ApiError::NotFound)?;
        let course = draft.content.clone();
        let title = course.title.or_other(locale).to_owned();
        let gaps = publishing.gaps.clone();
        let form = gaps
            .is_empty()
            .then(|| view! { <PublishForm cx=cx.clone() publishing=publishing draft=draft /> });
        let path = edited_course_path(id);
        let back = (!gaps.is_empty()).then(|| view! { <div class="actions"><a class="button" href=path.clone()>{common::back(locale)}</a></div> });
        Ok(view! {
            <PageTitle text=t::publish(locale) />
            <main class="page narrow" id="main" tabindex="-1">
                <a class="back" href=path.clone()><Icon name="chevron-left" />{title.clone()}</a>
                <div class="page-heading"><div><h1>{t::publish_title(locale, &title)}</h1><p class="lead">{t::publish_lead(locale)}</p></div></div>
                <FlashNotice cx=cx.clone() />
                <GapList locale=locale id=id course=course gaps=gaps />
                {form}
                {back}
            </main>
        }
        .into_any())
    })
}

#[component]
fn PublishForm(cx: Cx, publishing: Publishing, draft: CourseDraft) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, PublishCourse::PATH);
    let id = publishing.row.id;
    let effect = if publishing.row.published.is_some() {
        view! { <Effect locale=locale form=form.clone() publishing=publishing /> }.into_any()
    } else {
        let people = words::count(publishing.reach.everybody, t::person_one(locale), t::person_many(locale));
        let text = t::first_text(locale, &people, &words::date(locale, publishing.due_on));
        view! { <section class="card"><p>{text}</p></section> }.into_any()
    };
    view! {
        <form class="form" method="post" action=PublishCourse::PATH novalidate>
            <ErrorSummary form=form labels=vec![("weight", t::publish(locale).to_owned())] />
            <input type="hidden" name="id" value=id.to_string() />
            <input type="hidden" name="seen" value=draft.revision.to_string() />
            {effect}
            <div class="actions">
                <button class="button large">{t::publish(locale)}</button>
                <a class="button quiet" href=edited_course_path(id)>{common::cancel(locale)}</a>
            </div>
        </form>
    }
}

/// The choice, with what each would do.
#[component]
fn Effect(locale: Locale, form: FormState, publishing: Publishing) -> impl IntoView {
    let Publishing { reach, due_on, .. } = publishing;
    let people = words::count(reach.accepted, t::passed_one(locale), t::passed_many(locale));
    let choices = [
        (t::material(locale), t::material_text(locale, &people, &words::date(locale, due_on))),
        (t::minor(locale), t::minor_text(locale).to_owned()),
    ];
    let open = words::count(reach.open, t::open_one(locale), t::open_many(locale));
    let open = (reach.open > 0).then(|| view! { <p>{t::open_text(locale, &open)}</p> });
    view! {
        <WeightField form=form legend=t::weight(locale) choices=choices />
        {open}
    }
}
