//! Cells with a number for each span of time, in two pieces of memory: the office reads, adds up and drops those of thousands of kiosks,
//! and a piece for each cell took it longer than all else. A sum says nothing beyond the largest number. Begin with [`Rows`].

use std::mem::take;

/// Cells in their order, each once, with so many numbers each as there are spans. That number, the `width`, is the table's to know: it is
/// told in each call, and is the same until [`Rows::widen`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rows<K> {
    cells: Vec<K>,
    /// Those of the first cell, then those of the second, and so on.
    numbers: Vec<u64>,
}

impl<K> Default for Rows<K> {
    fn default() -> Self {
        Self {
            cells: Vec::new(),
            numbers: Vec::new(),
        }
    }
}

impl<K: Ord + Clone> Rows<K> {
    pub(super) fn with_capacity(cells: usize, width: usize) -> Self {
        Self {
            cells: Vec::with_capacity(cells),
            numbers: Vec::with_capacity(cells * width),
        }
    }

    /// How many cells there are.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// Puts a cell behind the others, with numbers of which the last may be left out.
    pub(super) fn push(&mut self, cell: K, numbers: impl IntoIterator<Item = u64>, width: usize) {
        self.cells.push(cell);
        self.numbers.extend(numbers);
        self.numbers.resize(self.cells.len() * width, 0);
    }

    /// Puts cells that were pushed in any order into their order. Says whether each is there once.
    pub(super) fn sort(&mut self, width: usize) -> bool {
        if self.cells.is_sorted_by(|one, next| one < next) {
            return true;
        }
        let mut order: Vec<usize> = (0..self.cells.len()).collect();
        order.sort_by(|one, other| self.cells[*one].cmp(&self.cells[*other]));
        let mut sorted = Self::with_capacity(self.len(), width);
        for place in order {
            let numbers = self.numbers[place * width..][..width].iter().copied();
            sorted.push(self.cells[place].clone(), numbers, width);
        }
        *self = sorted;
        self.cells.is_sorted_by(|one, next| one < next)
    }

    /// Each cell with its numbers.
    pub(super) fn iter(&self, width: usize) -> impl Iterator<Item = (&K, &[u64])> {
        let cells = self.cells.iter().enumerate();
        cells.map(move |(place, cell)| (cell, &self.numbers[place * width..][..width]))
    }

    /// The numbers of a cell.
    pub(super) fn get(&self, cell: &K, width: usize) -> Option<&[u64]> {
        let place = self.cells.binary_search(cell).ok()?;
        Some(&self.numbers[place * width..][..width])
    }

    /// The numbers of a cell, to be changed.
    pub(super) fn get_mut(&mut self, cell: &K, width: usize) -> Option<&mut [u64]> {
        let place = self.cells.binary_search(cell).ok()?;
        Some(&mut self.numbers[place * width..][..width])
    }

    /// Gives each cell room for more spans.
    pub(super) fn widen(&mut self, width: usize, wider: usize) {
        if width == wider || self.cells.is_empty() {
            return;
        }
        let narrow = take(self);
        self.numbers.reserve(narrow.len() * wider);
        for place in 0..narrow.len() {
            self.numbers
                .extend_from_slice(&narrow.numbers[place * width..][..width]);
            self.numbers.resize((place + 1) * wider, 0);
        }
        self.cells = narrow.cells;
    }

    /// Adds to one number of a cell.
    pub(super) fn add(&mut self, cell: &K, (place, n): (usize, u64), width: usize) {
        let row = self.cells.binary_search(cell).unwrap_or_else(|row| {
            self.cells.insert(row, cell.clone());
            let zeros = std::iter::repeat_n(0, width);
            self.numbers.splice(row * width..row * width, zeros);
            row
        });
        let number = &mut self.numbers[row * width + place];
        *number = number.saturating_add(n);
    }

    /// Adds the cells of others, of which number `i` belongs to our place `places[i]`.
    pub(super) fn merge(&mut self, others: &Self, places: &[usize], width: usize) {
        // Both stand in order, and most cells are in both: no place is looked up.
        let mut row = 0;
        let mut new = Vec::new();
        for (theirs, (cell, numbers)) in others.iter(places.len()).enumerate() {
            row += self.cells[row..].iter().take_while(|mine| *mine < cell).count();
            if self.cells.get(row) == Some(cell) {
                add(&mut self.numbers[row * width..][..width], numbers, places);
                row += 1;
            } else {
                new.push((row, theirs));
            }
        }
        if !new.is_empty() {
            self.insert(others, &new, places, width);
        }
    }

    /// Puts cells of others in: each before the row of ours and from the row of theirs that `new` says, in that order.
    fn insert(&mut self, others: &Self, new: &[(usize, usize)], places: &[usize], width: usize) {
        let old = take(self);
        *self = Self::with_capacity(old.len() + new.len(), width);
        let mut new = new.iter().peekable();
        for row in 0..=old.len() {
            while let Some((_, theirs)) = new.next_if(|(before, _)| *before == row) {
                let begin = self.numbers.len();
                self.push(others.cells[*theirs].clone(), [], width);
                let numbers = &others.numbers[theirs * places.len()..][..places.len()];
                add(&mut self.numbers[begin..], numbers, places);
            }
            if let Some(cell) = old.cells.get(row) {
                let numbers = old.numbers[row * width..][..width].iter().copied();
                self.push(cell.clone(), numbers, width);
            }
        }
    }

    /// Cells with other numbers: `change` is told a cell and its numbers, and writes `changed` numbers in the place of nothing. Those of
    /// which nothing is left are left out.
    pub(super) fn changed(&self, width: usize, changed: usize, change: impl Fn(&K, &[u64], &mut [u64])) -> Self {
        let mut rows = Self::with_capacity(self.len(), changed);
        for (cell, numbers) in self.iter(width) {
            let begin = rows.numbers.len();
            rows.numbers.resize(begin + changed, 0);
            change(cell, numbers, &mut rows.numbers[begin..]);
            if rows.numbers[begin..].iter().any(|n| *n > 0) {
                rows.cells.push(cell.clone());
            } else {
                rows.numbers.truncate(begin);
            }
        }
        rows
    }
}

fn add(mine: &mut [u64], numbers: &[u64], places: &[usize]) {
    for (place, n) in places.iter().zip(numbers) {
        mine[*place] = mine[*place].saturating_add(*n);
    }
}
