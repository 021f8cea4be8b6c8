//! `office speak`: a text as it is read aloud, to be printed for the announcer or pasted into a machine voice.

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use chrono::Local;
use commune_kiosk::content::aloud::{self, Line};
use commune_kiosk::content::model::Said;
use commune_kiosk::content::source;
use commune_kiosk::content::vietnamese::spoken::Pronunciations;

use super::say;

/// The longest text that is read from the standard input, in bytes: an hour of speech has some 60,000.
const LONGEST: u64 = 1024 * 1024;

#[derive(clap::Args)]
pub struct Arguments {
    /// Mã của trang, chương trình hay thông báo, hoặc như của office audio add: page:MÃ/BƯỚC, question:MÃ; dấu - thì đọc chữ từ đầu vào chuẩn
    #[arg(value_name = "MÃ", help_heading = "Tham số")]
    id: String,
    /// Ghi số trước mỗi phần có thể thu riêng; chỉ cho bài viết như của office audio add
    #[arg(long, help_heading = "Tuỳ chọn")]
    parts: bool,
    /// Thư mục nội dung
    #[arg(long, value_name = "THƯ_MỤC", default_value = "content", help_heading = "Tuỳ chọn")]
    content: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut pronunciations = Pronunciations::default();
    let lines = if arguments.id == "-" {
        let mut text = String::new();
        std::io::stdin()
            .take(LONGEST + 1)
            .read_to_string(&mut text)
            .context("đầu vào không phải là chữ (UTF-8)")?;
        if text.len() as u64 > LONGEST {
            bail!("đầu vào dài quá {LONGEST} byte");
        }
        // Without a folder there is nothing that an author wants said otherwise.
        if arguments.content.is_dir() {
            pronunciations = source::pronunciations(&arguments.content);
        }
        vec![Line {
            voice: String::new(),
            text,
        }]
    } else {
        let checked = source::read(&arguments.content, Local::now().date_naive());
        let Some(content) = &checked.content else {
            say(&checked.report(false))?;
            bail!("nội dung còn lỗi: mời chạy office check");
        };
        pronunciations.clone_from(&checked.pronunciations);
        if arguments.parts {
            let parts = Said::parse(&arguments.id).and_then(|said| aloud::parts(content, said));
            let Some(parts) = parts else {
                bail!(
                    "không có bài nào là \"{}\" (page:MÃ, page:MÃ/BƯỚC, programme:MÃ, notice:MÃ, question:MÃ)",
                    arguments.id
                );
            };
            for (number, part) in (1..).zip(parts) {
                say(&format!("{number:02}\n"))?;
                for line in part.lines {
                    say(&format!("    {}\n", pronunciations.spoken(&line.text)))?;
                }
            }
            return Ok(ExitCode::SUCCESS);
        }
        let page = content.pages.iter().find(|page| page.id == arguments.id);
        let programme = content.programmes.iter().find(|programme| programme.id == arguments.id);
        let notice = content.notices.iter().find(|notice| notice.id == arguments.id);
        let said = Said::parse(&arguments.id).and_then(|said| aloud::said(content, said));
        match (page, programme, notice, said) {
            (Some(page), ..) => aloud::page(page),
            (_, Some(programme), ..) => aloud::programme(programme),
            (_, _, Some(notice), _) => aloud::notice(notice),
            (.., Some(said)) => said,
            (None, None, None, None) => bail!(
                "không có trang, chương trình hay thông báo nào có mã \"{}\"",
                arguments.id
            ),
        }
    };
    for Line { voice, text } in &lines {
        let voice = if voice.is_empty() {
            String::new()
        } else {
            format!("{voice}: ")
        };
        say(&format!("{voice}{}\n", pronunciations.spoken(text)))?;
    }
    Ok(ExitCode::SUCCESS)
}
