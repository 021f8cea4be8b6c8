//! `office report`: the report of a period as a file.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use chrono::{Local, NaiveDate};
use clap::ValueEnum;
use commune_kiosk::files::Files;
#[cfg(feature = "print")]
use commune_kiosk::office::publish::paper;
use commune_kiosk::office::report::Period;
use commune_kiosk::office::reporting;

use super::Db;

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    db: Db,
    /// Ngày đầu của kỳ báo cáo, ví dụ 2026-10-01
    #[arg(long, value_name = "NGÀY", help_heading = "Tuỳ chọn")]
    from: NaiveDate,
    /// Ngày cuối của kỳ báo cáo, ví dụ 2026-10-31
    #[arg(long, value_name = "NGÀY", help_heading = "Tuỳ chọn")]
    to: NaiveDate,
    /// Dạng tệp: html để xem, pdf để in và ký, docx để sửa bằng Word, xlsx cho Excel, csv cho chương trình khác
    #[arg(
        long,
        value_name = "DẠNG",
        default_value = "html",
        hide_possible_values = true,
        help_heading = "Tuỳ chọn"
    )]
    format: Format,
    /// Chỉ báo cáo về một máy, theo mã số của máy
    #[arg(long, value_name = "MÁY", help_heading = "Tuỳ chọn")]
    kiosk: Option<String>,
    /// Tệp sẽ ghi ra; nếu không nêu thì đặt tên theo kỳ báo cáo
    #[arg(short, long, value_name = "TỆP", help_heading = "Tuỳ chọn")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Html,
    #[cfg(feature = "print")]
    Pdf,
    #[cfg(feature = "print")]
    Docx,
    Xlsx,
    Csv,
}

pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let Some(period) = Period::spanning(arguments.from, arguments.to) else {
        bail!("ngày đầu phải trước ngày cuối, và kỳ báo cáo dài nhất là mười năm");
    };
    let store = arguments.db.open().await?;
    let titles = store.titles().await?;
    let today = Local::now().date_naive();
    let kiosk = arguments.kiosk.as_deref();
    let Some(report) = reporting::report(&store, &titles, period, kiosk, today).await? else {
        bail!("không có máy {}", kiosk.unwrap_or_default());
    };
    let (ending, bytes) = match arguments.format {
        Format::Html => ("html", report.html().into_string().into_bytes()),
        #[cfg(feature = "print")]
        Format::Pdf => ("pdf", paper::report::pdf(&report)?),
        #[cfg(feature = "print")]
        Format::Docx => ("docx", paper::report::docx(&report)?),
        Format::Xlsx => ("xlsx", report.xlsx()?),
        Format::Csv => ("csv", report.csv().into_bytes()),
    };
    let named = || PathBuf::from(format!("{}.{ending}", report.file_name()));
    let output = arguments.output.unwrap_or_else(named);
    Files::default()
        .write(&output, &bytes)
        .with_context(|| format!("không ghi được {}", output.display()))?;
    println!("Đã ghi báo cáo {} vào {}", period.name(), output.display());
    Ok(ExitCode::SUCCESS)
}
