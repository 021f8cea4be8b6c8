//! Statistics in JSON: `{"spans": [span, …], "counts": {signal: {subject: {value: [number, …]}}}}`.
//!
//! Numbers stand by cell and not by span: neighbours are then alike, and it packs to about half. They are written from a table
//! and read into one without a tree in between, because the office does both for each bundle of thousands of kiosks. Spans and
//! cells are counted while they are read: what is too much is never in memory. Begin with [`Counts`] and [`read`].

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

use super::rows::Rows;
use super::{Foreign, Health, Span, StatisticsError, Table};
use crate::usage::signals::{Cell, Label, Signal};

/// What a cell is called: signal, subject, value.
type Path<'a> = [&'a str; 3];

/// A cell and its numbers, one for each span; zeros at their end are not written.
type Row<'a> = (Path<'a>, &'a [u64]);

/// The counts of a table, to be written. Those of a signal stand together, and those that this program doesn't know last.
pub(super) struct Counts<'a>(pub &'a Table);

struct OfSignal<'a>(&'a [Row<'a>]);

struct OfSubject<'a>(&'a [Row<'a>]);

impl Serialize for Counts<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let Self(table) = self;
        let width = table.spans.len();
        let known = table.cells.iter(width).map(|(cell, numbers)| (cell.path(), numbers));
        let foreign = table.foreign.iter(width).map(|(cell, numbers)| (cell.path(), numbers));
        let rows: Vec<Row<'_>> = known.chain(foreign).collect();
        let signals = rows.chunk_by(|([one, ..], _), ([next, ..], _)| one == next);
        out.collect_map(signals.map(|rows| (rows[0].0[0], OfSignal(rows))))
    }
}

impl Serialize for OfSignal<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let subjects = self.0.chunk_by(|([_, one, _], _), ([_, next, _], _)| one == next);
        out.collect_map(subjects.map(|rows| (rows[0].0[1], OfSubject(rows))))
    }
}

impl Serialize for OfSubject<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let written = |numbers: &[u64]| numbers.iter().rposition(|n| *n > 0).map_or(0, |last| last + 1);
        let values = self.0.iter();
        out.collect_map(values.map(|([_, _, value], numbers)| (value, &numbers[..written(numbers)])))
    }
}

/// How much may be read.
pub(super) struct Bounds {
    /// Spans of time.
    pub spans: usize,
    /// Cells.
    pub cells: usize,
    /// Numbers of all cells.
    pub numbers: usize,
    /// Cells times the months that they are added up in.
    pub sums: usize,
}

/// What was read, if there was not too much of it. What a newer program may have added beside it is passed over.
#[derive(Default)]
pub(super) struct Written<'a> {
    pub format: Option<u64>,
    pub health: Option<Health>,
    spans: Vec<&'a str>,
    /// Each cell, and how many numbers there were when its own ended.
    cells: Vec<(Path<'a>, usize)>,
    /// Those of the first cell, then those of the second, and so on.
    numbers: Vec<u64>,
    /// Whether there was more than the bounds allow; then not all is here.
    too_much: bool,
}

/// Reads statistics, or a table alone.
pub(super) fn read<'a>(bytes: &'a [u8], bounds: &Bounds) -> Result<Written<'a>, StatisticsError> {
    let mut written = Written::default();
    let mut from = serde_json::Deserializer::from_slice(bytes);
    let read = All(bounds, &mut written)
        .deserialize(&mut from)
        .and_then(|()| from.end());
    if written.too_much {
        return Err(StatisticsError::TooMuch);
    }
    read.map_err(|error| StatisticsError::nonsense(error.to_string()))?;
    Ok(written)
}

/// The object as a whole.
struct All<'b, 'a>(&'b Bounds, &'b mut Written<'a>);

impl<'de> DeserializeSeed<'de> for All<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for All<'_, 'de> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(bounds, written) = self;
        let (mut spans, mut counts) = (false, false);
        while let Some(name) = map.next_key::<&str>()? {
            let again = match name {
                "format" => written.format.replace(map.next_value()?).is_some(),
                "health" => written.health.replace(map.next_value()?).is_some(),
                "spans" => {
                    map.next_value_seed(Spans(bounds, written))?;
                    std::mem::replace(&mut spans, true)
                }
                "counts" => {
                    let path = [""; 3];
                    let depth = 0;
                    map.next_value_seed(Level {
                        bounds,
                        written,
                        path,
                        depth,
                    })?;
                    std::mem::replace(&mut counts, true)
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    false
                }
            };
            if again {
                return Err(A::Error::custom("a field stands there twice"));
            }
        }
        if spans && counts {
            Ok(())
        } else {
            Err(A::Error::custom("spans or counts are missing"))
        }
    }
}

/// The spans of time, in words.
struct Spans<'b, 'a>(&'b Bounds, &'b mut Written<'a>);

impl<'de> DeserializeSeed<'de> for Spans<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Spans<'_, 'de> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        let Self(bounds, written) = self;
        while let Some(span) = array.next_element()? {
            if written.spans.len() == bounds.spans {
                written.too_much = true;
                return Err(A::Error::custom("too many spans of time"));
            }
            written.spans.push(span);
        }
        Ok(())
    }
}

/// The counts of a signal, of a subject or of a value. Names with escapes are refused: none of ours has any.
struct Level<'b, 'a> {
    bounds: &'b Bounds,
    written: &'b mut Written<'a>,
    path: Path<'a>,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Level<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        if self.depth < self.path.len() {
            from.deserialize_map(self)
        } else {
            from.deserialize_seq(self)
        }
    }
}

impl<'de> Visitor<'de> for Level<'_, 'de> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("counts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self {
            bounds,
            written,
            mut path,
            depth,
        } = self;
        while let Some(name) = map.next_key()? {
            path[depth] = name;
            let (written, depth) = (&mut *written, depth + 1);
            map.next_value_seed(Level {
                bounds,
                written,
                path,
                depth,
            })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        let Self {
            bounds, written, path, ..
        } = self;
        if written.cells.len() == bounds.cells {
            written.too_much = true;
            return Err(A::Error::custom("too many cells"));
        }
        while let Some(number) = array.next_element()? {
            if written.numbers.len() == bounds.numbers {
                written.too_much = true;
                return Err(A::Error::custom("too many numbers"));
            }
            written.numbers.push(number);
        }
        written.cells.push((path, written.numbers.len()));
        Ok(())
    }
}

impl Written<'_> {
    /// The table that was written, if it makes sense.
    pub(super) fn table(self, bounds: &Bounds, largest: u64) -> Result<Table, StatisticsError> {
        let nonsense = |what: &str| Err(StatisticsError::nonsense(what));
        let spans = self.spans.iter().map(|span| span.parse());
        let spans = spans.collect::<Result<Vec<Span>, _>>()?;
        let mut distinct = spans.clone();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() != spans.len() {
            return nonsense("a span of time stands there twice");
        }
        let stood = self.cells.len();
        let mut months: Vec<Span> = spans
            .iter()
            .map(|span| span.month().map_or(*span, Span::Month))
            .collect();
        months.sort_unstable();
        months.dedup();
        if stood.saturating_mul(months.len()) > bounds.sums {
            return Err(StatisticsError::TooMuch);
        }
        if self.numbers.iter().any(|n| *n > largest) {
            return nonsense("a number beyond belief");
        }
        let width = spans.len();
        let (mut cells, mut foreign) = (Rows::with_capacity(stood, width), Rows::default());
        let mut begin = 0;
        for (path, end) in self.cells {
            let numbers = &self.numbers[std::mem::replace(&mut begin, end)..end];
            if numbers.len() > width {
                return nonsense("more numbers than spans of time");
            }
            let numbers = numbers.iter().copied();
            let [code, subject, value] = path;
            let (subject, value) = (Label::stored(subject), Label::stored(value));
            let is_written_so = if let Some(signal) = Signal::from_code(code) {
                let cell = Cell { signal, subject, value };
                let is_written_so = cell.path() == path;
                cells.push(cell, numbers, width);
                is_written_so
            } else {
                let signal = Label::new(code);
                let cell = Foreign { signal, subject, value };
                let is_written_so = cell.path() == path;
                foreign.push(cell, numbers, width);
                is_written_so
            };
            if !is_written_so {
                return nonsense("a word that is no label");
            }
        }
        if !cells.sort(width) || !foreign.sort(width) {
            return nonsense("a cell stands there twice");
        }
        Ok(Table { spans, cells, foreign })
    }
}
