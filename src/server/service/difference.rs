//! What changed between two texts in Markdown: block by block, and word by word inside a block that was changed.
//!
//! A block is a heading, an item of a list, a line of a table or a quotation, or a paragraph. Marks for emphasis and code are no
//! words: what reads the same is the same.

use similar::{Algorithm, DiffOp, DiffTag, algorithms::IdentifyDistinct, capture_diff};
use std::hash::Hash;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Heading,
    Item,
    Text,
}

/// A run of words inside a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    Same(String),
    Deleted(String),
    Inserted(String),
}

/// A part of the difference, in the order of the new text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// So many blocks that stayed as they were, and the last heading among them: what follows stands below it.
    Unchanged { blocks: usize, heading: Option<String> },
    /// A block with its changes.
    Changed { shape: Shape, runs: Vec<Run> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Block {
    shape: Shape,
    words: Vec<String>,
}

/// The share of words that two blocks must have in common to count as one that was changed.
const ALIKE: usize = 40;
/// Beyond so many pairs of blocks none is looked for: then it is another text anyway.
const MAX_PAIRS: usize = 40_000;
/// Beyond so many words or blocks, old and new, between what begins and what ends alike, all of them count as written anew: looking for what
/// stayed takes their square. The same everywhere, however fast a machine is.
const MAX_COMPARED: usize = 3_000;

/// The difference of two texts; empty when they read the same.
pub fn difference(old: &str, new: &str) -> Vec<Part> {
    let (old, new) = (blocks(old), blocks(new));
    let ops = compare(&keys(&old), &keys(&new));
    if ops.iter().all(|op| op.tag() == DiffTag::Equal) {
        return Vec::new();
    }
    let mut parts = Vec::new();
    for op in ops {
        let (_, from, to) = op.as_tag_tuple();
        if op.tag() == DiffTag::Equal {
            let same = &new[to];
            let heading = same.iter().rfind(|block| block.shape == Shape::Heading);
            parts.push(Part::Unchanged {
                blocks: same.len(),
                heading: heading.map(|block| block.words.join(" ")),
            });
        } else {
            changed(&old[from], &new[to], &mut parts);
        }
    }
    parts
}

/// What stayed, went and came.
fn compare<T: Eq + Hash>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (left, came) = (&old[head..], &new[head..]);
    let tail = left.iter().rev().zip(came.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old_len, new_len) = (left.len() - tail, came.len() - tail);
    if old_len + new_len <= MAX_COMPARED {
        // Numbers, as long words and blocks that begin alike take their time to be told apart.
        let numbered = IdentifyDistinct::<u32>::new(old, 0..old.len(), new, 0..new.len());
        return capture_diff(
            Algorithm::Myers,
            numbered.old_lookup(),
            numbered.old_range(),
            numbered.new_lookup(),
            numbered.new_range(),
        );
    }
    let same = |old_index, new_index, len| DiffOp::Equal { old_index, new_index, len };
    let anew = DiffOp::Replace {
        old_index: head,
        old_len,
        new_index: head,
        new_len,
    };
    let ops = [same(0, 0, head), anew, same(head + old_len, head + new_len, tail)];
    ops.into_iter().filter(|op| op.old_range().len() + op.new_range().len() > 0).collect()
}

fn keys(blocks: &[Block]) -> Vec<(bool, &[String])> {
    blocks.iter().map(|block| (block.shape == Shape::Heading, block.words.as_slice())).collect()
}

/// Pairs blocks that are alike, and shows the others as deleted or inserted as a whole.
fn changed(old: &[Block], new: &[Block], parts: &mut Vec<Part>) {
    let mut left = 0;
    for (index, partner) in partners(old, new).into_iter().enumerate() {
        if let Some(partner) = partner {
            parts.extend(old[left..partner].iter().map(deleted));
            left = partner + 1;
            parts.push(Part::Changed {
                shape: new[index].shape,
                runs: runs(&old[partner].words, &new[index].words),
            });
        } else {
            parts.push(Part::Changed {
                shape: new[index].shape,
                runs: vec![Run::Inserted(new[index].words.join(" "))],
            });
        }
    }
    parts.extend(old[left..].iter().map(deleted));
}

fn deleted(block: &Block) -> Part {
    Part::Changed {
        shape: block.shape,
        runs: vec![Run::Deleted(block.words.join(" "))],
    }
}

/// For each new block the old one it came from, in order: the pairing in which the most words stay.
fn partners(old: &[Block], new: &[Block]) -> Vec<Option<usize>> {
    let mut partners = vec![None; new.len()];
    if old.len() * new.len() > MAX_PAIRS {
        return partners;
    }
    let width = new.len() + 1;
    let (old_words, new_words) = (sorted(old), sorted(new));
    let common: Vec<Vec<usize>> = old_words.iter().map(|old| new_words.iter().map(|new| in_common(old, new)).collect()).collect();
    // best[i][j]: the most words that stay when old blocks from i on and new blocks from j on are paired.
    let mut best = vec![0; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let paired = if common[i][j] > 0 { common[i][j] + best[(i + 1) * width + j + 1] } else { 0 };
            best[i * width + j] = paired.max(best[(i + 1) * width + j]).max(best[i * width + j + 1]);
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        let here = best[i * width + j];
        if common[i][j] > 0 && here == common[i][j] + best[(i + 1) * width + j + 1] {
            partners[j] = Some(i);
            i += 1;
            j += 1;
        } else if here == best[i * width + j + 1] {
            j += 1;
        } else {
            i += 1;
        }
    }
    partners
}

/// The words of each block in the order of the alphabet.
fn sorted(blocks: &[Block]) -> Vec<Vec<&str>> {
    let words = blocks.iter().map(|block| {
        let mut words: Vec<&str> = block.words.iter().map(String::as_str).collect();
        words.sort_unstable();
        words
    });
    words.collect()
}

/// How many words two blocks share in any order; 0 when they are not alike.
fn in_common(a: &[&str], b: &[&str]) -> usize {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                common += 1;
                i += 1;
                j += 1;
            }
        }
    }
    if common * 200 >= ALIKE * (a.len() + b.len()) { common } else { 0 }
}

fn runs(old: &[String], new: &[String]) -> Vec<Run> {
    let mut runs = Vec::new();
    for op in compare(old, new) {
        match op {
            DiffOp::Equal { new_index, len, .. } => runs.push(Run::Same(new[new_index..new_index + len].join(" "))),
            op => {
                let (_, from, to) = op.as_tag_tuple();
                let (gone, come) = (old[from].join(" "), new[to].join(" "));
                runs.extend((!gone.is_empty()).then_some(Run::Deleted(gone)));
                runs.extend((!come.is_empty()).then_some(Run::Inserted(come)));
            }
        }
    }
    runs
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut goes_on = false;
    for line in text.lines() {
        let line = line.trim();
        let (shape, rest) = shape_of(line);
        let words: Vec<String> = words(rest).collect();
        if line.is_empty() || is_rule(line) {
            goes_on = false;
            continue;
        }
        match blocks.last_mut() {
            // A line without a mark goes on with what stands above it.
            Some(block) if goes_on && shape == Shape::Text && !line.starts_with(['|', '>']) => block.words.extend(words),
            _ => blocks.push(Block { shape, words }),
        }
        goes_on = shape != Shape::Heading && !line.starts_with('|');
    }
    blocks.retain(|block| !block.words.is_empty());
    blocks
}

/// A line between parts, or below the head of a table.
fn is_rule(line: &str) -> bool {
    line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '=' | '*' | '_' | '|' | ':' | ' ' | '`' | '~'))
}

/// What a line begins, and the line without its mark.
fn shape_of(line: &str) -> (Shape, &str) {
    let heading = line.trim_start_matches('#');
    if heading.len() < line.len() && heading.starts_with(' ') {
        return (Shape::Heading, heading);
    }
    if let Some(rest) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")).or_else(|| line.strip_prefix("+ ")) {
        return (Shape::Item, rest);
    }
    // The number of an item is a word: who writes "2." for "1." says something else.
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 && line[digits..].starts_with([')', '.']) && line[digits + 1..].starts_with(' ') {
        return (Shape::Item, line);
    }
    (Shape::Text, line.trim_start_matches('>'))
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| c.is_whitespace() || c == '|')
        .map(|word| word.replace("**", "").replace("__", "").replace('`', ""))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn same(text: &str) -> Run {
        Run::Same(text.to_owned())
    }

    fn deleted(text: &str) -> Run {
        Run::Deleted(text.to_owned())
    }

    fn inserted(text: &str) -> Run {
        Run::Inserted(text.to_owned())
    }

    #[test]
    fn words_are_compared_inside_the_paragraph_they_stand_in() {
        let old = "## Zweck\n\nDiese Richtlinie gilt für alle.\n\n## Passwörter\n\n- mindestens acht Zeichen sind nötig\n- niemals teilen\n\nEnde.";
        let new = "## Zweck\n\nDiese Richtlinie gilt für alle.\n\n## Passwörter\n\n- mindestens **zwölf** Zeichen sind nötig\n- niemals teilen\n- neu ist dieser Punkt\n\nEnde.";
        let unchanged = |blocks, heading: Option<&str>| Part::Unchanged {
            blocks,
            heading: heading.map(str::to_owned),
        };
        assert_eq!(
            difference(old, new),
            [
                unchanged(3, Some("Passwörter")),
                Part::Changed {
                    shape: Shape::Item,
                    runs: vec![same("mindestens"), deleted("acht"), inserted("zwölf"), same("Zeichen sind nötig")]
                },
                unchanged(1, None),
                Part::Changed {
                    shape: Shape::Item,
                    runs: vec![inserted("neu ist dieser Punkt")]
                },
                unchanged(1, None),
            ]
        );
    }

    #[test]
    fn what_reads_the_same_has_no_difference() {
        assert!(difference("Ein **Wort**\nund noch eins.\n\n---\n\n* a", "Ein Wort und\nnoch eins.\n\n- a").is_empty());
        assert!(difference("", "").is_empty());
    }

    #[test]
    fn a_paragraph_that_says_something_else_is_shown_whole() {
        let parts = difference("Alpha Beta Gamma.\n\nGleich.", "Völlig anderer Satz hier.\n\nGleich.");
        let changed = |run| Part::Changed {
            shape: Shape::Text,
            runs: vec![run],
        };
        assert_eq!(
            parts[..2],
            [changed(inserted("Völlig anderer Satz hier.")), changed(deleted("Alpha Beta Gamma."))]
        );
    }

    /// Words without order, the same at each run.
    fn noise(seed: u64, count: usize) -> impl Iterator<Item = String> {
        let mut state = seed;
        std::iter::repeat_with(move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(b'a' + u8::try_from((state >> 33) & 7).unwrap()).to_string()
        })
        .take(count)
    }

    #[test]
    fn texts_with_nothing_in_common_cost_no_time() {
        for (count, between) in [(25_000, " "), (9_900, "\n\n")] {
            let [old, new] = [1, 2].map(|seed| noise(seed, count).collect::<Vec<_>>().join(between));
            let began = std::time::Instant::now();
            let parts = difference(&old, &new);
            assert!(began.elapsed() < std::time::Duration::from_secs(3), "{count}: {:?}", began.elapsed());
            let words = side(&parts, &new, |run| match run {
                Run::Same(text) | Run::Inserted(text) => Some(text),
                Run::Deleted(_) => None,
            });
            assert!(words.len() > count / 2, "{count}: all is shown, whatever is written anew");
        }
    }

    #[test]
    fn a_word_in_a_paragraph_without_end_is_found() {
        let [before, after] = [3, 4].map(|seed| noise(seed, 10_000).collect::<Vec<_>>().join(" "));
        let changed = |word: &str| format!("{before} {word} {after}");
        let expected = vec![same(&before), deleted("acht"), inserted("zwölf"), same(&after)];
        let shape = Shape::Text;
        assert_eq!(difference(&changed("acht"), &changed("zwölf")), [Part::Changed { shape, runs: expected }]);
        assert!(difference(&changed("acht"), &changed("acht")).is_empty());
    }

    /// The words of one side; unchanged blocks come from the new text, where they read the same.
    fn side(parts: &[Part], new: &str, takes: impl Fn(&Run) -> Option<&String>) -> Vec<String> {
        let mut unchanged = Vec::new();
        if parts.is_empty() {
            return new.split_whitespace().map(str::to_owned).collect();
        }
        for part in parts {
            if let Part::Changed { runs, .. } = part {
                unchanged.extend(runs.iter().filter_map(&takes).flat_map(|run| run.split_whitespace().map(str::to_owned)));
            }
        }
        unchanged
    }

    /// Words that stand in changed blocks only: the rest, cut out of the whole as a multiset.
    fn without(mut whole: Vec<String>, part: &[String]) -> Vec<String> {
        for word in part {
            let at = whole.iter().position(|other| other == word).expect("every word of a side stands in its text");
            whole.remove(at);
        }
        whole.sort();
        whole
    }

    proptest! {
        #[test]
        fn each_side_keeps_every_word_of_its_text(
            old in proptest::collection::vec("[abcx]{1,2}( [abcx]{1,2}){0,6}", 0..12),
            new in proptest::collection::vec("[abcx]{1,2}( [abcx]{1,2}){0,6}", 0..12),
        ) {
            let (old, new) = (old.join("\n\n"), new.join("\n\n"));
            let parts = difference(&old, &new);
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let new_side = side(&parts, &new, |run| match run { Run::Same(text) | Run::Inserted(text) => Some(text), Run::Deleted(_) => None });
            let old_side = side(&parts, &new, |run| match run { Run::Same(text) | Run::Deleted(text) => Some(text), Run::Inserted(_) => None });
            // What is left on either side are the blocks that stayed, and they are the same on both.
            prop_assert_eq!(without(words(&new), &new_side), without(words(&old), &old_side));
            prop_assert_eq!(parts.is_empty(), words(&old) == words(&new) && old == new);
        }
    }
}
