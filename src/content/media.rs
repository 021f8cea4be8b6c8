//! The one decoder of pictures. The check makes them ready for the screen with it, where there is time: photographs upright, no larger
//! than a screen shows; drawings as the small, closed SVG that remains when words are outlines. The kiosk draws with it at the size shown.
//!
//! Refuses what is damaged, what is too large to be decoded, and drawings that need what the kiosk doesn't draw (`drawing`). Nothing outside
//! the file itself is ever read. Whether a picture may be decoded at all is asked of [`super::pixels`] first. Begin with [`prepare`].

mod drawing;
mod proof;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::cmp::Ordering;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage, RgbaImage};
use resvg::tiny_skia;
use thiserror::Error;

use super::pixels::{self, Pixels};
use drawing::paint;
pub use proof::Need;

/// The long side of a stored photograph, in pixels: what a picture takes at most on a screen of 1920 x 1080.
pub const LONGEST_SIDE: u32 = 1280;

/// The most pixels that are decoded where there is time: telephones of today take up to fifty million.
pub const MOST_PIXELS: u64 = 64_000_000;

/// Memory that a decoder may take, in bytes.
const MOST_MEMORY: u64 = 512 * 1024 * 1024;

/// How well photographs are kept, of 100: no screen shows a difference from here on.
const QUALITY: u8 = 85;

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
    /// A picture or drawing of which nothing can be seen.
    #[error("nothing can be seen of it")]
    Blank,
    /// A drawing that takes too long.
    #[error("the drawing takes too long")]
    TooMuchWork,
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
        return drawing::make_ready(bytes, purpose);
    }
    let (format, orientation, photograph) = decode(bytes, MOST_PIXELS)?;
    if format == ImageFormat::Jpeg && jpeg_parts(bytes).is_none_or(|parts| parts.holes) {
        return Err(Unfit::Damaged);
    }
    if purpose == Use::Picture && is_blank(&photograph) {
        return Err(Unfit::Blank);
    }
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
    let mut small = if fits {
        photograph
    } else {
        photograph.resize(LONGEST_SIDE, LONGEST_SIDE, FilterType::Lanczos3)
    };
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

/// Whether all of a picture is of one colour on paper: nothing was drawn, or in white.
fn is_blank(picture: &DynamicImage) -> bool {
    let on_paper = |[r, g, b, alpha]: [u8; 4]| {
        let mixed = |colour: u8, paper: u8| {
            let (colour, paper, alpha) = (u32::from(colour), u32::from(paper), u32::from(alpha));
            (colour * alpha + paper * (255 - alpha)) / 255
        };
        [mixed(r, PAPER[0]), mixed(g, PAPER[1]), mixed(b, PAPER[2])]
    };
    let mut colours = picture.pixels().map(|(_, _, pixel)| on_paper(pixel.0));
    let Some(first) = colours.next() else {
        return true;
    };
    colours.all(|colour| first.iter().zip(colour).all(|(one, other)| one.abs_diff(other) <= 6))
}

/// Whether an icon takes a colour well: it has a shape, so some of it is empty between its edges, and no colours of its own.
///
/// # Errors
/// [`Unfit`] if it can't be drawn at all.
pub fn can_be_tinted(bytes: &[u8]) -> Result<bool, Unfit> {
    const SIDE: u32 = 64;
    /// How much of the box around it a sign fills at most, of 100: a disc fills 79, a box with round corners more than 94.
    const FULLEST: u32 = 94;
    let drawn = draw_icon(bytes, SIDE, SIDE)?;
    let shown = || drawn.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[3] >= 32);
    let Some((x, y, first)) = shown().max_by_key(|(_, _, pixel)| pixel.0[3]) else {
        return Ok(false);
    };
    let close = |one: u8, other: u8| one.abs_diff(other) < 48;
    let one_colour = shown().filter(|(_, _, pixel)| pixel.0[3] > 127).all(|(_, _, pixel)| {
        pixel
            .0
            .iter()
            .zip(first.0)
            .take(3)
            .all(|(one, other)| close(*one, other))
    });
    let (mut left, mut top, mut right, mut bottom, mut filled) = (x, y, x, y, 0);
    for (x, y, _) in shown() {
        (left, top, right, bottom) = (left.min(x), top.min(y), right.max(x), bottom.max(y));
        filled += 100;
    }
    Ok(one_colour && filled <= (right - left + 1) * (bottom - top + 1) * FULLEST)
}

/// Draws a picture into a frame: as large as fits, opaque, on paper.
///
/// # Errors
/// [`Unfit`] if it can't be shown: it has more pixels than [`pixels::MOST`], or as in [`prepare`].
pub fn draw(bytes: &[u8], width: u32, height: u32) -> Result<RgbImage, Unfit> {
    if is_drawing(bytes) {
        let [red, green, blue] = PAPER;
        let paper = tiny_skia::Color::from_rgba8(red, green, blue, u8::MAX);
        let painted = paint(&drawing::read(bytes)?, width, height, Some(paper))?;
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
        let painted = paint(&drawing::read(bytes)?, width, height, None)?;
        let size = (painted.width(), painted.height());
        return RgbaImage::from_raw(size.0, size.1, painted.take_demultiplied()).ok_or(Unfit::NoSize);
    }
    let (_, orientation, mut icon) = decode(bytes, pixels::MOST)?;
    icon.apply_orientation(orientation);
    let (width, height) = fit(icon.width(), icon.height(), width, height);
    Ok(icon.resize_exact(width, height, FilterType::Triangle).into_rgba8())
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

/// What a JPEG is made of.
struct JpegParts {
    /// Where it ends.
    end: usize,
    /// Whether it holds words: when and where it was taken, by whom.
    words: bool,
    /// Whether some of its scans is lost, as where a bad stick reads as zeros.
    holes: bool,
}

/// Walks through a JPEG from marker to marker (ITU-T T.81, B.1.1.3), because decoders take half of one for a whole, and paint grey what
/// isn't there; `None` if it ends before its end.
fn jpeg_parts(bytes: &[u8]) -> Option<JpegParts> {
    /// Half of what disks and sticks lose at once, in bytes.
    const HOLE: usize = 256;
    let (mut words, mut holes) = (false, false);
    // What zeros say in a progressive scan, or in one after the first, depends on more than the tables.
    let (mut is_sequential, mut scans, mut zeros_draw) = (false, 0, false);
    let mut at = 2;
    loop {
        // In a scan, and between two segments, everything up to the next marker is passed over: FF that no 00 and no restart follows.
        let marker = bytes
            .get(at..)?
            .windows(2)
            .position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xff | 0xd0..=0xd7))?;
        let scan = &bytes[at..at + marker];
        holes |=
            is_sequential && scans == 1 && zeros_draw && scan.split(|byte| *byte != 0).any(|zeros| zeros.len() >= HOLE);
        at += marker;
        match bytes[at + 1] {
            0xd9 => {
                return Some(JpegParts {
                    end: at + 2,
                    words,
                    holes,
                });
            }
            // These two stand alone.
            0x01 | 0xd8 => at += 2,
            // Those that only tell how to read the colours stay.
            segment => {
                words |= matches!(segment, 0xe1 | 0xe3..=0xed | 0xef | 0xfe);
                // Nobody writes these (T.81, table B.1).
                holes |= matches!(segment, 0x02..=0xbf);
                let length = bytes.get(at + 2..at + 4)?;
                let next = at + 2 + usize::from(u16::from_be_bytes([length[0], length[1]]));
                match segment {
                    0xc0 | 0xc1 => is_sequential = true,
                    0xda => scans += 1,
                    0xc4 => zeros_draw |= do_zeros_draw(bytes.get(at + 4..next)?),
                    _ => {}
                }
                at = next;
            }
        }
    }
}

/// Whether zeros in a scan would draw something in each block, by its Huffman tables (T.81, B.2.4.2 and F.1.2.2): those of the standard, that
/// telephones use, are so. Then many zeros are no picture. Tables that were made for one picture mostly say "nothing more" with zeros; with
/// these an even area looks like a hole, and nobody can tell.
fn do_zeros_draw(mut tables: &[u8]) -> bool {
    while let Some((head, values)) = tables.split_at_checked(17) {
        let (is_of_shapes, counts) = (head[0] >> 4 == 1, &head[1..]);
        if is_of_shapes && values.first().is_some_and(|run_and_size| run_and_size & 0x0f != 0) {
            return true;
        }
        let count = counts.iter().map(|count| usize::from(*count)).sum();
        tables = values.get(count..).unwrap_or_default();
    }
    false
}

/// Whether a photograph says more than what is to be seen, or more comes behind it (telephones hide a film there).
fn has_words(format: ImageFormat, bytes: &[u8]) -> bool {
    match format {
        ImageFormat::Jpeg => jpeg_parts(bytes).is_none_or(|parts| parts.words || parts.end != bytes.len()),
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
