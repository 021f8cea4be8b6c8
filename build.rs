//! Says when the program was built, for the office: a clock that is behind that moment is wrong. And brings the font along.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where Debian's package `fonts-noto-core` has it; `KIOSK_FONTS` names another folder.
const FONTS: &str = "/usr/share/fonts/truetype/noto";

fn main() {
    bring_fonts();
    // Without it two MiB of the program are a table that its start reads and nobody after it (DT_RELR, glibc 2.36 or newer; a linker that
    // doesn't know it says so and goes on).
    println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=SOURCE_DATE_EPOCH");
    // What is built to be compared says itself when it was made (reproducible-builds.org, SOURCE_DATE_EPOCH).
    let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(given) => given.parse().expect("SOURCE_DATE_EPOCH is a number of seconds"),
        Err(_) => SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs()),
    };
    println!("cargo::rustc-env=BUILD_SECONDS={seconds}");
}

/// Copies the four faces to where the program includes them from.
fn bring_fonts() {
    println!("cargo::rerun-if-env-changed=KIOSK_FONTS");
    let folder = std::env::var_os("KIOSK_FONTS").map_or_else(|| PathBuf::from(FONTS), PathBuf::from);
    let out = std::env::var_os("OUT_DIR").expect("cargo says where to");
    for face in ["Regular", "Bold", "Italic", "BoldItalic"] {
        let font = folder.join(format!("NotoSans-{face}.ttf"));
        println!("cargo::rerun-if-changed={}", font.display());
        if let Err(error) = std::fs::copy(&font, Path::new(&out).join(format!("{face}.ttf"))) {
            println!(
                "cargo::error={} can't be read ({error}): install fonts-noto-core, or name its folder in KIOSK_FONTS",
                font.display()
            );
        }
    }
}
