//! `office radio`: the programme of a month as a script to print, words to paste, and a sound to broadcast.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use chrono::{Local, NaiveDate};
use commune_kiosk::content::aloud;
use commune_kiosk::content::model::{Content, Programme, Said};
use commune_kiosk::content::source::Checked;
use commune_kiosk::files::Files;
use commune_kiosk::office::audio::Joined;
use commune_kiosk::office::radio::{self, Broadcast, Script, clock};

use super::drafts::{Machine, Stop};
use super::taking::{self, MACHINE, Speaker};
use super::{audio, say};

#[derive(clap::Args)]
pub struct Arguments {
    /// Tháng của chương trình, ví dụ 2026-12, hoặc mã của chương trình
    #[arg(value_name = "THÁNG", help_heading = "Tham số")]
    month: String,
    /// Thư mục nội dung
    #[arg(value_name = "THƯ_MỤC", default_value = "content", help_heading = "Tham số")]
    dir: PathBuf,
    /// Thư mục sẽ ghi ra; nếu không nêu thì là radio-THÁNG
    #[arg(short, long, value_name = "THƯ_MỤC", help_heading = "Tuỳ chọn")]
    output: Option<PathBuf>,
    /// Để giọng máy đọc chương trình, nếu chưa có người thu
    #[arg(long, help_heading = "Tuỳ chọn")]
    voice: bool,
    /// Đưa chương trình lên máy tra cứu; do người đọc thì cần cả --speakers và --consent
    #[arg(long, help_heading = "Tuỳ chọn")]
    on_kiosk: bool,
    /// Những người đọc, ví dụ "Chị Lan và anh Nam, Đài truyền thanh xã"
    #[arg(long, value_name = "TÊN", requires = "on_kiosk", help_heading = "Tuỳ chọn")]
    speakers: Option<String>,
    /// Giấy đồng ý của những người đọc, ví dụ "Giấy đồng ý ngày 20/11/2026, lưu ở văn phòng xã"
    #[arg(long, value_name = "GIẤY", requires = "on_kiosk", help_heading = "Tuỳ chọn")]
    consent: Option<String>,
    #[command(flatten)]
    machine: Machine,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let checked = audio::read(&arguments.dir)?;
    let Some(content) = &checked.content else {
        return Ok(ExitCode::FAILURE);
    };
    let programme = meant(content, &arguments.month)?;
    let script = Script::of(programme, &checked.pronunciations);
    let folder = arguments.output.clone();
    let folder = folder.unwrap_or_else(|| PathBuf::from(format!("radio-{}", programme.month.format("%Y-%m"))));
    check_folder(&folder, content, programme)?;
    fs::create_dir_all(&folder).with_context(|| format!("không tạo được thư mục {}", folder.display()))?;
    let out = Out {
        folder: &folder,
        id: &script.id,
    };
    out.write("html", script.html(Local::now().date_naive()).as_bytes())?;
    out.write("txt", script.text().as_bytes())?;
    say(&format!(
        "{}: {} lượt, đọc hết khoảng {}\n",
        script.title,
        script.turns.len(),
        clock(script.seconds)
    ))?;
    sound(arguments, &checked, programme, &script, &out)
}

/// The programme of a month, or of an id.
fn meant<'a>(content: &'a Content, month: &str) -> Result<&'a Programme> {
    let by_id = content.programmes.iter().find(|programme| programme.id == month);
    if let Some(programme) = by_id {
        return Ok(programme);
    }
    let Ok(first_day) = NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d") else {
        bail!("không có chương trình nào mang mã \"{month}\"; tháng thì viết năm trước, ví dụ 2026-12");
    };
    let of_month: Vec<&Programme> = content.programmes.iter().filter(|it| it.month == first_day).collect();
    match of_month.as_slice() {
        [one] => Ok(one),
        [] => bail!("không có chương trình nào của tháng {month}"),
        several => {
            let ids: Vec<&str> = several.iter().map(|programme| programme.id.as_str()).collect();
            bail!("tháng {month} có nhiều chương trình, hãy ghi mã: {}", ids.join(", "))
        }
    }
}

/// A folder is one programme's: turns that were recorded for another would be taken for this one's.
fn check_folder(folder: &Path, content: &Content, programme: &Programme) -> Result<()> {
    let others = content.programmes.iter().filter(|other| other.id != programme.id);
    for other in others {
        if folder.join(format!("{}.txt", other.id)).exists() {
            bail!(
                "thư mục {} đã có chương trình {}; hãy chọn thư mục khác bằng -o",
                folder.display(),
                other.id
            );
        }
    }
    Ok(())
}

/// Where the files go.
struct Out<'a> {
    folder: &'a Path,
    id: &'a str,
}

impl Out<'_> {
    fn write(&self, ending: &str, bytes: &[u8]) -> Result<()> {
        let path = self.folder.join(format!("{}.{ending}", self.id));
        let written = Files::default().write(&path, bytes);
        written.with_context(|| format!("không ghi được {}", path.display()))?;
        say(&format!("Đã ghi {}\n", path.display()))
    }
}

fn sound(
    arguments: &Arguments,
    checked: &Checked,
    programme: &Programme,
    script: &Script,
    out: &Out<'_>,
) -> Result<ExitCode> {
    let turns = out.folder.join("turns");
    let recorded = Broadcast::recorded(&turns, script).with_context(|| format!("bài thu trong {}", turns.display()));
    let broadcast = match recorded {
        Ok(Some(recorded)) => recorded,
        Err(error) if !arguments.voice => return Err(error),
        other => {
            // Whoever asks for the machine's voice has it, and still hears what is wrong with the others.
            if let Err(error) = other {
                say(&format!("{error:#}; giọng máy đọc thay cả chương trình\n"))?;
            }
            if !arguments.voice {
                say(&format!(
                    "Chưa có tiếng: thu từng lượt vào {} (01.wav, 02.wav …), hoặc thêm --voice cho giọng máy đọc\n",
                    turns.display()
                ))?;
                return Ok(ExitCode::SUCCESS);
            }
            Broadcast::Machine(arguments.machine.voice(checked)?)
        }
    };
    let by_machine = matches!(broadcast, Broadcast::Machine(_));
    let speaker = if arguments.on_kiosk {
        Some(speaker(arguments, checked, programme, by_machine)?)
    } else {
        None
    };
    let stop = Stop::listen();
    let all = script.turns.len();
    let joined = broadcast.of(script, |number| {
        eprintln!("{number}/{all}");
        !stop.is_asked()
    })?;
    let Some(Joined { wav, recording }) = joined else {
        say("Đã dừng, chưa ghi tệp tiếng nào\n")?;
        return Ok(ExitCode::FAILURE);
    };
    out.write("wav", &wav)?;
    out.write("opus", &recording.opus)?;
    match radio::mp3(wav) {
        Ok(mp3) => out.write("mp3", &mp3)?,
        Err(error) => say(&format!("Không có tệp mp3: {error}\n"))?,
    }
    say(&format!(
        "{}, {}, {}\n",
        if by_machine {
            "Giọng máy đọc"
        } else {
            "Người đọc"
        },
        taking::clock(taking::whole_seconds(&recording)),
        taking::level(recording.after)
    ))?;
    if let Some((voice, consent)) = speaker {
        let said = Said::Programme(&programme.id);
        let parts = aloud::parts_of_programme(programme);
        let speaker = Speaker {
            voice: &voice,
            consent: &consent,
            machine: by_machine,
        };
        let path = taking::take(
            &arguments.dir,
            (said, &parts),
            &checked.pronunciations,
            &recording,
            speaker,
        )?;
        say(&format!("Đã thêm {}\n", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Who speaks, and by which paper. A machine never takes a person's place unasked, and a person's voice needs their name and their paper.
fn speaker(
    arguments: &Arguments,
    checked: &Checked,
    programme: &Programme,
    by_machine: bool,
) -> Result<(String, String)> {
    let of = Said::Programme(&programme.id).to_string();
    if !by_machine {
        let (Some(speakers), Some(consent)) = (&arguments.speakers, &arguments.consent) else {
            bail!("chương trình này do người đọc; hãy ghi thêm tên người đọc và giấy đồng ý: --speakers … --consent …");
        };
        return Ok((
            audio::one_line("--speakers", speakers)?,
            audio::one_line("--consent", consent)?,
        ));
    }
    if arguments.speakers.is_some() || arguments.consent.is_some() {
        bail!("chương trình này do máy đọc: hãy bỏ --speakers và --consent, hoặc thu đủ các lượt");
    }
    if checked.recordings.iter().any(|it| it.of == of && !it.machine) {
        bail!("chương trình này đã có người đọc trên máy tra cứu; muốn thay thì xoá bài thu ấy trước");
    }
    Ok((MACHINE.voice.to_owned(), MACHINE.consent.to_owned()))
}
