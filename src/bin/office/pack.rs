//! `office pack`: from the author's folder to a signed pack.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use chrono::Local;
use commune_kiosk::bundle::{self, Head, Key, Kind, Manifest, Reader, Trust};
use commune_kiosk::content::library::{self, Library};
use commune_kiosk::content::model::{Content, Page};
use commune_kiosk::files::Files;
use commune_kiosk::office::titles::Titles;

use super::{check, finish, keys};

#[derive(clap::Args)]
pub struct Arguments {
    /// Thư mục nội dung
    #[arg(value_name = "THƯ_MỤC", help_heading = "Tham số")]
    dir: PathBuf,
    /// Tệp .kpack sẽ ghi ra
    #[arg(short, long, value_name = "TỆP", help_heading = "Tuỳ chọn")]
    output: PathBuf,
    /// Tệp .key của văn phòng
    #[arg(long, value_name = "TỆP", help_heading = "Tuỳ chọn")]
    key: PathBuf,
    /// Gói lần trước, để so xem có gì đổi
    #[arg(long, value_name = "TỆP", help_heading = "Tuỳ chọn")]
    previous: Option<PathBuf>,
    /// Dạng của gói: số nhỏ hơn cho những máy có chương trình cũ, chưa đọc được dạng mới
    #[arg(long, value_name = "SỐ", default_value_t = library::FORM, help_heading = "Tuỳ chọn",
          value_parser = clap::value_parser!(i32).range(i64::from(library::EARLIEST_FORM)..=i64::from(library::FORM)))]
    form: i32,
}

/// A pack that was made before, and its content.
struct Previous {
    manifest: Manifest,
    library: Library,
    /// Where its library is as long as this is open.
    _folder: tempfile::TempDir,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let checked = check(&arguments.dir);
    let Some(content) = &checked.content else {
        println!("Nội dung còn lỗi nên chưa đóng gói.");
        return Ok(finish(&checked));
    };
    let key = keys::read(&arguments.key)?;
    // A pack that would be overwritten is a previous one as well.
    let overwritten = arguments.output.try_exists()?.then_some(&arguments.output);
    let mut previous = None;
    for file in overwritten.into_iter().chain(&arguments.previous) {
        let opened = open(file, &key).with_context(|| format!("không mở được gói {}", file.display()))?;
        refuse_older(content, &opened.manifest)?;
        refuse_other_choices(content, &opened)?;
        previous = Some(opened);
    }
    let manifest = write(content, arguments.form, &arguments.output, &key)?;
    print_summary(content, std::fs::metadata(&arguments.output)?.len());
    println!("Ký bằng khoá {}", manifest.issuer);
    if let Some(previous) = &previous {
        print_changes(content, previous)?;
    }
    Ok(finish(&checked))
}

/// What the pack holds, for a person to see that nothing is missing.
pub fn print_summary(content: &Content, bytes: u64) {
    let questions: usize = content.quizzes.iter().map(|quiz| quiz.questions.len()).sum();
    println!("Phiên bản {} của {}", content.pack.edition, content.pack.title);
    println!(
        "{} trang, {questions} câu hỏi, {} tệp ảnh và âm thanh, {} KB",
        content.pages.len(),
        content.media.len(),
        bytes.div_ceil(1024)
    );
}

fn open(file: &Path, key: &Key) -> Result<Previous> {
    let trust = Trust::new(vec![key.public()?])?;
    let reader = Reader::open(BufReader::new(File::open(file)?), Kind::Pack, &trust)?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("content.db");
    let manifest = reader.unpack(&mut File::create(&path)?, |_| {})?;
    Ok(Previous {
        manifest,
        library: library::verify(&path)?,
        _folder: folder,
    })
}

fn refuse_older(content: &Content, previous: &Manifest) -> Result<()> {
    if previous.id != content.pack.id {
        bail!("gói trước là \"{}\", gói này là \"{}\"", previous.id, content.pack.id);
    }
    if content.pack.edition <= previous.sequence {
        let (edition, least) = (content.pack.edition, previous.sequence + 1);
        bail!(
            "edition trong pack.toml đang là {edition}, gói trước đã là {}: hãy tăng lên {least}",
            previous.sequence
        );
    }
    Ok(())
}

/// Answers are counted by the question's id and the choice's place: under the same id another choice would be taken for one of before.
fn refuse_other_choices(content: &Content, previous: &Previous) -> Result<()> {
    let before = Titles::of(&previous.library)?;
    let questions = content.quizzes.iter().flat_map(|quiz| &quiz.questions);
    let changed: Vec<&str> = questions
        .filter(|question| {
            let before = before.question(&question.id);
            before.is_some_and(|before| !before.is_answered_alike(&(*question).clone().into()))
        })
        .map(|question| question.id.as_str())
        .collect();
    if !changed.is_empty() {
        bail!(
            "câu hỏi {}: đáp án đã đổi so với phiên bản {}. Số liệu cũ được đếm theo mã (id) này, nên hãy đặt mã mới cho câu hỏi đã đổi",
            changed.join(", "),
            previous.manifest.sequence
        );
    }
    Ok(())
}

fn write(content: &Content, form: i32, output: &Path, key: &Key) -> Result<Manifest> {
    let folder = tempfile::tempdir()?;
    let payload = folder.path().join("content.db");
    library::write_form(content, form, &payload)?;
    let head = Head {
        kind: Kind::Pack,
        id: content.pack.id.clone(),
        sequence: content.pack.edition,
        created: Local::now().date_naive().to_string(),
    };
    let cannot_write = || format!("không ghi được {}", output.display());
    let mut file = BufWriter::new(Files::default().begin(output).with_context(cannot_write)?);
    let mut scratch = tempfile::tempfile()?;
    let manifest = bundle::write(head, &mut File::open(&payload)?, &mut scratch, key, &mut file)?;
    file.flush().with_context(cannot_write)?;
    file.into_inner()
        .map_err(std::io::IntoInnerError::into_error)?
        .finish()
        .with_context(cannot_write)?;
    Ok(manifest)
}

/// What a resident will see changed since the previous pack.
fn print_changes(content: &Content, previous: &Previous) -> Result<()> {
    println!("So với phiên bản {}:", previous.manifest.sequence);
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    for card in &previous.library.catalogue().pages {
        before.insert(&card.id, &card.title);
    }
    let mut same = 0;
    for page in &content.pages {
        match before.remove(page.id.as_str()) {
            None => println!("  thêm trang: {}", page.title),
            Some(_) if is_changed(page, &previous.library)? => println!("  sửa trang: {}", page.title),
            Some(_) => same += 1,
        }
    }
    for title in before.values() {
        println!("  bỏ trang: {title}");
    }
    let questions_before: u32 = previous.library.catalogue().quizzes.iter().map(|quiz| quiz.count).sum();
    let questions: usize = content.quizzes.iter().map(|quiz| quiz.questions.len()).sum();
    println!("  {same} trang không đổi; câu hỏi: trước {questions_before}, nay {questions}");
    Ok(())
}

fn is_changed(page: &Page, previous: &Library) -> Result<bool> {
    Ok(previous.page(&page.id)?.as_ref() != Some(page))
}
