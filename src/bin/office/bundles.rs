//! `office bundles`: a bundle of counts is taken out of the sums or put back, a gap is closed.

use std::process::ExitCode;

use anyhow::{Result, bail};
use chrono::Local;
use clap::Subcommand;
use commune_kiosk::office::receive;
use commune_kiosk::office::store::{By, Deed, LONGEST_WHY, Store, What, reason};

use super::{Db, HELP};

/// Who does what is typed here: nobody is signed in.
const WHOM: &str = "dòng lệnh";

/// Why something is put right.
#[derive(clap::Args)]
pub struct Why {
    /// Vì sao, để người sau đọc lại
    #[arg(long, value_name = "LÝ_DO", value_parser = written, help_heading = "Tuỳ chọn")]
    why: String,
}

fn written(why: &str) -> Result<String, String> {
    let words = || format!("lý do có từ 1 đến {LONGEST_WHY} chữ, trên một dòng");
    reason(why).map(ToOwned::to_owned).ok_or_else(words)
}

impl Why {
    /// It is done now, from here.
    pub fn by(&self) -> By<'_> {
        by(&self.why)
    }
}

fn by(why: &str) -> By<'_> {
    By {
        whom: WHOM,
        why,
        at: Local::now().timestamp(),
    }
}

/// Notes it where the pages' “Nhật ký” shows what was done.
pub async fn note(store: &Store, what: What, about: String) -> Result<()> {
    let (at, by) = (Local::now().timestamp_millis(), WHOM.to_owned());
    let what = what.called().to_owned();
    Ok(store.note_deed(&Deed { at, by, what, about }).await?)
}

#[derive(Subcommand)]
pub enum Command {
    /// Bỏ một gói ra khỏi số tổng. Gói vẫn được giữ, có thể đưa trở lại
    #[command(help_template = HELP)]
    Void {
        #[command(flatten)]
        db: Db,
        /// Mã số của máy
        #[arg(value_name = "MÁY", help_heading = "Tham số")]
        kiosk: String,
        /// Số của gói
        #[arg(value_name = "SỐ", help_heading = "Tham số")]
        number: u64,
        #[command(flatten)]
        why: Why,
    },
    /// Đưa một gói đã bỏ trở lại số tổng
    #[command(help_template = HELP)]
    Restore {
        #[command(flatten)]
        db: Db,
        /// Mã số của máy
        #[arg(value_name = "MÁY", help_heading = "Tham số")]
        kiosk: String,
        /// Số của gói
        #[arg(value_name = "SỐ", help_heading = "Tham số")]
        number: u64,
    },
    /// Đóng một chỗ thiếu: không chờ và không xin lại những gói đó nữa. Gói nào vẫn đến thì vẫn được nhận
    #[command(help_template = HELP)]
    Close {
        #[command(flatten)]
        db: Db,
        /// Mã số của máy
        #[arg(value_name = "MÁY", help_heading = "Tham số")]
        kiosk: String,
        /// Số đầu
        #[arg(value_name = "TỪ_SỐ", help_heading = "Tham số")]
        first: u64,
        /// Số cuối, nếu thiếu nhiều gói liền nhau
        #[arg(value_name = "ĐẾN_SỐ", help_heading = "Tham số")]
        last: Option<u64>,
        #[command(flatten)]
        why: Why,
    },
}

pub async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Void { db, kiosk, number, why } => {
            let store = db.open().await?;
            if !store.void(&kiosk, number, why.by(), receive::counts).await? {
                bail!("số tổng không có gói số {number} của {kiosk}");
            }
            note(&store, What::Void, format!("{kiosk}, gói {number}")).await?;
            println!("Đã bỏ gói số {number} của {kiosk} ra khỏi số tổng");
        }
        Command::Restore { db, kiosk, number } => {
            let store = db.open().await?;
            if !store.restore(&kiosk, number, by(""), receive::counts).await? {
                bail!("không có gói số {number} nào của {kiosk} đã bị bỏ");
            }
            note(&store, What::Restore, format!("{kiosk}, gói {number}")).await?;
            println!("Đã đưa gói số {number} của {kiosk} trở lại số tổng");
        }
        Command::Close {
            db,
            kiosk,
            first,
            last,
            why,
        } => {
            let last = last.unwrap_or(first);
            let store = db.open().await?;
            if !store.close_gap(&kiosk, (first, last), why.by()).await? {
                bail!("{kiosk} không thiếu gói nào từ số {first} đến số {last}");
            }
            note(&store, What::Close, format!("{kiosk}, gói {first} đến {last}")).await?;
            println!("Không chờ gói số {first} đến {last} của {kiosk} nữa");
        }
    }
    Ok(ExitCode::SUCCESS)
}
