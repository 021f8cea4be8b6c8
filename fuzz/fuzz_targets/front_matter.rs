//! Any text as the front matter of a page.

#![no_main]

use libfuzzer_sys::fuzz_target;

mod page;

fuzz_target!(|text: &str| page::check(&format!("+++\n{text}\n+++\n## Bước\n\nLàm.\n")));
