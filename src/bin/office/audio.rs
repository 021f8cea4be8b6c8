//! `office audio`: voices that read pages aloud are taken into the author's folder, and what is still to be read is listed.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use chrono::Local;
use clap::Subcommand;
use commune_kiosk::content::aloud::{self, Line};
use commune_kiosk::content::model::{Content, Said};
use commune_kiosk::content::source::{self, Checked, Recorded};
use commune_kiosk::content::vietnamese::spoken::{Pronunciations, SYLLABLES_A_MINUTE};
use commune_kiosk::office::audio::{self, BETWEEN_PARTS, Converted, Oddity, Parts};

use super::taking::{self, Speaker, clock, everything, level, whole_seconds};
use super::{HELP, drafts, say};

#[derive(Subcommand)]
pub enum Command {
    /// Thêm một bài thu tiếng: cắt khoảng lặng hai đầu, chỉnh cho to đều, ghi vào thư mục recordings
    #[command(help_template = HELP)]
    Add(Addition),
    /// Liệt kê bài đã thu, bài phải thu lại, bài chưa thu
    #[command(help_template = HELP)]
    List {
        /// Thư mục nội dung
        #[arg(value_name = "THƯ_MỤC", default_value = "content", help_heading = "Tham số")]
        dir: PathBuf,
    },
    /// Giọng máy đọc thử mọi bài chưa có bài thu; bài do người đọc thì giữ nguyên
    #[command(help_template = HELP)]
    Voice(drafts::Arguments),
}

#[derive(clap::Args)]
pub struct Addition {
    /// Bài được đọc: page:MÃ, page:MÃ/BƯỚC, programme:MÃ, notice:MÃ, question:MÃ; hoặc chỉ mã của trang hay chương trình
    #[arg(value_name = "BÀI", help_heading = "Tham số")]
    what: String,
    /// Tệp âm thanh: wav, mp3, m4a, aac, ogg, opus hoặc flac; hoặc thư mục có mỗi phần của bài một tệp, 01.wav, 02.wav … (xem office speak --parts)
    #[arg(value_name = "TỆP", help_heading = "Tham số")]
    file: PathBuf,
    /// Người đọc, ví dụ "Chị Lan, cán bộ văn hoá"
    #[arg(long, value_name = "TÊN", help_heading = "Tuỳ chọn")]
    voice: String,
    /// Giấy đồng ý của người đọc, ví dụ "Giấy đồng ý ngày 20/11/2026, lưu ở văn phòng xã"
    #[arg(long, value_name = "GIẤY", help_heading = "Tuỳ chọn")]
    consent: String,
    /// Đây là giọng máy đọc
    #[arg(long, help_heading = "Tuỳ chọn")]
    machine: bool,
    /// Thư mục nội dung
    #[arg(value_name = "THƯ_MỤC", default_value = "content", help_heading = "Tham số")]
    dir: PathBuf,
}

pub fn run(command: &Command) -> Result<ExitCode> {
    match command {
        Command::Add(addition) => add(addition),
        Command::List { dir } => list(dir),
        Command::Voice(arguments) => drafts::run(arguments),
    }
}

/// Reads the folder; faults that are none of this command's business are left to `office check`.
pub(super) fn read(dir: &Path) -> Result<Checked> {
    let checked = source::read(dir, Local::now().date_naive());
    if checked.content.is_none() {
        say(&checked.report(false))?;
        bail!("nội dung còn lỗi: mời chạy office check");
    }
    Ok(checked)
}

fn add(addition: &Addition) -> Result<ExitCode> {
    let voice = one_line("--voice", &addition.voice)?;
    let agreed = one_line("--consent", &addition.consent)?;
    let checked = read(&addition.dir)?;
    let Some(content) = &checked.content else {
        return Ok(ExitCode::FAILURE);
    };
    let what = meant(content, &addition.what)?;
    let said = Said::parse(&what);
    let Some((said, parts)) = said.and_then(|said| Some((said, aloud::parts(content, said)?))) else {
        bail!("không có bài nào là \"{what}\" (page:MÃ, page:MÃ/BƯỚC, programme:MÃ, notice:MÃ, question:MÃ)");
    };
    let converted = if addition.file.is_dir() {
        joined(&addition.file, parts.len())
    } else {
        let converted = audio::convert(&addition.file);
        converted.with_context(|| format!("không dùng được {}", addition.file.display()))
    }?;
    let speaker = Speaker {
        voice: &voice,
        consent: &agreed,
        machine: addition.machine,
    };
    let opus = taking::take(
        &addition.dir,
        (said, &parts),
        &checked.pronunciations,
        &converted,
        speaker,
    )?;
    let lines: Vec<Line> = parts.into_iter().flat_map(|part| part.lines).collect();
    let expected = reading_seconds(&lines, &checked.pronunciations);
    say(&format!(
        "Đã thêm {}\n{}",
        opus.display(),
        summary(said, expected, &converted)
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// One recording of parts that were recorded each by itself.
fn joined(folder: &Path, all: usize) -> Result<Converted> {
    let files = audio::numbered(folder, all).with_context(|| folder.display().to_string())?;
    if files.is_empty() {
        bail!(
            "trong thư mục {} không có bài thu nào mang số (01.wav, 02.wav …)",
            folder.display()
        );
    }
    let mut parts = Parts::default();
    for file in files {
        parts.begin_part(BETWEEN_PARTS);
        let pushed = parts.push_file(&file);
        pushed.with_context(|| format!("không dùng được {}", file.display()))?;
    }
    Ok(parts.join()?.recording)
}

/// What somebody means who writes an id alone.
fn meant(content: &Content, what: &str) -> Result<String> {
    if what.contains(':') {
        return Ok(what.to_owned());
    }
    let id = what.split('/').next().unwrap_or_default();
    let page = content.pages.iter().any(|page| page.id == id);
    let programme = content.programmes.iter().any(|programme| programme.id == id);
    match (page, programme) {
        (true, true) => {
            bail!("có cả trang và chương trình mang mã \"{id}\": hãy viết page:{what} hoặc programme:{what}")
        }
        (true, false) => Ok(format!("page:{what}")),
        (false, true) => Ok(format!("programme:{what}")),
        (false, false) => bail!("không có trang hay chương trình nào có mã \"{id}\""),
    }
}

/// Words that stand in a line of TOML.
pub(super) fn one_line(option: &str, words: &str) -> Result<String> {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        bail!("{option} không được để trống");
    }
    if words.contains(char::is_control) || words.contains("{{") {
        bail!("{option} chỉ gồm chữ viết thường");
    }
    Ok(words)
}

fn summary(said: Said<'_>, expected: u32, converted: &Converted) -> String {
    let seconds = whole_seconds(converted);
    let mut summary = format!(
        "{said}: {}, {} KB; độ to trước {}, nay {}\n",
        clock(seconds),
        converted.opus.len().div_ceil(1024),
        level(converted.before),
        level(converted.after)
    );
    for oddity in &converted.oddities {
        summary.push_str(match oddity {
            Oddity::Clipped => "Cảnh báo: tiếng thu bị vỡ vì quá to. Nên thu lại, để máy xa miệng hơn.\n",
            Oddity::Faint => {
                "Cảnh báo: tiếng thu nhỏ quá, chỉnh to lên thì nghe rõ tiếng ồn. Nên thu lại, để máy gần miệng hơn.\n"
            }
        });
    }
    if seconds * 2 < expected || seconds > expected.saturating_mul(2).max(10) {
        let _ = writeln!(
            summary,
            "Cảnh báo: bài này đọc hết khoảng {}, bài thu dài {}. Hãy nghe lại xem có đúng bài không.",
            clock(expected),
            clock(seconds)
        );
    }
    summary.push_str("Hãy nghe thử tệp này trước khi đóng gói.\n");
    summary
}

fn list(dir: &Path) -> Result<ExitCode> {
    let checked = read(dir)?;
    let Some(content) = &checked.content else {
        return Ok(ExitCode::FAILURE);
    };
    let by_what: BTreeMap<&str, &Recorded> = checked.recordings.iter().map(|it| (it.of.as_str(), it)).collect();
    let mut groups: [(&str, String, u32); 3] = [
        ("Đã thu", String::new(), 0),
        ("Phải thu lại, vì bài đã sửa", String::new(), 0),
        ("Chưa thu", String::new(), 0),
    ];
    for said in everything(content) {
        let what = said.to_string();
        let lines = aloud::said(content, said).unwrap_or_default();
        let (group, line, seconds) = if let Some(recorded) = by_what.get(what.as_str()) {
            let machine = if recorded.machine { ", máy đọc" } else { "" };
            let line = format!("{}  {}{machine}", clock(recorded.seconds), recorded.voice);
            (usize::from(recorded.is_stale), line, recorded.seconds)
        } else {
            let seconds = reading_seconds(&lines, &checked.pronunciations);
            let title = lines.first().map_or("", |line| line.text.as_str());
            (2, format!("khoảng {}  {title}", clock(seconds)), seconds)
        };
        let (_, text, total) = &mut groups[group];
        let _ = writeln!(text, "  {what}  {line}");
        *total += seconds;
    }
    for (name, text, total) in groups {
        let count = text.lines().count();
        say(&format!("{name}: {count} bài, {} phút\n{text}", total.div_ceil(60)))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// How long somebody reads it.
fn reading_seconds(lines: &[Line], pronunciations: &Pronunciations) -> u32 {
    let syllables: usize = lines.iter().map(|line| pronunciations.syllables(&line.text)).sum();
    u32::try_from(syllables * 60 / SYLLABLES_A_MINUTE).unwrap_or(u32::MAX)
}
