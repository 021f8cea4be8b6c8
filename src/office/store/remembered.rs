//! Sums of all kiosks as this program wrote them last. Reading them anew was half of the work on bundles that come a few at a time. Begin
//! with [`Remembered::take`].

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::usage::statistics::Table;

/// How many months are remembered, and the most bytes that one of them may have as it is stored: what has more is not of a usual year. In memory
/// a table takes a few times as much.
const MOST: usize = 6;
const LARGEST: usize = 512 * 1024;

/// What was written for months, and the table that it says. Others may have written since: what is stored is compared, to the last byte.
#[derive(Debug, Default)]
pub(super) struct Remembered(Mutex<BTreeMap<String, (Vec<u8>, Table)>>);

impl Remembered {
    /// The table that is stored as these bytes for a month, if it is remembered. Then it is not any more.
    pub(super) fn take(&self, month: &str, stored: &[u8]) -> Option<Table> {
        let remembered = self.months().remove(month);
        let (_, table) = remembered.filter(|(written, _)| written == stored)?;
        Some(table)
    }

    /// Remembers a table that is stored as these bytes, or will be when the transaction is over.
    pub(super) fn keep(&self, month: &str, written: Vec<u8>, table: Table) {
        if written.len() > LARGEST {
            return;
        }
        let mut months = self.months();
        if months.len() >= MOST {
            months.clear();
        }
        months.insert(month.to_owned(), (written, table));
    }

    fn months(&self) -> MutexGuard<'_, BTreeMap<String, (Vec<u8>, Table)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usage::signals::Event;
    use crate::usage::stamp::Stamp;

    fn table(n: u64) -> Table {
        let mut table = Table::default();
        let cell = Event::SearchFound.cell(Stamp::undated(std::time::Duration::ZERO));
        table.add("2026-10-05".parse().unwrap(), &cell, n);
        table
    }

    #[test]
    fn what_somebody_else_wrote_is_not_remembered() {
        let remembered = Remembered::default();
        let taken = |n: u64| remembered.take("2026-10", &table(n).to_json());
        remembered.keep("2026-10", table(7).to_json(), table(7));
        assert_eq!(taken(8), None, "another program added one");
        assert_eq!(taken(7), None, "what is not so any more is forgotten");
        remembered.keep("2026-10", table(7).to_json(), table(7));
        assert_eq!(taken(7), Some(table(7)));
        assert_eq!(taken(7), None, "not twice");
    }

    #[test]
    fn a_few_months_are_remembered_and_none_that_is_unusually_large() {
        let remembered = Remembered::default();
        for month in 0..10 * MOST {
            remembered.keep(&month.to_string(), Vec::new(), Table::default());
        }
        assert!(remembered.months().len() <= MOST);
        remembered.keep("large", vec![0; LARGEST + 1], Table::default());
        assert!(!remembered.months().contains_key("large"));
    }
}
