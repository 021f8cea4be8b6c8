//! Says when the program was built, for the office: a clock that is behind that moment is wrong.

use std::time::{SystemTime, UNIX_EPOCH};

fn main() {
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
