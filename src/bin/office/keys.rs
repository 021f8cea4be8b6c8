//! `office keys`: the office's own key, in the file format of minisign.

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use commune_kiosk::bundle::{Key, PublicKey};
use commune_kiosk::files::Files;

use super::HELP;

/// Where scripts put the password.
const PASSWORD: &str = "OFFICE_KEY_PASSWORD";

/// Where scripts put the new password of a key.
const NEW_PASSWORD: &str = "OFFICE_KEY_NEW_PASSWORD";

/// The longest key file that is read, in bytes.
const LONGEST: u64 = 4096;

#[derive(Subcommand)]
pub enum Command {
    /// Tạo khoá mới: TÊN.key giữ kín ở văn phòng, TÊN.pub đưa lên các máy
    #[command(help_template = HELP)]
    New {
        /// Tên của hai tệp, không có đuôi
        #[arg(long, value_name = "TÊN", help_heading = "Tuỳ chọn")]
        out: PathBuf,
    },
    /// In mã số và khoá công khai
    #[command(help_template = HELP)]
    Show {
        /// Tệp .key hoặc .pub
        #[arg(value_name = "TỆP", help_heading = "Tham số")]
        file: PathBuf,
    },
    /// Đổi mật khẩu của tệp .key
    #[command(help_template = HELP)]
    ChangePassword {
        /// Tệp .key
        #[arg(value_name = "TỆP", help_heading = "Tham số")]
        file: PathBuf,
    },
}

pub fn run(command: &Command) -> Result<ExitCode> {
    match command {
        Command::New { out } => new(out)?,
        Command::Show { file } => show(file)?,
        Command::ChangePassword { file } => change_password(file)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads a key that signs, asking for its password.
pub fn read(file: &Path) -> Result<Key> {
    let text = text(file)?;
    let password = password(PASSWORD, "Mật khẩu của khoá: ")?;
    Key::from_text(&text, Some(&password)).with_context(|| format!("không mở được khoá {}", file.display()))
}

fn new(out: &Path) -> Result<()> {
    let (secret, public) = (with_ending(out, "key"), with_ending(out, "pub"));
    for file in [&secret, &public] {
        if file.try_exists()? {
            bail!("đã có tệp {}, không ghi đè", file.display());
        }
    }
    let password = new_password(PASSWORD, "Đặt mật khẩu cho khoá: ")?;
    let key = Key::generate()?;
    // The public half first: a secret key without it would be of no use, and could not be made again under this name.
    Files::default().write(&public, key.public()?.to_text()?.as_bytes())?;
    Files::default().write_secret(&secret, key.to_text(Some(&password))?.as_bytes())?;
    println!("Đã tạo khoá {}", key.public()?.id());
    println!("Giữ kín, sao lưu một bản cất nơi khác: {}", secret.display());
    println!("Đưa lên các máy tra cứu: {}", public.display());
    Ok(())
}

/// Reads a public key: of a .pub file, or of a .key file, asking for its password.
pub fn public(file: &Path) -> Result<PublicKey> {
    match PublicKey::from_text(&text(file)?) {
        Ok(key) => Ok(key),
        Err(_) => Ok(read(file)?.public()?),
    }
}

fn show(file: &Path) -> Result<()> {
    let key = public(file)?;
    println!("Mã số: {}", key.id());
    print!("{}", key.to_text()?);
    Ok(())
}

fn change_password(file: &Path) -> Result<()> {
    let key = read(file)?;
    let password = new_password(NEW_PASSWORD, "Đặt mật khẩu cho khoá: ")?;
    Files::default().write_secret(file, key.to_text(Some(&password))?.as_bytes())?;
    println!("Đã đổi mật khẩu của khoá {}", key.public()?.id());
    Ok(())
}

/// `name` with one more ending: `le-loi.2026` becomes `le-loi.2026.key`.
fn with_ending(name: &Path, ending: &str) -> PathBuf {
    let mut name = name.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

fn text(file: &Path) -> Result<String> {
    let length = fs::metadata(file)
        .with_context(|| format!("không đọc được {}", file.display()))?
        .len();
    if length > LONGEST {
        bail!("{} không phải là tệp khoá", file.display());
    }
    fs::read_to_string(file).with_context(|| format!("không đọc được {}", file.display()))
}

/// Asks twice on a terminal, because nobody sees what is typed.
pub fn new_password(variable: &str, prompt: &str) -> Result<String> {
    let first = password(variable, prompt)?;
    if std::env::var_os(variable).is_none() && rpassword::prompt_password("Nhập lại mật khẩu: ")? != first {
        bail!("hai lần nhập không giống nhau");
    }
    Ok(first)
}

fn password(variable: &str, prompt: &str) -> Result<String> {
    let password = match std::env::var(variable) {
        Ok(password) => password,
        Err(_) if std::io::stdin().is_terminal() => rpassword::prompt_password(prompt)?,
        Err(_) => bail!("cần mật khẩu: chạy trong cửa sổ dòng lệnh, hoặc đặt biến {variable}"),
    };
    if password.is_empty() {
        bail!("mật khẩu không được để trống");
    }
    Ok(password)
}
