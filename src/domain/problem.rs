//! What can be wrong with input, as values: the reader's words for them are chosen at the very edge.

use serde::{Deserialize, Serialize};

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Problem {
    Required,
    /// Longer than so many characters.
    TooLong(usize),
    /// Shorter than so many characters.
    TooShort(usize),
    NotAnEmail,
    NotADate,
    NotACountry,
    NotATimeZone,
    NotAKind,
    NotALanguage,
    NotAnOutcome,
    /// Another person already has this e-mail address.
    EmailTaken,
    /// The same e-mail address stands twice in the file; the line where it stood first.
    EmailRepeated(u64),
    /// This is a person who left; coming back is not a change of their record.
    HasLeft,
    /// Nobody with this e-mail address is known, nor in the same file.
    UnknownManager,
    OwnManager,
    InTheFuture,
    /// An exemption ends between today and two years from now.
    NotWithinTwoYears,
    /// Before the earliest date that makes sense here.
    TooEarly,
    PasswordsDiffer,
    /// Not one's present password.
    WrongPassword,
    /// A common password or a single word, with some digits and signs around it.
    PasswordCommon,
    /// Little more than the names of its owner and the company.
    PasswordNamesOwner,
    /// Guessed with too few tries.
    PasswordGuessable,
    ConsentMissing,
    /// A question has no answer.
    Unanswered,
    /// Not a whole number.
    NotANumber,
    /// Not a whole PNG or JPEG of sane size.
    NotAnImage,
    /// An image of more than so many MiB.
    ImageTooLarge(usize),
    /// A course file of more than so many MiB.
    CourseTooLarge(usize),
    /// Control characters, which no name or title has.
    ControlCharacters,
    /// No status that a password manager's vendor gives its members.
    NotAMemberStatus,
    /// Nothing was chosen of what is offered.
    NotChosen,
    /// None of the choices that were offered.
    NotAChoice,
    /// A note that seems to hold an address or the number of a document.
    LooksPersonal,
    /// Consent is asked for, but no provider is offered.
    NothingToConsentTo,
    /// Not a whole number from the first to the second.
    NotWithin(u16, u16),
    /// The country has a profile already.
    CountryTaken,
    /// An audience that leaves out nobody.
    NoCriterion,
    /// What came for a drawn signature cannot be read or is too large.
    NotADrawing,
    /// A file that is neither PDF nor PNG nor JPEG.
    NotAScan,
    /// A signature that is recorded too late and was given in time, without the paper that shows it.
    ScanMissing,
    /// A file that is cut off, malformed or of impossible size.
    Damaged,
    /// A file that hides another file or a program.
    MoreThanAScan,
    /// A file of more than so many bytes.
    TooManyBytes(usize),
    /// Looks like a placeholder, but nobody fills it in.
    UnknownPlaceholder(String),
    /// Policies read the same for everybody.
    PlaceholderInPolicy,
    /// A check's details go at most three years after its outcome.
    NotWithinThreeYears,
    /// The export of a vault, or a list with a column for passwords.
    HoldsPasswords,
    /// A day more than so many months ahead.
    NotWithinMonths(u16),
    /// There is an account with this address already.
    AccountTaken,
    CodeMissing,
    /// No code of now, or one that was used before.
    WrongCode,
    /// More than so many tags.
    TooManyTags(usize),
    /// More than so many values of one condition.
    TooManyValues(usize),
    /// There is a rule for it already.
    RuleExists,
    /// People were asked on these terms.
    AskedAlready,
}

/// A problem and the field it belongs to. `field` is the form field's `name`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    pub field: String,
    pub problem: Problem,
}

impl FieldProblem {
    #[must_use]
    pub fn new(field: &str, problem: Problem) -> Self {
        Self {
            field: field.to_owned(),
            problem,
        }
    }
}

/// Collects the problems of a form, so that a reader sees all of them at once.
#[derive(Debug, Default)]
pub struct Problems(Vec<FieldProblem>);

impl Problems {
    /// Keeps the value or notes the problem.
    pub fn take<T>(&mut self, field: &str, parsed: Result<T, Problem>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(problem) => {
                self.add(field, problem);
                None
            }
        }
    }

    pub fn add(&mut self, field: &str, problem: Problem) {
        self.0.push(FieldProblem::new(field, problem));
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[must_use]
    pub fn into_vec(self) -> Vec<FieldProblem> {
        self.0
    }
}

/// Why something that was allowed could not be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Conflict {
    /// Somebody, perhaps the same person in another tab, did it already.
    AlreadyDone,
    /// The item has ended, for example because the person left.
    Ended,
    /// The text was replaced by a newer version while it was being read.
    NewerVersion,
    /// The step before this one is missing.
    NotYet,
    /// A one-time link was used before.
    LinkUsed,
    /// A one-time link is too old.
    LinkExpired,
    /// The file changed nothing or the preview is gone.
    PreviewGone,
    /// Too many tries at the quiz lately; it goes on tomorrow.
    QuizPaused,
    /// The course still has gaps.
    CourseIncomplete,
    /// A new link was sent moments ago.
    TooSoon,
    /// Nobody decides about their own request, or about themself.
    NeedsSecondPerson,
    /// An account with special rights signs in with its password only.
    PasswordOnly,
    /// A provider may not be asked before the person consented.
    NoConsent,
    /// Somebody else changed it while it was being edited.
    ChangedMeanwhile,
    /// Somebody else changed the same draft meanwhile.
    DraftChanged,
    /// There is nothing that was not published before.
    NothingNew,
    /// The account is disabled, or its person has left.
    AccountClosed,
    /// Nobody closes their own account.
    OwnAccount,
    /// Without it nobody, or nobody for good, would administer.
    LastAdministrator,
    /// Somebody else would have to approve, and there is nobody.
    NobodyDecides,
    /// Somebody asked for this role for this account already.
    RequestWaits,
    /// A request for a role was left undecided for too long, or whoever made it administers no more.
    RequestLapsed,
    /// What was begun is finished, was begun by somebody else, or waited too long.
    CeremonyOver,
    /// What the browser says of a passkey does not fit.
    PasskeyRefused,
    /// The account has no second factor.
    NoFactor,
    /// An account with rights keeps one second factor.
    LastFactor,
    /// As many second factors as an account can have.
    TooManyFactors,
    /// Rights go to a work address only.
    NeedsWorkAddress,
    /// Rights would go to another address than the one that was shown or asked for.
    AddressMoved,
    /// What it would do to whom was not seen yet, or is no longer the same.
    EffectUnseen,
    /// Somebody is here, so they cannot come back.
    StillHere,
    /// Nothing is left for the person to do.
    NothingToDo,
    /// The person was nudged within the last days.
    NudgedLately,
    /// HR pauses reminders to the person.
    RemindersPaused,
}
