//! A drawn signature: strokes of points in a box of 600 by 200. Always optional; the typed name is what signs.

use super::problem::Problem;
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// Width of the box.
pub const WIDTH: u16 = 600;
/// Height of the box.
pub const HEIGHT: u16 = 200;
/// The longest drawing, as characters of its text form.
const MAX_CHARACTERS: usize = 20_000;
/// The most points of a drawing.
const MAX_POINTS: usize = 4_000;

/// A point of the box.
pub type Point = (u16, u16);

/// At least one stroke; no stroke is empty. Stored as its text form: points `x,y` parted by blanks, strokes by semicolons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Drawing(Vec<Vec<Point>>);

impl Drawing {
    /// Reads what the form carries; nothing drawn is none.
    ///
    /// # Errors
    /// `NotADrawing` for anything that the field for drawing would not have written, or that is too large.
    pub fn parse(raw: &str) -> Result<Option<Self>, Problem> {
        if raw.trim().is_empty() {
            return Ok(None);
        }
        if raw.len() > MAX_CHARACTERS {
            return Err(Problem::NotADrawing);
        }
        let strokes = raw.split(';').map(|stroke| stroke.split(' ').map(point).collect::<Option<Vec<_>>>());
        let strokes = strokes.collect::<Option<Vec<_>>>().ok_or(Problem::NotADrawing)?;
        if strokes.iter().map(Vec::len).sum::<usize>() > MAX_POINTS {
            return Err(Problem::NotADrawing);
        }
        Ok(Some(Self(strokes)))
    }

    /// The strokes, each at least one point.
    #[must_use]
    pub fn strokes(&self) -> &[Vec<Point>] {
        &self.0
    }

    /// The `d` of an SVG path in the box.
    #[must_use]
    pub fn path(&self) -> String {
        path(&self.0)
    }
}

/// A whole number without sign or leading zeros, as the field writes it.
fn number(raw: &str, max: u16) -> Option<u16> {
    let plain = raw.bytes().all(|c| c.is_ascii_digit()) && (raw == "0" || !raw.starts_with('0'));
    raw.parse().ok().filter(|number| plain && *number <= max)
}

fn point(raw: &str) -> Option<Point> {
    let (x, y) = raw.split_once(',')?;
    Some((number(x, WIDTH)?, number(y, HEIGHT)?))
}

/// The text form of strokes.
#[must_use]
pub fn text(strokes: &[Vec<Point>]) -> String {
    let mut text = String::new();
    for (index, stroke) in strokes.iter().enumerate() {
        for (place, (x, y)) in stroke.iter().enumerate() {
            text.push_str(match (index, place) {
                (0, 0) => "",
                (_, 0) => ";",
                _ => " ",
            });
            // Writing into a string cannot fail.
            let _ = write!(text, "{x},{y}");
        }
    }
    text
}

/// The `d` of an SVG path; a stroke of one point becomes a dot where line ends are round.
#[must_use]
pub fn path(strokes: &[Vec<Point>]) -> String {
    let mut path = String::new();
    for stroke in strokes {
        for (place, (x, y)) in stroke.iter().enumerate() {
            let _ = write!(path, "{}{x} {y}", if place == 0 { 'M' } else { 'L' });
        }
        if stroke.len() == 1 {
            path.push_str("h0");
        }
    }
    path
}

impl From<Drawing> for String {
    fn from(drawing: Drawing) -> Self {
        text(&drawing.0)
    }
}

impl TryFrom<String> for Drawing {
    type Error = &'static str;
    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Self::parse(&raw).ok().flatten().ok_or("no drawing")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_was_drawn_reads_back() {
        let drawing = Drawing::parse("1,2 3,4;600,200").unwrap().unwrap();
        assert_eq!(drawing.strokes(), [vec![(1, 2), (3, 4)], vec![(600, 200)]]);
        assert_eq!(drawing.path(), "M1 2L3 4M600 200h0");
        let stored = serde_json::to_string(&drawing).unwrap();
        assert_eq!(stored, "\"1,2 3,4;600,200\"");
        assert_eq!(serde_json::from_str::<Drawing>(&stored).unwrap(), drawing);
        assert_eq!(Drawing::parse(" \n"), Ok(None));
    }

    #[test]
    fn anything_else_is_refused() {
        let long = vec!["1,2"; MAX_POINTS + 1].join(" ");
        let wide = "1,2;".repeat(MAX_CHARACTERS / 4 + 1);
        for wrong in [
            "601,0",
            "0,201",
            "-1,2",
            "+1,2",
            "01,2",
            "1.5,2",
            "1,2,3",
            "1,2;",
            ";",
            "1,2  3,4",
            "1 2",
            "M1 2",
            "1,\u{0662}",
            "<script>",
            &*long,
            &*wide,
        ] {
            assert_eq!(Drawing::parse(wrong), Err(Problem::NotADrawing), "{wrong:.40}");
        }
        assert!(Drawing::parse(&vec!["1,2"; MAX_POINTS].join(" ")).is_ok());
    }

    proptest! {
        #[test]
        fn any_drawing_survives_its_text(strokes in proptest::collection::vec(proptest::collection::vec((0..=WIDTH, 0..=HEIGHT), 1..40), 1..40)) {
            let parsed = Drawing::parse(&text(&strokes)).unwrap().unwrap();
            prop_assert_eq!(parsed.strokes(), &*strokes);
            prop_assert!(parsed.path().chars().all(|c| c.is_ascii_digit() || "MLh ".contains(c)));
        }

        #[test]
        fn what_is_accepted_is_written_the_same(raw in "[0-9,; ]{0,40}|\\PC{0,40}") {
            if let Ok(Some(drawing)) = Drawing::parse(&raw) {
                prop_assert_eq!(String::from(drawing), raw);
            }
        }
    }
}
