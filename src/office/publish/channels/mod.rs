//! Many forms of many pages at once, as one ZIP, for whoever prints them, posts them or puts them on a server; and what was made before.
//!
//! Nothing is typeset here: `paper` and `site` do that, one thing at a time. What was made is kept with its words ([`Shelf`]), so that it
//! can be said what a later edition changed. Begin with [`zip()`].

mod shelf;

use std::io::{self, Seek, Write};

use ::zip::ZipWriter;
use ::zip::result::ZipError;
use ::zip::write::SimpleFileOptions;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use self::shelf::{Edition, KEPT, Outdated, Shelf, outdated};
use super::paper::{self, Form, PaperError};
use super::site::{Base, NotABase, Site, SiteError};
use crate::content::model::Content;
use crate::content::vietnamese::spoken::Pronunciations;

/// How the names of files begin that are being written: whoever finds one later may remove it.
pub const UNFINISHED: &str = ".making-";

/// A way for the content to reach people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// A page on paper or on a wall.
    Paper(Form),
    /// Pictures and words to send on.
    Cards,
    /// The commune's web pages, all of them.
    Site,
}

impl Channel {
    /// All of them, in the order in which they are offered.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let paper = Form::ALL.into_iter().map(Self::Paper);
        paper.chain([Self::Cards, Self::Site]).collect()
    }

    /// The channel of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|channel| channel.name() == name)
    }

    /// What programs call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Paper(form) => form.name(),
            Self::Cards => "cards",
            Self::Site => "site",
        }
    }

    /// What officers call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Paper(form) => form.title(),
            Self::Cards => "Hình gửi Zalo, Facebook",
            Self::Site => "Trang web của xã",
        }
    }

    /// What to do with it.
    #[must_use]
    pub const fn how(self) -> &'static str {
        match self {
            Self::Paper(form) => form.how(),
            Self::Cards => "Mỗi bài hai hình (ngang, vuông) và một tệp lời để chép vào tin nhắn",
            Self::Site => "Mở tệp index.html để xem; chép cả thư mục lên máy chủ web, hoặc vào USB",
        }
    }

    /// Its folder in the ZIP: letters that every computer can unpack.
    const fn folder(self) -> &'static str {
        match self {
            Self::Paper(Form::Leaflet) => "to-roi-a4-gap-ba",
            Self::Paper(Form::LeafletA5) => "to-roi-a5",
            Self::Paper(Form::LeafletPair) => "to-roi-a5-hai-to-mot-trang",
            Self::Paper(Form::Poster) => "ap-phich-a3",
            Self::Paper(Form::PosterA4) => "ap-phich-a4",
            Self::Paper(Form::Deck) => "trinh-chieu",
            Self::Paper(Form::Lesson) => "tai-lieu-lop-hoc",
            Self::Paper(Form::Script) => "loi-phat-thanh",
            Self::Paper(Form::Review) => "phieu-duyet",
            Self::Cards => "hinh-gui-zalo",
            Self::Site => "trang-web",
        }
    }
}

/// Something to be made: in which form, of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// In which form.
    pub channel: Channel,
    /// The id of a page, a notice, a programme or an event; a month (`2026-12`); nothing for the site.
    pub id: String,
}

/// What was made, and the words that it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The channel's name.
    pub channel: String,
    /// As in [`Wanted`].
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Every sentence.
    pub texts: Vec<String>,
}

/// Why nothing was made, in Vietnamese.
#[derive(Debug, Error)]
pub enum ChannelError {
    /// A page can't be printed.
    #[error("bài \"{id}\": {error}")]
    Paper {
        /// Which.
        id: String,
        /// Why.
        error: PaperError,
    },
    /// There is no site of this content.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// The commune's address of its site is none.
    #[error("mục site của commune.toml: {0}")]
    Base(#[from] NotABase),
    /// The file can't be written.
    #[error("ổ đĩa của máy chủ bị lỗi hoặc đã đầy")]
    Disk(#[from] io::Error),
    /// Nobody wants it any more.
    #[error("đã thôi, không làm nữa")]
    Stopped,
}

impl From<ZipError> for ChannelError {
    fn from(error: ZipError) -> Self {
        Self::Disk(error.into())
    }
}

/// Makes all that is wanted, as one ZIP. `done` hears how many are ready, and says whether to go on.
///
/// # Errors
/// The first thing that can't be made, or the disk; then what was written is of no use.
pub fn zip(
    content: &Content,
    wanted: &[Wanted],
    today: NaiveDate,
    out: impl Write + Seek,
    done: impl Fn(usize) -> bool,
) -> Result<Vec<Made>, ChannelError> {
    let mut zip = Zip(ZipWriter::new(out));
    let mut all = Vec::with_capacity(wanted.len());
    zip.add("doc-truoc.txt", read_first(wanted).as_bytes())?;
    for (number, Wanted { channel, id }) in (1..).zip(wanted) {
        let folder = channel.folder();
        let failed = |error| ChannelError::Paper { id: id.clone(), error };
        let (title, texts) = match channel {
            Channel::Paper(form) => {
                let ids = std::slice::from_ref(id);
                // Whoever reads a script aloud knows how the commune's names are said.
                let pdf = paper::pdf(content, &Pronunciations::default(), *form, ids, today).map_err(failed)?;
                zip.add(&format!("{folder}/{id}.pdf"), &pdf)?;
                paper::texts(content, id, today).map_err(failed)?
            }
            Channel::Cards => {
                for card in paper::cards(content, id, today).map_err(failed)? {
                    zip.add(&format!("{folder}/{}", card.name), &card.bytes)?;
                }
                paper::texts(content, id, today).map_err(failed)?
            }
            Channel::Site => {
                let base = content.commune.get("site").filter(|site| !site.is_empty());
                let base = base.map(|site| Base::parse(site)).transpose()?;
                for (name, bytes) in Site::of(content, base.as_ref(), today)?.files() {
                    zip.add(&format!("{folder}/{name}"), bytes)?;
                }
                (channel.title().to_owned(), Vec::new())
            }
        };
        all.push(Made {
            channel: channel.name().to_owned(),
            id: id.clone(),
            title,
            texts,
        });
        if !done(number) {
            return Err(ChannelError::Stopped);
        }
    }
    zip.0.finish()?.flush()?;
    Ok(all)
}

/// What to do with each folder.
fn read_first(wanted: &[Wanted]) -> String {
    let channels = Channel::all().into_iter();
    let there = channels.filter(|channel| wanted.iter().any(|wanted| wanted.channel == *channel));
    let lines = there.map(|channel| format!("{}/  {}: {}.\r\n", channel.folder(), channel.title(), channel.how()));
    lines.collect()
}

struct Zip<W: Write + Seek>(ZipWriter<W>);

impl<W: Write + Seek> Zip<W> {
    fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), ChannelError> {
        // Without a time: the same content gives the same bytes.
        self.0.start_file(name, SimpleFileOptions::default())?;
        Ok(self.0.write_all(bytes)?)
    }
}
