//! `office audio voice`: a machine reads all that nobody has recorded, one text after another.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};
use commune_kiosk::content::aloud;
use commune_kiosk::content::model::{Content, Said};
use commune_kiosk::content::source::{Checked, Recorded};
use commune_kiosk::office::audio::{
    self, AudioError, BETWEEN_PARTS, Converted, MOST_SECONDS, Parts, Voice, VoiceError,
};

use super::taking::{self, MACHINE, everything};
use super::{audio as recordings, say};

/// After so many texts one after another that could not be said, the fault is the program's.
const MOST_FAILURES: usize = 3;

#[derive(clap::Args)]
pub struct Arguments {
    /// Thư mục nội dung
    #[arg(value_name = "THƯ_MỤC", default_value = "content", help_heading = "Tham số")]
    dir: PathBuf,
    #[command(flatten)]
    machine: Machine,
}

/// The program that speaks.
#[derive(clap::Args)]
pub struct Machine {
    /// Lệnh của giọng máy, thay cho tệp voice.toml, ví dụ "espeak-ng -v vi --stdin --stdout"
    #[arg(long, value_name = "LỆNH", help_heading = "Tuỳ chọn")]
    command: Option<String>,
    /// Chờ giọng máy đọc mỗi phần của bài nhiều nhất chừng này giây
    #[arg(long, value_name = "GIÂY", default_value_t = MOST_SECONDS, value_parser = clap::value_parser!(u64).range(1..=MOST_SECONDS), help_heading = "Tuỳ chọn")]
    wait: u64,
}

impl Machine {
    /// The voice that is set.
    ///
    /// # Errors
    /// None is.
    pub fn voice(&self, checked: &Checked) -> Result<Voice> {
        let command = match &self.command {
            Some(command) => command.split_whitespace().map(str::to_owned).collect(),
            None => checked.voice.clone(),
        };
        if command.is_empty() {
            bail!(
                "chưa đặt giọng máy: hãy ghi tệp voice.toml trong thư mục nội dung, ví dụ\n[voice]\ncommand = [\"espeak-ng\", \"-v\", \"vi\", \"--stdin\", \"--stdout\"]"
            );
        }
        Ok(Voice::new(command, Duration::from_secs(self.wait)))
    }
}

/// Whether somebody has pressed Ctrl-C: once ends in order, twice at once.
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Listens from now on.
    pub fn listen() -> Self {
        let asked = Arc::new(AtomicBool::new(false));
        let heard = asked.clone();
        // It has nothing to end; the program's end ends it.
        thread::spawn(move || {
            super::wait_for(async {
                while tokio::signal::ctrl_c().await.is_ok() {
                    if heard.swap(true, Ordering::Relaxed) {
                        std::process::exit(130);
                    }
                    eprintln!("Xong bài đang đọc thì dừng. Bấm Ctrl-C lần nữa để dừng ngay.");
                }
                Ok(())
            })
        });
        Self(asked)
    }

    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let checked = recordings::read(&arguments.dir)?;
    let Some(content) = &checked.content else {
        return Ok(ExitCode::FAILURE);
    };
    let voice = arguments.machine.voice(&checked)?;
    let stop = Stop::listen();
    let lacking = lacking(content, &checked);
    let all = lacking.len();
    let (mut done, mut failed, mut in_a_row) = (0, 0, 0);
    for (number, said) in (1..).zip(lacking) {
        if stop.is_asked() {
            break;
        }
        let name = said.to_string();
        eprintln!("{number}/{all} {}", name.strip_prefix("page:").unwrap_or(&name));
        match draft(&voice, &checked, content, said, arguments) {
            Ok(()) => (done, in_a_row) = (done + 1, 0),
            Err(error) => {
                let is_for_good =
                    matches!(error.downcast_ref(), Some(VoiceError::Program(error)) if error.is_for_good());
                eprintln!("{name}: {error:#}");
                (failed, in_a_row) = (failed + 1, in_a_row + 1);
                if is_for_good || in_a_row == MOST_FAILURES {
                    break;
                }
            }
        }
    }
    let left = all - done;
    let more = if left > 0 {
        format!(", còn {left} bài; chạy lại lệnh này thì máy đọc tiếp")
    } else {
        String::new()
    };
    say(&format!("Giọng máy đã đọc {done} bài{more}.\n"))?;
    if done > 0 {
        say("Hãy nghe thử trước khi đóng gói; trên máy, bà con được báo đây là giọng máy.\n")?;
    }
    Ok(ExitCode::from(u8::from(failed > 0 || left > 0)))
}

/// What nobody has recorded, and what a machine has read of other words than are there today.
fn lacking<'a>(content: &'a Content, checked: &Checked) -> Vec<Said<'a>> {
    let by_what: BTreeMap<&str, &Recorded> = checked.recordings.iter().map(|it| (it.of.as_str(), it)).collect();
    let mut lacking = everything(content);
    lacking.retain(|said| {
        let recorded = by_what.get(said.to_string().as_str());
        recorded.is_none_or(|recorded| recorded.machine && recorded.is_stale)
    });
    lacking
}

fn draft(voice: &Voice, checked: &Checked, content: &Content, said: Said<'_>, arguments: &Arguments) -> Result<()> {
    let parts = aloud::parts(content, said).unwrap_or_default();
    let mut sounds = Vec::new();
    for part in &parts {
        let words = part.lines.iter().map(|line| checked.pronunciations.spoken(&line.text));
        sounds.push(voice.say(&words.collect::<Vec<_>>()).map_err(VoiceError::from)?);
    }
    let converted = match <[Vec<u8>; 1]>::try_from(sounds) {
        Ok([one]) => audio::convert_bytes(one),
        Err(several) => joined(several),
    };
    let converted = converted.map_err(VoiceError::from)?;
    taking::take(
        &arguments.dir,
        (said, &parts),
        &checked.pronunciations,
        &converted,
        MACHINE,
    )?;
    Ok(())
}

/// One recording of parts, which knows where each begins.
fn joined(sounds: Vec<Vec<u8>>) -> Result<Converted, AudioError> {
    let mut parts = Parts::default();
    for sound in sounds {
        parts.begin_part(BETWEEN_PARTS);
        parts.push_bytes(sound)?;
    }
    Ok(parts.join()?.recording)
}
