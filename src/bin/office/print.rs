//! `office print`, `office cards`: pages of the content on paper and on a wall, and pictures of them to send on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use chrono::{Local, NaiveDate};
use clap::builder::PossibleValuesParser;
use commune_kiosk::content::source::Checked;
use commune_kiosk::files::Files;
use commune_kiosk::office::publish::paper::{self, Form};

use super::{audio, say};

#[derive(clap::Args)]
pub struct Arguments {
    /// Làm gì: tờ rơi A4 gấp ba, tờ rơi A5, hai tờ A5 trên một tờ A4, áp phích A3 hay A4, bài trình chiếu, tài liệu lớp học, lời phát thanh, phiếu cán bộ duyệt
    #[arg(value_name = "LOẠI", value_parser = PossibleValuesParser::new(Form::ALL.map(Form::name)), help_heading = "Tham số")]
    form: String,
    /// Thư mục nội dung
    #[arg(value_name = "THƯ_MỤC", help_heading = "Tham số")]
    dir: PathBuf,
    /// Mã của trang, thông báo hay chương trình; ghi nhiều mã thì in nhiều bài vào một tệp
    #[arg(value_name = "MÃ", required = true, help_heading = "Tham số")]
    pages: Vec<String>,
    /// Tệp PDF sẽ ghi ra
    #[arg(short, long, value_name = "TỆP", help_heading = "Tuỳ chọn")]
    output: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let checked = audio::read(&arguments.dir)?;
    let Checked {
        content: Some(content),
        pronunciations,
        ..
    } = &checked
    else {
        return Ok(ExitCode::FAILURE);
    };
    let Some(form) = Form::ALL.into_iter().find(|form| form.name() == arguments.form) else {
        bail!("không có loại \"{}\"", arguments.form);
    };
    let pdf = paper::pdf(content, pronunciations, form, &arguments.pages, today())?;
    write(&arguments.output, &pdf)?;
    Ok(ExitCode::SUCCESS)
}

#[derive(clap::Args)]
pub struct Cards {
    /// Thư mục nội dung
    #[arg(value_name = "THƯ_MỤC", help_heading = "Tham số")]
    dir: PathBuf,
    /// Mã của trang, thông báo, chương trình hay việc trong lịch; tháng, ví dụ 2026-12, thì làm hình lịch của tháng ấy
    #[arg(value_name = "MÃ", required = true, help_heading = "Tham số")]
    pages: Vec<String>,
    /// Thư mục sẽ ghi ra
    #[arg(short, long, value_name = "THƯ_MỤC", help_heading = "Tuỳ chọn")]
    output: PathBuf,
}

pub fn cards(arguments: &Cards) -> Result<ExitCode> {
    let checked = audio::read(&arguments.dir)?;
    let Some(content) = &checked.content else {
        return Ok(ExitCode::FAILURE);
    };
    let mut made = Vec::new();
    for id in &arguments.pages {
        made.extend(paper::cards(content, id, today())?);
    }
    let folder = &arguments.output;
    fs::create_dir_all(folder).with_context(|| format!("không tạo được thư mục {}", folder.display()))?;
    for card in made {
        write(&folder.join(&card.name), &card.bytes)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if path.exists() && !path.is_file() {
        bail!("{} không phải là tệp; hãy ghi tên một tệp mới", path.display());
    }
    let done = if path.exists() { "Đã ghi đè" } else { "Đã ghi" };
    let written = Files::default().write(path, bytes);
    written.with_context(|| format!("không ghi được {}", path.display()))?;
    say(&format!("{done} {}\n", path.display()))
}

fn today() -> NaiveDate {
    Local::now().date_naive()
}
