//! The office side on the command line: checks what authors wrote, packs and signs it for the kiosks, keeps keys, serves.

mod accounts;
mod anew;
mod audio;
mod bundles;
mod db;
mod drafts;
mod figures;
mod keys;
mod kiosks;
mod pack;
mod packs;
#[cfg(feature = "print")]
mod print;
mod radio;
mod report;
mod serve;
mod site;
mod speak;
mod taking;

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use chrono::{DateTime, Local, NaiveDate};
use clap::{Parser, Subcommand};
use commune_kiosk::content::source::{self, Checked};
use commune_kiosk::content::{faults, library, review};
use commune_kiosk::office::store::{Address, DatabaseError, Store};

/// Văn phòng của các máy tra cứu: đóng gói nội dung, nhận số liệu, làm báo cáo.
#[derive(Parser)]
#[command(version, help_template = HELP, subcommand_help_heading = "Các lệnh", subcommand_value_name = "LỆNH", disable_help_subcommand = true)]
#[command(disable_help_flag = true, disable_version_flag = true, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Múi giờ của ngày tháng trong số liệu, báo cáo và trang web; không nêu thì là giờ Việt Nam
    #[arg(long, value_name = "MÚI_GIỜ", global = true, help_heading = "Tuỳ chọn")]
    zone: Option<String>,
    /// In phần trợ giúp này
    #[arg(short, long, action = clap::ArgAction::Help, global = true, help_heading = "Tuỳ chọn")]
    help: Option<bool>,
    /// In số phiên bản
    #[arg(short = 'V', long, action = clap::ArgAction::Version, help_heading = "Tuỳ chọn")]
    version: Option<bool>,
}

const HELP: &str = "{about}\n\nCách dùng: {usage}\n\n{all-args}\n";

#[derive(Subcommand)]
enum Command {
    /// Kiểm tra thư mục nội dung, chỉ ra từng lỗi với tên tệp và số dòng
    #[command(help_template = HELP)]
    Check {
        /// Thư mục nội dung
        #[arg(value_name = "THƯ_MỤC", help_heading = "Tham số")]
        dir: PathBuf,
        /// In thêm danh sách "Cán bộ cần duyệt": những câu có con số, việc liên quan đến tiền đứng đầu
        #[arg(long, help_heading = "Tuỳ chọn")]
        review: bool,
    },
    /// In lời đọc thành tiếng của một bài hay một chương trình: con số, ngày tháng, chữ viết tắt đều thành chữ
    #[command(help_template = HELP)]
    Speak(speak::Arguments),
    /// Thu tiếng: thêm giọng đọc cho bài, xem bài nào chưa có
    #[command(subcommand, help_template = HELP, subcommand_help_heading = "Các lệnh", subcommand_value_name = "LỆNH", disable_help_subcommand = true)]
    Audio(audio::Command),
    /// Làm chương trình phát thanh của một tháng: lời để in, lời để dán vào máy của đài, và tiếng
    #[command(help_template = HELP)]
    Radio(radio::Arguments),
    /// Làm trang web của nội dung: một thư mục để đưa lên mạng hoặc chép vào USB
    #[command(help_template = HELP)]
    Site(site::Arguments),
    /// In nội dung thành tệp PDF: tờ rơi, áp phích, bài trình chiếu, tài liệu lớp học, lời phát thanh, phiếu duyệt
    #[cfg(feature = "print")]
    #[command(help_template = HELP)]
    Print(print::Arguments),
    /// Làm hình và lời để gửi qua Zalo: bài, thông báo, việc trong lịch, lịch của một tháng
    #[cfg(feature = "print")]
    #[command(help_template = HELP)]
    Cards(print::Cards),
    /// Đóng gói và ký thư mục nội dung thành một tệp .kpack để chép vào USB
    #[command(help_template = HELP)]
    Pack(pack::Arguments),
    /// Ghi nội dung thành tệp thư viện không ký, để đặt sẵn trong máy
    #[command(help_template = HELP)]
    Library {
        /// Thư mục nội dung
        #[arg(value_name = "THƯ_MỤC", help_heading = "Tham số")]
        dir: PathBuf,
        /// Tệp thư viện sẽ ghi ra
        #[arg(short, long, value_name = "TỆP", help_heading = "Tuỳ chọn")]
        output: PathBuf,
    },
    /// Tạo khoá, xem khoá, đổi mật khẩu của khoá
    #[command(subcommand, help_template = HELP, subcommand_help_heading = "Các lệnh", subcommand_value_name = "LỆNH", disable_help_subcommand = true)]
    Keys(keys::Command),
    /// Chạy máy chủ nhận số liệu và trang xem số liệu
    #[command(help_template = HELP)]
    Serve(serve::Arguments),
    /// Đưa gói nội dung vào văn phòng, xem danh sách gói
    #[command(subcommand, help_template = HELP, subcommand_help_heading = "Các lệnh", subcommand_value_name = "LỆNH", disable_help_subcommand = true)]
    Packs(packs::Command),
    /// Làm báo cáo của một tháng, sáu tháng, một năm hay một khoảng ngày
    #[command(help_template = HELP)]
    Report(report::Arguments),
    /// Duyệt máy, xem danh sách máy, cho máy ngừng, xoá máy duyệt nhầm
    #[command(subcommand, help_template = HELP, subcommand_help_heading = "Các lệnh", subcommand_value_name = "LỆNH", disable_help_subcommand = true)]
    Kiosks(kiosks::Command),
    /// Bỏ một gói số liệu ra khỏi số tổng, đưa trở lại, đóng chỗ thiếu
    #[command(subcommand, help_template = HELP, subcommand_help_heading = "Các lệnh", subcommand_value_name = "LỆNH", disable_help_subcommand = true)]
    Bundles(bundles::Command),
    /// So số tổng với các gói đã nhận, tính lại số tổng
    #[command(subcommand, help_template = HELP, subcommand_help_heading = "Các lệnh", subcommand_value_name = "LỆNH", disable_help_subcommand = true)]
    Figures(figures::Command),
    /// Sao lưu cơ sở dữ liệu SQLite vào một tệp, cả khi máy chủ đang chạy
    #[command(help_template = HELP)]
    Backup(db::Backup),
    /// Chép văn phòng sang cơ sở dữ liệu khác, như từ SQLite sang PostgreSQL
    #[command(name = "db", subcommand, help_template = HELP, subcommand_help_heading = "Các lệnh", subcommand_value_name = "LỆNH", disable_help_subcommand = true)]
    Database(db::Command),
    /// Đặt, xem, xoá tài khoản vào trang của văn phòng
    #[command(subcommand, help_template = HELP, subcommand_help_heading = "Các lệnh", subcommand_value_name = "LỆNH", disable_help_subcommand = true)]
    Accounts(accounts::Command),
}

/// The day on which this program was built (`build.rs`).
fn built() -> NaiveDate {
    let seconds = env!("BUILD_SECONDS").parse().unwrap_or_default();
    DateTime::from_timestamp(seconds, 0).unwrap_or_default().date_naive()
}

/// Where the office keeps what it receives.
#[derive(clap::Args)]
pub struct Db {
    /// Tệp SQLite, hoặc postgres://…
    #[arg(long, value_name = "CSDL", default_value = "office.db", help_heading = "Tuỳ chọn")]
    db: String,
    /// Chứng chỉ gốc (PEM) để kiểm máy chủ PostgreSQL; cần khi PostgreSQL ở máy khác, và mọi thứ gửi đi đều được mã hoá
    #[arg(long, value_name = "TỆP", help_heading = "Tuỳ chọn")]
    db_ca: Option<PathBuf>,
}

impl Db {
    fn address(&self) -> Address<'_> {
        Address {
            database: &self.db,
            ca: self.db_ca.as_deref(),
        }
    }

    /// Opens the office that is there, and leaves its tables as they are.
    ///
    /// # Errors
    /// There is none, its tables are another program's, or it can't be opened.
    pub async fn open(&self) -> anyhow::Result<Store> {
        self.opened(Store::open_existing(self.address()).await)
    }

    /// Opens the office, and makes it if there is none.
    ///
    /// # Errors
    /// Its tables are another program's, or it can't be opened or made.
    pub async fn open_or_make(&self) -> anyhow::Result<Store> {
        match Store::open_existing(self.address()).await {
            Err(DatabaseError::NoOffice) => self.make().await,
            opened => self.opened(opened),
        }
    }

    /// Opens the office for its server, makes it if there is none, and brings its tables up to date.
    ///
    /// # Errors
    /// Its tables are a newer program's, or it can't be opened or made.
    pub async fn open_for_server(&self) -> anyhow::Result<Store> {
        match Store::open_existing(self.address()).await {
            Err(DatabaseError::NoOffice) => self.make().await,
            Err(DatabaseError::Older { .. }) => self.opened(Store::open(self.address()).await),
            opened => self.opened(opened),
        }
    }

    /// Whoever mistyped a name must see that this is a new office.
    async fn make(&self) -> anyhow::Result<Store> {
        let store = self.opened(Store::open(self.address()).await)?;
        eprintln!("Đã tạo văn phòng mới trong cơ sở dữ liệu {}", self.name());
        Ok(store)
    }

    fn opened(&self, opened: Result<Store, DatabaseError>) -> anyhow::Result<Store> {
        opened.with_context(|| format!("không mở được cơ sở dữ liệu {}", self.name()))
    }

    /// Whether it is kept in PostgreSQL, and not in a file.
    fn is_postgres(&self) -> bool {
        self.db.contains("://")
    }

    /// What names it to another program; without its password, as far as there is one in it.
    fn without_password(&self) -> &str {
        let user = self.db.split_once("://").and_then(|(_, rest)| rest.split_once('@'));
        let has_password = user.is_some_and(|(user, _)| user.contains(':')) || self.db.contains("password=");
        if has_password { "postgres://…" } else { &self.db }
    }

    /// An address may have a password in it; a file has not.
    fn name(&self) -> &str {
        if self.is_postgres() { "PostgreSQL" } else { &self.db }
    }
}

/// Runs what has to wait for a database or a network.
///
/// # Errors
/// Those of the work, or there are no threads for it.
pub fn wait_for<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

fn main() -> anyhow::Result<ExitCode> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let Arguments { command, zone, .. } = Arguments::parse();
    anew::start(zone.as_deref(), matches!(command, Command::Serve(_)))?;
    match command {
        Command::Check { dir, review } => {
            let checked = source::read(&dir, Local::now().date_naive());
            if let Some(content) = checked.content.as_ref().filter(|_| review) {
                say(&review::list(content, Local::now().date_naive()))?;
            }
            report(&checked);
            Ok(finish(&checked))
        }
        Command::Speak(arguments) => speak::run(&arguments),
        Command::Audio(command) => audio::run(&command),
        Command::Radio(arguments) => radio::run(&arguments),
        Command::Site(arguments) => site::run(&arguments),
        #[cfg(feature = "print")]
        Command::Print(arguments) => print::run(&arguments),
        #[cfg(feature = "print")]
        Command::Cards(arguments) => print::cards(&arguments),
        Command::Pack(arguments) => pack::run(&arguments),
        Command::Library { dir, output } => {
            let checked = check(&dir);
            match &checked.content {
                Some(content) => {
                    library::write(content, &output).with_context(|| format!("không ghi được {}", output.display()))?;
                    pack::print_summary(content, std::fs::metadata(&output)?.len());
                }
                None => println!("Nội dung còn lỗi nên chưa đóng gói."),
            }
            Ok(finish(&checked))
        }
        Command::Keys(command) => keys::run(&command),
        Command::Serve(arguments) => wait_for(serve::run(arguments)),
        Command::Packs(command) => wait_for(packs::run(command)),
        Command::Report(arguments) => wait_for(report::run(arguments)),
        Command::Kiosks(command) => wait_for(kiosks::run(command)),
        Command::Bundles(command) => wait_for(bundles::run(command)),
        Command::Figures(command) => wait_for(figures::run(command)),
        Command::Backup(arguments) => wait_for(db::backup(arguments)),
        Command::Database(command) => wait_for(db::run(command)),
        Command::Accounts(command) => wait_for(accounts::run(command)),
    }
}

/// Reads the folder and prints what is wrong with it.
fn check(dir: &Path) -> Checked {
    let checked = source::read(dir, Local::now().date_naive());
    report(&checked);
    checked
}

/// Prints what is wrong.
fn report(checked: &Checked) {
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    // What can't be said here is said by the last line and the exit code.
    let _ = say(&checked.report(colour));
}

/// Prints; whoever reads no further, such as `head`, is no trouble.
fn say(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// The last line, and the code that says whether there are errors.
fn finish(checked: &Checked) -> ExitCode {
    let (errors, warnings) = faults::count(&checked.faults);
    let _ = say(&format!("{errors} lỗi, {warnings} cảnh báo\n"));
    ExitCode::from(u8::from(errors > 0))
}
