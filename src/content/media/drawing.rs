//! Drawings (SVG): which can be shown, what they take, and how they are painted.
//!
//! Refuses filters, patterns, markers, pictures inside, scripts, movement, text that flows, styles that only browsers know, and whatever leads
//! out of the file: half of a drawing would be worse than none. Refuses too what takes too long or goes too deep. Begin with [`read`].

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{self, Pixmap, Transform};
use resvg::usvg::{self, fontdb, roxmltree};

use super::{Unfit, pixel, side};
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

/// What a drawing may ask for in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the whole meaning")]
pub enum Need {
    PictureInside,
    Filter,
    ForeignObject,
    FlowingText,
    PatternOrMarker,
    Script,
    Movement,
    SoundOrFilm,
    StyleOfBrowsers,
    OtherFile,
}

/// Reads a drawing without access to anything but its own bytes.
pub(super) fn read(bytes: &[u8]) -> Result<usvg::Tree, Unfit> {
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
        look_over(&element)?;
        // Whoever reads a drawing goes as deep as it is nested, or as its parts lead to each other.
        if element.ancestors().take(DEEPEST + 1).count() > DEEPEST {
            return Err(Unfit::TooMuchWork);
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
    let closed = usvg::Options {
        font_family: font::FAMILY.to_owned(),
        resources_dir: None,
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        fontdb: FONTS.clone(),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_xmltree(&xml, &closed).map_err(|error| match error {
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

/// Refuses an element that would be left out in silence, or take long.
fn look_over(element: &roxmltree::Node<'_, '_>) -> Result<(), Unfit> {
    match element.tag_name().name() {
        "image" | "feImage" => return Err(Unfit::Needs(Need::PictureInside)),
        "filter" => return Err(Unfit::Needs(Need::Filter)),
        "foreignObject" => return Err(Unfit::Needs(Need::ForeignObject)),
        "flowRoot" | "flowPara" | "flowRegion" => return Err(Unfit::Needs(Need::FlowingText)),
        // One tile, or a sign at each corner, can be of any size and number.
        "pattern" | "marker" => return Err(Unfit::Needs(Need::PatternOrMarker)),
        "script" | "handler" => return Err(Unfit::Needs(Need::Script)),
        "animate" | "animateTransform" | "animateMotion" | "set" => return Err(Unfit::Needs(Need::Movement)),
        "video" | "audio" | "iframe" => return Err(Unfit::Needs(Need::SoundOrFilm)),
        _ => {}
    }
    for attribute in element.attributes() {
        let (name, value) = (attribute.name(), attribute.value().trim());
        if name == "filter" && value != "none" {
            return Err(Unfit::Needs(Need::Filter));
        }
        if name == "style" {
            look_over_style(value)?;
        } else if BROWSERS_ONLY.iter().any(|style| value.contains(style)) || is_in_rem(value) {
            return Err(Unfit::Needs(Need::StyleOfBrowsers));
        }
    }
    if element.tag_name().name() == "style" {
        words_of(element).try_for_each(look_over_style)?;
    }
    if is_words(element)
        && let Some(letter) = words_of(element)
            .flat_map(str::chars)
            .find(|letter| !font::covers(*letter))
    {
        return Err(Unfit::NoGlyph(letter));
    }
    for attribute in element.attributes().filter(|attribute| attribute.name() == "href") {
        // What leads out of the file: only links of the author's own (`a`) do nothing.
        if element.tag_name().name() != "a" && !attribute.value().starts_with('#') {
            return Err(Unfit::Needs(Need::OtherFile));
        }
    }
    Ok(())
}

/// Values that browsers compute, and nobody else.
const BROWSERS_ONLY: [&str; 6] = ["var(", "light-dark(", "oklch(", "oklab(", "color-mix(", "calc("];

/// Refuses declarations, of an attribute or of a style sheet, that would be left out in silence.
fn look_over_style(style: &str) -> Result<(), Unfit> {
    if style.contains("@import")
        || style.contains("@font-face")
        || BROWSERS_ONLY.iter().any(|value| style.contains(value))
    {
        return Err(Unfit::Needs(Need::StyleOfBrowsers));
    }
    for declaration in style.split([';', '{', '}']) {
        let Some((name, value)) = declaration.split_once(':') else {
            continue;
        };
        let (name, value) = (name.trim(), value.trim());
        match name {
            "filter" if value != "none" => return Err(Unfit::Needs(Need::Filter)),
            "shape-inside" | "inline-size" => return Err(Unfit::Needs(Need::FlowingText)),
            "transform" if value != "none" => return Err(Unfit::Needs(Need::StyleOfBrowsers)),
            _ if is_in_rem(value) => return Err(Unfit::Needs(Need::StyleOfBrowsers)),
            _ => {}
        }
    }
    Ok(())
}

/// Whether a length is counted in the size of a web page's letters: "2rem".
fn is_in_rem(value: &str) -> bool {
    value
        .strip_suffix("rem")
        .is_some_and(|number| number.parse::<f32>().is_ok())
}

fn is_words(element: &roxmltree::Node<'_, '_>) -> bool {
    matches!(element.tag_name().name(), "text" | "tspan" | "textPath")
}

fn words_of<'a>(element: &roxmltree::Node<'a, '_>) -> impl Iterator<Item = &'a str> {
    element
        .children()
        .filter(roxmltree::Node::is_text)
        .filter_map(|words| words.text())
}

/// What a drawing takes to paint, in coats of paint over all of it.
struct Work {
    width: f32,
    height: f32,
    painted: f32,
    elements: usize,
}

impl Work {
    fn group(&mut self, group: &usvg::Group) {
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
