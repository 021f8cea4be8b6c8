//! `office accounts`: who may sign in to the office's pages.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use commune_kiosk::office::password;

use super::{Db, HELP, keys, say};

/// Where scripts put the password.
const PASSWORD: &str = "OFFICE_ACCOUNT_PASSWORD";

#[derive(Subcommand)]
pub enum Command {
    /// Thêm tài khoản, hoặc đặt lại mật khẩu
    #[command(help_template = HELP)]
    Set {
        #[command(flatten)]
        db: Db,
        /// Tên đăng nhập
        #[arg(value_name = "TÊN", help_heading = "Tham số")]
        name: String,
    },
    /// Liệt kê tài khoản
    #[command(help_template = HELP)]
    List {
        #[command(flatten)]
        db: Db,
    },
    /// Xoá tài khoản
    #[command(help_template = HELP)]
    Remove {
        #[command(flatten)]
        db: Db,
        /// Tên đăng nhập
        #[arg(value_name = "TÊN", help_heading = "Tham số")]
        name: String,
    },
}

pub async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Set { db, name } => {
            let name = password::account_name(&name).map_err(anyhow::Error::msg)?;
            let hash = password::hash(&keys::new_password(PASSWORD, "Mật khẩu: ")?).map_err(anyhow::Error::msg)?;
            db.open_or_make().await?.set_password(name, &hash).await?;
            println!("Đã đặt mật khẩu của {name}");
        }
        Command::List { db } => {
            let accounts = db.open().await?.accounts().await?;
            let names: Vec<String> = accounts.into_iter().map(|account| account.name + "\n").collect();
            say(&names.concat())?;
        }
        Command::Remove { db, name } => {
            db.open().await?.remove_account(&name).await?;
            println!("Đã xoá {name}");
        }
    }
    Ok(ExitCode::SUCCESS)
}
