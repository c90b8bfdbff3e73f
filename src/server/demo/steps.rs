//! What can happen to somebody, and when: a story is a person and their steps.

use crate::domain::{evidence::CheckOutcome, person::PersonForm, requirement::RequirementKind};

/// Minutes of a day.
pub const DAY: Moment = 24 * 60;

/// Something that happens to or is done by a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// HR adds them, and the personal link goes out.
    Join,
    /// They open their link.
    Open,
    ChoosePassword,
    SignNda,
    ConfirmNda,
    NdaOnPaper,
    /// HR takes the signed one back, and asks again.
    WithdrawNda,
    /// HR lets them start without.
    AllowStart,
    /// They agree that a provider is asked about them.
    ConsentToCheck,
    RequestCheck,
    /// The provider has what they need.
    HandOverCheck,
    CompleteCheck(CheckOutcome),
    AcceptPolicy(usize),
    FailQuiz,
    PassQuiz,
    Declare,
    ConfirmEnrolment,
    /// HR moves the first day to so many days from today.
    MoveStart(i64),
    /// HR records the last day, so many days from today.
    Leave(i64),
    /// HR asks that an item be lifted.
    RequestExemption(&'static Plea),
    /// The security lead agrees.
    ApproveExemption,
    /// The security lead publishes the next version of a policy.
    PublishPolicy,
    /// The security lead begins a policy, and leaves it at that.
    DraftPolicy,
    /// HR takes over the password manager's list of members.
    CompareMembers,
}

/// Why an item shall be lifted.
#[derive(Debug, PartialEq, Eq)]
pub struct Plea {
    pub item: RequirementKind,
    pub reason: &'static str,
    /// What is done instead.
    pub instead: &'static str,
    /// The last day, in days from today.
    pub ends: i64,
}

/// A moment in minutes from the beginning of today.
pub type Moment = i64;

/// One person and what happens to them.
pub struct Story {
    pub form: PersonForm,
    /// The first day as first planned, in days from today.
    pub start: i64,
    /// Imported from the company's list at the beginning, before HR had an account.
    pub founder: bool,
    pub steps: Vec<(Moment, Step)>,
}

impl Story {
    pub fn new(form: PersonForm, start: i64) -> Self {
        Self {
            form,
            start,
            founder: false,
            steps: Vec::new(),
        }
    }

    /// On a day, at an hour that follows from the step: HR works by day, newcomers in the evening.
    pub fn on(mut self, day: i64, step: Step) -> Self {
        let hour = match step {
            Step::Join | Step::MoveStart(_) | Step::Leave(_) | Step::PublishPolicy | Step::DraftPolicy => 10,
            Step::WithdrawNda | Step::AllowStart | Step::RequestExemption(_) => 11,
            Step::RequestCheck | Step::ConfirmNda | Step::NdaOnPaper => 13,
            Step::HandOverCheck | Step::CompleteCheck(_) | Step::ConfirmEnrolment | Step::ApproveExemption => 15,
            Step::Open => 18,
            Step::ChoosePassword | Step::SignNda | Step::ConsentToCheck => 19,
            Step::AcceptPolicy(_) => 20,
            Step::FailQuiz | Step::PassQuiz => 21,
            Step::Declare => 22,
            Step::CompareMembers => 23,
        };
        // Spread over the hour by what is known of the person, so that not everybody acts at the same minute.
        let spread = self.form.name.bytes().map(i64::from).sum::<i64>() + i64::try_from(self.steps.len()).unwrap_or(0) * 7;
        let within = match step {
            Step::AcceptPolicy(number) => i64::try_from(number).unwrap_or(0) * 15 + spread % 12,
            Step::PassQuiz => 30 + spread % 25,
            _ => spread % 30,
        };
        self.steps.push((day * DAY + hour * 60 + within, step));
        self
    }

    pub fn joined(self, day: i64) -> Self {
        self.on(day, Step::Join)
    }

    pub fn signed(self, day: i64) -> Self {
        self.on(day, Step::SignNda)
    }

    pub fn signed_and_confirmed(self, day: i64) -> Self {
        self.on(day, Step::SignNda).on(day + 1, Step::ConfirmNda)
    }

    /// What the shipped profiles say.
    fn needs_consent(&self) -> bool {
        !matches!(self.form.country.as_str(), "DE" | "AT")
    }

    /// Where the profile asks for consent, it comes with the first look at the list.
    pub fn opened(self, day: i64) -> Self {
        let story = self.on(day, Step::Open);
        if story.needs_consent() { story.on(day, Step::ConsentToCheck) } else { story }
    }

    /// No provider is asked before there is consent where it is needed.
    pub fn requested(self, day: i64) -> Self {
        let consent = self
            .steps
            .iter()
            .find(|(_, step)| *step == Step::ConsentToCheck)
            .map(|(moment, _)| moment.div_euclid(DAY) + 1);
        match consent {
            None if self.needs_consent() => self,
            after => self.on(after.map_or(day, |after| after.max(day)), Step::RequestCheck),
        }
    }

    /// A provider is asked only for what a provider answers.
    pub fn checked(self, requested: i64, completed: i64, outcome: CheckOutcome) -> Self {
        if matches!(outcome, CheckOutcome::AlternativeDone | CheckOutcome::NotRequired) {
            return self.on(completed, Step::CompleteCheck(outcome));
        }
        let story = self.requested(requested);
        match story.steps.last() {
            Some((moment, Step::RequestCheck)) => {
                let after = moment.div_euclid(DAY) + 1;
                story.on(completed.max(after), Step::CompleteCheck(outcome))
            }
            _ => story,
        }
    }

    pub fn all_policies(self, day: i64) -> Self {
        (0..3).fold(self, |story, number| story.on(day, Step::AcceptPolicy(number)))
    }

    pub fn enrolled(self, declared: i64) -> Self {
        self.on(declared, Step::Declare).on(declared + 1, Step::ConfirmEnrolment)
    }

    /// Whether something had happened by a moment.
    pub fn did(&self, by: Moment, wanted: impl Fn(&Step) -> bool) -> bool {
        self.steps.iter().any(|(moment, step)| *moment < by && wanted(step))
    }

    /// Leaves out what has not happened yet, and what somebody who left could not do.
    pub fn until_now(mut self) -> Self {
        let gone = self
            .steps
            .iter()
            .find_map(|(_, step)| if let Step::Leave(day) = step { Some(day * DAY) } else { None });
        self.steps.retain(|(moment, _)| *moment < 0 && gone.is_none_or(|gone| *moment < gone));
        self.steps.sort_by_key(|(moment, _)| *moment);
        self
    }
}
