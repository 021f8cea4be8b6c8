//! Where words stand: for each word a list of entries, and for each of those the best place in it.
//!
//! The list is a blob of variable-length numbers, seven bits a byte, the low ones first: for each entry, in ascending
//! order, four times its distance from the one before, plus its [`Place`]. Most entries take one byte. Begin with
//! [`Places`].

/// Where in an entry a word stands; the best place comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Title,
    Keyword,
    Summary,
    Body,
}

/// A list while it is made.
#[derive(Debug, Default)]
pub(super) struct Places {
    bytes: Vec<u8>,
    last: u32,
}

impl Places {
    /// Appends an entry; its number must be above all earlier ones.
    pub fn push(&mut self, entry: u32, place: Place) {
        let mut rest = (u64::from(entry - self.last) << 2) | place as u64;
        self.last = entry;
        while rest >= 0x80 {
            self.bytes.push(rest.to_le_bytes()[0] | 0x80);
            rest >>= 7;
        }
        self.bytes.push(rest.to_le_bytes()[0]);
    }

    /// The blob.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Reads a blob. Bytes that make no sense end the list: a damaged file finds less, and breaks nothing.
pub(super) fn read(bytes: &[u8]) -> impl Iterator<Item = (u32, Place)> {
    let mut bytes = bytes.iter();
    let mut entry = 0_u32;
    std::iter::from_fn(move || {
        let mut number = 0_u64;
        for shift in (0..35).step_by(7) {
            let byte = *bytes.next()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                let place = match number & 3 {
                    0 => Place::Title,
                    1 => Place::Keyword,
                    2 => Place::Summary,
                    _ => Place::Body,
                };
                entry = entry.checked_add(u32::try_from(number >> 2).ok()?)?;
                return Some((entry, place));
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(entries in prop::collection::btree_map(any::<u32>(), 0..4_usize, 0..50)) {
            let entries: BTreeMap<_, _> = entries
                .into_iter()
                .map(|(entry, place)| (entry, [Place::Title, Place::Keyword, Place::Summary, Place::Body][place]))
                .collect();
            let mut places = Places::default();
            for (&entry, &place) in &entries {
                places.push(entry, place);
            }
            prop_assert_eq!(read(places.bytes()).collect::<BTreeMap<_, _>>(), entries);
        }

        #[test]
        fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            prop_assert!(read(&bytes).count() <= bytes.len());
        }
    }
}
