//! Any text as the body of a guide.

#![no_main]

use libfuzzer_sys::fuzz_target;

mod page;

const HEAD: &str = "+++\nkind = \"guide\"\ntitle = \"Bài\"\nsummary = \"Câu.\"\nupdated = 2026-11-22\nreview_by = 2099-01-01\nsources = [\"Luật\"]\nwho = \"Ai\"\nprepare = [\"Giấy\"]\ncost = \"Không\"\ntime = \"Ngay\"\nplace = \"Xã\"\n+++\n## Bước\n\n";

fuzz_target!(|text: &str| page::check(&[HEAD, text].concat()));
