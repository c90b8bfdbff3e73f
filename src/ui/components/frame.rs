//! The frame around every page: wordmark, navigation by role, language, account.

use crate::{
    api::account::{ChooseLanguage, SignOut},
    domain::locale::Locale,
    server::context::Cx,
    ui::{
        app::navigation,
        components::icon::{Icon, Wordmark},
        texts::{common as t, search},
        words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The header of signed-in people; nothing before sign-in but the demo's banner.
#[component]
pub fn Header(cx: Cx) -> impl IntoView {
    let locale = cx.locale;
    let banner = cx
        .app
        .settings()
        .demo
        .then(|| {
            if cx.app.settings().second_factor_required {
                t::demo_banner(locale)
            } else {
                t::demo_banner_lenient(locale)
            }
        })
        .map(|text| view! { <div class="demo-banner" role="note"><Icon name="info" />{text}</div> });
    let header = cx.actor.as_ref().map(|actor| {
        let entries = navigation(&cx);
        let leads_here = |href: &&str| cx.path == **href || cx.path.starts_with(&format!("{href}/"));
        // One entry can lie beneath another.
        let here = entries.iter().map(|(href, _)| *href).filter(leads_here).max_by_key(|href| href.len());
        let entries = entries.into_iter().map(|(href, word)| {
            let current = here == Some(href);
            view! { <li><a href=href aria-current=current.then_some("page")>{word}</a></li> }
        });
        let roles: Vec<_> = actor.roles().iter().map(|role| words::role(locale, *role)).collect();
        let roles = if roles.is_empty() {
            t::role_employee(locale).to_owned()
        } else {
            roles.join(", ")
        };
        let name = actor.name().to_owned();
        view! {
            <header class="site-header"><div>
                <Wordmark />
                <nav class="site-nav" aria-label=t::main_navigation(locale)><ul>{entries.collect_view()}</ul></nav>
                <div class="tools">
                    {actor.search_desk(&cx.app).is_ok().then(|| view! { <SiteSearch locale=locale /> })}
                    <LanguageSwitch locale=locale />
                    <button class="button quiet small" popovertarget="account">
                        <span class="avatar" aria-hidden="true">{words::initials(&name)}</span>
                        <span class="visually-hidden">{t::account_of(locale, &name)}</span>
                        <Icon name="chevron-down" />
                    </button>
                    <div class="menu" id="account" popover>
                        <header><strong>{name.clone()}</strong><p class="meta">{roles}</p></header>
                        <a href="/account"><Icon name="shield" />{t::account_security(locale)}</a>
                        <form method="post" action=SignOut::PATH><button><Icon name="logout" />{t::sign_out(locale)}</button></form>
                    </div>
                </div>
            </div></header>
        }
    });
    view! { {banner}{header} }
}

/// The way to the search, for whoever may find something. `public/search-keys.js` knows it.
#[component]
fn SiteSearch(locale: Locale) -> impl IntoView {
    view! {
        <a class="button quiet small" id="to-search" href="/search" aria-keyshortcuts="/ Control+K" title=search::everywhere(locale)>
            <Icon name="search" /><span class="visually-hidden">{search::everywhere(locale)}</span>
        </a>
    }
}

/// A button that switches to the other language.
#[component]
pub fn LanguageSwitch(locale: Locale) -> impl IntoView {
    let other = match locale {
        Locale::De => Locale::En,
        Locale::En => Locale::De,
    };
    view! {
        <form method="post" action=ChooseLanguage::PATH>
            <button class="button quiet small" name="language" value=other.tag() lang=other.tag()><Icon name="globe" />{t::other_language(locale)}</button>
        </form>
    }
}

/// The footer names whose installation this is.
#[component]
pub fn Footer(company: String) -> impl IntoView {
    view! { <footer class="site-footer"><div><span>{company}</span></div></footer> }
}
