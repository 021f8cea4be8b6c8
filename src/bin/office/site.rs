//! `office site`: the content as a folder of web pages.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use chrono::Local;
use commune_kiosk::office::publish::site::{Base, Site};

use super::{check, finish, say};

#[derive(clap::Args)]
pub struct Arguments {
    /// Thư mục nội dung
    #[arg(value_name = "THƯ_MỤC", default_value = "content", help_heading = "Tham số")]
    dir: PathBuf,
    /// Thư mục mới sẽ ghi ra
    #[arg(short, long, value_name = "THƯ_MỤC", help_heading = "Tuỳ chọn")]
    output: PathBuf,
    /// Địa chỉ trang sẽ nằm, ví dụ <https://xa.haiphong.gov.vn/kiosk>; nếu không nêu thì là mục site của commune.toml
    #[arg(long, value_name = "ĐỊA_CHỈ", help_heading = "Tuỳ chọn")]
    base: Option<String>,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    // Who mistypes it hears so before anything else.
    let mut base = arguments.base.as_deref().map(Base::parse).transpose()?;
    let checked = check(&arguments.dir);
    let Some(content) = &checked.content else {
        say("Nội dung còn lỗi nên chưa làm trang web.\n")?;
        return Ok(finish(&checked));
    };
    let site = content.commune.get("site").filter(|site| !site.is_empty());
    if let (None, Some(site)) = (&base, site) {
        base = Some(Base::parse(site).context("mục site của commune.toml")?);
    }
    let pages = Site::of(content, base.as_ref(), Local::now().date_naive())?;
    pages.write(&arguments.output)?;
    let bytes: usize = pages.files().values().map(|bytes| bytes.len()).sum();
    say(&format!(
        "Đã ghi {} tệp, {} KB vào {}; mở tệp index.html để xem\n",
        pages.files().len(),
        bytes.div_ceil(1024),
        arguments.output.display()
    ))?;
    if base.is_none() {
        say("Chưa nêu địa chỉ (--base, hoặc mục site của commune.toml) nên chưa có sitemap.xml và rss.xml\n")?;
    }
    Ok(finish(&checked))
}
