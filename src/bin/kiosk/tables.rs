//! `kiosk.toml` taken apart: table by table, key by key.
//!
//! Each table is judged by itself, so that a slip about the server neither turns the picture nor takes the PIN away. What nobody
//! asks for is passed over: a newer program may know it. Both are said by their line and never by what stands there, which
//! may be a password, even in the place of a key. Begin with [`Tables`].

use std::ops::Range;
use std::path::Path;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};

/// The tables of this program, and what staff read of them. The first stands for what is above them all.
const NAMES: [(&str, &str); 10] = [
    ("", "phần đầu tệp (mã PIN)"),
    ("office", "phần [office] (văn phòng)"),
    ("sync", "phần [sync] (gửi số liệu)"),
    ("hardware", "phần [hardware] (thiết bị)"),
    ("content", "phần [content] (nội dung)"),
    ("sound", "phần [sound] (âm thanh)"),
    ("network", "phần [network] (Wi-Fi)"),
    ("cable", "phần [cable] (mạng dây)"),
    ("time", "phần [time] (giờ)"),
    ("screen", "phần [screen] (màn hình)"),
];

/// How often the settings are read anew to find what stands there twice.
const MOST_ROUNDS: usize = 20;

/// Something in the settings that does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands, from 1.
    pub line: usize,
    /// The table that is not used because of it; `None` where it is only passed over.
    pub table: Option<&'static str>,
    why: Option<&'static str>,
}

impl Fault {
    /// A line for the log.
    pub fn say(&self, file: &Path) -> String {
        let (line, file) = (self.line, file.display());
        let used = match self.table {
            None => return format!("line {line} of {file} is no setting that this program knows, and is passed over"),
            Some("") => "nothing above the first table is used".to_owned(),
            Some(table) => format!("nothing of [{table}] is used"),
        };
        let why = self.why.unwrap_or("can't be understood");
        format!("line {line} of {file}: {why}; {used}")
    }

    /// Where it stands, for staff.
    pub fn for_staff(&self) -> String {
        let name = NAMES.iter().find(|(name, _)| self.table == Some(*name));
        match name {
            Some((_, words)) => format!("dòng {}, {words} không được dùng", self.line),
            None => format!("dòng {}", self.line),
        }
    }
}

/// Why a table can't be used.
#[derive(Debug)]
pub struct Wrong {
    /// The place in the file; without it, that of the table.
    at: Option<usize>,
    why: Option<&'static str>,
}

impl From<&'static str> for Wrong {
    fn from(why: &'static str) -> Self {
        Self {
            at: None,
            why: Some(why),
        }
    }
}

/// A table that is being read.
#[derive(Debug)]
pub struct Table<'a> {
    /// What nobody has asked for yet.
    entries: DeTable<'a>,
    /// Keys in tables of this one that nobody asked for.
    unknown: Vec<usize>,
}

impl<'a> Table<'a> {
    /// A file, or a part of one, as one table.
    pub fn parse(text: &'a str) -> Result<Self, Error> {
        Ok(Self::of(DeTable::parse(text)?.into_inner()))
    }

    const fn of(entries: DeTable<'a>) -> Self {
        Self {
            entries,
            unknown: Vec::new(),
        }
    }

    /// The value of a key, if there is one.
    pub fn take<T: DeserializeOwned>(&mut self, key: &str) -> Result<Option<T>, Wrong> {
        let Some(value) = self.entries.remove(key) else {
            return Ok(None);
        };
        let span = value.span();
        T::deserialize(ValueDeserializer::from(value))
            .map(Some)
            .map_err(|error| Wrong {
                at: Some(error.span().unwrap_or(span).start),
                why: None,
            })
    }

    /// What is read of a key's value where that is a table; `None` where it is something else.
    pub fn take_table<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&mut Table<'a>) -> Result<T, Wrong>,
    ) -> Result<Option<T>, Wrong> {
        let Some((name, value)) = self.entries.remove_entry(key) else {
            return Ok(None);
        };
        let span = value.span();
        match value.into_inner() {
            DeValue::Table(entries) => {
                let mut table = Table::of(entries);
                let read = read(&mut table).map_err(|wrong| Wrong {
                    at: wrong.at.or(Some(span.start)),
                    ..wrong
                })?;
                self.unknown.extend(table.unasked());
                Ok(Some(read))
            }
            other => {
                self.entries.insert(name, Spanned::new(span, other));
                Ok(None)
            }
        }
    }

    /// Where keys stand that nobody asked for.
    fn unasked(self) -> Vec<usize> {
        let keys = self.entries.keys().map(|key| key.span().start);
        keys.chain(self.unknown).collect()
    }
}

/// The settings, from which table after table is read.
pub struct Tables<'a> {
    text: &'a str,
    whole: Table<'a>,
    faults: Vec<Fault>,
}

impl<'a> Tables<'a> {
    /// Takes the settings without the tables that are not even TOML; see [`leave_out_broken`].
    pub fn of(text: &'a str, faults: Vec<Fault>) -> Self {
        Self {
            text,
            whole: Table::parse(text).unwrap_or_else(|_| Table::of(DeTable::new())),
            faults,
        }
    }

    /// Reads a table; `None` if it is not there, or can't be used.
    pub fn read<T>(&mut self, name: &'static str, read: impl FnOnce(&mut Table<'a>) -> Result<T, Wrong>) -> Option<T> {
        let start = self.whole.entries.get(name).map(|value| value.span().start)?;
        let read = self.whole.take_table(name, read).and_then(|read| {
            // Its value is of another kind.
            self.whole.entries.remove(name);
            read.map(Some).ok_or(Wrong::from("this is no table"))
        });
        self.judge(name, start, read)
    }

    /// Reads what stands above the first table.
    pub fn read_top<T>(&mut self, read: impl FnOnce(&mut Table<'a>) -> Result<Option<T>, Wrong>) -> Option<T> {
        let read = read(&mut self.whole);
        self.judge("", 0, read)
    }

    fn judge<T>(&mut self, name: &'static str, start: usize, read: Result<Option<T>, Wrong>) -> Option<T> {
        // Of a table that stands there twice, or half of which is broken, the other half is no setting either.
        let is_broken = self.faults.iter().any(|fault| fault.table == Some(name));
        match read {
            Ok(read) => read.filter(|_| !is_broken),
            Err(Wrong { at, why }) => {
                self.faults.push(Fault {
                    line: line(self.text, at.unwrap_or(start)),
                    table: Some(name),
                    why,
                });
                None
            }
        }
    }

    /// Everything that does not count, from the first line on.
    pub fn finish(self) -> Vec<Fault> {
        let (text, mut faults) = (self.text, self.faults);
        faults.extend(self.whole.unasked().into_iter().map(|at| Fault {
            line: line(text, at),
            table: None,
            why: None,
        }));
        faults.sort_by_key(|fault| fault.line);
        faults
    }
}

/// The settings with blank lines for the tables that are not even TOML, so that the others keep their lines; and what is
/// wrong with those.
pub fn leave_out_broken(text: &str) -> (String, Vec<Fault>) {
    let (mut sound, mut faults) = (text.to_owned(), Vec::new());
    if Table::parse(text).is_ok() {
        return (sound, faults);
    }
    let mut leave_out = |part: &Range<usize>, at: usize, sound: &mut String| {
        faults.push(Fault {
            line: line(text, at),
            table: name(&text[part.clone()]),
            why: None,
        });
        let keep_lines = |byte| if byte == b'\n' { '\n' } else { ' ' };
        let blank: String = text[part.clone()].bytes().map(keep_lines).collect();
        sound.replace_range(part.clone(), &blank);
    };
    let parts = parts(text);
    for part in &parts {
        if let Err(error) = Table::parse(&text[part.clone()]) {
            let last = text[part.clone()].trim_end().len();
            let at = part.start + error.span().unwrap_or_default().start.min(last);
            leave_out(part, at, &mut sound);
        }
    }
    // What stands there twice is sound alone. Each round leaves out the part with the fault or, if it isn't known, all; so does the last
    // round, because each of them reads all of the file.
    for round in 1.. {
        let Err(error) = Table::parse(&sound) else {
            break;
        };
        let at = error.span().unwrap_or_default().start;
        let left: Vec<_> = parts
            .iter()
            .filter(|part| !sound[(*part).clone()].trim().is_empty())
            .collect();
        match left.iter().find(|part| part.contains(&at)) {
            Some(part) if round < MOST_ROUNDS => leave_out(part, at, &mut sound),
            _ => left.iter().for_each(|part| leave_out(part, part.start, &mut sound)),
        }
    }
    (sound, faults)
}

/// The pieces of the settings that each begin with the name of a table, and what stands above them.
fn parts(text: &str) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with('[') {
            starts.push(at);
        }
        at += line.len();
    }
    starts.push(at);
    starts.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

/// The table of a piece; `None` if it is none of ours.
fn name(part: &str) -> Option<&'static str> {
    let Some(header) = part.trim_start().strip_prefix('[') else {
        return Some("");
    };
    let end = |letter: char| !letter.is_ascii_lowercase();
    let name = header.trim_start_matches('[').trim_start().split(end).next()?;
    let mut known = NAMES.iter().skip(1).map(|(known, _)| *known);
    known.find(|known| *known == name)
}

fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// A value as a string of TOML, every letter by its number.
#[cfg(test)]
pub fn quoted(value: &str) -> String {
    let escaped = value.chars().fold(String::new(), |escaped, letter| {
        escaped + &format!("\\U{:08x}", u32::from(letter))
    });
    format!("\"{escaped}\"")
}
