//! What an Ogg Opus file says of itself, and where its pages are, without decoding any sound. Begin with [`Outline::read`].

use std::io::{self, Read, Seek, SeekFrom};

use super::{RATE, SoundError};

/// What each page begins with, up to its table of lengths.
const PAGE_HEAD: usize = 27;

/// A page that belongs to no time: no packet ends on it.
const NO_TIME: u64 = u64::MAX;

/// Samples between two pages that are remembered for seeking.
const BETWEEN_PLACES: u64 = RATE as u64;

/// A file of Ogg Opus from above.
#[derive(Debug, Clone)]
pub struct Outline {
    /// One or two.
    pub channels: u8,
    /// Samples at the beginning that only warm the decoder up.
    pub pre_skip: u16,
    /// How much louder it is to be played, in 256ths of a decibel.
    pub gain: i16,
    /// The file ends where a page ends, and that page says that it is the last.
    pub is_whole: bool,
    /// Number of the stream in the file.
    pub(super) serial: u32,
    /// Samples from the beginning, with what is skipped, to the end.
    pub(super) end: u64,
    /// Pages by the sample before which they begin, about one a second.
    pub(super) places: Vec<(u64, u64)>,
}

impl Outline {
    /// Reads the first page and the heads of all others.
    ///
    /// # Errors
    /// It isn't Ogg Opus in one or two channels, or the file can't be read. A file that is cut off or damaged later is no error: the
    /// outline ends there, and is not whole.
    pub fn read<R: Read + Seek>(reader: &mut R) -> Result<Self, SoundError> {
        reader.seek(SeekFrom::Start(0))?;
        let first = Page::read(reader)?.ok_or(SoundError::NotOpus("no page of Ogg"))?;
        let mut body = vec![0; first.body];
        if !first.begins_stream || read_up_to(reader, &mut body)? < body.len() {
            return Err(SoundError::NotOpus("no first page"));
        }
        let mut outline = Self::of_head(&body)?;
        outline.serial = first.serial;
        let serial = outline.serial;
        outline.is_whole = follow(reader, serial, first.length(), |page, offset| {
            outline.pass(page, offset);
        })?;
        Ok(outline)
    }

    /// How long it lasts.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "nobody listens for thousands of years")]
    pub fn seconds(&self) -> f64 {
        self.end.saturating_sub(self.pre_skip.into()) as f64 / f64::from(RATE)
    }

    /// The packet that a stream begins with.
    fn of_head(packet: &[u8]) -> Result<Self, SoundError> {
        let [
            b'O',
            b'p',
            b'u',
            b's',
            b'H',
            b'e',
            b'a',
            b'd',
            version,
            channels,
            skip0,
            skip1,
            _,
            _,
            _,
            _,
            gain0,
            gain1,
            family,
            ..,
        ] = *packet
        else {
            return Err(SoundError::NotOpus("no OpusHead"));
        };
        if version & 0xf0 != 0 {
            return Err(SoundError::Unsupported("a newer form of Ogg Opus"));
        }
        if family != 0 || !(1..=2).contains(&channels) {
            return Err(SoundError::Unsupported("more than two channels"));
        }
        Ok(Self {
            channels,
            pre_skip: u16::from_le_bytes([skip0, skip1]),
            gain: i16::from_le_bytes([gain0, gain1]),
            is_whole: false,
            serial: 0,
            end: 0,
            places: Vec::new(),
        })
    }

    /// A page further on: it begins where the one before ended.
    fn pass(&mut self, page: &Page, offset: u64) {
        if page.time == NO_TIME {
            return;
        }
        let last = self.places.last().map_or(0, |(time, _)| *time);
        if self.end >= last.saturating_add(BETWEEN_PLACES) && !page.is_continued {
            self.places.push((self.end, offset));
        }
        self.end = self.end.max(page.time);
    }
}

/// Whether a file of Ogg, whatever is in it, has an end: its first stream says so of its last page, and the page is there.
///
/// # Errors
/// The file can't be read.
pub fn has_an_end<R: Read + Seek>(reader: &mut R) -> io::Result<bool> {
    reader.seek(SeekFrom::Start(0))?;
    match Page::read(reader)? {
        Some(first) => follow(reader, first.serial, first.length(), |_, _| {}),
        None => Ok(false),
    }
}

/// Goes through the pages of a stream from `offset` on; whether the last one is there. What comes after it is no recording of ours.
fn follow<R: Read + Seek>(
    reader: &mut R,
    serial: u32,
    mut offset: u64,
    mut each: impl FnMut(&Page, u64),
) -> io::Result<bool> {
    let length = reader.seek(SeekFrom::End(0))?;
    while offset < length {
        reader.seek(SeekFrom::Start(offset))?;
        let Some(page) = Page::read(reader)? else {
            break;
        };
        let next = offset + page.length();
        if next > length {
            break;
        }
        if page.serial == serial {
            each(&page, offset);
            if page.ends_stream {
                return Ok(true);
            }
        }
        offset = next;
    }
    Ok(false)
}

/// The head of a page.
struct Page {
    is_continued: bool,
    begins_stream: bool,
    ends_stream: bool,
    /// The sample after the last one whose packet ends on it.
    time: u64,
    serial: u32,
    /// Lengths of the table and of what follows it.
    table: usize,
    body: usize,
}

impl Page {
    /// `None` if none stands here, or only a part of its head.
    fn read<R: Read>(reader: &mut R) -> io::Result<Option<Self>> {
        let mut head = [0; PAGE_HEAD];
        if read_up_to(reader, &mut head)? < PAGE_HEAD || !head.starts_with(b"OggS\0") {
            return Ok(None);
        }
        let mut table = vec![0; usize::from(head[26])];
        if read_up_to(reader, &mut table)? < table.len() {
            return Ok(None);
        }
        let [.., t0, t1, t2, t3, t4, t5, t6, t7] = head[..14] else {
            return Ok(None);
        };
        Ok(Some(Self {
            is_continued: head[5] & 1 != 0,
            begins_stream: head[5] & 2 != 0,
            ends_stream: head[5] & 4 != 0,
            time: u64::from_le_bytes([t0, t1, t2, t3, t4, t5, t6, t7]),
            serial: u32::from_le_bytes([head[14], head[15], head[16], head[17]]),
            table: table.len(),
            body: table.iter().map(|length| usize::from(*length)).sum(),
        }))
    }

    fn length(&self) -> u64 {
        (PAGE_HEAD + self.table + self.body) as u64
    }
}

/// Fills the buffer as far as the file goes.
fn read_up_to<R: Read>(reader: &mut R, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
