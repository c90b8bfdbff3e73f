//! The people behind a figure.

use crate::{
    api::error::ApiError,
    domain::{
        Instant,
        compliance::{Standing, standing},
        deadlines::Deadline,
        ids::RequirementId,
        locale::Locale,
        person::iso_date,
        requirement::RequirementKind,
    },
    server::{
        service::rows::{Counts, Filter, ItemRow, Page, RequirementCounts, Show},
        zones,
    },
    ui::{
        components::{
            empty::Empty,
            icon::Icon,
            notice::FlashNotice,
            pager::{Pager, address, read_key, write_key},
            status::StandingStatus,
        },
        load::{PageTitle, load, query_param},
        pages::security::rates::requirement_name,
        texts::{common, lead as t},
        words,
    },
};
use leptos::prelude::*;
use time::Date;

/// What the address asks for.
#[derive(Clone)]
struct Asked {
    requirement: String,
    department: String,
    show: Show,
}

impl Asked {
    fn filter(&self) -> Result<Filter, ApiError> {
        let requirement = match self.requirement.as_str() {
            "" => None,
            id => Some(id.parse::<RequirementId>().map_err(|_| ApiError::NotFound)?),
        };
        Ok(Filter {
            requirement,
            department: (!self.department.is_empty()).then(|| self.department.clone()),
            show: self.show,
        })
    }

    fn address(&self, show: Show, after: &str) -> String {
        let pairs = [
            ("requirement", self.requirement.as_str()),
            ("department", &self.department),
            ("show", show.as_str()),
            ("after", after),
        ];
        address("/security/items", &pairs)
    }
}

/// The figure that was opened: its name, and what the tabs count.
struct Figure {
    name: String,
    counts: Counts,
}

impl Figure {
    /// One requirement's figure, or that of all together.
    fn of(locale: Locale, figures: &[RequirementCounts], requirement: Option<RequirementId>) -> Result<Self, ApiError> {
        let Some(id) = requirement else {
            let counts = figures.iter().fold(Counts::default(), |sum, row| sum.plus(row.counts));
            return Ok(Self {
                name: t::everything(locale).to_owned(),
                counts,
            });
        };
        let row = figures.iter().find(|row| row.id == id).ok_or(ApiError::NotFound)?;
        Ok(Self {
            name: requirement_name(locale, row),
            counts: row.counts,
        })
    }

    const fn count(&self, show: Show) -> i64 {
        match show {
            Show::All => self.counts.total,
            Show::Done => self.counts.done,
            Show::OnTime => self.counts.on_time,
            Show::Late => self.counts.late,
            Show::Overdue => self.counts.overdue,
            Show::DueSoon => self.counts.due_soon,
            Show::Missing => self.counts.total - self.counts.done,
        }
    }
}

/// `/security/items`
#[component]
pub fn ItemsPage() -> impl IntoView {
    let asked = Asked {
        requirement: query_param("requirement"),
        department: query_param("department"),
        show: Show::from_word(&query_param("show")).unwrap_or(Show::All),
    };
    let after = query_param("after");
    load(async move |cx| {
        let desk = cx.actor()?.rates_desk(&cx.app)?;
        let filter = asked.filter()?;
        let figures = desk.figures(cx.now, filter.department.as_deref()).await?;
        let Page { rows, more } = desk.items(cx.now, &filter, read_key(&after)).await?;
        let locale = cx.locale;
        let figure = Figure::of(locale, &figures, filter.requirement)?;
        let department = filter.department.unwrap_or_else(|| t::every_department(locale).to_owned());
        let today = zones::local_date(&cx.app.settings().time_zone, cx.now);
        let next = rows
            .last()
            .filter(|_| more)
            .map(|row| asked.address(asked.show, &write_key(row.due_at, row.assignment_id)));
        let first = (!after.is_empty()).then(|| asked.address(asked.show, ""));
        let tabs = Show::ALL.map(|show| {
            view! {
                <li>
                    <a href=asked.address(show, "") aria-current=(show == asked.show).then_some("page")>
                        {show_word(locale, show)}" "<span class="tag">{figure.count(show)}</span>
                    </a>
                </li>
            }
        });
        Ok(view! {
            <PageTitle text=format!("{}: {}", figure.name, show_word(locale, asked.show)) />
            <main class="page" id="main" tabindex="-1">
                <a class="back" href="/security"><Icon name="chevron-left" />{t::title(locale)}</a>
                <div class="page-heading"><div><h1>{figure.name.clone()}</h1><p class="lead">{department}</p></div></div>
                <FlashNotice cx=cx.clone() />
                <nav class="tabs" aria-label=t::tabs(locale)><ul>{tabs.collect_view()}</ul></nav>
                {if rows.is_empty() {
                    view! { <Empty icon="users" title=t::none_title(locale) text=t::none_text(locale) /> }.into_any()
                } else {
                    view! { <Items locale=locale now=cx.now today=today rows=rows /> }.into_any()
                }}
                <Pager locale=locale first=first next=next />
            </main>
        }
        .into_any())
    })
}

#[component]
fn Items(locale: Locale, now: Instant, today: Date, rows: Vec<ItemRow>) -> impl IntoView {
    let rows = rows.into_iter().map(|row| {
        let standing = standing_of(&row, now);
        // How far away the deadline is matters only to what is still to be done.
        let pressing = matches!(standing, Standing::Open | Standing::Overdue | Standing::Failed);
        let due = pressing.then(|| view! { " "<span class="meta">{words::distance(locale, row.due_on, today)}</span> });
        view! {
            <tr>
                <th scope="row"><a href=format!("/people/{}", row.person_id)>{row.name.clone()}</a></th>
                <td data-label=common::department(locale)>{row.department.clone()}</td>
                <td data-label=t::item(locale)>{item_name(locale, &row)}</td>
                <td data-label=common::due(locale)><span><time datetime=iso_date(row.due_on)>{words::short_date(locale, row.due_on)}</time>{due}</span></td>
                <td data-label=common::status(locale)><StandingStatus locale=locale standing=standing /></td>
            </tr>
        }
    });
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label=t::items_title(locale)>
            <table class="table cards">
                <thead><tr>
                    <th scope="col">{t::person(locale)}</th>
                    <th scope="col">{common::department(locale)}</th>
                    <th scope="col">{t::item(locale)}</th>
                    <th scope="col">{common::due(locale)}</th>
                    <th scope="col">{common::status(locale)}</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

const fn show_word(locale: Locale, show: Show) -> &'static str {
    match show {
        Show::All => t::show_all(locale),
        Show::Done => t::show_done(locale),
        Show::OnTime => t::show_on_time(locale),
        Show::Late => t::show_late(locale),
        Show::Overdue => t::show_overdue(locale),
        Show::DueSoon => t::show_due_soon(locale),
        Show::Missing => t::show_missing(locale),
    }
}

fn item_name(locale: Locale, row: &ItemRow) -> String {
    let title = match locale {
        Locale::De => &row.title_de,
        Locale::En => &row.title_en,
    };
    let kind = RequirementKind::from_stored(&row.kind).map_or("", |kind| words::requirement_kind(locale, kind));
    title.clone().unwrap_or_else(|| kind.to_owned())
}

fn standing_of(row: &ItemRow, now: Instant) -> Standing {
    let deadline = Deadline {
        due_on: row.due_on,
        due_at: row.due_at,
    };
    row.state().map_or(Standing::Ended, |state| standing(state, row.late, deadline, now))
}
