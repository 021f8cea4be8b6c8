//! `office kiosks`: which kiosks are listened to.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use chrono::{DateTime, Local};
use clap::Subcommand;
use commune_kiosk::bundle::PublicKey;
use commune_kiosk::office::receive;

use super::{Db, HELP, say};

#[derive(Subcommand)]
pub enum Command {
    /// Liệt kê máy đã duyệt, máy đã ngừng và máy đang chờ duyệt
    #[command(help_template = HELP)]
    List {
        #[command(flatten)]
        db: Db,
    },
    /// Duyệt một máy; trước đó hãy so sáu chữ của máy với người đứng ở máy
    #[command(help_template = HELP)]
    Accept {
        #[command(flatten)]
        db: Db,
        /// Mã số của máy
        #[arg(value_name = "MÁY", help_heading = "Tham số")]
        kiosk: String,
        /// Tên gọi của máy, ví dụ "Sảnh UBND xã"
        #[arg(long, value_name = "TÊN", help_heading = "Tuỳ chọn")]
        name: String,
    },
    /// Cho một máy ngừng: từ nay không nhận số liệu của máy đó
    #[command(help_template = HELP)]
    Retire {
        #[command(flatten)]
        db: Db,
        /// Mã số của máy
        #[arg(value_name = "MÁY", help_heading = "Tham số")]
        kiosk: String,
    },
}

pub async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::List { db } => list(&db).await?,
        Command::Accept { db, kiosk, name } => {
            if !receive::accept(&db.open().await?, &kiosk, &name, Local::now(), super::built()).await? {
                bail!("chưa có số liệu nào của máy {kiosk} đến đây");
            }
            println!("Đã duyệt {kiosk}: {name}");
        }
        Command::Retire { db, kiosk } => {
            if !db.open().await?.retire(&kiosk).await? {
                bail!("không có máy {kiosk}");
            }
            println!("Máy {kiosk} đã ngừng");
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(db: &Db) -> Result<()> {
    let store = db.open().await?;
    let day = |seconds| {
        let moment = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        moment.with_timezone(&Local).format("%d/%m/%Y").to_string()
    };
    let mut lines = String::new();
    for kiosk in store.kiosks().await? {
        let state = if kiosk.retired { "đã ngừng" } else { "đã duyệt" };
        let contact = kiosk.last_contact.map_or_else(|| "chưa gửi".to_owned(), day);
        let (stored, newest) = (kiosk.stored, kiosk.newest);
        let (id, name) = (kiosk.id, kiosk.name);
        writeln!(lines, "{state}\t{id}\t{name}\t{contact}\t{stored}/{newest} gói")?;
    }
    for unknown in store.unknown().await? {
        let words = PublicKey::from_base64(&unknown.public_key).map(|key| key.words())?;
        let (since, bundles) = (day(unknown.since), unknown.bundles);
        writeln!(lines, "chờ duyệt\t{}\t{words}\t{since}\t{bundles} gói", unknown.id)?;
    }
    say(&lines)
}
