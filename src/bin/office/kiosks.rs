//! `office kiosks`: which kiosks are listened to.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use chrono::{DateTime, Local};
use clap::Subcommand;
use commune_kiosk::bundle::PublicKey;
use commune_kiosk::office::receive::{self, Accepted, LONGEST_NAME};
use commune_kiosk::office::store::What;
use commune_kiosk::office::words;

use super::bundles::{self, Why};
use super::{Db, HELP, say};

#[derive(Subcommand)]
pub enum Command {
    /// Liệt kê máy đã duyệt, máy đã ngừng và máy đang chờ duyệt
    #[command(help_template = HELP)]
    List {
        #[command(flatten)]
        db: Db,
    },
    /// Duyệt một máy; trước đó hãy so sáu chữ của máy với người đứng ở máy. Máy chưa gửi gì thì được nhận ngay khi gửi lần đầu
    #[command(help_template = HELP)]
    Accept {
        #[command(flatten)]
        db: Db,
        /// Mã số hoặc sáu chữ của máy, trong ngoặc kép
        #[arg(value_name = "MÁY", help_heading = "Tham số")]
        kiosk: String,
        /// Tên gọi của máy, ví dụ "Sảnh UBND xã"
        #[arg(long, value_name = "TÊN", help_heading = "Tuỳ chọn")]
        name: String,
    },
    /// Bỏ máy lạ khỏi danh sách chờ duyệt: từ nay không nhận gì của máy đó, trừ khi có người duyệt
    #[command(help_template = HELP)]
    Dismiss {
        #[command(flatten)]
        db: Db,
        /// Mã số của máy
        #[arg(value_name = "MÁY", required_unless_present = "all", help_heading = "Tham số")]
        kiosk: Option<String>,
        /// Mọi máy đang chờ duyệt
        #[arg(long, conflicts_with = "kiosk", help_heading = "Tuỳ chọn")]
        all: bool,
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
    /// Xoá khỏi sổ một máy đã duyệt nhầm: mọi số liệu của máy đó ra khỏi số tổng, các gói bị xoá, lý do được ghi lại
    #[command(help_template = HELP)]
    Forget {
        #[command(flatten)]
        db: Db,
        /// Mã số của máy
        #[arg(value_name = "MÁY", help_heading = "Tham số")]
        kiosk: String,
        #[command(flatten)]
        why: Why,
    },
}

pub async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::List { db } => list(&db).await?,
        Command::Accept { db, kiosk, name } => {
            match receive::accept(&db.open().await?, &kiosk, &name, Local::now(), super::built()).await? {
                Accepted::Known(id) => println!("Đã duyệt {id}: {name}"),
                Accepted::Expected(who) => {
                    println!("Đã duyệt trước {who}: {name}. Máy chưa gửi gì, sẽ được nhận ngay khi gửi lần đầu");
                }
                Accepted::Nobody => {
                    bail!("“{kiosk}” không phải mã số (kiosk- và 16 chữ số, chữ cái) hay sáu chữ của một máy")
                }
                Accepted::NoName => bail!(words::no_name(LONGEST_NAME)),
            }
        }
        Command::Dismiss { db, kiosk, .. } => {
            let store = db.open().await?;
            match kiosk {
                Some(id) if !store.dismiss(&id).await? => bail!("không có máy {id} nào chờ duyệt"),
                Some(id) => println!("Đã bỏ {id}"),
                None => println!("Đã bỏ {} máy", store.dismiss_all(Local::now().timestamp()).await?),
            }
        }
        Command::Retire { db, kiosk } => {
            if !db.open().await?.retire(&kiosk, Local::now().timestamp()).await? {
                bail!("không có máy {kiosk}");
            }
            println!("Máy {kiosk} đã ngừng");
        }
        Command::Forget { db, kiosk, why } => {
            let store = db.open().await?;
            if !store.forget(&kiosk, why.by()).await? {
                bail!("không có máy {kiosk}");
            }
            bundles::note(&store, What::Forget, kiosk.clone()).await?;
            println!("Đã xoá {kiosk} khỏi sổ");
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
        let contact = kiosk
            .last_heard(Local::now())
            .map_or_else(|| "chưa gửi".to_owned(), day);
        let (stored, newest) = (kiosk.stored, kiosk.newest);
        let (id, name) = (kiosk.id, kiosk.name);
        writeln!(lines, "{state}\t{id}\t{name}\t{contact}\t{stored}/{newest} gói")?;
    }
    for unknown in store.unknown().await? {
        let words = PublicKey::from_base64(&unknown.public_key).map(|key| key.words())?;
        let (since, bundles) = (day(unknown.since), unknown.bundles);
        writeln!(lines, "chờ duyệt\t{}\t{words}\t{since}\t{bundles} gói", unknown.id)?;
    }
    for expected in store.expected().await? {
        let since = day(expected.since);
        writeln!(
            lines,
            "duyệt trước\t{}\t{}\t{since}\tchưa gửi",
            expected.who, expected.name
        )?;
    }
    for forgotten in store.forgotten().await? {
        let (day, why) = (day(forgotten.at), forgotten.why);
        writeln!(lines, "đã xoá\t{}\t{why}\t{day}\t{}", forgotten.kiosk, forgotten.whom)?;
    }
    say(&lines)
}
