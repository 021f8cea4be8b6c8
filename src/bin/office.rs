//! The office side on the command line: checks what authors wrote, and packs it for the kiosks.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use chrono::Local;
use clap::{Parser, Subcommand};
use commune_kiosk::content::model::Content;
use commune_kiosk::content::source::{self, Checked};
use commune_kiosk::content::{faults, library};

/// Kiểm tra và đóng gói nội dung cho máy tra cứu của xã.
#[derive(Parser)]
#[command(version, help_template = HELP, subcommand_help_heading = "Các lệnh", subcommand_value_name = "LỆNH", disable_help_subcommand = true)]
#[command(disable_help_flag = true, disable_version_flag = true, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
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
    },
    /// Đóng gói thư mục nội dung thành một tệp thư viện cho máy tra cứu
    #[command(help_template = HELP)]
    Pack {
        /// Thư mục nội dung
        #[arg(value_name = "THƯ_MỤC", help_heading = "Tham số")]
        dir: PathBuf,
        /// Tệp thư viện sẽ ghi ra
        #[arg(short, long, value_name = "TỆP", help_heading = "Tuỳ chọn")]
        output: PathBuf,
    },
}

fn main() -> anyhow::Result<ExitCode> {
    let (dir, output) = match Arguments::parse().command {
        Command::Check { dir } => (dir, None),
        Command::Pack { dir, output } => (dir, Some(output)),
    };
    let checked = check(&dir);
    match (output, &checked.content) {
        (Some(output), Some(content)) => {
            library::write(content, &output).with_context(|| format!("không ghi được {}", output.display()))?;
            print_summary(content, std::fs::metadata(&output)?.len());
        }
        (Some(_), None) => println!("Nội dung còn lỗi nên chưa đóng gói."),
        (None, _) => {}
    }
    let (errors, warnings) = faults::count(&checked.faults);
    println!("{errors} lỗi, {warnings} cảnh báo");
    Ok(ExitCode::from(u8::from(errors > 0)))
}

/// Reads the folder and prints what is wrong with it.
fn check(dir: &Path) -> Checked {
    let checked = source::read(dir, Local::now().date_naive());
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    print!("{}", checked.report(colour));
    checked
}

fn print_summary(content: &Content, bytes: u64) {
    let questions: usize = content.quizzes.iter().map(|quiz| quiz.questions.len()).sum();
    println!("Phiên bản {} của {}", content.pack.edition, content.pack.title);
    println!(
        "{} trang, {questions} câu hỏi, {} tệp ảnh và âm thanh, {} KB",
        content.pages.len(),
        content.media.len(),
        bytes.div_ceil(1024)
    );
}
