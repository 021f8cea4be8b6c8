//! What is asked for most: how many visits opened each page, and the list of pages that is made of it once a month.
//!
//! It is for the kiosk's own screen and is no signal: nothing of it is in what leaves ([`super::batch`]). It has no day and no hour;
//! when a month is closed the numbers go and only the order of the pages is kept ([`super::store`]). Begin with [`Demand`].

use std::collections::BTreeMap;

use super::batch::FEWEST_VISITS;
use super::signals::Label;

/// The most pages on the list.
pub const MOST_RANKED: usize = 12;

/// The most pages that are told apart between two closes; a pack has about a hundred.
const MOST_PAGES: usize = 2_000;

/// What the privacy screen says of it.
pub const VIETNAMESE: &str =
    "Mỗi trang được mấy lượt xem, chỉ để máy xếp lên trước những bài được xem nhiều; số này không gửi đi đâu";

/// The same in English.
pub const ENGLISH: &str = "How many visits opened each page, only to put those first; these numbers are sent nowhere";

/// How many visits opened each page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand {
    visits: BTreeMap<Label, u64>,
}

impl Demand {
    /// One more visit opened this page. Whoever counts says so once a visit.
    pub fn count(&mut self, page: Label) {
        self.add(page, 1);
    }

    pub(super) fn add(&mut self, page: Label, visits: u64) {
        if self.visits.len() < MOST_PAGES || self.visits.contains_key(&page) {
            let counted = self.visits.entry(page).or_default();
            *counted = counted.saturating_add(visits);
        }
    }

    /// Whether nothing has been counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.visits.is_empty()
    }

    /// Every page with its visits.
    pub fn iter(&self) -> impl Iterator<Item = (&Label, u64)> {
        self.visits.iter().map(|(page, visits)| (page, *visits))
    }

    /// The pages that most visits opened, the first before all: none that fewer than [`FEWEST_VISITS`] opened.
    #[must_use]
    pub fn ranked(&self) -> Vec<Label> {
        let mut pages: Vec<_> = self.iter().filter(|(_, visits)| *visits >= FEWEST_VISITS).collect();
        // Where two are alike the id decides, so that the same counts always give the same list.
        pages.sort_by_key(|&(page, visits)| (std::cmp::Reverse(visits), page));
        pages.truncate(MOST_RANKED);
        pages.into_iter().map(|(page, _)| page.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demand(visits: &[(&str, u64)]) -> Demand {
        let mut demand = Demand::default();
        for (page, visits) in visits {
            (0..*visits).for_each(|_| demand.count(Label::new(page)));
        }
        demand
    }

    fn ranked(demand: &Demand) -> Vec<String> {
        let pages = demand.ranked().into_iter();
        pages.map(|page| page.as_str().to_owned()).collect()
    }

    #[test]
    fn what_five_visits_opened_is_ranked_and_what_four_did_is_not() {
        let demand = demand(&[("b", 5), ("a", 5), ("c", 9), ("d", 4)]);
        assert_eq!(ranked(&demand), ["c", "a", "b"]);
    }

    #[test]
    fn the_list_is_short() {
        let names: Vec<String> = (0..30).map(|page| format!("page-{page:02}")).collect();
        let visits: Vec<_> = names.iter().map(|name| (name.as_str(), 6)).collect();
        assert_eq!(ranked(&demand(&visits)).len(), MOST_RANKED);
    }

    #[test]
    fn a_disk_that_never_comes_back_does_not_eat_the_memory() {
        let mut demand = Demand::default();
        for page in 0..MOST_PAGES + 100 {
            demand.count(Label::new(&format!("page-{page}")));
        }
        demand.count(Label::new("page-7"));
        assert_eq!(demand.iter().count(), MOST_PAGES);
        assert_eq!(demand.iter().find(|(page, _)| page.as_str() == "page-7").unwrap().1, 2);
    }
}
