//! What a course lacks before it can be published: every gap at once, for the author's page and for whoever brings a file.
//!
//! Absent on purpose: the images that texts point to. Which there are, only the server knows (`service::courses`).

use super::{
    course::{Course, Lesson, Question},
    locale::{Bilingual, Locale},
};

/// The part of the course that something is missing from, by its position from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Course,
    Lesson(usize),
    Question(usize),
}

/// A text that exists in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Title,
    Body,
    Text,
    Explanation,
    /// An option of a question, by its position from 0.
    Option(usize),
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    Missing(Part, Locale),
    /// Longer than so many characters.
    TooLong(Part, Locale, usize),
    ControlCharacters(Part, Locale),
    NoLessons,
    NoQuestions,
    /// More lessons than this.
    TooManyLessons(usize),
    /// More questions than this.
    TooManyQuestions(usize),
    /// Not between 1 and the number of questions in the bank.
    Draw(usize),
    /// Not between 1 and the number of questions asked.
    PassMark(usize),
    /// Not between 1 and this.
    Attempts(usize),
    /// Not lower-case letters, digits and hyphens.
    Name,
    /// Another lesson or question has this name.
    NameTaken,
    /// The question belongs to no lesson of the course.
    UnknownLesson,
    /// Fewer or more options than these.
    Options(usize, usize),
    NoRightOption,
    SeveralRightOptions,
    /// The same words as an option before.
    SameOption(usize),
    /// An image without a description.
    ImageWithoutText(Locale),
    /// An image that is not an uploaded one.
    UnknownImage(Locale),
}

/// One gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    pub place: Place,
    pub flaw: Flaw,
}

impl Gap {
    /// Where it is in a file, such as `course.lessons[2].body.en`.
    #[must_use]
    pub fn path(&self) -> String {
        let place = match self.place {
            Place::Course => "course".to_owned(),
            Place::Lesson(index) => format!("course.lessons[{index}]"),
            Place::Question(index) => format!("course.questions[{index}]"),
        };
        let text = |part: Part, language: Locale| match part {
            Part::Title => format!(".title.{}", language.tag()),
            Part::Body => format!(".body.{}", language.tag()),
            Part::Text => format!(".text.{}", language.tag()),
            Part::Explanation => format!(".explanation.{}", language.tag()),
            Part::Option(index) => format!(".options[{index}].text.{}", language.tag()),
        };
        let field = match (self.place, &self.flaw) {
            (_, Flaw::Missing(part, language) | Flaw::TooLong(part, language, _) | Flaw::ControlCharacters(part, language)) => text(*part, *language),
            (_, Flaw::ImageWithoutText(language) | Flaw::UnknownImage(language)) => text(Part::Body, *language),
            (_, Flaw::NoLessons | Flaw::TooManyLessons(_)) => ".lessons".to_owned(),
            (_, Flaw::NoQuestions | Flaw::TooManyQuestions(_)) => ".questions".to_owned(),
            (_, Flaw::Draw(_)) => ".draw".to_owned(),
            (_, Flaw::PassMark(_)) => ".pass_mark".to_owned(),
            (_, Flaw::Attempts(_)) => ".attempts_per_day".to_owned(),
            (Place::Question(_), Flaw::Name | Flaw::NameTaken) => ".id".to_owned(),
            (_, Flaw::Name | Flaw::NameTaken) => ".slug".to_owned(),
            (_, Flaw::UnknownLesson) => ".lesson".to_owned(),
            (_, Flaw::Options(..) | Flaw::NoRightOption | Flaw::SeveralRightOptions) => ".options".to_owned(),
            (_, Flaw::SameOption(index)) => format!(".options[{index}]"),
        };
        format!("{place}{field}")
    }
}

/// Whether this can name a lesson or a question: part of an address, and readable. `new` is the address of the form for one more.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=Course::MAX_NAME).contains(&name.len()) && name.chars().all(fits) && name != "new"
}

/// Whether a text holds characters that no text has: all controls but line feed and tabulator.
#[must_use]
fn has_controls(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t'))
}

impl Course {
    pub const MAX_LESSONS: usize = 50;
    pub const MAX_QUESTIONS: usize = 500;
    pub const MAX_ATTEMPTS: usize = 50;
    /// Characters of a lesson, per language.
    pub const MAX_BODY: usize = 20_000;
    /// Characters of a title, question, option or explanation, per language.
    pub const MAX_LINE: usize = 1_000;
    pub const MAX_NAME: usize = 60;
    pub const OPTIONS: std::ops::RangeInclusive<usize> = 2..=6;

    /// Everything that keeps the course from being published.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Gaps::default();
        gaps.text(Place::Course, Part::Title, &self.title);
        if !(1..=self.questions.len()).contains(&self.draw.unwrap_or(self.questions.len())) && !self.questions.is_empty() {
            gaps.add(Place::Course, Flaw::Draw(self.questions.len()));
        }
        if !(1..=self.asked()).contains(&self.pass_mark) && self.asked() > 0 {
            gaps.add(Place::Course, Flaw::PassMark(self.asked()));
        }
        if !(1..=Self::MAX_ATTEMPTS).contains(&self.attempts_per_day) {
            gaps.add(Place::Course, Flaw::Attempts(Self::MAX_ATTEMPTS));
        }
        match self.lessons.len() {
            0 => gaps.add(Place::Course, Flaw::NoLessons),
            count if count > Self::MAX_LESSONS => gaps.add(Place::Course, Flaw::TooManyLessons(Self::MAX_LESSONS)),
            _ => {}
        }
        match self.questions.len() {
            0 => gaps.add(Place::Course, Flaw::NoQuestions),
            count if count > Self::MAX_QUESTIONS => gaps.add(Place::Course, Flaw::TooManyQuestions(Self::MAX_QUESTIONS)),
            _ => {}
        }
        // What is one too many is not looked at: each is held against those before.
        for (index, lesson) in self.lessons.iter().enumerate().take(Self::MAX_LESSONS) {
            self.lesson_gaps(&mut gaps, index, lesson);
        }
        for (index, question) in self.questions.iter().enumerate().take(Self::MAX_QUESTIONS) {
            self.question_gaps(&mut gaps, index, question);
        }
        gaps.0
    }

    fn lesson_gaps(&self, gaps: &mut Gaps, index: usize, lesson: &Lesson) {
        let place = Place::Lesson(index);
        let taken = self.lessons[..index].iter().any(|other| other.slug == lesson.slug);
        gaps.name(place, &lesson.slug, taken);
        gaps.text(place, Part::Title, &lesson.title);
        gaps.text(place, Part::Body, &lesson.body);
    }

    fn question_gaps(&self, gaps: &mut Gaps, index: usize, question: &Question) {
        let place = Place::Question(index);
        let taken = self.questions[..index].iter().any(|other| other.id == question.id);
        gaps.name(place, &question.id, taken);
        if self.lesson(&question.lesson).is_none() {
            gaps.add(place, Flaw::UnknownLesson);
        }
        gaps.text(place, Part::Text, &question.text);
        if !Self::OPTIONS.contains(&question.options.len()) {
            gaps.add(place, Flaw::Options(*Self::OPTIONS.start(), *Self::OPTIONS.end()));
        }
        for (number, option) in question.options.iter().enumerate().take(*Self::OPTIONS.end()) {
            gaps.text(place, Part::Option(number), &option.text);
            let said = |other: &Bilingual| !option.text.de.trim().is_empty() && (other.de == option.text.de || other.en == option.text.en);
            if question.options[..number].iter().any(|other| said(&other.text)) {
                gaps.add(place, Flaw::SameOption(number));
            }
        }
        match question.options.iter().filter(|option| option.correct).count() {
            0 => gaps.add(place, Flaw::NoRightOption),
            1 => {}
            _ => gaps.add(place, Flaw::SeveralRightOptions),
        }
        gaps.text(place, Part::Explanation, &question.explanation);
    }
}

#[derive(Default)]
struct Gaps(Vec<Gap>);

impl Gaps {
    fn add(&mut self, place: Place, flaw: Flaw) {
        self.0.push(Gap { place, flaw });
    }

    fn name(&mut self, place: Place, name: &str, taken: bool) {
        if !is_name(name) {
            self.add(place, Flaw::Name);
        } else if taken {
            self.add(place, Flaw::NameTaken);
        }
    }

    fn text(&mut self, place: Place, part: Part, text: &Bilingual) {
        let max = if part == Part::Body { Course::MAX_BODY } else { Course::MAX_LINE };
        for language in [Locale::De, Locale::En] {
            let text = text.get(language);
            if text.trim().is_empty() {
                self.add(place, Flaw::Missing(part, language));
            } else if text.chars().count() > max {
                self.add(place, Flaw::TooLong(part, language, max));
            }
            if has_controls(text) {
                self.add(place, Flaw::ControlCharacters(part, language));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::course::AnswerOption;

    fn both(text: &str) -> Bilingual {
        Bilingual {
            de: text.to_owned(),
            en: text.to_owned(),
        }
    }

    fn sound() -> Course {
        let option = |text: &str, correct| AnswerOption { text: both(text), correct };
        Course {
            title: both("Course"),
            pass_mark: 1,
            draw: Some(1),
            attempts_per_day: 5,
            lessons: vec![Lesson {
                slug: "phishing".to_owned(),
                title: both("Phishing"),
                body: both("Text"),
            }],
            questions: vec![Question {
                id: "phishing-1".to_owned(),
                lesson: "phishing".to_owned(),
                text: both("What now?"),
                options: vec![option("Stop", true), option("Go", false)],
                explanation: both("Because."),
            }],
        }
    }

    fn paths(change: impl FnOnce(&mut Course)) -> Vec<String> {
        let mut course = sound();
        change(&mut course);
        course.gaps().iter().map(Gap::path).collect()
    }

    #[test]
    fn a_sound_course_has_no_gaps() {
        assert_eq!(sound().gaps(), []);
        assert_eq!(paths(|course| course.draw = None), [""; 0]);
    }

    #[test]
    fn each_gap_is_named_where_it_is() {
        assert_eq!(paths(|course| course.title.en.clear()), ["course.title.en"]);
        assert_eq!(paths(|course| course.lessons[0].body.de = "  ".to_owned()), ["course.lessons[0].body.de"]);
        assert_eq!(
            paths(|course| course.lessons[0].body.en = "x".repeat(Course::MAX_BODY + 1)),
            ["course.lessons[0].body.en"]
        );
        assert_eq!(
            paths(|course| course.questions[0].options[1].text.en.clear()),
            ["course.questions[0].options[1].text.en"]
        );
        assert_eq!(paths(|course| course.questions[0].options[1].correct = true), ["course.questions[0].options"]);
        assert_eq!(paths(|course| course.questions[0].options[0].correct = false), ["course.questions[0].options"]);
        assert_eq!(
            paths(|course| course.questions[0].options[1].text.de = "Stop".to_owned()),
            ["course.questions[0].options[1]"]
        );
        assert_eq!(
            paths(|course| course.questions[0].lesson = "nowhere".to_owned()),
            ["course.questions[0].lesson"]
        );
        assert_eq!(
            paths(|course| course.questions[0].explanation.de = "a\u{7}".to_owned()),
            ["course.questions[0].explanation.de"]
        );
        assert_eq!(
            paths(|course| course.lessons[0].slug = "../x".to_owned()),
            ["course.lessons[0].slug", "course.questions[0].lesson"]
        );
        assert_eq!(paths(|course| course.questions.push(course.questions[0].clone())), ["course.questions[1].id"]);
        assert_eq!(paths(|course| course.questions[0].id = "new".to_owned()), ["course.questions[0].id"]);
        assert_eq!(paths(|course| course.draw = Some(2)), ["course.draw"]);
        assert_eq!(paths(|course| course.draw = Some(0)), ["course.draw"]);
        assert_eq!(paths(|course| course.pass_mark = 2), ["course.pass_mark"]);
        assert_eq!(paths(|course| course.pass_mark = 0), ["course.pass_mark"]);
        assert_eq!(paths(|course| course.attempts_per_day = 0), ["course.attempts_per_day"]);
        assert_eq!(paths(|course| course.questions.clear()), ["course.questions"]);
        assert_eq!(paths(|course| course.lessons.clear()), ["course.lessons", "course.questions[0].lesson"]);
    }

    #[test]
    fn every_gap_is_named_at_once() {
        let gaps = paths(|course| {
            course.title = both("");
            course.lessons[0].title.de.clear();
            course.questions[0].options.clear();
        });
        assert_eq!(
            gaps,
            [
                "course.title.de",
                "course.title.en",
                "course.lessons[0].title.de",
                "course.questions[0].options",
                "course.questions[0].options"
            ]
        );
    }
}
