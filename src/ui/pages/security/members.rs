//! The password manager's list of members against our people, by how each stands.

use crate::{
    api::{
        done::person_path,
        members::{ForgetMember, RECONCILIATION, member_list_path},
        password_manager::ConfirmEnrolment,
    },
    domain::{
        Instant,
        assignment::State,
        compliance::standing,
        locale::Locale,
        member::{Bucket, Listing},
    },
    islands::live::ImportPreview,
    server::service::{
        members::Reconciliation,
        rows::{BucketKey, BucketRow, MemberList, Page},
    },
    ui::{
        components::{
            empty::Empty,
            form::{ErrorSummary, FileField, FormState},
            icon::Icon,
            notice::FlashNotice,
            pager::{Pager, address},
            status::StandingStatus,
        },
        load::{PageTitle, load, query_param},
        texts::members as t,
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Tiles, with tone and icon; what was set aside has a link of its own.
const TILES: [(Bucket, &str, &str); 6] = [
    (Bucket::Enrolled, "green", "check-circle"),
    (Bucket::Invited, "amber", "mail"),
    (Bucket::TwoStep, "amber", "shield"),
    (Bucket::Missing, "amber", "minus-circle"),
    (Bucket::Unknown, "amber", "user"),
    (Bucket::Left, "red", "alert"),
];

/// `/security/password-manager`
#[component]
pub fn MembersPage() -> impl IntoView {
    let asked = Bucket::from_word(&query_param("show"));
    let (sort, key) = (query_param("after"), query_param("key"));
    let after: Option<BucketKey> = (!key.is_empty()).then_some((sort, key));
    load(async move |cx| {
        let found = cx.actor()?.enrolment_desk(&cx.app)?.reconciliation(cx.now, asked, after.as_ref()).await?;
        let locale = cx.locale;
        let zone = cx.app.settings().time_zone.clone();
        let form = FormState::of(&cx, RECONCILIATION);
        let body = match found {
            Some(found) => view! { <Found locale=locale zone=zone now=cx.now found=found is_first=after.is_none() /> }.into_any(),
            None => view! { <Empty icon="key" title=t::none_title(locale) text=t::none_text(locale) /> }.into_any(),
        };
        Ok(view! {
            <PageTitle text=t::title(locale) />
            <main class="page" id="main" tabindex="-1">
                <div class="region" id="import">
                    <div class="page-heading"><div><h1>{t::title(locale)}</h1><p class="lead">{t::lead(locale)}</p></div></div>
                    <FlashNotice cx=cx.clone() />
                    {body}
                    <Upload locale=locale form=form />
                </div>
                <ImportPreview region="import" loading=t::upload_reading(locale) />
            </main>
        }
        .into_any())
    })
}

#[component]
fn Found(locale: Locale, zone: String, now: Instant, found: Reconciliation, is_first: bool) -> impl IntoView {
    let Reconciliation { list, counts, bucket, page } = found;
    let count = |bucket: Bucket| counts.iter().find(|(other, _)| *other == bucket).map_or(0, |(_, count)| *count);
    let tiles = TILES.map(|(tile, tone, icon)| {
        let n = count(tile);
        // Only what is there gets a colour.
        let class = if n > 0 { format!("tile {tone}") } else { "tile".to_owned() };
        let current = (tile == bucket).then_some("true");
        view! {
            <li>
                <a class=class href=address(RECONCILIATION, &[("show", tile.as_str())]) aria-current=current>
                    <span class="label"><Icon name=icon />{t::bucket(locale, tile).0}</span>
                    <span class="figure">{n}</span>
                </a>
            </li>
        }
    });
    let aside = usize::try_from(count(Bucket::SetAside)).unwrap_or(0);
    let aside = (aside > 0 || bucket == Bucket::SetAside).then(|| {
        let href = address(RECONCILIATION, &[("show", Bucket::SetAside.as_str())]);
        view! { <p class="meta"><a href=href>{t::set_aside_link(locale, &t::count(locale, aside))}</a></p> }
    });
    let (name, about) = t::bucket(locale, bucket);
    let link = |key: Option<&BucketKey>| {
        let (sort, id) = key.map_or(("", ""), |(sort, id)| (sort.as_str(), id.as_str()));
        address(RECONCILIATION, &[("show", bucket.as_str()), ("after", sort), ("key", id)])
    };
    let next = page.rows.last().filter(|_| page.more).map(|row| link(Some(&row.key)));
    let first = (!is_first).then(|| link(None));
    view! {
        <ListFacts locale=locale zone=zone list=list />
        <nav aria-label=t::tiles(locale)><ul class="tiles">{tiles.collect_view()}</ul></nav>
        {aside}
        <section class="stack">
            <h2>{name}</h2>
            <p>{about}</p>
            <Rows locale=locale now=now name=name bucket=bucket page=page />
            <Pager locale=locale first=first next=next />
        </section>
    }
}

/// Which list counts, since when, by whom.
#[component]
fn ListFacts(locale: Locale, zone: String, list: MemberList) -> impl IntoView {
    let members = usize::try_from(list.members).unwrap_or(0);
    let file = if list.file_name.is_empty() {
        t::unnamed(locale).to_owned()
    } else {
        list.file_name
    };
    let applied = list.applied.map(|(at, by)| t::applied_on(locale, &words::moment(locale, &zone, at), &by));
    view! {
        <section class="card" aria-label=t::last_list(locale)>
            <div class="row apart">
                <div>
                    <p><strong>{t::list_of(locale, t::vendor(locale, list.vendor), &file, &t::count(locale, members))}</strong></p>
                    <p class="meta">{applied}</p>
                </div>
                <a class="button secondary small" href=member_list_path(list.id)><Icon name="refresh" />{t::run_again(locale)}</a>
            </div>
        </section>
    }
}

#[component]
fn Rows(locale: Locale, now: Instant, name: &'static str, bucket: Bucket, page: Page<BucketRow>) -> impl IntoView {
    if page.rows.is_empty() {
        return view! { <Empty icon="users" title=t::empty_title(locale) text=t::empty_text(locale) /> }.into_any();
    }
    let rows = page.rows.into_iter().map(|row| view! { <Row locale=locale now=now bucket=bucket row=row /> });
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label=name>
            <table class="table cards">
                <caption class="visually-hidden">{name}</caption>
                <thead><tr>
                    <th>{t::column_who(locale)}</th>
                    <th>{t::column_list(locale)}</th>
                    <th>{t::column_item(locale)}</th>
                    <th class="end"><span class="visually-hidden">{t::column_action(locale)}</span></th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(locale: Locale, now: Instant, bucket: Bucket, row: BucketRow) -> impl IntoView {
    let listed = row.listed.clone();
    let who = match (&row.person, &listed) {
        (Some((id, name, department)), _) => view! { <a href=person_path(*id)>{name.clone()}</a><small>{department.clone()}</small> }.into_any(),
        (None, Some((email, name, _))) => {
            let name = if name.is_empty() { email.clone() } else { name.clone() };
            view! { {name} }.into_any()
        }
        (None, None) => ().into_any(),
    };
    let says = match &listed {
        Some((email, _, listing)) => view! { <div>{email.clone()}<div class="meta">{t::listing(locale, *listing)}</div></div> }.into_any(),
        None => view! { <span class="muted">{t::not_in_list(locale)}</span> }.into_any(),
    };
    let notes = [
        row.is_ambiguous.then(|| t::ambiguous(locale)),
        (row.is_said && row.person.is_some()).then(|| t::said_by_hand(locale)),
        (bucket == Bucket::SetAside).then(|| t::nobody(locale)),
        row.item.and_then(|item| t::strength(locale, item.state, item.on_vendor_list)),
    ];
    let notes = notes.into_iter().flatten().collect::<Vec<_>>().join("; ");
    let standing = row.item.map(|item| standing(item.state, item.late, item.deadline, now));
    let on_record = (standing.is_some() || !notes.is_empty()).then(|| {
        view! { <div class="row">{standing.map(|standing| view! { <StandingStatus locale=locale standing=standing /> })}<span class="meta">{notes}</span></div> }
    });
    view! {
        <tr>
            <th scope="row">{who}</th>
            <td data-label=t::column_list(locale)>{says}</td>
            <td data-label=t::column_item(locale)>{on_record}</td>
            <td class="end"><Actions locale=locale bucket=bucket row=row /></td>
        </tr>
    }
}

#[component]
fn Actions(locale: Locale, bucket: Bucket, row: BucketRow) -> impl IntoView {
    let silent = matches!(&row.listed, Some((_, _, listing)) if Listing::is_silent(*listing));
    let confirm = row
        .item
        .filter(|item| silent && matches!(item.state, State::Open | State::Waiting { .. }))
        .map(|item| {
            view! {
                <form method="post" action=ConfirmEnrolment::PATH>
                    <input type="hidden" name="id" value=item.id.to_string() />
                    <button class="button small">{t::confirm_by_hand(locale)}</button>
                </form>
            }
        });
    let email = row.listed.map(|(email, ..)| email);
    let whose = email.map(|email| {
        let href = address(&format!("{RECONCILIATION}/match"), &[("email", &email)]);
        let for_email = view! { <span class="visually-hidden">{format!(": {email}")}</span> };
        match bucket {
            Bucket::SetAside => view! {
                <form method="post" action=ForgetMember::PATH>
                    <input type="hidden" name="email" value=email.clone() />
                    <button class="button secondary small">{t::take_back(locale)}{for_email}</button>
                </form>
            }
            .into_any(),
            Bucket::Unknown => view! { <a class="button small" href=href>{t::assign(locale)}{for_email}</a> }.into_any(),
            _ if row.is_said => view! { <a class="button quiet small" href=href>{t::change_assignment(locale)}{for_email}</a> }.into_any(),
            _ => ().into_any(),
        }
    });
    view! { <div class="actions">{confirm}{whose}</div> }
}

#[component]
fn Upload(locale: Locale, form: FormState) -> impl IntoView {
    view! {
        <form class="form card" method="post" action=RECONCILIATION enctype="multipart/form-data" novalidate>
            <h2>{t::upload_title(locale)}</h2>
            <dl class="facts lines">
                <div><dt>"Bitwarden"</dt><dd>{t::upload_bitwarden(locale)}</dd></div>
                <div><dt>"1Password"</dt><dd>{t::upload_1password(locale)}</dd></div>
                <div><dt>{t::vendor_other(locale)}</dt><dd>{t::upload_other(locale)}</dd></div>
            </dl>
            <ErrorSummary form=form.clone() labels=vec![("file", t::file(locale).to_owned())] />
            <FileField form=form name="file" label=t::file(locale) hint=t::file_hint(locale) accept=".csv,.json,text/csv,text/plain,application/json" required=true />
            <button class="button"><Icon name="eye" />{t::upload_button(locale)}</button>
        </form>
    }
}
