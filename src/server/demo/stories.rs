//! What happened to each invented person, in days from today. Nothing here is chance unless it says so: the first twelve
//! people cover every state that a demo has to show, the others make the figures look like a company's.

use super::{
    cast::{self, DEPARTMENTS, Place, Registry},
    dice::Dice,
};
use crate::domain::{evidence::CheckOutcome, person::PersonForm};

/// When the installation began, in days from today.
pub const BEGINNING: i64 = -350;
/// The fewest people that cover every state.
pub const FEWEST: u32 = 12;
/// The invented people that sign in.
pub const HR: usize = 0;
pub const EMPLOYEE: usize = 1;
/// Left with items unfinished, and still a member of the password manager.
pub const LEAVER: usize = 10;
pub const HR_EMAIL: &str = "hr@demo.example";
pub const EMPLOYEE_EMAIL: &str = "employee@demo.example";

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
    /// They agree that a provider is asked about them.
    ConsentToCheck,
    RequestCheck,
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
    /// The night after a last day.
    EndLeavers,
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
    fn new(form: PersonForm, start: i64) -> Self {
        Self {
            form,
            start,
            founder: false,
            steps: Vec::new(),
        }
    }

    /// On a day, at an hour that follows from the step: HR works by day, newcomers in the evening.
    fn on(mut self, day: i64, step: Step) -> Self {
        let hour = match step {
            Step::EndLeavers => 3,
            Step::Join | Step::MoveStart(_) | Step::Leave(_) => 10,
            Step::RequestCheck | Step::ConfirmNda | Step::NdaOnPaper => 13,
            Step::CompleteCheck(_) | Step::ConfirmEnrolment => 15,
            Step::Open => 18,
            Step::ChoosePassword | Step::SignNda | Step::ConsentToCheck => 19,
            Step::AcceptPolicy(_) => 20,
            Step::FailQuiz | Step::PassQuiz => 21,
            Step::Declare => 22,
        };
        // Spread over the hour by what is known of the person, so that not everybody acts at the same minute.
        let spread = self.form.name.bytes().map(i64::from).sum::<i64>() + i64::try_from(self.steps.len()).unwrap_or(0) * 7;
        let within = match step {
            Step::AcceptPolicy(number) => i64::try_from(number).unwrap_or(0) * 15 + spread % 12,
            Step::PassQuiz => 30 + spread % 25,
            _ => spread % 30,
        };
        self.steps.push((day * 24 * 60 + hour * 60 + within, step));
        self
    }

    fn joined(self, day: i64) -> Self {
        self.on(day, Step::Join)
    }

    fn signed(self, day: i64) -> Self {
        self.on(day, Step::SignNda)
    }

    fn signed_and_confirmed(self, day: i64) -> Self {
        self.on(day, Step::SignNda).on(day + 1, Step::ConfirmNda)
    }

    /// What the shipped profiles say.
    fn needs_consent(&self) -> bool {
        !matches!(self.form.country.as_str(), "DE" | "AT")
    }

    /// Where the profile asks for consent, it comes with the first look at the list.
    fn opened(self, day: i64) -> Self {
        let story = self.on(day, Step::Open);
        if story.needs_consent() { story.on(day, Step::ConsentToCheck) } else { story }
    }

    /// No provider is asked before there is consent where it is needed.
    fn requested(self, day: i64) -> Self {
        let consent = self
            .steps
            .iter()
            .find(|(_, step)| *step == Step::ConsentToCheck)
            .map(|(moment, _)| moment.div_euclid(24 * 60) + 1);
        match consent {
            None if self.needs_consent() => self,
            after => self.on(after.map_or(day, |after| after.max(day)), Step::RequestCheck),
        }
    }

    /// A provider is asked only for what a provider answers.
    fn checked(self, requested: i64, completed: i64, outcome: CheckOutcome) -> Self {
        if matches!(outcome, CheckOutcome::AlternativeDone | CheckOutcome::NotRequired) {
            return self.on(completed, Step::CompleteCheck(outcome));
        }
        let story = self.requested(requested);
        match story.steps.last() {
            Some((moment, Step::RequestCheck)) => {
                let after = moment.div_euclid(24 * 60) + 1;
                story.on(completed.max(after), Step::CompleteCheck(outcome))
            }
            _ => story,
        }
    }

    fn all_policies(self, day: i64) -> Self {
        (0..3).fold(self, |story, number| story.on(day, Step::AcceptPolicy(number)))
    }

    fn enrolled(self, declared: i64) -> Self {
        self.on(declared, Step::Declare).on(declared + 1, Step::ConfirmEnrolment)
    }

    /// Leaves out what has not happened yet, and what somebody who left could not do.
    fn until_now(mut self) -> Self {
        let gone = self
            .steps
            .iter()
            .find_map(|(_, step)| if let Step::Leave(day) = step { Some(day * 24 * 60) } else { None });
        self.steps
            .retain(|(moment, step)| *moment < 0 && (*step == Step::EndLeavers || gone.is_none_or(|gone| *moment < gone)));
        self.steps.sort_by_key(|(moment, _)| *moment);
        self
    }
}

/// All people of a demo. The first is HR, the second the employee who signs in.
pub fn tell(people: usize, seed: u64) -> Vec<Story> {
    let mut dice = Dice::new(seed);
    let mut registry = Registry::default();
    let mut stories = leads(&mut dice, &mut registry);
    let heads = (people.saturating_sub(stories.len()) / 6).min(DEPARTMENTS.len() - 1);
    for department in 1..=heads {
        let form = registry.invent(&mut dice, cast::BERLIN, department, true);
        stories.push(founder(&mut dice, employee(form)));
    }
    while stories.len() < people {
        let department = usize::try_from(dice.between(0, 1000)).unwrap_or(0) % DEPARTMENTS.len();
        let place = cast::any_place(&mut dice);
        let form = registry.invent(&mut dice, place, department, false);
        stories.push(anybody(&mut dice, form));
    }
    stories.truncate(people);
    let managers: Vec<(String, String)> = stories
        .iter()
        .filter(|story| story.founder)
        .map(|story| (story.form.department.clone(), story.form.work_email.clone()))
        .collect();
    for story in stories.iter_mut().filter(|story| !story.founder) {
        let own = managers.iter().find(|(department, _)| *department == story.form.department);
        story.form.manager_email = own.map_or(HR_EMAIL, |(_, email)| email).to_owned();
    }
    stories.into_iter().map(Story::until_now).collect()
}

fn employee(form: PersonForm) -> PersonForm {
    PersonForm {
        kind: "employee".to_owned(),
        ..form
    }
}

/// The twelve that every demo has.
fn leads(dice: &mut Dice, registry: &mut Registry) -> Vec<Story> {
    use CheckOutcome::{AlternativeDone, Cleared, NotCleared};
    let mut someone = |place: Place, department| employee(registry.invent(dice, place, department, false));
    let hr = PersonForm {
        work_email: HR_EMAIL.to_owned(),
        job_title: "Leitung Personal".to_owned(),
        ..someone(cast::BERLIN, 0)
    };
    let newcomer = PersonForm {
        private_email: EMPLOYEE_EMAIL.to_owned(),
        ..someone(cast::BERLIN, 0)
    };
    let hr = Story {
        founder: true,
        ..Story::new(hr, -335)
    }
    .joined(BEGINNING)
    .opened(BEGINNING)
    .signed_and_confirmed(BEGINNING + 1)
    .checked(BEGINNING + 2, BEGINNING + 9, AlternativeDone)
    .all_policies(-333)
    .on(-330, Step::FailQuiz)
    .on(-329, Step::PassQuiz)
    .enrolled(-334);
    let contractor = PersonForm {
        kind: "contractor".to_owned(),
        ..someone(cast::TOKYO, 1)
    };
    vec![
        hr,
        // Starts soon, everything to do: the employee of the demo.
        Story::new(newcomer, 8).joined(-4).opened(-1).on(-1, Step::ChoosePassword),
        // Starts tomorrow, and may.
        Story::new(someone(cast::BERLIN, 1), 1)
            .joined(-20)
            .opened(-18)
            .signed_and_confirmed(-18)
            .checked(-15, -9, Cleared),
        // Starts tomorrow, and must not.
        Story::new(someone(cast::BERLIN, 3), 1).joined(-9).requested(-7),
        // Starts in two days; HR has yet to confirm.
        Story::new(someone(cast::VIENNA, 6), 2)
            .joined(-14)
            .opened(-3)
            .checked(-12, -5, AlternativeDone)
            .signed(-1),
        // Starts in three weeks; only the link went out.
        Story::new(someone(cast::LONDON, 7), 21).joined(-1),
        // Starts next week, ready early, after the first day was moved.
        Story::new(someone(cast::ZURICH, 2), 4)
            .joined(-16)
            .opened(-14)
            .signed_and_confirmed(-14)
            .on(-3, Step::MoveStart(9))
            .checked(-13, -6, Cleared)
            .all_policies(-2),
        // Started three days ago and signed a day later; enrolment declared, nobody confirmed it.
        Story::new(someone(cast::BERLIN, 0), -3)
            .joined(-15)
            .checked(-13, -6, Cleared)
            .opened(-2)
            .signed_and_confirmed(-2)
            .on(-2, Step::AcceptPolicy(0))
            .on(-1, Step::Declare),
        // Started without, and the check is stuck with the provider.
        Story::new(someone(cast::LOS_ANGELES, 3), -5).joined(-22).opened(-20).requested(-18),
        // Not an employee, and not cleared.
        Story::new(contractor, 5)
            .joined(-17)
            .opened(-16)
            .signed_and_confirmed(-15)
            .checked(-14, -2, NotCleared),
        // Left with items unfinished.
        Story::new(someone(cast::BERLIN, 4), -200)
            .joined(-225)
            .opened(-224)
            .signed_and_confirmed(-223)
            .checked(-222, -212, AlternativeDone)
            .all_policies(-195)
            .on(-20, Step::Leave(-4))
            .on(-3, Step::EndLeavers),
        // Here for weeks with an NDA on paper, and behind with policies and training.
        Story::new(someone(cast::BERLIN, 0), -45)
            .joined(-70)
            .opened(-69)
            .on(-60, Step::NdaOnPaper)
            .checked(-66, -58, AlternativeDone)
            .on(-40, Step::AcceptPolicy(0))
            .enrolled(-41),
    ]
}

/// Heads of departments were there first, and have done everything.
fn founder(dice: &mut Dice, form: PersonForm) -> Story {
    let start = dice.between(-338, -326);
    let story = Story {
        founder: true,
        ..Story::new(form, start)
    };
    story
        .joined(BEGINNING)
        .opened(BEGINNING + 1)
        .signed_and_confirmed(BEGINNING + 1)
        .checked(BEGINNING + 3, BEGINNING + dice.between(6, 9), CheckOutcome::AlternativeDone)
        .all_policies(start + dice.between(1, 9))
        .on(start + dice.between(8, 24), Step::PassQuiz)
        .enrolled(start + dice.between(0, 5))
}

/// Somebody in the crowd: mostly here for a while, some new, some still to come, a few gone.
fn anybody(dice: &mut Dice, form: PersonForm) -> Story {
    match dice.between(1, 100) {
        1..=72 => {
            let start = dice.between(-320, -40);
            settled(dice, form, start)
        }
        73..=81 => {
            let start = dice.between(-35, -4);
            settled(dice, form, start)
        }
        82..=97 => {
            let start = dice.between(2, 34);
            coming(dice, form, start)
        }
        _ => {
            let start = dice.between(-310, -120);
            let last_day = dice.between(-60, -5);
            settled(dice, form, start)
                .on(last_day - 14, Step::Leave(last_day))
                .on(last_day + 1, Step::EndLeavers)
        }
    }
}

/// Somebody who started: in time mostly, now and then late or not at all. What lies ahead is left out later.
fn settled(dice: &mut Dice, form: PersonForm, start: i64) -> Story {
    let joined = start - dice.between(17, 27);
    let opened = joined + dice.between(0, 4);
    // What is missing for months gets noticed, and done after all.
    let may_miss = start > -100;
    let story = Story::new(form, start).joined(joined).opened(opened);
    let story = match dice.between(1, 100) {
        1..=3 => story.signed_and_confirmed(start + dice.between(0, 3)),
        4..=7 => story.on(start - 2, Step::NdaOnPaper),
        _ => story.signed_and_confirmed(opened + dice.between(0, 6)),
    };
    let requested = joined + dice.between(1, 3);
    let story = match dice.between(1, 100) {
        1..=5 => story.checked(requested, start + dice.between(2, 12), any_outcome(dice)),
        6 if may_miss => story.requested(requested),
        _ => story.checked(requested, requested + dice.between(4, 10), any_outcome(dice)),
    };
    let story = (0..3).fold(story, |story, number| match dice.between(1, 100) {
        1..=3 if may_miss => story,
        1..=9 => story.on(start + dice.between(16, 30), Step::AcceptPolicy(number)),
        _ => story.on(start + dice.between(-6, 12), Step::AcceptPolicy(number)),
    });
    let trained = if dice.chance(92) {
        start + dice.between(4, 28)
    } else {
        start + dice.between(32, 48)
    };
    let story = if dice.chance(11) { story.on(trained - 1, Step::FailQuiz) } else { story };
    let story = if dice.chance(94) || !may_miss {
        story.on(trained, Step::PassQuiz)
    } else {
        story
    };
    match dice.between(1, 100) {
        1..=3 if may_miss => story,
        4..=6 if may_miss => story.on(start + dice.between(1, 6), Step::Declare),
        1..=11 => story.enrolled(start + dice.between(9, 20)),
        _ => story.enrolled(start + dice.between(0, 6)),
    }
}

/// Somebody who starts later: how far they are is chance.
fn coming(dice: &mut Dice, form: PersonForm, start: i64) -> Story {
    let joined = (start - dice.between(17, 30)).min(-1);
    let opened = (joined + dice.between(0, 3)).min(-1);
    let story = Story::new(form, start).joined(joined);
    let progress = dice.between(1, 100);
    let story = if progress > 15 { story.opened(opened) } else { story };
    let story = match progress {
        ..=30 => story,
        31..=45 => story.signed((opened + dice.between(0, 4)).min(-1)),
        _ => story.signed_and_confirmed((opened + dice.between(0, 4)).min(-1)),
    };
    let requested = joined + dice.between(1, 3);
    match dice.between(1, 100) {
        1..=20 => story,
        21..=45 => story.requested(requested),
        _ => story.checked(requested, requested + dice.between(3, 9), any_outcome(dice)),
    }
}

fn any_outcome(dice: &mut Dice) -> CheckOutcome {
    match dice.between(1, 100) {
        1..=55 => CheckOutcome::AlternativeDone,
        56..=70 => CheckOutcome::NotRequired,
        _ => CheckOutcome::Cleared,
    }
}
