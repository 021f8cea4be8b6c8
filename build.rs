//! Says when the program was built, for the office: a clock that is behind that moment is wrong.

use std::time::{SystemTime, UNIX_EPOCH};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=SOURCE_DATE_EPOCH");
    // What is built to be compared says itself when it was made (reproducible-builds.org, SOURCE_DATE_EPOCH).
    let seconds = std::env::var("SOURCE_DATE_EPOCH").unwrap_or_else(|_| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |since| since.as_secs()).to_string()
    });
    println!("cargo::rustc-env=BUILD_SECONDS={seconds}");
}
