//! Desks: capabilities that an actor must be granted before a use case can be reached. A use case that hangs on a desk
//! cannot be called without it; which desk needs which permission stands here and nowhere else.

use super::{App, Error, Result};
use crate::{
    domain::{document::DocumentKind, evidence::Origin, ids::PersonId, roles::Permission},
    server::{
        auth::actor::Actor,
        store::{people::Scope, search::Findable},
    },
};

/// A reading desk does not keep its actor: what it shows is the same for everybody who may see it.
macro_rules! desks {
    ($($(#[$doc:meta])* $desk:ident { $($actor:ident)? } by $grant:ident needs $permission:ident;)+) => {
        $(
            $(#[$doc])*
            pub struct $desk<'a> {
                pub(super) app: &'a App,
                $(pub(super) $actor: &'a Actor,)?
            }
        )+

        impl Actor {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// `Forbidden` without the permission.
                pub fn $grant<'a>(&'a self, app: &'a App) -> Result<$desk<'a>> {
                    if self.may(Permission::$permission) { Ok($desk { app, $($actor: self)? }) } else { Err(Error::Forbidden) }
                }
            )+
        }
    };
}

desks! {
    /// Adds, changes, imports and invites people.
    PeopleEditingDesk { actor } by people_editing_desk needs EditPeople;
    /// Sees the day-1 gate.
    GateDesk {} by gate_desk needs ReadGate;
    /// Confirms NDAs and records those on paper.
    NdaDesk { actor } by nda_desk needs ConfirmNda;
    /// Says which NDA is for whom.
    NdaTemplateDesk { actor } by nda_template_desk needs EditNdaTemplates;
    /// Requests background checks and records outcomes.
    CheckDesk { actor } by check_desk needs RecordCheck;
    /// Says which checks are lawful where.
    CheckProfileDesk { actor } by check_profile_desk needs EditCheckProfiles;
    /// Confirms enrolment in the password manager.
    EnrolmentDesk { actor } by enrolment_desk needs ConfirmPasswordManager;
    /// Sees completion and on-time rates.
    RatesDesk {} by rates_desk needs ReadRates;
    /// Reads the register of exceptions.
    ExemptionDesk { actor } by exemption_desk needs ReadExemptions;
    /// Asks that an item be lifted.
    ExemptionRequestDesk { actor } by exemption_request_desk needs RequestExemption;
    /// Decides on what somebody else asked for.
    ExemptionDecisionDesk { actor } by exemption_decision_desk needs DecideExemption;
    /// Writes and publishes courses.
    CourseDesk { actor } by course_desk needs EditCourses;
    /// Reads mails that wait to be sent.
    OutboxDesk { actor } by outbox_desk needs ReadOutbox;
    /// Reads security events.
    EventsDesk { actor } by events_desk needs ReadEvents;
    /// Sees accounts, grants and removes roles, disables accounts.
    AccountsDesk { actor } by accounts_desk needs ManageAccounts;
    /// Sees who holds which role.
    AccessDesk { actor } by access_desk needs ReadAccess;
    /// Says what is asked of whom.
    RuleDesk { actor } by rule_desk needs EditRules;
}

/// The desk of somebody who works through their own list.
pub struct OwnDesk<'a> {
    pub(super) app: &'a App,
    pub(super) actor: &'a Actor,
    pub(super) person: PersonId,
    /// From where they act; part of what they sign.
    pub(super) origin: Origin,
}

/// The desk of somebody who takes scans of paper away: HR all of them, everybody their own.
pub struct ScanDesk<'a> {
    pub(super) app: &'a App,
    pub(super) actor: &'a Actor,
    pub(super) scope: Scope,
}

/// The desk of somebody who confirms what others did by an instruction. Whose that is, is asked again at each.
pub struct InstructionDesk<'a> {
    pub(super) app: &'a App,
    pub(super) actor: &'a Actor,
}

/// The desk of somebody who looks at people: all of them, their reports, or themself.
pub struct PeopleDesk<'a> {
    pub(super) app: &'a App,
    pub(super) actor: &'a Actor,
    pub(super) scope: Scope,
}

/// The desk of somebody who looks for things by their names: people within their scope, accounts and titles by role.
pub struct SearchDesk<'a> {
    pub(super) app: &'a App,
    pub(super) actor: &'a Actor,
    /// None: no people at all.
    pub(super) scope: Option<Scope>,
    pub(super) findable: Findable,
}

/// The desk of somebody who lets a calendar program read a calendar of theirs.
pub struct CalendarDesk<'a> {
    pub(super) app: &'a App,
    pub(super) actor: &'a Actor,
}

/// The desk of a manager: those who report to them, and nobody else.
pub struct TeamDesk<'a> {
    pub(super) app: &'a App,
    pub(super) actor: &'a Actor,
    pub(super) manager: PersonId,
}

/// The desk of somebody who writes policies, NDAs or both.
pub struct DocumentDesk<'a> {
    pub(super) app: &'a App,
    pub(super) actor: &'a Actor,
}

impl ScanDesk<'_> {
    /// Whether scans of other people lie on this desk.
    #[must_use]
    pub const fn sees_others(&self) -> bool {
        !matches!(self.scope, Scope::Own(_))
    }
}

impl PeopleDesk<'_> {
    /// Whether other people can be seen from this desk.
    #[must_use]
    pub const fn sees_others(&self) -> bool {
        !matches!(self.scope, Scope::Own(_))
    }
}

impl Actor {
    /// Writing and publishing policies or NDAs. Which of them is asked again at each document.
    ///
    /// # Errors
    /// `Forbidden` for somebody who may write neither.
    pub fn document_desk<'a>(&'a self, app: &'a App) -> Result<DocumentDesk<'a>> {
        let writes = [DocumentKind::Policy, DocumentKind::Nda].into_iter().any(|kind| self.may(kind.permission()));
        if writes {
            Ok(DocumentDesk { app, actor: self })
        } else {
            Err(Error::Forbidden)
        }
    }

    /// Confirming instructions.
    ///
    /// # Errors
    /// `Forbidden` for somebody who confirms none: neither HR nor security, and without reports.
    pub fn instruction_desk<'a>(&'a self, app: &'a App) -> Result<InstructionDesk<'a>> {
        let confirms = [Permission::ConfirmForHr, Permission::ConfirmForSecurity]
            .into_iter()
            .any(|permission| self.may(permission));
        if confirms || self.has_reports() {
            Ok(InstructionDesk { app, actor: self })
        } else {
            Err(Error::Forbidden)
        }
    }

    /// One's own list.
    ///
    /// # Errors
    /// `Forbidden` for an account without a person.
    pub fn own_desk<'a>(&'a self, app: &'a App, origin: Origin) -> Result<OwnDesk<'a>> {
        self.person()
            .map(|person| OwnDesk {
                app,
                actor: self,
                person,
                origin,
            })
            .ok_or(Error::Forbidden)
    }

    /// Taking scans away.
    ///
    /// # Errors
    /// `Forbidden` for somebody who is neither HR nor a person with papers of their own.
    pub fn scan_desk<'a>(&'a self, app: &'a App) -> Result<ScanDesk<'a>> {
        let scope = if self.may(Permission::ConfirmNda) {
            Scope::All
        } else {
            self.person().map(Scope::Own).ok_or(Error::Forbidden)?
        };
        Ok(ScanDesk { app, actor: self, scope })
    }

    /// Looking at one person: widest scope first, and everybody may look at themself.
    ///
    /// # Errors
    /// `Forbidden` when nobody lies within the actor's scope.
    pub fn person_desk<'a>(&'a self, app: &'a App, person: PersonId) -> Result<PeopleDesk<'a>> {
        if self.person() == Some(person) && !self.may(Permission::ReadPeople) {
            return Ok(PeopleDesk {
                app,
                actor: self,
                scope: Scope::Own(person),
            });
        }
        self.people_desk(app)
    }

    /// Reading papers: one's own or, by role, those of others.
    ///
    /// # Errors
    /// `Forbidden` for somebody who is no person here and may see nobody.
    pub fn reading_desk<'a>(&'a self, app: &'a App) -> Result<PeopleDesk<'a>> {
        match self.person() {
            Some(person) => self.person_desk(app, person),
            None => self.people_desk(app),
        }
    }

    /// Looking for things by their names.
    ///
    /// # Errors
    /// `Forbidden` for somebody who would find nothing whatever they looked for.
    pub fn search_desk<'a>(&'a self, app: &'a App) -> Result<SearchDesk<'a>> {
        let scope = self.people_desk(app).ok().map(|desk| desk.scope);
        let findable = Findable {
            accounts: self.may(Permission::ManageAccounts),
            policies: self.may(Permission::EditPolicies),
            ndas: self.may(Permission::EditNdaTemplates),
            courses: self.may(Permission::EditCourses),
        };
        if scope.is_none() && findable == Findable::default() {
            return Err(Error::Forbidden);
        }
        Ok(SearchDesk {
            app,
            actor: self,
            scope,
            findable,
        })
    }

    /// Handing calendars to a calendar program.
    ///
    /// # Errors
    /// `Forbidden` for somebody who has none: no person, and not HR.
    pub fn calendar_desk<'a>(&'a self, app: &'a App) -> Result<CalendarDesk<'a>> {
        let desk = CalendarDesk { app, actor: self };
        if desk.offers().next().is_some() { Ok(desk) } else { Err(Error::Forbidden) }
    }

    /// Looking after those who report to oneself.
    ///
    /// # Errors
    /// `Forbidden` for somebody to whom nobody reports.
    pub fn team_desk<'a>(&'a self, app: &'a App) -> Result<TeamDesk<'a>> {
        let manager = self.person().filter(|_| self.has_reports()).ok_or(Error::Forbidden)?;
        Ok(TeamDesk { app, actor: self, manager })
    }

    /// Looking at a list of people.
    ///
    /// # Errors
    /// `Forbidden` for somebody who may see nobody but themself.
    pub fn people_desk<'a>(&'a self, app: &'a App) -> Result<PeopleDesk<'a>> {
        let scope = if self.may(Permission::ReadPeople) {
            Scope::All
        } else {
            self.person().filter(|_| self.has_reports()).map(Scope::ReportsOf).ok_or(Error::Forbidden)?
        };
        Ok(PeopleDesk { app, actor: self, scope })
    }
}
