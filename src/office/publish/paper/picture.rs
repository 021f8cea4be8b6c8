//! A typeset page as a picture (PNG). Begin with [`drawn`].

use std::collections::BTreeMap;

use chrono::NaiveDate;
use typst::comemo;
use typst_layout::Page;
use typst_render::RenderOptions;

use super::letters::printable;
use super::{PaperError, REMEMBERED, set};

/// The pixels of a chart for each of its points: on paper, letters need two.
const SHARP: f32 = 2.0;

/// A picture without transparency.
pub(super) struct Picture {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Red, green and blue of each pixel.
    colours: Vec<u8>,
}

/// Draws a page whose ground is opaque, with so many pixels a point.
pub(super) fn drawn(page: &Page, sharp: f32) -> Picture {
    let options = RenderOptions {
        pixel_per_pt: f64::from(sharp).into(),
        ..RenderOptions::default()
    };
    let drawn = typst_render::render(page, &options);
    comemo::evict(REMEMBERED);
    let pixels = drawn.pixels().iter();
    Picture {
        width: drawn.width(),
        height: drawn.height(),
        colours: pixels.flat_map(|it| [it.red(), it.green(), it.blue()]).collect(),
    }
}

/// A chart as a picture of 840 pixels' width.
///
/// # Errors
/// It can't be set; the program is at fault.
pub(super) fn of_chart(svg: &str, today: NaiveDate) -> Result<Picture, PaperError> {
    let files = BTreeMap::from([("chart.svg".to_owned(), printable(svg).into_bytes())]);
    let document = set("chart.typ", files, today)?;
    let page = document.pages().first();
    let page = page.ok_or_else(|| PaperError::Typeset("an empty chart".to_owned()))?;
    Ok(drawn(page, SHARP))
}

impl Picture {
    /// The picture as PNG. Of each colour the bits `kept` are written: without the last it is smaller.
    ///
    /// # Errors
    /// The encoder refuses; the program is at fault.
    pub(super) fn png(&self, kept: u8) -> Result<Vec<u8>, PaperError> {
        let colours: Vec<u8> = self.colours.iter().map(|colour| colour & kept).collect();
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::High);
        let written = encoder.write_header().and_then(|mut it| it.write_image_data(&colours));
        written.map_err(|error| PaperError::Typeset(error.to_string()))?;
        Ok(bytes)
    }
}
