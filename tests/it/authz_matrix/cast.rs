//! Who asks, what they send to each function, and where they find each page.

use super::EVERYONE;
use crate::fixture::{TestApp, client::Client, people::NewPerson};
use antritt::{
    domain::{
        ids::{AccountId, DocumentId, ExemptionId, PersonId, RequirementId, RoleRequestId},
        locale::Locale,
        requirement::{Material, RequirementKind as Kind},
        roles::Role,
    },
    server::store::accounts,
};
use uuid::Uuid;

/// An account in the list of members that is nobody's.
const STRANGER: &str = "build@firma.example";

/// Anna, whom everything is about, and everyone who asks.
pub struct Cast {
    pub anna: PersonId,
    upload: String,
    /// The shipped course, of which there is a draft, and a course file that security uploaded.
    pub course: String,
    course_file: String,
    /// A list of the password manager's members that was applied.
    members: String,
    /// Asked for by HR about Anna.
    exemption: ExemptionId,
    template: DocumentId,
    /// Somebody who audits, for whom a colleague of the administrator asked for more.
    account: AccountId,
    role_request: RoleRequestId,
    /// A task that HR confirms.
    rule: RequirementId,
    token: String,
    /// Of a link for a new password of the auditor.
    pub reset: String,
    cookies: Vec<(&'static str, Option<String>)>,
}

impl Cast {
    pub async fn of(app: &TestApp) -> Self {
        let boss = app
            .add(&NewPerson {
                work_email: "boss@firma.example",
                ..NewPerson::named("Berta Boss")
            })
            .await;
        let anna = app
            .add(&NewPerson {
                manager_email: "boss@firma.example",
                ..NewPerson::named("Anna Muster")
            })
            .await;
        let other = app.person("Otto Anders", "2026-12-01", "Europe/Berlin").await;
        let gone = app.person("Gerd Gegangen", "2026-11-02", "Europe/Berlin").await;
        let token = app.token_of(anna).await;
        let disabled = app.sign_in_by_link(gone).await;
        app.write(async |tx| accounts::disable_of_person(tx, app.now(), gone).await).await.unwrap();
        let hr = app.hr().await;
        let upload = crate::stories::import::upload(
            &hr,
            crate::stories::import::file(&["Ben;ben@home.example;;angestellt;DE;Vertrieb;Bote;;2026-12-01;Europe/Berlin"]).as_bytes(),
        )
        .await;
        let security = app.security().await;
        let course = app.shipped_course().await;
        let draft = [("id", course.as_str()), ("lesson_de", "Neu"), ("lesson_en", "New")];
        security.post_form("/api/courses/add-lesson", &draft).await.said();
        let course_file = crate::stories::course_files::upload(&security, b"{}").await;
        let members = crate::stories::members::upload(&hr, &format!("Email,Status,Two-step login\n{STRANGER},Confirmed,Enabled\n")).await;
        hr.post_form("/api/members/apply", &[("id", &members)]).await.said();
        let clients = [
            app.visitor(),
            app.sign_in_by_link(anna).await,
            app.sign_in_by_link(other).await,
            app.sign_in_by_link(boss).await,
            hr,
            security,
            app.auditor().await,
            app.admin().await,
            disabled,
        ];
        let cookies = EVERYONE.into_iter().zip(clients.iter().map(|client| client.cookie("antritt"))).collect();
        let policy = app.item(anna, Kind::Policy).await;
        app.accept_policy(&clients[1], &policy).await.said();
        let Material::Document(document) = policy.material else { panic!("no text") };
        let draft = [
            ("id", &*document.to_string()),
            ("title_de", "Titel"),
            ("title_en", "Title"),
            ("body_de", "Neu"),
            ("body_en", "New"),
        ];
        clients[5].post_form("/api/documents/save", &draft).await.said();
        // Else a second press of the link's button would still count as the first one.
        app.clock.advance(time::Duration::seconds(11));
        let exemption = app.exemption_of(anna).await;
        let template = app.nda_template("Freie", "contractor", "", "").await;
        let rule = crate::stories::duties::make(app, &crate::stories::duties::task("Laptop", &[("confirmed_by", "hr")])).await;
        let account = app.account("target@company.example", Some(Role::Auditor), None).await;
        app.administrator("deputy").await;
        let (_, colleague) = app.administrator("colleague").await;
        crate::stories::roles::grant(&colleague, account, "security", "").await.said();
        let asked = [("email", "auditor@company.example")];
        app.visitor().post_form("/api/invitations/request", &asked).await.said();
        let reset = app.reset_tokens_of("auditor@company.example").await.remove(0);
        Self {
            account,
            role_request: app.role_request().await,
            rule,
            anna,
            upload,
            course,
            course_file,
            members,
            exemption,
            template,
            token,
            reset,
            cookies,
        }
    }

    /// Everyone with a fresh jar that holds their session only.
    pub fn everyone(&self, app: &TestApp) -> Vec<(&'static str, Client)> {
        let client = |cookie: &Option<String>| {
            let client = app.visitor();
            if let Some(cookie) = cookie {
                client.set_cookie("antritt", cookie);
            }
            client
        };
        self.cookies.iter().map(|(name, cookie)| (*name, client(cookie))).collect()
    }

    /// The policy that Anna accepted; it has a draft.
    async fn policy(&self, app: &TestApp) -> String {
        let item = app.items(self.anna).await.into_iter().find(|item| item.kind == Kind::Policy).unwrap();
        let Material::Document(document) = item.material else { panic!("no text") };
        document.to_string()
    }

    /// What a function is sent: enough to get past the question who asks, too little to change much. With `missing`, the id
    /// belongs to nothing.
    pub async fn fields(&self, app: &TestApp, function: &str, missing: Option<Uuid>) -> Vec<(String, String)> {
        let kind = match function.split('/').next().unwrap() {
            "nda" => Kind::Nda,
            _ if function == "exemptions/allow-start" => Kind::Nda,
            "checks" => Kind::BackgroundCheck,
            "policies" => Kind::Policy,
            "training" => Kind::Training,
            "instructions" => Kind::Instruction,
            _ => Kind::PasswordManager,
        };
        let item = app.items(self.anna).await.into_iter().rfind(|item| item.kind == kind).unwrap();
        let or_missing = |id: String| missing.map_or(id, |missing| missing.to_string());
        let id = ("id", or_missing(item.id.to_string()));
        let person = or_missing(self.anna.to_string());
        let fields = match function {
            "account/reset-password" => vec![("token", self.reset.clone())],
            "factors/add-passkey" | "factors/confirm-app" | "factors/give-passkey" | "factors/prove-by-passkey" | "factors/remove" | "factors/rename" => {
                vec![
                    ("id", or_missing(Uuid::nil().to_string())),
                    ("name", "x".to_owned()),
                    ("passkey_name", "x".to_owned()),
                ]
            }
            _ if function.starts_with("factors/") => Vec::new(),
            "account/language" => vec![("language", "de".to_owned())],
            "invitations/accept" | "invitations/renew" => vec![("token", self.token.clone())],
            "invitations/send" | "team/nudge" => vec![("person", person)],
            "calendar/make" | "calendar/end" => vec![("kind", "own".to_owned())],
            "rules/change" | "rules/end" => vec![("id", or_missing(self.rule.to_string()))],
            "people/change" | "people/move-start" | "people/record-last-day" | "people/rehire" | "reminders/pause" | "reminders/resume" => vec![("id", person)],
            "rules/make" | "accounts/add" | "check-profiles/add" | "courses/add" | "documents/add" => Vec::new(),
            "check-profiles/change" => vec![("key", or_missing("DE".to_owned()))],
            "roles/approve" | "roles/refuse" | "roles/withdraw" => vec![("id", or_missing(self.role_request.to_string()))],
            _ if function.starts_with("accounts/") => vec![("id", or_missing(self.account.to_string()))],
            _ if function.starts_with("roles/") => vec![("id", or_missing(self.account.to_string())), ("role", "auditor".to_owned())],
            "imports/apply" => vec![("id", or_missing(self.upload.clone()))],
            "members/apply" | "members/map" => vec![("id", or_missing(self.members.clone()))],
            "members/assign" => vec![("email", STRANGER.to_owned()), ("person", person)],
            "members/set-aside" | "members/forget" => vec![("email", or_missing(STRANGER.to_owned()))],
            "documents/preview" => vec![("text", "## Text".to_owned())],
            _ if function.starts_with("documents/") => vec![("id", or_missing(self.policy(app).await))],
            "exemptions/decide" | "exemptions/end" => vec![("id", or_missing(self.exemption.to_string())), ("approve", "no".to_owned())],
            "nda-templates/change" | "nda-templates/retire" => vec![("id", or_missing(self.template.to_string()))],
            "nda/sign" | "policies/accept" => vec![id, ("opened", app.opened(&item, Locale::De).await)],
            "sessions/end" => vec![("id", or_missing(app.another_session_of(self.anna).await.to_string()))],
            "training/answer" => {
                let (training, asked) = app.quiz(&item).await;
                vec![
                    id,
                    ("question", training.drawn(item.id, asked)[0].question.id.clone()),
                    ("option", "0".to_owned()),
                ]
            }
            "courses/take-over" => vec![("id", or_missing(self.course_file.clone()))],
            _ if function.starts_with("courses/") => vec![
                ("id", or_missing(self.course.clone())),
                ("slug", "phishing".to_owned()),
                ("question", "phishing-1".to_owned()),
                ("text_de", "?".to_owned()),
                ("direction", "up".to_owned()),
            ],
            _ if function.starts_with("account/")
                || function.starts_with("sessions/")
                || matches!(function, "people/add" | "invitations/request" | "nda-templates/create") =>
            {
                Vec::new()
            }
            _ => vec![id],
        };
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The address of a page about Anna, or about nothing.
    pub async fn address(&self, app: &TestApp, route: &str, missing: Option<Uuid>) -> String {
        let or_missing = |id: String| missing.map_or(id, |missing| missing.to_string());
        let kind = match route {
            _ if route.contains("/nda/") || route.contains("-nda/") => Kind::Nda,
            _ if route.contains("/check/") => Kind::BackgroundCheck,
            _ if route.contains("/policy/") || route.starts_with("/signed/") => Kind::Policy,
            _ if route.contains("/training/") => Kind::Training,
            _ if route.contains("/instruction/") => Kind::Instruction,
            _ => Kind::PasswordManager,
        };
        let items = app.items(self.anna).await;
        let item = if route.starts_with("/signed/") {
            items.iter().find(|item| item.kind == kind)
        } else {
            items.iter().rfind(|item| item.kind == kind)
        };
        if route.ends_with("/match") {
            return format!("{route}?email={}", or_missing(STRANGER.to_owned()));
        }
        let id = match route {
            _ if route.starts_with("/security/password-manager/lists/") => self.members.clone(),
            _ if route.starts_with("/content/rules/") => self.rule.to_string(),
            _ if route.starts_with("/content/documents/") => self.policy(app).await,
            _ if route.starts_with("/people/import/") => self.upload.clone(),
            _ if route.starts_with("/content/courses/import/") => self.course_file.clone(),
            _ if route.starts_with("/content/courses/") => self.course.clone(),
            _ if route.starts_with("/content/nda-templates/") => self.template.to_string(),
            _ if route.starts_with("/admin/accounts/requests/") => self.role_request.to_string(),
            _ if route.starts_with("/admin/accounts/") => self.account.to_string(),
            _ if route.starts_with("/people/:id") => self.anna.to_string(),
            _ => item.unwrap().id.to_string(),
        };
        let slug = app.course(&app.item(self.anna, Kind::Training).await).await.lessons[0].slug.clone();
        let seq = app.number("select max(seq) from audit_entry where action = 'role.requested'").await;
        let seq = if missing.is_some() { i64::MAX } else { seq };
        let token = if route.starts_with("/reset-password/") { &self.reset } else { &self.token };
        let filled = route.replace(":token", token).replace(":person", &or_missing(self.anna.to_string()));
        let filled = filled.replace(":question", "phishing-1").replace(":role", "auditor");
        let filled = filled.replace(":seq", &seq.to_string());
        let filled = filled.replace(":country", &or_missing("DE".to_owned()));
        filled.replace(":id", &or_missing(id)).replace(":slug", &slug).replace(":number", "1")
    }
}
