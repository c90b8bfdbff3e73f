//! The document and the table of pages.

use crate::{
    domain::roles::Permission,
    server::{context::Cx, http::assets},
    ui::{
        components::frame::{Footer, Header},
        pages,
        texts::common as t,
    },
};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};

/// Fetches a page when its link is about to be followed. Nothing changes by GET, so looking ahead is safe. Left out are files, and
/// texts to be signed: when those were opened is part of the evidence.
const SPECULATION: &str = r#"{"prefetch":[{"where":{"and":[{"href_matches":"/*"},{"not":{"href_matches":["/*.csv","/*.pdf","/*.zip","/*.antritt-course","/files/*","/checklist/*"]}}]},"eagerness":"moderate"}]}"#;

/// The whole document of any page.
#[component]
pub fn Document(options: LeptosOptions) -> impl IntoView {
    provide_meta_context();
    let Some(cx) = use_context::<Cx>() else { return ().into_any() };
    let locale = cx.locale;
    let client = (!assets::CLIENT.is_empty()).then(|| view! { <HydrationScripts options=options islands=true /> });
    let searches = cx.actor.as_ref().is_some_and(|actor| actor.search_desk(&cx.app).is_ok());
    let keys = searches.then(|| view! { <script src="/search-keys.js" defer nonce=use_nonce()></script> });
    view! {
        <!DOCTYPE html>
        <html lang=locale.tag()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="stylesheet" href=assets::STYLE />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <Title formatter=|text: String| if text.is_empty() { "Antritt".to_owned() } else { format!("{text} · Antritt") } />
                {client}
                {keys}
                <script type="speculationrules" nonce=use_nonce() inner_html=SPECULATION></script>
                <MetaTags />
            </head>
            <body>
                <a class="skip" href="#main">{t::skip_to_content(locale)}</a>
                <Site />
            </body>
        </html>
    }
    .into_any()
}

/// Header, the page, footer. Pages before sign-in stand alone, without the frame.
#[component]
fn Site() -> impl IntoView {
    let Some(cx) = use_context::<Cx>() else { return ().into_any() };
    let framed = cx.actor.is_some();
    let footer = framed.then(|| view! { <Footer company=cx.app.settings().company.clone() /> });
    view! {
        <Header cx=cx.clone() />
        <Router>
            <Routes fallback=pages::errors::NotFoundPage>
                <Route path=path!("/") view=pages::home::Home />
                <Route path=path!("/sign-in") view=pages::auth::sign_in::SignInPage />
                <Route path=path!("/invitation/:token") view=pages::auth::invitation::InvitationPage />
                <Route path=path!("/reset-password/:token") view=pages::auth::reset_password::ResetPasswordPage />
                <Route path=path!("/account") view=pages::account::overview::AccountPage />
                <Route path=path!("/account/password") view=pages::account::password::PasswordPage />
                <Route path=path!("/welcome") view=pages::auth::welcome::WelcomePage />
                <Route path=path!("/checklist") view=pages::employee::checklist::ChecklistPage />
                <Route path=path!("/checklist/nda/:id") view=pages::employee::nda::NdaPage />
                <Route path=path!("/checklist/policy/:id") view=pages::employee::policy::PolicyPage />
                <Route path=path!("/checklist/training/:id") view=pages::employee::training::CoursePage />
                <Route path=path!("/checklist/training/:id/lesson/:slug") view=pages::employee::training::LessonPage />
                <Route path=path!("/checklist/training/:id/quiz") view=pages::employee::quiz::QuizPage />
                <Route path=path!("/checklist/password-manager/:id") view=pages::employee::password_manager::PasswordManagerPage />
                <Route path=path!("/checklist/check/:id") view=pages::employee::check::CheckPage />
                <Route path=path!("/record") view=pages::employee::record::RecordPage />
                <Route path=path!("/signed/:id") view=pages::employee::signed::SignedPage />
                <Route path=path!("/account/prove") view=pages::account::prove::ProvePage />
                <Route path=path!("/account/sessions") view=pages::account::sessions::SessionsPage />
                <Route path=path!("/hr") view=pages::hr::board::BoardPage />
                <Route path=path!("/people") view=pages::hr::people::PeoplePage />
                <Route path=path!("/people/new") view=pages::hr::person_form::NewPersonPage />
                <Route path=path!("/people/import") view=pages::hr::import::ImportPage />
                <Route path=path!("/people/import/:id") view=pages::hr::import::PreviewPage />
                <Route path=path!("/people/:id") view=pages::hr::person::PersonPage />
                <Route path=path!("/people/:id/edit") view=pages::hr::person_form::EditPersonPage />
                <Route path=path!("/people/:id/start-date") view=pages::hr::start_date::StartDatePage />
                <Route path=path!("/people/:id/last-day") view=pages::hr::last_day::LastDayPage />
                <Route path=path!("/people/:id/reminders") view=pages::hr::reminders::RemindersPage />
                <Route path=path!("/people/:person/check/:id") view=pages::hr::check::CheckPage />
                <Route path=path!("/people/:person/nda/:id") view=pages::hr::paper_nda::PaperNdaPage />
                <Route path=path!("/security") view=pages::security::rates::RatesPage />
                <Route path=path!("/security/items") view=pages::security::items::ItemsPage />
                <Route path=path!("/security/password-manager") view=pages::security::members::MembersPage />
                <Route path=path!("/security/password-manager/match") view=pages::security::member_match::MatchPage />
                <Route path=path!("/security/password-manager/lists/:id") view=pages::security::member_preview::MemberPreviewPage />
                <Route path=path!("/content") view=pages::content::hub::ContentPage />
                <Route path=path!("/content/courses") view=pages::content::courses::CoursesPage />
                <Route path=path!("/content/courses/new") view=pages::content::courses::NewCoursePage />
                <Route path=path!("/content/courses/import") view=pages::content::course_import::CourseImportPage />
                <Route path=path!("/content/courses/import/:id") view=pages::content::course_import::CoursePreviewPage />
                <Route path=path!("/content/courses/:id") view=pages::content::course::EditCoursePage />
                <Route path=path!("/content/courses/:id/lessons/:slug") view=pages::content::lesson::EditLessonPage />
                <Route path=path!("/content/courses/:id/questions") view=pages::content::questions::QuestionsPage />
                <Route path=path!("/content/courses/:id/questions/:question") view=pages::content::question::EditQuestionPage />
                <Route path=path!("/content/courses/:id/quiz") view=pages::content::try_quiz::TryQuizPage />
                <Route path=path!("/content/courses/:id/publish") view=pages::content::publish_course::PublishCoursePage />
                <Route path=path!("/content/check-profiles") view=pages::content::check_profiles::CheckProfilesPage />
                <Route path=path!("/content/check-profiles/:country") view=pages::content::check_profile::CheckProfilePage />
                <Route path=path!("/content/nda-templates") view=pages::content::nda_templates::NdaTemplatesPage />
                <Route path=path!("/content/nda-templates/new") view=pages::content::nda_templates::NewNdaTemplatePage />
                <Route path=path!("/content/nda-templates/:id") view=pages::content::nda_templates::NdaTemplatePage />
                <Route path=path!("/people/:person/withdraw-nda/:id") view=pages::hr::withdraw_nda::WithdrawNdaPage />
                <Route path=path!("/content/rules") view=pages::content::rules::RulesPage />
                <Route path=path!("/content/rules/new") view=pages::content::rule::NewRulePage />
                <Route path=path!("/content/rules/:id") view=pages::content::rule::EditRulePage />
                <Route path=path!("/content/rules/:id/end") view=pages::content::rule::EndRulePage />
                <Route path=path!("/checklist/instruction/:id") view=pages::employee::instruction::InstructionPage />
                <Route path=path!("/people/:id/rehire") view=pages::hr::rehire::RehirePage />
                <Route path=path!("/content/documents") view=pages::content::documents::DocumentsPage />
                <Route path=path!("/content/documents/new") view=pages::content::documents::NewPolicyPage />
                <Route path=path!("/content/documents/:id") view=pages::content::document::DocumentPage />
                <Route path=path!("/content/documents/:id/publish") view=pages::content::publish_document::PublishPage />
                <Route path=path!("/content/documents/:id/versions/:number") view=pages::content::document::VersionPage />
                <Route path=path!("/exceptions") view=pages::security::exemptions::ExemptionsPage />
                <Route path=path!("/people/:person/exemption/:id") view=pages::hr::exemption::RequestExemptionPage />
                <Route path=path!("/people/:person/start-without-nda/:id") view=pages::hr::exemption::AllowStartPage />
                <Route path=path!("/sign-in/second-step") view=pages::factors::second_step::SecondStepPage />
                <Route path=path!("/account/factors") view=pages::factors::list::FactorsPage />
                <Route path=path!("/account/factors/app") view=pages::factors::app::AppPage />
                <Route path=path!("/account/factors/codes") view=pages::factors::codes::CodesPage />
                <Route path=path!("/admin/outbox") view=pages::admin::outbox::OutboxPage />
                <Route path=path!("/admin/events") view=pages::admin::events::EventsPage />
                <Route path=path!("/admin/events/:seq") view=pages::admin::entry::EntryPage />
                <Route path=path!("/admin/accounts") view=pages::admin::accounts::AccountsPage />
                <Route path=path!("/admin/accounts/new") view=pages::admin::new_account::NewAccountPage />
                <Route path=path!("/admin/accounts/:id") view=pages::admin::account::AccountPage />
                <Route path=path!("/admin/accounts/:id/grant") view=pages::admin::grant::GrantPage />
                <Route path=path!("/admin/accounts/:id/remove/:role") view=pages::admin::grant::RemovePage />
                <Route path=path!("/admin/accounts/:id/status") view=pages::admin::account_status::AccountStatusPage />
                <Route path=path!("/admin/accounts/:id/factors") view=pages::admin::account_factors::AccountFactorsPage />
                <Route path=path!("/admin/accounts/requests/:id") view=pages::admin::role_request::RoleRequestPage />
                <Route path=path!("/security/access") view=pages::security::access::AccessPage />
                <Route path=path!("/search") view=pages::search::SearchPage />
                <Route path=path!("/team") view=pages::manager::team::TeamPage />
                <Route path=path!("/account/calendar") view=pages::account::calendar::CalendarPage />
            </Routes>
        </Router>
        {footer}
    }
    .into_any()
}

/// The navigation of an actor: what their roles let them see, in one order for everyone.
pub fn navigation(cx: &Cx) -> Vec<(&'static str, &'static str)> {
    let Some(actor) = &cx.actor else { return Vec::new() };
    let locale = cx.locale;
    let mut entries = Vec::new();
    if actor.may(Permission::ReadGate) {
        entries.push(("/hr", t::nav_gate(locale)));
    }
    if actor.may(Permission::ReadRates) {
        entries.push(("/security", t::nav_rates(locale)));
    }
    if actor.may(Permission::ConfirmPasswordManager) {
        entries.push(("/security/password-manager", t::kind_password_manager(locale)));
    }
    if actor.may(Permission::ReadPeople) {
        entries.push(("/people", t::nav_people(locale)));
    }
    if actor.team_desk(&cx.app).is_ok() {
        entries.push(("/team", t::nav_team(locale)));
    }
    if actor.may(Permission::ReadExemptions) {
        entries.push(("/exceptions", t::nav_exemptions(locale)));
    }
    if actor.may(Permission::ManageAccounts) {
        entries.push(("/admin/accounts", t::nav_accounts(locale)));
    }
    if actor.may(Permission::ReadAccess) {
        entries.push(("/security/access", t::nav_access(locale)));
    }
    if actor.may(Permission::ReadEvents) {
        entries.push(("/admin/events", t::nav_events(locale)));
    }
    if actor.may(Permission::ReadOutbox) {
        entries.push(("/admin/outbox", t::nav_outbox(locale)));
    }
    if [
        Permission::EditPolicies,
        Permission::EditNdaTemplates,
        Permission::EditCourses,
        Permission::EditCheckProfiles,
        Permission::EditRules,
    ]
    .into_iter()
    .any(|permission| actor.may(permission))
    {
        entries.push(("/content", t::nav_content(locale)));
    }
    if actor.person().is_some() {
        entries.push(("/checklist", t::nav_checklist(locale)));
        entries.push(("/record", t::nav_record(locale)));
    }
    entries
}
