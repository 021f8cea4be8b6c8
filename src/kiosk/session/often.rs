//! What is asked for most: a list of pages that the kiosk made of its own counts, handed in as plain data.
//!
//! It stands in a row of the home screen and puts the pages of lists into order. Who keeps the counts: `usage::demand`.

use super::{Effect, Session};
use crate::content::library::{Library, LibraryError, PageCard};
use crate::content::model::Group;

/// How many pages stand on the home screen at most.
const ON_HOME: usize = 4;

impl Session {
    /// From now on these are the pages that are asked for most, the first before all.
    pub fn set_often(&mut self, pages: Vec<String>) {
        self.often = pages;
    }

    /// The pages for the home screen: those of them that the content has.
    pub(super) fn often(&self) -> Vec<&PageCard> {
        let catalogue = self.library.as_deref().map(Library::catalogue);
        let pages = self.often.iter().filter_map(|id| catalogue?.card(id));
        pages.take(ON_HOME).collect()
    }

    pub(super) fn open_often(&mut self, index: usize, effects: &mut Vec<Effect>) -> Result<(), LibraryError> {
        match self.often().get(index).map(|page| page.id.clone()) {
            Some(id) => self.open_page(&id, effects),
            None => Ok(()),
        }
    }

    /// The groups of a section: which holds what is asked for most comes first, the rest stays in the author's order.
    pub(super) fn groups_in_order<'a>(&self, groups: &'a [Group]) -> Vec<&'a Group> {
        let mut groups: Vec<&Group> = groups.iter().collect();
        let holds = |group: &Group| self.often.iter().position(|id| group.pages.contains(id));
        groups.sort_by_key(|group| holds(group).unwrap_or(usize::MAX));
        groups
    }

    /// Puts what is asked for most before the rest, which stays in the author's order.
    pub(super) fn put_often_first(&self, pages: &mut [&PageCard]) {
        let place = |page: &PageCard| self.often.iter().position(|id| *id == page.id);
        pages.sort_by_key(|page| place(page).unwrap_or(usize::MAX));
    }
}
