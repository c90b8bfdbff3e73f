//! Plays the stories: everything goes through the use cases that the browser uses, so that evidence, audit and mails of
//! the demo are what they would be after a year of work.

use super::{
    PASSWORD,
    stories::{self, EMPLOYEE, HR, LEAVER, Moment, Step, Story},
};
use crate::{
    domain::{
        Instant,
        course::Answer,
        draw::Drawn,
        evidence::{CheckOutcome, Origin},
        ids::{AccountId, AssignmentId, PersonId},
        locale::Locale,
        person::{Email, Line, PersonForm, iso_date},
        requirement::RequirementKind,
        roles::Role,
    },
    server::{
        auth::{
            actor::Actor,
            session::{self, Sessions},
        },
        clock::Clock,
        service::{
            App, Error, Result, accounts,
            checks::{OutcomeForm, RequestForm},
            import, invitations, leavers,
            nda::{PaperForm, SignatureForm},
            rows::CheckFile,
        },
        zones,
    },
};
use std::sync::Arc;
use time::{Date, Duration};
use tower_sessions::Session;

/// The accounts that belong to nobody in particular.
const STAFF: [(Role, &str, &str); 3] = [
    (Role::Security, "security@demo.example", "Tarek Kaya"),
    (Role::Auditor, "auditor@demo.example", "Ines Falk"),
    (Role::Admin, "admin@demo.example", "Miriam Voss"),
];

/// Somebody on stage.
#[derive(Default)]
struct Member {
    id: Option<PersonId>,
    /// Since they opened their link.
    actor: Option<Actor>,
    /// The secret part of the newest link.
    token: String,
    /// In the order of the checklist.
    items: Vec<(RequirementKind, AssignmentId)>,
}

struct Stage<'a> {
    app: &'a App,
    clock: &'a Clock,
    today: Date,
    stories: &'a [Story],
    members: Vec<Member>,
    /// Reads the links out of the outbox, as nothing sends mail here.
    admin: Actor,
    /// Since they opened their link.
    hr: Option<Actor>,
}

/// Fills a fresh installation with the stories. `today` is the date in `zone` from which they count.
///
/// # Errors
/// When a use case refuses what a story tells; then the stories are wrong.
pub async fn play(app: &App, clock: &Clock, today: Date, zone: &str, stories: &[Story]) -> Result<()> {
    let beginning = instant(today, zone, stories::BEGINNING * 24 * 60 + 8 * 60);
    clock.set(beginning);
    let admin = create_staff(app, clock, beginning).await?;
    let mut stage = Stage {
        app,
        clock,
        today,
        stories,
        members: stories.iter().map(|_| Member::default()).collect(),
        admin,
        hr: None,
    };
    let mut events: Vec<(Moment, usize, Step)> = Vec::new();
    for (index, story) in stories.iter().enumerate() {
        let steps = story.steps.iter().filter(|(_, step)| !(story.founder && *step == Step::Join));
        events.extend(steps.map(|(moment, step)| (*moment, index, *step)));
    }
    events.sort_by_key(|(moment, index, _)| (*moment, *index));
    stage.import_founders(beginning + Duration::hours(2)).await?;
    for (moment, index, step) in events {
        let now = instant(today, zone, moment);
        clock.set(now);
        stage
            .perform(now, index, step)
            .await
            .inspect_err(|_| tracing::error!(story = index, ?step, "a story does not fit"))?;
    }
    let tonight = instant(today, zone, -1);
    clock.set(tonight);
    stage.import_members(tonight).await
}

fn instant(today: Date, zone: &str, moment: Moment) -> Instant {
    let (days, minutes) = (moment.div_euclid(24 * 60), moment.rem_euclid(24 * 60));
    zones::start_of_day(zone, today + Duration::days(days)) + Duration::minutes(minutes)
}

/// Returns the administrator.
async fn create_staff(app: &App, clock: &Clock, now: Instant) -> Result<Actor> {
    let mut last = None;
    for (role, email, name) in STAFF {
        last = Some(accounts::create(app, now, &email_of(email)?, &line_of(name)?, Locale::De, Some(role), Some(PASSWORD)).await?);
    }
    sign_in(app, clock, last.ok_or(Error::NotFound)?).await
}

/// Begins a session as the browser does, and lets it answer who that is.
async fn sign_in(app: &App, clock: &Clock, account: AccountId) -> Result<Actor> {
    let internal = |error: tower_sessions::session::Error| Error::Internal(Box::new(error));
    let store = Arc::new(Sessions::new(app.store().clone(), clock.clone()));
    let session = Session::new(None, store.clone(), None);
    session::start(&session, account).await.map_err(internal)?;
    let returning = Session::new(session.id(), store, None);
    session::actor(&returning).await.map_err(internal)?.ok_or(Error::NotFound)
}

fn email_of(text: &str) -> Result<Email> {
    Email::parse(text).map_err(|problem| Error::field("email", problem))
}

fn line_of(text: &str) -> Result<Line> {
    Line::parse(text).map_err(|problem| Error::field("name", problem))
}

impl Stage<'_> {
    fn date(&self, day: i64) -> Date {
        self.today + Duration::days(day)
    }

    fn form(&self, index: usize) -> PersonForm {
        let story = &self.stories[index];
        PersonForm {
            start_date: iso_date(self.date(story.start)),
            ..story.form.clone()
        }
    }

    /// The first people come from the company's list, as nobody in HR has an account yet.
    async fn import_founders(&mut self, now: Instant) -> Result<()> {
        let mut list = "name;private email;work email;kind;country;department;job title;manager's email;start date;time zone\n".to_owned();
        for index in (0..self.stories.len()).filter(|index| self.stories[*index].founder) {
            let form = self.form(index);
            let fields = [
                &form.name,
                &form.private_email,
                &form.work_email,
                &form.kind,
                &form.country,
                &form.department,
                &form.job_title,
                &form.manager_email,
                &form.start_date,
                &form.time_zone,
            ];
            list.push_str(&fields.map(String::as_str).join(";"));
            list.push('\n');
        }
        self.clock.set(now);
        import::apply_file(self.app, now, list.as_bytes(), true).await?;
        for index in (0..self.stories.len()).filter(|index| self.stories[*index].founder) {
            self.members[index].token = self.newest_token(now, index).await?;
        }
        Ok(())
    }

    /// Last night, HR compared with the password manager's list: most fits, one account is a machine's, some people are not in
    /// it, and somebody who left still is.
    async fn import_members(&self, now: Instant) -> Result<()> {
        let mut list = "Email,Name,Status,Role,Two-step Login,Account Recovery\nbuild@demo.example,Build,Confirmed,User,Disabled,Not Enrolled\n".to_owned();
        for (index, story) in self.stories.iter().enumerate() {
            let did = |wanted: fn(&Step) -> bool| story.steps.iter().any(|(_, step)| wanted(step));
            let left = did(|step| matches!(step, Step::Leave(_)));
            let (status, two_step) = if left || did(|step| *step == Step::ConfirmEnrolment) {
                ("Confirmed", "Enabled")
            } else if did(|step| *step == Step::Declare) {
                ("Confirmed", "Disabled")
            } else {
                ("Invited", "Disabled")
            };
            let is_listed = if left { index == LEAVER } else { story.start <= 0 && index % 20 != 19 };
            if is_listed {
                let email = Some(&story.form.work_email)
                    .filter(|email| !email.is_empty())
                    .unwrap_or(&story.form.private_email);
                let line = [email.as_str(), &story.form.name, status, "User", two_step, "Enrolled"].join(",");
                list.push_str(&line);
                list.push('\n');
            }
        }
        let desk = self.hr()?.enrolment_desk(self.app)?;
        let id = desk.upload_members(now, "bitwarden_org-members_export.csv", list.as_bytes()).await?;
        desk.apply_members(now, id, false).await.map(drop)
    }

    /// Reads a link where the administrator reads it.
    async fn newest_token(&self, now: Instant, index: usize) -> Result<String> {
        let recipient = &self.stories[index].form.private_email;
        let page = self.admin.outbox_desk(self.app)?.list(now, None).await?;
        let mail = page.rows.into_iter().filter_map(|listed| listed.mail).find(|mail| mail.recipient == *recipient);
        let link = mail.ok_or(Error::NotFound)?.link;
        Ok(link.rsplit('/').next().unwrap_or_default().to_owned())
    }

    fn hr(&self) -> Result<&Actor> {
        self.hr.as_ref().ok_or(Error::Forbidden)
    }

    fn actor(&self, index: usize) -> Result<&Actor> {
        self.members[index].actor.as_ref().ok_or(Error::Forbidden)
    }

    fn id(&self, index: usize) -> Result<PersonId> {
        self.members[index].id.ok_or(Error::NotFound)
    }

    fn item(&self, index: usize, kind: RequirementKind, number: usize) -> Result<AssignmentId> {
        let mut items = self.members[index].items.iter().filter(|(other, _)| *other == kind);
        items.nth(number).map(|(_, id)| *id).ok_or(Error::NotFound)
    }

    fn language(&self, index: usize) -> Locale {
        Locale::of_country(&self.stories[index].form.country)
    }

    async fn perform(&mut self, now: Instant, index: usize, step: Step) -> Result<()> {
        match step {
            Step::Join => self.join(now, index).await,
            Step::Open => self.open(now, index).await,
            Step::ChoosePassword => self.actor(index)?.set_first_password(self.app, now, PASSWORD, PASSWORD).await,
            Step::SignNda | Step::ConsentToCheck | Step::AcceptPolicy(_) | Step::FailQuiz | Step::PassQuiz | Step::Declare => self.act(now, index, step).await,
            Step::EndLeavers => leavers::end_due(self.app, now).await.map(drop),
            _ => self.administer(now, index, step).await,
        }
    }

    async fn join(&mut self, now: Instant, index: usize) -> Result<()> {
        let form = self.form(index);
        let hr = self.hr()?;
        let id = hr.people_editing_desk(self.app)?.add(now, &form, true).await?;
        let page = hr.person_desk(self.app, id)?.get(id, None).await?;
        let token = self.newest_token(now, index).await?;
        self.members[index] = Member {
            id: Some(id),
            actor: None,
            token,
            items: page.items.iter().map(|item| (item.kind, item.id)).collect(),
        };
        Ok(())
    }

    async fn open(&mut self, now: Instant, index: usize) -> Result<()> {
        let account = invitations::accept(self.app, now, &self.members[index].token).await?;
        if index == HR {
            let form = &self.stories[index].form;
            let (email, name) = (email_of(&form.private_email)?, line_of(&form.name)?);
            accounts::create(self.app, now, &email, &name, Locale::De, Some(Role::Hr), Some(PASSWORD)).await?;
        }
        let actor = sign_in(self.app, self.clock, account).await?;
        if self.members[index].items.is_empty() {
            let list = actor.own_desk(self.app, origin(index))?.checklist(now).await?;
            self.members[index].items = list.items.iter().map(|item| (item.kind, item.id)).collect();
        }
        self.members[index].id = actor.person();
        if index == HR {
            self.hr = Some(actor.clone());
        }
        self.members[index].actor = Some(actor);
        Ok(())
    }

    /// What somebody does on their own list.
    async fn act(&self, now: Instant, index: usize, step: Step) -> Result<()> {
        let desk = self.actor(index)?.own_desk(self.app, origin(index))?;
        let language = self.language(index);
        let opened = now - Duration::seconds(150 + i64::try_from(index % 90).unwrap_or(0));
        match step {
            Step::SignNda => {
                let id = self.item(index, RequirementKind::Nda, 0)?;
                let reading = desk.read(opened, id, RequirementKind::Nda, language).await?;
                let signature = SignatureForm {
                    typed_name: &self.stories[index].form.name,
                    consents: true,
                    drawing: "",
                };
                desk.sign_nda(now, id, &reading.sealed, &signature).await
            }
            Step::AcceptPolicy(number) => {
                let id = self.item(index, RequirementKind::Policy, number)?;
                let reading = desk.read(opened, id, RequirementKind::Policy, language).await?;
                desk.accept_policy(now, id, &reading.sealed, true).await
            }
            Step::ConsentToCheck => {
                let id = self.item(index, RequirementKind::BackgroundCheck, 0)?;
                let version = desk.check(id).await?.file.profile.version;
                desk.give_consent(now, id, version, language, true).await
            }
            Step::Declare => desk.declare_enrolment(now, self.item(index, RequirementKind::PasswordManager, 0)?).await,
            _ => {
                let id = self.item(index, RequirementKind::Training, 0)?;
                let course = desk.course(now, id).await?;
                let fails = step == Step::FailQuiz;
                let answers = course.drawn().into_iter().enumerate().filter_map(|(number, Drawn { question, .. })| {
                    let wanted = !(fails && number % 2 == 0);
                    let option = (0..question.options.len()).find(|option| question.is_right(*option) == wanted)?;
                    Some(Answer {
                        question: question.id.clone(),
                        option,
                    })
                });
                desk.hand_in(now, id, &answers.collect::<Vec<_>>()).await.map(drop)
            }
        }
    }

    /// What HR does.
    async fn administer(&self, now: Instant, index: usize, step: Step) -> Result<()> {
        let hr = self.hr()?;
        let form = &self.stories[index].form;
        let local_date = iso_date(zones::local_date(&form.time_zone, now));
        match step {
            Step::ConfirmNda => hr.nda_desk(self.app)?.confirm(now, self.item(index, RequirementKind::Nda, 0)?).await.map(drop),
            Step::NdaOnPaper => {
                let id = self.item(index, RequirementKind::Nda, 0)?;
                let desk = hr.nda_desk(self.app)?;
                let person = self.members[index].id.ok_or(Error::NotFound)?;
                let paper = PaperForm {
                    signed_on: &local_date,
                    note: "Original in der Personalakte",
                    scan: None,
                };
                desk.record_on_paper(now, person, id, &paper).await
            }
            Step::RequestCheck => {
                let id = self.item(index, RequirementKind::BackgroundCheck, 0)?;
                hr.check_desk(self.app)?
                    .request(now, id, &request_form(form, index, local_date))
                    .await
                    .map(drop)
            }
            Step::CompleteCheck(outcome) => {
                let id = self.item(index, RequirementKind::BackgroundCheck, 0)?;
                let desk = hr.check_desk(self.app)?;
                let form = outcome_form(&desk.get(id).await?.file, outcome, local_date);
                desk.complete(now, id, &form).await.map(drop)
            }
            Step::ConfirmEnrolment => {
                let id = self.item(index, RequirementKind::PasswordManager, 0)?;
                hr.enrolment_desk(self.app)?.confirm(now, id).await.map(drop)
            }
            Step::MoveStart(day) => {
                let desk = hr.people_editing_desk(self.app)?;
                desk.move_start(now, self.id(index)?, &iso_date(self.date(day)), "Resturlaub beim bisherigen Arbeitgeber")
                    .await
                    .map(drop)
            }
            Step::Leave(day) => {
                let desk = hr.people_editing_desk(self.app)?;
                desk.record_last_day(now, self.id(index)?, &iso_date(self.date(day))).await
            }
            _ => Ok(()),
        }
    }
}

/// From the networks that are reserved for documentation; newcomers use their phones.
fn origin(index: usize) -> Origin {
    let agent = if index % 3 == EMPLOYEE {
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    } else {
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
    };
    Origin {
        ip: format!("203.0.113.{}", index % 250 + 1),
        user_agent: agent.to_owned(),
    }
}

fn request_form(form: &PersonForm, index: usize, requested_on: String) -> RequestForm {
    let (choice, provider) = match form.country.as_str() {
        "DE" | "AT" | "CH" => ("provider", "Hafenblick Auskunft"),
        "GB" => ("basic", "Harbourline Screening"),
        "US" => ("employment", "Northgate Screening"),
        _ => ("provider", "Harbourline Screening"),
    };
    RequestForm {
        choice: choice.to_owned(),
        provider: provider.to_owned(),
        reference: format!("BW-{:05}", 10_200 + index),
        requested_on,
        note: String::new(),
    }
}

/// What HR enters: what the provider said, or the first of the profile's choices that ends like this.
fn outcome_form(file: &CheckFile, outcome: CheckOutcome, completed_on: String) -> OutcomeForm {
    let choices = &file.profile.profile.choices;
    let own = choices.iter().find(|choice| choice.way.own_outcome() == Some(outcome));
    let requested = || file.check.as_ref().map(|check| check.legal_basis.clone()).unwrap_or_default();
    OutcomeForm {
        outcome: own.map_or(outcome.as_str(), |choice| &choice.key).to_owned(),
        completed_on,
        legal_basis: own.map_or_else(requested, |choice| choice.legal_basis.clone()),
        ..OutcomeForm::default()
    }
}
