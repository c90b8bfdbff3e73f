//! Laying out: spans of text are broken into lines, lines go down the page, and a full page is followed by the next.

use super::{
    faces::{Face, Faces, clean},
    paper::{Branch, Child, Heading, Ink, Mark, Paper},
};
use krilla::tagging::{Tag, TagKind};

/// Line height in sizes.
const LEADING: f32 = 1.45;

/// A stretch of text in one face.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    pub face: Face,
    pub text: String,
}

impl Span {
    pub fn new(face: Face, text: &str) -> Self {
        Self { face, text: clean(text) }
    }
}

/// How a paragraph is set.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub size: f32,
    pub ink: Ink,
    pub align: Align,
}

impl Style {
    pub const fn of_size(size: f32) -> Self {
        Self {
            size,
            ink: Ink::Black,
            align: Align::Left,
        }
    }

    pub const fn grey(self) -> Self {
        Self { ink: Ink::Grey, ..self }
    }

    pub const fn centred(self) -> Self {
        Self { align: Align::Centre, ..self }
    }

    fn leading(self) -> f32 {
        self.size * LEADING
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Centre,
    Right,
}

/// One line: stretches of text side by side.
type Line = Vec<Span>;

/// A cell of a row: its tag, its spans, its left edge and width.
pub struct Cell {
    pub tag: TagKind,
    pub spans: Vec<Span>,
    pub x: f32,
    pub width: f32,
}

/// Pages under way.
pub struct Sheet {
    faces: &'static Faces,
    width: f32,
    height: f32,
    pub margin: f32,
    pages: Vec<Vec<Mark>>,
    y: f32,
    /// Branches that are not complete, outermost first; the first holds the finished ones.
    open: Vec<Branch>,
    headings: Vec<Heading>,
    leaves: usize,
}

impl Sheet {
    /// An empty first page, sizes in points.
    pub fn new(faces: &'static Faces, width: f32, height: f32, margin: f32) -> Self {
        Self {
            faces,
            width,
            height,
            margin,
            pages: vec![Vec::new()],
            y: margin,
            open: vec![Branch {
                tag: Tag::Part.into(),
                children: Vec::new(),
            }],
            headings: Vec::new(),
            leaves: 0,
        }
    }

    /// The width between the margins.
    pub fn measure(&self) -> f32 {
        self.width - 2.0 * self.margin
    }

    pub const fn pages(&self) -> usize {
        self.pages.len()
    }

    /// Leaves room below what stands last.
    pub fn space(&mut self, height: f32) {
        self.y += height;
    }

    /// Moves down to a height on this page.
    pub const fn move_to(&mut self, y: f32) {
        self.y = y;
    }

    pub const fn y(&self) -> f32 {
        self.y
    }

    /// Begins a page.
    pub fn break_page(&mut self) {
        self.pages.push(Vec::new());
        self.y = self.margin;
    }

    /// Begins a page if less than this height is left on the present one.
    pub fn need(&mut self, height: f32) {
        if self.y + height > self.height - self.margin && self.y > self.margin {
            self.break_page();
        }
    }

    /// Everything set until the matching [`Sheet::end`] belongs to this tag.
    pub fn begin(&mut self, tag: impl Into<TagKind>) {
        self.open.push(Branch {
            tag: tag.into(),
            children: Vec::new(),
        });
    }

    /// Ends what [`Sheet::begin`] began.
    pub fn end(&mut self) {
        if self.open.len() > 1
            && let Some(branch) = self.open.pop()
        {
            self.add(Child::Branch(branch));
        }
    }

    fn add(&mut self, child: Child) {
        if let Some(branch) = self.open.last_mut() {
            branch.children.push(child);
        }
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// A heading: stays with what follows, and stands in the outline.
    pub fn heading(&mut self, tag: impl Into<TagKind>, spans: &[Span], style: Style, x: f32) {
        self.need(style.leading() + 4.0 * style.size);
        let text: String = spans.iter().map(|span| span.text.as_str()).collect();
        self.headings.push(Heading {
            text: text.chars().take(200).collect(),
            page: self.pages.len() - 1,
            y: self.y,
        });
        self.paragraph(tag, spans, style, x);
    }

    /// A paragraph from `x` to the right margin.
    pub fn paragraph(&mut self, tag: impl Into<TagKind>, spans: &[Span], style: Style, x: f32) {
        self.begin(tag);
        let width = self.width - self.margin - x;
        for line in self.lines(spans, style.size, width) {
            self.need(style.leading());
            self.y += style.leading();
            let baseline = self.y - style.leading() + style.size * 1.1;
            for leaf in self.line(&line, x, width, baseline, style) {
                self.add(Child::Leaf(leaf));
            }
        }
        self.end();
    }

    /// Cells side by side; each may have many lines, over many pages.
    pub fn row(&mut self, cells: Vec<Cell>, style: Style) {
        let mut columns: Vec<_> = cells
            .into_iter()
            .map(|cell| {
                let lines = self.lines(&cell.spans, style.size, cell.width);
                (cell, lines.into_iter(), Vec::new())
            })
            .collect();
        loop {
            let next: Vec<_> = columns.iter_mut().map(|(_, lines, _)| lines.next()).collect();
            if next.iter().all(Option::is_none) {
                break;
            }
            self.need(style.leading());
            self.y += style.leading();
            let baseline = self.y - style.leading() + style.size * 1.1;
            for ((cell, _, leaves), line) in columns.iter_mut().zip(next) {
                leaves.extend(self.line(&line.unwrap_or_default(), cell.x, cell.width, baseline, style));
            }
        }
        let cells = columns.into_iter().map(|(cell, _, leaves)| {
            let children = leaves.into_iter().map(Child::Leaf).collect();
            Child::Branch(Branch { tag: cell.tag, children })
        });
        let row = Branch {
            tag: Tag::TR.into(),
            children: cells.collect(),
        };
        self.add(Child::Branch(row));
    }

    /// Text at a place of its own on the present line, such as the number of a list's item.
    pub fn label(&mut self, tag: impl Into<TagKind>, text: &str, x: f32, width: f32, style: Style) {
        self.need(style.leading());
        self.begin(tag);
        let baseline = self.y + style.size * 1.1;
        let line = vec![Span::new(Face::Regular, text)];
        for leaf in self.line(&line, x, width, baseline, style) {
            self.add(Child::Leaf(leaf));
        }
        self.end();
    }

    /// Lines that mean something, described in words by the tag's alternative text.
    pub fn drawing(&mut self, tag: impl Into<TagKind>, lines: Vec<Vec<(f32, f32)>>, width: f32) {
        let leaf = self.leaves;
        self.leaves += 1;
        self.mark(Mark::Lines {
            lines,
            width,
            ink: Ink::Black,
            leaf: Some(leaf),
        });
        self.begin(tag);
        self.add(Child::Leaf(leaf));
        self.end();
    }

    /// Lines that mean nothing.
    fn decoration(&mut self, lines: Vec<Vec<(f32, f32)>>, width: f32) {
        self.mark(Mark::Lines {
            lines,
            width,
            ink: Ink::Frame,
            leaf: None,
        });
    }

    /// A frame around what stands between two heights.
    pub fn frame(&mut self, left: f32, top: f32, right: f32, bottom: f32, width: f32) {
        self.decoration(vec![vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]], width);
    }

    /// A line across the page.
    pub fn rule(&mut self) {
        self.decoration(vec![vec![(self.margin, self.y), (self.width - self.margin, self.y)]], 0.7);
    }

    /// Sets one line; returns the leaves of its stretches.
    fn line(&mut self, line: &[Span], x: f32, width: f32, baseline: f32, style: Style) -> Vec<usize> {
        let length: f32 = line.iter().map(|span| self.faces.width(span.face, style.size, &span.text)).sum();
        let mut x = match style.align {
            Align::Left => x,
            Align::Centre => x + (width - length) / 2.0,
            Align::Right => x + width - length,
        };
        let first = self.leaves;
        for span in line {
            let leaf = Some(self.leaves);
            self.leaves += 1;
            self.mark(Mark::Text {
                x,
                y: baseline,
                face: span.face,
                size: style.size,
                ink: style.ink,
                text: span.text.clone(),
                leaf,
            });
            x += self.faces.width(span.face, style.size, &span.text);
        }
        (first..self.leaves).collect()
    }

    /// Writes the same small line on every page, in a margin: not part of the text. Too long a line is cut short.
    pub fn margin_line(&mut self, at_foot: bool, align: Align, mut text: impl FnMut(usize, usize) -> String) {
        const SIZE: f32 = 8.0;
        let baseline = if at_foot { self.height - self.margin * 0.5 } else { self.margin * 0.55 };
        let pages = self.pages.len();
        for number in 1..=pages {
            let text = self.shortened(&clean(&text(number, pages)), SIZE, self.measure() * 0.72);
            let length = self.faces.width(Face::Regular, SIZE, &text);
            let x = match align {
                Align::Left => self.margin,
                Align::Centre => (self.width - length) / 2.0,
                Align::Right => self.width - self.margin - length,
            };
            self.pages[number - 1].push(Mark::Text {
                x,
                y: baseline,
                face: Face::Regular,
                size: SIZE,
                ink: Ink::Grey,
                text,
                leaf: None,
            });
        }
    }

    fn shortened(&self, text: &str, size: f32, width: f32) -> String {
        if self.faces.width(Face::Regular, size, text) <= width {
            return text.to_owned();
        }
        let mut short = String::new();
        for character in text.chars() {
            short.push(character);
            if self.faces.width(Face::Regular, size, &short) > width - size {
                short.pop();
                break;
            }
        }
        short.push('…');
        short
    }

    /// Breaks spans into lines. A line ends with its space, so that copied text keeps its words apart.
    fn lines(&self, spans: &[Span], size: f32, width: f32) -> Vec<Line> {
        let mut lines: Vec<Line> = vec![Vec::new()];
        let mut left = width;
        for word in words(spans) {
            let Word::Pieces(pieces) = word else {
                lines.push(Vec::new());
                left = width;
                continue;
            };
            let length = |pieces: &[Span]| -> f32 { pieces.iter().map(|piece| self.faces.width(piece.face, size, piece.text.trim_end())).sum() };
            if length(&pieces) > left && left < width {
                lines.push(Vec::new());
                left = width;
            }
            if length(&pieces) <= width {
                for piece in pieces {
                    left -= self.faces.width(piece.face, size, &piece.text);
                    append(&mut lines, piece.face, &piece.text);
                }
                continue;
            }
            // Longer than a whole line: it breaks wherever the line is full.
            for piece in pieces {
                for character in piece.text.chars() {
                    let text = character.to_string();
                    let advance = self.faces.width(piece.face, size, &text);
                    if advance > left && left < width {
                        lines.push(Vec::new());
                        left = width;
                    }
                    left -= advance;
                    append(&mut lines, piece.face, &text);
                }
            }
        }
        lines
    }

    /// The finished pages.
    pub fn finish(mut self) -> Paper {
        while self.open.len() > 1 {
            self.end();
        }
        Paper {
            width: self.width,
            height: self.height,
            pages: self.pages,
            structure: self.open,
            headings: self.headings,
            leaves: self.leaves,
        }
    }
}

/// What a line is made of: pieces that stay together, the last with the space that follows it; or the end of a line.
enum Word {
    Pieces(Vec<Span>),
    Break,
}

/// Cuts spans behind spaces and hyphens, and at line feeds.
fn words(spans: &[Span]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut pieces: Vec<Span> = Vec::new();
    for Span { face, text } in spans {
        let mut piece = String::new();
        for character in text.chars() {
            if character != '\n' {
                piece.push(character);
            }
            if matches!(character, ' ' | '-' | '/' | '–' | '\n') {
                pieces.push(Span {
                    face: *face,
                    text: std::mem::take(&mut piece),
                });
                words.push(Word::Pieces(std::mem::take(&mut pieces)));
            }
            if character == '\n' {
                words.push(Word::Break);
            }
        }
        if !piece.is_empty() {
            pieces.push(Span { face: *face, text: piece });
        }
    }
    words.push(Word::Pieces(pieces));
    words
}

/// Adds text to the last line, to its last stretch where the face is the same.
fn append(lines: &mut [Line], face: Face, text: &str) {
    let Some(line) = lines.last_mut() else { return };
    match line.last_mut() {
        _ if text.is_empty() => {}
        Some(span) if span.face == face => span.text.push_str(text),
        _ => line.push(Span { face, text: text.to_owned() }),
    }
}
