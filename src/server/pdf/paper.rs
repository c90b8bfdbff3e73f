//! Pages that are laid out, written as a file: marks become content, the branches beside them become its structure.

use super::{
    PdfError,
    faces::{Face, Faces},
};
use crate::domain::{Instant, locale::Locale};
use krilla::{
    Data, Document, SerializeSettings,
    color::rgb,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    destination::XyzDestination,
    embed::{AssociationKind, EmbeddedFile, MimeType},
    geom::{PathBuilder, Point},
    metadata::{DateTime, Metadata},
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill, LineCap, LineJoin, Stroke},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, TagGroup, TagKind, TagTree},
};

/// Black, grey for what stands beside the text, and the colour of frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Black,
    Grey,
    Frame,
}

impl Ink {
    fn color(self) -> rgb::Color {
        match self {
            Self::Black => rgb::Color::new(0x17, 0x1a, 0x21),
            Self::Grey => rgb::Color::new(0x5a, 0x62, 0x70),
            Self::Frame => rgb::Color::new(0xb8, 0xc0, 0xcc),
        }
    }
}

/// Something on a page, in points from its upper left corner. With a leaf it belongs to the text, else it is decoration.
#[derive(Debug)]
pub enum Mark {
    Text {
        x: f32,
        /// The baseline.
        y: f32,
        face: Face,
        size: f32,
        ink: Ink,
        text: String,
        leaf: Option<usize>,
    },
    /// Lines from point to point.
    Lines {
        lines: Vec<Vec<(f32, f32)>>,
        width: f32,
        ink: Ink,
        leaf: Option<usize>,
    },
}

/// The structure of a text: what a screen reader announces.
#[derive(Debug)]
pub struct Branch {
    pub tag: TagKind,
    pub children: Vec<Child>,
}

#[derive(Debug)]
pub enum Child {
    Branch(Branch),
    /// A mark, by its leaf.
    Leaf(usize),
}

/// A heading, as the outline lists it.
#[derive(Debug)]
pub struct Heading {
    pub text: String,
    pub page: usize,
    pub y: f32,
}

/// Pages with everything on them.
#[derive(Debug)]
pub struct Paper {
    pub width: f32,
    pub height: f32,
    pub pages: Vec<Vec<Mark>>,
    pub structure: Vec<Branch>,
    pub headings: Vec<Heading>,
    /// How many marks belong to the text.
    pub leaves: usize,
}

/// What a file says about itself.
pub struct About<'a> {
    pub title: String,
    pub author: String,
    pub language: Locale,
    /// When what it shows happened; never the time of writing.
    pub at: Instant,
    /// A file inside: name, media type, description, content.
    pub attachment: (&'static str, &'static str, &'a str, Vec<u8>),
}

impl Paper {
    /// Writes the file.
    ///
    /// # Errors
    /// When a font cannot be read or the result would not be archivable.
    pub fn write(self, about: About) -> Result<Vec<u8>, PdfError> {
        let faces = Faces::get()?;
        let configuration = ConfigurationBuilder::new()
            .with_archival_validator(Archival::A3_A)
            .with_accessibility_validator(Accessibility::UA1)
            .finish()
            .map_err(|error| PdfError::Unwritable(format!("{error:?}")))?;
        let mut document = Document::new_with(SerializeSettings {
            configuration,
            ..SerializeSettings::default()
        });
        let mut identifiers: Vec<Option<Identifier>> = vec![None; self.leaves];
        for marks in &self.pages {
            let settings = PageSettings::from_wh(self.width, self.height).ok_or_else(|| PdfError::Unwritable("page size".to_owned()))?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for mark in marks {
                draw(&mut surface, faces, mark, &mut identifiers);
            }
            surface.finish();
            page.finish();
        }
        let mut tree = TagTree::new().with_lang(Some(about.language.tag().to_owned()));
        for branch in self.structure {
            tree.push(group(branch, &mut identifiers));
        }
        document.set_tag_tree(tree);
        let mut outline = Outline::new();
        for heading in self.headings {
            let place = XyzDestination::new(heading.page, Point::from_xy(0.0, heading.y));
            outline.push_child(OutlineNode::new(heading.text, place));
        }
        document.set_outline(outline);
        describe(&mut document, about);
        document.finish().map_err(|error| PdfError::Unwritable(error.to_string()))
    }
}

fn describe(document: &mut Document, about: About) {
    let at = moment(about.at);
    let (name, media_type, description, content) = about.attachment;
    document.embed_file(EmbeddedFile {
        path: name.to_owned(),
        mime_type: MimeType::new(media_type),
        description: Some(description.to_owned()),
        association_kind: AssociationKind::Source,
        data: Data::from(content),
        modification_date: Some(at),
        compress: None,
        location: None,
    });
    let metadata = Metadata::new()
        .title(about.title)
        .authors(vec![about.author])
        .creator("Antritt".to_owned())
        .producer("Antritt".to_owned())
        .language(about.language.tag().to_owned())
        .creation_date(at);
    document.set_metadata(metadata);
}

fn moment(at: Instant) -> DateTime {
    DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(u8::from(at.month()))
        .day(at.day())
        .hour(at.hour())
        .minute(at.minute())
        .second(at.second())
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

fn draw(surface: &mut Surface, faces: &Faces, mark: &Mark, identifiers: &mut [Option<Identifier>]) {
    let (Mark::Text { leaf, .. } | Mark::Lines { leaf, .. }) = mark;
    let tag = match (leaf, mark) {
        (None, _) => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
        (Some(_), Mark::Text { .. }) => ContentTag::Span(SpanTag::empty()),
        (Some(_), Mark::Lines { .. }) => ContentTag::Other,
    };
    let identifier = surface.start_tagged(tag);
    if let Some(place) = leaf.and_then(|leaf| identifiers.get_mut(leaf)) {
        *place = Some(identifier);
    }
    match mark {
        Mark::Text {
            x, y, face, size, ink, text, ..
        } => {
            surface.set_stroke(None);
            surface.set_fill(Some(Fill {
                paint: ink.color().into(),
                ..Fill::default()
            }));
            surface.draw_glyphs(Point::from_xy(*x, *y), &faces.glyphs(*face, text), faces.font(*face), text, *size, false);
        }
        Mark::Lines { lines, width, ink, .. } => {
            let mut path = PathBuilder::new();
            for line in lines {
                let mut points = line.iter();
                if let Some((x, y)) = points.next() {
                    path.move_to(*x, *y);
                }
                points.for_each(|(x, y)| path.line_to(*x, *y));
            }
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke {
                paint: ink.color().into(),
                width: *width,
                line_cap: LineCap::Round,
                line_join: LineJoin::Round,
                ..Stroke::default()
            }));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
    surface.end_tagged();
}

fn group(branch: Branch, identifiers: &mut [Option<Identifier>]) -> TagGroup {
    let mut group = TagGroup::new(branch.tag);
    for child in branch.children {
        match child {
            Child::Branch(branch) => group.push(self::group(branch, identifiers)),
            Child::Leaf(leaf) => {
                if let Some(identifier) = identifiers.get_mut(leaf).and_then(Option::take) {
                    group.push(Node::Leaf(identifier));
                }
            }
        }
    }
    group
}
