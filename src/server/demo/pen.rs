//! What a hand leaves: a drawn signature, and a page of paper with one, scanned.

use crate::domain::drawing::{self, Point};
use std::fmt::Write;

/// The line that letters stand on, and the width of one.
const BASE: u16 = 120;
const WIDTH: u16 = 26;
/// Pieces of a curve.
const PIECES: u16 = 6;

/// A signature in the form in which the field for drawing sends it: one stroke per word, one bow per letter.
pub fn signature(name: &str) -> String {
    drawing::text(&strokes(name))
}

fn strokes(name: &str) -> Vec<Vec<Point>> {
    let mut x = 40;
    let mut strokes = Vec::new();
    for word in name.split_whitespace() {
        let mut stroke = vec![(x, BASE)];
        for letter in word.bytes().take(9) {
            bow(&mut stroke, letter, x);
            x += WIDTH;
        }
        strokes.push(stroke);
        x += WIDTH / 2;
        if x > drawing::WIDTH - 10 * WIDTH {
            break;
        }
    }
    strokes
}

/// A parabola from the line back to it, as high as the letter says; every fifth letter hangs below.
fn bow(stroke: &mut Vec<Point>, letter: u8, x: u16) {
    let height = 20 + u16::from(letter) % 50;
    for piece in 1..=PIECES {
        let bend = height * 4 * piece * (PIECES - piece) / (PIECES * PIECES);
        let y = if letter.is_multiple_of(5) { BASE + bend } else { BASE - bend };
        stroke.push((x + WIDTH * piece / PIECES, y));
    }
}

/// A signed page as a scanner would hand it over, as a PDF.
pub fn scan(name: &str) -> Vec<u8> {
    let mut page = "BT /F1 16 Tf 60 760 Td (Vertraulichkeitsvereinbarung) Tj ET\n0.75 g\n".to_owned();
    for line in 0..24 {
        // Writing into a string cannot fail.
        let _ = writeln!(page, "60 {} {} 5 re f", 720 - line * 20, 470 - line * 37 % 90);
    }
    page.push_str("0.1 0.1 0.4 RG 4 w 1 J 1 j 0.5 0 0 -0.5 60 200 cm\n");
    for stroke in strokes(name) {
        for (place, (x, y)) in stroke.into_iter().enumerate() {
            let _ = write!(page, "{x} {y} {} ", if place == 0 { 'm' } else { 'l' });
        }
        page.push_str("S\n");
    }
    let content = format!("<< /Length {} >>\nstream\n{page}endstream", page.len());
    pdf(&[
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        &content,
    ])
}

/// A file of these objects, numbered from 1; the first is the catalogue.
fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (object, number) in objects.iter().zip(1..) {
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        let _ = writeln!(file, "{number} 0 obj\n{object}\nendobj");
    }
    let size = objects.len() + 1;
    let start = file.len();
    let _ = writeln!(file, "{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF");
    file.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        drawing::Drawing,
        scan::{MediaType, recognise},
    };

    #[test]
    fn what_the_hand_leaves_is_taken_for_what_it_is() {
        for name in ["Zoë Yıldız", "Anna Maria Theresa Albrecht von der Heydt", "O"] {
            assert!(Drawing::parse(&signature(name)).unwrap().is_some(), "{name}");
            assert_eq!(recognise(&scan(name)), Ok(MediaType::Pdf), "{name}");
        }
    }
}
