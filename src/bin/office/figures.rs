//! `office figures`: whether the sums are what the bundles say, and making them so.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use commune_kiosk::office::receive;
use commune_kiosk::office::store::{Fault, Store};

use super::{Db, HELP, say};

#[derive(Subcommand)]
pub enum Command {
    /// Tính lại mọi số tổng từ các gói đã nhận rồi so từng ô, in ra chỗ khác; mã thoát là 1 nếu có chỗ khác
    #[command(help_template = HELP)]
    Verify {
        #[command(flatten)]
        db: Db,
    },
    /// Tính lại mọi số tổng từ các gói đã nhận và ghi lại chỗ sai; máy chủ vẫn chạy được
    #[command(help_template = HELP)]
    Rebuild {
        #[command(flatten)]
        db: Db,
    },
}

pub async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Verify { db } => verify(&db.open().await?).await,
        Command::Rebuild { db } => {
            let rebuilt = db.open().await?.rebuild(receive::counts).await?;
            let faults = rebuilt.faults.len();
            say(&lines(&rebuilt.faults)?)?;
            println!("Đã ghi lại {} dòng số tổng, {faults} chỗ chưa sửa được", rebuilt.rows);
            Ok(ExitCode::from(u8::from(faults > 0)))
        }
    }
}

/// Says what is wrong with the sums; fails if anything is.
///
/// # Errors
/// The database does not answer.
pub async fn verify(store: &Store) -> Result<ExitCode> {
    let faults = store.verify(receive::counts).await?;
    say(&lines(&faults)?)?;
    if faults.is_empty() {
        println!("Mọi số tổng khớp với các gói đã nhận");
    } else {
        println!("{} chỗ không khớp", faults.len());
    }
    Ok(ExitCode::from(u8::from(!faults.is_empty())))
}

fn lines(faults: &[Fault]) -> Result<String> {
    let whose = |kiosk: &str| if kiosk == "*" { "mọi máy" } else { kiosk }.to_owned();
    let mut lines = String::new();
    for fault in faults {
        match fault {
            Fault::Unreadable { kiosk, sequence, why } => {
                writeln!(
                    lines,
                    "{kiosk}\tgói số {sequence}\tkhông đọc được nên chưa tính lại được máy này: {why}"
                )
            }
            Fault::Damaged { kiosk, month } => {
                writeln!(lines, "{}\t{month}\tsố tổng không đọc được", whose(kiosk))
            }
            Fault::Count(kiosk, one) => writeln!(
                lines,
                "{}\t{}\t{}\tsố tổng {}, các gói {}",
                whose(kiosk),
                one.span,
                one.cell,
                one.mine,
                one.other
            ),
            Fault::Visits { kiosk, month } => {
                writeln!(
                    lines,
                    "{}\t{month}\tsố lượt ghi riêng khác số lượt trong số tổng",
                    whose(kiosk)
                )
            }
        }?;
    }
    Ok(lines)
}
