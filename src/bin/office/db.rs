//! `office backup` and `office db`: everything that the office keeps, once more.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use commune_kiosk::files::Files;

use super::{Db, HELP, figures};

#[derive(clap::Args)]
pub struct Backup {
    #[command(flatten)]
    db: Db,
    /// Tệp sẽ ghi ra; tệp cũ cùng tên được thay khi tệp mới đã xong
    #[arg(value_name = "TỆP", help_heading = "Tham số")]
    file: PathBuf,
}

#[derive(Subcommand)]
pub enum Command {
    /// Chép toàn bộ văn phòng sang một cơ sở dữ liệu trống, cùng loại hay khác loại, rồi so lại
    #[command(help_template = HELP)]
    Copy {
        /// Cơ sở dữ liệu đang có: tệp SQLite, hoặc postgres://…
        #[arg(value_name = "TỪ", help_heading = "Tham số")]
        from: String,
        /// Cơ sở dữ liệu trống: tệp SQLite mới, hoặc postgres://…
        #[arg(value_name = "ĐẾN", help_heading = "Tham số")]
        to: String,
        /// Chứng chỉ gốc (PEM) để kiểm máy chủ PostgreSQL; cần khi PostgreSQL ở máy khác
        #[arg(long, value_name = "TỆP", help_heading = "Tuỳ chọn")]
        db_ca: Option<PathBuf>,
    },
}

/// Writes a backup of an `SQLite` file, also while the server runs on it.
pub async fn backup(Backup { db, file }: Backup) -> Result<ExitCode> {
    let store = db.open().await?;
    if db.is_postgres() {
        bail!(
            "PostgreSQL có chương trình sao lưu riêng, mời chạy: pg_dump --format custom --file '{}' '{}'",
            file.display(),
            db.without_password()
        );
    }
    if fs::canonicalize(&file).is_ok_and(|there| fs::canonicalize(&db.db).is_ok_and(|db| there == db)) {
        bail!("{} là chính cơ sở dữ liệu đang dùng", file.display());
    }
    // SQLite takes the log of an older file of that name for this one's, and reads nonsense.
    for ending in ["-wal", "-shm", "-journal"] {
        let beside = |name: &Path| {
            let mut name = name.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        if beside(&file).exists() {
            bail!(
                "{} còn tệp {ending} bên cạnh: tệp ấy đang được mở, hoặc chưa đóng hẳn; mời ghi vào tên khác",
                file.display()
            );
        }
        if std::path::absolute(&file)? == std::path::absolute(beside(Path::new(&db.db)))? {
            bail!("{} là một phần của cơ sở dữ liệu đang dùng", file.display());
        }
    }
    if file.exists() && !file.is_file() {
        bail!("{} không phải là tệp; hãy ghi tên một tệp mới", file.display());
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let written = async {
        // Only its owner may read it, as it holds passwords and sessions.
        let copy = tempfile::Builder::new()
            .prefix(".backup-")
            .tempfile_in(folder.unwrap_or(Path::new(".")))?
            .into_temp_path();
        store.backup(&copy).await?;
        Files::default().put_in_place(&copy, &file)?;
        Ok::<_, anyhow::Error>(fs::metadata(&file)?.len())
    };
    let bytes = written
        .await
        .with_context(|| format!("không ghi được {}", file.display()))?;
    println!("Đã sao lưu vào {} ({} KB)", file.display(), bytes.div_ceil(1024));
    Ok(ExitCode::SUCCESS)
}

pub async fn run(command: Command) -> Result<ExitCode> {
    let Command::Copy { from, to, db_ca } = command;
    let [from, to] = [from, to].map(|db| Db {
        db,
        db_ca: db_ca.clone(),
    });
    let (here, there) = (from.open().await?, to.open_or_make().await?);
    let copied = here
        .copy_to(&there)
        .await
        .with_context(|| format!("chưa chép gì vào {}", to.name()))?;
    for (table, rows) in copied {
        println!("{table}\t{rows} dòng");
    }
    figures::verify(&there).await
}
