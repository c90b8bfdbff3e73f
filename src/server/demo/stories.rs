//! What happened to each invented person, in days from today. Nothing here is chance unless it says so: the first fifteen
//! people cover every state that a demo has to show, the others make the figures look like a company's.

use super::{
    cast::{self, DEPARTMENTS, Place, Registry},
    dice::Dice,
    steps::{DAY, Plea, Step, Story},
};
use crate::domain::{evidence::CheckOutcome, person::PersonForm, requirement::RequirementKind};

/// When the installation began, in days from today.
pub const BEGINNING: i64 = -350;
/// When a policy got its second version, and by when whoever had accepted the first accepts again.
const SECOND_VERSION: i64 = -9;
pub const SECOND_VERSION_DUE: i64 = 5;
/// Which of the policies that is, in the order of the checklist.
const CHANGED_POLICY: usize = 1;
/// The fewest people that cover every state.
pub const FEWEST: u32 = 15;
/// The invented people that sign in.
pub const HR: usize = 0;
pub const EMPLOYEE: usize = 1;
/// Left with items unfinished, and still a member of the password manager.
pub const LEAVER: usize = 10;
/// Was a member of the password manager, and is not any more.
pub const UNLISTED: usize = 11;
pub const HR_EMAIL: &str = "hr@demo.example";
pub const EMPLOYEE_EMAIL: &str = "employee@demo.example";

const TRAINED_ELSEWHERE: Plea = Plea {
    item: RequirementKind::Training,
    reason: "Hat die gleichwertige Schulung des Mutterhauses im Frühjahr bestanden",
    instead: "Der Nachweis liegt der Personalabteilung vor",
    ends: 120,
};
const MANAGER_OF_THEIR_OWN: Plea = Plea {
    item: RequirementKind::PasswordManager,
    reason: "Nutzt den Passwort-Manager der eigenen Firma",
    instead: "Erhält keine gemeinsamen Zugänge",
    ends: 180,
};
const NO_DEVICE_YET: Plea = Plea {
    item: RequirementKind::PasswordManager,
    reason: "Das Dienstgerät ist noch nicht geliefert",
    instead: "Arbeitet bis dahin ohne eigene Zugänge",
    ends: -20,
};

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
    let stories = stories.into_iter().enumerate().map(|(index, story)| accepting_again(index, story));
    stories.map(Story::until_now).collect()
}

/// Two of three who had accepted the policy that was changed have done so again, and HR has yet to.
fn accepting_again(index: usize, story: Story) -> Story {
    let accepted = story.did(SECOND_VERSION * DAY, |step| *step == Step::AcceptPolicy(CHANGED_POLICY));
    if !accepted || index.is_multiple_of(3) {
        return story;
    }
    let days = i64::try_from(index % 7).unwrap_or(0) + 1;
    story.on(SECOND_VERSION + days, Step::AcceptPolicy(CHANGED_POLICY))
}

fn employee(form: PersonForm) -> PersonForm {
    PersonForm {
        kind: "employee".to_owned(),
        ..form
    }
}

/// The fifteen that every demo has.
fn leads(dice: &mut Dice, registry: &mut Registry) -> Vec<Story> {
    use CheckOutcome::{AlternativeDone, Cleared, NotCleared, NotRequired};
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
    let contractor = PersonForm {
        kind: "contractor".to_owned(),
        ..someone(cast::TOKYO, 1)
    };
    vec![
        head_of_hr(hr),
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
        // Starts next week, ready early: the first day was moved, and the NDA signed again, as it names the day.
        Story::new(someone(cast::ZURICH, 2), 4)
            .joined(-16)
            .opened(-14)
            .signed_and_confirmed(-14)
            .on(-3, Step::MoveStart(9))
            .on(-3, Step::WithdrawNda)
            .signed_and_confirmed(-2)
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
        // Started without, as HR allowed, and the check is stuck with the provider.
        Story::new(someone(cast::LOS_ANGELES, 3), -5)
            .joined(-22)
            .opened(-20)
            .requested(-18)
            .on(-17, Step::HandOverCheck)
            .on(-6, Step::AllowStart),
        // Not an employee, not cleared, and somebody has yet to decide on an exemption.
        Story::new(contractor, 5)
            .joined(-17)
            .opened(-16)
            .signed_and_confirmed(-15)
            .checked(-14, -2, NotCleared)
            .on(-1, Step::RequestExemption(&MANAGER_OF_THEIR_OWN)),
        // Left with items unfinished.
        Story::new(someone(cast::BERLIN, 4), -200)
            .joined(-225)
            .opened(-224)
            .signed_and_confirmed(-223)
            .checked(-222, -212, AlternativeDone)
            .all_policies(-195)
            .on(-20, Step::Leave(-4)),
        // Here for weeks with an NDA on paper, behind with policies, trained elsewhere, and no longer in the password manager.
        Story::new(someone(cast::BERLIN, 0), -45)
            .joined(-70)
            .opened(-69)
            .on(-60, Step::NdaOnPaper)
            .checked(-66, -58, AlternativeDone)
            .on(-40, Step::AcceptPolicy(0))
            .enrolled(-41)
            .on(-22, Step::RequestExemption(&TRAINED_ELSEWHERE))
            .on(-21, Step::ApproveExemption),
        // Starts in twelve days; agreed to a check that nobody has requested.
        Story::new(someone(cast::LONDON, 6), 12).joined(-6).opened(-2).signed(-2),
        // Starts in sixteen days; the provider has what they need.
        Story::new(someone(cast::NEW_YORK, 2), 16)
            .joined(-12)
            .opened(-9)
            .signed_and_confirmed(-9)
            .requested(-8)
            .on(-6, Step::HandOverCheck),
        // Was exempt until the device came.
        Story::new(someone(cast::BERLIN, 5), -75)
            .joined(-98)
            .opened(-96)
            .signed_and_confirmed(-95)
            .checked(-94, -90, NotRequired)
            .all_policies(-70)
            .on(-60, Step::PassQuiz)
            .on(-73, Step::RequestExemption(&NO_DEVICE_YET))
            .on(-72, Step::ApproveExemption)
            .enrolled(-12),
    ]
}

/// Was there before everybody, and does what concerns all of them.
fn head_of_hr(form: PersonForm) -> Story {
    use CheckOutcome::AlternativeDone;
    let story = Story {
        founder: true,
        ..Story::new(form, -335)
    };
    story
        .joined(BEGINNING)
        .opened(BEGINNING)
        .signed_and_confirmed(BEGINNING + 1)
        .checked(BEGINNING + 2, BEGINNING + 9, AlternativeDone)
        .all_policies(-333)
        .on(-339, Step::FailQuiz)
        .on(-338, Step::PassQuiz)
        .enrolled(-334)
        .on(-30, Step::CompareMembers)
        .on(SECOND_VERSION, Step::PublishPolicy)
        .on(-3, Step::DraftPolicy)
        .on(-1, Step::CompareMembers)
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
        .on(start + dice.between(-3, 8), Step::PassQuiz)
        .enrolled(start + dice.between(0, 5))
}

/// Somebody in the crowd: mostly here for a while, some new, some still to come, a few gone.
fn anybody(dice: &mut Dice, form: PersonForm) -> Story {
    match dice.between(1, 100) {
        1..=76 => {
            let start = dice.between(-320, -40);
            settled(dice, form, start)
        }
        77..=85 => {
            let start = dice.between(-35, -4);
            settled(dice, form, start)
        }
        86..=97 => {
            let start = dice.between(2, 34);
            coming(dice, form, start)
        }
        _ => {
            let start = dice.between(-310, -120);
            let last_day = dice.between(-60, -5);
            settled(dice, form, start).on(last_day - 14, Step::Leave(last_day))
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
