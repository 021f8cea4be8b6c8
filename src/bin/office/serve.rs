//! `office serve`: the server, from its arguments.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::Local;
use commune_kiosk::bundle::Trust;
use commune_kiosk::office::serve::{self, Limits, Options};

use super::{Db, keys};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    db: Db,
    /// Địa chỉ và cổng để nghe. Nếu có proxy (nginx, Caddy) thì đặt proxy trên cùng máy này, giữ 127.0.0.1 và thêm --behind-proxy:
    /// một địa chỉ khác chỉ được 50 yêu cầu cùng lúc và 1200 yêu cầu mỗi phút, đủ cho một máy nhưng có thể thiếu cho một proxy chung
    #[arg(
        long,
        value_name = "ĐỊA_CHỈ",
        default_value = "127.0.0.1:8080",
        help_heading = "Tuỳ chọn"
    )]
    listen: SocketAddr,
    /// Có proxy trên cùng máy này nhận HTTPS rồi chuyển tới đây. Địa chỉ người gửi được đọc ở X-Forwarded-For do proxy ghi, cookie chỉ
    /// đi qua HTTPS
    #[arg(long, conflicts_with = "tls_cert", help_heading = "Tuỳ chọn")]
    behind_proxy: bool,
    /// Tệp .key của máy chủ, để ký biên nhận
    #[arg(long, value_name = "TỆP", help_heading = "Tuỳ chọn")]
    key: PathBuf,
    /// Tệp .pub của khoá ký nội dung, nếu nội dung được ký bằng khoá khác, cất ở nơi khác; nhiều nhất hai tệp. Không nêu thì nội dung cũng
    /// ký bằng khoá của máy chủ
    #[arg(long = "content-key", value_name = "TỆP", help_heading = "Tuỳ chọn")]
    content_keys: Vec<PathBuf>,
    /// Thư mục chứa các gói nội dung đã tải lên
    #[arg(
        long,
        value_name = "THƯ_MỤC",
        default_value = "office-packs",
        help_heading = "Tuỳ chọn"
    )]
    packs: PathBuf,
    /// Chứng chỉ TLS (PEM)
    #[arg(long, value_name = "TỆP", requires = "tls_key", help_heading = "Tuỳ chọn")]
    tls_cert: Option<PathBuf>,
    /// Khoá của chứng chỉ TLS (PEM)
    #[arg(long, value_name = "TỆP", requires = "tls_cert", help_heading = "Tuỳ chọn")]
    tls_key: Option<PathBuf>,
}

pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let key = keys::read(&arguments.key)?;
    let trust = if arguments.content_keys.is_empty() {
        Trust::of(key.public()?)
    } else {
        let known = arguments.content_keys.iter().map(|file| keys::public(file));
        Trust::new(known.collect::<Result<_>>()?)?
    };
    let store = Arc::new(arguments.db.open_for_server().await?);
    let listener =
        TcpListener::bind(arguments.listen).with_context(|| format!("không nghe được ở {}", arguments.listen))?;
    let tls = arguments.tls_cert.zip(arguments.tls_key);
    let scheme = if tls.is_some() { "https" } else { "http" };
    // The port may have been 0.
    println!("Đang chạy tại {scheme}://{}", listener.local_addr()?);
    // Who forgets to set the machine's zone sees it here before the first of a month.
    tracing::info!("it is {} here", Local::now().format("%d/%m/%Y %H:%M, %:z"));
    let options = Options {
        listener,
        tls,
        behind_proxy: arguments.behind_proxy,
        folder: arguments.packs,
        key,
        trust,
        limits: Limits::default(),
        now: Local::now,
        built: super::built(),
    };
    serve::run(store, options).await?;
    Ok(ExitCode::SUCCESS)
}
