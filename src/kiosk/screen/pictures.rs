//! The global `Media`: pictures of the content, icons and QR codes, drawn once at the size they are shown, and kept.
//!
//! A photograph takes longer than a frame, so the frame is painted first, and the photograph in the next one. In the place of what
//! can't be drawn the screen shows words; the log says why.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use image::{Pixel, RgbImage, RgbaImage};
use qrcode::{EcLevel, QrCode};
use slint::{ComponentHandle, Image, Rgb8Pixel, Rgba8Pixel, SharedPixelBuffer, Timer, TimerMode, Weak};

use super::ui;
use crate::content::library::Library;
use crate::content::media::{self, Unfit};

/// How many bytes of drawn pictures are kept: some fifteen of the largest frames of a screen of 1280 x 800. Memory on the Pi is short.
const MOST_KEPT: usize = 8 * 1024 * 1024;

/// A frame at 60 a second: any sooner, and the timer would fire before the frame is painted.
const NEXT_FRAME: Duration = Duration::from_millis(17);

/// The pictures shown lately.
#[derive(Default)]
pub struct Pictures {
    library: RefCell<Option<Rc<Library>>>,
    kept: RefCell<Kept>,
    /// Photographs that wait for the frame to be painted.
    waiting: RefCell<Vec<Key>>,
    after_the_frame: Timer,
}

/// What was drawn: which picture, in which frame.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// By file name, width and height.
    Picture(String, u32, u32),
    /// By file name and side.
    SectionIcon(String, u32),
    /// By name and side.
    Sign(String, u32),
}

/// Pictures as drawn, and how many bytes they have.
#[derive(Default)]
struct Kept {
    images: BTreeMap<Key, Image>,
    bytes: usize,
}

impl Kept {
    /// Keeps one more. If there is no room, all other pictures are forgotten: what is on the screen keeps itself. Icons are few and
    /// small, and on every screen.
    fn keep(&mut self, key: Key, image: Image, bytes: usize) {
        if self.bytes + bytes > MOST_KEPT {
            self.forget_pictures();
        }
        if !matches!(key, Key::Sign(..)) {
            self.bytes += bytes;
        }
        self.images.insert(key, image);
    }

    fn forget_pictures(&mut self) {
        self.images.retain(|key, _| matches!(key, Key::Sign(..)));
        self.bytes = 0;
    }
}

impl Pictures {
    /// Takes pictures from this library from now on, and forgets all others: they may have the same names.
    pub fn set_library(&self, app: &ui::App, library: Option<Rc<Library>>) {
        *self.library.borrow_mut() = library;
        self.kept.borrow_mut().forget_pictures();
        let global = app.global::<ui::Media>();
        global.set_edition(global.get_edition().wrapping_add(1));
    }

    fn image(&self, key: Key) -> Image {
        if let Some(image) = self.kept.borrow().images.get(&key) {
            return image.clone();
        }
        self.draw_and_keep(key)
    }

    fn draw_and_keep(&self, key: Key) -> Image {
        let (image, bytes) = self.draw(&key).unwrap_or_else(|why| {
            let (Key::Picture(name, ..) | Key::SectionIcon(name, _) | Key::Sign(name, _)) = &key;
            tracing::error!("picture {name}: {why}");
            (Image::from_rgb8(SharedPixelBuffer::new(1, 1)), 0)
        });
        self.kept.borrow_mut().keep(key, image.clone(), bytes);
        image
    }

    /// A picture of the content: at once if it is kept or a drawing, in the next frame if it is a photograph.
    fn picture(self: &Rc<Self>, app: &Weak<ui::App>, key: Key) -> Image {
        let Key::Picture(name, ..) = &key else {
            return self.image(key);
        };
        let is_kept = self.kept.borrow().images.contains_key(&key);
        if is_kept || self.read(name).is_ok_and(|bytes| media::is_drawing(&bytes)) {
            return self.image(key);
        }
        self.waiting.borrow_mut().push(key);
        let (pictures, app) = (self.clone(), app.clone());
        self.after_the_frame.start(TimerMode::SingleShot, NEXT_FRAME, move || {
            for key in pictures.waiting.take() {
                pictures.draw_and_keep(key);
            }
            if let Some(app) = app.upgrade() {
                let global = app.global::<ui::Media>();
                global.set_drawn(global.get_drawn().wrapping_add(1));
            }
        });
        Image::default()
    }

    fn draw(&self, key: &Key) -> Result<(Image, usize), String> {
        let said = |why: Unfit| why.to_string();
        match key {
            Key::Picture(name, width, height) => media::draw(&self.read(name)?, *width, *height)
                .map(|drawn| opaque(&drawn))
                .map_err(said),
            Key::SectionIcon(name, side) => media::draw_icon(&self.read(name)?, *side, *side)
                .map(|drawn| shape(&drawn))
                .map_err(said),
            Key::Sign(name, side) => {
                let (_, svg) = SIGNS.iter().find(|(known, _)| known == name).ok_or("no such icon")?;
                media::draw_icon(svg, *side, *side)
                    .map(|drawn| shape(&drawn))
                    .map_err(said)
            }
        }
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        let library = self.library.borrow();
        let library = library.as_ref().ok_or("there is no library")?;
        let bytes = library.media(name).map_err(|error| error.to_string())?;
        bytes.ok_or_else(|| "not in the library".to_owned())
    }
}

/// Answers the screen's questions for pictures.
pub(super) fn connect(app: &ui::App, pictures: &Rc<Pictures>) {
    let media = app.global::<ui::Media>();
    let weak = app.as_weak();
    let pixels = move |length: f32| {
        let scale = weak.upgrade().map_or(1.0, |app| app.window().scale_factor());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped")]
        let pixels = (length * scale).round().clamp(0.0, 4096.0) as u32;
        pixels
    };
    let (drawn, side) = (pictures.clone(), pixels.clone());
    let weak = app.as_weak();
    media.on_picture(move |_, _, name, width, height| match (side(width), side(height)) {
        // Not laid out yet.
        (0, _) | (_, 0) => Image::default(),
        (width, height) => drawn.picture(&weak, Key::Picture(name.into(), width, height)),
    });
    let (drawn, side) = (pictures.clone(), pixels.clone());
    media.on_section_icon(move |_, name, length| match (side(length), name.is_empty()) {
        (0, _) | (_, true) => Image::default(),
        (side, _) => drawn.image(Key::SectionIcon(name.into(), side)),
    });
    let drawn = pictures.clone();
    media.on_sign(move |name, length| match (pixels(length), name.is_empty()) {
        (0, _) | (_, true) => Image::default(),
        (side, _) => drawn.image(Key::Sign(name.into(), side)),
    });
}

/// Without transparency nothing has to be mixed when it is painted.
fn opaque(drawn: &RgbImage) -> (Image, usize) {
    let mut pixels = SharedPixelBuffer::<Rgb8Pixel>::new(drawn.width(), drawn.height());
    for (to, from) in pixels.make_mut_slice().iter_mut().zip(drawn.pixels()) {
        let [r, g, b] = from.0;
        *to = Rgb8Pixel { r, g, b };
    }
    (Image::from_rgb8(pixels), drawn.as_raw().len())
}

/// Only the shape: the screen gives it its colour.
fn shape(drawn: &RgbaImage) -> (Image, usize) {
    let mut pixels = SharedPixelBuffer::<Rgba8Pixel>::new(drawn.width(), drawn.height());
    for (to, from) in pixels.make_mut_slice().iter_mut().zip(drawn.pixels()) {
        let [r, g, b, a] = from.to_rgba().0;
        *to = Rgba8Pixel { r, g, b, a };
    }
    (Image::from_rgba8(pixels), drawn.as_raw().len())
}

macro_rules! signs {
    ($($name:literal)*) => {
        [$(($name, include_bytes!(concat!("../../../ui/icons/", $name, ".svg")).as_slice()),)*]
    };
}

/// The icons of the interface.
const SIGNS: [(&str, &[u8]); 28] = signs!(
    "back" "box-checked" "box-empty" "calendar" "check" "clock" "coin" "contact" "contrast" "delete" "down" "face-happy"
    "face-neutral" "face-sad" "home" "keyboard" "list" "next" "note" "people" "phone" "place" "qr" "quiz" "search" "staff" "up"
    "warning"
);

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_of_the_interface_can_be_drawn() {
        let pictures = Pictures::default();
        for (name, _) in SIGNS {
            let (image, bytes) = pictures.draw(&Key::Sign(name.to_owned(), 40)).expect(name);
            assert!(image.size().width == 40 && bytes == 40 * 40 * 4, "{name}");
        }
    }

    #[test]
    fn what_is_kept_has_a_budget_in_bytes() {
        let mut kept = Kept::default();
        for side in 0..100 {
            kept.keep(
                Key::Picture(String::new(), side, side),
                Image::default(),
                MOST_KEPT / 10,
            );
            kept.keep(Key::Sign("home".to_owned(), 40), Image::default(), 6400);
            assert!(kept.bytes <= MOST_KEPT && kept.images.len() <= 11);
            assert!(kept.images.contains_key(&Key::Sign("home".to_owned(), 40)));
        }
    }
}
