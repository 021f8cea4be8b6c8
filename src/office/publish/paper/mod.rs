//! What is handed out, hung up, shown and sent on: leaflets, posters, decks, handouts, scripts, sheets to approve, and cards.
//!
//! Nothing is typed here: `sheet` says what there is to print of a page, as data; the templates (`templates/*.typ`) say how it looks;
//! `world` is all that these can see. The same content, day and form give the same bytes. Reads no clock and no file. Begin with [`pdf`].

mod cards;
mod code;
mod docx;
mod letters;
mod picture;
pub mod report;
mod sheet;
mod world;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use thiserror::Error;
use typst::comemo;
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

pub use self::cards::{Card, cards};
use self::letters::{BLANK, by_hand, changed_json, elsewhere};
use self::sheet::{Item, Sheet};
use self::world::Desk;
use crate::content::model::Content;
use crate::content::vietnamese::spoken::Pronunciations;
use crate::office::words::date;

/// Documents after which what typesetting remembers is forgotten, if none of them needed it.
const REMEMBERED: usize = 1;

/// The longest text that is printed, in letters: ten times the longest page of the repository. Dealing it out takes the square of it.
const LONGEST: usize = 30_000;

/// What is made of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A4 across, both sides, folded in three like a Z.
    Leaflet,
    /// A5, both sides.
    LeafletA5,
    /// The same twice on an A4 sheet, to be cut in the middle.
    LeafletPair,
    /// A3, to be hung up.
    Poster,
    /// The same on A4.
    PosterA4,
    /// 16:9, to be shown on a wall.
    Deck,
    /// A4, for those who take part in a class.
    Lesson,
    /// A4, for whoever reads it into a microphone.
    Script,
    /// A4, for the officer who approves it.
    Review,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Leaflet,
        Self::LeafletA5,
        Self::LeafletPair,
        Self::Poster,
        Self::PosterA4,
        Self::Deck,
        Self::Lesson,
        Self::Script,
        Self::Review,
    ];

    /// What it is called on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Leaflet => "leaflet",
            Self::LeafletA5 => "leaflet-a5",
            Self::LeafletPair => "leaflet-a5x2",
            Self::Poster => "poster",
            Self::PosterA4 => "poster-a4",
            Self::Deck => "deck",
            Self::Lesson => "lesson",
            Self::Script => "script",
            Self::Review => "review",
        }
    }

    /// What officers call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Leaflet => "Tờ rơi A4 gấp ba",
            Self::LeafletA5 => "Tờ rơi A5",
            Self::LeafletPair => "Tờ rơi A5, hai tờ trên một trang A4",
            Self::Poster => "Áp phích A3",
            Self::PosterA4 => "Áp phích A4",
            Self::Deck => "Bài trình chiếu",
            Self::Lesson => "Tài liệu lớp học",
            Self::Script => "Lời phát thanh",
            Self::Review => "Phiếu cán bộ duyệt",
        }
    }

    /// How it is printed or shown.
    #[must_use]
    pub const fn how(self) -> &'static str {
        match self {
            Self::Leaflet => "In hai mặt, lật theo cạnh ngắn; gấp chữ Z thành ba phần bằng nhau, bìa nằm trên cùng",
            Self::LeafletA5 => "In hai mặt trên giấy A5",
            Self::LeafletPair => "In hai mặt trên giấy A4, lật theo cạnh ngắn; cắt đôi ở vạch",
            Self::Poster => "In một mặt trên giấy A3",
            Self::PosterA4 => "In một mặt trên giấy A4",
            Self::Deck => "Mở toàn màn hình hoặc chiếu lên tường, mỗi bước một trang",
            Self::Lesson => "In trên giấy A4, phát cho người học",
            Self::Script => "In trên giấy A4, đọc trước micro",
            Self::Review => "In trên giấy A4, cán bộ đánh dấu từng câu rồi ký",
        }
    }

    const fn template(self) -> &'static str {
        match self {
            Self::Leaflet => "leaflet.typ",
            Self::LeafletA5 | Self::LeafletPair => "leaflet-a5.typ",
            Self::Poster | Self::PosterA4 => "poster.typ",
            Self::Deck => "deck.typ",
            Self::Lesson => "lesson.typ",
            Self::Script => "script.typ",
            Self::Review => "review.typ",
        }
    }

    /// What the commune's site is told (`?k=`).
    const fn channel(self) -> &'static str {
        match self {
            Self::Leaflet | Self::LeafletA5 | Self::LeafletPair => "leaflet",
            Self::Poster | Self::PosterA4 => "poster",
            Self::Deck => "deck",
            Self::Lesson | Self::Script | Self::Review => "lesson",
        }
    }
}

/// Why nothing was printed.
#[derive(Debug, Error)]
pub enum PaperError {
    /// No page, notice, programme or event has this id.
    #[error("không có trang, thông báo hay chương trình nào mang mã \"{0}\"")]
    Unknown(String),
    /// An address is too long for a code.
    #[error("địa chỉ \"{0}\" dài quá, không làm được mã QR")]
    LongAddress(String),
    /// More text than anybody folds.
    #[error("bài \"{0}\" dài quá {LONGEST} chữ cái, không in được: mời tách thành nhiều bài")]
    TooLong(String),
    /// Typesetting refused. Not the author's fault unless a picture is named.
    #[error("không dàn được trang in: {0}")]
    Typeset(String),
    /// A card can't be made small enough to be sent on.
    #[error("hình của bài \"{0}\" nặng quá, không gửi qua mạng được")]
    HeavyCard(String),
}

/// What a template is given.
#[derive(Serialize)]
struct Job<'a> {
    form: &'static str,
    /// Where it was printed: a name, or room to write one.
    place: &'a str,
    /// Who answers for it as long as that has no name; else empty.
    publisher: &'a str,
    /// Which edition of which pack.
    pack: &'a str,
    edition: u64,
    printed: String,
    /// Whom to ask, where, when and by which number; empty as long as nobody has filled it in.
    ask: Vec<(&'static str, &'a str)>,
    sheets: Vec<Sheet<'a>>,
}

/// Prints pages, notices and programmes by their ids, as a tagged PDF (PDF/UA-1). `today` is the day that stands on it.
///
/// # Errors
/// An id is unknown, an address too long for a code, or something can't be set.
pub fn pdf(
    content: &Content,
    pronunciations: &Pronunciations,
    form: Form,
    ids: &[String],
    today: NaiveDate,
) -> Result<Vec<u8>, PaperError> {
    let sheets = ids.iter().map(|id| {
        let item = Item::find(content, id)?;
        if item.texts().iter().map(|text| text.chars().count()).sum::<usize>() > LONGEST {
            return Err(PaperError::TooLong(id.clone()));
        }
        Ok(Sheet::of(content, item, pronunciations, form.channel(), today))
    });
    let named = issuer(content);
    let ask = [
        ("Nơi hỏi", "center_name"),
        ("Địa chỉ", "center_address"),
        ("Giờ làm việc", "center_hours"),
        ("Điện thoại", "center_phone"),
    ];
    let job = Job {
        form: form.name(),
        place: named.unwrap_or(BLANK),
        publisher: if named.is_some() { "" } else { &content.pack.publisher },
        pack: &content.pack.title,
        edition: content.pack.edition,
        printed: date(today),
        ask: ask
            .map(|(name, key)| (name, known(content, key).unwrap_or("")))
            .to_vec(),
        sheets: sheets.collect::<Result<_, PaperError>>()?,
    };
    let mut files = files(content, &job.sheets)?;
    // What is approved is what is written.
    let job = match form {
        Form::Review => json(&job)?,
        Form::Deck | Form::Script => changed_json(&job, elsewhere)?,
        _ => changed_json(&job, by_hand)?,
    };
    files.insert("job.json".to_owned(), job);
    let document = set(form.template(), files, today)?;
    written(
        &document,
        &format!("{} {} {}", content.pack.id, form.name(), ids.join(" ")),
    )
}

/// A document as a tagged file. `name` tells it apart from others.
fn written(document: &PagedDocument, name: &str) -> Result<Vec<u8>, PaperError> {
    let standards =
        PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|error| PaperError::Typeset(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(name.to_owned()),
        creator: Smart::Custom(Some("office".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    let written = typst_pdf::pdf(document, &options).map_err(|errors| refusal(&errors));
    comemo::evict(REMEMBERED);
    written
}

/// What something is called and every sentence of it that somebody reads on paper or on a card: of a page, a notice, a programme, an event, or a month's
/// calendar.
///
/// # Errors
/// [`PaperError::Unknown`].
pub fn texts(content: &Content, id: &str, today: NaiveDate) -> Result<(String, Vec<String>), PaperError> {
    // In the order in which `cards` looks for it.
    match (cards::is_month(id), Item::find(content, id)) {
        (false, Ok(item)) => Ok((item.title().to_owned(), item.texts())),
        (_, found) => {
            let unknown = found.err().unwrap_or_else(|| PaperError::Unknown(id.to_owned()));
            cards::texts(content, id, today).ok_or(unknown)
        }
    }
}

/// Who prints: the commune's centre, or whoever answers for the content as long as it has no name.
fn place(content: &Content) -> &str {
    issuer(content).unwrap_or(&content.pack.publisher)
}

/// The centre's name, or the commune's.
fn issuer(content: &Content) -> Option<&str> {
    known(content, "center_name").or_else(|| known(content, "name"))
}

/// One of the commune's facts, if staff have filled it in.
fn known<'a>(content: &'a Content, key: &str) -> Option<&'a str> {
    let fact = content.commune.get(key).map(String::as_str);
    fact.filter(|fact| !fact.is_empty())
}

/// The pictures of the sheets, and their codes: `code-0.svg` is that of the first.
fn files(content: &Content, sheets: &[Sheet<'_>]) -> Result<BTreeMap<String, Vec<u8>>, PaperError> {
    let mut files = BTreeMap::new();
    for (number, sheet) in sheets.iter().enumerate() {
        for name in sheet.media() {
            if let Some(bytes) = content.media.get(name) {
                files.insert(format!("media/{name}"), bytes.clone());
            }
        }
        if let Some(address) = &sheet.address {
            files.insert(format!("code-{number}.svg"), code::svg(&address.target)?);
        }
    }
    Ok(files)
}

fn json(job: &impl Serialize) -> Result<Vec<u8>, PaperError> {
    serde_json::to_vec(job).map_err(|error| PaperError::Typeset(error.to_string()))
}

/// Sets a job; what the templates warn of is said to whoever looks after the program.
fn set(template: &str, files: BTreeMap<String, Vec<u8>>, today: NaiveDate) -> Result<PagedDocument, PaperError> {
    let set = typst::compile::<PagedDocument>(&Desk::new(template, files, today));
    for warning in &set.warnings {
        tracing::warn!("{template}: {}", warning.message);
    }
    set.output.map_err(|errors| refusal(&errors))
}

fn refusal(errors: &[SourceDiagnostic]) -> PaperError {
    let errors: Vec<String> = errors.iter().map(|error| error.message.to_string()).collect();
    PaperError::Typeset(errors.join("; "))
}
