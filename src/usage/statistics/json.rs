//! Statistics in JSON: `{"spans": [span, …], "counts": {signal: {subject: {value: [number, …]}}}}`.
//!
//! Numbers stand by cell and not by span: neighbours are then alike, and it packs to about half. They are written from a table
//! and read into one without a tree in between, because the office does both for each bundle of thousands of kiosks. Begin
//! with [`Counts`] and [`Nested`].

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

use super::{Span, StatisticsError, Table};
use crate::usage::signals::{Cell, Label, Signal};

/// Room for the numbers of a cell: most tables are of a month.
const DAYS: usize = 31;

/// A cell and its numbers, one for each span.
type Row<'a> = (&'a Cell, &'a Vec<u64>);

/// The counts of a table, to be written. Rows stand in the order of their cells, so those of a signal stand together.
pub(super) struct Counts<'a>(pub &'a BTreeMap<Cell, Vec<u64>>);

struct OfSignal<'a>(&'a [Row<'a>]);

struct OfSubject<'a>(&'a [Row<'a>]);

impl Serialize for Counts<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let rows: Vec<Row<'_>> = self.0.iter().collect();
        let signals = rows.chunk_by(|(one, _), (next, _)| one.signal == next.signal);
        out.collect_map(signals.map(|rows| (rows[0].0.signal.code(), OfSignal(rows))))
    }
}

impl Serialize for OfSignal<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let subjects = self.0.chunk_by(|(one, _), (next, _)| one.subject == next.subject);
        out.collect_map(subjects.map(|rows| (rows[0].0.subject.as_str(), OfSubject(rows))))
    }
}

impl Serialize for OfSubject<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_map(self.0.iter().map(|(cell, numbers)| (cell.value.as_str(), numbers)))
    }
}

/// An object as its names and values, in the order in which they stand. Names with escapes are refused: none of ours has any.
pub(super) struct Pairs<'a, T>(Vec<(&'a str, T)>);

/// The numbers of a cell.
pub(super) struct Numbers(Vec<u64>);

/// Counts as they were written.
pub(super) type Nested<'a> = Pairs<'a, Pairs<'a, Pairs<'a, Numbers>>>;

impl<'a, 'de: 'a, T: Deserialize<'de>> Deserialize<'de> for Pairs<'a, T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Object<'a, T>(PhantomData<(&'a str, T)>);

        impl<'a, 'de: 'a, T: Deserialize<'de>> Visitor<'de> for Object<'a, T> {
            type Value = Pairs<'a, T>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        from.deserialize_map(Object(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Array;

        impl<'de> Visitor<'de> for Array {
            type Value = Numbers;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
                let mut numbers = Vec::with_capacity(DAYS);
                while let Some(number) = array.next_element()? {
                    numbers.push(number);
                }
                Ok(Numbers(numbers))
            }
        }

        from.deserialize_seq(Array)
    }
}

/// The table of what was read, if it makes sense.
pub(super) fn table(
    spans: &[&str],
    counts: Nested<'_>,
    most_spans: usize,
    largest: u64,
) -> Result<Table, StatisticsError> {
    let nonsense = |what: &str| Err(StatisticsError::Nonsense(what.to_owned()));
    if spans.len() > most_spans {
        return nonsense("too many spans of time");
    }
    let spans = spans
        .iter()
        .map(|span| span.parse())
        .collect::<Result<Vec<Span>, _>>()?;
    let mut distinct = spans.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() != spans.len() {
        return nonsense("a span of time stands there twice");
    }
    let mut cells = Vec::new();
    for (code, subjects) in counts.0 {
        let Some(signal) = Signal::from_code(code) else {
            return nonsense("an unknown signal");
        };
        for (subject, values) in subjects.0 {
            for (value, Numbers(numbers)) in values.0 {
                if numbers.len() > spans.len() {
                    return nonsense("more numbers than spans of time");
                }
                if numbers.iter().any(|n| *n > largest) {
                    return nonsense("a number beyond belief");
                }
                let cell = Cell {
                    signal,
                    subject: Label::stored(subject),
                    value: Label::stored(value),
                };
                if (cell.subject.as_str(), cell.value.as_str()) != (subject, value) {
                    return nonsense("a word that is no label");
                }
                cells.push((cell, numbers));
            }
        }
    }
    let stood = cells.len();
    // At once, because they were written in order.
    let cells = BTreeMap::from_iter(cells);
    if cells.len() != stood {
        return nonsense("a cell stands there twice");
    }
    Ok(Table { spans, cells })
}
