//! Any bytes as a picture: what is made ready can be drawn, and is ready.

#![no_main]

use commune_kiosk::content::media::{self, Use};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for purpose in [Use::Picture, Use::Icon] {
        if let Ok(ready) = media::prepare(bytes, purpose) {
            media::draw(&ready, 400, 300).expect("what is ready can be drawn");
            let _ = media::can_be_tinted(&ready);
        }
    }
});
