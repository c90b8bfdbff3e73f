//! Markdown on paper: the same reading as on the screen (`service::markdown`), set as paragraphs, lists, quotes and tables. Raw HTML is
//! shown as it is written, links show their address, pictures their description.

use super::{
    faces::Face,
    sheet::{Cell, Sheet, Span, Style},
};
use comrak::{
    Arena, Options,
    nodes::{ListType, Node, NodeValue},
    parse_document,
};
use krilla::tagging::{ListNumbering, TableHeaderScope, Tag, TagKind};
use std::num::NonZeroU16;

/// The size of running text in points.
pub const TEXT: f32 = 10.5;
const INDENT: f32 = 18.0;
const BETWEEN: f32 = 6.0;
/// Deeper than this, on paper and on the screen, what is inside is plain text: nobody writes so.
pub const DEEPEST: usize = 32;
/// Blocks are plain text sooner on paper, as a page is only so wide.
const DEEPEST_BLOCK: usize = 8;

/// Sets a text without its title.
pub fn set(sheet: &mut Sheet, text: &str) {
    let arena = Arena::new();
    let mut options = Options::default();
    options.extension.table = true;
    let root = parse_document(&arena, text, &options);
    let x = sheet.margin;
    for node in root.children() {
        block(sheet, node, x, 0);
    }
}

/// The tag of a heading. What the document calls its first level comes below its title.
fn heading_tag(level: u8, title: &str) -> TagKind {
    let level = NonZeroU16::new(u16::from(level.max(2))).unwrap_or(NonZeroU16::MIN);
    Tag::Hn(level, Some(title.chars().take(200).collect())).into()
}

fn block(sheet: &mut Sheet, node: Node<'_>, x: f32, depth: usize) {
    let style = Style::of_size(TEXT);
    let value = node.data.borrow().value.clone();
    if depth >= DEEPEST_BLOCK {
        let text: Vec<_> = node.descendants().filter_map(|inner| literal(&inner.data.borrow().value)).collect();
        sheet.paragraph(Tag::P, &[Span::new(Face::Regular, &text.join(" "))], style, x);
        return;
    }
    match value {
        NodeValue::Heading(heading) => {
            let spans = inlines(node, Face::Bold);
            let title: String = spans.iter().map(|span| span.text.as_str()).collect();
            let size = match heading.level {
                0..=2 => 14.0,
                3 => 12.0,
                _ => TEXT,
            };
            sheet.space(BETWEEN);
            sheet.heading(heading_tag(heading.level, &title), &spans, Style::of_size(size), x);
            sheet.space(BETWEEN / 2.0);
        }
        NodeValue::List(list) => {
            let numbering = match list.list_type {
                ListType::Bullet => ListNumbering::Disc,
                ListType::Ordered => ListNumbering::Decimal,
            };
            sheet.begin(Tag::L(numbering));
            for (number, item) in node.children().enumerate() {
                let label = match list.list_type {
                    ListType::Bullet => "•".to_owned(),
                    ListType::Ordered => format!("{}.", list.start.saturating_add(number)),
                };
                sheet.begin(Tag::LI);
                sheet.label(Tag::Lbl, &label, x + 2.0, INDENT, style);
                sheet.begin(Tag::LBody);
                children(sheet, item, x + INDENT, depth);
                sheet.end();
                sheet.end();
            }
            sheet.end();
        }
        NodeValue::BlockQuote => {
            sheet.begin(Tag::BlockQuote);
            children(sheet, node, x + INDENT, depth);
            sheet.end();
        }
        NodeValue::CodeBlock(code) => literal_block(sheet, &code.literal, x),
        NodeValue::HtmlBlock(html) => literal_block(sheet, &html.literal, x),
        NodeValue::Table(_) => table(sheet, node, x),
        NodeValue::ThematicBreak => {
            sheet.need(2.0 * BETWEEN);
            sheet.space(BETWEEN);
            sheet.rule();
            sheet.space(BETWEEN);
        }
        _ => {
            sheet.paragraph(Tag::P, &inlines(node, Face::Regular), style, x);
            sheet.space(BETWEEN);
        }
    }
}

/// The blocks inside a block; an empty item of a list still takes its line.
fn children(sheet: &mut Sheet, node: Node<'_>, x: f32, depth: usize) {
    if node.first_child().is_none() {
        sheet.paragraph(Tag::P, &[], Style::of_size(TEXT), x);
    }
    for child in node.children() {
        block(sheet, child, x, depth + 1);
    }
}

fn literal_block(sheet: &mut Sheet, text: &str, x: f32) {
    sheet.paragraph(
        Tag::Code,
        &[Span::new(Face::Regular, text.trim_end_matches('\n'))],
        Style::of_size(TEXT - 1.0),
        x,
    );
    sheet.space(BETWEEN);
}

/// A table with columns of equal width; its first row are headings.
fn table(sheet: &mut Sheet, node: Node<'_>, x: f32) {
    const GAP: f32 = 8.0;
    sheet.begin(Tag::Table);
    for row in node.children() {
        let is_head = matches!(row.data.borrow().value, NodeValue::TableRow(true));
        let cells: Vec<_> = row.children().collect();
        #[expect(clippy::cast_precision_loss, reason = "a table has few columns")]
        let width = (sheet.measure() + sheet.margin - x) / cells.len().max(1) as f32;
        let cells = cells.iter().scan(x, |left, cell| {
            let at = *left;
            *left += width;
            Some(Cell {
                tag: if is_head { Tag::TH(TableHeaderScope::Column).into() } else { Tag::TD.into() },
                spans: inlines(cell, if is_head { Face::Bold } else { Face::Regular }),
                x: at,
                width: (width - GAP).max(1.0),
            })
        });
        sheet.row(cells.collect(), Style::of_size(TEXT - 1.0));
        sheet.space(2.0);
        sheet.rule();
        sheet.space(2.0);
    }
    sheet.end();
    sheet.space(BETWEEN);
}

/// The text of a block in its faces.
fn inlines(node: Node<'_>, face: Face) -> Vec<Span> {
    let mut spans = Vec::new();
    for child in node.children() {
        inline(child, face, 0, &mut spans);
    }
    spans
}

fn inline(node: Node<'_>, face: Face, depth: usize, spans: &mut Vec<Span>) {
    let value = node.data.borrow().value.clone();
    let face = match value {
        NodeValue::Strong => Face::Bold,
        NodeValue::Emph if face == Face::Regular => Face::Italic,
        _ => face,
    };
    if let Some(text) = literal(&value) {
        spans.push(Span::new(face, &text));
    }
    if depth < DEEPEST {
        for child in node.children() {
            inline(child, face, depth + 1, spans);
        }
    } else {
        let text: Vec<_> = node.descendants().skip(1).filter_map(|inner| literal(&inner.data.borrow().value)).collect();
        spans.push(Span::new(face, &text.concat()));
    }
    if let NodeValue::Link(link) | NodeValue::Image(link) = &value {
        let shown: String = node.descendants().filter_map(|inner| literal(&inner.data.borrow().value)).collect();
        if shown != link.url && format!("mailto:{shown}") != link.url {
            spans.push(Span::new(face, &format!(" ({})", link.url)));
        }
    }
}

/// What a node itself says.
pub fn literal(value: &NodeValue) -> Option<String> {
    match value {
        NodeValue::Text(text) => Some(text.to_string()),
        NodeValue::Code(code) => Some(code.literal.clone()),
        NodeValue::HtmlInline(html) => Some(html.clone()),
        NodeValue::CodeBlock(code) => Some(code.literal.clone()),
        NodeValue::HtmlBlock(html) => Some(html.literal.clone()),
        NodeValue::SoftBreak => Some(" ".to_owned()),
        NodeValue::LineBreak => Some("\n".to_owned()),
        _ => None,
    }
}
