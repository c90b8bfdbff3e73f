//! The three faces of the embedded font: which signs they have, and how wide a text is in them.

use super::PdfError;
use krilla::{
    Data,
    text::{Font, GlyphId, KrillaGlyph},
};
use skrifa::{
    FontRef, MetadataProvider,
    charmap::Charmap,
    instance::{LocationRef, Size},
    metrics::GlyphMetrics,
};
use std::{fmt::Write, sync::LazyLock};
use unicode_normalization::UnicodeNormalization;

const REGULAR: &[u8] = include_bytes!("fonts/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("fonts/NotoSans-Bold.ttf");
const ITALIC: &[u8] = include_bytes!("fonts/NotoSans-Italic.ttf");

static FACES: LazyLock<Option<Faces>> = LazyLock::new(|| {
    Some(Faces {
        regular: Loaded::read(REGULAR)?,
        bold: Loaded::read(BOLD)?,
        italic: Loaded::read(ITALIC)?,
    })
});

/// A cut of the font. What is both bold and italic is set in bold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Regular,
    Bold,
    Italic,
}

/// The font in all its cuts.
pub struct Faces {
    regular: Loaded,
    bold: Loaded,
    italic: Loaded,
}

struct Loaded {
    font: Font,
    charmap: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    units_per_em: f32,
}

impl Loaded {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let reader = FontRef::new(bytes).ok()?;
        let font = Font::new(Data::from(bytes), 0)?;
        Some(Self {
            charmap: reader.charmap(),
            metrics: reader.glyph_metrics(Size::unscaled(), LocationRef::default()),
            units_per_em: font.units_per_em(),
            font,
        })
    }

    /// The glyph of a character, or the sign that says that there is none; its advance in em.
    fn glyph(&self, character: char) -> (u32, f32) {
        let glyph = self
            .charmap
            .map(character)
            .or_else(|| self.charmap.map(char::REPLACEMENT_CHARACTER))
            .unwrap_or_default();
        (glyph.to_u32(), self.metrics.advance_width(glyph).unwrap_or_default() / self.units_per_em)
    }
}

impl Faces {
    /// The font, read once.
    ///
    /// # Errors
    /// `Font` when this program was built with a file that is none.
    pub fn get() -> Result<&'static Self, PdfError> {
        FACES.as_ref().ok_or(PdfError::Font)
    }

    const fn of(&self, face: Face) -> &Loaded {
        match face {
            Face::Regular => &self.regular,
            Face::Bold => &self.bold,
            Face::Italic => &self.italic,
        }
    }

    pub fn font(&self, face: Face) -> Font {
        self.of(face).font.clone()
    }

    /// The width of a text in points.
    pub fn width(&self, face: Face, size: f32, text: &str) -> f32 {
        let face = self.of(face);
        text.chars().map(|character| face.glyph(character).1).sum::<f32>() * size
    }

    /// The glyphs of a text, one for each character.
    pub fn glyphs(&self, face: Face, text: &str) -> Vec<KrillaGlyph> {
        let face = self.of(face);
        let glyph = |(at, character): (usize, char)| {
            let (id, advance) = face.glyph(character);
            KrillaGlyph::new(GlyphId::new(id), advance, 0.0, 0.0, 0.0, at..at + character.len_utf8(), None)
        };
        text.char_indices().map(glyph).collect()
    }
}

/// A text as it can be set: composed, without invisible characters that steer its direction, and with a visible sign for what an
/// archivable PDF may not contain. A letter that the fonts lack is named by its code point, so that no two names look alike. Line
/// feeds stay.
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for character in text.nfc() {
        match character {
            '\n' => cleaned.push('\n'),
            '\t' | '\r' | '\u{2028}' | '\u{2029}' | '\u{2000}'..='\u{200A}' | '\u{205F}' | '\u{3000}' => cleaned.push(' '),
            '→' => cleaned.push_str("->"),
            '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{E0000}'..='\u{E0FFF}' => {}
            '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{F0000}'.. => cleaned.push(char::REPLACEMENT_CHARACTER),
            other if other.is_control() || u32::from(other) & 0xFFFE == 0xFFFE => cleaned.push(char::REPLACEMENT_CHARACTER),
            other if is_missing(other) => {
                // Writing into a string cannot fail.
                let _ = write!(cleaned, "[U+{:04X}]", u32::from(other));
            }
            other => cleaned.push(other),
        }
    }
    cleaned
}

/// Whether no font here has this letter.
fn is_missing(character: char) -> bool {
    FACES.as_ref().is_some_and(|faces| faces.regular.charmap.map(character).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_europe_have_all_their_letters() {
        let faces = Faces::get().unwrap();
        for face in [Face::Regular, Face::Bold, Face::Italic] {
            let missing: String = "Łukasz Wiśniewski, Zoë Őrsi, Şule Çağrı, Ðorđe Žižek, Søren Åse, Þór, Ñuño, ẞßäöü, Ελένη Παππά, Ольга Жукова, Nguyễn Thị Ánh, „“‚‘»« – — … € § • ✗"
                .chars()
                .filter(|character| faces.of(face).charmap.map(*character).is_none())
                .collect();
            assert_eq!(missing, "✗", "{face:?}");
        }
    }

    #[test]
    fn what_cannot_be_shown_is_replaced_and_what_deceives_is_dropped() {
        assert_eq!(
            clean("A\u{308}rger\u{202E}\u{0}\u{E000}\u{FFFF}\tx\u{AD}y\u{FEFF}"),
            "Ärger\u{FFFD}\u{FFFD}\u{FFFD} xy"
        );
        assert_eq!(clean("王\u{2009}Łukasz 😀 → x"), "[U+738B] Łukasz [U+1F600] -> x");
    }
}
