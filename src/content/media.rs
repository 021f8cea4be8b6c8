//! The one decoder of pictures. The check makes them ready for the screen with it, where there is time: photographs upright, no larger
//! than a screen shows; drawings as the small, closed SVG that remains when words are outlines. The kiosk draws with it at the size shown.
//!
//! Refuses what is damaged, what is too large to be decoded, and drawings that need what the kiosk doesn't draw: filters, pictures inside,
//! scripts, text that flows. Nothing outside the file itself is ever read. Whether a picture may be decoded at all is asked of
//! [`super::pixels`] first. Begin with [`prepare`].

use std::cmp::Ordering;
use std::io::Cursor;
use std::sync::{Arc, LazyLock};

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage, RgbaImage};
use resvg::tiny_skia::{self, Pixmap, Transform};
use resvg::usvg::{self, fontdb, roxmltree};
use thiserror::Error;

use super::font;
use super::pixels::{self, Pixels};

/// The long side of a stored photograph, in pixels: what a picture takes at most on a screen of 1920 x 1080.
pub const LONGEST_SIDE: u32 = 1280;

/// The most pixels that are decoded where there is time: telephones of today take up to fifty million.
pub const MOST_PIXELS: u64 = 64_000_000;

/// Memory that a decoder may take, in bytes.
const MOST_MEMORY: u64 = 512 * 1024 * 1024;

/// How well photographs are kept, of 100: no screen shows a difference from here on.
const QUALITY: u8 = 85;

/// The most that a drawing may ask for, in coats of paint over all of it. `benches/media.rs` says what that takes.
const MOST_WORK: f32 = 100.0;

/// What each shape takes beside its area, in coats of paint; and each of its lines, if it goes from top to bottom; a line around it has
/// several times as many; and a layer of its own, which is painted aside and then mixed in. Measured with `benches/media.rs`.
const A_SHAPE: f32 = 0.12;
const A_LINE: f32 = 0.1;
const LINES_OF_A_STROKE: f32 = 6.0;
const A_LAYER: f32 = 7.0;

/// The most elements of a drawing, whether written or repeated by `use`.
const MOST_ELEMENTS: usize = 2_000;

/// The most elements and texts of the XML itself: what is read before it is known what it draws.
const MOST_XML_NODES: u32 = 50_000;

/// How deep elements may stand in each other, how many may have a name by which others lead to them, and bytes of words.
const DEEPEST: usize = 64;
const MOST_NAMED: usize = 1_000;
const MOST_LETTERS: usize = 4_000;

/// The longest drawing as authors bring it, in bytes.
const LONGEST_DRAWING: usize = 2 * 1024 * 1024;

/// What a picture is drawn on: the paper of the screen, in the dark theme too.
pub const PAPER: [u8; 3] = [0xff, 0xfe, 0xfb];

/// Why a picture can't be shown.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unfit {
    /// It has too many pixels.
    #[error("it has {0} pixels")]
    TooLarge(Pixels),
    /// It is cut off or damaged, or no picture that we know.
    #[error("it is damaged")]
    Damaged,
    /// A drawing without a size, or with none of its own.
    #[error("the drawing has no size")]
    NoSize,
    /// A drawing that needs what the kiosk doesn't draw.
    #[error("the drawing needs what the kiosk doesn't draw: {0:?}")]
    Needs(Need),
    /// A drawing with a character that the font lacks.
    #[error("the font has no picture of {0:?}")]
    NoGlyph(char),
    /// A drawing that takes too long.
    #[error("the drawing takes too long")]
    TooMuchWork,
}

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

/// What a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Something to look at, on paper.
    Picture,
    /// A sign that takes the colour of what it stands on: only its shape counts.
    Icon,
}

/// Makes a picture ready to be stored: decoded once from end to end, upright, no larger than needed, without anything that the camera
/// wrote into it. What is ready already stays as it is.
///
/// # Errors
/// [`Unfit`] if it can't be shown.
pub fn prepare(bytes: &[u8], purpose: Use) -> Result<Vec<u8>, Unfit> {
    if is_drawing(bytes) {
        let ready = drawing(bytes)?.to_string(&usvg::WriteOptions::default()).into_bytes();
        // What is stored is read by the same rules: words may have become too many lines, a style an effect.
        drawing(&ready)?;
        return Ok(ready);
    }
    let (format, orientation, photograph) = decode(bytes, MOST_PIXELS)?;
    let fits = photograph.width().max(photograph.height()) <= LONGEST_SIDE;
    let keeps_alpha = purpose == Use::Icon;
    let is_ready = fits
        && orientation == Orientation::NoTransforms
        && (keeps_alpha || !photograph.color().has_alpha())
        && !has_words(format, bytes)
        && format != ImageFormat::WebP;
    if is_ready {
        return Ok(bytes.to_vec());
    }
    let small = if fits {
        photograph
    } else {
        photograph.resize(LONGEST_SIDE, LONGEST_SIDE, FilterType::Lanczos3)
    };
    let mut small = small;
    small.apply_orientation(orientation);
    let mut ready = Vec::new();
    let written = if keeps_alpha {
        DynamicImage::from(small.into_rgba8()).write_to(&mut Cursor::new(&mut ready), ImageFormat::Png)
    } else if format == ImageFormat::Png {
        DynamicImage::from(on_paper(small)).write_to(&mut Cursor::new(&mut ready), ImageFormat::Png)
    } else {
        on_paper(small).write_with_encoder(JpegEncoder::new_with_quality(&mut ready, QUALITY))
    };
    written.map_err(|_| Unfit::Damaged)?;
    Ok(ready)
}

/// Whether an icon takes a colour well: it has a shape, so some of it is empty, and no colours of its own.
///
/// # Errors
/// [`Unfit`] if it can't be drawn at all.
pub fn can_be_tinted(bytes: &[u8]) -> Result<bool, Unfit> {
    const SIDE: u32 = 64;
    let drawn = draw_icon(bytes, SIDE, SIDE)?;
    let shown = || drawn.pixels().filter(|pixel| pixel.0[3] > 127);
    let empty = drawn.pixels().filter(|pixel| pixel.0[3] < 32).count();
    let Some(first) = shown().next().map(|pixel| pixel.0) else {
        return Ok(false);
    };
    let close = |one: u8, other: u8| one.abs_diff(other) < 48;
    let one_colour = shown().all(|pixel| pixel.0.iter().zip(first).take(3).all(|(one, other)| close(*one, other)));
    Ok(one_colour && empty > 0)
}

/// Draws a picture into a frame: as large as fits, opaque, on paper.
///
/// # Errors
/// [`Unfit`] if it can't be shown: it has more pixels than [`pixels::MOST`], or as in [`prepare`].
pub fn draw(bytes: &[u8], width: u32, height: u32) -> Result<RgbImage, Unfit> {
    if is_drawing(bytes) {
        let [red, green, blue] = PAPER;
        let paper = tiny_skia::Color::from_rgba8(red, green, blue, u8::MAX);
        let painted = paint(&drawing(bytes)?, width, height, Some(paper))?;
        let mut opaque = Vec::with_capacity(painted.data().len() / 4 * 3);
        for pixel in painted.data().chunks_exact(4) {
            opaque.extend_from_slice(&pixel[..3]);
        }
        return RgbImage::from_raw(painted.width(), painted.height(), opaque).ok_or(Unfit::NoSize);
    }
    let (_, orientation, mut photograph) = decode(bytes, pixels::MOST)?;
    photograph.apply_orientation(orientation);
    let photograph = on_paper(photograph);
    let (width, height) = fit(photograph.width(), photograph.height(), width, height);
    // Each new pixel is the mean of those under it: as good as any filter for what only grows smaller, and several times faster.
    Ok(match width.cmp(&photograph.width()) {
        Ordering::Equal => photograph,
        Ordering::Less => image::imageops::thumbnail(&photograph, width, height),
        Ordering::Greater => image::imageops::resize(&photograph, width, height, FilterType::Triangle),
    })
}

/// Draws an icon into a frame, as large as fits, with what is empty of it left empty.
///
/// # Errors
/// As [`draw`].
pub fn draw_icon(bytes: &[u8], width: u32, height: u32) -> Result<RgbaImage, Unfit> {
    if is_drawing(bytes) {
        let painted = paint(&drawing(bytes)?, width, height, None)?;
        let size = (painted.width(), painted.height());
        return RgbaImage::from_raw(size.0, size.1, painted.take_demultiplied()).ok_or(Unfit::NoSize);
    }
    let (_, orientation, mut icon) = decode(bytes, pixels::MOST)?;
    icon.apply_orientation(orientation);
    let (width, height) = fit(icon.width(), icon.height(), width, height);
    Ok(icon.resize_exact(width, height, FilterType::Triangle).into_rgba8())
}

/// Paints a drawing as large as fits, on this paper if there is one.
fn paint(drawing: &usvg::Tree, width: u32, height: u32, paper: Option<tiny_skia::Color>) -> Result<Pixmap, Unfit> {
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

/// The largest size of these proportions that fits into a frame; at least one pixel.
fn fit(width: u32, height: u32, frame_width: u32, frame_height: u32) -> (u32, u32) {
    let scale = (side(frame_width) / side(width.max(1))).min(side(frame_height) / side(height.max(1)));
    (pixel(side(width) * scale), pixel(side(height) * scale))
}

#[expect(clippy::cast_precision_loss, reason = "pictures have some thousand pixels a side")]
fn side(pixels: u32) -> f32 {
    pixels as f32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped")]
fn pixel(side: f32) -> u32 {
    side.round().clamp(1.0, 8192.0) as u32
}

/// Whether a file can be an SVG, perhaps with a byte order mark.
#[must_use]
pub fn is_drawing(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii_start().starts_with(b"<")
}

fn decode(bytes: &[u8], most: u64) -> Result<(ImageFormat, Orientation, DynamicImage), Unfit> {
    match pixels::judge(bytes, most) {
        Ok(()) => {}
        Err(pixels::Unfit::TooLarge(pixels)) => return Err(Unfit::TooLarge(pixels)),
        Err(_) => return Err(Unfit::Damaged),
    }
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| Unfit::Damaged)?;
    let format = reader.format().ok_or(Unfit::Damaged)?;
    if format == ImageFormat::Jpeg && jpeg_parts(bytes).is_none() {
        return Err(Unfit::Damaged);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| Unfit::Damaged)?;
    let (wide, high) = decoder.dimensions();
    let size = Pixels {
        wide: wide.into(),
        high: high.into(),
    };
    if size.count() > most {
        return Err(Unfit::TooLarge(size));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let photograph = DynamicImage::from_decoder(decoder).map_err(|_| Unfit::Damaged)?;
    Ok((format, orientation, photograph))
}

/// Where a JPEG ends, and whether it holds words: when and where it was taken, by whom. Decoders take half a JPEG for a whole one, so it
/// is walked from marker to marker (ITU-T T.81, B.1.1.3); `None` if it ends before its end.
fn jpeg_parts(bytes: &[u8]) -> Option<(usize, bool)> {
    let mut words = false;
    let mut at = 2;
    loop {
        // In a scan, and between two segments, everything up to the next marker is passed over: FF that no 00 and no restart follows.
        let marker = bytes
            .get(at..)?
            .windows(2)
            .position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xff | 0xd0..=0xd7))?;
        at += marker;
        match bytes[at + 1] {
            0xd9 => return Some((at + 2, words)),
            // Those that only tell how to read the colours stay.
            segment => {
                words |= matches!(segment, 0xe1 | 0xe3..=0xed | 0xef | 0xfe);
                let length = bytes.get(at + 2..at + 4)?;
                at += 2 + usize::from(u16::from_be_bytes([length[0], length[1]]));
            }
        }
    }
}

/// Whether a photograph says more than what is to be seen, or more comes behind it (telephones hide a film there).
fn has_words(format: ImageFormat, bytes: &[u8]) -> bool {
    match format {
        ImageFormat::Jpeg => jpeg_parts(bytes).is_none_or(|(end, words)| words || end != bytes.len()),
        _ => bytes.windows(4).any(|window| {
            [b"tEXt", b"zTXt", b"iTXt", b"eXIf"]
                .into_iter()
                .any(|chunk| window == chunk)
        }),
    }
}

fn on_paper(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let transparent = picture.into_rgba8();
    RgbImage::from_fn(transparent.width(), transparent.height(), |x, y| {
        let [red, green, blue, alpha] = transparent.get_pixel(x, y).0;
        let mix = |colour: u8, paper: u8| {
            let (colour, paper, alpha) = (u32::from(colour), u32::from(paper), u32::from(alpha));
            u8::try_from((colour * alpha + paper * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([mix(red, PAPER[0]), mix(green, PAPER[1]), mix(blue, PAPER[2])])
    })
}

/// Reads a drawing without access to anything but its own bytes.
fn drawing(bytes: &[u8]) -> Result<usvg::Tree, Unfit> {
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
    let (mut named, mut letters) = (0, 0);
    for element in xml.descendants().filter(roxmltree::Node::is_element) {
        look_over(&element)?;
        // Whoever reads a drawing goes as deep as it is nested, or as its parts lead to each other.
        if element.ancestors().take(DEEPEST + 1).count() > DEEPEST {
            return Err(Unfit::TooMuchWork);
        }
        named += usize::from(element.has_attribute("id"));
        let words = element.children().filter(roxmltree::Node::is_text);
        if matches!(element.tag_name().name(), "text" | "tspan" | "textPath") {
            letters += words.filter_map(|words| words.text()).map(str::len).sum::<usize>();
        }
    }
    if named > MOST_NAMED || letters > MOST_LETTERS {
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
    let is_style = element.tag_name().name() == "style";
    let values = element.attributes().map(|attribute| attribute.value());
    for value in values.chain(element.text().filter(|_| is_style)) {
        if value.contains("var(")
            || value.contains("light-dark(")
            || value.contains("@import")
            || value.contains("@font-face")
        {
            return Err(Unfit::Needs(Need::StyleOfBrowsers));
        }
        let only_browsers = ["oklch(", "oklab(", "color-mix(", "calc(", "transform:", "transform :"];
        if only_browsers.iter().any(|style| value.contains(style))
            || value.trim().ends_with("rem")
            || value.contains("rem;")
        {
            return Err(Unfit::Needs(Need::StyleOfBrowsers));
        }
        if value.contains("filter:") || value.contains("filter :") {
            return Err(Unfit::Needs(Need::Filter));
        }
        if value.contains("shape-inside") || value.contains("inline-size") {
            return Err(Unfit::Needs(Need::FlowingText));
        }
    }
    if element
        .attribute("filter")
        .is_some_and(|filter| filter.trim() != "none")
    {
        return Err(Unfit::Needs(Need::Filter));
    }
    let words = element.children().filter(roxmltree::Node::is_text);
    if matches!(element.tag_name().name(), "text" | "tspan" | "textPath")
        && let Some(letter) = words
            .filter_map(|words| words.text())
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
            // Dashes are lines of their own.
            let dashes = if stroke.dasharray().is_some() {
                LINES_OF_A_STROKE
            } else {
                1.0
            };
            self.painted += A_SHAPE + area + lines * LINES_OF_A_STROKE * dashes;
        }
    }
}
