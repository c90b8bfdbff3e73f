//! Plays the stories: everything goes through the use cases that the browser uses, so that evidence, audit and mails of
//! the demo are what they would be after a year of work.

use super::{
    PASSWORD, pen,
    steps::{DAY, Moment, Step, Story},
    stories::{self, EMPLOYEE, HR},
};
use crate::{
    domain::{
        Instant,
        course::Answer,
        draw::Drawn,
        evidence::Origin,
        ids::{AccountId, AssignmentId, PersonId},
        locale::Locale,
        person::{Email, Line, PersonForm, iso_date},
        requirement::RequirementKind,
        roles::Role,
    },
    server::{
        auth::{
            actor::Actor,
            session::{self, Proof, Sessions},
        },
        clock::Clock,
        service::{
            App, Error, Result, accounts, exemptions, housekeeping, import, invitations, leavers,
            managed_accounts::AccountForm,
            nda::SignatureForm,
            outbox,
            passwords::PasswordForm,
            reminders, renewals,
            roles::{self, GrantForm},
            throttle::Caller,
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
    (Role::Admin, "admin@demo.example", "Miriam Voss"),
    // Approves what the first one asks for, and the other way round.
    (Role::Admin, "admin2@demo.example", "Konrad Roth"),
];
const AUDITOR: (Role, &str, &str) = (Role::Auditor, "auditor@demo.example", "Ines Falk");
/// The day on which the auditor comes; their access is for a year.
const AUDIT: i64 = -30;

/// The hour at which the clock's own work is done.
const NIGHT: Moment = 3 * 60;

/// The hour at which reminders leave, before anybody does anything.
const MORNING: Moment = 9 * 60;
/// The day from which on there are reminders.
const REMINDERS: i64 = -90;

/// Somebody on stage.
#[derive(Default)]
struct Member {
    id: Option<PersonId>,
    /// Since they opened their link.
    actor: Option<Actor>,
    /// The secret part of the newest link.
    token: String,
}

pub(super) struct Stage<'a> {
    pub(super) app: &'a App,
    clock: &'a Clock,
    today: Date,
    pub(super) stories: &'a [Story],
    members: Vec<Member>,
    pub(super) security: Actor,
    /// Reads the links out of the outbox, as nothing sends mail here, and writes the NDAs.
    pub(super) admin: Actor,
    /// Since they opened their link.
    hr: Option<Actor>,
}

/// Fills a fresh installation with the stories. `today` is the date in `zone` from which they count.
///
/// # Errors
/// When a use case refuses what a story tells; then the stories are wrong.
pub async fn play(app: &App, clock: &Clock, today: Date, zone: &str, stories: &[Story]) -> Result<()> {
    let beginning = instant(today, zone, stories::BEGINNING * DAY + 8 * 60);
    clock.set(beginning);
    let [security, admin, second_admin] = create_staff(app, beginning).await?;
    let mut stage = Stage {
        app,
        clock,
        today,
        stories,
        members: stories.iter().map(|_| Member::default()).collect(),
        security,
        admin,
        hr: None,
    };
    stage.publish_ndas(beginning).await?;
    stage.import_founders(beginning + Duration::hours(2)).await?;
    let mut events: Vec<(Moment, usize, Step)> = Vec::new();
    for (index, story) in stories.iter().enumerate() {
        let steps = story.steps.iter().filter(|(_, step)| !(story.founder && *step == Step::Join));
        events.extend(steps.map(|(moment, step)| (*moment, index, *step)));
    }
    events.sort_by_key(|(moment, index, _)| (*moment, *index));
    let mut night = (stories::BEGINNING + 1) * DAY + NIGHT;
    let mut has_auditor = false;
    for (moment, index, step) in events {
        while night < moment {
            let now = instant(today, zone, night);
            clock.set(now);
            keep_house(app, now).await?;
            if !has_auditor && night >= AUDIT * DAY {
                create(app, now, AUDITOR).await?;
                has_auditor = true;
            }
            if night >= REMINDERS * DAY {
                let morning = instant(today, zone, night - NIGHT + MORNING);
                clock.set(morning);
                remind(app, morning).await?;
            }
            night += DAY;
        }
        let now = instant(today, zone, moment);
        clock.set(now);
        stage
            .perform(now, moment, index, step)
            .await
            .inspect_err(|_| tracing::error!(story = index, ?step, "a story does not fit"))?;
    }
    ask_for_a_role(app, app.now(), &second_admin).await
}

/// Something waits for the first administrator.
async fn ask_for_a_role(app: &App, now: Instant, second_admin: &Actor) -> Result<()> {
    let grant = GrantForm {
        role: Role::Security.as_str().to_owned(),
        reason: "Vertretung während der Elternzeit von Tarek Kaya".to_owned(),
        ends_on: String::new(),
    };
    let form = AccountForm {
        email: "vertretung@demo.example".to_owned(),
        name: "Selma Brandt".to_owned(),
        language: Locale::De.tag().to_owned(),
        grant,
    };
    // Who signed in when the story began has to prove anew who they are.
    let second_admin = sign_in(app, second_admin.account()).await?;
    second_admin.accounts_desk(app)?.add(now, &form).await.map(drop)
}

/// What runs by the clock.
async fn keep_house(app: &App, now: Instant) -> Result<()> {
    leavers::end_due(app, now).await?;
    exemptions::end_due(app, now).await?;
    roles::end_due(app, now).await?;
    renewals::open_due(app, now).await?;
    housekeeping::sweep(app, now).await.map(drop)
}

/// Reminders leave as if there were a mail server; the mails with links stay where the administrator reads them.
async fn remind(app: &App, now: Instant) -> Result<()> {
    while reminders::plan_due(app, now).await? >= reminders::AT_ONCE {}
    for (row, _) in outbox::take_due(app, now, i64::MAX).await? {
        if row.digest_id.is_some() {
            outbox::note_sent(app, now, &row).await?;
        }
    }
    Ok(())
}

fn instant(today: Date, zone: &str, moment: Moment) -> Instant {
    let (days, minutes) = (moment.div_euclid(DAY), moment.rem_euclid(DAY));
    zones::start_of_day(zone, today + Duration::days(days)) + Duration::minutes(minutes)
}

/// Returns them in the order of `STAFF`.
async fn create_staff(app: &App, now: Instant) -> Result<[Actor; 3]> {
    let begin = async |staff| sign_in(app, create(app, now, staff).await?).await;
    let [security, admin, second_admin] = STAFF;
    Ok([begin(security).await?, begin(admin).await?, begin(second_admin).await?])
}

async fn create(app: &App, now: Instant, (role, email, name): (Role, &str, &str)) -> Result<AccountId> {
    accounts::create(app, now, &email_of(email)?, Some(&line_of(name)?), Locale::De, Some(role), Some(PASSWORD)).await
}

/// Begins a session as the browser does, and lets it answer who that is.
pub(super) async fn sign_in(app: &App, account: AccountId) -> Result<Actor> {
    let internal = |error: tower_sessions::session::Error| Error::Internal(Box::new(error));
    let store = Arc::new(Sessions::new(app.clone()));
    let session = Session::new(None, store.clone(), None);
    session::start(&session, accounts::recognised(app, account).await?, Proof::SecondFactor, Origin::default())
        .await
        .map_err(internal)?;
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
    pub(super) fn date(&self, day: i64) -> Date {
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
        import::apply_file(self.app, now, list.as_bytes(), true, "").await?;
        for index in (0..self.stories.len()).filter(|index| self.stories[*index].founder) {
            self.members[index].token = self.newest_token(now, index).await?;
        }
        Ok(())
    }

    /// Reads a link where the administrator reads it.
    async fn newest_token(&self, now: Instant, index: usize) -> Result<String> {
        let name = &self.stories[index].form.name;
        let page = self.admin.outbox_desk(self.app)?.list(now, None).await?;
        let mut theirs = page.rows.into_iter().filter(|listed| listed.row.name.as_ref() == Some(name));
        let link = theirs.find_map(|listed| listed.mail?.link).ok_or(Error::NotFound)?;
        Ok(link.rsplit('/').next().unwrap_or_default().to_owned())
    }

    pub(super) fn hr(&self) -> Result<&Actor> {
        self.hr.as_ref().ok_or(Error::Forbidden)
    }

    fn actor(&self, index: usize) -> Result<&Actor> {
        self.members[index].actor.as_ref().ok_or(Error::Forbidden)
    }

    pub(super) fn id(&self, index: usize) -> Result<PersonId> {
        self.members[index].id.ok_or(Error::NotFound)
    }

    /// Somebody's newest item of a kind, in the order of the checklist.
    pub(super) async fn item(&self, now: Instant, index: usize, kind: RequirementKind, number: usize) -> Result<AssignmentId> {
        let items = if let Some(actor) = &self.members[index].actor {
            actor.own_desk(self.app, origin(index))?.checklist(now).await?.items
        } else {
            let id = self.id(index)?;
            self.hr()?.person_desk(self.app, id)?.get(id, None).await?.items
        };
        let item = items.iter().filter(|item| item.kind == kind).nth(number);
        item.map(|item| item.id).ok_or(Error::NotFound)
    }

    fn language(&self, index: usize) -> Locale {
        Locale::of_country(&self.stories[index].form.country)
    }

    async fn perform(&mut self, now: Instant, moment: Moment, index: usize, step: Step) -> Result<()> {
        match step {
            Step::Join => self.join(now, index).await,
            Step::Open => self.open(now, index).await,
            Step::ChoosePassword => self.choose_password(now, index).await,
            Step::SignNda | Step::ConsentToCheck | Step::AcceptPolicy(_) | Step::FailQuiz | Step::PassQuiz | Step::Declare => self.act(now, index, step).await,
            Step::CompareMembers => self.import_members(now, moment).await,
            Step::PublishPolicy => self.publish_policy(now).await,
            Step::DraftPolicy => self.draft_policy(now).await,
            _ => self.administer(now, index, step).await,
        }
    }

    async fn choose_password(&self, now: Instant, index: usize) -> Result<()> {
        let form = PasswordForm {
            password: PASSWORD,
            repeated: PASSWORD,
        };
        self.actor(index)?.set_first_password(self.app, now, form).await
    }

    async fn join(&mut self, now: Instant, index: usize) -> Result<()> {
        let form = self.form(index);
        let hr = self.hr()?;
        let id = hr.people_editing_desk(self.app)?.add(now, &form, true).await?;
        let token = self.newest_token(now, index).await?;
        self.members[index] = Member {
            id: Some(id),
            actor: None,
            token,
        };
        Ok(())
    }

    async fn open(&mut self, now: Instant, index: usize) -> Result<()> {
        let account = invitations::accept(self.app, now, &Caller::default(), &self.members[index].token, "").await?;
        if index == HR {
            let form = &self.stories[index].form;
            let (email, name) = (email_of(&form.private_email)?, line_of(&form.name)?);
            accounts::create(self.app, now, &email, Some(&name), Locale::De, Some(Role::Hr), Some(PASSWORD)).await?;
        }
        let actor = sign_in(self.app, account.account).await?;
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
                let id = self.item(now, index, RequirementKind::Nda, 0).await?;
                let reading = desk.read(opened, id, RequirementKind::Nda, language).await?;
                let name = &self.stories[index].form.name;
                let drawing = if index % 5 == 2 { pen::signature(name) } else { String::new() };
                let signature = SignatureForm {
                    typed_name: name,
                    consents: true,
                    drawing: &drawing,
                };
                desk.sign_nda(now, id, &reading.sealed, &signature).await
            }
            Step::AcceptPolicy(number) => {
                let id = self.item(now, index, RequirementKind::Policy, number).await?;
                let reading = desk.read(opened, id, RequirementKind::Policy, language).await?;
                desk.accept_policy(now, id, &reading.sealed, true).await
            }
            Step::ConsentToCheck => {
                let id = self.item(now, index, RequirementKind::BackgroundCheck, 0).await?;
                let version = desk.check(id).await?.file.profile.version;
                desk.give_consent(now, id, version, language, true).await
            }
            Step::Declare => {
                desk.declare_enrolment(now, self.item(now, index, RequirementKind::PasswordManager, 0).await?)
                    .await
            }
            _ => {
                let id = self.item(now, index, RequirementKind::Training, 0).await?;
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
                desk.hand_in(now, id, None, &answers.collect::<Vec<_>>()).await.map(drop)
            }
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
