//! Pictures of the content and QR codes, made into Slint images once and kept.

use std::cell::RefCell;
use std::collections::BTreeMap;

use qrcode::{EcLevel, QrCode};
use slint::{Image, Rgba8Pixel, SharedPixelBuffer};

use crate::content::library::Library;

/// How many pictures are kept; a guide has at most nine, and memory on the Pi is short.
const MOST_KEPT: usize = 16;

/// The pictures shown lately.
#[derive(Default)]
pub struct Pictures {
    kept: RefCell<BTreeMap<String, Image>>,
}

impl Pictures {
    /// Forgets all pictures: another pack may have others of the same names.
    pub fn forget(&self) {
        self.kept.borrow_mut().clear();
    }

    /// A picture of the library; an empty one, and a line in the log, if it can't be read or drawn.
    pub fn media(&self, library: &Library, name: &str) -> Image {
        if let Some(image) = self.kept.borrow().get(name) {
            return image.clone();
        }
        let image = load(library, name).unwrap_or_else(|why| {
            tracing::error!("picture {name}: {why}");
            Image::default()
        });
        let mut kept = self.kept.borrow_mut();
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(name.to_owned(), image.clone());
        image
    }
}

fn load(library: &Library, name: &str) -> Result<Image, String> {
    let bytes = library
        .media(name)
        .map_err(|error| error.to_string())?
        .ok_or("not in the library")?;
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
