//! One course as it is being written: what is missing, its quiz, its lessons, its questions, its versions.

use super::{
    courses::{published, size},
    titles::{TitleFields, title_labels},
};
use crate::{
    api::{
        courses::{AddLesson, DiscardCourseDraft, MoveLesson, SaveCourse},
        done::{edited_course_path, edited_lesson_path, edited_questions_path},
    },
    domain::{
        course::{Course, Lesson},
        gaps::{Gap, Place},
        ids::CourseId,
        locale::Locale,
        person::iso_date,
    },
    server::{
        context::Cx,
        service::{
            courses::{Editor, mark_of_settings},
            lessons::{Direction, mark_of_lessons},
            rows::{CourseRow, VersionRow},
        },
        zones,
    },
    ui::{
        components::{
            form::{ErrorSummary, FormState, TextField},
            icon::Icon,
            notice::{FlashNotice, Notice},
        },
        load::{PageTitle, load, path_param},
        texts::{common, content, courses as t},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/content/courses/{id}`
#[component]
pub fn EditCoursePage() -> impl IntoView {
    let id = path_param::<CourseId>("id");
    load(async move |cx| {
        let Editor { row, course, gaps, versions } = cx.actor()?.course_desk(&cx.app)?.editor(id?).await?;
        let locale = cx.locale;
        let zone = cx.app.settings().time_zone.clone();
        let title = course.title.or_other(locale).to_owned();
        Ok(view! {
            <PageTitle text=title.clone() />
            <main class="page" id="main" tabindex="-1">
                <a class="back" href="/content/courses"><Icon name="chevron-left" />{t::title(locale)}</a>
                <div class="page-heading">
                    <div><h1>{title}</h1><p class="lead">{state(locale, &zone, &row)}</p></div>
                    <Steps locale=locale row=row.clone() />
                </div>
                <FlashNotice cx=cx.clone() />
                <GapList locale=locale id=row.id course=course.clone() gaps=gaps />
                <div class="split">
                    <div class="stack">
                        <Lessons locale=locale id=row.id course=course.clone() />
                        <AddLessonForm cx=cx.clone() id=row.id />
                        <Questions locale=locale id=row.id course=course.clone() />
                    </div>
                    <div class="stack">
                        <Settings cx=cx.clone() id=row.id course=course />
                        <Discard locale=locale row=row />
                    </div>
                </div>
                <Versions locale=locale zone=zone versions=versions />
            </main>
        }
        .into_any())
    })
}

/// What is published, and who wrote on the draft when.
fn state(locale: Locale, zone: &str, row: &CourseRow) -> String {
    let draft = row.draft.as_ref().map_or_else(
        || t::no_draft(locale).to_owned(),
        |draft| t::draft_of(locale, &draft.updated_by, &words::moment(locale, zone, draft.updated_at)),
    );
    format!("{}. {draft}", published(locale, zone, row))
}

/// Where one goes from here.
#[component]
fn Steps(locale: Locale, row: CourseRow) -> impl IntoView {
    let path = edited_course_path(row.id);
    let publish = row
        .draft
        .is_some()
        .then(|| view! { <a class="button" href=format!("{path}/publish")>{t::publish(locale)}</a> });
    view! {
        <div class="actions">
            {publish}
            <a class="button secondary" href=format!("{path}/quiz")><Icon name="play" />{t::try_quiz(locale)}</a>
            <a class="button quiet" href=format!("{path}/course.antritt-course") download><Icon name="download" />{t::export(locale)}</a>
        </div>
    }
}

/// What keeps the course from being published, each leading to where it can be mended.
#[component]
pub fn GapList(locale: Locale, id: CourseId, course: Course, gaps: Vec<Gap>) -> impl IntoView {
    if gaps.is_empty() {
        return ().into_any();
    }
    let n = words::count(i64::try_from(gaps.len()).unwrap_or(i64::MAX), t::gap(locale), t::gaps(locale));
    let lines = gaps.into_iter().map(|gap| {
        let href = match gap.place {
            Place::Course => format!("{}#settings", edited_course_path(id)),
            Place::Lesson(index) => edited_lesson_path(id, course.lessons.get(index).map_or("", |lesson| &lesson.slug)),
            Place::Question(index) => format!(
                "{}/{}",
                edited_questions_path(id),
                course.questions.get(index).map_or("", |question| &question.id)
            ),
        };
        view! { <li><a href=href>{t::place(locale, &course, gap.place)}</a>": "{t::flaw(locale, &gap)}</li> }
    });
    let lines = lines.collect_view();
    view! { <Notice tone="warning"><strong>{t::gaps_title(locale, &n)}</strong><ul>{lines}</ul></Notice> }.into_any()
}

#[component]
fn Settings(cx: Cx, id: CourseId, course: Course) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, SaveCourse::PATH);
    let mut labels = title_labels(locale);
    labels.extend([
        ("draw", t::draw(locale).to_owned()),
        ("pass_mark", t::pass_mark(locale).to_owned()),
        ("attempts_per_day", t::attempts(locale).to_owned()),
    ]);
    let seen = mark_of_settings(&course);
    let draw = course.draw.map(|draw| draw.to_string()).unwrap_or_default();
    view! {
        <form class="card" id="settings" method="post" action=SaveCourse::PATH novalidate>
            <h2>{t::settings(locale)}</h2>
            <ErrorSummary form=form.clone() labels=labels />
            <input type="hidden" name="id" value=id.to_string() />
            <input type="hidden" name="seen" value=seen />
            <TitleFields locale=locale form=form.clone() title=[course.title.de, course.title.en] maxlength=Course::MAX_LINE />
            <TextField form=form.clone() name="draw" label=t::draw(locale) hint=t::draw_hint(locale) optional=common::optional(locale) kind="number" class="short" value=draw />
            <TextField form=form.clone() name="pass_mark" label=t::pass_mark(locale) kind="number" class="short" value=course.pass_mark.to_string() required=true />
            <TextField form=form name="attempts_per_day" label=t::attempts(locale) hint=t::attempts_hint(locale) kind="number" class="short" value=course.attempts_per_day.to_string() required=true />
            <button class="button">{common::save(locale)}</button>
        </form>
    }
}

/// The lessons in their order, each with its way up and down.
#[component]
fn Lessons(locale: Locale, id: CourseId, course: Course) -> impl IntoView {
    let seen = mark_of_lessons(&course);
    let last = course.lessons.len().saturating_sub(1);
    let rows = course.lessons.iter().enumerate().map(|(index, lesson)| {
        let questions = course.questions.iter().filter(|question| question.lesson == lesson.slug).count();
        let ways = [(index > 0).then_some(Direction::Up), (index < last).then_some(Direction::Down)];
        view! { <LessonRow locale=locale id=id lesson=lesson.clone() questions=questions seen=seen.clone() ways=ways /> }
    });
    let rows = rows.collect_view();
    let body = if rows.is_empty() {
        view! { <p class="muted">{t::no_lessons(locale)}</p> }.into_any()
    } else {
        view! {
            <div class="table-frame" tabindex="0" role="region" aria-label=t::lessons_title(locale)>
                <table class="table cards">
                    <caption class="visually-hidden">{t::lessons_title(locale)}</caption>
                    <thead><tr>
                        <th scope="col">{t::lesson(locale)}</th>
                        <th scope="col">{t::questions_title(locale)}</th>
                        <th scope="col" class="end"><span class="visually-hidden">{t::edit(locale)}</span></th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! { <section class="stack"><h2>{t::lessons_title(locale)}</h2>{body}</section> }
}

#[component]
fn LessonRow(locale: Locale, id: CourseId, lesson: Lesson, questions: usize, seen: String, ways: [Option<Direction>; 2]) -> impl IntoView {
    let title = if lesson.title.get(locale).is_empty() {
        lesson.slug.clone()
    } else {
        lesson.title.get(locale).to_owned()
    };
    let buttons = ways.into_iter().flatten().map(|way| {
        let (word, icon) = match way {
            Direction::Up => (t::up(locale), "arrow-up"),
            Direction::Down => (t::down(locale), "arrow-down"),
        };
        let label = format!("{word}: {title}");
        view! { <button class="button quiet small" name="direction" value=way.as_str() aria-label=label title=word><Icon name=icon /></button> }
    });
    let buttons = buttons.collect_view();
    view! {
        <tr>
            <th scope="row"><a href=edited_lesson_path(id, &lesson.slug)>{title.clone()}</a><small>{words::minutes(locale, lesson.minutes())}</small></th>
            <td data-label=t::questions_title(locale)>{questions}</td>
            <td class="end">
                <form class="actions" method="post" action=MoveLesson::PATH>
                    <input type="hidden" name="id" value=id.to_string() />
                    <input type="hidden" name="slug" value=lesson.slug.clone() />
                    <input type="hidden" name="seen" value=seen />
                    {buttons}
                </form>
            </td>
        </tr>
    }
}

#[component]
fn AddLessonForm(cx: Cx, id: CourseId) -> impl IntoView {
    let locale = cx.locale;
    let form = FormState::of(&cx, AddLesson::PATH);
    let labels = vec![
        ("lesson_de", content::title_de(locale).to_owned()),
        ("lesson_en", content::title_en(locale).to_owned()),
    ];
    view! {
        <form class="card" method="post" action=AddLesson::PATH novalidate>
            <h3>{t::add_lesson(locale)}</h3>
            <ErrorSummary form=form.clone() labels=labels />
            <input type="hidden" name="id" value=id.to_string() />
            <div class="pair">
                <TextField form=form.clone() name="lesson_de" label=content::title_de(locale) required=true maxlength=Course::MAX_LINE />
                <TextField form=form name="lesson_en" label=content::title_en(locale) required=true maxlength=Course::MAX_LINE />
            </div>
            <button class="button secondary"><Icon name="plus" />{t::add_lesson(locale)}</button>
        </form>
    }
}

#[component]
fn Questions(locale: Locale, id: CourseId, course: Course) -> impl IntoView {
    let path = edited_questions_path(id);
    view! {
        <section class="card">
            <h2>{t::questions_title(locale)}</h2>
            <p>{size(locale, &course)}</p>
            <div class="actions">
                <a class="button secondary" href=path.clone()>{t::all_questions(locale)}</a>
                <a class="button quiet" href=format!("{path}/new")><Icon name="plus" />{t::add_question(locale)}</a>
            </div>
        </section>
    }
}

#[component]
fn Discard(locale: Locale, row: CourseRow) -> impl IntoView {
    let text = if row.published.is_some() {
        t::discard_text(locale)
    } else {
        t::discard_text_new(locale)
    };
    row.revision().map(|revision| {
        view! {
            <details class="disclosure">
                <summary>{t::discard(locale)}</summary>
                <form class="stack" method="post" action=DiscardCourseDraft::PATH>
                    <p>{text}</p>
                    <input type="hidden" name="id" value=row.id.to_string() />
                    <input type="hidden" name="seen" value=revision.to_string() />
                    <button class="button danger">{t::discard(locale)}</button>
                </form>
            </details>
        }
    })
}

#[component]
fn Versions(locale: Locale, zone: String, versions: Vec<VersionRow>) -> impl IntoView {
    if versions.is_empty() {
        return ().into_any();
    }
    let rows = versions.into_iter().map(|version| {
        let day = zones::local_date(&zone, version.published_at);
        let weight = match (version.number, version.material) {
            (1, _) => "–",
            (_, true) => t::was_material(locale),
            (_, false) => t::was_minor(locale),
        };
        view! {
            <tr>
                <th scope="row">{version.number}</th>
                <td data-label=t::column_date(locale)><time datetime=iso_date(day)>{words::short_date(locale, day)}</time></td>
                <td data-label=t::column_weight(locale)>{weight}</td>
                <td data-label=t::column_hash(locale)><code class="hash">{hex::encode(version.sha256)}</code></td>
            </tr>
        }
    });
    view! {
        <section class="card flush">
            <div class="table-frame" tabindex="0" role="region" aria-label=t::versions(locale)>
                <table class="table cards">
                    <caption>{t::versions(locale)}</caption>
                    <thead><tr>
                        <th scope="col">{t::column_version(locale)}</th>
                        <th scope="col">{t::column_date(locale)}</th>
                        <th scope="col">{t::column_weight(locale)}</th>
                        <th scope="col">{t::column_hash(locale)}</th>
                    </tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
