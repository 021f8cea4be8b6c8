//! `office packs`: packs for kiosks that fetch them, without a browser.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use chrono::Local;
use clap::Subcommand;
use commune_kiosk::bundle::Trust;
use commune_kiosk::office::packs::{self, Brought};

use super::{Db, HELP, keys, say};

#[derive(Subcommand)]
pub enum Command {
    /// Đưa một gói đã ký vào văn phòng và phát hành cho các máy có mạng
    #[command(help_template = HELP)]
    Add {
        #[command(flatten)]
        db: Db,
        /// Tệp .kpack
        #[arg(value_name = "TỆP", help_heading = "Tham số")]
        pack: PathBuf,
        /// Thư mục chứa các gói, như của office serve
        #[arg(
            long,
            value_name = "THƯ_MỤC",
            default_value = "office-packs",
            help_heading = "Tuỳ chọn"
        )]
        packs: PathBuf,
        /// Tệp .pub của văn phòng, để kiểm tra chữ ký
        #[arg(long, value_name = "TỆP", help_heading = "Tuỳ chọn")]
        key: PathBuf,
    },
    /// Xoá tệp của một gói không còn phát hành, để lấy chỗ; tên các bài trong gói vẫn được nhớ
    #[command(help_template = HELP)]
    Remove {
        #[command(flatten)]
        db: Db,
        /// Mã của gói, như trong danh sách
        #[arg(value_name = "GÓI", help_heading = "Tham số")]
        id: String,
        /// Ấn bản
        #[arg(value_name = "SỐ", help_heading = "Tham số")]
        edition: u64,
        /// Thư mục chứa các gói, như của office serve
        #[arg(
            long,
            value_name = "THƯ_MỤC",
            default_value = "office-packs",
            help_heading = "Tuỳ chọn"
        )]
        packs: PathBuf,
    },
    /// Liệt kê các gói
    #[command(help_template = HELP)]
    List {
        #[command(flatten)]
        db: Db,
    },
}

pub async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Add {
            db,
            pack,
            packs: folder,
            key,
        } => {
            let store = db.open().await?;
            let trust = Trust::of(keys::public(&key)?);
            fs::create_dir_all(&folder).with_context(|| format!("không tạo được thư mục {}", folder.display()))?;
            // A copy in that folder, so that the file can be put in its place in one step.
            let copy = tempfile::Builder::new()
                .prefix(".upload-")
                .tempfile_in(&folder)?
                .into_temp_path();
            fs::copy(&pack, &copy).with_context(|| format!("không đọc được {}", pack.display()))?;
            let brought = packs::bring(&store, &copy, &folder, &trust, Local::now().timestamp()).await;
            let pack = match brought.map_err(|error| anyhow::anyhow!(error.for_staff()))? {
                Brought::Taken(pack) => pack,
                Brought::There(pack) if pack.offered => bail!(
                    "văn phòng đã có rồi: ấn bản {} của {} đang phát hành",
                    pack.sequence,
                    pack.id
                ),
                Brought::There(pack) => {
                    println!("Văn phòng đã có rồi, trước đây chưa phát hành");
                    pack
                }
            };
            store.offer(&pack.id, pack.sequence, true).await?;
            println!(
                "Đang phát hành {}: ấn bản {} của {}",
                pack.title, pack.sequence, pack.id
            );
        }
        Command::Remove {
            db,
            id,
            edition,
            packs: folder,
        } => {
            let removed = packs::remove(&db.open().await?, &folder, (&id, edition)).await;
            if !removed.map_err(|error| anyhow::anyhow!(error.for_staff()))? {
                bail!("văn phòng không có ấn bản {edition} của {id}");
            }
            println!("Đã xoá tệp của {id}, ấn bản {edition}");
        }
        Command::List { db } => {
            let mut lines = String::new();
            for pack in db.open().await?.packs().await? {
                let state = if pack.offered {
                    "đang phát hành"
                } else {
                    "không phát hành"
                };
                writeln!(lines, "{}\t{}\t{state}\t{}", pack.id, pack.sequence, pack.title)?;
            }
            say(&lines)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
