//! Pictures of the content and QR codes, made into Slint images once and kept.

use std::cell::RefCell;
use std::collections::BTreeMap;

use qrcode::{EcLevel, QrCode};
use slint::{Image, Rgba8Pixel, SharedPixelBuffer};

use crate::content::library::Library;
use crate::content::pixels;

/// How many bytes of pictures are kept, drawn: two of the largest that a pack may have today, or one of an older pack. Memory on
/// the Pi is short.
const MOST_KEPT: u64 = 32 * 1024 * 1024;

/// The most pixels that are drawn at all. Packs of today have four million at most; those of before may have photographs as
/// telephones take them.
const MOST_PIXELS: u64 = 16_000_000;

/// Bytes of a pixel.
const DEPTH: u64 = 4;

/// The pictures shown lately.
#[derive(Default)]
pub struct Pictures {
    kept: RefCell<Kept>,
}

/// Pictures by name, and how many bytes they have.
#[derive(Default)]
struct Kept {
    images: BTreeMap<String, Image>,
    bytes: u64,
}

impl Kept {
    /// Keeps one more. If there is no room, all others are forgotten: what is on the screen keeps itself.
    fn keep(&mut self, name: &str, image: Image) {
        let size = image.size();
        let bytes = u64::from(size.width) * u64::from(size.height) * DEPTH;
        if self.bytes + bytes > MOST_KEPT {
            *self = Self::default();
        }
        self.bytes += bytes;
        self.images.insert(name.to_owned(), image);
    }
}

impl Pictures {
    /// Forgets all pictures: another pack may have others of the same names.
    pub fn forget(&self) {
        *self.kept.borrow_mut() = Kept::default();
    }

    /// A picture of the library; an empty one, and a line in the log, if it can't be read or drawn.
    pub fn media(&self, library: &Library, name: &str) -> Image {
        if let Some(image) = self.kept.borrow().images.get(name) {
            return image.clone();
        }
        let image = load(library, name).unwrap_or_else(|why| {
            tracing::error!("picture {name}: {why}");
            Image::default()
        });
        self.kept.borrow_mut().keep(name, image.clone());
        image
    }
}

fn load(library: &Library, name: &str) -> Result<Image, String> {
    let bytes = library
        .media(name)
        .map_err(|error| error.to_string())?
        .ok_or("not in the library")?;
    pixels::judge(&bytes, MOST_PIXELS).map_err(|why| why.to_string())?;
    let format = name.rsplit_once('.').map(|(_, ending)| ending);
    Image::load_from_data(&bytes, format).map_err(|error| format!("{error:?}"))
}

/// The side of a module of the QR code, in pixels of the image; the screen scales it.
const MODULE: u32 = 8;

/// The white border that the standard (ISO/IEC 18004) asks for, in modules.
const QUIET: u32 = 4;

/// An address as a QR code, black on white whatever the theme; `None` if it is too long for one.
pub fn qr(address: &str) -> Option<Image> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let modules = u32::try_from(code.width()).ok()?;
    let dark = code.to_colors();
    let side = (modules + 2 * QUIET) * MODULE;
    let mut pixels = SharedPixelBuffer::<Rgba8Pixel>::new(side, side);
    let all = pixels.make_mut_slice();
    for (place, pixel) in (0_u32..).zip(all.iter_mut()) {
        let (x, y) = ((place % side) / MODULE, (place / side) / MODULE);
        let module = x
            .checked_sub(QUIET)
            .zip(y.checked_sub(QUIET))
            .filter(|&(x, y)| x < modules && y < modules);
        let is_dark = module.is_some_and(|(x, y)| {
            let index = usize::try_from(y * modules + x).unwrap_or(usize::MAX);
            dark.get(index) == Some(&qrcode::Color::Dark)
        });
        let shade = if is_dark { 0 } else { 255 };
        *pixel = Rgba8Pixel {
            r: shade,
            g: shade,
            b: shade,
            a: 255,
        };
    }
    Some(Image::from_rgba8(pixels))
}
