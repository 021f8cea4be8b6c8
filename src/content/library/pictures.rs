//! Which picture stands on a page's card and on a section's tile: a value of its own in the table `pack`, because programs that knew
//! none refuse a library with other columns (docs/decisions/015).
//!
//! Begin with [`Pictures::of`].

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::content::model::{Block, Body, Content, Page};

/// Under what it stands in the table `pack`.
pub(super) const KEY: &str = "pictures";

/// File names in `media/`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Pictures {
    /// By the ids of their pages.
    pub(super) pages: BTreeMap<String, String>,
    /// By the ids of their sections.
    pub(super) sections: BTreeMap<String, String>,
}

impl Pictures {
    /// Chooses them. Of a page's pictures the one that fewest pages have is its own; among equals, the first.
    pub(super) fn of(content: &Content) -> Self {
        let mut pages_with: BTreeMap<&str, usize> = BTreeMap::new();
        for page in &content.pages {
            for picture in pictures(page).into_iter().collect::<BTreeSet<_>>() {
                *pages_with.entry(picture).or_default() += 1;
            }
        }
        let pages = content.pages.iter().filter_map(|page| {
            let own = pictures(page).into_iter().min_by_key(|picture| pages_with.get(picture));
            Some((page.id.clone(), own?.to_owned()))
        });
        let sections = content.sections.iter().filter(|section| !section.picture.is_empty());
        Self {
            pages: pages.collect(),
            sections: sections
                .map(|section| (section.id.clone(), section.picture.clone()))
                .collect(),
        }
    }
}

fn pictures(page: &Page) -> Vec<&str> {
    let blocks = match &page.body {
        Body::Article { blocks } => blocks.iter().collect::<Vec<_>>(),
        Body::Guide(guide) => guide.steps.iter().flat_map(|step| &step.blocks).collect(),
    };
    let pictures = blocks.into_iter().filter_map(|block| match block {
        Block::Picture { media, .. } => Some(media.as_str()),
        _ => None,
    });
    pictures.collect()
}
