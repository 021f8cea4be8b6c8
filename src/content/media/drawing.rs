//! Drawings (SVG): what they take, what is stored of them, and how they are painted.
//!
//! Refuses what takes too long or goes too deep. What a drawing may say at all is asked of [`proof`], once, before it is stored: a
//! drawing that a kiosk shows stays as it is when the program learns to refuse it. Begin with [`read`].

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{self, Pixmap, Transform};
use resvg::usvg::{self, fontdb, roxmltree};

use super::proof::{self, Need, is_words, words_of};
use super::{PAPER, Unfit, Use, pixel, side};
use crate::content::font;

/// The most that a drawing may ask for, in coats of paint over all of it. `benches/media.rs` says what that takes.
const MOST_WORK: f32 = 100.0;

/// What each shape takes beside its area, in coats of paint; and each of its lines, if it goes from top to bottom; a line around it has
/// several times as many, and so many more as it has dashes; and a layer of its own, which is painted aside and then mixed in. Measured with `benches/media.rs`.
const A_SHAPE: f32 = 0.12;
const A_LINE: f32 = 0.1;
const LINES_OF_A_STROKE: f32 = 6.0;
const A_DASH: f32 = 0.02;
const A_LAYER: f32 = 7.0;

/// The most elements of a drawing, whether written or repeated by `use`.
const MOST_ELEMENTS: usize = 2_000;

/// The most elements and texts of the XML itself: what is read before it is known what it draws.
const MOST_XML_NODES: u32 = 50_000;

/// How deep elements may stand in each other, how many others may lead to (each may lead to the next), and bytes of words.
const DEEPEST: usize = 64;
const MOST_LED_TO: usize = 200;
const MOST_LETTERS: usize = 1_500;

/// The longest drawing as authors bring it, in bytes.
const LONGEST_DRAWING: usize = 2 * 1024 * 1024;

/// Reads a drawing without access to anything but its own bytes.
pub(super) fn read(bytes: &[u8]) -> Result<usvg::Tree, Unfit> {
    draw_up(&parse(bytes)?)
}

/// Makes the small, closed drawing that is stored, with words as outlines, if it will be painted as its author saw it.
pub(super) fn make_ready(bytes: &[u8], purpose: Use) -> Result<Vec<u8>, Unfit> {
    let xml = parse(bytes)?;
    proof::look_over(&xml)?;
    let drawing = draw_up(&xml)?;
    // usvg takes it for as large as its parts are, browsers for as large as their page.
    if !has_size(&xml.root_element()) {
        return Err(Unfit::NoSize);
    }
    let ready = drawing.to_string(&usvg::WriteOptions::default()).into_bytes();
    // What is stored is read by the same rules: words may have become too many lines.
    if is_blank(&read(&ready)?, purpose)? {
        return Err(Unfit::Blank);
    }
    Ok(ready)
}

fn has_size(drawing: &roxmltree::Node<'_, '_>) -> bool {
    let is_length = |side| drawing.attribute(side).is_some_and(|length| !length.ends_with('%'));
    drawing.has_attribute("viewBox") || is_length("width") && is_length("height")
}

/// Whether nothing can be seen of a drawing: all of it is without paint, or outside its frame, or as white as paper.
fn is_blank(drawing: &usvg::Tree, purpose: Use) -> Result<bool, Unfit> {
    const SIDE: u32 = 256;
    const UNSEEN: u8 = 4;
    let paper = match purpose {
        Use::Picture => Some(tiny_skia::Color::from_rgba8(PAPER[0], PAPER[1], PAPER[2], u8::MAX)),
        Use::Icon => None,
    };
    let ground = paper.map_or([0; 4], |_| [PAPER[0], PAPER[1], PAPER[2], u8::MAX]);
    let is_ground = |pixel: &[u8]| {
        pixel
            .iter()
            .zip(ground)
            .all(|(one, other)| one.abs_diff(other) <= UNSEEN)
    };
    Ok(paint(drawing, SIDE, SIDE, paper)?.data().chunks_exact(4).all(is_ground))
}

/// Reads the XML of a drawing, if it isn't too much of it.
fn parse(bytes: &[u8]) -> Result<roxmltree::Document<'_>, Unfit> {
    if bytes.len() > LONGEST_DRAWING {
        return Err(Unfit::TooMuchWork);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Unfit::Damaged)?;
    let options = roxmltree::ParsingOptions {
        // Illustrator writes its namespaces as entities.
        allow_dtd: true,
        nodes_limit: MOST_XML_NODES,
        ..roxmltree::ParsingOptions::default()
    };
    let xml = roxmltree::Document::parse_with_options(text.trim_start_matches('\u{feff}').trim_start(), options)
        .map_err(|error| match error {
            roxmltree::Error::NodesLimitReached => Unfit::TooMuchWork,
            _ => Unfit::Damaged,
        })?;
    if xml.root_element().tag_name().name() != "svg" {
        return Err(Unfit::Damaged);
    }
    let (mut led_to, mut letters) = (BTreeSet::new(), 0);
    for element in xml.descendants().filter(roxmltree::Node::is_element) {
        // Whoever reads a drawing goes as deep as it is nested, or as its parts lead to each other.
        if element.ancestors().take(DEEPEST + 1).count() > DEEPEST {
            return Err(Unfit::TooMuchWork);
        }
        // One tile, a sign at each corner, a shadow: these can be of any size and number.
        match element.tag_name().name() {
            "pattern" | "marker" => return Err(Unfit::Needs(Need::PatternOrMarker)),
            "filter" => return Err(Unfit::Needs(Need::Filter)),
            _ => {}
        }
        for attribute in element.attributes() {
            let value = attribute.value();
            led_to.extend(value.strip_prefix('#').filter(|_| attribute.name() == "href"));
            led_to.extend(value.split("url(#").skip(1).filter_map(|rest| rest.split(')').next()));
        }
        if is_words(&element) {
            letters += words_of(&element).map(str::len).sum::<usize>();
        }
    }
    if led_to.len() > MOST_LED_TO || letters > MOST_LETTERS {
        return Err(Unfit::TooMuchWork);
    }
    Ok(xml)
}

/// Makes paths of a drawing, if they don't take too long to paint.
fn draw_up(xml: &roxmltree::Document<'_>) -> Result<usvg::Tree, Unfit> {
    let closed = usvg::Options {
        font_family: font::FAMILY.to_owned(),
        // As browsers have it.
        font_size: 16.0,
        resources_dir: None,
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        fontdb: FONTS.clone(),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_xmltree(xml, &closed).map_err(|error| match error {
        usvg::Error::ElementsLimitReached | usvg::Error::ParsingFailed(roxmltree::Error::NodesLimitReached) => {
            Unfit::TooMuchWork
        }
        usvg::Error::InvalidSize => Unfit::NoSize,
        _ => Unfit::Damaged,
    })?;
    let mut work = Work {
        width: tree.size().width(),
        height: tree.size().height(),
        painted: 0.0,
        elements: 0,
    };
    work.group(tree.root());
    if work.elements == 0 {
        return Err(Unfit::Damaged);
    }
    if work.elements > MOST_ELEMENTS || work.painted > MOST_WORK {
        return Err(Unfit::TooMuchWork);
    }
    Ok(tree)
}

/// The only fonts that drawings can use.
static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for face in font::FACES {
        fonts.load_font_source(fontdb::Source::Binary(Arc::new(face)));
    }
    fonts.set_serif_family(font::FAMILY);
    fonts.set_sans_serif_family(font::FAMILY);
    fonts.set_monospace_family(font::FAMILY);
    fonts.set_cursive_family(font::FAMILY);
    fonts.set_fantasy_family(font::FAMILY);
    Arc::new(fonts)
});

/// What a drawing takes to paint, in coats of paint over all of it.
struct Work {
    width: f32,
    height: f32,
    painted: f32,
    elements: usize,
}

impl Work {
    fn group(&mut self, group: &usvg::Group) {
        if !group.filters().is_empty() {
            self.painted = f32::INFINITY;
        }
        if group.should_isolate() {
            self.painted += A_LAYER;
        }
        if let Some(mask) = group.mask() {
            self.painted += A_LAYER;
            self.group(mask.root());
        }
        if let Some(clip) = group.clip_path() {
            self.group(clip.root());
        }
        for node in group.children() {
            self.elements += 1;
            if self.elements > MOST_ELEMENTS {
                return;
            }
            match node {
                usvg::Node::Group(inner) => self.group(inner),
                usvg::Node::Text(text) => self.group(text.flattened()),
                usvg::Node::Path(path) => self.path(path),
                usvg::Node::Image(_) => {}
            }
        }
    }

    fn path(&mut self, path: &usvg::Path) {
        let bounds = path.abs_stroke_bounding_box();
        let part = |length: f32, of: f32| (length / of).clamp(0.0, 1.0);
        let high = part(bounds.height(), self.height);
        let area = part(bounds.width(), self.width) * high;
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let lines = path.data().len() as f32 * high * A_LINE;
        if path.fill().is_some() {
            self.painted += A_SHAPE + area + lines;
        }
        if let Some(stroke) = path.stroke() {
            self.painted += A_SHAPE + area + lines * LINES_OF_A_STROKE;
            if let Some(dashes) = stroke.dasharray() {
                // No line is longer than once across and once down for each of its parts.
                let own = path.bounding_box();
                #[expect(clippy::cast_precision_loss, reason = "an estimate")]
                let length = (own.width() + own.height()) * path.data().len() as f32;
                self.painted += A_DASH * length / dashes.iter().sum::<f32>().max(f32::MIN_POSITIVE);
            }
        }
    }
}

/// Paints a drawing as large as fits, on this paper if there is one.
pub(super) fn paint(
    drawing: &usvg::Tree,
    width: u32,
    height: u32,
    paper: Option<tiny_skia::Color>,
) -> Result<Pixmap, Unfit> {
    let size = drawing.size();
    let scale = (side(width) / size.width()).min(side(height) / size.height());
    let (width, height) = (pixel(size.width() * scale), pixel(size.height() * scale));
    let mut painted = Pixmap::new(width, height).ok_or(Unfit::NoSize)?;
    if let Some(paper) = paper {
        painted.fill(paper);
    }
    let scale = Transform::from_scale(side(width) / size.width(), side(height) / size.height());
    resvg::render(drawing, scale, &mut painted.as_mut());
    Ok(painted)
}
