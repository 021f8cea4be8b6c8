//! `office accounts`: who may sign in to the office's pages.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use commune_kiosk::office::password;
use commune_kiosk::office::store::Role;

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
        /// Được làm gì: reads (chỉ xem), runs (quản lý máy và nội dung), administers (cả tài khoản); không ghi thì giữ như cũ, tài khoản
        /// mới thì được làm mọi việc
        #[arg(long, value_name = "QUYỀN", help_heading = "Tuỳ chọn", value_parser = role)]
        role: Option<Role>,
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

fn role(name: &str) -> Result<Role, String> {
    let names = Role::ALL.map(Role::name).join(", ");
    Role::from_name(name).ok_or_else(|| format!("không có quyền “{name}”, chỉ có {names}"))
}

pub async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Set { db, name, role } => {
            let name = password::account_name(&name).map_err(anyhow::Error::msg)?;
            let hash = password::hash(&keys::new_password(PASSWORD, "Mật khẩu: ")?).map_err(anyhow::Error::msg)?;
            db.open_or_make().await?.set_password(name, &hash, role).await?;
            println!("Đã đặt mật khẩu của {name}");
        }
        Command::List { db } => {
            let accounts = db.open().await?.accounts().await?;
            let lines = accounts.into_iter();
            let lines: Vec<String> = lines
                .map(|account| format!("{}\t{}\n", account.name, account.role.name()))
                .collect();
            say(&lines.concat())?;
        }
        Command::Remove { db, name } => {
            db.open().await?.remove_account(&name).await?;
            println!("Đã xoá {name}");
        }
    }
    Ok(ExitCode::SUCCESS)
}
