//! Which questions an attempt is asked, and in which order its options stand.
//!
//! Decided by whose course it is and how many attempts came before, and by nothing that is stored: looking at the quiz writes
//! nothing, and shows the same questions until it is handed in.

use super::{
    course::{Course, Question},
    ids::AssignmentId,
};

/// A question as one attempt is asked it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn<'a> {
    pub question: &'a Question,
    /// The options in the order they are shown, each by its index in the question.
    pub order: Vec<usize>,
}

impl Course {
    /// The questions of somebody's attempt, counted from 0. Every lesson has a question before any has a second one, and who
    /// tries again is asked what they have not been asked yet, as long as the bank has some.
    #[must_use]
    pub fn drawn(&self, assignment: AssignmentId, attempt: usize) -> Vec<Drawn<'_>> {
        let mut piles: Vec<Vec<&Question>> = Vec::new();
        for question in &self.questions {
            match piles.iter_mut().find(|pile| pile[0].lesson == question.lesson) {
                Some(pile) => pile.push(question),
                None => piles.push(vec![question]),
            }
        }
        // No attempt takes more from a pile, as long as the other piles have any left.
        let share = self.asked().div_ceil(piles.len().max(1));
        let mut of_person = Mixer::new(assignment, 0);
        for pile in &mut piles {
            of_person.shuffle(pile);
            let dealt = (attempt % pile.len()) * (share % pile.len()) % pile.len();
            pile.rotate_left(dealt);
        }
        let mut of_attempt = Mixer::new(assignment, attempt.wrapping_add(1));
        of_attempt.shuffle(&mut piles);
        let rounds = piles.iter().map(Vec::len).max().unwrap_or_default();
        (0..rounds)
            .flat_map(|round| piles.iter().filter_map(move |pile| pile.get(round).copied()))
            .take(self.asked())
            .map(|question| {
                let mut order: Vec<usize> = (0..question.options.len()).collect();
                of_attempt.shuffle(&mut order);
                Drawn { question, order }
            })
            .collect()
    }
}

/// `SplitMix64` (Steele, Lea and Flood, 2014): the same numbers on every machine. Not for secrets.
struct Mixer(u64);

impl Mixer {
    fn new(assignment: AssignmentId, attempt: usize) -> Self {
        let (high, low) = assignment.0.as_u64_pair();
        let mut mixer = Self(high);
        mixer.0 = mixer.next() ^ low;
        mixer.0 = mixer.next() ^ u64::try_from(attempt).unwrap_or(u64::MAX);
        mixer
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; its bias is far below what anybody could notice.
    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or_default()
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        course::{Answer, AnswerOption, Lesson},
        locale::Bilingual,
    };
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};
    use uuid::Uuid;

    fn both(text: &str) -> Bilingual {
        Bilingual {
            de: text.to_owned(),
            en: text.to_owned(),
        }
    }

    /// A course whose lessons have so many questions each.
    fn course(sizes: &[usize], draw: Option<usize>) -> Course {
        let slug = |lesson: usize| format!("lesson-{lesson}");
        let question = |lesson: usize, n: usize| Question {
            id: format!("{lesson}-{n}"),
            lesson: slug(lesson),
            text: both("?"),
            options: (0..4)
                .map(|option| AnswerOption {
                    text: both(&option.to_string()),
                    correct: option == n % 4,
                })
                .collect(),
            explanation: both("."),
        };
        Course {
            title: both("Course"),
            pass_mark: 1,
            draw,
            attempts_per_day: Course::USUAL_ATTEMPTS,
            lessons: (0..sizes.len())
                .map(|lesson| Lesson {
                    slug: slug(lesson),
                    title: both("Lesson"),
                    body: both("Text"),
                })
                .collect(),
            questions: sizes
                .iter()
                .enumerate()
                .flat_map(|(lesson, size)| (0..*size).map(move |n| question(lesson, n)))
                .collect(),
        }
    }

    fn ids(drawn: &[Drawn<'_>]) -> BTreeSet<String> {
        drawn.iter().map(|drawn| drawn.question.id.clone()).collect()
    }

    fn anybody(n: u128) -> AssignmentId {
        AssignmentId(Uuid::from_u128(n))
    }

    proptest! {
        #[test]
        fn each_attempt_is_asked_as_many_as_it_should_and_none_twice(sizes in prop::collection::vec(1..9_usize, 0..9), draw in prop::option::of(0..60_usize), who: u128, attempt: usize) {
            let course = course(&sizes, draw);
            let drawn = course.drawn(anybody(who), attempt);
            let bank: usize = sizes.iter().sum();
            prop_assert_eq!(drawn.len(), draw.unwrap_or(bank).min(bank));
            prop_assert_eq!(ids(&drawn).len(), drawn.len());
            for one in &drawn {
                let order: BTreeSet<usize> = one.order.iter().copied().collect();
                prop_assert_eq!(order, (0..4).collect());
            }
            prop_assert_eq!(&drawn, &course.drawn(anybody(who), attempt), "a second look shows the same");
        }

        #[test]
        fn no_lesson_is_asked_twice_before_another_is_asked_once(sizes in prop::collection::vec(1..9_usize, 1..9), draw in 1..60_usize, who: u128, attempt in 0..50_usize) {
            let course = course(&sizes, Some(draw));
            let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
            let drawn = course.drawn(anybody(who), attempt);
            for one in &drawn {
                *asked.entry(&one.question.lesson).or_default() += 1;
            }
            let most = asked.values().copied().max().unwrap();
            for (lesson, size) in sizes.iter().enumerate() {
                let count = asked.get(&*format!("lesson-{lesson}")).copied().unwrap_or_default();
                prop_assert!(count == *size || count + 1 >= most, "lesson {lesson}: {count} of {size}, but another {most}");
            }
        }

        #[test]
        fn a_second_attempt_at_a_bank_of_forty_repeats_no_question(who: u128, attempt in 0..100_usize) {
            let course = course(&[5; 8], Some(10));
            let (first, second) = (ids(&course.drawn(anybody(who), attempt)), ids(&course.drawn(anybody(who), attempt + 1)));
            prop_assert!(first.is_disjoint(&second), "{first:?} {second:?}");
        }

        #[test]
        fn every_question_is_asked_eventually(sizes in prop::collection::vec(1..7_usize, 1..9), draw in 1..12_usize, who: u128) {
            let course = course(&sizes, Some(draw));
            let mut asked = BTreeSet::new();
            let is_complete = (0..2000).any(|attempt| {
                asked.extend(ids(&course.drawn(anybody(who), attempt)));
                asked.len() == course.questions.len()
            });
            prop_assert!(is_complete, "{asked:?}");
        }
    }

    #[test]
    fn two_people_are_asked_different_questions_in_different_orders() {
        let course = course(&[5; 8], Some(10));
        let all: BTreeSet<_> = (0..100).map(|who| ids(&course.drawn(anybody(who), 0))).collect();
        assert!(all.len() > 95, "{}", all.len());
        let orders: BTreeSet<_> = (0..100).map(|who| course.drawn(anybody(who), 0)[0].order.clone()).collect();
        assert!(orders.len() > 15, "{}", orders.len());
    }

    #[test]
    fn only_what_was_asked_is_graded() {
        let course = Course {
            pass_mark: 8,
            ..course(&[5; 8], Some(10))
        };
        let drawn = course.drawn(anybody(1), 0);
        let everything: Vec<Answer> = course
            .questions
            .iter()
            .map(|question| Answer {
                question: question.id.clone(),
                option: question.right().unwrap(),
            })
            .collect();
        let grade = course.grade(&drawn, &everything);
        assert_eq!((grade.correct, grade.asked, grade.passed), (10, 10, true));
        let eight: Vec<Answer> = drawn
            .iter()
            .skip(2)
            .filter_map(|one| everything.iter().find(|answer| answer.question == one.question.id).cloned())
            .collect();
        let grade = course.grade(&drawn, &eight);
        assert_eq!((grade.correct, grade.passed), (8, true));
        assert!(!course.grade(&drawn, &eight[1..]).passed);
        assert!(grade.lessons_to_repeat.contains(&drawn[0].question.lesson));
    }

    #[test]
    fn the_draw_stays_what_it_is() {
        // A change here would exchange the questions of every attempt that is under way.
        let course = course(&[3; 4], Some(5));
        let drawn = course.drawn(anybody(42), 1);
        let drawn: Vec<_> = drawn.iter().map(|one| (one.question.id.as_str(), one.order.as_slice())).collect();
        let expected: [(&str, &[usize]); 5] = [
            ("3-2", &[2, 3, 0, 1]),
            ("2-2", &[0, 1, 3, 2]),
            ("0-1", &[0, 2, 3, 1]),
            ("1-1", &[0, 2, 3, 1]),
            ("3-0", &[1, 2, 3, 0]),
        ];
        assert_eq!(drawn, expected);
    }
}
