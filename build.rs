//! Says when the program was built, for the office: a clock that is behind that moment is wrong. And brings the fonts along.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// Where Debian's package `fonts-noto-core` has it; `KIOSK_FONTS` names another folder.
const FONTS: &str = "/usr/share/fonts/truetype/noto";

/// Where Debian's package `fonts-texgyre` has what reports are printed in; `OFFICE_FONTS` names another folder.
const SERIF: &str = "/usr/share/texmf/fonts/opentype/public/tex-gyre";

fn main() {
    bring_fonts();
    // Without it two MiB of the program are a table that its start reads and nobody after it (DT_RELR, glibc 2.36 or newer; a linker that
    // doesn't know it says so and goes on).
    println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    // Fewer pages of the program are touched: the file says why. The benchmarks measure the program as it is.
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("cargo says where this is");
    println!("cargo::rerun-if-changed=touched.ld");
    println!("cargo::rustc-link-arg-bins=-Wl,-T,{folder}/touched.ld");
    println!("cargo::rustc-link-arg-benches=-Wl,-T,{folder}/touched.ld");
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

/// Copies faces to where the program includes them from: four for all, four more for what is printed.
fn bring_fonts() {
    let faces = ["Regular", "Bold", "Italic", "BoldItalic"];
    let sans = faces.map(|face| (format!("NotoSans-{face}.ttf"), format!("{face}.ttf")));
    bring("KIOSK_FONTS", FONTS, "fonts-noto-core", sans);
    if std::env::var_os("CARGO_FEATURE_PRINT").is_some() {
        let serif = faces.map(|face| format!("texgyretermes-{}.otf", face.to_lowercase()));
        bring(
            "OFFICE_FONTS",
            SERIF,
            "fonts-texgyre",
            serif.map(|file| (file.clone(), file)),
        );
    }
}

/// Copies files from the folder that a variable names, or from where a package of Debian has them.
fn bring(variable: &str, usual: &str, package: &str, files: [(String, String); 4]) {
    println!("cargo::rerun-if-env-changed={variable}");
    let folder = std::env::var_os(variable).map_or_else(|| PathBuf::from(usual), PathBuf::from);
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo says where to"));
    for (file, name) in files {
        let font = folder.join(file);
        println!("cargo::rerun-if-changed={}", font.display());
        if let Err(error) = std::fs::copy(&font, out.join(name)) {
            println!(
                "cargo::error={} can't be read ({error}): install {package}, or name its folder in {variable}",
                font.display()
            );
        }
    }
}
