//! Accounts as administrators see them: finding and adding them, keeping them from being used, and ending their sessions.

use super::{
    Error, Result, Subject, audit,
    desks::AccountsDesk,
    factors, found, owners,
    people::has_left,
    role_requests::{LIFETIME, lapse_of},
    roles::{Bench, GrantForm, Granted, Prospect, end_sessions, subject_of, unseat},
};
use crate::{
    domain::{
        Instant,
        audit::Action,
        ids::AccountId,
        locale::Locale,
        mail::MailKind,
        person::{Email, Line, MAX_NOTE, Person},
        problem::{Conflict, Problem, Problems},
        roles::Role,
    },
    server::{
        ids::fresh,
        store::{
            Db, Page,
            accounts::{self, Account, AccountKey, AccountSummary, NewAccount},
            audit::{TimelineRow, of_account},
            calendar_feeds, people,
            roles::{self, Standing},
        },
        zones,
    },
};
use serde_json::json;

/// Accounts on one page of the list.
pub const PAGE: i64 = 25;
/// Entries of a history that are shown at once.
const HISTORY: i64 = 40;

/// An account's page.
#[derive(Clone, Debug)]
pub struct AccountPage {
    pub account: Account,
    /// Whether the last day of the person behind it is over.
    pub has_left: bool,
    /// Whether it works and is no person's, and whoever is on record under its address has left.
    pub is_left_open: bool,
    /// What it holds, and what is asked for it.
    pub roles: Vec<Standing>,
    pub history: Page<TimelineRow>,
}

/// A new account as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountForm {
    pub email: String,
    /// May be empty for somebody on record, whose name is known.
    pub name: String,
    pub language: String,
    pub grant: GrantForm,
}

/// Who is known under an address, as far as administrators may know it: private addresses are HR's.
#[derive(Default)]
struct Known {
    /// Whose work address it is.
    person: Option<Person>,
    /// There is an account, and administrators see it under this address.
    has_account: bool,
    /// It is somebody's, and administrators do not see that.
    is_hidden: bool,
}

impl Known {
    async fn under(db: &mut Db, now: Instant, email: &Email) -> Result<Self> {
        let person = people::find_by_email(db, email).await?;
        let account = match accounts::find_by_address(db, email).await? {
            Some(id) => accounts::find(db, now, id).await?,
            None => None,
        };
        let is_private = person.as_ref().is_some_and(|person| person.details.work_email.as_ref() != Some(email));
        let person = person.filter(|_| !is_private);
        let of_person = match &person {
            Some(person) => accounts::find_of_person(db, person.id).await?.is_some(),
            None => false,
        };
        let is_shown = account.as_ref().is_some_and(|account| account.address.as_deref() == Some(email.as_str()));
        Ok(Self {
            person,
            has_account: of_person || is_shown,
            is_hidden: is_private || (account.is_some() && !is_shown),
        })
    }
}

impl AccountsDesk<'_> {
    /// A page of accounts: of those who hold a role, or of all.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(&self, now: Instant, search: &str, role: Option<Role>, after: Option<&AccountKey>) -> Result<Page<AccountSummary>> {
        Ok(accounts::list(&mut self.app.store().read().await?, now, search, role, after, PAGE).await?)
    }

    /// One account with its roles and their history.
    ///
    /// # Errors
    /// `NotFound` when there is no such account.
    pub async fn get(&self, now: Instant, id: AccountId, before: Option<i64>) -> Result<AccountPage> {
        let mut db = self.app.store().read().await?;
        let account = found(accounts::find(&mut db, now, id).await?)?;
        Ok(AccountPage {
            has_left: zones::has_ended(account.end_date, account.time_zone.as_deref(), now),
            is_left_open: account.disabled_at.is_none() && zones::has_ended(account.recorded_end_date, account.recorded_time_zone.as_deref(), now),
            roles: roles::list_of_account(&mut db, now, now - LIFETIME, id).await?,
            history: of_account(&mut db, id, before, HISTORY).await?,
            account,
        })
    }

    /// One account alone.
    ///
    /// # Errors
    /// `NotFound` when there is no such account.
    pub async fn account(&self, now: Instant, id: AccountId) -> Result<Account> {
        found(accounts::find(&mut self.app.store().read().await?, now, id).await?)
    }

    /// Adds an account with a role: for somebody on record, who is known by the work address, or for somebody from outside. A private
    /// address is answered like an unknown one as long as anything else keeps the account from being added, so that nobody tries them out.
    /// While somebody cools who was left alone, not even an auditor's account is added: it could be their own second one.
    ///
    /// # Errors
    /// `Invalid` with every problem found; `Conflict` for an address that is somebody's private one; else as [`AccountsDesk::grant`].
    pub async fn add(&self, now: Instant, form: &AccountForm) -> Result<(AccountId, Granted)> {
        self.actor.freshly_proved(now)?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let bench = Bench::of(&mut tx, now, self.actor).await?;
        let mut problems = Problems::default();
        let email = problems.take("email", Email::parse(&form.email));
        let known = match &email {
            Some(email) => Known::under(&mut tx, now, email).await?,
            None => Known::default(),
        };
        if known.has_account {
            problems.add("email", Problem::AccountTaken);
        }
        let name = match &known.person {
            Some(person) => Some(person.details.name.clone()),
            None => problems.take("name", Line::parse(&form.name)),
        };
        let language = problems.take("language", Locale::from_tag(&form.language).ok_or(Problem::NotALanguage));
        let wanted = form.grant.parse(&mut problems, &self.app.settings().time_zone, now);
        let (true, Some(email), Some(name), Some(language), Some(wanted)) = (problems.is_empty(), email, name, language, wanted) else {
            return Err(problems.into());
        };
        if known.person.as_ref().is_some_and(|person| has_left(person, now)) {
            return Err(Conflict::AccountClosed.into());
        }
        let id = AccountId(fresh());
        if bench.prospect(&mut tx, now, id).await? == Prospect::Nobody {
            return Err(Conflict::NobodyDecides.into());
        }
        if known.is_hidden {
            return Err(Conflict::NeedsWorkAddress.into());
        }
        let new = NewAccount {
            id,
            person: known.person.as_ref().map(|person| person.id),
            email: &email,
            name: name.as_str(),
            language,
        };
        accounts::insert(&mut tx, now, &new).await?;
        let subject = Subject { id: id.0, person: new.person };
        audit(&mut tx, now, Some(self.actor.account()), Action::AccountCreated, subject, json!({}));
        let account = found(accounts::find(&mut tx, now, id).await?)?;
        // Rights go to the work address. HR could have made what looks like it somebody's private one.
        if account.address.as_deref() != Some(email.as_str()) {
            return Err(Conflict::NeedsWorkAddress.into());
        }
        let granted = self.settle(&mut tx, now, &bench, &account, &wanted).await?;
        owners::tell(&mut tx, now, id, MailKind::AccountAdded).await?;
        tx.commit().await?;
        Ok((id, granted))
    }

    /// Keeps an account from being used: its sessions end, its roles go, and requests for it or by it lapse. What comes back later is
    /// a plain account; roles are granted anew.
    ///
    /// # Errors
    /// `Invalid` without a reason; `Conflict` for one's own account, for one that is disabled already, and when nobody, or nobody for
    /// good, would administer.
    pub async fn disable(&self, now: Instant, id: AccountId, reason: &str) -> Result<()> {
        self.actor.freshly_proved(now)?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let bench = Bench::of(&mut tx, now, self.actor).await?;
        let account = found(accounts::find(&mut tx, now, id).await?)?;
        let reason = reason_of(reason)?;
        let by = self.actor.account();
        if id == by {
            return Err(Conflict::OwnAccount.into());
        }
        if !bench.may_lose(id) {
            return Err(Conflict::LastAdministrator.into());
        }
        accounts::disable(&mut tx, now, id, by, reason.as_str()).await?;
        unseat(&mut tx, now, &bench, id).await?;
        let ended = roles::delete_of_account(&mut tx, id).await?;
        lapse_of(&mut tx, now, id, |_| true).await?;
        end_sessions(&mut tx, id).await?;
        calendar_feeds::end_of_account(&mut tx, now, id).await?;
        audit(
            &mut tx,
            now,
            Some(by),
            Action::AccountDisabled,
            subject_of(&account),
            json!({ "reason": reason.as_str() }),
        );
        for role in ended {
            audit(&mut tx, now, Some(by), Action::RoleEnded, subject_of(&account), json!({ "role": role }));
        }
        Ok(tx.commit().await?)
    }

    /// Lets an account be used again, without roles.
    ///
    /// # Errors
    /// `Invalid` without a reason; `Conflict` for one's own account, for one that is in use, and for that of a leaver.
    pub async fn enable(&self, now: Instant, id: AccountId, reason: &str) -> Result<()> {
        self.actor.freshly_proved(now)?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        Bench::of(&mut tx, now, self.actor).await?;
        let account = found(accounts::find(&mut tx, now, id).await?)?;
        let reason = reason_of(reason)?;
        if zones::has_ended(account.end_date, account.time_zone.as_deref(), now) {
            return Err(Conflict::AccountClosed.into());
        }
        accounts::enable(&mut tx, id).await?;
        let detail = json!({ "reason": reason.as_str() });
        audit(&mut tx, now, Some(self.actor.account()), Action::AccountEnabled, subject_of(&account), detail);
        Ok(tx.commit().await?)
    }

    /// Takes every second factor from an account whose owner lost them.
    ///
    /// # Errors
    /// `ProofTooOld`, and as [`factors::reset`].
    pub async fn reset_factors(&self, now: Instant, id: AccountId, reason: &str) -> Result<()> {
        self.actor.freshly_proved(now)?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        Bench::of(&mut tx, now, self.actor).await?;
        factors::reset_within(&mut tx, now, Some(self.actor.account()), id, reason).await?;
        Ok(tx.commit().await?)
    }

    /// Ends every session of an account. Says whether there was any.
    ///
    /// # Errors
    /// `ProofTooOld`, `NotFound` when there is no such account.
    pub async fn end_sessions(&self, now: Instant, id: AccountId) -> Result<bool> {
        self.actor.freshly_proved(now)?;
        let mut tx = self.app.store().begin_by(self.actor.author()).await?;
        let account = found(accounts::find(&mut tx, now, id).await?)?;
        let ended = end_sessions(&mut tx, id).await?;
        if ended == 0 {
            return Ok(false);
        }
        let detail = json!({ "sessions": ended });
        audit(&mut tx, now, Some(self.actor.account()), Action::SessionsEnded, subject_of(&account), detail);
        tx.commit().await?;
        Ok(true)
    }
}

fn reason_of(typed: &str) -> Result<Line> {
    Line::parse_up_to(typed, MAX_NOTE).map_err(|problem| Error::field("reason", problem))
}
